"""The inspector: the form of what is selected, with its problems on top."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from journeybuilder.document.findings import Finding
from journeybuilder.document.model import Node
from journeybuilder.gui.forms.base import (
    UNSET,
    FieldBox,
    FormContext,
    Path,
    Together,
    column,
    label,
    row,
    sentence,
)
from journeybuilder.gui.forms.node_form import NodeForm, shape_of
from journeybuilder.gui.forms.plain import AreaEditor
from journeybuilder.gui.journey_model import JourneyModel
from journeybuilder.gui.look import Look
from journeybuilder.gui.node_views import title_of
from journeybuilder.gui.panels.journey_form import JourneyForm
from journeybuilder.gui.theme import glyph
from journeybuilder.kinds import KINDS

MakeContext = Callable[[JourneyModel], FormContext]


class InspectorPanel(QScrollArea):
    """Shows the journey, or the one node that is selected, and sends edits to the model."""

    def __init__(self, look: Look, make_context: MakeContext) -> None:
        super().__init__()
        self._look = look
        self._make_context = make_context
        self._model: JourneyModel | None = None
        self._selection: Sequence[str] = ()
        self._form: NodeForm | None = None
        self._journey: JourneyForm | None = None
        self._note: AreaEditor | None = None
        self._title: QLineEdit | None = None
        self._id: QLineEdit | None = None
        self._findings: QFrame | None = None
        self._layout: QVBoxLayout | None = None
        self._shape: object = None
        self._numbers = count(1)
        self._gesture = ""
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Settings of what is selected")
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)
        look.changed.connect(self._rebuild)
        self._rebuild()

    @override
    def sizeHint(self) -> QSize:
        return QSize(352, 600)

    @property
    def form(self) -> NodeForm | None:
        """The form of the node shown, where one is."""
        return self._form

    def _focus_changed(self) -> None:
        """A field that is entered begins a new step of undo."""
        self._gesture = f"field{next(self._numbers)}"

    def set_model(self, model: JourneyModel | None) -> None:
        """Show another journey, or none."""
        if self._model is not None:
            self._model.edited.disconnect(self._edited)
            self._model.findings_changed.disconnect(self._show_findings)
        self._model = model
        self._selection = ()
        if model is not None:
            model.edited.connect(self._edited)
            model.findings_changed.connect(self._show_findings)
        self._rebuild()

    def select(self, ids: Sequence[str]) -> None:
        """Show these nodes."""
        if tuple(ids) != tuple(self._selection):
            self._selection = tuple(ids)
            self._rebuild()

    def world_changed(self) -> None:
        """Tools, models or queues are other ones now."""
        node = self._node()
        if node is not None and self._shape_now(node) != self._shape:
            self._rebuild()

    def _node(self) -> Node | None:
        if self._model is None or len(self._selection) != 1:
            return None
        return self._model.settings_of(self._selection[0])

    # --- building ------------------------------------------------------------------------------

    def _shape_now(self, node: Node) -> object:
        if self._model is None:
            return None
        context = self._make_context(self._model)
        kind = KINDS.get(node.kind)
        known = (
            tuple(context.models),
            tuple(context.queues),
            tuple(context.tools),
            tuple(context.languages),
        )
        inner = shape_of(kind, node.settings, context) if kind is not None else node.settings
        return (node.id, node.kind, inner, tuple(context.nodes), known, tuple(context.channels))

    def _rebuild(self) -> None:
        focused = self._focused_path()
        self._form = self._journey = self._note = self._title = self._id = self._findings = None
        page = QWidget()
        page.setProperty("role", "page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._layout = column(page, spacing=16, margins=(16, 16, 16, 24))
        node = self._node()
        if self._model is None:
            self._say("Nothing is open", "Open a journey to see its settings here.")
        elif len(self._selection) > 1:
            self._say(
                f"{len(self._selection)} nodes selected",
                "Move, copy or remove them together; select one to change its settings.",
            )
        elif node is not None:
            self._build_node(self._model, node)
        else:
            self._build_journey(self._model)
        self._layout.addStretch(1)
        self.setWidget(page)  # deletes the page before
        if focused is not None and self._form is not None:
            self._form.focus_path(focused)

    def _focused_path(self) -> Path | None:
        widget = QApplication.focusWidget()
        if self._form is None or widget is None or not self._form.isAncestorOf(widget):
            return None
        return self._form.path_of(widget)

    def _say(self, title: str, words: str) -> None:
        if self._layout is not None:
            self._layout.addWidget(label(title, "title"))
            self._layout.addWidget(label(words, "muted", wrap=True))

    def _build_journey(self, model: JourneyModel) -> None:
        if self._layout is None:
            return
        self._layout.addWidget(label("Journey", "title"))
        self._add_findings()
        self._journey = JourneyForm(model.journey.data, self._make_context(model))
        self._journey.edited.connect(self._journey_edited)
        self._layout.addWidget(self._journey)
        self._show_findings()

    def _build_node(self, model: JourneyModel, node: Node) -> None:
        if self._layout is None:
            return
        context = self._make_context(model)
        self._shape = self._shape_now(node)
        kind = KINDS.get(node.kind)
        self._layout.addWidget(self._head(node))
        self._add_findings()
        if kind is not None:
            self._form = NodeForm(kind, node.settings, context)
            self._form.edited.connect(self._node_edited)
            self._layout.addWidget(self._form)
        else:
            self._layout.addWidget(
                label(
                    f"This version does not know the kind '{node.kind}'. The node is kept as it is and "
                    "cannot run.", "notice", wrap=True,
                )
            )  # fmt: skip
        note = AreaEditor(("note",), context, placeholder="for colleagues; customers never see it")
        note.show_value(node.settings.get("note"))
        note.edited.connect(self._node_edited)
        self._note = note
        self._layout.addWidget(FieldBox("Note", note))
        if model.journey.start != node.id:
            start = QPushButton("Start the journey here")
            start.clicked.connect(self._start_here)
            self._layout.addWidget(start)
        self._show_findings()

    def _head(self, node: Node) -> QWidget:
        kind = KINDS.get(node.kind)
        head = QWidget()
        outer = column(head, spacing=4)
        top = row(spacing=8)
        top.addWidget(self._icon(kind.icon if kind else "unknown", kind.group if kind else "other"))
        top.addWidget(label(kind.title if kind else node.kind, "caption"))
        top.addStretch(1)
        name = QLineEdit(node.id)
        name.setProperty("role", "nodeid")
        name.setFixedWidth(168)
        name.setAlignment(Qt.AlignmentFlag.AlignRight)
        name.setToolTip("The node's id in the file; every wire follows when you change it")
        name.setAccessibleName("Id of the node")
        name.editingFinished.connect(self._renamed)
        top.addWidget(name)
        outer.addLayout(top)
        title = QLineEdit(str(node.settings.get("title") or ""))
        title.setProperty("role", "nodetitle")
        title.setPlaceholderText(title_of(node))
        title.setAccessibleName("Title of the node")
        title.textEdited.connect(self._titled)
        outer.addWidget(title)
        if kind is not None:
            outer.addWidget(label(kind.about, "help", wrap=True))
        self._id, self._title = name, title
        return head

    def _icon(self, name: str, group: str) -> QLabel:
        picture = QLabel()
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap.fromImage(glyph(name, self._look.theme.group(group), round(20 * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        picture.setPixmap(pixmap)
        return picture

    def _add_findings(self) -> None:
        frame = QFrame()
        frame.setProperty("role", "findings")
        column(frame, spacing=8, margins=(12, 8, 12, 8))
        frame.hide()
        self._findings = frame
        if self._layout is not None:
            self._layout.addWidget(frame)

    # --- following the model ---------------------------------------------------------------------

    def _edited(self) -> None:
        node = self._node()
        if (
            self._model is not None
            and node is None
            and len(self._selection) != 1
            and self._journey is not None
        ):
            self._journey.show_data(self._model.journey.data)
            return
        if node is None or self._shape_now(node) != self._shape:
            self._rebuild()
            return
        if self._form is not None:
            self._form.show_settings(node.settings)
        if self._note is not None:
            self._note.show_value(node.settings.get("note"))
        title = str(node.settings.get("title") or "")
        if self._title is not None and self._title.text() != title:
            self._title.setText(title)

    def _show_findings(self) -> None:
        if self._model is None or self._findings is None:
            return
        node = self._node()
        found = (
            self._model.findings_of(node.id)
            if node is not None
            else [one for one in self._model.findings if not one.node]
        )
        rest = [(one.severity, sentence(one.message), one.hint) for one in found]
        if self._form is not None:
            rest = self._split(self._form, found)
        self._fill_findings(rest)

    @staticmethod
    def _split(form: NodeForm, found: Sequence[Finding]) -> list[tuple[str, str, str]]:
        """Findings of a field go to the field; gives back the others."""
        at_fields = [(one.path[2:], one.severity, _words(one)) for one in found]
        rest = form.show_problems(at_fields)
        return [(severity, words, "") for severity, words in rest]

    def _fill_findings(self, found: Sequence[tuple[str, str, str]]) -> None:
        frame = self._findings
        layout = frame.layout() if frame is not None else None
        if frame is None or layout is None:
            return
        while layout.count():
            item = layout.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for severity, message, hint in found:
            sign = "\u2716" if severity == "error" else "\u26a0"
            line = label(f"{sign} {message}" + (f"\n{hint}" if hint else ""), "problem", wrap=True)
            line.setProperty("severity", severity)
            layout.addWidget(line)
        frame.setVisible(bool(found))

    # --- edits -----------------------------------------------------------------------------------

    def _node_edited(self, path: object, value: object) -> None:
        node = self._node()
        if self._model is not None and node is not None and isinstance(path, tuple):
            place = cast("Path", path)
            if isinstance(value, Together):
                self._model.set_settings(node.id, value.values)
                return
            self._model.set_setting(node.id, place, value, f"{self._gesture}{place}")

    def _journey_edited(self, path: object, value: object) -> None:
        if self._model is not None and isinstance(path, tuple):
            place = cast("Path", path)
            self._model.set_value(place, value, f"{self._gesture}{place}")

    def _titled(self, text: str) -> None:
        self._node_edited(("title",), text or UNSET)

    def _renamed(self) -> None:
        node = self._node()
        if self._model is None or node is None or self._id is None:
            return
        new = self._id.text().strip()
        if new == node.id:
            return
        self._selection = (new,)
        if not self._model.rename(node.id, new):
            self._selection = (node.id,)
            self._id.setText(node.id)

    def _start_here(self) -> None:
        node = self._node()
        if self._model is not None and node is not None:
            self._model.set_start(node.id)
            self._rebuild()

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        if self._title is not None:
            self._title.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self._journey is not None:
            self._journey.focus_path(("title",))

    def reveal(self, path: Path) -> None:
        """Scroll to the field of a setting, without the focus."""
        box = self._form.box_of(path) if self._form is not None else None
        if box is not None:
            self.ensureWidgetVisible(box, 0, 60)

    def focus_finding(self, finding: Finding) -> None:
        """Put the cursor into the field of a finding, or into the first one."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if (
            self._form is not None
            and not self._form.focus_path(finding.path[2:])
            and self._title is not None
        ):
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._journey is not None:
            self._journey.focus_path(finding.path)
        widget = QApplication.focusWidget()
        if widget is not None and self.isAncestorOf(widget):
            self.ensureWidgetVisible(widget, 0, 60)


def _words(finding: Finding) -> str:
    message = sentence(finding.message)
    return f"{message}. {finding.hint}" if finding.hint else message
