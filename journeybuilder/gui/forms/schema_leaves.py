"""Fields of plain values in a form made from a schema: checked in place, switched to an expression."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QWidget,
    QWidgetAction,
)
from typing_extensions import override

from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FormContext,
    Path,
    column,
    go_into,
    has_focus,
    label,
    rename_it,
    restyle,
    row,
)
from journeybuilder.gui.forms.cel import ExpressionEditor, wanted_by
from journeybuilder.gui.forms.picks import PickEditor
from journeybuilder.gui.forms.plain import ChoiceEditor, LineEditor
from journeybuilder.gui.forms.schema_check import plain_problem
from journeybuilder.gui.forms.schema_reading import Schema
from journeybuilder.gui.forms.value_editor import expression_of
from journeybuilder.gui.look.language import tr

if TYPE_CHECKING:
    from journeybuilder.gui.forms.schema_form import Maker


class CheckedEditor(Editor):
    """A plain field with what its schema says against the value below it."""

    def __init__(self, inner: Editor, schema: Schema) -> None:
        super().__init__(inner.path, inner.context)
        self.inner = inner
        self._schema = schema
        self._wrong = label("", "wrong", wrap=True)
        self._wrong.hide()
        layout = column(self, spacing=2)
        layout.addWidget(inner)
        layout.addWidget(self._wrong)
        self.setFocusProxy(inner.focusProxy() or inner)
        inner.edited.connect(self._typed)

    def _typed(self, _path: object, value: object) -> None:
        self._judge(value)
        self.say(value)

    def _judge(self, value: object) -> None:
        words = "" if value is UNSET else plain_problem(self._schema, value)
        self._wrong.setText(f"\u2716 {words}" if words else "")
        self._wrong.setVisible(bool(words))
        if isinstance(self.inner, LineEditor):
            restyle(self.inner.line, "invalid", bool(words))

    @property
    def problem(self) -> str:
        """What is said against the value."""
        return self._wrong.text().removeprefix("\u2716 ")

    @override
    def show_value(self, value: Any) -> None:
        self.inner.show_value(value)
        self._judge(value)


class DateEditor(LineEditor):
    """A date as `2026-03-31`, typed or picked from a calendar."""

    def __init__(self, path: Path, context: FormContext, *, placeholder: str = "") -> None:
        super().__init__(path, context, placeholder=placeholder)
        layout = self.layout()
        button = QToolButton()
        button.setText("\u25be")
        button.setProperty("role", "switch")
        button.setToolTip(tr("Pick a date"))
        button.setAccessibleName(tr("Pick a date"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        self.calendar = QCalendarWidget()
        action = QWidgetAction(menu)
        action.setDefaultWidget(self.calendar)
        menu.addAction(action)
        menu.aboutToShow.connect(self._opened)
        self.calendar.clicked.connect(self._picked)
        self.calendar.activated.connect(self._picked)
        self._menu = menu
        button.setMenu(menu)
        line = row(spacing=4)
        if layout is not None:
            layout.removeWidget(self.line)
        line.addWidget(self.line, 1)
        line.addWidget(button)
        holder = QWidget()
        holder.setLayout(line)
        if layout is not None:
            layout.addWidget(holder)

    def _opened(self) -> None:
        known = QDate.fromString(self.line.text(), Qt.DateFormat.ISODate)
        self.calendar.setSelectedDate(known if known.isValid() else QDate.currentDate())
        self.calendar.setFocus()

    def _picked(self, day: QDate) -> None:
        text = day.toString(Qt.DateFormat.ISODate)
        self._menu.hide()
        if text != self.line.text():
            self.line.setText(text)
            self._typed(text)
        self.line.setFocus()


class SearchChoice(PickEditor):
    """One of many values: type to search; each keeps its type."""

    def __init__(
        self, path: Path, context: FormContext, options: Sequence[tuple[Any, str]]
    ) -> None:
        words = [(shown, shown) for _, shown in options]
        super().__init__(
            path, context, words, none=tr("Not set"), placeholder=tr("type to search a value")
        )
        self._typed = {shown: value for value, shown in options}
        self._words = [(value, shown) for value, shown in options]

    @override
    def say(self, value: Any) -> None:
        super().say(self._typed.get(value, value) if isinstance(value, str) else value)

    @override
    def show_value(self, value: Any) -> None:
        known = next((shown for one, shown in self._words if _same(one, value)), None)
        plain = "" if value is UNSET or value is None else str(value)
        super().show_value(plain if known is None else known)


def _same(one: Any, other: Any) -> bool:
    return one == other and type(one) is type(other)


class NullableChoice(ChoiceEditor):
    """One of a few values of which one is empty (`null`) by word."""

    def __init__(
        self, path: Path, context: FormContext, options: Sequence[tuple[Any, str]]
    ) -> None:
        super().__init__(path, context, options)
        self._options.append((None, tr("Empty (null)")))
        self.combo.addItem(tr("Empty (null)"))

    @override
    def show_value(self, value: Any) -> None:
        if value is None:
            self.combo.setCurrentIndex(len(self._options) - 1)
        else:
            super().show_value(value)


def tool_switch(words: str, about: str) -> QToolButton:
    """A small button beside a field that stays down."""
    button = QToolButton()
    button.setText(words)
    button.setCheckable(True)
    button.setProperty("role", "switch")
    button.setToolTip(about)
    button.setAccessibleName(about)
    return button


class SwitchEditor(Editor):
    """A value with a switch: fixed, or computed by an expression; or empty where that is allowed.

    Args:
        fixed: The editor of the fixed value; one with fields of its own gets the switch in its corner.
        nullable: Whether `null` is a value.
        schema: What is taken here; a computed value of another type is told at once.
    """

    def __init__(
        self,
        maker: "Maker",
        fixed: Editor,
        *,
        nullable: bool = False,
        schema: Schema | None = None,
    ) -> None:
        super().__init__(fixed.path, maker.context)
        self.compound = fixed.compound
        self.fixed = fixed
        self._computed = ExpressionEditor(
            fixed.path,
            maker.context,
            placeholder=tr("for example order.id"),
            wanted=None if schema is None else wanted_by(schema, maker.root, nullable=nullable),
        )
        self._null = label(tr("Empty (null)"), "muted")
        self.fixed.edited.connect(self._typed)
        self._computed.edited.connect(self._expression)
        self.switch = tool_switch("ƒx", tr("Compute this value from variables (Ctrl+Shift+X)"))
        self.switch.clicked.connect(self._switched)
        self.nothing = tool_switch("\u2205", tr("Empty (null)"))
        self.nothing.clicked.connect(self._emptied)
        self.switch.setParent(self)
        self.nothing.setParent(self)
        line = row(self, spacing=4)
        inner = QWidget()
        boxes = column(inner)
        boxes.addWidget(self.fixed)
        boxes.addWidget(self._computed)
        boxes.addWidget(self._null)
        line.addWidget(inner, 1)
        self.corner = QWidget(self)
        corner: QHBoxLayout = row(self.corner, spacing=4)
        corner.addWidget(self.nothing)
        corner.addWidget(self.switch)
        if not fixed.compound:
            line.addWidget(self.corner)
            line.setAlignment(self.corner, Qt.AlignmentFlag.AlignTop)
        self.switch.setVisible(maker.computed)
        self.nothing.setVisible(nullable)
        self._value: Any = UNSET
        self._mode("fixed")

    @override
    def setAccessibleName(self, name: str) -> None:
        """Both of its editors are called so."""
        before = self.accessibleName()
        super().setAccessibleName(name)
        for editor in (self._computed,) if self.compound else (self.fixed, self._computed):
            rename_it(editor, before, name)

    def _mode(self, mode: str) -> None:
        typing = has_focus(self.fixed) or has_focus(self._computed)
        self.switch.setChecked(mode == "computed")
        self.nothing.setChecked(mode == "null")
        self._computed.setVisible(mode == "computed")
        self.fixed.setVisible(mode == "fixed")
        self._null.setVisible(mode == "null")
        proxies = {"computed": self._computed, "fixed": self.fixed, "null": self.nothing}
        self.setFocusProxy(proxies[mode])
        if typing and not has_focus(proxies[mode]):
            go_into(proxies[mode])

    def _typed(self, path: object, value: object) -> None:
        if path == self.path:
            self._value = value
        self.edited.emit(path, value)

    def _expression(self, _path: object, value: object) -> None:
        self._value = f"${{{value}}}" if isinstance(value, str) else UNSET
        self.say(self._value)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Shift+X in the field is the switch; what the field does not use comes here."""
        keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_X and event.modifiers() == keys and self.switch.isVisible():
            self.switch.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def _emptied(self, checked: bool) -> None:
        self._mode("null" if checked else "fixed")
        self._value = None if checked else UNSET
        self.fixed.show_value(UNSET)
        self.say(self._value)

    def _switched(self, checked: bool) -> None:
        self._mode("computed" if checked else "fixed")
        if not checked and expression_of(self._value) is not None:
            self._value = UNSET
            self.fixed.show_value(UNSET)
            self.say(UNSET)
        proxy = self.focusProxy()
        if proxy is not None:
            proxy.setFocus()

    @override
    def show_value(self, value: Any) -> None:
        known, self._value = self._value, value
        expression = expression_of(value)
        if expression is not None:
            self._computed.show_value(expression)
            self._mode("computed")
        elif value is None:
            self.fixed.show_value(UNSET)
            self._mode("fixed" if self.nothing.isHidden() else "null")
        elif value is not UNSET or value is not known:
            self.fixed.show_value(value)
            if value is not UNSET:
                self._mode("fixed")

    @override
    def focus_path(self, path: Path) -> bool:
        if self.fixed.isHidden() or not self.compound:
            return super().focus_path(path)
        return self.fixed.focus_path(path)
