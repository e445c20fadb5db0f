"""The page of one step in the inspector: head, findings, form, note, and sections of other modules."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from typing_extensions import override

from journeybuilder.document.findings import Finding
from journeybuilder.document.model import Node
from journeybuilder.gui.forms.base import (
    UNSET,
    FieldBox,
    FormContext,
    Path,
    column,
    label,
    sentence,
)
from journeybuilder.gui.forms.folding import Folds, Section
from journeybuilder.gui.forms.node_form import NodeForm, shape_of
from journeybuilder.gui.forms.plain import AreaEditor
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.slots import weak_with
from journeybuilder.gui.panels.inspector_findings import FindingsBox
from journeybuilder.gui.panels.inspector_head import NodeHead
from journeybuilder.gui.panels.inspector_sections import SectionPage, inspector_sections
from journeybuilder.kinds import KINDS

_LONG_FORM = 7  # fields from which one can search in the form
_HELP = "help"


class NodePage(QWidget):
    """Everything about one step.

    Args:
        go: Shows another step, by its id.

    Signals:
        edited: Path in the settings and new value; see `NodeForm`.
        renamed: Another id was typed.
        start_asked: The journey is to begin here.
        finished: What was typed is one step of undo, whatever comes next.
    """

    edited = Signal(object, object)
    renamed = Signal(str)
    start_asked = Signal()
    finished = Signal()

    def __init__(
        self,
        model: JourneyModel,
        node: Node,
        context: FormContext,
        look: Look,
        folds: Folds,
        go: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)  # from the start: to move a tree of widgets takes its time
        self._model = model
        self._folds = folds
        self.node = node
        self.shape = page_shape(node, context)
        layout = column(self, spacing=16)
        helps = folds.is_open(_HELP, default=True)
        self.head = NodeHead(node, look, helps=helps)
        self.head.titled.connect(self._titled)
        self.head.renamed.connect(self.renamed)
        self.head.help_switched.connect(self._help_switched)
        layout.addWidget(self.head)
        self.findings = FindingsBox()
        self.findings.wanted.connect(self.focus_finding)
        layout.addWidget(self.findings)
        self.form: NodeForm | None = None
        context = replace(context, node=node.id)
        self._searching = self._search_line()
        layout.addWidget(self._searching)
        self._build_form(node, context)
        self.note = AreaEditor(
            ("note",), context, placeholder=tr("for colleagues; customers never see it")
        )
        self.note.edited.connect(self.edited)
        layout.addWidget(FieldBox(tr("Note"), self.note))
        self._sections: list[tuple[Section, SectionPage]] = []
        self._add_sections(go)
        self.start = QPushButton(tr("Start the journey here"))
        self.start.clicked.connect(self.start_asked)
        layout.addWidget(self.start)
        self._show_help(shown=helps)
        self._show_around(node)

    # --- building ------------------------------------------------------------------------------

    def _build_form(self, node: Node, context: FormContext) -> None:
        kind = KINDS.get(node.kind)
        layout = self.layout()
        if layout is None:
            return
        if kind is None:
            words = tr(
                "This version does not know the kind '{kind}'. The node is kept as it is and cannot "
                "run.", kind=node.kind,
            )  # fmt: skip
            layout.addWidget(label(words, "notice", wrap=True))
            self._searching.hide()
            return
        self.form = NodeForm(kind, node.settings, context, self._folds, self)
        self.form.edited.connect(self.edited)
        layout.addWidget(self.form)
        self._searching.setVisible(len(self.form.boxes) >= _LONG_FORM)

    def _search_line(self) -> QWidget:
        holder = QWidget()
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search in these settings"))
        self.search.setAccessibleName(tr("Search in these settings"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._searched)
        column(holder).addWidget(self.search)
        return holder

    def _searched(self, words: str) -> None:
        if self.form is not None:
            self.form.search(words)

    def _add_sections(self, go: Callable[[str], object]) -> None:
        layout = self.layout()
        for spec in inspector_sections:
            opened = self._folds.is_open(f"section.{spec.id}", default=spec.opened)
            section = Section(f"section.{spec.id}", tr(spec.title), opened=opened)
            section.folded.connect(weak_with(self._section_folded, section.name))
            page = spec.make(go)
            section.inside.addWidget(page)
            if layout is not None:
                layout.addWidget(section)
            self._sections.append((section, cast("SectionPage", page)))

    def _section_folded(self, name: str, opened: bool) -> None:
        self._folds.put(name, opened=opened)

    def _help_switched(self, shown: bool) -> None:
        self._folds.put(_HELP, opened=shown)
        self._show_help(shown=shown)

    def _show_help(self, *, shown: bool) -> None:
        for box in self.findChildren(FieldBox):
            box.show_help(shown=shown)

    # --- following -----------------------------------------------------------------------------

    def show_node(self, node: Node) -> None:
        """Show what the journey says of it now."""
        self.node = node
        if self.form is not None:
            self.form.show_settings(node.settings)
            if self.search.text():
                self.form.search(self.search.text())
        self._show_around(node)

    def _show_around(self, node: Node) -> None:
        """All but the form, which shows the settings from its beginning."""
        self.note.show_value(node.settings.get("note"))
        self.head.show_title(str(node.settings.get("title") or ""))
        self.start.setVisible(self._model.journey.start != node.id)
        for section, page in self._sections:
            many = page.show_node(self._model, node.id)
            section.setVisible(many > 0)
            section.count(f"({many})")

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Show all on top, and those of a field also at the field."""
        self.findings.show_findings(found)
        if self.form is not None:
            at_fields = [(one.path[2:], one.severity, _words(one)) for one in found]
            self.form.show_problems(at_fields)

    # --- focus ---------------------------------------------------------------------------------

    def focused_path(self) -> Path | None:
        """The setting in whose field the cursor is."""
        widget = QApplication.focusWidget()
        if self.form is None or widget is None or not self.form.isAncestorOf(widget):
            return None
        return self.form.path_of(widget)

    def focus_finding(self, finding: object) -> None:
        """Put the cursor into the field of a finding, or into the title."""
        path = finding.path[2:] if isinstance(finding, Finding) else ()
        if self.form is None or not self.form.focus_path(path):
            self.head.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_title(self) -> None:
        """Put the cursor into the title."""
        self.head.title.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 goes to the title; Ctrl+Enter ends what is typed and goes on to the next field."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if event.key() == Qt.Key.Key_F2 and not event.modifiers():
            self.focus_title()
            self.head.title.selectAll()
        elif enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finished.emit()
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _titled(self, text: str) -> None:
        self.edited.emit(("title",), text or UNSET)


def page_shape(node: Node, context: FormContext) -> object:
    """What decides which fields the page has; it is made anew when that changes."""
    kind = KINDS.get(node.kind)
    known = (
        tuple(context.models.items()),
        tuple(context.queues),
        tuple(context.tools),
        tuple(context.languages),
        tuple(context.channels),
        tuple(context.nodes),
    )
    inner = shape_of(kind, node.settings, context) if kind is not None else node.settings
    return (node.id, node.kind, inner, known)


def _words(finding: Finding) -> str:
    message = sentence(said(finding.message))
    return f"{message}. {said(finding.hint)}" if finding.hint else message
