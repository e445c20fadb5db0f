"""Who plays what: scenario, recording, made, edge or real, tool by tool and model by model."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from typing_extensions import override

from journeybuilder.contract.services import ModelAnswer, ModelAsk, Models, ToolAnswer, ToolCall
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import AuthorError, StepError
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.recorded.recording import Recording
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import simulate
from journeybuilder.rehearse.world.cast import Cast, Stage, cast_of, stage
from journeybuilder.rehearse.world.clock import BEGIN
from journeybuilder.rehearse.world.sources import seed_of
from tests.fakes import FakeTools, bundle_of, plan_of, tool

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {"total": {"type": "number"}, "status": {"enum": ["open", "shipped", "lost"]}},
    "required": ["total", "status"],
}
NODES = """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: order, next: b}
b: {kind: generate, model: careful, prompt: Write, save: draft, next: z}
z: {kind: end, outcome: good}
"""
CALL = ToolCall("r", "n", "orders/get_order", {"order_id": "O-1"}, 5, "k")
ASK = ModelAsk("r", "n", "careful", [{"role": "user", "content": "Write"}])
RECORDED = Recording(
    "monday",
    calls=[
        {
            "kind": "tool",
            "request": {"tool": "orders/get_order", "arguments": {"order_id": "O-1"}},
            "answer": {"value": {"total": 2, "status": "open"}, "note": ""},
        },
        {
            "kind": "model",
            "request": {
                "model": "careful",
                "messages": [{"role": "user", "content": "Write"}],
                "schema": None,
                "tools": [],
            },
            "answer": {"text": "recorded", "model": "x/y", "alias": "careful"},
        },
    ],
)
SCRIPT: dict[str, Any] = {
    "tools": {"orders/get_order": {"returns": {"total": 1, "status": "open"}}},
    "models": {"careful": [{"says": "scripted"}]},
}


class Real(Models):
    """A model that has words of its own."""

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        return ModelAnswer("real", "x/y", ask.alias)


def plan() -> Plan:
    bundle = bundle_of(NODES)
    promising = tool("orders/get_order", output=FORM, order_id="string")
    tools = dict(bundle.data["tools"])
    tools[promising.id] = {"digest": promising.digest(), "definition": promising.definition()}
    return make_plan(replace(bundle, data={**bundle.data, "tools": tools}))


PLAN = plan()


def world(script: Mapping[str, Any], cast: Cast | None = None, **more: Any) -> Stage:
    scenario = scenario_of({"scenario": "s", "journey": "test", **script})
    return stage(PLAN, scenario, cast, **more)


def everything(script: Mapping[str, Any], cast: Cast | None = None) -> Stage:
    real = FakeTools({"orders/get_order": [{"total": 3, "status": "open"}]})
    return world(script, cast, tools=real, models=Real(), recording=RECORDED)


def told(of: Stage) -> tuple[Any, str]:
    answer: ToolAnswer = asyncio.run(of.services.tools.call(CALL))
    return answer.value, asyncio.run(of.services.models.ask(ASK)).text


def test_what_is_not_named_is_scripted_else_recorded_else_real_else_made() -> None:
    assert told(everything(SCRIPT)) == ({"total": 1, "status": "open"}, "scripted")
    assert told(everything({})) == ({"total": 2, "status": "open"}, "recorded")
    real = FakeTools({"orders/get_order": [{"total": 3, "status": "open"}]})
    assert told(world({}, tools=real, models=Real())) == ({"total": 3, "status": "open"}, "real")
    value, words = told(world({}))
    assert value["status"] == "open"
    assert value["total"] >= 5
    assert "rehearsed answer" in words


@pytest.mark.parametrize(
    ("source", "total", "words"),
    [
        ("scenario", 1, "scripted"),
        ("recording", 2, "recorded"),
        ("real", 3, "real"),
        ("edge", 0, ""),
    ],
)
def test_each_tool_and_model_plays_what_the_cast_says(source: Any, total: int, words: str) -> None:
    for name, alias in (("orders/get_order", "careful"), ("*", "*")):
        cast = Cast(tools={name: source}, models={alias: source})
        value, said = told(everything(SCRIPT, cast))
        assert value["total"] == total
        assert words in said


def test_what_is_made_leaves_script_recording_and_reality_alone() -> None:
    value, words = told(everything(SCRIPT, Cast(tools={"*": "made"}, models={"*": "made"})))
    assert value["total"] not in {1, 2, 3}
    assert "rehearsed answer" in words


def test_the_scenario_says_who_plays_what_and_the_cast_given_has_the_last_word() -> None:
    script: dict[str, Any] = {
        **SCRIPT,
        "sources": {"tools": {"*": "recording"}, "models": {"careful": "real"}},
    }
    assert told(everything(script)) == ({"total": 2, "status": "open"}, "real")
    cast = Cast(tools={"*": "real"})
    assert told(everything(script, cast)) == ({"total": 3, "status": "open"}, "real")


def test_a_source_that_is_not_there_is_refused_before_anything_runs() -> None:
    with pytest.raises(AuthorError, match="no real tools"):
        world({}, Cast(tools={"*": "real"}))
    with pytest.raises(AuthorError, match="no real models"):
        world({}, Cast(models={"careful": "real"}))
    with pytest.raises(AuthorError, match="recording"):
        world({}, Cast(tools={"orders/get_order": "recording"}))
    scenario = scenario_of({"journey": "test", "sources": {"tools": {"*": "real"}}})
    result = asyncio.run(simulate(PLAN, scenario))
    assert not result.passed
    assert "no real tools" in result.failures[0]


def test_a_scenario_that_is_to_answer_and_says_nothing_is_an_error() -> None:
    of = world({}, Cast(tools={"*": "scenario"}, models={"careful": "scenario"}))
    with pytest.raises(StepError, match="does not say what 'orders/get_order'"):
        asyncio.run(of.services.tools.call(CALL))
    with pytest.raises(StepError, match="does not say what model 'careful'"):
        asyncio.run(of.services.models.ask(ASK))


def test_made_choices_vary_by_the_seed_and_are_the_same_for_the_same_one() -> None:
    seen = [told(world({}, Cast(seed=seed)))[0] for seed in range(1, 30)]
    again = [told(world({"seed": seed}))[0] for seed in range(1, 30)]
    assert seen == again
    assert {each["status"] for each in seen} == {"open", "shipped", "lost"}


def test_a_call_that_the_recording_does_not_have_is_told_while_it_runs() -> None:
    of = everything({})
    other = replace(CALL, arguments={"order_id": "O-2"})
    with pytest.raises(StepError):
        asyncio.run(of.services.tools.call(other))
    assert len(of.misses) == 1
    assert 'arguments.order_id is "O-2", recorded is "O-1"' in of.misses[0]


def test_a_tool_that_is_to_be_recorded_is_never_really_called() -> None:
    real = FakeTools({"orders/get_order": [{"total": 3, "status": "open"}]})
    cast = Cast(tools={"*": "recording"}, models={"*": "recording"})
    of = world({}, cast, tools=real, models=Real(), recording=Recording("empty"))
    with pytest.raises(StepError, match="has no call of 'orders/get_order'"):
        asyncio.run(of.services.tools.call(CALL))
    with pytest.raises(StepError, match="has no call of 'careful'"):
        asyncio.run(of.services.models.ask(ASK))
    assert real.calls == []
    assert len(of.misses) == 2


def test_an_edge_for_a_model_fits_the_schema_that_it_was_asked_for() -> None:
    of = world({}, Cast(models={"*": "edge"}))
    value = asyncio.run(of.services.models.ask(replace(ASK, schema=FORM))).value
    assert value == {"total": 0, "status": value["status"]}
    assert value["status"] in FORM["properties"]["status"]["enum"]


@pytest.mark.parametrize("recorded", [True, False])
def test_an_outage_of_some_calls_leaves_the_others_to_whoever_would_answer(recorded: bool) -> None:
    script = {
        "tools": {"orders/get_order": {"fails": "unreachable", "calls": [1]}},
        "models": {"careful": [{"fails": "error", "calls": [1]}]},
    }
    real = FakeTools({"orders/get_order": [{"total": 3, "status": "open"}] * 2})
    more: dict[str, Any] = (
        {"recording": RECORDED} if recorded else {"tools": real, "models": Real()}
    )
    of = world(script, **more)
    with pytest.raises(StepError):
        asyncio.run(of.services.tools.call(CALL))
    with pytest.raises(StepError):
        asyncio.run(of.services.models.ask(ASK))
    value, words = told(of)
    assert (value["total"], words) == ((2, "recorded") if recorded else (3, "real"))


def test_the_definition_of_a_real_tool_is_looked_at_where_it_is_really_called() -> None:
    other = replace(tool("orders/get_order", output=FORM, order_id="string"), description="new")

    class Changed(FakeTools):
        """Its definition is another one by now."""

        @override
        async def definition(self, tool: str) -> ToolDef | None:
            return other

    real = Changed({"orders/get_order": [{"total": 3, "status": "open"}]})
    scripted = [{"returns": {"total": 1, "status": "open"}, "calls": [1]}]
    of = world({"tools": {"orders/get_order": scripted}}, tools=real)
    assert asyncio.run(of.services.tools.definition("orders/get_order")) is None
    assert asyncio.run(of.services.tools.call(CALL)).value["total"] == 1
    assert asyncio.run(of.services.tools.definition("orders/get_order")) == other
    assert asyncio.run(of.services.tools.call(CALL)).value["total"] == 3


REVIEWS = """
a: {kind: review, to: desk, decisions: {yes: b, no: z}, timeout: 4h, on_timeout: z}
b: {kind: set, values: {again: true}, next: a}
z: {kind: end, outcome: good}
"""


def test_people_decide_in_turn_the_last_line_for_every_later_time() -> None:
    script: dict[str, Any] = {
        "people": {
            "a": [{"decision": "yes"}, {"decision": "yes", "after": "1h"}, {"decision": "no"}]
        }
    }
    scenario = scenario_of({"scenario": "s", "journey": "test", **script})
    result = asyncio.run(simulate(plan_of(REVIEWS), scenario))
    assert result.state.path == ["a", "b", "a", "b", "a", "z"]
    assert result.events[-1]["at"] == BEGIN + 3600


def test_a_cast_is_read_from_a_file_without_what_is_none() -> None:
    read = cast_of({"tools": {"a/b": "made", "c/d": "mad"}, "models": {"*": "edge"}}, 4)
    assert read == Cast(tools={"a/b": "made"}, models={"*": "edge"}, seed=4)


def test_seeds_are_the_same_on_every_machine() -> None:
    assert seed_of(1, "orders/get_order", 2) == SEED
    assert seed_of(1, "orders/get_order", 3) != SEED


SEED = 3_884_521_260
