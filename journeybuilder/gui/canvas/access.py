"""The canvas for screen readers: a list of nodes, each with its wires as links.

Qt knows nothing of what a scene draws, so every node and wire gets an interface of its own, made when
somebody asks for it. They live in a `Crib` until their node is gone: Qt keeps bare pointers to
interfaces that it has heard of, so each is taken back from Qt before Python may forget it.
"""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast
from weakref import ReferenceType, ref

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleInterface,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid
from typing_extensions import override

from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.canvas.telling import described, wire_words

if TYPE_CHECKING:
    from journeybuilder.gui.canvas.view import CanvasView

_Made = TypeVar("_Made", bound="_Thing")


class Crib:
    """Keeps the interfaces of one canvas alive, and takes them back from Qt when they go.

    Attributes:
        children: The ids of the nodes in their order; None where it is to be read anew.
    """

    _all: ClassVar[dict[int, "Crib"]] = {}

    def __init__(self, view: "CanvasView") -> None:
        self._view: ReferenceType[CanvasView] = ref(view)
        self._key = id(view)
        self._things: dict[Hashable, _Thing] = {}
        self.children: list[str] | None = None
        self._all[self._key] = self

    @classmethod
    def of(cls, view: QObject) -> "Crib | None":
        """The crib of a canvas; None for everything else."""
        found = cls._all.get(id(view))
        return found if found is not None and found.view() is view else None

    def view(self) -> "CanvasView | None":
        """The canvas, while it lives."""
        view = self._view()
        return view if view is not None and isValid(view) else None

    def get(self, key: Hashable, make: Callable[["Crib"], _Made]) -> _Made:
        """The interface of something, made when first asked for."""
        found = self._things.get(key)
        if found is None:
            found = self._things[key] = make(self)
        return cast("_Made", found)

    def node(self, node_id: str) -> "NodeAccess":
        """The interface of a node."""
        found = self._things.get(node_id)
        return cast("NodeAccess", found) if found else self.get(node_id, NodeAccess.maker(node_id))

    def wire(self, key: WireKey) -> "WireAccess":
        """The interface of a wire."""
        found = self._things.get(key)
        return cast("WireAccess", found) if found else self.get(key, WireAccess.maker(key))

    def order(self) -> list[str]:
        """The ids of the nodes, in the order in which they are read."""
        view = self.view()
        if view is None:
            return []
        if self.children is None:
            self.children = list(view.board.nodes)
        return self.children

    def prune(self) -> None:
        """Forget what has gone from the canvas."""
        self.children = None
        view = self.view()
        gone = [
            key
            for key in self._things
            if view is None or not (key in view.board.nodes or key in view.board.wires)
        ]
        for key in gone:
            _take_back(self._things.pop(key))

    def empty(self) -> None:
        """The canvas is gone: forget all of it."""
        for thing in self._things.values():
            _take_back(thing)
        self._things.clear()
        self._all.pop(self._key, None)


def _take_back(thing: QAccessibleInterface) -> None:
    """Let Qt delete an interface, so that it has no pointer to it any more."""
    if isValid(thing):
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(thing))


class _Press(QAccessibleActionInterface):
    """What can be done with a thing: put the focus on it, open it."""

    def __init__(self, thing: "_Thing") -> None:
        super().__init__()
        self._thing = ref(thing)

    @override
    def actionNames(self) -> list[str]:
        return [
            QAccessibleActionInterface.pressAction(),
            QAccessibleActionInterface.setFocusAction(),
        ]

    @override
    def doAction(self, actionName: str, /) -> None:
        thing = self._thing()
        if thing is None:
            return
        if actionName == QAccessibleActionInterface.pressAction():
            thing.press()
        elif actionName == QAccessibleActionInterface.setFocusAction():
            thing.focus()

    @override
    def keyBindingsForAction(self, actionName: str, /) -> list[str]:
        return ["Return"] if actionName == QAccessibleActionInterface.pressAction() else []


