"""The effects of one node visit: each recorded as asked and as answered, the recorded ones replayed."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.contract.services import Services
from journeybuilder.errors import ProgramError, StepError
from journeybuilder.plan.plan import Plan
from journeybuilder.run.cache import Cache
from journeybuilder.run.gate import Gate
from journeybuilder.run.pace import Pace
from journeybuilder.run.recorder import Recorder
from journeybuilder.run.state import whole_request
from journeybuilder.run.tokens import ROOT, Effect, Token

_LOG = logging.getLogger(__name__)

Perform = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]


class Parked(BaseException):
    """The node cannot go on now; it is entered again when what it waits for has come.

    No `Exception`, so that no kind catches it by accident.
    """

    def __init__(self, waiting_for: Mapping[str, Any], until: float | None) -> None:
        super().__init__("parked")
        self.waiting_for = waiting_for
        self.until = until

    def as_wait(self) -> dict[str, Any]:
        """What is waited for, and until when, as an event has it."""
        return {**self.waiting_for, "until": self.until}


class Stopped(BaseException):
    """The lane is to stop here: nobody waits for it any more."""


class Called(BaseException):
    """The node has called a journey; it is entered again with what that gives back."""


@dataclass(frozen=True, slots=True)
class Driven:
    """What all steps of one driven run share.

    Attributes:
        stopping: Lanes that may finish what they have begun and begin nothing new.
        loose: Lanes whose effect in progress may be broken off.
        live: Whether observers are told a model's words while it writes.
        pace: Holds the run before nodes and effects, for a debugger.
        compare: Told of every recorded effect, with what is asked for today.
    """

    plan: Plan
    services: Services
    gate: Gate
    recorder: Recorder
    cache: Cache
    stopping: set[str] = field(default_factory=set[str])
    loose: set[str] = field(default_factory=set[str])
    compare: Callable[[Effect, Mapping[str, Any]], None] | None = None
    live: bool = False
    pace: Pace | None = None


class Effects:
    """Does the effects of a visit in their order, or gives what is recorded of them.

    Attributes:
        number: How many were asked for in this visit, replayed ones included.
        moment: When the visit began, or its last effect was settled, in seconds since 1970.
    """

    def __init__(self, driven: Driven, token: Token) -> None:
        self._driven = driven
        self._recorder: Recorder = driven.recorder
        self._token = token
        self._stoppable = True
        self.number = 0
        self.moment = token.at

    def go_on_to_the_end(self) -> None:
        """Let no stop of the lane keep this visit from what it has to do."""
        self._stoppable = False

    def _stops(self) -> bool:
        return self._stoppable and self._token.lane in self._driven.stopping

    def key(self) -> str:
        """Idempotency key of the effect that comes next; the same when the node is entered again."""
        return f"{self._recorder.state.run}-{self._token.visit}-{self.number}"

    def deadline(self, timeout: float | None) -> float | None:
        """The moment at which a wait that begins now ends, or None for no end."""
        return None if timeout is None else self._driven.services.clock.now() + timeout

    def passed(self, until: float | None) -> bool:
        """Whether this moment is over."""
        return until is not None and self._driven.services.clock.now() >= until

    def place(self) -> dict[str, Any]:
        """Where the effect in progress stands, for what a parked run waits for."""
        token = self._token
        inner = token.frame != ROOT
        journey = {"journey": self._recorder.state.frames[token.frame].journey} if inner else {}
        return {"node": token.node, **journey, "lane": token.lane, "index": self.number - 1}

    async def do(
        self,
        kind: str,
        request: Mapping[str, Any],
        perform: Perform,
        *,
        safe: bool,
        rides: bool = True,
    ) -> Mapping[str, Any]:
        """Do an effect, or give what is recorded of it.

        `safe` says that doing it twice does no harm: only then is it repeated when a crash has left it
        without an answer. `rides` says that it changes nothing in the world: only then may `asked` wait
        for the next commit, as a run entered again may come by with other arguments (`now`).

        Raises:
            StepError: What the service raised, now or before a restart.
            Stopped: When the lane is to begin nothing new.
        """
        index, self.number = self.number, self.number + 1
        token = self._token
        effect = token.effects.get(index)
        if effect is not None:
            self._same(effect, kind)
            if self._driven.compare is not None:
                self._driven.compare(effect, whole_request(request, token.effects))
            if effect.settled:
                return self._recorded(effect)
            if not safe:
                raise self.uncertain(effect.request)
        if self._stops() and (effect is None or rides):
            raise Stopped  # a call that was begun is brought to its end: it may have to be taken back
        if effect is None:
            if self._driven.pace is not None:
                await self._held(self._driven.pace, kind, request)
            await self._before(kind, index, request, rides=rides)
            effect = token.effects[index]
        place = {"lane": token.lane, "node": token.node, "visit": token.visit, "index": index}
        try:
            answer = await self._performed(perform, effect.request, safe=safe, rides=rides)
        except StepError as error:
            if error.uncertain and not safe and self._stops():
                raise self.uncertain(effect.request) from None  # nobody else would look after it
            told = {"code": error.code, "message": error.message, "detail": error.detail,
                    "uncertain": error.uncertain}  # fmt: skip
            self._recorder.emit("errored", **place, effect=kind, error=told)
            self.moment = effect.at
            raise
        self._recorder.emit("answered", **place, effect=kind, answer=answer)
        self.moment = effect.at
        return answer

    def _recorded(self, effect: Effect) -> Mapping[str, Any]:
        self.moment = effect.at
        if effect.answer is not None:
            return effect.answer
        error = {key: value for key, value in (effect.error or {}).items() if key != "node"}
        raise StepError(**error)

    async def _performed(
        self, perform: Perform, request: Mapping[str, Any], *, safe: bool, rides: bool
    ) -> Mapping[str, Any]:
        loose = self._driven.loose
        if rides:
            loose.add(self._token.lane)
        try:
            return await perform(request)
        except (StepError, ProgramError):
            raise
        except Exception as error:  # a bug of a service is recorded like every other failure
            _LOG.exception(
                "an effect of node '%s' of run %s", self._token.node, self._recorder.state.run
            )
            words = f"'{self._token.node}' failed inside: {type(error).__name__}: {error}"
            raise StepError("bug", words, uncertain=not safe) from error
        finally:
            loose.discard(self._token.lane)

    async def _held(self, pace: Pace, kind: str, request: Mapping[str, Any]) -> None:
        """Wait for whoever sets the pace; a lane that nobody waits for any more waits no longer.

        Raises:
            Stopped: When the lane is to begin nothing new.
        """
        lane, loose = self._token.lane, self._driven.loose
        if self._stoppable:
            loose.add(lane)
        try:
            await pace.before_effect(self._recorder.state, self._token, kind, request)
        finally:
            loose.discard(lane)
        if self._stops():
            raise Stopped

    async def _before(
        self, kind: str, index: int, request: Mapping[str, Any], *, rides: bool
    ) -> None:
        """Record that an effect is asked; what was answered before is made durable first.

        So are, before the customer hears anything, nodes that went by without an effect: they may
        depend on the time, and go another way after a crash. Beside other lanes the number of this
        visit may come out otherwise then, and with it the key of the message.

        Raises:
            Stopped: When the lane is to begin nothing new.
        """
        answered = any(effect.settled for effect in self._token.effects.values())
        alone = not self._recorder.state.forks
        gone_by = kind == "say" and (self._recorder.pending > 1 or not alone)  # one is `entered`
        if rides and (answered or gone_by):
            await self._recorder.commit()
            if self._stops():  # meanwhile
                raise Stopped
        self._recorder.emit(
            "asked",
            lane=self._token.lane,
            node=self._token.node,
            visit=self._token.visit,
            index=index,
            effect=kind,
            request=request,
        )
        if not rides:
            await self._recorder.commit()

    def _same(self, recorded: Effect, kind: str) -> None:
        if recorded.kind != kind:
            raise StepError(
                "bug",
                f"'{self._token.node}' asked for '{recorded.kind}' before the restart and for '{kind}' after",
            )

    def uncertain(self, request: Mapping[str, Any]) -> Parked:
        """The wait for a person who finds out whether a call was made."""
        waiting = {
            "kind": "uncertain",
            "to": "",
            "decisions": ["done", "not_done", "cancel"],
            "show": {
                "question": "This call may or may not have happened. Check, then say: done (it "
                "happened), not_done (make it again) or cancel (end the run).",
                "tool": request["tool"],
                "arguments": request["arguments"],
            },
            "editable": [],
            **self.place(),
        }
        return Parked(waiting, None)
