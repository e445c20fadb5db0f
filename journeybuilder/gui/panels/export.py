"""The export dialog: where to, for which environment, and what stands in the way."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from journeybuilder.checks.models import check_models
from journeybuilder.document.findings import Finding
from journeybuilder.document.write import dump, save
from journeybuilder.errors import ProgramError
from journeybuilder.gui.forms.base import column, label, restyle
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.panels.problem_tree import Names, ProblemTree, in_order
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel
from journeybuilder.plan.bundle import DEFAULT_ENVIRONMENT, SHARED, build
from journeybuilder.plan.plan import make_plan


class ExportDialog(Dialog):
    """Writes the journey as it is shown into one bundle file.

    Signals:
        went: A finding that stands in the way and that the person wants to see; the dialog is closed.
    """

    went = Signal(object)

    def __init__(
        self, workspace: WorkspaceModel, model: JourneyModel, look: Look, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("export")
        self.setWindowTitle(tr("Export"))
        self.setMinimumWidth(600)
        self._workspace = workspace
        self._model = model
        self.written: Path | None = None
        layout = column(self, spacing=12, margins=(24, 24, 24, 16))
        layout.addWidget(label(tr("Export “{title}”", title=model.title), "title"))
        about = tr(
            "One file with the journey and all it needs. It holds no secrets and runs with jb run."
        )
        layout.addWidget(label(about, "muted", wrap=True))
        fields = QGridLayout()
        fields.setSpacing(8)
        self.file = QLineEdit(str(workspace.root / f"{model.journey.id}.bundle.yaml"))
        self.file.setAccessibleName(tr("File to write"))
        self._browse = QPushButton(tr("Choose…"))
        self._browse.setAutoDefault(False)
        self._browse.clicked.connect(self._choose)
        fields.addWidget(label(tr("File"), "field"), 0, 0)
        fields.addWidget(self.file, 0, 1)
        fields.addWidget(self._browse, 0, 2)
        layout.addLayout(fields)
        self.environment = QuietCombo()
        self.environment.setAccessibleName(tr("Environment"))
        for name in workspace.workspace.environments or [DEFAULT_ENVIRONMENT]:
            self.environment.addItem(str(name), str(name))
        fields.addWidget(label(tr("Environment"), "field"), 1, 0)
        fields.addWidget(self.environment, 1, 1)
        fields.setColumnStretch(1, 1)
        self.problems = ProblemTree(look)
        self.problems.chosen.connect(self._go_to)
        layout.addWidget(self.problems, 1)
        self._words = label("", "muted", wrap=True)
        layout.addWidget(self._words)
        buttons = ButtonRow()
        self.go = QPushButton(tr("Export"))
        self.go.setProperty("role", "primary")
        self.go.setObjectName("export.go")
        self.go.setDefault(True)
        self.go.clicked.connect(self._export)
        self._close = QPushButton(tr("Cancel"))
        self._close.clicked.connect(self.reject)
        buttons.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self._close, QDialogButtonBox.ButtonRole.RejectRole)
        layout.addWidget(buttons)
        self._judge()

    def _judge(self) -> None:
        """Show what stands in the way."""
        model = self._model
        model.check()
        findings: list[Finding] = list(model.findings)
        space = self._workspace.workspace
        findings += [one for one in space.findings if one.file in SHARED]
        models = space.sources.get("models.yaml")
        if models is not None:
            findings += [models.locate(problem) for problem in check_models(space.models)]
        names = Names(self._node_title, str)
        self.problems.show_groups(in_order(findings, "severity", names), names)
        self.problems.setVisible(bool(findings))
        errors = _errors(findings)
        self.go.setEnabled(not errors)
        told = trn(
            "{n} error has to be mended before it can be exported.",
            "{n} errors have to be mended before it can be exported.",
            len(errors),
        )
        fine = "" if findings else tr("No problems. This journey can be exported.")
        there = tr("A click, or Enter, goes there.")
        self._words.setText(f"{told} {there}" if errors else fine)
        restyle(self._words, "role", "error" if errors else "muted")

    def _go_to(self, finding: object) -> None:
        if isinstance(finding, Finding) and finding.file == self._model.disk.source.file:
            self.reject()
            self.went.emit(finding)

    def _node_title(self, file: str, node: str) -> str:
        one = self._model.settings_of(node) if file == self._model.disk.source.file else None
        return title_of(one) if one is not None else node

    def _choose(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Export to"), self.file.text(), tr("Bundles (*.yaml)")
        )
        if name:
            self.file.setText(name)

    def _export(self) -> None:
        environment = str(self.environment.currentData() or "")
        known = environment if environment in self._workspace.workspace.environments else ""
        target = Path(self.file.text()).expanduser()
        try:
            bundle = build(
                self._workspace.with_draft(self._model),
                self._model.journey.id,
                self._workspace.known,
                known,
            )
            make_plan(bundle)
            save(target.absolute(), dump(bundle.data))
        except ProgramError as error:
            self._words.setText(said(str(error)))
            restyle(self._words, "role", "error")
            return
        self.written = target
        open_tools = [tool for tool in bundle.tools if tool not in self._workspace.known.locked]
        written = trn(
            "Written to {target}: {n} tool. Run it with: jb run {name}",
            "Written to {target}: {n} tools. Run it with: jb run {name}",
            len(bundle.tools),
            target=target,
            name=target.name,
        )
        names = ", ".join(open_tools)
        note = tr("Not approved in mcp.lock yet: {names}.", names=names) if open_tools else ""
        self._words.setText(f"{written} {note}".strip())
        restyle(self._words, "role", "ok")
        self._close.setText(tr("Close"))
        self.go.setText(tr("Export again"))
        self.go.setDefault(False)
        restyle(self.go, "role", "")
        self._close.setDefault(True)
        self._close.setFocus()


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]
