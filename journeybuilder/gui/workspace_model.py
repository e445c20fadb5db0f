"""The open workspace: its files, its servers and tools as they are discovered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from journeybuilder.checks import Known
from journeybuilder.connect.catalog import ServerState, load_offers
from journeybuilder.contract.offers import Offers, Prompt
from journeybuilder.contract.tools import Risk, ToolDef, facts_of, risk_of
from journeybuilder.document.source import JourneyFile
from journeybuilder.document.workspace import Workspace, read_workspace
from journeybuilder.gui.bridge import Bridge, Failure, Job
from journeybuilder.gui.canvas.model import QuickKind
from journeybuilder.gui.journey_model import JourneyModel
from journeybuilder.host import Host, known_of
from journeybuilder.kinds import KINDS


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
        self.known: Known = known_of(self.workspace)
        self._bridge = bridge
        self._host: Host | None = None
        self._job: Job | None = None
        self._offers: Mapping[str, Offers] = load_offers(self.workspace.state_dir)
        self.servers: Mapping[str, ServerState] = self._idle()

    @property
    def root(self) -> Path:
        """Its folder."""
        return self.workspace.root

    def _idle(self) -> dict[str, ServerState]:
        return {
            name: ServerState(
                name, "disabled" if spec.disabled else "idle", transport=spec.transport
            )
            for name, spec in self.workspace.servers.items()
        }

    def risks(self) -> dict[str, Risk]:
        """The risk to reckon with, by `server/tool`."""
        facts = self.workspace.tool_facts
        return {
            name: risk_of(tool, facts_of(facts.get(name, {})))
            for name, tool in self.known.tools.items()
        }

    def tools(self) -> dict[str, tuple[ToolDef, Risk]]:
        """Every known tool with its risk, by `server/tool`."""
        risks = self.risks()
        return {name: (tool, risks[name]) for name, tool in sorted(self.known.tools.items())}

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
            (name, kind.title, kind.about, {}) for name, kind in KINDS.items() if name != "tool"
        ]
        tools: list[QuickKind] = [
            ("tool", tool.label, f"{name}: {' '.join(tool.description.split())}", {"tool": name})
            for name, tool in sorted(self.known.tools.items())
        ]
        return [*kinds, *tools]

    @property
    def host(self) -> Host:
        """The servers of the workspace; made when first needed, used in the loop only."""
        if self._host is None:
            self._host = Host.of_workspace(self.workspace, self._told)
        return self._host

    def _told(self, state: ServerState) -> None:
        """Called in the loop."""
        self._bridge.post(self._server_changed, state)

    def _server_changed(self, state: ServerState) -> None:
        self.servers = {**self.servers, state.name: state}
        if state.ok:
            fresh = {tool.id: tool for tool in state.tools}
            kept = {
                name: tool for name, tool in self.known.tools.items() if tool.server != state.name
            }
            locked = {
                name: tool for name, tool in self.known.tools.items() if name in self.known.locked
            }
            discovered = {*self.known.discovered, state.name}
            self.known = replace(
                self.known, tools={**kept, **fresh, **locked}, discovered=discovered
            )
        self.world_changed.emit()

    def discover(self, names: Sequence[str] | None = None) -> None:
        """Ask the servers for their tools; each server's state is told as it changes."""
        if self._job is not None and not self._job.done:
            return
        wanted = [name for name, spec in self.workspace.servers.items() if not spec.disabled]
        if not wanted:
            return
        self.servers = {
            name: replace(state, state="connecting", error="", hint="") if name in wanted else state
            for name, state in self.servers.items()
        }
        self.world_changed.emit()
        self.discovering.emit(True)
        self._job = self._bridge.submit(
            self.host.discover(names), self._discovered, self._not_discovered
        )

    def _discovered(self, states: Sequence[ServerState]) -> None:
        self.servers = {**self.servers, **{state.name: state for state in states}}
        self.known = known_of(self.workspace)
        self._offers = load_offers(self.workspace.state_dir)
        self.discovering.emit(False)
        self.world_changed.emit()

    def _not_discovered(self, failure: Failure) -> None:
        self.discovering.emit(False)
        self.failed.emit(failure)

    def reload(self) -> None:
        """Read the files again; servers whose entry has changed are forgotten.

        Raises:
            ProgramError: When the folder cannot be read any more.
        """
        before = self.workspace.servers
        self.workspace = read_workspace(self.root)
        self.known = known_of(self.workspace)
        if before != self.workspace.servers:
            self._drop_host()
            self.servers = self._idle()
        self.world_changed.emit()

    def with_draft(self, model: JourneyModel) -> Workspace:
        """The workspace with a journey as it is shown now, saved or not."""
        journey = model.journey
        file = JourneyFile(model.disk.source, journey, None, model.draft.layout)
        return replace(self.workspace, journeys={**self.workspace.journeys, journey.id: file})

    def _drop_host(self) -> None:
        host, self._host = self._host, None
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if host is not None:
            self._bridge.let_go(host.close())

    def close(self) -> None:
        """Stop its servers."""
        self._drop_host()
