"""Models of any provider by the aliases of `models.yaml`, through LiteLLM.

LiteLLM takes seconds to import and blocks the loop on its first calls, so it lives in a thread of its
own that all users of this process share; without a real model call it is never imported.
"""

import asyncio
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from typing_extensions import override

from journeybuilder.connect.model_answers import (
    BrokenAnswer,
    Spoken,
    instructed,
    read_answer,
    repair,
    response_format,
)
from journeybuilder.connect.model_faults import (
    Fault,
    Target,
    fault_of,
    ladder_failed,
    no_key,
    too_slow,
)
from journeybuilder.connect.side_loop import SideLoop
from journeybuilder.contract.durations import seconds
from journeybuilder.contract.services import ModelAnswer, ModelAsk, Models
from journeybuilder.document.findings import choices, near
from journeybuilder.document.model import mapping, strings
from journeybuilder.errors import OperatorError, StepError

_SCRIPTED = "scripted"
_MILLION = 1_000_000
_BAD_REQUEST = frozenset({400, 422})
_TYPED_DICT_NOISE = r"Items? .* on TypedDict class"


@dataclass
class _Bill:
    """What all calls of one question came to; the price is None once one part is unknown."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = 0.0

    def add(self, tokens_in: int, tokens_out: int, cost: float | None) -> None:
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out
        self.cost = None if cost is None or self.cost is None else self.cost + cost


@dataclass(frozen=True)
class _Call:
    """One model of the ladder, ready to be called."""

    target: Target
    options: Mapping[str, Any]
    price: Mapping[str, Any]
    limit: float


class LiteModels(Models):
    """Asks the models of a workspace.

    An alias whose `model` is `scripted` is answered by the stand-in. When a model fails, each alias in
    its `fallbacks` is tried once; their own fallbacks are not followed. Every model of that ladder gets
    the whole time of the question, or its own `timeout` where that is shorter.

    Args:
        aliases: The `models` mapping of `models.yaml`.
        resolve: Puts secrets and variables into a text; raises `OperatorError` when it cannot.
        scripted: The stand-in.
    """

    def __init__(
        self,
        aliases: Mapping[str, Mapping[str, Any]],
        *,
        resolve: Callable[[str], str],
        scripted: Models,
    ) -> None:
        self._aliases = aliases
        self._resolve = resolve
        self._scripted = scripted
        self._holds_loop = False

    async def close(self) -> None:
        """Close connections; the last user of the process ends the thread."""
        if self._holds_loop:
            self._holds_loop = False
            await _SHARED.release()

    def _loop(self) -> SideLoop:
        if not self._holds_loop:
            self._holds_loop = True
            _SHARED.acquire()
        return _SHARED.loop

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        """Ask once, with the alias' fallbacks.

        Raises:
            StepError: `model_failed`, or `timeout` when every model was too slow.
        """
        entry = self._aliases.get(ask.alias)
        if entry is None:
            known = near(ask.alias, self._aliases) or f"It has: {choices(self._aliases)}."
            raise StepError("model_failed", f"models.yaml has no model '{ask.alias}'. {known}")
        ladder = dict.fromkeys([ask.alias, *strings(entry.get("fallbacks"))])
        faults: list[tuple[Target, Fault]] = []
        bill = _Bill()
        for alias in ladder:
            try:
                return await self._ask_one(alias, ask, bill)
            except Fault as fault:
                faults.append((_target(alias, self._aliases.get(alias, {})), fault))
        failure = ladder_failed(faults)
        raise failure

    async def _ask_one(self, alias: str, ask: ModelAsk, bill: _Bill) -> ModelAnswer:
        entry = self._aliases.get(alias)
        if entry is None:
            raise Fault(f"models.yaml has no model '{alias}'")
        if entry.get("model") == _SCRIPTED:
            try:
                return await self._scripted.ask(replace(ask, alias=alias))
            except StepError as error:
                raise Fault(error.message) from None
        loop = self._loop()
        await loop.run(_load())
        call = await asyncio.to_thread(self._prepared, alias, entry, ask.timeout)
        return await loop.run(_converse(call, ask, bill))

    def _prepared(self, alias: str, entry: Mapping[str, Any], limit: float) -> _Call:
        """Resolve what the entry says; looks into the keyring, so not on the caller's loop.

        Raises:
            Fault: When something is missing.
        """
        target = _with_provider(_target(alias, entry))
        options: dict[str, Any] = {"model": target.model}
        options |= {key: entry[key] for key in ("temperature", "max_tokens") if key in entry}
        try:
            for key in ("api_base", "api_key"):
                if entry.get(key) is not None:
                    options[key] = self._resolve(str(entry[key]))
            own = entry.get("timeout")
            own = limit if own is None else seconds(own) if isinstance(own, str) else float(own)
        except (OperatorError, ValueError) as error:
            what = error.what if isinstance(error, OperatorError) else str(error)
            raise Fault(f"model '{alias}' is not set up: {what}") from None
        target = replace(target, api_base=str(options.get("api_base", "")))
        if "api_key" not in options and (missing := _missing_key(target)):
            options["api_key"] = self._stored(missing, target)
        return _Call(target, options, mapping(entry.get("price")), min(own, limit))

    def _stored(self, name: str, target: Target) -> str:
        with suppress(OperatorError):
            return self._resolve(f"${{secret:{name}}}")
        fault = no_key(replace(target, variable=name))
        raise fault


def _target(alias: str, entry: Mapping[str, Any]) -> Target:
    return Target(alias, str(entry.get("model", "")), key=str(entry.get("api_key") or ""))


class _Shared:
    """The one thread in which LiteLLM lives: its clients belong to the loop that made them."""

    def __init__(self) -> None:
        self.loop = SideLoop("journeybuilder-models")
        self._lock = threading.Lock()
        self._users = 0

    def acquire(self) -> None:
        with self._lock:
            self._users += 1

    async def release(self) -> None:
        with self._lock:
            self._users -= 1
            last = self._users == 0
        if last:
            await self.loop.run(_close_clients())
            await self.loop.close()


_SHARED = _Shared()


def _litellm() -> Any:
    """The library, silenced.

    Raises:
        StepError: When it is not installed.
    """
    if (loaded := sys.modules.get("litellm")) is not None:
        return loaded
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it fetches prices at import
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")  # else it reads .env files
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import litellm  # noqa: PLC0415
    except ImportError as error:
        raise StepError(
            "model_failed",
            "calling a model needs LiteLLM: pip install 'journeybuilder[models]'",
            detail={"missing": error.name or "litellm"},
        ) from None
    return litellm


async def _load() -> None:
    """Import and silence LiteLLM on the loop's own thread; quick once that is done."""
    litellm = _litellm()
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.disable_aiohttp_transport = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.disabled = True
    # Said by pydantic when LiteLLM builds the types of a provider, at that provider's first call.
    warnings.filterwarnings("ignore", message=_TYPED_DICT_NOISE, category=UserWarning)


