"""What a node visit can look at: the values of expressions, texts, ports and tools."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from journeybuilder.contract.expressions import (
    ExpressionError,
    as_words,
    compile_expression,
    render,
)
from journeybuilder.contract.services import ModelTool
from journeybuilder.contract.step import Meeting, Undo
from journeybuilder.contract.texts import choose
from journeybuilder.errors import StepError
from journeybuilder.run.effects import Driven, Effects, Perform
from journeybuilder.run.tokens import RunState, Token

CONSENT = "consent."
"""Facts of this name are consents: `consent.marketing`."""
_NOBODY: Mapping[str, Any] = {"consent": {}}


class Values:
    """One visit as far as it only looks."""

    def __init__(self, driven: Driven, token: Token) -> None:
        self._driven = driven
        self._plan = driven.plan
        self._services = driven.services
        self._gate = driven.gate
        self._state: RunState = driven.recorder.state
        self._token = token
        self._frame = self._state.frames[token.frame]
        self._planned = driven.plan.journeys[self._frame.journey]
        self._effects = Effects(driven, token)
        self._names: dict[str, Any] | None = None

    @property
    def node(self) -> str:
        """The node's id."""
        return self._token.node

    @property
    def journey(self) -> str:
        """The id of the journey that the node belongs to."""
        return self._frame.journey

    @property
    def effects(self) -> int:
        """How many effects the node has asked for in this visit, replayed ones included."""
        return self._effects.number

    def go_on_to_the_end(self) -> None:
        """Let no stop of the lane keep this visit from what it has to do."""
        self._effects.go_on_to_the_end()

    @property
    def kept(self) -> Any:
        """What the last visit left in `Leave.keep`."""
        return self._frame.kept.get(self._token.lane, {}).get(self._token.node)

    @property
    def run_key(self) -> str:
        """The run's id: it does not change when the run is taken over."""
        return self._state.run

    @property
    def meeting(self) -> Meeting:
        """How the lanes met.

        Raises:
            StepError: `no_lanes` when no lanes are open that could meet here.
        """
        met = self._token.meeting
        if met is None:
            words = f"'{self.node}' brings lanes together, and none were opened on the way to it"
            raise StepError("no_lanes", words)
        undos = [Undo(undo["tool"], undo["arguments"]) for undo in met["undos"]]
        return Meeting(met["arrived"], met["cancelled"], met["timed_out"], undos)

    # -- expressions -------------------------------------------------------------------------

    def names(self) -> Mapping[str, Any]:
        """Every name that expressions may use, with its value."""
        if self._names is None:
            self._names = names_at(self._state, self._token, self._effects.moment)
        return self._names

    def _with(self, names: Mapping[str, Any] | None) -> Mapping[str, Any]:
        return {**self.names(), **names} if names else self.names()

    def evaluate(self, expression: str, names: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression.

        Raises:
            StepError: `expression`.
        """
        try:
            return compile_expression(expression).value(self._with(names))
        except ExpressionError as error:
            raise StepError("expression", f"in '{expression}': {error.message}") from None

    def render(self, template: Any, names: Mapping[str, Any] | None = None) -> Any:
        """A value with every `${…}` in it replaced.

        Raises:
            StepError: `expression`.
        """
        try:
            return render(template, self._with(names))
        except ExpressionError as error:
            raise StepError("expression", f"in a value of '{self.node}': {error.message}") from None

    def words(self, text: str | Mapping[str, Any]) -> str:
        """The text for this customer's language and channel, rendered."""
        session = self._state.session
        chosen = choose(
            text,
            str(session.get("language", "")),
            str(session.get("channel", "")),
            self._planned.journey.languages,
        )
        return as_words(self.render(chosen))

    # -- the plan ----------------------------------------------------------------------------

    def wired(self, port: str) -> bool:
        """Whether a port leads anywhere."""
        return port in self._planned.nodes[self.node].ways

    def tool(self, name: str) -> ModelTool:
        """A tool's definition in the form a model takes.

        Raises:
            StepError: `bad_arguments` when the plan does not hold the tool.
        """
        tool = self._plan.tools.get(name)
        if tool is None:
            raise StepError("bad_arguments", f"the tool '{name}' is not in the plan")
        safe = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:64]
        return ModelTool(safe, tool.description or tool.label, tool.input_schema)

    async def _do(
        self,
        kind: str,
        request: Mapping[str, Any],
        perform: Perform,
        *,
        safe: bool,
        rides: bool = True,
    ) -> Mapping[str, Any]:
        try:
            return await self._effects.do(kind, request, perform, safe=safe, rides=rides)
        finally:
            self._names = None  # time may have passed, and other lanes have gone on


def names_at(state: RunState, token: Token, moment: float) -> dict[str, Any]:
    """Every name that expressions may use where a token stands, with its value.

    Args:
        state: The state of the run.
        token: Where it stands.
        moment: What `now` is, in seconds since 1970.
    """
    frame = state.frames[token.frame]
    names: dict[str, Any] = {
        "input": frame.input,
        "session": _session(state.session),
        "customer": _customer(state, moment),
        **frame.variables,
        "now": datetime.fromtimestamp(moment, UTC),
    }
    if token.error is not None:
        names["error"] = token.error
    return names


def _session(session: Mapping[str, Any]) -> Mapping[str, Any]:
    started = session.get("started")
    if isinstance(started, (int, float)):
        return {**session, "started": moment_text(started)}
    return session


def _customer(state: RunState, moment: float) -> Mapping[str, Any]:
    if not state.customer:
        return _NOBODY
    known: dict[str, Any] = {"consent": {}}
    for name, fact in state.customer.items():
        if fact["until"] is not None and fact["until"] <= moment:
            continue
        if name.startswith(CONSENT):
            known["consent"][name.removeprefix(CONSENT)] = fact["value"]["given"]
        else:
            known[name] = fact["value"]
    return known


@lru_cache(maxsize=1024)  # that a run has begun then is asked at every visit
def moment_text(moment: float) -> str:
    """A moment in ISO 8601, in UTC."""
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")
