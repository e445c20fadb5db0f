"""Editors of plain values: text, numbers, yes/no, choices, durations, names, lists."""

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import QRegularExpression, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QRegularExpressionValidator,
    QResizeEvent,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)
from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.gui.forms.base import UNSET, Editor, FormContext, Path, column, restyle
from journeybuilder.gui.look.language import tr


class QuietCombo(QComboBox):
    """A combo box that leaves the wheel to the form around it unless it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        """As wide as a short word, whatever is in the list.

        Not by Qt's policy for that: it makes the list of every box at once, though few are opened.
        """
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        metrics = self.fontMetrics()
        inside = QSize(6 * metrics.horizontalAdvance("X") + 20, max(metrics.height(), 16) + 2)
        kind = QStyle.ContentsType.CT_ComboBox
        return self.style().sizeFromContents(kind, option, inside, self)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def wheelEvent(self, e: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(e)
        else:
            e.ignore()


class TickBox(QCheckBox):
    """A check box whose outline can be seen on every background."""


class LineEditor(Editor):
    """One line of text."""

    def __init__(self, path: Path, context: FormContext, *, placeholder: str = "") -> None:
        super().__init__(path, context)
        self.line = QLineEdit()
        self.line.setPlaceholderText(placeholder)
        column(self).addWidget(self.line)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._typed)

    def _typed(self, text: str) -> None:
        restyle(self.line, "invalid", not self.valid(text))
        value = self.value_of(text)
        self.say(value)

    def valid(self, text: str) -> bool:
        """Whether the text stands for a value of this editor's type."""
        del text
        return True

    def value_of(self, text: str) -> Any:
        """What is written to the file for a text."""
        return text or UNSET

    def text_of(self, value: Any) -> str:
        """What is shown for a value in the file."""
        return "" if value is None or value is UNSET else str(value)

    @override
    def show_value(self, value: Any) -> None:
        text = self.text_of(value)
        restyle(self.line, "invalid", not self.valid(text))
        if self.line.text() != text and self.value_of(self.line.text()) != value:
            place = self.line.cursorPosition()
            self.line.setText(text)
            self.line.setCursorPosition(min(place, len(text)) if self.line.hasFocus() else 0)


class NumberEditor(LineEditor):
    """A number; what is no number is kept as text, so that nothing typed is lost."""

    def __init__(
        self, path: Path, context: FormContext, *, whole: bool, placeholder: str = ""
    ) -> None:
        super().__init__(path, context, placeholder=placeholder)
        self._whole = whole
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)

    @override
    def valid(self, text: str) -> bool:
        return text == "" or not isinstance(self.value_of(text), str)

    @override
    def value_of(self, text: str) -> Any:
        plain = text.strip()
        if not plain:
            return UNSET
        for convert in (int,) if self._whole else (int, float):
            try:
                return convert(plain)
            except ValueError:
                continue
        return text


class DurationEditor(LineEditor):
    """A length of time such as `10m` or `1h30m`."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context, placeholder=tr("for example 30s, 10m, 4h, 2d"))

    @override
    def valid(self, text: str) -> bool:
        if not text:
            return True
        try:
            return seconds(text) >= 0
        except ValueError:
            return False


class NameEditor(LineEditor):
    """The name of a variable: letters, digits and underscores."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context, placeholder=tr("name of a variable, for example order"))
        self.line.setValidator(
            QRegularExpressionValidator(QRegularExpression("[A-Za-z_][A-Za-z0-9_]*"), self.line)
        )


class GrowingText(QPlainTextEdit):
    """A text box as high as its text, between two bounds."""

    def __init__(self, lines: int = 2, most: int = 10) -> None:
        super().__init__()
        self._bounds = (lines, most)
        self._around = 18  # frame, padding and margins
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        least, most = self._bounds
        lines = int(self.document().size().height())  # in lines, for a plain text layout
        shown = max(least, min(most, lines))
        height = shown * self.fontMetrics().lineSpacing() + self._around
        if height != self.height():
            self.setFixedHeight(height)

    @override
    def resizeEvent(self, e: QResizeEvent) -> None:
        super().resizeEvent(e)
        self._fit()

    @override
    def wheelEvent(self, e: QWheelEvent) -> None:
        if self.verticalScrollBar().maximum() > 0 and self.hasFocus():
            super().wheelEvent(e)
        else:
            e.ignore()

    @override
    def focusOutEvent(self, e: QFocusEvent) -> None:
        super().focusOutEvent(e)
        self.verticalScrollBar().setValue(0)


