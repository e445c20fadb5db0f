from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeybuilder.document.forms import JOURNEY, read_source
from journeybuilder.document.merge import Merged, merge_journeys, merge_layouts, merge_values
from journeybuilder.document.merged_text import merged_text
from journeybuilder.document.style import same
from journeybuilder.document.tree import Tree, load
from journeybuilder.document.versions import merge
from journeybuilder.document.write import rewrite
from journeybuilder.errors import AuthorError
from tests.document.documents import commented, edits, mappings
from tests.document.ways import BASE, journey, ways

Edit = tuple[str, str]


def edited(*changes: Edit) -> str:
    text = BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def merged(ours: str, theirs: str) -> Merged:
    return merge_journeys(journey(BASE), journey(ours), journey(theirs), ways)


def text_of(ours: str, theirs: str) -> str:
    return merged_text(ours, theirs, merged(ours, theirs))


def words(ours: str, theirs: str) -> list[str]:
    return [one.words for one in merged(ours, theirs).conflicts]


INDEPENDENT: list[Edit] = [
    ("attempts: 3", "attempts: 4"),
    ("title: Return an order", "title: Back"),
    ("200, next: label", "200, next: decide"),
    ("900, next: decide", "950, next: decide"),
    ("reject: sorry", "reject: done"),
    ("outcome: resolved", "outcome: closed"),
    ("  done:", "  # new\n  extra: {kind: end, outcome: x}   # here\n  done:"),
    ("[chat, voice]", "[chat, voice, mail]"),
    ("label: {kind: tool", "print: {kind: tool"),
]


@pytest.mark.parametrize("one", range(len(INDEPENDENT) - 1))
@pytest.mark.parametrize("other", range(len(INDEPENDENT) - 1))
def test_independent_changes_merge_to_both(one: int, other: int) -> None:
    if one == other:
        return
    ours, theirs = edited(INDEPENDENT[one]), edited(INDEPENDENT[other])
    both = edited(INDEPENDENT[one], INDEPENDENT[other])
    assert words(ours, theirs) == []
    text = text_of(ours, theirs)
    assert text == both


@pytest.mark.parametrize("change", INDEPENDENT)
def test_the_same_change_on_both_sides_is_that_change(change: Edit) -> None:
    assert text_of(edited(change), edited(change)) == edited(change)
    assert text_of(BASE, edited(change)) == edited(change)
    assert text_of(edited(change), BASE) == edited(change)


def test_a_rename_on_one_side_and_edits_on_the_other_merge() -> None:
    renamed = edited(("look_up", "fetch"))
    changed = edited(
        ("save: order ", "save: parcel "),
        ("900, next: decide", "900, next: look_up"),
        ("  done:", "  again: {kind: say, text: Hi, next: look_up}  # again\n  done:"),
    )
    expected = changed.replace("look_up", "fetch")
    assert words(renamed, changed) == words(changed, renamed) == []
    assert text_of(renamed, changed) == expected
    assert text_of(changed, renamed) == expected


def test_two_renames_of_one_node_are_a_conflict_and_ours_holds() -> None:
    ours, theirs = edited(("look_up", "fetch")), edited(("look_up", "find"))
    assert words(ours, theirs) == ["'look_up': we call it 'fetch', they call it 'find'"]
    assert "next: fetch" in text_of(ours, theirs)


def test_a_rename_to_an_id_that_the_other_side_gave_is_a_conflict() -> None:
    ours = edited(("look_up", "fetch"))
    theirs = edited(("  done:", "  fetch: {kind: say, text: Hi, next: done}\n  done:"))
    assert words(ours, theirs) == ["'look_up' was renamed to 'fetch', and another node has this id"]


def test_one_setting_changed_twice_is_a_conflict_with_all_three_values() -> None:
    (one,) = merged(
        edited(("attempts: 3", "attempts: 4")), edited(("attempts: 3", "attempts: 5"))
    ).conflicts
    assert (one.path, one.base, one.ours, one.theirs) == (("nodes", "which", "attempts"), 3, 4, 5)
    assert one.words == "'which' → attempts: we say 4, they say 5, before it was 3"
    assert one.as_json()["theirs"] == 5


