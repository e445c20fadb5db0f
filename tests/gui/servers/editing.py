"""Edits a journey without an end, as a child process that is killed at some moment.

Arguments: the journey's file, its workspace, the journal, a seed. Before and after each writing of the
journal one line with the sum of the draft goes to the standard output: `about SUM`, `written SUM`.
"""

import random
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from journeybuilder.checks import Known
from journeybuilder.errors import AuthorError
from journeybuilder.gui.edit_journal import EditJournal
from journeybuilder.gui.edit_lines import sum_of
from journeybuilder.gui.journal import Edit
from journeybuilder.gui.journey_file import JourneyOnDisk
from journeybuilder.gui.journey_model import JourneyModel

STEPS = 300  # fewer than undo holds, so that the first one can be undone


def tell(what: str, model: JourneyModel) -> None:
    print(what, sum_of(model.draft), flush=True)


def edit(model: JourneyModel, chance: random.Random) -> None:
    """One thing that a person might do."""
    what = chance.randrange(8)
    names = list(model.journey.nodes)
    if what == 0:
        model.add("say", {"text": "New"}, (chance.randrange(900), 0))
    elif what == 1 and len(names) > 2:
        model.remove([chance.choice(names)])
    elif what == 2:
        model.move({chance.choice(names): (chance.randrange(900), 40)}, f"g{chance.randrange(3)}")
    elif what == 3:
        model.apply("Connect", Edit("connect", {
            "node": chance.choice(names), "path": ["next"], "target": chance.choice(names)}))  # fmt: skip
    elif what == 4:
        model.history.undo()
    elif what == 5:
        model.history.redo()
    else:
        node = chance.choice(names)
        for word in ("I", "It", "It is so"):
            model.set_setting(node, ("text",), f"{word} {chance.random()} ä\n", "typing")


def main() -> None:
    file, root, journal, seed = sys.argv[1:]
    app = QApplication([])
    chance = random.Random(seed)
    disk = JourneyOnDisk(Path(file), Path(root))
    writer = EditJournal(Path(journal))
    model = JourneyModel(disk, Known(), {}, writer)
    tell("written", model)
    while True:
        for _ in range(chance.randrange(1, 6)):
            if model.history.count() < STEPS:
                edit(model, chance)
            else:
                model.history.setIndex(chance.randrange(1, STEPS))
        tell("about", model)
        if chance.random() < 0.3:
            try:
                model.save()
            except AuthorError:
                writer.flush()
        else:
            writer.flush()
        tell("written", model)
        app.processEvents()


main()
