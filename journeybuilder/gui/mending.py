"""Applies quick fixes: one, one for every finding of a kind, or a menu of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from journeybuilder.document.findings import Finding
from journeybuilder.errors import AuthorError
from journeybuilder.gui.fixes import Fix, fixes_of, has_fixes
from journeybuilder.gui.fixes.assists import assists, limited
from journeybuilder.gui.journey.journal import Change, Edit
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.slots import weak

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_MOST = 500
_WIDEST = 64


class Mending(QObject):
    """The quick fixes of a window; lives as long as it."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @classmethod
    def of(cls, window: "MainWindow") -> "Mending":
        """The one of a window."""
        return window.findChild(cls) or cls(window)

    # --- what can be done ------------------------------------------------------------------------

    def fixes(self, model: JourneyModel, finding: Finding) -> list[Fix]:
        """The ways to mend a finding of a journey."""
        return fixes_of(finding, model.journey, model.known, model.position)

    def assists(self, model: JourneyModel, node: str) -> list[Fix]:
        """What makes a node safer though nothing is wrong with it; of the journey for ""."""
        if not node:
            return list(limited(model.journey))
        one = model.journey.nodes.get(node)
        space = self._window.files.workspace
        if one is None or space is None:
            return []
        queues = list(model.known.queues)
        return list(assists(model.journey, one, space.risks(), queues, model.position))

    def alike(self, model: JourneyModel, code: str) -> list[Finding]:
        """The findings of a journey that can all be mended at once."""
        return [one for one in model.findings if one.code == code and has_fixes(one)]

    # --- doing it ----------------------------------------------------------------------------------

    def apply(self, model: JourneyModel, fix: Fix) -> bool:
        """Make a fix, as one step of undo; False where it cannot be made any more."""
        if fix.deed:
            self._window.registry.run(fix.deed)
            return True
        done = model.apply(fix.title, *fix.edits)
        if done:
            model.check()
            self._window.say(tr("{title}: done. Ctrl+Z takes it back.", title=fix.title))
        return done

    def apply_all(self, model: JourneyModel, code: str) -> int:
        """Make the best fix of every finding of a kind, as one step of undo; how many were mended."""
        edits = all_edits(model, code)
        count = len(edits)
        if count:
            title = trn("Mend {n} problem", "Mend {n} problems", count)
            model.apply(title, *(edit for some in edits for edit in some))
            model.check()
            self._window.say(tr("{title}: done. Ctrl+Z takes it back.", title=title))
        return count

    # --- menus ---------------------------------------------------------------------------------------

    def fill(self, menu: QMenu, model: JourneyModel, findings: Sequence[Finding]) -> int:
        """Put the fixes of findings into a menu; how many there are."""
        count = 0
        for finding in findings:
            fixes = self.fixes(model, finding)
            if fixes and len(findings) > 1:
                menu.addSection(_short(said(finding.message)))
            for fix in fixes:
                action = menu.addAction(_short(fix.title))
                action.setObjectName("fix")
                action.triggered.connect(weak(self.apply, model, fix))
                count += 1
        codes = dict.fromkeys(one.code for one in findings)
        for code in codes:
            many = [one for one in self.alike(model, code) if self._has_best(model, one)]
            if len(many) > 1:
                menu.addSeparator()
                words = trn("Fix all of this kind ({n})", "Fix all of this kind ({n})", len(many))
                action = menu.addAction(f"{words} · {code}" if len(codes) > 1 else words)
                action.setObjectName("fix all")
                action.triggered.connect(weak(self.apply_all, model, code))
        return count

    def _has_best(self, model: JourneyModel, finding: Finding) -> bool:
        return any(one.best and one.edits for one in self.fixes(model, finding))

    def fill_assists(self, menu: QMenu, model: JourneyModel, node: str) -> int:
        """Put what makes a node safer into a menu; how many there are."""
        found = self.assists(model, node)
        if found and not menu.isEmpty():
            menu.addSection(tr("Make it safer"))
        for fix in found:
            action = menu.addAction(_short(fix.title))
            action.setObjectName("assist")
            action.triggered.connect(weak(self.apply, model, fix))
        return len(found)

    def popup(
        self, model: JourneyModel, findings: Sequence[Finding], place: QPoint, parent: QWidget
    ) -> QMenu:
        """Open a menu of the fixes at a place on the screen, the first chosen."""
        menu = QMenu(parent)
        menu.setObjectName("fixes")
        menu.setAccessibleName(tr("Quick fixes"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        found = self.fill(menu, model, findings)
        node = findings[0].node if findings else ""
        found += self.fill_assists(menu, model, node)
        if not found:
            words = tr("There is no quick fix for this; “Why?” says how to mend it")
            menu.addAction(words).setEnabled(False)
        menu.popup(place)
        first = next(
            (one for one in menu.actions() if one.isEnabled() and not one.isSeparator()), None
        )
        if first is not None:
            menu.setActiveAction(first)
        return menu


def all_edits(model: JourneyModel, code: str) -> list[tuple[Edit, ...]]:
    """The edits that mend every finding of a kind, each made for what the one before left.

    The later places of the file come first, so that no item of a list moves before its turn.
    """
    draft, out = model.draft, list[tuple[Edit, ...]]()
    for finding in reversed([one for one in model.findings if one.code == code][:_MOST]):
        found = fixes_of(finding, draft.journey, model.known, _at_start)
        best = next((one for one in found if one.best and one.edits), None)
        if best is None:
            continue
        try:
            draft = Change(best.title, best.edits).apply(draft)
        except AuthorError:
            continue  # one before it has changed what it is about
        out.append(best.edits)
    return out


def _at_start(node: str) -> tuple[float, float]:
    del node
    return (0.0, 0.0)


def _short(text: str) -> str:
    plain = text.replace("&", "&&")
    return plain if len(plain) <= _WIDEST else plain[: _WIDEST - 1] + "…"
