"""The effects of a visit on people: the customer, and those who decide."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from journeybuilder.contract.services import Listening, Message, PersonAnswer, PersonTask
from journeybuilder.run.effects import Parked
from journeybuilder.run.values import Values


class Talk(Values):
    """One visit as far as it speaks with people."""

    async def say(self, text: str, *, choices: Sequence[str] = ()) -> None:
        """Words to the customer."""
        key = self._effects.key()
        request = {"text": text, "choices": list(choices)}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            message = Message(
                self._state.run, self.node, asked["text"], choices, key, self._token.lane
            )
            await self._gate.say(message)
            return {}

        await self._do("say", request, perform, safe=True)

    async def listen(
        self, *, timeout: float | None = None, choices: Sequence[str] = ()
    ) -> str | None:
        """The customer's words; None when the time-out passed."""
        request = {"until": self._effects.deadline(timeout), "choices": list(choices)}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            until = asked["until"]
            if self._effects.passed(until):
                return {"text": None}
            words = await self._gate.listen(
                Listening(self._state.run, self.node, until, asked["choices"], self._token.lane)
            )
            if words is None and not self._effects.passed(until):
                waiting = {"kind": "customer", "choices": asked["choices"], **self._effects.place()}
                raise Parked(waiting, until)
            return {"text": words}

        return (await self._do("listen", request, perform, safe=True))["text"]

    async def ask_person(
        self,
        kind: str,
        to: str,
        decisions: Sequence[str],
        *,
        show: Mapping[str, Any],
        editable: Sequence[str] = (),
        timeout: float | None = None,
    ) -> PersonAnswer | None:
        """A person's decision; None when the time-out passed."""
        request = {
            "kind": kind,
            "to": to,
            "decisions": list(decisions),
            "show": dict(show),
            "editable": list(editable),
            "until": self._effects.deadline(timeout),
        }

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            until = asked["until"]
            if self._effects.passed(until):
                return {"decision": None}
            answer = await self._gate.ask_person(PersonTask(self._state.run, self.node, **asked))
            if answer is not None:
                return asdict(answer)
            if self._effects.passed(until):
                return {"decision": None}
            waiting = {key: asked[key] for key in ("kind", "to", "decisions", "show", "editable")}
            raise Parked({**waiting, **self._effects.place()}, until)

        answer = await self._do("person", request, perform, safe=True)
        return None if answer["decision"] is None else PersonAnswer(**answer)
