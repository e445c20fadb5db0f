"""The composition root: from settings to a host with everything plugged in.

Nothing heavy is imported before it is used: neither MCP nor a model library for a check.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from journeybuilder.connect.catalog import ServerState, save_catalog
from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.variables import Variables
from journeybuilder.connect.workspace_findings import (
    findings_of,
    findings_of_export,
    journey_findings,
    known_of,
)
from journeybuilder.contract.journal import Journal, RunRow
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.services import (
    Channel,
    Clock,
    Memory,
    People,
    PersonAnswer,
    PersonTask,
    Services,
)
from journeybuilder.document.servers import ServerSpec, read_servers, with_facts
from journeybuilder.document.workspace import Workspace
from journeybuilder.errors import OperatorError
from journeybuilder.plan.bundle import Bundle

if TYPE_CHECKING:
    import asyncio

    from journeybuilder.connect.mcp_pool import Pool
    from journeybuilder.connect.model_process import ApartModels, ModelProcess
    from journeybuilder.connect.models import LiteModels
    from journeybuilder.run.recorder import Observer
    from journeybuilder.run.scheduler import Scheduler

__all__ = [
    "Host", "Queues", "SystemClock", "findings_of", "findings_of_export", "is_alive",
    "journey_findings", "known_of", "servers_of", "this_process",
]  # fmt: skip

STATE_FOLDER = ".journeybuilder"
DEFAULT_STORE = f"sqlite:///{STATE_FOLDER}/runs.db"
PATIENCE = 30.0
"""Seconds that a run sits through rather than being parked."""


class SystemClock(Clock):
    """The real time; waits of more than a moment park the run."""

    @override
    def now(self) -> float:
        return time.time()

    @override
    async def wait(self, until: float) -> bool:
        length = until - time.time()
        if length > PATIENCE:
            return False
        import asyncio  # noqa: PLC0415 - 50 ms, which a check need not pay

        await asyncio.sleep(max(0.0, length))
        return True


class Queues(People):
    """People who decide later, through `jb reviews`: the run parks."""

    @override
    async def ask(self, task: PersonTask) -> PersonAnswer | None:
        del task
        return None


def this_process() -> str:
    """The name under which this process drives runs: `machine:pid`."""
    return f"{platform.node()}:{os.getpid()}"


def is_alive(driver: str) -> bool:
    """Whether a process of this name is running on this machine; False where nobody can tell."""
    machine, _, pid = driver.rpartition(":")
    if machine != platform.node() or not pid.isdecimal() or sys.platform == "win32":
        return False  # on Windows, os.kill would end the process
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_left(row: RunRow) -> bool:
    """Whether a run is marked as driven by a process of this machine that is dead.

    Of other machines, of Windows and of who gave no name nobody can tell: their runs are left alone.
    """
    machine, _, pid = row.driver.rpartition(":")
    here = machine == platform.node() and pid.isdecimal() and sys.platform != "win32"
    return row.status == "running" and here and not is_alive(row.driver)


class Host:
    """Servers, models and stores of a workspace or a bundle, connected when first used.

    Args:
        base: The folder that relative paths and `${workspaceFolder}` mean.
        servers: How each MCP server is reached.
        on_change: Called when a server changes its state.
    """

    def __init__(
        self,
        base: Path,
        servers: Mapping[str, ServerSpec],
        on_change: Callable[[ServerState], None] | None = None,
    ) -> None:
        self.base = base
        self.secrets = Secrets()
        self._servers = servers
        self._variables = Variables(base, self.secrets)
        self._on_change = on_change
        self._pool: Pool | None = None
        self._models: list[LiteModels] = []
        self._model_process: ModelProcess | None = None
        self._journals: list[Journal] = []
        self._memory: Memory | None = None
        self.unkept: OperatorError | None = None
        self._keeping: asyncio.Lock | None = None

    @classmethod
    def of_workspace(
        cls, workspace: Workspace, on_change: Callable[[ServerState], None] | None = None
    ) -> "Host":
        """A host for what a workspace configures."""
        return cls(workspace.root, workspace.servers, on_change)

    @classmethod
    def of_bundle(
        cls, bundle: Bundle, base: Path, on_change: Callable[[ServerState], None] | None = None
    ) -> "Host":
        """A host for what a bundle carries."""
        return cls(base, servers_of(bundle), on_change)

    @property
    def state_dir(self) -> Path:
        """Where local state lives; it may not exist yet."""
        return self.base / STATE_FOLDER

    @property
    def pool(self) -> "Pool":
        """The MCP servers; importing the SDK takes a second, so it happens here."""
        if self._pool is None:
            from journeybuilder.connect.mcp_pool import Pool  # noqa: PLC0415 - slow import

            self._pool = Pool(
                self._servers,
                variables=self._variables,
                log_dir=self.state_dir / "logs",
                on_change=self._on_change,
            )
        return self._pool

    async def discover(self, names: Sequence[str] | None = None) -> list[ServerState]:
        """Ask servers for their tools and remember the answer for `jb check`.

        Where the answer cannot be kept (a read-only folder), it is given all the same, and `unkept`
        says why.
        """
        states = await self.pool.discover(names)
        await self.keep(states)
        return states

    async def keep(self, states: Sequence[ServerState]) -> None:
        """Remember what servers have answered; `unkept` says why where that cannot be."""
        import asyncio  # noqa: PLC0415 - see SystemClock

        if self._keeping is None:
            self._keeping = asyncio.Lock()  # two at a time would lose what one of them writes
        async with self._keeping:
            try:
                await asyncio.to_thread(save_catalog, self.state_dir, states)
                self.unkept = None
            except OperatorError as error:
                self.unkept = error

    async def end(self, names: Sequence[str]) -> None:
        """End servers; their next use starts them again."""
        if self._pool is not None:
            await self._pool.end(names)

    async def adopt(self, servers: Mapping[str, ServerSpec]) -> None:
        """Go on with other entries of `mcp.json`; servers whose entry is the same live on."""
        self._servers = servers
        self.secrets.forget()
        if self._pool is not None:
            await self._pool.adopt(servers)

    def services(
        self,
        bundle: Bundle,
        channel: Channel,
        people: People | None = None,
        clock: Clock | None = None,
    ) -> Services:
        """The connected world for runs of a bundle; customers are remembered in the last run store."""
        models = self.models(bundle)
        models.warm()  # LiteLLM loads while the servers start
        return Services(
            tools=self.pool,
            models=models,
            channel=channel,
            people=people or Queues(),
            clock=clock or SystemClock(),
            memory=self._memory,
        )

    def scheduler(
        self,
        journal: Journal,
        channel: Channel,
        people: People | None = None,
        *,
        observe: "Observer | None" = None,
        concurrency: int = 50,
    ) -> "Scheduler":
        """What goes on with the due runs of a store, and with those that a dead process has left.

        Each is driven with the bundle that it began with.
        """
        from journeybuilder.plan.plan import make_plan  # noqa: PLC0415 - see SystemClock
        from journeybuilder.run.engine import Engine  # noqa: PLC0415
        from journeybuilder.run.scheduler import Scheduler  # noqa: PLC0415

        clock, engines = SystemClock(), dict[str, Engine]()

        async def engine_of(row: RunRow) -> Engine:
            if row.plan not in engines:
                body = await journal.plan(row.plan)
                if body is None:
                    raise OperatorError("the store has lost the bundle of this run", where=row.run)
                bundle = Bundle(json.loads(body))
                services = self.services(bundle, channel, people, clock)
                plan = make_plan(bundle, begun=True)
                engines[row.plan] = Engine(plan, journal, services, observe, driver=this_process())
            return engines[row.plan]

        return Scheduler(journal, clock, engine_of, concurrency=concurrency, is_left=is_left)

    def models(self, bundle: Bundle) -> "LiteModels":
        """The models of a bundle; their library is imported at the first call only."""
        from journeybuilder.connect.model_budgets import Spending  # noqa: PLC0415 - not always used
        from journeybuilder.connect.models import LiteModels  # noqa: PLC0415
        from journeybuilder.connect.scripted import Scripted  # noqa: PLC0415

        models = LiteModels(
            bundle.models,
            resolve=self._variables.resolve,
            scripted=Scripted(),
            spending=Spending(self.state_dir / "spending.db"),
            redact=self.secrets.redact_value,
        )
        self._models.append(models)
        return models

    def models_apart(self, bundle: Bundle) -> "ApartModels":
        """The models of a bundle, asked in a process of their own.

        For a window, which must not stand still while their library is imported. Belongs to the event
        loop in which it is called.
        """
        from journeybuilder.connect.model_process import (  # noqa: PLC0415 - not always used
            ApartModels,
            ModelProcess,
        )

        if self._model_process is None:
            self._model_process = ModelProcess()
        return ApartModels(
            self._model_process,
            bundle.models,
            resolve=self._variables.resolve,
            here=self.models(bundle),
            spending=self.state_dir / "spending.db",
            redact=self.secrets.redact_value,
        )

    def journal(self, url: str = "", *, create: bool = True) -> Journal:
        """The run store behind a URL: `sqlite:///PATH` from the base folder, or `memory:`.

        Args:
            url: The store; the workspace's own when empty.
            create: Whether a file that is missing is made; else an empty store stands in for it, so
                that looking leaves nothing behind.

        Raises:
            OperatorError: When there is no such kind of store.
            StoreError: When it cannot be opened.
        """
        url = url or DEFAULT_STORE
        path = self.base / url.removeprefix("sqlite:///")
        if url == "memory:" or (url.startswith("sqlite:///") and not create and not path.exists()):
            from journeybuilder.connect.store_memory import MemoryJournal  # noqa: PLC0415

            journal: Journal = MemoryJournal()
        elif url.startswith("sqlite:///"):
            from journeybuilder.connect.store_sqlite import SqliteJournal  # noqa: PLC0415

            journal = SqliteJournal(path)
        else:
            raise OperatorError(
                f"there is no run store for '{url}'",
                hint="Use sqlite:///FILE, or memory: for runs that need not last.",
            )
        self._journals.append(journal)
        self._memory = journal.memory()
        return journal

    async def close(self) -> None:
        """Stop every server, let go of every store; nothing is left running."""
        try:
            if self._pool is not None:
                await self._pool.close()
            for models in self._models:
                await models.close()
            if self._model_process is not None:
                await self._model_process.close()
        finally:  # whatever happens there, what was committed is written
            for journal in self._journals:
                await journal.close()


def servers_of(bundle: Bundle) -> Mapping[str, ServerSpec]:
    """How the servers of a bundle are reached.

    Raises:
        OperatorError: When an entry is not of the form of `mcp.json`.
    """
    text = json.dumps({"mcpServers": dict(bundle.servers)})
    specs, findings = read_servers(text, "bundle")
    wrong = [finding for finding in findings if finding.severity == "error"]
    if wrong:
        raise OperatorError(wrong[0].message, where="servers of the bundle", hint=wrong[0].hint)
    facts: dict[str, Mapping[str, Any]] = {}
    for name, entry in bundle.servers.items():
        known = as_object(entry)
        facts[name] = {"start": as_list(known.get("start")), "trust": known.get("trust", "")}
    return with_facts(specs, facts)
