"""Types into the YAML panel of a window, as a child process that is killed while the text is broken.

Arguments: the workspace, a folder for settings, the words to type.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.window import MainWindow


def main() -> None:
    root, settings, words = sys.argv[1:]
    app = QApplication([])
    bridge = Bridge()
    bridge.start()
    window = MainWindow(Look(app, "light"), UserSettings(Path(settings) / "s.json"), bridge)
    window.show()
    window.files.open_path(Path(root))
    window.docks.go("yaml")
    area = window.docks.yaml.area
    area.selectAll()
    for letter in words:
        QTest.keyClicks(area, letter)
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
    print("typed", flush=True)
    app.exec()


main()
