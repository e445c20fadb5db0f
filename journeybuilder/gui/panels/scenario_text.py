"""A scenario as the text of its file, with completion and with what is wrong where it stands."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from journeybuilder.document.findings import Finding
from journeybuilder.document.source import Source
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.forms.completion import Completion
from journeybuilder.gui.forms.schema_reading import Schema
from journeybuilder.gui.journey.drafting import distinct
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.panels.code_area import CodeArea, Underline
from journeybuilder.gui.panels.code_bar import CodeBar
from journeybuilder.gui.panels.yaml_colors import YamlColors
from journeybuilder.gui.scenarios.scenario_completion import ScenarioCompletion
from journeybuilder.gui.yaml.yaml_places import part_of

_PAUSE = 300  # ms without a key until what is typed is taken over
_BOM = "\ufeff"


class ScenarioText(QWidget):
    """The text.

    Signals:
        typed: The whole text, after a pause in typing.
    """

    typed = Signal(str)

    def __init__(
        self, look: Look, schema: Callable[[], Schema], journeys: Callable[[], Iterable[str]]
    ) -> None:
        super().__init__()
        self._look = look
        self._filling = False
        self._before = ""
        layout = column(self, spacing=0)
        self.area = CodeArea(look.theme)
        self.area.setAccessibleName(tr("The scenario as YAML"))
        self.area.setAccessibleDescription(
            tr("Ctrl+Space completes, Ctrl+F finds, Ctrl+L goes to a line, Ctrl+/ comments.")
        )
        self._colors = YamlColors(self.area.document(), look.theme)
        layout.addWidget(self.area, 1)
        self.bar = CodeBar(self.area)
        layout.addWidget(self.bar)
        self.words = label("", "problem", wrap=True)
        self.words.setContentsMargins(12, 6, 12, 6)
        self.words.hide()
        layout.addWidget(self.words)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.take_over)
        self.completion = Completion(self.area, ScenarioCompletion(schema, journeys).ask)
        self.area.textChanged.connect(self._changed)
        self.area.cursorPositionChanged.connect(self._tell_line)
        self.area.asked.connect(self._asked)
        self.area.left.connect(self.take_over)
        look.changed.connect(self._recolor)

    def show_text(self, text: str) -> None:
        """Show another text, unless something is typed that is not taken over yet."""
        if self._pause.isActive():
            return
        self._before = text
        self._filling = True
        try:
            self.area.show_text(text.removeprefix(_BOM).replace("\r\n", "\n"))
        finally:
            self._filling = False

    def show_findings(self, source: Source, findings: Sequence[Finding]) -> None:
        """Mark what is wrong with the text that was read."""
        marks: dict[int, list[Finding]] = {}
        under: list[Underline] = []
        for one in distinct(findings):
            mark = source.place(one.path) if one.path else None
            marks.setdefault(mark.line if mark else max(1, one.line), []).append(one)
            part = part_of(source, one) if "\r\n" not in source.text else None
            if part is not None:
                start, end = (at + _wide(source.text, at) for at in part)
                under.append((start, end, one.severity))
        self.area.set_marks(marks)
        self.area.set_underlines(under)
        self._tell_line()

    def _tell_line(self) -> None:
        words = self.area.words_of(self.area.textCursor().blockNumber() + 1)
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def _asked(self, what: str) -> None:
        if what != "fix":
            self.bar.open(line=what == "line")

    def _changed(self) -> None:
        if not self._filling:
            self._pause.start()

    def take_over(self) -> None:
        """Tell what was typed now."""
        if not self._pause.isActive():
            return
        self._pause.stop()
        text = self.area.text()
        if "\r\n" in self._before:
            text = text.replace("\n", "\r\n")
        if self._before.startswith(_BOM):
            text = _BOM + text
        self.typed.emit(text)

    def _recolor(self) -> None:
        self._colors.set_theme(self._look.theme)
        self.area.set_theme(self._look.theme)


def _wide(text: str, at: int) -> int:
    """How many letters before a place take two places of the field."""
    return 0 if text.isascii() else sum(letter > "\uffff" for letter in text[:at])
