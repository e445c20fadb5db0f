"""Find and replace: what counts as a place, and names that are renamed wherever they are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.document.model import Journey, Layout
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journey.journal import Change, Draft
from journeybuilder.gui.journey.seek import Query, edit_of, matches, replace_all

NODES = {
    "order": {"kind": "say", "title": "The order", "text": "Your order ${order.id}", "next": "look"},
    "look": {"kind": "tool", "tool": "orders/get_order", "with": {"id": "${n}"}, "save": "order", "next": "pick"},
    "pick": {"kind": "branch", "cases": [{"when": "order.total > 3", "next": "order"}], "otherwise": "done"},
    "done": {"kind": "end"},
}  # fmt: skip
JOURNEY = Journey({"journey": "shop", "title": "Order return", "start": "order", "nodes": NODES})


def where(query: Query) -> list[tuple[str, str, str]]:
    return [
        (one.what, one.node, ".".join(str(p) for p in one.inside))
        for one in matches(JOURNEY, query)
    ]


def test_a_word_is_found_in_names_texts_expressions_and_tools_and_not_in_wires() -> None:
    assert where(Query("order")) == [
        ("name", "", "title"),
        ("id", "order", ""),
        ("name", "order", "title"),
        ("text", "order", "text"),
        ("text", "order", "text"),
        ("tool", "look", "tool"),
        ("tool", "look", "tool"),
        ("variable", "look", "save"),
        ("expression", "pick", "cases.0.when"),
    ]


def test_case_words_patterns_and_where_narrow_it() -> None:
    assert where(Query("Order", case=True)) == [("name", "", "title")]
    assert ("tool", "look", "tool") not in where(Query("get", word=True))
    assert where(Query(r"order\.\w+", regex=True, where="expressions")) == [
        ("text", "order", "text"),
        ("expression", "pick", "cases.0.when"),
    ]
    assert [one[0] for one in where(Query("order", where="names"))] == [
        "name",
        "id",
        "name",
        "variable",
    ]
    assert [one[1] for one in where(Query("order", where="tools"))] == ["look", "look"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("(", "cannot be read"), ("a*", "finds nothing at every place"), ("[z", "character 1")],
)
def test_a_pattern_that_cannot_be_read_says_why(text: str, words: str) -> None:
    with pytest.raises(AuthorError, match=words):
        matches(JOURNEY, Query(text, regex=True))


def test_a_name_is_renamed_wherever_it_is_named() -> None:
    (found,) = [one for one in matches(JOURNEY, Query("order", where="names")) if one.what == "id"]
    after = (
        Change("", (edit_of(found, Query("order"), "hello"),))
        .apply(Draft(JOURNEY, Layout()))
        .journey
    )
    assert after.start == "hello"
    assert after.nodes["pick"].settings["cases"][0]["next"] == "hello"
    assert after.nodes["look"].settings["save"] == "order"


def test_everything_is_replaced_in_one_go_and_what_cannot_be_is_told() -> None:
    draft = Draft(JOURNEY, Layout())
    done = replace_all(draft, Query("order"), "parcel")
    after = Change("", tuple(done.edits)).apply(draft).journey
    assert not matches(after, Query("order"))
    assert after.nodes["parcel"].settings["text"] == "Your parcel ${parcel.id}"
    assert after.nodes["pick"].settings["cases"][0] == {
        "when": "parcel.total > 3",
        "next": "parcel",
    }
    assert after.nodes["look"].settings["tool"] == "parcels/get_parcel"
    refused = replace_all(draft, Query("done"), "not ok").refused
    assert any("cannot be the id" in one for one in refused)


def test_a_pattern_puts_what_it_caught_into_the_replacement() -> None:
    draft = Draft(JOURNEY, Layout())
    query = Query(r"(\w+) return", regex=True)
    done = replace_all(draft, query, r"Return of an \1")
    assert Change("", tuple(done.edits)).apply(draft).journey.title == "Return of an Order"


@given(st.text("abc .", min_size=1, max_size=4), st.text("abcxyz", min_size=1, max_size=5))
def test_what_is_replaced_is_found_no_more_unless_the_new_words_have_it(old: str, new: str) -> None:
    words = "a b. c abc cab .a. bb"
    nodes = {"n1": {"kind": "say", "text": words, "next": "n2"}, "n2": {"kind": "end"}}
    journey = Journey({"journey": "x", "start": "n1", "nodes": nodes})
    draft = Draft(journey, Layout())
    query = Query(old, where="texts")
    done = replace_all(draft, query, new)
    after = Change("", tuple(done.edits)).apply(draft).journey
    expected = words.replace(old, new)
    assert after.nodes["n1"].settings["text"] == expected
