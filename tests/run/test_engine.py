"""The engine: parking and going on, limits, doubt after a crash, errors, and what a state is."""

import asyncio
from typing import Any

import pytest
from typing_extensions import override

from journeybuilder.contract.services import ToolAnswer, ToolCall
from journeybuilder.errors import OperatorError, StoreError
from journeybuilder.run.state import RunState, apply, fold
from tests.fakes import FakeClock, FakeCustomer, FakeTools, World, decides, failing, plan_of, world

ASK = """
a: {kind: ask, text: Which order?, save: order_id, timeout: 10m, next: b, on_timeout: late}
b: {kind: say, text: "Thanks for ${order_id}", next: done}
late: {kind: end, outcome: late}
done: {kind: end, outcome: closed, output: {order: "${order_id}"}}
"""
REFUND = """
a: {kind: say, text: One moment, next: pay}
pay: {kind: tool, tool: orders/refund, with: {order_id: O-1, amount: 5}, save: paid, next: done}
done: {kind: end, outcome: paid, output: {paid: "${paid}"}}
"""


def answer(around: World, plan: Any, **given: Any) -> RunState:
    return asyncio.run(around.engine(plan).answer("r-1", given, "dana"))


def resume(around: World, plan: Any) -> RunState:
    return asyncio.run(around.engine(plan).resume("r-1"))


def test_a_run_parks_for_the_customer_and_goes_on_with_the_answer() -> None:
    around, plan = world(), plan_of(ASK.replace("timeout: 10m, ", ""))
    state = around.run(plan)
    assert state.status == "parked"
    assert state.waiting_for is not None
    assert (state.waiting_for["kind"], state.waiting_for["node"]) == ("customer", "a")
    state = answer(around, plan, text="O-1001")
    assert (state.status, state.output) == ("ended", {"order": "O-1001"})
    assert around.said == ["Which order?", "Thanks for O-1001"]  # the question was asked once


def test_a_parked_run_whose_time_is_up_takes_the_time_out() -> None:
    plan = plan_of(ASK)
    around = world()
    around.customer._clock = None  # silent, and no time passes while listening
    state = around.run(plan)
    assert (state.status, state.due) == ("parked", around.clock.moment + 600)
    around.clock.moment += 601
    assert resume(around, plan).outcome == "late"


def test_resuming_before_the_time_is_up_parks_again_until_the_same_moment() -> None:
    plan, around = plan_of(ASK), world()
    around.customer._clock = None
    due = around.run(plan).due
    around.clock.moment += 60
    state = resume(around, plan)
    assert (state.status, state.due) == ("parked", due)


def test_an_answer_that_nobody_waits_for_is_refused() -> None:
    plan, around = plan_of(ASK), world("O-1001")
    around.run(plan)
    with pytest.raises(OperatorError, match="it is ended"):
        answer(around, plan, text="again")
    with pytest.raises(OperatorError, match="no such run"):
        asyncio.run(around.engine(plan).resume("r-2"))


def test_a_decision_that_is_not_offered_is_refused_and_changes_nothing() -> None:
    plan = plan_of("a: {kind: review, to: desk, decisions: {yes: b, no: b}}\nb: {kind: end}")
    around = world()
    around.run(plan)
    before = around.journal._events["r-1"][:]
    with pytest.raises(OperatorError, match="yes, no"):
        answer(around, plan, decision="maybe", by="dana", value=None, note="")
    assert around.journal._events["r-1"] == before
    assert answer(around, plan, decision="no", by="dana", value=None, note="").status == "ended"


class Dying(FakeTools):
    """A process that dies while the tool is at work: the answer never arrives."""

    def __init__(self) -> None:
        super().__init__({"orders/refund": [{"amount": 5}]})
        self.alive = False

    async def call(self, call: ToolCall) -> ToolAnswer:
        result = await super().call(call)
        if not self.alive:
            raise KeyboardInterrupt
        return result


def crashed(facts: Any = None) -> tuple[World, Any, Dying]:
    plan, tools = plan_of(REFUND, facts=facts), Dying()
    around = world()
    around.tools = tools
    with pytest.raises(KeyboardInterrupt):
        around.run(plan)
    tools.alive = True
    return around, plan, tools


def test_a_call_that_may_have_happened_is_left_to_a_person() -> None:
    around, plan, tools = crashed()
    state = resume(around, plan)
    assert state.waiting_for is not None
    assert state.waiting_for["kind"] == "uncertain"
    assert state.waiting_for["show"]["tool"] == "orders/refund"
    assert len(tools.calls) == 1


@pytest.mark.parametrize(("decision", "calls"), [("done", 1), ("not_done", 2)])
def test_a_person_says_whether_a_doubtful_call_happened(decision: str, calls: int) -> None:
    around, plan, tools = crashed()
    resume(around, plan)
    value = {"amount": 5} if decision == "done" else None
    state = answer(around, plan, decision=decision, by="dana", value=value, note="")
    assert (state.status, state.outcome) == ("ended", "paid")
    assert state.output == {"paid": {"amount": 5}}
    assert len(tools.calls) == calls


