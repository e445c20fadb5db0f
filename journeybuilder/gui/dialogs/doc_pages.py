"""The documentation inside of the program: the pages of docs, read without a network."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLineEdit,
    QSplitter,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from journeybuilder.gui.forms.base import column
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.packaged import packaged

_ROLE = Qt.ItemDataRole.UserRole
_FIRST = "first-journey.md"
_FOLDERS = (
    ("", noop("Guides")),
    ("kinds", noop("Kinds of steps")),
    ("findings", noop("Problems and what to do")),
)


def pages(folder: str) -> list[tuple[str, str]]:
    """Path below the documentation and title of each page of a folder."""
    root = packaged("docs")
    found = sorted((root / folder).glob("*.md"))
    return [(path.relative_to(root).as_posix(), _title(path)) for path in found]


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.startswith("# "):
                return line[2:].strip().replace("`", "")
    return path.stem


class DocPages(Dialog):
    """A list of pages with a search, and the page."""

    def __init__(self, page: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("docs")
        self.setWindowTitle(tr("Documentation"))
        self.resize(980, 700)
        self._root = packaged("docs")
        layout = column(self, spacing=12, margins=(16, 16, 16, 12))
        split = QSplitter()
        split.setChildrenCollapsible(False)
        layout.addWidget(split, 1)
        side = QWidget()
        inside = column(side, spacing=8)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search the pages"))
        self.search.setAccessibleName(tr("Search the pages"))
        self.search.setClearButtonEnabled(True)
        inside.addWidget(self.search)
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(tr("Pages"))
        inside.addWidget(self.tree, 1)
        split.addWidget(side)
        self.page = QTextBrowser()
        self.page.setAccessibleName(tr("Page"))
        self.page.setOpenLinks(False)
        self.page.document().setDocumentMargin(12)
        self.page.anchorClicked.connect(self._follow)
        split.addWidget(self.page)
        split.setSizes([280, 700])
        split.setStretchFactor(1, 1)
        buttons = ButtonRow()
        close = buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._texts: dict[str, str] = {}
        self._fill()
        self.tree.currentItemChanged.connect(self._chosen)
        self.search.textChanged.connect(self._search)
        self.show_page(page or _FIRST)
        self.search.setFocus()

    def _fill(self) -> None:
        for folder, title in _FOLDERS:
            top = QTreeWidgetItem([tr(title)])
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.tree.addTopLevelItem(top)
            for name, words in pages(folder):
                item = QTreeWidgetItem([words])
                item.setToolTip(0, words)
                item.setData(0, _ROLE, name)
                top.addChild(item)
            top.setExpanded(folder != "findings")

    def _items(self) -> list[QTreeWidgetItem]:
        tops = [self.tree.topLevelItem(index) for index in range(self.tree.topLevelItemCount())]
        inner = [top.child(index) for top in tops if top for index in range(top.childCount())]
        return [item for item in inner if item is not None]

    def show_page(self, name: str) -> None:
        """Show a page by its path below the documentation."""
        for item in self._items():
            if item.data(0, _ROLE) == name:
                self.tree.setCurrentItem(item)
                return
        self._read(name)

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        name = item.data(0, _ROLE) if item is not None else None
        if isinstance(name, str):
            self._read(name)

    def _text(self, name: str) -> str:
        if name not in self._texts:
            try:
                self._texts[name] = (self._root / name).read_text(encoding="utf-8")
            except OSError:
                self._texts[name] = tr("This page is not there.")
        return self._texts[name]

    def _read(self, name: str) -> None:
        folder = (self._root / name).parent
        self.page.document().setBaseUrl(QUrl.fromLocalFile(f"{folder}/"))
        self.page.setSearchPaths([str(folder)])
        features = QTextDocument.MarkdownFeature.MarkdownDialectGitHub
        self.page.document().setMarkdown(self._text(name), features)
        self.page.setProperty("page", name)
        self.page.moveCursor(QTextCursor.MoveOperation.Start)
        self.page.ensureCursorVisible()

    def _follow(self, address: QUrl) -> None:
        """Another page here; addresses of the web in the browser of the system."""
        if address.scheme() in {"http", "https"}:
            QDesktopServices.openUrl(address)
            return
        here = (self._root / str(self.page.property("page"))).parent
        target = (here / address.path()).resolve()
        if target.suffix == ".md" and target.is_relative_to(self._root.resolve()):
            self.show_page(target.relative_to(self._root.resolve()).as_posix())

    def _search(self, typed: str) -> None:
        words = typed.casefold().split()
        first: QTreeWidgetItem | None = None
        for item in self._items():
            name = str(item.data(0, _ROLE))
            text = f"{item.text(0)} {self._text(name)}".casefold() if words else ""
            item.setHidden(not all(word in text for word in words))
            if (
                words
                and not item.isHidden()
                and (first is None or words[0] in item.text(0).casefold())
            ):
                first = first or item
        for index in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(index)
            if top is not None and words:
                top.setExpanded(True)
        if first is not None:
            self.tree.setCurrentItem(first)
