from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from journeybuilder.document import edit, layout
from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey, Layout, Node
from journeybuilder.errors import AuthorError


@dataclass(frozen=True)
class Way:
    name: str
    path: Path
    target: str


def ways(node: Node) -> Sequence[Way]:
    """The ways out as the kinds would give them, for the keys that these tests use."""
    paths: list[Path] = [
        (key,) for key in ("next", "otherwise", "on_error") if key in node.settings
    ]
    paths += [("decisions", name) for name in node.settings.get("decisions", {})]
    paths += [("lanes", index) for index in range(len(node.settings.get("lanes", [])))]
    paths += [("cases", index, "next") for index in range(len(node.settings.get("cases", [])))]
    out: list[Way] = []
    for path in paths:
        value: Any = node.settings
        for part in path:
            value = value.get(part) if isinstance(value, dict) else value[part]
        out.append(Way(".".join(map(str, path)), path, value if isinstance(value, str) else ""))
    return out


@pytest.fixture
def journey() -> Journey:
    return Journey(
        {
            "journey": "x",
            "start": "ask",
            "on_error": "bye",
            "nodes": {
                "ask": {"kind": "ask", "next": "pick"},
                "pick": {
                    "kind": "branch",
                    "cases": [{"when": "a", "next": "bye"}, {"next": "bye"}, {"next": "ask"}],
                    "otherwise": "person",
                },
                "person": {"kind": "review", "decisions": {"yes": "bye", "again": "ask"}},
                "split": {"kind": "parallel", "lanes": ["bye", "ask", "bye"]},
                "bye": {"kind": "end"},
            },
        }
    )


def nodes(journey: Journey) -> dict[str, Any]:
    return journey.data["nodes"]


def test_a_set_value_leaves_the_old_journey_and_all_other_nodes_as_they_are(
    journey: Journey,
) -> None:
    after = edit.set_value(journey, ("nodes", "ask", "text", "en"), "Hi")
    assert nodes(after)["ask"] == {"kind": "ask", "next": "pick", "text": {"en": "Hi"}}
    assert "text" not in nodes(journey)["ask"]
    assert all(
        nodes(after)[name] is nodes(journey)[name] for name in nodes(journey) if name != "ask"
    )


def test_a_value_is_set_in_and_behind_a_list(journey: Journey) -> None:
    after = edit.set_value(journey, ("nodes", "pick", "cases", 1, "when"), "b")
    assert nodes(after)["pick"]["cases"][1] == {"next": "bye", "when": "b"}
    after = edit.set_value(journey, ("nodes", "pick", "cases", 3), {"next": "bye"})
    assert len(nodes(after)["pick"]["cases"]) == 4


@pytest.mark.parametrize(
    "path", [("journey", "x"), ("nodes", "pick", "cases", 9), ("nodes", "ask", 0)]
)
def test_a_path_through_something_else_is_refused(journey: Journey, path: Path) -> None:
    with pytest.raises(AuthorError):
        edit.set_value(journey, path, 1)


def test_a_removed_value_is_gone_and_a_missing_one_changes_nothing(journey: Journey) -> None:
    assert (
        "otherwise" not in nodes(edit.remove_value(journey, ("nodes", "pick", "otherwise")))["pick"]
    )
    assert (
        len(nodes(edit.remove_value(journey, ("nodes", "pick", "cases", 0)))["pick"]["cases"]) == 2
    )
    assert edit.remove_value(journey, ("nodes", "nobody", "next")) is journey
    assert edit.remove_value(journey, ("nodes", "pick", "cases", 7)) is journey


def test_a_new_node_stands_last_or_behind_a_given_one(journey: Journey) -> None:
    assert list(nodes(edit.add_node(journey, "n", "say", {"text": "Hi"})))[-1] == "n"
    after = edit.add_node(journey, "n", "say", {"text": "Hi"}, after="ask")
    assert list(nodes(after))[:2] == ["ask", "n"]
    assert nodes(after)["n"] == {"kind": "say", "text": "Hi"}
    assert nodes(edit.add_node(Journey({}), "n", "end", {})) == {"n": {"kind": "end"}}


@pytest.mark.parametrize("name", ["ask", "1a", "a b", "", "a-b"])
def test_an_id_that_is_taken_or_impossible_is_refused(journey: Journey, name: str) -> None:
    with pytest.raises(AuthorError):
        edit.add_node(journey, name, "end", {})
    with pytest.raises(AuthorError):
        edit.rename_node(journey, "bye", name, ways)


def test_removed_nodes_take_every_wire_to_them(journey: Journey) -> None:
    after = edit.remove_nodes(journey, ["bye"], ways)
    assert nodes(after)["pick"]["cases"] == [{"when": "a"}, {"next": "ask"}]
    assert nodes(after)["person"]["decisions"] == {"yes": "", "again": "ask"}
    assert nodes(after)["split"]["lanes"] == ["ask"]
    assert "on_error" not in after.data
    assert after.data["start"] == "ask"
    assert nodes(after)["ask"] is nodes(journey)["ask"]
    assert "start" not in edit.remove_nodes(journey, ["ask", "pick"], ways).data


