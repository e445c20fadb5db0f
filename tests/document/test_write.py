from collections.abc import Mapping
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeybuilder.document.style import same
from journeybuilder.document.tree import load
from journeybuilder.document.write import canonical, dump, rewrite
from journeybuilder.errors import AuthorError
from tests.document.documents import commented, edits, mappings

JOURNEY = dedent("""\
    # The head of the file.
    journeybuilder: 1
    journey: order-return               # its id
    channels: [chat, voice]

    # Where it begins.
    start: which
    nodes:
      which:
        kind: ask
        text: {en: "Which order?", es: '¿Qué pedido?'}
        attempts: 3       # enough
        next: look_up
        # on_timeout: bye
      # Looks the order up.
      look_up:
        kind: tool
        with: {order_id: "${order_id}"}
        about: |
          Two
          lines.
        next: eligible
      eligible:
        kind: branch
        cases:
          - {when: order.total < 200, next: label}   # small
          - {when: order.total < 900, next: bye}
          # the rest goes on
        otherwise: bye
      bye: {kind: end, outcome: closed}
    # The end.
    """)


def changed(text: str, **top: Any) -> dict[str, Any]:
    return {**load(text, "f.yaml").value, **top}


def with_node(name: str, **settings: Any) -> dict[str, Any]:
    """The journey with some settings of a node changed; `...` removes one."""
    data = load(JOURNEY, "f.yaml").value
    node = {**data["nodes"][name], **settings}
    node = {key: value for key, value in node.items() if value is not ...}
    return {**data, "nodes": {**data["nodes"], name: node}}


