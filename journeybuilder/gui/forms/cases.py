"""The cases of a branch: a condition each and where it leads, tried from the first to the last."""

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout
from typing_extensions import override

from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FormContext,
    Path,
    column,
    empty,
    label,
    name_it,
    restyle,
    row,
)
from journeybuilder.gui.forms.condition_builder import ConditionEditor
from journeybuilder.gui.forms.condition_reading import in_words
from journeybuilder.gui.forms.condition_rows import key_meaning
from journeybuilder.gui.forms.grip import Grip
from journeybuilder.gui.forms.named_rows import as_mapping, quiet_button
from journeybuilder.gui.forms.picks import remove_button
from journeybuilder.gui.forms.ways import TargetEditor
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak, weak_with

_SETTLE = 60


class CaseCard(QFrame):
    """One case: its title in words, whether the sample goes here, its condition and its target."""

    def __init__(self, path: Path, context: FormContext, index: int, many: int) -> None:
        super().__init__()
        self.setProperty("role", "case")
        self.index = index
        inside = column(self, spacing=8, margins=(8, 8, 8, 12))
        self.head: QHBoxLayout = row(spacing=4)
        self.grip = Grip(tr("Drag to move this case"))
        self.head.addWidget(self.grip)
        self.title: QLabel = label("", "caption", wrap=True)
        self.head.addWidget(self.title, 1)
        inside.addLayout(self.head)
        self.grip.setVisible(many > 1)  # now that it is inside of the card: else it were a window
        self.taken: QLabel = label("", "truth", wrap=True)
        self.taken.hide()
        inside.addWidget(self.taken)
        self.condition = ConditionEditor((*path, index, "when"), context)
        name_it(self.condition, tr("Condition of case {n}", n=index + 1))
        inside.addWidget(self.condition)
        self.target = TargetEditor((*path, index, "next"), context)
        name_it(self.target, tr("Case {n} leads to", n=index + 1))
        then: QHBoxLayout = row(spacing=8)
        then.addWidget(label(tr("Then go to"), "caption"))
        then.addWidget(self.target, 1)
        inside.addLayout(then)

    def show_title(self, when: str) -> None:
        """The case in words."""
        number = tr("Case {n}", n=self.index + 1)
        said = in_words(when)
        self.title.setText(f"{number}: {said}" if said else number)
        self.title.setToolTip(said)

    def show_taken(self, state: str, words: str) -> None:
        """Whether the sample values take this case; no words where that is not known."""
        self.taken.setText(words)
        self.taken.setVisible(bool(words))
        self.taken.setAccessibleName(words)
        restyle(self.taken, "state", state)


