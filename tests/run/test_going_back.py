"""Going back in a run, branching off, long runs with stored moments, and replays of records."""

import asyncio
from typing import Any

import pytest

from journeybuilder.errors import OperatorError
from journeybuilder.plan.plan import Plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.reading import read, whole_requests
from journeybuilder.run.recorder import SNAPSHOT_EVERY
from journeybuilder.run.replay import Replayed, replay
from journeybuilder.run.state import RunState, fold
from tests.fakes import SESSION, TurnModels, World, calling, failing, plan_of, saying, world
from tests.run.test_survival import BREAKS, FACTS, NODES, PACK, shuffled
from tests.run.worlds import Quiet

PAY = """
a: {kind: ask, text: Which?, save: which, next: label}
label: {kind: tool, tool: shipping/create_label, with: {order_id: "${which}"}, save: label, undo: {tool: shipping/void_label, with: {label_id: "${label.id}"}}, next: pay}
pay: {kind: PAYING, next: done}
done: {kind: end, outcome: done, output: {which: "${which}"}}
"""
REFUND = "tool, tool: orders/refund, with: {order_id: O, amount: 1}"
LABELS = {"shipping/create_label": [{"id": "L-1"}, {"id": "L-2"}]}


def paying(kind: str) -> Plan:
    return plan_of(PAY.replace("PAYING", kind))


def rewind(around: World, plan: Plan, step: int, **how: Any) -> RunState:
    return asyncio.run(around.engine(plan).rewind("r-1", step, "dana", **how))


def test_a_run_goes_back_and_on_from_there_and_takes_back_what_it_can() -> None:
    around, plan = world("blue", "red", tools=LABELS), paying("set, values: {n: 1}")
    assert around.run(plan).output == {"which": "blue"}
    state = rewind(around, plan, 1)
    assert (state.status, state.output) == ("ended", {"which": "red"})
    assert around.tools.called("shipping/void_label") == [{"label_id": "L-1"}]
    assert around.tools.called("shipping/create_label") == [
        {"order_id": "blue"},
        {"order_id": "red"},
    ]
    assert len({call.key for call in around.tools.calls}) == 3
    stored = asyncio.run(around.journal.events("r-1"))
    visits = [event["visit"] for event in stored if event["event"] == "entered"]
    assert len(visits) == len(set(visits))
    assert fold(stored) == state


def test_a_run_does_not_go_back_behind_what_cannot_be_taken_back() -> None:
    around, plan = world("blue", "red", tools=LABELS), paying(REFUND)
    around.run(plan)
    before = asyncio.run(around.journal.row("r-1"))
    with pytest.raises(OperatorError, match="'orders/refund' at 'pay'") as caught:
        rewind(around, plan, 1)
    assert "shipping/create_label" not in caught.value.what
    assert asyncio.run(around.journal.row("r-1")) == before
    assert rewind(around, plan, 1, force=True).output == {"which": "red"}
    assert len(around.tools.called("orders/refund")) == 2


def test_the_time_that_was_gone_back_over_does_not_count_to_the_limit() -> None:
    around = world("blue", "red", "green", tools=LABELS)
    plan = plan_of(PAY.replace("PAYING", "set, values: {n: 1}"), head="limits: {duration: 1h}")
    around.run(plan)
    around.clock.moment += 90_000
    assert rewind(around, plan, 1).output == {"which": "red"}
    engine = around.engine(plan)
    asyncio.run(engine.branch("r-1", 1, "r-2"))
    assert asyncio.run(engine.resume("r-2")).output == {"which": "green"}


def test_a_step_that_never_was_is_refused_with_those_that_were() -> None:
    around, plan = world("blue", tools=LABELS), paying("set, values: {n: 1}")
    around.run(plan)
    with pytest.raises(OperatorError, match="no step 9") as caught:
        rewind(around, plan, 9)
    assert "1 to 4" in caught.value.hint


def test_a_failed_run_goes_on_after_its_cause_is_mended() -> None:
    around = world(tools={"orders/get_order": [failing("unreachable"), {"n": 1}]})
    plan = plan_of(
        "a: {kind: tool, tool: orders/get_order, with: {order_id: O}, save: order, next: done}\n"
        'done: {kind: end, output: {n: "${order.n}"}}',
        facts={"orders/get_order": {"risk": "read"}},
    )
    assert around.run(plan).status == "failed"
    state = rewind(around, plan, 1)
    assert (state.status, state.output, state.error) == ("ended", {"n": 1}, None)


def test_a_branch_is_a_run_of_its_own() -> None:
    around, plan = world("blue", "red", tools=LABELS), paying(REFUND)
    around.run(plan)
    engine = around.engine(plan)
    new = asyncio.run(engine.branch("r-1", 1, "r-2"))
    assert (new.run, new.status, new.session["id"], new.path) == ("r-2", "running", "r-2", [])
    assert asyncio.run(engine.resume("r-2")).output == {"which": "red"}
    assert fold(asyncio.run(around.journal.events("r-1"))).output == {"which": "blue"}
    assert len({call.key for call in around.tools.calls}) == len(around.tools.calls)
    with pytest.raises(OperatorError, match="already"):
        asyncio.run(engine.branch("r-1", 1, "r-2"))