class ReadingText(GrowingText):
    """Text to read and copy, as high as it is; breaks words that are wider than the panel."""

    def __init__(self, text: str, role: str = "words") -> None:
        super().__init__(1, 400)
        self._around = 6
        self.setProperty("role", role)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setPlainText(text)
        self.setAccessibleName(text)

    def show_text(self, text: str) -> None:
        """Show another text."""
        self.setPlainText(text)
        self.setAccessibleName(text)


class AreaEditor(Editor):
    """Text of several lines."""

    def __init__(
        self, path: Path, context: FormContext, *, placeholder: str = "", lines: int = 2
    ) -> None:
        super().__init__(path, context)
        self.area = GrowingText(lines)
        self.area.setPlaceholderText(placeholder)
        column(self).addWidget(self.area)
        self.setFocusProxy(self.area)
        self._quiet = False
        self.area.textChanged.connect(self._typed)

    def _typed(self) -> None:
        if not self._quiet:
            self.say(self.area.toPlainText() or UNSET)

    @override
    def show_value(self, value: Any) -> None:
        text = "" if value is None or value is UNSET else str(value)
        if self.area.toPlainText() == text:
            return
        self._quiet = True
        try:
            place = self.area.textCursor().position()
            self.area.setPlainText(text)
            cursor = self.area.textCursor()
            cursor.setPosition(min(place, len(text)))
            self.area.setTextCursor(cursor)
        finally:
            self._quiet = False


class BoolEditor(Editor):
    """Yes or no; the default is not written to the file."""

    def __init__(
        self, path: Path, context: FormContext, *, title: str, default: bool = False
    ) -> None:
        super().__init__(path, context)
        self._default = default
        self.box = TickBox(title)
        column(self).addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.clicked.connect(self._clicked)

    def _clicked(self, checked: bool) -> None:
        self.say(UNSET if checked == self._default else checked)

    @override
    def show_value(self, value: Any) -> None:
        self.box.setChecked(value if isinstance(value, bool) else self._default)


class ChoiceEditor(Editor):
    """One of a few values.

    Args:
        options: Value and words of each; the value UNSET removes the key.
    """

    def __init__(
        self, path: Path, context: FormContext, options: Sequence[tuple[Any, str]]
    ) -> None:
        super().__init__(path, context)
        self._options = list(options)
        self.combo = QuietCombo()
        for _, words in self._options:
            self.combo.addItem(words)
        column(self).addWidget(self.combo)
        self.setFocusProxy(self.combo)
        self.combo.activated.connect(self._chosen)

    def _chosen(self, index: int) -> None:
        self.say(self._options[index][0])

    @override
    def show_value(self, value: Any) -> None:
        wanted = UNSET if value is None else value
        for index, (option, _) in enumerate(self._options):
            if option == wanted and type(option) is type(wanted):
                self.combo.setCurrentIndex(index)
                return
        if wanted is UNSET:
            self.combo.setCurrentIndex(-1)
            return
        self._options.append((wanted, tr("{value} (not a known value)", value=wanted)))
        self.combo.addItem(self._options[-1][1])
        self.combo.setCurrentIndex(len(self._options) - 1)


class ListEditor(Editor):
    """A list of short texts, one a line."""

    def __init__(self, path: Path, context: FormContext, *, placeholder: str = "") -> None:
        super().__init__(path, context)
        self.area = GrowingText(2)
        self.area.setPlaceholderText(placeholder or tr("one per line"))
        column(self).addWidget(self.area)
        self.setFocusProxy(self.area)
        self._quiet = False
        self.area.textChanged.connect(self._typed)

    def _lines(self) -> list[str]:
        return [line.strip() for line in self.area.toPlainText().split("\n") if line.strip()]

    def _typed(self) -> None:
        if not self._quiet:
            self.say(self._lines() or UNSET)

    @override
    def show_value(self, value: Any) -> None:
        items = cast("list[Any]", value) if isinstance(value, list) else []
        wanted = [str(item) for item in items]
        if wanted == self._lines():
            return
        self._quiet = True
        try:
            self.area.setPlainText("\n".join(wanted))
        finally:
            self._quiet = False


def indented(parent: QWidget) -> None:
    """Mark a widget as an inner group, which the style sheet shows with a line at its left."""
    parent.setProperty("role", "inner")
    parent.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
