"""The steps of undo of one journey."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from weakref import WeakMethod

from PySide6.QtCore import Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from typing_extensions import override

from journeybuilder.gui.journey.journal import Change, Draft

UNDO_LIMIT = 500
Show = WeakMethod[Callable[[Draft], None]]


class Step(QUndoCommand):
    """A change on the stack, with the draft before and after; shows one of them and nothing else."""

    def __init__(self, change: Change, before: Draft, after: Draft, show: "Show") -> None:
        super().__init__(change.title)
        self.change = change
        self.before = before
        self.after = after
        self._show = show

    def _display(self, draft: Draft) -> None:
        show = self._show()
        if show is not None:
            show(draft)

    @override
    def redo(self) -> None:
        self._display(self.after)

    @override
    def undo(self) -> None:
        self._display(self.before)

    @override
    def id(self) -> int:
        return 1 if self.change.gesture else -1

    @override
    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Step) or other.change.gesture != self.change.gesture:
            return False
        self.change = self.change.merged(other.change)
        self.after = other.after
        return True

    def seal(self) -> None:
        """Let no later change become part of this one."""
        self.change = replace(self.change, gesture="")


class History(QUndoStack):
    """The changes of one journey.

    Args:
        show: Bound method that takes the draft to show from now on.
        shown: What is shown now.

    Signals:
        made: A `Change` that was made, merged into the one before it or not.
        went: Steps were undone or done again; how many are done now.
        turned: A `Change` that other files followed was undone (False) or done again (True).
    """

    made = Signal(object)
    went = Signal(int)
    turned = Signal(object, bool)

    def __init__(self, show: Callable[[Draft], None], shown: Draft) -> None:
        super().__init__()
        self.shown = shown
        self._show: Show = WeakMethod(show)
        self._quiet = False
        self._making = False
        self._at = 0
        self.setUndoLimit(UNDO_LIMIT)
        self.indexChanged.connect(self._moved)

    def _display(self, draft: Draft) -> None:
        self.shown = draft
        show = self._show()
        if show is not None and not self._quiet:
            show(draft)

    def _moved(self, index: int) -> None:
        before, self._at = self._at, index
        if self._making or self._quiet:
            return
        self.went.emit(index)
        forward = index > before
        passed = self.steps()[min(before, index) : max(before, index)]
        for step in passed if forward else reversed(passed):
            if step.change.followers:
                self.turned.emit(step.change, forward)

    def make(self, change: Change, draft: Draft) -> Draft:
        """Make a change: it is worked out first, and is on the stack only when that went well.

        Raises:
            AuthorError: When it cannot be made; nothing has changed then.
        """
        after = change.apply(draft)
        unchanged = (
            after.journey.data == draft.journey.data
            and after.layout.data == draft.layout.data
            and after.text == draft.text
        )
        if unchanged:
            return draft
        if not change.at:
            change = replace(change, at=datetime.now().astimezone().isoformat(timespec="seconds"))
        self._push(change, draft, after)
        if not self._quiet:
            self.made.emit(change)
        return after

    def make_again(self, change: Change, draft: Draft) -> Draft:
        """Make what was made before; it becomes a step whatever it changes.

        Raises:
            AuthorError: When it cannot be made.
        """
        after = change.apply(draft)
        self._push(change, draft, after)
        return after

    def _push(self, change: Change, before: Draft, after: Draft) -> None:
        self._making = True
        try:
            self.push(Step(change, before, after, WeakMethod(self._display)))
        finally:
            self._making = False

    @contextmanager
    def quietly(self) -> Generator[None]:
        """While old changes are made again nothing is shown and nothing told."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def steps(self) -> list[Step]:
        """Everything on the stack, done or undone, the first first."""
        found = [self.command(index) for index in range(self.count())]
        return [step for step in found if isinstance(step, Step)]

    def at_saved(self) -> Draft | None:
        """What was shown when it was saved last; None where that is not among the steps."""
        clean, steps = self.cleanIndex(), self.steps()
        if clean < 0:
            return None
        if clean:
            return steps[clean - 1].after
        return steps[0].before if steps else self.shown

    def changes(self) -> list[Change]:
        """Everything that is done now, the first first."""
        return [step.change for step in self.steps()[: self.index()]]

    def seal(self) -> None:
        """Let no later change become part of one that is made."""
        for step in self.steps():
            step.seal()
