"""Conflicts of two changes, each with its three values in words, to be decided one by one."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSplitter,
    QWidget,
)
from typing_extensions import override

from journeybuilder.document.diff import ABSENT
from journeybuilder.document.merge import Conflict
from journeybuilder.document.style import block, item_lines
from journeybuilder.document.tree import load
from journeybuilder.errors import AuthorError
from journeybuilder.gui.canvas.layers import DIFF, Badge, Layer, NodeMark
from journeybuilder.gui.canvas.view import CanvasView
from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.journey.left_conflicts import LeftMerge, conflict_words, conflicts_left
from journeybuilder.gui.journey.outside import News
from journeybuilder.gui.journey.three_way import Choice, Pair, Side, both, is_loose, is_renaming
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said as in_words
from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import ICON, SUB, TAG, TONE, RowDelegate
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.shell import Shell
from journeybuilder.gui.versions.diff_marks import draft_of
from journeybuilder.gui.versions.shown_draft import ShownDraft

_SIZE = (1120, 740)
_SIDES: Sequence[tuple[Side, str, str]] = (
    ("mine", noop("&Mine"), noop("Mine")),
    ("theirs", noop("&Theirs"), noop("Theirs")),
    ("both", noop("&Both"), noop("Both")),
    ("own", noop("&Write it myself"), noop("My own")),
)


class Meeting(Protocol):
    """Two changes with conflicts, as the view needs them."""

    @property
    def conflicts(self) -> Sequence[Conflict]:
        """What is to be decided."""
        ...

    @property
    def ours(self) -> Pair:
        """What is shown here."""
        ...

    def resolved(self, choices: Mapping[int, Choice]) -> Pair:
        """The texts with what was decided."""
        ...


def said(value: Any) -> str:
    """A value as a person reads it: a text as it is, everything else as YAML."""
    if value is ABSENT:
        return tr("(not there)")
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping | list) and value:
        return "\n".join(block(value, 0))  # pyright: ignore[reportUnknownArgumentType]
    return "".join(item_lines(value, 0)).strip()  # pyright: ignore[reportUnknownArgumentType]


class MergeView(Dialog):
    """Lets a person decide about every conflict; what comes of it is one step of undo."""

    def __init__(self, parent: QWidget, look: Look, tab: JourneyTab, meeting: Meeting) -> None:
        super().__init__(parent)
        self.setObjectName("merge")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Decide about {title}", title=tab.model.title))
        self.resize(*_SIZE)
        self._look, self._tab, self._meeting = look, tab, meeting
        self._choices: dict[int, Choice] = {}
        self._at = -1
        self._filling = False
        self._shown: ShownDraft | None = None
        self._build()
        look.changed.connect(self._recolor)
        tab.model.outside.happened.connect(self._happened)
        tab.destroyed.connect(self.reject)
        self._list_all()
        self._preview(first=True)

    # --- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        outer = column(self, spacing=12, margins=(16, 16, 16, 12))
        outer.addWidget(
            label(
                tr("Both sides have changed the same places. Choose for each what is to hold; nothing is"
                   " saved before."), "lead", wrap=True)
        )  # fmt: skip
        self.list = QListWidget()
        self.list.setProperty("role", "rows")
        self.list.setAccessibleName(tr("What is to be decided"))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._delegate = RowDelegate(self._look, tiles=False)
        self.list.setItemDelegate(self._delegate)
        self.list.currentRowChanged.connect(self._show)
        self.canvas = CanvasView(self._look.theme)
        self.canvas.setAcceptDrops(False)
        self.canvas.setAccessibleName(tr("The journey as decided so far"))
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(self._build_sides())
        right.addWidget(self.canvas)
        right.setStretchFactor(1, 1)
        right.setChildrenCollapsible(False)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([360, 760])
        outer.addWidget(split, 1)
        self.left = label("", "muted")
        outer.addWidget(self.left)
        outer.addWidget(self._build_buttons())

    def _build_sides(self) -> QWidget:
        box = QFrame()
        inside = column(box, spacing=8, margins=(8, 0, 0, 8))
        self.where = label("", "section", wrap=True)
        inside.addWidget(self.where)
        values = row(spacing=8)
        self.values: dict[str, QPlainTextEdit] = {}
        for key, words in (("base", tr("Before")), ("mine", tr("Mine")), ("theirs", tr("Theirs"))):
            half = column(holder := QWidget(), spacing=4)
            half.addWidget(label(words, "caption"))
            area = QPlainTextEdit()
            area.setReadOnly(True)
            area.setTabChangesFocus(True)
            area.setMinimumHeight(76)
            area.setAccessibleName(words)
            half.addWidget(area)
            values.addWidget(holder, 1)
            self.values[key] = area
        inside.addLayout(values, 1)
        choice = row(spacing=16)
        self._group = QButtonGroup(self)
        self.sides: dict[Side, QRadioButton] = {}
        for index, (side, words, _) in enumerate(_SIDES):
            button = QRadioButton(tr(words))
            self._group.addButton(button, index)
            button.clicked.connect(weak(self._choose, side))
            choice.addWidget(button)
            self.sides[side] = button
        choice.addStretch(1)
        inside.addLayout(choice)
        self.own = QPlainTextEdit()
        self.own.setTabChangesFocus(True)
        self.own.setMaximumHeight(96)
        self.own.setAccessibleName(tr("What is to stand there"))
        self.own.textChanged.connect(self._typed)
        inside.addWidget(self.own)
        self.wrong = QLabel()
        self.wrong.setProperty("role", "wrong")
        self.wrong.setWordWrap(True)
        self.wrong.hide()
        inside.addWidget(self.wrong)
        return box

    def _build_buttons(self) -> QDialogButtonBox:
        buttons = ButtonRow()
        all_mine = self._button(tr("Mine for the rest"), weak(self._rest, "mine"))
        all_theirs = self._button(tr("Theirs for the rest"), weak(self._rest, "theirs"))
        for button in (all_mine, all_theirs):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ResetRole)
        self.rest = (all_mine, all_theirs)
        later = self._button(tr("Later"), self.reject)
        buttons.addButton(later, QDialogButtonBox.ButtonRole.RejectRole)
        self.go = self._button(tr("Take this over"), self._take_over)
        self.go.setProperty("role", "primary")
        buttons.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        return buttons

    def _button(self, words: str, slot: Any) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    @property
    def choices(self) -> Mapping[int, Choice]:
        """What was decided so far, by the place of the conflict."""
        return dict(self._choices)

    # --- what is shown -----------------------------------------------------------------------------

    @property
    def _conflicts(self) -> Sequence[Conflict]:
        return self._meeting.conflicts

    def _list_all(self) -> None:
        for conflict in self._conflicts:
            self.list.addItem(QListWidgetItem(conflict_words(conflict.path)))
        self._tell()
        self.list.setCurrentRow(0)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        names: dict[Side, str] = {side: tr(words) for side, _, words in _SIDES}
        for index, conflict in enumerate(self._conflicts):
            item = self.list.item(index)
            choice = self._choices.get(index)
            word = names[choice.side] if choice is not None else tr("open")
            item.setData(ICON, "check" if choice is not None else "merge")
            item.setData(TONE, "ok" if choice is not None else "warning")
            item.setData(TAG, word)
            words = in_words(conflict.words.partition(": ")[2])
            item.setData(SUB, words)
            item.setToolTip(words)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{word}: {item.text()}: {words}")
        left = len(self._conflicts) - len(self._choices)
        self.left.setText(
            trn("{n} place is open", "{n} places are open", left) if left else tr("All is decided")
        )
        self.go.setEnabled(not left and not self.wrong.isVisibleTo(self))
        for button in self.rest:
            button.setEnabled(bool(left))

    def _show(self, index: int) -> None:
        if not 0 <= index < len(self._conflicts):
            return
        self._at = index
        conflict = self._conflicts[index]
        self.where.setText(_about(conflict))
        unknown = isinstance(self._meeting, LeftMerge) and index in self._meeting.unknown
        for key, value in (
            ("base", conflict.base), ("mine", conflict.ours), ("theirs", conflict.theirs),
        ):  # fmt: skip
            words = (
                tr("(see the comment in the file)") if unknown and key == "theirs" else said(value)
            )
            self.values[key].setPlainText(words)
        self.sides["theirs"].setEnabled(not unknown)
        loose = is_loose(conflict)
        self.sides["theirs"].setText(tr("Take the &way out") if loose else tr(_SIDES[1][1]))
        self.sides["both"].setEnabled(both(conflict) is not ABSENT and not loose)
        self.sides["own"].setEnabled(not is_renaming(conflict) and not loose)
        self._show_choice()
        node = conflict.path[1] if len(conflict.path) > 1 and conflict.path[0] == "nodes" else ""
        if isinstance(node, str) and node in self.canvas.board.nodes:
            self.canvas.select((node,))
            self.canvas.center_on(node)

    def _show_choice(self) -> None:
        choice = self._choices.get(self._at)
        self._filling = True
        self._group.setExclusive(False)
        for side, button in self.sides.items():
            button.setChecked(choice is not None and choice.side == side)
        self._group.setExclusive(True)
        self.own.setVisible(choice is not None and choice.side == "own")
        if choice is not None and choice.side == "own":
            self.own.setPlainText("" if choice.value is ABSENT else said(choice.value))
        self._filling = False
        self._say_wrong("")

    def _preview(self, *, first: bool = False) -> None:
        """Draw the journey as it would be now."""
        try:
            draft = draft_of(self._meeting.resolved(self._choices))
        except AuthorError as error:
            self._say_wrong(str(error))
            return
        if self._shown is None:
            self._shown = ShownDraft(draft)
            self._shown.setParent(self)
            self.canvas.set_model(self._shown)
        else:
            self._shown.show_draft(draft)
        self.canvas.set_layer("diff", self._layer())
        if first:
            self.canvas.fit()

    def _layer(self) -> Layer:
        marks: dict[str, NodeMark] = {}
        for index, conflict in enumerate(self._conflicts):
            if len(conflict.path) > 1 and conflict.path[0] == "nodes":
                name, done = str(conflict.path[1]), index in self._choices
                word = tr("decided") if done else tr("to be decided")
                if name in marks and done:
                    continue
                badge = Badge("check" if done else "merge", word, "ok" if done else "warning")
                marks[name] = NodeMark(
                    (badge,),
                    "ok" if done else "warning",
                    not done,
                    notes=(in_words(conflict.words.partition(": ")[2]),),
                )
        return Layer(marks, priority=DIFF)

    # --- deciding ----------------------------------------------------------------------------------

    def _choose(self, side: Side) -> None:
        if self._at < 0 or self._filling:
            return
        conflict = self._conflicts[self._at]
        value = conflict.ours if side == "own" else ABSENT
        self._choices[self._at] = Choice(side, value)
        self._show_choice()
        if side == "own":
            self.own.setFocus(Qt.FocusReason.OtherFocusReason)
            self.own.selectAll()
        self._preview()
        self._tell()

    def _typed(self) -> None:
        if self._filling or self._at < 0:
            return
        text, conflict = self.own.toPlainText(), self._conflicts[self._at]
        value: Any = text
        if not isinstance(conflict.ours, str) and not isinstance(conflict.theirs, str):
            read = load(text, "")
            value = read.value
            if read.findings:
                self._say_wrong(tr("This cannot be read as YAML yet."))
                self._tell()
                return
        self._say_wrong("")
        self._choices[self._at] = Choice("own", value)
        self._preview()
        self._tell()

    def _say_wrong(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))

    def _rest(self, side: Side) -> None:
        unknown = self._meeting.unknown if isinstance(self._meeting, LeftMerge) else set[int]()
        for index in range(len(self._conflicts)):
            if index not in self._choices and (side == "mine" or index not in unknown):
                self._choices[index] = Choice(side)
        self._show_choice()
        self._preview()
        self._tell()

    def _take_over(self) -> None:
        model = self._tab.model
        try:
            if isinstance(self._meeting, LeftMerge):
                model.replace_with(tr("Decide conflicts"), self._meeting.resolved(self._choices))
            else:
                model.outside.happened.disconnect(self._happened)
                model.outside.decide(self._choices)
        except AuthorError as error:
            self._say_wrong(str(error))
            return
        self._tab.notice.take_back()
        self.accept()

    def _happened(self, news: object) -> None:
        """The file has changed again while the person was deciding: begin anew with what holds now."""
        meeting = self._tab.model.outside.meeting
        if isinstance(self._meeting, LeftMerge) or not isinstance(news, News):
            return
        if meeting is None:
            self.reject()
            return
        self._meeting = meeting
        self._choices.clear()
        self.list.clear()
        self._list_all()
        self._preview()

    def _recolor(self) -> None:
        self.canvas.set_theme(self._look.theme)

    @override
    def done(self, arg__1: int) -> None:
        self.canvas.set_model(None)
        super().done(arg__1)


def _about(conflict: Conflict) -> str:
    where = conflict_words(conflict.path)
    if is_renaming(conflict):
        return tr("{where}: what the node is called", where=where)
    if is_loose(conflict):
        return tr("{where}: leads to a node that one side has removed", where=where)
    return where


def show_merge(window: Shell, tab: JourneyTab) -> MergeView | None:
    """Open the view for what waits for a decision; None where nothing does."""
    outside = tab.model.outside
    meeting: Meeting | None = outside.renewed()
    if meeting is None:
        pair = outside.ours()
        meeting = LeftMerge(pair) if conflicts_left(pair.journey) else None
    if meeting is None:
        return None
    view = MergeView(window, window.look, tab, meeting)
    view.open()
    return view
