"""The statistics, against values worked out by others."""

import math
import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.rehearse.chance import (
    bootstrap_mean,
    detectable_gap,
    fewest_differing,
    holm,
    mcnemar,
    median,
    power,
    quantile,
    wilson,
)


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        # R: binom::binom.confint(x, n, methods = "wilson")
        (8, 10, 0.4901625, 0.9433178),
        (0, 10, 0.0, 0.2775328),
        (10, 10, 0.7224672, 1.0),
        (15, 148, 0.0624, 0.1605),  # Newcombe 1998, table I, method 3
        (81, 263, 0.2553, 0.3662),  # the same table
        (1, 1, 0.2065493, 1.0),
    ],
)
def test_a_wilson_interval_is_the_published_one(
    hits: int, trials: int, low: float, high: float
) -> None:
    interval = wilson(hits, trials)
    assert interval is not None
    assert interval.value == hits / trials
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


def test_without_trials_there_is_no_interval() -> None:
    assert wilson(0, 0) is None
    assert bootstrap_mean([]) is None
    assert median([]) is None


@pytest.mark.parametrize(
    ("one", "other", "p"),
    [
        (0, 0, 1.0),
        (5, 0, 0.0625),
        (6, 0, 0.03125),
        (10, 2, 0.03857421875),  # R: binom.test(2, 12)$p.value
        (21, 9, 0.04277),  # R: binom.test(9, 30)$p.value
        (7, 7, 1.0),
    ],
)
def test_mcnemar_is_the_exact_binomial_test(one: int, other: int, p: float) -> None:
    assert mcnemar(one, other) == pytest.approx(p, abs=1e-5)
    assert mcnemar(other, one) == mcnemar(one, other)


@given(st.integers(0, 9), st.integers(0, 9))
def test_mcnemar_counts_the_coin_tosses_that_are_as_uneven(one: int, other: int) -> None:
    tosses = one + other
    uneven = [
        abs(2 * sum(coins) - tosses) >= abs(one - other)
        for coins in product((0, 1), repeat=min(tosses, 12))
    ]
    if tosses <= 12:
        assert mcnemar(one, other) == pytest.approx(sum(uneven) / len(uneven))


def test_holm_is_that_of_r() -> None:
    # the example of R's documentation: p.adjust with method "holm"
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_a_corrected_p_value_is_never_smaller_and_keeps_the_order(values: list[float]) -> None:
    corrected = holm(values)
    assert all(new >= old for new, old in zip(corrected, values, strict=True))
    pairs = sorted(zip(values, corrected, strict=True))
    assert [new for _, new in pairs] == sorted(corrected)


def test_a_hundred_pairs_find_a_gap_of_ten_points_94_times_of_100() -> None:
    assert fewest_differing() == 6
    assert power(100, 0.1) == pytest.approx(0.9424, abs=5e-4)
    assert power(5, 1.0) == 0.0
    assert detectable_gap(5) is None
    gap = detectable_gap(100)
    assert gap is not None
    assert power(100, gap) >= 0.8 > power(100, gap - 0.01)


def test_quantiles_are_those_of_a_spreadsheet() -> None:
    values = [15.0, 20.0, 35.0, 40.0, 50.0]
    assert quantile(values, 0.4) == pytest.approx(29.0)  # PERCENTILE.INC
    assert median([3.0, 1.0, 2.0]) == 2.0
    assert quantile([7.0], 0.95) == 7.0


def test_a_bootstrap_interval_is_about_as_wide_as_the_textbooks_one() -> None:
    chance = random.Random(5)
    values = [chance.gauss(10, 2) for _ in range(400)]
    interval = bootstrap_mean(values)
    assert interval is not None
    mean = sum(values) / len(values)
    half = 1.96 * math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) / 20
    assert interval.value == pytest.approx(mean)
    assert interval.low == pytest.approx(mean - half, abs=0.05)
    assert interval.high == pytest.approx(mean + half, abs=0.05)
    wider = bootstrap_mean(values, of=100)
    assert wider is not None
    assert wider.high - wider.low > 1.8 * (interval.high - interval.low)
    assert bootstrap_mean(values) == interval  # the same seed draws the same


def test_a_bootstrap_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    chance, held = random.Random(11), 0
    for seed in range(200):
        sample = [chance.expovariate(1.0) for _ in range(60)]
        interval = bootstrap_mean(sample, seed=seed, resamples=200)
        assert interval is not None
        held += interval.low <= 1.0 <= interval.high
    assert 178 <= held <= 199  # 95 % of 200 is 190; skewed values lose a little


def test_weights_say_how_often_a_value_stands_for_others() -> None:
    interval = bootstrap_mean([1.0, 3.0], [3.0, 1.0])
    assert interval is not None
    assert interval.value == pytest.approx(1.5)
