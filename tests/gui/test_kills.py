"""Two hundred times the program is killed while it edits, and not one edit that was kept is lost."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from journeybuilder.gui.journey.edit_lines import sum_of
from journeybuilder.gui.journey.journey_model import JourneyModel
from tests.gui.desk import JOURNEY, make_workspace
from tests.gui.leftovers import settle
from tests.gui.test_edit_journal import Space

ROOT = Path(__file__).parents[2]
DYING = Path(__file__).parent / "servers" / "dying.py"
DAY = 5
LAYOUT = "journeybuilder: 1\nlayout: parcel\nnodes:\n  greet: {at: [0, 0]}   # here\n"
FORKS = hasattr(os, "fork")  # else each child starts an interpreter of its own
PARTS = 4

pytestmark = pytest.mark.timeout(120)


class Killed(Space):
    """What a killed program has left on the disk, and what it had said.

    Attributes:
        told: The words of each line.
    """

    def __init__(self, folder: Path, number: int) -> None:
        super().__init__(folder, folder / str(number))
        data = (folder / f"{number}.told").read_bytes()
        lines = data[: data.rfind(b"\n") + 1].decode().splitlines()
        self.told = [line.split(" ", 1) for line in lines]

    def kept(self) -> set[str]:
        """What may be shown: what was written last, and what was done since."""
        last = max(at for at, (what, _) in enumerate(self.told) if what == "written")
        return {words for what, words in self.told[last:] if what in ("written", "did")}

    def told_of(self, what: str) -> list[str]:
        """The words of the lines that begin so."""
        return [words for one, words in self.told if one == what]


def killed(tmp_path: Path, way: str, seed: int, kills: int) -> Sequence[Killed]:
    """Children that edit in a way and are killed, one after the other."""
    fresh = make_workspace(tmp_path / "fresh")
    (fresh / "journeys" / "parcel.layout.yaml").write_text(LAYOUT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(DYING), way, str(tmp_path), str(seed), str(kills)],
        capture_output=True, text=True, check=False, timeout=110,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = [Killed(tmp_path, number) for number in range(kills)]
    assert all(one.told for one in found), done.stderr
    return found


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "-"


def all_is_there(one: Killed, possible_files: tuple[set[str], set[str]]) -> None:
    """Every edit that was kept is there, all can be taken back, and no file is half written."""
    layout = one.file.with_name("parcel.layout.yaml")
    assert digest(one.file) in possible_files[0]
    assert digest(layout) in possible_files[1]
    with one.opened() as model:
        assert model.recovered in ("", "The very last edit was only half written and is lost.")
        assert model.outside.meeting is None
        now = sum_of(model.draft)
        assert now in one.kept()
        begins_as_the_day_did(model)
        model.history.setIndex(model.history.count())
    settle()


def begins_as_the_day_did(model: JourneyModel) -> None:
    index, now = model.history.index(), sum_of(model.draft)
    model.history.setIndex(0)
    assert model.disk.text_of(model.draft) == JOURNEY
    assert model.disk.layout_text(model.draft.layout) == LAYOUT
    model.history.setIndex(index)
    assert sum_of(model.draft) == now


def check_all(found: Sequence[Killed]) -> None:
    """Look at what each kill has left; the files stay what a save of that day has made of them."""
    files: tuple[set[str], set[str]] = (set(), set())
    for number, one in enumerate(found):
        if number % DAY == 0:
            files = ({_digest(JOURNEY)}, {_digest(LAYOUT)})
        for what, words in one.told:
            if what in ("files", "saved"):
                journey, layout = words.split()
                if what == "saved":
                    files = (set(), set())
                files[0].add(journey)
                files[1].add(layout)
        all_is_there(one, files)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_any_moment_no_edit_is_lost_and_undo_goes_back_to_the_first(
    qtbot: QtBot, tmp_path: Path, part: int
) -> None:
    del qtbot
    found = killed(tmp_path, "model", part, 47 if FORKS else 10)
    check_all(found)
    edits = sum(len(one.told_of("did")) for one in found)
    saves = sum(len(one.told_of("saved")) for one in found)
    assert edits > len(found)
    assert saves, "no save was among them"


def test_the_whole_window_may_be_killed_as_well(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    check_all(killed(tmp_path, "window", 1, 8 if FORKS else 3))


def test_what_was_typed_a_second_before_the_kill_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    for one in killed(tmp_path, "typing", 2, 4 if FORKS else 2):
        [text] = one.told_of("typed")
        with one.opened() as model:
            assert model.journey.nodes["number"].settings["text"] == text
            begins_as_the_day_did(model)
        settle()
