"""What happened in a rehearsal, told line by line."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from journeybuilder.document.model import mapping
from journeybuilder.gui.forms.base import column
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.panels.chat import CallLine, bubble, ending, step_line
from journeybuilder.gui.panels.origin import of_model, of_tool
from journeybuilder.gui.panels.story_moments import StoryMoments

SHOWN = 120
"""Lines that are shown at once; earlier ones are brought back on request."""
_MORE = 100
_SWEPT = 12
_CALLS = frozenset({"tool", "model", "resource", "prompt"})
Event = Mapping[str, Any]
Key = tuple[Any, ...]


class Story(QScrollArea):
    """The conversation of a rehearsal with every call in it.

    Attributes:
        ends: Whether it stays at its end when something is added.
        speaker: Says who answers as the customer where it is not the person at the screen, or "".
    """

    def __init__(self) -> None:
        super().__init__()
        self.ends = False
        self.speaker = ""
        self._calls: dict[Key, CallLine] = {}
        self._all: list[QWidget] = []
        self._gone: list[QWidget] = []
        self._sweeper = QTimer(self)
        self._sweeper.setInterval(0)
        self._sweeper.timeout.connect(self._sweep)
        self._first = 0
        self._moments = StoryMoments()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page = page = QWidget()
        page.setProperty("role", "page")
        outer = column(page, spacing=8)
        self._earlier = QPushButton()
        self._earlier.setProperty("role", "quiet")
        self._earlier.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._earlier.clicked.connect(self._bring_back)
        self._earlier.hide()
        outer.addWidget(self._earlier)
        self.lines = QVBoxLayout()
        self.lines.setSpacing(8)
        outer.addLayout(self.lines)
        outer.addStretch(1)
        self.setWidget(page)
        self.setAccessibleName(tr("Conversation of the rehearsal"))
        self.verticalScrollBar().rangeChanged.connect(self._to_end)

    def clear(self) -> None:
        """Take away every line; a long story is let go of a few lines at a time."""
        self._gone += self._all
        for widget in self._all:
            widget.hide()
        self._calls, self._all, self._first = {}, [], 0
        self._moments.clear()
        self._earlier.hide()
        self._sweeper.start()

    def _sweep(self) -> None:
        now, self._gone = self._gone[:_SWEPT], self._gone[_SWEPT:]
        for widget in now:
            self.lines.removeWidget(widget)
            widget.deleteLater()
        if not self._gone:
            self._sweeper.stop()

    def put(self, widget: QWidget) -> None:
        """Add a line."""
        self.lines.addWidget(widget)
        self._all.append(widget)
        self._moments.came(widget)
        self._fold_early()
        if self._moments.shown is not None:
            widget.hide()

    def take(self, widget: QWidget) -> None:
        """Take a line away again."""
        if widget in self._all:
            self._all.remove(widget)
            self._moments.gone(widget)
        self.lines.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

    def _fold_early(self) -> None:
        """A layout with thousands of lines would hold up every new one."""
        while len(self._all) - self._first > SHOWN:
            self._all[self._first].hide()
            self._first += 1
        self._earlier.setVisible(self._first > 0)
        if self._first:
            self._earlier.setText(
                trn("Show {n} earlier line", "Show {n} earlier lines", min(_MORE, self._first))
            )

    def _bring_back(self) -> None:
        self.ends = False
        first = max(0, self._first - _MORE)
        for widget in self._all[first : self._first]:
            widget.show()
        self._first = first
        self._earlier.setVisible(first > 0)

    def _to_end(self, _low: int, high: int) -> None:
        if self.ends:
            self.verticalScrollBar().setValue(high)

    def show_moment(self, moment: int | None) -> None:
        """Show the story as it was after so many events; None: as it is now."""
        if moment == self._moments.shown:
            return
        self._moments.shown = moment
        count = len(self._all) if moment is None else self._moments.of_then(self._all, moment)
        first = self._first if moment is None else max(0, count - SHOWN)
        self._page.setUpdatesEnabled(False)
        try:
            for number, widget in enumerate(self._all):
                widget.setVisible(first <= number < count)
            self._moments.dress(moment)
        finally:
            self._page.setUpdatesEnabled(True)

    # --- telling ---------------------------------------------------------------------------------

    def add(self, events: Sequence[Event], title: Callable[[str], str]) -> None:
        """Tell what happened, all of it in one go; `title` gives a node's name for people."""
        page = self._page
        page.setUpdatesEnabled(False)
        try:
            for event in events:
                self._tell(event, title)
        finally:
            page.setUpdatesEnabled(True)

    def _tell(self, event: Event, title: Callable[[str], str]) -> None:
        name = str(event.get("event"))
        if name not in {"writing", "progress"}:
            self._moments.count += 1
        if name in {"asked", "answered", "errored"}:
            self._effect(name, event)
        elif name in {"writing", "progress"}:
            self._under_way(event)
        elif name in _TOLD:
            self.put(_TOLD[name](event, title))
        if name == "cancelled":
            self._let_go()

    def _effect(self, name: str, event: Event) -> None:
        kind = str(event.get("effect"))
        if kind in _CALLS:
            self._call(kind, name, event)
        elif kind == "say" and name == "asked":
            self.put(bubble(str(mapping(event.get("request")).get("text", "")), customer=False))
        elif kind == "listen" and name == "answered":
            self._listened(mapping(event.get("answer")).get("text"))
        elif kind == "person" and name == "answered":
            self.put(step_line(_decided(mapping(event.get("answer")))))
        elif kind == "sleep" and name == "answered":
            self.put(step_line(tr("Time has passed.")))

    def _listened(self, text: object) -> None:
        if text is None:
            self.put(step_line(tr("The customer did not answer.")))
        else:
            self.put(bubble(str(text), customer=True, source=self.speaker))

    def _let_go(self) -> None:
        """Calls that were under way say that no answer comes any more."""
        for line in self._calls.values():
            if not self._moments.is_answered(line):
                self._moments.answered(line)
                line.stopped()

    def _call(self, kind: str, name: str, event: Event) -> None:
        key = (event.get("visit"), event.get("lane"), event.get("index"))
        if name == "asked":
            line = _call_line(kind, mapping(event.get("request")))
            self._calls[key] = line
            self.put(line)
            return
        known = self._calls.get(key)
        if known is None:
            return
        self._moments.answered(known)
        if name == "errored":
            known.failed(said(str(mapping(event.get("error")).get("message", ""))))
            return
        answer = mapping(event.get("answer"))
        if kind == "model":
            value = answer.get("value") if answer.get("value") is not None else answer.get("text")
            known.answered(value, of_model(answer), str(answer.get("note") or ""))
        else:
            known.answered(answer.get("value", answer), of_tool(answer))

    def _under_way(self, event: Event) -> None:
        """A model writes, or a tool says how far it is."""
        at = (event.get("visit"), event.get("lane"))
        for key, line in reversed(self._calls.items()):
            if key[:2] == at:
                if "text" in event:
                    line.wrote(str(event["text"]))
                else:
                    line.progressed(str(event.get("words") or ""))
                return