def test_a_long_run_is_read_from_its_last_stored_moment() -> None:
    nodes = """
a: {kind: set, values: {n: 0}, next: b}
b: {kind: set, values: {n: "${n + 1}"}, next: c}
c: {kind: branch, cases: [{when: n < 600, next: b}], otherwise: d}
d: {kind: ask, text: Enough?, next: e}
e: {kind: end, output: {n: "${n}"}}
"""
    plan, around = plan_of(nodes, "limits: {steps: 9999}"), world()
    around.customer = Quiet()
    state = around.run(plan)
    stored = asyncio.run(around.journal.events("r-1"))
    moments = [event["seq"] for event in stored if event["event"] == "snapshot"]
    assert moments == list(range(SNAPSHOT_EVERY, len(stored) + 1, SNAPSHOT_EVERY))
    asked: list[int] = []
    keep = around.journal.events

    async def events(run: str, after: int = 0) -> Any:
        asked.append(after)
        return await keep(run, after)

    around.journal.events = events  # pyright: ignore[reportAttributeAccessIssue]
    assert asyncio.run(read(around.journal, "r-1", len(stored))) == fold(stored) == state
    assert asked == [moments[-1] - 1]
    state = asyncio.run(around.engine(plan).answer("r-1", {"text": "yes"}, "customer"))
    assert state.output == {"n": 600}


# -- replays ---------------------------------------------------------------------------------


def recorded(around: World, plan: Plan) -> Any:
    asyncio.run(Engine(plan, around.journal, around.services()).start({}, SESSION, "r-1"))
    return asyncio.run(around.journal.events("r-1"))


def again(plan: Plan, events: Any) -> Replayed:
    return asyncio.run(replay(plan, events))


@pytest.mark.parametrize("seed", range(8))
def test_a_record_replays_to_the_same_without_calling_anything(seed: int) -> None:
    plan = plan_of(NODES, facts=FACTS, others={"pack": PACK, "breaks": BREAKS})
    events = recorded(shuffled(seed), plan)
    done = again(plan, events)
    assert done.difference == ""
    assert done.state == fold(events)


@pytest.mark.parametrize(
    ("old", "new", "words", "node"),
    [
        ("next: pay}", "next: done}", "goes by 'next' to 'done', where it goes by 'next' to 'pay'", "label"),
        ('order_id: "${which}"', "order_id: X", """asks with 'arguments' {"order_id":"X"}""", "label"),
        ("outcome: done", "outcome: closed", "ends with 'closed', where it ends with 'done'", "done"),
        ("values: {n: 1}", "values: {n: 2}", """gives for 'save' {"n":2}, where it was {"n":1}""", "pay"),
        ("text: Which?", "text: What?", "asks with 'text' \"What?\", where it was \"Which?\"", "a"),
    ],
)  # fmt: skip
def test_a_replay_names_the_first_difference(old: str, new: str, words: str, node: str) -> None:
    nodes = PAY.replace("PAYING", "set, values: {n: 1}")
    events = recorded(world("blue", tools=LABELS), plan_of(nodes))
    assert old in nodes
    different = again(plan_of(nodes.replace(old, new)), events)
    assert words in different.difference
    assert different.node == node


def test_a_run_that_waits_replays_to_its_wait() -> None:
    plan, around = paying("set, values: {n: 1}"), world()
    around.customer = Quiet()
    events = recorded(around, plan)
    assert again(plan, events).difference == ""
    other = plan_of("a: {kind: say, text: Which?, next: z}\nz: {kind: end}")
    assert "goes by 'next' to 'z', where it waits" in again(other, events).difference


def test_what_a_model_was_asked_before_is_not_recorded_again() -> None:
    nodes = "a: {kind: agent, model: fast, instructions: Look, tools: [orders/get_order], next: z}\nz: {kind: end}"
    call = ("orders_get_order", {"order_id": "O"})
    plan = plan_of(nodes, facts={"orders/get_order": {"risk": "read"}})
    around = world(models=TurnModels(calling(call), calling(call), calling(call), saying("done")))
    events = recorded(around, plan)
    asked = [event["request"] for event in events if event["event"] == "asked" and event["effect"] == "model"]  # fmt: skip
    assert [len(request["messages"]) for request in asked] == [2, 2, 2, 2]
    assert [len(ask.messages) for ask in around.models.asked] == [2, 4, 6, 8]
    assert again(plan, events).difference == ""
    whole = [event["request"] for event in whole_requests(events) if event["event"] == "asked" and event["effect"] == "model"]  # fmt: skip
    assert [request["messages"] for request in whole] == [list(ask.messages) for ask in around.models.asked]  # fmt: skip
