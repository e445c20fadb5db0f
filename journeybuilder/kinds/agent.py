"""`agent`: a model works with an allow-list of tools, within bounds."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.expressions import as_words
from journeybuilder.contract.fields import (
    Duration,
    ErrorWay,
    Mark,
    ModelName,
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
    timeout: Duration = Field(default=None, description="How long to wait for the customer.")
    save: Save = Field(default=None, description="The variable that gets the result.")
    next: Way
    on_limit: Annotated[str | None, Mark("port", "too many turns", "error")] = None
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

    @override
    async def run(self, settings: AgentSettings, step: Step) -> Leave:
        offered = _offered(settings, step)
        messages: list[dict[str, Any]] = [
            {"role": "system", "content": as_words(step.render(settings.instructions))},
            {"role": "user", "content": as_words(step.render(settings.prompt)) or "Begin."},
        ]
        for _ in range(settings.max_turns):
            answer = await step.ask_model(
                settings.model,
                messages,
                schema=settings.schema_,
                tools=[tool for tool, _ in offered.values()],
            )
            if not answer.tool_calls:
                value = answer.text if settings.schema_ is None else answer.value
                return Leave("next", {settings.save: value} if settings.save else {})
            messages.append(_said(answer))
            for number, call in enumerate(answer.tool_calls):
                if call.name == _HANDOFF and _HANDOFF in offered:
                    return Leave("on_handoff")
                if number < _MAX_CALLS:
                    result = await _perform(call, offered, settings, step)
                else:
                    result = f"Not done: more than {_MAX_CALLS} calls at once."
                messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
        return Leave("on_limit")


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


async def _perform(
    call: ModelToolCall,
    offered: Mapping[str, tuple[ModelTool, str]],
    settings: AgentSettings,
    step: Step,
) -> str:
    if call.name not in offered:
        return f"There is no tool '{call.name}'. You may call: {', '.join(offered)}."
    if call.name == _TALK:
        return await _talk(call, settings, step)
    tool = offered[call.name][1]
    if tool in settings.approve and not await _approved(tool, call, settings, step):
        return "A person refused this call. Do not try it again."
    try:
        answer = await step.call_tool(tool, call.arguments)
    except StepError as error:
        if error.code in {"tool_failed", "bad_arguments", "denied"}:
            return f"The call failed: {error.message}"  # the model may try something else
        raise
    return json.dumps(answer.value, ensure_ascii=False)[:_MAX_RESULT]


async def _talk(call: ModelToolCall, settings: AgentSettings, step: Step) -> str:
    await step.say(str(call.arguments.get("text", "")))
    limit = None if settings.timeout is None else seconds(settings.timeout)
    words = await step.listen(timeout=limit)
    return "The customer did not answer." if words is None else words


async def _approved(tool: str, call: ModelToolCall, settings: AgentSettings, step: Step) -> bool:
    show = {"tool": tool, "arguments": dict(call.arguments)}
    answer = await step.ask_person("review", settings.approve_by, ["approve", "reject"], show=show)
    return answer is not None and answer.decision == "approve"
