"""One model is asked: the request, a stream where somebody watches, and a round to mend a broken answer.

LiteLLM is handed in, so that only `connect.models` imports it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.connect.model_answers import (
    BrokenAnswer,
    instructed,
    read_answer,
    repair,
    response_format,
)
from journeybuilder.connect.model_faults import NO_KEY, Fault, Target, cut_off, fault_of, filtered
from journeybuilder.connect.prices import Bill, Price, Usage, cost_of, usage_of
from journeybuilder.contract.services import ModelAnswer, ModelAsk
from journeybuilder.document.model import mapping

_BAD_REQUEST = frozenset({400, 422})
_ROUNDS = 2
_FAR = 120.0
Show = Callable[[str], None]


@dataclass(frozen=True)
class Call:
    """One model of the ladder, ready to be called.

    Attributes:
        options: What LiteLLM gets besides the question.
        price: What it costs, or None where that is not known.
        own: Whether `price` is from `models.yaml`, and not from the list.
        limit: Seconds that it may take.
    """

    target: Target
    options: Mapping[str, Any]
    price: Price | None
    own: bool
    limit: float


@dataclass(frozen=True)
class _Reply:
    """What came back."""

    response: Any
    text: str
    calls: Sequence[Any]
    finish: str
    refused: bool


@dataclass
class Talk:
    """The asking of one model.

    Attributes:
        show: Gets the live text, or None.
        bill: Of the whole question; every call is added.
        spent: USD of this model's calls, as far as they are known.
        note: What a person should know about the answer.
    """

    litellm: Any
    call: Call
    ask: ModelAsk
    bill: Bill
    show: Show | None = None
    spent: float = 0.0
    note: str = ""
    _usable: bool = False
    _shown: bool = False
    _chunks: list[Any] = field(default_factory=list[Any])

    async def answer(self) -> ModelAnswer:
        """Ask, with one round to mend a broken answer.

        Raises:
            Fault: When it fails or gives two broken answers.
        """
        ask, target = self.ask, self.call.target
        native = ask.schema is not None and self._takes_schema()
        messages: Sequence[Mapping[str, Any]] = ask.messages
        problem = ""
        for _ in range(_ROUNDS):
            reply, native = await self._reply(messages, native=native)
            if reply.refused:
                fault = filtered(target, "answer" if reply.text else "request")
                raise fault
            try:
                spoken = read_answer(reply.text, reply.calls, ask, wrapped=native)
            except BrokenAnswer as broken:
                problem = str(broken)
                if reply.finish == "length":
                    problem += "; it was cut, so raise 'max_tokens' in models.yaml"
                self._withdraw()
                messages = repair(ask.messages, reply.text, problem)
                continue
            if reply.finish == "length" and not spoken.tool_calls:
                self._remark("it was cut at 'max_tokens' of models.yaml")
            self._usable = True
            return ModelAnswer(
                text=spoken.text,
                model=self._name(reply.response),
                alias=target.alias,
                value=spoken.value,
                tool_calls=tuple(spoken.tool_calls),
                note=self.note,
            )
        words = self._without_key(problem)
        raise Fault(f"model '{target.alias}' gave no usable answer: {words}", answered=True)

    def over(self) -> None:
        """Count and take back what was said of an answer that did not come to its end."""
        self._count_partial()
        if not self._usable:
            self._withdraw()
        self.show = None

    async def _reply(
        self, messages: Sequence[Mapping[str, Any]], *, native: bool
    ) -> tuple[_Reply, bool]:
        """One answer; what the provider does not take (a schema, a stream) is asked without.

        Raises:
            Fault: When there is none.
        """
        streamed = self.show is not None and self.ask.schema is None
        while True:
            try:
                if streamed:
                    return await self._stream(messages), native
                response = await self._complete(messages, native=native)
                self._count(response, usage_of(response))
                return _reply_of(response), native
            except Fault as fault:
                if fault.status not in _BAD_REQUEST or not (native or streamed):
                    raise
                native = streamed = False
                self._withdraw()

    async def _complete(
        self, messages: Sequence[Mapping[str, Any]], *, native: bool = False, stream: bool = False
    ) -> Any:
        schema = self.ask.schema
        extra: dict[str, Any] = {}
        if schema is not None and native:
            extra["response_format"] = response_format(schema)
        elif schema is not None:
            messages = instructed(messages, schema)
        if self.ask.tools:
            extra["tools"] = _tools(self.ask)
        if stream:
            extra |= {"stream": True, "stream_options": {"include_usage": True}}
        try:
            return await self.litellm.acompletion(
                messages=[dict(message) for message in messages],
                timeout=self.call.limit + _FAR,  # the limit is held elsewhere, by waiting alone
                num_retries=0,
                max_retries=0,
                drop_params=True,
                **self.call.options,
                **extra,
            )
        except Exception as error:  # noqa: BLE001 - providers raise anything; it becomes a fault in our words
            fault = fault_of(error, self.call.target, self.call.limit)
            raise fault from None

    async def _stream(self, messages: Sequence[Mapping[str, Any]]) -> _Reply:
        stream = await self._complete(messages, stream=True)
        self._chunks = []
        words = ""
        try:
            async for chunk in stream:
                self._chunks.append(chunk)
                said = _words_in(chunk)
                if said and self.show is not None:
                    words += said
                    self._shown = True
                    self.show(words)
        except Exception as error:  # noqa: BLE001 - see `_complete`
            self._count_partial()
            fault = fault_of(error, self.call.target, self.call.limit)
            raise (fault if fault.status in _BAD_REQUEST else cut_off(self.call.target)) from None
        finally:
            with suppress(Exception):  # closing what is broken may fail in any way
                await stream.aclose()
        if not _finished(stream):  # LiteLLM takes a connection that ended for an answer that did
            self._count_partial()
            fault = cut_off(self.call.target)
            raise fault
        response = self._built()
        told = any(getattr(chunk, "usage", None) for chunk in getattr(stream, "chunks", ()))
        self._chunks = []
        self._count(response, usage_of(response))
        if not told:
            self._remark("the provider told no tokens; they are an estimate")
        return _reply_of(response)

    def _built(self) -> Any:
        return self.litellm.stream_chunk_builder(
            self._chunks, messages=[dict(message) for message in self.ask.messages]
        )

    def _count_partial(self) -> None:
        """Count what was said in a stream that did not come to its end; the provider bills it."""
        if self._chunks:
            usage = usage_of(self._built())
            self._chunks = []
            self._add(usage, cost_of(usage, self.call.price))

    def _count(self, response: Any, usage: Usage) -> None:
        cost = cost_of(usage, self.call.price)
        listed = _hidden(response).get("response_cost")
        if cost is not None and not self.call.own and isinstance(listed, int | float):
            cost = float(listed)  # it knows tiers, too
        self._add(usage, cost)

    def _add(self, usage: Usage, cost: float | None) -> None:
        self.bill.add(usage, cost)
        self.spent += cost or 0.0

    def _withdraw(self) -> None:
        if self._shown and self.show is not None:
            self._shown = False
            self.show("")

    def _remark(self, words: str) -> None:
        if words not in self.note:
            self.note = f"{self.note}; {words}" if self.note else words

    def _takes_schema(self) -> bool:
        return bool(self.litellm.supports_response_schema(model=self.call.target.model))

    def _name(self, response: Any) -> str:
        provider = str(_hidden(response).get("custom_llm_provider") or "")
        name = str(getattr(response, "model", "") or self.call.target.model)
        return name if not provider or name.startswith(f"{provider}/") else f"{provider}/{name}"

    def _without_key(self, text: str) -> str:
        """The text without the key, should a model or a proxy have put it into its answer."""
        key = str(self.call.options.get("api_key") or "")
        return text.replace(key, "•••") if key and key != NO_KEY else text


def _tools(ask: ModelAsk) -> list[dict[str, Any]]:
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": dict(tool.parameters),
            },
        }
        for tool in ask.tools
    ]


def _reply_of(response: Any) -> _Reply:
    if response is None or not response.choices:
        return _Reply(response, "", (), "", refused=False)
    choice = response.choices[0]
    message = choice.message
    text = str(message.content or "")
    fields = mapping(getattr(message, "provider_specific_fields", None))
    finish = str(choice.finish_reason or "")
    refused = finish == "content_filter" or bool(fields.get("refusal") and not text)
    return _Reply(response, text, message.tool_calls or (), finish, refused)


def _words_in(chunk: Any) -> str:
    choices = getattr(chunk, "choices", None)
    return str(choices[0].delta.content or "") if choices else ""


def _finished(stream: Any) -> bool:
    """Whether the provider itself said that its answer is over."""
    names = ("received_finish_reason", "intermittent_finish_reason")
    return any(getattr(stream, name, True) for name in names)


def _hidden(response: Any) -> Mapping[str, Any]:
    return mapping(getattr(response, "_hidden_params", None))
