"""What a step may do: events, memory, consent, resources, prompts, the cache, questions of servers."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from typing_extensions import override

from journeybuilder.contract.services import Elicitation, Fact, ToolAnswer, ToolCall
from journeybuilder.errors import OperatorError
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.state import RunState, fold
from tests.fakes import SESSION, FakeTools, World, bundle_of, failing, plan_of, world
from tests.run.worlds import Impatient, Quiet, SlowTools

WAIT = """
a: {kind: wait, event: delivered, timeout: 3d, save: parcel, next: done, on_timeout: late}
done: {kind: end, outcome: done, output: {parcel: "${parcel}"}}
late: {kind: end, outcome: late}
"""


def signal(around: World, plan: Plan, name: str, data: Any = None) -> RunState:
    return asyncio.run(around.engine(plan).signal("r-1", name, data, "carrier"))


def answers(around: World, effect: str) -> list[Mapping[str, Any]]:
    return [
        event["answer"]
        for event in around.events
        if event["event"] == "answered" and event["effect"] == effect
    ]


# -- events ----------------------------------------------------------------------------------


def test_a_run_waits_for_an_event_and_gets_what_comes_with_it() -> None:
    around, plan = world(), plan_of(WAIT)
    state = around.run(plan)
    assert state.waiting_for is not None
    assert (state.waiting_for["kind"], state.waiting_for["name"]) == ("event", "delivered")
    assert signal(around, plan, "else").status == "parked"
    state = signal(around, plan, "delivered", {"door": 3})
    assert (state.outcome, state.output) == ("done", {"parcel": {"door": 3}})
    assert state.signals == {"else": [None], "delivered": []}
    assert fold(asyncio.run(around.journal.events("r-1"))) == state


def test_an_event_that_comes_early_is_kept_until_it_is_waited_for() -> None:
    nodes = WAIT.replace("a: {kind: wait", "a: {kind: ask, text: Ready?, next: w}\nw: {kind: wait")
    around, plan = world(), plan_of(nodes)
    around.customer = Quiet()
    assert around.run(plan).status == "parked"
    assert signal(around, plan, "delivered", {"door": 4}).status == "parked"
    state = asyncio.run(around.engine(plan).answer("r-1", {"text": "yes"}, "customer"))
    assert state.output == {"parcel": {"door": 4}}


def test_an_event_that_does_not_come_is_a_time_out() -> None:
    around, plan = world(), plan_of(WAIT)
    around.run(plan)
    around.clock.moment += 3 * 86400
    assert asyncio.run(around.engine(plan).resume("r-1")).outcome == "late"


def test_an_event_reaches_a_run_that_is_being_driven() -> None:
    nodes = """
a: {kind: parallel, lanes: {wait: w, work: t}}
w: {kind: wait, event: go, save: came, next: meet}
t: {kind: tool, tool: orders/get_order, with: {order_id: O}, next: meet}
meet: {kind: join, next: done}
done: {kind: end, output: {came: "${came}"}}
"""
    around, plan = world(), plan_of(nodes, facts={"orders/get_order": {"risk": "read"}})
    tools = around.tools = SlowTools("orders/get_order")

    async def work() -> RunState:
        engine = around.engine(plan)
        run = asyncio.create_task(engine.start({}, SESSION, "r-1"))
        await tools.begun["orders/get_order"].wait()
        assert (await engine.signal("r-1", "go", {"n": 1})).status == "running"
        tools.go["orders/get_order"].set()
        return await run

    assert asyncio.run(work()).output == {"came": {"n": 1}}


def test_no_event_comes_to_a_run_that_is_over() -> None:
    around, plan = world(), plan_of("a: {kind: end}")
    around.run(plan)
    with pytest.raises(OperatorError, match="it is ended"):
        signal(around, plan, "delivered")


# -- memory and consent ----------------------------------------------------------------------


def test_what_is_remembered_is_known_in_this_run_and_the_next() -> None:
    nodes = """
a: {kind: memory, remember: {color: "${input.color}"}, purpose: service, keep_for: 1d, next: b}
b: {kind: say, text: "${customer.color}", next: z}
z: {kind: end}
"""
    around, plan = world(), plan_of(nodes)
    around.run(plan, {"customer_id": "C-1", "color": "blue"})
    assert around.said == ["blue"]
    tells = plan_of(
        "a: {kind: branch, cases: [{when: has(customer.color), next: b}], otherwise: z}\n"
        'b: {kind: end, outcome: "known"}\nz: {kind: end, outcome: unknown}'
    )
    engine = around.engine(tells)
    one = asyncio.run(engine.start({}, {**SESSION, "customer": "C-1"}, "r-2"))
    other = asyncio.run(engine.start({"customer_id": "C-2"}, SESSION, "r-3"))
    around.clock.moment += 86400
    late = asyncio.run(engine.start({"customer_id": "C-1"}, SESSION, "r-4"))
    assert [one.outcome, other.outcome, late.outcome] == ["known", "unknown", "unknown"]
    started = asyncio.run(around.journal.events("r-2"))[0]
    assert started["customer"]["color"]["value"] == "blue"


def test_what_is_forgotten_is_forgotten_everywhere() -> None:
    nodes = """
