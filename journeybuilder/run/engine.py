"""The engine: drives a run from node to node until it parks or ends."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from journeybuilder.contract.expressions import ExpressionError, render
from journeybuilder.contract.journal import Journal
from journeybuilder.contract.json import canonical
from journeybuilder.contract.services import Services
from journeybuilder.contract.step import Finish, Leave, Undo
from journeybuilder.errors import OperatorError, ProgramError, StepError
from journeybuilder.plan.plan import Plan
from journeybuilder.run.effects import Driven, Parked
from journeybuilder.run.gate import Gate
from journeybuilder.run.recorder import Observer, Recorder
from journeybuilder.run.state import FINAL, RunState, Token, fold
from journeybuilder.run.step import Visit

_LOG = logging.getLogger(__name__)

_WAITS = {
    "customer": "the customer",
    "review": "a review",
    "handoff": "a person who takes over",
    "uncertain": "somebody to say whether a call was made",
    "time": "its time",
}
MAX_PENDING = 64
"""Events of nodes without effects that may wait for the next commit."""


class Engine:
    """Runs of one plan with one set of services.

    Args:
        observe: Called with every event as it happens.
        driver: Who drives the runs, for whoever looks into the store.
    """

    def __init__(
        self,
        plan: Plan,
        journal: Journal,
        services: Services,
        observe: Observer | None = None,
        *,
        driver: str = "",
    ) -> None:
        self.plan = plan
        self._journal = journal
        self._services = services
        self._observe = observe
        self._driver = driver
        self._plan_kept = False

    async def start(
        self, given: Mapping[str, Any], session: Mapping[str, Any], run: str = ""
    ) -> RunState:
        """Create a run and drive it until it parks or ends.

        Raises:
            StoreError: When the store cannot be written.
        """
        run = run or f"r-{uuid4().hex[:12]}"
        recorder = self._recorder(RunState(run=run), epoch=1)
        recorder.emit(
            "started",
            journey=self.plan.journey.id,
            plan=self.plan.digest,
            node=self.plan.journey.start,
            input=dict(given),
            session={"id": run, "started": self._services.clock.now(), **session},
        )
        if not self._plan_kept:  # a run goes on with the plan that it began with
            await self._journal.save_plan(self.plan.digest, canonical(self.plan.bundle.data))
            self._plan_kept = True
        await recorder.create(self.plan.digest, self._driver)
        return await self._drive(recorder)

    async def resume(self, run: str) -> RunState:
        """Go on with a run that is parked, or was left behind by a process that died.

        Raises:
            OperatorError: When there is no such run.
            StoreError: When the store cannot be read or written.
        """
        recorder = await self._claim(run)
        if recorder.state.status == "parked":
            recorder.emit("resumed", by="time")
        return await self._drive(recorder)

    async def answer(self, run: str, answer: Mapping[str, Any], by: str) -> RunState:
        """Give a parked run what it waits for, and drive it on.

        Args:
            run: The run's id.
            by: Who gives it, for the record.
            answer: `{"text": …}` for a customer's words; `{"decision", "by", "value", "note"}` for a
                person's decision.

        Raises:
            OperatorError: When there is no such run, or it does not wait for this.
            StoreError: When the store cannot be read or written.
        """
        row = await self._journal.row(run)
        if row is not None:  # a refusal must not take the run from whoever drives it
            _must_wait_for(run, answer, row.status, row.waiting_for)
        recorder = await self._claim(run)
        waiting = _must_wait_for(run, answer, recorder.state.status, recorder.state.waiting_for)
        recorder.emit("resumed", by=by)
        _settle(recorder, waiting, answer)
        await recorder.commit()
        return await self._drive(recorder)

    async def cancel(self, run: str, by: str) -> RunState:
        """End a run where it stands.

        Raises:
            OperatorError: When there is no such run, or it is over.
            StoreError: When the store cannot be read or written.
        """
        recorder = await self._claim(run)
        if recorder.state.status in FINAL:
            raise OperatorError(f"the run is over: {recorder.state.status}", where=run)
        recorder.emit("cancelled", by=by, path=list(recorder.state.path))
        await recorder.commit()
        return recorder.state

    async def _claim(self, run: str) -> Recorder:
        try:
            row = await self._journal.claim(run, self._driver)
        except KeyError:
            raise OperatorError(
                "there is no such run", where=run, hint="'jb runs list' shows the runs."
            ) from None
        state = fold(await self._journal.events(run))
        return self._recorder(state, row.epoch)

    def _recorder(self, state: RunState, epoch: int) -> Recorder:
        return Recorder(state, epoch, self._journal, self._services.clock, self._observe)

    async def _drive(self, recorder: Recorder) -> RunState:
        gate = Gate(self.plan, self._services)
        driven = Driven(self.plan, self._services, gate, recorder)
        state = recorder.state
        while state.status == "running":
            try:
                if state.closing is not None:
                    await _take_back(driven)
                else:
                    await self._visit(driven, state.tokens["0"])
            except Parked as parked:
                last = state.started + self.plan.limits.duration
                due = last if parked.until is None else min(parked.until, last)
                waiting_for = {**parked.waiting_for, "until": parked.until}
                recorder.emit("parked", waiting_for=waiting_for, due=due)
                await recorder.commit()
            if recorder.pending >= MAX_PENDING:
                await recorder.commit()
            if state.steps % MAX_PENDING == 0:  # a run that spins in memory can be stopped
                await asyncio.sleep(0)
        await recorder.commit()
        return state

    async def _visit(self, driven: Driven, token: Token) -> None:
        recorder = driven.recorder
        state = recorder.state
        exceeded = self._exceeded(driven, token)
        if exceeded is not None:
            _close(recorder, token.node, "failed", error=_told(exceeded, token.node))
            return
        if token.visit == 0:
            recorder.emit("entered", lane=token.lane, node=token.node, visit=state.steps + 1)
        node = self.plan.nodes[token.node]
        visit = Visit(driven, token)
        try:
            result = await node.kind.run(node.settings, visit)
            if isinstance(result, Finish):
                _finish(recorder, token, result)
            else:
                self._leave(recorder, token, result, visit)
        except StepError as error:
            self._caught(recorder, token, error)
        except ProgramError:
            raise  # the machine's trouble, not the journey's: the run stays where it was committed
        except Exception as error:  # noqa: BLE001 - a bug of a kind or service fails its run only
            _LOG.exception("node '%s' of run %s", token.node, recorder.state.run)
            words = f"'{token.node}' failed inside: {type(error).__name__}: {error}"
            self._caught(recorder, token, StepError("bug", words))
        if visit.effects:
            await recorder.commit()

    def _exceeded(self, driven: Driven, token: Token) -> StepError | None:
        state, limits = driven.recorder.state, self.plan.limits
        if token.visit == 0 and state.steps >= limits.steps:
            return StepError("limit", f"the run has made {limits.steps} steps, which is its limit")
        if driven.services.clock.now() - state.started >= limits.duration:
            return StepError("limit", "the run has lasted longer than its limit allows")
        return None

    def _leave(self, recorder: Recorder, token: Token, leave: Leave, visit: Visit) -> None:
        target = self.plan.nodes[token.node].ways.get(leave.port)
        if target is None:
            raise StepError("no_way", f"the way out '{leave.port}' of '{token.node}' is not wired")
        body: dict[str, Any] = {"port": leave.port, "target": target, "save": dict(leave.save)}
        if leave.undo is not None:
            body["undo"] = _undo(leave.undo, {**visit.names(), **leave.save}, token.node)
        recorder.emit("left", lane=token.lane, node=token.node, visit=token.visit, **body)

    def _caught(self, recorder: Recorder, token: Token, error: StepError) -> None:
        """Send an error where the node, else the journey wants it; else the run fails."""
        told = _told(error, token.node)
        own = self.plan.nodes[token.node].ways.get("on_error")
        general = self.plan.journey.on_error
        # a node that failed and fails again behind the journey's own handler would go round for ever
        again = token.node in recorder.state.caught or token.node == general
        if own is None and (not general or again):
            _close(recorder, token.node, "failed", error=told)
            return
        recorder.emit(
            "caught",
            lane=token.lane,
            node=token.node,
            visit=token.visit,
            by="node" if own else "journey",
            target=own or general,
            error=told,
        )


def _told(error: StepError, node: str) -> dict[str, Any]:
    return {"code": error.code, "message": error.message, "node": node, "detail": error.detail,
            "uncertain": error.uncertain}  # fmt: skip


def _undo(undo: Undo, names: Mapping[str, Any], node: str) -> dict[str, Any]:
    try:
        arguments = render(dict(undo.arguments), names)
    except ExpressionError as error:
        raise StepError("expression", f"in 'undo' of '{node}': {error.message}") from None
    return {"tool": undo.tool, "arguments": arguments, "node": node}


def _finish(recorder: Recorder, token: Token, finish: Finish) -> None:
    if finish.undo and recorder.state.undos:
        then = {"event": "ended", "outcome": finish.outcome, "output": dict(finish.output)}
        recorder.emit("closing", node=token.node, then=then)
    else:
        _close(recorder, token.node, "ended", outcome=finish.outcome, output=dict(finish.output))


def _close(recorder: Recorder, node: str, name: str, **body: Any) -> None:
    """End the run; one that fails first takes back what it did."""
    state = recorder.state
    if name == "failed" and state.undos and state.closing is None:
        recorder.emit("closing", node=node, then={"event": name, **body})
        return
    cost = state.cost_usd if state.cost_known else None
    recorder.emit(name, **body, path=list(state.path), cost_usd=cost)


async def _take_back(driven: Driven) -> None:
    """Make the undo calls, the last done first; one that fails is recorded and does not stop others."""
    recorder = driven.recorder
    state = recorder.state
    visit = Visit(driven, state.tokens["undo"])
    for undo in reversed(state.undos):
        with contextlib.suppress(StepError):  # recorded as `errored`, for people to look at
            await visit.call_tool(undo["tool"], undo["arguments"])
    then = dict(state.closing or {})
    _close(recorder, visit.node, then.pop("event"), **then)
    await recorder.commit()


def _must_wait_for(
    run: str, answer: Mapping[str, Any], status: str, waiting: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """What the run waits for, when this answers it.

    Raises:
        OperatorError: When the run does not wait for this.
    """
    of_customer = "text" in answer
    if waiting is None or of_customer != (waiting["kind"] == "customer") or (
        not of_customer and "decisions" not in waiting
    ):  # fmt: skip
        wanted = "the customer" if of_customer else "a person"
        now = f"waits for {_WAITS[waiting['kind']]}" if waiting else f"is {status}"
        raise OperatorError(f"the run does not wait for {wanted}; it {now}", where=run)
    if not of_customer and answer["decision"] not in waiting["decisions"]:
        allowed = ", ".join(waiting["decisions"])
        raise OperatorError(
            f"'{answer['decision']}' is no decision here",
            where=run,
            hint=f"Say one of: {allowed}.",
        )
    return waiting


def _settle(recorder: Recorder, waiting: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Record the answer to what a run was parked for."""
    state = recorder.state
    token = state.tokens[waiting["lane"]]
    place = {
        "lane": token.lane,
        "node": token.node,
        "visit": token.visit,
        "index": waiting["index"],
    }
    if waiting["kind"] == "customer":
        recorder.emit("answered", **place, effect="listen", answer={"text": answer["text"]})
    elif waiting["kind"] != "uncertain":
        recorder.emit("answered", **place, effect="person", answer=dict(answer))
    elif answer["decision"] == "done":
        value = {"value": answer.get("value"), "note": f"taken as done by {answer['by']}"}
        recorder.emit("answered", **place, effect="tool", answer=value)
    elif answer["decision"] == "not_done":
        recorder.emit("repeated", **place, by=answer["by"])
    else:
        recorder.emit("cancelled", by=answer["by"], path=list(state.path))
