"""A breakpoint in a dialog: the tool it is about, and the condition under which a rehearsal stops."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from journeybuilder.contract.cel_types import BOOL
from journeybuilder.gui.forms.base import FormContext, column, label, name_it
from journeybuilder.gui.forms.cel import ExpressionEditor
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.language import tr
from journeybuilder.rehearse.debug.breakpoints import Breakpoint

_WIDTH = 480


class BreakpointDialog(Dialog):
    """Asks for the condition of a breakpoint, and of one for a tool for the tool.

    Args:
        point: The breakpoint as it is, or as a new one begins.
        where: Where it is, in words.
        context: What the expression may use.
        tools: The tools that can be chosen, for one of a tool.

    Signals:
        decided: The breakpoint as the person wants it.
    """

    decided = Signal(object)

    def __init__(
        self,
        point: Breakpoint,
        where: str,
        context: FormContext,
        tools: Sequence[str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("breakpoint")
        self.setWindowTitle(tr("Breakpoint"))
        self.setMinimumWidth(_WIDTH)
        self._point = point
        self._when = point.when
        layout = column(self, spacing=8, margins=(24, 24, 24, 16))
        layout.addWidget(label(where, "title", wrap=True))
        self.tool: QuietCombo | None = None
        if point.kind == "tool":
            layout.addWidget(label(tr("Tool"), "field"))
            self.tool = QuietCombo()
            self.tool.setAccessibleName(tr("Tool"))
            for name in sorted({point.tool, *tools} - {""}):
                self.tool.addItem(name, name)
            layout.addWidget(self.tool)
        needed = point.kind == "condition"
        title = tr("Stop when this holds") if needed else tr("Stop only when this holds")
        layout.addWidget(label(title, "field"))
        self.when = ExpressionEditor(("when",), context, wanted=BOOL)
        name_it(self.when, title)
        self.when.show_value(point.when)
        self.when.edited.connect(self._typed)
        layout.addWidget(self.when)
        layout.addWidget(label(self._help(needed), "help", wrap=True))
        layout.addStretch(1)
        layout.addWidget(self._buttons())
        self._check()
        self.when.setFocus()

    @staticmethod
    def _help(needed: bool) -> str:
        if needed:
            return tr("A rehearsal stops before the step at which this holds for the first time.")
        return tr("Empty: it stops there every time.")

    def _buttons(self) -> QWidget:
        buttons = ButtonRow()
        self.save = QPushButton(tr("Save"))
        self.save.setObjectName("breakpoint.save")
        self.save.setDefault(True)
        self.save.clicked.connect(self._decide)
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = QPushButton(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        return buttons

    def _typed(self, _path: object, value: Any) -> None:
        self._when = value.strip() if isinstance(value, str) else ""
        self._check()

    def _check(self) -> None:
        """It can be saved where the condition can be read; what is wrong is said below the field."""
        able = bool(self._when) or self._point.kind != "condition"
        if self._when:
            able = not self.when.problem(self._when)
        if self.tool is not None:
            able = able and self.tool.count() > 0
        self.save.setEnabled(able)

    def _decide(self) -> None:
        if not self.save.isEnabled():
            return
        tool = str(self.tool.currentData() or "") if self.tool is not None else self._point.tool
        self.decided.emit(replace(self._point, when=self._when, tool=tool))
        self.accept()
