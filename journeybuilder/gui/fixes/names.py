"""Fixes of names: the near miss that a finding tells, and what there is to choose from."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from journeybuilder.document.edit import value_at
from journeybuilder.document.findings import Path
from journeybuilder.document.forms import NODE_ID
from journeybuilder.document.model import mapping
from journeybuilder.gui.fixes.fix import Case, Fix, as_title, key_renamed, set_at, unset_at
from journeybuilder.gui.fixes.values import given
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.look.language import tr
from journeybuilder.kinds import KINDS, ports_of

_MOST = 6  # names that are offered to choose from

AT_KEY = ("JB114", "JB202", "JB206", "JB506", "JB513", "JB903")
"""Findings about a key that is written where another is meant, or none."""
AT_VALUE = ("JB501", "JB601", "JB701", "JB901")
"""Findings about a name for which another is meant."""
IN_SERVER = ("JB502", "JB503", "JB510", "JB511")
"""Findings about one of the two halves of `server/name`."""


def keys(case: Case) -> Iterator[Fix]:
    """Rename a key to what is meant, or take it out."""
    key = case.path[-1] if case.path else ""
    around = value_at(case.journey.data, case.path[:-1])
    known_limit = case.finding.code == "JB205" and "there is no limit" not in case.finding.message
    if not isinstance(key, str) or key not in mapping(around) or known_limit:
        return
    if case.meant and case.meant not in mapping(around):
        title = tr("Rename '{old}' to '{new}'", old=key, new=case.meant)
        yield Fix(title, (key_renamed(case.journey.data, case.path, case.meant),), best=True)
    yield from _added_to_journey(case, key)
    if case.finding.code == "JB206" and len(mapping(around)) == 1:
        return  # the words would be lost
    if not case.meant:  # what is misspelled is needed
        best = case.finding.code != "JB206"
        yield Fix(tr("Take '{name}' out", name=key), (unset_at(case.path),), best=best)


def _added_to_journey(case: Case, key: str) -> Iterator[Fix]:
    """A language or channel that a text has may be what the journey is to have."""
    if case.finding.code != "JB206" or "none of the journey's" not in case.finding.message:
        return
    what = "channels" if case.finding.message.endswith("channels") else "languages"
    if what == "languages" and len(key) > _LANGUAGE and "-" not in key:
        return
    known = case.journey.channels if what == "channels" else case.journey.languages
    title = tr("Add '{name}' to the journey's {list}", name=key, list=tr(what))
    yield Fix(title, (set_at((what,), [*known, key]),))


_LANGUAGE = 3


def values(case: Case) -> Iterator[Fix]:
    """Write the name that is meant, or another one that there is."""
    offered = [case.meant] if case.meant else []
    offered += [one for one in _others(case) if one not in offered]
    for name in offered[:_MOST]:
        best = name == case.meant
        edits = (set_at(_place(case), name), *_with_arguments(case, name))
        yield Fix(_to(case, name), edits, best=best)


def _place(case: Case) -> Path:
    return case.path or ("start",)


def _to(case: Case, name: str) -> str:
    now = case.value
    if isinstance(now, str) and now:
        return tr("Change '{old}' to '{new}'", old=as_title(now), new=as_title(name))
    return tr("Use '{name}'", name=as_title(name))


def _others(case: Case) -> Sequence[str]:
    known = case.known
    by_code: Mapping[str, Callable[[], Iterable[str]]] = {
        "JB301": lambda: _starts(case),
        "JB601": lambda: sorted(known.models),
        "JB701": lambda: sorted(known.queues),
        "JB901": lambda: sorted(known.journeys or {}),
    }
    offer = by_code.get(case.finding.code)
    return list(offer()) if offer is not None else ()


def _starts(case: Case) -> Sequence[str]:
    """Nodes that nothing leads to come first."""
    nodes = case.journey.nodes
    led = {port.target for node in nodes.values() for port in ports_of(node)}
    ends = {name for name, node in nodes.items() if node.kind == "end"}
    free = [name for name in nodes if name not in led and name not in ends]
    return [*free, *(name for name in nodes if name not in free)]


def halves(case: Case) -> Iterator[Fix]:
    """Write the server, tool, prompt or address that is meant."""
    whole = case.value
    if not isinstance(whole, str) or not case.meant:
        return
    server, _, rest = whole.partition("/")
    wrong_server = case.finding.code == "JB502"
    new = f"{case.meant}/{rest}" if wrong_server else f"{server}/{case.meant}"
    yield Fix(_to(case, new), (set_at(case.path, new), *_with_arguments(case, new)), best=True)


_BLANK = re.compile(r"\{\+?(\w+)\}")


def _with_arguments(case: Case, name: str) -> Sequence[Edit]:
    """What the tool, journey or address of this name needs besides, so that it is right at once."""
    path = (*case.path[:-1], "with")
    tool, other = case.known.tools.get(name), (case.known.journeys or {}).get(name)
    if case.path[-1:] == ("tool",) and tool is not None:
        return given(case, path, tool.input_schema)
    if case.path[-1:] == ("journey",) and other is not None:
        return given(case, path, other.input)
    if case.path[-1:] == ("resource",):
        blanks = _BLANK.findall(name)
        schema = {"properties": {key: {"type": "string"} for key in blanks}, "required": blanks}
        return given(case, path, schema)
    return ()


def variable(case: Case) -> Iterator[Fix]:
    """Give a variable whose name means something else a name that it can have."""
    name = case.quoted[0] if case.quoted else ""
    new = f"{name}_value"
    title = tr("Call it '{name}'", name=new)
    if case.value == name:
        yield Fix(title, (set_at(case.path, new),), best=True)
    elif case.path and case.path[-1] == name:
        yield Fix(title, (key_renamed(case.journey.data, case.path, new),), best=True)


def alike(case: Case) -> Iterator[Fix]:
    """Make one of two variables that differ in capital letters only."""
    kept = case.quoted[0] if case.quoted else ""
    other = case.quoted[1] if len(case.quoted) > 1 else ""
    if not other:
        return
    title = tr("Call both '{name}'", name=kept)
    if case.value == other:
        yield Fix(title, (set_at(case.path, kept),))
    elif case.path[-1] == other and kept not in mapping(
        value_at(case.journey.data, case.path[:-1])
    ):
        yield Fix(title, (key_renamed(case.journey.data, case.path, kept),))
    free = f"{other}_2"
    yield Fix(
        tr("Rename '{old}' to '{new}' everywhere", old=other, new=free),
        (Edit("rename_variable", {"old": other, "new": free}),),
    )


def kind(case: Case) -> Iterator[Fix]:
    """The kind of a node that has none, or a misspelled one."""
    if case.meant and case.path[-1] == "kind":
        yield Fix(_to(case, case.meant), (set_at(case.path, case.meant),), best=True)
    elif case.meant == "kind" and case.value in KINDS:
        title = tr("Rename '{old}' to '{new}'", old=case.path[-1], new="kind")
        yield Fix(title, (key_renamed(case.journey.data, case.path, "kind"),), best=True)
    elif case.node is not None:
        given = {name for name in case.node.settings if ":" not in name}
        for name, one in KINDS.items():
            known = {field.key for field in one.form()} | {"next"}
            needed = {field.key for field in one.form() if field.required}
            if given and given <= known and needed <= given | {"next"}:
                place = ("nodes", case.node.id, "kind")
                title = tr("Make it a step of the kind '{kind}'", kind=tr(one.title))
                yield Fix(title, (set_at(place, name),))


def ids(case: Case) -> Iterator[Fix]:
    """An id of letters, digits and `_` for a node that has another."""
    old = case.path[-1] if case.path else ""
    if case.path[:1] != ("nodes",) or not isinstance(old, str):
        return
    new = re.sub(r"[^A-Za-z0-9_]+", "_", old).strip("_").lower()
    new = new if new and not new[0].isdigit() else f"step_{new}".rstrip("_")
    if NODE_ID.fullmatch(new) and new not in case.journey.nodes:
        title = tr("Rename '{old}' to '{new}' everywhere", old=old, new=new)
        yield Fix(title, (Edit("rename", {"old": old, "new": new}),), best=True)
