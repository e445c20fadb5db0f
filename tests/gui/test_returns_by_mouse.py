"""Somebody builds the returns of the sample shop from nothing with the mouse, and they work."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas.geometry import WIDTH
from journeybuilder.gui.canvas.view import CanvasView
from journeybuilder.gui.panels.palette import PalettePanel
from journeybuilder.gui.workspace.consent import ConsentDialog
from journeybuilder.kinds import KINDS
from tests.connect.pools import free_port
from tests.gui.canvas.hand import CTRL, Hand
from tests.gui.desk import Desk
from tests.gui.hands import LEFT, NO, NO_BUTTON, Mouse, asked, settle, when
from tests.gui.returns import (
    PAPER,
    check_that_it_works,
    fill_journey,
    fill_node,
    finish_journey,
    shop_without_returns,
    wires,
)

pytestmark = [
    pytest.mark.usefixtures("quick_hand"),
    pytest.mark.xdist_group("returns by mouse"),
    pytest.mark.timeout(300),
]

GRID: Mapping[str, tuple[int, int]] = {
    name: (column, row)
    for row, line in enumerate((
        "begin which look_up theirs ask_why why",
        "with_fee eligible label note here_it_is done",
        "what_failed unknown summary decide declined too_late",
        "sorry not_sent to_person no_answer bye",
    ))
    for column, name in enumerate(line.split())
}  # fmt: skip
"""Where each step goes on the canvas: column and row."""
FROM = {
    "which": ("begin", "next"), "ask_why": ("theirs", "cases.0"), "eligible": ("with_fee", "next"),
    "decide": ("summary", "next"), "bye": ("to_person", "next"),
}  # fmt: skip
"""Steps that are made by letting go of a wire where nothing is, and the way out that it comes from."""
_FAR = 0.45


@pytest.fixture
def quick_hand(qapp: QApplication) -> Iterator[None]:
    """A box takes no second click as long as that could be a double click; this hand is quicker."""
    usual = qapp.doubleClickInterval()
    qapp.setDoubleClickInterval(1)
    yield
    qapp.setDoubleClickInterval(usual)


class Builder(Mouse):
    """Also draws."""

    corner = QPointF()
    """Where the first step goes."""

    @property
    def canvas(self) -> CanvasView:
        """What is drawn on."""
        assert self.desk.window.tab is not None
        return self.desk.window.tab.canvas

    @property
    def hand(self) -> Hand:
        """What draws."""
        return Hand(self.canvas)

    def cell(self, node: str) -> QPointF:
        """Where a step goes, in the scene."""
        column, row = GRID[node]
        return self.corner + QPointF(column * 275, row * 300)

    def drag_from_palette(self, words: str, wanted: str, node: str) -> None:
        """Search something, take hold of the wanted hit, and let it go where the step belongs."""
        palette = self.desk.window.docks.palette
        self.click(palette.search)
        self.replace(words)
        tree = palette.tree
        self.desk.until(lambda: first_hit(palette) == wanted)
        spot = tree.visualRect(tree.model().index(0, 0)).center()
        port = tree.viewport()
        taken: list[Any] = []
        tree.dragged.connect(taken.append)
        self.mouse(QEvent.Type.MouseButtonPress, port, spot, LEFT, LEFT)
        for step in (QPoint(12, 4), QPoint(30, 8)):
            self.mouse(QEvent.Type.MouseMove, port, spot + step, NO_BUTTON, LEFT)
        tree.dragged.disconnect(taken.append)
        assert len(taken) == 1, "the palette does not let it be dragged"
        # Off screen a drag is over as soon as it begins, so what follows comes from here.
        data, goal = tree.model().mimeData(taken), self.cell(node)
        assert self.hand.carry_data(data, [goal - QPointF(80, 0), goal - QPointF(20, 0), goal])
        self.mouse(QEvent.Type.MouseButtonRelease, port, spot, LEFT, NO_BUTTON)
        self.steps += 1
        settle()
        self._call(node)

    def drop_wire(self, source: str, port: str, kind: str, node: str) -> None:
        """Draw a wire to where nothing is, and choose there what it shall lead to."""
        item = self.canvas.board.nodes[source]
        self.hand.drag(item.port_at(port), self.cell(node) - QPointF(WIDTH / 2, 0))
        self.steps += 1
        popup = self.canvas.menus.popup
        assert popup is not None
        self.type(kind)
        row = next(
            row for row in range(popup.list.count())
            if popup.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole).startswith(f"{kind}.")
        )  # fmt: skip
        line = popup.list.visualItemRect(popup.list.item(row))
        QTest.mouseClick(popup.list.viewport(), LEFT, NO, line.center())
        settle()
        self._call(node)

    def _call(self, node: str) -> None:
        """The new step is selected; give it its id."""
        before = self.canvas.selected()
        assert len(before) == 1
        self.fill("Id of the node", node)
        self.key(Qt.Key.Key_Return)
        assert self.canvas.selected() == (node,)

    def connect(self, source: str, port: str, target: str) -> None:
        """Draw a wire."""
        nodes = self.canvas.board.nodes
        self.hand.drag(nodes[source].port_at(port), nodes[target].entry())
        self.steps += 1
        settle()
        wire = self.canvas.board.wires.get((source, port))
        assert wire is not None, (
            f"{source} {port}: {[one.name for one in nodes[source].view.ports]}"
        )
        assert wire.target == target

    def select(self, node: str) -> None:
        """Click on a step."""
        self.hand.click(self.canvas.board.nodes[node].entry() + QPointF(60, 0))
        self.steps += 1
        settle()
        assert self.canvas.selected() == (node,)

    def leave_steps(self) -> None:
        """Click where nothing is: the settings of the journey itself are shown."""
        self.hand.click(self.canvas.mapToScene(QPoint(12, 12)))
        self.steps += 1
        settle()
        assert not self.canvas.selected()

    def wipe(self) -> None:
        """Remove what a new journey begins with, and look at the canvas from farther away."""
        self.hand.click(self.canvas.mapToScene(QPoint(20, 20)))
        self.key(Qt.Key.Key_A, CTRL)
        self.key(Qt.Key.Key_Delete)
        assert not self.desk.model.journey.nodes
        self.key(Qt.Key.Key_M, CTRL)  # the small map lies over the canvas
        middle = self.canvas.visible_area().center()
        while self.canvas.zoom() > _FAR:
            self.hand.wheel(middle, angle=-120, keys=CTRL)
        self.corner = self.canvas.mapToScene(QPoint(60, 40))


def first_hit(palette: PalettePanel) -> str:
    """What the search of the palette has found first."""
    row = palette.model.row_of(palette.model.index(0, 0))
    return row.key if row is not None else ""


def test_the_returns_are_built_with_the_mouse_from_nothing_and_work(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("RETAIL_CRM_PORT", str(port))
    root = shop_without_returns(tmp_path / "retail")
    with Desk(qtbot, tmp_path) as desk:
        desk.settings.opened(root)
        who = Builder(desk)
        begin(who)
        who.wipe()
        fill_journey(who)
        for node, data in PAPER["nodes"].items():
            if node in FROM:
                who.drop_wire(*FROM[node], KINDS[data["kind"]].title, node)
            elif data["kind"] == "tool":
                words = data["tool"].partition("/")[2]
                who.drag_from_palette(words, f"tool:{data['tool']}", node)
            else:
                who.drag_from_palette(data["kind"], f"kind:{data['kind']}", node)
            fill_node(who, node)
        for node, way in wires():
            if FROM.get(way.target) != (node, way.name):
                who.connect(node, way.name, way.target)
        who.leave_steps()
        finish_journey(who)
        who.key(Qt.Key.Key_S, CTRL)
        desk.until(lambda: desk.model.saved)
    check_that_it_works(root, port)


def begin(who: Builder) -> None:
    """From the first window to an empty canvas beside the tools of real servers."""
    desk = who.desk
    window = desk.window
    window.resize(1360, 860)
    settle()
    link = next(
        one
        for one in window.welcome.findChildren(QPushButton)
        if one.accessibleName() == "Open retail"
    )
    who.click(link)
    settle()
    dialog = window.findChild(ConsentDialog)
    assert dialog is not None
    allow = dialog.findChild(QPushButton, "allow")
    assert allow is not None
    who.click(allow)
    space = window.files.workspace
    assert space is not None
    desk.until(
        lambda: (
            {"orders/get_order", "shipping/create_label", "crm/add_note"} <= set(space.known.tools)
            and not space.asking
        )
    )

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QInputDialog)
        who.type("Order return")
        ok = next(
            one for one in box.findChildren(QPushButton) if one.text().replace("&", "") == "OK"
        )
        who.click(ok)

    when(asked, answer)
    new = next(
        one
        for one in window.welcome.findChildren(QPushButton)
        if one.objectName() == "welcome.file.new_journey"
    )
    who.click(new)
    desk.until(lambda: window.tab is not None and window.tab.canvas.isVisible())
    who.at_window()
    settle()
