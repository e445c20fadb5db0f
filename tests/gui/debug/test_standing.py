"""The rehearsal says where it stands still, and lets it go on; what is hidden takes no room."""

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from journeybuilder.gui.look.number_box import NumberBox
from journeybuilder.gui.look.one_line import OneLine
from journeybuilder.gui.panels.flow import FlowLayout
from tests.gui.debug.shop import Debugger, opened
from tests.gui.desk import Desk


def test_where_it_stands_is_said_in_the_rehearsal_and_one_can_step_and_go_on_there(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person, panel = Debugger(desk), desk.window.docks.rehearsal
        person.click_node("find")
        person.key(Qt.Key.Key_F9)
        person.key(Qt.Key.Key_F5)
        person.in_phase("waiting")
        assert not panel.standing.isVisible()
        assert panel.answering.isVisible()
        person.answer("P-3")
        person.in_phase("stopped")
        assert panel.standing.words.text() == "Stopped before Find."
        assert not panel.answering.isVisible()
        desk.window.registry.run("debug.back")
        person.settle()
        assert not panel.standing.isVisible()
        desk.window.registry.run("debug.now")
        person.settle()
        desk.click(panel.standing.step)
        person.in_phase("stopped")
        desk.until(lambda: panel.standing.words.text() == "Stopped before Enough.")
        desk.click(panel.standing.go_on)
        person.in_phase("over")
        assert not panel.standing.isVisible()


def test_what_is_hidden_takes_no_room_in_a_flow(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, 8)
    first, second, third = (QPushButton(words) for words in ("One", "Two", "Three"))
    for button in (first, second, third):
        flow.addWidget(button)
    second.hide()
    holder.resize(600, 40)
    holder.show()
    QApplication.processEvents()
    assert third.x() == first.x() + first.sizeHint().width() + 8
    one_line = flow.heightForWidth(600)
    assert flow.heightForWidth(1) == 2 * one_line + 8


def test_a_number_changes_by_the_wheel_only_where_the_cursor_is(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    number, other = NumberBox(), QPushButton("Other")
    flow = FlowLayout(holder)
    flow.addWidget(number)
    flow.addWidget(other)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    for widget, expected in ((other, 0), (number, 1)):
        widget.setFocus()
        QApplication.sendEvent(number, _turned())
        assert number.value() == expected


def _turned() -> QWheelEvent:
    return QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip


def test_a_line_that_has_no_room_keeps_all_its_words_in_the_tooltip(qtbot: QtBot) -> None:
    line = OneLine("help")
    qtbot.addWidget(line)
    line.setText("a rather long line " * 20)
    assert line.toolTip() == line.text()
    assert line.minimumSizeHint().width() == 0
    assert line.minimumSizeHint().height() >= line.fontMetrics().height()
