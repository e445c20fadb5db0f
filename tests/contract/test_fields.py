from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from journeybuilder.contract.fields import (
    Arguments,
    ErrorWay,
    Expression,
    Mark,
    Part,
    Settings,
    Template,
    Way,
    form_of,
    port_name,
    ports_of,
    uses,
)
from journeybuilder.kinds import KINDS


class Case(Part):
    when: Expression
    next: Way


class Example(Settings):
    cases: list[Case] = Field(default_factory=list)
    routes: dict[str, Case] | None = None
    decisions: dict[str, Way] = Field(default_factory=dict)
    lanes: list[Way] = Field(default_factory=list)
    values: dict[str, Template] = Field(default_factory=dict)
    undo: Case | None = None
    tool: Annotated[str, Mark("tool")] = ""
    with_: Arguments = Field(default_factory=dict, alias="with")
    next: Way
    on_error: ErrorWay = None


RAW: dict[str, Any] = {
    "cases": [{"when": "a", "next": "x"}, {"when": "b"}],
    "routes": {"refund": {"when": "c", "next": "y"}},
    "decisions": {"approve": "z", "next": "w"},
    "lanes": ["l", "m"],
    "next": "n",
}


def test_ports_of_lists_mappings_and_optional_parts_are_found_with_their_targets() -> None:
    found = {port.name: port.target for port in ports_of(Example, RAW)}
    assert found == {
        "cases.0": "x",
        "cases.1": "",
        "routes.refund": "y",
        "decisions.approve": "z",
        "decisions.next": "w",
        "lanes.0": "l",
        "lanes.1": "m",
        "next": "n",
        "on_error": "",
    }


def test_an_unwired_way_is_required_only_where_the_declaration_says_so() -> None:
    required = {port.name: port.required for port in ports_of(Example, {})}
    assert required == {"next": True, "on_error": False}


def test_a_port_says_where_its_target_stands_and_how_its_wire_looks() -> None:
    ports = {port.name: port for port in ports_of(Example, RAW)}
    assert ports["cases.1"].path == ("cases", 1, "next")
    assert ports["on_error"].style == "error"
    assert ports["on_error"].label == "on error"
    assert ports["decisions.approve"].label == "approve"


def test_every_marked_value_is_found_and_a_missing_one_has_no_value() -> None:
    found = {
        use.path: (use.mark.role, use.value) for use in uses(Example, {**RAW, "values": {"v": 1}})
    }
    assert found[("cases", 0, "when")] == ("expression", "a")
    assert found[("values", "v")] == ("template", 1)
    assert found[("tool",)] == ("tool", None)
    assert ("undo", "when") not in found


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(sorted(KINDS)),
    st.dictionaries(
        st.sampled_from(["cases", "routes", "decisions", "next", "undo", "text", "tool", "with",
                         "values", "retry", "packet", "output", "expect", "on_error"]),
        json_values,
    ),
)  # fmt: skip
def test_raw_settings_however_broken_are_looked_at_without_an_error(
    kind: str, raw: dict[str, Any]
) -> None:
    ports = KINDS[kind].ports(raw)
    names = [port.name for port in ports]
    assert len(set(names)) == len(names)
    assert all(isinstance(port.target, str) for port in ports)
    list(KINDS[kind].uses(raw))
    KINDS[kind].schema_of(raw)
    assert isinstance(KINDS[kind].line(raw), str)


@pytest.mark.parametrize(
    ("path", "name"),
    [(("next",), "next"), (("cases", 0, "next"), "cases.0"), (("decisions", "next"), "decisions.next"),
     (("routes", "next", "next"), "routes.next")],
)  # fmt: skip
def test_the_name_of_a_port_follows_from_its_path(path: tuple[str | int, ...], name: str) -> None:
    assert port_name(path) == name


def test_a_form_has_every_field_but_the_ways_out() -> None:
    keys = [field.key for field in form_of(Example)]
    assert keys == [
        "title",
        "cases",
        "routes",
        "decisions",
        "lanes",
        "values",
        "undo",
        "tool",
        "with",
    ]
