"""The preferences of the program: every option of `OPTIONS`, and the keys; applied at once."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFrame,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from journeybuilder.gui.dialogs.keys_editor import KeysEditor
from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.options import OPTIONS, Option
from journeybuilder.gui.settings import UserSettings

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_WIDTH, _HEIGHT = 680, 620
_CHOICE = 190  # pixels that a list of choices is wide


class OptionRow(QFrame):
    """One option: its name, what it changes, its value, and the way back to how it comes."""

    def __init__(self, option: Option, settings: UserSettings) -> None:
        super().__init__()
        self.setObjectName(f"option.{option.id}")
        self.option = option
        self._settings = settings
        line = row(self, spacing=16, margins=(0, 8, 0, 8))
        holder = QWidget()
        words = column(holder, spacing=2)
        self.title = label(tr(option.title), "field")
        words.addWidget(self.title)
        words.addWidget(label(tr(option.about), "help", wrap=True))
        if option.restart:
            words.addWidget(label(tr("Takes effect with the next start."), "help", wrap=True))
        line.addWidget(holder, 1)
        self.editor = self._switch() if isinstance(option.default, bool) else self._choice()
        self.editor.setAccessibleName(tr(option.title))
        self.editor.setAccessibleDescription(tr(option.about))
        self.title.setBuddy(self.editor)
        line.addWidget(self.editor)
        if isinstance(self.editor, QCheckBox):  # it begins where the lists begin
            line.addSpacing(_CHOICE - self.editor.sizeHint().width())
        self.reset = QPushButton(tr("Reset"))
        self.reset.setProperty("role", "quiet")
        self.reset.setAccessibleName(tr("Reset {title}", title=tr(option.title)))
        self.reset.setToolTip(tr("Back to how it comes"))
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.reset.clicked.connect(self._reset)
        line.addWidget(self.reset)
        self.show_value()

    def _switch(self) -> QCheckBox:
        box = QCheckBox(tr("On"))
        box.toggled.connect(self._toggled)
        return box

    def _choice(self) -> QComboBox:
        box = QComboBox()
        box.setMinimumWidth(_CHOICE)
        for value, words in self.option.choices:
            box.addItem(tr(words), value)
        box.activated.connect(self._chosen)
        return box

    def show_value(self) -> None:
        """Show what the option is set to now."""
        value = self._settings.value(self.option.id)
        if isinstance(self.editor, QCheckBox):
            self.editor.setChecked(value is True)
        else:
            self.editor.setCurrentIndex(self.editor.findData(value))
        self.reset.setVisible(not self._settings.is_default(self.option.id))

    def _toggled(self, on: bool) -> None:
        self._settings.choose(self.option.id, on)

    def _chosen(self, index: int) -> None:
        if isinstance(self.editor, QComboBox):
            self._settings.choose(self.option.id, self.editor.itemData(index))

    def _reset(self) -> None:
        self.editor.setFocus()  # the button goes, and the focus must not get lost with it
        self._settings.reset(self.option.id)

    def fits(self, typed: str) -> bool:
        """Whether what is typed in the search means this option."""
        one = self.option
        values = " ".join(tr(words) for _, words in one.choices)
        words = (tr(one.title), tr(one.about), tr(one.words), one.title, one.words, values)
        starts = " ".join(words).casefold().split()
        return all(any(one.startswith(part) for one in starts) for part in typed.casefold().split())


class SettingsDialog(Dialog):
    """Everything a person can set; what is chosen holds at once."""

    def __init__(self, window: "MainWindow", settings: UserSettings, page: str = "") -> None:
        super().__init__(window)
        self.setObjectName("preferences")
        self.setWindowTitle(tr("Preferences"))
        self.resize(min(_WIDTH, window.width()), min(_HEIGHT, window.height()))
        self._window = window
        self._settings = settings
        self._began = {one.id: settings.value(one.id) for one in OPTIONS if one.restart}
        layout = column(self, spacing=12, margins=(20, 16, 20, 16))
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search preferences and keys"))
        self.search.setAccessibleName(tr("Search preferences and keys"))
        self.search.setClearButtonEnabled(True)
        layout.addWidget(self.search)
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.tabBar().setDrawBase(False)
        self.pages.setAccessibleName(tr("Pages"))
        self.rows = [OptionRow(one, settings) for one in OPTIONS]
        self.keys = KeysEditor(window.registry, settings, window.look)
        self.pages.addTab(self._options(), tr("Options"))
        self.pages.addTab(self.keys, tr("Keys"))
        layout.addWidget(self.pages, 1)
        layout.addWidget(self._notice())
        layout.addWidget(self._buttons())
        self.search.textChanged.connect(self._search)
        settings.changed.connect(self._changed)
        self._changed()
        self._go(page)

    def _options(self) -> QScrollArea:
        inside = QWidget()
        inside.setProperty("role", "page")
        layout: QVBoxLayout = column(inside, spacing=0, margins=(8, 8, 8, 8))
        self._headings: dict[str, QWidget] = {}
        for one in self.rows:
            section = one.option.section
            if section not in self._headings:
                self._headings[section] = label(tr(section), "section")
                layout.addWidget(self._headings[section])
            layout.addWidget(one)
        self._nothing = label(tr("No option is called so."), "muted", wrap=True)
        layout.addWidget(self._nothing)
        self._nothing.hide()
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        return area

    def _notice(self) -> QFrame:
        self.notice = QFrame()
        self.notice.setProperty("role", "notice")
        line = row(self.notice, spacing=12, margins=(12, 8, 12, 8))
        words = tr("This takes effect with the next start. Changes that are not saved are kept.")
        line.addWidget(label(words, "", wrap=True), 1)
        self.again = QPushButton(tr("Restart now"))
        self.again.setObjectName("restart")
        self.again.clicked.connect(self._restart)
        self.again.setVisible(self._window.windows is not None)
        line.addWidget(self.again)
        self.notice.hide()
        return self.notice

    def _buttons(self) -> QDialogButtonBox:
        buttons = ButtonRow()
        self.all = buttons.addButton(tr("Reset all options"), QDialogButtonBox.ButtonRole.ResetRole)
        self.all.setAutoDefault(False)
        self.all.clicked.connect(self._reset_all)
        close = buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("close")
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        return buttons

    def _go(self, page: str) -> None:
        """Show the page of the keys, or an option by its id."""
        if page == "keys":
            self.pages.setCurrentWidget(self.keys)
            self.keys.filter.setFocus()
            return
        for one in self.rows:
            if one.option.id == page:
                one.editor.setFocus()
                return
        self.search.setFocus()

    def _changed(self) -> None:
        for one in self.rows:
            one.show_value()
        self.all.setEnabled(not all(self._settings.is_default(one.id) for one in OPTIONS))
        waits = any(self._settings.value(name) != value for name, value in self._began.items())
        self.notice.setVisible(waits)

    def _search(self, typed: str) -> None:
        for one in self.rows:
            one.setVisible(one.fits(typed))
        shown = {one.option.section for one in self.rows if not one.isHidden()}
        for section, heading in self._headings.items():
            heading.setVisible(section in shown)
        self._nothing.setVisible(not shown)
        self.keys.filter.setText(typed)
        if typed and not shown and self.keys.found:
            self.pages.setCurrentWidget(self.keys)
        elif shown:
            self.pages.setCurrentIndex(0)

    def _reset_all(self) -> None:
        for one in OPTIONS:
            self._settings.reset(one.id)

    def _restart(self) -> None:
        self.accept()
        if self._window.windows is not None:
            self._window.windows.restart()
