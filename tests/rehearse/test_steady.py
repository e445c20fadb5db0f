"""The suites of the samples: a hundred times of a hundred, without a network, on any machine."""

import asyncio
import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from journeybuilder.contract.json import canonical
from journeybuilder.document.workspace import Workspace, read_workspace
from journeybuilder.host import known_of
from journeybuilder.packaged import packaged
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.recorded.recording import load_recording
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import simulate
from journeybuilder.rehearse.suites.suite import run_suite

TIMES = 100
SAMPLES = packaged("samples")
PLACES = [
    each.name for each in sorted(SAMPLES.iterdir()) if (each / "journeybuilder.yaml").exists()
]
JOURNEYS = [
    (place, journey)
    for place in PLACES
    for journey in read_workspace(SAMPLES / place).journeys
]  # fmt: skip


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """No network at all; gives whatever tried to use it."""
    tried: list[str] = []

    def refuse(*given: Any, **more: Any) -> NoReturn:
        tried.append(repr(given))
        raise OSError("there is no network in this test")

    for name in ("connect", "connect_ex", "bind", "sendto", "listen"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    yield tried
    assert tried == []


def test_the_network_is_really_blocked_in_these_tests(offline: list[str]) -> None:
    with pytest.raises(OSError, match="no network"):
        socket.create_connection(("127.0.0.1", 9))
    with socket.socket() as one, pytest.raises(OSError, match="no network"):
        one.connect(("127.0.0.1", 9))
    assert len(offline) == 2
    offline.clear()


def plan_in(workspace: Workspace, journey: str) -> Plan:
    return make_plan(build(workspace, journey, known_of(workspace)))


def traces(place: str, journey: str) -> Iterator[tuple[str, Any]]:
    """The events and failures of every scenario of a journey, each rehearsed `TIMES` times."""
    workspace = read_workspace(SAMPLES / place)
    plan = plan_in(workspace, journey)
    for name, source in workspace.scenarios.items():
        scenario = scenario_of(source.data)
        if scenario.journey != journey or scenario.random:
            continue
        given = scenario.recording
        recording = load_recording(workspace.state_dir, given) if given else None
        with asyncio.Runner() as runner:
            for _ in range(TIMES):
                result = runner.run(simulate(plan, scenario, recording=recording))
                assert result.failures == [], name
                yield name, list(result.events)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("place", "journey"), JOURNEYS)
def test_the_suites_of_the_samples_pass_a_hundred_times_with_the_same_events(
    offline: list[str], place: str, journey: str
) -> None:
    first: dict[str, Any] = {}
    times: dict[str, int] = {}
    for name, events in traces(place, journey):
        assert first.setdefault(name, events) == events, name
        times[name] = times.get(name, 0) + 1
    assert set(times.values()) <= {TIMES}


@pytest.mark.parametrize("place", PLACES)
def test_the_whole_suite_of_a_sample_passes_offline(offline: list[str], place: str) -> None:
    workspace = read_workspace(SAMPLES / place)
    result = run_suite(workspace, list(workspace.scenarios), jobs=1, apart=False)
    assert [one.failures for one in result.results if not one.passed] == []
    assert result.passed == len(workspace.scenarios)


DIGESTS = """
import sys
from tests.rehearse.test_steady import digest_of_everything
print(digest_of_everything())
"""


def digest_of_everything() -> str:
    """SHA-256 over every event of every sample scenario."""
    digest = hashlib.sha256()
    for place, journey in JOURNEYS:
        workspace = read_workspace(SAMPLES / place)
        plan = plan_in(workspace, journey)
        for source in workspace.scenarios.values():
            scenario = scenario_of(source.data)
            if scenario.journey == journey and not scenario.random and not scenario.recording:
                events = asyncio.run(simulate(plan, scenario)).events
                digest.update(canonical(list(events)).encode())
    return digest.hexdigest()


def test_the_events_do_not_hang_on_how_python_orders_its_sets() -> None:
    def elsewhere(seed: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", DIGESTS],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    here = digest_of_everything()
    assert elsewhere("1") == here
    assert elsewhere("4321") == here
