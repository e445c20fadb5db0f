"""The dialogs that tell of a mistake of the program, now or when it ended the last time."""

import platform
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from journeybuilder import __version__
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.language import tr, trn

_LONGEST = 200_000  # characters of details


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a person can do besides going on; None is not offered."""

    save_all: Callable[[], object] | None = None
    restart: Callable[[], object] | None = None


def report_of(details: str) -> str:
    """Details with the versions that a report needs."""
    system = f"{platform.system()} {platform.release()} ({platform.machine()})"
    head = (
        f"journeybuilder {__version__}, Python {platform.python_version()}, "
        f"Qt {qVersion()}, {system}"
    )
    return f"{head}\n\n{details}"


class _Report(Dialog):
    """A title, words, details that can be shown and copied, and buttons."""

    def __init__(
        self, title: str, words: str, hint: str, details: str, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(560)
        self.layout_ = column(self, spacing=12, margins=(24, 24, 24, 16))
        self.layout_.addWidget(label(title, "title"))
        self.words = label(words, "", wrap=True)
        self.layout_.addWidget(self.words)
        self.layout_.addWidget(label(hint, "muted", wrap=True))
        self.details = QPlainTextEdit(report_of(details))
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setProperty("role", "code")
        self.details.setAccessibleName(tr("Details for the report"))
        self.details.setMinimumHeight(160)
        self.details.hide()
        self.layout_.addWidget(self.details)
        self.buttons = ButtonRow()
        aside = QDialogButtonBox.ButtonRole.ResetRole
        self.more = self._offer(tr("Show details"), self._toggle, "more", aside)
        widths: list[int] = []
        for either in (tr("Hide details"), tr("Show details")):
            self.more.setText(either)
            widths.append(self.more.sizeHint().width())
        self.more.setMinimumWidth(max(widths))
        self._offer(tr("Copy details"), self._copy, "copy", aside)

    def _offer(
        self,
        words: str,
        deed: Callable[[], object],
        name: str,
        role: QDialogButtonBox.ButtonRole = QDialogButtonBox.ButtonRole.ActionRole,
    ) -> QPushButton:
        button = self.buttons.addButton(words, role)
        button.setObjectName(name)
        button.clicked.connect(deed)
        return button

    def _finish(self, words: str) -> None:
        close = self.buttons.addButton(words, QDialogButtonBox.ButtonRole.AcceptRole)
        close.setObjectName("close")
        close.setProperty("role", "primary")
        close.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.layout_.addWidget(self.buttons)
        close.setFocus()

    def _toggle(self) -> None:
        self.details.setVisible(not self.details.isVisible())
        self.more.setText(tr("Hide details") if self.details.isVisible() else tr("Show details"))
        self.shrink()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.details.toPlainText())


class CrashDialog(_Report):
    """Says what happened; the journeys stay open behind it."""

    def __init__(
        self, what: str, hint: str, details: str, deeds: Deeds, parent: QWidget | None
    ) -> None:
        super().__init__(tr("Something went wrong"), what, hint, details, parent)
        self.setObjectName("crash")
        self._deeds = deeds
        self._count = 1
        self.kind = details.strip().rsplit("\n", 1)[-1]
        self.times = label("", "muted", wrap=True)
        self.times.hide()
        self.layout_.insertWidget(3, self.times)
        self._mute = QCheckBox(tr("Do not show this one again until the next start"))
        self.layout_.addWidget(self._mute)
        if deeds.save_all is not None:
            self._offer(tr("Save all"), self._save, "save")
        if deeds.restart is not None:
            self._offer(tr("Restart"), self._restart, "restart")
        self._finish(tr("Go on"))

    @property
    def muted(self) -> bool:
        """Whether the person does not want to hear of it again."""
        return self._mute.isChecked()

    def again(self, details: str) -> None:
        """It, or something else, has happened while this is shown."""
        self._count += 1
        self.times.setText(
            trn(
                "It has happened {n} time.", "This and others have happened {n} times.", self._count
            )
        )
        self.times.show()
        if details.strip().rsplit("\n", 1)[-1] != self.kind:
            whole = f"{self.details.toPlainText()}\n\n{details}"
            self.details.setPlainText(whole[:_LONGEST])

    def _save(self) -> None:
        if self._deeds.save_all is not None:
            self._deeds.save_all()

    def _restart(self) -> None:
        self.accept()
        if self._deeds.restart is not None:
            self._deeds.restart()


class EndedDialog(_Report):
    """Says that the program died the last time, and what came back."""

    def __init__(self, details: str, recovered: str, parent: QWidget | None) -> None:
        super().__init__(
            tr("The program ended unexpectedly last time"),
            recovered,
            tr(
                "Nothing of this is sent anywhere. The details help those who mend the program: copy "
                "them into your report."
            ),
            details,
            parent,
        )
        self.setObjectName("ended")
        self._finish(tr("Go on"))
