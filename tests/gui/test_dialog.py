"""What all dialogs do alike: they fit on the screen, and Enter does what it looks like."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
)
from pytestqt.qtbot import QtBot

from journeybuilder.gui.app import qt_words
from journeybuilder.gui.forms.base import label
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.panels.export import ExportDialog
from journeybuilder.gui.workspace.consent import ConsentDialog
from tests.gui.desk import JOURNEY, Desk, make_workspace

ENTER = Qt.Key.Key_Return
ROLES = QDialogButtonBox.ButtonRole
Make = Callable[..., "Sheet"]


class Sheet(Dialog):
    """Some lines to fill in, and three buttons."""

    def __init__(self, lines: int, words: str = "", default: str = "") -> None:
        super().__init__()
        self.pressed: list[str] = []
        layout = QVBoxLayout(self)
        self.words = label(words, "", wrap=True)
        layout.addWidget(self.words)
        self.lines = [QLineEdit() for _ in range(lines)]
        for line in self.lines:
            layout.addWidget(line)
        box = ButtonRow()
        self.buttons: dict[str, QPushButton] = {}
        for name, role in (
            ("extra", ROLES.ResetRole),
            ("go", ROLES.AcceptRole),
            ("leave", ROLES.RejectRole),
        ):
            button = box.addButton(name, role)
            button.clicked.connect(self._note)
            button.setDefault(name == default)
            self.buttons[name] = button
        layout.addWidget(box)

    def _note(self) -> None:
        button = self.sender()
        assert isinstance(button, QPushButton)
        self.pressed.append(button.text())


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    """Makes a sheet and shows it."""
    made: list[Sheet] = []

    def one(lines: int = 1, words: str = "", default: str = "") -> Sheet:
        sheet = Sheet(lines, words, default)
        made.append(sheet)
        sheet.open()
        sheet.activateWindow()
        qtbot.waitUntil(sheet.isActiveWindow)
        return sheet

    yield one
    for sheet in made:
        sheet.reject()
        sheet.deleteLater()


def test_enter_in_a_field_presses_the_default_button_and_no_other(make: Make) -> None:
    sheet = make(default="leave")
    QTest.keyClick(sheet.lines[0], ENTER)
    assert sheet.pressed == ["leave"]


def test_without_a_default_button_enter_in_a_field_presses_none(make: Make) -> None:
    sheet = make()
    QTest.keyClick(sheet.lines[0], ENTER)
    assert sheet.pressed == []


def test_enter_presses_the_button_that_has_the_focus(make: Make) -> None:
    sheet = make(default="go")
    sheet.buttons["extra"].setFocus()
    QTest.keyClick(sheet.buttons["extra"], ENTER)
    assert sheet.pressed == ["extra"]


def test_a_dialog_with_more_than_fits_scrolls_and_keeps_its_buttons_in_sight(
    make: Make, qtbot: QtBot
) -> None:
    sheet = make(60)
    room = sheet.screen().availableSize()
    assert sheet.height() <= room.height()
    area = sheet.findChild(QScrollArea)
    assert area is not None
    go = sheet.buttons["go"]
    assert go.mapTo(sheet, go.rect().bottomRight()).y() < sheet.height()
    last = sheet.lines[-1]
    last.setFocus()
    area.ensureWidgetVisible(last)
    qtbot.waitUntil(lambda: not last.visibleRegion().isEmpty())


def test_tab_goes_through_the_fields_of_a_scrolling_dialog_before_its_buttons(make: Make) -> None:
    sheet = make(60)
    assert sheet.focusWidget() is sheet.lines[0]
    QTest.keyClick(sheet.lines[0], Qt.Key.Key_Tab)
    assert sheet.focusWidget() is sheet.lines[1]
    sheet.lines[-1].setFocus()
    QTest.keyClick(sheet.lines[-1], Qt.Key.Key_Tab)
    assert sheet.focusWidget() in sheet.buttons.values()


def test_words_that_come_later_make_the_dialog_higher_and_are_not_cut_off(
    make: Make, qtbot: QtBot
) -> None:
    sheet = make(2)
    before = sheet.height()
    sheet.words.setText("much to say " * 40)
    qtbot.waitUntil(lambda: sheet.height() > before)
    assert sheet.words.height() >= sheet.words.heightForWidth(sheet.words.width())


def test_words_that_come_later_and_have_no_room_scroll(make: Make, qtbot: QtBot) -> None:
    sheet = make(2)
    sheet.lines[1].setFocus()
    sheet.words.setText("much to say " * 2000)
    qtbot.waitUntil(lambda: sheet.findChild(QScrollArea) is not None)
    assert sheet.height() <= sheet.screen().availableSize().height()
    assert sheet.focusWidget() is sheet.lines[1]


def test_enter_on_an_error_of_the_export_goes_there_and_writes_nothing(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY.replace("next: done", "next: gone"))
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        desk.window.export()
        dialog = desk.window.findChild(ExportDialog)
        assert dialog is not None
        assert not dialog.go.isEnabled()
        row = dialog.problems.rows()[0]
        dialog.problems.setCurrentItem(row)
        dialog.problems.setFocus()
        QTest.keyClick(dialog.problems, ENTER)
        desk.until(lambda: tab.canvas.selected() == ("number",))
        assert not dialog.isVisible()
        assert not list(root.glob("*.bundle.yaml"))


def test_a_consent_is_not_given_by_enter(qtbot: QtBot) -> None:
    dialog = ConsentDialog("shop", {"orders": ("python", "orders.py")}, None)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    focused = dialog.focusWidget()
    assert focused is not None
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, ENTER)


def test_qt_says_its_own_words_in_the_language_of_the_window(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    words = qt_words(app, "de")
    assert words is not None
    field = QPlainTextEdit("text")
    qtbot.addWidget(field)
    menu = field.createStandardContextMenu()
    try:
        assert any("ausw\u00e4hlen" in action.text() for action in menu.actions())
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"
    finally:
        menu.deleteLater()
        app.removeTranslator(words)
        words.deleteLater()
    assert qt_words(app, "en") is None
