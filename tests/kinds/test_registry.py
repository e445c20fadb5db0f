"""Every kind of the registry, also the ones that do not exist yet."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from journeybuilder.checks import check_journey
from journeybuilder.checks.settings import RULES
from journeybuilder.contract.expressions import compile_expression
from journeybuilder.contract.schemas import check_schema
from journeybuilder.document.edit import connect
from journeybuilder.document.model import Journey, Node
from journeybuilder.document.tree import load
from journeybuilder.kinds import KINDS, ports_of
from journeybuilder.packaged import packaged
from tests.fakes import KNOWN

every_kind = pytest.mark.parametrize("name", sorted(KINDS))


def example(name: str) -> tuple[str, dict[str, Any]]:
    tree = load(KINDS[name].example, f"{name}.yaml")
    assert tree.findings == []
    ((node, raw),) = tree.value.items()
    return node, raw


@every_kind
def test_a_kind_is_found_by_its_own_name_and_says_what_it_does(name: str) -> None:
    kind = KINDS[name]
    assert kind.name == name
    assert kind.title
    assert kind.about.endswith(".")
    assert kind.group in {"talk", "tools", "models", "flow", "people", "other"}


@every_kind
def test_its_example_is_one_valid_node_of_the_kind(name: str) -> None:
    _, raw = example(name)
    assert raw.pop("kind") == name
    KINDS[name].settings.model_validate(raw)


@every_kind
def test_its_example_breaks_no_rule_about_settings_or_expressions(name: str) -> None:
    node, raw = example(name)
    problems = check_journey(Journey({"start": node, "nodes": {node: raw}}), KNOWN)
    about = {rule.code for rule in RULES} | {"JB401", "JB403", "JB404", "JB501"}
    assert [problem for problem in problems if problem.rule.code in about] == []


@every_kind
def test_its_icon_is_a_drawing_that_comes_with_the_program(name: str) -> None:
    file = packaged("resources") / "icons" / f"{KINDS[name].icon}.svg"
    assert ET.fromstring(file.read_text(encoding="utf-8")).tag.endswith("svg")


@every_kind
def test_its_form_has_words_and_a_schema_for_every_field(name: str) -> None:
    fields = KINDS[name].form()
    assert fields[0].key == "title"
    for field in fields:
        assert field.title
        assert field.help, field.key
        check_schema(field.schema)


@every_kind
def test_its_ports_have_names_of_their_own_and_every_wire_in_the_example_is_one(name: str) -> None:
    node, raw = example(name)
    ports = ports_of(Node(node, name, raw))
    names = [port.name for port in ports]
    assert len(set(names)) == len(names)
    assert all(port.label for port in ports)
    wired = {port.target for port in ports if port.target}
    below = {value for key, value in raw.items() if key == "next" or key.startswith("on_")}
    assert below <= wired


@every_kind
def test_a_wire_that_is_set_by_a_ports_name_is_read_back_from_that_port(name: str) -> None:
    node, raw = example(name)
    journey = Journey({"nodes": {node: raw, "target": {"kind": "end"}}})
    for port in ports_of(journey.nodes[node]):
        changed = connect(journey, node, port.path, "target")
        again = {other.name: other.target for other in ports_of(changed.nodes[node])}
        assert again[port.name] == "target"


@every_kind
def test_what_it_saves_has_a_schema_where_it_says_so(name: str) -> None:
    _, raw = example(name)
    schema = KINDS[name].schema_of(raw)
    if schema is not None:
        check_schema(schema)


@every_kind
def test_the_line_on_its_face_is_one_line_also_for_an_empty_node(name: str) -> None:
    _, raw = example(name)
    assert "\n" not in KINDS[name].line(raw)
    assert KINDS[name].line({}) == "" or KINDS[name].name == "agent"


def test_only_kinds_that_wait_for_somebody_or_for_time_say_that_they_do() -> None:
    assert {name for name, kind in KINDS.items() if kind.waits} == {
        "ask",
        "agent",
        "consent",
        "handoff",
        "review",
        "verify",
        "wait",
    }


@pytest.mark.parametrize(
    ("settings", "bounds"),
    [({}, False), ({"talks_to": "customer"}, True), ({"approve": ["a/b"]}, True)],
)
def test_an_agent_bounds_a_cycle_only_where_it_waits_for_somebody(
    settings: dict[str, Any], bounds: bool
) -> None:
    assert KINDS["agent"].bounds_cycle(settings) is bounds


@every_kind
def test_what_it_saves_are_the_names_in_its_marked_keys(name: str) -> None:
    _, raw = example(name)
    kind = KINDS[name]
    expected = {raw["save"]} if "save" in raw else set[str]()
    expected |= set(raw.get("values", {})) | set(raw.get("collect", {}))
    if name == "loop":
        expected.add(raw["as"])
    assert set(kind.saves(raw)) == expected
    for schema in kind.saves(raw).values():
        check_schema(schema or {})


@every_kind
def test_broken_settings_of_any_form_break_none_of_its_readers(name: str) -> None:
    _, raw = example(name)
    kind = KINDS[name]
    wrongs: list[Any] = [None, 3, "", "x", [], [1], {}, {"a": 1}, {"a": {"b": ""}}]
    for key in raw:
        for wrong in wrongs:
            broken: dict[str, Any] = {**raw, key: wrong}
            assert isinstance(kind.line(broken), str)
            ports_of(Node("a", name, broken))
            assert isinstance(kind.saves(broken), dict)
            kind.schema_of(broken)
            kind.bounds_cycle(broken)


@every_kind
def test_the_wires_of_its_example_are_all_its_ports_that_have_to_be_wired(name: str) -> None:
    node, raw = example(name)
    assert [
        port.name for port in ports_of(Node(node, name, raw)) if not port.target and port.required
    ] == []


def test_the_palette_has_every_kind_in_the_order_of_its_groups() -> None:
    groups = [kind.group for kind in KINDS.values()]
    order = ["talk", "tools", "models", "flow", "people", "other"]
    assert groups == sorted(groups, key=order.index)
    assert len(KINDS) == 23


def test_every_expression_in_an_example_can_be_read() -> None:
    for name in KINDS:
        _, raw = example(name)
        for use in KINDS[name].uses(raw):
            if use.mark.role == "expression":
                assert compile_expression(use.value).names


def test_an_unknown_kind_has_no_ports() -> None:
    assert ports_of(Node("a", "thing_of_tomorrow", {"next": "b"})) == []
