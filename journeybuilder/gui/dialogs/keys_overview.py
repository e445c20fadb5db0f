"""All keys on one page, to read, to print or to keep as a PDF."""

from html import escape

from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QTextBrowser, QWidget

from journeybuilder.gui.commands import GROUPS, Registry
from journeybuilder.gui.forms.base import column
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.language import noop, tr

_NATIVE = QKeySequence.SequenceFormat.NativeText
CANVAS = (
    (noop("The nearest step in that direction"), "Left", "Right", "Up", "Down"),
    (noop("Follow a wire forward, back"), "]", "["),
    (noop("The start of the journey"), "Home"),
    (noop("Open the settings of the step"), "Return"),
    (noop("Connect to another step"), "C"),
    (noop("Add a step"), "Tab", "Space"),
    (noop("Move the selection"), "Ctrl+Left", "Ctrl+Right", "Ctrl+Up", "Ctrl+Down"),
    (noop("Everything, the selection in view"), "F", "Shift+F"),
    (noop("Next frame or note, the one before"), "N", "Shift+N"),
    (noop("Select all"), "Ctrl+A"),
    (noop("Remove"), "Delete"),
    (noop("Menu of the step"), "Shift+F10"),
    (noop("Cancel what is under way"), "Esc"),
)


def overview(registry: Registry) -> str:
    """A page of HTML with every command that has keys, by menu, and the keys of the canvas."""
    parts = [f"<h2>{escape(tr('Keyboard overview'))}</h2>"]
    for group, title in GROUPS.items():
        rows = [
            (one.plain, [key.toString(_NATIVE) for key in registry.action(one.id).shortcuts()])
            for one in registry.commands
            if one.group == group
        ]
        parts.append(_table(tr(title).replace("&", ""), rows))
    canvas = [
        (tr(words), [QKeySequence(key).toString(_NATIVE) for key in keys])
        for words, *keys in CANVAS
    ]
    parts.append(_table(tr("On the canvas"), canvas))
    return "".join(parts)


def _table(title: str, rows: list[tuple[str, list[str]]]) -> str:
    lines = [
        f"<tr><td width='65%'>{escape(words)}</td><td><b>{escape(', '.join(keys))}</b></td></tr>"
        for words, keys in rows
        if keys
    ]
    if not lines:
        return ""
    return f"<h3>{escape(title)}</h3><table width='100%' cellpadding='3'>{''.join(lines)}</table>"


class KeysOverview(Dialog):
    """Shows the page."""

    def __init__(self, registry: Registry, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("keys overview")
        self.setWindowTitle(tr("Keyboard overview"))
        self.resize(620, 640)
        layout = column(self, spacing=12, margins=(20, 16, 20, 16))
        self.page = QTextBrowser()
        self.page.setAccessibleName(tr("Keyboard overview"))
        self._html = overview(registry)
        self.page.setHtml(self._html)
        layout.addWidget(self.page, 1)
        buttons = ButtonRow()
        printed = buttons.addButton(tr("Print…"), QDialogButtonBox.ButtonRole.ResetRole)
        printed.clicked.connect(self._print)
        kept = buttons.addButton(tr("Save as PDF…"), QDialogButtonBox.ButtonRole.ResetRole)
        kept.clicked.connect(self._save)
        close = buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(True)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _document(self) -> QTextDocument:
        """Black on white, whatever the theme."""
        document = QTextDocument(self)
        document.setDefaultStyleSheet("* { color: black; background: white; }")
        document.setHtml(self._html)
        return document

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._to(printer)
        dialog.deleteLater()

    def _to(self, printer: QPrinter) -> None:
        self._document().print_(printer)

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("Save as PDF"), "keys.pdf", "PDF (*.pdf)")
        if name:
            self.write_pdf(name)

    def write_pdf(self, name: str) -> None:
        """Write the page into a PDF."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(name)
        self._to(printer)
