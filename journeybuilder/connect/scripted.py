"""The offline stand-in for every model: answers from a scenario, else sensible ones made on the spot.

Nothing here is random and nothing goes to a network, so a rehearsal gives the same run every time.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from typing_extensions import override

from journeybuilder.connect.sample_values import sample
from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.contract.schemas import BadSchema, found, violations
from journeybuilder.contract.services import ModelAnswer, ModelAsk, Models, ModelToolCall
from journeybuilder.document.findings import near
from journeybuilder.document.model import mapping
from journeybuilder.errors import StepError

_QUOTED = 80
_KEYS = ("when", "node", "says", "calls", "fails", "slow", "share")


@dataclass(frozen=True, slots=True)
class Prepared:
    """One prepared answer.

    Attributes:
        entry: As it stands in the scenario; `fails`, `slow` and the like are a rehearsal's matter.
    """

    when: str
    pattern: str
    says: Any
    calls: Sequence[Mapping[str, Any]]
    entry: Mapping[str, Any]

    @property
    def answers(self) -> bool:
        """Whether it says or calls anything; a fault alone does not."""
        return self.says is not None or bool(self.calls)

    @property
    def always(self) -> bool:
        """Whether it fits without any words."""
        return not self.when and not self.pattern

    def concerns(self, node: str) -> bool:
        """Whether it is for any node, or for this one: `node: intent`."""
        return self.entry.get("node") in (None, node)

    def fits(self, text: str) -> bool:
        """Whether its words or its pattern are found in the text."""
        if self.pattern:
            try:
                return found(f"(?i){self.pattern}", text)
            except BadSchema:
                return False  # `script_problems` says so
        return bool(self.when) and self.when in text

    def again(self, conversation: "_Conversation", ask: ModelAsk) -> bool:
        """Whether these very calls were just made, so that the answer must be another one."""
        names = {_tool_name(call, ask) for call in self.calls}
        return bool(names) and names == conversation.just_called


class Scripted(Models):
    """Answers as a scenario's `models:` part says: alias → `[{when, says, calls}]`.

    The words of `when` (in any case), or the pattern of `when: {matches: …}`, are looked for in what was said since the model's last answer and,
    at its first answer, in its instructions too. The first answer whose `when` is found is given, else
    the first without `when`; it may be used again, but calls are not repeated right after their
    results. Answers under `*` fit every alias, after the alias' own.

    Where nothing fits, a schema gets a minimal valid value and text one sentence that quotes the
    customer; tools are called only where `calls: [{tool, with}]` says so.
    """

    def __init__(self, answers: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> None:
        self._lines = {
            str(alias): [_line(as_object(entry)) for entry in as_list(entries)]
            for alias, entries in (answers or {}).items()
        }

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        """Answer at once.

        Raises:
            StepError: `model_failed` when a prepared answer does not fit the schema or calls a tool
                that the node does not allow.
        """
        return self.told(ask, self.fitting(ask))

    def told(self, ask: ModelAsk, line: Prepared | None) -> ModelAnswer:
        """Answer with this line; None is a made-up answer.

        Raises:
            StepError: As `ask` does.
        """
        answer = self._answer(ask, line)
        if ask.on_text is not None and ask.schema is None and answer.text:
            ask.on_text(answer.text)
        return answer

    def _answer(self, ask: ModelAsk, line: Prepared | None) -> ModelAnswer:
        conversation = _Conversation(ask.messages)
        if line is not None and line.calls:
            calls = [
                _tool_call(call, ask, f"call_{len(ask.messages)}_{index}")
                for index, call in enumerate(line.calls)
            ]
            return _answer(ask, _as_text(line.says or ""), tool_calls=calls)
        if ask.schema is not None:
            value = _value(ask, conversation, None if line is None else line.says)
            return _answer(ask, _as_text(value), value=value)
        if line is None or line.says is None:
            return _answer(ask, _plain_words(conversation))
        return _answer(ask, _as_text(line.says))

    def knows(self, alias: str) -> bool:
        """Whether any answer is prepared for an alias."""
        lines = [*self._lines.get(alias, []), *self._lines.get("*", [])]
        return any(line.answers for line in lines)

    def fitting(
        self, ask: ModelAsk, rank: Callable[[Prepared], int | None] | None = None
    ) -> Prepared | None:
        """The prepared answer that is to be given, or None.

        Args:
            ask: The question.
            rank: Which answers come first, the lower the sooner; None leaves one out.
        """
        conversation = _Conversation(ask.messages)
        lines = [*self._lines.get(ask.alias, []), *self._lines.get("*", [])]
        usable = [
            line for line in lines if line.concerns(ask.node) and not line.again(conversation, ask)
        ]
        places = [0 if rank is None else rank(line) for line in usable]
        for place in sorted({each for each in places if each is not None}):
            group = [line for line, its in zip(usable, places, strict=True) if its == place]
            if (line := _first(group, conversation)) is not None:
                return line
        return None


def _first(lines: Sequence[Prepared], conversation: "_Conversation") -> Prepared | None:
    for text in conversation.heard():
        for line in lines:
            if line.fits(text):
                return line
    return next((line for line in lines if line.always), None)


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


def _line(entry: Mapping[str, Any]) -> Prepared:
    when = entry.get("when")
    pattern = str(as_object(when).get("matches") or "")
    words = "" if pattern or isinstance(when, Mapping) else str(when or "").casefold()
    calls = [as_object(call) for call in as_list(entry.get("calls")) if as_object(call).get("tool")]
    return Prepared(words, pattern, entry.get("says"), calls, entry)


def script_problems(answers: Mapping[str, Any]) -> list[str]:
    """What is wrong with the form of a scenario's `models:` part, in words; empty when nothing is."""
    out: list[str] = []
    for alias, entries in answers.items():
        if not _is_list(entries):
            out.append(f"'{alias}' wants a list of answers: [{{when: …, says: …}}]")
        for number, entry in enumerate(as_list(entries), 1):
            place = f"answer {number} of '{alias}'"
            out += [f"{place}: {words}" for words in _line_problems(entry)]
    return out


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _line_problems(entry: Any) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        yield f"{_as_text(entry)!r} is none; write {{says: …}}"
        return
    given = as_object(entry)  # pyright: ignore[reportUnknownArgumentType]
    for key in given:
        if key not in _KEYS:
            yield f"'{key}' is not known. {near(key, _KEYS) or 'Known are ' + ', '.join(_KEYS) + '.'}"
    if not {"says", "calls", "fails", "slow"} & given.keys():
        yield "it says nothing and calls nothing; add 'says' or 'calls'"
    yield from _when_problems(given.get("when"))
    calls = given.get("calls")
    if _is_some_calls(calls):
        return  # as beside `fails`: which questions it is for
    if calls is not None and not _is_list(calls):
        yield "'calls' wants a list: [{tool: server/tool, with: {…}}]"
    for call in as_list(calls):
        made = as_object(call)
        if not isinstance(made.get("tool"), str) or not isinstance(made.get("with", {}), Mapping):
            yield f"{_as_text(call)!r} is no call; write {{tool: server/tool, with: {{…}}}}"


def _is_some_calls(calls: Any) -> bool:
    """`2`, `[2, 3]` or `{from: 2, to: 5}`."""
    if isinstance(calls, int) or as_object(calls).keys() & {"from", "to"}:
        return True
    return bool(as_list(calls)) and all(isinstance(each, int) for each in as_list(calls))


def _when_problems(when: Any) -> Iterator[str]:
    if when is None or isinstance(when, str):
        return
    pattern = as_object(when).get("matches")
    if not isinstance(pattern, str) or len(as_object(when)) != 1:
        yield "'when' wants words, or {matches: pattern}"
        return
    try:
        found(pattern, "")
    except BadSchema as error:
        yield f"'when': {error}"


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
