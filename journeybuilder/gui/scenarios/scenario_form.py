"""The form of a scenario: its usual parts, made from what its journey needs."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from journeybuilder.gui.forms.base import Editor, FieldBox, FormContext, Path, column, empty, label
from journeybuilder.gui.forms.schema_form import Maker
from journeybuilder.gui.forms.schema_groups import LazyEditor
from journeybuilder.gui.forms.schema_reading import help_of
from journeybuilder.gui.scenarios.scenario_draft import ScenarioDraft
from journeybuilder.gui.scenarios.scenario_form_schema import Entry, Section


class ScenarioForm(QScrollArea):
    """Sections of fields.

    Signals:
        edited: Path in the scenario and the new value there.
    """

    edited = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("role", "page")
        self._body = column(inside, spacing=10, margins=(16, 8, 16, 16))
        self._body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(inside)
        self._editors: list[tuple[Path, Editor]] = []
        self._heads: dict[str, QLabel] = {}
        self._keys: dict[str, set[str | int]] = {}

    def show_sections(self, sections: Sequence[Section], context: FormContext) -> None:
        """Make the fields anew."""
        empty(self._body)
        self._editors = []
        self._heads = {}
        self._keys = {one.key: {entry.path[0] for entry in one.entries} for one in sections}
        for section in sections:
            if not section.entries and not section.about:
                continue
            if section.title:
                head = label(section.title, "section")
                self._heads[section.key] = head
                self._body.addWidget(head)
            if section.about:
                self._body.addWidget(label(section.about, "help", wrap=True))
            for entry in section.entries:
                self._body.addWidget(self._box(entry, context, alone=len(section.entries) == 1))

    def _box(self, entry: Entry, context: FormContext, *, alone: bool) -> QWidget:
        maker = Maker(entry.schema, context, computed=False)
        if entry.optional:
            editor: Editor = LazyEditor(entry.path, maker, entry.schema, 1, entry.title)
        else:
            editor = maker.make(entry.schema, entry.path)
        editor.edited.connect(self.edited)
        self._editors.append((entry.path, editor))
        if alone and not entry.optional:
            editor.setAccessibleName(entry.title)
            return editor
        return FieldBox(entry.title, editor, help_text=help_of(entry.schema))

    def show_draft(self, draft: ScenarioDraft) -> None:
        """Show what the scenario says now."""
        for path, editor in self._editors:
            editor.show_value(draft.value(path))

    def go_to(self, path: Path) -> bool:
        """Put the cursor where a path is edited; False where that is in the text only."""
        for place, editor in self._editors:
            if path[: len(place)] == place and editor.focus_path(path):
                self.ensureWidgetVisible(editor)
                return True
        return False

    def go_to_section(self, key: str) -> None:
        """Show a section at the top, with the cursor in its first field."""
        head = self._heads.get(key)
        if head is None:
            return
        first = next((one for path, one in self._editors if path[0] in self._keys[key]), None)
        if first is not None:
            (first.focusProxy() or first).setFocus(Qt.FocusReason.OtherFocusReason)
        self.verticalScrollBar().setValue(head.y() - 4)

    @property
    def editors(self) -> dict[Path, Editor]:
        """The editors by the path of what they edit."""
        return dict(self._editors)
