"""The versions of the journey in front: what they are, what differs, and going back to one."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)
from typing_extensions import override

from journeybuilder.errors import AuthorError
from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.journey.three_way import Pair
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.rows import ICON, SUB, TAG, TONE, RowDelegate
from journeybuilder.gui.panels.compare import show_comparison
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.gui.shell import Shell
from journeybuilder.gui.versions.diff_marks import compared, draft_of
from journeybuilder.gui.versions.git_versions import Commit, GitVersions
from journeybuilder.gui.versions.version_list import Version, versions_of, when_words

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_VERSION = Qt.ItemDataRole.UserRole + 20
_SETTLE = 400  # ms after a save until the list is made anew
_BOTH = 2
_ICONS = {"disk": "save", "session": "history", "kept": "clock", "commit": "branch"}
_LAYER = "versions"
Use = Callable[[Version, Pair], None]


class VersionsPanel(Panel, QWidget):
    """A list of versions and what can be done with one or two of them."""

    def __init__(self, window: Shell) -> None:
        super().__init__()
        self._window = window
        self._tab: JourneyTab | None = None
        self._marked: JourneyTab | None = None
        self._commits: Sequence[Commit] = ()
        self._git = GitVersions(self)
        self._git.listed.connect(self._listed)
        self._git.told.connect(self._told)
        self._wanted: tuple[Version, Use] | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.refresh)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._build()
        self._enable()

    def _build(self) -> None:
        outer = column(self, spacing=6, margins=(8, 8, 8, 8))
        self.list = QListWidget()
        self.list.setProperty("role", "rows")
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(tr("Versions of this journey"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._delegate = RowDelegate(self._window.look, tiles=False)
        self.list.setItemDelegate(self._delegate)
        self.words = label("", "muted", wrap=True)
        outer.addWidget(self.words)
        outer.addWidget(self.list, 1)
        self.told = label("", "help", wrap=True)
        outer.addWidget(self.told)
        first, second, third = row(spacing=6), row(spacing=6), row(spacing=6)
        self.compare = self._button(
            tr("Compare"),
            self._compare,
            tr("With what is shown now; two selected ones with each other"),
        )
        self.go_back = self._button(
            tr("Go back to it"), self._go_back, tr("As one step of undo; nothing is saved by it")
        )
        self.copy = self._button(tr("Copy"), self._copy, tr("Put its text on the clipboard"))
        self.mark = QPushButton(tr("Mark on the canvas"))
        self.mark.setCheckable(True)
        self.mark.setToolTip(tr("What differs from the selected version, in the drawing itself"))
        self.mark.toggled.connect(self._remark)
        first.addWidget(self.compare)
        first.addWidget(self.copy)
        second.addWidget(self.go_back)
        third.addWidget(self.mark)
        for line in (first, second, third):
            line.addStretch(1)
            outer.addLayout(line)
        self.list.itemSelectionChanged.connect(self._selected)
        self.list.itemActivated.connect(self._compare)

    @staticmethod
    def _button(words: str, slot: Callable[[], None], about: str) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(about)
        button.clicked.connect(slot)
        return button

    # --- what is shown -----------------------------------------------------------------------------

    @override
    def show_journey(self, tab: JourneyTab | None) -> None:
        if tab is self._tab:
            return
        if self._tab is not None:
            self._tab.model.saved_changed.disconnect(self._settle.start)
        self._unmark()
        self._tab = tab
        self._commits = ()
        if tab is not None:
            tab.model.saved_changed.connect(self._settle.start)
        self._settle.stop()
        self.list.clear()
        if self.isVisible():
            self._ask()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        self.refresh()
        if self._tab is not None:
            self.told.setText(tr("Asking git…"))
            self._git.ask(self._tab.model.disk.path)

    @override
    def go(self) -> None:
        """Put the focus on the list."""
        self.list.setFocus(BY_KEYS)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def _listed(self, commits: object) -> None:
        self._commits = cast("Sequence[Commit]", commits)
        self.told.setText(trn("{n} commit of git", "{n} commits of git", len(self._commits)))
        self.refresh()

    def _told(self, words: str) -> None:
        self.told.setText(words)

    def refresh(self) -> None:
        """List the versions as they are now."""
        tab = self._tab
        if tab is not None and not self.isVisible():
            return
        chosen = {one.name for one in self.chosen()}
        versions = versions_of(tab.model, self._commits) if tab is not None else []
        at = self.list.currentRow()
        self.list.blockSignals(True)
        self.list.clear()
        for version in versions:
            self._add(version, chosen=version.name in chosen)
        self.list.setCurrentRow(at, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.list.blockSignals(False)
        self.words.setText(
            tr("Open a journey to see its versions.") if tab is None
            else "" if len(versions) > 1
            else tr("Each save keeps a version here; commits of git are listed too.")
        )  # fmt: skip
        self.words.setVisible(bool(self.words.text()))
        self._selected()

    def _add(self, version: Version, *, chosen: bool) -> None:
        title = version.title or version.about
        item = QListWidgetItem(title)
        when = when_words(version.at) if version.at is not None else ""
        item.setData(ICON, _ICONS[version.source])
        item.setData(TONE, "accent" if version.source == "disk" else "muted")
        item.setData(SUB, version.about if version.title else "")
        item.setData(TAG, when)
        item.setData(_VERSION, version)
        item.setToolTip(f"{title}\n{version.about}\n{when}".strip())
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}. {version.about}. {when}")
        self.list.addItem(item)
        item.setSelected(chosen)

    def chosen(self) -> list[Version]:
        """The selected versions, in the order of the list."""
        rows = sorted(index.row() for index in self.list.selectedIndexes())
        found = [self.list.item(at).data(_VERSION) for at in rows]
        return [one for one in found if isinstance(one, Version)]

    def _selected(self) -> None:
        self._enable()
        self._remark()

    def _enable(self) -> None:
        number = len(self.chosen())
        self.compare.setEnabled(number in (1, _BOTH))
        for widget in (self.go_back, self.copy, self.mark):
            widget.setEnabled(number == 1)

    # --- their texts ---------------------------------------------------------------------------------

    def _use(self, version: Version, use: Use) -> None:
        """Do something with the texts of a version, once they are there."""
        tab = self._tab
        if tab is None:
            return
        if version.commit is not None:
            self._wanted = version, use
            self._git.fetch(version.commit, tab.model.disk.path, self._fetched)
            return
        pair = version.pair
        if version.kept is not None and tab.model.versions is not None:
            pair = tab.model.versions.pair(version.kept.journey, version.kept.layout)
        if pair is None:
            self.told.setText(tr("The text of this version is not there any more."))
            return
        use(version, pair)

    def _fetched(self, pair: Pair) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            version, use = wanted
            use(version, pair)

    def _compare(self) -> None:
        chosen = self.chosen()
        if len(chosen) == 1:
            self._use(chosen[0], self._compare_now)
        elif len(chosen) == _BOTH:
            self._use(chosen[1], partial(self._compare_first, chosen[0]))

    def _compare_now(self, version: Version, pair: Pair) -> None:
        if self._tab is not None:
            show_comparison(self._window, self._tab, pair, version.name)

    def _compare_first(self, later: Version, earlier: Version, pair: Pair) -> None:
        self._use(later, partial(self._compare_both, earlier, pair))

    def _compare_both(self, earlier: Version, before: Pair, later: Version, after: Pair) -> None:
        if self._tab is not None:
            show_comparison(self._window, self._tab, before, earlier.name, after, later.name)

    def _go_back(self) -> None:
        chosen = self.chosen()
        if len(chosen) == 1:
            self._use(chosen[0], self._gone_back)

    def _gone_back(self, version: Version, pair: Pair) -> None:
        title = tr("Go back to {version}", version=version.name)
        if self._tab is not None and self._tab.model.replace_with(title, pair):
            self._window.say(
                tr("Here is the version of {version}; Undo leads back", version=version.name)
            )

    def _copy(self) -> None:
        chosen = self.chosen()
        if len(chosen) == 1:
            self._use(chosen[0], self._copied)

    def _copied(self, version: Version, pair: Pair) -> None:
        QApplication.clipboard().setText(pair.journey)
        self._window.say(tr("Copied: {version}", version=version.name))

    # --- marks on the canvas -------------------------------------------------------------------------

    def _remark(self) -> None:
        chosen = self.chosen()
        if self.mark.isChecked() and len(chosen) == 1 and self._tab is not None:
            self._use(chosen[0], self._show_marks)
        else:
            self._unmark()

    def _show_marks(self, version: Version, pair: Pair) -> None:
        tab = self._tab
        if tab is None:
            return
        try:
            sight = compared(draft_of(pair), tab.model.draft)
        except AuthorError as error:
            self.told.setText(str(error))
            return
        self._marked = tab
        tab.canvas.set_layer(_LAYER, sight.layer)
        self.told.setText(
            trn("{n} change since {version}", "{n} changes since {version}", len(sight.changes),
                version=version.name)
        )  # fmt: skip

    def _unmark(self) -> None:
        marked, self._marked = self._marked, None
        if marked is not None and marked in self._window.tabs():
            marked.canvas.clear_layer(_LAYER)


def make_panel(window: "MainWindow") -> VersionsPanel:
    """The panel of a window."""
    return VersionsPanel(window)