class CasesEditor(Editor):
    """The cases of a branch: a condition and where it leads, in their order."""

    compound = True

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self._value: list[Any] = []
        self.cards: list[CaseCard] = []
        layout = column(self, spacing=8)
        self._body = QVBoxLayout()
        self._body.setSpacing(8)
        layout.addLayout(self._body)
        self.otherwise = label("", "truth", wrap=True)
        self.otherwise.hide()
        layout.addWidget(self.otherwise)
        line = row()
        self._add = quiet_button(tr("Add case"), self._added)
        line.addWidget(self._add)
        line.addStretch(1)
        layout.addLayout(line)
        self.setFocusProxy(self._add)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SETTLE)
        self._later.timeout.connect(self.show_taken)

    def _card(self, index: int, many: int) -> CaseCard:
        card = CaseCard(self.path, self.context, index, many)
        card.grip.let_go.connect(weak_with(self._dragged, index))
        card.condition.edited.connect(weak_with(self._inner, index, "when"))
        card.condition.live.tried.connect(weak(self._tried))
        card.target.edited.connect(weak_with(self._inner, index, "next"))
        if index > 0:
            words = tr("Move case {n} up (Alt+Up)", n=index + 1)
            card.head.addWidget(_arrow("\u2191", words, weak(self._moved, index, -1)))
        if index < many - 1:
            words = tr("Move case {n} down (Alt+Down)", n=index + 1)
            card.head.addWidget(_arrow("\u2193", words, weak(self._moved, index, 1)))
        gone = remove_button(tr("case {n}", n=index + 1), weak(self._removed, index))
        card.head.addWidget(gone)
        for widget in (*card.findChildren(QPushButton), card.target.pick):
            if widget.parent() is card or widget is card.target.pick:
                widget.setProperty("case", index)
                widget.installEventFilter(self)
        return card

    # --- edits -----------------------------------------------------------------------------------

    def _inner(self, index: int, key: str, _path: object, value: object) -> None:
        changed = dict(as_mapping(self._value[index]))
        if value is UNSET:
            changed.pop(key, None)
        else:
            changed[key] = value
        self._value = [
            changed if place == index else case for place, case in enumerate(self._value)
        ]
        self.cards[index].show_title(str(changed.get("when", "")))
        self.say(list(self._value))

    def _added(self) -> None:
        self._take([*self._value, {"when": ""}])
        self.cards[-1].condition.setFocus()

    def _removed(self, index: int) -> None:
        self._take([case for place, case in enumerate(self._value) if place != index])
        (self.cards[min(index, len(self.cards) - 1)].condition if self.cards else self).setFocus()

    def _moved(self, index: int, by: int) -> None:
        self._put_at(index, index + by)

    def _put_at(self, index: int, to: int) -> None:
        if not 0 <= to < len(self._value) or to == index:
            return
        cases = list(self._value)
        cases.insert(to, cases.pop(index))
        self._take(cases)
        self.cards[to].target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dragged(self, index: int, pixels: int) -> None:
        """Put a case where the mouse let it go."""
        own = self.cards[index]
        middle = own.geometry().center().y() + pixels
        centers = [card.geometry().center().y() for card in self.cards if card is not own]
        self._put_at(index, sum(center < middle for center in centers))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        keys = {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress}
        if isinstance(event, QKeyEvent) and event.type() in keys:
            meaning, index = key_meaning(event), watched.property("case")
            if meaning and isinstance(index, int):
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    self._key(meaning, index)
                return True
        return super().eventFilter(watched, event)

    def _key(self, meaning: str, index: int) -> None:
        if meaning == "add":
            self._added()
        elif meaning == "remove":
            self._removed(index)
        else:
            self._moved(index, -1 if meaning == "up" else 1)

    def _take(self, value: list[Any]) -> None:
        self._draw(value)
        self.say(list(value))

    # --- showing ---------------------------------------------------------------------------------

    def _draw(self, value: list[Any]) -> None:
        if len(value) != len(self.cards):
            empty(self._body)
            self.cards = []
            for index in range(len(value)):
                self.cards.append(self._card(index, len(value)))
                self._body.addWidget(self.cards[-1])
        self._value = value
        for case, card in zip(value, self.cards, strict=True):
            when = as_mapping(case).get("when", "")
            card.condition.show_value(when)
            card.show_title(str(when))
            card.target.show_value(as_mapping(case).get("next", ""))
        self._later.start()

    def _tried(self) -> None:
        self._later.start()

    def show_taken(self) -> None:
        """Show which case the sample values take."""
        before = False
        outcomes = [card.condition.live.outcome for card in self.cards]
        known = any(outcome is not None for outcome in outcomes)
        for card, outcome in zip(self.cards, outcomes, strict=True):
            truth = None if outcome is None else outcome.truth
            if before or truth is not True:
                card.show_taken("false", "")
            else:
                card.show_taken("true", "\u2713 " + tr("The sample goes this way"))
            broken = outcome is not None and outcome.state != "value"
            if broken and not before:
                card.show_taken("wrong", "\u26a0 " + tr("The sample stops here: no value"))
            before = before or truth is True or broken
        none = known and not before
        self.otherwise.setText("\u2713 " + tr("No case holds: the sample goes “otherwise”"))
        restyle(self.otherwise, "state", "true")
        self.otherwise.setVisible(none)

    @override
    def show_value(self, value: Any) -> None:
        self._draw(list(cast("list[Any]", value)) if isinstance(value, list) else [])

    @override
    def focus_path(self, path: Path) -> bool:
        inner: Sequence[Editor] = [
            editor for card in self.cards for editor in (card.condition, card.target)
        ]
        return any(
            one.focus_path(path) for one in inner if one.path == path[:3]
        ) or super().focus_path(path)


def _arrow(sign: str, words: str, slot: Any) -> QPushButton:
    button = QPushButton(sign)
    button.setProperty("role", "remove")
    button.setAccessibleName(words)
    button.setToolTip(words)
    button.clicked.connect(slot)
    return button
