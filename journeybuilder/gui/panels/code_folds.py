"""Folding in a code field: what is further in below a line can be hidden."""

from collections.abc import Iterator

from PySide6.QtGui import QTextBlock
from PySide6.QtWidgets import QPlainTextEdit


def _level(block: QTextBlock) -> int:
    text = block.text()
    return len(text) - len(text.lstrip(" "))


def _empty(block: QTextBlock) -> bool:
    return not block.text().strip()


def foldable(block: QTextBlock) -> bool:
    """Whether something below a line is further in."""
    if _empty(block) or block.text().lstrip().startswith("#"):
        return False
    below = block.next()
    while below.isValid() and _empty(below):
        below = below.next()
    return below.isValid() and _level(below) > _level(block)


def below(block: QTextBlock) -> Iterator[QTextBlock]:
    """The lines that a fold of this line hides."""
    level, held = _level(block), list[QTextBlock]()
    one = block.next()
    while one.isValid() and (_empty(one) or _level(one) > level):
        held.append(one)  # empty lines at the end stay outside
        if not _empty(one):
            yield from held
            held.clear()
        one = one.next()


def folded(block: QTextBlock) -> bool:
    """Whether what is below a line is hidden."""
    after = block.next()
    return after.isValid() and not after.isVisible() and block.isVisible()


def fold(area: QPlainTextEdit, block: QTextBlock, *, hide: bool) -> None:
    """Hide what is below a line, or show it."""
    first, last = block.position(), block.position()
    for one in below(block):
        one.setVisible(not hide)
        last = one.position() + one.length()
    area.document().markContentsDirty(first, last - first)
    cursor = area.textCursor()
    if not cursor.block().isVisible():
        cursor.setPosition(block.position() + len(block.text()))
        area.setTextCursor(cursor)
    area.viewport().update()


def fold_all(area: QPlainTextEdit, *, hide: bool, level: int) -> None:
    """Hide what is below every line this far in, or show all."""
    document = area.document()
    block = document.begin()
    while block.isValid():
        if not hide:
            block.setVisible(True)
        elif _level(block) == level and foldable(block):
            for one in below(block):
                one.setVisible(False)
        block = block.next()
    document.markContentsDirty(0, document.characterCount())
    area.viewport().update()


def unfold_at(area: QPlainTextEdit, block: QTextBlock) -> None:
    """Show a line that is hidden, with all that hides it."""
    if block.isVisible():
        return
    above = block.previous()
    while above.isValid() and not above.isVisible():
        above = above.previous()
    if above.isValid():
        fold(area, above, hide=False)
