"""The kinds that need more than one visit, in the real engine."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from journeybuilder.contract.services import (
    Listening,
    PromptGet,
    ResourceRead,
    ToolAnswer,
    ToolCall,
)
from journeybuilder.plan.plan import Plan
from journeybuilder.run.state import RunState, fold
from tests.fakes import FakeCustomer, FakeTools, World, failing, journey_data, plan_of


class Shelf(FakeTools):
    """Tools with resources and prompts; a call that is to be slow waits until it is cancelled."""

    def __init__(
        self,
        answers: Mapping[str, Sequence[Any]] | None = None,
        *,
        resources: Mapping[str, Any] | None = None,
        prompts: Mapping[str, Any] | None = None,
        slow: Sequence[str] = (),
    ) -> None:
        super().__init__(answers)
        self._resources = resources or {}
        self._prompts = prompts or {}
        self._slow = slow
        self.cancelled: list[str] = []

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        if call.tool in self._slow:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled.append(call.tool)
                raise
        return await super().call(call)

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        place = f"{reading.server}/{reading.uri}"
        if place not in self._resources:
            raise failing("tool_failed", f"there is no {reading.uri}")
        return ToolAnswer(self._resources[place])

    @override
    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        text = self._prompts[getting.prompt].format(**getting.arguments)
        return [{"role": "user", "content": text}]


class Silent(FakeCustomer):
    """Says its lines, then nothing, and lets no time pass by that."""

    @override
    async def listen(self, listening: Listening) -> str | None:
        return self._lines.pop(0) if self._lines else None


def wide(*says: str, tools: FakeTools | None = None) -> World:
    """A world around these tools and a customer who says this."""
    around = World(tools=tools or FakeTools())
    around.customer = FakeCustomer(*says, clock=around.clock)
    return around


LOOP = """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: order, next: each}
each: {kind: loop, each: order.lines, as: line, collect: {ids: "${label.id}"}, body: make, next: z}
make: {kind: tool, tool: shipping/create_label, with: {order_id: "${line}"}, save: label, next: each, on_error: z}
z: {kind: end, output: {ids: "${ids}", last: "${line}"}}
"""


def test_a_loop_calls_once_for_each_item_and_gives_the_list() -> None:
    answers = {
        "orders/get_order": [{"lines": ["O-1", "O-2", "O-3"]}],
        "shipping/create_label": [{"id": 1}, {"id": 2}, {"id": 3}],
    }
    around = wide(tools=FakeTools(answers))
    state = around.run(plan_of(LOOP))
    assert state.output == {"ids": [1, 2, 3], "last": "O-3"}
    called = around.tools.called("shipping/create_label")
    assert called == [{"order_id": "O-1"}, {"order_id": "O-2"}, {"order_id": "O-3"}]


def test_a_loop_within_a_loop_begins_anew_in_every_round() -> None:
    nodes = """