def _call_line(kind: str, request: Event) -> CallLine:
    if kind == "model":
        words = tr("model {name}", name=request.get("model"))
        return CallLine(words, request.get("messages"), tr("Messages"))
    if kind == "tool":
        return CallLine(str(request.get("tool")), request.get("arguments"), tr("Arguments"))
    if kind == "resource":
        place = f"{request.get('server', '')}/{request.get('uri', '')}"
        return CallLine(place, request.get("uri"), tr("Resource"))
    return CallLine(str(request.get("prompt")), request.get("arguments"), tr("Arguments"))


def _decided(answer: Event) -> str:
    decision = answer.get("decision")
    if decision is None:
        return tr("Nobody decided in time.")
    note = str(answer.get("note") or "")
    if note:
        return tr("Decided: {decision}. Note: {note}", decision=decision, note=note)
    return tr("Decided: {decision}", decision=decision)


def _caught(event: Event, title: Callable[[str], str]) -> QWidget:
    message = mapping(event.get("error")).get("message", "")
    node = str(mapping(event.get("error")).get("node") or event.get("node", ""))
    return step_line(tr("{title} failed: {message}", title=title(node), message=said(str(message))))


def _ended(event: Event, _title: Callable[[str], str]) -> QWidget:
    words = tr("Ended: {outcome}", outcome=event.get("outcome"))
    return ending(words, event.get("output"), good=True)


def _failed(event: Event, title: Callable[[str], str]) -> QWidget:
    error = mapping(event.get("error"))
    node = str(error.get("node") or "")
    words = tr("The run failed at {title}", title=title(node)) if node else tr("The run failed")
    return ending(words, said(str(error.get("message", ""))), good=False)


def _called(event: Event, _title: Callable[[str], str]) -> QWidget:
    return step_line(tr("The journey {name} begins.", name=event.get("journey", "")))


def _returned(event: Event, _title: Callable[[str], str]) -> QWidget:
    del event
    return step_line(tr("Back from the called journey."))


def _signaled(event: Event, _title: Callable[[str], str]) -> QWidget:
    return step_line(tr("It happened: {event}", event=event.get("name", "")))


def _cancelled(event: Event, _title: Callable[[str], str]) -> QWidget:
    del event
    return step_line(tr("Stopped."))


def _branched(event: Event, _title: Callable[[str], str]) -> QWidget:
    del event
    return step_line(tr("Another way begins here."))


_TOLD: Mapping[str, Callable[[Event, Callable[[str], str]], QWidget]] = {
    "caught": _caught, "ended": _ended, "failed": _failed, "called": _called,
    "returned": _returned, "signaled": _signaled, "cancelled": _cancelled, "branched": _branched,
}  # fmt: skip
"""Events that become a line of their own."""
