"""How tests call the command line: inside this process, or as a program of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.cli import call


@dataclass(frozen=True)
class Result:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """The one JSON document that was printed."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON Lines that were printed."""
        return [json.loads(line) for line in self.out.splitlines()]


class Shell:
    """Calls commands in a folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *words: str, status: int | None = None) -> Result:
        self._capsys.readouterr()
        got = call([*words])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        result = Result(got, out, err)
        assert status is None or got == status, result
        return result


def program(
    *words: str,
    folder: Path,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    python: tuple[str, ...] = ("-m", "journeybuilder"),
    patience: float = 50,
) -> Result:
    """Run `jb` as a program of its own."""
    done = subprocess.run(
        [sys.executable, *python, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=patience,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)
