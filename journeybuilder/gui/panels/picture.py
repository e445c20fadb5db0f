"""The dialog for pictures: what to draw, how, and where to; with a preview of just that."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPageLayout, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from journeybuilder.document.write import save_bytes
from journeybuilder.errors import ProgramError
from journeybuilder.gui.canvas.layers import Layers
from journeybuilder.gui.canvas.model import CanvasModel
from journeybuilder.gui.canvas.picture import FORMATS, Footer, Picture
from journeybuilder.gui.forms.base import column, label, restyle, row
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.gui.look.theme import LIGHT, THEMES, Theme

_PREVIEW = QSize(560, 200)
_FIELD = 64
_SOON = 80  # ms after the last choice until the preview is drawn
_THEMES = {
    "light": noop("Light, for paper and documents"),
    "dark": noop("Dark"),
    "high contrast": noop("High contrast"),
}
_SIZES = ((1.0, "100 %"), (2.0, "200 %"), (3.0, "300 %"), (4.0, "400 %"))
_FILTERS = {
    "svg": noop("SVG drawing, stays sharp at any size (*.svg)"),
    "png": noop("PNG image (*.png)"),
    "pdf": noop("PDF document (*.pdf)"),
}
_DOTS = 300  # of printers, an inch


class PictureDialog(Dialog):
    """Draws a journey into a file, onto the clipboard or onto paper.

    Attributes:
        written: The file that was written last.
    """

    def __init__(
        self,
        model: CanvasModel,
        title: str,
        folder: Path,
        parent: QWidget | None,
        *,
        selected: Sequence[str] = (),
        layers: Layers | None = None,
        name: str = "",
    ) -> None:
        """Prepare the dialog.

        Args:
            model: What can be drawn.
            title: Title of the journey.
            folder: Where files go by default.
            parent: The window.
            selected: Ids of the selected nodes.
            layers: The marks that the canvas shows now.
            name: Of the file, without its ending.
        """
        super().__init__(parent)
        self.setObjectName("picture")
        self.setWindowTitle(tr("Export picture"))
        self._model = model
        self._title = title
        self._selected = tuple(selected)
        self._layers = layers or Layers()
        self.written: Path | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self._draw_preview)
        layout = column(self, spacing=12, margins=(24, 24, 24, 16))
        layout.addWidget(label(tr("Picture of “{title}”", title=title), "title"))
        self.preview = QLabel()
        self.preview.setFixedSize(_PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setProperty("role", "frame")
        self.preview.setAccessibleName(tr("Preview"))
        layout.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignHCenter)
        self._add_choices(layout)
        self.marks = QCheckBox(tr("With the marks that the canvas shows now, such as problems"))
        self.marks.toggled.connect(self._changed)
        layout.addWidget(self.marks)
        self.pages = QCheckBox(tr("PDF and paper: spread it over as many pages as it needs"))
        layout.addWidget(self.pages)
        line = row(spacing=8)
        self.file = QLineEdit(str(folder / f"{name or 'journey'}.svg"))
        self.file.setAccessibleName(tr("File to write"))
        self.file.textChanged.connect(self._format_changed)
        self.pages.toggled.connect(self._format_changed)
        self.browse = QPushButton(tr("Choose…"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._choose)
        named = label(tr("File"), "field")
        named.setMinimumWidth(_FIELD)
        line.addWidget(named)
        line.addWidget(self.file, 1)
        line.addWidget(self.browse)
        layout.addLayout(line)
        self.words = label("", "muted", wrap=True)
        layout.addWidget(self.words)
        self._add_buttons(layout)
        self._format_changed()
        self._soon.start()

    def _add_choices(self, layout: QVBoxLayout) -> None:
        self.what = self._choice(tr("Draw"))
        self.what.addItem(tr("The whole journey"), "all")
        if self._selected:
            count = len(self._selected)
            words = trn("The selected step", "The {n} selected steps", count)
            self.what.addItem(words, "selected")
        self.theme = self._choice(tr("Colors"))
        for key, words in _THEMES.items():
            self.theme.addItem(tr(words), key)
        self.scale = self._choice(tr("Size"))
        for value, words in _SIZES:
            self.scale.addItem(words, value)
        self.scale.setCurrentIndex(1)
        for words, field in (
            (tr("Draw"), self.what),
            (tr("Colors"), self.theme),
            (tr("Size"), self.scale),
        ):
            line = row(spacing=8)
            named = label(words, "field")
            named.setMinimumWidth(_FIELD)
            line.addWidget(named)
            line.addWidget(field, 1)
            layout.addLayout(line)

    def _choice(self, name: str) -> QuietCombo:
        field = QuietCombo()
        field.setAccessibleName(name)
        field.currentIndexChanged.connect(self._changed)
        return field

    def _add_buttons(self, layout: QVBoxLayout) -> None:
        box = ButtonRow()
        self.print = self._button(tr("Print…"), "picture.print")
        self.print.clicked.connect(self.ask_printer)
        self.copy = self._button(tr("Copy"), "picture.copy")
        self.copy.setToolTip(tr("Put the picture on the clipboard"))
        self.copy.clicked.connect(self._copy)
        self.close_button = self._button(tr("Cancel"), "picture.close")
        self.close_button.clicked.connect(self.reject)
        self.go = self._button(tr("Export"), "picture.go")
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._export)
        roles = QDialogButtonBox.ButtonRole
        for button, role in (
            (self.print, roles.ResetRole),
            (self.copy, roles.ResetRole),
            (self.go, roles.AcceptRole),
            (self.close_button, roles.RejectRole),
        ):
            box.addButton(button, role)
        layout.addWidget(box)

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(name)
        button.setAutoDefault(False)
        return button

    # --- what is chosen ------------------------------------------------------------------------

    @property
    def _theme(self) -> Theme:
        return THEMES.get(str(self.theme.currentData()), LIGHT)

    def _picture(self) -> Picture:
        only = self._selected if self.what.currentData() == "selected" else ()
        layers = self._layers if self.marks.isChecked() else None
        return Picture(self._model, self._theme, font=self.font(), only=only, layers=layers)

    def _footer(self) -> Footer:
        today = QLocale().toString(QDate.currentDate(), QLocale.FormatType.ShortFormat)
        return Footer(self._title, today)

    def _ending(self) -> str:
        return Path(self.file.text()).suffix.lower().removeprefix(".")

    def _changed(self) -> None:
        self._soon.start()

    def _format_changed(self) -> None:
        ending = self._ending()
        self.scale.setEnabled(ending == "png" or (ending == "pdf" and self.pages.isChecked()))
        known = ending in FORMATS
        self.go.setEnabled(known)
        self._tell(
            "" if known else tr("Give the file a name that ends in .svg, .png or .pdf."), "muted"
        )

    def _tell(self, words: str, role: str) -> None:
        self.words.setText(words)
        restyle(self.words, "role", role)

    def _draw_preview(self) -> None:
        ratio = self.devicePixelRatioF()
        with self._picture() as picture:
            area = picture.area
            fits = min(_PREVIEW.width() / area.width(), _PREVIEW.height() / area.height(), 1.0)
            image = picture.image(fits * ratio, whole=False)
            self.preview.setAccessibleDescription(
                tr("{width} × {height}", width=round(area.width()), height=round(area.height()))
            )
        shown = QPixmap.fromImage(image)
        shown.setDevicePixelRatio(ratio)
        self.preview.setPixmap(shown)

    # --- what is done --------------------------------------------------------------------------

    def _choose(self) -> None:
        chosen = next((words for key, words in _FILTERS.items() if key == self._ending()), "")
        name, used = QFileDialog.getSaveFileName(
            self,
            tr("Export picture"),
            self.file.text(),
            ";;".join(tr(words) for words in _FILTERS.values()),
            tr(chosen) if chosen else "",
        )
        if name:
            endings = {tr(words): key for key, words in _FILTERS.items()}
            given = Path(name)
            named = given.suffix.lower().removeprefix(".") in FORMATS
            self.file.setText(name if named else f"{name}.{endings.get(used, 'svg')}")

    def _export(self) -> None:
        target = Path(self.file.text()).expanduser().absolute()
        try:
            save_bytes(target, self._bytes())
        except ProgramError as error:
            self._tell(said(str(error)), "error")
            return
        self.written = target
        self._tell(tr("Written to {file}", file=target), "ok")
        self.close_button.setText(tr("Close"))

    def _bytes(self) -> bytes:
        ending, scale = self._ending(), float(self.scale.currentData())
        with self._picture() as picture:
            if ending == "png":
                return picture.png(scale)
            if ending == "pdf":
                scale = scale / 2  # at 200 %, the usual choice, a card is 5 cm wide on paper
                return picture.pdf(self._footer(), spread=self.pages.isChecked(), scale=scale)
            return picture.svg(self._title)

    def _copy(self) -> None:
        with self._picture() as picture:
            QGuiApplication.clipboard().setImage(picture.image(float(self.scale.currentData())))
        self._tell(tr("The picture is on the clipboard."), "ok")

    def ask_printer(self) -> None:
        """Let the person choose a printer, and print."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setResolution(_DOTS)
        printer.setDocName(self._title)
        with self._picture() as picture:
            size = printer.pageLayout().pageSize()
            printer.setPageLayout(picture.page(size))
        dialog = QPrintDialog(printer, self)
        dialog.setObjectName("picture.printer")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._printer = printer
        dialog.accepted.connect(self._print)
        QDialog.open(dialog)  # its own `open` takes a receiver and a member in the way of C++

    def _print(self) -> None:
        self.print_on(self._printer)

    def print_on(self, printer: QPrinter) -> int:
        """Print on this printer; gives how many pages, 0 where it could not begin."""
        painter = QPainter()
        if not painter.begin(printer):
            self._tell(
                tr("The printer cannot be used. Choose another one, or export a PDF file."), "error"
            )
            return 0
        spread = self.pages.isChecked()
        with self._picture() as picture:
            scale = float(self.scale.currentData()) / 2
            count = picture.paint_pages(
                painter, printer, self._footer(), spread=spread, scale=scale
            )
        painter.end()
        turned = printer.pageLayout().orientation() == QPageLayout.Orientation.Landscape
        words = trn(
            "{n} page was sent to the printer.", "{n} pages were sent to the printer.", count
        )
        note = tr("The paper is used in landscape.") if turned else ""
        self._tell(f"{words} {note}".strip(), "ok")
        return count
