"""What a scenario may not say: fields, values, faults, sources, decisions and expectations."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path as Folder
from typing import Any

import pytest

from journeybuilder.checks import Known
from journeybuilder.checks.scenarios import check_scenario
from journeybuilder.connect.workspace_findings import findings_of
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.findings import Path
from journeybuilder.document.scenario_form import EXPECTATIONS, FAULTS, SOURCES
from journeybuilder.document.workspace import read_workspace
from journeybuilder.rehearse import expect
from journeybuilder.rehearse.world import sources
from tests.checks.broken import WORLD
from tests.fakes import journey_of

FIND = ToolDef(
    "orders",
    "find",
    input_schema={
        "type": "object",
        "properties": {"order_id": {"type": "string"}, "deep": {"type": "boolean"}},
        "required": ["order_id"],
    },
    output_schema={
        "type": "object",
        "properties": {
            "total": {"type": "number"},
            "status": {"enum": ["open", "sent"]},
            "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
            "more": {"type": "object", "additionalProperties": {"type": "integer"}},
        },
        "required": ["total", "status"],
        "$defs": {
            "line": {
                "type": "object",
                "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}},
                "required": ["sku"],
            }
        },
    },
)
BUY = journey_of(
    "journeybuilder: 1\njourney: buy\nstart: a\n"
    "input: {properties: {name: {type: string}, age: {type: integer, minimum: 0}}, required: [name]}\n"
    "output: {properties: {ticket: {type: string}}}\n"
    "nodes:\n"
    "  a: {kind: tool, tool: orders/find, with: {order_id: x}, save: order, next: decide}\n"
    "  decide: {kind: review, to: desk, decisions: {approve: w, reject: z}}\n"
    "  w: {kind: wait, event: paid, timeout: 3d, next: z, on_timeout: z}\n"
    "  z: {kind: end, outcome: bought, output: {ticket: T}}\n"
)
STAGE: Known = replace(WORLD, tools={FIND.id: FIND}, journeys={"buy": BUY})
GOOD = {"journey": "buy", "input": {"name": "Ana"}}
TOOL = ("tools", "orders/find")


def turn(**entry: Any) -> Mapping[str, Any]:
    return {"tools": {"orders/find": entry}}


WORDS: list[tuple[str, Mapping[str, Any], Path, str, str]] = [
    ("JB914", {"input": {"name": "Ana", "nmae": "A"}}, ("input", "nmae"),
     "'input' of 'buy' has no field 'nmae'", "Did you mean 'name'?"),
    ("JB915", {"input": {}}, ("input",), "'input' of 'buy' needs 'name'", "Add `name: …`."),
    ("JB915", {"input": {"name": 5}}, ("input", "name"), "'input' of 'buy' does not fit: ", ""),
    ("JB915", {"input": {"name": "Ana", "age": -1}}, ("input", "age"), "'input' of 'buy' does not fit", ""),
    ("JB914", turn(returns={"totl": 3}), (*TOOL, "returns", "totl"),
     "what 'orders/find' returns has no field 'totl'", "Did you mean 'total'?"),
    ("JB915", turn(returns={"total": "much"}), (*TOOL, "returns", "total"), "what 'orders/find' returns", ""),
    ("JB915", turn(returns={"status": "lost"}), (*TOOL, "returns", "status"), "what 'orders/find'", ""),
    ("JB914", turn(returns={"lines": [{"sku": "a"}, {"sku": "b", "cuont": 1}]}),
     (*TOOL, "returns", "lines", 1, "cuont"), "what 'orders/find' returns has no", "Did you mean 'count'?"),
    ("JB915", turn(returns={"lines": [{"count": 1}]}), (*TOOL, "returns", "lines", 0),
     "what 'orders/find' returns needs 'sku'", ""),
    ("JB915", {"tools": {"orders/find": [{"returns": {}}, {"returns": 7}]}}, (*TOOL, 1, "returns"),
     "what 'orders/find' returns does not fit", ""),
    ("JB915", turn(returns={"more": {"x": "y"}}), (*TOOL, "returns", "more"), "what 'orders/find'", ""),
    ("JB914", {"expect": [{"called": {"tool": "orders/find", "with": {"order": "x"}}}]},
     ("expect", 0, "called", "with", "order"), "what 'orders/find' takes has no field 'order'",
     "Did you mean 'order_id'?"),
    ("JB915", {"expect": [{"never": {"tool": "orders/find", "with": {"deep": "yes"}}}]},
     ("expect", 0, "never", "with", "deep"), "what 'orders/find' takes does not fit", ""),
    ("JB914", turn(given={"order": "x"}, returns={}), (*TOOL, "given", "order"),
     "what 'orders/find' takes has no field 'order'", ""),
    ("JB916", turn(given={"order_id": "x"}, fails="drifted"), (*TOOL, "given"),
     "a definition has drifted whatever is given", "calls:"),
    ("JB914", {"expect": [{"output": {"tickt": "T"}}]}, ("expect", 0, "output", "tickt"),
     "'output' of 'buy' has no field 'tickt'", "Did you mean 'ticket'?"),
    ("JB916", turn(fails="time-out"), (*TOOL, "fails"), "'time-out' is no known fault and counts as",
     "Did you mean 'timeout'?"),
    ("JB916", turn(fails="Bad JSON"), (*TOOL, "fails"), "'Bad JSON' is no known", "Did you mean 'bad_json'?"),
    ("JB916", turn(fails="unauthorised"), (*TOOL, "fails"), "'unauthorised'", "Did you mean 'unauthorized'?"),
    ("JB916", turn(fails="error", returns={}), (*TOOL, "fails"), "it fails and returns something at once", ""),
    ("JB921", turn(returns={}, slow="a bit"), (*TOOL, "slow"), "'a bit' is no duration", ""),
    ("JB916", turn(fails="error", share=1.5), (*TOOL, "share"), "a share is above 0 and at most 1", ""),
    ("JB916", turn(fails="error", calls=[0]), (*TOOL, "calls"), "calls are counted from 1", ""),
    ("JB916", turn(fails="error", calls={"from": 5, "to": 2}), (*TOOL, "calls"), "no call is from 5", ""),
    ("JB916", turn(fails="error", calls={"form": 5}), (*TOOL, "calls"), "'form' is not known here", ""),
    ("JB916", {"models": {"fast": [{"fails": "drifted"}]}}, ("models", "fast", 0, "fails"),
     "only the definition of a tool can drift", "bad_json"),
    ("JB917", {"expect": [{"when": "order.total = 3"}]}, ("expect", 0, "when"),
     "'order.total = 3' cannot be read", ""),
    ("JB917", {"expect": [{"when": "ordr.total == 3"}]}, ("expect", 0, "when"),
     "nothing is called 'ordr' when the run is over", "Did you mean 'order'?"),
    ("JB917", {"expect": [{"when": "order.totl == 3"}]}, ("expect", 0, "when"), "in 'order.totl == 3': ", "total"),
    ("JB917", {"expect": [{"when": "order.status == 'snt'"}]}, ("expect", 0, "when"), "in 'order.status", ""),
    ("JB917", {"expect": [{"when": "order.total"}]}, ("expect", 0, "when"), "'order.total' is a number, and", ""),
    ("JB917", {"expect": [{"said": {"matches": "(call"}}]}, ("expect", 0, "said", "matches"), "", ""),
    ("JB917", {"expect": [{"said": {"mathces": "call"}}]}, ("expect", 0, "said", "mathces"),
     "'said' has no key 'mathces'", "Did you mean 'matches'?"),
    ("JB917", {"expect": [{"outcome": "bougth"}]}, ("expect", 0, "outcome"),
     "'buy' has no end with the outcome 'bougth'", "Did you mean 'bought'?"),
    ("JB917", {"expect": [{"cost_usd": {"above": 1}}]}, ("expect", 0, "cost_usd"), "'cost_usd' wants", ""),
    ("JB917", {"expect": [{"called": {"tool": "orders/find", "wiht": {}}}]}, ("expect", 0, "called", "wiht"),
     "'called' has no key 'wiht'", "Did you mean 'with'?"),
    ("JB917", {"expect": [{"called": {"tool": "orders/find", "times": "twice"}}]},
     ("expect", 0, "called", "times"), "'times' is a whole number", ""),
    ("JB918", {"sources": {"tools": {"orders/find": "mocked"}}}, ("sources", "tools", "orders/find"),
     "'mocked' is no source of answers", "scenario, recording, made"),
    ("JB918", {"sources": {"models": {"*": "maed"}}}, ("sources", "models", "*"), "'maed' is no source",
     "Did you mean 'made'?"),
    ("JB918", {"sources": {"tools": {"*": "recording"}}}, ("sources", "tools", "*"), "no recording is named",
     "recording: NAME"),
    ("JB913", {"sources": {"tools": {"orders/fnid": "made"}}}, ("sources", "tools", "orders/fnid"),
     "there is no tool 'orders/fnid'", "Did you mean 'orders/find'?"),
    ("JB913", {"sources": {"models": {"fats": "made"}}}, ("sources", "models", "fats"), "there is no model", ""),
    ("JB913", {"customer": {"persona": "angry", "model": "fats"}}, ("customer", "model"),
     "there is no model 'fats'", "Did you mean 'fast'?"),
    ("JB913", {"events": {"payed": {}}}, ("events", "payed"), "there is no wait for the event 'payed'",
     "Did you mean 'paid'?"),
    ("JB921", {"customer": [{"says": "x", "after": "later"}]}, ("customer", 0, "after"),
     "'later' is no duration", "30s"),
    ("JB921", {"people": {"decide": [{"decision": "approve", "after": "5"}]}},
     ("people", "decide", 0, "after"), "'5' is no duration", "30s"),
    ("JB921", {"events": {"paid": {"after": "tomorrow"}}}, ("events", "paid", "after"),
     "'tomorrow' is no duration", "30s"),
    ("JB920", {"changes": [{"before": "z", "set": {"ordr": {}}}]}, ("changes", 0, "set", "ordr"),
     "'buy' has no variable 'ordr'", "Did you mean 'order'?"),
    ("JB912", {"changes": [{"before": "decde", "set": {"order": {}}}]}, ("changes", 0, "before"),
     "'buy' has no node 'decde'", "Did you mean 'decide'?"),
    ("JB919", {"people": {"decide": {"decision": "aprove"}}}, ("people", "decide", "decision"),
     "'decide' has no 'aprove'", "Did you mean 'approve'?"),
    ("JB919", {"people": {"decide": [{"decision": "approve"}, {"decision": "no"}]}},
     ("people", "decide", 1, "decision"), "'decide' has no 'no'", "Decisions: approve, reject."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "data", "path", "message", "hint"), WORDS)
def test_what_a_scenario_cannot_mean_is_found_once_at_its_place(
    code: str, data: Mapping[str, Any], path: Path, message: str, hint: str
) -> None:
    (problem,) = check_scenario({**GOOD, **data}, STAGE)
    assert (problem.rule.code, problem.path) == (code, path)
    assert problem.message.startswith(message)
    assert hint in problem.hint
    assert problem.hint


def test_everything_that_a_scenario_may_say_has_no_finding() -> None:
    data: Mapping[str, Any] = {
        **GOOD,
        "tools": {
            "orders/find": [
                {"returns": {"total": 3, "lines": [{"sku": "a"}], "more": {"x": 1}}, "slow": "5s"},
                {"fails": "timeout", "calls": {"from": 2}},
                {"fails": "The warehouse is closed today", "calls": [3, 4]},
                {"fails": "unauthorized", "share": 0.2},
            ]
        },
        "models": {
            "*": [{"fails": "bad_json", "calls": [2]}, {"when": "x", "says": "y"}],
            "fast": [{"calls": [{"tool": "orders/find", "with": {"order_id": "O-1"}}]}],
        },
        "people": {"decide": {"decision": "approve", "after": "20m"}},
        "events": {"paid": {"after": "1d"}},
        "sources": {"tools": {"*": "made", "orders/find": "scenario"}, "models": {"fast": "edge"}},
        "expect": [
            {"when": "order.total == 3 && input.name == 'Ana' && session.channel == 'chat'"},
            {"said": {"matches": "call (you|him)"}},
            {"said": "call you"},
            {"outcome": "bought"},
            {"output": {"ticket": "T"}},
            {"cost_usd": {"below": 0.1}},
            {"called": {"tool": "orders/find", "with": {"order_id": "O-1"}, "times": 2}},
            {"never": "orders/find"},
        ],
    }
    assert list(check_scenario(data, STAGE)) == []


def test_a_campaign_may_leave_out_the_input_that_it_makes_up() -> None:
    assert list(check_scenario({"journey": "buy", "random": {"runs": 5}}, STAGE)) == []
    assert list(check_scenario({"journey": "buy", "customer": "random"}, STAGE)) == []


def test_the_words_of_the_form_are_the_words_that_are_understood() -> None:
    assert expect.unknown_in([dict.fromkeys(EXPECTATIONS, 1)]) == []
    (words,) = expect.unknown_in([{"x": 1}])
    assert words.endswith(f"known are {', '.join(EXPECTATIONS)}")
    assert sources.SOURCES == SOURCES
    for fault in FAULTS:
        assert list(check_scenario({**GOOD, **turn(fails=fault)}, STAGE)) == []


FORM: list[tuple[str, int, int, str]] = [
    ("tools:\n  orders/find: {retuns: {}}\n", 5, 17, "Did you mean 'returns'?"),
    ("tools:\n  orders/find: [{fails: timeout, cals: [2]}]\n", 5, 34, "Did you mean 'calls'?"),
    ("tools:\n  orders/find: {fails: 3}\n", 5, 24, "quotes"),
    ("models:\n  fast: [{wehn: x, says: y}]\n", 5, 11, "Did you mean 'when'?"),
    ("people:\n  a: {decison: x}\n", 5, 7, "Did you mean 'decision'?"),
    ("seed: many\n", 4, 7, "seed: 1"),
    ("random: {run: 4}\n", 4, 10, "Did you mean 'runs'?"),
    ("sources: {tool: {}}\n", 4, 11, "Did you mean 'tools'?"),
    ("customer: randm\n", 4, 11, "Did you mean 'random'?"),
    ("customer: {persna: x}\n", 4, 12, "Did you mean 'persona'?"),
    ("customer: [{heers: x, says: y}]\n", 4, 13, "Did you mean 'hears'?"),
    ("expect: [{outcom: x}]\n", 4, 11, "Did you mean 'outcome'?"),
    ("vary: {customer.name: Ana}\n", 4, 23, "customer.name: [Ana]"),
    ("expct: []\n", 4, 1, "Did you mean 'expect'?"),
]


@pytest.mark.parametrize(("text", "line", "column", "hint"), FORM)
def test_a_misspelled_key_is_found_with_file_line_and_column(
    tmp_path: Folder, text: str, line: int, column: int, hint: str
) -> None:
    folder = tmp_path / "w"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "journeybuilder.yaml").write_text(
        "journeybuilder: 1\nworkspace: w\n", encoding="utf-8"
    )
    head = "journeybuilder: 1\nscenario: s\njourney: x\n"
    (folder / "scenarios" / "s.scenario.yaml").write_text(head + text, encoding="utf-8")
    found = [each for each in findings_of(read_workspace(folder)) if each.line >= 4]
    assert [(each.file, each.line, each.column) for each in found][:1] == [
        ("scenarios/s.scenario.yaml", line, column)
    ]
    assert hint in found[0].hint


JUNK: tuple[Any, ...] = (None, True, -1, 1.5, "", "x", [], [1], [[]], {}, {"a": [{"b": None}]})
PLACES: tuple[tuple[str, ...], ...] = (
    *((key,) for key in ("input", "channel", "language", "remembered", "seed", "customer", "tools")),
    *((key,) for key in ("resources", "prompts", "models", "people", "events", "changes", "sources")),
    *((key,) for key in ("recording", "expect", "random", "vary")),
    *(("people", "decide", key) for key in ("decision", "after", "by", "value", "note")),
    *(("tools", "orders/find", key) for key in ("returns", "fails", "slow", "calls", "share")),
    ("tools", "orders/find", "given"),
    *(("events", "paid", key) for key in ("after", "data")),
)  # fmt: skip


@pytest.mark.parametrize("value", JUNK)
def test_no_value_of_a_wrong_type_breaks_the_checks(value: Any) -> None:
    for place in PLACES:
        inner = value
        for name in reversed(place):
            inner = {name: inner}
        for problem in check_scenario({**GOOD, **inner}, STAGE):
            assert problem.message
