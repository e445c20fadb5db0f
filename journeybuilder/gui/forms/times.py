"""Business hours: days as check boxes, the hours, the zone, the days on which all is closed."""

import re
from typing import Any, cast
from zoneinfo import available_timezones

from typing_extensions import override

from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FieldBox,
    FormContext,
    Path,
    column,
    name_it,
    row,
)
from journeybuilder.gui.forms.named_rows import as_mapping
from journeybuilder.gui.forms.picks import PickEditor
from journeybuilder.gui.forms.plain import LineEditor, ListEditor, TickBox, indented
from journeybuilder.gui.look.language import noop, tr

DAYS = {
    "mon": noop("Monday"), "tue": noop("Tuesday"), "wed": noop("Wednesday"), "thu": noop("Thursday"), "fri": noop("Friday"),
    "sat": noop("Saturday"), "sun": noop("Sunday"),
}  # fmt: skip
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_SHORT = re.compile(r"[0-9]:[0-5][0-9]")


class TimeEditor(LineEditor):
    """A time of day such as `09:00`; `9:00` is meant so too."""

    @override
    def valid(self, text: str) -> bool:
        return not text or bool(_TIME.fullmatch(str(self.value_of(text))))

    @override
    def value_of(self, text: str) -> Any:
        plain = text.strip()
        return (f"0{plain}" if _SHORT.fullmatch(plain) else plain) or UNSET


class DaysEditor(Editor):
    """Days of the week; all of them where the file says nothing."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self.boxes: dict[str, TickBox] = {}
        outer = column(self, spacing=4)
        for days in (list(DAYS)[:4], list(DAYS)[4:]):
            line = row(spacing=8)
            for day in days:
                box = TickBox(tr(DAYS[day])[:3])
                box.setAccessibleName(tr(DAYS[day]))
                box.setToolTip(tr(DAYS[day]))
                box.clicked.connect(self._ticked)
                self.boxes[day] = box
                line.addWidget(box)
            line.addStretch(1)
            outer.addLayout(line)
        self.setFocusProxy(self.boxes["mon"])

    def _ticked(self) -> None:
        self.say([day for day, box in self.boxes.items() if box.isChecked()])

    @override
    def show_value(self, value: Any) -> None:
        known = cast("list[Any]", value) if isinstance(value, list) else list(DAYS)
        for day, box in self.boxes.items():
            box.setChecked(day in known)


class HoursEditor(Editor):
    """When somebody is there."""

    compound = True

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        layout = column(self, spacing=8, margins=(12, 4, 0, 4))
        indented(self)
        zones = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
        self.days = DaysEditor((*path, "days"), context)
        self.begin = TimeEditor((*path, "from"), context, placeholder="09:00")
        self.end = TimeEditor((*path, "to"), context, placeholder="17:00")
        self.zone = PickEditor((*path, "zone"), context, zones, placeholder="UTC")
        self.closed = ListEditor(
            (*path, "closed"), context, placeholder=tr("one date per line: 2026-12-25")
        )
        layout.addWidget(FieldBox(tr("Days"), self.days))
        both = row(spacing=8)
        both.addWidget(FieldBox(tr("From"), self.begin), 1)
        both.addWidget(FieldBox(tr("To"), self.end), 1)
        layout.addLayout(both)
        layout.addWidget(FieldBox(tr("Time zone"), self.zone))
        layout.addWidget(FieldBox(tr("Closed on"), self.closed))
        self._inner = (self.days, self.begin, self.end, self.zone, self.closed)
        for editor in self._inner:
            editor.edited.connect(self.edited)
        name_it(self.days, tr("Days on which they are open"))
        self.setFocusProxy(self.days)

    @override
    def show_value(self, value: Any) -> None:
        for editor in self._inner:
            editor.show_value(as_mapping(value).get(str(editor.path[-1]), UNSET))

    @override
    def focus_path(self, path: Path) -> bool:
        deep = len(self.path) + 1
        inner = next((one for one in self._inner if one.path == path[:deep]), None)
        return inner.focus_path(path) if inner is not None else super().focus_path(path)
