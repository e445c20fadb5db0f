"""What commands print: tables and findings for people, JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import click

from journeybuilder.document.findings import Finding, count

_COLORS = {"error": "red", "warning": "yellow"}


def print_json(value: Any) -> None:
    """One JSON document, or one line of JSON Lines."""
    click.echo(json.dumps(value, ensure_ascii=False))


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns as wide as their longest cell; the last one is free."""
    cells = [[str(cell) for cell in row] for row in rows]
    if not cells:
        return
    widths = [max(len(line[index]) for line in [head, *cells]) for index in range(len(head))]
    for number, line in enumerate([list(head), *cells]):
        padded = [cell.ljust(width) for cell, width in zip(line[:-1], widths, strict=False)]
        text = "  ".join([*padded, line[-1]]).rstrip()
        click.echo(click.style(text, dim=True) if number == 0 else text)


def print_findings(findings: Sequence[Finding]) -> None:
    """Every finding with its place and its hint, then how many there are."""
    for item in findings:
        place = f"{item.file}:{item.line}:{item.column}" if item.line else item.file
        severity = click.style(item.severity, fg=_COLORS[item.severity], bold=True)
        click.echo(f"{place}: {severity} {item.code} {item.message}")
        if item.hint:
            click.echo(f"    {item.hint}")
    click.echo(totals(findings))


def totals(findings: Sequence[Finding]) -> str:
    """`2 errors, 1 warning`."""
    numbers = count(findings)
    if not findings:
        return click.style("no findings", fg="green")
    parts = [f"{n} {word}{'' if n == 1 else 's'}" for word, n in numbers.items() if n]
    return ", ".join(parts)
