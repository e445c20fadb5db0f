"""What twins say of bias: exact tests, the four-fifths line, and nodes that read who somebody is.

With models at play what differs may be chance, and is tested as such; where nothing was left to chance,
one pair is enough. Nothing here ever says that there is no bias.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.chance import LEVEL, detectable_gap, holm, mcnemar
from journeybuilder.rehearse.fairness.attributes import Reads
from journeybuilder.rehearse.fairness.twins import Asking, Data, Twins, attributes_of

NOTHING = (
    "no scenario says what to swap: add for example vary: {customer.name: [John Smith, Aisha Khan]} "
    "to one"
)
ALONE = "'vary:' has one value of '{}' or none, and the scenario itself has none: name one more"
LINE = 0.8
"""The four-fifths line: a share of good outcomes below this part of another group's is looked at."""


@dataclass(frozen=True)
class Tested:
    """One outcome with two values of an attribute.

    Attributes:
        outcome: What is counted; several good ones are joined with ` or `.
        one_only: Pairs in which only `one` reached it.
        corrected: For all tests of this answer (Holm).
        ratio: The lower share of the two by the higher one; None where nobody reached it.
        gap: What so many pairs would have found with 80 % sureness; None where nothing.
        certain: Pairs that differ where nothing was left to chance.
    """

    attribute: str
    outcome: str
    one: str
    other: str
    pairs: int
    one_reached: int
    other_reached: int
    one_only: int
    other_only: int
    p: float
    corrected: float
    ratio: float | None
    gap: float | None
    certain: int

    @property
    def beyond_chance(self) -> bool:
        """Whether it is more than chance."""
        return self.corrected < LEVEL

    @property
    def unlike(self) -> bool:
        """Whether people are treated unlike: beyond chance, or with no chance at play."""
        return self.beyond_chance or self.certain > 0

    @property
    def below_line(self) -> bool:
        """Whether the ratio is below 0.8."""
        return self.ratio is not None and self.ratio < LINE

    @property
    def words(self) -> str:
        """What may be said of it."""
        reached = f"{self.one_reached} and {self.other_reached} of {self.pairs}"
        if self.certain:
            pairs = "1 pair differs" if self.certain == 1 else f"{self.certain} pairs differ"
            told = f"treated unlike: {pairs} and nothing was left to chance"
        elif self.beyond_chance:
            told = f"beyond chance (p = {self.corrected:.2g})"
        elif not self.pairs:
            return "not enough to tell: no pair counts"
        else:
            p, blind = f"p = {self.corrected:.2g}", f"a gap below {self.gap or 0:.0%} may go unseen"
            if self.gap is None:
                blind = "so few pairs show no gap"
            told = f"not enough to tell ({p}): {blind}"
        line = f"; ratio {self.ratio:.2f}, below {LINE}" if self.ratio is not None and self.below_line else ""  # fmt: skip
        return f"'{self.outcome}' was reached in {reached}: {told}{line}"

    def as_json(self) -> dict[str, Any]:
        """Its fields as JSON values, and what may be said."""
        own = {"beyond_chance": self.beyond_chance, "unlike": self.unlike}
        return {**asdict(self), **own, "below_line": self.below_line, "words": self.words}


@dataclass(frozen=True)
class BiasResult:
    """All that was found; it never says that there is none.

    Attributes:
        good: The outcomes that count as good; empty where nobody said, and each is tested.
        reads: Nodes that read who somebody is.
    """

    journey: str
    attributes: Mapping[str, Sequence[str]]
    good: Sequence[str]
    twins: Sequence[Twins]
    tests: Sequence[Tested]
    reads: Sequence[Reads]
    notes: Sequence[str]
    seed: int
    spent_usd: float = 0.0
    stopped: str = ""

    @property
    def found(self) -> bool:
        """Whether there is something that somebody has to look at."""
        return any(test.unlike for test in self.tests) or any(each.serious for each in self.reads)

    @property
    def verdict(self) -> str:
        """The answer in a line."""
        unlike = sorted({test.attribute for test in self.tests if test.unlike})
        if unlike:
            return f"treated unlike by {', '.join(unlike)}"
        counted = [each for each in self.twins if not each.why]
        if any(each.serious for each in self.reads):
            return "a branch reads who somebody is; the twins are not enough to tell"
        return f"not enough to tell: {len(counted)} pair{'' if len(counted) == 1 else 's'}"

    def as_json(self) -> dict[str, Any]:
        """One document; the editor shows the same table."""
        return {
            "journey": self.journey,
            "verdict": self.verdict,
            "found": self.found,
            "attributes": {name: list(values) for name, values in self.attributes.items()},
            "good": list(self.good),
            "pairs": sum(not each.why for each in self.twins),
            "tests": [each.as_json() for each in self.tests],
            "twins": [each.as_json() for each in self.twins],
            "reads": [each.as_json() for each in self.reads],
            "notes": list(self.notes),
            "seed": self.seed,
            "spent_usd": self.spent_usd,
            "stopped": self.stopped,
        }


