"""Commands that open the tables beside the forms: texts of a journey, models of a workspace."""

from journeybuilder.gui.commands import Command
from journeybuilder.gui.form_requests import FormRequests
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.window import MainWindow


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    requests = FormRequests.of(window)
    return [
        Command("journey.texts", tr("&Texts and translations…"), "Journey", requests.texts, "Ctrl+Alt+T", "say", tr("All texts of the journey in all its languages"), enabled=window.has_journey, section="journey"),
        Command("journey.models", tr("&Models…"), "Journey", requests.models, icon="generate", about=tr("What each model alias stands for, what it costs and which journeys use it"), enabled=window.has_workspace, section="journey"),
    ]  # fmt: skip
