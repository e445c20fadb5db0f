"""What the canvas shows and asks for, by id: the only thing it knows of a journey.

The canvas owns no journey data. It reads a `CanvasModel`, listens to its signals, and turns every
gesture into one intent; what the intent means, and its undo, is the model's affair.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from journeybuilder.document.drawings import Drawing

PortStyle = Literal["normal", "error", "timeout"]
NodeState = Literal["", "running", "done", "waiting", "failed"]
NODE_MIME = "application/x-journeybuilder-node"
"""What the palette drags: UTF-8 JSON with kind, settings and a title for the ghost:
`{"kind": "tool", "settings": {"tool": "orders/get"}, "title": "Get an order"}`."""

WireKey = tuple[str, str]
"""A wire is known by where it starts: source node and port name."""
QuickKind = tuple[str, str, str, Mapping[str, Any]]
"""An entry of the quick menu: kind, title, one sentence about it, settings of the new node."""


@dataclass(frozen=True, slots=True)
class PortView:
    """A way out of a node as it is drawn.

    Attributes:
        name: Unique in the node; what `connect_port` and `disconnect_port` take.
        label: What the node's face says beside it.
        target: The node it leads to, or an empty string.
        required: True where an unwired port is a finding.
    """

    name: str
    label: str
    style: PortStyle = "normal"
    target: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node as it is drawn.

    Attributes:
        icon: Name of an icon in `resources/icons`.
        group: `talk`, `tools`, `models`, `flow`, `people` or `other`; picks the color.
        line: The one line that matters: the question, the tool, the condition.
        badges: Words out of `error`, `warning`, `risk`, `model`, `start`, in order of weight.
    """

    id: str
    kind: str
    icon: str
    group: str
    title: str
    line: str = ""
    ports: tuple[PortView, ...] = ()
    badges: tuple[str, ...] = ()
    state: NodeState = ""


class CanvasModel(QObject):
    """Base of what a canvas can show; a subclass answers every method below.

    Signals:
        nodes_added, nodes_removed, nodes_changed, nodes_moved: Carry a tuple of node ids. Changed
            means anything in `NodeView`, the targets of its ports included.
        drawings_changed: Frames or notes have come, gone or changed.
        reset: Everything may be different; the canvas reads all of it again.

    Where ids are taken, `move`, `remove`, `position`, `retitle` and `paint` take the keys of frames
    and notes (`frame:ID`, `note:ID`), too.
    """

    nodes_added = Signal(object)
    nodes_removed = Signal(object)
    nodes_changed = Signal(object)
    nodes_moved = Signal(object)
    drawings_changed = Signal()
    reset = Signal()

    @abstractmethod
    def node_ids(self) -> Sequence[str]:
        """Every node, in the journey's order."""
        ...

    @abstractmethod
    def node(self, node_id: str) -> NodeView:
        """How a node looks now. Raises KeyError for an unknown id."""
        ...

    @abstractmethod
    def position(self, node_id: str) -> tuple[float, float]:
        """Top left corner of the node's card in scene units (1 unit is 1 px at 100 %)."""
        ...

    @abstractmethod
    def incoming(self, node_id: str) -> Sequence[WireKey]:
        """The wires that lead to a node."""
        ...

    @abstractmethod
    def move(self, positions: Mapping[str, tuple[float, float]], gesture: str) -> None:
        """Put nodes elsewhere; moves with the same gesture are one step of undo."""
        ...

    @abstractmethod
    def connect_port(self, source: str, port: str, target: str) -> None:
        """Lead a port to a node, whatever it led to before."""
        ...

    @abstractmethod
    def connect_ports(self, wires: Sequence[WireKey], target: str) -> None:
        """Lead several ports to one node, as one step of undo."""
        ...

    @abstractmethod
    def disconnect_port(self, source: str, port: str) -> None:
        """Let a port lead nowhere."""
        ...

    @abstractmethod
    def cut(self, wires: Sequence[WireKey]) -> None:
        """Let several ports lead nowhere, as one step of undo."""
        ...

    @abstractmethod
    def remove(self, ids: Sequence[str]) -> None:
        """Remove nodes and the wires that lead to them, as one step of undo."""
        ...

    @abstractmethod
    def bypass(self, ids: Sequence[str]) -> None:
        """Remove nodes; what led to one leads to where its way on led. One step of undo."""
        ...

    @abstractmethod
    def retitle(self, node_id: str, title: str) -> bool:
        """Give a node or frame another title, or a note another text; True where that changed it."""
        ...

    @abstractmethod
    def add(
        self,
        kind: str,
        settings: Mapping[str, Any],
        at: tuple[float, float],
        from_port: WireKey | None = None,
    ) -> str:
        """Add a node, wired from a port where one is given, as one step; returns its id."""
        ...

    @abstractmethod
    def insert_on_wire(
        self, kind: str, settings: Mapping[str, Any], at: tuple[float, float], wire: WireKey
    ) -> str:
        """Add a node in the middle of a wire, as one step; returns its id."""
        ...

    @abstractmethod
    def splice(
        self, node_id: str, wire: WireKey, positions: Mapping[str, tuple[float, float]]
    ) -> bool:
        """Put a node that exists in the middle of a wire, with moves, as one step of undo."""
        ...

    # --- frames and notes ----------------------------------------------------------------------

    @abstractmethod
    def drawings(self) -> Mapping[str, Drawing]:
        """Every frame and note, by key."""
        ...

    @abstractmethod
    def draw(
        self, what: str, at: tuple[float, float], size: tuple[float, float], text: str = ""
    ) -> str:
        """Add a `frame` or a `note`; returns its key."""
        ...

    @abstractmethod
    def reshape(self, key: str, at: tuple[float, float], size: tuple[float, float]) -> None:
        """Give a frame or note another place and size, as one step of undo."""
        ...

    @abstractmethod
    def rearrange(
        self,
        positions: Mapping[str, tuple[float, float]],
        sizes: Mapping[str, tuple[float, float]],
        title: str,
    ) -> None:
        """Move nodes and drawings and give frames other sizes, as one named step of undo."""
        ...

    @abstractmethod
    def paint(self, ids: Sequence[str], color: str) -> None:
        """Give nodes, frames and notes a color; an empty one is the usual color."""
        ...

    @abstractmethod
    def quick_kinds(self, source: str, port: str) -> Sequence[QuickKind]:
        """What the quick menu offers after this port; both are empty for the open canvas."""
        ...

    @abstractmethod
    def why_not_between(self, kind: str, settings: Mapping[str, Any]) -> str:
        """Why a new node cannot come in the middle of a wire; an empty string where it can."""
        ...
