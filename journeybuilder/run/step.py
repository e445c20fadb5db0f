"""One visit of a node: what its kind may do, and which service does it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
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
    ToolAnswer,
    ToolCall,
)
from journeybuilder.contract.step import ONCE, Retry, Step
from journeybuilder.contract.texts import choose
from journeybuilder.contract.tools import reads, repeatable
from journeybuilder.errors import StepError
from journeybuilder.run.effects import Driven, Effects, Parked, Perform
from journeybuilder.run.state import Token

TOOL_TIMEOUT = 30.0
MODEL_TIMEOUT = 60.0


class Visit(Step):
    """The engine's `Step`."""

    def __init__(self, driven: Driven, token: Token) -> None:
        self._plan = driven.plan
        self._services = driven.services
        self._gate = driven.gate
        self._state = driven.recorder.state
        self._token = token
        self._effects = Effects(driven, token)
        self._names: dict[str, Any] | None = None

    @property
    @override
    def node(self) -> str:
        return self._token.node

    @property
    def effects(self) -> int:
        """How many effects the node has asked for in this visit, replayed ones included."""
        return self._effects.number

    # -- values ------------------------------------------------------------------------------

    def names(self) -> Mapping[str, Any]:
        """Every name that expressions may use, with its value."""
        if self._names is None:
            state = self._state
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
        session = self._state.session
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
        key = (
            self._effects.key()
        )  # one for all attempts: one whose answer was lost may have happened
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
            call = ToolCall(self._state.run, self.node, tool, asked["arguments"], timeout, key)
            answer = await self._gate.call_tool(call)
            return {"value": answer.value, "note": answer.note}  # `asdict` would copy the value

        return ToolAnswer(**await self._do("tool", request, perform, safe=safe, rides=rides))

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
            state = self._state
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

        answer = dict(await self._do("model", request, perform, safe=True))
        answer["tool_calls"] = [ModelToolCall(**call) for call in answer["tool_calls"]]
        return ModelAnswer(**answer)

    @override
    async def say(self, text: str, *, choices: Sequence[str] = ()) -> None:
        key = self._effects.key()
        request = {"text": text, "choices": list(choices)}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            run = self._state.run
            await self._services.channel.say(Message(run, self.node, asked["text"], choices, key))
            return {}

        await self._do("say", request, perform, safe=True)

    @override
    async def listen(
        self, *, timeout: float | None = None, choices: Sequence[str] = ()
    ) -> str | None:
        request = {"until": self._effects.deadline(timeout), "choices": list(choices)}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            until = asked["until"]
            if self._effects.passed(until):
                return {"text": None}
            listening = Listening(self._state.run, self.node, until, choices)
            words = await self._services.channel.listen(listening)
            if words is None and not self._effects.passed(until):
                waiting = {"kind": "customer", "choices": list(choices), **self._effects.place()}
                raise Parked(waiting, until)
            return {"text": words}

        return (await self._do("listen", request, perform, safe=True))["text"]

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
            "until": self._effects.deadline(timeout),
        }

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            until = asked["until"]
            if self._effects.passed(until):
                return {"decision": None}
            task = PersonTask(
                self._state.run, self.node, kind, to, decisions, show, editable, until
            )
            answer = await self._services.people.ask(task)
            if answer is not None:
                return asdict(answer)
            if self._effects.passed(until):
                return {"decision": None}
            waiting = {key: asked[key] for key in ("kind", "to", "decisions", "show", "editable")}
            raise Parked({**waiting, **self._effects.place()}, until)

        answer = await self._do("person", request, perform, safe=True)
        return None if answer["decision"] is None else PersonAnswer(**answer)

    @override
    async def sleep(self, length: float) -> None:
        request = {"until": self._services.clock.now() + length}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            if not await self._services.clock.wait(asked["until"]):
                raise Parked({"kind": "time", **self._effects.place()}, asked["until"])
            return {}

        await self._do("sleep", request, perform, safe=True)

    async def _do(
        self,
        kind: str,
        request: Mapping[str, Any],
        perform: Perform,
        *,
        safe: bool,
        rides: bool = True,
    ) -> Mapping[str, Any]:
        answer = await self._effects.do(kind, request, perform, safe=safe, rides=rides)
        self._names = None  # time may have passed
        return answer
