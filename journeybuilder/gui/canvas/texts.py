"""Texts of cards: elided once, laid out once per size, drawn from there."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QStaticText

_MOST = 12_000


class TextCache:
    """Fonts by size, elided strings by width and laid-out texts."""

    def __init__(self, font: QFont) -> None:
        self._font = font
        self._fonts: dict[tuple[int, bool], tuple[QFont, QFontMetricsF]] = {}
        self._texts: dict[tuple[str, int, bool, int], QStaticText] = {}

    def clear(self, font: QFont) -> None:
        """Forget everything, for another font."""
        self._font = font
        self._fonts.clear()
        self._texts.clear()

    def font(self, pixels: int, bold: bool) -> QFont:
        """The program's font at a size in logical pixels."""
        return self._sized(pixels, bold)[0]

    def width(self, text: str, pixels: int, bold: bool = False) -> float:
        """Width of a text in logical pixels."""
        return self._sized(pixels, bold)[1].horizontalAdvance(text)

    def height(self, pixels: int, bold: bool) -> float:
        """Height of a line in logical pixels."""
        return self._sized(pixels, bold)[1].height()

    def ascent(self, pixels: int, bold: bool) -> float:
        """How far a text stands above its base line."""
        return self._sized(pixels, bold)[1].ascent()

    def _sized(self, pixels: int, bold: bool) -> tuple[QFont, QFontMetricsF]:
        found = self._fonts.get((pixels, bold))
        if found is None:
            font = QFont(self._font)
            font.setPixelSize(pixels)
            font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
            found = (font, QFontMetricsF(font))
            self._fonts[pixels, bold] = found
        return found

    def two_lines(self, text: str, pixels: int, bold: bool, room: int) -> QStaticText:
        """A text broken at a space where it is too wide, its second line cut where it must be."""
        key = (f"\n{text}", pixels, bold, room)
        found = self._texts.get(key)
        if found is None:
            if self.width(text, pixels, bold) <= room:
                return self._keep(key, text)
            words = text.split()
            first = words.pop(0) if words else ""
            while words and self.width(f"{first} {words[0]}", pixels, bold) <= room:
                first = f"{first} {words.pop(0)}"
            lines = [self.cut(line, pixels, bold, room) for line in (first, " ".join(words))]
            found = self._keep(key, " ".join(line for line in lines if line), wrap=room + 2)
        return found

    def cut(self, text: str, pixels: int, bold: bool, room: int) -> str:
        """A text with an ellipsis where it is wider than `room` logical pixels."""
        metrics = self._sized(pixels, bold)[1]
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def _keep(self, key: tuple[str, int, bool, int], shown: str, wrap: float = -1) -> QStaticText:
        if len(self._texts) > _MOST:
            self._texts.clear()
        found = QStaticText(shown)
        found.setTextFormat(Qt.TextFormat.PlainText)
        found.setTextWidth(wrap)
        found.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        found.prepare(font=self.font(key[1], key[2]))
        self._texts[key] = found
        return found

    def laid_out(self, text: str, pixels: int, bold: bool, room: int) -> QStaticText:
        """A text cut with an ellipsis where it is wider than `room` logical pixels."""
        key = (text, pixels, bold, room)
        found = self._texts.get(key)
        if found is None:
            found = self._keep(key, self.cut(text, pixels, bold, room))
        return found
