"""Who is compared: models of the workspace in the roles of a journey's aliases, in its versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journeybuilder.connect.price_list import listed
from journeybuilder.connect.prices import Price, own_price
from journeybuilder.connect.workspace_findings import known_of
from journeybuilder.contract.json import as_object
from journeybuilder.document.findings import choices, near
from journeybuilder.document.workspace import Workspace
from journeybuilder.errors import AuthorError
from journeybuilder.plan.bundle import DEFAULT_ENVIRONMENT, build
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.comparing.earlier import other_version
from journeybuilder.rehearse.comparing.trial import Candidate, is_scripted
from journeybuilder.rehearse.recorded.recording import Recording, load_recording
from journeybuilder.rehearse.scenario import Scenario, scenario_of
from journeybuilder.rehearse.world.persona import persona_of

Entry = Mapping[str, Any]
AS_BOUND = " (as bound)"


@dataclass(frozen=True)
class Lineup:
    """Who is compared, and what stands behind every alias that is asked.

    Attributes:
        entries: By the names that `Candidate.plays` gives; a compared model has no fallbacks, as
            another one would answer for it.
    """

    candidates: Sequence[Candidate]
    entries: Mapping[str, Entry]

    @property
    def asks_models(self) -> bool:
        """Whether anybody but the stand-in is asked."""
        return any(not each.scripted for each in self.candidates)


def lineup(
    plans: Mapping[str, Plan],
    known: Mapping[str, Entry],
    models: Sequence[str],
    only: Sequence[str] = (),
    others: Mapping[str, Entry] | None = None,
) -> Lineup:
    """Put the candidates together.

    Args:
        plans: The journey by its version; the empty name is the one in the workspace.
        known: The aliases of `models.yaml`.
        models: Those that are compared; without any, the models as they are bound.
        only: The aliases of the journey that they play; all of them when empty.
        others: Entries that are asked besides, by alias: a judge, a customer.

    Raises:
        AuthorError: When an alias is not known, or the journey does not use it.
    """
    first = next(iter(plans.values()))
    used = first.bundle.models
    for alias in only:
        if alias not in used:
            hint = near(alias, used) or f"It uses: {choices(used) or 'none'}."
            raise AuthorError(f"the journey uses no model '{alias}'", where=first.journey.id,
                              hint=hint)  # fmt: skip
    compared = list(dict.fromkeys(models))
    entries: dict[str, Entry] = dict(others or {})
    entries |= {alias: _alone(_known(alias, known)) for alias in compared}
    candidates: list[Candidate] = []
    for version, plan in plans.items():
        for alias in compared or [""]:
            plays = _roles(plan, alias, only, entries)
            candidates.append(_candidate(plan, version, alias, plays, entries))
    return Lineup(candidates, entries)


def _alone(entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if key != "fallbacks"}


def _roles(
    plan: Plan, model: str, only: Sequence[str], entries: dict[str, Entry]
) -> dict[str, str]:
    """Who plays each alias of a journey; those that stay as they are join the entries."""
    out: dict[str, str] = {}
    for alias, entry in plan.bundle.models.items():
        if model and (not only or alias in only):
            out[alias] = model
            continue
        name = alias if entries.get(alias, entry) == entry else f"{alias}{AS_BOUND}"
        entries[name] = entry
        out[alias] = name
    return out


def _candidate(
    plan: Plan, version: str, model: str, plays: Mapping[str, str], entries: Mapping[str, Entry]
) -> Candidate:
    behind = {str(entries[who].get("model", "")) for who in plays.values()}
    parts = [part for part in (model, version) if part]
    return Candidate(
        name=" · ".join(parts) or "now",
        plan=plan,
        plays=plays,
        model=next(iter(behind)) if len(behind) == 1 else "",
        version=version,
        scripted=all(is_scripted(entries[who]) for who in plays.values()),
    )


def price_of(entry: Entry) -> Price | None:
    """What a model costs: its own price, else its list price; None where nobody knows.

    The stand-in costs nothing.
    """
    if is_scripted(entry):
        return Price(0.0, 0.0)
    try:
        own = own_price(entry)
    except ValueError:
        return None
    return own or listed(str(entry.get("model", ""))).price


def unpriced(entries: Mapping[str, Entry]) -> list[str]:
    """The aliases whose price nobody knows."""
    return [alias for alias, entry in entries.items() if price_of(entry) is None]


# -- out of a workspace ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Prepared:
    """All that a comparison of a workspace's journey needs but the models themselves."""

    lineup: Lineup
    scenarios: Sequence[Scenario]
    recordings: Mapping[str, Recording]


