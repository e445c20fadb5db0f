"""A value that can be of several kinds: which one, by its title, and the fields of that kind."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.gui.forms.base import UNSET, Editor, Path, column
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.forms.schema_reading import Schema, fresh, type_of, types_of
from journeybuilder.gui.look.language import tr

if TYPE_CHECKING:
    from journeybuilder.gui.forms.schema_form import Maker

_DEFINITIONS = ("$defs", "definitions")


class UnionEditor(Editor):
    """A box with the kinds of value, and the editor of the chosen one below it."""

    compound = True

    def __init__(
        self, path: Path, maker: "Maker", kinds: Sequence[tuple[str, Schema]], depth: int
    ) -> None:
        super().__init__(path, maker.context)
        self._maker = maker
        self._kinds = kinds
        self._depth = depth
        self._value: Any = UNSET
        self._inner: Editor | None = None
        self._shown = -1
        self.combo = QuietCombo()
        self.combo.setAccessibleName(tr("Kind of value"))
        for words, _ in kinds:
            self.combo.addItem(words)
        self.combo.activated.connect(self._chosen)
        self._layout = column(self, spacing=4)
        self._layout.addWidget(self.combo)
        self.setFocusProxy(self.combo)
        self._show_kind(0)

    def _show_kind(self, index: int) -> None:
        if index == self._shown:
            return
        self._shown = index
        self.combo.setCurrentIndex(index)
        if self._inner is not None:
            self._layout.removeWidget(self._inner)
            self._inner.hide()
            self._inner.deleteLater()
        self._inner = self._maker.plain(self._kinds[index][1], self.path, self._depth)
        self._inner.edited.connect(self._typed)
        self._layout.addWidget(self._inner)

    def _typed(self, path: object, value: object) -> None:
        if path == self.path:
            self._value = value
        self.edited.emit(path, value)

    def _chosen(self, index: int) -> None:
        """Another kind begins anew, but for a value that is one of its kind too."""
        if index == self._shown:
            return
        self._show_kind(index)
        if self._inner is None:
            return
        if self._value is not UNSET and not self._fits(index, self._value):
            self._value = fresh(self._kinds[index][1], self._maker.root)
            self._inner.show_value(self._value)
            self.say(UNSET if self._value == "" else self._value)
        else:
            self._inner.show_value(self._value)
        self._inner.setFocus()

    def _fits(self, index: int, value: Any) -> bool:
        schema = self._kinds[index][1]
        kinds = types_of(schema) or [type_of(schema)]
        if not any(_is_of(kind, value) for kind in kinds):
            return False
        known = {key: self._maker.root[key] for key in _DEFINITIONS if key in self._maker.root}
        try:
            return not violations({**known, **schema}, value)
        except BadSchema:
            return True

    def _kind_of(self, value: Any) -> int:
        """The first kind that a value fits, else the first of its type, else the one shown."""
        if self._shown >= 0 and self._fits(self._shown, value):
            return self._shown
        places = range(len(self._kinds))
        fitting = next((place for place in places if self._fits(place, value)), None)
        if fitting is not None:
            return fitting
        if _is_of(type_of(self._kinds[self._shown][1]), value):
            return self._shown
        alike = (place for place in places if _is_of(type_of(self._kinds[place][1]), value))
        return next(alike, self._shown)

    @override
    def show_value(self, value: Any) -> None:
        self._value = value
        if value is not UNSET and value is not None:
            self._show_kind(self._kind_of(value))
        if self._inner is not None:
            self._inner.show_value(value)

    @override
    def focus_path(self, path: Path) -> bool:
        if len(path) > len(self.path) and self._inner is not None:
            return self._inner.focus_path(path)
        return super().focus_path(path)


def _is_of(kind: str, value: Any) -> bool:
    """Whether a value is of a type of JSON Schema; every value is of an unknown one."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {
        "string": isinstance(value, str), "boolean": isinstance(value, bool), "number": number,
        "integer": number and float(value).is_integer(), "array": isinstance(value, list),
        "object": isinstance(value, dict),
    }  # fmt: skip
    return fits.get(kind, True)