def test_a_person_may_cancel_a_run_in_doubt() -> None:
    around, plan, tools = crashed()
    resume(around, plan)
    state = answer(around, plan, decision="cancel", by="dana", value=None, note="")
    assert (state.status, len(tools.calls)) == ("cancelled", 1)


@pytest.mark.parametrize("fact", [{"idempotent": True}, {"risk": "read"}])
def test_a_call_that_does_no_harm_is_repeated_after_a_crash(fact: dict[str, Any]) -> None:
    around, plan, tools = crashed({"orders/refund": fact})
    assert resume(around, plan).status == "ended"
    assert len(tools.calls) == 2
    assert tools.calls[0].key == tools.calls[1].key


def test_a_tool_that_takes_a_key_gets_the_same_one_again() -> None:
    around, plan, tools = crashed({"orders/refund": {"key": "request_id"}})
    assert resume(around, plan).status == "ended"
    first, second = (call.arguments["request_id"] for call in tools.calls)
    assert first == second


def test_a_doubtful_failure_is_tried_again_only_where_that_does_no_harm() -> None:
    nodes = REFUND.replace("save: paid,", "save: paid, retry: {attempts: 3, wait: 1s},")
    lost = {"orders/refund": [failing("timeout", uncertain=True), {"amount": 5}]}
    around = world(tools=lost)
    assert around.run(plan_of(nodes)).status == "failed"
    assert len(around.tools.calls) == 1
    around = world(tools=lost)
    assert (
        around.run(plan_of(nodes, facts={"orders/refund": {"idempotent": True}})).status == "ended"
    )
    assert len(around.tools.calls) == 2


def test_the_steps_of_a_run_are_bounded() -> None:
    nodes = "a: {kind: set, values: {n: 1}, next: b}\nb: {kind: branch, cases: [{when: n == 2, next: c}], otherwise: a}\nc: {kind: end}"
    state = world().run(plan_of(nodes, head="limits: {steps: 7}"))
    assert (state.status, state.steps) == ("failed", 7)
    assert state.error is not None
    assert state.error["code"] == "limit"


def test_the_length_of_a_run_is_bounded() -> None:
    plan = plan_of(ASK.replace("timeout: 10m, ", ""), head="limits: {duration: 1h}")
    around = world()
    around.run(plan)
    around.clock.moment += 3601
    state = answer(around, plan, text="O-1")
    assert state.error is not None
    assert (state.status, state.error["code"]) == ("failed", "limit")


def test_a_run_is_cancelled_where_it_stands_and_only_once() -> None:
    plan, around = plan_of(ASK), world()
    around.customer._clock = None
    around.run(plan)
    engine = around.engine(plan)
    assert asyncio.run(engine.cancel("r-1", "dana")).status == "cancelled"
    with pytest.raises(OperatorError, match="over"):
        asyncio.run(engine.cancel("r-1", "dana"))


def test_a_bug_in_a_service_fails_the_run_and_not_the_program(
    caplog: pytest.LogCaptureFixture,
) -> None:
    around = world(tools={"orders/refund": [ZeroDivisionError("oops")]})
    state = around.run(plan_of(REFUND))
    assert state.error is not None
    assert (state.status, state.error["code"]) == ("failed", "bug")
    assert "oops" in caplog.text


def test_when_the_store_fails_the_run_stays_where_it_was_committed() -> None:
    plan, around = plan_of(REFUND), world(tools={"orders/refund": [{"amount": 5}]})
    keep, full = around.journal.append, [True]

    async def append(batch: Any) -> None:
        if full[0] and any(
            event["event"] == "asked" and event["effect"] == "tool" for event in batch.events
        ):
            raise StoreError("the disk is full")
        await keep(batch)

    around.journal.append = append  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(StoreError):
        around.run(plan)
    assert around.tools.calls == []  # nothing is done that could not be recorded as asked
    full[0] = False
    assert resume(around, plan).status == "ended"


def test_the_state_rebuilt_from_events_equals_the_live_one_at_every_step() -> None:
    nodes = """
a: {kind: ask, text: Which?, save: order_id, next: pay}
pay: {kind: tool, tool: orders/refund, with: {order_id: "${order_id}", amount: 5}, save: paid, undo: {tool: shipping/void_label, with: {label_id: x}}, next: look}
look: {kind: review, to: desk, decisions: {ok: bad}}
bad: {kind: tool, tool: orders/get_order, with: {order_id: "${order_id}"}, next: done}
done: {kind: end}
"""
    around = world(
        "O-1", tools={"orders/get_order": [failing("tool_failed")]}, people=[decides("ok")]
    )
    live: list[str] = []
    state = RunState(run="r-1")

    def see(event: Any) -> None:
        around.events.append(event)
        apply(state, event)
        live.append(repr(state))

    engine = around.engine(plan_of(nodes))
    engine._observe = see
    asyncio.run(engine.start({}, {}, "r-1"))
    stored = around.journal._events["r-1"]
    assert [event["event"] for event in stored][-1] == "failed"
    assert "closing" in [event["event"] for event in stored]
    for number in range(1, len(stored) + 1):
        rebuilt = fold(stored[:number])
        assert repr(rebuilt) == live[number - 1]