a: {kind: loop, each: "input.rows", as: row, collect: {table: "${cells}"}, body: inner, next: z}
inner: {kind: loop, each: row, as: cell, collect: {cells: "${cell * 10}"}, body: nothing, next: a}
nothing: {kind: set, values: {seen: true}, next: inner}
z: {kind: end, output: {table: "${table}"}}
"""
    state = wide().run(plan_of(nodes), {"rows": [[1, 2], [], [3]]})
    assert state.output == {"table": [[10, 20], [], [30]]}


LANES = """
a: {kind: parallel, lanes: {order: look, label: make, other: LAST}}
look: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: order, next: meet}
make: {kind: tool, tool: shipping/create_label, with: {order_id: O-1}, save: label, next: meet, undo: {tool: shipping/void_label, with: {label_id: "${label.id}"}}}
more: {kind: tool, tool: orders/refund, with: {order_id: O-1, amount: 1}, save: refund, next: meet}
idle: {kind: ask, text: Still there?, save: words, next: meet}
meet: {kind: join, wait_for: ALL, JOIN save: met, next: z, on_timeout: late}
late: {kind: end, outcome: late, output: {met: "${met}"}}
z: {kind: end, output: {met: "${met}"}}
"""
ANSWERS: Mapping[str, Sequence[Any]] = {
    "orders/get_order": [{"id": "O-1"}],
    "shipping/create_label": [{"id": "L-1"}],
    "orders/refund": [{"ok": True}],
}


def lanes(wait_for: str, join: str = "", last: str = "more") -> Plan:
    text = LANES.replace("ALL", wait_for).replace("JOIN ", join).replace("LAST", last)
    nodes = [line for line in text.split("\n") if not line.startswith({"more": "idle", "idle": "more"}[last])]  # fmt: skip
    return plan_of("\n".join(nodes))


def test_a_join_waits_for_every_lane_and_all_their_variables_are_there() -> None:
    around = wide(tools=Shelf(ANSWERS))
    state = around.run(lanes("all"))
    met = state.output["met"]
    assert (sorted(met["arrived"]), met["cancelled"], met["timed_out"]) == (
        ["label", "order", "other"],
        [],
        False,
    )
    assert {"order", "label", "refund"} <= set(state.variables)


def test_the_first_lane_is_enough_for_any_and_a_reading_call_is_cancelled() -> None:
    around = wide(tools=Shelf(ANSWERS, slow=["orders/get_order"]))
    around.customer = Silent()
    facts = {"orders/get_order": {"risk": "read"}}
    text = LANES.replace("ALL", "2").replace("JOIN ", "").replace("LAST", "more")
    nodes = "\n".join(line for line in text.split("\n") if not line.startswith("idle"))
    state = around.run(plan_of(nodes, facts=facts))
    assert sorted(state.output["met"]["arrived"]) == ["label", "other"]
    assert state.output["met"]["cancelled"] == ["order"]
    assert isinstance(around.tools, Shelf)
    assert around.tools.cancelled == ["orders/get_order"]


def test_a_join_whose_time_passes_takes_back_what_the_lanes_did() -> None:
    around = wide(tools=Shelf(ANSWERS))
    around.customer = Silent()
    plan = lanes("all", "timeout: 30s, cancel: undo, ", "idle")

    async def late() -> RunState:
        engine = around.engine(plan)
        state = await engine.start({}, {"channel": "chat", "language": "en", "tenant": ""}, "r-1")
        if state.status == "parked":
            around.clock.moment += 31
            state = await engine.resume("r-1")
        return state

    state = asyncio.run(late())
    assert state.outcome == "late"
    met = state.output["met"]
    assert (met["timed_out"], met["cancelled"]) == (True, ["other"])


def test_undoing_takes_back_only_lanes_that_were_not_waited_for() -> None:
    nodes = """
a: {kind: parallel, lanes: {made: make, quick: look}}
look: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: order, next: pause}
pause: {kind: wait, for: 1m, next: meet}
make: {kind: tool, tool: shipping/create_label, with: {order_id: O-1}, save: label, next: ask, undo: {tool: shipping/void_label, with: {label_id: "${label.id}"}}}
ask: {kind: ask, text: Still there?, save: words, next: meet}
meet: {kind: join, wait_for: any, cancel: undo, save: met, next: z}
z: {kind: end, output: {met: "${met}"}}
"""
    around = wide(tools=Shelf(ANSWERS))
    around.customer = Silent()

    async def run() -> RunState:
        engine = around.engine(plan_of(nodes))
        await engine.start({}, {"channel": "chat", "language": "en", "tenant": ""}, "r-1")
        around.clock.moment += 61
        return await engine.resume("r-1")

    state = asyncio.run(run())
    assert state.output["met"] == {"arrived": ["quick"], "cancelled": ["made"], "timed_out": False}
    assert around.tools.called("shipping/void_label") == [{"label_id": "L-1"}]


def with_sub(nodes: str, sub: str) -> Plan:
    """A plan whose journey may call the journey `sub`."""
    return plan_of(nodes, others={"sub": journey_data("sub", sub)})


CALL = """
a: {kind: journey, journey: sub, with: {n: "${input.n}"}, save: result, next: z, on_error: sorry}
z: {kind: end, output: {result: "${result}"}}
sorry: {kind: end, outcome: sorry, output: {says: "${error.message}"}}
"""


def test_another_journey_runs_with_its_own_variables_and_gives_its_output() -> None:
    sub = """
