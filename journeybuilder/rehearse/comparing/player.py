"""Lets one model play the aliases of a journey, and measures it: real time, tokens, price, failures.

A model that fails for its provider's reasons (a key, a rate limit, a server that is down) has not
answered wrongly, so it is kept apart from what the journey makes of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from time import perf_counter
from typing import Any

from typing_extensions import override

from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.services import ModelAnswer, ModelAsk, Models
from journeybuilder.errors import StepError

RETRIES: Sequence[float] = (1.0, 4.0, 15.0)
"""Seconds to wait before a provider that was busy or down is asked again."""
LONGEST_WAIT = 60.0
_PASSING = frozenset({408, 429, 500, 502, 503, 504, 529})
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call of a real model.

    Attributes:
        asked: The alias that the journey named.
        alias: The alias that played it.
        ms: Real time until the answer, without waiting for its turn or after a failure.
        cost_usd: None where no price is known.
        error: Why there was no answer, or empty.
        provider: True where that is no fault of the model's words.
        cold: Whether it began before this model had answered once: it then paid for connections and
            for parts of the library that are loaded late.
    """

    node: str
    asked: str
    alias: str
    model: str = ""
    ms: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float | None = None
    error: str = ""
    provider: bool = False
    cold: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it stands in a document."""
        return asdict(self)


class Purse:
    """The money of a whole comparison; a call begins while anything is left and is then paid in full.

    Attributes:
        spent: USD so far, of all calls with a known price.
        unknown: Whether a call of unknown price was made.
    """

    def __init__(self, limit: float | None = None) -> None:
        self.limit = limit
        self.spent = 0.0
        self.unknown = False

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        return self.limit is not None and self.spent >= self.limit

    def pay(self, cost: float | None) -> None:
        """Note what a call has cost."""
        self.spent += cost or 0.0
        self.unknown = self.unknown or cost is None


@dataclass
class Turnstile:
    """Lets so many calls of a model through at a time.

    Args:
        each: Calls of one alias at once; what a provider allows.
        retries: Seconds to wait before each further attempt.
        sleep: How to wait.

    Attributes:
        warm: The models that have answered once.
    """

    each: int = 4
    retries: Sequence[float] = RETRIES
    sleep: Sleep = asyncio.sleep
    _gates: dict[str, asyncio.Semaphore] = field(default_factory=dict[str, asyncio.Semaphore])
    warm: set[str] = field(default_factory=set[str])

    def of(self, alias: str) -> asyncio.Semaphore:
        """The gate of one alias."""
        if alias not in self._gates:
            self._gates[alias] = asyncio.Semaphore(self.each)
        return self._gates[alias]


class Player(Models):
    """The models of one run, with other models in the roles of its aliases.

    Args:
        models: Who really answers, by alias.
        plays: Which alias plays which; `*` is every other one; an alias that is not named plays itself.
        turnstile: Holds calls to what providers allow; shared by all runs.
        purse: Money, shared by all runs.

    Attributes:
        calls: Every call of this run, the failed ones too, in the order of their ends.
        out_of_money: Whether a call was not made for want of it.
    """

    def __init__(
        self, models: Models, plays: Mapping[str, str], turnstile: Turnstile, purse: Purse
    ) -> None:
        self._models = models
        self._plays = plays
        self._turnstile = turnstile
        self._purse = purse
        self.calls: list[ModelCall] = []
        self.out_of_money = False

    def plays(self, alias: str) -> str:
        """Who plays an alias."""
        return self._plays.get(alias, self._plays.get("*", alias))

    @property
    def cost_usd(self) -> float | None:
        """What all calls came to, those without a usable answer too; None where a price is unknown."""
        known = [call.cost_usd for call in self.calls if call.cost_usd is not None]
        return sum(known) if len(known) == len(self.calls) else None

    @property
    def trouble(self) -> str:
        """The first failure that was the provider's, in words; empty when there was none."""
        return next((call.error for call in self.calls if call.provider), "")

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        """Ask whoever plays the alias; a provider that is busy is asked again after a while.

        Raises:
            StepError: What the model raised, or `limit` when the money is spent.
        """
        alias = self.plays(ask.alias)
        waits = [*self._turnstile.retries, None]
        async with self._turnstile.of(alias):
            for pause in waits:
                try:
                    return await self._once(ask, alias)
                except StepError as error:
                    wait = None if pause is None else _pause(error, pause)
                    if wait is None:
                        self._failed(ask, alias, error)
                        raise
                await self._turnstile.sleep(wait)
        raise StepError("bug", "a model was to be asked no time at all")

    async def _once(self, ask: ModelAsk, alias: str) -> ModelAnswer:
        if self._purse.empty:
            self.out_of_money = True
            raise StepError("limit", "the money for this comparison is spent")
        cold = alias not in self._turnstile.warm
        began = perf_counter()
        answer = await self._models.ask(replace(ask, alias=alias))
        ms = (perf_counter() - began) * 1000
        self._turnstile.warm.add(alias)
        self._purse.pay(answer.cost_usd)
        self.calls.append(
            ModelCall(
                ask.node, ask.alias, alias, answer.model, ms,
                answer.tokens_in, answer.tokens_out, answer.cost_usd, cold=cold,
            )
        )  # fmt: skip
        return answer

    def _failed(self, ask: ModelAsk, alias: str, error: StepError) -> None:
        if error.code == "limit":
            return
        paid = as_object(error.detail.get("paid"))
        cost = paid.get("cost_usd", 0.0)
        self._purse.pay(cost)
        self.calls.append(
            ModelCall(
                ask.node, ask.alias, alias, cost_usd=cost,
                tokens_in=int(paid.get("tokens_in", 0)), tokens_out=int(paid.get("tokens_out", 0)),
                error=error.message, provider=is_providers(error),
            )
        )  # fmt: skip


def _tried(error: StepError) -> list[Mapping[str, Any]]:
    return [as_object(each) for each in as_list(error.detail.get("tried"))]


def is_providers(error: StepError) -> bool:
    """Whether a model failed without having answered: its key, its limits, its server, the network."""
    if error.code not in {"model_failed", "timeout"}:
        return False
    return not any(each.get("answered") for each in _tried(error))


def _pause(error: StepError, usual: float) -> float | None:
    """Seconds after which asking again may help; None where it does not."""
    tried = _tried(error)
    told = [float(each["retry_after"]) for each in tried if each.get("retry_after")]
    if told:
        return max(told) + usual / 10 if max(told) <= LONGEST_WAIT else None
    return usual if any(each.get("status") in _PASSING for each in tried) else None
