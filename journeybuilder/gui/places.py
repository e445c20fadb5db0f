"""Where one was in a workspace: open journeys, the one in front, what of each was seen."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF

from journeybuilder.document.model import mapping, strings
from journeybuilder.gui.journey_tab import JourneyTab

_SMALLEST, _LARGEST = 0.05, 4.0
_LOOKS = 100  # so many journeys of a workspace
_FAR = 1e7  # scene units; a place beyond is no place


def place_of(
    tabs: Sequence[JourneyTab], front: JourneyTab | None, before: Mapping[str, Any]
) -> dict[str, Any]:
    """What to remember of these tabs, as JSON values; journeys not seen keep what was known before."""
    looks = dict(mapping(before.get("looks")))
    for tab in tabs:
        if tab.seen:
            looks[tab.model.name] = _look(tab)
    return {
        "open": [tab.model.name for tab in tabs],
        "front": front.model.name if front is not None else "",
        "looks": dict([*looks.items()][-_LOOKS:]),
    }


def _look(tab: JourneyTab) -> dict[str, Any]:
    center = tab.canvas.visible_area().center()
    return {
        "zoom": round(tab.canvas.zoom(), 4),
        "at": [round(center.x(), 1), round(center.y(), 1)],
    }


def opened_in(place: Mapping[str, Any]) -> tuple[list[str], str]:
    """Ids of the journeys that were open, and of the one in front."""
    front = place.get("front")
    return strings(place.get("open")), front if isinstance(front, str) else ""


def show_again(tab: JourneyTab, place: Mapping[str, Any]) -> bool:
    """Show of a journey what was seen of it; False where that is not known."""
    look = mapping(mapping(place.get("looks")).get(tab.model.name))
    zoom, at = look.get("zoom"), look.get("at")
    if not isinstance(at, list) or not _is_number(zoom, _SMALLEST, _LARGEST):
        return False
    numbers = [float(one) for one in at if _is_number(one, -_FAR, _FAR)]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if len(numbers) != 2:  # noqa: PLR2004 - x and y
        return False
    tab.canvas.set_zoom(float(str(zoom)))
    tab.canvas.centerOn(QPointF(*numbers))
    return True


def _is_number(value: object, low: float, high: float) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and low <= value <= high
    )
