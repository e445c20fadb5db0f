"""Consent before the commands of a workspace are started for the first time."""

import sys
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QPlainTextEdit, QPushButton, QWidget

from journeybuilder.document.servers import ServerSpec
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.settings import digest_of


def commands_of(servers: Mapping[str, ServerSpec]) -> Mapping[str, Sequence[str]]:
    """What would be started on this machine: the command line of each server, with its own folder.

    Also of one that is reached by a URL and has a `start:` of its own.
    """
    started = {
        name: (spec.command, *spec.args) if spec.transport == "stdio" else spec.start
        for name, spec in servers.items()
        if not spec.disabled
    }
    return {
        name: [*([f"in {servers[name].cwd}:"] if servers[name].cwd else []), *words]
        for name, words in started.items()
        if words
    }


def shown_commands(root: str, servers: Mapping[str, ServerSpec]) -> Mapping[str, Sequence[str]]:
    """The same with the folders and the interpreter that will really be used."""
    real = {"${python}": sys.executable, "${workspaceFolder}": root}
    out: dict[str, Sequence[str]] = {}
    for name, words in commands_of(servers).items():
        filled = list(words)
        for variable, value in real.items():
            filled = [word.replace(variable, value) for word in filled]
        out[name] = filled
    return out


def consent_digest(root: str, servers: Mapping[str, ServerSpec]) -> str:
    """What a consent covers: this folder, and these commands with their environment names."""
    parts = {
        name: [list(words), sorted(servers[name].env.items())]
        for name, words in commands_of(servers).items()
    }
    return digest_of({"root": root, "commands": parts})


class ConsentDialog(Dialog):
    """Lists the exact commands; nothing starts before the person allows it."""

    def __init__(
        self,
        workspace: str,
        commands: Mapping[str, Sequence[str]],
        parent: QWidget | None,
        *,
        known: int = 0,
    ) -> None:
        """Make the dialog.

        Args:
            workspace: Its name.
            commands: The command line of each server that is new or has changed.
            parent: The window.
            known: How many other commands of the workspace were allowed before.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("consent")
        title = tr("Start the servers of this workspace?")
        if known:
            title = trn("Allow {n} new command?", "Allow these {n} new commands?", len(commands))
        self.setWindowTitle(title)
        self.setMinimumWidth(600)
        layout = column(self, spacing=12, margins=(24, 24, 24, 16))
        layout.addWidget(label(title, "title"))
        layout.addWidget(
            label(
                tr(
                    "To discover its tools, “{workspace}” wants to run these programs on this "
                    "computer, with your rights. They stand in mcp.json and journeybuilder.yaml of "
                    "the workspace. Allow this only if you trust where it comes from.",
                    workspace=workspace,
                ),
                "", wrap=True,
            )
        )  # fmt: skip
        lines = [f"{name}:  {' '.join(words)}" for name, words in commands.items()]
        box = QPlainTextEdit("\n\n".join(lines))
        box.setReadOnly(True)
        box.setProperty("role", "code")
        box.setTabChangesFocus(True)
        box.setAccessibleName(tr("Commands that would be started"))
        box.setFixedHeight(
            min(max(len(commands), 2) * 3, 15) * box.fontMetrics().lineSpacing() + 16
        )
        layout.addWidget(box)
        layout.addWidget(
            label(tr("You are asked again when a command changes."), "muted", wrap=True)
        )
        buttons = ButtonRow()
        allow = QPushButton(trn("Start the server", "Start the servers", len(commands)))
        allow.setObjectName("allow")
        deny = QPushButton(tr("Not now"))
        deny.setObjectName("deny")
        deny.setDefault(True)
        buttons.addButton(allow, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(deny, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