a: {kind: set, values: {result: "${input.n * 2}"}, next: b}
b: {kind: ask, text: Sure?, save: sure, next: z}
z: {kind: end, output: {double: "${result}", sure: "${sure}"}}
"""
    around = wide("yes")
    state = around.run(with_sub(CALL, sub), {"n": 4})
    assert state.output == {"result": {"double": 8, "sure": "yes"}}
    assert set(state.variables) == {"result"}


def test_an_error_in_another_journey_comes_back_to_the_node_that_called_it() -> None:
    sub = "a: {kind: branch, cases: [{when: input.n > 'x', next: z}], otherwise: z}\nz: {kind: end}"
    state = wide().run(with_sub(CALL, sub), {"n": 4})
    assert state.outcome == "sorry"
    assert "'>' does not go with" in state.output["says"]


EVENT = """
a: {kind: wait, event: parcel_delivered, timeout: 3d, save: parcel, next: z, on_timeout: late}
z: {kind: end, output: {where: "${parcel.where}"}}
late: {kind: end, outcome: late}
"""


def test_a_wait_for_an_event_goes_on_when_it_comes() -> None:
    around = wide()

    async def run() -> tuple[RunState, RunState]:
        engine = around.engine(plan_of(EVENT))
        parked = await engine.start({}, {"channel": "chat", "language": "en", "tenant": ""}, "r-1")
        before = parked.status, dict(parked.waiting_for or {})
        assert before[0] == "parked"
        assert (before[1]["kind"], before[1]["name"]) == ("event", "parcel_delivered")
        return parked, await engine.signal("r-1", "parcel_delivered", {"where": "door"}, "carrier")

    _, state = asyncio.run(run())
    assert state.output == {"where": "door"}


def test_a_wait_for_an_event_that_does_not_come_ends_with_its_time() -> None:
    around = wide()

    async def run() -> RunState:
        engine = around.engine(plan_of(EVENT))
        await engine.start({}, {"channel": "chat", "language": "en", "tenant": ""}, "r-1")
        around.clock.moment += 3 * 86_400
        return await engine.resume("r-1")

    assert asyncio.run(run()).outcome == "late"


CONSENT = """
a: {kind: consent, purpose: marketing, text: {en: "May we write?", es: "¿Podemos escribir?"}, yes: b, no: b}
b: {kind: memory, remember: {color: blue}, purpose: service, keep_for: 10d, next: z}
z: {kind: end, output: {consent: "${customer.consent.marketing}", color: "${customer.color}"}}
"""
SEEN = """
a: {kind: branch, cases: [{when: "has(customer.color)", next: y}], otherwise: n}
y: {kind: end, outcome: known, output: {color: "${customer.color}", consent: "${customer.consent.marketing}"}}
n: {kind: end, outcome: unknown}
"""
ANA = {"customer_id": "C-17"}


def test_a_fact_and_a_consent_are_known_in_the_customers_next_run_and_in_no_others() -> None:
    around = wide("vielleicht", "Sí, gracias")
    state = around.run(plan_of(CONSENT), ANA, language="es")
    assert state.output == {"consent": True, "color": "blue"}

    async def again(run: str, customer: str) -> RunState:
        engine = around.engine(plan_of(SEEN))
        session = {"channel": "chat", "language": "en", "tenant": ""}
        return await engine.start({"customer_id": customer}, session, run)

    assert asyncio.run(again("r-2", "C-17")).output == {"color": "blue", "consent": True}
    assert asyncio.run(again("r-3", "C-18")).outcome == "unknown"
    around.clock.moment += 11 * 86_400
    assert asyncio.run(again("r-4", "C-17")).outcome == "unknown"


def test_what_is_forgotten_is_gone_in_the_same_run_and_the_next() -> None:
    around = wide()
    nodes = """
