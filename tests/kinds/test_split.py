from collections import Counter
from typing import Any

import pytest

from tests.kinds.steps import FakeStep, complaints, visit

KEYS = 10_000


def settings(**percent: float) -> dict[str, Any]:
    return {
        "by": "input.id",
        "ways": {name: {"percent": share, "next": name} for name, share in percent.items()},
    }


def way(given: dict[str, Any], key: Any, **step: Any) -> str:
    return visit("split", given, FakeStep({"input": {"id": key}}, **step)).port


def test_ten_thousand_keys_are_divided_near_the_percentages() -> None:
    given = settings(old=85, new=10, newest=5)
    counted = Counter(way(given, f"C-{number}") for number in range(KEYS))
    for name, percent in (("old", 85), ("new", 10), ("newest", 5)):
        expected = KEYS * percent / 100
        spread = (KEYS * percent / 100 * (1 - percent / 100)) ** 0.5
        assert abs(counted[f"ways.{name}"] - expected) < 5 * spread


def test_a_key_always_takes_the_same_way_in_whatever_order_the_ways_stand() -> None:
    one, other = settings(old=50, new=50), settings(new=50, old=50)
    for number in range(200):
        assert way(one, number, run_key="r-1") == way(other, number, run_key="r-2")


def test_raising_a_share_moves_nobody_who_had_it() -> None:
    before, after = settings(new=10, old=90), settings(new=20, old=80)
    for number in range(500):
        if way(before, number) == "ways.new":
            assert way(after, number) == "ways.new"


def test_two_splits_and_two_journeys_do_not_divide_alike() -> None:
    given = settings(a=50, b=50)
    here = [way(given, number) for number in range(100)]
    assert here != [way(given, number, journey="other") for number in range(100)]


def test_a_way_of_nothing_is_never_taken_and_one_of_a_hundred_always() -> None:
    assert {way(settings(all=100, none=0), number) for number in range(300)} == {"ways.all"}


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_each_run_chooses_for_itself_and_stays_with_it(key: Any) -> None:
    given = settings(a=50, b=50)
    ways = [way(given, key, run_key=f"r-{number}") for number in range(40)]
    assert set(ways) == {"ways.a", "ways.b"}
    assert ways == [way(given, key, run_key=f"r-{number}") for number in range(40)]
    unkeyed = {"ways": given["ways"]}
    assert visit("split", unkeyed, FakeStep(run_key="r-0")).port == ways[0]


def test_percentages_have_to_add_up_to_a_hundred() -> None:
    assert complaints("split", settings(a=33.3, b=33.3, c=33.4)) == []
    assert complaints("split", settings(a=50, b=40)) == [
        "ways: the percentages add up to 90, not to 100"
    ]
    assert complaints("split", {"ways": {}}) == ["ways: there is no way to choose from"]
