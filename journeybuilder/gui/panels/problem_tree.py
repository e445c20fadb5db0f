"""The findings in groups, each group with its count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from journeybuilder.document.findings import Finding
from journeybuilder.gui.fixes import has_fixes
from journeybuilder.gui.forms.base import sentence
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import HEADER, ICON, SUB, TAG, TONE, RowDelegate, as_rows

FINDING = Qt.ItemDataRole.UserRole + 20
_ORDER = ("error", "warning", "info")
_NAMES = {"error": noop("Errors"), "warning": noop("Warnings"), "info": noop("Hints")}
_ONE = {"error": noop("Error"), "warning": noop("Warning"), "info": noop("Hint")}
_ICONS = {"error": "problem", "warning": "warning", "info": "verify"}
_TONES = {"error": "error", "warning": "warning", "info": "muted"}
_ROW = 56  # pixels


@dataclass(frozen=True)
class Names:
    """How places are called.

    Attributes:
        node: Title of a node by the file of its journey and its id.
        file: Title of a journey by its file; a name of other files.
    """

    node: Callable[[str, str], str]
    file: Callable[[str], str]


def group_of(finding: Finding, by: str, names: Names) -> tuple[str, str]:
    """What a finding is grouped under, with the text that sorts it."""
    if by == "severity":
        severity = finding.severity
        return tr(_NAMES[severity]), str(_ORDER.index(severity))
    if by == "rule":
        return f"{finding.code}", finding.code
    if by == "file":
        return names.file(finding.file), finding.file
    if finding.node:
        return names.node(finding.file, finding.node), f"1{finding.file}{finding.line:07}"
    return tr("The journey itself"), f"0{finding.file}"


def in_order(findings: Sequence[Finding], by: str, names: Names) -> list[tuple[str, list[Finding]]]:
    """The groups with their findings, errors first, then by place."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(
        findings, key=lambda one: (_ORDER.index(one.severity), one.file, one.line, one.column)
    ):
        words, key = group_of(finding, by, names)
        groups.setdefault((key, words), []).append(finding)
    return [(words, groups[key, words]) for key, words in sorted(groups)]


