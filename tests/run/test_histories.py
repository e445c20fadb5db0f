"""Runs that older versions recorded are understood for ever: folded, and replayed by today's program."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import make_plan
from journeybuilder.run.replay import replay
from journeybuilder.run.state import fold

HISTORIES = sorted((Path(__file__).parents[1] / "histories").glob("*.json"))


def history(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_an_old_run_is_read_as_it_was(path: Path) -> None:
    old = history(path)
    state = fold(old["events"])
    assert {name: getattr(state, name) for name in old["outcome"]} == old["outcome"]


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_an_old_run_comes_to_the_same_today(path: Path) -> None:
    old = history(path)
    plan = make_plan(Bundle(old["bundle"]), begun=True)
    done = asyncio.run(replay(plan, old["events"]))
    assert (done.difference, done.node) == ("", "")


def test_there_are_histories() -> None:
    assert {path.stem for path in HISTORIES} >= {"order-return", "taken-back", "waiting"}
