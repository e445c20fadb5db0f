"""What others wrote never commands the terminal, and losing it is no error of a run."""

import json
import re
from pathlib import Path

import pytest

from journeybuilder.cli.output import clean, echo
from tests.cli.shell import Shell
from tests.fakes import write_files

EVIL = "\x1b]0;title\x07 \x1b[2J \x9b31m \u202egnirts"


def test_controls_are_shown_as_replaced_and_lines_stay() -> None:
    assert clean("a\tb\nc") == "a\tb\nc"
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", clean(EVIL))


def test_only_colors_pass_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    echo(f"\x1b[1mbold\x1b[0m {EVIL}")
    out = capsys.readouterr().out
    assert "\x1b]" not in out
    assert "\x1b[2J" not in out
    assert "\x07" not in out


def evil_workspace(folder: Path) -> None:
    text = json.dumps(f"Hi {EVIL}")
    node = f"{{kind: say, text: {text}, next: b}}"
    write_files(
        folder,
        {
            "journeybuilder.yaml": "journeybuilder: 1\nworkspace: evil\n",
            "journeys/evil.journey.yaml": "journeybuilder: 1\njourney: evil\nstart: a\nnodes:\n"
            f"  a: {node}\n  b: {{kind: end, outcome: {text}}}\n",
        },
    )


@pytest.mark.parametrize("words", [["run", "evil"], ["run", "evil", "--trace"], ["runs", "list"]])
def test_a_journeys_text_cannot_command_the_terminal(
    jb: Shell, tmp_path: Path, words: list[str]
) -> None:
    evil_workspace(tmp_path / "evil")
    jb("run", "evil", "--workspace", str(tmp_path / "evil"))
    out = jb(*words, "--workspace", str(tmp_path / "evil")).out
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", out)


def test_json_keeps_what_was_said_letter_by_letter(jb: Shell, tmp_path: Path) -> None:
    evil_workspace(tmp_path / "evil")
    result = jb("run", "evil", "--json", "--workspace", str(tmp_path / "evil"))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", result.out)
    assert result.lines[-1]["outcome"].endswith(EVIL)


def test_the_reason_behind_an_apology_is_told_to_the_operator(jb: Shell, tmp_path: Path) -> None:
    write_files(
        tmp_path / "w",
        {
            "journeybuilder.yaml": "journeybuilder: 1\nworkspace: w\n",
            "journeys/j.journey.yaml": "journeybuilder: 1\njourney: j\nstart: a\non_error: sorry\n"
            "nodes:\n"
            '  a: {kind: set, values: {x: "${input.nothing}"}, next: z}\n'
            "  sorry: {kind: say, text: Sorry, next: z}\n  z: {kind: end}\n",
        },
    )
    result = jb("run", "j", "--workspace", str(tmp_path / "w"), status=0)
    assert "● Sorry" in result.out
    assert "'a' failed: " in result.err
    assert "there is no field 'nothing'" in result.err
