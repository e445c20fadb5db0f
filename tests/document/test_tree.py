import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.document import rules, tree
from journeybuilder.document.findings import Path
from journeybuilder.document.tree import load
from journeybuilder.document.write import dump
from tests.document.documents import mappings


def codes(text: str | bytes) -> list[str]:
    return [finding.code for finding in load(text, "f.yaml").findings]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("2024-01-31", "2024-01-31"),
        ("12:30:00", "12:30:00"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("null", None),
        ("~", None),
        ("", None),
        ("true", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("12", 12),
        ("-3", -3),
        ("+4", 4),
        ("007", 7),
        ("0o14", 12),
        ("0x1F", 31),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ('"12"', "12"),
        ("'~'", "~"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(written: str, value: object) -> None:
    read = load(f"key: {written}\n", "f.yaml")
    assert read.findings == []
    assert read.value == {"key": value}
    assert type(read.value["key"]) is type(value)


def test_keys_that_older_yaml_took_for_booleans_are_text() -> None:
    assert load("yes: a\nno: b\non: c\n", "f.yaml").value == {"yes": "a", "no": "b", "on": "c"}


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: @x", "JB101", 1, 4),
        ("a: b: c", "JB101", 1, 5),
        ("x: 1\na: 'x\nb: 1", "JB101", 2, 4),
        ("a: {b: 1\nc: 2", "JB101", 1, 4),
        ("a: [1 2: 3", "JB101", 1, 4),
        ("- a\nb", "JB101", 2, 1),
        ("a: {\n", "JB101", 2, 1),
        ("a: [1,,2]", "JB101", 1, 7),
        ("a: *n", "JB101", 1, 4),
        ("a: &n 1\nb: &n 2", "JB101", 2, 4),
        ('a: "\\q"', "JB101", 1, 5),
        ("a: 1\n b: 2", "JB101", 2, 3),
        ("a: |0\n  x", "JB101", 1, 5),
        ("%FOO\n---\na: 1", "JB101", 1, 5),
        ("\ta: 1", "JB102", 1, 1),
        ("a:\n\tb: 1", "JB102", 2, 1),
        ("a: \x01", "JB103", 1, 4),
        ("a: 1\nb: \ud800", "JB103", 2, 4),
        ("a: 1\nb: 2\na: 3", "JB104", 3, 1),
        ("x: {a: 1, a: 2}", "JB104", 1, 11),
        ("1: a", "JB105", 1, 1),
        ("null: a", "JB105", 1, 1),
        ("? [a]\n: b", "JB105", 1, 3),
        ("a: !x 1", "JB106", 1, 4),
        ("a: !!str 1", "JB106", 1, 4),
        ("a: !x {b: 1}", "JB106", 1, 4),
        ("!e!x a: 1", "JB106", 1, 1),
        ("<<: {a: 1}", "JB106", 1, 1),
        ("a: 1\n---\nb: 2", "JB107", 2, 1),
        ("a: &x [*x]", "JB108", 1, 4),
        ("a: .inf", "JB109", 1, 4),
        ("a: -.Inf", "JB109", 1, 4),
        ("a: .nan", "JB109", 1, 4),
        ("a: 1e999", "JB109", 1, 4),
        ("a: " + "9" * 5000, "JB109", 1, 4),
    ],
)
def test_each_flaw_is_one_finding_at_its_place(
    text: str, code: str, line: int, column: int
) -> None:
    found = load(text, "f.yaml").findings
    assert [(item.code, item.line, item.column) for item in found] == [(code, line, column)]
    assert found[0].file == "f.yaml"
    assert found[0].hint


@pytest.mark.parametrize("text", ["a: @x", "a: {b", "a: 'x", "a: \x01", "a: 1\n---\nb: 2"])
def test_a_text_that_cannot_be_read_says_nothing(text: str) -> None:
    read = load(text, "f.yaml")
    assert read.value == {}
    assert read.text == text
    assert read.marks.at(()) is None


def test_no_word_of_the_parser_reaches_a_finding() -> None:
    texts = [
        "a: @x",
        "a: b: c",
        "a: 'x",
        "a: {",
        "a: [",
        "- a\nb",
        "a: *n",
        "%FOO\n",
        'a: "\\q"',
        "}",
    ]
    for text in texts:
        for finding in load(text, "f.yaml").findings:
            said = finding.message + finding.hint
            assert not any(word in said for word in ("token", "block mapping", "unicode string"))


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        ("a: 1\n".encode("utf-16"), 1, 1),
        (b"a: 1\nb: x\xe9", 2, 5),
        (b"\xff", 1, 1),
        ("é: 1\nü: ".encode() + b"\x80", 2, 4),
    ],
)
def test_bytes_that_are_no_utf_8_are_one_finding(data: bytes, line: int, column: int) -> None:
    found = load(data, "f.yaml").findings
    assert [(item.code, item.line, item.column) for item in found] == [("JB100", line, column)]


def test_a_byte_order_mark_is_accepted_and_offsets_count_it() -> None:
    read = load("\ufeffa: [x, yz]\n".encode(), "f.yaml")
    assert read.findings == []
    assert read.value == {"a": ["x", "yz"]}
    mark = read.marks.at(("a", 1))
    assert mark is not None
    assert read.text[mark.start : mark.end] == "yz"


