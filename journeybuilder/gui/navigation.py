"""Jumping to what is meant and to where it is used; asks in a menu where there are several places."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit

from journeybuilder.gui.form_requests import FormRequests
from journeybuilder.gui.journey.definitions import Target, behind, defined, uses_of, word_at
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.trail import Trail

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_MOST = 24


class Navigation(QObject):
    """Goes to definitions and uses; lives as long as its window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @classmethod
    def of(cls, window: "MainWindow") -> "Navigation":
        """The one of a window."""
        return window.findChild(cls) or cls(window)

    def word(self) -> str:
        """The name at the cursor of the field that has the focus, or ""."""
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit):
            return field.selectedText() or word_at(field.text(), field.cursorPosition())
        if isinstance(field, QPlainTextEdit):
            cursor = field.textCursor()
            return cursor.selectedText() or word_at(cursor.block().text(), cursor.positionInBlock())
        return ""

    def definition(self) -> None:
        """Go to what the name at the cursor means, or to what the selected step rests on."""
        tab = self._window.tab
        if tab is None:
            return
        journey, known = tab.model.journey, tab.model.known
        word = self.word()
        found = defined(journey, known, word) if word else []
        chosen = tab.canvas.selected()
        if not found and len(chosen) == 1 and chosen[0] in journey.nodes:
            found = behind(journey, known, journey.nodes[chosen[0]])
        self._choose(found, tr("There is nothing to go to from here."))

    def uses(self) -> None:
        """Go to where the name at the cursor or the selected step is used."""
        tab = self._window.tab
        if tab is None:
            return
        word = self.word().partition(".")[0]
        chosen = tab.canvas.selected()
        if word and word not in tab.model.journey.nodes:
            self._window.docks.go("find")
            panel = self._window.docks.panel("find")
            from journeybuilder.gui.panels.find import FindPanel  # noqa: PLC0415 - when first used

            if isinstance(panel, FindPanel):
                panel.word.setChecked(True)
                panel.begin(text=word)
                panel.search()
            return
        node = tab.model.journey.nodes.get(word or (chosen[0] if len(chosen) == 1 else ""))
        found = uses_of(tab.model.journey, node) if node is not None else []
        self._choose(found, tr("Select a step to see where it is used."))

    def _choose(self, found: Sequence[Target], nothing: str) -> None:
        if not found:
            self._window.say(nothing)
        elif len(found) == 1:
            self.go(found[0])
        else:
            menu = QMenu(self._window)
            menu.setObjectName("targets")
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            for target in found[:_MOST]:
                action = menu.addAction(target.words.replace("&", "&&"))
                action.triggered.connect(weak(self.go, target))
            menu.popup(self._place())
            menu.setActiveAction(menu.actions()[0])

    def _place(self) -> QPoint:
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit | QPlainTextEdit):
            return field.mapToGlobal(
                QPoint(
                    0,
                    field.cursorRect().bottom()
                    if isinstance(field, QPlainTextEdit)
                    else field.height(),
                )
            )
        tab = self._window.tab
        chosen = tab.canvas.selected() if tab is not None else ()
        item = tab.canvas.board.nodes.get(chosen[0]) if tab is not None and chosen else None
        if tab is None or item is None:
            return self._window.mapToGlobal(self._window.rect().center())
        corner = tab.canvas.mapFromScene(item.card().bottomLeft())
        return tab.canvas.viewport().mapToGlobal(corner)

    def go(self, target: Target) -> None:
        """Show a target."""
        window, tab = self._window, self._window.tab
        if target.what == "journey":
            Trail.of(window).show(target.name, "")
        elif target.what == "model":
            FormRequests.of(window).models(target.name)
        elif target.what == "tool":
            window.docks.show("palette")
            window.docks.palette.search.setText(target.name.rpartition("/")[2])
            window.docks.palette.go()
        elif tab is not None:
            tab.go_to(target.name)
            window.docks.show("inspector")
            window.docks.inspector.reveal(target.path)
