"""Colors of YAML text."""

import re

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from typing_extensions import override

from journeybuilder.gui.look.theme import Theme

_KEY = re.compile(r"""^\s*(?:- +)*(?:"[^"]*"|'[^']*'|[^\s#"'{\[&*!|>-][^#:]*?)\s*:(?=\s|$)""")
_INNER_KEY = re.compile(r"""(?<=[{,])\s*[\w.$-]+:(?=\s)""")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""")
_PLAIN = re.compile(r"(?<=[\s:,\[{])(?:true|false|null|~|-?\d+(?:\.\d+)?)(?=\s*(?:$|[,\]}#]))")
_SLOT = re.compile(r"\$\{[^}]*\}")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_BLOCK = re.compile(r"[:-]\s+[|>][+-]?\d*\s*(?:#.*)?$")
_TOKENS = {
    "key": "accent",
    "quoted": "ok",
    "plain": "waiting",
    "slot": "running",
    "comment": "muted",
}


class YamlColors(QSyntaxHighlighter):
    """Keys, quoted texts, numbers, `${…}` and comments, in a theme's colors."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colors."""
        for name, token in _TOKENS.items():
            look = QTextCharFormat()
            look.setForeground(theme.color(token))
            look.setFontItalic(name == "comment")
            if name == "key":
                look.setFontWeight(QFont.Weight.DemiBold)
            self._formats[name] = look
        self.rehighlight()

    @override
    def highlightBlock(self, text: str) -> None:
        indent = len(text) - len(text.lstrip(" "))
        block = self.previousBlockState()  # one more than the indent of a text of several lines
        if block > 0 and (indent >= block or not text.strip()):
            self.setCurrentBlockState(block)
            self._paint("quoted", 0, len(text))
            self._paint_all("slot", _SLOT, text)
            return
        self._paint_all("plain", _PLAIN, text)
        for name, pattern in (("key", _KEY), ("key", _INNER_KEY), ("quoted", _QUOTED)):
            self._paint_all(name, pattern, text)
        self._paint_all("slot", _SLOT, text)
        quoted = [found.span() for found in _QUOTED.finditer(text)]
        for found in _COMMENT.finditer(text):
            if not any(start < found.start() < end for start, end in quoted):
                self._paint("comment", found.start(), found.end())
        self.setCurrentBlockState(indent + 1 if _BLOCK.search(text) else 0)

    def _paint_all(self, name: str, pattern: re.Pattern[str], text: str) -> None:
        for found in pattern.finditer(text):
            self._paint(name, *found.span())

    def _paint(self, name: str, start: int, end: int) -> None:
        self.setFormat(start, end - start, self._formats[name])
