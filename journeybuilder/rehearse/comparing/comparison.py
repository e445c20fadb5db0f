"""What came of a comparison, in numbers and words: who does better, and what may be chance."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from journeybuilder.rehearse.chance import LEVEL, Interval
from journeybuilder.rehearse.comparing.judge import Judged
from journeybuilder.rehearse.comparing.trial import Trial

NOT_ENOUGH = "not enough to tell"
BEYOND = "beyond chance"


@dataclass(frozen=True)
class FailureCount:
    """How often one expectation of one scenario did not hold; `example` says how it failed once."""

    scenario: str
    expectation: str
    count: int
    example: str


@dataclass(frozen=True)
class Summary:
    """One candidate in numbers.

    Attributes:
        runs: How many were made; `counted` are those that say something of it.
        provider: Runs that failed for a provider's reasons; they are in no rate.
        rate: Passed of counted with its 95 % Wilson interval; None where none counts.
        cost_usd: Mean of a run; None where a price is unknown or nothing counts.
        total_usd: Of all its runs; None where a price is unknown.
        latency_ms: Median of a model call in real time; `latency_p95_ms` what 95 % stay below. None where
            there were none but the first ones, which are no measure.
        words: Mean of the words that the service says in a run.
        troubles: Why runs do not count, with how many.
    """

    name: str
    model: str
    version: str
    scripted: bool
    runs: int
    counted: int
    passed: int
    failed: int
    provider: int
    unfinished: int
    rate: Interval | None
    cost_usd: float | None
    total_usd: float | None
    latency_ms: float | None
    latency_p95_ms: float | None
    calls: int
    tokens_in: float | None
    tokens_out: float | None
    words: float | None
    failures: Sequence[FailureCount]
    troubles: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """Its fields as JSON values."""
        rate = self.rate.as_json() if self.rate is not None else None
        return {**asdict(self), "rate": rate, "troubles": dict(self.troubles)}


@dataclass(frozen=True)
class Difference:
    """Two candidates beside each other in one respect, over runs of the same scenario and number.

    Attributes:
        what: `passed`, `cost`, `latency` or `tokens`.
        pairs: How many runs of both count.
        one_more: Pairs in which `one` passed alone, or has the higher number.
        p: Exact, two-sided; `corrected` for all pairs of candidates (Holm).
        gap: For `passed`: what would have been found with 80 % sureness; None where nothing would.
    """

    what: str
    one: str
    other: str
    pairs: int
    one_more: int
    other_more: int
    p: float
    corrected: float
    gap: float | None
    one_value: float | None
    other_value: float | None

    @property
    def beyond_chance(self) -> bool:
        """Whether it is more than chance."""
        return self.corrected < LEVEL

    @property
    def words(self) -> str:
        """What may be said of it."""
        if not self.beyond_chance:
            return f"{NOT_ENOUGH}: {self._why()}"
        more, less = (self.one, self.other)
        if self.one_more < self.other_more:
            more, less = less, more
        times = f"{max(self.one_more, self.other_more)} of {self.pairs} pairs"
        said = {
            "passed": f"'{more}' passes where '{less}' fails",
            "cost": f"'{more}' costs more than '{less}'",
            "latency": f"'{more}' takes longer than '{less}'",
            "tokens": f"'{more}' uses more tokens than '{less}'",
        }
        return f"{BEYOND}: {said[self.what]} in {times} (p = {self.corrected:.2g})"

    def _why(self) -> str:
        if not self.pairs:
            return "no two runs to set side by side"
        differing = self.one_more + self.other_more
        text = f"{differing} of {self.pairs} pairs differ (p = {self.corrected:.2g})"
        if self.what != "passed":
            return text
        if self.gap is None:
            return f"{text}; so few pairs would not show any gap"
        return f"{text}; a gap below {self.gap:.0%} may go unseen"

    def as_json(self) -> dict[str, Any]:
        """Its fields as JSON values, and what may be said."""
        return {**asdict(self), "beyond_chance": self.beyond_chance, "words": self.words}


@dataclass(frozen=True)
class WayDifference:
    """How a candidate's ways and words differ from the first one's in one scenario.

    Attributes:
        same_path: Pairs of runs that went the same way; `same_outcome` and `same_words` likewise.
        after: The last node that both visited, in the first pair that parts; then `base_next`, `next`.
        base_said: Where the words part: what the first one said, and what this one.
    """

    scenario: str
    base: str
    candidate: str
    pairs: int
    same_path: int
    same_outcome: int
    same_words: int
    after: str = ""
    base_next: str = ""
    next: str = ""
    base_said: str = ""
    said: str = ""

    def as_json(self) -> dict[str, Any]:
        """Its fields as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Cell:
    """One scenario with one candidate."""

    scenario: str
    candidate: str
    counted: int
    passed: int
    provider: int


@dataclass(frozen=True)
class Comparison:
    """All of a comparison, for tables, a report and programs.

    Attributes:
        stopped: Why it ended early, or empty.
        notes: What a reader must know.
        spent_usd: Of all calls with a known price: the journey's, the customers' and the judge's.
        customer_usd: The simulated customers' part; None where a price is unknown.
    """

    journey: str
    scenarios: Sequence[str]
    runs: int
    planned: int
    summaries: Sequence[Summary]
    cells: Sequence[Cell]
    differences: Sequence[Difference]
    ways: Sequence[WayDifference]
    judged: Judged | None = None
    stopped: str = ""
    notes: Sequence[str] = ()
    spent_usd: float = 0.0
    customer_usd: float | None = 0.0
    trials: Sequence[Trial] = field(default_factory=list[Trial], repr=False)

    @property
    def all_passed(self) -> bool:
        """Whether every run was made, counts and passed."""
        whole = len(self.trials) == self.planned and not self.stopped
        return whole and all(trial.passed for trial in self.trials)

    def as_json(self) -> dict[str, Any]:
        """One document; the editor shows the same table."""
        return {
            "journey": self.journey,
            "scenarios": list(self.scenarios),
            "runs": self.runs,
            "planned": self.planned,
            "done": len(self.trials),
            "stopped": self.stopped,
            "notes": list(self.notes),
            "spent_usd": self.spent_usd,
            "customer_usd": self.customer_usd,
            "candidates": [each.as_json() for each in self.summaries],
            "cells": [asdict(each) for each in self.cells],
            "differences": [each.as_json() for each in self.differences],
            "ways": [each.as_json() for each in self.ways],
            "judge": self.judged.as_json() if self.judged is not None else None,
            "trials": [each.as_json() for each in self.trials],
        }
