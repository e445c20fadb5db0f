"""`agent`: a model works with an allow-list of tools, within bounds."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.detectors import Detect, inspect
from journeybuilder.contract.detectors import complaints as detector_complaints
from journeybuilder.contract.durations import seconds
from journeybuilder.contract.expressions import as_words
from journeybuilder.contract.fields import (
    Duration,
    ErrorWay,
    Mark,
    ModelName,
    Part,
    Save,
    Schema,
    Settings,
    Template,
    ToolNames,
    Way,
)
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.services import ModelAnswer, ModelTool, ModelToolCall
from journeybuilder.contract.step import Leave, Step
from journeybuilder.errors import StepError

_TALK = "ask_customer"
_HANDOFF = "hand_to_person"
_MAX_RESULT = 20_000
_MAX_NAME = 60
_MAX_CALLS = 20


class AgentLimits(Part):
    """Bounds of one visit of the node."""

    tool_calls: int | None = Field(default=None, ge=0, le=1000, description="Tool calls in all.")
    cost_usd: float | None = Field(
        default=None,
        gt=0,
        description="What its model calls may cost; a model of unknown price counts as over it.",
    )
    duration: Duration = Field(
        default=None, description="How long it may take, waiting for the customer included."
    )


class AgentSettings(Settings):
    """Settings of `agent`."""

    model: ModelName = Field(description="Which model, by its alias in models.yaml.")
    instructions: Template = Field(description="Its task and its rules.")
    prompt: Template = Field(
        default="", description="What it begins with, for example `${answer}`."
    )
    tools: ToolNames = Field(default_factory=list, description="The only tools it may call.")
    approve: ToolNames = Field(
        default_factory=list, description="Tools whose every call a person approves first."
    )
    approve_by: Annotated[str, Mark("queue")] = Field(
        default="", description="The queue that approves; needed where 'approve' is used."
    )
    talks_to: Literal["customer", "nobody"] = Field(
        default="nobody", description="Whether it may ask the customer back."
    )
    schema_: Schema = Field(
        default=None, alias="schema", title="Schema", description="The value wanted at the end."
    )
    max_turns: int = Field(default=8, ge=1, le=50, description="Model calls at the most.")
    limits: AgentLimits | None = Field(
        default=None, description="Further bounds; reaching one leads to 'on_limit'."
    )
    guard: Detect = Field(
        default=[],
        description="Detectors that look at everything it says; what they find is not said: "
        "personal_data, prompt_injection, {topics: […]}, {model: …, question: …}.",
    )
    timeout: Duration = Field(default=None, description="How long to wait for the customer.")
    save: Save = Field(default=None, description="The variable that gets the result.")
    next: Way
    on_limit: Annotated[str | None, Mark("port", "a limit is reached", "error")] = None
    on_handoff: Annotated[str | None, Mark("port", "wants a person")] = None
    on_error: ErrorWay = None


class Agent(NodeKind[AgentSettings]):
    """A model that decides by itself which of its tools to use, turn by turn."""

    name: ClassVar[str] = "agent"
    title: ClassVar[str] = "Agent"
    about: ClassVar[str] = "A model works on a task with the tools you allow, within bounds."
    group: ClassVar[Group] = "models"
    icon: ClassVar[str] = "agent"
    waits: ClassVar[bool] = True
    example: ClassVar[str] = """\
helper:
  kind: agent
  model: careful
  instructions: Find out where the parcel is and tell the customer.
  prompt: "${question}"
  tools: [orders/get_order, shipping/track]
  talks_to: customer
  max_turns: 6
  next: done
  on_limit: to_person
