"""What a bundle is made of, and what it is not made of."""

from pathlib import Path

import pytest

from journeybuilder.document.workspace import read_workspace
from journeybuilder.errors import AuthorError
from journeybuilder.host import known_of
from journeybuilder.plan.bundle import build
from tests.fakes import write_files

JOURNEY = """\
journeybuilder: 1
journey: t
start: a
nodes:
  a: {kind: set, values: {n: VALUE}, next: b}
  b: {kind: end}
"""


def files(root: Path, value: str, settings: str = "") -> Path:
    return write_files(
        root,
        {
            "journeybuilder.yaml": f"journeybuilder: 1\nworkspace: w\n{settings}",
            "journeys/t.journey.yaml": JOURNEY.replace("VALUE", value),
        },
    )


@pytest.mark.parametrize(
    ("value", "settings", "words"),
    [
        (".nan", "", "JB109"),
        ("{x: 1, x: 2}", "", "journeys/t.journey.yaml:5"),
        ("1", "queues: [a]\nqueues: [b]\n", "journeybuilder.yaml:4"),
    ],
)
def test_a_file_with_an_error_in_its_form_is_never_bundled(
    tmp_path: Path, value: str, settings: str, words: str
) -> None:
    workspace = read_workspace(files(tmp_path, value, settings))
    with pytest.raises(AuthorError, match=words):
        build(workspace, "t", known_of(workspace))


def test_an_error_in_another_journey_keeps_nobody_from_running_this_one(tmp_path: Path) -> None:
    write_files(tmp_path, {"journeys/u.journey.yaml": "journeybuilder: 1\njourney: u\nstart: [\n"})
    workspace = read_workspace(files(tmp_path, "1"))
    assert build(workspace, "t", known_of(workspace)).journey_id == "t"
