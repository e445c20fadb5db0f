"""Changes to `mcp.json` touch what they are about and nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.document.jsonc import load_jsonc
from journeybuilder.document.jsonc_edit import drop_member, put_member, rename_member
from journeybuilder.errors import OperatorError

TEXT = """\
// servers of the shop
{
  "mcpServers": {
    // knows the orders
    "orders": {"command": "x", "args": []}, // same line
    "crm": {
      "url": "https://a", // here
      "headers": {"A": "b"}
    } // end
  },
}
"""
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def comments(text: str) -> list[str]:
    return [line.partition("//")[2] for line in text.splitlines() if "// " in line]


def test_a_server_is_added_behind_the_last_one_and_every_comment_stays() -> None:
    out = put_member(TEXT, ("mcpServers", "new"), {"command": "npx", "args": ["-y", "a"]})
    assert comments(out) == comments(TEXT)
    assert list(load_jsonc(out).value["mcpServers"]) == ["orders", "crm", "new"]
    assert '      "command": "npx",\n      "args": ["-y", "a"]\n' in out


def test_what_is_removed_leaves_no_comma_and_no_empty_line() -> None:
    for name in ("orders", "crm"):
        out = drop_member(TEXT, ("mcpServers", name))
        assert name not in load_jsonc(out).value["mcpServers"]
        assert "\n\n" not in out
        assert "// knows the orders" in out


def test_lines_of_windows_stay_lines_of_windows() -> None:
    out = put_member(TEXT.replace("\n", "\r\n"), ("mcpServers", "new"), {"command": "npx"})
    assert out.count("\r\n") == out.count("\n")


def test_a_name_that_is_taken_is_refused_and_a_broken_file_says_where() -> None:
    with pytest.raises(OperatorError, match="already"):
        rename_member(TEXT, ("mcpServers", "crm"), "orders")
    with pytest.raises(OperatorError, match="line 2"):
        put_member('{"a": 1,\n b}', ("c",), 1)


@given(st.dictionaries(NAMES, VALUES, max_size=4), NAMES, VALUES, st.integers(0, 3))
def test_any_member_is_set_renamed_and_dropped_as_in_plain_values(
    data: dict[str, Any], name: str, value: Any, indent: int
) -> None:
    text = json.dumps(data, indent=indent or None, ensure_ascii=bool(indent % 2))
    out = put_member(text, (name,), value)
    assert load_jsonc(out).value == {**data, name: value}
    assert load_jsonc(drop_member(out, (name,))).value == {
        key: item for key, item in data.items() if key != name
    }
    other = name + "_"
    if other not in data:
        renamed = load_jsonc(rename_member(out, (name,), other)).value
        assert list(renamed) == [other if key == name else key for key in {**data, name: value}]
