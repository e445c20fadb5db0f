"""The program as a whole: wrong use, errors of its own, and what it imports."""

import json
import sys
from pathlib import Path

import click
import pytest

from journeybuilder import cli
from tests.cli.shell import Shell, program


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chek"], "There is no command 'chek'. Did you mean 'check'?"),
        (["xyzzy"], "There is no command 'xyzzy'. 'jb --help' lists them all."),
        (["check", "--formt", "json"], "No such option"),
        (["check", "--format", "yaml"], "'yaml' is not one of"),
        (["export", "hello"], "Missing option '-o'"),
        (["run"], "Missing argument 'FILE'"),
        (["runs", "lst"], "lst"),
        (["tools", "nope"], "there is no server 'nope'. Servers: none."),
    ],
)
def test_wrong_use_is_explained_and_its_status_is_2(
    jb: Shell, words: list[str], message: str
) -> None:
    result = jb(*words, status=2)
    assert message in result.err
    assert result.out == ""


@pytest.mark.parametrize("words", [[], *([name] for name in cli.COMMANDS)])
def test_every_command_has_help(jb: Shell, words: list[str]) -> None:
    out = jb(*words, "--help", status=0).out
    assert out.startswith("Usage: jb")
    if words:
        assert len(out.splitlines()) > 4
    else:
        assert all(name in out for name in cli.COMMANDS)


def test_the_version_is_told(jb: Shell) -> None:
    assert jb("--version", status=0).out.startswith("journeybuilder, version 0.")


def test_the_module_is_the_same_program(shop: Path) -> None:
    assert program("check", folder=shop).out == "no findings\n"


@click.command("explode")
def explode() -> None:
    """Fail as no command should."""
    raise RuntimeError("the fuse was lit")


@pytest.fixture
def fuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more command, with a mistake in it."""
    module = type(sys)("journeybuilder.cli.explode")
    module.__dict__["command"] = explode
    monkeypatch.setitem(sys.modules, "journeybuilder.cli.explode", module)
    monkeypatch.setattr(cli, "COMMANDS", {**cli.COMMANDS, "explode": "A mistake."})


@pytest.mark.usefixtures("fuse")
def test_a_mistake_inside_the_program_is_told_without_a_traceback(jb: Shell) -> None:
    assert jb("explode", status=2).err == (
        "error: something is wrong inside the program: RuntimeError: the fuse was lit\n"
        "  Run the same command as 'jb --debug …' and report what it prints.\n"
    )


@pytest.mark.usefixtures("fuse")
def test_whoever_asks_for_it_gets_the_traceback() -> None:
    with pytest.raises(RuntimeError, match="the fuse was lit"):
        cli.call(["--debug", "explode"])


def test_a_debugged_error_of_the_user_has_a_traceback_too(shop: Path) -> None:
    result = program("--debug", "run", "helo", folder=shop)
    assert "there is no journey 'helo'" in result.err
    traced = program("--debug", "run", "nope.yaml", folder=shop)
    assert "Traceback" in traced.err


def test_a_node_that_fails_inside_fails_its_run_and_prints_no_traceback(shop: Path) -> None:
    code = (
        "from journeybuilder.kinds.say import Say\n"
        "async def run(self, settings, step): raise KeyError('oops')\n"
        "Say.run = run\n"
        "from journeybuilder.cli import main; main()"
    )
    result = program("run", "hello", "--set", "name=A", folder=shop, python=("-c", code))
    assert result.status == 1
    assert "■ failed at 'greet': 'greet' failed inside: KeyError: 'oops'" in result.out
    assert result.err == ""


def imports(folder: Path, *words: str) -> tuple[set[str], int]:
    """The top-level modules that a command imports, and its status."""
    code = (
        "import json, sys\n"
        "from journeybuilder.cli import call\n"
        f"status = call({list(words)!r})\n"
        "print('\\n' + json.dumps([sorted({name.split('.')[0] for name in sys.modules}), status]))"
    )
    result = program(folder=folder, python=("-c", code))
    names, status = json.loads(result.out.splitlines()[-1])
    return set(names), status


def test_a_check_imports_neither_qt_nor_mcp_nor_a_model_library(shop: Path) -> None:
    names, status = imports(shop, "check")
    assert status == 0
    assert not names & {"PySide6", "shiboken6", "mcp", "litellm", "networkx", "sqlite3", "keyring"}


def test_a_check_of_an_unchanged_workspace_imports_no_parser_and_no_kinds(shop: Path) -> None:
    (shop / ".journeybuilder").mkdir(exist_ok=True)
    imports(shop, "check")
    names, status = imports(shop, "check")
    assert status == 0
    assert not names & {"yaml", "pydantic", "cel_expr_python", "jsonschema", "sqlite3", "asyncio"}


def test_a_run_without_models_imports_no_model_library(shop: Path) -> None:
    names, status = imports(shop, "run", "hello", "--set", "name=A", "--say", "O-1")
    assert status == 0
    assert not names & {"PySide6", "shiboken6", "litellm"}


def test_help_imports_no_command(shop: Path) -> None:
    names, _ = imports(shop, "--help")
    assert not names & {"yaml", "pydantic", "jsonschema", "cel_expr_python", "mcp"}


def test_an_output_without_these_characters_gets_others(shop: Path) -> None:
    result = program(
        "run", "hello", "--set", "name=José", "--say", "O-1",
        folder=shop, env={"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert result.status == 0, result.err
    assert "Hi Jos" in result.out
    assert "greet ? which" in result.out


def test_a_reader_that_goes_away_is_no_error(shop: Path) -> None:
    code = (
        "import os, sys\n"
        "ours, theirs = os.pipe()\n"
        "os.dup2(theirs, 1); os.close(theirs); os.close(ours)\n"
        "from journeybuilder.cli import main; main(['schema'])"
    )
    result = program(folder=shop, python=("-c", code))
    assert (result.status, result.err) == (0, "")
