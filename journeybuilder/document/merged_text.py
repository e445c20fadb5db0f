"""The text of a merge: ours with their changes spliced in, and what is left to decide as comments.

A conflict is a line `# conflict: …` above the place it is about, so that the file can be opened,
checked and run by the person who decides; `jb check` finds every such line.
"""

import re
from collections.abc import Iterator, Sequence

from journeybuilder.document.comments import comments_of
from journeybuilder.document.diff import ABSENT
from journeybuilder.document.edit import set_value, value_at
from journeybuilder.document.findings import Path
from journeybuilder.document.leftovers import LABEL
from journeybuilder.document.merge import Conflict, Merged
from journeybuilder.document.model import Journey, mapping
from journeybuilder.document.style import entry, lines_of, same
from journeybuilder.document.tree import MappingNode, Mark, load
from journeybuilder.document.write import rewrite

_LONG = 60


def merged_text(ours: str, theirs: str, merged: Merged) -> str:
    """The text of a merged file.

    Everything that only our side changed stays byte for byte; entries that came from their side keep
    the comments they have there.

    Args:
        ours: Our text.
        theirs: Their text.
        merged: What came of merging the two.

    Raises:
        AuthorError: When our text cannot be changed.
    """
    text = rewrite(ours, merged.value)
    windows = "\r\n" in text
    plain, other = text.replace("\r\n", "\n"), theirs.replace("\r\n", "\n").removeprefix("\ufeff")
    plain = _with_comments(plain, other, merged.taken)
    for conflict in reversed(merged.conflicts):
        plain = _with_conflict(plain, conflict)
    return plain.replace("\n", "\r\n") if windows else plain


def _with_comments(text: str, theirs: str, taken: Sequence[Path]) -> str:
    """The text with entries of theirs as they are written there, comments included."""
    if "#" not in theirs or not taken:
        return text
    wanted = load(text, "ours").value
    renamed = Journey(mapping(load(theirs, "theirs").value))
    for path in taken:
        renamed = set_value(renamed, path, value_at(wanted, path))
    theirs = rewrite(theirs, renamed.data)
    tree = load(theirs, "theirs")
    if not isinstance(tree.marks.root, MappingNode):
        return text
    notes = comments_of(theirs, tree.marks.root)
    for path in taken:
        there = tree.marks.key_at(path), tree.marks.at(path)
        here = load(text, "ours")
        mine = here.marks.key_at(path), here.marks.at(path)
        if there[0] is None or there[1] is None or mine[0] is None or mine[1] is None:
            continue
        above = [line for line in notes[path].above if line] if path in notes else []
        lines = _lines(theirs, there[0], there[1])
        target = _lines(text, mine[0], mine[1])
        if lines is None or target is None or there[0].column != mine[0].column:
            continue
        blanks = " " * (mine[0].column - 1)
        chunk = "".join(f"{blanks}{line}\n" for line in above) + theirs[slice(*lines)]
        changed = text[: target[0]] + chunk + text[target[1] :]
        again = load(changed, "ours")
        if len(again.findings) <= len(here.findings) and same(again.value, here.value):
            text = changed
    return text


def _lines(text: str, key: Mark, value: Mark) -> tuple[int, int] | None:
    """The lines of an entry; None where it shares its first line with others."""
    start = text.rfind("\n", 0, key.start) + 1
    end = text.find("\n", max(value.end, key.end))
    return None if text[start : key.start].strip() else (start, end if end >= 0 else len(text))


def _with_conflict(text: str, conflict: Conflict) -> str:
    tree = load(text, "ours")
    mark: Mark | None = None
    path = conflict.path
    while mark is None and path:
        mark = tree.marks.key_at(path) or tree.marks.at(path)
        path = path[:-1]
    at = text.rfind("\n", 0, mark.start) + 1 if mark else 0
    for place in (at, 0):
        blanks = re.compile(r" *").match(text, place)
        head = blanks.group() if blanks else ""
        note = "".join(f"{head}{line}\n" for line in _note(conflict))
        bom = 1 if place == 0 and text.startswith("\ufeff") else 0
        changed = text[: place + bom] + note + text[place + bom :]
        if same(load(changed, "ours").value, tree.value):
            return changed
    return text + "".join(f"{line}\n" for line in ("", *_note(conflict)) if line)


def _note(conflict: Conflict) -> Iterator[str]:
    yield f"{LABEL} {_seen(' '.join(conflict.words.split()))}"
    theirs: object = conflict.theirs
    if theirs is ABSENT or (isinstance(theirs, str) and len(theirs) <= _LONG):
        return
    last = conflict.path[-1] if conflict.path else ""
    yield "#   theirs in full:"
    lines = entry(last, theirs, 0) if isinstance(last, str) else lines_of(theirs, 0, 0)
    for line in lines:
        if line.strip():
            yield f"#     {_seen(line)}"


def _seen(line: str) -> str:
    """A line with nothing in it that YAML does not allow in a comment."""
    return "".join(char if char.isprintable() else "\ufffd" for char in line)
