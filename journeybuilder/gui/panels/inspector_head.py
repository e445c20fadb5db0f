"""The head of the inspector: what kind of step it is, its title and its id."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton, QWidget

from journeybuilder.document.model import Node
from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.theme import glyph
from journeybuilder.kinds import KINDS


class NodeHead(QWidget):
    """Icon and kind, title and id of a step; both can be edited in place.

    Signals:
        titled: Another title was typed.
        renamed: Another id was typed.
        help_switched: Whether the words beside the fields are to be shown.
    """

    titled = Signal(str)
    renamed = Signal(str)
    help_switched = Signal(bool)

    def __init__(self, node: Node, look: Look, *, helps: bool) -> None:
        super().__init__()
        kind = KINDS.get(node.kind)
        self._shown = node.id
        outer = column(self, spacing=4)
        top = row(spacing=8)
        top.addWidget(self._icon(look, kind.icon if kind else "unknown", kind.group if kind else "other"))  # fmt: skip
        top.addWidget(label(tr(kind.title) if kind else node.kind, "caption"))
        top.addStretch(1)
        self.id = QLineEdit(node.id)
        self.id.setProperty("role", "nodeid")
        self.id.setMaximumWidth(150)
        self.id.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.id.setToolTip(tr("The node's id in the file; every wire follows when you change it"))
        self.id.setAccessibleName(tr("Id of the node"))
        self.id.editingFinished.connect(self._renamed)
        top.addWidget(self.id)
        copy = self._tool("", tr("Copy the id"), self._copy)
        copy.setIcon(look.icon("copy"))
        copy.setIconSize(QSize(14, 14))
        top.addWidget(copy)
        self.help = self._tool("?", tr("Show help beside every field"), self._switched)
        self.help.setCheckable(True)
        self.help.setChecked(helps)
        top.addWidget(self.help)
        outer.addLayout(top)
        self.title = QLineEdit(str(node.settings.get("title") or ""))
        self.title.setProperty("role", "nodetitle")
        self.title.setPlaceholderText(title_of(node))
        self.title.setAccessibleName(tr("Title of the node"))
        self.title.setToolTip(tr("Title of the node (F2)"))
        self.title.textEdited.connect(self.titled)
        outer.addWidget(self.title)
        if kind is not None:
            line = row(spacing=4)
            line.addWidget(label(tr(kind.about), "help", wrap=True), 1)
            outer.addLayout(line)

    def _icon(self, look: Look, name: str, group: str) -> QLabel:
        picture = QLabel()
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap.fromImage(glyph(name, look.theme.group(group), round(20 * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        picture.setPixmap(pixmap)
        return picture

    @staticmethod
    def _tool(sign: str, words: str, slot: Callable[..., object]) -> QToolButton:
        button = QToolButton()
        button.setText(sign)
        button.setProperty("role", "small")
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(slot)
        return button

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._shown)

    def _switched(self, checked: bool) -> None:
        self.help_switched.emit(checked)

    def _renamed(self) -> None:
        new = self.id.text().strip()
        if new != self._shown:
            self.renamed.emit(new)

    def refused(self) -> None:
        """The new id cannot be had: show the one it has."""
        self.id.setText(self._shown)

    def show_title(self, title: str) -> None:
        """Show what the journey says, without telling."""
        if self.title.text() != title:
            self.title.setText(title)
