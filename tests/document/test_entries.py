from pathlib import Path

import pytest

from journeybuilder.document.entries import (
    model_entries,
    scenario_entries,
    workspace_entries,
)
from journeybuilder.document.scenario_form import PersonLine, ToolTurn
from journeybuilder.document.tree import load
from journeybuilder.document.workspace import read_workspace
from tests.fakes import write_files

FILES = {
    "journeybuilder.yaml": "journeybuilder: 1\nworkspace: w\n",
    "journeys/a.journey.yaml": "journeybuilder: 1\njourney: a\nstart: x\nnodes:\n  x: {kind: end}\n",
}


@pytest.mark.parametrize(
    ("file", "text", "code", "place", "words"),
    [
        ("models.yaml", "models:\n  a: {model: x, fallback: [b]}\n", "JB114", (2, 17), "Did you mean 'fallbacks'?"),
        ("models.yaml", "models:\n  a: {model: x, temperature: hot}\n", "JB115", (2, 30), "a number"),
        ("models.yaml", "models:\n  a: {model: x, max_tokens: 1.5}\n", "JB115", (2, 29), "a whole number"),
        ("models.yaml", "models:\n  a: {model: x, fallbacks: b}\n", "JB115", (2, 28), "[b]"),
        ("models.yaml", "models:\n  a: {model: x, fallbacks: [1]}\n", "JB115", (2, 29), '"1"'),
        ("models.yaml", "models:\n  a: gpt\n", "JB115", (2, 6), "a mapping"),
        ("models.yaml", "models:\n  a: {model: x, region: 5}\n", "JB115", (2, 25), '"5"'),
        ("journeybuilder.yaml", "environments: {dev: {stor: x}}\n", "JB114", (3, 22), "'store'"),
        ("journeybuilder.yaml", "environments: {dev: {require_signature: yes}}\n", "JB115", (3, 41), "require_signature: true"),
        ("journeybuilder.yaml", "servers: {a: {trsut: own}}\n", "JB114", (3, 15), "'trust'"),
        ("journeybuilder.yaml", "tools: {a/b: {idempotent: 1}}\n", "JB115", (3, 27), "true or false"),
        ("journeybuilder.yaml", "people: [{name: dana, role: [editor]}]\n", "JB114", (3, 23), "'roles'"),
        ("journeybuilder.yaml", "people: [dana]\n", "JB115", (3, 10), "a mapping"),
        ("scenarios/s.scenario.yaml", "customer: [{hear: a, says: b}]\n", "JB114", (3, 13), "'hears'"),
        ("scenarios/s.scenario.yaml", "people: {x: {decizion: approve}}\n", "JB114", (3, 14), "'decision'"),
        ("scenarios/s.scenario.yaml", "expect: [resolved]\n", "JB115", (3, 10), "a mapping"),
        ("scenarios/s.scenario.yaml", "tools: {a/b: 5}\n", "JB115", (3, 14), "a mapping"),
        ("mcp.lock", "tools: {a/b: {digst: x}}\n", "JB114", (2, 15), "'digest'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_inside_a_file_is_one_finding_at_its_place(
    tmp_path: Path, file: str, text: str, code: str, place: tuple[int, int], words: str
) -> None:
    heads = {
        "journeybuilder.yaml": "journeybuilder: 1\nworkspace: w\n",
        "scenarios/s.scenario.yaml": "journeybuilder: 1\nscenario: s\n",
        "mcp.lock": "journeybuilder: 1\n",
    }
    write_files(tmp_path, {**FILES, file: heads.get(file, "") + text})
    found = read_workspace(tmp_path).findings
    assert [(item.code, item.file, item.line, item.column) for item in found] == [
        (code, file, *place)
    ]
    assert words in found[0].message + found[0].hint


def test_entries_are_frozen_values_and_what_does_not_fit_keeps_its_default() -> None:
    data = load(
        "models: {a: {model: x, price: {input_per_million: 1}, timeout: soon, temperature: a}}", "m"
    ).value
    entry = model_entries(data)["a"]
    assert (entry.model, entry.timeout, entry.temperature) == ("x", "soon", None)
    assert entry.price == {"input_per_million": 1}
    with pytest.raises(AttributeError):
        entry.model = "y"  # pyright: ignore[reportAttributeAccessIssue]


def test_a_workspace_gives_its_environments_servers_tools_and_people() -> None:
    data = load(
        "environments: {dev: {store: x, models: {a: b}}}\nservers: {s: {trust: own, start: [a]}}\n"
        "tools: {s/t: {risk: read, data: {a: personal}}}\npeople: [{name: d, roles: [editor]}]\n",
        "w",
    ).value
    read = workspace_entries(data)
    assert read.environments["dev"].models == {"a": "b"}
    assert read.servers["s"].start == ("a",)
    assert read.tools["s/t"].data == {"a": "personal"}
    assert read.people[0].roles == ("editor",)


def test_a_scenario_may_have_lines_in_turn() -> None:
    data = load(
        "tools: {a/b: [{returns: 1}, {fails: timeout}]}\npeople: {x: [{decision: a}]}\n", "s"
    ).value
    read = scenario_entries(data)
    assert read.tools["a/b"] == (ToolTurn(returns=1), ToolTurn(fails="timeout"))
    assert read.people["x"] == (PersonLine(decision="a"),)


def test_a_place_for_a_node_that_is_not_there_is_a_warning(tmp_path: Path) -> None:
    layout = "journeybuilder: 1\nlayout: a\nnodes:\n  x: {at: [0, 0]}\n  y: {at: [1, 1]}\n"
    write_files(tmp_path, {**FILES, "journeys/a.layout.yaml": layout})
    (found,) = read_workspace(tmp_path).findings
    assert (found.code, found.severity, found.line) == ("JB131", "warning", 5)
    write_files(tmp_path, {"journeys/a.journey.yaml": "nodes: ["})
    assert [item.code for item in read_workspace(tmp_path).findings] == ["JB101"]


def test_a_value_that_vs_code_asks_for_is_a_finding_with_what_to_write(tmp_path: Path) -> None:
    text = '{"servers": {"crm": {"command": "x", "args": ["--key=${input:api-key}"],\n "env": {"T": "${input:t}"}}}, "inputs": []}'
    write_files(tmp_path, {**FILES, "mcp.json": text})
    found = read_workspace(tmp_path).findings
    assert [(item.code, item.line) for item in found] == [("JB127", 1), ("JB127", 2)]
    assert "${secret:API_KEY}" in found[0].hint