a: {kind: memory, remember: {color: blue, size: L}, purpose: service, next: b}
b: {kind: memory, forget: [color], next: c}
c: {kind: branch, cases: [{when: "has(customer.color)", next: y}], otherwise: z}
y: {kind: end, outcome: wrong}
z: {kind: end, output: {size: "${customer.size}"}}
"""
    assert around.run(plan_of(nodes), ANA).output == {"size": "L"}


def test_without_a_customer_nothing_is_remembered_and_it_is_an_error() -> None:
    state = wide("no").run(plan_of(CONSENT), {})
    assert (state.status, (state.error or {})["code"]) == ("failed", "nobody")


READ = """
a: {kind: resource, resource: "orders/kb://{topic}", with: {topic: "${input.topic}"}, save: article, next: b, on_error: sorry}
b: {kind: generate, model: fast, prompt: orders/answer, with: {question: "${input.topic}"}, save: draft, next: safe}
safe: {kind: guard, value: "${draft}", detect: [personal_data, {topics: [politics]}], save: found, pass: z, fail: bad}
z: {kind: end, output: {article: "${article}", draft: "${draft}"}}
bad: {kind: end, outcome: bad, output: {class: "${found[0].class}"}}
sorry: {kind: end, outcome: sorry}
"""


def reading(says: str, topic: str = "returns") -> tuple[World, RunState]:
    shelf = Shelf(
        resources={"orders/kb://returns": "Thirty days."},
        prompts={"orders/answer": "Answer this: {question}"},
    )
    around = wide(tools=shelf)
    around.models = type(around.models)({"fast": [{"says": says}]})
    return around, around.run(plan_of(READ), {"topic": topic})


def test_a_resource_is_read_and_a_servers_prompt_is_answered() -> None:
    around, state = reading("Within thirty days.")
    assert state.output == {"article": "Thirty days.", "draft": "Within thirty days."}
    (asked,) = around.models.asked
    assert asked.messages == [{"role": "user", "content": "Answer this: returns"}]


def test_what_a_guard_finds_in_an_answer_takes_the_other_way() -> None:
    _, state = reading("Write to ana@example.com")
    assert (state.outcome, state.output) == ("bad", {"class": "email"})


def test_a_resource_that_is_not_there_takes_the_way_of_the_error() -> None:
    assert reading("", "warranty")[1].outcome == "sorry"


def test_a_legacy_step_fails_the_run_with_what_to_do() -> None:
    nodes = "a: {kind: branch, cases: [{when: 'input.go', next: old}], otherwise: z}\nold: {kind: legacy, source: {type: Menu}, next: z}\nz: {kind: end}"
    state = wide().run(plan_of(nodes), {"go": True})
    assert (state.error or {})["code"] == "legacy"
    assert wide().run(plan_of(nodes), {"go": False}).status == "ended"


def test_a_split_goes_the_same_way_for_a_customer_in_every_run() -> None:
    nodes = """
a: {kind: split, by: input.customer_id, ways: {old: {percent: 50, next: y}, new: {percent: 50, next: z}}}
y: {kind: end, outcome: old}
z: {kind: end, outcome: new}
"""
    plan = plan_of(nodes)
    ways = [wide().run(plan, {"customer_id": f"C-{number}"}).outcome for number in range(12)]
    assert ways == [wide().run(plan, {"customer_id": f"C-{number}"}).outcome for number in range(12)]  # fmt: skip
    assert set(ways) == {"old", "new"}


BREAKS_OUT = """
a: {kind: loop, each: input.rows, as: row, body: inner, next: z}
inner: {kind: loop, each: row, as: cell, body: t, next: a}
t: {kind: say, text: "${cell}", next: enough}
enough: {kind: branch, cases: [{when: cell == 2, next: WHERE}], otherwise: inner}
aside: {kind: say, text: aside, next: inner}
z: {kind: end}
"""


def test_a_loop_that_was_left_early_begins_anew_in_the_next_round_of_the_loop_around_it() -> None:
    around = wide()
    nodes = BREAKS_OUT.replace("WHERE", "a").replace("aside: {kind: say, text: aside, next: inner}", "")  # fmt: skip
    state = around.run(plan_of(nodes), {"rows": [[1, 2, 3], [4, 5], [2, 6]]})
    assert state.status == "ended"
    assert around.said == ["1", "2", "4", "5", "2"]


def test_a_loop_that_is_come_back_to_from_its_body_goes_on_with_the_item_after() -> None:
    around = wide()
    around.run(plan_of(BREAKS_OUT.replace("WHERE", "aside")), {"rows": [[1, 2, 3], [4]]})
    assert around.said == ["1", "2", "aside", "3", "4"]


def test_a_round_of_a_long_loop_is_recorded_without_the_whole_list() -> None:
    answers = {"shipping/create_label": [{"id": "L"}]}
    nodes = LOOP.replace("order.lines", "input.lines").replace("a: {kind: tool", "y: {kind: tool")
    nodes = "a: {kind: say, text: Hi, next: each}\n" + "\n".join(
        line for line in nodes.split("\n") if not line.startswith("y:")
    )
    around = wide(tools=FakeTools(answers))
    lines = [f"O-{number}" for number in range(100)]
    state = around.run(plan_of(nodes, "limits: {steps: 999}"), {"lines": lines})
    assert state.output["ids"] == ["L"] * 100
    rounds = [event for event in around.events if event["event"] == "left" and event["port"] == "body"]  # fmt: skip
    assert max(len(str(event)) for event in rounds[2:]) < 400
    assert fold(around.events) == state
