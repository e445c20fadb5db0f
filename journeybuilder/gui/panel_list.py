"""The panels around the canvas: one line each; tabs, menu entries and keys follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from journeybuilder.gui.look.language import noop

Area = Literal["left", "right", "bottom"]
AREAS: Sequence[Area] = ("left", "right", "bottom")


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """One panel.

    Attributes:
        id: Stable name; the command that goes there is `view.ID`.
        title: What its tab says, marked with `noop`.
        go: What the command that goes there is called.
        area: Where it stands.
        module: The module whose `make_panel(window)` makes it; imported when it is first shown.
        icon: Name in `resources/icons`.
        shortcut: Keys that go there.
        of_journey: Whether it makes sense with an open journey only.
    """

    id: str
    title: str
    go: str
    area: Area
    module: str
    icon: str
    shortcut: str = ""
    of_journey: bool = False


_IN = "journeybuilder.gui.panels"
PANELS: Sequence[PanelSpec] = (
    PanelSpec("palette", noop("Steps and tools"), noop("Go to steps and tools"), "left", f"{_IN}.palette", "add", "Ctrl+Shift+A"),
    PanelSpec("outline", noop("Outline"), noop("Go to the outline"), "left", f"{_IN}.outline", "outline", "Ctrl+Shift+O"),
    PanelSpec("variables", noop("Variables"), noop("Go to the variables"), "left", f"{_IN}.variables", "set", "Shift+F9", of_journey=True),
    PanelSpec("debugger", noop("Debugger"), noop("Go to the debugger"), "left", f"{_IN}.debugger", "moment", "Ctrl+Alt+G"),
    PanelSpec("inspector", noop("Settings"), noop("Go to the settings"), "right", f"{_IN}.inspector", "settings", "F4"),
    PanelSpec("rehearsal", noop("Rehearsal"), noop("Go to the rehearsal"), "right", f"{_IN}.rehearsal", "chat", "F7"),
    PanelSpec("yaml", noop("YAML"), noop("Go to the text (YAML)"), "right", f"{_IN}.yaml_panel", "code", "Ctrl+Alt+Y", of_journey=True),
    PanelSpec("servers", noop("Servers"), noop("Go to the servers"), "right", f"{_IN}.servers", "server", "Ctrl+Alt+E"),
    PanelSpec("problems", noop("Problems"), noop("Go to the problems"), "bottom", f"{_IN}.problems", "problem", "Ctrl+Shift+M"),
    PanelSpec("find", noop("Find and replace"), noop("Go to find and replace"), "bottom", f"{_IN}.find", "search"),
    PanelSpec("scenarios", noop("Scenarios"), noop("Go to the scenarios"), "bottom", f"{_IN}.scenarios", "samples", "Ctrl+Alt+A"),
    PanelSpec("timeline", noop("Time line"), noop("Go to the time line"), "bottom", f"{_IN}.timeline", "timeline", "Ctrl+Alt+I"),
    PanelSpec("beside", noop("Runs side by side"), noop("Go to the runs side by side"), "bottom", f"{_IN}.runs_beside", "beside", "Ctrl+Alt+P"),
    PanelSpec("coverage", noop("Coverage"), noop("Go to the coverage"), "bottom", f"{_IN}.coverage", "eye", "Ctrl+Alt+C", of_journey=True),
    PanelSpec("history", noop("History"), noop("Go to the history"), "right", f"{_IN}.history", "history", "Ctrl+Alt+H", of_journey=True),
    PanelSpec("versions", noop("Versions"), noop("Go to the versions"), "right", f"{_IN}.versions", "versions", "Ctrl+Alt+V", of_journey=True),
)  # fmt: skip
"""In the order of their tabs."""
