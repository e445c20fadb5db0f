"""The form of a selected wire: from where, under which condition, and where it leads."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from journeybuilder.contract.fields import Port
from journeybuilder.gui.forms.base import UNSET, FieldBox, FormContext, column, label, row
from journeybuilder.gui.forms.condition_builder import ConditionEditor
from journeybuilder.gui.forms.values import get_in
from journeybuilder.gui.forms.ways import TargetEditor, port_words
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak
from journeybuilder.kinds import ports_of


class WireForm(QWidget):
    """One wire.

    Signals:
        edited: Path in the settings of the node that it leaves, and the new value.
        wanted: A node that is to be shown.
    """

    edited = Signal(object, object)
    wanted = Signal(str)

    def __init__(self, model: JourneyModel, source: str, port: Port, context: FormContext) -> None:
        super().__init__()
        self.source = source
        self.port = port
        self._model = model
        node = model.settings_of(source)
        layout = column(self, spacing=16)
        layout.addWidget(label(tr("Wire"), "title"))
        words = tr("From “{title}”, {port}", title=title_of(node) if node else source, port=port_words(port))  # fmt: skip
        layout.addWidget(label(words, "muted", wrap=True))
        self.target = TargetEditor(port.path, context)
        self.target.edited.connect(self.edited)
        layout.addWidget(FieldBox(tr("Leads to"), self.target, help_text=tr("“Not connected” takes the wire away.")))  # fmt: skip
        self.condition: ConditionEditor | None = None
        case = port.path[:-1]
        if port.path[-1] == "next" and "when" in (get_in(node.settings, case) if node else ()):
            self.condition = ConditionEditor((*case, "when"), context)
            self.condition.edited.connect(self.edited)
            layout.addWidget(FieldBox(tr("When"), self.condition))
        line = row(spacing=8)
        for name, text in ((source, tr("Show where it begins")), (port.target, tr("Show where it leads"))):  # fmt: skip
            button = QPushButton(text)
            button.setEnabled(bool(name))
            button.clicked.connect(weak(self._want, name))
            line.addWidget(button)
        line.addStretch(1)
        layout.addLayout(line)
        self.refresh()

    def _want(self, name: str) -> None:
        self.wanted.emit(name)

    def refresh(self) -> bool:
        """Show what the journey says now; False where there is no such wire any more."""
        node = self._model.settings_of(self.source)
        if node is None or all(port.path != self.port.path for port in ports_of(node)):
            return False
        self.target.show_value(get_in(node.settings, self.port.path))
        if self.condition is not None:
            value = get_in(node.settings, self.condition.path)
            if value is UNSET:
                return False
            self.condition.show_value(value)
        return get_in(node.settings, self.port.path) is not UNSET