def prepared(
    workspace: Workspace,
    journey: str,
    *,
    models: Sequence[str] = (),
    only: Sequence[str] = (),
    against: str = "",
    env: str = "",
    judge: str = "",
    scenarios: Sequence[str] = (),
) -> Prepared:
    """Put together what is compared.

    Args:
        workspace: As its files say.
        journey: The journey's id.
        models: Aliases of `models.yaml`; without any, the models as they are bound.
        only: The aliases of the journey that they play; all of them when empty.
        against: Another version of the journey: a file, or a commit of git.
        env: The environment whose bindings count.
        judge: The alias that judges, or empty.
        scenarios: Names of scenarios; all of the journey's when empty.

    Raises:
        AuthorError: When a file has errors or a name is not known.
        OperatorError: When git cannot be asked.
    """
    plans = {"": make_plan(build(workspace, journey, known_of(workspace), env))}
    if against:
        other = other_version(workspace, journey, against)
        name = Path(against).name
        plans = {"now": plans[""], name: make_plan(build(other, journey, known_of(other), env))}
    chosen = scenarios_of(workspace, journey, scenarios)
    others = players_of(chosen, workspace, env)
    if judge:
        others[judge] = _known(judge, workspace.models)
    names = {each.recording for each in chosen if each.recording}
    return Prepared(
        lineup(plans, workspace.models, models, only, others),
        chosen,
        {name: load_recording(workspace.state_dir, name) for name in sorted(names)},
    )


def players_of(
    scenarios: Sequence[Scenario], workspace: Workspace, env: str = ""
) -> dict[str, Entry]:
    """The aliases that play simulated customers, with what stands behind them in an environment.

    Raises:
        AuthorError: When one is not in `models.yaml`.
    """
    environment = as_object(workspace.environments.get(env or DEFAULT_ENVIRONMENT))
    bound = as_object(environment.get("models"))
    aliases = [persona_of(each.persona).model for each in scenarios if each.persona]
    return {
        alias: _known(str(bound.get(alias, alias)), workspace.models) for alias in aliases if alias
    }


def _known(alias: str, known: Mapping[str, Entry]) -> Entry:
    if alias not in known:
        hint = near(alias, known) or f"It has: {choices(known) or 'none'}."
        raise AuthorError(f"there is no model '{alias}'", where="models.yaml", hint=hint)
    return known[alias]


def scenarios_of(
    workspace: Workspace, journey: str, names: Sequence[str] = ()
) -> Sequence[Scenario]:
    """The scenarios of a journey, or those of them that are named.

    Raises:
        AuthorError: When there is none, one that is named is not there, or its file has errors.
    """
    own = {
        name: source
        for name, source in workspace.scenarios.items()
        if source.data.get("journey") == journey
    }
    for name in names:
        if name not in own:
            hint = near(name, own) or f"It has: {choices(own) or 'none'}."
            raise AuthorError(f"'{journey}' has no scenario '{name}'", hint=hint)
    for name in names or own:
        wrong = [item for item in own[name].findings if item.severity == "error"]
        if wrong:
            raise AuthorError(wrong[0].message, where=wrong[0].place, hint=wrong[0].hint)
    if not own:
        raise AuthorError(
            f"there is no scenario of '{journey}'",
            where=workspace.name,
            hint="Write one into scenarios/, or rehearse in the editor and make one of the run.",
        )
    return [scenario_of(own[name].data) for name in names or own]
