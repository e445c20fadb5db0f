"""Finds and replaces in a journey: in names, words, expressions and tools; ids by renaming everywhere."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from journeybuilder.contract.fields import Role
from journeybuilder.document.edit import value_at
from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey, Node
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journey.journal import Change, Draft, Edit
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.kinds import KINDS
from journeybuilder.refactor.places import places
from journeybuilder.refactor.variables import variables_of

What = Literal["id", "variable", "name", "text", "expression", "tool", "other"]
WHERE: Mapping[str, str] = {
    "all": noop("Everywhere"),
    "names": noop("Names"),
    "texts": noop("Texts"),
    "expressions": noop("Expressions"),
    "tools": noop("Tools, models, queues"),
}
"""Where one can look, in words."""
_IN: Mapping[str, frozenset[What]] = {
    "names": frozenset({"id", "variable", "name"}),
    "texts": frozenset({"text", "name"}),
    "expressions": frozenset({"expression"}),
    "tools": frozenset({"tool"}),
}
_ROLES: Mapping[Role, What] = {
    "text": "text", "template": "text", "arguments": "text", "values": "text",
    "expression": "expression", "tool": "tool", "tools": "tool", "model": "tool", "queue": "tool",
    "resource": "tool", "prompt": "tool", "journey": "tool",
}  # fmt: skip
_NAMES = frozenset({"title", "about"})
_SLOT = re.compile(r"\$\{[^}]*\}?")
_TOP = ("title", "about")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    Attributes:
        text: The words, or with `regex` a pattern.
        where: A key of `WHERE`.
    """

    text: str
    case: bool = False
    word: bool = False
    regex: bool = False
    where: str = "all"

    def pattern(self) -> re.Pattern[str]:
        """What finds it.

        Raises:
            AuthorError: When the pattern cannot be read, or finds nothing at all everywhere.
        """
        raw = self.text if self.regex else re.escape(self.text)
        whole = rf"(?<!\w)(?:{raw})(?!\w)" if self.word else raw
        try:
            found = re.compile(whole, 0 if self.case else re.IGNORECASE)
        except re.error as error:
            place = tr(" (character {n})", n=error.pos + 1) if error.pos is not None else ""
            said = tr("This pattern cannot be read{place}: {why}.", place=place, why=error.msg)
            raise AuthorError(said) from error
        if self.text and found.match(""):
            raise AuthorError(tr("This pattern finds nothing at every place; make it say more."))
        return found


@dataclass(frozen=True, slots=True)
class Match:
    """One place where it was found.

    Attributes:
        node: The node, or "" for the journey itself.
        path: From the root of the file; ends with the key where a name is meant.
        text: The whole text that stands there.
        start: Where in the text it begins.
        end: Where in the text it ends.
    """

    what: What
    node: str
    path: Path
    text: str
    start: int
    end: int

    @property
    def inside(self) -> Path:
        """Its place from the node's settings."""
        return self.path[2:] if self.node else self.path

    @property
    def found(self) -> str:
        """What was found."""
        return self.text[self.start : self.end]


def matches(journey: Journey, query: Query) -> list[Match]:
    """Every place, in the order of the file.

    Wires, and reads of a variable's own name as such, are not places of their own: they follow the
    name they are about.

    Raises:
        AuthorError: See `Query.pattern`.
    """
    if not query.text:
        return []
    pattern = query.pattern()
    wanted = _IN.get(query.where)
    return [
        Match(what, node, path, text, hit.start(), hit.end())
        for what, node, path, text in _leaves(journey)
        for hit in pattern.finditer(text)
        if hit.end() > hit.start() and _is_wanted(wanted, what, text, hit.start())
    ]


def _is_wanted(wanted: frozenset[What] | None, what: What, text: str, start: int) -> bool:
    if wanted is None:
        return True
    if what == "text" and ("expression" in wanted) != ("text" in wanted):
        inside = any(slot.start() < start < slot.end() for slot in _SLOT.finditer(text))
        return inside if "expression" in wanted else not inside
    return what in wanted


_Leaf = tuple[What, str, Path, str]


def _leaves(journey: Journey) -> Iterator[_Leaf]:
    for key in _TOP:
        if isinstance(journey.data.get(key), str):
            yield "name", "", (key,), str(journey.data[key])
    for name in journey.variables:
        yield "variable", "", ("variables", name), name
    for node in journey.nodes.values():
        yield "id", node.id, ("nodes", node.id), node.id
        yield from _of_node(node)


