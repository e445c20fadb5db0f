"""Two versions of a journey beside each other: what differs in words, in the drawing and in the text."""

import asyncio
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QPushButton,
    QSplitter,
    QTabWidget,
    QWidget,
)
from typing_extensions import override

from journeybuilder.document.diff import summary
from journeybuilder.errors import AuthorError
from journeybuilder.gui.bridge import Bridge, Failure, Job
from journeybuilder.gui.canvas.view import CanvasView
from journeybuilder.gui.forms.base import column, label, sentence
from journeybuilder.gui.journey.journal import Draft
from journeybuilder.gui.journey.three_way import Pair
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look import questions
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.shell import Shell
from journeybuilder.gui.versions.change_list import ChangeList
from journeybuilder.gui.versions.diff_marks import Sight, compared, draft_of, edits_back
from journeybuilder.gui.versions.shown_draft import ShownDraft
from journeybuilder.gui.versions.text_diff import Line, TextDiff, lined_up

_SETTLE = 200  # ms after an edit until it is compared again
_SIZE = (1100, 720)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is worked out away from the window."""

    sight: Sight
    lines: tuple[list[Line], list[Line]]


def _see(before: Pair, after: Pair) -> _Seen:
    sight = compared(draft_of(before), draft_of(after))
    return _Seen(sight, lined_up(before.journey, after.journey))


class Comparison(Dialog):
    """Compares a version with another one, or with what is shown now, as long as it is open.

    Args:
        parent: The window.
        tab: The journey.
        before: The version before.
        name: What to call it.
        after: The version after; None for what is shown, which is followed.
        after_name: What to call that.
        bridge: Where the work is done; None does it at once.
    """

    def __init__(
        self, parent: QWidget, look: Look, tab: JourneyTab, before: Pair, name: str,
        after: Pair | None = None, after_name: str = "", bridge: Bridge | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("comparison")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Differences in {title}", title=tab.model.title))
        self.resize(*_SIZE)
        self._tab, self._before, self._after = tab, before, after
        self._names = (name, after_name or tr("now"))
        self._bridge = bridge
        self._job: Job | None = None
        self.sight: Sight | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.compare)
        self._model: ShownDraft | None = None
        self._build(look)
        look.changed.connect(self._recolor)
        self._look = look
        if after is None:
            tab.model.edited.connect(self._settle.start)
        tab.destroyed.connect(self.reject)
        self.compare()

    def _build(self, look: Look) -> None:
        outer = column(self, spacing=12, margins=(16, 16, 16, 12))
        self.words = label("", "lead", wrap=True)
        outer.addWidget(self.words)
        self.list = ChangeList(look)
        self.canvas = CanvasView(look.theme)
        self.canvas.setAcceptDrops(False)
        self.canvas.setAccessibleName(tr("Both versions in one drawing"))
        self.texts = TextDiff(look)
        views = QTabWidget()
        views.setDocumentMode(True)
        views.tabBar().setDrawBase(False)
        views.addTab(self.canvas, tr("Drawing"))
        views.addTab(self.texts, tr("Text"))
        self.views = views
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(views)
        split.setStretchFactor(1, 1)
        split.setSizes([380, 720])
        outer.addWidget(split, 1)
        buttons = ButtonRow()
        self.take = self._button(tr("Take only this change"), self._take_one)
        self.take.setToolTip(tr("Make this one place say again what the version before says"))
        self.go_back = self._button(tr("Go back to this version"), self._go_back)
        self.copy = self._button(tr("Copy its text"), self._copy)
        for button in (self.take, self.go_back, self.copy):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ResetRole)
        closing = self._button(tr("Close"), self.reject)
        buttons.addButton(closing, QDialogButtonBox.ButtonRole.RejectRole)
        outer.addWidget(buttons)
        self.list.chosen.connect(self._show_node)
        self.list.opened.connect(self._go_to)
        for button in (self.take, self.go_back):
            button.setVisible(self._after is None)
        self.take.setEnabled(False)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, words: str, slot: object) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    # --- comparing -------------------------------------------------------------------------------

    def compare(self) -> None:
        """Find out what differs; it is shown once that is known."""
        try:
            after = self._after or self._tab.model.outside.ours()
        except AuthorError as error:
            self.words.setText(str(error))
            return
        if self._bridge is not None and self._bridge.running:
            if self._job is not None:
                self._job.cancel()
            self.words.setText(tr("Comparing…"))
            work = asyncio.to_thread(_see, self._before, after)
            self._job = self._bridge.submit(work, self._seen, self._not_seen)
            return
        try:
            self._seen(_see(self._before, after))
        except AuthorError as error:
            self._not_seen(Failure(error.what, error.hint))

    def _not_seen(self, failure: Failure) -> None:
        self.words.setText(tr("They cannot be compared: {why}", why=str(failure)))

    def _seen(self, seen: _Seen) -> None:
        first = self.sight is None
        self.sight = seen.sight
        old, new = self._names
        number = len(seen.sight.changes)
        self.words.setText(
            trn("{n} change from “{old}” to “{new}”", "{n} changes from “{old}” to “{new}”",
                number, old=old, new=new)
            if number else tr("“{old}” and “{new}” say the same.", old=old, new=new)
        )  # fmt: skip
        self.setAccessibleDescription(summary(seen.sight.changes))
        self.list.show_changes(seen.sight.changes)
        self.texts.show_lines(seen.lines, (sentence(old), sentence(new)))
        self._show(seen.sight.shown)
        self.canvas.set_layer("diff", seen.sight.layer)
        self.go_back.setEnabled(bool(number))
        if first:
            if number:
                self.list.setCurrentRow(0)
            self.canvas.fit()

    def _show(self, draft: Draft) -> None:
        if self._model is None:
            self._model = ShownDraft(draft)
            self._model.setParent(self)
            self.canvas.set_model(self._model)
        else:
            self._model.show_draft(draft)

    def _show_node(self, node: str) -> None:
        change = self.list.chosen_change()
        self.take.setEnabled(change is not None)
        if node:
            self.canvas.select((node,))
            self.canvas.center_on(node)

    def _go_to(self, node: str) -> None:
        if node in self._tab.model.journey.nodes:
            self._tab.go_to(node)

    # --- taking ------------------------------------------------------------------------------------

    def _take_one(self) -> None:
        change, sight = self.list.chosen_change(), self.sight
        if change is None or sight is None:
            return
        model = self._tab.model
        edits = edits_back(change, sight.old, model.journey)
        if edits:
            model.apply(tr("Take back: {change}", change=change.words), *edits)

    def _go_back(self) -> None:
        title = tr("Go back to {version}", version=self._names[0])
        if not self._tab.model.replace_with(title, self._before):
            questions.tell(self, tr("That did not work"), tr("The version cannot be read."))

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._before.journey)

    def _recolor(self) -> None:
        self.canvas.set_theme(self._look.theme)

    @override
    def done(self, arg__1: int) -> None:
        self._settle.stop()
        if self._job is not None:
            self._job.cancel()
        self.canvas.set_model(None)
        super().done(arg__1)


def show_comparison(
    window: Shell, tab: JourneyTab, before: Pair, name: str,
    after: Pair | None = None, after_name: str = "",
) -> Comparison:  # fmt: skip
    """Open a comparison beside the window."""
    dialog = Comparison(window, window.look, tab, before, name, after, after_name, window.bridge)
    dialog.show()
    return dialog
