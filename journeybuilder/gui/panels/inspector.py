"""The inspector: the form of what is selected, with its problems on top."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget
from typing_extensions import override

from journeybuilder.document.findings import Finding
from journeybuilder.document.model import Node
from journeybuilder.errors import AuthorError
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.forms.base import FormContext, Path, Together, column, label
from journeybuilder.gui.forms.folding import Folds
from journeybuilder.gui.forms.node_form import NodeForm
from journeybuilder.gui.forms.tab_order import Place, tabbed
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.panels.inspector_findings import FindingsBox
from journeybuilder.gui.panels.inspector_page import NodePage, page_shape
from journeybuilder.gui.panels.journey_form import JourneyForm
from journeybuilder.gui.panels.many_form import ManyForm, same_in_all
from journeybuilder.gui.panels.panel import Panel
from journeybuilder.gui.panels.wire_form import WireForm

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

MakeContext = Callable[[JourneyModel], FormContext]


class InspectorPanel(Panel, QScrollArea):
    """Shows the journey, a node, several nodes or a wire, and sends edits to the model."""

    def __init__(self, look: Look, make_context: MakeContext, folds: Folds | None = None) -> None:
        super().__init__()
        self._look = look
        self._make_context = make_context
        self._folds = folds or Folds()
        self._model: JourneyModel | None = None
        self._tab: JourneyTab | None = None
        self._selection: Sequence[str] = ()
        self._wire: WireKey | None = None
        self._page: NodePage | None = None
        self._many: ManyForm | None = None
        self._wire_form: WireForm | None = None
        self._journey: JourneyForm | None = None
        self._findings: FindingsBox | None = None
        self._world: object = None
        self._numbers = count(1)
        self._gesture = ""
        self._renaming = ""
        self._shown: QWidget | None = None
        self._host = QWidget()
        self._pages = column(self._host, spacing=0)
        self.setWidget(self._host)
        self.setFocusPolicy(
            Qt.FocusPolicy.TabFocus
        )  # a click beside a field leaves the cursor in it
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Settings of what is selected"))
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
        return self._page.form if self._page is not None else None

    @property
    def page(self) -> NodePage | None:
        """The page of the node shown, where one is."""
        return self._page

    @property
    def many(self) -> ManyForm | None:
        """The form of several nodes, where some are selected."""
        return self._many

    @property
    def wire_form(self) -> WireForm | None:
        """The form of the wire shown, where one is."""
        return self._wire_form

    def _focus_changed(self) -> None:
        """A field that is entered begins a new step of undo."""
        self._gesture = f"field{next(self._numbers)}"

    # --- what is shown ---------------------------------------------------------------------------

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        if self._tab is not None and self._tab is not tab:
            self._tab.canvas.board.picked_changed.disconnect(self.show_wire)
            self._tab.destroyed.disconnect(self._tab_gone)
        if tab is not None and tab is not self._tab:
            tab.canvas.board.picked_changed.connect(self.show_wire)
            tab.destroyed.connect(self._tab_gone)
        self._tab = tab
        self.set_model(tab.model if tab is not None else None)

    def _tab_gone(self) -> None:
        self._tab = None

    @override
    def show_selection(self, ids: Sequence[str]) -> None:
        self.select(ids)

    def set_model(self, model: JourneyModel | None) -> None:
        """Show another journey, or none."""
        if self._model is not None:
            self._model.edited.disconnect(self._edited)
            self._model.findings_changed.disconnect(self._show_findings)
        self._model = model
        self._selection = ()
        self._wire = None
        if model is not None:
            model.edited.connect(self._edited)
            model.findings_changed.connect(self._show_findings)
        self._rebuild()

    def select(self, ids: Sequence[str]) -> None:
        """Show these nodes."""
        if tuple(ids) != tuple(self._selection) and not self._renaming:
            self._selection = tuple(ids)
            self._rebuild()

    def show_wire(self, key: object) -> None:
        """Show a wire in place of the journey, or none."""
        wire = cast("WireKey | None", key)
        if wire != self._wire:
            self._wire = wire
            if not self._selection:
                self._rebuild()

    @override
    def show_world(self, space: "WorkspaceModel | None") -> None:
        """Tools, models or queues are other ones now."""
        del space
        if self._page is not None and self._shape_is_another(self._page):
            self._rebuild()

    def _node(self) -> Node | None:
        if self._model is None or len(self._selection) != 1:
            return None
        return self._model.settings_of(self._selection[0])

    def _nodes(self) -> list[Node]:
        if self._model is None:
            return []
        found = [self._model.settings_of(name) for name in self._selection]
        return [node for node in found if node is not None]

    def _shape_is_another(self, page: NodePage) -> bool:
        node = self._node()
        if self._model is None or node is None:
            return True
        return page_shape(node, self._make_context(self._model)) != page.shape

    # --- building ------------------------------------------------------------------------------

    def _rebuild(self) -> None:
        node = self._node()
        known = (self._renaming, node.id if node is not None else "")
        same = self._page is not None and node is not None and self._page.node.id in known
        place = Place(self._page) if self._page is not None and same else None
        focused = self._page.focused_path() if self._page is not None and same else None
        scrolled = self.verticalScrollBar().value() if same else 0
        self._page = self._many = self._wire_form = self._journey = self._findings = None
        page = QWidget(self._host)
        page.setProperty("role", "page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        layout = column(page, spacing=16, margins=(16, 16, 16, 24))
        for widget in self._parts(node, page):
            layout.addWidget(widget)
        layout.addStretch(1)
        self._show_findings()
        self._swap(page)
        if scrolled:
            layout.activate()
            width = self.viewport().width()
            height = max(layout.totalHeightForWidth(width), self.viewport().height())
            self._host.resize(width, height)
            self.verticalScrollBar().setValue(scrolled)
        restored = place is not None and self._page is not None and place.restore(self._page)
        if not restored and focused is not None and self.form is not None:
            self.form.focus_path(focused)

    def _swap(self, page: QWidget) -> None:
        """Show a page in the place of the one before.

        That one stays where it is until it is deleted: taken out of the window, every widget in it
        would get its style anew. Not deleted now: a field of it may be the one that asks for this.
        """
        before = self._shown
        self._shown = page
        focused = QApplication.focusWidget()
        if before is not None:
            if focused is not None and before.isAncestorOf(focused):
                focused.clearFocus()
            self._pages.removeWidget(before)
            before.hide()
            before.deleteLater()
        self._pages.addWidget(page)
        page.show()

    def _parts(self, node: Node | None, page: QWidget) -> list[QWidget]:
        model = self._model
        if model is None:
            words = tr("Open a journey to see its settings here.")
            return [label(tr("Nothing is open"), "title"), label(words, "muted", wrap=True)]
        context = self._make_context(model)
        if len(self._selection) > 1 and self._nodes():
            self._many = ManyForm(self._nodes(), context)
            self._many.edited.connect(self._many_edited)
            return [self._many]
        if node is not None:
            return [self._node_page(model, node, context, page)]
        wire = self._made_wire(model, context)
        return [wire] if wire is not None else self._journey_parts(model, context, page)

    def _node_page(
        self, model: JourneyModel, node: Node, context: FormContext, around: QWidget
    ) -> QWidget:
        page = NodePage(model, node, context, self._look, self._folds, self._go_to, around)
        page.edited.connect(self._node_edited)
        page.renamed.connect(self._renamed)
        page.start_asked.connect(self._start_here)
        page.finished.connect(self._focus_changed)
        self._page = page
        return page

    def _made_wire(self, model: JourneyModel, context: FormContext) -> QWidget | None:
        if self._wire is None or model.settings_of(self._wire[0]) is None:
            return None
        source, name = self._wire
        try:
            port = model.port(source, name)
        except AuthorError:
            return None
        self._wire_form = WireForm(model, source, port, context)
        self._wire_form.edited.connect(self._wire_edited)
        self._wire_form.wanted.connect(self._go_to)
        return self._wire_form

    def _journey_parts(
        self, model: JourneyModel, context: FormContext, page: QWidget
    ) -> list[QWidget]:
        self._findings = FindingsBox()
        self._findings.wanted.connect(self.focus_finding)
        self._journey = JourneyForm(model.journey.data, context, page)
        self._journey.edited.connect(self._journey_edited)
        return [label(tr("Journey"), "title"), self._findings, self._journey]

    # --- following the model ---------------------------------------------------------------------

    def _edited(self) -> None:
        if self._page is not None:
            node = self._node()
            if node is None or self._shape_is_another(self._page):
                self._rebuild()
            else:
                self._page.show_node(node)
        elif self._many is not None:
            nodes = self._nodes()
            if len(nodes) < len(self._selection):
                self._rebuild()
            else:
                self._many.show_nodes(nodes)
        elif self._wire_form is not None:
            if not self._wire_form.refresh():
                self._rebuild()
        elif self._journey is not None and self._model is not None and not self._selection:
            self._journey.show_data(self._model.journey.data)
        else:
            self._rebuild()

    def _show_findings(self) -> None:
        if self._model is None:
            return
        if self._page is not None:
            self._page.show_findings(self._model.findings_of(self._page.node.id))
        elif self._findings is not None:
            self._findings.show_findings([one for one in self._model.findings if not one.node])

    # --- edits -----------------------------------------------------------------------------------

    def _node_edited(self, path: object, value: object) -> None:
        node = self._node()
        if self._model is not None and node is not None and isinstance(path, tuple):
            place = cast("Path", path)
            if isinstance(value, Together):
                self._model.set_settings(node.id, value.values)
                return
            self._model.set_setting(node.id, place, value, f"{self._gesture}{place}")

    def _many_edited(self, path: object, value: object) -> None:
        """The same in every selected node, as one step of undo."""
        if self._model is None or isinstance(value, Together):
            return
        place = cast("Path", path)
        edits = same_in_all(self._nodes(), place, value)
        field = str(place[0]).replace("_", " ")
        many = len(edits)
        title = trn("Change {field} of {n} step", "Change {field} of {n} steps", many, field=field)
        self._model.apply(title, *edits, gesture=f"{self._gesture}many{place}")

    def _wire_edited(self, path: object, value: object) -> None:
        if self._model is not None and self._wire_form is not None:
            place = cast("Path", path)
            self._model.set_setting(self._wire_form.source, place, value, f"{self._gesture}{place}")

    def _journey_edited(self, path: object, value: object) -> None:
        if self._model is not None and isinstance(path, tuple):
            place = cast("Path", path)
            self._model.set_value(place, value, f"{self._gesture}{place}")

    def _renamed(self, new: str) -> None:
        node = self._node()
        if self._model is None or node is None or self._page is None:
            return
        self._selection = (new,)
        self._renaming = node.id  # the canvas has neither of both selected for a moment
        renamed = self._model.rename(node.id, new)
        self._renaming = ""
        if not renamed:
            self._selection = (node.id,)
            self._page.head.refused()
        elif self._tab is not None:
            self._tab.canvas.select((new,))

    def _start_here(self) -> None:
        node = self._node()
        if self._model is not None and node is not None:
            self._model.set_start(node.id)

    def _go_to(self, node_id: str) -> None:
        """Show another node, here and on the canvas."""
        if self._tab is not None:
            self._tab.go_to(node_id)
        else:
            self.select((node_id,))

    # --- focus ---------------------------------------------------------------------------------

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes through the form as the eye does."""
        return tabbed(self, forward=next)

    @override
    def go(self) -> None:
        """Put the cursor into the first field."""
        if self._page is not None:
            self._page.focus_title()
        elif self._journey is not None:
            self._journey.focus_path(("title",))
        elif self._wire_form is not None:
            self._wire_form.target.focus_path(self._wire_form.target.path)
        elif self._many is not None and self._many.boxes:
            editor = self._many.boxes[0].editor
            editor.focus_path(editor.path)

    def reveal(self, path: Path) -> None:
        """Scroll to the field of a setting, without the focus."""
        box = self.form.box_of(path) if self.form is not None else None
        if box is not None:
            self.ensureWidgetVisible(box, 0, 60)

    def focus_finding(self, finding: object) -> None:
        """Put the cursor into the field of a finding, or into the first one."""
        if not isinstance(finding, Finding):
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._page is not None:
            self._page.focus_finding(finding)
        if self._journey is not None:
            self._journey.focus_path(finding.path)
        widget = QApplication.focusWidget()
        if widget is not None and self.isAncestorOf(widget):
            self.ensureWidgetVisible(widget, 0, 60)


def make_panel(window: "MainWindow") -> InspectorPanel:
    """The panel of a window."""
    return InspectorPanel(window.look, window.form_context, Folds(window.settings))
