"""A journey in the editor: the draft, its findings, undo, saving; what canvas and forms look at."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from typing_extensions import override

from journeybuilder.checks import Known, check_journey
from journeybuilder.contract.tools import Risk
from journeybuilder.document.findings import Finding
from journeybuilder.document.model import Node
from journeybuilder.gui.canvas.model import NodeView, QuickKind, WireKey
from journeybuilder.gui.drafting import distinct, kinds_only, raw_nodes
from journeybuilder.gui.edit_journal import EditJournal
from journeybuilder.gui.history import History
from journeybuilder.gui.journal import Draft
from journeybuilder.gui.journey_edits import JourneyEdits
from journeybuilder.gui.journey_file import JourneyOnDisk
from journeybuilder.gui.node_views import Facts, placed, view_of

_SETTLE = 60  # ms after the last edit until the journey is checked

QuickOffer = Callable[[], Sequence[QuickKind]]


class JourneyModel(JourneyEdits):
    """One open journey.

    Signals:
        findings_changed: The journey was checked again.
        saved_changed: Saved or modified now.
        edited: Another draft is shown, by an edit, undo, redo or reload.

    Attributes:
        recovered: Words about the edits of last time where not all is well with them, or "".
    """

    findings_changed = Signal()
    saved_changed = Signal()
    edited = Signal()

    def __init__(
        self,
        disk: JourneyOnDisk,
        known: Known,
        risks: Mapping[str, Risk],
        journal: EditJournal | None = None,
    ) -> None:
        super().__init__()
        self.disk = disk
        self._journal = journal
        self._known = known
        self._facts = Facts(risks=risks)
        self._draft = disk.draft()
        self._places = placed(self._draft.journey, self._draft.layout.positions)
        self._views: dict[str, NodeView] = {}
        self._incoming: dict[str, list[WireKey]] | None = None
        self.findings: Sequence[Finding] = ()
        self.quick_offer: QuickOffer = kinds_only
        self.history = History(self._show, self._draft)
        self.recovered = ""
        if journal is not None:
            self._restore(journal)
        self.history.cleanChanged.connect(self.saved_changed)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.check)
        self.check()

    def _restore(self, journal: EditJournal) -> None:
        """Make the edits of last time again, and write down those that come."""
        disk = self.disk
        journal.setParent(self)
        played, self.recovered = journal.restore(self.history, disk.stamp)
        if played is not None:
            for data, text in played.texts:
                disk.remember(data, text)
            self._draft = played.draft
            self._places = placed(self._draft.journey, self._draft.layout.positions)
        journal.follow(self.history, disk.draft(), disk.stamp, disk.known_text)

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
            view = view_of(self.journey.nodes[node_id], self.journey.start, self._facts)
            self._views[node_id] = view
        return view

    @override
    def position(self, node_id: str) -> tuple[float, float]:
        return self._places[node_id]

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
        return self.quick_offer()

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
        self.edited.emit()
        self._settle.start()

    def _placed(self, draft: Draft) -> dict[str, tuple[float, float]]:
        known = {
            **{name: at for name, at in self._places.items() if name in draft.journey.nodes},
            **draft.layout.positions,
        }
        return placed(draft.journey, known)

    # --- findings ------------------------------------------------------------------------------

    def check(self) -> None:
        """Check now what is shown."""
        self._settle.stop()
        problems = check_journey(self.journey, self._known)
        source = self.disk.source
        located = [source.locate(problem) for problem in problems]
        own = [] if self.disk.source.readable and not self.saved else list(source.findings)
        self.findings = distinct([*own, *located])
        severities: dict[str, str] = {}
        for finding in self.findings:
            if finding.node and severities.get(finding.node) != "error":
                severities[finding.node] = finding.severity
        self._use_facts(Facts(severities, self._facts.risks))
        self.findings_changed.emit()

    def set_known(self, known: Known, risks: Mapping[str, Risk]) -> None:
        """What is known around it has changed: tools were discovered, files were read again."""
        self._known = known
        self._use_facts(Facts(self._facts.severities, risks))
        self.check()

    def _use_facts(self, facts: Facts) -> None:
        old, self._facts = self._facts, facts
        if old == facts:
            return
        changed: list[str] = []
        for name, node in self.journey.nodes.items():
            view = view_of(node, self.journey.start, facts)
            if view != self._views.get(name):
                self._views[name] = view
                changed.append(name)
        if changed:
            self.nodes_changed.emit(tuple(changed))

    def findings_of(self, node_id: str) -> list[Finding]:
        """What is wrong with one node."""
        return [finding for finding in self.findings if finding.node == node_id]

    # --- files -----------------------------------------------------------------------------------

    def save(self) -> None:
        """Write what has changed; comments and untouched lines stay as they are.

        Raises:
            OperatorError: When a file cannot be written; nothing is half-written then.
        """
        texts = self.disk.prepare(self._draft)
        if self._journal is not None:
            self._journal.saving(texts.stamp)
        self.disk.write(texts)
        self.history.setClean()
        if self._journal is not None:
            self._journal.saved(self.disk.stamp)
        self.check()

    def flush_journal(self) -> None:
        """Write down now the edits that wait for it."""
        if self._journal is not None:
            self._journal.flush()

    def reload(self) -> None:
        """Take what the files say now; undo begins anew."""
        self.disk.read()
        self._draft = self.disk.draft()
        self._places = placed(self._draft.journey, self._draft.layout.positions)
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
        self._settle.stop()
        self.disk.close()

    def keep_mine(self) -> None:
        """The files have changed and what is shown stays: it counts as modified."""
        self.disk.read_keeping_marks()
        self.history.resetClean()
        if self._journal is not None:
            self._journal.theirs(self.disk.stamp)
        self.saved_changed.emit()

    def discard(self) -> None:
        """Go back to what is saved; the edits since then can be done again with redo."""
        clean = self.history.cleanIndex()
        if clean >= 0:
            self.history.setIndex(clean)
        elif self.disk.path.exists():
            self.reload()
        elif self._journal is not None:
            self._journal.begin_anew(self._draft, self.disk.stamp)
