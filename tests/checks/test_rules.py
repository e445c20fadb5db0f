"""Every rule of the checks has a journey in `broken` that breaks it, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from journeybuilder.checks import RULES, check_journey
from journeybuilder.checks.environments import bound_models, check_environment
from journeybuilder.checks.models import check_models
from journeybuilder.checks.workspace import check_workspace
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey, mapping
from journeybuilder.document.rules import LITERAL_SECRET
from journeybuilder.document.tree import load
from tests.checks.broken import CASES, WORLD, Case, problems
from tests.fakes import journey_of


def ids(case: Case) -> str:
    return f"{case.code}-{case.message}"


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_broken_rule_is_found_once_at_its_place_with_a_hint(case: Case) -> None:
    found = problems(case.nodes, case.head, case.known)
    assert [(each.rule.code, each.path) for each in found] == [(case.code, case.path)]
    (problem,) = found
    assert problem.message.startswith(case.message)
    assert case.hint in problem.hint
    assert problem.rule is RULES.get(case.code, LITERAL_SECRET)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_problem_names_the_node_it_is_in(case: Case) -> None:
    (problem,) = problems(case.nodes, case.head, case.known)
    assert problem.node == (str(case.path[1]) if case.path[0] == "nodes" else "")


MODELS: list[tuple[str, Mapping[str, Any], Path, str, str]] = [
    ("JB602", {"fast": {"model": "x/y", "fallbacks": ["fast"]}}, ("models", "fast", "fallbacks", 0),
     "'fast' cannot stand in for itself", ""),
    ("JB602", {"fast": {"model": "x/y", "fallbacks": ["slwo"]}, "slow": {"model": "x/y"}},
     ("models", "fast", "fallbacks", 0), "the fallback 'slwo' of 'fast' does not exist",
     "Did you mean 'slow'?"),
    ("JB604", {"fast": {"model": "x/y", "fallbacks": ["slow"]}, "slow": {"model": "x/z", "fallbacks": ["fast"]}},
     ("models", "fast", "fallbacks"), "'fast', 'slow' stand in for each other in a ring", "Take one"),
    ("JB603", {"fast": {"region": "us"}}, ("models", "fast"), "'fast' does not say which model",
     "Add 'model:' with provider/name"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "models", "path", "message", "hint"), MODELS)
def test_what_is_wrong_with_the_models_is_found(
    code: str, models: Mapping[str, Mapping[str, Any]], path: Path, message: str, hint: str
) -> None:
    (problem,) = check_models(models)
    assert (problem.rule.code, problem.path, problem.message) == (code, path, message)
    assert hint in problem.hint


WORKSPACE: list[tuple[str, Mapping[str, Any], Path, str, str]] = [
    ("JB801", {"environments": {"dev": {"models": {"fast": "rehersal"}}}},
     ("environments", "dev", "models", "fast"), "there is no model 'rehersal'", "Did you mean 'rehearsal'?"),
    ("JB801", {"environments": {"dev": {"models": {"fats": "rehearsal"}}}},
     ("environments", "dev", "models", "fats"), "there is no model 'fats'", "Did you mean 'fast'?"),
    ("JB802", {"tools": {"orders/refund": {"risk": "ireversible"}}}, ("tools", "orders/refund", "risk"),
     "'ireversible' is no risk of a tool", "Did you mean 'irreversible'?"),
    ("JB805", {"queues": ["desk"], "people": [{"name": "dana", "queues": ["dsek"]}]},
     ("people", 0, "queues", 0), "there is no queue 'dsek'", "Did you mean 'desk'?"),
    ("JB806", {"servers": {"orders": {"trust": "outsde"}}}, ("servers", "orders", "trust"),
     "'outsde' is no trust of a server", "Did you mean 'outside'?"),
    ("JB803", {"tools": {"ordrs/refund": {}}}, ("tools", "ordrs/refund"), "there is no server 'ordrs'",
     "Did you mean 'orders'?"),
    ("JB803", {"servers": {"web": {"trust": "outside"}}}, ("servers", "web"),
     "there is no server 'web'", "Servers: orders."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "settings", "path", "message", "hint"), WORKSPACE)
def test_what_is_wrong_with_the_workspace_is_found(
    code: str, settings: Mapping[str, Any], path: Path, message: str, hint: str
) -> None:
    (problem,) = check_workspace(settings, ["orders"], ["fast", "rehearsal"])
    assert (problem.rule.code, problem.path, problem.message) == (code, path, message)
    assert hint in problem.hint


RING = {"fast": {"model": "x/y", "fallbacks": ["slow"]}, "slow": {"model": "x/z"},
        "local": {"model": "o/l", "fallbacks": ["fast"]}}  # fmt: skip
ENVIRONMENTS: list[tuple[str, str, Path, str, str]] = [
    ("JB804", "prodd", ("environments",), "there is no environment 'prodd'", "Did you mean 'prod'?"),
    ("JB604", "prod", ("environments", "prod"), "'fast', 'slow' stand in for each other in a ring", ""),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "path", "message", "hint"), ENVIRONMENTS)
def test_what_is_wrong_with_an_environment_is_found(
    code: str, name: str, path: Path, message: str, hint: str
) -> None:
    settings = {"environments": {"prod": {"models": {"slow": "local"}}, "dev": {}}}
    (problem,) = check_environment(settings, RING, name)
    assert (problem.rule.code, problem.path, problem.message) == (code, path, message)
    assert hint in problem.hint
    assert list(check_environment(settings, RING, "dev")) == []


def test_an_environment_binds_an_alias_to_the_entry_of_another() -> None:
    settings = {"environments": {"prod": {"models": {"slow": "local"}}}}
    assert bound_models(settings, RING, "prod")["slow"] == RING["local"]
    assert bound_models(settings, RING, "") == RING


def test_every_rule_has_a_test_that_produces_it() -> None:
    tested = {case.code for case in CASES}
    tested |= {code for code, *_ in (*MODELS, *WORKSPACE, *ENVIRONMENTS)}
    assert tested == {*RULES, "JB116"}


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.example])
def test_the_example_of_a_rule_has_what_the_rule_is_about(code: str) -> None:
    rule = RULES[code]
    data = mapping(load(rule.example, "example.yaml").value)
    if code in {"JB602", "JB603", "JB604"}:
        found = list(check_models(data))
    elif code.startswith("JB8"):
        found = list(check_workspace(data, ["orders"], ["fast", "rehearsal"]))
    else:
        found = check_journey(_around(data), WORLD)
    assert code in {problem.rule.code for problem in found}


def _around(data: Mapping[str, Any]) -> Journey:
    """A journey around an example: a node, keys of a node, or keys of the journey."""
    nodes = {"done": {"kind": "end"}, "bye": {"kind": "end"}}
    if any(key in data for key in ("start", "on_error", "limits", "languages")):
        return Journey({"journey": "test", "start": "done", "nodes": nodes, **data})
    if not all(isinstance(value, Mapping) and "kind" in value for value in data.values()):
        kind = {"cases": "branch", "with": "tool", "expect": "ask"}[next(iter(data))]
        tool = "orders/late" if "days" in str(data) else "orders/get_order"
        filled = {"branch": {"otherwise": "done"}, "tool": {"tool": tool}, "ask": {"text": "Hi"}}
        data = {"it": {"kind": kind, **filled[kind], "next": "done", **data}}
        if kind == "branch":
            del data["it"]["next"]
    start = next((name for name in data if name != "lonely"), "done")
    return Journey({"journey": "test", "start": start, "nodes": {**data, **nodes}})


def test_the_rules_have_words_for_people() -> None:
    for code, rule in RULES.items():
        assert rule.code == code
        assert rule.title
        assert rule.why.endswith(".")
        assert rule.mend.endswith(".")


def test_a_journey_without_nodes_says_only_that() -> None:
    (problem,) = check_journey(Journey({"journey": "x", "nodes": {}}), WORLD)
    assert (problem.rule.code, problem.message) == ("JB301", "the journey has no nodes")


def test_problems_come_in_the_order_of_the_nodes() -> None:
    found = problems("a: {kind: say, text: 5, next: b}\nb: {kind: handoff, to: q, next: c}\n"
                     "c: {kind: say, text: 6, next: z}")  # fmt: skip
    assert [problem.node for problem in found] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "nodes",
    [
        "a: {kind: sya, text: Hi, next: b}\nb: {kind: say, text: Hi, next: z}",
        "a: {kind: say, text: Hi, next: bb}\nb: {kind: say, text: Hi, next: c}\nc: {kind: say, text: x, next: z}",
        "a: {kind: say, text: Hi, next: b}\nb: {kind: say, text: Hi}",
        "a: {kind: say, text: Hi, next: b}\nb: {kind: say, text: Hi, nxt: c}\nc: {kind: end}",
        "a: {kind: say, text: Hi, next: a}",
    ],
)
def test_one_cause_gives_one_finding(nodes: str) -> None:
    lines = "\n".join(f"  {line}" for line in nodes.split("\n"))
    end = "" if "next: a}" in nodes else "  z: {kind: end}\n"
    journey = journey_of(f"journeybuilder: 1\njourney: t\nstart: a\nnodes:\n{lines}\n{end}")
    assert len(check_journey(journey, WORLD)) == 1


def test_what_an_agent_or_a_person_waits_for_does_not_make_a_spinning_cycle() -> None:
    nodes = """
