"""A step that behaves, for a kind on its own: it keeps what was asked of it and answers in turn."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from typing_extensions import override

from journeybuilder.contract.expressions import ExpressionError, as_words, compile_expression
from journeybuilder.contract.expressions import render as render_value
from journeybuilder.contract.services import ModelAnswer, ModelTool, PersonAnswer, ToolAnswer
from journeybuilder.contract.step import (
    ONCE,
    Finish,
    Fork,
    Leave,
    Meeting,
    Remembered,
    Retry,
    Step,
)
from journeybuilder.contract.texts import choose
from journeybuilder.errors import StepError
from journeybuilder.kinds import KINDS

Answer = Any
"""What is given back; an exception is raised, a function is called with the arguments."""


class FakeStep(Step):
    """One visit in a world of prepared answers.

    Attributes:
        done: Every effect in order, as its name and what it was given.
    """

    def __init__(  # noqa: PLR0913 - each has a default, and a test gives the few it is about
        self,
        variables: Mapping[str, Any] | None = None,
        *,
        says: Sequence[str | None] = (),
        tools: Mapping[str, Sequence[Answer]] | None = None,
        models: Sequence[Answer] = (),
        event: Mapping[str, Any] | None = None,
        kept: Any = None,
        meeting: Meeting | None = None,
        ports: Sequence[str] = (),
        language: str = "en",
        journey: str = "test",
        run_key: str = "r-1",
    ) -> None:
        self._variables = dict(variables or {})
        self._says = list(says)
        self._tools = {name: list(answers) for name, answers in (tools or {}).items()}
        self._models = list(models)
        self._event = event
        self._kept = kept
        self._meeting = meeting or Meeting(())
        self._ports = ports
        self._language = language
        self._journey = journey
        self._run_key = run_key
        self.now = datetime(2026, 1, 5, 8, tzinfo=UTC)
        self.turn = timedelta()  # how long an effect takes
        self.done: list[tuple[str, Any]] = []

    def did(self, effect: str) -> list[Any]:
        """What was given to every effect of a sort."""
        return [given for name, given in self.done if name == effect]

    def _do(self, effect: str, given: Any) -> None:
        self.done.append((effect, given))
        self.now += self.turn

    @property
    @override
    def node(self) -> str:
        return "a"

    @property
    @override
    def journey(self) -> str:
        return self._journey

    @property
    @override
    def kept(self) -> Any:
        return self._kept

    @property
    @override
    def meeting(self) -> Meeting:
        return self._meeting

    @property
    @override
    def run_key(self) -> str:
        return self._run_key

    def _names(self, names: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"input": {}, "now": self.now, **self._variables, **(names or {})}

    @override
    def evaluate(self, expression: str, names: Mapping[str, Any] | None = None) -> Any:
        try:
            return compile_expression(expression).value(self._names(names))
        except ExpressionError as error:
            raise StepError("expression", error.message) from None

    @override
    def render(self, template: Any, names: Mapping[str, Any] | None = None) -> Any:
        try:
            return render_value(template, self._names(names))
        except ExpressionError as error:
            raise StepError("expression", error.message) from None

    @override
    def words(self, text: str | Mapping[str, Any]) -> str:
        return as_words(self.render(choose(text, self._language, "chat", ["en"])))

    @override
    def wired(self, port: str) -> bool:
        return port in self._ports

    @override
    def tool(self, name: str) -> ModelTool:
        return ModelTool(name.replace("/", "_"), name, {"type": "object"})

    @override
    async def call_tool(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        timeout: float | None = None,
        retry: Retry = ONCE,
        cache: float | None = None,
    ) -> ToolAnswer:
        self._do("tool", {"tool": tool, "with": dict(arguments), "cache": cache})
        answers = self._tools.get(tool, [{}])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return ToolAnswer(_given(answer, arguments))

    @override
    async def read_resource(
        self, resource: str, arguments: Mapping[str, Any], *, timeout: float | None = None
    ) -> ToolAnswer:
        self._do("resource", {"resource": resource, "with": dict(arguments)})
        return ToolAnswer(_given(self._tools[resource][0], arguments))

    @override
    async def get_prompt(
        self, prompt: str, arguments: Mapping[str, Any], *, timeout: float | None = None
    ) -> Sequence[Mapping[str, Any]]:
        self._do("prompt", {"prompt": prompt, "with": dict(arguments)})
        return _given(self._tools[prompt][0], arguments)

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
        asked = {"model": model, "messages": list(messages), "schema": schema}
        self._do("model", asked)
        answer = _given(self._models.pop(0), asked)
        if isinstance(answer, ModelAnswer):
            return answer
        return ModelAnswer(as_words(answer), "scripted", model, value=answer, cost_usd=0.0)

    @override
    async def say(self, text: str, *, choices: Sequence[str] = ()) -> None:
        self._do("say", {"text": text, "choices": list(choices)})

    @override
    async def listen(
        self, *, timeout: float | None = None, choices: Sequence[str] = ()
    ) -> str | None:
        self._do("listen", {"timeout": timeout, "choices": list(choices)})
        return self._says.pop(0) if self._says else None

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
        self._do("person", {"kind": kind, "to": to, "show": dict(show)})
        return None

    @override
    async def sleep(self, length: float) -> None:
        self._do("sleep", length)

    @override
    async def sleep_until(self, moment: str) -> None:
        self._do("until", moment)

    @override
    async def sleep_until_open(self, hours: Mapping[str, Any]) -> None:
        self._do("open", dict(hours))

    @override
    async def wait_event(
        self, name: str, *, timeout: float | None = None
    ) -> Mapping[str, Any] | None:
        self._do("event", {"name": name, "timeout": timeout})
        return self._event

    @override
    async def start_journey(self, journey: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        self._do("journey", {"journey": journey, "input": dict(given)})
        return _given(self._tools[journey][0], given)

    @override
    async def remember(self, facts: Sequence[Remembered]) -> None:
        self._do("remember", list(facts))

    @override
    async def forget(self, names: Sequence[str] | None) -> None:
        self._do("forget", names)

    @override
    async def record_consent(self, purpose: str, *, given: bool, asked: str, said: str) -> None:
        self._do("consent", {"purpose": purpose, "given": given, "asked": asked, "said": said})


def _given(answer: Answer, arguments: Any) -> Any:
    if isinstance(answer, Exception):
        raise answer
    made: Callable[[Any], Any] | None = answer if callable(answer) else None
    return made(arguments) if made is not None else answer


def visit(kind: str, settings: Mapping[str, Any], step: Step) -> Any:
    """What one visit of a node with these settings gives."""
    own = KINDS[kind]
    result: Leave | Fork | Finish = asyncio.run(
        own.run(own.settings.model_validate(settings), step)
    )
    return result


def complaints(kind: str, settings: Mapping[str, Any]) -> list[str]:
    """What a kind says about valid settings: place and words."""
    own = KINDS[kind]
    return [
        f"{'.'.join(map(str, one.path))}: {one.message}"
        for one in own.complaints(own.settings.model_validate(settings))
    ]
