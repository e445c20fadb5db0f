"""Adding and changing servers: by a form, or by pasting what a server's own page says."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QTextBrowser,
    QWidget,
)

from journeybuilder.document.model import mapping
from journeybuilder.document.server_paste import Pasted, moved, read_pasted, usable_name, with_name
from journeybuilder.errors import ProgramError
from journeybuilder.gui.bridge import Bridge, Failure, Job
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.panels.secret_dialog import SecretDialog, keep
from journeybuilder.gui.panels.server_form import ServerForm

_SETTLE = 150  # ms after the last key until the preview follows
Save = Callable[[Mapping[str, Mapping[str, Any]]], str]
"""Writes entries by name; gives why it did not work, or an empty text."""


class ServerDialog(Dialog):
    """Adds servers, or changes one.

    Args:
        bridge: For the keyring.
        taken: Names of the servers there are.
        save: Writes what was made.
        name: The server to change; empty to add one.
        entry: Its entry.
    """

    def __init__(
        self, bridge: Bridge, taken: Sequence[str], save: Save, parent: QWidget, *,
        name: str = "", entry: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("server")
        self._bridge, self._taken, self._save, self._old = bridge, list(taken), save, name
        self._job: Job | None = None
        self._found: list[Pasted] = []
        title = tr("Change {name}", name=name) if name else tr("Add a server")
        self.setWindowTitle(title)
        self.resize(620, 640)
        layout = column(self, spacing=12, margins=(24, 24, 24, 16))
        layout.addWidget(label(title, "title"))
        self.form = ServerForm(self._ask_secret)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self._preview)
        self._paste_page = self._make_paste_page()
        if name:
            self.form.show_entry(name, entry or {})
            self.form.name.setReadOnly(True)
            self.form.name.setToolTip(tr("“Rename…” in the panel changes it wherever it is used."))
            layout.addWidget(self.form, 1)
        else:
            self.tabs.addTab(self._paste_page, tr("Paste"))
            self.tabs.addTab(self.form, tr("Fill in"))
            layout.addWidget(self.tabs, 1)
        self.problem = label("", "wrong", wrap=True)
        self.problem.hide()
        layout.addWidget(self.problem)
        buttons = ButtonRow()
        self.go = QPushButton(tr("Save") if name else tr("Add"))
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        cancel = QPushButton(tr("Cancel"))
        buttons.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        self.go.clicked.connect(self._go)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.finished.connect(self._let_go)
        self._tab_changed()
        (self.form.command if name else self.paste).setFocus()

    def _make_paste_page(self) -> QWidget:
        page = QWidget()
        layout = column(page, spacing=8, margins=(0, 12, 0, 0))
        words = tr(
            "Paste what the server's page says: an mcp.json or the settings of another program, a "
            "command such as “npx -y …” or “uvx …”, or an address."
        )
        layout.addWidget(label(words, "muted", wrap=True))
        self.paste = QPlainTextEdit()
        self.paste.setProperty("role", "code")
        self.paste.setTabChangesFocus(True)
        self.paste.setAccessibleName(tr("What the server's page says"))
        self.paste.setPlaceholderText("uvx mcp-server-time")
        self.paste.textChanged.connect(self._typed)
        layout.addWidget(self.paste, 2)
        self.preview = QTextBrowser()
        self.preview.setOpenLinks(False)
        self.preview.setAccessibleName(tr("What will be added"))
        self.preview.setPlaceholderText(
            tr("What will be added is shown here, before anything is written.")
        )
        layout.addWidget(self.preview, 3)
        self.move_secrets = QCheckBox()
        self.move_secrets.setChecked(True)
        self.move_secrets.toggled.connect(self._preview)
        self.move_secrets.hide()
        layout.addWidget(self.move_secrets)
        return page

    def _ask_secret(self, name: str, done: Callable[[str], None]) -> None:
        SecretDialog(self._bridge, name, done, self).open()

    # --- pasting -----------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._settle.start()
        self.go.setEnabled(bool(self.paste.toPlainText().strip()))

    def _tab_changed(self) -> None:
        pasting = not self._old and self.tabs.currentWidget() is self._paste_page
        self.go.setEnabled(not pasting or bool(self.paste.toPlainText().strip()))
        self.problem.hide()

    def _preview(self) -> None:
        """Say what will be added, and what is unsafe about it."""
        self._settle.stop()
        text = self.paste.toPlainText()
        self.move_secrets.hide()
        self._found = []
        if not text.strip():
            self.preview.clear()
            return
        try:
            found = read_pasted(text)
        except ProgramError as error:
            self.preview.setPlainText(f"{said(error.what)}\n{said(error.hint)}")
            return
        taken = dict.fromkeys(self._taken)
        for one in found:
            free = with_name(one, taken)
            taken[free.name] = None
            self._found.append(free)
        number = sum(len(one.plain) for one in self._found)
        self.move_secrets.setText(
            trn("Move the secret into the keyring", "Move the {n} secrets into the keyring", number)
        )
        self.move_secrets.setVisible(bool(number))
        self.preview.setHtml("".join(self._told(one) for one in self._found))
        self.go.setText(trn("Add", "Add {n} servers", len(self._found)))

    def _told(self, one: Pasted) -> str:
        entry = moved(one.name, one.entry)[0] if self._moves() else one.entry
        lines = [f"<p style='margin:6px 0 2px 0'><b>{escape(one.name)}</b></p>"]
        if entry.get("url"):
            lines.append(_mono(tr("connects to"), str(entry["url"])))
        else:
            words = [
                str(entry.get("command") or ""),
                *(str(word) for word in entry.get("args") or ()),
            ]
            lines.append(_mono(tr("starts on this computer"), " ".join(words)))
        for part, what in (("env", tr("with the variable")), ("headers", tr("with the header"))):
            for name, value in mapping(entry.get(part)).items():
                lines.append(_mono(what, f"{name}={value}"))
        for _, why in () if self._moves() else one.plain:
            lines.append(f"<p style='margin:2px 0'>\u26a0 {escape(why)}</p>")
        for name in one.inputs:
            words = tr("needs the secret {name}; store it after adding", name=name)
            lines.append(f"<p style='margin:2px 0'>\u26a0 {escape(words)}</p>")
        words = _unpinned(entry)
        lines += [f"<p style='margin:2px 0'>\u26a0 {escape(words)}</p>"] if words else []
        return "".join(lines)

    def _moves(self) -> bool:
        return self.move_secrets.isChecked()

    # --- saving ------------------------------------------------------------------------------------

    def _go(self) -> None:
        if not self._old and self.tabs.currentWidget() is self._paste_page:
            self._preview()
            self._go_pasted()
            return
        entry = self.form.entry()
        name = self._old or usable_name(self.form.name.text())
        self.form.name.setText(name)
        wrong = self._wrong(name, entry)
        if wrong:
            self._tell(wrong)
            return
        self._write({name: entry})

    def _wrong(self, name: str, entry: Mapping[str, Any]) -> str:
        if not self._old and name in self._taken:
            return tr("There is a server “{name}” already. Choose another name.", name=name)
        if not entry.get("url") and not entry.get("command"):
            self.form.go_to_missing()
            return tr("Give the command that starts it, or its address.")
        return ""

    def _go_pasted(self) -> None:
        if not self._found:
            self._tell(self.preview.toPlainText() or tr("There is nothing to add."))
            return
        entries: dict[str, Mapping[str, Any]] = {}
        secrets: dict[str, str] = {}
        for one in self._found:
            entry, mine = moved(one.name, one.entry) if self._moves() else (dict(one.entry), {})
            entries[one.name] = entry
            secrets |= mine
        if not secrets:
            self._write(entries)
            return
        self.go.setEnabled(False)
        self._job = self._bridge.submit(
            _keep_all(secrets), _Then(self, entries).go_on, self._not_kept
        )

    def kept(self, entries: Mapping[str, Mapping[str, Any]], refused: Sequence[str]) -> None:
        """The keyring has answered: write the entries, unless it took not all of the secrets."""
        if refused:
            names = ", ".join(refused)
            words = tr(
                "This computer has no keyring that takes {names}. Clear the box to keep them in the "
                "file, or replace them by ${{NAME}} and set environment variables.", names=names,
            )  # fmt: skip
            self._tell(words)
            self.go.setEnabled(True)
            return
        self._write(entries)

    def _not_kept(self, failure: Failure) -> None:
        self._tell(str(failure))
        self.go.setEnabled(True)

    def _write(self, entries: Mapping[str, Mapping[str, Any]]) -> None:
        wrong = self._save(entries)
        if wrong:
            self._tell(wrong)
            self.go.setEnabled(True)
        else:
            self.accept()

    def _tell(self, words: str) -> None:
        self.problem.setText(f"\u2716 {words}")
        self.problem.show()

    def _let_go(self) -> None:
        self._settle.stop()
        if self._job is not None:
            self._job.cancel()


class _Then:
    """What happens with the entries once the keyring has answered."""

    def __init__(self, dialog: ServerDialog, entries: Mapping[str, Mapping[str, Any]]) -> None:
        self._dialog = dialog
        self._entries = entries

    def go_on(self, refused: Sequence[str]) -> None:
        """The keyring has refused these names."""
        self._dialog.kept(self._entries, refused)


async def _keep_all(secrets: Mapping[str, str]) -> list[str]:
    """Store secrets; gives the names that the keyring refused."""
    return [name for name, value in secrets.items() if not await keep(name, value)]


def _mono(what: str, text: str) -> str:
    shown = escape(text[:2000])
    return (
        f"<p style='margin:0 0 2px 0'>{escape(what)}: "
        f"<span style='font-family:monospace'>{shown}</span></p>"
    )


def _unpinned(entry: Mapping[str, Any]) -> str:
    """A warning where a package without a version is started: tomorrow it may be another program."""
    runner = str(entry.get("command") or "").rpartition("/")[2]
    if runner not in {"npx", "uvx", "bunx"}:
        return ""
    words = [str(word) for word in entry.get("args") or () if not str(word).startswith("-")]
    package = words[0] if words else ""
    if not package or "@" in package[1:] or "==" in package:
        return ""
    return tr(
        "{package} has no version: every start may fetch a newer one. Add one, such as @1.2.3.",
        package=package,
    )