"""
    settings = AgentSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        count = len(as_list(raw.get("tools")))
        return f"{count} tool{'' if count == 1 else 's'}"

    @override
    def schema_of(self, raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return as_object(raw.get("schema")) or {"type": "string"}

    @override
    def complaints(self, settings: AgentSettings) -> Iterable[Complaint]:
        for index, tool in enumerate(settings.approve):
            if tool not in settings.tools:
                yield Complaint(
                    ("approve", index),
                    f"'{tool}' is to be approved but is not among 'tools'",
                    "Add it to 'tools', or take it out here.",
                )
        if settings.approve and not settings.approve_by:
            yield Complaint(
                ("approve",),
                "nobody is named who approves",
                "Add 'approve_by:' with a queue of the workspace.",
            )

        for index, key, message, hint in detector_complaints(settings.guard):
            path = ("guard", index, key) if key else ("guard", index)
            yield Complaint(path, message, hint)
        if settings.limits is not None and settings.on_limit is None:
            yield Complaint(
                ("limits",),
                "it is not said where a limit leads",
                "Add 'on_limit:' with the node that comes then.",
            )

    @override
    def bounds_cycle(self, raw: Mapping[str, Any]) -> bool:
        return raw.get("talks_to") == "customer" or bool(raw.get("approve"))

    @override
    async def run(self, settings: AgentSettings, step: Step) -> Leave:
        return await _Work(settings, step).done()


class _Work:
    """One visit: the conversation with the model, and what it has used up."""

    def __init__(self, settings: AgentSettings, step: Step) -> None:
        self._settings = settings
        self._step = step
        self._offered = _offered(settings, step)
        self._calls = 0
        self._cost: float | None = 0.0
        self._begun = step.evaluate("now") if settings.limits is not None else ""
        self._messages: list[dict[str, Any]] = [
            {"role": "system", "content": as_words(step.render(settings.instructions))},
            {"role": "user", "content": as_words(step.render(settings.prompt)) or "Begin."},
        ]

    async def done(self) -> Leave:
        """Turn by turn, until there is a result, a limit is reached or a person takes over."""
        settings = self._settings
        for _ in range(settings.max_turns):
            if self._over():
                break
            answer = await self._step.ask_model(
                settings.model,
                self._messages,
                schema=settings.schema_,
                tools=[tool for tool, _ in self._offered.values()],
            )
            self._pay(answer.cost_usd)
            if answer.tool_calls:
                if (leave := await self._call(answer)) is not None:
                    return leave
                continue
            value = answer.text if settings.schema_ is None else answer.value
            refusal = await self._refusal(value)
            if not refusal:
                return Leave("next", {settings.save: value} if settings.save else {})
            self._messages += [
                {"role": "assistant", "content": as_words(value)},
                {"role": "user", "content": refusal},
            ]
        return Leave("on_limit")

    async def _call(self, answer: ModelAnswer) -> Leave | None:
        """Make the calls of one turn; a way out where one of them leads out."""
        self._messages.append(_said(answer))
        for number, call in enumerate(answer.tool_calls):
            if call.name == _HANDOFF and _HANDOFF in self._offered:
                return Leave("on_handoff")
            if number < _MAX_CALLS:
                if self._over(call):
                    return Leave("on_limit")
                result = await self._perform(call)
            else:
                result = f"Not done: more than {_MAX_CALLS} calls at once."
            self._messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
        return None

    def _pay(self, price: float | None) -> None:
        self._cost = None if self._cost is None or price is None else self._cost + price

    def _over(self, call: ModelToolCall | None = None) -> bool:
        """Whether a limit forbids going on, or making this call."""
        limits = self._settings.limits
        if limits is None:
            return False
        if limits.cost_usd is not None and (self._cost is None or self._cost >= limits.cost_usd):
            return True
        if limits.duration is not None:
            passed = self._step.evaluate("now - timestamp(begun)", {"begun": self._begun})
            if passed >= seconds(limits.duration):
                return True
        counted = call is not None and call.name in self._offered and call.name != _TALK
        return counted and limits.tool_calls is not None and self._calls >= limits.tool_calls

    async def _refusal(self, said: Any) -> str:
        """Why something may not be said, in words for the model; nothing where it may."""
        seen = await inspect(self._settings.guard, said, self._step)
        self._pay(seen.cost_usd)
        if not seen.finds:
            return ""
        return f"Not said, because it holds {seen.classes}. Say it without that."

    async def _perform(self, call: ModelToolCall) -> str:
        if call.name not in self._offered:
            return f"There is no tool '{call.name}'. You may call: {', '.join(self._offered)}."
        if call.name == _TALK:
            return await self._talk(str(call.arguments.get("text", "")))
        tool = self._offered[call.name][1]
        if tool in self._settings.approve and not await self._approved(tool, call):
            return "A person refused this call. Do not try it again."
        self._calls += 1
        try:
            answer = await self._step.call_tool(tool, call.arguments)
        except StepError as error:
            if error.code in {"tool_failed", "bad_arguments", "denied"}:
                return f"The call failed: {error.message}"  # the model may try something else
            raise
        return json.dumps(answer.value, ensure_ascii=False)[:_MAX_RESULT]

    async def _talk(self, text: str) -> str:
        if refusal := await self._refusal(text):
            return refusal
        await self._step.say(text)
        timeout = self._settings.timeout
        words = await self._step.listen(timeout=None if timeout is None else seconds(timeout))
        return "The customer did not answer." if words is None else words

    async def _approved(self, tool: str, call: ModelToolCall) -> bool:
        show = {"tool": tool, "arguments": dict(call.arguments)}
        answer = await self._step.ask_person(
            "review", self._settings.approve_by, ["approve", "reject"], show=show
        )
        return answer is not None and answer.decision == "approve"


def _offered(settings: AgentSettings, step: Step) -> dict[str, tuple[ModelTool, str]]:
    """What the model may call: its own names, and the tool behind each.

    Two tools can have the same name in the form that models take (`a/b_c` and `a_b/c`); the second
    then gets a number, so that a call never reaches another tool than the model was shown.
    """
    out: dict[str, tuple[ModelTool, str]] = {}
    for name in dict.fromkeys(settings.tools):
        tool = step.tool(name)
        free, number = tool.name, 2
        while free in out or free in {_TALK, _HANDOFF}:
            free, number = f"{tool.name[:_MAX_NAME]}_{number}", number + 1
        out[free] = (replace(tool, name=free), name)
    if settings.talks_to == "customer":
        question = {
            "type": "object",
            "properties": {"text": {"type": "string"}},
            "required": ["text"],
        }
        out[_TALK] = (
            ModelTool(_TALK, "Say something to the customer and get the answer.", question),
            "",
        )
    if step.wired("on_handoff"):
        empty: dict[str, Any] = {"type": "object", "properties": {}}
        out[_HANDOFF] = (ModelTool(_HANDOFF, "Give the conversation to a person.", empty), "")
    return out


def _said(answer: ModelAnswer) -> dict[str, Any]:
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.name, "arguments": json.dumps(dict(call.arguments))},
        }
        for call in answer.tool_calls
    ]
    return {"role": "assistant", "content": answer.text, "tool_calls": calls}
