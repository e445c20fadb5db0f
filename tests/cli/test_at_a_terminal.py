"""What `jb run` shows to somebody who sits at a terminal, and to nobody else."""

import re
import sys
from pathlib import Path

import pytest

from tests.cli.shell import program
from tests.fakes import write_files

if sys.platform == "win32":
    pytest.skip("Windows has no terminals of this kind", allow_module_level=True)

from tests.cli.seat import Seat

pytestmark = pytest.mark.timeout(120)
COLOR = """\
journeybuilder: 1
journey: color
start: which
nodes:
  which: {kind: ask, text: "Which color?", choices: [red, green], expect: {type: string}, save: color, next: done}
  done: {kind: end, outcome: good, output: {color: "${color}"}}
"""


@pytest.fixture
def colors(shop: Path) -> Path:
    return write_files(shop, {"journeys/color.journey.yaml": COLOR})


@pytest.mark.parametrize("more", [(), ("--trace",)])
def test_a_prompt_waits_for_the_customer_who_may_type_a_choices_number(
    colors: Path, more: tuple[str, ...]
) -> None:
    with Seat("run", "color", *more, folder=colors, env={"NO_COLOR": "1"}) as seat:
        seat.sees("❯ ")
        before = seat.seen.replace("\r\n", "\n")
        assert re.search(r"Which color\?\n +1\. red\n +2\. green\n❯ $", before)
        seat.types("2")
        assert seat.leaves() == 0
    assert '■ ended: good with {"color": "green"}' in seat.seen
    assert seat.seen.count("❯ ") == 1


def test_the_end_of_input_ends_the_prompts_line_too(colors: Path) -> None:
    with Seat("run", "color", folder=colors, env={"NO_COLOR": "1"}) as seat:
        seat.sees("❯ ")
        seat.types("\x04")
        assert seat.leaves() == 3
    assert "\n‖ parked: waits for the customer at 'which'" in seat.seen.replace("\r", "")


def test_nobody_is_prompted_where_the_input_is_no_terminal(colors: Path) -> None:
    result = program("run", "color", folder=colors, stdin="2\n")
    assert result.status == 3
    assert "❯" not in result.out + result.err
