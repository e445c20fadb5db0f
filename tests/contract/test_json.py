import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.contract.json import canonical, is_deep, is_small

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def repr_type(value: object) -> str:
    return type(value).__name__


@given(PLAIN)
def test_what_is_called_small_can_be_written_and_is_short(value: Any) -> None:
    if is_small(value):
        assert len(canonical(value)) < 1_000_000


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), {"a": [float("inf")]}, {1, 2}, dt.date(2026, 1, 1), b"x", (1,),
     "x" * 2_000, list(range(500)), 1 << 20_000],
    ids=repr_type,
)  # fmt: skip
def test_what_json_does_not_have_or_what_is_long_is_not_called_small(value: Any) -> None:
    assert not is_small(value)
    assert not is_small({"inside": [value]})


def test_an_ordinary_result_is_small() -> None:
    assert is_small({"id": "O-1", "total": 12.5, "lines": [{"sku": "A", "n": 2, "gift": None}]})


def test_levels_are_counted() -> None:
    value: Any = "x"
    for _ in range(100):
        value = [value]
    assert not is_deep(value)
    assert is_deep([value])
