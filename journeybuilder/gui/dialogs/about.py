"""Which version this is, on what it runs, and under which licenses."""

import platform
from importlib import metadata

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from journeybuilder import __version__
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.language import tr

PARTS = (
    "PySide6-Essentials", "mcp", "cel-expr-python", "pydantic", "PyYAML", "jsonschema", "anyio",
    "click", "httpx2", "graphlay", "keyring", "platformdirs", "regex", "litellm",
)  # fmt: skip
"""What the program is built on, by the names of the distributions."""


def license_of(name: str) -> str:
    """What a distribution says of its license, in few words; "" where it says nothing."""
    data = metadata.metadata(name)
    named = [data[key] for key in ("License-Expression", "License") if key in data]
    said = next((one for one in named if one), "")
    if said and "\n" not in said and len(said) < 80:  # noqa: PLR2004 - a name, not the whole text
        return said
    kinds = [line for line in data.get_all("Classifier") or [] if line.startswith("License ::")]
    return ", ".join(line.rsplit(" :: ", 1)[-1] for line in kinds)


def parts() -> list[tuple[str, str, str]]:
    """Name, version and license of what is installed of `PARTS`."""
    found: list[tuple[str, str, str]] = []
    for name in PARTS:
        try:
            found.append((name, metadata.version(name), license_of(name)))
        except metadata.PackageNotFoundError:
            continue
    return found


def versions() -> str:
    """The versions in lines, for a report."""
    lines = [
        f"journeybuilder {__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}",
        f"{platform.system()} {platform.release()} ({platform.machine()})",
        *(f"{name} {version}" for name, version, _ in parts()),
    ]
    return "\n".join(lines)


_LICENSE = 2  # the column


class AboutDialog(Dialog):
    """Says all that."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle(tr("About journeybuilder"))
        self.resize(560, 480)
        layout = column(self, spacing=8, margins=(24, 20, 24, 16))
        layout.addWidget(label("journeybuilder", "heading"))
        layout.addWidget(label(tr("Version {version}", version=__version__), "lead"))
        layout.addWidget(
            label(
                tr("Draw, check, rehearse and run AI customer journeys over MCP tools."),
                "", wrap=True,
            )
        )  # fmt: skip
        layout.addWidget(
            label(
                tr("Apache License 2.0. You may use, change and pass it on under its terms."),
                "muted", wrap=True,
            )
        )  # fmt: skip
        system = f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()}"
        layout.addWidget(label(system, "muted"))
        layout.addWidget(label(tr("Built on"), "section"))
        tree = QTreeWidget()
        tree.setRootIsDecorated(False)
        tree.setHeaderLabels([tr("Part"), tr("Version"), tr("License")])
        tree.setAccessibleName(tr("Parts, their versions and licenses"))
        for part in parts():
            item = QTreeWidgetItem(list(part))
            item.setToolTip(_LICENSE, part[_LICENSE])
            tree.addTopLevelItem(item)
        for place in (0, 1):
            tree.header().setSectionResizeMode(place, QHeaderView.ResizeMode.ResizeToContents)
        layout.addWidget(tree, 1)
        buttons = ButtonRow()
        copy = buttons.addButton(tr("Copy versions"), QDialogButtonBox.ButtonRole.ResetRole)
        copy.clicked.connect(self._copy)
        close = buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(True)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _copy(self) -> None:
        QApplication.clipboard().setText(versions())
