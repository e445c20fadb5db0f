"""The form of one server: how it is reached, with what words, variables and headers."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from journeybuilder.document.servers import DEFAULT_TIMEOUT
from journeybuilder.gui.forms.base import row
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.number_box import NumberBox
from journeybuilder.gui.panels.server_rows import AskSecret, PairsField, Rows, WordsField

_LONGEST = 3600


class ServerForm(QScrollArea):
    """Edits one entry of `mcp.json`; members that it does not know stay as they are."""

    def __init__(self, ask_secret: AskSecret) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._entry: dict[str, Any] = {}
        rows = Rows()
        rows.setProperty("role", "page")
        rows.setContentsMargins(4, 8, 12, 8)
        self.name = QLineEdit()
        self.name.setPlaceholderText("orders")
        rows.add(tr("Name"), self.name, tr("Journeys name its tools as NAME/TOOL."))
        rows.add(tr("How it is reached"), self._choice())
        self.command = QLineEdit()
        self.command.setProperty("role", "code")
        self.command.setPlaceholderText("npx")
        self.args = WordsField(tr("Argument"), tr("+ Add argument"))
        self.env = PairsField(tr("Variable"), tr("+ Add variable"), ask_secret)
        self.cwd = QLineEdit()
        self.cwd.setProperty("role", "code")
        self.cwd.setPlaceholderText("${workspaceFolder}")
        self._started = Rows()
        self._started.add(
            tr("Command"), self.command, tr("The program alone; its words stand below.")
        )
        self._started.add(tr("Arguments"), self.args)
        self._started.add(tr("Environment"), self.env)
        self._started.add(tr("Folder it runs in"), self.cwd)
        self.url = QLineEdit()
        self.url.setProperty("role", "code")
        self.url.setPlaceholderText("https://example.com/mcp")
        self.headers = PairsField(tr("Header"), tr("+ Add header"), ask_secret)
        self._reached = Rows()
        self._reached.add(tr("Address"), self.url)
        words = tr("A server with OAuth needs none: add it, then press “Log in…”.")
        self._reached.add(tr("Headers"), self.headers, words)
        layout = rows.layout()
        if layout is not None:
            layout.addWidget(self._started)
            layout.addWidget(self._reached)
        self.timeout = NumberBox()
        self.timeout.setRange(1, _LONGEST)
        self.timeout.setSuffix(tr(" seconds"))
        rows.add(tr("Time to connect"), self.timeout)
        if layout is not None:
            layout.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(rows)
        self.show_entry("", {})

    def _choice(self) -> QWidget:
        holder = QWidget()
        line = row(holder, spacing=16)
        self.by_command = QRadioButton(tr("A command on this computer"))
        self.by_url = QRadioButton(tr("An address (URL)"))
        self._ways = QButtonGroup(holder)
        for button in (self.by_command, self.by_url):
            self._ways.addButton(button)
            line.addWidget(button)
        line.addStretch(1)
        self.by_url.toggled.connect(self._way_changed)
        return holder

    def go_to_missing(self) -> None:
        """Put the cursor where it is said how the server is reached."""
        (self.url if self.by_url.isChecked() else self.command).setFocus()

    def _way_changed(self) -> None:
        self._started.setVisible(not self.by_url.isChecked())
        self._reached.setVisible(self.by_url.isChecked())

    def show_entry(self, name: str, entry: Mapping[str, Any]) -> None:
        """Show an entry as the file has it."""
        self._entry = dict(entry)
        self.name.setText(name)
        (self.by_url if entry.get("url") else self.by_command).setChecked(True)
        self.command.setText(str(entry.get("command") or ""))
        self.args.show_values([str(word) for word in entry.get("args") or ()])
        self.env.show_values(entry.get("env") or {})
        self.cwd.setText(str(entry.get("cwd") or ""))
        self.url.setText(str(entry.get("url") or ""))
        self.headers.show_values(entry.get("headers") or {})
        timeout = entry.get("timeout") or DEFAULT_TIMEOUT
        timeout = timeout if isinstance(timeout, int | float) else DEFAULT_TIMEOUT
        self.timeout.setValue(round(timeout / 1000 if timeout >= 1000 else timeout))  # noqa: PLR2004
        self._way_changed()

    def entry(self) -> dict[str, Any]:
        """The entry as it is edited; what is empty is left out."""
        here = {
            "command": self.command.text().strip(), "args": self.args.values(),
            "env": self.env.values(), "cwd": self.cwd.text().strip(),
        }  # fmt: skip
        there = {"url": self.url.text().strip(), "headers": self.headers.values()}
        mine, others = (there, here) if self.by_url.isChecked() else (here, there)
        out = {key: value for key, value in self._entry.items() if key not in others}
        if self.by_url.isChecked() != bool(self._entry.get("url")):
            out.pop("type", None)
        for key, value in mine.items():
            if value:
                out[key] = value
            else:
                out.pop(key, None)
        if self.timeout.value() != round(DEFAULT_TIMEOUT) or "timeout" in self._entry:
            out["timeout"] = self.timeout.value()
        return out
