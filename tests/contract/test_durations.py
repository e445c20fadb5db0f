import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.contract.durations import seconds, words


@pytest.mark.parametrize(
    ("text", "length"),
    [("500ms", 0.5), ("1s", 1), ("10m", 600), ("4h", 14400), ("30d", 2592000), ("1h30m", 5400),
     (" 2.5s ", 2.5), ("0s", 0), ("1m500ms", 60.5)],
)  # fmt: skip
def test_a_duration_has_its_length_in_seconds(text: str, length: float) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize(
    "text", ["", "soon", "10", "10 m", "1h 30m", "-5m", "5M", "1h30", "m", "1w"]
)
def test_a_text_that_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration; write for example 30s, 10m"):
        seconds(text)


@pytest.mark.parametrize(
    ("length", "text"),
    [(0, "0ms"), (0.25, "250ms"), (1, "1s"), (90, "1m30s"), (5400, "1h30m"), (86400, "1d"),
     (90061, "1d1h"), (3599.7, "1h")],
)  # fmt: skip
def test_a_length_is_told_in_its_two_largest_units(length: float, text: str) -> None:
    assert words(length) == text


@given(st.integers(min_value=1, max_value=10**8))
def test_the_words_of_a_length_are_a_duration_close_to_it(length: int) -> None:
    again = seconds(words(length))
    assert again <= length
    assert length - again < max(1, length / 20)
