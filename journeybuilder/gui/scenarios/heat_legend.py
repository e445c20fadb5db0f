"""What the colors, dashes and numbers of the heat map mean, in a corner of the canvas."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFrame, QToolButton, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.look.language import tr

if TYPE_CHECKING:
    from journeybuilder.rehearse.coverage import Coverage

_CORNER = 12  # pixels between the legend and the edge
_WIDTH = 250


class HeatLegend(QFrame):
    """The legend.

    Signals:
        hidden: The person wants the heat map no longer.
    """

    hidden = Signal()

    def __init__(self, tab: QWidget) -> None:
        super().__init__(tab)
        self.setObjectName("legend")
        self.setProperty("role", "card")
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(tr("What the numbers on steps and wires mean"))
        inside = column(self, spacing=3, margins=(10, 6, 6, 8))
        head = row(spacing=4)
        head.addWidget(label(tr("Taken by scenarios"), "field"), 1)
        self.close_it = QToolButton()
        self.close_it.setText("\u2715")
        self.close_it.setProperty("role", "close")
        words = tr("Show this no longer")
        self.close_it.setAccessibleName(words)
        self.close_it.setToolTip(words)
        self.close_it.clicked.connect(self.hidden)
        head.addWidget(self.close_it)
        inside.addLayout(head)
        self.words = label("", "muted", wrap=True)
        inside.addWidget(self.words)
        self.old = label("", "warning", wrap=True)
        inside.addWidget(self.old)
        tab.installEventFilter(self)

    def tell(self, coverage: "Coverage | None", *, stale: bool, running: bool) -> None:
        """Show what holds now."""
        if coverage is None:
            words = tr("Running …") if running else tr("No scenario of this journey has run yet.")
        else:
            words = tr(
                "3\u00d7, green: taken so often\n0\u00d7, gray and dashed: never\n"
                "Steps: {nodes} of {all_nodes} \u00b7 wires: {edges} of {all_edges}",
                nodes=coverage.node_count.hit, all_nodes=coverage.node_count.all,
                edges=coverage.edge_count.hit, all_edges=coverage.edge_count.all,
            )  # fmt: skip
        self.words.setText(words)
        old = stale and coverage is not None
        self.old.setText(
            tr("\u21bb Running again …") if running else tr("\u26a0 From before your changes")
        )
        self.old.setVisible(old)
        self.show()
        self._place()

    def _place(self) -> None:
        """To the lower left corner."""
        parent = self.parentWidget()
        layout = self.layout()
        if parent is None or layout is None:
            return
        height = layout.totalHeightForWidth(_WIDTH) if layout.hasHeightForWidth() else 0
        self.setFixedHeight(max(height, layout.totalMinimumSize().height()))
        self.move(_CORNER, parent.height() - self.height() - _CORNER)
        self.raise_()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