class ProblemTree(QTreeWidget):
    """The list.

    Signals:
        chosen: The `Finding` to go to.
        pointed: The `Finding` of the current row, or None.
        fix_asked: Findings that are to be mended and where on the screen to ask how.
    """

    chosen = Signal(object)
    pointed = Signal(object)
    fix_asked = Signal(object, QPoint)

    def __init__(self, look: Look) -> None:
        super().__init__()
        as_rows(self, 0)
        self.setUniformRowHeights(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName(tr("Problems"))
        self.setAccessibleDescription(
            tr(
                "Enter goes there, Ctrl+. offers quick fixes, Ctrl+C copies, Left and Right fold groups."
            )
        )
        self._delegate = RowDelegate(look, tiles=False)
        self.setItemDelegate(self._delegate)
        self._folded: set[str] = set()
        self._quiet = False
        self.itemClicked.connect(self._go)
        self.itemActivated.connect(self._go)
        self.currentItemChanged.connect(self._pointed)
        self.itemCollapsed.connect(self._fold)
        self.itemExpanded.connect(self._unfold)

    # --- rows ------------------------------------------------------------------------------------

    def show_groups(self, groups: Sequence[tuple[str, Sequence[Finding]]], names: Names) -> None:
        """Show these; the current finding stays current where it is still there."""
        here = self.finding()
        self._quiet = True
        try:
            self.clear()
            for words, findings in groups:
                self._add_group(words, findings, names)
            self._restore(here)
        finally:
            self._quiet = False
        self.pointed.emit(self.finding())

    def _add_group(self, words: str, findings: Sequence[Finding], names: Names) -> None:
        head = QTreeWidgetItem([f"{words}  ({len(findings)})"])
        head.setData(0, HEADER, 1)
        head.setData(0, Qt.ItemDataRole.UserRole, words)
        spoken = trn("{n} problem", "{n} problems", len(findings))
        head.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{words}, {spoken}")
        self.addTopLevelItem(head)
        head.addChildren([_item(one, names) for one in findings])
        head.setExpanded(words not in self._folded)

    def _restore(self, here: Finding | None) -> None:
        if here is None:
            return
        same = (here.code, here.file, here.path, here.message)
        for item in self.rows():
            one = item.data(0, FINDING)
            if (one.code, one.file, one.path, one.message) == same:
                self.setCurrentItem(item)
                return

    def rows(self) -> list[QTreeWidgetItem]:
        """The rows of findings, in their order."""
        heads = (self.topLevelItem(index) for index in range(self.topLevelItemCount()))
        return [row for head in heads if head is not None for row in _below(head)]

    def finding(self) -> Finding | None:
        """That of the current row."""
        item = self.currentItem()
        found = item.data(0, FINDING) if item is not None else None
        return found if isinstance(found, Finding) else None

    def chosen_findings(self) -> list[Finding]:
        """Those of the selected rows; of a group, all that are in it."""
        out: list[Finding] = []
        for item in self.selectedItems():
            below = _below(item) or [item]
            out += [one.data(0, FINDING) for one in below if one.data(0, FINDING) is not None]
        return list({id(one): one for one in out}.values())

    def step(self, by: int) -> Finding | None:
        """Go to the next finding or the one before, around at the end."""
        rows = self.rows()
        if not rows:
            return None
        here = next((n for n, item in enumerate(rows) if item is self.currentItem()), None)
        at = (0 if by > 0 else len(rows) - 1) if here is None else (here + by) % len(rows)
        self.setCurrentItem(rows[at])
        self.scrollToItem(rows[at])
        return self.finding()

    # --- what the person does -------------------------------------------------------------------

    def _go(self, item: QTreeWidgetItem) -> None:
        found = item.data(0, FINDING)
        plain = QApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier
        if isinstance(found, Finding):
            if plain:
                self.chosen.emit(found)
        elif plain:
            item.setExpanded(not item.isExpanded())

    def _pointed(self) -> None:
        if not self._quiet:
            self.pointed.emit(self.finding())

    def _fold(self, item: QTreeWidgetItem) -> None:
        self._folded.add(str(item.data(0, Qt.ItemDataRole.UserRole)))

    def _unfold(self, item: QTreeWidgetItem) -> None:
        self._folded.discard(str(item.data(0, Qt.ItemDataRole.UserRole)))

    def copy(self) -> None:
        """Put the selected findings on the clipboard, one a line."""
        found = self.chosen_findings()
        if found:
            QApplication.clipboard().setText("\n".join(as_line(one) for one in found))

    def ask_fix(self) -> None:
        """Offer the fixes of the selected rows beside the current one."""
        found = self.chosen_findings()
        item = self.currentItem()
        if found and item is not None:
            corner = self.visualItemRect(item).bottomLeft() + QPoint(24, 0)
            self.fix_asked.emit(found, self.viewport().mapToGlobal(corner))

    @override
    def event(self, e: QEvent) -> bool:
        if isinstance(e, QKeyEvent) and e.type() == QEvent.Type.ShortcutOverride:
            dot = e.key() == Qt.Key.Key_Period
            control = bool(e.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if e.matches(QKeySequence.StandardKey.Copy) or (dot and control):
                e.accept()  # of this list, not of the canvas
                return True
        return super().event(e)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        dot = event.key() == Qt.Key.Key_Period
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Menu or (
            dot and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.ask_fix()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
            self._go(item)
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.ask_fix()
            return
        item = self.itemAt(event.pos())
        found = item.data(0, FINDING) if item is not None else None
        if isinstance(found, Finding):
            self.fix_asked.emit(self.chosen_findings() or [found], event.globalPos())


def _below(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (item.child(index) for index in range(item.childCount()))
    return [one for one in found if one is not None]


def as_line(finding: Finding) -> str:
    """A finding as one line of text, for a message or a ticket."""
    hint = f" {said(finding.hint)}" if finding.hint else ""
    return f"{finding.place}: {tr(_ONE[finding.severity])} {finding.code}: {said(finding.message)}.{hint}"


def _item(finding: Finding, names: Names) -> QTreeWidgetItem:
    item = QTreeWidgetItem([sentence(said(finding.message))])
    place = names.node(finding.file, finding.node) if finding.node else names.file(finding.file)
    line = tr("line {n}", n=finding.line) if finding.line else ""
    mends = tr("quick fix") if has_fixes(finding) else ""
    item.setData(0, ICON, _ICONS[finding.severity])
    item.setData(0, TONE, _TONES[finding.severity])
    item.setData(0, SUB, said(finding.hint))
    tags: Sequence[str] = (tr(_ONE[finding.severity]), place, line, finding.code, mends)
    item.setData(0, TAG, " · ".join(one for one in tags if one))
    item.setData(0, FINDING, finding)
    item.setToolTip(0, f"{said(finding.message)}\n{said(finding.hint)}".strip())
    spoken = (
        tr(_ONE[finding.severity]),
        said(finding.message),
        said(finding.hint),
        place,
        line,
        mends,
    )
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ". ".join(one for one in spoken if one))
    return item


def counts(findings: Sequence[Finding]) -> Mapping[str, int]:
    """How many there are of each severity."""
    return {name: sum(one.severity == name for one in findings) for name in _ORDER}
