"""Commands about the drawing: selection, align, frames, notes, colors, grid."""

from collections.abc import Callable
from functools import partial

from journeybuilder.gui.canvas.arranging import Arranging
from journeybuilder.gui.canvas.colors import NAMES
from journeybuilder.gui.commands import Command, needs
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.window import MainWindow

_SIDES = (
    ("left", noop("Align left edges"), "Ctrl+Alt+1"),
    ("center", noop("Align centers"), "Ctrl+Alt+2"),
    ("right", noop("Align right edges"), "Ctrl+Alt+3"),
    ("top", noop("Align top edges"), "Ctrl+Alt+4"),
    ("middle", noop("Align middles"), "Ctrl+Alt+5"),
    ("bottom", noop("Align bottom edges"), "Ctrl+Alt+6"),
)
_TWO, _THREE = 2, 3


class _Deeds:
    """What the commands do with the canvas in front, and whether they can."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    @property
    def _arrange(self) -> Arranging | None:
        return self._window.tab.canvas.arrange if self._window.tab is not None else None

    def given(self, deed: Callable[[Arranging], None]) -> Callable[[], None]:
        """What a command runs."""
        return partial(self.do, deed)

    def do(self, deed: Callable[[Arranging], None]) -> None:
        """Do something with the canvas in front."""
        if self._arrange is not None:
            deed(self._arrange)
            self._window.registry.refresh()

    def many(self, least: int) -> bool:
        """Whether so many things are selected."""
        return self._arrange is not None and len(self._arrange.chosen()) >= least

    @needs(noop("Select a step, frame or note first."))
    def some(self) -> bool:
        """Whether anything is selected."""
        return self.many(1)

    @needs(noop("Select two or more first."))
    def two(self) -> bool:
        """Whether two things are selected."""
        return self.many(_TWO)

    @needs(noop("Select three or more first."))
    def three(self) -> bool:
        """Whether three things are selected."""
        return self.many(_THREE)

    @needs(noop("Select a frame first."))
    def framed(self) -> bool:
        """Whether a frame is selected."""
        return self._arrange is not None and self._arrange.has_frame()

    @needs(noop("Select a step first."))
    def steps(self) -> bool:
        """Whether a node is selected."""
        return self._window.front.has_selection()

    def snaps(self) -> bool:
        """Whether the person wants things on the grid."""
        return self._window.frame.settings.flag("snap")

    def toggle_snap(self) -> None:
        """Keep things on the grid, or do not."""
        self._window.frame.settings.choose("snap", not self.snaps())


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menus."""
    deeds = _Deeds(window)
    return [*_select(window, deeds), *_draw(window, deeds), *_align(deeds), *_colors(deeds)]


def _select(window: MainWindow, deeds: _Deeds) -> list[Command]:
    here, steps, under = window.has_journey, deeds.steps, tr("&Select")
    go = deeds.given
    return [
        Command("arrange.select_all", tr("Select &all"), "Edit", go(Arranging.select_all), "Ctrl+A", enabled=here, section="select", under=under),
        Command("arrange.invert", tr("&Invert the selection"), "Edit", go(Arranging.invert), "Ctrl+I", enabled=here, section="select", under=under),
        Command("arrange.select_downstream", tr("Select what comes &after"), "Edit", go(Arranging.select_downstream), "Alt+Shift+Right", about=tr("Select everything that the selected steps lead to"), enabled=steps, section="select", under=under),
        Command("arrange.select_upstream", tr("Select what comes &before"), "Edit", go(Arranging.select_upstream), "Alt+Shift+Left", about=tr("Select everything that leads to the selected steps"), enabled=steps, section="select", under=under),
        Command("arrange.select_connected", tr("Select everything &connected"), "Edit", go(Arranging.select_connected), "Alt+Shift+Up", enabled=steps, section="select", under=under),
    ]  # fmt: skip


