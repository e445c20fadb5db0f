"""Somebody who rehearses, steps, branches, changes and runs scenarios wildly: nothing breaks."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from journeybuilder.gui.debug.value_dialog import ValueDialog
from journeybuilder.gui.panels.debugger import DebuggerPanel
from tests.gui.desk import Desk, make_workspace
from tests.gui.test_monkey import Monkey, nothing_outside

__all__ = ["nothing_outside"]

SEED, MANY = 20261123, 150
_COMMANDS, _OTHER = 0.35, 0.35  # shares of what it does
PARCEL = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: begin
nodes:
  begin: {kind: set, values: {tries: 1}, next: number}
  number:
    kind: ask
    text: What is its number?
    save: number
    timeout: 2m
    next: enough
    on_timeout: late
  late: {kind: say, text: "Are you there?", next: again}
  again: {kind: set, values: {tries: "${tries + 1}"}, next: number}
  enough:
    kind: branch
    cases:
      - {when: tries > 3, next: sure}
    otherwise: called
  called: {kind: journey, journey: second, next: sure}
  sure:
    kind: review
    to: desk
    show: {number: "${number}"}
    decisions: {approve: done, reject: number}
  done: {kind: end, outcome: resolved}
"""
SECOND = """\
journeybuilder: 1
journey: second
title: Two at once
start: fan
nodes:
  fan: {kind: parallel, lanes: {x: one, y: two}}
  one: {kind: say, text: One, next: meet}
  two: {kind: ask, text: Two?, save: two, next: meet}
  meet: {kind: join, next: done}
  done: {kind: end, outcome: resolved}
"""
SCENARIO = """\
journeybuilder: 1
scenario: approved at once
journey: parcel
customer: [{hears: number, says: P-9}, {hears: Two, says: two}]
people: {sure: {decision: approve}}
expect: [{outcome: resolved}]
"""
COMMANDS = (
    *("run.rehearse",) * 5, "run.stop", "run.stop", "run.answer", *("run.pass_time",) * 2,
    "run.make_scenario", "debug.go_on", "debug.pause", *("debug.step",) * 3, "debug.over",
    *("debug.back",) * 3, "debug.forward", "debug.now", "debug.restart", "debug.run_to", "debug.rerun",
    "debug.compare", *("debug.breakpoint",) * 2, "debug.condition", "debug.anywhere", "scenarios.new",
    "scenarios.map", "scenarios.branch", "scenarios.campaign", "scenarios.compare", "scenarios.run",
    "scenarios.stop", "view.debugger", "view.timeline", "view.beside", "view.scenarios",
    "view.coverage", "view.rehearsal", "edit.undo", "edit.redo", "edit.remove",
)  # fmt: skip
"""What it asks for by name, more often what makes something happen."""


