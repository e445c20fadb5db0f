"""What is known of a model alias: what it stands for, what it costs, where it runs, who may use it.

Knows no Qt and imports no model library.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.connect.price_list import listed, provider_of
from journeybuilder.connect.prices import Price, Usage, cost_of, own_price
from journeybuilder.gui.look.language import tr

SAMPLE_OUT = 300
"""Tokens of an answer that an estimate reckons with."""
_LETTERS = 4  # of a token, about
_FRAME = 200  # tokens that the program's own words around a question take


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One alias.

    Attributes:
        own_price: Whether the price stands in models.yaml and is no list price.
        context: Tokens that it reads at the most; 0 where that is not known.
        blocked: Why it cannot be chosen, or "".
    """

    alias: str
    model: str
    provider: str
    region: str
    retention: str
    price: Price | None
    own_price: bool
    context: int
    blocked: str

    @property
    def scripted(self) -> bool:
        """Whether it is the offline stand-in."""
        return self.model == "scripted"


Rule = Callable[[str, Mapping[str, Any]], str]
"""Takes an alias and its entry; gives the reason why it must not be chosen, or ""."""


def _without_model(alias: str, entry: Mapping[str, Any]) -> str:
    del alias
    named = isinstance(entry.get("model"), str) and bool(entry.get("model"))
    return "" if named else tr("it does not say which model it stands for")


def _bad_price(alias: str, entry: Mapping[str, Any]) -> str:
    del alias
    try:
        own_price(entry)
    except ValueError:
        return tr("its price is not understood, so every call would be refused")
    return ""


MODEL_RULES: list[Rule] = [_without_model, _bad_price]
"""Every reason for which an alias is shown and cannot be chosen; rules of privacy join here."""


def facts_of(alias: str, entry: Mapping[str, Any]) -> ModelFacts:
    """What is known of an alias."""
    model = str(entry.get("model") or "")
    found = listed(model)
    try:
        own = own_price(entry)
    except ValueError:
        own = None
    blocked = next((why for rule in MODEL_RULES if (why := rule(alias, entry))), "")
    return ModelFacts(
        alias=alias,
        model=model,
        provider=provider_of(model),
        region=str(entry.get("region") or ""),
        retention=str(entry.get("retention") or ""),
        price=own or found.price,
        own_price=own is not None,
        context=found.context,
        blocked=blocked,
    )


def tokens_of(texts: Sequence[str]) -> int:
    """About how many tokens a question of these texts has."""
    return _FRAME + sum(len(text) for text in texts) // _LETTERS


def money(dollars: float) -> str:
    """An amount of US dollars, small ones with the digits that matter."""
    if dollars == 0:
        return "$0"
    cent = 0.01
    return f"${dollars:,.2f}" if dollars >= cent else f"${dollars:.2g}"


def price_words(facts: ModelFacts) -> str:
    """What a million tokens cost."""
    if facts.scripted:
        return tr("nothing, it is the offline stand-in")
    if facts.price is None:
        return tr("not known")
    words = tr("{into} in · {out} out per 1M tokens", into=money(facts.price.into), out=money(facts.price.out))  # fmt: skip
    return words if facts.own_price else tr("{price} (list price)", price=words)


def call_words(facts: ModelFacts, tokens: int) -> str:
    """What one call comes to, about; empty where nobody knows."""
    cost = cost_of(Usage(tokens, SAMPLE_OUT), facts.price)
    if cost is None or facts.scripted:
        return ""
    return tr(
        "about {cost} for {into} tokens in and {out} out",
        cost=money(cost), into=f"{tokens:,}", out=SAMPLE_OUT,
    )  # fmt: skip


def kept_words(retention: str) -> str:
    """How long a provider keeps what it reads, for people."""
    if not retention:
        return tr("not said")
    return tr("nothing") if retention == "none" else tr("for {time}", time=retention)


def bindings(environments: Mapping[str, Mapping[str, Any]], alias: str) -> list[tuple[str, str]]:
    """The environments in which another alias takes the place of this one."""
    out: list[tuple[str, str]] = []
    for name, settings in environments.items():
        bound = settings.get("models")
        other = bound.get(alias) if isinstance(bound, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if other:
            out.append((name, str(other)))  # pyright: ignore[reportUnknownArgumentType]
    return out
