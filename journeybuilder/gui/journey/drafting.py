"""Small facts about drafts: what is in them, what a new node begins with."""

from collections.abc import Mapping, Sequence
from typing import Any

from journeybuilder.document.findings import Finding, Path
from journeybuilder.document.model import Journey
from journeybuilder.gui.canvas.model import QuickKind
from journeybuilder.gui.look.language import tr
from journeybuilder.kinds import KINDS


def raw_nodes(journey: Journey) -> Mapping[str, Any]:
    """The nodes as the file has them; equal ones of two drafts are the same object."""
    nodes = journey.data.get("nodes")
    return nodes if isinstance(nodes, Mapping) else {}  # pyright: ignore[reportUnknownVariableType]


def distinct(findings: Sequence[Finding]) -> list[Finding]:
    """One cause, one finding: the file's form and the checks may see the same thing."""
    seen: set[tuple[str, Path, str]] = set()
    out: list[Finding] = []
    for finding in findings:
        key = (finding.code, finding.path, finding.message)
        if key not in seen:
            seen.add(key)
            out.append(finding)
    return out


def kind_title(kind: str) -> str:
    """A kind's name for people."""
    return KINDS[kind].title if kind in KINDS else kind


def beginning(kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a new node: what its ways out need in order to be seen at all."""
    first: dict[str, dict[str, Any]] = {
        "branch": {"cases": [{"when": ""}]},
        "review": {"decisions": {"approve": "", "reject": ""}},
        "classify": {"routes": {"label_1": {}}},
        "parallel": {"lanes": {"lane_1": "", "lane_2": ""}},
        "split": {"ways": {"way_1": {"percent": 50}, "way_2": {"percent": 50}}},
        "wait": {"for": "1h"},
        "guard": {"detect": ["personal_data"]},
    }
    return {**first.get(kind, {}), **settings}


def kinds_only() -> Sequence[QuickKind]:
    """What can be added where no workspace tells of tools."""
    return [(name, tr(kind.title), tr(kind.about), {}) for name, kind in KINDS.items()]
