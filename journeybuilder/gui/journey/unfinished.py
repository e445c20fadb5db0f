"""Keeps what stands in a field and is no part of the journey yet, so that a crash does not lose it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from journeybuilder.gui.forms.base import Editor
from journeybuilder.gui.look.language import tr

if TYPE_CHECKING:
    from journeybuilder.gui.journey.journey_model import JourneyModel
    from journeybuilder.gui.shell import Shell

PLACE = "field"
_KEEP = 350  # ms after a key
_KNOWN = "unfinished"
_OWN = ("nodeid", "nodetitle")  # fields beside the form


class Unfinished(QObject):
    """Watches the field with the focus; a text that changed no journey is kept in its journal."""

    def __init__(self, window: "Shell") -> None:
        super().__init__(window)
        self._window = window
        self._field: QLineEdit | QPlainTextEdit | None = None
        self._model: JourneyModel | None = None
        self._draft: object = None
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_KEEP)
        self._late.timeout.connect(self._keep)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        del old
        self._leave()
        tab = self._window.tab
        if tab is None or not isinstance(new, (QLineEdit, QPlainTextEdit)):
            return
        if not self._watched(new):
            return
        self._field, self._model, self._draft = new, tab.model, tab.model.draft
        if not new.property(_KNOWN):  # it goes with the field, which may be going already
            new.setProperty(_KNOWN, True)
            new.textChanged.connect(self._typed)

    def _watched(self, field: QWidget) -> bool:
        if not self._window.isAncestorOf(field):
            return False
        if field.property("role") in _OWN:
            return True
        parent = field.parentWidget()
        while parent is not None and not isinstance(parent, Editor):
            parent = parent.parentWidget()
        return parent is not None

    def _typed(self) -> None:
        if self._model is not None and not self._late.isActive():
            self._late.start()

    def _keep(self) -> None:
        """Keep the text where no edit has come of it."""
        field, model = self._field, self._model
        if field is None or model is None or not isValid(field):
            return
        taken = model.draft is not self._draft
        self._draft = model.draft
        text = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
        name = field.accessibleName() or tr("a field")
        model.type(PLACE, "" if taken or not text else f"{name}: {text}")

    def _leave(self) -> None:
        """The field is left: what stood in it is an edit now, or was given up."""
        model = self._model
        self._field = self._model = None
        self._late.stop()
        if model is not None and model.typed(PLACE):
            model.type(PLACE, "")
