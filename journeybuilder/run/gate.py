"""The gate: no effect reaches a service except through it.

It asks in a fixed order (limits, definition equals the plan's, arguments fit), then lets the service
perform, then looks at the result (size, schema). A refusal is an error of the node with code `denied`,
`limit` or `bad_arguments`, and takes the node's `on_error`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from journeybuilder.contract.json import canonical, is_small
from journeybuilder.contract.schemas import BadSchema
from journeybuilder.contract.services import (
    Fact,
    Listening,
    Message,
    ModelAnswer,
    ModelAsk,
    PersonAnswer,
    PersonTask,
    PromptGet,
    ResourceRead,
    Services,
    ToolAnswer,
    ToolCall,
)
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError
from journeybuilder.plan.plan import Plan

MAX_RESULT = 1_000_000
"""Characters of JSON that a tool may give back; more would make every later step slow."""
MAX_SAID = 20_000
"""Characters in one message to a customer; more is no message, but a mistake."""


class Gate:
    """Decides on every effect of the runs of one plan."""

    def __init__(self, plan: Plan, services: Services) -> None:
        self._plan = plan
        self._services = services

    def arguments(self, tool: str, given: Mapping[str, Any], key: str) -> dict[str, Any]:
        """The arguments as they are sent: with the idempotency key where the tool takes one."""
        facts = self._plan.facts.get(tool)
        if facts is not None and facts.key:
            return {**given, facts.key: key}
        return dict(given)

    async def call_tool(self, call: ToolCall) -> ToolAnswer:
        """Let a tool be called.

        Raises:
            StepError: A refusal, or what the tool raised.
        """
        tool = self._plan.tools.get(call.tool)
        if tool is None:
            raise StepError("denied", f"the tool '{call.tool}' is not in the plan")
        await self._same_as_planned(tool)
        self._fits(tool, call.arguments)
        answer = await self._services.tools.call(call)
        return self._checked(tool, answer)

    async def ask_model(self, ask: ModelAsk, spent_usd: float) -> ModelAnswer:
        """Let a model be asked.

        Raises:
            StepError: `limit` when the run's money is spent, or what the model raised.
        """
        bound = self._plan.limits.cost_usd
        if bound is not None and spent_usd >= bound:
            raise StepError("limit", f"the run has spent {spent_usd:.4f} of {bound} USD")
        return await self._services.models.ask(ask)

    async def read_resource(self, reading: ResourceRead) -> ToolAnswer:
        """Let a resource be read.

        Raises:
            StepError: A refusal, or what the server raised.
        """
        self._has_server(reading.server)
        answer = await self._services.tools.read(reading)
        _bounded(f"the resource {reading.uri}", answer.value, uncertain=False)
        return answer

    async def get_prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        """Let a prompt be fetched.

        Raises:
            StepError: A refusal, or what the server raised.
        """
        self._has_server(getting.prompt.partition("/")[0])
        messages = await self._services.tools.prompt(getting)
        _bounded(f"the prompt '{getting.prompt}'", list(messages), uncertain=False)
        return messages

    def _has_server(self, server: str) -> None:
        if server not in self._plan.bundle.servers:
            raise StepError("denied", f"the server '{server}' is not in the plan")

    # -- people ------------------------------------------------------------------------------

    def now(self) -> float:
        """The time of the run, in seconds since 1970."""
        return self._services.clock.now()

    async def say(self, message: Message) -> None:
        """Let words go to the customer.

        Raises:
            StepError: `limit` when it is too long.
        """
        if len(message.text) > MAX_SAID:
            words = f"a message of {len(message.text):,} characters is more than {MAX_SAID:,}"
            raise StepError("limit", words)
        await self._services.channel.say(message)

    async def listen(self, listening: Listening) -> str | None:
        """Let the customer be heard; None when nothing is there now."""
        return await self._services.channel.listen(listening)

    async def ask_person(self, task: PersonTask) -> PersonAnswer | None:
        """Let a person decide; None when nobody does now."""
        return await self._services.people.ask(task)

    # -- memory ------------------------------------------------------------------------------

    async def recall(self, customer: str) -> Mapping[str, Fact]:
        """What is remembered of a customer; nothing where there is no memory."""
        memory = self._services.memory
        return {} if memory is None else await memory.recall(customer, self.now())

    async def remember(self, customer: str, facts: Sequence[Fact]) -> None:
        """Let facts be kept beyond this run, where there is a memory."""
        if self._services.memory is not None:
            await self._services.memory.remember(customer, facts)

    async def forget(self, customer: str, names: Sequence[str] | None) -> None:
        """Let facts be forgotten beyond this run, where there is a memory."""
        if self._services.memory is not None:
            await self._services.memory.forget(customer, names)

    # -- conditions --------------------------------------------------------------------------

    async def _same_as_planned(self, tool: ToolDef) -> None:
        today = await self._services.tools.definition(tool.id)
        if today is not None and today.digest() != tool.digest():
            raise StepError(
                "denied",
                f"the tool '{tool.id}' is no longer what was approved; look at 'jb lock --check'",
                detail={"rule": "definition equals the lock"},
            )

    @staticmethod
    def _fits(tool: ToolDef, arguments: Mapping[str, Any]) -> None:
        try:
            wrong = tool.takes.violations(dict(arguments))
        except BadSchema as error:
            raise StepError("denied", f"the schema of '{tool.id}' is not valid: {error}") from None
        if wrong:
            raise StepError("bad_arguments", f"'{tool.id}' does not take this: {wrong[0]}")

    @staticmethod
    def _checked(tool: ToolDef, answer: ToolAnswer) -> ToolAnswer:
        _bounded(f"'{tool.id}'", answer.value, uncertain=True)
        if tool.gives is None:
            return answer
        try:
            wrong = tool.gives.violations(answer.value)
        except BadSchema:
            return answer  # the server's own schema is at fault; the value is still the value
        if wrong:
            words = f"'{tool.id}' gave a result of the wrong form: {wrong[0]}"
            raise StepError("bad_result", words, uncertain=True)  # the tool has run all the same
        return answer


def _bounded(what: str, value: Any, *, uncertain: bool) -> None:
    if is_small(value):
        return
    try:
        size = len(canonical(value))
    except (TypeError, ValueError, RecursionError):
        words = f"{what} gave a value that JSON does not have, or one too deep"
        raise StepError("bad_result", words, uncertain=uncertain) from None
    if size > MAX_RESULT:
        raise StepError(
            "bad_result",
            f"{what} gave {size:,} characters, more than {MAX_RESULT:,} are not kept",
            uncertain=uncertain,
        )
