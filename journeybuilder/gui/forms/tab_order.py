"""The order in which Tab goes through a form: that of the eye, whenever the fields were made."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QScrollArea, QWidget


def stops_of(widget: QWidget) -> Iterator[QWidget]:
    """What can have the focus in a widget, from its first line to its last one."""
    own: tuple[QWidget, ...] = getattr(widget, "tab_stops", ())
    if own:
        yield from own
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    layout = widget.layout()
    if layout is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for index in range(layout.count()):
        item = layout.itemAt(index)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from stops_of(widget)
        elif inner is not None:
            yield from _in_layout(inner)


class Place:
    """Where the cursor is in a form, to put it there again in one that was made anew.

    Kept as what the field is called and the how manieth of that name it is.
    """

    def __init__(self, form: QWidget) -> None:
        focused = QApplication.focusWidget()
        inside = focused is not None and form.isAncestorOf(focused)
        stops = list(stops_of(form)) if inside else []
        self._name = _sign(focused) if focused in stops else None
        before = stops[: stops.index(focused)] if focused in stops else []
        self._nth = sum(_sign(one) == self._name for one in before)

    def restore(self, form: QWidget) -> bool:
        """Put the cursor there; False where it was elsewhere or there is no such field now."""
        if self._name is None:
            return False
        called = [one for one in stops_of(form) if _sign(one) == self._name]
        if len(called) <= self._nth:
            return False
        called[self._nth].setFocus(Qt.FocusReason.OtherFocusReason)
        return True


def _sign(widget: QWidget | None) -> tuple[str, str]:
    return (type(widget).__name__, widget.accessibleName() if widget is not None else "")


def step_from(form: QWidget | None, *, forward: bool) -> QWidget | None:
    """The field that Tab goes to from the one that has the cursor; None beyond the last one.

    Qt's own chain is in the order in which fields were made, and leads from a field into the proxy of
    whatever stands around it; rows that are added later would come last or never.

    Args:
        form: The form; None while it is made anew and Qt moves the focus out of the old one.
        forward: Whether it is Tab; else Tab with Shift.
    """
    if form is None:
        return None
    stops = [one for one in stops_of(form) if one.isVisible() and one.isEnabled()]
    if not forward:
        stops.reverse()
    focused = QApplication.focusWidget()
    if focused not in stops:
        return stops[0] if stops and forward else None
    place = stops.index(focused) + 1
    return stops[place] if place < len(stops) else None


def beyond(form: QWidget, *, forward: bool) -> QWidget | None:
    """What Tab goes to in the window behind a form, or with Shift before it."""
    every = form.window().findChildren(QWidget)
    place = every.index(form)
    others = [*every[place:], *every[:place]] if forward else [*every[place::-1], *every[:place:-1]]
    for one in others:
        taken = one is not form and not form.isAncestorOf(one) and one.focusProxy() is None
        by_tab = one.focusPolicy() & Qt.FocusPolicy.TabFocus
        if taken and by_tab and one.isVisible() and one.isEnabled():
            return one
    return None


def tabbed(area: QScrollArea, *, forward: bool) -> bool:
    """Do what Tab does in a form that scrolls; False where there is nowhere to go."""
    form: QWidget | None = area.widget()
    found = step_from(form, forward=forward) if form else None
    if found is None and not (forward or area.hasFocus()):
        found = area
    found = found or beyond(area, forward=forward)
    if found is None:
        return False
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    found.setFocus(reason)
    if area.isAncestorOf(found):
        area.ensureWidgetVisible(found, 0, 50)
    return True
