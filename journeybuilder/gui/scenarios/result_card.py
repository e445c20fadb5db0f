"""What came of one scenario: passed or not, why not, and ways to the step and to the file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QWidget

from journeybuilder.document.model import Journey
from journeybuilder.document.source import Source
from journeybuilder.gui.forms.base import column, empty, label, sentence
from journeybuilder.gui.forms.plain import ReadingText
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.scenarios.suite_book import State, state_words

if TYPE_CHECKING:
    from journeybuilder.rehearse.suites.suite import ScenarioResult

_SIGNS = {"passed": "\u2714", "failed": "\u2716", "broken": "\u26a0", "changed": "\u21bb"}
_SEVERITY = {"passed": "ok", "failed": "error", "broken": "warning"}
_LONGEST = 24  # characters of a step's title on a button
_STEPS = 40  # steps of a way that are listed


class ResultCard(QScrollArea):
    """The result of the current scenario.

    Signals:
        node_asked: Id of a step to show, as `node` or `journey/node`.
        line_asked: Line of the scenario's file to show, from 1.
    """

    node_asked = Signal(str)
    line_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Result of the scenario"))
        inside = QWidget()
        inside.setProperty("role", "page")
        self._body = column(inside, spacing=6, margins=(12, 8, 12, 8))
        self._body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(inside)
        self._told: object = None

    def tell(self, words: str) -> None:
        """Show words only."""
        if self._told == words:
            return
        self._told = words
        empty(self._body)
        self._body.addWidget(label(words, "muted", wrap=True))

    def show_result(
        self,
        name: str,
        state: State,
        source: Source,
        result: "ScenarioResult | None",
        journey: Journey | None,
    ) -> None:
        """Show what is known of a scenario."""
        told = (name, state, source.text, id(result), id(journey))
        if self._told == told:
            return
        self._told = told
        empty(self._body)
        self.setAccessibleName(tr("Result of “{name}”", name=name))
        self._head(state, result)
        for finding in source.findings:
            if finding.severity == "error":
                words = f"{said(finding.message)} {said(finding.hint)}".strip()
                self._failure(words, "", finding.line, journey)
        if result is None:
            if state != "broken":
                self._body.addWidget(label(_about(source), "muted", wrap=True))
            return
        if result.skipped:
            self._body.addWidget(label(sentence(said(result.skipped)), "muted", wrap=True))
        for one in result.wrong if state != "broken" else ():
            words = f"{said(one.words)}\n{said(one.hint)}".strip()
            self._failure(words, one.node, one.line, journey)
        if result.path:
            self._way(result.path, journey)

    def _head(self, state: State, result: "ScenarioResult | None") -> None:
        sign = _SIGNS.get(state, "")
        parts = [f"{sign} {sentence(state_words(state))}".strip()]
        if result is not None:
            if state == "changed":
                before = tr("passed before") if result.passed else tr("failed before")
                parts.append(before)
            parts.append(trn("{n} step", "{n} steps", len(result.path)))
            parts.append(tr("{n} ms", n=round(result.ms)))
            if result.cost_usd:
                parts.append(tr("{amount} USD", amount=f"{result.cost_usd:.4f}"))
        self._body.addWidget(label(" · ".join(parts), _SEVERITY.get(state, "muted"), wrap=True))

    def _failure(self, words: str, node: str, line_at: int, journey: Journey | None) -> None:
        box = QFrame()
        box.setProperty("role", "case")
        inside = column(box, spacing=4, margins=(10, 8, 10, 6))
        text = ReadingText(sentence(words))
        text.setAccessibleName(tr("What failed"))
        inside.addWidget(text)
        left = Qt.AlignmentFlag.AlignLeft
        if node:
            title = node_title(node, journey)
            go = self._link(tr("Go to “{title}”", title=_short(title)), node)
            inside.addWidget(go, 0, left)
        if line_at:
            inside.addWidget(self._link(tr("Line {n} of the file", n=line_at), line_at), 0, left)
        self._body.addWidget(box)

    def _way(self, path: Sequence[str], journey: Journey | None) -> None:
        titles = [node_title(one, journey) for one in path[:_STEPS]]
        more = len(path) - _STEPS
        end = [trn("and {n} more step", "and {n} more steps", more)] if more > 0 else []
        words = tr("The way: {path}", path=" → ".join([*titles, *end]))
        self._body.addWidget(ReadingText(words))

    def _link(self, words: str, goes: str | int) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("role", "quiet")
        button.setAutoDefault(False)
        button.clicked.connect(weak(self._go, goes))
        return button

    def _go(self, goes: str | int) -> None:
        """Ask for a step by its id, or for a line of the file."""
        if isinstance(goes, str):
            self.node_asked.emit(goes)
        else:
            self.line_asked.emit(goes)


def node_title(node: str, journey: Journey | None) -> str:
    """What a step is called for people; its id where it is one of another journey."""
    found = journey.nodes.get(node) if journey is not None else None
    return title_of(found) if found is not None else node


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def _about(source: Source) -> str:
    expected = len(source.data.get("expect") or ())
    if not expected:
        return tr("It expects nothing yet: it passes where the journey comes to an end.")
    return trn("It expects {n} thing.", "It expects {n} things.", expected)
