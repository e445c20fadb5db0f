"""One visit of a node: what its kind may do, and which service does it."""

from collections.abc import Mapping
from typing import Any

from typing_extensions import override

from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.contract.step import Step
from journeybuilder.errors import ProgramError, StepError
from journeybuilder.run.calls import Calls
from journeybuilder.run.effects import Called
from journeybuilder.run.facts import Facts
from journeybuilder.run.talk import Talk

MAX_DEPTH = 16
"""Journeys that may be in progress within each other."""


class Visit(Calls, Talk, Facts, Step):
    """The engine's `Step`."""

    @override
    async def start_journey(self, journey: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run another journey of the plan within this run."""
        request = {"journey": journey, "input": dict(given)}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            self._call(asked["journey"], asked["input"])
            raise Called

        return await self._do("journey", request, perform, safe=True)

    def _call(self, name: str, given: Mapping[str, Any]) -> None:
        planned = self._plan.journeys.get(name)
        if planned is None:
            raise StepError("bad_arguments", f"the journey '{name}' is not in the plan")
        if self._depth() >= MAX_DEPTH:
            words = f"more than {MAX_DEPTH} journeys call each other, '{name}' would be the next"
            raise StepError("limit", words)
        wrong = misfits(planned.journey.input, given)
        if wrong:
            raise StepError("bad_arguments", f"'{name}' does not take this: {wrong}")
        token, index = self._token, self._effects.number - 1
        self._driven.recorder.emit(
            "called",
            lane=token.lane,
            node=token.node,
            visit=token.visit,
            index=index,
            frame=f"{token.visit}.{index}",
            journey=name,
            target=planned.journey.start,
            input=given,
        )

    def _depth(self) -> int:
        depth, frame = 1, self._frame
        while frame.parent:
            depth, frame = depth + 1, self._state.frames[frame.parent]
        return depth


def misfits(schema: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    """What is wrong with what a journey takes or gives back; an empty text when it fits.

    Raises:
        ProgramError: When the schema itself is none.
    """
    if not schema:
        return ""
    try:
        wrong = violations({"type": "object", **schema}, dict(value))
    except BadSchema as error:
        raise ProgramError(f"the journey's schema is not valid: {error}") from None
    return wrong[0] if wrong else ""