def _of_node(node: Node) -> Iterator[_Leaf]:
    base: Path = ("nodes", node.id)
    keys: dict[Path, str] = {}
    named: dict[Path, str] = {}
    for place in places(node):
        if place.what == "key":
            keys[place.path] = place.text
        elif place.what == "name":
            named[place.path] = place.text
    roles = _roles(node)
    for path, text in keys.items():
        yield "variable", node.id, (*base, *path), text
    for path, value in _strings(node.settings, ()):
        if path in named:
            yield "variable", node.id, (*base, *path), value
            continue
        what = _what(path, roles)
        if what is not None:
            yield what, node.id, (*base, *path), value


def _roles(node: Node) -> Mapping[Path, Role]:
    kind = KINDS.get(node.kind)
    uses = kind.uses(node.settings) if kind is not None else ()
    return {tuple(use.path): use.mark.role for use in uses}


def _what(path: Path, roles: Mapping[Path, Role]) -> What | None:
    """What a text means; None for a wire, which is no text of its own."""
    for end in range(len(path), 0, -1):
        role = roles.get(path[:end])
        if role == "port":
            return None
        if role is not None:
            return _ROLES.get(role, "other")
    return "name" if path[-1] in _NAMES else "other"


def _strings(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield from _strings(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from _strings(item, (*path, index))


# --- replacing ----------------------------------------------------------------------------------------


def replaced(match: Match, query: Query, new: str) -> str:
    """The whole text at a place as it would be.

    Raises:
        AuthorError: When the pattern or the replacement cannot be read.
    """
    pattern = query.pattern()
    hit = pattern.match(match.text, match.start) or pattern.search(match.text, match.start)
    words = new
    if query.regex and hit is not None and hit.start() == match.start:
        try:
            words = hit.expand(new)
        except (re.error, IndexError) as error:
            raise AuthorError(
                tr("The replacement cannot be read: {why}.", why=str(error))
            ) from error
    return match.text[: match.start] + words + match.text[match.end :]


def edit_of(match: Match, query: Query, new: str) -> Edit:
    """The edit that replaces at one place; a name is renamed wherever it is named.

    Raises:
        AuthorError: When the replacement cannot be read.
    """
    text = replaced(match, query, new)
    if match.what == "id":
        return Edit("rename", {"old": match.text, "new": text})
    if match.what == "variable":
        return Edit("rename_variable", {"old": match.text, "new": text})
    return Edit("set", {"path": list(match.path), "value": text})


@dataclass(frozen=True)
class Replaced:
    """What replacing everywhere in a journey makes.

    Attributes:
        edits: In the order in which they are made.
        count: How many places they change, renamed names counted once.
        refused: Why some places stay as they are.
    """

    edits: Sequence[Edit]
    count: int
    refused: Sequence[str]


def replace_all(draft: Draft, query: Query, new: str) -> Replaced:
    """Replace at every place: names first, everywhere, then what is left of texts.

    Raises:
        AuthorError: When the pattern or the replacement cannot be read.
    """
    edits: list[Edit] = []
    refused: list[str] = []
    count = 0
    for edit in _renames(draft, query, new):
        try:
            draft = Change("", (edit,)).apply(draft)
        except AuthorError as error:
            refused.append(f"{said(error.what)} {said(error.hint)}".strip())
        else:
            edits.append(edit)
            count += 1
    for path, some in _by_place(matches(draft.journey, query)):
        text = str(value_at(draft.journey.data, path))
        for match in reversed(some):
            text = replaced(_with(match, text), query, new)
        edits.append(Edit("set", {"path": list(path), "value": text}))
        count += len(some)
    return Replaced(edits, count, list(dict.fromkeys(refused)))


def _with(match: Match, text: str) -> Match:
    return Match(match.what, match.node, match.path, text, match.start, match.end)


def _renames(draft: Draft, query: Query, new: str) -> Iterator[Edit]:
    """Each name once, all of what is found in it replaced."""
    known = set(variables_of(draft.journey))
    names: dict[tuple[What, str], list[Match]] = {}
    for match in matches(draft.journey, query):
        if match.what == "id" or (match.what == "variable" and match.text in known):
            same = names.setdefault((match.what, match.text), [])
            if not any(one.start == match.start for one in same):
                same.append(match)
    for (what, old), some in names.items():
        text = old
        for match in reversed(some):
            text = replaced(_with(match, text), query, new)
        if text != old:
            yield Edit("rename" if what == "id" else "rename_variable", {"old": old, "new": text})


def _by_place(found: Iterable[Match]) -> list[tuple[Path, list[Match]]]:
    out: dict[Path, list[Match]] = {}
    for match in found:
        if match.what not in {"id", "variable"}:
            out.setdefault(match.path, []).append(match)
    return list(out.items())
