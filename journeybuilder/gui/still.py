"""A journey that is only looked at, and its picture: what `jb picture` draws, without a window."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# Before anything of PySide6: its import hook makes `from __future__ import annotations` of modules
# imported after it unreadable for pydantic, whose models then fail to build.
import pydantic.fields  # noqa: F401 # pyright: ignore[reportUnusedImport]
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from journeybuilder.checks import check_journey
from journeybuilder.contract.tools import Risk, facts_of, risk_of
from journeybuilder.document.drawings import Drawing, drawings_of
from journeybuilder.document.source import JourneyFile
from journeybuilder.document.workspace import Workspace
from journeybuilder.gui.canvas.layers import Layers
from journeybuilder.gui.canvas.model import CanvasModel, NodeView, WireKey
from journeybuilder.gui.canvas.picture import Footer, Picture
from journeybuilder.gui.journey.finding_marks import LAYER, findings_layer
from journeybuilder.gui.journey.node_views import Facts, placed, view_of
from journeybuilder.gui.look.theme import THEMES
from journeybuilder.host import known_of

_PNG_SCALE = 2.0


class StillModel(CanvasModel):
    """Shows a journey as its files say; nothing here ever edits it."""

    def __init__(self, file: JourneyFile, facts: Facts) -> None:
        super().__init__()
        self._journey = file.journey
        self._drawings = drawings_of(file.layout)
        self._places = placed(file.journey, file.layout.positions)
        self._views = {
            name: view_of(node, file.journey.start, facts)
            for name, node in file.journey.nodes.items()
        }
        self._incoming: dict[str, list[WireKey]] = {}
        for view in self._views.values():
            for port in view.ports:
                self._incoming.setdefault(port.target, []).append((view.id, port.name))

    @override
    def node_ids(self) -> Sequence[str]:
        return list(self._views)

    @override
    def node(self, node_id: str) -> NodeView:
        return self._views[node_id]

    @override
    def position(self, node_id: str) -> tuple[float, float]:
        return self._places[node_id]

    @override
    def incoming(self, node_id: str) -> Sequence[WireKey]:
        return self._incoming.get(node_id, ())

    @override
    def drawings(self) -> Mapping[str, Drawing]:
        return self._drawings


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture.

    Attributes:
        data: The file's content; empty where `unknown` is not.
        width, height: Of the picture, in pixels of a PNG file, else in those of 100 %.
        nodes: Every node of the journey. `unknown`: those asked for that it has not.
        reduced: The scale that was used where the asked one would have been too large, else 0.
    """

    data: bytes
    width: int
    height: int
    nodes: Sequence[str]
    unknown: Sequence[str] = ()
    reduced: float = 0.0


def draw(
    workspace: Workspace,
    name: str,
    ending: str,
    *,
    theme: str = "light",
    scale: float | None = None,
    only: Iterable[str] = (),
    pages: bool = False,
    findings: bool = False,
) -> Drawn:
    """Draw a journey of a workspace.

    Args:
        workspace: Where it lies.
        name: Its id.
        ending: `svg`, `png` or `pdf`.
        theme: A key of `THEMES`.
        scale: Size of everything; 2 for PNG files and 1 for others where it is left out.
        only: Draw these nodes alone.
        pages: Spread a PDF file over several pages.
        findings: Mark what is wrong with it.
    """
    file = workspace.journeys[name]
    journey = file.journey
    wanted = list(only)
    unknown = [node for node in wanted if node not in journey.nodes]
    if unknown:
        return Drawn(b"", 0, 0, list(journey.nodes), unknown)
    app = _application()
    known = known_of(workspace)
    facts = {tool: facts_of(raw) for tool, raw in workspace.tool_facts.items()}
    risks: dict[str, Risk] = {
        tool: risk_of(one, facts.get(tool, facts_of({}))) for tool, one in known.tools.items()
    }
    model = StillModel(
        file, Facts(risks=risks, data={tool: one.data for tool, one in facts.items()})
    )
    layers = Layers()
    if findings:
        problems = [*file.source.findings, *map(file.source.locate, check_journey(journey, known))]
        layers.put(LAYER, findings_layer(problems, journey))
    with Picture(model, THEMES[theme], only=wanted, layers=layers) as picture:
        drawn = _drawn(
            picture, ending, journey.title or name, scale, list(journey.nodes), pages=pages
        )
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return drawn


def _drawn(
    picture: Picture,
    ending: str,
    title: str,
    scale: float | None,
    nodes: Sequence[str],
    *,
    pages: bool,
) -> Drawn:
    width, height = round(picture.area.width()), round(picture.area.height())
    if ending == "png":
        wanted = scale or _PNG_SCALE
        used = picture.largest_scale(wanted)
        data = picture.png(used)
        reduced = used if used < wanted else 0.0
        return Drawn(data, round(width * used), round(height * used), nodes, (), reduced)
    if ending == "svg":
        return Drawn(picture.svg(title, scale or 1.0), width, height, nodes)
    footer = Footer(title, date.today().isoformat())  # noqa: DTZ011 - the day where it is drawn
    return Drawn(picture.pdf(footer, spread=pages, scale=scale or 1.0), width, height, nodes)


def _application() -> QApplication:
    """The one application of the process; without a screen where it is made here."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        return app
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _KEPT.append(QApplication(sys.argv[:1]))
    return _KEPT[0]


_KEPT: list[QApplication] = []
"""Qt must not lose its application while the process lasts."""
