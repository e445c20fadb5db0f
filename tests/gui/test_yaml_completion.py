"""What completion offers at a place of a journey's text."""

import pytest

from journeybuilder.checks import Known
from journeybuilder.document.model import Journey
from journeybuilder.document.tree import load
from journeybuilder.gui.expressions.scope import Scope, scope_of_names
from journeybuilder.gui.yaml.yaml_completion import YamlCompletion
from journeybuilder.gui.yaml.yaml_spot import spot_at
from tests.checks.broken import WORLD

TEXT = """\
journeybuilder: 1
journey: test
start: ask_it
nodes:
  ask_it:
    kind: ask
    text: "Hi ${}"
    save: number
    next: pick
  pick:
    kind: branch
    cases:
      - when: number == '1'
        next: look
      - {when: number == '2', next: done}
    otherwise: done
  look: {kind: tool, tool: orders/get_order, with: {order_id: "${number}"}, next: done}
  agent_1:
    kind: agent
    model: fast
    tools:
      - orders/refund
  done: {kind: end}
"""


def completion(known: Known = WORLD) -> YamlCompletion:
    journey = Journey(load(TEXT, "x.journey.yaml").value)
    scope = scope_of_names(
        [("number", "string", ""), ("order", "object", ""), ("order.id", "string", "")]
    )

    def in_scope(node: str, path: object) -> Scope:
        del node, path
        return scope

    return YamlCompletion(lambda: journey, lambda: known, in_scope)


@pytest.mark.parametrize(
    ("behind", "path", "is_key"),
    [
        ("start: a", ("start",), False),
        ("    kind: a", ("nodes", "ask_it", "kind"), False),
        ("    sav", ("nodes", "ask_it"), True),
        ("      - when: numb", ("nodes", "pick", "cases", 0, "when"), False),
        ("        next: lo", ("nodes", "pick", "cases", 0, "next"), False),
        ("{when: number == '2', next: do", ("nodes", "pick", "cases", 0, "next"), False),
        ("look: {kind: to", ("nodes", "look", "kind"), False),
        ("with: {order_i", ("nodes", "look", "with"), True),
        ("      - orders/re", ("nodes", "agent_1", "tools", 0), False),
        ("  don", ("nodes",), True),
    ],
)
def test_the_place_of_the_cursor_is_read_from_the_lines_above(
    behind: str, path: tuple[str | int, ...], is_key: bool
) -> None:
    cursor = TEXT.index(behind) + len(behind)
    spot = spot_at(TEXT, cursor)
    assert spot.path == path
    assert (spot.value is None) is is_key


def asked(before: str, typed: str, *, explicit: bool = False) -> tuple[str, list[str]]:
    """The text with something typed behind a place, and what is offered there."""
    at = TEXT.index(before) + len(before)
    text = TEXT[:at] + typed + ("\n" if before.endswith("\n") else "") + TEXT[at:]
    found = completion().ask(text, at + len(typed), explicit)
    first = found[0] if found else None
    after = text[: first.start] + first.insert + text[first.end :] if first is not None else text
    line = after[after.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    return line, [one.label for one in found]


def test_kinds_keys_nodes_tools_and_models_are_offered_where_they_fit() -> None:
    assert asked("nodes:\n", "  new: {kind: bra")[1] == ["branch"]
    line, labels = asked("    save: number\n", "    att")
    assert labels == ["attempts"]
    assert line == "    attempts: "
    assert "text" not in asked("    save: number\n", "    ", explicit=True)[1], (
        "it is there already"
    )
    assert asked("start: ", "lo")[1][0] == "look"
    assert asked("      - orders/refund\n", "      - shipp")[1]
    assert asked("    model: ", "c")[1] == ["careful"]
    assert asked("journey: test\n", "lim")[0] == "limits: "


def test_expressions_are_completed_in_conditions_and_slots() -> None:
    line, labels = asked('"Hi ${', "num")
    assert labels[0] == "number"
    assert line == '    text: "Hi ${number}"'
    assert asked("      - when: ", "num")[1][0] == "number"


def test_nothing_is_offered_in_comments_and_where_nothing_was_typed() -> None:
    assert asked("start: ask_it", "  # num")[1] == []
    assert asked("    save: number\n", "    ")[1] == []


def test_places_count_as_the_text_field_counts_them() -> None:
    text = "journey: test\ntitle: \U0001f600\nnodes:\n  done:\n    kind: e"
    found = completion().ask(text, len(text) + 1, False)
    end = next(one for one in found if one.label == "end")
    assert (end.start, end.end) == (len(text), len(text) + 1)
