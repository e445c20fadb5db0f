"""A combo box with room for its longest choice, whatever the font and the style sheet."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy
from typing_extensions import override

from journeybuilder.gui.forms.plain import QuietCombo

_AROUND = 46  # pixels of the arrow and the air around the words
_LEAST = 84  # pixels below which nothing could be read any more


class RoomyCombo(QuietCombo):
    """As wide as its longest words where there is room, and narrower where not."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        measure = self.fontMetrics()
        words = (self.itemText(index) for index in range(self.count()))
        widest = max((measure.horizontalAdvance(one) for one in words), default=0)
        return QSize(widest + _AROUND, super().sizeHint().height())

    @override
    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        return QSize(min(whole.width(), _LEAST), whole.height())