class Rehearser(Monkey):
    """One that also knows what a rehearsal can be told."""

    def __init__(self, desk: Desk, seed: int, again: Callable[[], object]) -> None:
        super().__init__(desk, seed, again)
        self._deeds: list[Callable[[], None]] = [
            *[self._select] * 2, *[self._answer] * 3, *[self._moment] * 3, *[self._press] * 2,
            *[self._change] * 2, self._rename, self._theme, self._tab,
        ]  # fmt: skip

    @override
    def _one(self) -> None:
        chance = self.chance.random()
        if chance < _COMMANDS:
            self._command()
        elif chance < _COMMANDS + _OTHER:
            self.chance.choice(self._deeds)()
        else:
            super()._one()

    def _command(self) -> None:
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return  # it keeps the window from being told anything
        name = self.chance.choice(COMMANDS)
        self.done.append(name)
        self.desk.window.registry.run(name)

    def _select(self) -> None:
        tab = self.desk.window.tab
        if tab is not None and tab.model.journey.nodes:
            node = self.chance.choice(sorted(tab.model.journey.nodes))
            self.done.append(f"select {node}")
            tab.canvas.select((node,))

    def _answer(self) -> None:
        """Words of the customer, or a decision of the person who reviews."""
        panel = self.desk.window.docks.rehearsal
        if panel.answer.isEnabled():
            self.done.append("answer")
            QTest.keyClicks(panel.answer, "P-1")
            QTest.keyClick(panel.answer, Qt.Key.Key_Return)
        else:
            self._press_in(panel.story)

    def _moment(self) -> None:
        """Another moment, or another run."""
        rehearsing = self.desk.window.rehearsing
        runs = len(rehearsing.timelines)
        if runs > 1 and self.chance.random() < 0.3:
            self.done.append("look at a run")
            rehearsing.look_at(self.chance.randrange(runs))
        elif rehearsing.timeline is not None:
            self.done.append("look at a moment")
            rehearsing.go_to(self.chance.randrange(len(rehearsing.timeline) + 1))

    def _change(self) -> None:
        """Another value for a variable; whoever is asked for it answers anything."""
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        panel = self.desk.window.docks.panel("debugger")
        assert isinstance(panel, DebuggerPanel)
        self.desk.window.docks.show("debugger")
        names = list(panel.variables.shown_values())
        if names and panel.variables.choose(self.chance.choice(names)):
            QTest.keyClick(panel.variables.tree, Qt.Key.Key_F2)
            dialog = self.desk.window.findChild(ValueDialog)
            self.done.append(f"change a value: {dialog}")
            field = QApplication.focusWidget()
            if dialog is not None and field is not None:
                QTest.keyClicks(field, self.chance.choice(("9", "-1", "x", " ")))
                self._press_in(dialog)

    def _rename(self) -> None:
        tab = self.desk.window.tab
        if tab is not None and tab.model.journey.nodes:
            node = self.chance.choice(sorted(tab.model.journey.nodes))
            name = f"{node[:5]}{self.chance.randrange(100)}"
            self.done.append(f"rename {node} {name}")
            tab.model.rename(node, name)

    def _theme(self) -> None:
        theme = self.chance.choice(("light", "dark", "high contrast"))
        self.done.append(theme)
        self.desk.look.choose(theme)

    def _tab(self) -> None:
        """Another journey in front, or one less."""
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        window, tab = self.desk.window, self.desk.window.tab
        if tab is not None and self.chance.random() < 0.3:
            self.done.append("close the tab")
            window.remove_tab(tab)
        elif window.files.workspace is not None:
            name = self.chance.choice(("parcel", "second"))
            self.done.append(f"open {name}")
            window.files.open_journey(name)

    def _press(self) -> None:
        self._press_in(self._top())

    def _press_in(self, widget: QWidget) -> None:
        found = widget.findChildren(QAbstractButton)
        buttons = [one for one in found if one.isVisible() and one.isEnabled()]
        if buttons:
            button = self.chance.choice(buttons)
            self.done.append(f"press {button.text()} {button.objectName()}")
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_whoever_rehearses_wildly_breaks_nothing(
    qtbot: QtBot, tmp_path: Path, nothing_outside: None
) -> None:
    root = make_workspace(tmp_path / "space", None, PARCEL)
    (root / "journeys" / "second.journey.yaml").write_text(SECOND, encoding="utf-8")
    (root / "scenarios").mkdir()
    (root / "scenarios" / "one.scenario.yaml").write_text(SCENARIO, encoding="utf-8")

    with Desk(qtbot, tmp_path) as desk:

        def again() -> None:
            if desk.window.files.workspace is None:
                desk.window.files.open_path(root)
            if desk.window.tab is None:
                desk.window.files.open_journey("parcel")

        desk.settings.put("tour", "seen")
        again()
        monkey = Rehearser(desk, SEED, again)
        monkey.run(MANY)
        assert {"run.rehearse", "debug.breakpoint"} <= set(monkey.done)