class _Thing(QAccessibleInterface):
    """What nodes and wires have in common."""

    def __init__(self, crib: Crib) -> None:
        super().__init__()
        self._crib = ref(crib)
        self._press = _Press(self)

    def view(self) -> "CanvasView | None":
        """The canvas, while it lives and shows this."""
        crib = self._crib()
        return crib.view() if crib is not None else None

    def press(self) -> None:
        """Open it."""

    def focus(self) -> None:
        """Let the keyboard be there."""

    def place(self, view: "CanvasView") -> QRect:
        """What it covers, in pixels of the canvas."""
        return view.viewport().rect()

    def words(self, view: "CanvasView") -> str:
        """What it is."""
        return view.accessibleName()

    @override
    def isValid(self) -> bool:
        return self.view() is not None

    @override
    def object(self) -> QObject:
        return cast("QObject", None)  # nothing of Qt stands for it

    @override
    def window(self) -> QWindow:
        view = self.view()
        return cast("QWindow", view.window().windowHandle() if view is not None else None)

    @override
    def childCount(self) -> int:
        return 0

    @override
    def child(self, index: int, /) -> QAccessibleInterface:
        return cast("QAccessibleInterface", None)

    @override
    def childAt(self, x: int, y: int, /) -> QAccessibleInterface:
        return cast("QAccessibleInterface", None)

    @override
    def indexOfChild(self, arg__1: QAccessibleInterface, /) -> int:
        return -1

    @override
    def setText(self, t: QAccessible.Text, text: str, /) -> None:
        """Names follow from the journey; a screen reader does not change them."""

    @override
    def text(self, t: QAccessible.Text, /) -> str:
        view = self.view()
        return self.words(view) if view is not None and t == QAccessible.Text.Name else ""

    @override
    def rect(self) -> QRect:
        view = self.view()
        if view is None:
            return QRect()
        box = self.place(view)
        return QRect(view.viewport().mapToGlobal(box.topLeft()), box.size())

    @override
    def interface_cast(self, arg__1: QAccessible.InterfaceType, /) -> int:
        wanted = arg__1 == QAccessible.InterfaceType.ActionInterface
        return cast("int", self._press if wanted else None)  # the binding takes the object

    def _shown(self, view: "CanvasView") -> QAccessible.State:
        state = QAccessible.State()
        state.selectable = True
        state.focusable = True
        state.offscreen = not self.place(view).intersects(view.viewport().rect())
        return state


class NodeAccess(_Thing):
    """A node: an item of the list."""

    def __init__(self, crib: Crib, node_id: str) -> None:
        super().__init__(crib)
        self.node_id = node_id

    @staticmethod
    def maker(node_id: str) -> Callable[[Crib], "NodeAccess"]:
        """Makes the interface of a node in a crib."""

        def make(crib: Crib) -> NodeAccess:
            return NodeAccess(crib, node_id)

        return make

    @override
    def view(self) -> "CanvasView | None":
        view = super().view()
        return view if view is not None and self.node_id in view.board.nodes else None

    @override
    def press(self) -> None:
        view = self.view()
        if view is not None:
            view.select((self.node_id,))
            view.activate(self.node_id)

    @override
    def focus(self) -> None:
        view = self.view()
        if view is not None:
            view.setFocus()
            view.select((self.node_id,))
            view.focus_node(self.node_id)

    @override
    def place(self, view: "CanvasView") -> QRect:
        return view.mapFromScene(view.board.nodes[self.node_id].card()).boundingRect()

    @override
    def words(self, view: "CanvasView") -> str:
        return described(view.board, self.node_id)

    @override
    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    @override
    def state(self) -> QAccessible.State:
        view = self.view()
        if view is None:
            return QAccessible.State()
        state = self._shown(view)
        state.selected = self.node_id in view.board.selection
        state.focused = view.hasFocus() and view.board.current == self.node_id
        state.multiSelectable = True
        return state

    @override
    def parent(self) -> QAccessibleInterface:
        view = self.view()
        found = QAccessible.queryAccessibleInterface(view) if view is not None else None
        return cast("QAccessibleInterface", found)

    def _wires(self) -> list[WireKey]:
        view = self.view()
        return list(view.board.leaving.get(self.node_id, ())) if view is not None else []

    @override
    def childCount(self) -> int:
        return len(self._wires())

    @override
    def child(self, index: int, /) -> QAccessibleInterface:
        wires, crib = self._wires(), self._crib()
        known = crib is not None and 0 <= index < len(wires)
        found = crib.wire(wires[index]) if crib is not None and known else None
        return cast("QAccessibleInterface", found)

    @override
    def indexOfChild(self, arg__1: QAccessibleInterface, /) -> int:
        wires = self._wires()
        known = isinstance(arg__1, WireAccess) and arg__1.key in wires
        return wires.index(cast("WireAccess", arg__1).key) if known else -1


