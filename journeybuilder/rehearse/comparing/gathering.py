"""Where it is known from how contacts go: the run store, recordings, rehearsals."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from journeybuilder.contract.journal import Journal
from journeybuilder.document.findings import choices, near
from journeybuilder.errors import AuthorError
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.comparing.cost import FEW, Seen
from journeybuilder.rehearse.comparing.trial import Bench, Candidate, Trial, try_once
from journeybuilder.rehearse.comparing.usage import Contact, used_in, used_in_recording
from journeybuilder.rehearse.recorded.recording import FOLDER, Recording, load_recording
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.run.state import FINAL

MOST = 2_000
"""Runs of the store that are looked at, the last ones."""
_ENOUGH = 3


async def of_runs(journal: Journal, plan: Plan) -> Seen | None:
    """The finished runs of a journey; None where these are too few to go by.

    Args:
        journal: The run store.
        plan: The journey as it is today, to tell how many runs were of another version.
    """
    rows = [
        row
        for row in await journal.rows(limit=MOST)
        if row.journey == plan.journey.id and row.status in FINAL
    ]
    found = [Contact(used_in(await journal.events(row.run)), row.run) for row in rows]
    # what the stand-in answered is no contact with customers, but somebody trying it out
    contacts = [each for each in found if not each.guessed]
    if len(contacts) < FEW:
        return None
    other = sum(row.plan != plan.digest for row in rows)
    notes = [f"{other} of the runs were of another version of the journey"] if other else []
    if len(contacts) < len(found):
        notes.append(f"{len(found) - len(contacts)} runs with the stand-in are left out")
    return Seen(contacts, "runs", notes)


def of_recordings(state_dir: Path, journey: str) -> Seen | None:
    """The recordings of a journey, each one contact; None where these are too few to go by.

    Raises:
        AuthorError: When one of them is broken.
    """
    folder = state_dir / FOLDER
    names = sorted(path.stem for path in folder.glob("*.jsonl")) if folder.is_dir() else []
    found = [load_recording(state_dir, name) for name in names]
    own = [each for each in found if each.journey == journey]
    if len(own) < _ENOUGH:
        return None
    contacts = [Contact(used_in_recording(each), each.name) for each in own]
    return Seen(contacts, "recordings", ["a recording does not tell which node asked"])


def weights_of(scenarios: Sequence[Scenario], mix: Mapping[str, float]) -> dict[str, float]:
    """How often each scenario stands for a contact; those not named share what `mix` leaves.

    Args:
        scenarios: Those that are rehearsed.
        mix: By name, as shares of 1 or in any other proportion; empty takes all alike.

    Raises:
        AuthorError: When a name is none of them, or nothing is left of it all.
    """
    names = [each.name for each in scenarios]
    for name in mix:
        if name not in names:
            hint = near(name, names) or f"Scenarios: {choices(names)}."
            raise AuthorError(f"there is no scenario '{name}' to weigh", hint=hint)
    weights = {name: mix.get(name, 0.0 if mix else 1.0) for name in names}
    if sum(weights.values()) <= 0:
        raise AuthorError("all scenarios weigh nothing", hint="Give --mix NAME=SHARE above 0.")
    return weights


async def of_rehearsal(
    candidate: Candidate,
    scenarios: Sequence[Scenario],
    bench: Bench,
    mix: Mapping[str, float],
    runs: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> Seen:
    """Rehearse every scenario, and take each run for a contact.

    Args:
        candidate: Who plays the journey's aliases.
        scenarios: Those of the journey.
        bench: The models; without any, the stand-in answers and tokens are guessed.
        mix: How often each scenario stands for a contact; see `weights_of`.
        runs: How often each is rehearsed.
        on_progress: Told how many of how many runs are done.

    Raises:
        AuthorError: When a scenario is unknown in `mix`, or no run came to an end.
    """
    weights = weights_of(scenarios, mix)
    chosen = [each for each in scenarios if weights[each.name] > 0]
    works: list[Awaitable[Trial]] = [
        try_once(candidate, scenario, number, bench)
        for number in range(1, runs + 1)
        for scenario in chosen
    ]
    trials: list[Trial] = []
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(work: Awaitable[Trial]) -> None:
        async with gate:
            trials.append(await work)
        if on_progress is not None:
            on_progress(len(trials), len(works))

    await asyncio.gather(*(one(work) for work in works))
    counted = [trial for trial in trials if trial.counts and trial.path]
    if not counted:
        why = [words for trial in trials for words in (trial.why, *trial.failures) if words]
        raise AuthorError(
            f"no rehearsal came to an end: {why[0] if why else 'there is none'}",
            hint="Rehearse it with 'jb compare' or 'jb simulate' to see why.",
        )
    return Seen(_weighed(counted, weights), "rehearsal", _said(trials, counted, mix))


_AT_ONCE = 16


def _weighed(trials: Sequence[Trial], weights: Mapping[str, float]) -> list[Contact]:
    """Contacts in one order whatever order they ended in, so that a seed draws the same."""
    times = {name: sum(trial.scenario == name for trial in trials) for name in weights}
    ordered = sorted(trials, key=lambda trial: (list(weights).index(trial.scenario), trial.number))
    return [
        Contact(trial.used, trial.scenario, weights[trial.scenario] / times[trial.scenario])
        for trial in ordered
    ]


def _said(trials: Sequence[Trial], counted: Sequence[Trial], mix: Mapping[str, float]) -> list[str]:
    out: list[str] = []
    if not mix:
        out.append("every scenario counts the same; say with --mix how often each one really comes")
    if len(counted) < len(trials):
        left = next(trial for trial in trials if trial not in counted)
        why = left.why or next(iter(left.failures), "")
        out.append(f"{len(trials) - len(counted)} rehearsals are left out: {why}")
    return out


def recordings_of(state_dir: Path, scenarios: Sequence[Scenario]) -> dict[str, Recording]:
    """The recordings that scenarios replay, by name.

    Raises:
        AuthorError: When one is not there or broken.
    """
    names = sorted({each.recording for each in scenarios if each.recording})
    return {name: load_recording(state_dir, name) for name in names}
