"""Every command of the window, one module per area; menus, toolbar, keys and palette follow."""

from journeybuilder.gui.actions import (
    about,
    arrange,
    debug,
    edit,
    file,
    find,
    forms,
    journey,
    picture,
    problems,
    run,
    scenarios,
    servers,
    versions,
    view,
)
from journeybuilder.gui.commands import Command
from journeybuilder.gui.window import MainWindow


def commands_of(window: MainWindow) -> list[Command]:
    """The commands, in the order of the menus; a new area is one module and one name here."""
    areas = (
        file,
        picture,
        edit,
        find,
        arrange,
        view,
        journey,
        servers,
        problems,
        forms,
        versions,
        run,
        debug,
        scenarios,
        about,
    )
    return [command for area in areas for command in area.commands(window)]
