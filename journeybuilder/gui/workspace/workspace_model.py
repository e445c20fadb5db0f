"""The open workspace: its files, its servers and tools as they are discovered."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from weakref import ref

from PySide6.QtCore import QObject, QTime, QTimer, Signal

from journeybuilder.checks import Known
from journeybuilder.connect.catalog import ServerState, load_catalog, load_offers
from journeybuilder.contract.offers import Offers, Prompt
from journeybuilder.contract.tools import Risk, ToolDef, facts_of, risk_of
from journeybuilder.document.servers import ServerSpec
from journeybuilder.document.source import JourneyFile
from journeybuilder.document.workspace import Workspace, read_workspace
from journeybuilder.gui.bridge import Bridge, Failure, Job
from journeybuilder.gui.canvas.model import QuickKind
from journeybuilder.gui.expressions.book import SampleBook
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.workspace.server_shelf import Shelf, below, shelf_like
from journeybuilder.host import Host, known_of
from journeybuilder.kinds import KINDS

_SETTLE = 40  # ms in which news of several servers become one
_NO_OFFERS = Offers()


class WorkspaceModel(QObject):
    """What the window knows of a workspace; servers live in the bridge's loop.

    Signals:
        world_changed: Servers, tools, models or queues are other ones now.
        discovering: Whether servers are being asked.
        failed: A `Failure` to tell the person.
    """

    world_changed = Signal()
    discovering = Signal(bool)
    failed = Signal(object)

    def __init__(self, root: Path, bridge: Bridge) -> None:
        super().__init__()
        self.workspace: Workspace = read_workspace(root)
        self.bridge = bridge
        self.samples = SampleBook(self.workspace.state_dir, partial(_scenarios_of, ref(self)))
        self._host: Host | None = None
        self._jobs: dict[Job, set[str]] = {}
        self._shelves: dict[str, Shelf] = {}
        self._heard: set[str] = set()
        self.heard_at: dict[str, QTime] = {}
        self._lists: dict[str, Sequence[ToolDef]] = {}
        for tool in load_catalog(self.workspace.state_dir).values():
            self._lists[tool.server] = [*self._lists.get(tool.server, ()), tool]
        self._offers: dict[str, Offers] = load_offers(self.workspace.state_dir)
        self.known: Known = self._knowledge()
        self.servers: Mapping[str, ServerState] = self._idle()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self._tell)

    @property
    def root(self) -> Path:
        """Its folder."""
        return self.workspace.root

    def _idle(self) -> dict[str, ServerState]:
        return {name: _first(spec) for name, spec in self.workspace.servers.items()}

    def _knowledge(self) -> Known:
        found = {tool.id: tool for tools in self._lists.values() for tool in tools}
        return known_of(self.workspace, found, self._offers)

    # --- what is known -------------------------------------------------------------------------

    def risks(self) -> dict[str, Risk]:
        """The risk to reckon with, by `server/tool`."""
        facts = self.workspace.tool_facts
        return {
            name: risk_of(tool, facts_of(facts.get(name, {})))
            for name, tool in self.known.tools.items()
        }

    def tool_data(self) -> dict[str, Mapping[str, str]]:
        """The data class of every field of a tool that has one, by `server/tool`."""
        facts = self.workspace.tool_facts
        return {name: data for name, raw in facts.items() if (data := facts_of(raw).data)}

    def tools(self) -> dict[str, tuple[ToolDef, Risk]]:
        """Every known tool with its risk, by `server/tool`."""
        risks = self.risks()
        return {name: (tool, risks[name]) for name, tool in sorted(self.known.tools.items())}

    def shelves(self) -> list[Shelf]:
        """Every server with what it offers; the same object as before where nothing has changed."""
        fresh: dict[str, Shelf] = {}
        for name, spec in self.workspace.servers.items():
            new = Shelf(
                name, spec, self.servers.get(name) or _first(spec), self._lists.get(name, ()),
                self._offers.get(name, _NO_OFFERS), name in self._heard,
                below(name, self.workspace.lock), below(name, self.workspace.tool_facts),
            )  # fmt: skip
            fresh[name] = shelf_like(self._shelves.get(name), new)
        self._shelves = fresh
        return list(fresh.values())

    def shelf(self, name: str) -> Shelf | None:
        """One server with what it offers."""
        return next((one for one in self.shelves() if one.name == name), None)

    def listed(self) -> list[tuple[str, str, str]]:
        """Its journeys: id, title and what each is for."""
        return [
            (name, file.journey.title or name, str(file.journey.data.get("about") or ""))
            for name, file in self.workspace.journeys.items()
        ]

    @property
    def resources(self) -> Mapping[str, str]:
        """Words for each known resource and template, by `server/address`."""
        return {
            f"{server}/{one.uri}": ": ".join(part for part in (one.label, one.description) if part)
            for server, offers in self._offers.items()
            for one in (*offers.templates, *offers.resources)
        }

    @property
    def prompts(self) -> Mapping[str, Prompt]:
        """The known prompts by `server/prompt`."""
        return {one.id: one for offers in self._offers.values() for one in offers.prompts}

    def quick_kinds(self) -> Sequence[QuickKind]:
        """What can follow a node: each kind, and each tool as a node that calls it."""
        kinds: list[QuickKind] = [
            (name, tr(kind.title), tr(kind.about), {})
            for name, kind in KINDS.items()
            if name != "tool"
        ]
        tools: list[QuickKind] = [
            ("tool", tool.label, f"{name}: {_first_words(tool)}", {"tool": name})
            for name, tool in sorted(self.known.tools.items())
        ]
        return [*kinds, *tools]

    # --- asking servers --------------------------------------------------------------------------

    @property
    def host(self) -> Host:
        """The servers of the workspace; made when first needed, used in the loop only."""
        if self._host is None:
            self._host = Host.of_workspace(self.workspace, self._told)
        return self._host

    @property
    def asking(self) -> set[str]:
        """The servers that are being asked and have not answered."""
        waiting = {name for names in self._jobs.values() for name in names}
        return {
            name
            for name in waiting
            if name in self.servers and self.servers[name].state in {"connecting", "idle"}
        }

    @property
    def asked(self) -> int:
        """How many servers the discoveries under way ask in all."""
        return len({name for names in self._jobs.values() for name in names})

    def _told(self, state: ServerState) -> None:
        """Called in the loop, which pays for what a list of tools costs to read."""
        if state.ok:
            for tool in state.tools:
                tool.digest()
        self.bridge.post(self._server_changed, state)

    def _server_changed(self, state: ServerState) -> None:
        if state.name not in self.workspace.servers:
            return
        before = self.servers.get(state.name)
        self.servers = {**self.servers, state.name: state}
        if state.ok:
            self._learn(state)
            if before is not None and before.ok and not self._is_asked(state.name):
                # It has changed its tools by itself: `jb check` is to know that too.
                self.bridge.submit(self.host.keep([state]))
        if not self._settle.isActive():
            self._settle.start()

    def _learn(self, state: ServerState) -> None:
        """Take over what a server offers."""
        self._heard.add(state.name)
        self.heard_at[state.name] = QTime.currentTime()
        if list(self._lists.get(state.name, ())) != list(state.tools):
            self._lists = {**self._lists, state.name: state.tools}
        if self._offers.get(state.name) != state.offers:
            self._offers = {**self._offers, state.name: state.offers}

    def _is_asked(self, name: str) -> bool:
        return any(name in names for names in self._jobs.values())

    def _tell(self) -> None:
        self._settle.stop()
        self.known = self._knowledge()
        self.world_changed.emit()

    def discover(self, names: Sequence[str] | None = None) -> None:
        """Ask servers for their tools, all by default; each one's state is told as it changes."""
        servers = self.workspace.servers
        busy = self.asking
        wanted = [
            name
            for name in (servers if names is None else names)
            if name in servers and not servers[name].disabled and name not in busy
        ]
        if not wanted:
            return
        self.servers = {
            name: replace(state, state="connecting", error="", hint="") if name in wanted else state
            for name, state in self.servers.items()
        }
        first = not self._jobs
        job = self.bridge.submit(self._ask(wanted), self._discovered, self._not_discovered)
        self._jobs[job] = set(wanted)
        self.world_changed.emit()
        if first:
            self.discovering.emit(True)

    async def _ask(self, names: Sequence[str]) -> Sequence[ServerState]:
        states = await self.host.discover(names)
        await asyncio.sleep(0)
        return states

    def _discovered(self, states: Sequence[ServerState]) -> None:
        mine = {state.name: state for state in states if state.name in self.workspace.servers}
        self.servers = {**self.servers, **mine}
        for state in mine.values():
            if state.ok:
                self._learn(state)
        self._over()
        self._tell()

    def _not_discovered(self, failure: Failure) -> None:
        self._over()
        self.failed.emit(failure)

    def _over(self) -> None:
        """Forget the jobs that have ended."""
        self._jobs = {job: names for job, names in self._jobs.items() if not job.done}
        if not self._jobs:
            self.discovering.emit(False)

    def cancel(self, names: Sequence[str] | None = None) -> None:
        """Stop asking these servers, or all that have not answered; seen at once."""
        left = self.asking if names is None else self.asking & set(names)
        self.stop(sorted(left))

    def stop(self, names: Sequence[str]) -> None:
        """End these servers; nothing is lost, the next question starts them again."""
        if not names or self._host is None:
            return
        for job, mine in [*self._jobs.items()]:
            rest = mine - set(names)
            if not any(
                self.servers[name].state == "connecting" for name in rest if name in self.servers
            ):
                job.cancel()  # some may wait for their turn and have nothing to end yet
                done = [self.servers[name] for name in rest if self.servers[name].ok]
                if done:
                    self.bridge.submit(self.host.keep(done))
        for name in names:
            state = self.servers[name]
            hint = tr("You have stopped it. Ask again when you like.")
            self.servers = {
                **self.servers, name: replace(state, state="stopped", error="", hint=hint)
            }  # fmt: skip
        self.bridge.submit(self.host.end(names))
        self._over()
        self._tell()

    def restart(self, name: str) -> None:
        """End a server and ask it anew."""
        if self._host is None or self.servers[name].state in {"idle", "stopped", "failed"}:
            self.discover([name])
            return
        self.stop([name])
        self.discover([name])

    # --- files -----------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the files again; servers whose entry has changed are ended, the others live on.

        Raises:
            ProgramError: When the folder cannot be read any more.
        """
        self.take(read_workspace(self.root))

    def take(self, found: Workspace) -> None:
        """Go on with what the files say now; servers whose entry has changed are ended."""
        before = self.workspace.servers
        self.workspace = found
        now = self.workspace.servers
        if before != now:
            self._adopt(before, now)
        self.known = self._knowledge()
        self.samples.files_changed()
        self.world_changed.emit()

    def _adopt(self, before: Mapping[str, ServerSpec], now: Mapping[str, ServerSpec]) -> None:
        """Go on with other entries of `mcp.json`."""
        same = {name for name, spec in now.items() if before.get(name) == spec}
        idle = self._idle()
        self.servers = {
            name: self.servers[name] if name in same and name in self.servers else idle[name]
            for name in now
        }
        for job, names in [*self._jobs.items()]:
            if not names & same:
                job.cancel()
        self._heard &= same
        if self._host is not None:
            self.bridge.submit(self._host.adopt(now))
        self._over()

    def forget_secrets(self) -> None:
        """Have every secret looked up anew: one was stored."""
        if self._host is not None:
            self._host.secrets.forget()

    def with_draft(self, model: JourneyModel) -> Workspace:
        """The workspace with a journey as it is shown now, saved or not."""
        journey = model.journey
        file = JourneyFile(model.disk.source, journey, None, model.draft.layout)
        return replace(self.workspace, journeys={**self.workspace.journeys, journey.id: file})

    def close(self) -> None:
        """Stop its servers."""
        self._settle.stop()
        host, self._host = self._host, None
        for job in self._jobs:
            job.cancel()
        self._jobs = {}
        if host is not None:
            self.bridge.let_go(host.close())


def _first(spec: ServerSpec) -> ServerState:
    """What is known of a server that was never asked."""
    state = "disabled" if spec.disabled else "idle"
    return ServerState(spec.name, state, transport=spec.transport)


def _first_words(tool: ToolDef) -> str:
    """The beginning of a description, however long a server has made it."""
    return " ".join(tool.description[:400].split())


def _scenarios_of(space: "ref[WorkspaceModel]") -> list[Mapping[str, Any]]:
    found = space()
    return [] if found is None else [one.data for one in found.workspace.scenarios.values()]
