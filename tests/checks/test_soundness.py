"""What the checks have nothing against does not fail for an unknown name or field: many small journeys."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeybuilder.checks import check_journey
from journeybuilder.connect.sample_values import sample
from journeybuilder.document.model import Journey
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import make_plan
from tests.checks.broken import FIND, LINES, WORLD
from tests.fakes import MODELS, TOOLS, failing, journey_of, world

KNOWN_TOOLS = {**TOOLS, FIND.id: FIND}
EXPRESSIONS = st.sampled_from([
    "order.total * 1.19", "order.total > 10", "order.id", "order.idd", "order.note", "size(order.lines) > 0",
    "has(order.note) ? order.note : 'none'", "has(order) && order.total > 1", "has(order)", "v", "w", "has(v)",
    "order.lines[0].sku", "order.lines.exists(l, l.quantity > 1)", "order.lines.map(l, l.qty)", "line.sku",
    "has(v) ? v : 'x'", "got", "error.code", "error.cde", "input.name", "input.note", "session.channel",
    "order.total + order.count", "order.status == 'open'", "met.timed_out", "has(line) && line.quantity > 0",
])  # fmt: skip


@st.composite
def nodes(draw: st.DrawFn, number: int, count: int) -> str:
    """A node that leads to later ones."""
    ahead = [f"n{index}" for index in range(number + 1, count)] + ["z"]

    def way() -> str:
        return draw(st.sampled_from(ahead))

    text = draw(EXPRESSIONS)
    kind = draw(st.sampled_from(["ask", "find", "set", "branch", "say", "loop", "fan"]))
    here = f"n{number}"
    if kind == "ask":
        return f"{here}: {{kind: ask, text: Hi, save: v, timeout: 1m, next: {way()}, on_timeout: {way()}}}"
    if kind == "find":
        return f"{here}: {{kind: tool, tool: orders/find, save: order, next: {way()}, on_error: {way()}}}"
    if kind == "set":
        return f'{here}: {{kind: set, values: {{w: "${{{text}}}"}}, next: {way()}}}'
    if kind == "say":
        return f'{here}: {{kind: say, text: "It is ${{{text}}}", next: {way()}}}'
    if kind == "branch":
        more = draw(EXPRESSIONS)
        return (
            f'{here}: {{kind: branch, cases: [{{when: "{text}", next: {way()}}}, '
            f'{{when: "{more}", next: {way()}}}], otherwise: {way()}}}'
        )
    if kind == "loop":
        return (
            f"{here}: {{kind: loop, each: order.lines, as: line, collect: {{got: '${{w}}'}}, "
            f'body: b{number}, next: {way()}}}\nb{number}: {{kind: set, values: {{w: "${{{text}}}"}}, next: {here}}}'
        )
    waits = draw(st.sampled_from(["all", "any", "1"]))
    return (
        f"{here}: {{kind: parallel, lanes: {{x: x{number}, y: y{number}}}}}\n"
        f"x{number}: {{kind: ask, text: Hi, save: v, timeout: 1m, next: j{number}, on_timeout: j{number}}}\n"
        f'y{number}: {{kind: set, values: {{w: "${{{text}}}"}}, next: j{number}}}\n'
        f"j{number}: {{kind: join, wait_for: {waits}, save: met, next: {way()}}}"
    )


@st.composite
def journeys(draw: st.DrawFn) -> str:
    """The text of a journey without cycles but those of loops."""
    count = draw(st.integers(1, 6))
    lines = "\n".join(draw(nodes(number, count)) for number in range(count))
    body = "\n".join(f"  {line}" for line in lines.split("\n"))
    general = draw(st.sampled_from(["", "on_error: sorry\n"]))
    text = draw(EXPRESSIONS)
    sorry = f'  sorry: {{kind: say, text: "Sorry ${{{text}}}", next: z}}\n' if general else ""
    return (
        "journeybuilder: 1\njourney: test\nstart: n0\n"
        "input: {properties: {name: {type: string}, note: {type: string}}, required: [name]}\n"
        f"{general}nodes:\n{body}\n{sorry}  z: {{kind: end}}\n"
    )


@settings(max_examples=120, deadline=None)
@given(journeys(), st.booleans(), st.booleans(), st.data())
def test_a_journey_without_findings_never_fails_for_a_name_or_field(
    text: str, fails: bool, silent: bool, draws: st.DataObject
) -> None:
    journey = journey_of(text)
    found = [each for each in check_journey(journey, WORLD) if each.rule.code != "JB303"]
    if any(each.rule.code in HARMFUL or each.rule.severity == "error" for each in found):
        return
    lines = [{"sku": "S", "quantity": 2}, {"sku": "T", "quantity": 1}]
    full = {**sample(LINES), "total": 279, "lines": lines}
    answer = failing("tool_failed") if fails else draws.draw(st.sampled_from([sample(LINES), full]))
    around = world(*[None if silent else "yes"] * 20, tools={"orders/find": [answer]})
    state = around.run(make_plan(bundle(journey.data)), {"name": "Ana"})
    errors = [event["error"] for event in around.events if event.get("error")]
    wrong = [error for error in errors if error["code"] == "expression"]
    wrong = [error for error in wrong if BEYOND_TYPES not in error["message"]]
    assert not wrong, (wrong, text)
    assert state.status == "ended" or errors, (state.status, text)


BEYOND_TYPES = "the list has no element at this place"
HARMFUL = {"JB407", "JB408"}
"""Warnings about what is missing at times."""


def bundle(data: Mapping[str, Any]) -> Bundle:
    tools = {
        name: {"digest": each.digest(), "definition": each.definition()}
        for name, each in KNOWN_TOOLS.items()
    }
    servers = {name: {"command": "x"} for name in ("orders", "shipping")}
    return Bundle(
        {"journeybuilder": 1, "bundle": "test", "journeys": {"test": data}, "servers": servers,
         "tools": tools, "models": MODELS, "queues": ["desk"]}
    )  # fmt: skip


junk: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False)
    | st.sampled_from(["", "n0", "n1", "z", "${x}", "${x.y + 1}", "${", "order.total", "orders/find", "all"])
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(
        ["next", "x", "en", "when", "tool", "with", "each", "body", "lanes", "save", "type", "properties"]),
        inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
KINDS = ["say", "ask", "tool", "branch", "set", "loop", "parallel", "join", "journey", "wait", "end",
         "resource", "generate", "guard", "split", "verify", "memory", "consent", "agent", "x"]  # fmt: skip
KEYS = ["text", "next", "save", "when", "cases", "otherwise", "lanes", "each", "as", "body", "collect",
        "tool", "with", "values", "wait_for", "journey", "on_error", "on_timeout", "timeout", "check",
        "undo", "output", "resource", "schema", "expect", "detect", "ways", "by", "prompt"]  # fmt: skip


def broken(kind: str, rest: dict[str, Any]) -> Any:
    return {"kind": kind, **rest}


broken_nodes: st.SearchStrategy[Any] = st.builds(
    broken, st.sampled_from(KINDS), st.dictionaries(st.sampled_from(KEYS), junk, max_size=6)
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["n0", "n1", "n2", "z"]), broken_nodes | junk, max_size=4),
    st.dictionaries(
        st.sampled_from(["input", "output", "variables", "on_error", "languages"]), junk
    ),
)
def test_no_journey_makes_the_checks_fail(
    found: Mapping[str, Any], head: Mapping[str, Any]
) -> None:
    data = {"journeybuilder": 1, "journey": "test", "start": "n0", **head, "nodes": found}
    try:
        problems = check_journey(Journey(data), WORLD)
    except Exception as error:  # noqa: BLE001 - whatever it is
        pytest.fail(f"{type(error).__name__}: {error} for {data}")
    assert all(each.message for each in problems)