async def _close_clients() -> None:
    with suppress(StepError):
        litellm = _litellm()
        await litellm.close_litellm_async_clients()
        litellm.in_memory_llm_clients_cache.flush_cache()


def _with_provider(target: Target) -> Target:
    litellm = _litellm()
    try:
        provider = str(litellm.get_llm_provider(model=target.model)[1])
    except litellm.exceptions.BadRequestError:
        raise Fault(
            f"model '{target.alias}' names no provider ('{target.model}'): "
            "write provider/model, for example openai/gpt-5-mini"
        ) from None
    variable = f"{provider.upper().replace('-', '_')}_API_KEY"
    return replace(target, variable=variable)


def _missing_key(target: Target) -> str:
    """The variable with the provider's key where the provider wants one and it is not set."""
    found = _litellm().validate_environment(model=target.model, api_base=target.api_base or None)
    missing = [name for name in found["missing_keys"] if name.endswith("_API_KEY")]
    return str(missing[0]) if missing else ""


async def _converse(call: _Call, ask: ModelAsk, bill: _Bill) -> ModelAnswer:
    """Ask one model, with one round to mend a broken answer.

    Raises:
        Fault: When it fails, is too slow or gives two broken answers.
    """
    native = ask.schema is not None and _takes_schema(call.target.model)
    messages: Sequence[Mapping[str, Any]] = ask.messages
    problem = ""
    try:
        async with asyncio.timeout(call.limit):
            for _ in range(2):
                try:
                    response = await _complete(call, ask, messages, native=native)
                except Fault as fault:
                    if not (native and fault.status in _BAD_REQUEST):
                        raise
                    native = False  # it does not take this schema: say it in words instead
                    continue
                text, calls = _parts(response)
                bill.add(*_usage(response, call.price))
                try:
                    spoken = read_answer(text, calls, ask, wrapped=native)
                    return _answer(spoken, response, call, bill)
                except BrokenAnswer as broken:
                    problem = str(broken)
                    messages = repair(ask.messages, text, problem)
    except TimeoutError:
        fault = too_slow(call.target, call.limit)
        raise fault from None
    raise Fault(
        f"model '{call.target.alias}' gave no usable answer"
        + (f": {_without_key(problem, call)}" if problem else "")
    )


