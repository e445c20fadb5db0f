"""A run with everything in it (lanes, a join that takes back, called journeys, a loop, errors): whatever
the order in which tools answer, and wherever the process dies, it comes to the same end."""

import asyncio
from typing import Any

import pytest

from journeybuilder.errors import OperatorError, StoreError
from journeybuilder.plan.plan import Plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.reading import whole_requests
from journeybuilder.run.state import FINAL, RunState, apply, fold
from tests.fakes import SESSION, World, decides, journey_data, plan_of, world
from tests.run.worlds import Dying, ShuffledTools

PACK = journey_data(
    "pack",
    """
a: {kind: loop, each: input.items, as: item, collect: {labels: "${label.id}"}, body: make, next: done}
make: {kind: tool, tool: shipping/create_label, with: {order_id: "${item}"}, save: label, undo: {tool: shipping/void_label, with: {label_id: "${label.id}"}}, next: a}
done: {kind: end, outcome: packed, output: {labels: "${labels}"}}
""",
    "input: {properties: {items: {type: array}}, required: [items]}",
)
BREAKS = journey_data(
    "breaks",
    """
a: {kind: tool, tool: orders/refund, with: {order_id: X, amount: 1}, undo: {tool: shipping/void_label, with: {label_id: X}}, next: b}
b: {kind: set, values: {n: "${input.nothing}"}, next: c}
c: {kind: end}
""",
)
NODES = """
a: {kind: say, text: Hello, next: fan}
fan: {kind: parallel, lanes: {pack: p, pay: t, fail: f, never: n}}
p: {kind: journey, journey: pack, with: {items: [A, B]}, save: packed, next: meet}
t: {kind: parallel, lanes: {one: t1, two: t2}}
t1: {kind: tool, tool: orders/refund, with: {order_id: ONE, amount: 1}, next: both}
t2: {kind: tool, tool: orders/refund, with: {order_id: TWO, amount: 2}, next: both}
both: {kind: join, save: both, next: meet}
f: {kind: journey, journey: breaks, next: meet, on_error: g}
g: {kind: set, values: {why: "${error.code} ${error.detail.journey}"}, next: meet}
n: {kind: tool, tool: shipping/create_label, with: {order_id: N}, save: never, undo: {tool: shipping/void_label, with: {label_id: "${never.id}"}}, next: n2}
n2: {kind: wait, for: 20d, next: meet}
meet: {kind: join, wait_for: 3, cancel: undo, next: decide}
decide: {kind: review, to: desk, decisions: {ok: last}}
last: {kind: loop, each: "packed.labels", as: one, body: note, next: bye}
note: {kind: tool, tool: orders/get_order, with: {order_id: "${one}"}, save: order, next: last}
bye: {kind: say, text: Bye, next: done}
done: {kind: end, outcome: done, output: {packed: "${packed}", why: "${why}"}}
"""
FACTS = {
    "orders/get_order": {"risk": "read"},
    "orders/refund": {"idempotent": True},
    "shipping/create_label": {"idempotent": True},
    "shipping/void_label": {"idempotent": True},
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(NODES, facts=FACTS, others={"pack": PACK, "breaks": BREAKS})


def shuffled(seed: int) -> World:
    around = world(people=[decides("ok")] * 9)
    around.tools = ShuffledTools(seed)
    return around


def done(around: World) -> list[str]:
    """What was done in the world, each effect once, in no order."""
    assert isinstance(around.tools, ShuffledTools)
    writes = [one for one in around.tools.done.values() if one["tool"] != "orders/get_order"]
    return sorted(str(sorted(one.items())) for one in writes)


def outcome(state: RunState) -> Any:
    return (
        state.status,
        state.outcome,
        state.output,
        state.undos and sorted(str(undo["arguments"]) for undo in state.undos),
    )


@pytest.fixture(scope="module")
def undisturbed(plan: Plan) -> tuple[Any, list[str]]:
    around = shuffled(0)
    state = around.run(plan)
    assert state.status == "ended", state.error
    return outcome(state), done(around)


def test_the_run_with_everything_does_what_it_says(undisturbed: tuple[Any, list[str]]) -> None:
    (status, name, output, undos), effects = undisturbed
    assert (status, name) == ("ended", "done")
    labels = [f"shipping/create_label [('order_id', '{item}')]" for item in "AB"]
    assert output == {"packed": {"labels": labels}, "why": "expression breaks"}
    assert len(effects) == 7  # three labels, one of them void, three refunds
    assert len(undos) == 3  # of what remains done


@pytest.mark.parametrize("seed", range(1, 31))
def test_the_order_in_which_tools_answer_changes_nothing(
    plan: Plan, undisturbed: tuple[Any, list[str]], seed: int
) -> None:
    around = shuffled(seed)
    assert outcome(around.run(plan)) == undisturbed[0]
    assert done(around) == undisturbed[1]


@pytest.mark.parametrize("seed", range(6))
def test_the_state_is_the_fold_of_the_events_after_every_event(plan: Plan, seed: int) -> None:
    around = shuffled(seed)
    live: list[Any] = []
    seen: list[Any] = []
    following = RunState(run="r-1")

    def see(event: Any) -> None:
        seen.append(event)
        apply(following, event)
        live.append(following.as_json())

    engine = Engine(plan, around.journal, around.services(), see)
    state = asyncio.run(engine.start({}, SESSION, "r-1"))
    stored = asyncio.run(around.journal.events("r-1"))
    assert stored == seen
    assert [event["seq"] for event in stored] == list(range(1, len(stored) + 1))
    assert fold(stored) == state
    for number in range(0, len(stored), 7):
        at = fold(stored[: number + 1])
        assert at.as_json() == live[number]
        again = RunState.from_json(at.as_json())
        assert again == at
        for event in stored[number + 1 :]:  # a stored moment goes on like the one that was lived
            apply(again, event)
        assert again == state
    assert list(whole_requests(stored)) == stored


async def survive(around: World, plan: Plan, n: int, *, after: bool) -> RunState:
    """Let the process die at a commit, then go on in a new one."""
    around.journal = Dying(n=n, after=after)
    with pytest.raises((StoreError, OperatorError)):
        await around.engine(plan).start({}, SESSION, "r-1")
    around.journal.n = 0
    row = await around.journal.row("r-1")
    if row is None:
        return await around.engine(plan).start({}, SESSION, "r-1")
    if row.status in FINAL:
        return fold(await around.journal.events("r-1"))
    return await around.engine(plan).resume("r-1")


def commits(plan: Plan, seed: int) -> int:
    around = shuffled(seed)
    journal = around.journal = Dying()
    around.run(plan)
    return journal.commits


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_run_comes_to_the_same_end_wherever_its_process_dies(
    plan: Plan, undisturbed: tuple[Any, list[str]], seed: int, after: bool
) -> None:
    for n in range(1, commits(plan, seed) + 1):
        around = shuffled(seed)
        state = asyncio.run(survive(around, plan, n, after=after))
        assert (n, outcome(state)) == (n, undisturbed[0])
        assert (n, done(around)) == (n, undisturbed[1])
        assert fold(asyncio.run(around.journal.events("r-1"))) == state
