"""Commands that make pictures of journeys: into files, onto the clipboard, onto paper."""

from functools import partial

from PySide6.QtCore import Qt

from journeybuilder.gui.commands import Command
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.window import MainWindow


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    here = window.has_journey
    return [
        Command("file.picture", tr("Export &picture…"), "File", partial(_open, window), "Ctrl+Shift+E", "picture", tr("Draw the journey as SVG, PNG or PDF"), enabled=here, section="export"),
        Command("file.print", tr("P&rint…"), "File", partial(_print, window), "Ctrl+P", "print", tr("Print the journey"), enabled=here, section="export"),
    ]  # fmt: skip


def _open(window: MainWindow) -> None:
    """Open the dialog for pictures on the journey in front."""
    _dialog(window, printing=False)


def _print(window: MainWindow) -> None:
    """Open the dialog for pictures, and the choice of a printer over it."""
    _dialog(window, printing=True)


def _dialog(window: MainWindow, *, printing: bool) -> None:
    # printing and its library wait until somebody wants a picture
    from journeybuilder.gui.panels.picture import PictureDialog  # noqa: PLC0415

    tab, space = window.tab, window.files.workspace
    if tab is None or space is None:
        return
    selected = [node for node in tab.canvas.selected() if node in tab.model.journey.nodes]
    dialog = PictureDialog(
        tab.model, tab.model.title, space.root, window,
        selected=selected, layers=tab.canvas.board.layers, name=tab.model.journey.id,
    )  # fmt: skip
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    if printing:
        dialog.ask_printer()
