"""`verify`: identity step-up with a challenge that a tool sends and another one checks."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.fields import (
    Arguments,
    Duration,
    Expression,
    Mark,
    Part,
    Path,
    Settings,
    Text,
    TimeoutWay,
    ToolName,
    Way,
)
from journeybuilder.contract.json import as_object
from journeybuilder.contract.kind import Group, NodeKind
from journeybuilder.contract.step import Leave, Step
from journeybuilder.contract.texts import first_words
from journeybuilder.errors import StepError

_WRONG = {"tool_failed", "bad_arguments"}
"""How servers refuse a code besides saying so in their result; an outage is none of these."""


class Send(Part):
    """The call that sends the challenge, for example a code by text message."""

    tool: ToolName = Field(description="The tool that sends the challenge, as server/tool.")
    with_: Arguments = Field(
        default_factory=dict, alias="with", title="Arguments", description="What the tool gets."
    )


class Check(Part):
    """The call that checks the answer."""

    tool: ToolName = Field(description="The tool that checks the answer, as server/tool.")
    with_: Arguments = Field(
        default_factory=dict,
        alias="with",
        title="Arguments",
        description="What the tool gets; `${answer}` is what the customer said.",
    )
    passed: Expression = Field(
        description="When the answer is right (CEL); 'result' is what the tool gave, for example "
        "result.valid."
    )


class VerifySettings(Settings):
    """Settings of `verify`."""

    text: Text = Field(description="What the customer is asked for, for example the code.")
    again: Annotated[str | dict[str, Any] | None, Mark("text")] = Field(
        default=None, description="What to say before asking again; the question alone when empty."
    )
    send: Send | None = Field(
        default=None, description="What sends the challenge; empty where the customer knows it."
    )
    check: Check = Field(description="What checks the answer.")
    attempts: int = Field(default=3, ge=1, le=10, description="How often the customer may try.")
    timeout: Duration = Field(default=None, description="How long to wait for an answer.")
    next: Way
    on_failed: Annotated[str, Mark("port", "not verified", "error")]
    on_timeout: TimeoutWay = None


class Verify(NodeKind[VerifySettings]):
    """Makes sure who the customer is before something that not everybody may do.

    Only `passed` that is true lets anybody through; everything else counts as a wrong answer.
    """

    name: ClassVar[str] = "verify"
    title: ClassVar[str] = "Verify"
    about: ClassVar[str] = "Makes sure who the customer is, with a code that a tool sends."
    group: ClassVar[Group] = "talk"
    icon: ClassVar[str] = "verify"
    waits: ClassVar[bool] = True
    example: ClassVar[str] = """\
who:
  kind: verify
  text: We sent you a code. What is it?
  send: {tool: crm/send_code, with: {customer_id: "${input.customer_id}"}}
  check:
    tool: crm/check_code
    with: {customer_id: "${input.customer_id}", code: "${answer}"}
    passed: result.valid
  attempts: 3
  timeout: 10m
  next: change_address
  on_failed: to_person
  on_timeout: bye
"""
    settings = VerifySettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return first_words(raw.get("text")) or str(as_object(raw.get("check")).get("tool") or "")

    @override
    def local_names(self, path: Path) -> Collection[str]:
        if path[:2] == ("check", "with"):
            return ("answer",)
        return ("answer", "result") if path[:2] == ("check", "passed") else ()

    @override
    async def run(self, settings: VerifySettings, step: Step) -> Leave:
        if settings.send is not None:
            await step.call_tool(settings.send.tool, step.render(settings.send.with_))
        limit = None if settings.timeout is None else seconds(settings.timeout)
        for attempt in range(settings.attempts):
            if attempt and settings.again is not None:
                await step.say(step.words(settings.again))
            await step.say(step.words(settings.text))
            answer = await step.listen(timeout=limit)
            if answer is None:
                return Leave("on_timeout")
            if await _right(settings.check, answer.strip(), step):
                return Leave("next")
        return Leave("on_failed")


async def _right(check: Check, answer: str, step: Step) -> bool:
    try:
        result = await step.call_tool(check.tool, step.render(check.with_, {"answer": answer}))
    except StepError as error:
        if error.code in _WRONG and not error.uncertain:
            return False
        raise
    return step.evaluate(check.passed, {"answer": answer, "result": result.value}) is True