def difference(text: str, new: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The lines that a rewrite takes away and those it brings."""
    after = rewrite(text, new)
    assert same(load(after, "f.yaml").value, new)
    old_lines, new_lines = text.splitlines(), after.splitlines()
    head = 0
    while head < min(len(old_lines), len(new_lines)) and old_lines[head] == new_lines[head]:
        head += 1
    tail = 0
    while (
        tail < min(len(old_lines), len(new_lines)) - head
        and old_lines[-1 - tail] == new_lines[-1 - tail]
    ):
        tail += 1
    return old_lines[head : len(old_lines) - tail], new_lines[head : len(new_lines) - tail]


def test_an_unchanged_file_keeps_every_byte() -> None:
    odd = "\ufeff# c\r\na:   [1,2 ]\r\nb: 'x'\n\n\n"
    assert rewrite(odd, load(odd, "f.yaml").value) == odd


def test_a_changed_scalar_changes_its_line_and_keeps_its_comment() -> None:
    assert difference(JOURNEY, with_node("which", attempts=5)) == (
        ["    attempts: 3       # enough"],
        ["    attempts: 5       # enough"],
    )


def test_a_changed_text_keeps_its_quotes() -> None:
    new = with_node("which", text={"en": "Which one?", "es": "¿Cuál?"})
    assert difference(JOURNEY, new)[1] == ["""    text: {en: "Which one?", es: '¿Cuál?'}"""]


def test_a_new_key_stands_behind_the_one_it_follows() -> None:
    removed, added = difference(JOURNEY, with_node("look_up", save="order"))
    assert (removed, added) == ([], ["    save: order"])
    assert "    next: eligible\n    save: order\n  eligible:" in rewrite(
        JOURNEY, with_node("look_up", save="order")
    )


def test_a_new_node_is_written_behind_the_last_one_and_before_the_comments_below() -> None:
    data = load(JOURNEY, "f.yaml").value
    new = {**data, "nodes": {**data["nodes"], "hello": {"kind": "say", "text": "Hi"}}}
    assert rewrite(JOURNEY, new).endswith(
        "  bye: {kind: end, outcome: closed}\n  hello: {kind: say, text: Hi}\n# The end.\n"
    )


def test_a_new_node_leaves_comments_inside_the_node_above_with_that_node() -> None:
    data = load(JOURNEY, "f.yaml").value
    nodes = {"which": data["nodes"]["which"], "mid": {"kind": "end"}, **data["nodes"]}
    assert "    # on_timeout: bye\n  mid: {kind: end}\n  # Looks" in rewrite(
        JOURNEY, {**data, "nodes": nodes}
    )


def test_a_removed_key_takes_its_line_and_the_comment_behind_it() -> None:
    assert difference(JOURNEY, with_node("which", attempts=...)) == (
        ["    attempts: 3       # enough"],
        [],
    )


def test_a_removed_node_leaves_the_comment_above_it() -> None:
    data = load(JOURNEY, "f.yaml").value
    nodes = {key: value for key, value in data["nodes"].items() if key != "look_up"}
    after = rewrite(JOURNEY, {**data, "nodes": nodes})
    assert "  # Looks the order up.\n  eligible:" in after


def test_a_renamed_node_changes_only_its_key() -> None:
    data = load(JOURNEY, "f.yaml").value
    nodes = {"find" if key == "look_up" else key: value for key, value in data["nodes"].items()}
    assert difference(JOURNEY, {**data, "nodes": nodes}) == (["  look_up:"], ["  find:"])


def test_a_flow_mapping_grows_in_its_line_up_to_100_characters() -> None:
    new = with_node("look_up", **{"with": {"order_id": "${order_id}", "x": "a, b"}})
    assert difference(JOURNEY, new)[1] == ['    with: {order_id: "${order_id}", x: "a, b"}']


def test_a_flow_mapping_that_gets_too_long_becomes_a_block() -> None:
    new = with_node("look_up", **{"with": {"order_id": "${order_id}", "x": "word " * 20}})
    assert difference(JOURNEY, new)[1] == [
        "    with:",
        '      order_id: "${order_id}"',
        f'      x: "{"word " * 20}"',
    ]


def test_an_item_put_into_a_list_is_one_new_line() -> None:
    cases = load(JOURNEY, "f.yaml").value["nodes"]["eligible"]["cases"]
    extra = {"when": "x", "next": "bye"}
    for at in range(3):
        new = with_node("eligible", cases=[*cases[:at], extra, *cases[at:]])
        assert difference(JOURNEY, new) == ([], ["      - {when: x, next: bye}"])


def test_an_item_taken_from_a_list_is_one_line_less() -> None:
    cases = load(JOURNEY, "f.yaml").value["nodes"]["eligible"]["cases"]
    assert len(difference(JOURNEY, with_node("eligible", cases=cases[1:]))[0]) == 1
    assert len(difference(JOURNEY, with_node("eligible", cases=cases[:1]))[0]) == 1


def test_a_text_of_several_lines_is_written_as_a_block() -> None:
    new = with_node("look_up", about="One\n# two\nthree\n")
    assert difference(JOURNEY, new)[1] == ["      One", "      # two", "      three"]
    new = with_node("which", next="a\nb")
    assert difference(JOURNEY, new)[1] == ["    next: |-", "      a", "      b"]


def test_a_value_turns_from_one_line_to_a_block_and_keeps_the_comment() -> None:
    new = with_node("which", attempts={"a": {"b": 1}})
    assert difference(JOURNEY, new)[1] == ["    attempts:  # enough", "      a: {b: 1}"]


def test_an_emptied_mapping_stays_a_mapping() -> None:
    assert "nodes: {}" in rewrite(JOURNEY, changed(JOURNEY, nodes={}))


def test_line_ends_of_windows_and_a_byte_order_mark_stay() -> None:
    text = "\ufeff" + JOURNEY.replace("\n", "\r\n")
    after = rewrite(text, with_node("which", text="a\nb", attempts=5))
    assert after.startswith("\ufeff# The head")
    assert after.count("\n") == after.count("\r\n")
    assert after.replace("\r\n", "\n")[1:] == rewrite(
        JOURNEY, with_node("which", text="a\nb", attempts=5)
    )


def test_a_file_without_a_last_line_end_can_change_at_its_end() -> None:
    assert rewrite("a: 1\nb: 2", {"a": 1, "b": 2, "c": 3}) == "a: 1\nb: 2\nc: 3"
    assert rewrite("a: 1\nb: 2", {"a": 1}) == "a: 1"
    assert rewrite("a: 1\nb: 2", {"a": 1, "b": 5}) == "a: 1\nb: 5"


def test_a_file_of_comments_alone_keeps_them() -> None:
    assert rewrite("# only this", {"a": 1}) == "# only this\na: 1\n"
    assert rewrite("", {"a": 1}) == "a: 1\n"


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("a: &x {k: 1}\nb: *x  # c\nc: 2\n", {"a": {"k": 1}, "b": {"k": 2}, "c": 2}),
        ("a: &x {k: 1}  # c\nb: *x\n", {"a": {"k": 2}, "b": {"k": 1}}),
        ("a: &x 1  # c\nb: [*x, 2]\n", {"a": 1, "b": [1, 3]}),
        ("a: &x 1  # c\nb:\n  - *x\n  - 2\n", {"a": 1, "b": [1, 2, 3]}),
        ("? a\n: b  # c\n", {"a": "d"}),
        ("- a: 1  # c\n", {"x": 1}),
        ("{a: 1,  # c\n b: 2}\n", {"b": 2}),
        ("a:  # c\n- 1\n- - 2\n  - 3\n", {"a": [1, [3]]}),
        ("a:  # c\n  - b: 1\n    c: 2\n", {"a": [{"c": 2}]}),
        ("a:  # c\n  - b: 1\n    # d\n    c: 2\n", {"a": [{"c": 2}]}),
        ("a: [b: 1]  # c\n", {"a": [{"b": 1, "d": 2}]}),
        ("a: |  # c\n  one\n  two\n", {"a": "x\ny\n"}),
        ("a: >-  # c\n  one\n  two\nb: 1\n", {"a": "one", "b": 1}),
        ("a:\n  # c\n  b: 1\n", {"a": 3}),
        ("a: |+\n  x\n\n# c\nb: 1\n", {"a": "x\n\n", "new": 1, "b": 1}),
        ("---\na: 1  # c\n...\n", {"a": 2, "b": 1}),
    ],
)
def test_unusual_writings_change_too_and_lose_no_comment_of_what_stays(
    text: str, new: dict[str, Any]
) -> None:
    after = rewrite(text, new)
    assert same(load(after, "f.yaml").value, new)
    assert "# c" in after or text.startswith("- a")


def test_a_broken_file_is_not_rewritten() -> None:
    with pytest.raises(AuthorError, match="line 2, column 4"):
        rewrite("a: 1\nb: @x\n", {"a": 2})
    with pytest.raises(AuthorError, match="line 2, column 4"):
        canonical("a: 1\nb: @x\n")


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), {1: 2}, {"a": object()}, "\ud800", (1, 2)]
)
def test_what_no_file_can_hold_is_refused_in_words(value: object) -> None:
    with pytest.raises(AuthorError):
        dump({"a": value})
    with pytest.raises(AuthorError):
        rewrite("a: 1\n", {"a": value})


def test_short_values_stand_in_one_line_and_long_or_deep_ones_do_not() -> None:
    text = dump(
        {
            "limits": {"steps": 5, "tags": ["a", "b"]},
            "nodes": {"bye": {"kind": "end", "output": {"x": 1}}, "on": {"kind": "end"}},
            "cases": [{"when": "a < 1", "next": "b"}, ["w", ["x", {"z": 1}]]],
            "empty": {},
            "none": [],
        }
    )
    assert text == dedent("""\
        limits: {steps: 5, tags: [a, b]}
        nodes:
          bye:
            kind: end
            output: {x: 1}
          on: {kind: end}
        cases:
          - {when: a < 1, next: b}
          - - w
            - - x
              - {z: 1}
        empty: {}
        none: []
        """)


@given(mappings())
def test_what_is_dumped_is_read_back(data: dict[str, Any]) -> None:
    read = load(dump(data), "f.yaml")
    assert read.findings == []
    assert same(read.value, data)
    assert list(read.value) == list(data)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_rewritten_file_says_what_it_should_and_keeps_the_comments_of_what_stays(
    data: st.DataObject,
) -> None:
    old = data.draw(mappings())
    text = data.draw(commented(dump(old)))
    assert same(load(text, "f.yaml").value, old)
    new = data.draw(edits(old))
    after = rewrite(text, new)
    read = load(after, "f.yaml")
    assert read.findings == []
    assert same(read.value, new)
    if same(old, new):
        assert after == text
    assert "# the end" in after


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_top_level_change_touches_no_other_entry(data: st.DataObject) -> None:
    old = data.draw(mappings())
    text = data.draw(commented(dump(old)))
    key = data.draw(st.sampled_from(sorted(old)))
    new = {**old, key: data.draw(st.integers() | st.text(max_size=5))}
    after = rewrite(text, new)
    marks, after_marks = load(text, "f.yaml").marks, load(after, "f.yaml").marks
    for name in old:
        one, two = marks.at((name,)), after_marks.at((name,))
        if name != key and one is not None and two is not None:
            assert text[one.start : one.end] == after[two.start : two.end]
    lines = after.splitlines()
    assert all(line in lines for line in text.splitlines() if line.startswith("# above"))


def test_the_canonical_form_keeps_numbers_and_quotes_that_spare_escapes() -> None:
    text = """a: 0.10\nb: {c: 1e3, d: 'say "no"', e: 0x1F}\nf: 'it'\n"""
    assert canonical(text) == text.replace("'it'", '"it"')


def test_the_canonical_form_orders_keys_and_keeps_comments_quotes_and_blank_lines() -> None:
    text = dedent("""\
        # head
        nodes:
            # about bye
            bye: {outcome: closed, kind: end}   # the last


            ask:
                next: bye
                text: 'Which?'
                kind: ask
                # on_timeout: bye
        start:   ask

        journey: x   # id
        journeybuilder: 1
        # foot
        """)
    assert canonical(text) == dedent("""\
        # head
        journeybuilder: 1

        journey: x   # id
        start: ask
        nodes:
          # about bye
          bye: {kind: end, outcome: closed}     # the last

          ask:
            kind: ask
            text: "Which?"
            next: bye
            # on_timeout: bye
        # foot
        """)


def test_a_canonical_text_stays_as_it_is() -> None:
    once = canonical(JOURNEY)
    assert canonical(once) == once
    assert same(load(once, "f.yaml").value, load(JOURNEY, "f.yaml").value)
    assert once.count("#") == JOURNEY.count("#")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_the_canonical_form_changes_no_value_loses_no_comment_and_is_stable(
    data: st.DataObject,
) -> None:
    old = data.draw(mappings())
    text = data.draw(commented(dump(old)))
    once = canonical(text)
    assert same(load(once, "f.yaml").value, old)
    assert canonical(once) == once
    for line in text.splitlines():
        note = line.strip()
        if note.startswith(("# above", "# the end")):
            assert note in once