def test_a_call_that_changes_something_is_recorded_as_asked_before_it_is_made() -> None:
    around, _, _ = crashed({"orders/refund": {"key": "request_id"}})
    stored = [event["event"] for event in around.journal._events["r-1"]]
    assert stored[-1] == "asked"


def test_a_node_that_went_by_without_an_effect_is_durable_before_the_customer_hears_of_it() -> None:
    nodes = """
a: {kind: branch, cases: [{when: "now > timestamp('2000-01-01T00:00:00Z')", next: open}], otherwise: shut}
open: {kind: say, text: We are open, next: done}
shut: {kind: say, text: We are closed, next: done}
done: {kind: end}
"""
    around = world()

    class Gone(FakeCustomer):
        @override
        async def say(self, message: Any) -> None:
            raise KeyboardInterrupt

    heard, around.customer = around.customer, Gone()
    around.clock.moment = 1_700_000_000.0
    with pytest.raises(KeyboardInterrupt):
        around.run(plan_of(nodes))
    around.customer, around.clock.moment = heard, 0.0
    resume(around, plan_of(nodes))
    assert around.said == ["We are open"]


def test_an_undo_shares_no_key_with_the_call_that_failed() -> None:
    nodes = """
a: {kind: tool, tool: shipping/create_label, with: {order_id: O-1}, undo: {tool: shipping/void_label, with: {label_id: L-1}}, next: pay}
pay: {kind: tool, tool: orders/refund, with: {order_id: O-1, amount: 5}, next: done}
done: {kind: end}
"""
    around = world(tools={"orders/refund": [failing("tool_failed")]})
    assert around.run(plan_of(nodes)).status == "failed"
    assert [call.tool for call in around.tools.calls][-1] == "shipping/void_label"
    assert len({call.key for call in around.tools.calls}) == 3


def test_a_bug_in_a_service_does_not_keep_other_undos_from_being_made() -> None:
    nodes = """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, undo: {tool: shipping/void_label, with: {label_id: L-1}}, next: b}
b: {kind: tool, tool: shipping/create_label, with: {order_id: O-1}, undo: {tool: orders/refund, with: {order_id: O-1, amount: 5}}, next: done}
done: {kind: end, undo: true}
"""
    around = world(tools={"orders/refund": [ZeroDivisionError("oops")]})
    assert around.run(plan_of(nodes)).status == "ended"
    assert [call.tool for call in around.tools.calls][2:] == [
        "orders/refund",
        "shipping/void_label",
    ]
    told = next(event["error"] for event in around.events if event["event"] == "errored")
    assert (told["code"], told["uncertain"]) == ("bug", True)


def test_whoever_looks_on_and_fails_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    around = world(tools={"orders/refund": [{"amount": 5}]})
    engine = around.engine(plan_of(REFUND))

    def see(event: Any) -> None:
        raise BrokenPipeError

    engine._observe = see
    state = asyncio.run(engine.start({}, {}, "r-1"))
    assert (state.status, state.outcome) == ("ended", "paid")
    assert "observer" in caplog.text


def test_a_refused_answer_does_not_take_the_run_from_whoever_drives_it() -> None:
    around, plan = world(), plan_of(REFUND)

    class Asked(FakeTools):
        @override
        async def call(self, call: ToolCall) -> ToolAnswer:
            with pytest.raises(OperatorError, match="it is running"):
                await around.engine(plan).answer("r-1", {"text": "hello?"}, "customer")
            return await super().call(call)

    around.tools = Asked({"orders/refund": [{"amount": 5}]})
    assert around.run(plan).outcome == "paid"


def test_a_decision_is_refused_while_a_run_waits_for_its_time() -> None:
    nodes = "a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, retry: {attempts: 2, wait: 1h}, next: b}\nb: {kind: end}"
    around = world(tools={"orders/get_order": [failing("unreachable")]})

    class Impatient(FakeClock):
        @override
        async def wait(self, until: float) -> bool:
            return False

    around.clock = Impatient()
    plan = plan_of(nodes)
    assert around.run(plan).status == "parked"
    with pytest.raises(OperatorError, match="waits for its time"):
        answer(around, plan, decision="approve", by="dana", value=None, note="")


def test_a_run_that_spins_leaves_the_loop_to_others() -> None:
    nodes = "a: {kind: set, values: {n: 1}, next: b}\nb: {kind: branch, cases: [{when: n == 2, next: c}], otherwise: a}\nc: {kind: end}"
    plan = plan_of(nodes, head="limits: {steps: 100000000}")

    async def work() -> None:
        async with asyncio.timeout(0.2):
            await world().engine(plan).start({}, {}, "r-1")

    with pytest.raises(TimeoutError):
        asyncio.run(work())
