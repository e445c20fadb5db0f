"""What could be chance: small exact statistics, without a library.

Every test is two-sided and exact; nothing leans on a normal approximation but the Wilson interval,
whose coverage is close to what it says down to a handful of runs.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, comb, floor, sqrt
from statistics import fmean

LEVEL = 0.05
"""Below this a corrected p-value counts as more than chance."""
Z95 = 1.959963984540054
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the interval in which it lies with 95 % confidence."""

    value: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """Its three numbers."""
        return {"value": self.value, "low": self.low, "high": self.high}


def wilson(hits: int, trials: int) -> Interval | None:
    """The 95 % Wilson score interval of a share; None without trials."""
    if trials <= 0:
        return None
    share, square = hits / trials, Z95 * Z95
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = Z95 * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    half /= 1 + square / trials
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == trials else min(1.0, middle + half)
    return Interval(share, low, high)


def mcnemar(only_one: int, only_other: int) -> float:
    """The exact p-value of pairs that differ so many times this way and so many times that way.

    Under chance each differing pair falls to either side like a coin; pairs that agree say nothing.
    For numbers instead of yes and no it is the sign test.
    """
    differing = only_one + only_other
    if differing == 0:
        return 1.0
    tail = sum(comb(differing, k) for k in range(min(only_one, only_other) + 1))
    return min(1.0, 2 * tail / 2**differing)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values corrected for how many there are (Holm), in the order given."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    out = [1.0] * len(p_values)
    highest = 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[at]))
        out[at] = highest
    return out


def fewest_differing(tests: int = 1) -> int:
    """How many pairs must differ, all in one direction, before that is more than chance."""
    number = 1
    while mcnemar(number, 0) * max(1, tests) >= LEVEL:
        number += 1
    return number


def power(pairs: int, gap: float, tests: int = 1) -> float:
    """How surely a gap is found: every differing pair falls to the same side, a share `gap` differs."""
    needed = fewest_differing(tests)
    if pairs < needed:
        return 0.0
    missed = sum(comb(pairs, k) * gap**k * (1 - gap) ** (pairs - k) for k in range(needed))
    return 1.0 - missed


def detectable_gap(pairs: int, tests: int = 1, sureness: float = 0.8) -> float | None:
    """The smallest gap, in whole points, that so many pairs find this surely; None where none is."""
    for points in range(1, 101):
        if power(pairs, points / 100, tests) >= sureness:
            return points / 100
    return None


def quantile(values: Sequence[float], share: float) -> float | None:
    """A quantile, between two values in proportion (type 7, as spreadsheets have it)."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below, above = floor(place), ceil(place)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Sequence[float]) -> float | None:
    """The middle of the values; None without any."""
    return quantile(values, 0.5)


def bootstrap_mean(
    values: Sequence[float],
    weights: Sequence[float] = (),
    *,
    of: int = 0,
    seed: int = 1,
    resamples: int = RESAMPLES,
) -> Interval | None:
    """The mean of values and the interval of it, by drawing them again and again (percentiles).

    Args:
        values: What was seen.
        weights: How often each stands for what is to come; all alike when empty.
        of: How many are to come: their own mean scatters around the true one, and the interval is
            that much wider. 0 is for the mean itself.
        seed: The same seed draws the same.
        resamples: How many times it is drawn.
    """
    if not values:
        return None
    share = list(weights) or [1.0] * len(values)
    whole = sum(share)
    mean = sum(value * weight for value, weight in zip(values, share, strict=True)) / whole
    chance = random.Random(seed)  # noqa: S311 - for statistics
    drawn: list[float] = []
    for _ in range(resamples):
        sample = chance.choices(values, share, k=len(values))
        middle = fmean(sample)
        if of:
            spread = sqrt(fmean([(each - middle) ** 2 for each in sample]))
            middle += chance.gauss(0.0, spread / sqrt(of))
        drawn.append(middle)
    low, high = quantile(drawn, 0.025), quantile(drawn, 0.975)
    return Interval(mean, min(mean, low or 0.0), max(mean, high or 0.0))