a: {kind: memory, forget: all, next: b}
b: {kind: branch, cases: [{when: has(customer.color), next: c}], otherwise: z}
c: {kind: end, outcome: known}
z: {kind: end, outcome: unknown}
"""
    around = world()
    asyncio.run(around.memory.remember("C-1", [Fact("color", "blue")]))
    assert around.run(plan_of(nodes), {"customer_id": "C-1"}).outcome == "unknown"
    assert asyncio.run(around.memory.recall("C-1", 0)) == {}


def test_nothing_is_remembered_of_somebody_unknown() -> None:
    nodes = "a: {kind: memory, remember: {color: blue}, purpose: service, next: z}\nz: {kind: end}"
    state = world().run(plan_of(nodes))
    assert state.error is not None
    assert state.error["code"] == "nobody"


# -- resources, prompts, cache ---------------------------------------------------------------


def test_a_resource_is_read_at_its_filled_in_address() -> None:
    nodes = """
a: {kind: resource, resource: "orders/kb://{topic}/{+path}", with: {topic: "a/b c", path: x/y}, save: article, next: z}
z: {kind: end, output: {article: "${article}"}}
"""
    around = world(tools={"kb://a%2Fb%20c/x/y": ["how to"]})
    assert around.run(plan_of(nodes)).output == {"article": "how to"}


@pytest.mark.parametrize(("name", "value"), [("topic", ".."), ("topic", "."), ("path", "x/../y")])
def test_a_value_does_not_lead_out_of_the_folder_that_the_address_names(
    name: str, value: str
) -> None:
    given = {"topic": "a", "path": "x", name: value}
    nodes = f"""
