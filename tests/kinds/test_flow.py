import pytest

from tests.fakes import plan_of, world

BRANCH = """
a:
  kind: branch
  cases:
    - {when: "input.n > 10", next: big}
    - {when: "input.n > 5", next: middle}
  otherwise: small
big: {kind: end, outcome: big}
middle: {kind: end, outcome: middle}
small: {kind: end, outcome: small}
sorry: {kind: end, outcome: sorry, output: {says: "${error.message}"}}
"""


@pytest.mark.parametrize(
    ("n", "outcome"), [(11, "big"), (10, "middle"), (6, "middle"), (5, "small")]
)
def test_the_first_condition_that_holds_leads_the_way(n: int, outcome: str) -> None:
    assert world().run(plan_of(BRANCH), {"n": n}).outcome == outcome


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("input.n", "the condition 'input.n' is neither true nor false"),
        ("input.m > 1", "in 'input.m > 1': there is no field 'm'"),
        ("input.n > '1'", "in 'input.n > '1'': '>' does not go with a whole number and text"),
    ],
)
def test_a_condition_that_is_neither_true_nor_false_is_an_error(condition: str, words: str) -> None:
    nodes = BRANCH.replace("input.n > 10", condition)
    state = world().run(plan_of(nodes, "on_error: sorry"), {"n": 7})
    assert state.output == {"says": words}


SET = """
a: {kind: set, values: {x: 1, y: "${input.n * 2}", z: [1, "${input.n}"], w: "n is ${input.n}"}, next: b}
b: {kind: set, values: {x: "${y}", y: "${x}"}, next: e}
e: {kind: end, output: {x: "${x}", y: "${y}", z: "${z}", w: "${w}"}}
"""


def test_all_values_are_computed_before_any_variable_is_set() -> None:
    state = world().run(plan_of(SET), {"n": 4})
    assert state.output == {"x": 8, "y": 1, "z": [1, 4], "w": "n is 4"}


def test_when_one_value_fails_no_variable_is_set() -> None:
    state = world().run(plan_of(SET), {"n": "four"})
    assert state.status == "failed"
    assert state.variables == {}


def test_an_end_gives_its_outcome_and_output() -> None:
    state = world().run(
        plan_of("a: {kind: end, outcome: closed, output: {id: '${session.id}', n: 5}}")
    )
    assert (state.status, state.outcome, state.output) == ("ended", "closed", {"id": "r-1", "n": 5})


def test_an_end_without_words_is_done() -> None:
    assert world().run(plan_of("a: {kind: end}")).outcome == "done"


def test_the_limit_of_steps_ends_a_run_that_goes_round() -> None:
    nodes = """
a: {kind: branch, cases: [{when: "input.stop", next: z}], otherwise: b}
b: {kind: set, values: {n: 1}, next: a}
z: {kind: end}
"""
    state = world().run(plan_of(nodes, "limits: {steps: 10}"), {"stop": False})
    assert state.status == "failed"
    assert (state.error or {})["message"] == "the run has made 10 steps, which is its limit"
    assert len(state.path) == 10
