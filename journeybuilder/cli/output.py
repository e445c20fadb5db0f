"""What commands print: tables and findings for people, JSON for programs."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import click

from journeybuilder.document.findings import Finding, count

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COLORS = {"error": "red", "warning": "yellow"}


def clean(text: str) -> str:
    """Text of others without what would command the terminal: escapes, controls, turned directions."""
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n"))


def echo(text: str = "", *, err: bool = False) -> None:
    """Print a line for people; what others wrote in it has gone through `clean` before it was styled.

    Nothing but colors passes even where somebody forgot that.
    """
    parts = _STYLE.split(text)
    styles = [*_STYLE.findall(text), ""]
    click.echo(
        "".join(clean(part) + style for part, style in zip(parts, styles, strict=True)), err=err
    )


def print_json(value: Any) -> None:
    """One JSON document, or one line of JSON Lines."""
    text = json.dumps(value, ensure_ascii=False)
    click.echo(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns as wide as their longest cell; the last one is free."""
    cells = [[clean(str(cell)) for cell in row] for row in rows]
    if not cells:
        return
    widths = [max(len(line[index]) for line in [head, *cells]) for index in range(len(head))]
    for number, line in enumerate([list(head), *cells]):
        padded = [cell.ljust(width) for cell, width in zip(line[:-1], widths, strict=False)]
        text = "  ".join([*padded, line[-1]]).rstrip()
        echo(click.style(text, dim=True) if number == 0 else text)


def print_findings(findings: Sequence[Finding], *, err: bool = False) -> None:
    """Every finding with its place and its hint, then how many there are."""
    for item in findings:
        place = f"{item.file}:{item.line}:{item.column}" if item.line else item.file
        severity = click.style(item.severity, fg=_COLORS[item.severity], bold=True)
        echo(f"{clean(place)}: {severity} {item.code} {clean(item.message)}", err=err)
        if item.hint:
            echo(f"    {clean(item.hint)}", err=err)
    echo(totals(findings), err=err)


def totals(findings: Sequence[Finding]) -> str:
    """`2 errors, 1 warning`."""
    numbers = count(findings)
    if not findings:
        return click.style("no findings", fg="green")
    parts = [f"{n} {word}{'' if n == 1 else 's'}" for word, n in numbers.items() if n]
    return ", ".join(parts)
