"""Every rule of the checks has a journey in `broken` that breaks it, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path as Folder
from typing import Any

import pytest

from journeybuilder.checks import RULES, check_journey
from journeybuilder.checks.environments import bound_models, check_environment
from journeybuilder.checks.models import check_models
from journeybuilder.checks.scenarios import check_scenario
from journeybuilder.checks.workspace import check_workspace
from journeybuilder.connect.missing_keys import of_models
from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.variables import Variables
from journeybuilder.connect.workspace_findings import check_amounts
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey, mapping
from journeybuilder.document.rules import LITERAL_SECRET
from journeybuilder.document.tree import load
from tests.checks.broken import CASES, WORLD, Case, problems
from tests.checks.test_scenarios import WORDS
from tests.fakes import journey_of

KEYLESS = Variables(Folder(), Secrets({}, lambda: None), {})


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


AMOUNTS: list[tuple[str, Mapping[str, Any], Path, str]] = [
    ("JB605", {"budget": {"usd": 10, "per": "week"}}, ("models", "fast", "budget"),
     "'budget' of 'fast': 'budget' wants {usd: 10, per: day}; 'per' is hour, day, month"),
    ("JB605", {"budget": {"usd": "10"}}, ("models", "fast", "budget"), "'budget' of 'fast': "),
    ("JB605", {"price": {"input_per_million": 1}}, ("models", "fast", "price"), "'price' of 'fast': "),
    ("JB605", {"price": {"input_per_million": 1, "output_per_million": -1}},
     ("models", "fast", "price"), "'price' of 'fast': "),
    ("JB605", {"timeout": "soon"}, ("models", "fast", "timeout"), "'timeout' of 'fast': "),
]  # fmt: skip


@pytest.mark.parametrize(("code", "entry", "path", "message"), AMOUNTS)
def test_an_amount_of_a_model_that_no_call_would_understand_is_found(
    code: str, entry: Mapping[str, Any], path: Path, message: str
) -> None:
    (problem,) = check_amounts({"fast": entry, "slow": {"model": "x/y"}})
    assert (problem.rule.code, problem.path) == (code, path)
    assert problem.message.startswith(message)


def test_amounts_that_are_understood_have_no_finding() -> None:
    fine = {"price": {"input_per_million": 0, "output_per_million": 2.5, "cached_per_million": 0.1},
            "budget": {"usd": 5}, "timeout": "30s"}  # fmt: skip
    assert list(check_amounts({"fast": fine, "slow": {"timeout": 20, "price": None}})) == []


TALK = journey_of(
    "journeybuilder: 1\njourney: talk\nstart: a\nnodes:\n"
    "  a: {kind: tool, tool: far/away, next: b}\n"
    "  b: {kind: resource, resource: 'kb/articles://{x}', with: {x: y}, next: decide}\n"
    "  decide: {kind: review, to: desk, decisions: {ok: c}}\n"
    "  c: {kind: journey, journey: inner, next: z}\n  z: {kind: end}\n"
)
INNER = journey_of(
    "journeybuilder: 1\njourney: inner\nstart: ask\nnodes:\n"
    "  ask: {kind: review, to: desk, decisions: {ok: out}}\n  out: {kind: end}\n"
)
STAGE = replace(WORLD, journeys={"talk": TALK, "inner": INNER, "greet": INNER})
SCENARIOS: list[tuple[str, Mapping[str, Any], Path, str, str]] = [
    ("JB911", {"journey": "takl"}, ("journey",), "there is no journey 'takl'", "Did you mean 'talk'?"),
    ("JB912", {"expect": [{"outcome": ""}, {"path": ["a", "decode"]}]}, ("expect", 1, "path", 1),
     "'talk' has no node 'decode'", "Did you mean 'decide'?"),
    ("JB912", {"expect": [{"path": "qq"}]}, ("expect", 0, "path"), "'talk' has no node 'qq'", "Nodes: a,"),
    ("JB912", {"expect": [{"path": ["inner/aks"]}]}, ("expect", 0, "path", 0),
     "'talk' has no node 'inner/aks'", "Did you mean 'inner/ask'?"),
    ("JB912", {"people": {"decde": {"decision": "ok"}}}, ("people", "decde"),
     "'talk' has no node 'decde'", "Did you mean 'decide'?"),
    ("JB913", {"tools": {"orders/get_ordr": {}}}, ("tools", "orders/get_ordr"),
     "there is no tool 'orders/get_ordr'", "Did you mean 'orders/get_order'?"),
    ("JB913", {"expect": [{"never": {"tool": "orders/refnd"}}]}, ("expect", 0, "never", "tool"),
     "there is no tool 'orders/refnd'", "Did you mean 'orders/refund'?"),
    ("JB913", {"expect": [{"called": "far/awy"}]}, ("expect", 0, "called"),
     "there is no tool 'far/awy'", "Did you mean 'far/away'?"),
    ("JB913", {"models": {"fats": []}}, ("models", "fats"), "there is no model 'fats'", "Did you mean 'fast'?"),
    ("JB913", {"prompts": {"kb/sum_pu": "x"}}, ("prompts", "kb/sum_pu"), "there is no prompt 'kb/sum_pu'",
     "Did you mean 'kb/sum_up'?"),
    ("JB913", {"resources": {"kb/artcles://x": {}}}, ("resources", "kb/artcles://x"),
     "there is no resource 'kb/artcles://x'", "Did you mean 'kb/articles://{x}'?"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "data", "path", "message", "hint"), SCENARIOS)
def test_what_is_wrong_with_a_scenario_is_found(
    code: str, data: Mapping[str, Any], path: Path, message: str, hint: str
) -> None:
    (problem,) = check_scenario({"journey": "talk", **data}, STAGE)
    assert (problem.rule.code, problem.path, problem.message) == (code, path, message)
    assert hint in problem.hint


def test_a_scenario_may_name_what_the_journey_and_those_that_it_calls_have() -> None:
    data: Mapping[str, Any] = {
        "journey": "talk",
        "tools": {"far/away": {}, "orders/refund": {}},
        "models": {"fast": []},
        "people": {"decide": {}, "ask": {}},
        "resources": {"kb/articles://anything": {}, "kb/articles://{x}": {}},
        "prompts": {"kb/sum_up": "x"},
        "expect": [{"path": ["a", "inner/ask", "z"]}, {"never": {"tool": "far/away"}}],
    }
    assert list(check_scenario(data, STAGE)) == []
    assert list(check_scenario(data, replace(STAGE, journeys=None))) == []


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
    tested |= {
        code for code, *_ in (*MODELS, *WORKSPACE, *ENVIRONMENTS, *AMOUNTS, *SCENARIOS, *WORDS)
    }
    tested |= {"JB807", "JB808"}  # see `test_environments` and `test_workspaces`
    assert tested == {*RULES, "JB116"}


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.example])
def test_the_example_of_a_rule_has_what_the_rule_is_about(code: str) -> None:
    rule = RULES[code]
    data = mapping(load(rule.example, "example.yaml").value)
    models = mapping(data.get("models"))
    if code in {"JB602", "JB603", "JB604"}:
        found = list(check_models(data))
    elif code == "JB605":
        found = list(check_amounts(models))
    elif code == "JB807":
        found = list(of_models(models, {}, models, "prod", KEYLESS))
    elif code.startswith(("JB91", "JB92")):
        found = list(check_scenario(data, WORLD))
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
