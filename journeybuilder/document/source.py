"""A file of the workspace as it was read, and where in it a problem stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journeybuilder.document.findings import Finding, Path, Problem
from journeybuilder.document.model import Journey, Layout, mapping
from journeybuilder.document.tree import MappingNode, Mark, Marks, Tree


@dataclass(frozen=True)
class Source:
    """One file.

    Attributes:
        file: Its name from the workspace's root, with `/` between folders.
        text: Its whole text; encoding it as UTF-8 gives the bytes of the file.
        data: What it says; empty where it is no mapping or could not be read.
        findings: What is wrong with the text as YAML and with the form of the file.
        newer: Its version, where this program is too old for it.
    """

    file: str
    text: str
    data: Mapping[str, Any]
    marks: Marks
    findings: tuple[Finding, ...] = ()
    newer: int | None = None

    @classmethod
    def of(cls, file: str, tree: Tree) -> "Source":
        """The file behind a tree."""
        return cls(file, tree.text, mapping(tree.value), tree.marks, tuple(tree.findings))

    @property
    def readable(self) -> bool:
        """False where nothing can be made of the file: no YAML, no mapping, a newer version."""
        return isinstance(self.marks.root, MappingNode) and self.newer is None

    def place(self, path: Path, *, at_key: bool = False) -> Mark | None:
        """The place of a value or key; of the nearest thing around it where it does not exist."""
        mark = (self.marks.key_at(path) if at_key else None) or self.marks.at(path)
        while mark is None and path:
            path = path[:-1]
            mark = self.marks.key_at(path) or self.marks.at(path)
        return mark

    def locate(self, problem: Problem) -> Finding:
        """The problem with its line and column; a missing value is found at what should hold it."""
        mark = self.place(problem.path, at_key=problem.at_key)
        return Finding(
            code=problem.rule.code,
            severity=problem.rule.severity,
            file=self.file,
            line=mark.line if mark else 0,
            column=mark.column if mark else 0,
            node=problem.node,
            message=problem.message,
            hint=problem.hint or problem.rule.mend,
            path=problem.path,
        )


@dataclass(frozen=True)
class JourneyFile:
    """A journey with its file and its layout.

    Attributes:
        journey: Empty where the source is not readable.
    """

    source: Source
    journey: Journey
    layout_source: Source | None
    layout: Layout
