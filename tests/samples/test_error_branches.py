"""Every error branch of every sample journey is reached by a scenario of its suite.

An error branch is a wired way out that is taken when something goes wrong: `on_error`, `on_timeout`,
`on_invalid`, `on_failed`, `on_limit`, `on_handoff` …, the `fail` of a guard, and the `on_error` of the
journey itself. They are read from the files, so a branch that somebody adds wants a scenario too.
"""

import asyncio
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from journeybuilder.checks.context import Context
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.workspace import Workspace, read_workspace
from journeybuilder.host import known_of
from journeybuilder.packaged import packaged
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import make_plan
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import Rehearsed, simulate

SAMPLES = sorted(
    each for each in packaged("samples").iterdir() if (each / "journeybuilder.yaml").exists()
)


class Branch(NamedTuple):
    """A way out for what goes wrong; the node is empty for the journey's own."""

    journey: str
    node: str
    port: str


def branches_of(workspace: Workspace) -> Iterator[Branch]:
    known = known_of(workspace)
    for name, file in workspace.journeys.items():
        if file.journey.on_error:
            yield Branch(name, "", "on_error")
        for node, ports in Context(file.journey, known).ports.items():
            kind = file.journey.nodes[node].kind
            for port in ports:
                bad = port.name.startswith("on_") or (kind == "guard" and port.name == "fail")
                if bad and port.target:
                    yield Branch(name, node, port.name)


@cache
def suite_of(place: Path) -> dict[str, Rehearsed]:
    workspace = read_workspace(place)
    known = known_of(workspace)
    out: dict[str, Rehearsed] = {}
    for name, source in workspace.scenarios.items():
        scenario = scenario_of(source.data)
        plan = make_plan(build(workspace, scenario.journey, known))
        out[name] = asyncio.run(simulate(plan, scenario))
    return out


def taken_by(result: Rehearsed) -> set[Branch]:
    """The branches that a run took; those of journeys that it called count as its own."""
    out: set[Branch] = set()
    for event in result.events:
        if event["event"] == "left":
            out.add(Branch(result.journey, event["node"], event["port"]))
        elif event["event"] == "caught":
            node = event["node"] if event["by"] == "node" else ""
            out.add(Branch(result.journey, node, "on_error"))
    return out


def test_no_node_of_a_journey_that_is_called_has_the_name_of_one_with_error_branches() -> None:
    """Else `taken_by` could take the one for the other."""
    (place,) = (each for each in SAMPLES if each.name == "retail")
    workspace = read_workspace(place)
    inner = set(workspace.journeys["parcel-status"].journey.nodes)
    outer = {branch.node for branch in branches_of(workspace)}
    assert not inner & outer


@pytest.mark.parametrize("place", SAMPLES, ids=lambda place: place.name)
def test_every_error_branch_of_a_sample_is_reached_by_its_suite(place: Path) -> None:
    wanted = set(branches_of(read_workspace(place)))
    reached = {branch for result in suite_of(place).values() for branch in taken_by(result)}
    assert sorted(wanted - reached) == []
    assert len(wanted) >= {"blank": 2, "retail": 26}[place.name]


@pytest.mark.parametrize("place", SAMPLES, ids=lambda place: place.name)
def test_the_whole_suite_of_a_sample_passes(place: Path) -> None:
    assert {
        name: result.failures for name, result in suite_of(place).items() if result.failures
    } == {}


def test_a_suite_without_its_faults_reaches_no_error_way() -> None:
    """The faults, and nothing else, lead there: without them every tool and model answers."""
    (place,) = (each for each in SAMPLES if each.name == "retail")
    workspace = read_workspace(place)
    known = known_of(workspace)
    taken: set[Branch] = set()
    for source in workspace.scenarios.values():
        data = dict(source.data)
        for part in ("tools", "models", "resources"):
            entries = as_object(data.get(part))
            sound = {
                name: [turn for turn in (as_list(entry) or [entry]) if "fails" not in turn]
                for name, entry in entries.items()
            }
            data[part] = {name: turns for name, turns in sound.items() if turns}
        scenario = scenario_of({**data, "sources": {}})
        plan = make_plan(build(workspace, scenario.journey, known))
        taken |= taken_by(asyncio.run(simulate(plan, scenario)))
    assert sorted(branch for branch in taken if branch.port == "on_error") == []
