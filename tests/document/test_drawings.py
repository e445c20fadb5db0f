"""Frames, notes, colors and bookmarks of a layout: read tolerantly, changed purely."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.document.drawings import (
    bookmarks_of,
    colors_of,
    drawing_problems,
    drawings_of,
    erase,
    follow_nodes,
    fresh_key,
    paint,
    put,
    set_bookmark,
    shift,
)
from journeybuilder.document.layout import move
from journeybuilder.document.model import Layout
from journeybuilder.document.workspace import read_journey
from journeybuilder.errors import AuthorError

SOME = Layout(
    {
        "journeybuilder": 1,
        "layout": "j",
        "nodes": {"a": {"at": [1, 2], "color": "blue"}, "b": {"at": [3, 4]}},
        "frames": {"f": {"title": "Start", "at": [0, 0], "size": [400, 300], "color": "green"}},
        "notes": {"n": {"text": "Hi", "at": [10, 20]}},
        "bookmarks": {1: "a", "2": "b"},
    }
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["at", "size", "color", "text", "title", "x"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


def test_what_a_file_says_is_drawn_and_what_it_leaves_out_is_usual() -> None:
    found = drawings_of(SOME)
    assert list(found) == ["frame:f", "note:n"]
    assert (found["frame:f"].text, found["frame:f"].color) == ("Start", "green")
    assert (found["note:n"].size, found["note:n"].color) == ((220.0, 140.0), "yellow")
    assert colors_of(SOME) == {"a": "blue"}
    assert bookmarks_of(SOME) == {"1": "a", "2": "b"}


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("frames", "notes", "nodes", "bookmarks"), VALUES)))  # fmt: skip
def test_nonsense_is_read_and_told_but_never_fails(data: dict[str, object]) -> None:
    layout = Layout(data)
    for drawing in drawings_of(layout).values():
        assert all(abs(one) <= 1_000_000 for one in (*drawing.at, *drawing.size))
    assert all(colors_of(layout).values())
    assert all(bookmarks_of(layout).values())
    assert all(problem.message for problem in drawing_problems(data))


def test_every_wrong_value_is_a_warning_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "j.journey.yaml").write_text(
        "journeybuilder: 1\njourney: j\nstart: a\nnodes: {a: {kind: end}}\n", encoding="utf-8"
    )
    (tmp_path / "j.layout.yaml").write_text(
        "journeybuilder: 1\nlayout: j\nnodes:\n  a: {at: [0, 0], color: bleu}\nframes:\n"
        "  f: {title: 3, at: [1]}\nnotes:\n  n: just text\nbookmarks:\n  '12': a\n",
        encoding="utf-8",
    )
    file = read_journey(tmp_path / "j.journey.yaml", tmp_path)
    assert file.layout_source is not None
    found = [(one.code, one.severity, one.line) for one in file.layout_source.findings]
    assert sorted(found) == [("JB132", "warning", line) for line in (4, 6, 6, 8, 10)]
    assert next(one.hint for one in file.layout_source.findings if one.line == 4) == "Did you mean 'blue'?"  # fmt: skip
    assert list(drawings_of(file.layout)) == ["frame:f"]


def test_a_list_of_notes_loses_none_when_one_is_added() -> None:
    layout = Layout({"notes": [{"text": "one", "at": [0, 0]}, {"text": "two", "at": [5, 5]}]})
    key = fresh_key(layout, "note")
    after = put(layout, key, {"text": "three", "at": (7.4, 8.6), "size": (100, 90)})
    assert [one.text for one in drawings_of(after).values()] == ["one", "two", "three"]
    assert after.data["notes"]["note_3"]["at"] == [7, 9]


def test_changes_leave_the_old_layout_and_all_the_rest_alone() -> None:
    moved = shift(SOME, {"frame:f": (50.2, 60.7), "note:gone": (1, 1)})
    assert moved.data["frames"]["f"] == {
        "title": "Start", "at": [50, 61], "size": [400, 300], "color": "green",
    }  # fmt: skip
    assert SOME.data["frames"]["f"]["at"] == [0, 0]
    assert moved.data["notes"] is SOME.data["notes"]
    assert "frames" not in erase(SOME, ["frame:f"]).data
    assert erase(SOME, ["frame:nothing"]) is SOME


def test_a_color_of_a_node_stays_when_it_moves_and_goes_when_it_is_the_usual_one() -> None:
    layout = move(paint(SOME, ["b", "frame:f", "note:n"], "red"), {"b": (9, 9)})
    assert colors_of(layout) == {"a": "blue", "b": "red"}
    assert layout.data["nodes"]["b"] == {"at": [9, 9], "color": "red"}
    assert {one.color for one in drawings_of(layout).values()} == {"red"}
    assert colors_of(paint(layout, ["a", "b"], "")) == {}
    with pytest.raises(AuthorError, match="no color"):
        paint(SOME, ["a"], "pinkish")


def test_bookmarks_follow_their_nodes() -> None:
    layout = set_bookmark(SOME, "9", "a")
    assert bookmarks_of(layout) == {"1": "a", "2": "b", "9": "a"}
    assert bookmarks_of(follow_nodes(layout, {"a": "z", "b": ""})) == {"1": "z", "9": "z"}
    assert "bookmarks" not in follow_nodes(SOME, {"a": "", "b": ""}).data
    with pytest.raises(AuthorError, match="no bookmark"):
        set_bookmark(SOME, "0", "a")
