"""Findings: what is wrong with a file, as data with a code, a place and a way to mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal, TypeAlias

from typing_extensions import override

Severity = Literal["error", "warning"]
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong; its texts are the page `jb check --explain` shows.

    Attributes:
        code: `JB` and three digits; never reused.
        title: What is wrong, in a few words.
        why: Why it matters to the person or the customer.
        mend: What to do.
        example: The smallest YAML that has it.
    """

    code: str
    severity: Severity
    title: str
    why: str
    mend: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that a document breaks at a path; lines are found later, by whoever prints.

    Attributes:
        path: Keys and indices from the root of the file, e.g. `("nodes", "which", "next")`.
        at_key: True where the key itself is meant and not its value.
    """

    rule: Rule
    path: Path
    message: str
    hint: str = ""
    at_key: bool = False

    @property
    def node(self) -> str:
        """The node it concerns, or an empty string."""
        match self.path:
            case ("nodes", node, *_):
                return str(node)
            case _:
                return ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with its place; lines and columns count from 1, 0 where there is no place."""

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    node: str
    message: str
    hint: str = ""
    path: Path = ()

    @property
    def place(self) -> str:
        """File and line for a message; the file alone where the whole of it is meant."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def at(self, line: int, column: int) -> "Finding":
        """The same finding at another place."""
        return replace(self, line=line, column=column)

    def as_json(self) -> dict[str, Any]:
        """The fields that `jb check --format json` promises."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "node": self.node,
            "message": self.message,
            "hint": self.hint,
        }

    @override
    def __str__(self) -> str:
        advice = f"\n    {self.hint}" if self.hint else ""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.severity} {self.code} {self.message}{advice}"


def near(name: str, known: Iterable[str]) -> str:
    """`Did you mean 'x'?` for the nearest known name, or an empty string."""
    names = list(known)
    folded = {candidate.casefold(): candidate for candidate in names}
    hit = folded.get(name.casefold())
    matches = [hit] if hit else get_close_matches(name, names, n=1, cutoff=0.6)
    return f"Did you mean '{matches[0]}'?" if matches else ""


def choices(known: Iterable[str], limit: int = 8) -> str:
    """Known names for a message, cut where there are too many."""
    names = sorted(known)
    shown = ", ".join(names[:limit])
    return shown + (f", … ({len(names)} in all)" if len(names) > limit else "")


def count(findings: Iterable[Finding]) -> Mapping[Severity, int]:
    """How many errors and warnings."""
    total: dict[Severity, int] = {"error": 0, "warning": 0}
    for finding in findings:
        total[finding.severity] += 1
    return total
