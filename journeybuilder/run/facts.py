"""The effects of a visit on what is remembered of the customer."""

from collections.abc import Mapping, Sequence
from typing import Any

from journeybuilder.contract.services import Fact
from journeybuilder.contract.step import Remembered
from journeybuilder.errors import StepError
from journeybuilder.run.values import CONSENT, Values


def who(session: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Who the customer is: `session.customer`, else `input.customer_id`; an empty text for nobody."""
    for value in (session.get("customer"), given.get("customer_id")):
        if isinstance(value, str) and value:
            return value
    return ""


class Facts(Values):
    """One visit as far as it remembers."""

    async def remember(self, facts: Sequence[Remembered]) -> None:
        """Remember facts about this customer."""
        customer = self._known()
        now = self._services.clock.now()
        kept: list[Mapping[str, Any]] = [
            {
                "name": fact.name,
                "value": fact.value,
                "purpose": fact.purpose,
                "until": None if fact.keep_for is None else now + fact.keep_for,
            }
            for fact in facts
        ]

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            await self._gate.remember(customer, [Fact(**fact) for fact in asked["remember"]])
            return {}

        await self._do("memory", {"remember": kept}, perform, safe=True, rides=False)

    async def forget(self, names: Sequence[str] | None) -> None:
        """Forget facts about this customer."""
        customer = self._known()
        request = {"forget": None if names is None else list(names)}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            await self._gate.forget(customer, asked["forget"])
            return {}

        await self._do("memory", request, perform, safe=True, rides=False)

    async def record_consent(self, purpose: str, *, given: bool, asked: str, said: str) -> None:
        """Put a consent on record."""
        now = self._services.clock.now()
        value = {"given": given, "asked": asked, "said": said, "at": now}
        fact = {"name": CONSENT + purpose, "value": value, "purpose": purpose, "until": None}
        customer = who(self._state.session, self._state.input)

        async def perform(request: Mapping[str, Any]) -> Mapping[str, Any]:
            if customer:
                await self._gate.remember(customer, [Fact(**one) for one in request["remember"]])
            return {}

        await self._do("consent", {"remember": [fact]}, perform, safe=True, rides=False)

    def _known(self) -> str:
        customer = who(self._state.session, self._state.input)
        if not customer:
            words = "it is not known who the customer is; give 'customer_id' with the input"
            raise StepError("nobody", words)
        return customer
