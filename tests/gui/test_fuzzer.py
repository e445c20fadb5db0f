"""Ten thousand random edits with undo and redo end where they began, byte for byte, and leak nothing."""

import gc
import random
import sys
import weakref
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from journeybuilder.checks import Known
from journeybuilder.gui.canvas.scene import CanvasScene
from journeybuilder.gui.journey.edit_lines import sum_of
from journeybuilder.gui.journey.journey_file import JourneyOnDisk
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.theme import LIGHT
from tests.gui.desk import JOURNEY, Desk, make_workspace
from tests.gui.leftovers import settle
from tests.gui.random_edits import RandomEdits

PARTS = 5
STEPS = 2_000
LAYOUT = """\
journeybuilder: 1
layout: parcel
nodes:
  greet: {at: [0, 0]}   # here it begins
  number: {at: [320, 0]}
"""


def seeds() -> list[int]:
    """The same ones every time; new ones with `--hypothesis-profile=search`."""
    if settings().derandomize:
        return list(range(PARTS))
    return [random.SystemRandom().randrange(10**9) for _ in range(PARTS)]


class Fuzzed:
    """A journey on disk, its scene beside it, and what it said after each step.

    Attributes:
        sums: Digest of the draft by the number of steps that are done.
        gone: The items that were on the scene.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.file = root / "journeys" / "parcel.journey.yaml"
        self.layout = self.file.with_name("parcel.layout.yaml")
        self.disk = JourneyOnDisk(self.file, root)
        self.model = JourneyModel(self.disk, Known(), {})
        self.model.history.setUndoLimit(0)
        self.scene = CanvasScene(LIGHT, QFont())
        self.scene.set_model(self.model)
        self.chance = random.Random(seed)
        self.edits = RandomEdits(self.model, self.chance)
        self.sums = {0: sum_of(self.model.draft)}
        self.gone: dict[int, weakref.ref[object]] = {}
        self.model.history.made.connect(self._made)

    def step(self) -> None:
        """An edit, or some steps back or forth."""
        history = self.model.history
        what = self.chance.random()
        if what < 0.15:
            history.setIndex(max(0, history.index() - self.chance.randint(1, 5)))
        elif what < 0.25:
            history.setIndex(min(history.count(), history.index() + self.chance.randint(1, 5)))
        else:
            self.edits.one()
        self._remember()

    def _made(self) -> None:
        """What was done before and undone cannot be done again any more."""
        index = self.model.history.index()
        self.sums = {at: told for at, told in self.sums.items() if at < index}

    def _remember(self) -> None:
        index = self.model.history.index()
        now = sum_of(self.model.draft)
        assert self.sums.setdefault(index, now) == now
        for item in (*self.scene.nodes.values(), *self.scene.drawings.items.values()):
            self.gone.setdefault(id(item), weakref.ref(item))

    def agrees(self) -> None:
        """The scene shows what the model says."""
        model, scene = self.model, self.scene
        assert set(scene.nodes) == set(model.node_ids()) == set(model.journey.nodes)
        for name, item in scene.nodes.items():
            assert item.view == model.node(name)
            assert (item.pos().x(), item.pos().y()) == model.position(name)
        wires = {
            (name, port.name): port.target
            for name in model.node_ids()
            for port in model.node(name).ports
            if port.target in scene.nodes
        }
        assert {key: wire.target for key, wire in scene.wires.items()} == wires
        assert set(scene.drawings.items) == set(model.drawings())
        shown = {item for item in scene.items() if item.parentItem() is None}
        assert len(shown) <= len(scene.nodes) + len(wires) + len(scene.drawings.items) + 2

    def close(self) -> None:
        self.scene.set_model(None)
        self.scene.deleteLater()
        self.model.dispose()
        self.model.deleteLater()
        self.disk.deleteLater()


@contextmanager
def fuzzed(tmp_path: Path, seed: int) -> Generator[Fuzzed]:
    root = make_workspace(tmp_path / "space")
    (root / "journeys" / "parcel.layout.yaml").write_text(LAYOUT, encoding="utf-8")
    one = Fuzzed(root, seed)
    try:
        yield one
    finally:
        one.close()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", seeds())
def test_random_edits_end_where_they_began_and_are_made_again_the_same(
    qtbot: QtBot, tmp_path: Path, seed: int
) -> None:
    del qtbot
    with fuzzed(tmp_path, seed) as fuzz:
        history = fuzz.model.history
        for number in range(STEPS):
            fuzz.step()
            if number % 50 == 0:
                QCoreApplication.processEvents()
                fuzz.agrees()
        assert len(fuzz.edits.done) > 25, "not every kind of edit was made"
        fuzz.agrees()
        last, index = sum_of(fuzz.model.draft), history.index()
        history.setIndex(history.count())
        for at in range(history.count(), -1, -1):
            history.setIndex(at)
            assert sum_of(fuzz.model.draft) == fuzz.sums.get(at, sum_of(fuzz.model.draft))
        fuzz.agrees()
        draft = fuzz.model.draft
        assert fuzz.disk.text_of(draft) == JOURNEY
        assert fuzz.disk.layout_text(draft.layout) == LAYOUT
        fuzz.model.save()
        assert fuzz.file.read_bytes() == JOURNEY.encode()
        assert fuzz.layout.read_bytes() == LAYOUT.encode()
        for at in range(history.count() + 1):
            history.setIndex(at)
            assert sum_of(fuzz.model.draft) == fuzz.sums.get(at, sum_of(fuzz.model.draft))
        history.setIndex(index)
        assert sum_of(fuzz.model.draft) == last
        fuzz.agrees()
        settle()
        shown = {id(one) for one in fuzz.scene.nodes.values()}
        shown |= {id(one) for one in fuzz.scene.drawings.items.values()}
        alive = [one for key, one in fuzz.gone.items() if one() is not None and key not in shown]
        assert not alive, f"{len(alive)} items that are shown no more live on: {alive[0]()}"
        fuzz.model.save()
        again = JourneyOnDisk(fuzz.file, fuzz.root)
        assert again.draft().journey.data == fuzz.model.journey.data
        again.close()
        again.deleteLater()


HAND_WRITTEN = """\
# Everything about parcels. Ask Mara before you change this.
journeybuilder: 1

