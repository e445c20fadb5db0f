"""Where lanes meet, found without running."""

import pytest

from journeybuilder.errors import AuthorError
from journeybuilder.plan.lanes import Joining
from journeybuilder.plan.plan import make_plan
from tests.fakes import bundle_of, plan_of

FAN = """
a: {kind: parallel, lanes: {x: one, y: two}}
one: {kind: say, text: Hi, next: meet}
two: {kind: branch, cases: [{when: 1 > 2, next: meet}], otherwise: three}
three: {kind: say, text: Ho, next: meet}
meet: {kind: join, SETTINGS next: z, on_timeout: z}
z: {kind: end}
"""


@pytest.mark.parametrize(
    ("settings", "joining"),
    [
        ("", Joining("meet")),
        ("wait_for: any, timeout: 30s,", Joining("meet", 1, 30.0)),
        ("wait_for: 2, cancel: undo,", Joining("meet", 2, None, undo=True)),
    ],
)
def test_a_plan_knows_where_and_how_lanes_meet(settings: str, joining: Joining) -> None:
    bundle = bundle_of(FAN.replace("SETTINGS", settings))
    plan = make_plan(bundle, begun=True)  # on_timeout without a time-out is a finding
    assert plan.journeys["test"].joins == {"a": joining}


def test_lanes_within_lanes_count_as_their_own_join() -> None:
    plan = plan_of("""
a: {kind: parallel, lanes: {x: in, y: two}}
in: {kind: parallel, lanes: {p: one, q: inner}}
one: {kind: say, text: Hi, next: inner}
inner: {kind: join, next: outer}
two: {kind: say, text: Hi, next: outer}
outer: {kind: join, next: z}
z: {kind: end}
""")
    joins = plan.journeys["test"].joins
    assert {fork: joining.node for fork, joining in joins.items()} == {"a": "outer", "in": "inner"}


def test_lanes_that_go_round_are_understood() -> None:
    plan = plan_of("""
a: {kind: parallel, lanes: {x: ask, y: meet}}
ask: {kind: ask, text: Again?, choices: ["yes", "no"], save: again, next: look}
look: {kind: branch, cases: [{when: again == 'yes', next: ask}], otherwise: meet}
meet: {kind: join, next: again_all}
again_all: {kind: branch, cases: [{when: 1 > 2, next: a}], otherwise: z}
z: {kind: end}
""")
    assert plan.journeys["test"].joins["a"].node == "meet"


def test_lanes_that_come_together_twice_are_refused_by_name() -> None:
    nodes = """
a: {kind: parallel, lanes: {x: one, y: two}}
one: {kind: join, next: z}
two: {kind: join, next: z}
z: {kind: end}
"""
    with pytest.raises(AuthorError, match="'a' come together in 'one' and in 'two'"):
        make_plan(bundle_of(nodes), begun=True)
