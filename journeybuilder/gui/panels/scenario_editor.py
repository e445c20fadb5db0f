"""One scenario in a window of its own: a form of its usual parts, and its text beside it."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QSplitter, QWidget
from typing_extensions import override

from journeybuilder.checks import Known
from journeybuilder.document.model import Journey
from journeybuilder.document.source import Source
from journeybuilder.errors import ProgramError
from journeybuilder.gui.forms.base import FormContext, Path, column, label, restyle, row
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.questions import ask_unsaved
from journeybuilder.gui.panels.scenario_text import ScenarioText
from journeybuilder.gui.scenarios.result_card import ResultCard
from journeybuilder.gui.scenarios.scenario_draft import ScenarioDraft
from journeybuilder.gui.scenarios.scenario_form import ScenarioForm
from journeybuilder.gui.scenarios.scenario_form_schema import Section, sections_of, whole
from journeybuilder.gui.scenarios.suite_book import SuiteBook

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_SIZE = (1080, 760)
_KEEP = 500  # ms after a change until it is kept for the next start
_PARTS = 220  # pixels of width of the choice of parts
_CARD = 150  # pixels of height that a result may take


class ScenarioEditor(Dialog):
    """Edits a scenario; the file is written with "Save" and keeps its comments.

    Signals:
        node_asked: Id of a journey and of one of its steps to show.
    """

    node_asked = Signal(str, str)

    def __init__(self, window: "MainWindow", source: Source) -> None:
        super().__init__(window)
        self.setObjectName("scenario")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._window = window
        self._book = SuiteBook.of(window)
        space = self._book.space
        self.draft = ScenarioDraft(source, space.workspace.state_dir if space is not None else None)
        self._sections: list[Section] = []
        self._of: tuple[object, ...] = ()
        self._run_name = ""
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(_KEEP)
        self._keep.timeout.connect(self.draft.keep)
        self._build()
        self._book.changed.connect(self._book_changed)
        window.files.closing.connect(self._leave)
        window.files.world_changed.connect(self._world_changed)
        self.show_all()

    # --- building ----------------------------------------------------------------------------------

    def _build(self) -> None:
        outer = column(self, spacing=10, margins=(16, 12, 16, 12))
        head = row(spacing=8)
        self.title = label("", "title")
        head.addWidget(self.title, 1)
        self.parts = QuietCombo()
        self.parts.setAccessibleName(tr("Go to a part of the form"))
        self.parts.setToolTip(tr("Go to a part of the form"))
        self.parts.setMinimumWidth(_PARTS)
        self.parts.activated.connect(self._go_to_part)
        head.addWidget(self.parts)
        outer.addLayout(head)
        self.note = label("", "notice", wrap=True)
        self.note.setVisible(self.draft.restored)
        self.note.setText(tr("These are your changes of last time, which were not saved."))
        outer.addWidget(self.note)
        self.form = ScenarioForm()
        self.form.setAccessibleName(tr("Form of the scenario"))
        self.text = ScenarioText(self._window.look, self._schema, self._book.journeys)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.form)
        self.split.addWidget(self.text)
        self.form.setMinimumWidth(300)
        self.text.setMinimumWidth(260)
        self.split.setSizes([560, 480])
        outer.addWidget(self.split, 1)
        self.card = ResultCard()
        self.card.setFixedHeight(_CARD)
        self.card.hide()
        outer.addWidget(self.card)
        self.words = label("", "problem", wrap=True)
        outer.addWidget(self.words)
        outer.addWidget(self._foot())
        self.form.edited.connect(self._form_edited)
        self.text.typed.connect(self._retyped)
        self.card.node_asked.connect(self._go_to_node)
        self.card.line_asked.connect(self.go_to_line)
        for key, slot in (
            (QKeySequence.StandardKey.Undo, self.undo),
            (QKeySequence.StandardKey.Redo, self.redo),
            (QKeySequence.StandardKey.Save, self.save),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(slot)
        run = QShortcut(QKeySequence("F5"), self)
        run.activated.connect(self.run)

    def _foot(self) -> QWidget:
        box = ButtonRow()
        roles = QDialogButtonBox.ButtonRole
        self.back = self._button(tr("Undo"), self.undo)
        self.again = self._button(tr("Redo"), self.redo)
        self.try_it = self._button(tr("Save and run"), self.run)
        self.keep = self._button(tr("Save"), self.save)
        self.keep.setProperty("role", "primary")
        self.leave = self._button(tr("Close"), self.reject)
        for button, role in (
            (self.back, roles.ResetRole),
            (self.again, roles.ResetRole),
            (self.try_it, roles.ActionRole),
            (self.keep, roles.AcceptRole),
            (self.leave, roles.RejectRole),
        ):
            box.addButton(button, role)
        return box

    @staticmethod
    def _button(words: str, slot: object) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    # --- what is shown -----------------------------------------------------------------------------

    def _schema(self) -> dict[str, object]:
        return whole(self._sections)

    def _known(self) -> Known:
        space = self._book.space
        return space.known if space is not None else Known()

    def _journey(self) -> Journey | None:
        return self._book.journeys().get(str(self.draft.data.get("journey")))

    def show_all(self) -> None:
        """Show the draft in form and text."""
        journey = self._journey()
        data = journey.data if journey is not None else None
        of = (str(self.draft.data.get("journey")), data, self._known().tools, self._known().models)
        if of != self._of and self.draft.source.readable:
            self._of = of
            self._sections = sections_of(journey, self._known()) if journey is not None else []
            space = self._book.space
            context = FormContext(models=space.workspace.models) if space else FormContext()
            self.form.show_sections(self._sections, context)
            self.parts.clear()
            for section in self._sections:
                if section.entries:
                    self.parts.addItem(section.title, section.key)
        readable = self.draft.source.readable and journey is not None
        self.form.setEnabled(readable)
        if readable:
            self.form.show_draft(self.draft)
        self.text.show_text(self.draft.text)
        self._judge()

    def _judge(self) -> None:
        draft = self.draft
        findings = draft.findings(self._known())
        self.text.show_findings(draft.source, findings)
        errors = [one for one in findings if one.severity == "error"]
        warnings = [one for one in findings if one.severity == "warning"]
        first = (errors or warnings or [None])[0]
        words = ""
        if first is not None:
            sign = "\u2716" if errors else "\u26a0"
            more = len(errors) + len(warnings) - 1
            rest = trn(" And {n} more.", " And {n} more.", more) if more else ""
            line = tr("line {n}", n=first.line) if first.line else ""
            words = f"{sign} {said(first.message)} {said(first.hint)} ({line}){rest}"
        self.words.setText(words)
        self.words.setVisible(bool(words))
        restyle(self.words, "severity", "error" if errors else "warning")
        mark = "[*]"
        self.title.setText(draft.name)
        self.setWindowTitle(f"{draft.name.replace(mark, mark * 2)}{mark} \u2013 {tr('Scenario')}")
        self.setWindowModified(draft.changed)
        self.back.setEnabled(draft.can_undo)
        self.again.setEnabled(draft.can_redo)
        self.keep.setEnabled(draft.changed)
        self.try_it.setEnabled(not errors and not self._book.running)
        self.try_it.setText(tr("Save and run") if draft.changed else tr("Run"))

    def _world_changed(self) -> None:
        """Files, servers or tools are other ones: the form follows, and so does a text without edits."""
        known = self._book.scenarios().values()
        source = next((one for one in known if one.file == self.draft.file), None)
        if source is not None and source.text != self.draft.base and not self.draft.changed:
            self.draft.reload(source)
        self.show_all()

    # --- changes -----------------------------------------------------------------------------------

    def _form_edited(self, path: object, value: object) -> None:
        place = cast("Path", path)
        try:
            changed = self.draft.change(place, value, str(place))
        except ProgramError as error:
            self.words.setText(f"\u2716 {said(str(error))}")
            self.words.show()
            return
        if changed:
            self._keep.start()
            self.text.show_text(self.draft.text)
            self._judge()

    def _retyped(self, text: str) -> None:
        if self.draft.retype(text):
            self._keep.start()
            self.show_all()

    def undo(self) -> None:
        """Take the last change back."""
        self._step(-1)

    def redo(self) -> None:
        """Make it again."""
        self._step(1)

    def _step(self, by: int) -> None:
        self.text.take_over()
        if self.draft.step(by):
            self._keep.start()
            self.show_all()

    # --- saving and running ------------------------------------------------------------------------

    def save(self) -> bool:
        """Write the file; False when that failed, which was told."""
        self.text.take_over()
        if not self.draft.changed:
            return True
        files = self._book.files
        try:
            if files is None:
                return False
            now = files.read(self.draft.file)
            if now is not None and now not in (self.draft.base, self.draft.text):
                self._say(tr("Another program has changed this file meanwhile: it stays as it is. "
                             "Copy your text, close this window and open it again."))  # fmt: skip
                return False
            files.write(self.draft.file, self.draft.text, self.draft.name)
        except ProgramError as error:
            self._say(said(str(error)))
            return False
        self.draft.saved(self.draft.text)
        self._keep.stop()
        self.note.hide()
        self._book.reread()
        self._judge()
        return True

    def _say(self, words: str) -> None:
        self.words.setText(f"\u2716 {words}")
        restyle(self.words, "severity", "error")
        self.words.show()

    def run(self) -> None:
        """Save it and see what comes of it."""
        if not self.save():
            return
        known = self._book.scenarios()
        self._run_name = next(
            (name for name, one in known.items() if one.file == self.draft.file), ""
        )
        self._book.run([self._run_name])
        self._book_changed()

    def _book_changed(self) -> None:
        name = self._run_name
        source = self._book.scenarios().get(name)
        self._judge_buttons()
        if not name or source is None:
            return
        result, state = self._book.result(name), self._book.state(name)
        self.card.show()
        self.card.show_result(name, state, source, result, self._journey())

    def _judge_buttons(self) -> None:
        broken = any(one.severity == "error" for one in self.draft.source.findings)
        self.try_it.setEnabled(not broken and not self._book.running)

    # --- going there -------------------------------------------------------------------------------

    def _go_to_part(self, index: int) -> None:
        self.form.go_to_section(str(self.parts.itemData(index)))

    def go_to_line(self, line: int) -> None:
        """Put the cursor into a line of the text."""
        self.text.area.go_to_line(line)
        self.text.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_node(self, node: str) -> None:
        self.node_asked.emit(str(self.draft.data.get("journey")), node)

    # --- leaving -----------------------------------------------------------------------------------

    def _leave(self) -> None:
        """The workspace is closed: what is not saved waits for the next time."""
        self.text.take_over()
        self.draft.keep()
        self._keep.stop()
        super().reject()

    @override
    def reject(self) -> None:
        self.text.take_over()
        if not self.draft.changed or self._may_close():
            self._keep.stop()
            super().reject()

    def _may_close(self) -> bool:
        """Ask what becomes of changes that are not saved."""
        answer = ask_unsaved(self, [self.draft.name])
        if answer == "save":
            return self.save()
        if answer == "discard":
            self.draft.forget()
        return answer == "discard"
