"""The effects of a visit on servers and models: tools, resources, prompts, model calls."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from journeybuilder.contract.expressions import as_words
from journeybuilder.contract.services import (
    ModelAnswer,
    ModelAsk,
    ModelTool,
    ModelToolCall,
    PromptGet,
    ResourceRead,
    ToolAnswer,
    ToolCall,
)
from journeybuilder.contract.step import ONCE, Retry
from journeybuilder.contract.tools import reads, repeatable
from journeybuilder.errors import StepError
from journeybuilder.run.elicit import Asking
from journeybuilder.run.values import Values
from journeybuilder.run.waits import Waits
from journeybuilder.run.writing import Writing

TOOL_TIMEOUT = 30.0
MODEL_TIMEOUT = 60.0
CACHED = "from the cache"

_HOPELESS = frozenset({"bad_arguments", "bad_result", "bug", "denied", "limit"})


class Calls(Waits, Values):
    """One visit as far as it calls servers and models."""

    async def call_tool(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        timeout: float | None = None,
        retry: Retry = ONCE,
        cache: float | None = None,
    ) -> ToolAnswer:
        """Call an MCP tool through the gate.

        Raises:
            StepError: What the tool raised, or `denied` by the gate.
        """
        definition, facts = self._plan.tools.get(tool), self._plan.facts.get(tool)
        safe = rides = False
        if definition is not None and facts is not None:
            safe, rides = repeatable(definition, facts), reads(definition, facts)
        key = (
            self._effects.key()
        )  # one for all attempts: one whose answer was lost may have happened
        sent = self._gate.arguments(tool, arguments, key)
        request = {
            "tool": tool,
            "arguments": sent,
            "timeout": TOOL_TIMEOUT if timeout is None else timeout,
            "key": key,
            **({"cache": cache} if cache is not None and rides else {}),
        }
        for attempt in range(1, retry.attempts + 1):
            try:
                return await self._call_once(request, safe=safe, rides=rides)
            except StepError as error:
                lost = error.uncertain and not safe
                if error.code in _HOPELESS or attempt == retry.attempts or lost:
                    raise
                await self.sleep(retry.wait * 2 ** (attempt - 1))
        raise StepError("bug", "a call was to be made no time at all")

    async def _call_once(
        self, request: Mapping[str, Any], *, safe: bool, rides: bool
    ) -> ToolAnswer:
        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            return await self._really_call(asked)

        answer = await self._do("tool", request, perform, safe=safe, rides=rides)
        return ToolAnswer(answer["value"], answer["note"])

    async def _really_call(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        tool, arguments, clock = asked["tool"], asked["arguments"], self._services.clock
        age: float | None = asked.get("cache")
        cache = self._driven.cache
        if age is not None:
            found = cache.find(tool, arguments, age, clock.now())
            if found is not None:
                return {"value": found[0], "note": CACHED}
        asking = Asking(self._gate, self._plan, self._state, self.node, asked["key"])
        call = ToolCall(
            self._state.run, self.node, tool, arguments, asked["timeout"], asked["key"],
            elicit=asking.ask, progress=self._progress(tool),
        )  # fmt: skip
        answer = await self._gate.call_tool(call)
        if age is not None:
            cache.keep(tool, arguments, answer.value, clock.now())
        told = {"asked": asking.asked} if asking.asked else {}
        return {"value": answer.value, "note": answer.note, **told}  # `asdict` would copy the value

    def _progress(self, tool: str) -> Any:
        def tell(done: float, total: float | None, words: str) -> None:
            token = self._token
            self._driven.recorder.tell(
                "progress", lane=token.lane, node=token.node, visit=token.visit, tool=tool,
                done=done, total=total, words=words,
            )  # fmt: skip

        return tell

    async def read_resource(
        self, resource: str, arguments: Mapping[str, Any], *, timeout: float | None = None
    ) -> ToolAnswer:
        """Read an MCP resource."""
        server, _, template = resource.partition("/")
        request = {
            "resource": resource,
            "uri": _filled(template, arguments),
            "timeout": TOOL_TIMEOUT if timeout is None else timeout,
        }

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            run, node = self._state.run, self.node
            reading = ResourceRead(run, node, server, asked["uri"], asked["timeout"])
            answer = await self._gate.read_resource(reading)
            return {"value": answer.value, "note": answer.note}

        return ToolAnswer(**await self._do("resource", request, perform, safe=True))

    async def get_prompt(
        self, prompt: str, arguments: Mapping[str, Any], *, timeout: float | None = None
    ) -> Sequence[Mapping[str, Any]]:
        """The messages of an MCP prompt."""
        request = {
            "prompt": prompt,
            "arguments": {name: as_words(value) for name, value in arguments.items()},
            "timeout": TOOL_TIMEOUT if timeout is None else timeout,
        }

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            run, node = self._state.run, self.node
            getting = PromptGet(run, node, prompt, asked["arguments"], asked["timeout"])
            return {"messages": list(await self._gate.get_prompt(getting))}

        return (await self._do("prompt", request, perform, safe=True))["messages"]

    async def ask_model(
        self,
        model: str,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: Mapping[str, Any] | None = None,
        tools: Sequence[ModelTool] = (),
        timeout: float | None = None,
    ) -> ModelAnswer:
        """One model call."""
        whole = {
            "model": model,
            "messages": list(messages),
            "schema": schema,
            "tools": [tool.name for tool in tools],
        }

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            state = self._state
            writing = Writing(self._writes) if self._driven.live else None
            ask = ModelAsk(
                state.run,
                self.node,
                model,
                asked["messages"],
                schema,
                tools,
                MODEL_TIMEOUT if timeout is None else timeout,
                writing.text if writing is not None else None,
            )
            try:
                return asdict(await self._gate.ask_model(ask, state.cost_usd))
            finally:
                if writing is not None:
                    writing.close()

        answer = dict(await self._do("model", self._what_is_new(whole), perform, safe=True))
        answer["tool_calls"] = [ModelToolCall(**call) for call in answer["tool_calls"]]
        return ModelAnswer(**answer)

    def _writes(self, text: str) -> None:
        token = self._token
        self._driven.recorder.tell(
            "writing", lane=token.lane, node=token.node, visit=token.visit, text=text
        )

    def _what_is_new(self, whole: Mapping[str, Any]) -> Mapping[str, Any]:
        """The request without what an earlier model call of this visit has asked already.

        A conversation is asked again with every turn; recording all of it each time would make the
        record grow with the square of its length.
        """
        effects = self._token.effects
        for index in range(self._effects.number - 1, -1, -1):
            before = effects[index]
            if before.kind == "model":
                known, messages = before.request["messages"], whole["messages"]
                if not known or messages[: len(known)] != known:
                    return whole
                same = [key for key in ("schema", "tools") if whole[key] == before.request[key]]
                rest = {key: value for key, value in whole.items() if key not in same}
                return {**rest, "messages": messages[len(known) :], "after": index}
        return whole


def _filled(template: str, arguments: Mapping[str, Any]) -> str:
    """A resource's address with its variables filled in, each as one part of an address."""

    def value(found: re.Match[str]) -> str:
        operator, name = found.group(1), found.group(2)
        if name not in arguments:
            raise StepError("bad_arguments", f"'{name}' of the resource '{template}' is not given")
        words = as_words(arguments[name])
        if not {".", ".."}.isdisjoint(words.split("/")):
            # They stay as they are in an address, and lead to a folder that nobody has named.
            said = f"'{name}' of the resource '{template}' must have no part '.' or '..'"
            raise StepError("bad_arguments", said)
        return quote(words, safe=_RESERVED if operator == "+" else "")

    return re.sub(r"\{(\+?)([A-Za-z_][A-Za-z0-9_.]*)\}", value, template)


_RESERVED = ":/?#[]@!$&'()*+,;="
