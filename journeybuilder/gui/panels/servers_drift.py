"""What differs between a tool as it was approved and as it is: the changes, old and new, who is hit."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from journeybuilder.connect.catalog import Drift, locked_tool
from journeybuilder.contract.tools import ToolDef
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.theme import Theme
from journeybuilder.gui.workspace.palette_entries import DRIFT_WORDS

_LINES = 60
_WIDTH = 160
_BIG = 20_000


def drift_text(
    tool: ToolDef,
    drifts: Sequence[Drift],
    entry: Mapping[str, Any] | None,
    theme: Theme,
    *,
    gone: bool,
    steps: Sequence[tuple[str, str]],
) -> str:
    """Rich text about a tool.

    Args:
        tool: As it is now.
        drifts: How it differs from what was approved.
        entry: What was approved; None where it never was.
        theme: For the colors.
        gone: Whether the server no longer offers it.
        steps: Journey and step that use it.
    """
    parts = [f"<p style='margin:0 0 4px 0'><b>{escape(tool.label[:200])}</b></p>"]
    parts.append(f"<p style='margin:0 0 4px 0'>{_verdict(drifts, entry, gone=gone)}</p>")
    if drifts and entry is not None:
        parts += _changes(tool, drifts, entry, theme)
    parts.append(_used(steps))
    if not drifts:
        parts.append(f"<p style='margin:4px 0'>{escape(tool.description[:1500])}</p>")
    return "".join(parts)


def _verdict(drifts: Sequence[Drift], entry: Mapping[str, Any] | None, *, gone: bool) -> str:
    if gone:
        return tr("\u26a0 It was approved, and the server no longer offers it.")
    if entry is None:
        return tr("It is not approved yet. A journey that uses it is pinned to it by approving.")
    if not drifts:
        return tr("\u2714 It is as it was approved.")
    if drifts[0].kind == "breaking":
        return tr(
            "\u26a0 It has changed so that journeys made for it can fail or do something else."
        )
    return tr("It has changed, so that journeys made for it go on as before.")


def _changes(
    tool: ToolDef, drifts: Sequence[Drift], entry: Mapping[str, Any], theme: Theme
) -> Iterator[str]:
    items = "".join(
        f"<li><b>{escape(tr(DRIFT_WORDS[one.kind]))}</b>: {escape(one.words[:400])}</li>"
        for one in drifts[:40]
    )
    yield f"<ul style='margin:0 0 4px -22px'>{items}</ul>"
    before, now = _lines(locked_tool(tool.id, entry)), _lines(tool)
    if sum(map(len, before)) + sum(map(len, now)) > _BIG:
        return
    yield f"<p style='margin:4px 0 0 0;color:{theme.muted}'>{escape(tr('Approved (−) and now (+)'))}</p>"
    shown = [
        text for text in difflib.unified_diff(before, now, lineterm="", n=0)
        if not text.startswith(("---", "+++", "@@"))
    ]  # fmt: skip
    colors = {"-": theme.error, "+": theme.ok}
    lines = "<br>".join(
        f"<span style='color:{colors.get(text[:1], theme.text)}'>{escape(text[:_WIDTH])}</span>"
        for text in shown[:_LINES]
    )
    yield f"<p style='margin:0;font-family:monospace;white-space:pre-wrap'>{lines}</p>"


def _lines(tool: ToolDef) -> list[str]:
    data = {key: value for key, value in tool.definition().items() if value not in ("", None, {})}
    return json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True).splitlines()


def _used(steps: Sequence[tuple[str, str]]) -> str:
    if not steps:
        return f"<p style='margin:4px 0'>{escape(tr('No step uses it.'))}</p>"
    links = ", ".join(
        f"<a href='{escape(journey)}#{escape(node)}'>{escape(journey)} › {escape(node)}</a>"
        for journey, node in steps[:30]
    )
    head = tr("Used by")
    return f"<p style='margin:4px 0'>{escape(head)}: {links}</p>"
