"""Processes of a suite that crash, are killed, hang or do not start: one scenario fails, no more."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.connect.workspace_findings import known_of
from journeybuilder.document.workspace import Workspace, read_workspace
from journeybuilder.plan.bundle import build
from journeybuilder.rehearse.suites import suite_hands
from journeybuilder.rehearse.suites.suite_crew import Crew
from journeybuilder.rehearse.suites.suite_task import Outcome, Task
from tests.rehearse.suites import add, make_shop, scenario, suite

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_shop(tmp_path)


def tasks_of(workspace: Workspace, *names: str) -> tuple[list[Task], dict[str, Any]]:
    bundles: dict[str, Any] = {}
    tasks: list[Task] = []
    for number, name in enumerate(names):
        data = workspace.scenarios[name].data
        bundle = build(workspace, data["journey"], known_of(workspace))
        bundles[bundle.digest] = bundle
        tasks.append(Task(number, data, bundle.digest))
    return tasks, bundles


def sends(number: signal.Signals) -> Callable[[int], None]:
    def send(pid: int) -> None:
        os.kill(pid, number)

    return send


@pytest.fixture
def troubled(shop: Path) -> Iterator[Callable[..., list[Outcome]]]:
    """Rehearses `a`, an endless scenario and `b` in one process, which suffers when it is busy."""
    add(shop, "c", scenario("c", journey="endless"))
    workspace = read_workspace(shop)
    tasks, bundles = tasks_of(workspace, "a", "c", "b")
    seen: list[int] = []

    def run(suffer: Callable[[int], None], patience: float = 60) -> list[Outcome]:
        outcomes: list[Outcome] = []

        def sign(number: int, words: str) -> None:
            del words
            if number == 1 and crew.pids[0] not in seen:
                seen.append(crew.pids[0])
                suffer(crew.pids[0])

        crew = Crew(
            bundles, workspace.state_dir, jobs=1, apart=True, patience=patience,
            on_outcome=outcomes.append, on_sign=sign,
        )  # fmt: skip
        crew.work(tasks, None)
        assert crew.pids == []
        return sorted(outcomes, key=lambda one: one.number)

    yield run
    for pid in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGKILL, "the process that rehearsed it was killed (SIGKILL)"),
        (signal.SIGSEGV, "the process that rehearsed it was killed (SIGSEGV)"),
        (signal.SIGTERM, "the process that rehearsed it was killed (SIGTERM)"),
    ],
)
def test_a_process_that_dies_fails_its_one_scenario(
    troubled: Callable[..., list[Outcome]], number: signal.Signals, words: str
) -> None:
    outcomes = troubled(sends(number))
    assert [len(one.wrong) for one in outcomes] == [0, 1, 0]
    assert outcomes[1].wrong[0].words.startswith(words)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_process_that_hangs_is_ended_and_fails_its_one_scenario(
    troubled: Callable[..., list[Outcome]],
) -> None:
    outcomes = troubled(sends(signal.SIGSTOP), patience=2.0)
    assert [len(one.wrong) for one in outcomes] == [0, 1, 0]
    assert "nothing happened in it for 2 s" in outcomes[1].wrong[0].words


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interruption_ends_every_process_at_once(
    troubled: Callable[..., list[Outcome]],
) -> None:
    def interrupted(pid: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        troubled(interrupted)


def test_where_no_process_can_start_it_is_said(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite_hands, "COMMAND", [sys.executable, "-c", "raise SystemExit(3)"])
    result = suite(shop, "a", "b", jobs=2, apart=True)
    words = "no process to rehearse it in could be started: ended with status 3"
    assert [one.failures for one in result.results] == [[words], [words]]
    monkeypatch.setattr(suite_hands, "COMMAND", [str(shop / "nothing")])
    result = suite(shop, "a", jobs=2, apart=True)
    assert "no process to rehearse it in could be started" in result.results[0].failures[0]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_while_a_process_starts_leaves_none_behind(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    class Interrupted(subprocess.Popen[bytes]):
        """A process in whose start somebody presses Ctrl+C."""

        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            started.append(self.pid)
            os.kill(os.getpid(), signal.SIGINT)

    idle = threading.Event()
    other = threading.Thread(target=idle.wait)  # which the signal may come to as well
    other.start()
    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    workspace = read_workspace(shop)
    tasks, bundles = tasks_of(workspace, "a", "b")
    outcomes: list[Outcome] = []

    def sign(number: int, words: str) -> None:
        del number, words

    crew = Crew(
        bundles, workspace.state_dir, jobs=1, apart=True, patience=60,
        on_outcome=outcomes.append, on_sign=sign,
    )  # fmt: skip
    with pytest.raises(KeyboardInterrupt):
        crew.work(tasks, None)
    idle.set()
    other.join()
    assert outcomes == []
    (pid,) = started
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
