"""The offline stand-in for every model: answers from a scenario, else sensible ones made on the spot.

Nothing here is random and nothing goes to a network, so a rehearsal gives the same run every time.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from typing_extensions import override

from journeybuilder.connect.sample_values import sample
from journeybuilder.contract.json import canonical
from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.contract.services import ModelAnswer, ModelAsk, Models, ModelToolCall
from journeybuilder.document.model import mapping
from journeybuilder.errors import StepError

_QUOTED = 80


@dataclass(frozen=True, slots=True)
class _Line:
    """One prepared answer."""

    when: str
    says: Any
    calls: Sequence[Mapping[str, Any]]

    def again(self, conversation: "_Conversation", ask: ModelAsk) -> bool:
        """Whether these very calls were just made, so that the answer must be another one."""
        names = {_tool_name(call, ask) for call in self.calls}
        return bool(names) and names == conversation.just_called


class Scripted(Models):
    """Answers as a scenario's `models:` part says: alias → `[{when, says, calls}]`.

    The words of `when` (in any case) are looked for in what was said since the model's last answer and,
    at its first answer, in its instructions too. The first answer whose `when` is found is given, else
    the first without `when`; it may be used again, but calls are not repeated right after their
    results. Answers under `*` fit every alias, after the alias' own.

    Where nothing fits, a schema gets a minimal valid value and text one sentence that quotes the
    customer; tools are called only where `calls: [{tool, with}]` says so.
    """

    def __init__(self, answers: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> None:
        self._lines = {
            str(alias): [_line(entry) for entry in entries]
            for alias, entries in (answers or {}).items()
        }

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        """Answer at once.

        Raises:
            StepError: `model_failed` when a prepared answer does not fit the schema or calls a tool
                that the node does not allow.
        """
        conversation = _Conversation(ask.messages)
        line = self._fitting(ask, conversation)
        if line is not None and line.calls:
            calls = [
                _tool_call(call, ask, f"call_{len(ask.messages)}_{index}")
                for index, call in enumerate(line.calls)
            ]
            return _answer(ask, _as_text(line.says or ""), tool_calls=calls)
        if ask.schema is not None:
            value = _value(ask, conversation, None if line is None else line.says)
            return _answer(ask, _as_text(value), value=value)
        return _answer(ask, _plain_words(conversation) if line is None else _as_text(line.says))

    def _fitting(self, ask: ModelAsk, conversation: "_Conversation") -> _Line | None:
        lines = [*self._lines.get(ask.alias, []), *self._lines.get("*", [])]
        usable = [line for line in lines if not line.again(conversation, ask)]
        for text in conversation.heard():
            for line in usable:
                if line.when and line.when in text:
                    return line
        return next((line for line in usable if not line.when), None)


class _Conversation:
    """The messages of one question, as the stand-in reads them."""

    def __init__(self, messages: Sequence[Mapping[str, Any]]) -> None:
        spoken = [message for message in messages if message.get("role") != "system"]
        last = max(
            (at for at, message in enumerate(spoken) if message.get("role") == "assistant"),
            default=-1,
        )
        self._messages = messages
        self._first = last < 0
        self._recent = spoken[last + 1 :]
        made: list[Any] = [] if last < 0 else spoken[last].get("tool_calls") or []
        self.just_called = {str(call["function"]["name"]) for call in made}

    @property
    def customer(self) -> str:
        """The last words of the customer."""
        said = [message for message in self._messages if message.get("role") == "user"]
        return _content(said[-1]) if said else ""

    def heard(self) -> Iterator[str]:
        """The texts in which `when` is looked for, folded, the most telling one first."""
        yield " ".join(map(_content, self._recent)).casefold()
        if self._first:
            orders = [message for message in self._messages if message.get("role") == "system"]
            yield " ".join(map(_content, orders)).casefold()

    @property
    def words(self) -> int:
        """How many words were sent."""
        return sum(len(_content(message).split()) for message in self._messages)


def _line(entry: Mapping[str, Any]) -> _Line:
    when = str(entry.get("when") or "").casefold()
    return _Line(when, entry.get("says"), entry.get("calls") or ())


def _content(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        texts = [mapping(part).get("text") for part in cast("list[Any]", content)]
        return " ".join(text for text in texts if isinstance(text, str))
    return _as_text("" if content is None else content)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else canonical(value)


def _plain_words(conversation: _Conversation) -> str:
    words = " ".join(conversation.customer.split())
    if not words:
        return "This is a rehearsed answer."
    quoted = words if len(words) <= _QUOTED else words[: _QUOTED - 1].rstrip() + "…"
    return f"This is a rehearsed answer to “{quoted}”."


def _value(ask: ModelAsk, conversation: _Conversation, says: Any) -> Any:
    schema = ask.schema or {}
    if says is None:
        return _checked(schema, sample(schema, conversation.customer), ask, "the made-up answer")
    for candidate in _readings(says, schema):
        if not _complaints(schema, candidate, ask):
            return candidate
    return _checked(schema, says, ask, "the scenario's answer")


def _readings(says: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
    """How a prepared answer may be meant: as it is, as JSON text, or as the label to choose."""
    yield says
    if isinstance(says, str):
        try:
            yield json.loads(says)
        except ValueError:
            chosen = sample(schema, says)
            if says.casefold() in canonical(chosen).casefold():
                yield chosen


def _checked(schema: Mapping[str, Any], value: Any, ask: ModelAsk, what: str) -> Any:
    if wrong := _complaints(schema, value, ask):
        raise StepError(
            "model_failed",
            f"{what} for model '{ask.alias}' does not fit the schema: {wrong[0]}; "
            f"write one that fits under models: {ask.alias}: in the scenario",
            detail={"node": ask.node, "problems": wrong[:5]},
        )
    return value


def _complaints(schema: Mapping[str, Any], value: Any, ask: ModelAsk) -> list[str]:
    try:
        return violations(schema, value)
    except BadSchema as error:
        raise StepError("model_failed", f"the schema of node '{ask.node}': {error}") from None


def _plain_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", name)


def _tool_name(call: Mapping[str, Any], ask: ModelAsk) -> str | None:
    """The name by which this node offers the tool to a model, or None."""
    wanted = _plain_name(str(call.get("tool", "")))
    return next((tool.name for tool in ask.tools if _plain_name(tool.name) == wanted), None)


def _tool_call(call: Mapping[str, Any], ask: ModelAsk, ident: str) -> ModelToolCall:
    name = _tool_name(call, ask)
    if name is None:
        allowed = ", ".join(tool.name for tool in ask.tools) or "none"
        raise StepError(
            "model_failed",
            f"the scenario lets model '{ask.alias}' call '{call.get('tool')}', "
            f"which node '{ask.node}' does not allow (allowed: {allowed})",
        )
    return ModelToolCall(ident, name, dict(call.get("with") or {}))


def _answer(
    ask: ModelAsk, text: str, *, value: Any = None, tool_calls: Sequence[ModelToolCall] = ()
) -> ModelAnswer:
    return ModelAnswer(
        text=text,
        model="scripted",
        alias=ask.alias,
        value=value,
        tool_calls=tool_calls,
        tokens_in=_Conversation(ask.messages).words,
        tokens_out=len(text.split()),
        cost_usd=0.0,
        scripted=True,
    )
