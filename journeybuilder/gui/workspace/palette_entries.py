"""What the palette offers: kinds, tools, resources and prompts, each as a node that can be added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.connect.catalog import Drift
from journeybuilder.contract.offers import Prompt, Resource, ResourceTemplate
from journeybuilder.contract.tools import Risk, ToolDef
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.workspace.server_shelf import Shelf
from journeybuilder.kinds import KINDS

GROUP_WORDS: Mapping[str, str] = {
    "talk": noop("Talk with the customer"), "tools": noop("Tools and data"), "models": noop("Models"),
    "flow": noop("Flow"), "people": noop("People"), "other": noop("Other"),
}  # fmt: skip
"""The headings of the groups of kinds."""
RISK_WORDS: Mapping[Risk, str] = {
    "read": noop("reads"), "write": noop("writes"), "irreversible": noop("irreversible"),
}  # fmt: skip
RISK_ABOUT: Mapping[Risk, str] = {
    "read": noop("It only reads; calling it changes nothing."),
    "write": noop("It changes something, which may be changed back."),
    "irreversible": noop("What it does cannot be taken back."),
}
DRIFT_WORDS: Mapping[str, str] = {
    "breaking": noop("changed, breaking"), "widening": noop("changed"), "wording": noop("reworded"),
}  # fmt: skip
_LONG = 400
_READ = 2000
_HINTS = (
    ("readOnlyHint", True, "read only"), ("destructiveHint", True, "destructive"),
    ("idempotentHint", True, "idempotent"), ("openWorldHint", True, "open world"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class PaletteEntry:
    """Something that can be added to the journey.

    Attributes:
        settings: What the node begins with.
        group: Of kinds; picks the color.
        key: Stable name, for favorites: `tool:orders/get`.
        tag: A word at the end of the row.
        about: What it is, for the tooltip and screen readers.
        words: What a search looks at, in order of weight.
        risk: Of tools, else None.
        drift: Kind of the worst change since it was approved, else empty.
        why: Why it cannot be used; empty where it can.
        tool: Its definition, where it is a tool.
        shelf: Its server, where it has one.
    """

    kind: str
    settings: Mapping[str, Any]
    title: str
    sub: str
    icon: str
    group: str
    key: str = ""
    tag: str = ""
    about: str = ""
    words: tuple[str, ...] = ()
    risk: Risk | None = None
    drift: str = ""
    why: str = ""
    tool: ToolDef | None = None
    shelf: Shelf | None = None


def line(text: str, most: int = _LONG) -> str:
    """The beginning of a text in one line, however long a server has made it."""
    return " ".join(text[:most].split())


def kind_entries() -> list[PaletteEntry]:
    """Every kind of step; what only an import makes says so."""
    out: list[PaletteEntry] = []
    for name, kind in KINDS.items():
        title, about = tr(kind.title), tr(kind.about)
        why = tr("Only an import makes these; add a step that does it instead.")
        out.append(
            PaletteEntry(
                name, {}, title, about, kind.icon, kind.group, f"kind:{name}", about=about,
                words=_folded(title, name, tr(GROUP_WORDS[kind.group]), about),
                why=why if name == "legacy" else "",
            )
        )  # fmt: skip
    return out


def tool_entry(shelf: Shelf, tool: ToolDef) -> PaletteEntry:
    """A tool as a step that calls it."""
    about = line(tool.description)
    risk, drifts = shelf.risk(tool), shelf.drift(tool)
    return PaletteEntry(
        "tool", {"tool": tool.id}, tool.label, about or tool.id, "tool", "tools",
        f"tool:{tool.id}", about=about, risk=risk, drift=drifts[0].kind if drifts else "",
        words=_folded(
            tool.label, tool.name, tool.server, about, "tool", tr(RISK_WORDS[risk]), *_hints(tool)
        ),
        why=_deprecated(tool), tool=tool, shelf=shelf,
    )  # fmt: skip


def _hints(tool: ToolDef) -> Iterator[str]:
    for name, value, word in _HINTS:
        if tool.annotations.get(name) is value:
            yield word


def _deprecated(tool: ToolDef) -> str:
    marked = tool.annotations.get("deprecated")
    if marked:
        return tr("Its server says that it is outdated.") + (f" {marked}" if marked != True else "")  # noqa: E712
    begin = tool.description[:40].lstrip(" [(*").casefold()
    return tr("Its description says that it is outdated.") if begin.startswith("deprecated") else ""


def gone_entry(shelf: Shelf, tool: ToolDef) -> PaletteEntry:
    """A tool that was approved and that the server no longer offers."""
    why = tr("The server does not offer it any more; journeys that use it will fail.")
    return PaletteEntry(
        "", {}, tool.label, why, "warning", "", f"gone:{tool.id}", about=why, why=why, tool=tool,
        shelf=shelf, words=_folded(tool.label, tool.name, tool.server),
    )  # fmt: skip


def rejected_entry(shelf: Shelf, name: str, reason: str) -> PaletteEntry:
    """A tool whose definition cannot be used."""
    why = tr("It cannot be used: {reason}", reason=line(reason))
    title = line(name, 100)
    return PaletteEntry(
        "", {}, title, why, "warning", "", f"rejected:{shelf.name}/{title}", about=why, why=why,
        shelf=shelf, words=_folded(title, shelf.name),
    )  # fmt: skip


def resource_entry(shelf: Shelf, one: Resource | ResourceTemplate) -> PaletteEntry:
    """A resource as a step that reads it."""
    about = line(one.description)
    blank = dict.fromkeys(one.variables, "") if isinstance(one, ResourceTemplate) else {}
    settings: dict[str, Any] = {"resource": f"{shelf.name}/{one.uri}"}
    return PaletteEntry(
        "resource", {**settings, "with": blank} if blank else settings, line(one.label, 120),
        about or line(one.uri), "resource", "tools", f"resource:{shelf.name}/{one.uri}",
        about=about, shelf=shelf,
        words=_folded(one.label, one.uri[:200], shelf.name, about, "resource"),
    )  # fmt: skip


def prompt_entry(shelf: Shelf, one: Prompt) -> PaletteEntry:
    """A prompt as a step that has a model write with it."""
    about = line(one.description)
    given = {each.name: "" for each in one.arguments if each.required}
    return PaletteEntry(
        "generate", {"prompt": one.id, "with": given}, line(one.label, 120), about or one.id,
        "generate", "models", f"prompt:{one.id}", about=about, shelf=shelf,
        words=_folded(one.label, one.name, shelf.name, about, "prompt"),
    )  # fmt: skip


def _folded(*words: str) -> tuple[str, ...]:
    return tuple(word[:_READ].casefold() for word in words if word)


def offered(shelf: Shelf, start: int = 0) -> Iterator[PaletteEntry]:
    """All that a server offers: tools from `start` on, then what is wrong, resources, prompts."""
    for index in range(start, len(shelf.tools)):
        yield tool_entry(shelf, shelf.tools[index])
    yield from (gone_entry(shelf, tool) for tool in shelf.gone())
    yield from (rejected_entry(shelf, *one) for one in shelf.state.rejected)
    for one in (*shelf.offers.templates, *shelf.offers.resources):
        yield resource_entry(shelf, one)
    yield from (prompt_entry(shelf, one) for one in shelf.offers.prompts)


def drift_lines(drifts: Sequence[Drift]) -> list[str]:
    """What has changed since a tool was approved, one line each."""
    return [f"{tr(DRIFT_WORDS[one.kind])}: {one.words}" for one in drifts]