async def _complete(
    call: _Call, ask: ModelAsk, messages: Sequence[Mapping[str, Any]], *, native: bool
) -> Any:
    extra: dict[str, Any] = {}
    if ask.schema is not None and native:
        extra["response_format"] = response_format(ask.schema)
    elif ask.schema is not None:
        messages = instructed(messages, ask.schema)
    if ask.tools:
        extra["tools"] = [
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
    try:
        return await _litellm().acompletion(
            messages=[dict(message) for message in messages],
            timeout=call.limit,
            num_retries=0,
            max_retries=0,
            drop_params=True,
            **call.options,
            **extra,
        )
    except Exception as error:  # noqa: BLE001 - providers raise anything; it becomes a fault in our words
        fault = fault_of(error, call.target, call.limit)
        raise fault from None


def _takes_schema(model: str) -> bool:
    return bool(_litellm().supports_response_schema(model=model))


def _parts(response: Any) -> tuple[str, Sequence[Any]]:
    if not response.choices:
        return "", ()
    message = response.choices[0].message
    return str(message.content or ""), message.tool_calls or ()


def _usage(response: Any, price: Mapping[str, Any]) -> tuple[int, int, float | None]:
    """Tokens in and out, and the price: the workspace's own, else the provider's list price."""
    usage = getattr(response, "usage", None)
    tokens_in = int(getattr(usage, "prompt_tokens", 0) or 0)
    tokens_out = int(getattr(usage, "completion_tokens", 0) or 0)
    into, out = price.get("input_per_million"), price.get("output_per_million")
    if isinstance(into, int | float) and isinstance(out, int | float):
        return tokens_in, tokens_out, (tokens_in * into + tokens_out * out) / _MILLION
    cost = _hidden(response).get("response_cost")
    return tokens_in, tokens_out, float(cost) if isinstance(cost, int | float) else None


def _hidden(response: Any) -> Mapping[str, Any]:
    return mapping(getattr(response, "_hidden_params", None))


def _answer(spoken: Spoken, response: Any, call: _Call, bill: _Bill) -> ModelAnswer:
    provider = str(_hidden(response).get("custom_llm_provider") or "")
    name = str(getattr(response, "model", "") or call.target.model)
    if provider and not name.startswith(f"{provider}/"):
        name = f"{provider}/{name}"
    return ModelAnswer(
        text=spoken.text,
        model=name,
        alias=call.target.alias,
        value=spoken.value,
        tool_calls=tuple(spoken.tool_calls),
        tokens_in=bill.tokens_in,
        tokens_out=bill.tokens_out,
        cost_usd=bill.cost,
    )


def _without_key(text: str, call: _Call) -> str:
    """The text without the key, should a model or a proxy have put it into its answer."""
    key = str(call.options.get("api_key") or "")
    return text.replace(key, "•••") if key else text
