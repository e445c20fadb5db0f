"""A journey in the editor: the draft, its findings, undo, saving; what canvas and forms look at."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from time import monotonic

from PySide6.QtCore import QTimer, Signal
from typing_extensions import override

from journeybuilder.checks import Context, Known, check_context, checking
from journeybuilder.contract.tools import Risk
from journeybuilder.document.drawings import colors_of, drawings_of
from journeybuilder.document.findings import Finding, Problem
from journeybuilder.document.model import Node
from journeybuilder.errors import AuthorError
from journeybuilder.gui.canvas.model import NodeView, QuickKind, WireKey
from journeybuilder.gui.journey.drafting import distinct, kinds_only, raw_nodes
from journeybuilder.gui.journey.edit_journal import EditJournal
from journeybuilder.gui.journey.history import History
from journeybuilder.gui.journey.journal import Draft
from journeybuilder.gui.journey.journey_file import JourneyOnDisk
from journeybuilder.gui.journey.journey_keeping import KeptJourney
from journeybuilder.gui.journey.kept_versions import KeptVersions
from journeybuilder.gui.journey.node_views import Facts, placed, view_of
from journeybuilder.gui.journey.offers import by_use
from journeybuilder.gui.journey.outside import Outside
from journeybuilder.gui.journey.three_way import Pair
from journeybuilder.gui.look.language import tr

_SMALL = 150  # nodes up to which a check is not felt
_PIECE = 0.004  # seconds that a check takes before the window may go on
_LATER = 60  # ms until a journey is checked in a window that is only about to be seen
_SETTLE = 1  # ms after the last edit until the journey is checked

QuickOffer = Callable[[], Sequence[QuickKind]]


class JourneyModel(KeptJourney):
    """One open journey.

    Signals:
        findings_changed: The journey was checked again.
        edited: Another draft is shown, by an edit, undo, redo or reload.

    Attributes:
        recovered: Words about the edits of last time where not all is well with them, or "".
        outside: What other programs do to its files.
        context: What its last check worked out.
    """

    findings_changed = Signal()
    edited = Signal()

    def __init__(
        self,
        disk: JourneyOnDisk,
        known: Known,
        risks: Mapping[str, Risk],
        journal: EditJournal | None = None,
        versions: KeptVersions | None = None,
        *,
        hurry: bool = True,
    ) -> None:
        super().__init__(disk, journal, versions)
        self._known = known
        self._facts = Facts(risks=risks)
        self._draft = disk.draft()
        self._places = placed(self._draft.journey, self._draft.layout.positions)
        self._colors: Mapping[str, str] = colors_of(self._draft.layout)
        self._views: dict[str, NodeView] = {}
        self._incoming: dict[str, list[WireKey]] | None = None
        self.findings: Sequence[Finding] = ()
        self.quick_offer: QuickOffer = kinds_only
        self.history = History(self._show, self._draft)
        self.recovered = ""
        base = self._restore(journal) if journal is not None else None
        self.history.cleanChanged.connect(self.saved_changed)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self._begin_check)
        self._pieces: Generator[None, None, list[Problem]] | None = None
        self._next_piece = QTimer(self)
        self._next_piece.setInterval(0)
        self._next_piece.timeout.connect(self._check_on)
        self.context = Context(self.journey, known)
        self._checked = self.context
        self.outside = Outside(self, base)
        if base is not None:
            self.outside.bring_in()
        elif disk.source.readable:
            self.keep_version(disk.pair, "opened")
        if hurry:
            self._check_soon()
        else:
            self._settle.start(_LATER)

    def _restore(self, journal: EditJournal) -> Pair | None:
        """Make the edits of last time again, and write down those that come.

        Returns:
            What the edits are built on, where the files hold something else now.
        """
        disk = self.disk
        journal.setParent(self)
        played, self.recovered = journal.restore(self.history, disk.stamp)
        base: Pair | None = None
        if played is not None and not played.fits:
            base = self.base_of(played)
            if base is None:
                keep = not self.history.isClean()
                self.recovered = journal.give_up(self.history, keep=keep)
                played = None
        if played is not None:
            disk.take_texts(played)
            self._draft = played.draft
            self._places = placed(self._draft.journey, self._draft.layout.positions)
            self._colors = colors_of(self._draft.layout)
        else:
            self.history.shown = self._draft
        journal.follow(self.history, disk.draft(), disk.stamp, disk.known_texts)
        return base

    # --- what there is -----------------------------------------------------------------------

    @property
    @override
    def draft(self) -> Draft:
        """The journey and its layout as they are shown now."""
        return self._draft

    @property
    def known(self) -> Known:
        """What is known of the world around it."""
        return self._known

    @property
    def saved(self) -> bool:
        """True where the files say what is shown."""
        return self.history.isClean()

    def settings_of(self, node_id: str) -> Node | None:
        """A node with its settings; None where there is none."""
        return self.journey.nodes.get(node_id)

    @override
    def node_ids(self) -> Sequence[str]:
        return list(self.journey.nodes)

    @override
    def node(self, node_id: str) -> NodeView:
        view = self._views.get(node_id)
        if view is None:
            view = self._view_of(self.journey.nodes[node_id], self._facts)
            self._views[node_id] = view
        return view

    @override
    def position(self, node_id: str) -> tuple[float, float]:
        drawing = self.drawings().get(node_id)
        return drawing.at if drawing is not None else self._places[node_id]

    @override
    def incoming(self, node_id: str) -> Sequence[WireKey]:
        if self._incoming is None:
            self._incoming = {}
            for source in self.journey.nodes:
                for port in self.node(source).ports:
                    if port.target:
                        self._incoming.setdefault(port.target, []).append((source, port.name))
        return self._incoming.get(node_id, ())

    @override
    def quick_kinds(self, source: str, port: str) -> Sequence[QuickKind]:
        return by_use(self.journey, self.quick_offer(), source)

    def _view_of(self, node: Node, facts: Facts) -> NodeView:
        view = view_of(node, self.journey.start, facts)
        color = self._colors.get(node.id)
        return replace(view, group=color) if color else view

    # --- showing another draft -------------------------------------------------------------------

    def _show(self, draft: Draft) -> None:
        """Show a draft and tell what differs, node by node; equal nodes keep their identity."""
        old, self._draft = self._draft, draft
        before, after = old.journey.nodes, draft.journey.nodes
        raw_before, raw_after = raw_nodes(old.journey), raw_nodes(draft.journey)
        removed = tuple(name for name in before if name not in after)
        added = tuple(name for name in after if name not in before)
        changed = {
            name for name in after if name in before and raw_before[name] is not raw_after[name]
        }
        if old.journey.start != draft.journey.start:
            changed |= {
                name
                for name in (old.journey.start, draft.journey.start)
                if name in after and name in before
            }
        changed |= self._recolored(after)
        for name in (*removed, *changed):
            self._views.pop(name, None)
        self._incoming = None
        places, self._places = self._places, self._placed(draft)
        moved = tuple(
            name for name, place in self._places.items() if name in places and places[name] != place
        )
        if removed:
            self.nodes_removed.emit(removed)
        if added:
            self.nodes_added.emit(added)
        if changed:
            self.nodes_changed.emit(tuple(changed))
        if moved:
            self.nodes_moved.emit(moved)
        if drawings_of(old.layout) != self.drawings():
            self.drawings_changed.emit()
        self.edited.emit()
        self._settle.start()

    def _recolored(self, nodes: Mapping[str, Node]) -> set[str]:
        """Take the colors of the draft; gives the nodes that have another one now."""
        old, self._colors = self._colors, self.colors()
        return {
            name
            for name in old.keys() | self._colors.keys()
            if name in nodes and old.get(name) != self._colors.get(name)
        }

    def _placed(self, draft: Draft) -> dict[str, tuple[float, float]]:
        known = {
            **{name: at for name, at in self._places.items() if name in draft.journey.nodes},
            **draft.layout.positions,
        }
        return placed(draft.journey, known)

    # --- findings ------------------------------------------------------------------------------

    def is_checking(self) -> bool:
        """Whether a change waits for its check."""
        return self._settle.isActive() or self._pieces is not None

    def check(self) -> None:
        """Check now what is shown, however long that takes."""
        self._stop_checking()
        self.context = Context(self.journey, self._known, memory=self.context.memory or {})
        self._take_problems(check_context(self.context))

    def _stop_checking(self) -> None:
        self._settle.stop()
        self._next_piece.stop()
        self._pieces = None

    def _check_soon(self) -> None:
        """Check a small journey now, and a large one piece by piece."""
        if len(self.journey.nodes) <= _SMALL:
            self.check()
        else:
            self._begin_check()

    def _begin_check(self) -> None:
        """Check what is shown in pieces, between which the window does what it has to do."""
        self._stop_checking()
        self._settle.setInterval(_SETTLE)
        memory = self.context.memory or {}
        context = Context(self.journey, self._known, memory=memory)
        self._checked = context
        self._pieces = checking(context)
        self._next_piece.start()

    def _check_on(self) -> None:
        """Go on with the check for some milliseconds."""
        pieces, until = self._pieces, monotonic() + _PIECE
        try:
            while pieces is not None and monotonic() < until:
                next(pieces)
        except StopIteration as end:
            self._stop_checking()
            self.context = self._checked
            self._take_problems(end.value)

    def _take_problems(self, problems: Sequence[Problem]) -> None:
        source = self.disk.source
        located = [source.locate(problem) for problem in problems]
        own = [] if self.disk.source.readable and not self.saved else list(source.findings)
        drawn = self.disk.layout_findings if self.saved else ()
        self.findings = distinct([*own, *located, *drawn])
        severities: dict[str, str] = {}
        for finding in self.findings:
            if finding.node and severities.get(finding.node) != "error":
                severities[finding.node] = finding.severity
        self._use_facts(replace(self._facts, severities=severities))
        self.findings_changed.emit()

    def set_known(self, known: Known, risks: Mapping[str, Risk]) -> None:
        """What is known around it has changed: tools were discovered, files were read again."""
        self._known = known
        self._use_facts(replace(self._facts, risks=risks))
        self._check_soon()

    def set_tool_data(self, data: Mapping[str, Mapping[str, str]]) -> None:
        """The data classes of tools' fields, by `server/tool`, for the badges of nodes."""
        self._use_facts(replace(self._facts, data=data))

    def _use_facts(self, facts: Facts) -> None:
        old, self._facts = self._facts, facts
        if old == facts:
            return
        changed: list[str] = []
        names: Iterable[str] = self.journey.nodes
        if (old.risks, old.data) == (facts.risks, facts.data):
            marks, before = facts.severities, old.severities
            names = [one for one in names if marks.get(one) != before.get(one)]
        for name in names:
            node = self.journey.nodes[name]
            view = self._view_of(node, facts)
            if view != self._views.get(name):
                self._views[name] = view
                changed.append(name)
        if changed:
            self.nodes_changed.emit(tuple(changed))

    def findings_of(self, node_id: str) -> list[Finding]:
        """What is wrong with one node."""
        return [finding for finding in self.findings if finding.node == node_id]

    # --- files -----------------------------------------------------------------------------------

    def save(self, *, anyway: bool = False) -> None:
        """Write what has changed; comments and untouched lines stay as they are.

        What somebody else has written meanwhile is brought together with it first.

        Args:
            anyway: Whether a file that cannot be read as a journey is written over.

        Raises:
            AuthorError: When the file cannot be written over, or both sides have changed one place.
            OperatorError: When a file cannot be written; nothing is half-written then.
        """
        if self.outside.meets():
            raise AuthorError(
                tr("The file was changed outside, in places that you have changed too."),
                where=self.disk.source.file,
                hint=tr("Decide what is to hold; it is saved then."),
            )
        texts = self.disk.prepare(self._draft, anyway=anyway)
        self.keep_version(self.disk.pair, "before")
        if self._journal is not None:
            self._journal.saving(texts.stamp)
        self.disk.write(texts)
        self.history.setClean()
        if self._journal is not None:
            self._journal.saved(self.disk.stamp)
        self.outside.base = self.disk.pair
        self.keep_version(self.disk.pair, "saved", self.history.undoText())
        self.check()

    @override
    def built_on(self, *, saved: bool) -> None:
        """The files hold something else now, and the draft is built on it.

        Args:
            saved: Whether they say what is shown.
        """
        if saved:
            self.history.setClean()
        else:
            self.history.resetClean()
        if self._journal is not None:
            if saved:
                self._journal.saved(self.disk.stamp)
            else:
                self._journal.theirs(self.disk.stamp)
        self.saved_changed.emit()
        self._settle.start()

    @override
    def reload(self) -> None:
        """Take what the files say now; undo begins anew."""
        self.disk.read()
        self.disk.forget_texts()
        self._draft = self.disk.draft()
        self._places = placed(self._draft.journey, self._draft.layout.positions)
        self._colors = colors_of(self._draft.layout)
        self._views.clear()
        self._incoming = None
        self.history.clear()
        self.history.shown = self._draft
        if self._journal is not None:
            self._journal.begin_anew(self._draft, self.disk.stamp)
        self.reset.emit()
        self.edited.emit()
        self.saved_changed.emit()
        self.check()

    def dispose(self) -> None:
        """Let go of the files; nothing is checked any more."""
        if self._journal is not None:
            self._journal.close()
        self.history.clear()
        self._stop_checking()
        self.disk.close()
