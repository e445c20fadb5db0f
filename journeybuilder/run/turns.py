"""One turn of a lane: a visit of its node, or the taking back at the end of its journey."""

import contextlib
import logging

from journeybuilder.errors import ProgramError, StepError
from journeybuilder.run.effects import Called, Driven, Stopped
from journeybuilder.run.ends import Ending, Ends
from journeybuilder.run.pace import Pace
from journeybuilder.run.step import Visit
from journeybuilder.run.tokens import ROOT, Frame, RunState, Token

_LOG = logging.getLogger(__name__)


class Turns:
    """The turns of a driven run."""

    def __init__(self, driven: Driven) -> None:
        self._driven = driven
        self._recorder = driven.recorder
        self.ends = Ends(driven.plan, driven.recorder)

    @property
    def state(self) -> RunState:
        """The state of the run."""
        return self._recorder.state

    def closing(self, token: Token) -> bool:
        """Whether the token's journey is over but for what it takes back."""
        return self.state.frames[token.frame].closing is not None

    async def turn(self, token: Token) -> Ending | None:
        """Take a lane's next turn; an ending concerns more than the lane and is left to the caller.

        Raises:
            Parked: When the lane has to wait for longer.
            Stopped: When the lane is to begin nothing new.
            ProgramError: When the store or the machine fails; the run stays where it was committed.
        """
        frame = self.state.frames[token.frame]
        if frame.closing is not None:
            await self._take_back(token, frame)
            return None
        exceeded = self.ends.exceeded(token, self._driven.services.clock.now())
        if exceeded is not None:
            return exceeded
        if token.visit == 0:
            if self._driven.pace is not None:
                await self._held(token, self._driven.pace)
            more = {} if frame.id == ROOT else {"journey": frame.journey}
            self._recorder.emit(
                "entered", lane=token.lane, node=token.node, visit=self.state.visits + 1, **more
            )
        visit = Visit(self._driven, token)
        if token.meeting is not None and token.meeting["undos"]:
            visit.go_on_to_the_end()  # nobody else makes these calls
        ending = await self._visited(token, visit)
        if visit.effects and ending is None:
            await self._recorder.commit()
        return ending

    async def _held(self, token: Token, pace: Pace) -> None:
        """Wait for whoever sets the pace; a lane that nobody waits for any more waits no longer.

        Raises:
            Stopped: When the lane is to begin nothing new.
        """
        loose = self._driven.loose
        loose.add(token.lane)
        try:
            await pace.before_node(self.state, token)
        finally:
            loose.discard(token.lane)
        if token.lane in self._driven.stopping:
            raise Stopped

    async def _visited(self, token: Token, visit: Visit) -> Ending | None:
        node = self.ends.journey_of(token.frame).nodes[token.node]
        try:
            result = await node.kind.run(node.settings, visit)
            return self.ends.result(token, result, visit)
        except Called:
            return None
        except StepError as error:
            return self.ends.caught(token, error)
        except ProgramError:
            raise  # the machine's trouble, not the journey's: the run stays where it was committed
        except Exception as error:  # noqa: BLE001 - a bug of a kind or service fails its run only
            _LOG.exception("node '%s' of run %s", token.node, self.state.run)
            words = f"'{token.node}' failed inside: {type(error).__name__}: {error}"
            return self.ends.caught(token, StepError("bug", words))

    async def _take_back(self, token: Token, frame: Frame) -> None:
        """Make the undo calls, the last done first; one that fails does not stop the others."""
        visit = Visit(self._driven, token)
        visit.go_on_to_the_end()
        closing = frame.closing or {}
        for undo in reversed(closing["undos"]):
            with contextlib.suppress(StepError):  # recorded as `errored`, for people to look at
                await visit.call_tool(undo["tool"], undo["arguments"])
        then = dict(closing["then"])
        self.ends.close(frame, then.pop("event"), then)
        await self._recorder.commit()
