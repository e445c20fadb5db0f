"""What a model call costs: the workspace's own price, else the list price that LiteLLM carries.

The list comes with the package and is never fetched (LiteLLM would do that when it is imported, unless
`LITELLM_LOCAL_MODEL_COST_MAP` is set). A price that nobody knows is None, never 0; a model that costs
nothing says so in `models.yaml` with `price: {input_per_million: 0, output_per_million: 0}`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from journeybuilder.contract.json import as_object

_MILLION = 1_000_000
_KEYS = ("input_per_million", "output_per_million", "cached_per_million")


@dataclass(frozen=True, slots=True)
class Price:
    """USD for a million tokens.

    Attributes:
        cached: Of input that the provider had kept from an earlier call; None is as `into`.
    """

    into: float
    out: float
    cached: float | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call used.

    Attributes:
        tokens_in: All of the input, the kept part too.
        cached: How many of these the provider had kept.
        told: False where the provider told nothing; then there is no price.
    """

    tokens_in: int = 0
    tokens_out: int = 0
    cached: int = 0
    told: bool = True


@dataclass
class Bill:
    """What all calls of one question came to; the price is None once one part is unknown."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = 0.0

    def add(self, usage: Usage, cost: float | None) -> None:
        """Add one call."""
        self.tokens_in += usage.tokens_in
        self.tokens_out += usage.tokens_out
        self.cost = None if cost is None or self.cost is None else self.cost + cost


def own_price(entry: Mapping[str, Any]) -> Price | None:
    """The `price` of an alias in `models.yaml`.

    Raises:
        ValueError: When it is not of the right form; says what is.
    """
    if entry.get("price") is None:
        return None
    given = as_object(entry["price"])
    numbers = [given.get(key) for key in _KEYS]
    wrong = [key for key in given if key not in _KEYS]
    if wrong or not (amount(numbers[0]) and amount(numbers[1])):
        raise ValueError(
            "'price' wants USD for a million tokens: "
            "{input_per_million: 0.25, output_per_million: 2.0}"
        )
    if numbers[2] is not None and not amount(numbers[2]):
        raise ValueError("'cached_per_million' in 'price' is no amount of USD")
    into, out, cached = numbers
    return Price(float(into or 0), float(out or 0), None if cached is None else float(cached))


def amount(value: object) -> TypeGuard[float]:
    """Whether this is an amount of something: a number, not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and value >= 0


def list_price(prices: Mapping[str, Any], model: str, provider: str) -> Price | None:
    """The list price of a model.

    Args:
        prices: LiteLLM's list, by model.
        model: As `models.yaml` names it, such as `openai/gpt-5-mini`.
        provider: Whose price it must be, as other providers have models of the same name.
    """
    for name in (model, model.removeprefix(f"{provider}/")):
        known = as_object(prices.get(name))
        into, out = known.get("input_cost_per_token"), known.get("output_cost_per_token")
        if known.get("litellm_provider") == provider and amount(into) and amount(out):
            cached = known.get("cache_read_input_token_cost")
            return Price(
                float(into or 0) * _MILLION,
                float(out or 0) * _MILLION,
                float(cached) * _MILLION if amount(cached) and cached else None,
            )
    return None


def cost_of(usage: Usage, price: Price | None) -> float | None:
    """USD of one call; None where the price is not known, or not what was used."""
    if price is None or not usage.told:
        return None
    kept = usage.cached if price.cached is not None else 0
    dollars = (usage.tokens_in - kept) * price.into + usage.tokens_out * price.out
    return (dollars + kept * (price.cached or 0.0)) / _MILLION


def usage_of(response: Any) -> Usage:
    """What a response says of its use; all zero is what LiteLLM makes of a provider's silence."""
    usage = getattr(response, "usage", None)
    into = _count(getattr(usage, "prompt_tokens", 0))
    out = _count(getattr(usage, "completion_tokens", 0))
    cached = _count(getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", 0))
    return Usage(into, out, min(cached, into), told=bool(into or out))


def _count(value: object) -> int:
    return max(0, int(value)) if isinstance(value, int | float) else 0
