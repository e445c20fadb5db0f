"""The engine: starts runs, goes on with them, and lets people and events reach them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from journeybuilder.contract.journal import Journal
from journeybuilder.contract.services import Services
from journeybuilder.errors import ConflictError, OperatorError
from journeybuilder.plan.plan import Plan
from journeybuilder.run.cache import Cache
from journeybuilder.run.drive import Drive
from journeybuilder.run.effects import Driven
from journeybuilder.run.facts import who
from journeybuilder.run.gate import Gate
from journeybuilder.run.pace import Pace
from journeybuilder.run.reading import read
from journeybuilder.run.recorder import Observer, Recorder
from journeybuilder.run.rewind import branched, rewinding
from journeybuilder.run.state import FINAL, fold
from journeybuilder.run.step import misfits
from journeybuilder.run.tokens import RunState
from journeybuilder.run.waiting import fitting, settle, waits_of


class Engine:
    """Runs of one plan with one set of services.

    Args:
        observe: Called with every event as it happens.
        driver: Who drives the runs, for whoever looks into the store.
        live: Whether `observe` is told a model's words while it writes: events `writing`, each with all
            of its words so far, which nothing keeps.
        pace: Asked before every node and effect; may hold the run there.
    """

    def __init__(
        self,
        plan: Plan,
        journal: Journal,
        services: Services,
        observe: Observer | None = None,
        *,
        driver: str = "",
        live: bool = False,
        pace: Pace | None = None,
    ) -> None:
        self.plan = plan
        self._journal = journal
        self._services = services
        self._observe = observe
        self._driver = driver
        self._live = live
        self._pace = pace
        self._plan_kept = False
        self._gate = Gate(plan, services)
        self._cache = Cache()
        self._drives: dict[str, Drive] = {}
        self._cancelled: set[str] = set()

    async def start(
        self, given: Mapping[str, Any], session: Mapping[str, Any], run: str = ""
    ) -> RunState:
        """Create a run and drive it until it parks or ends.

        Raises:
            OperatorError: When the journey does not take this.
            StoreError: When the store cannot be written, or what is remembered cannot be read.
        """
        journey = self.plan.journey
        wrong = misfits(journey.input, given)
        if wrong:
            raise OperatorError(
                f"the input does not fit the journey: {wrong}",
                where=journey.id,
                hint="Its 'input' says what a run starts with.",
            )
        run = run or f"r-{uuid4().hex[:12]}"
        recorder = self._recorder(RunState(run=run), epoch=1)
        known = await self._known_of(who(session, given))
        recorder.emit(
            "started",
            journey=journey.id,
            plan=self.plan.digest,
            node=journey.start,
            input=dict(given),
            session={"id": run, "started": self._services.clock.now(), **session},
            **({"customer": known} if known else {}),
        )
        await self._keep_plan()
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

    async def answer(
        self, run: str, answer: Mapping[str, Any], by: str, node: str = ""
    ) -> RunState:
        """Give a parked run what it waits for, and drive it on.

        Args:
            run: The run's id.
            by: Who gives it, for the record.
            answer: `{"text": …}` for a customer's words; `{"decision", "by", "value", "note"}` for a
                person's decision.
            node: Which node's wait is meant, where the run has several; else the first that fits. A
                lane, where several wait at the same node.

        Raises:
            OperatorError: When there is no such run, or it does not wait for this.
            StoreError: When the store cannot be read or written.
        """
        row = await self._journal.row(run)
        if row is not None:  # a refusal must not take the run from whoever drives it
            fitting(run, answer, row.status, waits_of(row), node)
        recorder = await self._claim(run)
        state = recorder.state
        waiting = fitting(run, answer, state.status, state.waits, node)
        recorder.emit("resumed", by=by)
        settle(recorder, waiting, answer)
        await recorder.commit()
        return await self._drive(recorder)

    async def signal(self, run: str, name: str, data: Any = None, by: str = "") -> RunState:
        """Let a named event come to a run; one that nobody waits for yet is kept for who will.

        Args:
            run: The run's id.
            name: The event's name, as a `wait` node has it.
            data: What comes with it; a variable gets it.
            by: Who sends it, for the record.

        Raises:
            OperatorError: When there is no such run, it is over, or somebody else drives it.
            StoreError: When the store cannot be read or written.
        """
        drive = self._drives.get(run)
        if drive is not None:
            if drive.state.status == "running":
                await drive.signal(name, data, by)
                return drive.state
            await drive.over.wait()
        row = await self._journal.row(run)
        if row is not None and row.status != "parked":
            hint = "Send it again when the run waits." if row.status == "running" else ""
            raise OperatorError(f"no event can come to the run: it is {row.status}", where=run,
                                hint=hint)  # fmt: skip
        recorder = await self._claim(run)
        state = recorder.state
        recorder.emit("signaled", name=name, data=data, by=by)
        if any(wait["kind"] == "event" and wait["name"] == name for wait in state.waits):
            recorder.emit("resumed", by=by)
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
        if run in self._drives:
            self._cancelled.add(run)
        await recorder.commit()
        return recorder.state

    async def rewind(self, run: str, step: int, by: str, *, force: bool = False) -> RunState:
        """Go back to before a visit, and go on from there; what can be taken back is taken back.

        Args:
            run: The run's id.
            step: The number of the visit (`visit` of the event `entered`).
            by: Who wants it, for the record.
            force: Go back although something that was done since remains done.

        Raises:
            OperatorError: When there is no such run or visit, or something cannot be taken back.
            StoreError: When the store cannot be read or written.
        """
        events = await self._events(run)
        rewinding(self.plan, events, step, by, force=force)  # refuse before the run is claimed
        recorder = await self._claim(run)
        going_back = rewinding(self.plan, await self._events(run), step, by, force=force)
        for name, body in going_back:
            recorder.emit(name, **body)
        await recorder.commit()
        return await self._drive(recorder)

    async def branch(self, run: str, step: int, new: str) -> RunState:
        """Make a new run from the moment before a visit of another; `resume` goes on with it.

        Raises:
            OperatorError: When there is no such run or visit, or the new one exists.
            StoreError: When the store cannot be read or written.
        """
        events = await self._events(run)
        body = branched(self.plan, events, step)
        recorder = self._recorder(RunState(run=new), epoch=1)
        recorder.emit("branched", **body)
        await self._keep_plan()
        try:
            await recorder.create(self.plan.digest, self._driver)
        except ConflictError:
            raise OperatorError("there is a run of this name already", where=new) from None
        return recorder.state

    # -- driving -----------------------------------------------------------------------------

    async def _events(self, run: str) -> Sequence[Mapping[str, Any]]:
        events = await self._journal.events(run)
        if not events:
            raise OperatorError("there is no such run", where=run, hint=_LIST)
        return events

    async def _claim(self, run: str) -> Recorder:
        try:
            row = await self._journal.claim(run, self._driver)
        except KeyError:
            raise OperatorError("there is no such run", where=run, hint=_LIST) from None
        return self._recorder(await read(self._journal, run, row.version), row.epoch)

    def _recorder(self, state: RunState, epoch: int) -> Recorder:
        return Recorder(state, epoch, self._journal, self._services.clock, self._observe)

    async def _drive(self, recorder: Recorder) -> RunState:
        driven = Driven(
            self.plan,
            self._services,
            self._gate,
            recorder,
            self._cache,
            live=self._live,
            pace=self._pace,
        )
        drive = Drive(driven)
        run = recorder.state.run
        self._drives[run] = drive
        try:
            return await drive.on()
        except ConflictError:
            if run not in self._cancelled:
                raise
            return fold(await self._journal.events(run))  # its end is no trouble of who drove it
        finally:
            if self._drives.get(run) is drive:
                del self._drives[run]
                self._cancelled.discard(run)

    async def _keep_plan(self) -> None:
        if not self._plan_kept:  # a run goes on with the plan that it began with
            await self._journal.save_plan(self.plan.digest, self.plan.bundle.text)
            self._plan_kept = True

    async def _known_of(self, customer: str) -> Mapping[str, Any]:
        if not customer:
            return {}
        facts = await self._gate.recall(customer)
        out = {name: asdict(fact) for name, fact in facts.items()}
        return {name: {key: fact[key] for key in _FACT} for name, fact in out.items()}


_FACT = ("value", "purpose", "until")
_LIST = "'jb runs list' shows the runs."
