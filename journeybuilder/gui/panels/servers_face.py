"""How the servers panel looks: the list above, the server in front below, each with its buttons."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import RowDelegate
from journeybuilder.gui.panels.servers_doctor import DoctorPage
from journeybuilder.gui.panels.servers_list import ServersModel
from journeybuilder.gui.panels.servers_log import LogPage
from journeybuilder.gui.panels.servers_tools import ToolsPage

_LIST = 48  # pixels of the list of servers that are always seen


class ServersFace(QWidget):
    """The widgets of the panel; what they do is said by who inherits it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._build()

    @override
    def sizeHint(self) -> QSize:
        return QSize(380, 600)

    def _build(self) -> None:
        layout = column(self, spacing=0)
        head = QWidget()
        line = row(head, spacing=8, margins=(8, 8, 8, 8))
        self.add_button = _button(tr("Add…"), tr("Add a server by form, or paste its settings"))
        self.add_button.setProperty("role", "primary")
        self.ask_button = _button(tr("Ask all"), tr("Ask every server again for its tools"))
        self.stop_button = _button(tr("Stop"), tr("Stop asking; what has answered stays"))
        self.progress = label("", "muted")
        line.addWidget(self.add_button)
        line.addWidget(self.ask_button)
        line.addWidget(self.stop_button)
        line.addWidget(self.progress, 1)
        layout.addWidget(head)
        self.notice = self._make_notice()
        layout.addWidget(self.notice)
        self.model = ServersModel()
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setProperty("role", "rows")
        self._delegate = RowDelegate(self._look)
        self.list.setItemDelegate(self._delegate)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(tr("Servers of the workspace"))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setMinimumHeight(_LIST)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.addWidget(self.list)
        self._split.addWidget(self._make_details())
        self._split.setSizes([220, 420])
        self._split.setCollapsible(0, False)
        self.middle = QStackedWidget()
        self.middle.addWidget(self._split)
        self.middle.addWidget(self._make_empty())
        layout.addWidget(self.middle, 1)

    def _make_notice(self) -> QWidget:
        notice = QWidget()
        line = row(notice, spacing=8, margins=(12, 6, 8, 6))
        self.notice_words = label("", "notice", wrap=True)
        self.undo_button = _button(tr("Undo"), tr("Take the last change of a server back"))
        self.undo_button.setProperty("role", "quiet")
        line.addWidget(self.notice_words, 1)
        line.addWidget(self.undo_button)
        notice.hide()
        return notice

    def _make_empty(self) -> QWidget:
        page = QWidget()
        layout = column(page, spacing=12, margins=(24, 32, 24, 24))
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(label(tr("No servers yet"), "title"))
        words = tr(
            "An MCP server lends journeys its tools: orders, customers, calendars. Paste what the "
            "server's page says, or drop an mcp.json of another program into the workspace."
        )
        layout.addWidget(label(words, "muted", wrap=True))
        self.first_button = first = _button(
            tr("Add a server…"), tr("Add a server by form, or paste its settings")
        )
        first.setProperty("role", "primary")
        layout.addWidget(first, alignment=Qt.AlignmentFlag.AlignLeft)
        return page

    def _make_details(self) -> QWidget:
        page = QWidget()
        layout = column(page, spacing=0)
        bar = QWidget()
        line = row(bar, spacing=6, margins=(12, 8, 8, 4))
        self.title = label("", "title")
        line.addWidget(self.title, 1)
        self.start_button = _button(tr("Start"), "")
        self.end_button = _button(tr("Stop"), tr("End this server; the next use starts it again"))
        self.login_button = _button(tr("Log in…"), tr("Log in with the browser"))
        self.more_button = QToolButton()
        self.more_button.setText("\u22ef")
        self.more_button.setToolTip(tr("Change, rename, switch off, remove"))
        self.more_button.setAccessibleName(tr("More about this server"))
        for button in (self.start_button, self.end_button, self.login_button, self.more_button):
            line.addWidget(button)
        layout.addWidget(bar)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.doctor = DoctorPage()
        self.tools = ToolsPage(self._look)
        self.log = LogPage()
        self.tabs.addTab(self.doctor, tr("Doctor"))
        self.tabs.addTab(self.tools, tr("Tools"))
        self.tabs.addTab(self.log, tr("Log"))
        layout.addWidget(self.tabs, 1)
        return page


def _button(words: str, about: str) -> QPushButton:
    button = QPushButton(words)
    button.setToolTip(about)
    return button
