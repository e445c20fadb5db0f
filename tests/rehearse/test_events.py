"""Events, memory, resources and prompts of a scenario."""

import asyncio
from typing import Any

from journeybuilder.contract.services import Listening, Message
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import Rehearsed, simulate
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.rehearse.world.services import ScriptedCustomer
from tests.fakes import plan_of


def rehearse(plan: Plan, **script: Any) -> Rehearsed:
    return asyncio.run(simulate(plan, scenario_of({"scenario": "s", "journey": "test", **script})))


EVENT = """
a: {kind: wait, event: parcel_delivered, timeout: 3d, save: parcel, next: z, on_timeout: late}
z: {kind: end, outcome: came, output: {where: "${parcel.where}", on: "${now}"}}
late: {kind: end, outcome: late}
"""


def test_an_event_comes_after_its_time_with_its_data() -> None:
    events = {"parcel_delivered": {"after": "1d", "data": {"where": "door"}}}
    result = rehearse(plan_of(EVENT), events=events, expect=[{"outcome": "came"}])
    assert result.failures == []
    assert result.state.output["where"] == "door"
    assert result.state.output["on"].startswith("2026-01-06T08:00:00")


def test_an_event_that_comes_too_late_or_not_at_all_ends_in_the_time_out() -> None:
    late = {"parcel_delivered": {"after": "4d"}}
    assert rehearse(plan_of(EVENT), events=late).state.outcome == "late"
    assert rehearse(plan_of(EVENT)).state.outcome == "late"


def test_a_wait_without_an_end_for_an_event_that_does_not_come_is_a_failure() -> None:
    plan = plan_of("a: {kind: wait, event: x, next: z}\nz: {kind: end}")
    assert rehearse(plan).failures == ["it still waits for the event 'x' at 'a'"]


def test_an_event_that_nothing_waits_for_and_a_length_that_is_none_are_failures() -> None:
    wrong = {"parcel_deliverd": {}, "parcel_delivered": {"after": "soon"}}
    result = rehearse(plan_of(EVENT), events={"parcel_deliverd": {}})
    assert result.failures == [
        "events: no node waits for 'parcel_deliverd'. Did you mean 'parcel_delivered'?"
    ]
    assert any("'soon' is no duration" in words for words in rehearse(plan_of(EVENT), events=wrong).failures)  # fmt: skip


KNOWN = """
a: {kind: branch, cases: [{when: "has(customer.color) && customer.consent.marketing", next: b}], otherwise: z}
b: {kind: memory, forget: [color], remember: {size: L}, purpose: service, next: y}
y: {kind: end, outcome: known}
z: {kind: end, outcome: unknown}
"""


def test_what_a_scenario_remembers_is_known_when_the_run_begins() -> None:
    remembered = {"color": "blue", "consent.marketing": True}
    expect = [
        {"remembered": {"size": "L", "color": None, "consent.marketing": True}},
        {"outcome": "known"},
    ]
    assert rehearse(plan_of(KNOWN), remembered=remembered, expect=expect).failures == []
    given = {"customer_id": "C-1"}
    assert rehearse(plan_of(KNOWN), remembered=remembered, input=given).state.outcome == "known"
    assert rehearse(plan_of(KNOWN), input=given).state.outcome == "unknown"


def test_an_expectation_about_what_is_remembered_can_fail() -> None:
    result = rehearse(plan_of(KNOWN), expect=[{"remembered": {"size": "L"}}])
    assert result.failures == ["remembered: 'size' is null, not \"L\""]


READ = """
a: {kind: resource, resource: "orders/kb://{topic}", with: {topic: returns}, save: article, next: b, on_error: sorry}
b: {kind: generate, model: fast, prompt: orders/answer, with: {question: "${article}"}, save: draft, next: z}
z: {kind: end, output: {article: "${article}", draft: "${draft}"}}
sorry: {kind: end, outcome: sorry}
"""


def test_resources_and_prompts_answer_as_the_scenario_says() -> None:
    script: dict[str, Any] = {
        "prompts": {"orders/answer": "Answer shortly: {question}"},
        "models": {"fast": [{"when": "Answer shortly: Thirty days", "says": "A month."}]},
    }
    for address in ("orders/kb://returns", "orders/kb://{topic}"):
        resources = {address: {"returns": "Thirty days."}}
        state = rehearse(plan_of(READ), resources=resources, **script).state
        assert state.output == {"article": "Thirty days.", "draft": "A month."}


