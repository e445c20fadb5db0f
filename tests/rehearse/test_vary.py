"""The same scenario with one attribute swapped."""

from collections.abc import Mapping
from typing import Any

import pytest

from journeybuilder.rehearse.suites.vary import beside, own_values, swapped, variants

BASE: Mapping[str, Any] = {
    "journey": "j",
    "input": {"customer_id": "C-1", "age": 30},
    "tools": {"shop/get.order": {"returns": {"total": 3, "name": "Ana"}}},
}


@pytest.mark.parametrize(
    ("attribute", "more", "path"),
    [
        ("input.age", {}, ("input", "age")),
        ("age", {}, ("input", "age")),
        ("input.address.city", {}, ("input", "address", "city")),
        ("customer.name", {}, ("remembered", "name")),
        ("customer.name", {"remembered": {"name": "x"}}, ("remembered", "name")),
        ("customer.consent.ads", {}, ("remembered", "consent.ads")),
        ("customer.name", {"customer": {"facts": {"name": "x"}}}, ("customer", "facts", "name")),
        ("customer.name", {"input": {"customer": {"name": "x"}}}, ("input", "customer", "name")),
        ("tools.shop/get.order.returns.total", {}, ("tools", "shop/get.order", "returns", "total")),
        ("language", {}, ("language",)),
        ("channel", {"channel": "chat"}, ("channel",)),
    ],
)
def test_an_attribute_is_found_where_it_stands(
    attribute: str, more: Mapping[str, Any], path: tuple[str, ...]
) -> None:
    value: Any = swapped({**BASE, **more, "vary": {attribute: ["new"]}}, attribute, "new")
    assert "vary" not in value
    for name in path:
        value = value[name]
    assert value == "new"


def test_every_place_that_has_the_attribute_gets_the_new_value() -> None:
    data = {"remembered": {"name": "Ana"}, "customer": {"facts": {"name": "Ana"}, "mood": "calm"}}
    assert swapped(data, "customer.name", "Bo") == {
        "remembered": {"name": "Bo"},
        "customer": {"facts": {"name": "Bo"}, "mood": "calm"},
    }


def test_what_is_said_changes_with_it_and_what_is_expected_does_not() -> None:
    data = {
        "remembered": {"name": "Ana"},
        "customer": [{"says": "I am Ana, not Anabel"}],
        "tools": {"crm/Ana": {"returns": {"Ana": "Ana", "list": ["Dear Ana!"]}}},
        "expect": [{"said": "Ana"}],
    }
    assert swapped(data, "customer.name", r"B\1") == {
        "remembered": {"name": r"B\1"},
        "customer": [{"says": r"I am B\1, not Anabel"}],
        "tools": {"crm/Ana": {"returns": {"Ana": r"B\1", "list": [r"Dear B\1!"]}}},
        "expect": [{"said": "Ana"}],
    }
    assert data["customer"] == [{"says": "I am Ana, not Anabel"}]


def test_one_attribute_is_swapped_at_a_time() -> None:
    data = {**BASE, "vary": {"input.age": [1, 2], "customer.name": ["Bo"], "input.bad": "no list"}}
    found = variants(data)
    assert [(one.attribute, one.value) for one in found] == [
        ("input.age", 1),
        ("input.age", 2),
        ("customer.name", "Bo"),
    ]
    assert found[2].data["input"] == BASE["input"]
    assert variants(BASE) == []


def test_the_scenarios_own_value_is_set_beside_the_others_and_comes_first() -> None:
    data = {"input": {"name": "Ana"}, "vary": {"input.name": ["Bo"], "customer.name": ["Bo", "Cy"]}}
    assert beside(data) == {"input.name": ["Ana", "Bo"], "customer.name": ["Bo", "Cy"]}
    assert own_values(data) == {"input.name": "Ana"}
    among = {"input": {"name": "Bo"}, "vary": {"input.name": ["Ana", "Bo"], "input.age": [1]}}
    assert beside(among) == {"input.name": ["Ana", "Bo"], "input.age": [1]}
    assert own_values(among) == {"input.age": None}
