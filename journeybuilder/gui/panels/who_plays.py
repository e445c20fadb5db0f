"""Who plays what in a rehearsal: for every tool and model where answers come from and what goes wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.gui.forms.base import column, empty, label, restyle, row
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.number_box import NumberBox

MODEL = "model:"
SOURCES: Sequence[tuple[str, str]] = (
    ("", noop("Automatic")),
    ("scenario", noop("The scenario")),
    ("recording", noop("The recording")),
    ("made", noop("Made up")),
    ("edge", noop("Edge cases")),
    ("real", noop("Really called")),
)
FAULTS: Sequence[tuple[str, str]] = (
    ("", noop("Nothing goes wrong")),
    ("timeout", noop("Gives no answer in time")),
    ("error", noop("Fails")),
    ("unauthorized", noop("Refuses us (401)")),
    ("unreachable", noop("Cannot be reached")),
    ("bad_json", noop("Gives a broken answer")),
    ("empty", noop("Gives an empty answer")),
    ("slow", noop("Is slow")),
    ("drifted", noop("Was changed since approved")),
)
_NOT_OF_MODELS = frozenset({"drifted"})
_SLOW = "20s"
_LAST = 99
_NARROW = 56  # pixels of a number
_INDENT = 6


def fault_of(kind: str, first: int, last: int, slow: str) -> dict[str, Any]:
    """A fault as a scenario has it; `last` is 0 for all that follow."""
    if not kind:
        return {}
    fault: dict[str, Any] = {"slow": slow} if kind == "slow" else {"fails": kind}
    if first > 1 or last:
        fault["calls"] = {"from": first, **({"to": last} if last else {})}
    return fault


def parts_of(fault: object) -> tuple[str, int, int, str]:
    """Kind, first and last call, and slowness of a fault; the other way round of `fault_of`."""
    first = as_object(fault) or as_object(next(iter(as_list(fault)), None))
    kind = str(first.get("fails") or ("slow" if "slow" in first else ""))
    calls = as_object(first.get("calls"))
    start, end = calls.get("from", 1), calls.get("to", 0)
    return (
        kind if kind in dict(FAULTS) else "error" if kind else "",
        start if isinstance(start, int) else 1,
        end if isinstance(end, int) else 0,
        str(first.get("slow", _SLOW)),
    )


class Part(QFrame):
    """One tool or model.

    Signals:
        changed: Something else is chosen.
    """

    changed = Signal()

    def __init__(self, name: str, *, model: bool) -> None:
        super().__init__()
        self.name, self._model = name, model
        self.setProperty("role", "case")
        self._layout = column(self, spacing=6, margins=(8, 6, 8, 8))
        title = label(tr("model {name}", name=name) if model else name, "code")
        title.setToolTip(name)
        self._layout.addWidget(title)
        self.source = QuietCombo()
        self.source.setAccessibleName(tr("Who answers for {name}", name=name))
        for value, words in SOURCES:
            self.source.addItem(tr(words), value)
        self.fault = QuietCombo()
        self.fault.setAccessibleName(tr("What goes wrong with {name}", name=name))
        for value, words in FAULTS:
            if not (model and value in _NOT_OF_MODELS):
                self.fault.addItem(tr(words), value)
        self._layout.addWidget(self.source)
        self._layout.addWidget(self.fault)
        self._more: _When | None = None
        self.source.activated.connect(self._chosen)
        self.fault.activated.connect(self._chosen)

    @property
    def key(self) -> str:
        """What its fault is called by."""
        return f"{MODEL}{self.name}" if self._model else self.name

    @property
    def is_model(self) -> bool:
        """Whether it is a model."""
        return self._model

    def show_choice(self, source: str, fault: object) -> None:
        """Show what is chosen."""
        kind, first, last, slow = parts_of(fault)
        self.source.setCurrentIndex(max(0, self.source.findData(source)))
        self.fault.setCurrentIndex(max(0, self.fault.findData(kind)))
        self._fit()
        if self._more is not None:
            self._more.show_choice(first, last, slow)

    def chosen_source(self) -> str:
        """The source; empty for automatic."""
        return str(self.source.currentData() or "")

    def chosen_fault(self) -> Mapping[str, Any]:
        """The fault; nothing where nothing goes wrong."""
        kind = str(self.fault.currentData() or "")
        first, last, slow = self._more.choice() if self._more is not None else (1, 0, _SLOW)
        return fault_of(kind, first, last, slow)

    def _chosen(self) -> None:
        self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        """When it goes wrong is asked only where something does."""
        kind = str(self.fault.currentData() or "")
        if kind and self._more is None:
            self._more = _When(self.name)
            self._more.changed.connect(self.changed)
            self._layout.addWidget(self._more)
        if self._more is not None:
            self._more.setVisible(bool(kind))
            self._more.slow_line.setVisible(kind == "slow")


class _When(QWidget):
    """At which calls something goes wrong, and how slow a slow answer is."""

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        layout = column(self, spacing=6)
        line = row(spacing=6)
        self.first = _number(tr("First call of {name} that goes wrong", name=name), 1, 1)
        self.last = _number(tr("Last call of {name} that goes wrong", name=name), 0, 0)
        self.last.setSpecialValueText(tr("every one"))
        line.addWidget(label(tr("From call"), "help"))
        line.addWidget(self.first, 1)
        line.addWidget(label(tr("up to"), "help"))
        line.addWidget(self.last, 1)
        layout.addLayout(line)
        self.slow_line = QWidget()
        slow = row(self.slow_line, spacing=6)
        slow.addWidget(label(tr("It answers after"), "help"))
        self.slow = QLineEdit(_SLOW)
        self.slow.setAccessibleName(tr("How long {name} takes to answer", name=name))
        self.slow.setPlaceholderText(_SLOW)
        self.slow.setMaximumWidth(90)
        slow.addWidget(self.slow)
        slow.addStretch(1)
        layout.addWidget(self.slow_line)
        for box in (self.first, self.last):
            box.valueChanged.connect(self._numbered)
        self.slow.textEdited.connect(self._typed)

    def _numbered(self) -> None:
        if 0 < self.last.value() < self.first.value():
            self.last.setValue(self.first.value())
        self.changed.emit()

    def _typed(self, text: str) -> None:
        fits = _is_duration(text)
        restyle(self.slow, "invalid", not fits)
        if fits:
            self.changed.emit()

    def show_choice(self, first: int, last: int, slow: str) -> None:
        """Show what is chosen, without telling."""
        for box, value in ((self.first, first), (self.last, last)):
            before = box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(before)
        self.slow.setText(slow)

    def choice(self) -> tuple[int, int, str]:
        """First and last call (0 for every one), and how long a slow answer takes."""
        text = self.slow.text().strip()
        slow = text if _is_duration(text) else _SLOW
        return self.first.value(), self.last.value(), slow


def _is_duration(text: str) -> bool:
    try:
        return seconds(text) > 0
    except ValueError:
        return False


def _number(name: str, least: int, value: int) -> NumberBox:
    box = NumberBox()
    box.setRange(least, _LAST)
    box.setValue(value)
    box.setAccessibleName(name)
    box.setMinimumWidth(_NARROW)
    box.lineEdit().setTextMargins(_INDENT, 0, 0, 0)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return box


class WhoPlays(QWidget):
    """All tools and models of a journey.

    Signals:
        changed: Something else is chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = column(self, spacing=8)
        self._about = label("", "help", wrap=True)
        layout.addWidget(self._about)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        layout.addLayout(self._list)
        self.reset = QPushButton(tr("All automatic again"))
        self.reset.setProperty("role", "quiet")
        self.reset.clicked.connect(self._reset)
        layout.addWidget(self.reset)
        self.parts: list[Part] = []

    def show_cast(
        self, tools: Sequence[str], models: Sequence[str], sources: tuple[Mapping[str, str], Mapping[str, str]], faults: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Show these tools and models with what is chosen for them."""
        wanted = [*((name, False) for name in tools), *((name, True) for name in models)]
        if wanted != [(one.name, one.is_model) for one in self.parts]:
            empty(self._list)
            self.parts = []
            for name, model in wanted:
                part = Part(name, model=model)
                part.changed.connect(self._changed)
                self._list.addWidget(part)
                self.parts.append(part)
        for part in self.parts:
            source = sources[1 if part.is_model else 0].get(part.name, "")
            part.show_choice(source, faults.get(part.key))
        self._about.setText(
            tr("Automatic: the scenario, else the recording, else made up; really called where "
               "you choose so above.")
            if wanted
            else tr("This journey calls no tools and asks no models.")
        )  # fmt: skip
        self._fit()

    def _changed(self) -> None:
        self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        self.reset.setVisible(any(one.chosen_source() or one.chosen_fault() for one in self.parts))

    def _reset(self) -> None:
        for part in self.parts:
            part.show_choice("", None)
        self._changed()

    def sources(self) -> tuple[dict[str, str], dict[str, str]]:
        """The sources of tools and of models that are not automatic."""
        chosen = [(one.is_model, one.name, one.chosen_source()) for one in self.parts]
        return (
            {name: source for model, name, source in chosen if source and not model},
            {name: source for model, name, source in chosen if source and model},
        )

    def faults(self) -> dict[str, Any]:
        """What goes wrong."""
        return {one.key: dict(fault) for one in self.parts if (fault := one.chosen_fault())}
