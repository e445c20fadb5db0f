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
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from typing_extensions import override

from journeybuilder.connect.model_answers import cleaned
from journeybuilder.connect.model_budgets import Spending, budget_of
from journeybuilder.connect.model_calls import Call, Talk
from journeybuilder.connect.model_cooldown import SHARED, Cooldowns
from journeybuilder.connect.model_faults import Fault, Target, ladder_failed, too_slow
from journeybuilder.connect.model_live import LiveText
from journeybuilder.connect.model_patience import Patience, watch_workers
from journeybuilder.connect.model_setup import not_set_up, prepared, target_of
from journeybuilder.connect.prices import Bill, Price
from journeybuilder.connect.side_loop import SideLoop
from journeybuilder.connect.slow_import import CalledOff, SlowImport
from journeybuilder.contract.durations import words
from journeybuilder.contract.services import ModelAnswer, ModelAsk, Models
from journeybuilder.document.findings import choices, near
from journeybuilder.document.model import strings
from journeybuilder.errors import OperatorError, StepError

_SCRIPTED = "scripted"
_LAST_WORDS = 5.0
_NOISE = (
    # said by pydantic when LiteLLM builds the types of a provider, at that provider's first call
    (r"Items? .* on TypedDict class", UserWarning),
    # and when LiteLLM looks at every attribute of a piece of a stream
    (r"Accessing the 'model_\w+' attribute on the instance", DeprecationWarning),
)


def _as_it_is(value: Any) -> Any:
    return value


@dataclass
class _Question:
    """One question on its way down the ladder."""

    ask: ModelAsk
    live: LiveText
    bill: Bill = field(default_factory=Bill)
    faults: list[tuple[Target, Fault]] = field(default_factory=list[tuple[Target, Fault]])
    remarks: list[str] = field(default_factory=list[str])