def test_a_resource_can_fail_and_one_that_is_not_given_is_made_up() -> None:
    fails = {"orders/kb://returns": {"fails": "unreachable"}}
    assert rehearse(plan_of(READ), resources=fails).state.outcome == "sorry"
    made = rehearse(plan_of(READ)).state
    assert made.output["article"] == "(what stands at kb://returns)"


LANES = """
a: {kind: parallel, lanes: {one: wait_one, two: wait_two}}
wait_one: {kind: wait, for: 2h, next: meet}
wait_two: {kind: wait, event: ready, next: meet}
meet: {kind: join, save: met, next: z}
z: {kind: end, output: {met: "${met.arrived}"}}
"""


def test_time_and_events_come_to_lanes_in_their_order() -> None:
    later = rehearse(plan_of(LANES), events={"ready": {"after": "3h"}})
    assert later.state.output == {"met": ["one", "two"]}
    sooner = rehearse(plan_of(LANES), events={"ready": {"after": "1h"}})
    assert sooner.state.output == {"met": ["two", "one"]}


def test_the_customer_answers_in_each_lane_what_was_asked_there() -> None:
    clock = VirtualClock()
    lines = [{"hears": "right?", "says": "R"}, {"hears": "left?", "says": "L"}]
    customer = ScriptedCustomer([*lines, {"hears": "hello", "says": "again"}], clock)

    async def work() -> list[str | None]:
        for lane, text in (("0", "Hello"), ("0/1.left", "Left?"), ("0/1.right", "Right?")):
            await customer.say(Message("r", "q", text, lane=lane))
        lanes = ("0/1.left", "0/1.right", "0/1.right", "0")
        return [await customer.listen(Listening("r", "q", lane=lane)) for lane in lanes]

    assert asyncio.run(work()) == ["L", "R", "again", None]


SILENT = """
a: {kind: parallel, lanes: {talk: which, parcel: pause}}
which: {kind: ask, text: Which?, save: word, timeout: 3d, next: meet, on_timeout: meet}
pause: {kind: wait, for: 1d, next: noted}
noted: {kind: set, values: {noted: "${now}"}, next: meet}
meet: {kind: join, wait_for: all, next: z}
z: {kind: end, outcome: met, output: {noted: "${noted}", at: "${now}"}}
"""


def test_a_customer_who_is_silent_in_one_lane_does_not_make_another_late() -> None:
    output = rehearse(plan_of(SILENT)).state.output
    assert output["noted"].startswith("2026-01-06T08:00:00")
    assert output["at"].startswith("2026-01-08T08:00:00")


TWICE = """
a: {kind: wait, event: step, timeout: 3d, save: one, next: b, on_timeout: late}
b: {kind: wait, event: step, timeout: 3d, save: two, next: z, on_timeout: late}
z: {kind: end, outcome: came, output: {one: "${one.n}", two: "${two.n}", on: "${now}"}}
late: {kind: end, outcome: late}
"""


def test_an_event_that_comes_several_times_has_a_line_for_each_coming() -> None:
    lines = [{"after": "1d", "data": {"n": 1}}, {"after": "2d", "data": {"n": 2}}]
    result = rehearse(plan_of(TWICE), events={"step": lines})
    assert (result.state.outcome, result.state.output["one"], result.state.output["two"]) == (
        "came", 1, 2,
    )  # fmt: skip
    assert result.state.output["on"].startswith("2026-01-08T08:00:00")


def test_an_event_comes_no_more_often_than_it_has_lines() -> None:
    assert rehearse(plan_of(TWICE), events={"step": {}}).state.outcome == "late"
    assert rehearse(plan_of(TWICE), events={"step": [{}]}).state.outcome == "late"
    assert rehearse(plan_of(TWICE), events={"step": []}).state.outcome == "late"
    wrong = rehearse(plan_of(TWICE), events={"step": [{}, {"after": "soon"}]})
    assert "'soon' is no duration" in wrong.failures[0]


def test_lengths_that_are_none_are_told_before_anything_is_rehearsed() -> None:
    plan = plan_of(
        "a: {kind: review, to: desk, decisions: {ok: z}, timeout: 4h, on_timeout: z}\nz: {kind: end}"
    )
    people = {"a": [{"decision": "ok"}, {"decision": "ok", "after": "soon"}]}
    result = rehearse(plan, people=people, customer=[{"says": "x", "after": "later"}])
    assert [words.partition(" is no")[0] for words in result.failures] == [
        "customer: 'later'", "people: 'a': 'soon'",
    ]  # fmt: skip
    assert list(result.events) == []
