"""A window for tests: a workspace on disk, the real bridge, real servers; nothing is left behind."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.windows import Windows
from journeybuilder.gui.workspace.consent import consent_digest

SERVERS = Path(__file__).parent / "servers"
PARCELS = {"parcels": {"command": "${python}", "args": [str(SERVERS / "parcels.py")]}}
PATIENCE = 20_000

JOURNEY = """\
journeybuilder: 1
# where is it?
journey: parcel
title: Where is my parcel
start: greet
nodes:
  greet: {kind: say, text: "Hello!", next: number}   # be kind
  number:
    kind: ask
    text: What is its number?
    save: number
    next: done
  done: {kind: end, outcome: resolved}
"""


def make_workspace(
    root: Path, servers: Mapping[str, Any] | None = None, journey: str = JOURNEY
) -> Path:
    """A workspace with one journey."""
    (root / "journeys").mkdir(parents=True)
    (root / "journeybuilder.yaml").write_text(
        "journeybuilder: 1\nworkspace: test\nenvironments: {dev: {}}\nqueues: [desk]\n",
        encoding="utf-8",
    )
    (root / "models.yaml").write_text(
        "models:\n  fast: {model: scripted, region: on-prem}\n", encoding="utf-8"
    )
    (root / "mcp.json").write_text(json.dumps({"mcpServers": servers or {}}), encoding="utf-8")
    (root / "journeys" / "parcel.journey.yaml").write_text(journey, encoding="utf-8")
    return root


class Desk:
    """The program as a person has it in front of them."""

    def __init__(self, qtbot: QtBot, tmp_path: Path) -> None:
        self.qtbot = qtbot
        self.settings = UserSettings(tmp_path / "settings.json")
        self.bridge = Bridge()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.look = Look(app, "light")
        self.windows = Windows(self.look, self.settings, self.bridge)
        self.window = self.windows.make()

    def __enter__(self) -> Self:
        self.bridge.start()
        self.window.resize(1280, 800)
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        return self

    def open(self, root: Path, *, allow: bool = True) -> JourneyTab:
        """Open a workspace; its servers may be started unless said otherwise."""
        assert self.window.files.open_path(root)
        space = self.window.files.workspace
        assert space is not None
        if allow:
            self.settings.consent(consent_digest(str(space.root), space.workspace.servers))
        tab = self.window.tab
        assert tab is not None
        self.qtbot.waitUntil(tab.canvas.isVisible)
        QApplication.processEvents()
        return tab

    @property
    def model(self) -> JourneyModel:
        """The journey in front."""
        assert self.window.tab is not None
        return self.window.tab.model

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the program go on until something holds."""
        self.qtbot.waitUntil(holds, timeout=PATIENCE)

    def write(self, widget: QWidget, text: str) -> None:
        """Put the focus into a field and type."""
        widget.setFocus()
        QTest.keyClicks(widget, text)

    def key(
        self,
        widget: QWidget,
        key: Qt.Key,
        keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press a key."""
        QTest.keyClick(widget, key, keys)

    def click(self, widget: QWidget) -> None:
        """Click in the middle of a widget."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.window.files.leave()
        stopped = self.bridge.stop()
        self.window.hide()
        self.windows.let_go()
        self.look.dispose()
        self.window.deleteLater()
        self.bridge.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setStyleSheet("")  # it names files of the look that is gone
        assert stopped, "the bridge did not stop in time"
