"""Changes as data: undo, redo, merging, JSON."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from journeybuilder.document.model import Journey, Layout
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journey.history import History
from journeybuilder.gui.journey.journal import Change, Draft, Edit

START = Draft(
    Journey(
        {
            "journey": "j",
            "start": "a",
            "nodes": {
                "a": {"kind": "say", "text": "Hi", "next": "b"},
                "b": {"kind": "tool", "tool": "x/y", "retry": {"attempts": 2}, "next": "c"},
                "c": {"kind": "end"},
            },
        }
    ),
    Layout({"nodes": {"a": {"at": [0, 0]}}}),
)


class Screen:
    """Shows drafts, as the journey model does."""

    def __init__(self) -> None:
        self.draft = START
        self.history = History(self.show, START)

    def show(self, draft: Draft) -> None:
        self.draft = draft

    def do(self, *edits: Edit, gesture: str = "") -> None:
        self.history.make(Change("do", edits, gesture), self.draft)


def put(value: str, *path: str) -> Edit:
    return Edit("set", {"path": list(path), "value": value})


def move(x: int) -> Edit:
    return Edit("move", {"positions": {"a": [x, 0]}})


def test_undo_gives_the_old_value_itself_back(qtbot: QtBot) -> None:
    del qtbot
    screen = Screen()
    screen.do(Edit("remove", {"ids": ["b"]}))
    assert "next" not in screen.draft.journey.nodes["a"].settings
    screen.history.undo()
    assert screen.draft is START
    screen.history.redo()
    assert "b" not in screen.draft.journey.nodes


def test_a_change_that_cannot_be_made_leaves_nothing_on_the_stack(qtbot: QtBot) -> None:
    del qtbot
    screen = Screen()
    with pytest.raises(AuthorError):
        screen.do(put("Hello", "nodes", "a", "text"), Edit("rename", {"old": "a", "new": "b"}))
    assert screen.history.count() == 0
    assert screen.draft is START


def test_moves_of_one_gesture_are_one_step_and_of_two_gestures_two(qtbot: QtBot) -> None:
    del qtbot
    screen = Screen()
    for x in (5, 9, 20):
        screen.do(move(x), gesture="first")
    assert screen.history.count() == 1
    assert screen.history.changes()[0].edits == (move(20),)
    screen.do(move(30), gesture="second")
    assert screen.history.count() == 2
    screen.history.undo()
    assert screen.draft.layout.positions["a"] == (20, 0)


def test_a_change_that_changes_nothing_is_no_step(qtbot: QtBot) -> None:
    del qtbot
    screen = Screen()
    screen.do(put("Hi", "nodes", "a", "text"))
    assert screen.history.count() == 0


def test_removing_the_last_value_of_a_group_removes_the_group(qtbot: QtBot) -> None:
    del qtbot
    screen = Screen()
    screen.do(Edit("unset", {"path": ["nodes", "b", "retry", "attempts"]}))
    assert "retry" not in screen.draft.journey.nodes["b"].settings


EDITS = st.lists(
    st.one_of(
        st.builds(lambda text: put(text, "nodes", "a", "text"), st.text(max_size=5)),
        st.builds(move, st.integers(-50, 50)),
        st.builds(
            lambda at: Edit(
                "add", {"id": f"n{at}", "kind": "end", "settings": {}, "at": [at, 0], "after": ""}
            ),
            st.integers(0, 3),
        ),
        st.builds(
            lambda name: Edit("remove", {"ids": [name]}), st.sampled_from(["a", "b", "c", "n0"])
        ),
        st.builds(
            lambda to: Edit("connect", {"node": "a", "path": ["next"], "target": to}),
            st.sampled_from(["b", "c", "n1"]),
        ),
        st.just(Edit("disconnect", {"node": "b", "path": ["next"]})),
        st.just(Edit("duplicate", {"ids": ["b"], "by": [8, 8]})),
        st.just(Edit("rename", {"old": "c", "new": "z"})),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(EDITS)
def test_a_journal_read_back_from_json_makes_the_same_journey(edits: list[Edit]) -> None:
    screen = Screen()
    for edit in edits:
        try:
            screen.do(edit)
        except AuthorError:
            continue
    lines = [json.dumps(change.as_json()) for change in screen.history.changes()]
    replayed = START
    for line in lines:
        replayed = Change.from_json(json.loads(line)).apply(replayed)
    assert replayed.journey.data == screen.draft.journey.data
    assert replayed.layout.data == screen.draft.layout.data
    while screen.history.canUndo():
        screen.history.undo()
    assert screen.draft is START
