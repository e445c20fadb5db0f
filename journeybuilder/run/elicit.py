"""Questions that a server asks in the middle of a call: put to the customer, or declined."""

from collections.abc import Mapping
from typing import Any

from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.schemas import BadSchema, convert, violations
from journeybuilder.contract.services import Elicitation, Listening, Message
from journeybuilder.plan.plan import Plan
from journeybuilder.run.gate import Gate
from journeybuilder.run.tokens import RunState

ATTEMPTS = 3
PATIENCE = 300.0
"""Seconds that a customer gets for each answer: the server is waiting meanwhile."""


class Asking:
    """The questions of one tool call, whose key makes theirs.

    Attributes:
        asked: What was asked and answered, for the record: `{server, message, answer}`; the answer is
            None where it was declined.
    """

    def __init__(self, gate: Gate, plan: Plan, state: RunState, node: str, key: str) -> None:
        self._gate = gate
        self._plan = plan
        self._state = state
        self._node = node
        self._key = key
        self._put_so_far = 0
        self.asked: list[Mapping[str, Any]] = []

    async def ask(self, question: Elicitation) -> Mapping[str, Any] | None:
        """The customer's answer to a server's question; None declines it."""
        facts = as_object(self._plan.bundle.servers.get(question.server))
        answer = None
        if facts.get("elicit", "customer") == "customer":
            answer = await (self._page(question) if question.url else self._form(question))
        self.asked.append(
            {"server": question.server, "message": question.message, "answer": answer}
        )
        return answer

    async def _page(self, question: Elicitation) -> Mapping[str, Any] | None:
        words = await self._put(f"{question.message}\n{question.url}", ["Yes", "No"])
        agreed = words is not None and convert({"type": "boolean"}, words) is True
        return {} if agreed else None

    async def _form(self, question: Elicitation) -> Mapping[str, Any] | None:
        """Ask field by field; the message comes with the first."""
        answers: dict[str, Any] = {}
        fields = as_object(question.schema.get("properties"))
        needed = as_list(question.schema.get("required"))
        lead = question.message
        if not fields:
            words = await self._put(lead, ["Yes", "No"])
            return {} if words and convert({"type": "boolean"}, words) is True else None
        for name, schema in fields.items():
            fits, value = await self._field(lead, name, as_object(schema), name in needed)
            lead = ""
            if not fits:
                return None
            if value is not None:
                answers[name] = value
        return answers

    async def _field(
        self, lead: str, name: str, schema: Mapping[str, Any], needed: bool
    ) -> tuple[bool, Any]:
        """Whether there is an answer that fits, and the value; None where a field is left out."""
        title = str(schema.get("title") or name.replace("_", " ").capitalize())
        about = str(schema.get("description") or "")
        text = "\n".join(part for part in (lead, f"{title}: {about}" if about else title) if part)
        choices = [str(item) for item in as_list(schema.get("enum"))]
        if not choices and schema.get("type") == "boolean":
            choices = ["Yes", "No"]
        for _ in range(ATTEMPTS):
            words = await self._put(text, choices)
            if words is None:
                return not needed, None
            if not words.strip() and not needed:
                return True, None
            value = convert(schema, words)
            try:
                wrong = violations(schema, value)
            except BadSchema:
                return False, None
            if not wrong:
                return True, value
            text = f"{wrong[0]}\n{title}"
        return False, None

    async def _put(self, text: str, choices: list[str]) -> str | None:
        run, key = self._state.run, f"{self._key}-asked-{self._put_so_far}"
        self._put_so_far += 1
        await self._gate.say(Message(run, self._node, text, choices, key))
        until = self._gate.now() + PATIENCE
        return await self._gate.listen(Listening(run, self._node, until, choices))