a: {kind: ask, text: Hi, save: x, next: b}
b: {kind: branch, cases: [{when: x == "stop", next: z}], otherwise: a}
"""
    assert problems(nodes) == []


def test_names_that_are_always_there_are_known() -> None:
    nodes = 'a: {kind: say, text: "${input.x} ${session.id} ${customer.name} ${now}", next: z}'
    assert problems(nodes) == []


def test_a_variable_that_is_declared_has_the_declared_type_once_it_is_set() -> None:
    nodes = 'a: {kind: set, values: {x: "${input.y}"}, next: b}\nb: {kind: say, text: "${x + 1}", next: z}'
    assert problems(nodes) == []
    found = problems(nodes, "variables: {x: {type: string}}")
    assert [each.rule.code for each in found] == ["JB410"]


FREE: list[Any] = [
    {},
    {"additionalProperties": {"type": "string"}},
    {"patternProperties": {"^x_": {}}},
    {"properties": {}, "anyOf": [{"properties": {"word": {}}}]},
    {"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"word": {}}}}},
]


@pytest.mark.parametrize("schema", FREE)
def test_a_tool_that_does_not_name_all_its_arguments_may_get_others(schema: Any) -> None:
    free = ToolDef("orders", "free", input_schema={"type": "object", **schema})
    known = replace(WORLD, tools={**WORLD.tools, free.id: free})
    assert problems("a: {kind: tool, tool: orders/free, with: {word: x}, next: z}", "", known) == []


def test_the_argument_that_takes_the_idempotency_key_need_not_be_written() -> None:
    nodes = "a: {kind: tool, tool: orders/get_order, next: z}"
    assert [each.rule.code for each in problems(nodes)] == ["JB505"]
    assert problems(nodes, known=replace(WORLD, keys={"orders/get_order": "order_id"})) == []


def test_an_argument_that_every_run_fills_in_itself_is_not_missing() -> None:
    nodes = "a: {kind: tool, tool: orders/get_order, next: z}"
    assert [each.rule.code for each in problems(nodes)] == ["JB505"]
    assert problems(nodes, known=replace(WORLD, keys={"orders/get_order": "order_id"})) == []


@pytest.mark.parametrize(
    "schema", [{"type": "object"}, {"properties": {}, "additionalProperties": True}]
)
def test_a_tool_that_takes_any_argument_is_given_any(schema: Mapping[str, Any]) -> None:
    known = replace(WORLD, tools={"orders/free": ToolDef("orders", "free", input_schema=schema)})
    nodes = "a: {kind: tool, tool: orders/free, with: {whatever: 1}, next: z}"
    assert problems(nodes, known=known) == []
