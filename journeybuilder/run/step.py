"""One visit of a node: records every effect as asked and as answered, and replays the recorded ones."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from typing_extensions import override

from journeybuilder.contract.expressions import (
    ExpressionError,
    as_words,
    compile_expression,
    render,
)
from journeybuilder.contract.services import (
    Listening,
    Message,
    ModelAnswer,
    ModelAsk,
    ModelTool,
    ModelToolCall,
    PersonAnswer,
    PersonTask,
    Services,
    ToolAnswer,
    ToolCall,
)
from journeybuilder.contract.step import ONCE, Retry, Step
from journeybuilder.contract.texts import choose
from journeybuilder.contract.tools import reads, repeatable
from journeybuilder.errors import ProgramError, StepError
from journeybuilder.plan.plan import Plan
from journeybuilder.run.gate import Gate
from journeybuilder.run.recorder import Recorder
from journeybuilder.run.state import Effect, Token

_LOG = logging.getLogger(__name__)

Perform = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]

TOOL_TIMEOUT = 30.0
MODEL_TIMEOUT = 60.0


class Parked(BaseException):
    """The node cannot go on now; it is entered again when what it waits for has come.

    No `Exception`, so that no kind catches it by accident.
    """

    def __init__(self, waiting_for: Mapping[str, Any], due: float | None) -> None:
        super().__init__("parked")
        self.waiting_for = waiting_for
        self.due = due


@dataclass(frozen=True, slots=True)
class Driven:
    """What all steps of one driven run share."""

    plan: Plan
    services: Services
    gate: Gate
    recorder: Recorder


class Visit(Step):
    """The engine's `Step`."""

    def __init__(self, driven: Driven, token: Token) -> None:
        self._plan = driven.plan
        self._services = driven.services
        self._gate = driven.gate
        self._recorder = driven.recorder
        self._token = token
        self._next = 0
        self._names: dict[str, Any] | None = None

    @property
    @override
    def node(self) -> str:
        return self._token.node

    @property
    def effects(self) -> int:
        """How many effects the node has asked for in this visit, replayed ones included."""
        return self._next

    # -- values ------------------------------------------------------------------------------

    def names(self) -> Mapping[str, Any]:
        """Every name that expressions may use, with its value."""
        if self._names is None:
            state = self._recorder.state
            self._names = {
                "input": state.input,
                "session": state.session,
                "customer": {},
                **state.variables,
                "now": datetime.fromtimestamp(self._services.clock.now(), UTC),
            }
        return self._names

    @override
    def evaluate(self, expression: str) -> Any:
        try:
            return compile_expression(expression).value(self.names())
        except ExpressionError as error:
            raise StepError("expression", f"in '{expression}': {error.message}") from None

    @override
    def render(self, template: Any) -> Any:
        try:
            return render(template, self.names())
        except ExpressionError as error:
            raise StepError("expression", f"in a value of '{self.node}': {error.message}") from None

    @override
    def words(self, text: str | Mapping[str, Any]) -> str:
        session = self._recorder.state.session
        chosen = choose(
            text,
            str(session.get("language", "")),
            str(session.get("channel", "")),
            self._plan.journey.languages,
        )
        return as_words(self.render(chosen))

    @override
    def wired(self, port: str) -> bool:
        return port in self._plan.nodes[self.node].ways

    @override
    def tool(self, name: str) -> ModelTool:
        tool = self._plan.tools.get(name)
        if tool is None:
            raise StepError("bad_arguments", f"the tool '{name}' is not in the plan")
        safe = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:64]
        return ModelTool(safe, tool.description or tool.label, tool.input_schema)

    # -- effects -----------------------------------------------------------------------------

    @override
    async def call_tool(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        timeout: float | None = None,
        retry: Retry = ONCE,
    ) -> ToolAnswer:
        definition, facts = self._plan.tools.get(tool), self._plan.facts.get(tool)
        safe = rides = False
        if definition is not None and facts is not None:
            safe, rides = repeatable(definition, facts), reads(definition, facts)
        key = self._key()  # one for all attempts: one whose answer was lost may have happened
        for attempt in range(1, retry.attempts + 1):
            try:
                call = (tool, arguments, timeout or TOOL_TIMEOUT, key)
                return await self._call_once(*call, safe=safe, rides=rides)
            except StepError as error:
                hopeless = error.code in {"bad_arguments", "bad_result", "bug", "denied", "limit"}
                if hopeless or attempt == retry.attempts or (error.uncertain and not safe):
                    raise
                await self.sleep(retry.wait * 2 ** (attempt - 1))
        raise StepError("bug", "a call was to be made no time at all")

    async def _call_once(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        timeout: float,
        key: str,
        *,
        safe: bool,
        rides: bool,
    ) -> ToolAnswer:
        sent = self._gate.arguments(tool, arguments, key)
        request = {"tool": tool, "arguments": sent, "timeout": timeout, "key": key}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            call = ToolCall(
                self._recorder.state.run, self.node, tool, asked["arguments"], timeout, key
            )
            answer = await self._gate.call_tool(call)
            return {"value": answer.value, "note": answer.note}  # `asdict` would copy the value

        return ToolAnswer(**await self._effect("tool", request, perform, safe=safe, rides=rides))

    @override
    async def ask_model(
        self,
        model: str,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: Mapping[str, Any] | None = None,
        tools: Sequence[ModelTool] = (),
        timeout: float | None = None,
    ) -> ModelAnswer:
        request = {
            "model": model,
            "messages": list(messages),
            "schema": schema,
            "tools": [tool.name for tool in tools],
        }

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            state = self._recorder.state
            ask = ModelAsk(
                state.run,
                self.node,
                model,
                asked["messages"],
                schema,
                tools,
                timeout or MODEL_TIMEOUT,
            )
            return asdict(await self._gate.ask_model(ask, state.cost_usd))

        answer = dict(await self._effect("model", request, perform, safe=True))
        answer["tool_calls"] = [ModelToolCall(**call) for call in answer["tool_calls"]]
        return ModelAnswer(**answer)

    @override
    async def say(self, text: str, *, choices: Sequence[str] = ()) -> None:
        key = self._key()
        request = {"text": text, "choices": list(choices)}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            run = self._recorder.state.run
            await self._services.channel.say(Message(run, self.node, asked["text"], choices, key))
            return {}

        await self._effect("say", request, perform, safe=True)

    @override
    async def listen(
        self, *, timeout: float | None = None, choices: Sequence[str] = ()
    ) -> str | None:
        request = {"until": self._deadline(timeout), "choices": list(choices)}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            until = asked["until"]
            if self._passed(until):
                return {"text": None}
            listening = Listening(self._recorder.state.run, self.node, until, choices)
            words = await self._services.channel.listen(listening)
            if words is None and not self._passed(until):
                waiting = {"kind": "customer", "choices": list(choices), **self._place()}
                raise Parked(waiting, until)
            return {"text": words}

        return (await self._effect("listen", request, perform, safe=True))["text"]

    @override
    async def ask_person(
        self,
        kind: str,
        to: str,
        decisions: Sequence[str],
        *,
        show: Mapping[str, Any],
        editable: Sequence[str] = (),
        timeout: float | None = None,
    ) -> PersonAnswer | None:
        request = {
            "kind": kind,
            "to": to,
            "decisions": list(decisions),
            "show": dict(show),
            "editable": list(editable),
            "until": self._deadline(timeout),
        }

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            until = asked["until"]
            if self._passed(until):
                return {"decision": None}
            task = PersonTask(
                self._recorder.state.run, self.node, kind, to, decisions, show, editable, until
            )
            answer = await self._services.people.ask(task)
            if answer is not None:
                return asdict(answer)
            if self._passed(until):
                return {"decision": None}
            waiting = {key: asked[key] for key in ("kind", "to", "decisions", "show", "editable")}
            raise Parked({**waiting, **self._place()}, until)

        answer = await self._effect("person", request, perform, safe=True)
        return None if answer["decision"] is None else PersonAnswer(**answer)

    @override
    async def sleep(self, length: float) -> None:
        request = {"until": self._services.clock.now() + length}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            if not await self._services.clock.wait(asked["until"]):
                raise Parked({"kind": "time", **self._place()}, asked["until"])
            return {}

        await self._effect("sleep", request, perform, safe=True)

    # -- recording ---------------------------------------------------------------------------

    def _key(self) -> str:
        """Idempotency key of the effect that comes next; the same when the node is entered again."""
        return f"{self._recorder.state.run}-{self._token.visit}-{self._next}"

    def _deadline(self, timeout: float | None) -> float | None:
        return None if timeout is None else self._services.clock.now() + timeout

    def _passed(self, until: float | None) -> bool:
        return until is not None and self._services.clock.now() >= until

    def _place(self) -> dict[str, Any]:
        return {"node": self.node, "lane": self._token.lane, "index": self._next - 1}

    async def _effect(
        self,
        kind: str,
        request: Mapping[str, Any],
        perform: Perform,
        *,
        safe: bool,
        rides: bool = True,
    ) -> Mapping[str, Any]:
        """Do an effect, or give what is recorded of it.

        `safe` says that doing it twice does no harm: only then is it repeated when a crash has left it
        without an answer. `rides` says that it changes nothing in the world: only then may `asked` wait
        for the next commit, as a run entered again may come by with other arguments (`now`).

        Raises:
            StepError: What the service raised, now or before a restart.
        """
        index, self._next = self._next, self._next + 1
        recorded = self._token.effects.get(index)
        if recorded is not None:
            self._same(recorded, kind)
            if recorded.answer is not None:
                return recorded.answer
            if recorded.error is not None:
                raise StepError(**recorded.error)
            if not safe:
                raise self._uncertain(recorded)
            request = recorded.request
        else:
            await self._before(kind, index, request, rides=rides)
        place = {"lane": self._token.lane, "node": self.node, "visit": self._token.visit}
        try:
            answer = await self._performed(perform, request, safe=safe)
        except StepError as error:
            told = {"code": error.code, "message": error.message, "detail": error.detail,
                    "uncertain": error.uncertain}  # fmt: skip
            self._recorder.emit("errored", **place, index=index, effect=kind, error=told)
            raise
        self._recorder.emit("answered", **place, index=index, effect=kind, answer=answer)
        self._names = None
        return answer

    async def _performed(
        self, perform: Perform, request: Mapping[str, Any], *, safe: bool
    ) -> Mapping[str, Any]:
        try:
            return await perform(request)
        except (StepError, ProgramError):
            raise
        except Exception as error:  # a bug of a service is recorded like every other failure
            _LOG.exception("an effect of node '%s' of run %s", self.node, self._recorder.state.run)
            words = f"'{self.node}' failed inside: {type(error).__name__}: {error}"
            raise StepError("bug", words, uncertain=not safe) from error

    async def _before(
        self, kind: str, index: int, request: Mapping[str, Any], *, rides: bool
    ) -> None:
        """Record that an effect is asked; what was answered before is made durable first.

        So are, before the customer hears anything, nodes that went by without an effect: they may
        depend on the time, and go another way after a crash.
        """
        answered = any(effect.settled for effect in self._token.effects.values())
        gone_by = kind == "say" and self._recorder.pending > 1  # the one is `entered`
        if rides and (answered or gone_by):
            await self._recorder.commit()
        self._recorder.emit(
            "asked",
            lane=self._token.lane,
            node=self.node,
            visit=self._token.visit,
            index=index,
            effect=kind,
            request=request,
        )
        if not rides:
            await self._recorder.commit()

    def _same(self, recorded: Effect, kind: str) -> None:
        if recorded.kind != kind:
            raise StepError(
                "bug",
                f"'{self.node}' asked for '{recorded.kind}' before the restart and for '{kind}' after",
            )

    def _uncertain(self, recorded: Effect) -> Parked:
        waiting = {
            "kind": "uncertain",
            "to": "",
            "decisions": ["done", "not_done", "cancel"],
            "show": {
                "question": "This call may or may not have happened. Check, then say which.",
                "tool": recorded.request["tool"],
                "arguments": recorded.request["arguments"],
            },
            "editable": [],
            **self._place(),
        }
        return Parked(waiting, None)
