import json
from pathlib import Path

import pytest

from journeybuilder.cli import bench
from tests.cli.shell import Shell
from tests.fakes import write_files

PROGRAM = """\
import argparse, json, sys
parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true")
parser.add_argument("--json", action="store_true")
given = parser.parse_args()
print("measuring", file=sys.stderr)
print(json.dumps({"ratio": 0.5, "quick": given.quick}) if given.json else "ratio 0.5")
raise SystemExit(STATUS)
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two small benchmarks, of which the second misses its aim."""
    files = {
        "engine.py": PROGRAM.replace("STATUS", "0"),
        "parked.py": PROGRAM.replace("STATUS", "1"),
    }
    write_files(tmp_path / "benchmarks", files)
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    return tmp_path


def test_one_benchmark_or_all_of_them_are_run(jb: Shell, checkout: Path) -> None:
    found = jb("bench", "engine", "--json", status=0).out
    assert json.loads(found) == {"engine": {"ratio": 0.5, "quick": False}}
    every = jb("bench", "--quick", "--json", status=1).out
    assert json.loads(every) == {
        name: {"ratio": 0.5, "quick": True} for name in ("engine", "parked")
    }


def test_an_unknown_benchmark_is_refused_with_the_nearest(jb: Shell, checkout: Path) -> None:
    assert "Did you mean 'parked'?" in jb("bench", "parkd", status=2).err


def test_an_installed_program_says_where_the_benchmarks_are(
    jb: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    error = jb("bench", status=2).err
    assert "the benchmarks are not part of the installed program" in error
    assert "make bench" in error
