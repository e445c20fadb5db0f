"""What happened in a rehearsal, told line by line, and how the nodes stand after it."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from journeybuilder.document.model import mapping
from journeybuilder.gui.forms.base import column, empty
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.panels.chat import CallLine, bubble, ending, step_line

_ANSWERED = noop("answered")
_MADE = noop("made from the tool's schema")  # as the rehearsal's answers say it


class Story(QScrollArea):
    """The conversation of a rehearsal with every call in it.

    Attributes:
        states: How each node stands: `running`, `waiting`, `done`, `failed`.
        taken: The wires taken, as node and port.
        ends: Whether it stays at its end when something is added.
    """

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[str, str] = {}
        self.taken: list[tuple[str, str]] = []
        self.ends = False
        self._calls: dict[tuple[Any, ...], CallLine] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        page.setProperty("role", "page")
        outer = column(page, spacing=0)
        self.lines = QVBoxLayout()
        self.lines.setSpacing(8)
        outer.addLayout(self.lines)
        outer.addStretch(1)
        self.setWidget(page)
        self.setAccessibleName(tr("Conversation of the rehearsal"))
        self.verticalScrollBar().rangeChanged.connect(self._to_end)

    def clear(self) -> None:
        """Take away every line."""
        empty(self.lines)
        self._calls = {}

    def forget(self) -> None:
        """No node has been touched yet."""
        self.states, self.taken = {}, []

    def put(self, widget: QWidget) -> None:
        """Add a line."""
        self.lines.addWidget(widget)

    def _to_end(self, _low: int, high: int) -> None:
        if self.ends:
            self.verticalScrollBar().setValue(high)

    def add(self, event: Mapping[str, Any], title: Callable[[str], str]) -> None:
        """Tell what happened; `title` gives a node's name for people."""
        name = str(event.get("event"))
        node = str(event.get("node", ""))
        if name == "entered":
            self.states[node] = "running"
        elif name == "left":
            self.states[node] = "done"
            self.taken.append((node, str(event.get("port", ""))))
        elif name == "caught":
            self.states[node] = "failed"
            self.put(
                step_line(
                    tr(
                        "{title} failed: {message}",
                        title=title(node),
                        message=mapping(event.get("error")).get("message", ""),
                    )
                )
            )
        elif name in {"asked", "answered", "errored"}:
            self._effect(name, event)
        elif name in {"ended", "failed", "cancelled"}:
            self._final(name, event)

    def _effect(self, name: str, event: Mapping[str, Any]) -> None:
        kind = str(event.get("effect"))
        key = (event.get("visit"), event.get("lane"), event.get("index"))
        if kind == "say" and name == "asked":
            self.put(bubble(str(mapping(event.get("request")).get("text", "")), customer=False))
        elif kind == "listen" and name == "answered":
            text = mapping(event.get("answer")).get("text")
            self.put(
                step_line(tr("The customer did not answer."))
                if text is None
                else bubble(str(text), customer=True)
            )
        elif kind == "person" and name == "answered":
            decision = mapping(event.get("answer")).get("decision")
            self.put(
                step_line(
                    tr("Nobody decided in time.")
                    if decision is None
                    else tr("Decided: {decision}", decision=decision)
                )
            )
        elif kind in {"tool", "model"}:
            self._call(kind, name, key, event)

    def _call(self, kind: str, name: str, key: tuple[Any, ...], event: Mapping[str, Any]) -> None:
        request = mapping(event.get("request"))
        if name == "asked":
            title = (
                str(request.get("tool"))
                if kind == "tool"
                else tr("model {name}", name=request.get("model"))
            )
            shown = request.get("arguments") if kind == "tool" else request.get("messages")
            line = CallLine(title, shown, tr("Arguments") if kind == "tool" else tr("Messages"))
            self._calls[key] = line
            self.put(line)
            return
        line = self._calls.get(key)
        if line is None:
            return
        if name == "errored":
            line.failed(str(mapping(event.get("error")).get("message", "")))
            return
        answer = mapping(event.get("answer"))
        if kind == "tool":
            line.answered(answer.get("value"), tr(str(answer.get("note") or _ANSWERED)))
        else:
            value = answer.get("value") if answer.get("value") is not None else answer.get("text")
            line.answered(
                value, tr("scripted") if answer.get("scripted") else str(answer.get("model", ""))
            )

    def _final(self, name: str, event: Mapping[str, Any]) -> None:
        for node, state in self.states.items():
            if state in {"running", "waiting"}:
                self.states[node] = {"ended": "done", "failed": "failed"}.get(name, "")
        if name == "ended":
            self.put(
                ending(
                    tr("Ended: {outcome}", outcome=event.get("outcome")),
                    event.get("output"),
                    good=True,
                )
            )
        elif name == "failed":
            error = mapping(event.get("error"))
            self.put(ending(tr("The run failed"), str(error.get("message", "")), good=False))
