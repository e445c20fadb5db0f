"""The buttons of a dialog, each of which Tab comes to."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialogButtonBox
from typing_extensions import override


class ButtonRow(QDialogButtonBox):
    """A button box without a proxy for the focus.

    Qt lets a button box lead to its default button, and Tab then comes to no other one before it.
    """

    @override
    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if self.focusProxy():
            self.setFocusProxy(None)  # pyright: ignore[reportArgumentType]
        return handled
