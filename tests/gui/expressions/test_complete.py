"""Completion knows what could stand at the cursor: names in scope, fields, functions, values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.checks import Known
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.model import Journey
from journeybuilder.gui.expressions.book import SampleBook
from journeybuilder.gui.expressions.complete import Suggestion, complete, complete_template
from journeybuilder.gui.expressions.scope import Scope
from journeybuilder.gui.expressions.scopes import Scopes, scopes_of

ORDER = {
    "type": "object",
    "required": ["id", "total", "status", "lines"],
    "properties": {
        "id": {"type": "string", "examples": ["O-1001"]},
        "total": {"type": "number"},
        "status": {"enum": ["sent", "paid"]},
        "gift": {"type": "boolean"},
        "email": {"type": "string", "data": "personal"},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"sku": {"type": "string"}, "price": {"type": "number"}},
            },
        },
    },
}
NODES = {
    "look": {"kind": "tool", "tool": "shop/get", "save": "order", "next": "pick"},
    "pick": {
        "kind": "branch",
        "cases": [{"when": "order.total > 3", "next": "ask_it"}],
        "otherwise": "tell",
    },
    "ask_it": {"kind": "ask", "text": "Why?", "save": "reason", "next": "tell"},
    "tell": {"kind": "say", "text": "Hi", "next": "done"},
    "done": {"kind": "end"},
}


def journey() -> Journey:
    data = {
        "journeybuilder": 1,
        "journey": "j",
        "input": {
            "type": "object",
            "properties": {"vip": {"type": "boolean"}},
            "required": ["vip"],
        },
        "start": "look",
        "nodes": NODES,
    }
    return Journey(data)


def scopes() -> Scopes:
    known = Known(tools={"shop/get": ToolDef("shop", "get", output_schema=ORDER)})
    scenario = {
        "journey": "j",
        "tools": {
            "shop/get": {
                "returns": {
                    "id": "O-7", "total": 64.9, "status": "paid", "email": "a@b.c",
                    "lines": [{"sku": "L-1", "price": 2}],
                }
            }
        },
        "customer": [{"hears": "why", "says": "It broke."}],
    }  # fmt: skip
    return scopes_of(journey(), known, SampleBook(None, lambda: [scenario]))


@pytest.fixture(scope="module")
def scope() -> Scope:
    return scopes().at("pick", ("cases", 0, "when"))


def labels(found: list[Suggestion]) -> list[str]:
    return [one.label for one in found]


def at_end(text: str, scope: Scope, *, explicit: bool = False) -> list[Suggestion]:
    return complete(text, len(text), scope, explicit=explicit)


def applied(one: Suggestion, text: str) -> str:
    return text[: one.start] + one.insert + text[one.end :]


def test_variables_come_with_type_presence_sample_and_data_class() -> None:
    at = scopes().at("tell", ("text",))
    order, reason = at.variables["order"], at.variables["reason"]
    assert (order.presence, reason.presence) == ("always", "sometimes")
    assert order.type.kind == "object"
    assert at.data_at("order.email") == "personal"
    assert at.sample("order.total") == 64.9
    assert at.sample("reason") == "It broke."
    assert "scenario" in at.source("order.total")
    assert scopes().at("look").variables["order"].presence == "later"


def test_members_of_an_object_are_its_fields_then_its_functions(scope: Scope) -> None:
    found = at_end("order.", scope)
    assert labels(found)[:6] == ["id", "total", "status", "lines", "gift", "email"]
    assert found[1].sample == "64.9"
    assert found[4].presence == "may be missing"
    assert labels(at_end("order.sta", scope)) == ["status"]
    assert applied(at_end("order.sta", scope)[0], "order.sta") == "order.status"


def test_an_item_of_a_list_has_the_fields_of_the_items(scope: Scope) -> None:
    assert labels(at_end("order.lines[0].", scope))[:2] == ["sku", "price"]
    inside = at_end("order.lines.exists(one, one.", scope)
    assert labels(inside)[:2] == ["sku", "price"]
    assert inside[0].sample == '"L-1"'
    assert "one" in labels(at_end("order.lines.all(one, o", scope))
    assert "one" not in labels(at_end("order.lines.all(one, true) && o", scope))


def test_after_a_comparison_come_the_values_that_there_are(scope: Scope) -> None:
    assert labels(at_end("order.status == ", scope))[:2] == ['"sent"', '"paid"']
    assert labels(at_end("order.status in [", scope))[:2] == ['"sent"', '"paid"']
    assert labels(at_end("order.gift == ", scope))[:2] == ["true", "false"]
    half = 'order.status == "pa'
    assert applied(at_end(half, scope)[0], half) == 'order.status == "paid"'
    middle = 'order.status == "s" && true'
    first = complete(middle, len('order.status == "s'), scope)[0]
    assert applied(first, middle) == 'order.status == "sent" && true'


def test_functions_come_with_signature_and_words_and_the_cursor_goes_inside(scope: Scope) -> None:
    one = next(one for one in at_end("si", scope) if one.label == "size()")
    assert one.signature == "size(list)"
    assert one.about == "How many items or characters."
    assert applied(one, "si") == "size()"
    assert one.caret == len("size(")
    method = next(one for one in at_end("order.id.cont", scope))
    assert applied(method, "order.id.cont") == "order.id.contains()"


def test_nothing_is_offered_in_a_text_or_unasked_for_at_an_empty_place(scope: Scope) -> None:
    assert at_end("", scope) == []
    assert labels(at_end("", scope, explicit=True))[0] == "order"
    assert at_end('order.id == "x" && "or', scope) == []
    assert at_end("order.total ", scope) == []
    assert ">" in labels(at_end("order.total ", scope, explicit=True))


def test_a_template_offers_names_in_its_slots_only_and_closes_them(scope: Scope) -> None:
    text = "Hi ${order.i"
    one = complete_template(text, len(text), scope)[0]
    assert applied(one, text) == "Hi ${order.id}"
    assert one.caret == len("Hi ${order.id}")
    closed = "Hi ${order.i}!"
    assert applied(complete_template(closed, len(text), scope)[0], closed) == "Hi ${order.id}!"
    assert complete_template("Hi ord", 6, scope) == []
    assert complete_template("Hi $${ord", 9, scope) == []
    asked = complete_template("Hi ", 3, scope, explicit=True)[0]
    assert applied(asked, "Hi ") == "Hi ${order}"


def test_letters_in_order_find_a_name_deep_inside(scope: Scope) -> None:
    assert "order.total" in labels(at_end("tot", scope))


@given(st.text(alphabet="order.lines()[]{}'\"$&|!=<> 01,\\é", max_size=24), st.integers(0, 24))
def test_completion_never_fails_and_stays_inside_of_the_text(text: str, cursor: int) -> None:
    at = scopes_shared().at("pick", ("cases", 0, "when"))
    place = min(cursor, len(text))
    for how in (complete, complete_template):
        for one in how(text, place, at, explicit=True):
            assert 0 <= one.start <= place <= one.end <= len(text)
            assert 0 <= one.caret <= len(applied(one, text))


_SHARED: list[Scopes] = []


def scopes_shared() -> Scopes:
    if not _SHARED:
        _SHARED.append(scopes())
    return _SHARED[0]