def test_an_unknown_node_is_refused_with_the_nearest_name(journey: Journey) -> None:
    with pytest.raises(AuthorError) as caught:
        edit.remove_nodes(journey, ["persn"], ways)
    assert caught.value.hint == "Did you mean 'person'?"
    for change in (
        lambda: edit.connect(journey, "ask", ("next",), "nobody"),
        lambda: edit.connect(journey, "nobody", ("next",), "ask"),
        lambda: edit.disconnect(journey, "nobody", ("next",)),
        lambda: edit.rename_node(journey, "nobody", "x", ways),
        lambda: edit.duplicate_nodes(journey, ["nobody"], ways),
        lambda: edit.insert_on_wire(journey, "nobody", ("next",), "n", "say", {}, ("next",)),
    ):
        with pytest.raises(AuthorError):
            change()


def test_a_wire_is_made_with_the_keys_it_needs(journey: Journey) -> None:
    after = edit.connect(journey, "ask", ("routes", "refund", "next"), "bye")
    assert nodes(after)["ask"]["routes"] == {"refund": {"next": "bye"}}


def test_a_cut_wire_keeps_the_author_s_words(journey: Journey) -> None:
    assert nodes(edit.disconnect(journey, "ask", ("next",)))["ask"] == {"kind": "ask"}
    after = edit.disconnect(journey, "person", ("decisions", "yes"))
    assert nodes(after)["person"]["decisions"] == {"yes": "", "again": "ask"}
    assert edit.disconnect(journey, "ask", ("on_error",)) is journey
    after = edit.disconnect(journey, "pick", ("cases", 0, "next"))
    assert nodes(after)["pick"]["cases"][0] == {"when": "a"}


def test_a_renamed_node_keeps_its_place_and_every_wire_follows(journey: Journey) -> None:
    after = edit.rename_node(journey, "bye", "end", ways)
    assert list(nodes(after)) == ["ask", "pick", "person", "split", "end"]
    assert [case["next"] for case in nodes(after)["pick"]["cases"]] == ["end", "end", "ask"]
    assert nodes(after)["person"]["decisions"] == {"yes": "end", "again": "ask"}
    assert nodes(after)["split"]["lanes"] == ["end", "ask", "end"]
    assert after.data["on_error"] == "end"
    assert edit.rename_node(journey, "ask", "first", ways).data["start"] == "first"
    assert nodes(after)["ask"] is nodes(journey)["ask"]
    assert edit.rename_node(journey, "ask", "ask", ways) is journey


def test_a_rename_there_and_back_is_the_same_journey(journey: Journey) -> None:
    there = edit.rename_node(journey, "ask", "first", ways)
    assert edit.rename_node(there, "first", "ask", ways).data == journey.data


def test_a_node_put_on_a_wire_leads_where_the_wire_led(journey: Journey) -> None:
    after = edit.insert_on_wire(journey, "ask", ("next",), "mid", "say", {"text": "Hi"}, ("next",))
    assert nodes(after)["ask"]["next"] == "mid"
    assert nodes(after)["mid"] == {"kind": "say", "text": "Hi", "next": "pick"}
    assert list(nodes(after))[:2] == ["ask", "mid"]
    loose = edit.disconnect(journey, "ask", ("next",))
    after = edit.insert_on_wire(loose, "ask", ("next",), "mid", "end", {}, ("next",))
    assert nodes(after)["mid"] == {"kind": "end"}


def test_copies_keep_wires_among_themselves_and_out(journey: Journey) -> None:
    after, names = edit.duplicate_nodes(journey, ["person", "ask"], ways)
    assert names == {"ask": "ask_2", "person": "person_2"}
    assert nodes(after)["ask_2"]["next"] == "pick"
    assert nodes(after)["person_2"]["decisions"] == {"yes": "bye", "again": "ask_2"}
    assert nodes(after)["person"] is nodes(journey)["person"]
    assert list(nodes(after)) == ["ask", "pick", "person", "ask_2", "person_2", "split", "bye"]
    again, names = edit.duplicate_nodes(after, ["ask_2"], ways)
    assert names == {"ask_2": "ask_3"}
    assert "ask_3" in nodes(again)


def test_a_fresh_id_is_an_id_and_free(journey: Journey) -> None:
    assert edit.fresh_id(journey, "look_up") == "look_up"
    assert edit.fresh_id(journey, "ask") == "ask_2"
    assert edit.fresh_id(journey, "Get order!") == "get_order"
    assert edit.fresh_id(journey, "2nd") == "node_2nd"
    assert edit.fresh_id(journey, "¡!") == "node"


def test_a_layout_moves_forgets_and_renames_and_keeps_what_else_it_says() -> None:
    first = layout.new_layout("x")
    moved = layout.move(first, {"a": (10.4, -3.6), "b": (1, 2)})
    assert moved.data == {
        "journeybuilder": 1,
        "layout": "x",
        "nodes": {"a": {"at": [10, -4]}, "b": {"at": [1, 2]}},
    }
    colored = Layout({"nodes": {"a": {"color": "red", "at": [0, 0]}}, "notes": [1]})
    moved = layout.move(colored, {"a": (5, 5)})
    assert moved.data == {
        "journeybuilder": 1,
        "nodes": {"a": {"color": "red", "at": [5, 5]}},
        "notes": [1],
    }
    assert layout.rename_in_layout(moved, "a", "z").positions == {"z": (5.0, 5.0)}
    assert layout.forget(moved, ["a", "nobody"]).positions == {}
    assert colored.positions == {"a": (0.0, 0.0)}
