"""What a run came to so far: model calls, tokens, money and the time that was waited for answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journeybuilder.contract.json import as_object
from journeybuilder.gui.look.language import tr, trn

_CALLS = frozenset({"tool", "model"})
_CENT = 0.01
_SHORTEST = 0.1  # seconds that are worth telling


@dataclass(slots=True)
class Totals:
    """Adds up events.

    Attributes:
        tools: Answered tool calls.
        models: Answered model calls; `played` of them by the stand-in.
        took: Real seconds that all answers took together.
        tokens: What models read and wrote.
        cost: US dollars.
        known: False where some call had no price.
    """

    tools: int = 0
    models: int = 0
    played: int = 0
    took: float = 0.0
    tokens: int = 0
    cost: float = 0.0
    known: bool = True

    def add(self, event: Mapping[str, Any]) -> None:
        """One event happened."""
        if event.get("event") != "answered" or event.get("effect") not in _CALLS:
            return
        self.took += float(event.get("took") or 0.0)
        if event["effect"] == "tool":
            self.tools += 1
            return
        answer = as_object(event.get("answer"))
        self.models += 1
        self.played += bool(answer.get("scripted"))
        self.tokens += int(answer.get("tokens_in") or 0) + int(answer.get("tokens_out") or 0)
        cost = answer.get("cost_usd")
        self.known = self.known and cost is not None
        self.cost += float(cost or 0.0)

    def words(self) -> str:
        """All of it in one line; empty where nothing was called."""
        parts: list[str] = []
        if self.tools:
            parts.append(trn("{n} tool call", "{n} tool calls", self.tools))
        if self.models:
            parts.append(self._asked())
            parts.append(trn("{n} token", "{n} tokens", self.tokens))
            parts.append(self._money())
        if self.took >= _SHORTEST:
            parts.append(tr("{seconds} s", seconds=f"{self.took:.1f}"))
        return " \u00b7 ".join(parts)

    def _asked(self) -> str:
        words = trn("{n} model call", "{n} model calls", self.models)
        if not self.played:
            return words
        if self.played == self.models:
            return tr("{calls} (stand-in)", calls=words)
        return tr("{calls} ({n} by the stand-in)", calls=words, n=self.played)

    def _money(self) -> str:
        if not self.known:
            if not self.cost:
                return tr("price unknown")
            return tr("at least {cost} USD", cost=money(self.cost))
        return tr("{cost} USD", cost=money(self.cost))


def money(cost: float) -> str:
    """Dollars with as many digits as tell something: `0`, `0.0012`, `0.35`, `12.40`."""
    if not cost:
        return "0"
    return f"{cost:.2f}" if cost >= _CENT * 10 else f"{cost:.4f}"
