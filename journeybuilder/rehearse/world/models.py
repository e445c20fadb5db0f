"""Rehearsed models: from the scenario, a recording, made up on the spot or real, alias by alias."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from typing_extensions import override

from journeybuilder.connect.model_faults import Fault, Target, ladder_failed
from journeybuilder.connect.scripted import Prepared, Scripted
from journeybuilder.contract.json import as_list, canonical
from journeybuilder.contract.services import ModelAnswer, ModelAsk, Models
from journeybuilder.errors import StepError
from journeybuilder.rehearse.recorded.recording import model_request
from journeybuilder.rehearse.recorded.replay import Replay, ReplayedModels
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.rehearse.world.faults import (
    Turn,
    Turns,
    is_meant,
    is_partial,
    model_fault,
    slowness,
)
from journeybuilder.rehearse.world.made import edge
from journeybuilder.rehearse.world.sources import MODEL, OTHERS, Cast, Source, seed_of

_NOTHING: Mapping[str, Any] = {}
_WORDS: Mapping[str, Any] = {"type": "string", "minLength": 1}  # an empty answer is a fault
NOT_SCRIPTED = "not_scripted"


class RehearsedModels(Models):
    """Models that answer from a scenario, else from another source, else made up.

    A model that fails is replaced by its `fallbacks`, as in a real run.

    Args:
        scripts: A scenario's `models:`.
        entries: The aliases of `models.yaml`.
        real: Where given, whatever is not scripted or recorded is really asked.
        cast: Who plays which alias, and faults on top.
        clock: What `slow` and time-outs move; None moves nothing.
        replay: A recording.
    """

    def __init__(
        self,
        scripts: Mapping[str, Any],
        entries: Mapping[str, Mapping[str, Any]],
        real: Models | None = None,
        *,
        cast: Cast | None = None,
        clock: VirtualClock | None = None,
        replay: Replay | None = None,
    ) -> None:
        self._scripted = Scripted(scripts)
        self._made = Scripted()
        self._entries = entries
        self._real = real
        self._cast = cast or Cast()
        self._clock = clock
        self._replay = replay
        self._recorded = None if replay is None else ReplayedModels(replay, _NotRecorded(replay))
        self._asked: dict[str, int] = {}
        self._faults: dict[str, Turns] = {}

    def begin_at(self, calls: Mapping[str, int]) -> None:
        """Count questions that somebody else has answered, by alias."""
        for alias, number in calls.items():
            self._asked[alias] = self._asked.get(alias, 0) + number

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        """Ask once, with the alias' fallbacks.

        Raises:
            StepError: `model_failed`, or `timeout` when every model was too slow.
        """
        failed: list[tuple[Target, Fault]] = []
        entry = self._entries.get(ask.alias, _NOTHING)
        for alias in dict.fromkeys([ask.alias, *map(str, as_list(entry.get("fallbacks")))]):
            try:
                answer = await self._ask_one(replace(ask, alias=alias))
            except Fault as fault:
                failed.append((self._target(alias), fault))
            else:
                notes = [*(fault.message for _, fault in failed), answer.note]
                return replace(answer, note="; ".join(filter(None, notes))) if failed else answer
        error = ladder_failed(failed)
        raise error

    async def _ask_one(self, ask: ModelAsk) -> ModelAnswer:
        number = self._asked.get(ask.alias, 0)
        self._asked[ask.alias] = number + 1
        if turn := self._fault(ask.alias, number):
            self._happen(turn, ask)
        chosen = self._chosen(ask.alias)
        if chosen in {None, "scenario"}:
            line = self._scripted.fitting(ask, self._rank(ask.alias, number))
            if line is not None:
                self._happen(line.entry, ask)
            if line is not None and line.answers:
                return self._scripted.told(ask, line)
            if chosen == "scenario":
                words = f"the scenario does not say what model '{ask.alias}' answers"
                raise StepError(NOT_SCRIPTED, words)
        return await self._unscripted(self._source(ask.alias), ask, number)

    def _rank(self, alias: str, number: int) -> Any:
        """First the lines for some calls only, this being one of them; none for others only."""
        seed = seed_of(self._cast.seed, MODEL, alias)

        def rank(line: Prepared) -> int | None:
            if not is_partial(line.entry):
                return 1
            return 0 if is_meant(line.entry, number, seed) else None

        return rank

    async def _unscripted(self, source: Source, ask: ModelAsk, number: int) -> ModelAnswer:
        if source == "recording" and self._recorded is not None:
            return await self._recorded.ask(ask)
        if source == "real" and self._real is not None:
            return await self._real.ask(ask)
        answer = await self._made.ask(ask)
        if source != "edge":
            return answer
        seed = seed_of(self._cast.seed, MODEL, ask.alias)
        value = edge(ask.schema or _WORDS, seed, number + self._cast.seed)
        if ask.schema is None:
            return replace(answer, text=value)
        return replace(answer, value=value, text=canonical(value))

    def _chosen(self, alias: str) -> Source | None:
        return self._cast.models.get(alias) or self._cast.models.get(OTHERS)

    def _source(self, alias: str) -> Source:
        if (chosen := self._chosen(alias)) is not None:
            return chosen
        if self._scripted.knows(alias):
            return "made"  # whatever the scenario leaves open
        if self._replay is not None and self._replay.knows("model", alias):
            return "recording"
        return "made" if self._real is None else "real"

    def _fault(self, alias: str, number: int) -> Turn:
        if not self._cast.faults:
            return _NOTHING
        if alias not in self._faults:
            found = self._cast.faults
            entry = found.get(MODEL + alias, found.get(MODEL + OTHERS, {}))
            self._faults[alias] = Turns(entry, seed_of(self._cast.seed, "fault", MODEL, alias))
        return self._faults[alias].at(number)

    def _happen(self, turn: Turn, ask: ModelAsk) -> None:
        """Let the time of an answer pass, and let it fail where it is to fail.

        Raises:
            Fault: What a real model would have failed with.
        """
        slow = slowness(turn)
        kind = str(turn.get("fails", ""))
        if slow and slow >= ask.timeout:
            kind = "timeout"
        if self._clock is not None:
            spent = ask.timeout if kind == "timeout" else slow
            self._clock.pass_to(self._clock.now() + spent)
        if kind:
            fault = model_fault(
                self._target(ask.alias), kind, ask.timeout, schema=ask.schema is not None
            )
            raise fault

    def _target(self, alias: str) -> Target:
        entry = self._entries.get(alias, _NOTHING)
        return Target(alias, str(entry.get("model", "")), key=str(entry.get("api_key") or ""))


class _NotRecorded(Models):
    """What stands behind a recording that is to answer alone: whatever it lacks is told."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        answer = self._replay.answer("model", model_request(ask))
        return ModelAnswer(str(answer), "", ask.alias)
