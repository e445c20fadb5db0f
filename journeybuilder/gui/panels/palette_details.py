"""What the palette says of the entry in front: what it does, takes and gives, and how risky it is."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.model import mapping
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.theme import Theme
from journeybuilder.gui.panels.palette_model import STATE_WORDS, Row
from journeybuilder.gui.workspace.palette_entries import (
    DRIFT_WORDS,
    RISK_ABOUT,
    RISK_WORDS,
    PaletteEntry,
    line,
)
from journeybuilder.gui.workspace.scope import type_words
from journeybuilder.gui.workspace.server_shelf import Shelf

_TEXT = 3000
_FIELDS = 40
_CHANGES = 20


def details(row: Row | None, shelf: Shelf | None, theme: Theme) -> str:
    """Rich text about a row; empty where there is nothing to say.

    Args:
        row: The row in front.
        shelf: Its server, where the row is one or belongs to one.
        theme: For the colors.
    """
    if row is not None and row.entry is not None:
        return "".join(_entry(row.entry, theme))
    if row is not None and shelf is not None:
        return "".join(_server(shelf, theme))
    return ""


def _entry(entry: PaletteEntry, theme: Theme) -> Iterator[str]:
    name = entry.key.partition(":")[2]
    yield f"<p style='margin:0 0 2px 0'><b>{escape(entry.title)}</b>"
    if entry.shelf is not None:
        yield f" <span style='color:{theme.muted}'>{escape(line(name, 200))}</span>"
    yield "</p>"
    if entry.why:
        yield _toned(entry.why, "warning", theme, tr("Note"))
    if entry.risk:
        tone = {"read": "muted", "write": "warning", "irreversible": "error"}[entry.risk]
        yield _toned(
            tr(RISK_ABOUT[entry.risk]), tone, theme, tr(RISK_WORDS[entry.risk]).capitalize()
        )
    if entry.drift and entry.tool is not None and entry.shelf is not None:
        yield from _drift(entry.shelf, entry.tool, theme)
    text = entry.tool.description.strip() if entry.tool is not None else entry.about
    if text:
        yield f"<p style='margin:4px 0'>{_paragraphs(text)}</p>"
    if entry.tool is not None:
        yield from _fields(
            entry.tool.input_schema, tr("Takes"), tr("It takes no arguments."), theme
        )
        gives = entry.tool.output_schema
        none = tr("It does not say what it returns; use the result as text or try the tool.")
        yield from _fields(gives or {}, tr("Returns"), none, theme)


def _drift(shelf: Shelf, tool: ToolDef, theme: Theme) -> Iterator[str]:
    drifts = shelf.drift(tool)
    yield _toned(
        tr("Approve the change in the servers panel, or have the server go back."),
        "error" if drifts[0].kind == "breaking" else "warning", theme,
        tr("Not as it was approved"),
    )  # fmt: skip
    items = "".join(
        f"<li>{escape(tr(DRIFT_WORDS[one.kind]))}: {escape(one.words)}</li>"
        for one in drifts[:_CHANGES]
    )
    yield f"<ul style='margin:0 0 0 -22px'>{items}</ul>"


def _toned(text: str, tone: str, theme: Theme, word: str) -> str:
    color = theme.color(tone).name()
    return (
        f"<p style='margin:2px 0'><b style='color:{color}'>{escape(word)}.</b> {escape(text)}</p>"
    )


def _paragraphs(text: str) -> str:
    shown = text[:_TEXT]
    more = f" … ({trn('{n} character', '{n} characters', len(text))})" if len(text) > _TEXT else ""
    return escape(shown + more).replace("\n", "<br>")


def _fields(schema: Mapping[str, Any], title: str, none: str, theme: Theme) -> Iterator[str]:
    properties = mapping(schema.get("properties"))
    required = {str(name) for name in schema.get("required") or ()}
    yield f"<p style='margin:6px 0 0 0;color:{theme.muted}'><b>{escape(title)}</b></p>"
    if not properties:
        kind = type_words(schema)
        words = none if kind in {"", "object"} else kind
        yield f"<p style='margin:0'>{escape(words)}</p>"
        return
    items: list[str] = []
    for name, raw in list(properties.items())[:_FIELDS]:
        facts = mapping(raw)
        words = [type_words(facts) or tr("any value")]
        words += [tr("required")] if name in required and title == tr("Takes") else []
        about = line(str(facts.get("description") or ""), 300)
        said = f" – {escape(about)}" if about else ""
        muted = f"<span style='color:{theme.muted}'>({escape(', '.join(words))})</span>"
        items.append(f"<li><b>{escape(str(name)[:100])}</b> {muted}{said}</li>")
    if len(properties) > _FIELDS:
        items.append(f"<li>{trn('and {n} more', 'and {n} more', len(properties) - _FIELDS)}</li>")
    yield f"<ul style='margin:0 0 0 -22px'>{''.join(items)}</ul>"


def _server(shelf: Shelf, theme: Theme) -> Iterator[str]:
    state = shelf.state
    yield f"<p style='margin:0 0 2px 0'><b>{escape(shelf.name)}</b>"
    yield f" <span style='color:{theme.muted}'>{escape(tr(STATE_WORDS[state.state]))}"
    yield f"{' · ' + escape(state.version) if state.version else ''}</span></p>"
    if state.error:
        yield f"<p style='margin:2px 0;color:{theme.error}'>{_paragraphs(state.error[:1000])}</p>"
    if state.hint:
        yield f"<p style='margin:2px 0'>{_paragraphs(said(state.hint[:2000]))}</p>"
    if not shelf.fresh and shelf.tools:
        words = tr("These tools are those of the last discovery; ask the server to be sure.")
        yield f"<p style='margin:2px 0'>{escape(words)}</p>"
    for note in shelf.offers.notes:
        yield f"<p style='margin:2px 0;color:{theme.warning}'>{escape(note[:400])}</p>"