journey: parcel   # the name that the shop calls
title: 'Where is my parcel'

# Where it begins.
start: greet
nodes:

  # Be kind.
  greet: {kind: say, text: "Hello!", next: number}   # short
  number:
    kind: ask
    # What we were asked for most.
    text: What is its number?
    save: number   # used in reports
    next: done
  # The end of it all.
  done: {kind: end, outcome: resolved}
# Last words.
"""


def test_edits_of_all_kinds_keep_the_comments_of_what_is_still_there(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=HAND_WRITTEN)
    file = root / "journeys" / "parcel.journey.yaml"
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        model = desk.model
        key = desk.key
        tab.canvas.setFocus()
        tab.canvas.select(("number",))
        form = desk.window.docks.inspector.form
        assert form is not None
        form.focus_path(("text",))
        field = desk.window.focusWidget()
        assert isinstance(field, QPlainTextEdit)
        field.selectAll()
        desk.write(field, "Which one is it?")
        added = model.add("say", {"text": "Bye"}, (900, 0), ("number", "next"))
        model.connect_port(added, "next", "done")
        model.set_value(("title",), "Parcels")
        model.set_value(("description",), "All about them")
        model.rename("done", "finished")
        model.draw("note", (0, 400), (200, 100), "Look")
        model.paint(["greet"], "teal")
        model.duplicate(["greet"])
        model.set_start("number")
        model.paste(model.copied(["greet"]), (50, 50))
        key(desk.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        assert model.saved
        text = file.read_text(encoding="utf-8")
        for line in HAND_WRITTEN.splitlines():
            comment = line.partition("#")[2]
            assert comment in text, f"the comment '{comment}' is gone"
        assert "Parcels" in text
        assert text.index("# The end of it all.") + 22 == text.index("  finished:") + 1
        assert "Which one is it?" in text
        while model.history.canUndo():
            model.history.undo()
        key(desk.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        assert file.read_bytes() == HAND_WRITTEN.encode()


def test_what_is_only_drawn_never_changes_the_journey_file(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=HAND_WRITTEN)
    file = root / "journeys" / "parcel.journey.yaml"
    layout = file.with_name("parcel.layout.yaml")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        touched = file.stat().st_mtime_ns
        edits = RandomEdits(desk.model, random.Random(5))
        drawn = [
            edits.move, edits.draw, edits.reshape, edits.paint, edits.bookmark, edits.rearrange,
        ]  # fmt: skip
        for number in range(60):
            before = layout.read_bytes() if layout.exists() else b""
            drawn[number % len(drawn)]()
            changed = not desk.model.saved
            desk.key(desk.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
            assert desk.model.saved
            assert not changed or layout.read_bytes() != before
        assert file.read_bytes() == HAND_WRITTEN.encode()
        assert file.stat().st_mtime_ns == touched


def _objects() -> int:
    """Everything of Qt's that is alive."""
    known = [one for one in gc.get_objects() if issubclass(type(one), QObject) and isValid(one)]
    return sum(1 + len(one.findChildren(QObject)) for one in known if one.parent() is None)


def _memory() -> int:
    """Bytes of memory that are in use, where the system tells."""
    if not sys.platform.startswith("linux"):
        return 0
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


@pytest.mark.timeout(120)
def test_fifty_journeys_opened_edited_and_closed_leave_nothing(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    other = root / "journeys" / "other.journey.yaml"
    other.write_text(JOURNEY.replace("journey: parcel", "journey: other"), encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root / "journeys" / "parcel.journey.yaml")
        desk.window.docks.show("outline")
        counts: list[tuple[int, int]] = []
        gone: list[weakref.ref[object]] = []
        for number in range(50):
            tab = desk.window.files.open_journey("other")
            assert tab is not None
            edits = RandomEdits(tab.model, random.Random(number))
            edits.one()
            if number % 10 == 0:  # the forms are made anew, which takes long
                tab.canvas.select(tuple(tab.model.journey.nodes)[:1])
                QCoreApplication.processEvents()
            gone += [weakref.ref(one) for one in (tab, tab.model, tab.canvas, tab.canvas.board)]
            gone += [weakref.ref(item) for item in tab.canvas.board.nodes.values()]
            tab.model.history.setIndex(0)
            tab.model.forget_edits()
            assert desk.window.files.close_tabs([tab])
            del tab, edits
            if number % 10 == 9:
                settle()
                counts.append((_objects(), _memory()))
        alive = [type(one()).__name__ for one in gone if one() is not None]
        assert not alive, f"{len(alive)} of {len(gone)}: {alive[:5]}"
        objects = [many for many, _ in counts[1:]]
        assert max(objects) - min(objects) <= 5, objects
        memory = [bytes_ for _, bytes_ in counts[1:]]
        assert memory[-1] - memory[0] < 12_000_000, memory
