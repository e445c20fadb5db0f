"""The gate: no effect reaches a tool or a model except through it.

It asks in a fixed order (limits, definition equals the plan's, arguments fit), then lets the service
perform, then looks at the result (size, schema). A refusal is an error of the node with code `denied`,
`limit` or `bad_arguments`, and takes the node's `on_error`.
"""

from collections.abc import Mapping
from typing import Any

from journeybuilder.contract.json import canonical
from journeybuilder.contract.schemas import BadSchema
from journeybuilder.contract.services import ModelAnswer, ModelAsk, Services, ToolAnswer, ToolCall
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError
from journeybuilder.plan.plan import Plan

MAX_RESULT = 1_000_000
"""Characters of JSON that a tool may give back; more would make every later step slow."""


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
        try:
            size = len(canonical(answer.value))
        except (TypeError, ValueError, RecursionError):
            words = f"'{tool.id}' gave a value that JSON does not have, or one too deep"
            raise StepError("bad_result", words, uncertain=True) from None
        if size > MAX_RESULT:
            raise StepError(
                "bad_result",
                f"'{tool.id}' gave {size:,} characters, more than {MAX_RESULT:,} are not kept",
                uncertain=True,
            )
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
