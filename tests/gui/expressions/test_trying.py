"""Expressions are tried on sample values, within bounds, and say in words why they have no value."""

from pathlib import Path

from journeybuilder.checks import Known
from journeybuilder.contract.cel_types import TEXT, list_of, object_of
from journeybuilder.document.model import Journey
from journeybuilder.gui.expressions.book import FILE, SampleBook
from journeybuilder.gui.expressions.samples import MISSING, Sample
from journeybuilder.gui.expressions.scope import Scope, Variable
from journeybuilder.gui.expressions.scopes import Scopes, scopes_of
from journeybuilder.gui.expressions.trying import tried, tried_template

SCOPE = Scope(
    {
        "order": Variable("order", object_of({"status": TEXT, "lines": list_of(TEXT)})),
        "open": Variable("open"),
    },
    {"order": Sample({"status": "VIP", "lines": ["a"] * 300}, "scenario", "late")},
)


def test_a_value_comes_with_what_was_used_and_where_that_is_from() -> None:
    outcome = tried("order.status", SCOPE)
    assert (outcome.state, outcome.value) == ("value", "VIP")
    (used,) = outcome.used
    assert (used.path, used.value, used.source) == (
        "order.status", "VIP", "from the scenario “late”",
    )  # fmt: skip
    assert tried_template("Hi ${order.status}!", SCOPE).value == "Hi VIP!"
    assert tried("order.status == 'x'", SCOPE).truth is False


def test_what_has_no_value_says_why_and_what_was_probably_meant() -> None:
    assert tried("order ==", SCOPE).words == "the expression ends too early"
    assert tried("ordr.status", SCOPE).words == "'ordr' is not known. Did you mean 'order'?"
    assert tried("order.statu", SCOPE).words == "there is no field 'statu'. Did you mean 'status'?"
    missing = tried("open > 3", SCOPE)
    assert (missing.state, missing.words) == ("unknown", "'open' has no sample value yet; type one")


def test_what_would_take_long_is_not_tried() -> None:
    loop = "order.lines.all(a, order.lines.all(b, order.lines.all(c, a == b || b == c)))"
    assert tried(loop, SCOPE).state == "long"
    grown = "order.status" + ".replace('', 'xxxxxxxxxx')" * 8
    assert tried(grown, SCOPE).state == "long"
    assert tried("order.lines.exists(a, a == 'a')", SCOPE).truth is True


def test_own_values_come_first_and_are_kept_in_local_state(tmp_path: Path) -> None:
    book = SampleBook(tmp_path)
    at = scopes(book)
    assert at.at("ask").sample("name") is not MISSING
    book.put("j", "name", "Ana")
    assert (at.at("ask").sample("name"), at.at("ask").source("name")) == ("Ana", "typed by you")
    book.put("j", "input.order.total", 5)
    assert at.at("ask").sample("input.order") == {"total": 5, "id": "O-1"}
    assert at.at("ask").source("input.order.total") == "typed by you"
    assert at.at("ask").source("input.order.id") == "an example of its schema"
    again = scopes(SampleBook(tmp_path))
    assert again.at("ask").sample("name") == "Ana"
    book.drop("j", "name")
    assert at.at("ask").source("name") != "typed by you"
    (tmp_path / FILE).write_text("not json", encoding="utf-8")
    assert scopes(SampleBook(tmp_path)).at("ask").source("name") != "typed by you"


def test_the_last_rehearsal_comes_before_scenarios_and_schemas() -> None:
    book = SampleBook(None, lambda: [{"journey": "j", "input": {"order": {"total": 2}}}])
    at = scopes(book)
    assert at.at("ask").sample("input.order.total") == 2
    run = {"run": "r", "at": 0.0}
    begin = {
        "event": "started", "seq": 1, "journey": "j", "plan": "p", "node": "first", "session": {},
        "input": {"order": {"total": 9}}, **run,
    }  # fmt: skip
    book.rehearsal_began()
    book.rehearsal_told(begin)
    book.rehearsal_told(
        {"event": "entered", "seq": 2, "lane": "0", "node": "first", "visit": 1, **run}
    )
    left = {"event": "left", "seq": 3, "lane": "0", "node": "first", "visit": 1, "port": "next"}
    book.rehearsal_told({**left, "target": "ask", "save": {"greeting": "Hello"}, **run})
    assert at.at("ask").sample("input.order.total") == 9
    assert at.at("ask").source("input") == "from the last rehearsal"
    assert at.at("ask").sample("greeting") == "Hello"


def test_what_a_step_computes_is_computed_from_other_samples() -> None:
    assert scopes(SampleBook()).at("ask").sample("greeting") == "Hi O-1"
    assert scopes(SampleBook()).at("ask").source("greeting").startswith("computed")


def test_variables_that_are_computed_from_each_other_end() -> None:
    nodes = {
        "first": {"kind": "set", "values": {"a": "${b}", "b": "${a}"}, "next": "ask"},
        "ask": {"kind": "end"},
    }
    at = scopes_of(Journey({"journey": "j", "start": "first", "nodes": nodes}), Known())
    assert at.at("ask").sample("a") is MISSING


def scopes(book: SampleBook) -> Scopes:
    order = {
        "type": "object",
        "properties": {
            "total": {"type": "number"}, "id": {"type": "string", "examples": ["O-1"]},
        },
    }  # fmt: skip
    nodes = {
        "first": {"kind": "set", "values": {"greeting": "Hi ${input.order.id}"}, "next": "ask"},
        "ask": {"kind": "ask", "text": "Who?", "save": "name", "next": "done"},
        "done": {"kind": "end"},
    }
    data = {
        "journey": "j", "start": "first", "nodes": nodes,
        "input": {"type": "object", "properties": {"order": order}},
    }  # fmt: skip
    return scopes_of(Journey(data), Known(), book)
