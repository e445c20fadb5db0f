"""The time line, variables and watches at any moment of a run."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from journeybuilder.gui.debug.event_words import SORTS, sort_of, words_of
from journeybuilder.gui.debug.moment import NOTHING, inside, seen_at
from journeybuilder.gui.debug.timeline_model import COST, TOKENS, TimelineModel, elapsed, lasted
from journeybuilder.gui.debug.value_dialog import schema_for, schema_like
from journeybuilder.gui.look.rows import SUB, TAG
from journeybuilder.rehearse.debug.timeline import Timeline
from journeybuilder.run.state import EVENTS
from tests.gui.debug.shop import CTRL, Debugger, opened, texts_below
from tests.gui.desk import Desk


def long_run(visits: int) -> list[dict[str, Any]]:
    """The events of a run that goes round in a circle, each round four events."""
    session = {"channel": "chat", "language": "en"}
    common = {"run": "r", "journey": "round", "plan": "", "input": {}, "session": session}
    events: list[dict[str, Any]] = [
        {"event": "started", "node": "a", "at": 0.0, "seq": 1, **common}
    ]
    for number in range(1, visits + 1):
        here = {"run": "r", "lane": "0", "node": "a", "visit": number, "at": float(number)}
        asked = {"effect": "model", "index": 0}
        answer: dict[str, Any] = {"text": "x", "value": None, "tool_calls": [], "tokens_in": 3, "tokens_out": 4,
                  "cost_usd": 0.5, "model": "m"}  # fmt: skip
        events += [
            {"event": "entered", **here},
            {"event": "asked", **here, **asked, "request": {"model": "fast", "messages": []}},
            {"event": "answered", **here, **asked, "answer": answer},
            {"event": "left", **here, "port": "next", "target": "a", "save": {"n": number}},
        ]
    return events


def model_of(timeline: Timeline, parent: QObject) -> TimelineModel:
    model = TimelineModel(str.capitalize, lambda _step, way: way, QColor, parent)
    model.show(timeline, len(timeline))
    return model


def cell(model: TimelineModel, row: int, column: int) -> object:
    return model.data(model.index(row, column))


def test_a_long_run_grows_without_a_fresh_start_and_shows_cost_and_tokens(qtbot: QtBot) -> None:
    owner = QObject()
    events = long_run(400)
    timeline = Timeline(events[:801])
    model = model_of(timeline, owner)
    assert model.rowCount() == 801
    for event in events[801:]:
        timeline.add(event)
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.rowsInserted):
        model.grow()
    assert model.rowCount() == 1601
    assert cell(model, 3, COST) == "$0.5000"
    assert cell(model, 3, TOKENS) == "7"
    assert cell(model, 4, TOKENS) == ""


def test_what_is_filtered_keeps_its_moments() -> None:
    owner = QObject()
    model = model_of(Timeline(long_run(5)), owner)
    model.narrow("call", "")
    assert model.rowCount() == 10
    assert [model.event_at(row) for row in (0, 1, 2)] == [2, 3, 6]
    assert [model.row_of(moment) for moment in (0, 2, 3, 4, 6, 7)] == [-1, -1, 0, 1, 1, 2]
    model.narrow("", "sets n")
    assert [model.event_at(row) for row in range(model.rowCount())] == [4, 8, 12, 16, 20]
    model.narrow("error", "")
    assert model.rowCount() == 0


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_is_told_in_words_and_has_a_sort(name: str) -> None:
    event: dict[str, Any] = {
        "event": name, "effect": "tool", "port": "next", "save": {}, "lanes": {"a": {}},
        "request": {"tool": "s/t", "arguments": {}}, "answer": {"value": 1}, "error": {"message": "m"},
        "outcome": "fine", "output": {}, "name": "n", "meeting": {"arrived": ["a"]}, "data": None,
    }  # fmt: skip
    words = words_of(event)
    assert words
    assert words != name
    assert sort_of(event) in {*SORTS, "other"}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00.0"), (7.42, "0:07.4"), (3723, "1:02:03"), (2 * 86400 + 3600, "2 d 1:00:00")],
)
def test_time_since_the_beginning_in_words(seconds: float, words: str) -> None:
    assert elapsed(seconds) == words


def test_how_long_an_answer_took_in_words() -> None:
    assert [lasted(one) for one in (0, 0.0004, 0.25, 2.5, 90)] == [
        "",
        "1 ms",
        "250 ms",
        "2.5 s",
        "1:30.0",
    ]


def test_variables_tell_what_has_changed_since_the_stop_before() -> None:
    timeline = Timeline(long_run(3))
    seen = seen_at(timeline, 10)[0]
    assert [(one.name, one.value, one.before, one.changed) for one in seen] == [("n", 2, 1, True)]
    first = seen_at(timeline, 5)[0]
    assert first[0].before is NOTHING
    again = seen_at(timeline, 11)[0]
    assert not again[0].changed


def test_a_schema_is_made_of_a_value_where_no_known_one_fits() -> None:
    value = {"a": 1, "b": ["x"], "c": {"d": True}}
    assert schema_like(value)["properties"]["b"] == {"type": "array", "items": {"type": "string"}}
    told = [{"type": "string"}, {"type": "object", "title": "known"}]
    assert schema_for(value, told) == told[1]
    assert schema_for(7, told) == {"type": "number"}


def test_arrow_keys_and_clicks_go_to_moments_and_the_bar_leads_back(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        person.window.rehearse()
        person.answer("P-3")
        person.in_phase("over")
        table = person.timeline.table
        table.setFocus()
        for _ in range(4):
            before = person.rehearsing.cursor
            person.key(Qt.Key.Key_Up, at=table)
            assert person.rehearsing.cursor == before - 1
            person.check()
        middle = table.visualRect(table.model().index(table.currentIndex().row() - 1, 2)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        person.check()
        assert "Customer says: P-3" in heard(desk)
        person.key(Qt.Key.Key_Home, CTRL, at=table)
        assert person.rehearsing.cursor == 1
        person.check()
        assert heard(desk) == set()
        now = desk.window.findChild(QPushButton, "debug.past.now")
        assert now is not None
        desk.until(now.isVisible)
        desk.click(now)
        assert person.rehearsing.live
        person.settle()
        assert not now.isVisible()
        person.check()
        assert "Customer says: P-3" in heard(desk)


def heard(desk: Desk) -> set[str]:
    """What is said in the story that is seen."""
    story = desk.window.docks.rehearsal.story
    return {one.accessibleName() for one in story.findChildren(QFrame) if one.isVisible()} - {""}


def test_the_filter_narrows_the_lines_and_says_where_nothing_is_left(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        person.window.rehearse()
        person.answer("P-3")
        person.in_phase("over")
        panel = person.timeline
        whole = panel.model.rowCount()
        desk.write(panel.line, "parcels/find")
        assert 0 < panel.model.rowCount() < whole
        row = panel.model.event_at(0)
        assert person.events()[row]["request"]["tool"] == "parcels/find"
        desk.write(panel.line, "no such words")
        assert not panel.table.isVisible()
        assert panel.empty.isVisible()


def test_watches_are_added_told_in_words_and_removed(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        panel = person.panel
        for expression in ("tries + 1", "number", "nothing.there"):
            assert panel.watches.editor is not None
            line = panel.watches.editor.line
            desk.write(line, expression)
            QTest.keyClick(line, Qt.Key.Key_Escape)
            person.key(Qt.Key.Key_Return, at=line)
        rows = panel.watches.tree
        assert [item.text(0) for item in rows.lines()] == ["tries + 1", "number", "nothing.there"]
        person.window.rehearse()
        person.in_phase("waiting")

        def told(item: QTreeWidgetItem) -> str:
            return str(item.data(0, SUB))

        assert told(rows.lines()[0]) == "whole number · 2"
        assert "number" in told(rows.lines()[1])
        assert "nothing" in told(rows.lines()[2])
        person.answer("P-3")
        person.in_phase("over")
        assert told(rows.lines()[1]) == 'text · "P-3"'
        person.rehearsing.go_to(9)
        person.settle()
        line_nine = person.rehearsing.evaluate("number", 9)
        assert (told(rows.lines()[1]) == 'text · "P-3"') is (line_nine.value == "P-3")
        rows.setCurrentItem(rows.lines()[0])
        rows.setFocus()
        person.key(Qt.Key.Key_Delete, at=rows)
        assert [item.text(0) for item in rows.lines()] == ["number", "nothing.there"]


def test_a_group_opens_by_keys_and_what_is_new_in_it_is_marked(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        person.window.rehearse()
        person.answer("P-3")
        person.in_phase("over")
        left = next(
            n for n, one in enumerate(person.events())
            if one["event"] == "left" and one["node"] == "find"
        )  # fmt: skip
        person.rehearsing.go_to(left + 1)
        rows = person.panel.variables
        person.settle()
        assert rows.choose("parcel")
        item = rows.tree.currentItem()
        assert item is not None
        assert item.data(0, TAG) == "● changed"
        rows.tree.setFocus()
        person.key(Qt.Key.Key_Right, at=rows.tree)
        seen = rows.seen(rows.tree.currentItem())
        assert seen is not None
        inner = texts_below(item)
        assert inner == [one.name for one in inside(seen)]
        assert set(inner) == {"place", "days"}
        person.key(Qt.Key.Key_C, CTRL, at=rows.tree)
        assert '"place"' in QApplication.clipboard().text()