def _draw(window: MainWindow, deeds: _Deeds) -> list[Command]:
    here = window.has_journey
    go = deeds.given
    return [
        Command("arrange.write", tr("&Write name or note"), "Edit", go(Arranging.write), icon="pencil", about=tr("Write the name of the selected step or frame, or the note (F2 on the canvas)"), enabled=deeds.some, section="draw"),
        Command("arrange.group", tr("&Group in a frame"), "Edit", go(Arranging.group), "Ctrl+G", "frame", tr("A named frame around what is selected, which moves along with it"), enabled=here, section="draw"),
        Command("arrange.ungroup", tr("&Ungroup"), "Edit", go(Arranging.ungroup), "Ctrl+Shift+G", "frame", tr("Remove the frame, but not what is in it"), enabled=deeds.framed, section="draw"),
        Command("arrange.frame", tr("Add an empty &frame"), "Edit", go(Arranging.add_frame), icon="frame", enabled=here, section="draw"),
        Command("arrange.note", tr("Add a &note"), "Edit", go(Arranging.add_note), "Ctrl+Alt+N", "note", tr("A sticky note on the canvas, in Markdown"), enabled=here, section="draw"),
        Command("arrange.bypass", tr("Remove and &reconnect"), "Edit", go(Arranging.bypass), "Ctrl+Shift+Del", "remove", tr("Remove the selected steps; what led to them leads on to where they led"), enabled=deeds.steps, section="draw"),
        Command("arrange.snap", tr("Snap to the &grid"), "View", deeds.toggle_snap, "Ctrl+Alt+M", checked=deeds.snaps, section="map"),
    ]  # fmt: skip


def _align(deeds: _Deeds) -> list[Command]:
    under = tr("&Align and distribute")
    go = deeds.given
    sides = [
        Command(f"arrange.align_{side}", tr(title), "Edit", go(partial(_align_to, side=side)), keys, f"align-{side}", enabled=deeds.two, section="align", under=under)
        for side, title, keys in _SIDES
    ]  # fmt: skip
    return [
        *sides,
        Command("arrange.distribute_across", tr("Distribute across"), "Edit", go(partial(_distribute, way="across")), "Ctrl+Alt+7", "distribute-across", tr("Same gaps from left to right between three or more"), enabled=deeds.three, section="align", under=under),
        Command("arrange.distribute_down", tr("Distribute down"), "Edit", go(partial(_distribute, way="down")), "Ctrl+Alt+8", "distribute-down", tr("Same gaps from top to bottom between three or more"), enabled=deeds.three, section="align", under=under),
        Command("arrange.row", tr("Put in a row"), "Edit", go(partial(_stack, way="across")), "Ctrl+Alt+9", "distribute-across", tr("One beside the other with the usual gap"), enabled=deeds.two, section="align", under=under),
        Command("arrange.column", tr("Put in a column"), "Edit", go(partial(_stack, way="down")), "Ctrl+Alt+0", "distribute-down", tr("One below the other with the usual gap"), enabled=deeds.two, section="align", under=under),
    ]  # fmt: skip


def _align_to(arrange: Arranging, side: str) -> None:
    arrange.align(side)  # pyright: ignore[reportArgumentType] - one of `_SIDES`


def _distribute(arrange: Arranging, way: str) -> None:
    arrange.distribute("across" if way == "across" else "down")


def _stack(arrange: Arranging, way: str) -> None:
    arrange.stack("across" if way == "across" else "down")


def _colors(deeds: _Deeds) -> list[Command]:
    under = tr("&Color")
    go = deeds.given
    named = [
        Command(f"arrange.color_{name}", tr(title), "Edit", go(partial(_paint, color=name)), about=tr("Color the selection: {color}", color=tr(title)), enabled=deeds.some, section="color", under=under)
        for name, title in NAMES.items()
    ]  # fmt: skip
    usual = Command("arrange.color_none", tr("Usual color"), "Edit", go(partial(_paint, color="")), about=tr("Give the selection its usual color again"), enabled=deeds.some, section="color", under=under)  # fmt: skip
    return [*named, usual]


def _paint(arrange: Arranging, color: str) -> None:
    arrange.paint(color)
