from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeybuilder.document import likeness
from journeybuilder.document.diff import (
    ABSENT,
    diff_journeys,
    diff_layouts,
    diff_values,
    differences,
)
from journeybuilder.document.model import Layout
from journeybuilder.document.pairs import pair_items
from journeybuilder.document.style import same
from tests.document.documents import edits, mappings
from tests.document.ways import BASE, journey, ways


def said(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    """What differs after texts of the journey were replaced by others."""
    text = BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return [(one.what, one.words) for one in diff_journeys(journey(BASE), journey(text), ways)]


def test_the_same_journey_does_not_differ_and_comments_and_order_do_not_count() -> None:
    assert said(("# asks first", "# other words"), (" # the order", "")) == []
    moved = BASE.replace("title: Return an order\n", "") + "title: Return an order\n"
    assert diff_journeys(journey(BASE), journey(moved), ways) == []


@pytest.mark.parametrize(
    ("old", "new", "what", "words"),
    [
        ("200, next: label", "200, next: decide", "rewired",
         "'eligible' → the first case leads to 'decide' instead of 'label'"),
        ("reject: sorry", "reject: done", "rewired",
         "'decide' → decision 'reject' leads to 'done' instead of 'sorry'"),
        (", next: done, on_error: sorry", ", next: done", "rewired",
         "'label' → on an error it leads to nothing any more (it was 'sorry')"),
        ("    next: eligible\n", "    next: done\n", "rewired",
         "'look_up' → it goes on to 'done' instead of 'eligible'"),
        ("attempts: 3", "attempts: 5", "setting_changed", "'which' → attempts is 5 instead of 3"),
        ("attempts: 3, ", "", "setting_changed", "'which' → attempts is gone (it was 3)"),
        ("save: label, ", "save: label, cache: 10m, ", "setting_changed",
         "'label' → cache is new: '10m'"),
        ("total < 200", "total < 300", "setting_changed",
         "'eligible' → the first case: when is 'order.total < 300' instead of 'order.total < 200'"),
        ("kind: say", "kind: end", "kind_changed", "the kind of 'sorry' is end instead of say"),
        ("title: Return an order", "title: Back", "journey_changed",
         "title is 'Back' instead of 'Return an order'"),
        ("start: which", "start: look_up", "journey_changed",
         "it begins with 'look_up' instead of 'which'"),
        ("[chat, voice]", "[voice, chat]", "reordered",
         "channels: the order of its entries is another"),
        ("[chat, voice]", "[chat, voice, mail]", "journey_changed",
         "the third entry of channels is new: 'mail'"),
    ],
)  # fmt: skip
def test_each_kind_of_change_is_one_change_in_words(
    old: str, new: str, what: str, words: str
) -> None:
    assert said((old, new)) == [(what, words)]


def test_a_node_that_came_and_one_that_went_are_named_with_their_kind() -> None:
    line = '  sorry: {kind: say, text: "Something went wrong.", next: done}\n'
    found = said((line, "  hello: {kind: set, values: {a: 1}, next: done}\n"))
    assert ("node_removed", "'sorry' (say) is gone") in found
    assert ("node_added", "'hello' (set) is new") in found


def test_a_renamed_node_is_one_change_and_the_wires_that_follow_are_none() -> None:
    assert said(("look_up", "fetch")) == [("node_renamed", "'look_up' is now called 'fetch'")]
    assert said(("which", "ask_it")) == [("node_renamed", "'which' is now called 'ask_it'")]


def test_a_node_that_was_renamed_and_edited_is_both() -> None:
    assert said(("look_up", "fetch"), ("save: order ", "save: parcel ")) == [
        ("node_renamed", "'look_up' is now called 'fetch'"),
        ("setting_changed", "'fetch' → save is 'parcel' instead of 'order'"),
    ]


def test_two_renamed_nodes_are_told_apart_by_their_wires() -> None:
    found = said(("done", "fin"), ("sorry", "oh_no"))
    assert sorted(found) == [
        ("node_renamed", "'done' is now called 'fin'"),
        ("node_renamed", "'sorry' is now called 'oh_no'"),
    ]


def test_another_node_in_the_place_of_one_is_not_taken_for_it() -> None:
    found = said(
        ("{kind: end, outcome: resolved}", "{kind: end, outcome: lost, x: 1}"), ("done", "x")
    )
    assert {what for what, _ in found} >= {"node_added", "node_removed"}


def test_a_case_that_came_first_does_not_make_all_others_differ() -> None:
    new = "    cases:\n      - {when: vip, next: label}\n"
    assert said(("    cases:\n", new)) == [
        ("setting_changed",
         """'eligible' → the first case is new: {"when": "vip", "next": "label"}"""),
    ]  # fmt: skip


def test_a_change_is_data_with_path_and_both_values() -> None:
    text = BASE.replace("attempts: 3", "attempts: null")
    (one,) = diff_journeys(journey(BASE), journey(text), ways)
    assert (one.node, one.path, one.before, one.after) == (
        "which",
        ("nodes", "which", "attempts"),
        3,
        None,
    )
    assert one.as_json()["after"] is None
    text = BASE.replace("attempts: 3, ", "")
    (one,) = diff_journeys(journey(BASE), journey(text), ways)
    assert one.after is ABSENT
    assert "after" not in one.as_json()


def test_moved_nodes_of_a_layout_are_told_apart_from_other_changes() -> None:
    old = Layout(
        {"layout": "x", "nodes": {"a": {"at": [0, 0]}, "b": {"at": [1, 1], "color": "red"}}}
    )
    new = Layout(
        {"layout": "x", "nodes": {"a": {"at": [5, 0]}, "b": {"at": [1, 1], "color": "blue"}}}
    )
    assert [(one.what, one.words) for one in diff_layouts(old, new)] == [
        ("moved", "'a' was moved"),
        ("value_changed", "nodes.b.color is 'blue' instead of 'red'"),
    ]


def test_other_files_differ_key_by_key() -> None:
    old = {"models": {"fast": {"model": "a", "fallbacks": ["x", "y"]}}}
    new = {"models": {"fast": {"model": "b", "fallbacks": ["y"]}, "slow": {"model": "c"}}}
    assert [one.words for one in diff_values(old, new)] == [
        "models.fast.model is 'b' instead of 'a'",
        "models.fast.fallbacks[0] is gone (it was 'x')",
        'models.slow is new: {"model": "c"}',
    ]


def test_a_broken_journey_can_be_compared_too() -> None:
    assert [one.what for one in diff_journeys(journey("nodes: 3"), journey(BASE), ways)]
    assert diff_journeys(journey(""), journey(""), ways) == []


def test_items_are_paired_by_a_name_in_them_else_by_what_they_say() -> None:
    old = [{"when": "a", "next": "x"}, {"when": "b", "next": "y"}]
    new = [{"when": "c", "next": "z"}, {"when": "b", "next": "q"}, {"when": "a", "next": "x"}]
    pairs = pair_items(old, new)
    assert pairs.kept == {0: 2, 1: 1}
    assert pairs.added == [0]
    assert pairs.moved
    same_text = pair_items(["a", "a", "b"], ["a", "b", "a", "a"])
    assert (same_text.kept, same_text.added) == ({0: 0, 1: 2, 2: 1}, [3])


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_two_values_differ_where_they_are_not_the_same_and_only_there(data: st.DataObject) -> None:
    old = data.draw(mappings())
    new = data.draw(edits(old))
    found = list(differences(old, new))
    assert bool(found) != same(old, new)
    for one in found:
        assert one.before is not one.after


@pytest.mark.parametrize("number", [240, 800, 2000])
def test_among_hundreds_of_alike_nodes_each_is_found_again_and_few_pairs_are_looked_at(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    looked_at: list[float] = []

    def counted(one: Any, other: Any) -> float:
        looked_at.append(score(one, other))
        return looked_at[-1]

    score = likeness._score  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(likeness, "_score", counted)
    old, new = (
        journey(
            "nodes:\n  done: {kind: end}\n"
            + "".join(
                f"  {name}{at}: {{kind: say, text: Hi, next: done}}\n" for at in range(number)
            )
        )
        for name in ("a", "b")
    )
    found = likeness.renamed_nodes(old, new, ways)
    assert len(found) == number
    assert len(set(found.values())) == number
    assert len(looked_at) <= 2 * 60_000


def test_among_hundreds_of_alike_nodes_those_wired_otherwise_are_found_by_their_place() -> None:
    def many(name: str, last: str) -> str:
        nodes = [
            f"  {name}{at}: {{kind: say, text: Hi, save: x, next: done}}\n" for at in range(300)
        ]
        nodes[150] = f"  {name}150: {{kind: say, text: Hi, save: x, next: {last}}}\n"
        return "nodes:\n  done: {kind: end}\n  other: {kind: end}\n" + "".join(nodes)

    found = likeness.renamed_nodes(journey(many("a", "done")), journey(many("b", "other")), ways)
    assert len(found) == 300
    assert len(set(found.values())) == 300
