"""Somebody without a mouse builds the returns of the sample shop from nothing, and they work."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typing_extensions import override

from journeybuilder.gui.canvas.view import CanvasView
from journeybuilder.gui.panels.palette import PalettePanel
from journeybuilder.kinds import KINDS
from tests.connect.pools import free_port
from tests.gui.desk import Desk
from tests.gui.hands import CTRL, SHIFT, Keyboard, asked, settle, when
from tests.gui.returns import (
    PAPER,
    check_that_it_works,
    fill_journey,
    fill_node,
    finish_journey,
    shop_without_returns,
    title_of,
    wires,
)

pytestmark = [pytest.mark.xdist_group("returns by keys"), pytest.mark.timeout(300)]


_MOUSE = frozenset({
    QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.DragEnter, QEvent.Type.Drop,
})  # fmt: skip


class NoMouse(QObject):
    """Sees every event of the application and writes down those of a mouse."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOUSE:
            self.seen.append(f"{event.type()} at {watched}")
        return False


@pytest.fixture
def no_mouse(qapp: QApplication) -> Iterator[NoMouse]:
    """Fails when the mouse was used after all."""
    watch = NoMouse()
    qapp.installEventFilter(watch)
    yield watch
    qapp.removeEventFilter(watch)
    assert not watch.seen


class Builder(Keyboard):
    """Also draws."""

    @property
    def canvas(self) -> CanvasView:
        """What is drawn on."""
        assert self.desk.window.tab is not None
        return self.desk.window.tab.canvas

    def command(self, words: str) -> None:
        """Find something in the command palette and do it."""
        self.key(Qt.Key.Key_K, CTRL)
        self.type(words)
        self.key(Qt.Key.Key_Return)
        self.at_window()

    def add(self, words: str, wanted: str, node: str) -> None:
        """Search a step or tool, add it, and give it its id; the cursor is in its settings then."""
        self.key(Qt.Key.Key_A, CTRL | SHIFT)
        palette = self.desk.window.docks.palette
        self.replace(words)
        self.desk.until(lambda: current_of(palette) == wanted)
        self.key(Qt.Key.Key_Return)
        self.key(Qt.Key.Key_F4)
        self.back("Id of the node")
        self.replace(node)
        self.key(Qt.Key.Key_Return)
        assert self.canvas.selected() == (node,)

    def wire(self, node: str, way: str, target: str) -> None:
        """Lead a way out of a step to another one."""
        self.command(node)
        assert self.canvas.selected() == (node,), (node, self.canvas.selected())
        assert self.canvas.hasFocus()
        ports = self.canvas.board.nodes[node].view.ports
        self.key(Qt.Key.Key_C)
        if len(ports) > 1:
            label = next(port.label or port.name for port in ports if port.name == way)
            self._take(label)
        self._take(title_of(target))
        wire = self.canvas.board.wires.get((node, way))
        assert wire is not None, f"{node} {way}: no wire"
        assert wire.target == target, f"{node} {way} leads to {wire.target}"

    def _take(self, words: str) -> None:
        """Choose a line of the list at the step."""
        popup = self.canvas.menus.popup
        assert popup is not None
        self.type(words)
        self.key(Qt.Key.Key_Return)
        self.at_window()


def current_of(palette: PalettePanel) -> str:
    """What Enter in the search of the palette would add."""
    row = palette.model.row_of(palette.tree.currentIndex())
    return row.key if row is not None else ""


def test_the_returns_are_built_with_keys_alone_from_nothing_and_work(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_mouse: NoMouse
) -> None:
    port = free_port()
    monkeypatch.setenv("RETAIL_CRM_PORT", str(port))
    root = shop_without_returns(tmp_path / "retail")
    with Desk(qtbot, tmp_path) as desk:
        desk.settings.opened(root)
        who = Builder(desk)
        begin(who)
        who.key(Qt.Key.Key_F6)
        who.key(Qt.Key.Key_A, CTRL)
        who.key(Qt.Key.Key_Delete)
        assert not desk.model.journey.nodes
        who.key(Qt.Key.Key_J, CTRL)
        fill_journey(who)
        for node, data in PAPER["nodes"].items():
            tool = data["kind"] == "tool"
            words = data["tool"].partition("/")[2] if tool else KINDS[data["kind"]].title
            who.add(words, f"tool:{data['tool']}" if tool else f"kind:{data['kind']}", node)
            fill_node(who, node)
        for node, way in wires():
            if desk.model.node(node).ports and not _leads(desk, node, way.name, way.target):
                who.wire(node, way.name, way.target)
        who.key(Qt.Key.Key_J, CTRL)
        finish_journey(who)
        who.key(Qt.Key.Key_S, CTRL)
        desk.until(lambda: desk.model.saved)
    assert not no_mouse.seen
    check_that_it_works(root, port)


def _leads(desk: Desk, node: str, way: str, target: str) -> bool:
    return any(port.name == way and port.target == target for port in desk.model.node(node).ports)


def begin(who: Builder) -> None:
    """From the first window to a new journey beside the tools of real servers."""
    desk = who.desk
    window = desk.window
    window.resize(1360, 860)
    settle()
    who.go("Open retail")
    who.key(Qt.Key.Key_Space)
    desk.until(asked)
    who.go("Start the servers")
    who.key(Qt.Key.Key_Space)
    space = window.files.workspace
    assert space is not None
    wanted = {"orders/get_order", "shipping/create_label", "crm/add_note"}
    desk.until(lambda: wanted <= set(space.known.tools) and not space.asking)
    who.at_window()

    def answer() -> None:
        who.type("Order return")
        who.key(Qt.Key.Key_Return)

    when(asked, answer)
    who.key(Qt.Key.Key_N, CTRL)
    desk.until(lambda: window.tab is not None and window.tab.canvas.isVisible())
    who.at_window()
