"""The export dialog: where to, for which environment, and what stands in the way."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QWidget,
)

from journeybuilder.checks.models import check_models
from journeybuilder.document.findings import Finding
from journeybuilder.document.write import dump, save
from journeybuilder.errors import ProgramError
from journeybuilder.gui.forms.base import column, label, restyle, row
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.journey_model import JourneyModel
from journeybuilder.gui.look import Look
from journeybuilder.gui.panels.problems import ProblemsPanel
from journeybuilder.gui.workspace_model import WorkspaceModel
from journeybuilder.plan.bundle import DEFAULT_ENVIRONMENT, SHARED, build
from journeybuilder.plan.plan import make_plan


class ExportDialog(QDialog):
    """Writes the journey as it is shown into one bundle file."""

    def __init__(
        self, workspace: WorkspaceModel, model: JourneyModel, look: Look, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("export")
        self.setWindowTitle("Export")
        self.setMinimumSize(600, 360)
        self._workspace = workspace
        self._model = model
        self.written: Path | None = None
        layout = column(self, spacing=12, margins=(24, 24, 24, 16))
        layout.addWidget(label(f"Export “{model.journey.title}”", "title"))
        about = (
            "One file with the journey and all it needs. It holds no secrets and runs with jb run."
        )
        layout.addWidget(label(about, "muted", wrap=True))
        line = row(spacing=8)
        self.file = QLineEdit(str(workspace.root / f"{model.journey.id}.bundle.yaml"))
        self.file.setAccessibleName("File to write")
        self._browse = QPushButton("Choose…")
        self._browse.setAutoDefault(False)
        self._browse.clicked.connect(self._choose)
        line.addWidget(label("File", "field"))
        line.addWidget(self.file, 1)
        line.addWidget(self._browse)
        layout.addLayout(line)
        second = row(spacing=8)
        self.environment = QuietCombo()
        self.environment.setAccessibleName("Environment")
        for name in workspace.workspace.environments or [DEFAULT_ENVIRONMENT]:
            self.environment.addItem(str(name), str(name))
        second.addWidget(label("Environment", "field"))
        second.addWidget(self.environment, 1)
        layout.addLayout(second)
        self._problems = ProblemsPanel(look)
        layout.addWidget(self._problems, 1)
        self._words = label("", "muted", wrap=True)
        layout.addWidget(self._words)
        buttons = QDialogButtonBox()
        self.go = QPushButton("Export")
        self.go.setProperty("role", "primary")
        self.go.setObjectName("export.go")
        self.go.setDefault(True)
        self.go.clicked.connect(self._export)
        self._close = QPushButton("Cancel")
        self._close.clicked.connect(self.reject)
        buttons.addButton(self.go, QDialogButtonBox.ButtonRole.ActionRole)
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
        self._problems.show_findings(findings)
        errors = _errors(findings)
        self.go.setEnabled(not errors)
        many = "1 error has" if len(errors) == 1 else f"{len(errors)} errors have"
        self._words.setText(f"{many} to be mended before it can be exported." if errors else "")
        restyle(self._words, "role", "error" if errors else "muted")

    def _choose(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Export to", self.file.text(), "Bundles (*.yaml)"
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
            self._words.setText(str(error))
            restyle(self._words, "role", "error")
            return
        self.written = target
        open_tools = [tool for tool in bundle.tools if tool not in self._workspace.known.locked]
        note = f" Not approved in mcp.lock yet: {', '.join(open_tools)}." if open_tools else ""
        self._words.setText(
            f"Written to {target}: {len(bundle.tools)} tools.{note} Run it with: jb run {target.name}"
        )
        restyle(self._words, "role", "ok")
        self._close.setText("Close")


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]
