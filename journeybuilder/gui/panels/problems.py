"""The problems of a journey or the whole workspace: why each matters, and quick fixes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from journeybuilder.document.findings import Finding
from journeybuilder.gui.all_findings import AllFindings
from journeybuilder.gui.fixes import Fix
from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.mending import Mending
from journeybuilder.gui.panels.combo_room import RoomyCombo
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.gui.panels.problem_card import ProblemCard
from journeybuilder.gui.panels.problem_tree import Names, ProblemTree, counts, in_order

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

_SCOPES = (("journey", noop("This journey")), ("workspace", noop("Whole workspace")))
_GROUPS = (
    ("severity", noop("By severity")), ("node", noop("By step")), ("rule", noop("By kind of problem")),
    ("file", noop("By journey")),
)  # fmt: skip
_ROOM = 640  # pixels from which on there is room for the page of a finding
_SEARCH = 150  # pixels of the field that filters, and of the gaps in its bar
_GROUPED = 480  # pixels from which on there is room to choose how problems are grouped
_BUTTONS = 400  # pixels from which on there is room for a button of what its keys and menu do too
_BAR = 300  # pixels that the bar has at least
_CARD = 240  # pixels that the page of a finding has at least
_SIGNS = {"error": "\u2716", "warning": "\u26a0", "info": "\u2139"}


class ProblemsPanel(Panel, QWidget):
    """Filters, the groups of findings, and the page of the one that is chosen."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self._model: JourneyModel | None = None
        self._space: WorkspaceModel | None = None
        self._mending = Mending.of(window)
        self._shown: Sequence[Finding] = ()
        self._groups: Sequence[tuple[str, Sequence[Finding]]] = ()
        self.all = AllFindings(window, self)
        self._short = True
        self._wide = 0
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        layout = column(self, spacing=0)
        self._bar = QWidget()
        self._fill_bar()
        self._bar.setMinimumWidth(_BAR)  # and not what all that is in it would take
        layout.addWidget(self._bar)
        self.list = ProblemTree(window.look)
        self.card = ProblemCard()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(self.list)
        self._split.addWidget(self.card)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self.card.setMinimumWidth(_CARD)
        self._split.setSizes([2 * _CARD, _CARD + _CARD // 2])
        self._empty = QWidget()
        inside = column(self._empty, margins=(16, 12, 16, 16))
        self._words = label("", "muted", wrap=True)
        inside.addWidget(self._words)
        inside.addStretch(1)
        self._stack = QStackedLayout()
        layout.addLayout(self._stack, 1)  # first, else what is added is shown as a window
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._split)
        self.list.chosen.connect(self.go_to)
        self.list.pointed.connect(self._point)
        self.list.fix_asked.connect(self._ask_fix)
        self.card.wanted.connect(self._fix)
        self.all.changed.connect(self.refresh)
        window.journeys.currentChanged.connect(self._tabs_changed)

    def _fill_bar(self) -> None:
        line = row(self._bar, spacing=6, margins=(10, 6, 10, 6))
        self.filters: dict[str, QToolButton] = {}
        for name in ("error", "warning", "info"):
            button = QToolButton()
            button.setCheckable(True)
            button.setChecked(True)
            button.toggled.connect(weak(self.refresh))
            self.filters[name] = button
            line.addWidget(button)
        self.scope = RoomyCombo()
        self.scope.setAccessibleName(tr("Where to look for problems"))
        self.group = RoomyCombo()
        self.group.setAccessibleName(tr("How problems are grouped"))
        for combo, choices in ((self.scope, _SCOPES), (self.group, _GROUPS)):
            for name, words in choices:
                combo.addItem(tr(words), name)
            line.addWidget(combo)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Filter"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(56)
        self.search.setAccessibleName(tr("Show only problems with these words"))
        line.addWidget(self.search, 1)
        self.why = QToolButton()
        self.why.setText(tr("Why?"))
        self.why.setCheckable(True)
        self.why.setChecked(True)
        self.why.setToolTip(tr("Show why a problem matters and how to mend it"))
        line.addWidget(self.why)
        self.fix = QPushButton(tr("Fix…"))
        self.fix.setToolTip(tr("Quick fixes of the chosen problem (Ctrl+.)"))
        line.addWidget(self.fix)
        self._wide = self._bar_width()
        self.scope.currentIndexChanged.connect(self._scoped)
        self.group.currentIndexChanged.connect(self.refresh)
        self.search.textChanged.connect(self.refresh)
        self.why.toggled.connect(self._show_card)
        self.fix.clicked.connect(self.ask_fix)

    def _bar_width(self) -> int:
        """How wide the bar is with all of its words, in pixels."""
        words = (trn("{n} error", "{n} errors", 99), trn("{n} warning", "{n} warnings", 99))
        measure = self.fontMetrics()
        combos = self.scope.sizeHint().width() + self.group.sizeHint().width()
        fixed = self.why.sizeHint().width() + self.fix.sizeHint().width()
        filters = sum(measure.horizontalAdvance(f"{_SIGNS['error']} {one}") + 24 for one in words)
        return combos + fixed + filters + _SEARCH

    # --- what there is -----------------------------------------------------------------------------

    @override
    def show_world(self, space: "WorkspaceModel | None") -> None:
        self._space = space
        self._again()

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        if self._model is not None:
            self._model.findings_changed.disconnect(self._checked)
        self._model = tab.model if tab is not None else None
        if self._model is not None:
            self._model.findings_changed.connect(self._checked)
        self._checked()

    def _tabs_changed(self) -> None:
        self._again()

    def _checked(self) -> None:
        self._again()
        self.refresh()

    def _again(self) -> None:
        if self.whole and self.isVisible():
            self.all.later()

    def _scoped(self) -> None:
        self._again()
        self.refresh()

    @property
    def whole(self) -> bool:
        """Whether the whole workspace is shown."""
        return self.scope.currentData() == "workspace"

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._again()
        self._show_card()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.all.stop()

    @property
    def findings(self) -> Sequence[Finding]:
        """What is shown."""
        return self._shown

    def refresh(self) -> None:
        """Show what the filters leave."""
        found = self._all()
        number = counts(found)
        for name, button in self.filters.items():
            self._show_count(name, button, number[name])
        wanted = self.search.text().casefold().split()
        shown = [
            one for one in found if self.filters[one.severity].isChecked() and _has(one, wanted)
        ]
        self._shown = shown
        self._words.setText(self._empty_words(bool(found)))
        self._stack.setCurrentIndex(1 if shown else 0)
        self.fix.setEnabled(bool(shown))
        by = self.group.currentData()
        groups = in_order(shown, by, self._names)
        if groups != self._groups:
            self._groups = groups
            self.list.show_groups(groups, self._names)

    def _all(self) -> Sequence[Finding]:
        if self.whole:
            return self.all.findings
        return self._model.findings if self._model is not None else ()

    def _show_count(self, name: str, button: QToolButton, number: int) -> None:
        words = {
            "error": trn("{n} error", "{n} errors", number),
            "warning": trn("{n} warning", "{n} warnings", number),
            "info": trn("{n} hint", "{n} hints", number),
        }[name]
        button.setText(f"{_SIGNS[name]} {number if self._short else words}")
        button.setAccessibleName(words)
        about = tr("Show or hide these")
        button.setToolTip(f"{words}. {about}")
        button.setVisible(name != "info" or number > 0)

    def _empty_words(self, hidden: bool) -> str:
        if hidden:
            return tr("Nothing is left of the problems with these filters.")
        if self.whole:
            busy = tr("Checking the workspace …")
            return busy if self.all.busy else tr("No problems in the whole workspace.")
        if self._model is None:
            return tr("Open a journey to see its problems.")
        return tr("No problems. This journey can be exported.")

    @property
    def _names(self) -> Names:
        return Names(self._node_title, self._file_title)

    def _model_of(self, file: str) -> JourneyModel | None:
        models = [tab.model for tab in self._window.tabs()]
        return next((one for one in models if one.disk.source.file == file), None)

    def _node_title(self, file: str, node: str) -> str:
        model = self._model_of(file)
        one = model.settings_of(node) if model is not None else None
        return title_of(one) if one is not None else node

    def _file_title(self, file: str) -> str:
        model = self._model_of(file)
        if model is not None:
            return tr("journey") if not self.whole else model.title
        journeys = self._space.workspace.journeys.values() if self._space is not None else ()
        return next((one.journey.title for one in journeys if one.source.file == file), file)

    # --- going there --------------------------------------------------------------------------------

    @override
    def go(self) -> None:
        """Put the focus on the list, or above it where it is empty."""
        if not self._shown:
            self.scope.setFocus(BY_KEYS)
            return
        self.list.setFocus(BY_KEYS)
        if self.list.currentItem() is None:
            self.list.step(1)

    def go_to(self, finding: object) -> None:
        """Show the node and the field of a finding; its journey is opened where it is not."""
        if isinstance(finding, Finding) and self._open(finding) is not None:
            self._window.go_to_finding(finding)

    def _open(self, finding: Finding) -> JourneyModel | None:
        model = self._model_of(finding.file)
        if model is None and self._space is not None:
            journeys = self._space.workspace.journeys.items()
            name = next((key for key, one in journeys if one.source.file == finding.file), "")
            tab = self._window.files.open_journey(name) if name else None
            return tab.model if tab is not None else None
        for tab in self._window.tabs():
            if tab.model is model and tab is not self._window.tab:
                self._window.show_tab(tab)
        return model

    def step(self, by: int) -> None:
        """Go to the next problem, or with -1 to the one before."""
        self.go_to(self.list.step(by))

    # --- mending ------------------------------------------------------------------------------------

    def _point(self, finding: object) -> None:
        one = finding if isinstance(finding, Finding) else None
        model = self._model_of(one.file) if one is not None else None
        fixes = self._mending.fixes(model, one) if one is not None and model is not None else []
        if self.card.isVisible() or one is None:
            self.card.show_finding(one, fixes)

    def _fix(self, fix: object) -> None:
        finding = self.list.finding()
        model = self._model_of(finding.file) if finding is not None else None
        if model is not None and isinstance(fix, Fix):
            self._mending.apply(model, fix)

    def ask_fix(self) -> None:
        """Offer the fixes of the current finding."""
        if not self.list.chosen_findings():
            self.list.step(1)
        self.list.ask_fix()

    def _ask_fix(self, findings: object, place: QPoint) -> None:
        found = cast("Sequence[Finding]", findings)
        model = self._open(found[0]) if found else None
        if model is not None:
            mine = [one for one in found if one.file == model.disk.source.file]
            self._mending.popup(model, mine, place, self)

    # --- room ---------------------------------------------------------------------------------------

    def _show_card(self) -> None:
        room = self.width() >= _ROOM
        self.why.setVisible(room)
        wanted = self.why.isChecked() and room
        if wanted != self.card.isVisibleTo(self):
            self.card.setVisible(wanted)
            self._point(self.list.finding())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_card()
        self._shorten()

    def _shorten(self) -> None:
        """In a narrow panel the numbers stand without their words, so that the choices have room."""
        self.group.setVisible(self.width() >= _GROUPED)
        self.fix.setVisible(self.width() >= _BUTTONS)
        short = self.width() < self._wide
        if short != self._short:
            self._short = short
            number = counts(self._all())
            for name, button in self.filters.items():
                self._show_count(name, button, number[name])


def _has(finding: Finding, words: Sequence[str]) -> bool:
    text = (
        f"{said(finding.message)} {said(finding.hint)} {finding.code} {finding.node} {finding.file}"
    )
    return all(word in text.casefold() for word in words)


def make_panel(window: "MainWindow") -> ProblemsPanel:
    """The panel of a window."""
    return ProblemsPanel(window)