LABEL = (
    "  label: {kind: tool, tool: shipping/create_label, save: label, next: done, on_error: sorry}\n"
)


def without_label() -> str:
    return edited(
        (LABEL, ""), ("200, next: label", "200, next: done"), ("approve: label", "approve: done")
    )


def test_a_node_removed_here_and_changed_there_is_a_conflict_either_way() -> None:
    changed = edited(("save: label", "save: paper"))
    assert words(without_label(), changed)[0].startswith(
        "'label': we removed it, they changed it to"
    )
    assert words(changed, without_label())[0].startswith(
        "'label': they removed it, we changed it to"
    )
    text = text_of(without_label(), changed)
    assert "#   theirs in full:" in text
    assert "#     label:" in text


def test_a_node_removed_here_and_left_alone_there_is_gone() -> None:
    assert words(without_label(), edited(("attempts: 3", "attempts: 4"))) == []
    assert "label" not in journey(text_of(without_label(), BASE)).nodes
    assert "label" not in journey(text_of(BASE, without_label())).nodes


def test_an_edge_that_would_lead_nowhere_is_a_conflict() -> None:
    drawn = edited(("reject: sorry", "reject: label"))
    expected = "'decide' → decision 'reject' leads to 'label', which one side removed"
    assert words(without_label(), drawn) == [expected]
    assert words(drawn, without_label()) == [expected]
    begun = edited(("start: which", "start: label"))
    assert words(without_label(), begun) == ["it begins with 'label', which one side removed"]


def test_two_new_nodes_with_one_id_are_a_conflict_as_a_whole() -> None:
    ours = edited(("  done:", "  new: {kind: say, text: A, next: done}\n  done:"))
    theirs = edited(("  done:", "  new: {kind: say, text: B, next: done}\n  done:"))
    assert [one.path for one in merged(ours, theirs).conflicts] == [("nodes", "new")]


def test_cases_added_on_both_sides_are_both_there_in_order() -> None:
    ours = edited(
        (
            "      - {when: order.total < 200",
            "      - {when: vip, next: label}\n      - {when: order.total < 200",
        )
    )
    theirs = edited(("    otherwise", "      - {when: late, next: sorry}\n    otherwise"))
    cases = journey(text_of(ours, theirs)).nodes["eligible"].settings["cases"]
    assert [case["when"] for case in cases] == [
        "vip",
        "order.total < 200",
        "order.total < 900",
        "late",
    ]


def test_lists_reordered_differently_on_both_sides_are_a_conflict() -> None:
    base = {"list": ["a", "b", "c"]}
    found = merge_values(base, {"list": ["b", "a", "c"]}, {"list": ["a", "c", "b"]})
    assert [one.path for one in found.conflicts] == [("list",)]
    assert found.value == {"list": ["b", "a", "c"]}
    one_side = merge_values(base, {"list": ["a", "b", "c", "d"]}, {"list": ["b", "a", "c"]})
    assert one_side.value == {"list": ["b", "a", "c", "d"]}
    assert one_side.conflicts == []


def test_a_conflict_stands_as_a_comment_above_its_place_and_check_finds_it() -> None:
    text = text_of(
        edited(("attempts: 3", "attempts: 4"), ("title: Return an order", "title: A")),
        edited(("attempts: 3", "attempts: 5"), ("title: Return an order", "title: B")),
    )
    lines = text.splitlines()
    assert (
        lines[2] == "# conflict: title: we say 'A', they say 'B', before it was 'Return an order'"
    )
    assert lines[3] == "title: A"
    found = [
        item
        for item in read_source(text, "x.journey.yaml", JOURNEY).findings
        if item.code == "JB130"
    ]
    assert [(item.line, item.column) for item in found] == [(3, 1), (9, 3)]
    assert "A merge left a conflict: title: we say 'A'" in found[0].message


