"""The model picker and the form of models.yaml."""

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from journeybuilder.connect.price_list import listed
from journeybuilder.gui.forms.base import FormContext
from journeybuilder.gui.forms.model_pick import ModelEditor
from journeybuilder.gui.panels.models import ModelsDialog
from tests.gui.desk import Desk, make_workspace

MODELS = """\
models:
  fast: {model: openai/gpt-5-mini, region: us, retention: 30d}   # cheap
  # for what matters
  careful: {model: anthropic/claude-sonnet-4-5, region: eu, retention: none}
"""
ASKING = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: sum
nodes:
  sum: {kind: generate, model: fast, instructions: Be short, save: s, next: done}
  done: {kind: end, outcome: resolved}
"""


def test_prices_come_from_the_list_without_importing_the_library() -> None:
    before = "litellm" in sys.modules
    price = listed("openai/gpt-5-mini").price
    assert price is not None
    assert 0 < price.into < price.out
    assert listed("nobody/nothing").price is None
    assert ("litellm" in sys.modules) == before


def test_a_model_is_shown_with_its_facts_and_a_broken_one_cannot_be_chosen(qtbot: QtBot) -> None:
    asked: list[tuple[str, str]] = []
    context = FormContext(
        models={
            "fast": {"model": "openai/gpt-5-mini", "region": "eu", "retention": "30d"},
            "empty": {"region": "eu"},
        },
        environments={"prod": {"models": {"fast": "careful"}}},
        model_uses=lambda _alias: 3,
        request=lambda what, name: asked.append((what, name)),
    )
    editor = ModelEditor(("model",), context, optional=False)
    qtbot.addWidget(editor)
    editor.show_value("fast")
    facts = editor.shown_facts
    assert facts["Runs in"] == "eu"
    assert facts["In prod"] == "careful stands in"
    assert facts["Used in"] == "3 places"
    assert "per 1M tokens" in facts["Price"]
    assert facts["One call"].startswith("about $0.0")
    items = editor.combo.model()
    assert isinstance(items, QStandardItemModel)
    assert not items.item(editor.combo.findData("empty")).isEnabled()
    assert items.item(editor.combo.findData("fast")).isEnabled()
    editor.show()
    QTest.mouseClick(editor.edit, Qt.MouseButton.LeftButton)
    assert asked == [("model", "fast")]


def test_an_alias_is_changed_with_undo_and_the_file_keeps_its_comments(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=ASKING)
    (root / "models.yaml").write_text(MODELS, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        space = desk.window.files.workspace
        assert space is not None
        dialog = ModelsDialog(space, [desk.model.journey], "fast", desk.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        assert "Where is my parcel (1)" in dialog.moves.text()
        assert not dialog.remove.isEnabled(), "a journey uses it"
        assert not dialog.keep.isEnabled(), "nothing has changed"
        form = dialog.findChild(type(dialog._form))
        form.editor("model").focus_path(("model",))
        QApplication.focusWidget().selectAll()
        QTest.keyClicks(QApplication.focusWidget(), "openai/gpt-5")
        assert dialog.keep.isEnabled()
        desk.click(dialog.back)
        assert dialog.entries.models["fast"]["model"] == "openai/gpt-5-mini"
        desk.click(dialog.again)
        desk.click(dialog.keep)
        text = (root / "models.yaml").read_text(encoding="utf-8")
        assert text == MODELS.replace("gpt-5-mini", "gpt-5")
        assert desk.model.known.models["fast"]["model"] == "openai/gpt-5"


def test_a_new_alias_without_a_model_is_not_saved(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=ASKING)
    (root / "models.yaml").write_text(MODELS, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.form_context(desk.model).request("model", "")
        dialog = desk.window.findChild(ModelsDialog)
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        assert dialog.name.text() == "model"
        assert not dialog.keep.isEnabled()
        assert "does not say which model" in dialog.words.text()
        (root / "models.yaml").write_text(MODELS + "  other: {model: scripted}\n", encoding="utf-8")
        form = dialog.findChild(type(dialog._form))
        form.editor("model").focus_path(("model",))
        QTest.keyClicks(QApplication.focusWidget(), "scripted")
        desk.click(dialog.keep)
        assert "somebody else" in dialog.words.text(), "nobody's change is written over"
        dialog.close()
