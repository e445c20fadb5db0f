import asyncio
from typing import Any

from journeybuilder.rehearse.debug.beside import beside, visits_of
from journeybuilder.rehearse.debug.debugger import Debugger
from journeybuilder.rehearse.debug.timeline import Timeline
from tests.fakes import plan_of, world

NODES = """
a: {kind: ask, text: Which order?, save: id, next: b}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, save: order, next: c}
c: {kind: branch, cases: [{when: order.total > 100, next: dear}], otherwise: d}
dear: {kind: say, text: That is dear, next: d}
d: {kind: say, text: "It costs ${order.total}", next: z}
z: {kind: end, outcome: good}
"""


def run(says: str, total: int) -> Timeline:
    place = world(says, tools={"orders/get_order": [{"total": total, "long": "x" * 300}]})
    place.run(plan_of(NODES))
    return Timeline(place.events)


def test_two_runs_that_went_the_same_way_are_the_same_in_every_row() -> None:
    both = beside(run("O-1", 5), run("O-1", 5))
    assert {row.sameness for row in both.rows} == {"same"}
    assert [row.left.place for row in both.rows if row.left] == ["a", "b", "c", "d", "z"]
    assert both.first is None
    assert both.outcome == ("good", "good")
    assert both.cost == (0.0, 0.0)


def test_rows_say_what_differs_and_where_the_runs_part() -> None:
    both = beside(run("O-1", 5), run("O-2", 500))
    rows = {(row.left or row.right).place: row for row in both.rows}  # pyright: ignore[reportOptionalMemberAccess]
    assert both.first == 0
    assert rows["a"].differing == ("answers", "variables")
    assert rows["a"].variables == {"id": ("O-1", "O-2")}
    assert rows["b"].differing == ("asked", "answers", "variables")
    assert rows["c"].differing == ("port",)
    assert (rows["dear"].sameness, rows["dear"].left) == ("right", None)
    assert rows["d"].differing == ("asked", "said")
    assert rows["d"].right is not None
    assert rows["d"].right.said == ("It costs 500",)
    assert rows["z"].sameness == "same"


def test_a_difference_far_behind_in_a_long_answer_is_seen() -> None:
    left, right = run("O-1", 5), run("O-1", 5)
    events = [dict(event) for event in right.events]
    for event in events:
        if event["event"] == "answered" and event["effect"] == "tool":
            value = {**event["answer"]["value"], "long": "x" * 299 + "y"}
            event["answer"] = {**event["answer"], "value": value}
    both = beside(left, Timeline(events))
    assert [row.differing for row in both.rows if row.differing] == [("answers",)]


def test_a_branch_lies_beside_the_run_that_it_comes_from() -> None:
    async def branch() -> Any:
        screen = Debugger(plan_of(NODES), on_event=lambda _: None)
        await screen.start({})
        await screen.reply("O-1")
        kinds = [event["event"] for event in screen.timelines[0].events]
        await screen.branch(kinds.index("left") + 1, {"id": "O-9"})
        return beside(screen.timelines[0], screen.timelines[1])

    both = asyncio.run(branch())
    assert both.rows[0].sameness == "same"
    assert both.first == 1
    assert both.rows[1].differing == ("asked",)


def test_a_visit_begins_and_ends_at_moments_of_its_run() -> None:
    shown = run("O-1", 5)
    for visit in visits_of(shown):
        assert shown.events[visit.index - 1]["event"] == "entered"
        assert shown.events[visit.end - 1]["event"] in {"left", "ended"}
        assert shown.place(visit.index) == visit.place
    assert visits_of(Timeline()) == []