MANY = 400


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are read while a merged text is made."""
    read: list[str] = []

    def counted(text: str, file: str) -> Tree:
        read.append(text)
        return load(text, file)

    monkeypatch.setattr("journeybuilder.document.merged_text.load", counted)
    return read


def lines_of(number: int, text: str) -> str:
    nodes = "".join(f"  n{at}: {{kind: say, text: {text}, next: done}}\n" for at in range(number))
    return f"journeybuilder: 1\njourney: a\nstart: n0\nnodes:\n{nodes}  done: {{kind: end}}\n"


def test_hundreds_of_conflicts_cost_no_reading_each(readings: list[str]) -> None:
    base, ours, theirs = (journey(lines_of(MANY, text)) for text in ("a", "b", "c"))
    found = merge_journeys(base, ours, theirs, ways)
    text = merged_text(lines_of(MANY, "b"), lines_of(MANY, "c"), found)
    assert text.count("  # conflict: 'n") == len(found.conflicts) == MANY
    lines = text.splitlines()
    for at in range(MANY):
        above = lines[lines.index(f"  n{at}: {{kind: say, text: b, next: done}}") - 1]
        assert above.startswith(f"  # conflict: 'n{at}' →")
    assert len(readings) < 10


def test_hundreds_of_nodes_of_theirs_cost_no_reading_each(readings: list[str]) -> None:
    begun = lines_of(1, "a")
    new = [f"  # about m{at}\n  m{at}: {{kind: end}}  # here\n" for at in range(MANY)]
    theirs = begun + "".join(new)
    ours = begun.replace("journey: a", "journey: b")
    found = merge_journeys(journey(begun), journey(ours), journey(theirs), ways)
    assert merged_text(ours, theirs, found) == ours + "".join(new)
    assert len(readings) < 10


def test_a_conflict_on_a_line_that_begins_within_a_text_goes_to_the_top() -> None:
    def said(outcome: str) -> str:
        return f'a: {{x: "one\n  two", y: {outcome}}}\nb: {outcome}\n'

    base, ours, theirs = (load(said(word), "f").value for word in ("p", "q", "r"))
    text = merged_text(said("q"), said("r"), merge_values(base, ours, theirs))
    assert load(text, "f").value == ours
    lines = text.splitlines()
    assert lines[0].startswith("# conflict: a.y: we say 'q'")
    assert lines[-2].startswith("# conflict: b: we say 'q'")


def test_several_conflicts_of_one_line_stand_in_their_order() -> None:
    base, ours, theirs = ({"a": {"x": word, "y": word}} for word in "pqr")
    found = merge_values(base, ours, theirs)
    text = merged_text("a: {x: q, y: q}\n", "a: {x: r, y: r}\n", found)
    first, second, last = text.splitlines()
    assert first.startswith("# conflict: a.x")
    assert second.startswith("# conflict: a.y")
    assert last == "a: {x: q, y: q}"


def test_what_only_looks_like_a_conflict_in_a_text_is_none() -> None:
    text = 'journeybuilder: 1\njourney: a\nabout: |\n  # conflict: no\ntitle: "# conflict: no"\nnodes: {}\n'
    assert read_source(text, "a", JOURNEY).findings == ()


def test_markers_of_a_merge_line_by_line_are_named_as_such() -> None:
    text = "journeybuilder: 1\n<<<<<<< ours\njourney: a\n=======\njourney: b\n>>>>>>> theirs\n"
    found = read_source(text, "a", JOURNEY).findings
    assert [(item.code, item.line) for item in found] == [("JB130", 2)]


def test_windows_line_ends_and_a_byte_order_mark_of_ours_stay() -> None:
    ours = "\ufeff" + edited(("attempts: 3", "attempts: 4")).replace("\n", "\r\n")
    theirs = edited(
        ("  done:", "  # new\n  extra: {kind: end, outcome: x}\n  done:"),
        ("title: Return an order", "title: B"),
    )
    text = text_of(ours, theirs)
    assert text.startswith("\ufeff")
    assert text.count("\n") == text.count("\r\n")
    assert "  # new\r\n  extra:" in text
    both = text_of(ours, edited(("attempts: 3", "attempts: 5")))
    assert "\r\n  # conflict: 'which'" in both
    first = text_of(ours.replace("title: Return", "title: X"), theirs)
    assert "# conflict: title" in first


def test_layouts_merge_and_a_node_moved_on_both_sides_stays_where_ours_has_it() -> None:
    base = {"layout": "x", "nodes": {"a": {"at": [0, 0]}, "b": {"at": [0, 0]}, "c": {"at": [0, 0]}}}
    ours = {"layout": "x", "nodes": {"a": {"at": [1, 1]}, "b": {"at": [2, 2]}, "c": {"at": [0, 0]}}}
    theirs = {
        "layout": "x",
        "nodes": {
            "a": {"at": [0, 0]},
            "b": {"at": [3, 3]},
            "c": {"at": [4, 4]},
            "d": {"at": [5, 5]},
        },
    }
    found = merge_layouts(base, ours, theirs)
    assert found.conflicts == []
    assert found.value["nodes"] == {
        "a": {"at": [1, 1]}, "b": {"at": [2, 2]}, "c": {"at": [4, 4]}, "d": {"at": [5, 5]},
    }  # fmt: skip


def test_json_merges_while_no_comment_is_lost() -> None:
    base, ours = (
        b'{"mcpServers": {"a": {"command": "a"}}}',
        b'{"mcpServers": {"a": {"command": "b"}}}',
    )
    theirs = b'{"mcpServers": {"a": {"command": "a"}, "c": {"url": "x"}}}'
    text, conflicts = merge("mcp.json", base, ours, theirs, ways)
    assert conflicts == []
    assert load(text, "x").value["mcpServers"] == {"a": {"command": "b"}, "c": {"url": "x"}}
    assert merge("mcp.json", base, base, theirs, ways)[0].encode() == theirs
    with pytest.raises(AuthorError, match="comments in ours"):
        merge("mcp.json", base, b"// mine\n" + ours, theirs, ways)


def test_versions_that_cannot_be_read_are_not_merged() -> None:
    with pytest.raises(AuthorError, match="line 2"):
        merge("a.journey.yaml", b"a: 1\n", b"a: 2\n b: @x\n", b"a: 3\n", ways)
    with pytest.raises(AuthorError, match="version 99"):
        merge("a.journey.yaml", b"", b"journeybuilder: 99\n", b"a: 3\n", ways)


def test_a_file_that_both_sides_made_merges_without_a_base() -> None:
    ours, theirs = b"models:\n  a: {model: x}  # mine\n", b"models:\n  b: {model: y}  # theirs\n"
    text, conflicts = merge("models.yaml", None, ours, theirs, ways)
    assert conflicts == []
    assert text == dedent("""\
        models:
          b: {model: y}  # theirs
          a: {model: x}  # mine
        """)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_changes_of_different_keys_merge_to_both_and_keep_the_comments_of_ours(
    data: st.DataObject,
) -> None:
    left, right = data.draw(mappings()), data.draw(mappings())
    base = {"left": left, "right": right}
    text = data.draw(commented(rewrite("", base)))
    mine, others = data.draw(edits(left)), data.draw(edits(right))
    ours, theirs = {"left": mine, "right": right}, {"left": left, "right": others}
    found = merge_values(base, ours, theirs)
    assert found.conflicts == []
    assert same(found.value, {"left": mine, "right": others})
    after = merged_text(rewrite(text, ours), rewrite(text, theirs), found)
    assert same(load(after, "f").value, found.value)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_merge_of_anything_is_readable_and_lists_every_conflict(data: st.DataObject) -> None:
    base = data.draw(mappings())
    ours, theirs = data.draw(edits(base)), data.draw(edits(base))
    found = merge_values(base, ours, theirs)
    text = rewrite(rewrite("", base), ours) if base else rewrite("", ours)
    after = merged_text(text, rewrite("", theirs) if theirs else "{}\n", found)
    assert same(load(after, "f").value or {}, found.value)
    assert after.count("# conflict:") >= len(found.conflicts)
    if same(base, ours):
        assert same(found.value, theirs)
    if same(base, theirs) or same(ours, theirs):
        assert same(found.value, ours)
        assert found.conflicts == []
