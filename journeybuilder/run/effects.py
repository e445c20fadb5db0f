"""The effects of one node visit: each recorded as asked and as answered, the recorded ones replayed."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from journeybuilder.contract.services import Services
from journeybuilder.errors import ProgramError, StepError
from journeybuilder.plan.plan import Plan
from journeybuilder.run.gate import Gate
from journeybuilder.run.recorder import Recorder
from journeybuilder.run.state import Effect, Token

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


@dataclass(frozen=True, slots=True)
class Driven:
    """What all steps of one driven run share."""

    plan: Plan
    services: Services
    gate: Gate
    recorder: Recorder


class Effects:
    """Does the effects of a visit in their order, or gives what is recorded of them.

    Attributes:
        number: How many were asked for in this visit, replayed ones included.
    """

    def __init__(self, driven: Driven, token: Token) -> None:
        self._driven = driven
        self._recorder: Recorder = driven.recorder
        self._token = token
        self.number = 0

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
        return {"node": self._token.node, "lane": self._token.lane, "index": self.number - 1}

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
        """
        index, self.number = self.number, self.number + 1
        recorded = self._token.effects.get(index)
        if recorded is not None:
            self._same(recorded, kind)
            if recorded.answer is not None:
                return recorded.answer
            if recorded.error is not None:
                raise StepError(**recorded.error)
            if not safe:
                raise self._uncertain(recorded)
            request = recorded.request
        else:
            await self._before(kind, index, request, rides=rides)
        place = {"lane": self._token.lane, "node": self._token.node, "visit": self._token.visit}
        try:
            answer = await self._performed(perform, request, safe=safe)
        except StepError as error:
            told = {"code": error.code, "message": error.message, "detail": error.detail,
                    "uncertain": error.uncertain}  # fmt: skip
            self._recorder.emit("errored", **place, index=index, effect=kind, error=told)
            raise
        self._recorder.emit("answered", **place, index=index, effect=kind, answer=answer)
        return answer

    async def _performed(
        self, perform: Perform, request: Mapping[str, Any], *, safe: bool
    ) -> Mapping[str, Any]:
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

    async def _before(
        self, kind: str, index: int, request: Mapping[str, Any], *, rides: bool
    ) -> None:
        """Record that an effect is asked; what was answered before is made durable first.

        So are, before the customer hears anything, nodes that went by without an effect: they may
        depend on the time, and go another way after a crash.
        """
        answered = any(effect.settled for effect in self._token.effects.values())
        gone_by = kind == "say" and self._recorder.pending > 1  # the one is `entered`
        if rides and (answered or gone_by):
            await self._recorder.commit()
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

    def _uncertain(self, recorded: Effect) -> Parked:
        waiting = {
            "kind": "uncertain",
            "to": "",
            "decisions": ["done", "not_done", "cancel"],
            "show": {
                "question": "This call may or may not have happened. Check, then say: done (it "
                "happened), not_done (make it again) or cancel (end the run).",
                "tool": recorded.request["tool"],
                "arguments": recorded.request["arguments"],
            },
            "editable": [],
            **self.place(),
        }
        return Parked(waiting, None)
