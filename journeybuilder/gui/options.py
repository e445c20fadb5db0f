"""What a person can set, one line each; the settings dialog and the checks of the file follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from journeybuilder.gui.look.language import LANGUAGES, SYSTEM, noop

Value = str | bool | int


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of the program.

    Attributes:
        id: Its key in the settings file.
        section: Under which heading it stands; marked with `noop`, like the other texts.
        title: What it is called.
        about: What it changes, in a sentence.
        default: Its value until the person changes it; its type is the type of the setting.
        choices: Value and words of each choice, for texts and for numbers with a few values.
        words: More words by which the search finds it.
        restart: Whether it takes effect with the next start only.
    """

    id: str
    section: str
    title: str
    about: str
    default: Value
    choices: Sequence[tuple[Value, str]] = ()
    words: str = ""
    restart: bool = False

    def fits(self, value: object) -> bool:
        """Whether a value of the file can be this setting."""
        if type(value) is not type(self.default):
            return False
        return not self.choices or value in {one for one, _ in self.choices}


_LOOK, _WORK, _START = noop("Appearance"), noop("Working"), noop("When it starts")
SCALES = (100, 125, 150, 175, 200, 250, 300)
OPTIONS: Sequence[Option] = (
    Option("theme", _LOOK, noop("Theme"), noop("The colors of the program."), SYSTEM,
           ((SYSTEM, noop("Like the system")), ("light", noop("Light")), ("dark", noop("Dark")),
            ("high contrast", noop("High contrast"))), noop("color dark mode contrast")),
    Option("language", _LOOK, noop("Language"), noop("The language of menus, panels and messages."),
           SYSTEM, ((SYSTEM, noop("Like the system")), *LANGUAGES.items()),
           noop("translation locale"), restart=True),
    Option("scale", _LOOK, noop("Size of everything"),
           noop("Larger letters, buttons and steps, beside the scale of the system."), 100,
           tuple((one, f"{one} %") for one in SCALES), noop("zoom font large"), restart=True),
    Option("motion", _LOOK, noop("Motion"), noop("Whether steps glide to new places, or jump."),
           SYSTEM, ((SYSTEM, noop("Like the system")), ("full", noop("Move smoothly")),
                    ("reduced", noop("No motion"))), noop("animation reduced")),
    Option("snap", _WORK, noop("Snap to the grid"),
           noop("Steps that are dragged stop at the lines of the grid."), True,
           words=noop("align raster")),
    Option("minimap", _WORK, noop("Minimap"),
           noop("The whole journey in the corner of the canvas, where there is room."), True,
           words=noop("overview")),
    Option("restore", _START, noop("Open what was open last time"),
           noop("Start with the workspace and the journeys of last time."), True,
           words=noop("session tabs")),
)  # fmt: skip
"""In the order of the dialog."""

BY_ID: Mapping[str, Option] = {one.id: one for one in OPTIONS}
