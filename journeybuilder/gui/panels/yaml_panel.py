"""The journey as the text of its file: what is typed changes the canvas, and the other way round."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override

from journeybuilder.document.findings import Finding
from journeybuilder.document.source import Source
from journeybuilder.document.workspace import journey_source
from journeybuilder.errors import AuthorError
from journeybuilder.gui.drafting import distinct
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.journal import Edit
from journeybuilder.gui.journey_model import JourneyModel
from journeybuilder.gui.look import Look
from journeybuilder.gui.panels.code_area import CodeArea
from journeybuilder.gui.panels.yaml_colors import YamlColors

_PAUSE = 500  # ms without a key until what is typed is taken over, as one step of undo
_FOLLOW = 120  # ms after an edit elsewhere until the text follows
_BOM = "\ufeff"


class YamlPanel(QWidget):
    """The text of the journey in front, with what is wrong where it stands."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._model: JourneyModel | None = None
        self._node = ""
        self._source: Source | None = None
        self._typing = False  # what is in the area is not the journey's text
        self._filling = False
        layout = column(self, spacing=0)
        self.area = CodeArea(look.theme)
        self.area.setAccessibleName("The journey as YAML")
        self.area.setAccessibleDescription("Tab indents; F6 goes to the canvas.")
        self._colors = YamlColors(self.area.document(), look.theme)
        layout.addWidget(self.area, 1)
        self.words = label("", "problem", wrap=True)
        self.words.setContentsMargins(12, 6, 12, 6)
        self.words.hide()
        layout.addWidget(self.words)
        self.drop = QPushButton("Drop this text: show the journey's")
        self.drop.setProperty("role", "quiet")
        self.drop.clicked.connect(self._drop)
        self.drop.hide()
        layout.addWidget(self.drop, 0, Qt.AlignmentFlag.AlignLeft)
        self._pause = self._timer(_PAUSE)
        self._pause.timeout.connect(self.take_over)
        self._late = self._timer(_FOLLOW)
        self._late.timeout.connect(self._fill)
        self.area.textChanged.connect(self._typed)
        self.area.cursorPositionChanged.connect(self._tell_line)
        self.area.left.connect(self.take_over)
        look.changed.connect(self._recolor)

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        return timer

    # --- what is shown ---------------------------------------------------------------------------

    def set_model(self, model: JourneyModel | None) -> None:
        """Show another journey, or none; what is typed is taken over first where it can be."""
        self.take_over()
        self._pause.stop()
        self._late.stop()
        if self._model is not None:
            self._model.edited.disconnect(self._edited)
            self._model.findings_changed.disconnect(self._mark)
        self._model, self._node, self._typing = model, "", False
        if model is not None:
            model.edited.connect(self._edited)
            model.findings_changed.connect(self._mark)
        self.area.setReadOnly(model is None)
        self._fill()

    def select(self, ids: Sequence[str]) -> None:
        """Light up the place of the selected node."""
        self._node = ids[0] if len(ids) == 1 else ""
        self._light()

    def _edited(self) -> None:
        if self.isVisible():
            self._late.start()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill()

    def _fill(self) -> None:
        """Show the journey's text, unless what is typed waits to be mended."""
        model = self._model
        if self._typing or not self.isVisible():
            return
        text = self._text_of(model) if model is not None else ""
        self._filling = True
        try:
            self.area.show_text(text.removeprefix(_BOM).replace("\r\n", "\n"))
        finally:
            self._filling = False
        self._read()

    @staticmethod
    def _text_of(model: JourneyModel) -> str:
        try:
            return model.disk.text_of(model.draft)
        except AuthorError:  # a broken file, as it is: its findings say why
            return model.disk.source.text

    def _read(self) -> None:
        """Find the places in what stands there."""
        model = self._model
        self._source = (
            journey_source(self.area.text(), model.disk.source.file) if model is not None else None
        )
        self._mark()
        self._light()

    def _light(self) -> None:
        source = self._source
        mark = source.marks.at(("nodes", self._node)) if source and self._node else None
        lines = range(0)
        if source is not None and mark is not None:
            key = source.marks.key_at(("nodes", self._node))
            last = mark.line + source.text.count("\n", mark.start, mark.end)
            lines = range(key.line if key else mark.line, last + 1)
        self.area.set_place(lines, scroll=not self.area.hasFocus())

    # --- findings --------------------------------------------------------------------------------

    def _mark(self) -> None:
        source, model = self._source, self._model
        marks: dict[int, list[Finding]] = {}
        if source is not None and model is not None and self.isVisible():
            known = [*source.findings]
            if source.readable and not self._typing:
                known += [one for one in model.findings if one.file == source.file]
            for one in distinct(known):
                mark = source.place(one.path) if one.path else None
                marks.setdefault(mark.line if mark else max(1, one.line), []).append(one)
        self.area.set_marks(marks)
        self._tell_line()

    def _tell_line(self) -> None:
        """Say below what is wrong: in the line of the cursor, else why the text is not taken."""
        line = self.area.textCursor().blockNumber() + 1
        words = self.area.words_of(line)
        stuck = self._stuck()
        if not words and stuck:
            first = self._source.findings[0] if self._source and self._source.findings else None
            place = f" (line {first.line}): {first.message}" if first else "."
            words = f"Not taken over yet{place}"
        self.words.setText(words)
        self.words.setProperty("severity", "error" if stuck else "warning")
        self.words.setVisible(bool(words))
        self.drop.setVisible(stuck)

    def _stuck(self) -> bool:
        return self._typing and self._source is not None and not self._source.readable

    # --- typing ----------------------------------------------------------------------------------

    def _typed(self) -> None:
        if not self._filling and self._model is not None:
            self._typing = True
            self._pause.start()

    def take_over(self) -> None:
        """Make what is typed the journey now, where it reads well."""
        self._pause.stop()
        model = self._model
        if not self._typing or model is None:
            return
        before = model.disk.source.text
        text = self.area.text()
        if "\r\n" in before:
            text = text.replace("\n", "\r\n")
        if before.startswith(_BOM):
            text = _BOM + text
        self._source = journey_source(self.area.text(), model.disk.source.file)
        if text == self._text_of(model) or (
            self._source.readable and model.apply("Edit the text", Edit("retype", {"text": text}))
        ):
            self._typing = False
            self.area.forget_typing()
        self._mark()
        self._light()

    def _drop(self) -> None:
        self._typing = False
        self._fill()
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- view ------------------------------------------------------------------------------------

    def _recolor(self) -> None:
        self._colors.set_theme(self._look.theme)
        self.area.set_theme(self._look.theme)
