"""From the trials of a comparison to its numbers: rates, differences, ways that part."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from statistics import fmean
from typing import Any

from journeybuilder.rehearse.chance import detectable_gap, holm, mcnemar, median, quantile, wilson
from journeybuilder.rehearse.comparing.comparison import (
    Cell,
    Difference,
    FailureCount,
    Summary,
    WayDifference,
)
from journeybuilder.rehearse.comparing.trial import Candidate, Trial

# -- one candidate ---------------------------------------------------------------------------------


def summary_of(candidate: Candidate, trials: Sequence[Trial]) -> Summary:
    """One candidate in numbers; `trials` are its own."""
    counted = [trial for trial in trials if trial.counts]
    passed = sum(trial.passed for trial in counted)
    latencies = [ms for trial in counted for ms in trial.latencies]
    return Summary(
        name=candidate.name,
        model=candidate.model,
        version=candidate.version,
        scripted=candidate.scripted,
        runs=len(trials),
        counted=len(counted),
        passed=passed,
        failed=len(counted) - passed,
        provider=sum(trial.verdict == "provider" for trial in trials),
        unfinished=sum(trial.verdict == "unfinished" for trial in trials),
        rate=wilson(passed, len(counted)),
        cost_usd=_mean_known([trial.cost_usd for trial in counted]),
        total_usd=_sum_known([trial.cost_usd for trial in trials]),
        latency_ms=median(latencies),
        latency_p95_ms=quantile(latencies, 0.95),
        calls=sum(len(trial.calls) for trial in trials),
        tokens_in=_mean([trial.tokens_in for trial in counted]),
        tokens_out=_mean([trial.tokens_out for trial in counted]),
        words=_mean([sum(len(text.split()) for text in trial.said) for trial in counted]),
        failures=failures_of(counted),
        troubles=Counter(trial.why for trial in trials if not trial.counts),
    )


def failures_of(trials: Sequence[Trial]) -> list[FailureCount]:
    """Which expectations did not hold, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for trial in trials:
        for words in trial.failures:
            key = (trial.scenario, words.partition(":")[0])
            counts[key] += 1
            examples.setdefault(key, words)
    return [FailureCount(*key, count, examples[key]) for key, count in counts.most_common()]


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


def _mean_known(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known and len(known) == len(values) else None


def _sum_known(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


# -- two candidates --------------------------------------------------------------------------------

Measure = Callable[[Trial], float | None]


def _passed(trial: Trial) -> float | None:
    return float(trial.passed)


def _latency(trial: Trial) -> float | None:
    return sum(trial.latencies) if trial.latencies else None


def _tokens(trial: Trial) -> float | None:
    return float(trial.tokens_in + trial.tokens_out)


def _cost(trial: Trial) -> float | None:
    return trial.cost_usd


MEASURES: Mapping[str, Measure] = {
    "passed": _passed,
    "cost": _cost,
    "latency": _latency,
    "tokens": _tokens,
}


def differences_of(candidates: Sequence[Candidate], trials: Sequence[Trial]) -> list[Difference]:
    """Every two candidates beside each other in every respect; those of one respect are corrected."""
    couples = list(combinations(candidates, 2))
    out: list[Difference] = []
    for what, measure in MEASURES.items():
        raw = [_raw(what, one, other, trials, measure) for one, other in couples]
        corrected = holm([each.p for each in raw])
        for each, p in zip(raw, corrected, strict=True):
            gap = detectable_gap(each.pairs, len(couples)) if what == "passed" else None
            out.append(replace(each, corrected=p, gap=gap))
    return out


def _raw(
    what: str, one: Candidate, other: Candidate, trials: Sequence[Trial], measure: Measure
) -> Difference:
    pairs = [
        (first, second)
        for mine, theirs in paired(one.name, other.name, trials)
        if (first := measure(mine)) is not None and (second := measure(theirs)) is not None
    ]
    more = sum(first > second for first, second in pairs)
    less = sum(first < second for first, second in pairs)
    middle = _mean if what == "passed" else median
    return Difference(
        what, one.name, other.name, len(pairs), more, less, mcnemar(more, less), 1.0, None,
        middle([first for first, _ in pairs]), middle([second for _, second in pairs]),
    )  # fmt: skip


def paired(one: str, other: str, trials: Sequence[Trial]) -> list[tuple[Trial, Trial]]:
    """Runs of the same scenario and number in which both count."""
    known = {
        (trial.candidate, trial.scenario, trial.number): trial for trial in trials if trial.counts
    }
    return [
        (trial, known[other, scenario, number])
        for (name, scenario, number), trial in known.items()
        if name == one and (other, scenario, number) in known
    ]


def ways_of(
    candidates: Sequence[Candidate], scenarios: Sequence[str], trials: Sequence[Trial]
) -> list[WayDifference]:
    """How the ways and words of all others differ from the first one's, scenario by scenario."""
    out: list[WayDifference] = []
    for other in candidates[1:]:
        pairs = paired(candidates[0].name, other.name, trials)
        for scenario in scenarios:
            own = [pair for pair in pairs if pair[0].scenario == scenario]
            if own:
                out.append(_way(scenario, candidates[0].name, other.name, own))
    return out


def _way(
    scenario: str, base: str, name: str, pairs: Sequence[tuple[Trial, Trial]]
) -> WayDifference:
    def same(of: Callable[[Trial], Any]) -> int:
        return sum(of(one) == of(two) for one, two in pairs)

    parting = next(((one, two) for one, two in pairs if one.path != two.path), None)
    after = _parting(parting[0].path, parting[1].path) if parting else ("", "", "")
    talking = next(((one, two) for one, two in pairs if one.said != two.said), None)
    said = _parting(talking[0].said, talking[1].said) if talking else ("", "", "")
    return WayDifference(
        scenario, base, name, len(pairs),
        same(lambda trial: list(trial.path)), same(lambda trial: trial.outcome),
        same(lambda trial: list(trial.said)), *after, said[1], said[2],
    )  # fmt: skip


def _parting(one: Sequence[str], two: Sequence[str]) -> tuple[str, str, str]:
    """The last common item, and what follows here and there; an end is an empty text."""
    at = 0
    while at < min(len(one), len(two)) and one[at] == two[at]:
        at += 1
    before = one[at - 1] if at else ""
    return before, one[at] if at < len(one) else "", two[at] if at < len(two) else ""


def cells_of(
    candidates: Sequence[Candidate], scenarios: Sequence[str], trials: Sequence[Trial]
) -> list[Cell]:
    """Every scenario with every candidate."""
    out: list[Cell] = []
    for scenario in scenarios:
        for candidate in candidates:
            own = [t for t in trials if (t.scenario, t.candidate) == (scenario, candidate.name)]
            counted = [trial for trial in own if trial.counts]
            provider = sum(trial.verdict == "provider" for trial in own)
            passed = sum(trial.passed for trial in counted)
            out.append(Cell(scenario, candidate.name, len(counted), passed, provider))
    return out
