import pytest

from journeybuilder.errors import AuthorError
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import make_plan
from tests.fakes import bundle_of, journey_data, plan_of

NODES = "a: {kind: say, text: Hi, next: z}\nz: {kind: end}"


def test_a_plan_knows_where_each_wired_port_leads() -> None:
    plan = plan_of(
        "a: {kind: branch, cases: [{when: 1 > 2, next: b}], otherwise: z}\n"
        "b: {kind: ask, text: Hi, next: z, on_timeout: a}\nz: {kind: end}"
    )
    assert plan.nodes["a"].ways == {"cases.0": "b", "otherwise": "z"}
    assert plan.nodes["b"].ways == {"next": "z", "on_timeout": "a"}
    assert plan.nodes["z"].ways == {}


def test_a_broken_journey_is_refused_with_its_first_error_and_its_place() -> None:
    with pytest.raises(AuthorError) as caught:
        plan_of(
            "a: {kind: say, text: Hi, next: b}\nz: {kind: end}\nq: {kind: say, text: 5, next: z}"
        )
    assert (
        caught.value.what
        == "JB302 'next' leads to 'b', which does not exist (and 1 more: jb check)"
    )
    assert caught.value.where == "test at nodes.a.next"
    assert caught.value.hint


def test_a_call_of_another_journey_is_checked_against_what_that_one_takes_and_gives() -> None:
    called = journey_data(
        "greet", "a: {kind: end, output: {days: 5}}",
        "input: {properties: {name: {type: string}}, required: [name]}\n"
        "output: {properties: {days: {type: integer}}}",
    )  # fmt: skip
    call = "a: {kind: journey, journey: greet, %snext: b, save: got}\nz: {kind: end}\n"
    say = "b: {kind: branch, cases: [{when: got.%s > 3, next: z}], otherwise: z}"

    def plan(given: str, field: str) -> None:
        make_plan(bundle_of(call % given + say % field, others={"greet": called}))

    plan("with: {name: Ana}, ", "days")
    with pytest.raises(AuthorError, match="JB902 'greet' needs the input 'name'"):
        plan("", "days")
    with pytest.raises(AuthorError, match=r"JB409 .* 'got' has no field 'dais'"):
        plan("with: {name: Ana}, ", "dais")


def test_a_warning_does_not_stop_a_run() -> None:
    assert plan_of(NODES + "\nlonely: {kind: end}").nodes["lonely"]


def test_a_file_that_is_no_bundle_is_refused_in_words() -> None:
    with pytest.raises(AuthorError, match="the journey has no nodes") as caught:
        make_plan(Bundle({"bundle": "gone", "journeys": {}}))
    assert caught.value.where == "gone at nodes"


def test_a_tool_definition_that_somebody_has_changed_is_refused() -> None:
    data = bundle_of(NODES).data
    entry = data["tools"]["orders/refund"]
    changed = {**entry, "definition": {**entry["definition"], "description": "pays everybody"}}
    with pytest.raises(
        AuthorError, match="the definition of 'orders/refund' is not the one"
    ) as caught:
        make_plan(Bundle({**data, "tools": {**data["tools"], "orders/refund": changed}}))
    assert caught.value.hint == "Somebody has changed the file; export it again."


@pytest.mark.parametrize(
    ("head", "limits"),
    [
        ("", (500, 30 * 86400.0, None)),
        ("limits: {steps: 7, duration: 2h, cost_usd: 0.5}", (7, 7200.0, 0.5)),
        ("limits: {cost_usd: 0}", (500, 30 * 86400.0, 0.0)),
    ],
)
def test_every_run_has_limits(head: str, limits: tuple[int, float, float | None]) -> None:
    found = plan_of(NODES, head).limits
    assert (found.steps, found.duration, found.cost_usd) == limits


@pytest.mark.parametrize(
    "head", ["limits: {steps: 0}", "limits: {steps: true}", "limits: {duration: soon}"]
)
def test_a_limit_that_is_not_understood_is_refused(head: str) -> None:
    with pytest.raises(AuthorError, match="JB205"):
        plan_of(NODES, head)


def test_a_run_that_has_begun_goes_on_whatever_a_later_check_says() -> None:
    bundle = bundle_of("a: {kind: say, text: Hi, next: a}")  # never ends: an error to begin with
    with pytest.raises(AuthorError, match="JB304"):
        make_plan(bundle)
    assert make_plan(bundle, begun=True).nodes["a"].ways == {"next": "a"}


def test_a_kind_that_is_not_known_is_refused_even_then() -> None:
    with pytest.raises(AuthorError, match="'sya', which is not known"):
        make_plan(bundle_of("a: {kind: sya}"), begun=True)
