"""Stores a secret in the keyring of this computer; files only hold its name."""

import asyncio
import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPushButton, QWidget

from journeybuilder.connect.secrets import Secrets, is_login
from journeybuilder.document.server_paste import secret_name
from journeybuilder.gui.bridge import Bridge, Failure, Job
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.language import tr

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


async def keep(name: str, value: str) -> bool:
    """Put a secret into the keyring, which may block while the system asks its person."""
    return await asyncio.to_thread(Secrets().keep, name, value)


class SecretDialog(Dialog):
    """Asks for a name and the value.

    Args:
        bridge: Where the keyring is asked, so that the window does not wait for it.
        name: The name to propose.
        done: Called with the name once the value is stored.
        fixed: Whether the name is given.
    """

    def __init__(
        self, bridge: Bridge, name: str, done: Callable[[str], None], parent: QWidget, *,
        fixed: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("secret")
        self.setWindowTitle(tr("Store a secret"))
        self.setMinimumWidth(440)
        self._bridge = bridge
        self._done = done
        self._job: Job | None = None
        self.finished.connect(self._let_go)
        layout = column(self, spacing=8, margins=(24, 24, 24, 16))
        layout.addWidget(label(tr("Store a secret"), "title"))
        words = tr(
            "The value goes into the keyring of this computer. The file only gets its name, so it can "
            "be shared; everybody who uses it stores the value once."
        )
        layout.addWidget(label(words, "muted", wrap=True))
        self.name = QLineEdit(secret_name(name) if name and not fixed else name)
        self.name.setReadOnly(fixed)
        self.value = QLineEdit()
        self.value.setEchoMode(QLineEdit.EchoMode.Password)
        for title, field in ((tr("Name"), self.name), (tr("Value"), self.value)):
            text = label(title, "field")
            text.setBuddy(field)
            field.setAccessibleName(title)
            layout.addWidget(text)
            layout.addWidget(field)
            field.textChanged.connect(self._check)
        self.problem = label("", "wrong", wrap=True)
        self.problem.hide()
        layout.addWidget(self.problem)
        buttons = ButtonRow()
        self.store = QPushButton(tr("Store"))
        self.store.setProperty("role", "primary")
        self.store.setDefault(True)
        cancel = QPushButton(tr("Cancel"))
        buttons.addButton(self.store, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        self.store.clicked.connect(self._store)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        (self.value if self.name.text() else self.name).setFocus()
        self._check()

    def _check(self) -> None:
        name = self.name.text().strip()
        self.store.setEnabled(bool(_NAME.fullmatch(name)) and bool(self.value.text()))
        if name and is_login(name):
            self.store.setEnabled(False)

    def _store(self) -> None:
        self.store.setEnabled(False)
        work = keep(self.name.text().strip(), self.value.text().strip())
        self._job = self._bridge.submit(work, self._stored, self._failed)

    def _let_go(self) -> None:
        """Nothing is told to a dialog that is closed."""
        if self._job is not None:
            self._job.cancel()

    def _stored(self, kept: bool) -> None:
        if not kept:
            name = self.name.text().strip()
            self._tell(
                tr(
                    "This computer has no keyring that takes it. Set the environment variable {name} "
                    "before you start the program instead.", name=name,
                )
            )  # fmt: skip
            return
        self._done(self.name.text().strip())
        self.value.clear()
        self.accept()

    def _failed(self, failure: Failure) -> None:
        self._tell(str(failure))

    def _tell(self, words: str) -> None:
        self.problem.setText(f"\u2716 {words}")
        self.problem.show()
        self._check()
