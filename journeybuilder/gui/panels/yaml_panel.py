"""The journey as the text of its file: what is typed changes the canvas, and the other way round."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override

from journeybuilder.checks import Known
from journeybuilder.document.findings import Finding
from journeybuilder.document.model import Journey
from journeybuilder.document.source import Source
from journeybuilder.document.workspace import journey_source
from journeybuilder.errors import AuthorError
from journeybuilder.gui.expressions.scope import Scope
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.forms.completion import Completion
from journeybuilder.gui.journey.drafting import distinct
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.mending import Mending
from journeybuilder.gui.panels.code_area import CodeArea, Underline
from journeybuilder.gui.panels.code_bar import CodeBar
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.gui.panels.yaml_colors import YamlColors
from journeybuilder.gui.workspace.scope import scopes_for
from journeybuilder.gui.yaml.yaml_completion import YamlCompletion
from journeybuilder.gui.yaml.yaml_places import NodeLines, lines_of, node_lines, part_of

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow

_PAUSE = 500  # ms without a key until what is typed is taken over, as one step of undo
_KEEP = 400  # ms after a key until what is typed is kept, whether it reads well or not
_PLACE = "yaml"
_FOLLOW = 120  # ms after an edit elsewhere until the text follows
_BOM = "\ufeff"


class YamlPanel(Panel, QWidget):
    """The text of the journey in front, with what is wrong where it stands.

    Signals:
        pointed: Id of the node that the cursor has come to.
    """

    pointed = Signal(str)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self._look = look = window.look
        self._model: JourneyModel | None = None
        self._node = ""
        self._source: Source | None = None
        self._typing = False  # what is in the area is not the journey's text
        self._filling = False
        self._lines: NodeLines | None = None
        layout = column(self, spacing=0)
        self.area = CodeArea(look.theme)
        self.area.setAccessibleName(tr("The journey as YAML"))
        self.area.setAccessibleDescription(
            tr(
                "Tab indents; F6 goes to the canvas. Ctrl+Space completes, Ctrl+. offers quick fixes, "
                "Ctrl+F finds, Ctrl+L goes to a line, Ctrl+/ comments, Alt+Up and Alt+Down move lines."
            )
        )
        self._colors = YamlColors(self.area.document(), look.theme)
        layout.addWidget(self.area, 1)
        self.bar = CodeBar(self.area)
        layout.addWidget(self.bar)
        self.words = label("", "problem", wrap=True)
        self.words.setContentsMargins(12, 6, 12, 6)
        self.words.hide()
        layout.addWidget(self.words)
        self.drop = QPushButton(tr("Drop this text: show the journey's"))
        self.drop.setProperty("role", "quiet")
        self.drop.clicked.connect(self._drop)
        self.drop.hide()
        layout.addWidget(self.drop, 0, Qt.AlignmentFlag.AlignLeft)
        self._pause = self._timer(_PAUSE)
        self._pause.timeout.connect(self.take_over)
        self._keep = self._timer(_KEEP)
        self._keep.timeout.connect(self._keep_typing)
        self._late = self._timer(_FOLLOW)
        self._late.timeout.connect(self._fill)
        self.area.textChanged.connect(self._typed)
        self.area.cursorPositionChanged.connect(self._moved)
        self.area.asked.connect(self._asked)
        self.completion = Completion(
            self.area, YamlCompletion(self._journey, self._known, self._scope).ask
        )
        self.area.left.connect(self.take_over)
        look.changed.connect(self._recolor)

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        return timer

    # --- what is shown ---------------------------------------------------------------------------

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        self.set_model(tab.model if tab is not None else None)

    @override
    def show_selection(self, ids: Sequence[str]) -> None:
        self.select(ids)

    @override
    def go(self) -> None:
        """Put the cursor into the text."""
        self.area.setFocus(BY_KEYS)

    def set_model(self, model: JourneyModel | None) -> None:
        """Show another journey, or none; what is typed is taken over first where it can be."""
        self.take_over()
        self._pause.stop()
        self._keep.stop()
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
        if model is not None and model.typed(_PLACE):
            self._show_typed(model.typed(_PLACE))

    def _show_typed(self, text: str) -> None:
        """Go on with what was typed last time."""
        self._filling = True
        try:
            self.area.show_text(text)
        finally:
            self._filling = False
        self._typing = True
        self._read()
        self._pause.start()

    def _keep_typing(self) -> None:
        if self._model is not None:
            self._model.type(_PLACE, self.area.text() if self._typing else "")

    @override
    def take_typing(self) -> None:
        self.take_over()

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
        self._lines = None
        self._mark()
        self._light()

    def _light(self) -> None:
        source = self._source
        lines = lines_of(source, self._node) if source and self._node else range(0)
        self.area.set_place(lines, scroll=not self.area.hasFocus())

    # --- the cursor ------------------------------------------------------------------------------

    def _moved(self) -> None:
        self._tell_line()
        if self._typing or self._filling or not self.area.hasFocus() or self._source is None:
            return
        if self._lines is None:
            self._lines = node_lines(self._source)
        node = self._lines.at(self.area.textCursor().blockNumber() + 1)
        if node and node != self._node:
            self._node = node
            self._light()
            self.pointed.emit(node)

    def _asked(self, what: str) -> None:
        """What a key in the text asks for."""
        if what == "fix":
            self.ask_fix()
        else:
            self.bar.open(line=what == "line")

    def ask_fix(self) -> None:
        """Offer quick fixes for the line of the cursor."""
        self.take_over()
        line = self.area.textCursor().blockNumber() + 1
        found = self.area.findings_of(line)
        if self._model is None or self._typing:
            return
        place = self.area.viewport().mapToGlobal(self.area.cursorRect().bottomLeft())
        if found:
            Mending.of(self._window).popup(self._model, found, place, self)
        else:
            self._window.say(tr("There is no problem in this line."))

    # --- completion --------------------------------------------------------------------------------

    def _journey(self) -> Journey:
        return self._model.journey if self._model is not None else Journey({})

    def _known(self) -> Known:
        return self._model.known if self._model is not None else Known()

    def _scope(self, node: str, path: Sequence[str | int]) -> Scope:
        if self._model is None:
            return Scope()
        return scopes_for(self._model, self._window.files.workspace).at(node, path)

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
        self.area.set_underlines(self._underlines([one for some in marks.values() for one in some]))
        self._tell_line()

    def _underlines(self, findings: Sequence[Finding]) -> list[Underline]:
        """Where something is wrong, as the field counts; only in the text that was read."""
        source = self._source
        if source is None or self._typing:
            return []
        text = source.text
        out: list[Underline] = []
        for one in findings:
            part = part_of(source, one)
            if part is not None:
                start, end = (at + _wide(text, at) for at in part)
                out.append((start, end, one.severity))
        return out

    def _tell_line(self) -> None:
        """Say below what is wrong: in the line of the cursor, else why the text is not taken."""
        line = self.area.textCursor().blockNumber() + 1
        words = self.area.words_of(line)
        stuck = self._stuck()
        if not words and stuck:
            first = self._source.findings[0] if self._source and self._source.findings else None
            words = (
                tr("Not taken over yet (line {n}): {why}", n=first.line, why=said(first.message))
                if first
                else tr("Not taken over yet.")
            )
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
            if not self._keep.isActive():
                self._keep.start()

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
        self._lines = None
        if text == self._text_of(model) or (
            self._source.readable
            and model.apply(tr("Edit the text"), Edit("retype", {"text": text}))
        ):
            self._typing = False
            self.area.forget_typing()
            model.type(_PLACE, "")
        self._mark()
        self._light()

    def _drop(self) -> None:
        self._typing = False
        self._keep_typing()
        self._fill()
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- view ------------------------------------------------------------------------------------

    def _recolor(self) -> None:
        self._colors.set_theme(self._look.theme)
        self.area.set_theme(self._look.theme)


def _wide(text: str, at: int) -> int:
    """How many letters before a place take two places of the field."""
    return 0 if text.isascii() else sum(letter > "\uffff" for letter in text[:at])


def make_panel(window: "MainWindow") -> YamlPanel:
    """The panel of a window."""
    panel = YamlPanel(window)
    panel.pointed.connect(window.front.go_to)
    return panel