def test_aliases_are_read_and_marked_where_they_stand() -> None:
    read = load("a: &x {k: 1}\nb: *x\nc: [*x, 2]\n", "f.yaml")
    assert read.value == {"a": {"k": 1}, "b": {"k": 1}, "c": [{"k": 1}, 2]}
    mark = read.marks.at(("b",))
    assert mark is not None
    assert (mark.line, mark.column, read.text[mark.start : mark.end]) == (2, 4, "*x")


def test_an_alias_bomb_is_refused_without_unfolding_it() -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
    for before, name in zip("abcdefghijklmn", "bcdefghijklmno", strict=True):
        lines.append(f"{name}: &{name} [{','.join(['*' + before] * 10)}]")
    read = load("\n".join(lines), "f.yaml")
    assert [finding.code for finding in read.findings] == ["JB108"]
    assert read.value == {}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000 + "x",
        "? " * 100_000,
        "[a," * 100_000,
        "\n".join(" " * level + "a:" for level in range(500)),
    ],
)
def test_any_depth_is_refused_instead_of_crashing(text: str) -> None:
    assert codes(text) == ["JB108"]


def test_a_hundred_levels_are_allowed() -> None:
    assert codes("a: " + "[" * 99 + "]" * 99) == []
    assert codes("a: " + "[" * 100 + "]" * 100) == ["JB108"]


def test_a_file_over_the_limit_is_refused_unread() -> None:
    assert codes(b"a: " + b"x" * tree.MAX_BYTES) == ["JB108"]


def test_more_values_than_the_limit_are_refused() -> None:
    assert codes("a: [" + "1," * (tree.MAX_NODES + 1) + "]") == ["JB108"]


def test_an_empty_file_says_none_and_has_no_finding() -> None:
    for text in ("", "# only a comment\n", "\n\n"):
        read = load(text, "f.yaml")
        assert read.value is None
        assert read.findings == []


def test_the_end_of_a_value_leaves_out_comments_and_blank_lines() -> None:
    text = "a:\n  b: 1\n  c:\n    - x\n    - y   # note\n\n# about d\nd: |\n  one\n\n\ne: 2\n"
    marks = load(text, "f.yaml").marks

    def span(*path: str | int) -> str:
        mark = marks.at(path)
        assert mark is not None
        return text[mark.start : mark.end]

    assert span("a") == "b: 1\n  c:\n    - x\n    - y"
    assert span("a", "c", 1) == "y"
    assert span("d") == "|\n  one"
    key = marks.key_at(("a", "c"))
    assert key is not None
    assert (key.line, key.column) == (3, 3)
    assert marks.key_at(("a", "c", 0)) is None
    assert marks.at(("a", "nothing")) is None
    assert marks.at(("a", "c", 2)) is None
    assert marks.at(("a", 0)) is None


def leaves(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
    return [(path, value)]


@given(mappings())
def test_the_mark_of_every_value_spans_exactly_its_text(data: dict[str, Any]) -> None:
    text = dump(data)
    read = load(text, "f.yaml")
    for path, value in leaves(data):
        mark = read.marks.at(path)
        assert mark is not None
        assert text[: mark.start].count("\n") == mark.line - 1
        written = text[mark.start : mark.end]
        if not written.startswith("|"):
            assert load(f"k: {written}", "f.yaml").value == {"k": value}


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_nothing_that_a_file_can_hold_raises(data: str | bytes) -> None:
    read = load(data, "f.yaml")
    for finding in read.findings:
        assert finding.line >= 1
        assert finding.column >= 1


@given(st.text(alphabet="ab:-?[]{}#&*!|>'\"%@` \n\t0", max_size=40))
def test_no_mixture_of_signs_raises(text: str) -> None:
    read = load(text, "f.yaml")
    assert read.findings or read.marks.root is not None or not read.value


def test_every_rule_of_form_has_texts_and_its_own_code() -> None:
    assert len({rule.code for rule in rules.RULES}) == len(rules.RULES)
    for rule in rules.RULES:
        assert "JB100" <= rule.code <= "JB119" or "JB130" <= rule.code <= "JB139"
        assert rule.title
        assert rule.why
        assert rule.mend
        assert rule.example


def test_huge_and_tiny_numbers_stay_what_they_are() -> None:
    read = load("a: 123456789012345678901234567890\nb: 1e-320\n", "f.yaml")
    assert read.value["a"] == 123456789012345678901234567890
    assert math.isclose(read.value["b"], 1e-320)


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (
            'a: {text: "Hi, next: z}\nb: {outcome: "x"}\n',
            (1, 11),
            "quote is not closed in its line",
            "",
        ),
        (
            "a: {text: Hi, # hello}\nb: {x: y}\n",
            (1, 15),
            "`#` on the line is a comment",
            "in quotes",
        ),
        ("a: [Hi #1, there]\nb: {x: y}\n", (1, 8), "`#` on the line is a comment", "in quotes"),
        ("a:\n  kind:say\n  text: Hi\n", (2, 7), "A blank is missing", "Write `kind: say`."),
        ("a:\n  kind: say\n  next:z\n", (3, 7), "A blank is missing", "Write `next: z`."),
        ("a:\n\u00a0\u00a0kind: say\n", (2, 1), "only look like blanks", "Replace them"),
        ('a: {text: "Hi #1 }", b: {c: d}\ne: f\n', (1, 4), "This `{` is never closed", "braces"),
        ("a:\n  when: 12:30\n text: Hi: you\n", (3, 2), "", ""),
    ],
)
def test_common_slips_are_told_where_they_were_made(
    text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    (finding,) = load(text, "test.yaml").findings
    assert (finding.line, finding.column) == place
    assert message in finding.message
    assert hint in finding.hint
