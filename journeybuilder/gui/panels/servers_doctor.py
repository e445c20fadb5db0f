"""What is right and wrong with one server, with a button wherever the program can mend it."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from journeybuilder.connect.doctor import Said
from journeybuilder.gui.forms.base import column, empty, label, row, sentence
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak

_MOST = 60
_TITLES: Mapping[str, str] = {
    "reach": noop("Reached by"), "version": noop("Version"), "protocol": noop("Protocol"),
    "login": noop("Login"), "offers": noop("Offers"), "took": noop("Took"), "wrong": noop("Wrong"),
    "to do": noop("To do"), "missing": noop("Missing"), "left out": noop("Left out"),
    "note": noop("Note"), "log": noop("Log"),
}  # fmt: skip
_SIGNS = {"wrong": "\u2716", "todo": "\u279c", "note": "\u26a0", "fact": "\u2714"}
_ROLES = {"wrong": "error", "todo": "", "note": "warning", "fact": ""}


class DoctorPage(QScrollArea):
    """The lines of `connect.doctor.examine`.

    Signals:
        cure: What shall be done: `login`, `secret:NAME`, `log`.
    """

    cure = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("What is right and wrong with the server"))
        body = QWidget()
        body.setProperty("role", "page")
        self._body = column(body, spacing=8, margins=(12, 12, 12, 12))
        self._body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(body)
        self.lines: Sequence[Said] = ()

    def show_lines(self, lines: Sequence[Said], secrets: Sequence[str]) -> None:
        """Show what was found out.

        Args:
            lines: As `examine` gives them.
            secrets: Names of secrets that the server needs and that are not stored.
        """
        if lines == self.lines and self._body.count():
            return
        self.lines = lines
        empty(self._body)
        for said in lines[:_MOST]:
            self._add(said)
        for name in secrets:
            words = tr("Store the secret {name}…", name=name)
            self._button(self._body.addWidget, words, weak(self.ask_for, f"secret:{name}"))

    def _add(self, said: Said) -> None:
        holder = QWidget()
        line = row(holder, spacing=8)
        sign = label(_SIGNS[said.tone], _ROLES[said.tone] or "muted")
        sign.setFixedWidth(16)
        title = label(tr(_TITLES[said.name]) if said.name in _TITLES else said.name, "caption")
        title.setFixedWidth(92)
        text = said.words[:3000] if said.tone == "fact" else sentence(said.words[:3000])
        words = label(text, _ROLES[said.tone], wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for one in (sign, title):
            line.addWidget(one, alignment=Qt.AlignmentFlag.AlignTop)
        side = QWidget()
        inner = column(side, spacing=4)
        inner.addWidget(words)
        self._cures(inner.addWidget, said)
        line.addWidget(side, 1)
        self._body.addWidget(holder)

    def _cures(self, add: Callable[..., object], said: Said) -> None:
        what, _, text = said.cure.partition(":")
        if what == "login":
            self._button(add, tr("Log in…"), weak(self.ask_for, "login"))
        elif what == "install":
            self._button(add, tr("Copy “{text}”", text=text), weak(self._copy, text))
        elif what == "log":
            self._button(add, tr("Show the log"), weak(self.ask_for, "log"))
        elif said.tone == "todo":
            self._button(add, tr("Copy"), weak(self._copy, said.words))

    @staticmethod
    def _button(add: Callable[..., object], words: str, slot: Callable[..., None]) -> None:
        button = QPushButton(words)
        button.setProperty("role", "quiet")
        button.clicked.connect(slot)
        add(button, alignment=Qt.AlignmentFlag.AlignLeft)

    def ask_for(self, what: str) -> None:
        """Tell what shall be done."""
        self.cure.emit(what)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
