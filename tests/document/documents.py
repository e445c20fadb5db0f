"""Random documents, and random changes of them, for the property tests of files."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

KEYS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=8
) | st.sampled_from(["next", "kind", "yes", "no", "on_error", "text", "a b", "x:y", "1", "~"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=24) | st.sampled_from(
    [
        "yes", "No", "null", "~", "12", "1e3", "0x1f", "2024-01-31", "12:30", ".5", "-", "- a",
        "a: b", "a #b", "${order}", "a, b", "[a]", "{a}", " a", "a ", "line\nline", "line\n", "\n",
        "a\n\n", " a\nb", "a\n b\n", "a \nb", "'", '"', "\\", "\t", "#", "!x", "&x", "*x", "%", "@",
        "|", ">", "?", "? a", ":", "---", "...", "<<", "=", "\u2028", "\x85", "\ufeff", "é", "😀",
        "order.age_days <= 30 && order.total < 200", "That order can no longer be returned.",
    ]
)  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def mappings() -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)


@st.composite
def edits(draw: st.DrawFn, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data after one to three changes anywhere in it."""
    out: Any = dict(data)
    for _ in range(draw(st.integers(1, 3))):
        out = draw(_changed(out))
    return out if isinstance(out, dict) else dict(data)


@st.composite
def _changed(draw: st.DrawFn, value: Any, depth: int = 0) -> Any:
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        return draw(_changed_mapping(value, depth))
    if isinstance(value, list) and value and draw(st.integers(0, 3)):
        return draw(_changed_list(value, depth))
    if depth == 0:
        return {**value, draw(KEYS): draw(VALUES)}
    return draw(VALUES)


@st.composite
def _changed_mapping(draw: st.DrawFn, value: dict[str, Any], depth: int) -> dict[str, Any]:
    key = draw(st.sampled_from(sorted(value)))
    match draw(st.sampled_from(["in", "remove", "rename", "add"])):
        case "in":
            return {**value, key: draw(_changed(value[key], depth + 1))}
        case "remove":
            return {name: item for name, item in value.items() if name != key}
        case "rename":
            new = draw(KEYS.filter(lambda name: name not in value))
            return {new if name == key else name: item for name, item in value.items()}
        case _:
            at = draw(st.integers(0, len(value)))
            entries = list(value.items())
            entries.insert(at, (draw(KEYS.filter(lambda name: name not in value)), draw(VALUES)))
            return dict(entries)


@st.composite
def _changed_list(draw: st.DrawFn, value: list[Any], depth: int) -> list[Any]:
    at = draw(st.integers(0, len(value) - 1))
    match draw(st.sampled_from(["in", "remove", "add", "swap"])):
        case "in":
            return [*value[:at], draw(_changed(value[at], depth + 1)), *value[at + 1 :]]
        case "remove":
            return [*value[:at], *value[at + 1 :]]
        case "add":
            return [*value[:at], draw(VALUES), *value[at:]]
        case _:
            return value[::-1]


@st.composite
def commented(draw: st.DrawFn, text: str) -> str:
    """The text with comments of their own line, with comments behind entries, with blank lines."""
    out: list[str] = []
    inside = -1
    for number, line in enumerate(text.splitlines()):
        column = len(line) - len(line.lstrip(" "))
        if inside >= 0 and (column > inside or not line):
            out.append(line)
            continue
        inside = column if line.rstrip("-").endswith("|") else -1
        if draw(st.booleans()):
            out += [" " * column + f"# above {number}"]
        if draw(st.integers(0, 4)) == 0:
            out.append("")
        plain = inside < 0 and draw(st.booleans())
        out.append(line + f"  # behind {number}" if plain else line)
    return "\n".join([*out, "# the end"]) + "\n"
