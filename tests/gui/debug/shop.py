"""A journey to step through, a person who debugs it, and what the recorded events say themselves."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QInputDialog,
    QLineEdit,
    QPushButton,
    QTreeWidgetItem,
    QWidget,
)

from journeybuilder.gui.debug.debugging import Debugging
from journeybuilder.gui.panels.debugger import DebuggerPanel
from journeybuilder.gui.panels.runs_beside import RunsBeside
from journeybuilder.gui.panels.timeline import TimelinePanel
from journeybuilder.run.state import fold
from tests.gui.desk import PARCELS, Desk, make_workspace
from tests.gui.hands import when

JOURNEY = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: begin
nodes:
  begin: {kind: set, values: {tries: 1}, next: number}
  number: {kind: ask, text: What is its number?, save: number, next: find}
  find: {kind: tool, tool: parcels/find, with: {number: "${number}"}, save: parcel, next: enough}
  enough:
    kind: branch
    cases:
      - {when: tries > 3, next: handed}
    otherwise: tell
  tell: {kind: say, text: "In ${parcel.place}.", next: done}
  handed: {kind: say, text: A person calls you., next: done}
  done: {kind: end, outcome: resolved}
"""
CTRL = Qt.KeyboardModifier.ControlModifier
NO = Qt.KeyboardModifier.NoModifier


def opened(desk: Desk, tmp_path: Path, journey: str = JOURNEY) -> Path:
    """The journey in front, its tools known."""
    root = make_workspace(tmp_path / "space", PARCELS, journey)
    desk.open(root)
    desk.window.files.discover()
    space = desk.window.files.workspace
    assert space is not None
    desk.until(lambda: "parcels/find" in space.known.tools)
    return root


def texts_below(item: QTreeWidgetItem) -> list[str]:
    """What the rows below a row say first."""
    rows = (item.child(number) for number in range(item.childCount()))
    return [row.text(0) for row in rows if row is not None]


class Debugger:
    """A person in front of the debugger; all is done with mouse and keys."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.window = desk.window
        self.rehearsing = desk.window.rehearsing
        self.debugging = Debugging.of(desk.window)

    @property
    def canvas(self) -> Any:
        assert self.window.tab is not None
        return self.window.tab.canvas

    def point(self, node: str) -> QPointF:
        """The middle of a node, brought into view."""
        self.canvas.center_on(node)
        QApplication.processEvents()
        return self.canvas.board.nodes[node].card().center()

    def click_node(self, node: str) -> None:
        """Click on a node."""
        self._click(self.point(node))

    def click_wire(self, source: str, port: str) -> None:
        """Click on a wire."""
        self.point(source)
        self._click(self.canvas.board.wires[source, port].item.path().pointAtPercent(0.5))

    def _click(self, at: QPointF) -> None:
        place = self.canvas.viewportTransform().map(at).toPoint()
        QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, NO, place)
        QApplication.processEvents()

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO, at: QWidget | None = None) -> None:
        """Press a key of the window, or of what has the focus."""
        QTest.keyClick(at or self.window, key, keys)
        QApplication.processEvents()

    def in_phase(self, phase: str) -> None:
        """Wait until the rehearsal is there, and the window shows it."""
        self.desk.until(lambda: self.rehearsing.phase == phase)
        self.settle()

    def settle(self) -> None:
        """Wait until the panels show the moment that is looked at."""
        self.desk.until(lambda: not self.debugging.settling)

    def answer(self, words: str) -> None:
        """Say something as the customer."""
        self.in_phase("waiting")
        line = self.window.docks.rehearsal.answer
        self.desk.until(line.isEnabled)
        self.desk.write(line, words)
        self.key(Qt.Key.Key_Return, at=line)

    def change(self, variable: str, typed: str) -> None:
        """Give a variable another value in its dialog and branch; all with keys."""
        rows, count = self.panel.variables, len(self.rehearsing.timelines)
        assert rows.choose(variable)
        rows.tree.setFocus()
        self.key(Qt.Key.Key_F2, at=rows.tree)
        dialog = self.window.findChild(QDialog, "value")
        assert dialog is not None
        self.desk.until(dialog.isVisible)
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)
        QTest.keyClick(field, Qt.Key.Key_A, CTRL)
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.desk.until(lambda: len(self.rehearsing.timelines) == count + 1)
        self.in_phase("stopped")
        self.at_window()

    def at_window(self) -> None:
        """The window gets the focus back, as a window manager does once a dialog is closed."""
        self.window.activateWindow()
        self.desk.until(self.window.isActiveWindow)

    def make_scenario(self, name: str) -> None:
        """Press the button that makes a scenario of the run, and name it."""
        make = self.window.findChild(QPushButton, "rehearsal.make")
        assert make is not None

        def name_it() -> None:
            box = QApplication.activeModalWidget()
            assert isinstance(box, QInputDialog)
            box.setTextValue(name)
            box.accept()

        when(lambda: isinstance(QApplication.activeModalWidget(), QInputDialog), name_it)
        self.desk.click(make)

    @property
    def panel(self) -> DebuggerPanel:
        """The debugger's panel, in front."""
        self.window.docks.show("debugger")
        panel = self.window.docks.panel("debugger")
        assert isinstance(panel, DebuggerPanel)
        return panel

    @property
    def timeline(self) -> TimelinePanel:
        """The time line, in front."""
        self.window.docks.show("timeline")
        panel = self.window.docks.panel("timeline")
        assert isinstance(panel, TimelinePanel)
        return panel

    @property
    def beside(self) -> RunsBeside:
        """The runs side by side, in front."""
        self.window.docks.show("beside")
        panel = self.window.docks.panel("beside")
        assert isinstance(panel, RunsBeside)
        return panel

    def events(self) -> list[Mapping[str, Any]]:
        """All events of the run that is looked at."""
        timeline = self.rehearsing.timeline
        assert timeline is not None
        return list(timeline.events)

    def shown(self) -> dict[str, Any]:
        """What variables, time line and canvas show."""
        self.settle()
        panel, line = self.panel, self.timeline
        self.settle()
        states = {name: item.state for name, item in self.canvas.board.nodes.items() if item.state}
        return {
            "variables": panel.variables.shown_values(),
            "event": line.table.currentIndex().row() + 1,
            "states": states,
        }

    def recorded(self, moment: int) -> dict[str, Any]:
        """What they have to show: worked out from the events alone."""
        events = self.events()[:moment]
        state = fold(events)
        states: dict[str, str] = {}
        for event in events:
            if event["event"] == "entered":
                states[event["node"]] = "running"
            elif event["event"] == "left":
                states[event["node"]] = "done"
        if state.status not in {"running", "parked"}:
            states = dict.fromkeys(states, "done")
        for token in state.tokens.values():
            states[token.node] = "running"
        for wait in state.waits:
            states[wait["node"]] = "waiting"
        return {"variables": dict(state.variables), "event": moment, "states": states}

    def check(self) -> None:
        """What is shown is what is recorded."""
        assert self.shown() == self.recorded(self.rehearsing.cursor)