a: {{kind: resource, resource: "orders/kb://{{topic}}/{{+path}}", with: {given}, save: article, next: z}}
z: {{kind: end}}
"""
    around = world(tools={"kb://a/x": ["how to"]})
    state = around.run(plan_of(nodes))
    assert state.error is not None
    assert state.error["code"] == "bad_arguments"
    assert around.tools.calls == []


def test_the_cache_answers_the_same_question_for_a_while_where_a_tool_only_reads() -> None:
    nodes = "a: {kind: tool, tool: orders/get_order, with: {order_id: O}, cache: 10m, save: order, next: z}\nz: {kind: end, output: {order: '${order}'}}"
    reads = plan_of(nodes, facts={"orders/get_order": {"risk": "read"}})

    def calls(plan: Plan, pause: float) -> tuple[int, list[str]]:
        around = world(tools={"orders/get_order": [{"n": 1}, {"n": 2}]})
        engine = around.engine(plan)
        asyncio.run(engine.start({}, SESSION, "r-1"))
        around.clock.moment += pause
        asyncio.run(engine.start({}, SESSION, "r-2"))
        notes = [answer["note"] for answer in answers(around, "tool")]
        return len(around.tools.calls), notes

    assert calls(reads, 599) == (1, ["", "from the cache"])
    assert calls(reads, 601) == (2, ["", ""])
    assert calls(plan_of(nodes), 1) == (2, ["", ""])  # it may write


# -- questions of servers --------------------------------------------------------------------


class Curious(FakeTools):
    """A server that asks something in the middle of a call, and tells how far it is."""

    def __init__(self, question: Elicitation) -> None:
        super().__init__()
        self._question = question

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        self.calls.append(call)
        assert call.elicit is not None
        assert call.progress is not None
        call.progress(1, 2, "half")
        return ToolAnswer({"told": await call.elicit(self._question)})


FORM = Elicitation(
    "orders",
    "We need your size.",
    {
        "properties": {
            "size": {"type": "integer", "title": "Shoe size"},
            "color": {"type": "string", "enum": ["red", "blue"]},
            "gift": {"type": "boolean"},
        },
        "required": ["size", "color"],
    },
)
ASKS = "a: {kind: tool, tool: orders/get_order, with: {order_id: O}, save: got, next: z}\nz: {kind: end, output: {told: '${got.told}'}}"


def test_a_servers_form_is_asked_field_by_field_and_recorded() -> None:
    around = world("big", "42", "Blue", "yes")
    around.tools = Curious(FORM)
    told = {"size": 42, "color": "blue", "gift": True}
    assert around.run(plan_of(ASKS)).output == {"told": told}
    assert [message.text for message in around.customer.heard] == [
        "We need your size.\nShoe size", '"big" is not of type integer\nShoe size', "Color", "Gift",
    ]  # fmt: skip
    assert around.customer.heard[2].choices == ["red", "blue"]
    assert answers(around, "tool")[0]["asked"] == [
        {"server": "orders", "message": "We need your size.", "answer": told}
    ]


def test_every_question_has_a_key_of_its_own_so_that_no_channel_drops_one() -> None:
    around = world("big", "42", "Blue", "yes", "43", "red", "no")
    around.tools = Curious(FORM)
    nodes = ASKS.replace("next: z}\n", "next: b}\n").replace("z:", "b: {kind: tool, tool: orders/get_order, with: {order_id: P}, next: z}\nz:")  # fmt: skip
    assert around.run(plan_of(nodes)).status == "ended"
    keys = [message.key for message in around.customer.heard]
    assert len(keys) == len(set(keys)) == 7


def test_a_question_is_declined_where_the_workspace_says_so_or_nobody_answers() -> None:
    data = bundle_of(ASKS).data
    declines = {**data, "servers": {**data["servers"], "orders": {"elicit": "decline"}}}
    around = world("42", "blue", "no")
    around.tools = Curious(FORM)
    assert around.run(make_plan(Bundle(declines))).output == {"told": None}
    assert around.said == []
    around = world()
    around.tools = Curious(FORM)
    assert around.run(plan_of(ASKS)).output == {"told": None}


@pytest.mark.parametrize(("words", "told"), [("yes", {}), ("no", None), ("later", None)])
def test_a_page_is_visited_only_with_the_customers_yes(words: str, told: Any) -> None:
    around = world(words)
    around.tools = Curious(Elicitation("orders", "Log in here.", url="https://a.example"))
    assert around.run(plan_of(ASKS)).output == {"told": told}
    assert around.said == ["Log in here.\nhttps://a.example"]


def test_progress_is_shown_and_not_stored() -> None:
    around = world("42", "blue", "no")
    around.tools = Curious(FORM)
    around.run(plan_of(ASKS))
    shown = [event for event in around.events if event["event"] == "progress"]
    assert [(event["done"], event["total"], event["words"]) for event in shown] == [(1, 2, "half")]
    stored = asyncio.run(around.journal.events("r-1"))
    assert all(event["event"] != "progress" for event in stored)


# -- the rest --------------------------------------------------------------------------------


def test_a_run_does_not_start_with_what_the_journey_does_not_take() -> None:
    plan = plan_of("a: {kind: end}", "input: {properties: {n: {type: integer}}, required: [n]}")
    around = world()
    with pytest.raises(OperatorError, match="does not fit the journey: 'n' is missing"):
        around.run(plan)
    assert asyncio.run(around.journal.rows()) == []


def test_expressions_see_when_the_session_started_as_text() -> None:
    nodes = 'a: {kind: end, output: {at: "${timestamp(session.started) < now}", text: "${session.started}"}}'
    state = world().run(plan_of(nodes))
    assert state.output == {"at": False, "text": "1970-01-12T13:46:40Z"}


def test_a_time_out_of_nothing_is_not_the_usual_one() -> None:
    nodes = "a: {kind: tool, tool: orders/get_order, with: {order_id: O}, timeout: 0s, next: z}\nz: {kind: end}"
    around = world()
    around.run(plan_of(nodes))
    assert around.tools.calls[0].timeout == 0


def test_a_message_that_is_no_message_is_refused_by_the_gate() -> None:
    state = world().run(plan_of("a: {kind: say, text: '${input.text}', next: z}\nz: {kind: end}"),
                        {"text": "x" * 20_001})  # fmt: skip
    assert state.error is not None
    assert state.error["code"] == "limit"


def test_now_stands_still_within_a_visit_that_asks_for_nothing() -> None:
    class Running(Impatient):
        @override
        def now(self) -> float:
            self.moment += 1
            return self.moment

    nodes = 'a: {kind: set, values: {one: "${string(now)}", two: "${string(now)}"}, next: z}\nz: {kind: end}'
    around = world(tools={"x": [failing("timeout")]})
    around.clock = Running()  # pyright: ignore[reportAttributeAccessIssue]
    plan = plan_of(nodes)
    state = asyncio.run(Engine(plan, around.journal, around.services()).start({}, SESSION, "r-1"))
    assert state.variables["one"] == state.variables["two"]