class WireAccess(_Thing):
    """A wire: a link from its node to where it leads."""

    def __init__(self, crib: Crib, key: WireKey) -> None:
        super().__init__(crib)
        self.key = key

    @staticmethod
    def maker(key: WireKey) -> Callable[[Crib], "WireAccess"]:
        """Makes the interface of a wire in a crib."""

        def make(crib: Crib) -> WireAccess:
            return WireAccess(crib, key)

        return make

    @override
    def view(self) -> "CanvasView | None":
        view = super().view()
        return view if view is not None and self.key in view.board.wires else None

    @override
    def press(self) -> None:
        view = self.view()
        if view is not None:
            target = view.board.wires[self.key].target
            view.select((target,))
            view.focus_node(target)

    @override
    def focus(self) -> None:
        view = self.view()
        if view is not None:
            view.setFocus()
            view.select(())
            view.board.pick(self.key)

    @override
    def place(self, view: "CanvasView") -> QRect:
        return view.mapFromScene(view.board.wires[self.key].item.boundingRect()).boundingRect()

    @override
    def words(self, view: "CanvasView") -> str:
        return wire_words(view.board, self.key)

    @override
    def role(self) -> QAccessible.Role:
        return QAccessible.Role.Link

    @override
    def state(self) -> QAccessible.State:
        view = self.view()
        if view is None:
            return QAccessible.State()
        state = self._shown(view)
        state.linked = True
        state.selected = view.board.picked == self.key
        state.focused = state.selected and view.hasFocus()
        return state

    @override
    def parent(self) -> QAccessibleInterface:
        crib = self._crib()
        known = crib is not None and self.view() is not None
        return cast("QAccessibleInterface", crib.node(self.key[0]) if crib and known else None)


class CanvasAccess(QAccessibleWidget):
    """The canvas itself: a list. It holds no reference that keeps the canvas alive."""

    def __init__(self, view: "CanvasView", crib: Crib) -> None:
        super().__init__(view, QAccessible.Role.List, view.accessibleName())
        self._crib = ref(crib)

    def _order(self) -> list[str]:
        crib = self._crib()
        return crib.order() if crib is not None else []

    def _node(self, node_id: str) -> QAccessibleInterface:
        crib = self._crib()
        found = crib.node(node_id) if crib is not None and node_id in self._order() else None
        return cast("QAccessibleInterface", found)

    @override
    def role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    @override
    def childCount(self) -> int:
        return len(self._order())

    @override
    def child(self, index: int, /) -> QAccessibleInterface:
        order = self._order()
        return self._node(order[index] if 0 <= index < len(order) else "")

    @override
    def indexOfChild(self, arg__1: QAccessibleInterface, /) -> int:
        order = self._order()
        known = isinstance(arg__1, NodeAccess) and arg__1.node_id in order
        return order.index(cast("NodeAccess", arg__1).node_id) if known else -1

    @override
    def childAt(self, x: int, y: int, /) -> QAccessibleInterface:
        crib = self._crib()
        view = crib.view() if crib is not None else None
        if view is None:
            return self._node("")
        at = view.mapToScene(view.viewport().mapFromGlobal(QPoint(x, y)))
        return self._node(view.board.node_at(at))

    @override
    def focusChild(self) -> QAccessibleInterface:
        crib = self._crib()
        view = crib.view() if crib is not None else None
        return self._node(view.board.current if view is not None and view.hasFocus() else "")


def _interface_of(_name: str, thing: QObject) -> QAccessibleInterface | None:
    crib = Crib.of(thing)
    view = crib.view() if crib is not None else None
    return CanvasAccess(view, crib) if crib is not None and view is not None else None


QAccessible.installFactory(_interface_of)
