"""What forms ask of the window: the dialogs of models and of texts."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from journeybuilder.errors import ProgramError
from journeybuilder.gui.look import questions
from journeybuilder.gui.look.language import tr

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow


class FormRequests(QObject):
    """Opens the dialogs; lives as long as its window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @classmethod
    def of(cls, window: "MainWindow") -> "FormRequests":
        """The one of a window."""
        return window.findChild(cls) or cls(window)

    def request(self, what: str, name: str) -> None:
        """What a form asks for; see `FormContext.request`."""
        if what == "model":
            self.models(name, fresh=not name)
        elif what == "node" and self._window.tab is not None:
            self._window.tab.go_to(name)

    def models(self, alias: str = "", *, fresh: bool = False) -> None:
        """Show the models of the workspace, this alias first, or begin a new one."""
        from journeybuilder.gui.panels.models import ModelsDialog  # noqa: PLC0415 - when first shown

        space = self._window.files.workspace
        if space is None:
            return
        shown = {tab.model.journey.id: tab.model.journey for tab in self._window.tabs()}
        saved = {name: file.journey for name, file in space.workspace.journeys.items()}
        try:
            journeys = list({**saved, **shown}.values())
            dialog = ModelsDialog(space, journeys, alias, self._window, fresh=fresh)
        except ProgramError as error:
            questions.tell(self._window, tr("The models cannot be shown"), str(error))
            return
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def texts(self) -> None:
        """Show all texts of the journey in front."""
        from journeybuilder.gui.panels.texts import TextsDialog  # noqa: PLC0415 - see above

        tab = self._window.tab
        if tab is None:
            return
        dialog = TextsDialog(tab.model, self._window)
        dialog.went.connect(tab.go_to)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
