"""The servers of the workspace: how each is, what is wrong and how to mend it, its tools, its log."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QMenu
from typing_extensions import override

from journeybuilder.connect.doctor import Said, examine, missing, secret_names
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.server_paste import usable_name
from journeybuilder.errors import ProgramError
from journeybuilder.gui.bridge import Failure, Job
from journeybuilder.gui.look import questions
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.gui.panels.secret_dialog import SecretDialog
from journeybuilder.gui.panels.server_dialog import ServerDialog
from journeybuilder.gui.panels.servers_face import ServersFace
from journeybuilder.gui.serving import Serving
from journeybuilder.gui.workspace.server_shelf import Shelf
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel
from journeybuilder.refactor.servers import steps_by_tool, used_in

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_NOTICE = 12_000  # ms that a passing message stays


class ServersPanel(Panel, ServersFace):
    """The list above, the server in front below."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window.look)
        self._window = window
        self._serving: Serving = window.serving
        self._space: WorkspaceModel | None = None
        self._job: Job | None = None
        self._examined: Shelf | None = None
        self._steps: Mapping[str, Sequence[tuple[str, str]]] = {}
        self._steps_of: object = None
        self._connect()
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.setInterval(_NOTICE)
        self._fade.timeout.connect(self._hide_notice)
        self._serving.said.connect(self.say)
        self._serving.wanted.connect(self.select)
        window.look.changed.connect(self._recolor)

    def _connect(self) -> None:
        self.add_button.clicked.connect(self.add_server)
        self.ask_button.clicked.connect(self._ask_all)
        self.stop_button.clicked.connect(weak(self._serving.asked, "stop", ""))
        self.list.customContextMenuRequested.connect(self._context)
        self.list.selectionModel().currentChanged.connect(self._show)
        self.undo_button.clicked.connect(self.undo)
        self.start_button.clicked.connect(self._start)
        self.end_button.clicked.connect(self._end)
        self.login_button.clicked.connect(self._login)
        self.more_button.clicked.connect(self._more)
        self.doctor.cure.connect(self._cure)
        self.tools.risk_chosen.connect(self._set_risk)
        self.tools.approve.connect(self._approve)
        self.tools.forget.connect(self._forget)
        self.tools.node_wanted.connect(self._go_to)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.first_button.clicked.connect(self.add_server)

    # --- what it is told ---------------------------------------------------------------------------

    @override
    def show_world(self, space: WorkspaceModel | None) -> None:
        if space is not self._space:
            self._let_go()
            self._space = space
            self._steps_of = None
            self._hide_notice()
        self.setEnabled(space is not None)
        shelves = [] if space is None else space.shelves()
        self.middle.setCurrentIndex(0 if shelves else 1)
        self.add_button.setVisible(bool(shelves))  # the empty page has one of its own
        asking: set[str] = set() if space is None else space.asking
        self.ask_button.setVisible(bool(shelves) and not asking)
        self.stop_button.setVisible(bool(asking))
        self.progress.setText("")
        if space is not None and asking:
            done = space.asked - len(asking)
            self.progress.setText(tr("{done} of {every} asked", done=done, every=space.asked))
        name = self.current
        self.model.show(shelves, {} if space is None else space.heard_at)
        if self.current != name or not self.current:
            number = max(0, self.model.row_of(name))
            if shelves:
                self.list.setCurrentIndex(self.model.index(number))
        self._show()

    @override
    def go(self) -> None:
        """Put the focus into the list, or to what adds a server where there is none."""
        (self.list if self.model.shelves else self.first_button).setFocus(BY_KEYS)

    @property
    def current(self) -> str:
        """Name of the server in front."""
        shelf = self.shelf
        return shelf.name if shelf is not None else ""

    @property
    def shelf(self) -> Shelf | None:
        """The server in front."""
        number = self.list.currentIndex().row()
        return self.model.shelves[number] if 0 <= number < len(self.model.shelves) else None

    def select(self, name: str) -> None:
        """Bring a server to the front."""
        number = self.model.row_of(name)
        if number >= 0:
            self.list.setCurrentIndex(self.model.index(number))

    def _show(self) -> None:
        """Show the server in front as it is now."""
        shelf, space = self.shelf, self._space
        if shelf is None or space is None:
            self.tools.show_shelf(None, {})
            return
        state = shelf.state.state
        self.title.setText(shelf.name)
        running = state in {"ready", "connecting"}
        words = {"ready": tr("Ask again"), "failed": tr("Try again"), "disabled": tr("Switch on")}
        self.start_button.setText(words.get(state, tr("Start")))
        self.start_button.setVisible(state != "connecting")
        self.end_button.setVisible(running)
        self.login_button.setVisible(bool(shelf.spec.url) and state != "disabled")
        out = shelf.state.auth == "oauth"
        self.login_button.setText(tr("Log out") if out else tr("Log in…"))
        self._examine(shelf, space)
        self._show_tools(shelf, space)
        self.log.show_log(space.bridge, space.workspace.state_dir / "logs" / f"{shelf.name}.log")
        self.tabs.setTabText(1, trn("{n} tool", "{n} tools", len(shelf.tools)))

    def _show_tools(self, shelf: Shelf, space: WorkspaceModel) -> None:
        key = (id(space.workspace.journeys), shelf.name)
        if self._steps_of != key:
            self._steps_of = key
            self._steps = steps_by_tool(space.workspace, shelf.name)
        self.tools.show_shelf(shelf, self._steps)

    def _examine(self, shelf: Shelf, space: WorkspaceModel) -> None:
        """Ask the doctor, who may look into the keyring: not in the window's own time."""
        if shelf is self._examined:
            return
        if self._job is not None:
            self._job.cancel()
        self._examined = shelf
        self._job = space.bridge.submit(
            asyncio.to_thread(_diagnosis, space, shelf), self._diagnosed, self._not_diagnosed
        )

    def _diagnosed(self, found: tuple[Shelf, list[Said], list[str]]) -> None:
        shelf, lines, secrets = found
        if shelf is self.shelf:
            self.doctor.show_lines(lines, secrets)

    def _not_diagnosed(self, failure: Failure) -> None:
        self.doctor.show_lines([Said("wrong", str(failure), "wrong")], ())

    def _tab_changed(self) -> None:
        if self.tabs.currentWidget() is self.log:
            self.log.refresh()

    def _recolor(self) -> None:
        self.list.viewport().update()
        self._show()

    def _let_go(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._examined = None
        self.log.let_go()

    # --- messages ------------------------------------------------------------------------------------

    def say(self, words: str, undoable: bool = False) -> None:
        """A message above the list; with a button that takes back what was done."""
        self.notice_words.setText(words)
        self.undo_button.setVisible(undoable)
        self.notice.setVisible(bool(words))
        if undoable:
            self._fade.stop()
        else:
            self._fade.start()

    def _hide_notice(self) -> None:
        self._fade.stop()
        self.notice.hide()

    def undo(self) -> None:
        """Take the last change back."""
        edits = self._serving.edits
        if edits is None or not edits.last:
            self._hide_notice()
            return
        try:
            title = edits.undo()
        except ProgramError as error:
            self.say(str(error))
            return
        self.say(tr("Taken back: {what}", what=title), bool(edits.last))
        self.list.setFocus()

    def _do(self, words: str, call: Any, *args: Any, **named: Any) -> bool:
        """Change files and say so; False where it did not work, which was said."""
        try:
            call(*args, **named)
        except ProgramError as error:
            self.say(str(error))
            return False
        self.say(words, undoable=True)
        return True

    # --- what the person does ------------------------------------------------------------------------

    def add_server(self) -> None:
        """Open the dialog that adds servers."""
        space = self._space
        if space is not None:
            taken = list(space.workspace.servers)
            ServerDialog(space.bridge, taken, self._added, self).open()

    def _added(self, entries: Mapping[str, Mapping[str, Any]]) -> str:
        edits = self._serving.edits
        if edits is None:
            return tr("No workspace is open.")
        try:
            edits.add(entries)
        except ProgramError as error:
            return str(error)
        self.say(tr("Added {names}", names=", ".join(entries)), undoable=True)
        self.select(next(iter(entries)))
        self._window.files.discover(list(entries))
        return ""

    def edit_server(self) -> None:
        """Open the dialog that changes the server in front."""
        space, edits, name = self._space, self._serving.edits, self.current
        if space is not None and edits is not None and name:
            ServerDialog(
                space.bridge, list(space.workspace.servers), self._edited, self, name=name,
                entry=edits.entry(name),
            ).open()  # fmt: skip

    def _edited(self, entries: Mapping[str, Mapping[str, Any]]) -> str:
        edits = self._serving.edits
        name, entry = next(iter(entries.items()))
        if edits is None:
            return tr("No workspace is open.")
        if entry == edits.entry(name):
            return ""
        try:
            edits.change(name, entry)
        except ProgramError as error:
            return str(error)
        self.say(tr("Changed {name}", name=name), undoable=True)
        self._window.files.discover([name])
        return ""

    def rename_server(self) -> None:
        """Ask for another name, and use it wherever the server is named."""
        edits, name = self._serving.edits, self.current
        if edits is None or not name:
            return
        open_ones = [tab.model.title for tab in self._window.tabs() if not tab.model.saved]
        if open_ones:
            self.say(tr("Save first: {names}", names=", ".join(open_ones)))
            return
        words = tr("New name; journeys, scenarios and mcp.lock follow")
        given = questions.ask_name(self, tr("Rename {name}", name=name), words, name)
        if given and usable_name(given) != name:
            new = usable_name(given)
            said = tr("Renamed {old} to {new}", old=name, new=new)
            if self._do(said, edits.rename, name, new):
                self.select(new)
                self._window.files.discover([new])

    def remove_server(self) -> None:
        """Remove the server in front; says which journeys use it, and can be taken back."""
        edits, space, name = self._serving.edits, self._space, self.current
        if edits is None or space is None or not name:
            return
        used = used_in(space.workspace, name)
        said = tr("Removed {name}", name=name)
        if used:
            said = tr(
                "Removed {name}. Journeys that use it: {names}", name=name, names=", ".join(used)
            )
        self._do(said, edits.remove, name)

    def _start(self) -> None:
        shelf = self.shelf
        if shelf is not None:
            what = {"disabled": "on", "ready": "restart"}.get(shelf.state.state, "retry")
            self._serving.asked(what, shelf.name)

    def _end(self) -> None:
        self._serving.asked("stop", self.current)

    def _ask_all(self) -> None:
        self._window.files.discover()

    def _login(self) -> None:
        shelf = self.shelf
        if shelf is None:
            return
        if self._serving.logging_in:
            self._serving.cancel_login()
        elif shelf.state.auth == "oauth":
            self._serving.log_out(shelf.name)
        else:
            self._serving.log_in(shelf.name)

    def _cure(self, what: str) -> None:
        kind, _, name = what.partition(":")
        space = self._space
        if kind == "login":
            self._login()
        elif kind == "log":
            self.tabs.setCurrentWidget(self.log)
        elif kind == "secret" and space is not None:
            SecretDialog(space.bridge, name, self._stored, self, fixed=True).open()

    def _stored(self, name: str) -> None:
        self.say(tr("Stored the secret {name}", name=name))
        self._examined = None
        if self._space is not None:
            self._space.forget_secrets()
            self._window.files.discover([self.current])
        self._show()

    def _set_risk(self, tool: str, risk: str) -> None:
        edits = self._serving.edits
        if edits is not None:
            self._do(tr("The risk of {tool} is changed", tool=tool), edits.set_risk, tool, risk)

    def _approve(self, tools: Sequence[ToolDef]) -> None:
        edits = self._serving.edits
        if edits is not None and tools:
            words = trn(
                "Approved {n} tool as it is now", "Approved {n} tools as they are now", len(tools)
            )
            self._do(words, edits.approve, tools)

    def _forget(self, tools: Sequence[str]) -> None:
        edits = self._serving.edits
        if edits is not None:
            self._do(tr("Forgot {names}", names=", ".join(tools)), edits.forget, tools)

    def _go_to(self, journey: str, node: str) -> None:
        tab = self._window.files.open_journey(journey)
        if tab is not None:
            tab.go_to(node)

    # --- menus -------------------------------------------------------------------------------------

    def _more(self) -> None:
        self._menu(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))

    def _context(self, place: QPoint) -> None:
        if self.shelf is not None:
            self._menu(self.list.viewport().mapToGlobal(place))

    def _menu(self, place: QPoint) -> None:
        shelf = self.shelf
        if shelf is None:
            return
        menu = QMenu(self)
        menu.setObjectName("server.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        off = shelf.spec.disabled
        menu.addAction(tr("Change…")).triggered.connect(self.edit_server)
        menu.addAction(tr("Rename…")).triggered.connect(self.rename_server)
        switch = menu.addAction(tr("Switch on") if off else tr("Switch off"))
        switch.triggered.connect(weak(self._serving.asked, "on" if off else "off", shelf.name))
        menu.addSeparator()
        menu.addAction(tr("Remove")).triggered.connect(self.remove_server)
        menu.popup(place)


def _diagnosis(space: WorkspaceModel, shelf: Shelf) -> tuple[Shelf, list[Said], list[str]]:
    """What the doctor says, and which secrets are missing; runs in a thread."""
    lines = examine(space.workspace, shelf.spec, shelf.state)
    return shelf, lines, secret_names(missing(space.workspace, shelf.spec))


def make_panel(window: "MainWindow") -> ServersPanel:
    """The panel of a window."""
    return ServersPanel(window)
