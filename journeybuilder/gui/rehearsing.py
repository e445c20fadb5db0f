"""Runs a rehearsal in the bridge's loop and tells the window what happens."""

from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from journeybuilder.checks import Known
from journeybuilder.document.workspace import Workspace
from journeybuilder.errors import AuthorError
from journeybuilder.gui.bridge import Bridge, Failure, Job
from journeybuilder.gui.expressions.book import SampleBook
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel
from journeybuilder.host import Host
from journeybuilder.plan.bundle import Bundle, build
from journeybuilder.plan.plan import make_plan
from journeybuilder.rehearse.scenario import Scenario, scenario_of
from journeybuilder.run.state import RunState

if TYPE_CHECKING:
    from journeybuilder.connect.model_process import ApartModels
    from journeybuilder.rehearse.session import Rehearsal

World = Literal["made up", "real tools", "all real"]


class Rehearsing(QObject):
    """One rehearsal at a time, of the journey as it is shown, saved or not.

    Signals:
        began: Id of the journey.
        happened: One event of the run.
        waiting: What the run waits for and when that wait ends (or None); None while it runs.
        over: The rehearsal has ended, in whatever way.
        failed: A `Failure`: it could not start or go on.
    """

    began = Signal(str)
    happened = Signal(object)
    waiting = Signal(object, object)
    over = Signal()
    failed = Signal(object)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._rehearsal: Rehearsal | None = None
        self._job: Job | None = None
        self._number = 0
        self._samples: SampleBook | None = None
        self.journey = ""

    @property
    def running(self) -> bool:
        """Whether one is under way, waiting included."""
        return self.journey != ""

    def start(
        self,
        workspace: WorkspaceModel,
        model: JourneyModel,
        given: Mapping[str, Any],
        scenario: str,
        world: World,
    ) -> None:
        """Begin anew with this input."""
        self.stop()
        self._number += 1
        self.journey = model.journey.id
        self._samples = workspace.samples
        self._samples.rehearsal_began()
        self.began.emit(self.journey)
        known = workspace.known
        draft = workspace.with_draft(model)
        source = workspace.workspace.scenarios.get(scenario)
        script = scenario_of(source.data) if source is not None else None
        host = workspace.host if world != "made up" else None
        work = self._begin(self._number, draft, known, given, script, host, world)
        self._run(work)

    async def _begin(
        self,
        number: int,
        draft: Workspace,
        known: Known,
        given: Mapping[str, Any],
        script: Scenario | None,
        host: Host | None,
        world: World,
    ) -> RunState:
        from journeybuilder.rehearse.session import Rehearsal  # noqa: PLC0415 - the whole engine

        bundle = build(draft, self.journey, known)
        plan = make_plan(bundle)

        def on_event(event: Mapping[str, Any]) -> None:
            self._bridge.post(self._event, number, dict(event))

        rehearsal = Rehearsal(
            plan,
            on_event=on_event,
            tools=host.pool if host is not None else None,
            models=_models(host, bundle) if host is not None and world == "all real" else None,
            scenario=script,
        )
        self._rehearsal = rehearsal
        if script is not None:
            return await rehearsal.start(given, channel=script.channel, language=script.language)
        return await rehearsal.start(given, channel=plan.journey.channels[0])

    def _run(self, work: "Coroutine[Any, Any, RunState]") -> None:
        number = self._number
        self.waiting.emit(None, None)

        def done(state: RunState) -> None:
            self._settled(number, state)

        def failed(failure: Failure) -> None:
            self._broken(number, failure)

        self._job = self._bridge.submit(work, done, failed)

    def _event(self, number: int, event: Mapping[str, Any]) -> None:
        if number == self._number and self.running:
            if self._samples is not None:
                self._samples.rehearsal_told(event)
            self.happened.emit(event)

    def _settled(self, number: int, state: RunState) -> None:
        if number != self._number or not self.running:
            return
        if state.status == "parked":
            self.waiting.emit(state.waiting_for, (state.waiting_for or {}).get("until"))
            return
        self._end()

    def _broken(self, number: int, failure: Failure) -> None:
        if number == self._number and self.running:
            self.failed.emit(failure)
            self._end()

    def _end(self) -> None:
        self.journey = ""
        self.waiting.emit(None, None)
        self.over.emit()

    def _current(self) -> "Rehearsal":
        if self._rehearsal is None or not self.running:
            raise AuthorError("No rehearsal is under way.", hint="Start one.")
        return self._rehearsal

    def reply(self, text: str) -> None:
        """Say something as the customer."""
        self._run(self._current().reply(text))

    def decide(self, decision: str, value: Any = None) -> None:
        """Decide as the person whom the run waits for."""
        self._run(self._current().decide(decision, value))

    def happen(self, event: str, data: Any) -> None:
        """Let an event come that the run waits for."""
        self._run(self._current().happen(event, data))

    def let_time_pass(self) -> None:
        """Let the wait end as if nobody had answered."""
        self._run(self._current().let_time_pass())

    def stop(self) -> None:
        """End it where it stands."""
        if not self.running:
            return
        if self._job is not None:
            self._job.cancel()
        rehearsal, self._rehearsal = self._rehearsal, None
        if rehearsal is not None:
            self._bridge.let_go(rehearsal.stop())
        self._number += 1
        self._end()


def _models(host: Host, bundle: Bundle) -> "ApartModels":
    """Real models; their library begins to load while the rehearsal does."""
    models = host.models_apart(bundle)
    models.warm()
    return models
