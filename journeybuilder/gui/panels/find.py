"""Find and replace: in the journey in front or the whole workspace, with every place in a list."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QTreeWidgetItem,
    QWidget,
)
from typing_extensions import override

from journeybuilder.checks.wording import place_words
from journeybuilder.document.model import Journey
from journeybuilder.errors import AuthorError
from journeybuilder.gui.canvas.layers import Badge, Layer, NodeMark
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.journey.seek import (
    Match,
    edit_of,
    matches,
    replace_all,
    replaced,
)
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.rows import HEADER, ICON, SUB, TAG, TONE
from journeybuilder.gui.panels.find_fields import FindFields
from journeybuilder.gui.panels.found_tree import MATCH, FoundTree, Place
from journeybuilder.gui.panels.panel import BY_KEYS, Panel

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

_ROW = 40  # pixels of the list that are always seen
_SETTLE = 120  # ms after the last key until one looks
_AROUND = 28  # characters shown before what was found
_MOST = 2000
_ICONS = {
    "id": "branch", "variable": "set", "name": "pencil", "text": "say", "expression": "function",
    "tool": "tool", "other": "settings",
}  # fmt: skip
_LAYER = "search"


class FindPanel(Panel, QWidget):
    """What to find, what to write for it, and the places."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self._tab: JourneyTab | None = None
        self._model: JourneyModel | None = None
        self._space: WorkspaceModel | None = None
        self._work: Iterator[None] | None = None
        self._found: list[Place] = []
        self._heads: dict[str, QTreeWidgetItem] = {}
        self._marked: list[JourneyTab] = []
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        layout = column(self, spacing=0)
        self.fields = FindFields()
        self.line, self.new = self.fields.line, self.fields.new
        self.case, self.word, self.regex = self.fields.case, self.fields.word, self.fields.regex
        self.where, self.scope = self.fields.where, self.fields.scope
        self.one, self.all = self.fields.one, self.fields.all
        layout.addWidget(self.fields)
        self.fields.changed.connect(self._later)
        self.new.textChanged.connect(self._preview)
        self.one.clicked.connect(self.replace_one)
        self.all.clicked.connect(self.replace_everywhere)
        self.line.installEventFilter(self)
        self.new.installEventFilter(self)
        self.words = label("", "muted", wrap=True)
        self.words.setContentsMargins(12, 0, 12, 6)
        layout.addWidget(self.words)
        self.tree = FoundTree(window.look)
        self.tree.setMinimumHeight(_ROW)
        layout.addWidget(self.tree, 1)
        self._settle = self._timer(_SETTLE)
        self._settle.timeout.connect(self.search)
        self._slice = self._timer(0)
        self._slice.timeout.connect(self._go_on)
        self.tree.went.connect(self.go_to)
        self.tree.currentItemChanged.connect(self._ready)
        self._ready()

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        return timer

    # --- what is shown -----------------------------------------------------------------------------

    @override
    def show_world(self, space: "WorkspaceModel | None") -> None:
        self._space = space
        self._later()

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        if self._model is not None:
            self._model.edited.disconnect(self._later)
        self._unmark()
        self._tab = tab
        self._model = tab.model if tab is not None else None
        if self._model is not None:
            self._model.edited.connect(self._later)
        self._later()

    @override
    def go(self) -> None:
        """Put the cursor into the field."""
        self.line.setFocus(BY_KEYS)
        self.line.selectAll()

    def begin(self, *, everywhere: bool = False, replace: bool = False, text: str = "") -> None:
        """Start to look: in the whole workspace, with the cursor in the field that replaces."""
        if everywhere:
            self.scope.setCurrentIndex(self.scope.findData("workspace"))
        elif not replace:
            self.scope.setCurrentIndex(0)
        if text:
            self.line.setText(text)
        target = self.new if replace and self.line.text() else self.line
        target.setFocus(BY_KEYS)
        target.selectAll()

    @property
    def found(self) -> Sequence[Place]:
        """What was found."""
        return self._found

    def _later(self) -> None:
        if self.isVisible():
            self._settle.start()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settle.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle.stop()
        self._slice.stop()
        self._unmark()

    # --- looking -------------------------------------------------------------------------------------

    def search(self) -> None:
        """Look everywhere anew, a journey at a time."""
        self._settle.stop()
        self._here = self.tree.place()
        self.tree.clear()
        self._heads, self._found = {}, []
        self._work = self._each()
        self._go_on()

    def _journeys(self) -> list[tuple[str, Journey]]:
        here = self._model.journey if self._model is not None else None
        out = [(here.id, here)] if here is not None else []
        if self.scope.currentData() != "workspace" or self._space is None:
            return out
        shown = {tab.model.journey.id: tab.model.journey for tab in self._window.tabs()}
        for name, file in self._space.workspace.journeys.items():
            if here is None or name != here.id:
                out.append((name, shown.get(name, file.journey)))
        return out

    def _each(self) -> Iterator[None]:
        for name, journey in self._journeys():
            self._add(name, journey, matches(journey, self.fields.query))
            yield

    def _go_on(self) -> None:
        """One journey, then what else waits for its turn."""
        work = self._work
        if work is None:
            return
        try:
            next(work)
        except StopIteration:
            self._work = None
            self._done("")
        except AuthorError as error:
            self._work = None
            self._done(f"{said(error.what)} {said(error.hint)}".strip())
        else:
            self._slice.start()

    def _done(self, wrong: str) -> None:
        self.words.setProperty("role", "wrong" if wrong else "muted")
        self.words.style().polish(self.words)
        self.words.setText(wrong or self._count_words())
        self._mark()
        self._restore()
        self._ready()

    def _count_words(self) -> str:
        if not self.line.text():
            return tr("Type what to find: words, names, a tool, a part of an expression.")
        places, journeys = len(self._found), len(self._heads)
        if not places:
            return tr("Nothing was found.")
        words = trn("{n} place", "{n} places", places)
        return (
            words if journeys <= 1 else words + trn(" in {n} journey", " in {n} journeys", journeys)
        )

    def _add(self, name: str, journey: Journey, found: Sequence[Match]) -> None:
        if not found:
            return
        head = QTreeWidgetItem([f"{journey.title}  ({len(found)})"])
        head.setData(0, HEADER, 1)
        self.tree.addTopLevelItem(head)
        self._heads[name] = head
        room = max(0, _MOST - len(self._found))
        rows = [self._row(journey, Place(name, match)) for match in found[:room]]
        head.addChildren(rows)
        head.setExpanded(True)
        self._found += [Place(name, match) for match in found[:room]]

    def _row(self, journey: Journey, place: Place) -> QTreeWidgetItem:
        match = place.match
        node = journey.nodes.get(match.node)
        item = QTreeWidgetItem([title_of(node) if node is not None else tr("The journey itself")])
        item.setData(0, ICON, _ICONS[match.what])
        item.setData(0, TONE, "muted")
        where = place_words(match.inside) if match.inside else tr("its name")
        item.setData(0, TAG, where)
        item.setData(0, MATCH, place)
        self._say(item, match)
        return item

    def _say(self, item: QTreeWidgetItem, match: Match) -> None:
        """The words around, and what they would be."""
        words = around(match.text, match.start, match.end)
        new = self.new.text()
        if new:
            try:
                after = replaced(match, self.fields.query, new)
                shift = len(after) - len(match.text)
                words += f"  →  {around(after, match.start, match.end + shift)}"
            except AuthorError as error:
                words += f"  ({error.what})"
        item.setData(0, SUB, words)
        item.setData(
            0, Qt.ItemDataRole.AccessibleTextRole, f"{item.text(0)}, {item.data(0, TAG)}: {words}"
        )

    def _preview(self) -> None:
        for item in self.tree.rows():
            place = item.data(0, MATCH)
            if isinstance(place, Place):
                self._say(item, place.match)
        self._ready()

    def _restore(self) -> None:
        rows = self.tree.rows()
        for item in rows:
            place = item.data(0, MATCH)
            here = self._here
            if here is not None and (place.match.path, place.match.start) == (
                here.match.path,
                here.match.start,
            ):
                self.tree.setCurrentItem(item)
                return

    def _ready(self) -> None:
        self.all.setEnabled(bool(self._found))
        self.one.setEnabled(self.tree.place() is not None)

    # --- on the canvas ---------------------------------------------------------------------------------

    def _mark(self) -> None:
        """Show on every open canvas what was found in it."""
        self._unmark()
        badge = Badge("search", tr("found"), "accent")
        for tab in self._window.tabs():
            mine = {one.match.node for one in self._found if one.journey == tab.model.journey.id}
            nodes = {node: NodeMark(ring="accent", badges=(badge,)) for node in mine if node}
            if nodes:
                tab.canvas.set_layer(_LAYER, Layer(nodes=nodes, priority=30))
                self._marked.append(tab)

    def _unmark(self) -> None:
        shown = self._window.tabs()
        for tab in self._marked:
            if tab in shown:
                tab.canvas.clear_layer(_LAYER)
        self._marked = []

    # --- going there -------------------------------------------------------------------------------------

    def go_to(self, place: object) -> None:
        """Show a place; its journey is opened where it is not, the cursor stays here."""
        if not isinstance(place, Place):
            return
        tab = self._window.files.open_journey(place.journey)
        if tab is None:
            return
        if place.match.node in tab.model.journey.nodes:
            tab.go_to(place.match.node)
        else:
            tab.canvas.select(())
        self._window.docks.show("inspector")
        self._window.docks.inspector.reveal(place.match.inside)

    def step(self, by: int) -> None:
        """Go to the next place or the one before."""
        self.tree.step(by)

    @override
    def eventFilter(self, o: QObject, e: QEvent) -> bool:
        if not isinstance(e, QKeyEvent) or e.type() != QEvent.Type.KeyPress:
            return super().eventFilter(o, e)
        enter = e.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        shift = bool(e.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if enter and o is self.line:
            if self._settle.isActive():
                self.search()
            self.tree.step(-1 if shift else 1)
            return True
        if enter and o is self.new:
            self.replace_one()
            return True
        if e.key() == Qt.Key.Key_Down and o in {self.line, self.new}:
            self.tree.setFocus(BY_KEYS)
            return True
        return super().eventFilter(o, e)

    # --- replacing -----------------------------------------------------------------------------------------

    def replace_one(self) -> None:
        """Replace at the current place and go on to the next."""
        place = self.tree.place()
        if place is None:
            self.tree.step(1)
            return
        tab = self._window.files.open_journey(place.journey)
        if tab is None:
            return
        rows = self.tree.rows()
        at = next((n for n, item in enumerate(rows) if item is self.tree.currentItem()), 0)
        try:
            edit = edit_of(place.match, self.fields.query, self.new.text())
        except AuthorError as error:
            self._window.say(error.what)
            return
        if tab.model.apply(tr("Replace {text}", text=place.match.found), edit):
            self.search()
            rows = self.tree.rows()
            if rows:
                self.tree.setCurrentItem(rows[min(at, len(rows) - 1)])

    def replace_everywhere(self) -> None:
        """Replace at every place: one step of undo in each journey; closed ones are opened for it."""
        query, new, front = self.fields.query, self.new.text(), self._model
        count, refused = 0, list[str]()
        for name in dict.fromkeys(place.journey for place in self._found):
            tab = self._window.files.open_journey(name)
            if tab is None:
                continue
            try:
                done = replace_all(tab.model.draft, query, new)
            except AuthorError as error:
                self._window.say(error.what)
                return
            refused += done.refused
            if done.edits and tab.model.apply(
                tr("Replace all {text}", text=query.text), *done.edits
            ):
                count += done.count
        for tab in self._window.tabs():
            if tab.model is front:
                self._window.show_tab(tab)
        self.search()
        words = trn("{n} place was replaced.", "{n} places were replaced.", count)
        if refused:
            words += " " + tr("Not everything could be: {why}", why=said(refused[0]))
        self.words.setText(words)
        self._window.say(words)


def around(text: str, start: int, end: int) -> str:
    """The words around a place, in one line."""
    first = max(0, start - _AROUND)
    before = " ".join(text[first:start].split("\n"))
    after = " ".join(text[start : end + 2 * _AROUND].split("\n"))
    more = "…" if end + 2 * _AROUND < len(text) else ""
    return ("…" if first else "") + before + after + more


def make_panel(window: "MainWindow") -> FindPanel:
    """The panel of a window."""
    return FindPanel(window)