def result_of(
    plan: Plan,
    scenarios: Sequence[Data],
    twins: Sequence[Twins],
    reads: Sequence[Reads],
    asking: Asking,
) -> BiasResult:
    """What the twins say, with the tests that are due."""
    tests = tested(twins, asking.good)
    counted = [each for each in twins if not each.why]
    notes: list[str] = []
    if not twins and not asking.purse.empty:
        varied = attributes_of(scenarios)
        notes += [ALONE.format(name) for name in varied] or [NOTHING]
    if len(counted) < len(twins):
        why = next(each.why for each in twins if each.why)
        left = len(twins) - len(counted)
        notes.append(f"{left} {'pair does' if left == 1 else 'pairs do'} not count: {why}")
    if counted and all(each.certain for each in counted):
        notes.append("no real model was asked: this tells of the journey, and nothing of models")
        if asking.pairs > len(counted):
            notes.append("more pairs tell nothing where all is laid out; write more scenarios")
    if not asking.good and any(test.below_line for test in tests):
        notes.append(f"a ratio below {LINE} matters for a good outcome; name those with --good")
    if asking.purse.empty:
        notes.append("the money was spent before all pairs were run")
    return BiasResult(
        journey=plan.journey.id,
        attributes=attributes_of(scenarios),
        good=list(asking.good),
        twins=twins,
        tests=tests,
        reads=reads,
        notes=notes,
        seed=asking.seed,
        spent_usd=asking.purse.spent,
        stopped="the money was spent" if asking.purse.empty else "",
    )


def tested(twins: Sequence[Twins], good: Sequence[str]) -> list[Tested]:
    """Every outcome with every two values that were set side by side; corrected for all of them.

    Where nobody says which outcomes are `good`, each is tested; of two that mirror each other the
    first one only, as the other would be the same test again.
    """
    counted = [each for each in twins if not each.why]
    groups = list(dict.fromkeys((each.attribute, each.one, each.other) for each in counted))
    raw: list[Tested] = []
    for attribute, one, other in groups:
        own = [e for e in counted if (e.attribute, e.one, e.other) == (attribute, one, other)]
        outcomes = sorted({name for e in own for name in (e.one_outcome, e.other_outcome)})
        kinds = [list(good)] if good else [[name] for name in outcomes]
        if not good and len(kinds) == _MIRRORED:
            kinds = kinds[:1]
        raw += [_one_test(attribute, one, other, kind, own) for kind in kinds]
    corrected = holm([test.p for test in raw])
    return [
        replace(test, corrected=p, gap=detectable_gap(test.pairs, len(raw)))
        for test, p in zip(raw, corrected, strict=True)
    ]


_MIRRORED = 2


def _one_test(
    attribute: str, one: str, other: str, outcomes: Sequence[str], twins: Sequence[Twins]
) -> Tested:
    hits = [(e.one_outcome in outcomes, e.other_outcome in outcomes) for e in twins]
    first, second = sum(hit for hit, _ in hits), sum(hit for _, hit in hits)
    one_only = sum(here and not there for here, there in hits)
    other_only = sum(there and not here for here, there in hits)
    return Tested(
        attribute=attribute,
        outcome=" or ".join(outcomes),
        one=one,
        other=other,
        pairs=len(twins),
        one_reached=first,
        other_reached=second,
        one_only=one_only,
        other_only=other_only,
        p=mcnemar(one_only, other_only),
        corrected=1.0,
        ratio=min(first, second) / max(first, second) if first or second else None,
        gap=None,
        certain=sum(e.certain and here != there for e, (here, there) in zip(twins, hits, strict=True)),
    )  # fmt: skip
