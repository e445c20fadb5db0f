"""Findings of whole workspaces, and the registry of all codes."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.checks import RULES
from journeybuilder.checks.every_rule import ALL_RULES
from journeybuilder.cli import call
from journeybuilder.document import rules as form_rules
from journeybuilder.document.servers import RULES as SERVER_RULES
from journeybuilder.document.workspace import read_workspace
from journeybuilder.host import findings_of, findings_of_export, known_of
from journeybuilder.packaged import packaged
from tests.fakes import write_files

EVERY_RULE = [*form_rules.RULES, *SERVER_RULES, *RULES.values()]


@pytest.mark.parametrize("name", ["blank", "retail"])
def test_the_samples_have_no_findings(name: str) -> None:
    assert [
        str(finding) for finding in findings_of(read_workspace(packaged("samples") / name))
    ] == []


def test_no_two_rules_have_the_same_code() -> None:
    assert [
        code for code, times in Counter(rule.code for rule in EVERY_RULE).items() if times > 1
    ] == []
    assert all(re.fullmatch(r"JB\d{3}", rule.code) for rule in EVERY_RULE)


@pytest.mark.parametrize("code", [rule.code for rule in EVERY_RULE])
def test_every_code_is_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["check", "--explain", code]) == 0
    printed = capsys.readouterr().out
    rule = ALL_RULES[code]
    assert printed.startswith(f"{code}: {rule.title} ({rule.severity})")
    assert rule.why in printed
    assert rule.mend in printed


BROKEN = {
    "journeybuilder.yaml": "journeybuilder: 1\nworkspace: w\nqueues: [desk]\n"
    "tools: {nope/x: {risk: lethal}}\n",
    "models.yaml": "models:\n  fast: {region: eu}\n",
    "journeys/b.journey.yaml": "journeybuilder: 1\njourney: b\nstart: a\nnodes:\n"
    "  a:\n    kind: say\n    text: Hi\n    next: dne\n  done: {kind: end}\n",
    "journeys/a.journey.yaml": "journeybuilder: 1\njourney: a\nstart: [\n",
}


def test_findings_of_all_files_have_their_places_in_the_order_of_the_files(tmp_path: Path) -> None:
    found = findings_of(read_workspace(write_files(tmp_path, BROKEN)))
    assert [(item.file, item.line, item.column, item.code) for item in found] == [
        ("journeybuilder.yaml", 4, 9, "JB803"),
        ("journeybuilder.yaml", 4, 24, "JB802"),
        ("journeys/a.journey.yaml", 4, 1, "JB101"),
        ("journeys/b.journey.yaml", 8, 11, "JB302"),
        ("models.yaml", 2, 9, "JB603"),
    ]


def test_a_journey_that_cannot_be_read_is_reported_once(tmp_path: Path) -> None:
    files = {**BROKEN, "journeys/b.journey.yaml": "journeybuilder: 2\njourney: b\nnodes: {}\n"}
    found = findings_of(read_workspace(write_files(tmp_path, files)))
    assert [item.code for item in found if item.file.startswith("journeys/b")] == ["JB111"]


def test_every_finding_has_a_way_to_mend_it(tmp_path: Path) -> None:
    assert all(item.hint for item in findings_of(read_workspace(write_files(tmp_path, BROKEN))))


JOURNEY = """journeybuilder: 1
journey: a
start: a
nodes:
  a: {kind: tool, tool: orders/look, next: b}
  b: {kind: generate, model: fast, prompt: Hi, next: c}
  c: {kind: handoff, to: desk, next: z}
  z: {kind: end}