class LiteModels(Models):
    """Asks the models of a workspace.

    An alias whose `model` is `scripted` is answered by the stand-in. When a model fails, each alias in
    its `fallbacks` is tried once; their own fallbacks are not followed. Every model of that ladder gets
    the whole time of the question, or its own `timeout` where that is shorter; only waiting counts, not
    what this program computes meanwhile.

    A model that failed several times in a row is left alone for a while as long as another one of the
    ladder answers; one whose provider said for how long, in any case. An alias with a `budget` is not
    asked once that is spent. What was skipped or has failed stands in the answer's `note`.

    Args:
        aliases: The `models` mapping of `models.yaml`.
        resolve: Puts secrets and variables into a text; raises `OperatorError` when it cannot.
        scripted: The stand-in.
        spending: Where budgets are kept; without it in memory.
        cooldowns: Which models are left alone; those of this process by default.
        redact: Takes secrets out of a JSON value; nothing leaves here without it.
    """

    def __init__(
        self,
        aliases: Mapping[str, Mapping[str, Any]],
        *,
        resolve: Callable[[str], str],
        scripted: Models,
        spending: Spending | None = None,
        cooldowns: Cooldowns = SHARED,
        redact: Callable[[Any], Any] = _as_it_is,
    ) -> None:
        self._aliases = aliases
        self._resolve = resolve
        self._scripted = scripted
        self._spending = spending or Spending()
        self._cooldowns = cooldowns
        self._redact = redact
        self._holds_loop = False

    def warm(self) -> None:
        """Begin to load LiteLLM in the background where any alias is of a real model.

        `close` does not wait for it: a run that ends before it needs a model is not held up.
        """
        if any(entry.get("model") != _SCRIPTED for entry in self._aliases.values()):
            self._loop().begin(_load_quietly())

    async def ready(self) -> None:
        """Wait until LiteLLM is there, so that the first answer takes no longer than the others."""
        if any(entry.get("model") != _SCRIPTED for entry in self._aliases.values()):
            await self._loop().run(_load_quietly())

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
        live = LiveText(ask.on_text, self._redact)
        ladder = dict.fromkeys([ask.alias, *strings(entry.get("fallbacks"))])
        try:
            return cleaned(await self._down(ladder, _Question(ask, live)), self._redact)
        except StepError as error:
            error.message, error.detail = self._redact(error.message), self._redact(error.detail)
            raise
        finally:
            live.close()

    async def _down(self, ladder: Mapping[str, object], question: _Question) -> ModelAnswer:
        """Go down the ladder; those left alone come last, unless their provider said how long.

        Raises:
            StepError: When none answered.
        """
        skipped: list[str] = []
        for alias in ladder:
            rest = self._cooldowns.resting(self._key(alias))
            if rest is None:
                if (answer := await self._try(alias, question)) is not None:
                    return answer
            else:
                why = f"model '{alias}' is left alone for another {words(max(1, int(rest.left)))}: "
                question.remarks.append(why + rest.why)
                if rest.told:
                    self._failed(question, alias, Fault(why + rest.why, retry_after=rest.left))
                else:
                    skipped.append(alias)
        for alias in skipped:
            if (answer := await self._try(alias, question)) is not None:
                return answer
        failure = ladder_failed(question.faults)
        bill = question.bill
        paid = {"tokens_in": bill.tokens_in, "tokens_out": bill.tokens_out, "cost_usd": bill.cost}
        failure.detail["paid"] = paid  # answers of no use cost money too
        raise failure

    async def _try(self, alias: str, question: _Question) -> ModelAnswer | None:
        key = self._key(alias)
        try:
            answer = await self._ask_one(alias, question)
        except Fault as fault:
            self._cooldowns.failed(key, fault)
            self._failed(question, alias, fault)
            question.remarks.append(fault.message)
            return None
        self._cooldowns.answered(key)
        said = [*question.remarks, answer.note] if answer.note else question.remarks
        return replace(answer, note="; ".join(dict.fromkeys(said)))

    def _failed(self, question: _Question, alias: str, fault: Fault) -> None:
        question.faults.append((target_of(alias, self._aliases.get(alias, {})), fault))

    def _key(self, alias: str) -> Hashable:
        entry = self._aliases.get(alias, {})
        return tuple(str(entry.get(name, "")) for name in ("model", "api_base", "api_key"))

    async def _ask_one(self, alias: str, question: _Question) -> ModelAnswer:
        entry = self._aliases.get(alias)
        if entry is None:
            raise Fault(f"models.yaml has no model '{alias}'")
        if entry.get("model") == _SCRIPTED:
            try:
                return await self._scripted.ask(replace(question.ask, alias=alias))
            except StepError as error:
                raise Fault(error.message) from None
        loop = self._loop()
        await loop.run(_load())
        call = await asyncio.to_thread(self._prepared, alias, entry, question.ask.timeout)
        show = question.live.show if question.ask.on_text is not None else None
        talk = Talk(_litellm(), call, question.ask, question.bill, show)
        try:
            answer = await loop.run(_within_limit(talk))
        finally:
            unkept = await asyncio.to_thread(self._paid, alias, entry, talk.spent)
        bill, note = question.bill, "; ".join(filter(None, (answer.note, unkept)))
        return replace(
            answer,
            tokens_in=bill.tokens_in,
            tokens_out=bill.tokens_out,
            cost_usd=bill.cost,
            note=note,
        )

    def _prepared(self, alias: str, entry: Mapping[str, Any], limit: float) -> Call:
        call = prepared(_litellm(), alias, entry, limit, self._resolve)
        self._hold_budget(alias, entry, call.price)
        return call

    def _hold_budget(self, alias: str, entry: Mapping[str, Any], price: Price | None) -> None:
        """See that there is something left to spend.

        Raises:
            Fault: When there is not, or nobody can tell.
        """
        try:
            budget = budget_of(entry)
            spent = 0.0 if budget is None else self._spending.spent(alias, budget)
        except (OperatorError, ValueError) as error:
            fault = not_set_up(alias, error)
            raise fault from None
        if budget is None:
            return
        if price is None:
            raise Fault(f"model '{alias}' has a 'budget' but nobody knows its price; add 'price'")
        if spent >= budget.usd:
            raise Fault(f"the budget of model '{alias}' is spent: {spent:.4f} of {budget.words()}")

    def _paid(self, alias: str, entry: Mapping[str, Any], usd: float) -> str:
        """Note what was spent; words where that could not be kept, as the answer is there anyway."""
        if entry.get("budget") is None or usd <= 0:
            return ""
        try:
            self._spending.add(alias, usd)
        except OperatorError as error:
            return f"{error.where}: {error.what}"
        return ""


class _Shared:
    """The one thread in which LiteLLM lives: its clients belong to the loop that made them."""

    def __init__(self) -> None:
        self.loop = SideLoop("journeybuilder-models", watch_workers)
        self.patience = Patience()
        self.importing = SlowImport("litellm")
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
            self.importing.call_off()
            await self.loop.run(self._leave())
            await self.loop.close()

    async def _leave(self) -> None:
        await self.patience.settled(_LAST_WORDS)
        litellm = sys.modules.get("litellm")
        if litellm is not None:
            await litellm.close_litellm_async_clients()
            litellm.in_memory_llm_clients_cache.flush_cache()


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
        with warnings.catch_warnings(), _SHARED.importing:
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
    """Import and silence LiteLLM on the loop's own thread; quick once that is done.

    Raises:
        StepError: When it is not installed, or everybody has left meanwhile.
    """
    try:
        litellm = _litellm()
    except CalledOff:
        raise StepError("model_failed", "the models were closed meanwhile") from None
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.disable_aiohttp_transport = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.disabled = True
    for message, category in _NOISE:
        warnings.filterwarnings("ignore", message=message, category=category)


async def _load_quietly() -> None:
    """Load it ahead of time; whoever then asks is told what is wrong."""
    with suppress(StepError):
        await _load()


async def _within_limit(talk: Talk) -> ModelAnswer:
    """The model's answer, within its time.

    Raises:
        Fault: When it fails, is too slow or gives two broken answers.
    """
    limit = talk.call.limit
    try:
        return await _SHARED.patience.within(limit, talk.answer())
    except TimeoutError:
        fault = too_slow(talk.call.target, limit)
        raise fault from None
    finally:
        talk.over()
