"""The text of a merge: ours with their changes spliced in, and what is left to decide as comments.

A conflict is a line `# conflict: …` above the place it is about, so that the file can be opened,
checked and run by the person who decides; `jb check` finds every such line.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from journeybuilder.document.comments import comments_of
from journeybuilder.document.diff import ABSENT
from journeybuilder.document.edit import set_value, value_at
from journeybuilder.document.findings import Path
from journeybuilder.document.leftovers import LABEL
from journeybuilder.document.merge import Conflict, Merged
from journeybuilder.document.model import Journey, mapping
from journeybuilder.document.style import entry, lines_of, same
from journeybuilder.document.tree import (
    MappingNode,
    Mark,
    Node,
    ScalarNode,
    SequenceNode,
    Tree,
    load,
)
from journeybuilder.document.write import rewrite

_LONG = 60
_TRIES = 100  # readings of the text that finding out may cost
_BLANKS = re.compile(r" *")


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
    plain = _with_conflicts(plain, merged.conflicts)
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
    here = load(text, "ours")
    edits: list[_Edit] = []
    for path in taken:
        there = tree.marks.key_at(path), tree.marks.at(path)
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
        edits.append(_Edit(*target, chunk))
    return _Splices(here).made(edits)[0]


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters of a text and what is to stand in their place."""

    start: int
    end: int
    text: str


class _Splices:
    """Edits of one text that must not change what it says: made at once, and looked at at once.

    Where the text says something else then, the edits to blame are looked for by halves.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._tries = _TRIES

    def made(self, edits: Sequence[_Edit]) -> tuple[str, Sequence[_Edit]]:
        """The text with the edits, and those of them that could not be made."""
        good = self._good(sorted(edits, key=lambda one: one.start))
        text = self._spliced(good)
        if good and not self._says_the_same(text):  # fine by halves and wrong together
            good, text = [], self._tree.text
        kept = {id(one) for one in good}
        return text, [one for one in edits if id(one) not in kept]

    def _good(self, edits: Sequence[_Edit]) -> list[_Edit]:
        if not edits or self._tries <= 0:
            return []
        self._tries -= 1
        if self._says_the_same(self._spliced(edits)):
            return list(edits)
        half = len(edits) // 2
        return [*self._good(edits[:half]), *self._good(edits[half:])] if half else []

    def _spliced(self, edits: Sequence[_Edit]) -> str:
        text, parts, done = self._tree.text, list[str](), 0
        for one in edits:
            if one.start >= done:
                parts += (text[done : one.start], one.text)
                done = one.end
        return "".join([*parts, text[done:]])

    def _says_the_same(self, text: str) -> bool:
        again = load(text, "ours")
        fine = len(again.findings) <= len(self._tree.findings)
        return fine and same(again.value, self._tree.value)


def _lines(text: str, key: Mark, value: Mark) -> tuple[int, int] | None:
    """The lines of an entry; None where it shares its first line with others."""
    start = text.rfind("\n", 0, key.start) + 1
    end = text.find("\n", max(value.end, key.end))
    return None if text[start : key.start].strip() else (start, end if end >= 0 else len(text))


def _with_conflicts(text: str, conflicts: Sequence[Conflict]) -> str:
    """The text with a comment for each conflict; at its top where none fits above the place itself."""
    if not conflicts:
        return text
    tree = load(text, "ours")
    going_on = _going_on(tree.marks.root)
    places: dict[int, list[Conflict]] = {}
    for conflict in conflicts:
        places.setdefault(_place(tree, conflict.path, going_on), []).append(conflict)
    first = 1 if text.startswith("\ufeff") else 0
    edits = {
        at: _Edit(max(at, first), max(at, first), _comment(text, at, here))
        for at, here in places.items()
    }
    changed, wrong = _Splices(tree).made(list(edits.values()))
    lost = [one for at, here in places.items() if edits[at] in wrong for one in here]
    return _at_the_top(changed, lost) if lost else changed


def _at_the_top(text: str, conflicts: Sequence[Conflict]) -> str:
    first = 1 if text.startswith("\ufeff") else 0
    changed, wrong = _Splices(load(text, "ours")).made(
        [_Edit(first, first, _comment(text, 0, conflicts))]
    )
    return f"{text}\n{_comment('', 0, conflicts)}" if wrong else changed


def _place(tree: Tree, path: Path, going_on: Set[int]) -> int:
    """Offset of the line that a conflict is about; 0 where no comment may stand above it."""
    mark: Mark | None = None
    while mark is None and path:
        mark = tree.marks.key_at(path) or tree.marks.at(path)
        path = path[:-1]
    if mark is None or mark.line - 1 in going_on:
        return 0
    return tree.text.rfind("\n", 0, mark.start) + 1


def _going_on(root: Node | None) -> Set[int]:
    """Lines, from 0, that begin within a text."""
    out: set[int] = set()
    seen: set[int] = set()
    waiting = [] if root is None else [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:  # by an alias
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, SequenceNode):
            waiting += node.value
        elif isinstance(node, ScalarNode) and node.style not in ("|", ">"):
            out.update(range(node.start_mark.line + 1, node.end_mark.line + 1))
    return out


def _comment(text: str, at: int, conflicts: Sequence[Conflict]) -> str:
    blanks = _BLANKS.match(text, at)
    head = blanks.group() if blanks else ""
    return "".join(f"{head}{line}\n" for one in conflicts for line in _note(one))


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
