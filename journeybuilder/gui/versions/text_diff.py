"""Two texts side by side, line by line; what differs is marked by color and by a sign."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.theme import Theme

_GAP = "⋯"
_AROUND = 3  # equal lines that are shown around what differs
_SIGNS = {"gone": "− ", "new": "+ ", "same": "  ", "none": "  "}
_TINT = 46


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one side.

    Attributes:
        what: `same`, `gone`, `new`, or `none` where only the other side has one.
    """

    what: str
    text: str


def lined_up(old: str, new: str) -> tuple[list[Line], list[Line]]:
    """Both texts as lines that stand beside each other; long equal parts are left out."""
    before, after = old.splitlines(), new.splitlines()
    left: list[Line] = []
    right: list[Line] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    codes = matcher.get_opcodes()
    for index, (what, a, b, c, d) in enumerate(codes):
        if what == "equal":
            kept = _kept(before[a:b], first=index == 0, last=index == len(codes) - 1)
            left += kept
            right += kept
            continue
        gone = [Line("gone", text) for text in before[a:b]]
        come = [Line("new", text) for text in after[c:d]]
        most = max(len(gone), len(come))
        left += [*gone, *[Line("none", "")] * (most - len(gone))]
        right += [*come, *[Line("none", "")] * (most - len(come))]
    return left, right


def _kept(lines: Sequence[str], *, first: bool, last: bool) -> list[Line]:
    every = [Line("same", text) for text in lines]
    head = [] if first else every[:_AROUND]
    tail = [] if last else every[len(every) - _AROUND :]
    if len(head) + len(tail) + 1 >= len(every):
        return every
    return [*head, Line("same", _GAP), *tail]


class TextDiff(QWidget):
    """Shows two texts beside each other; they scroll together."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._lines: tuple[list[Line], list[Line]] = ([], [])
        self._heads = (label("", "caption"), label("", "caption"))
        self.sides = (self._area(tr("The text before")), self._area(tr("The text after")))
        both = row(self, spacing=1)
        for head, side in zip(self._heads, self.sides, strict=True):
            half = QWidget()
            inside = column(half, spacing=0)
            head.setContentsMargins(8, 6, 8, 6)
            inside.addWidget(head)
            inside.addWidget(side, 1)
            both.addWidget(half, 1)
        for mine, other in (self.sides, self.sides[::-1]):
            mine.verticalScrollBar().valueChanged.connect(other.verticalScrollBar().setValue)
            mine.horizontalScrollBar().valueChanged.connect(other.horizontalScrollBar().setValue)
        look.changed.connect(self._paint)

    @staticmethod
    def _area(name: str) -> QPlainTextEdit:
        area = QPlainTextEdit()
        area.setReadOnly(True)
        area.setProperty("role", "code")
        area.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        area.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        area.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        area.setAccessibleName(name)
        return area

    def show_texts(self, old: str, new: str, names: tuple[str, str]) -> None:
        """Show two texts under their names."""
        self.show_lines(lined_up(old, new), names)

    def show_lines(self, lines: tuple[list[Line], list[Line]], names: tuple[str, str]) -> None:
        """Show lines that stand beside each other already."""
        self._lines = lines
        for head, name, side, mine in zip(self._heads, names, self.sides, lines, strict=True):
            head.setText(name)
            side.setPlainText("\n".join(_SIGNS[one.what] + one.text for one in mine))
        self._paint()

    def _paint(self) -> None:
        theme = self._look.theme
        for side, lines in zip(self.sides, self._lines, strict=True):
            side.setExtraSelections(
                [
                    _mark(side, at, one.what, theme)
                    for at, one in enumerate(lines)
                    if one.what != "same"
                ]
            )


def _mark(area: QPlainTextEdit, line: int, what: str, theme: Theme) -> QTextEdit.ExtraSelection:
    place = QTextEdit.ExtraSelection()
    colors = {"gone": theme.color("error", _TINT), "new": theme.color("ok", _TINT)}
    form = QTextCharFormat()
    form.setBackground(colors.get(what, theme.color("hover")))
    form.setProperty(QTextFormat.Property.FullWidthSelection, True)
    place.format = form
    place.cursor = QTextCursor(area.document().findBlockByNumber(line))
    return place