"""
WHOLE = {
    "journeybuilder.yaml": "journeybuilder: 1\nworkspace: w\nqueues: [desk]\n"
    "servers: {orders: {trust: own}}\nenvironments: {dev: {models: {fast: fast}}}\n",
    "mcp.json": '{"mcpServers": {"orders": {"command": "orders"}}}',
    "models.yaml": "models:\n  fast: {model: scripted}\n",
    "mcp.lock": "journeybuilder: 1\ntools: {orders/look: {inputSchema: {}}}\n",
    "journeys/a.journey.yaml": JOURNEY,
}


def test_a_layout_whose_journey_was_renamed_is_found(tmp_path: Path) -> None:
    layout = "journeybuilder: 1\nlayout: b\nnodes: {}\n"
    files = {**WHOLE, "journeys/a.layout.yaml": layout, "journeys/aa.layout.yaml": layout}
    (finding,) = findings_of(read_workspace(write_files(tmp_path, files)))
    assert (finding.code, finding.severity) == ("JB808", "warning")
    assert finding.file == "journeys/aa.layout.yaml"
    assert finding.message == "there is no 'aa.journey.yaml' beside this layout"
    assert finding.hint == "Did you mean 'a'?"


def test_what_is_wrong_with_a_scenario_has_its_place(tmp_path: Path) -> None:
    text = "journeybuilder: 1\nscenario: s\njourney: a\npeople:\n  cc: {decision: done}\n"
    files = {**WHOLE, "scenarios/s.scenario.yaml": text}
    (finding,) = findings_of(read_workspace(write_files(tmp_path, files)))
    assert (finding.file, finding.line, finding.column, finding.code) == (
        "scenarios/s.scenario.yaml", 5, 3, "JB912",
    )  # fmt: skip


def test_a_budget_that_is_not_understood_has_its_place(tmp_path: Path) -> None:
    text = "models:\n  fast: {model: scripted, budget: {usd: 1, per: week}}\n"
    (finding,) = findings_of(read_workspace(write_files(tmp_path, {**WHOLE, "models.yaml": text})))
    assert (finding.file, finding.line, finding.column, finding.code) == (
        "models.yaml", 2, 35, "JB605",
    )  # fmt: skip


def test_what_servers_offered_when_they_were_last_asked_is_what_is_checked(tmp_path: Path) -> None:
    journey = JOURNEY.replace(
        "{kind: tool, tool: orders/look,", "{kind: resource, resource: 'orders/help://x',"
    )
    files = {**WHOLE, "journeys/a.journey.yaml": journey}
    assert findings_of(read_workspace(write_files(tmp_path / "one", files))) == []
    catalog: dict[str, Any] = {"version": 1, "servers": {"orders": []},
               "offers": {"orders": {"resources": [{"uri": "help://y"}]}}}  # fmt: skip
    files[".journeybuilder/catalog.json"] = json.dumps(catalog)
    (finding,) = findings_of(read_workspace(write_files(tmp_path / "two", files)))
    assert (finding.code, finding.line) == ("JB510", 5)


def test_an_export_waits_for_the_journeys_that_are_called_too(tmp_path: Path) -> None:
    journey = JOURNEY.replace("{kind: tool, tool: orders/look,", "{kind: journey, journey: other,")
    broken = "journeybuilder: 1\njourney: %s\nstart: z\nnodes: {z: {kind: edn}}\n"
    files = {
        **WHOLE,
        "journeys/a.journey.yaml": journey,
        "journeys/other.journey.yaml": broken % "other",
        "journeys/apart.journey.yaml": broken % "apart",
    }
    space = read_workspace(write_files(tmp_path, files))
    found = findings_of_export(space, "a", known_of(space))
    assert [(each.file, each.code) for each in found] == [("journeys/other.journey.yaml", "JB201")]


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("mcp.json", '{"mcpServers": {', "JB120"),
        ("mcp.json", '{"mcpServer": {"orders": {"command": "x"}}}', "JB121"),
        ("mcp.json", '{"mcpServers": []}', "JB121"),
        ("mcp.json", '{"mcpServers": {"orders": {"comand": "orders"}}}', "JB122"),
        ("mcp.json", '{"mcpServers": {"orders": {"command": ["orders"]}}}', "JB121"),
        ("models.yaml", "models: [\n", "JB101"),
        ("models.yaml", "modles:\n  fast: {model: scripted}\n", "JB114"),
        ("models.yaml", "models: none\n", "JB115"),
        ("mcp.lock", "journeybuilder: 2\n", "JB111"),
        ("journeybuilder.yaml", "journeybuilder: 1\nqueues: [\n", "JB101"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_finding_whatever_uses_what_stands_in_it(
    tmp_path: Path, file: str, text: str, code: str
) -> None:
    assert findings_of(read_workspace(write_files(tmp_path, WHOLE))) == []
    found = findings_of(read_workspace(write_files(tmp_path, {**WHOLE, file: text})))
    assert [(item.file, item.code) for item in found] == [(file, code)]
