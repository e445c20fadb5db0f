"""What may be dropped on the canvas."""

import json
from typing import Any

from PySide6.QtCore import QMimeData

from journeybuilder.gui.canvas.gesture import NewNode
from journeybuilder.gui.canvas.model import NODE_MIME


def dragged(data: QMimeData) -> NewNode | None:
    """What is dragged in, where it is a node of ours."""
    if not data.hasFormat(NODE_MIME):
        return None
    try:
        value: Any = json.loads(bytes(data.data(NODE_MIME).data()))
        return NewNode(
            str(value["kind"]), dict(value.get("settings") or {}), str(value.get("title") or "")
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # a foreign program used our name: nothing to drop
