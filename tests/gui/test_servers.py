"""Servers that behave and servers that do not, as a person sees them: palette, panel, dialogs."""

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.document.jsonc import load_jsonc
from journeybuilder.gui.canvas.model import NODE_MIME
from journeybuilder.gui.panels.palette import PalettePanel
from journeybuilder.gui.panels.palette_model import Row
from journeybuilder.gui.panels.palette_search import MOST
from journeybuilder.gui.panels.server_dialog import ServerDialog
from journeybuilder.gui.panels.servers import ServersPanel
from journeybuilder.gui.workspace.consent import ConsentDialog
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel
from tests.gui.desk import PARCELS, SERVERS, Desk, make_workspace

ORDER_JOURNEY = """\
journeybuilder: 1
journey: parcel
title: Where is my order
input: {properties: {order_id: {type: string}}}
start: hello
nodes:
  hello: {kind: say, text: "Hello!", next: done}
  done: {kind: end, outcome: resolved}
"""


def wayward(how: str, *more: str, **facts: Any) -> dict[str, Any]:
    """The entry of a server that misbehaves."""
    command = {"command": "${python}", "args": [str(SERVERS / "wayward.py"), how, *more]}
    return {"timeout": 4, **command, **facts}


def the_store(*_: object) -> str:
    """The name that a person gives."""
    return "store"


def allow(desk: Desk) -> None:
    """Allow the start in the dialog."""
    dialog = desk.window.findChild(ConsentDialog)
    assert dialog is not None
    button = dialog.findChild(QPushButton, "allow")
    assert button is not None
    desk.click(button)


def space_of(desk: Desk) -> WorkspaceModel:
    space = desk.window.files.workspace
    assert space is not None
    return space


def palette(desk: Desk) -> PalettePanel:
    return desk.window.docks.palette


def panel(desk: Desk) -> ServersPanel:
    desk.window.docks.go("servers")
    found = desk.window.docks.panel("servers")
    assert isinstance(found, ServersPanel)
    return found


def rows(desk: Desk) -> dict[str, Row]:
    """Every row of the palette by its key."""
    every = [inner for row in palette(desk).model.rows for inner in (row, *row.children)]
    return {row.key: row for row in every if row.key}


def index(desk: Desk, key: str) -> QModelIndex:
    found = palette(desk).model.find(key)
    assert found.isValid(), key
    return found


def click_row(desk: Desk, key: str) -> None:
    tree = palette(desk).tree
    tree.scrollTo(index(desk, key))
    place = tree.visualRect(index(desk, key)).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)


def press(desk: Desk, key: str, what: Qt.Key) -> None:
    tree = palette(desk).tree
    desk.window.activateWindow()
    desk.until(desk.window.isActiveWindow)
    tree.setCurrentIndex(index(desk, key))
    tree.setFocus()
    desk.key(tree, what)


@pytest.mark.parametrize(
    ("how", "why"), [("hang", "did not answer"), ("die", "exit status 7")], ids=["hang", "die"]
)
def test_a_server_that_hangs_or_dies_says_so_in_its_row_and_can_be_tried_again(
    qtbot: QtBot, tmp_path: Path, how: str, why: str
) -> None:
    root = make_workspace(tmp_path / "space", {**PARCELS, how: wayward(how, timeout=2)})
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        space = space_of(desk)
        assert "connecting" in palette(desk).model.rows[-1].roles.values() or space.asking
        desk.until(lambda: not space.asking)
        desk.until(lambda: {f"why:{how}", "tool:parcels/find"} <= set(rows(desk)))
        found = rows(desk)
        assert why in found[f"why:{how}"].title
        press(desk, f"retry:{how}", Qt.Key.Key_Return)
        assert space.servers[how].state == "connecting"
        assert space.servers["parcels"].state == "ready"
        desk.until(lambda: space.servers[how].state == "failed")


def test_stopping_a_discovery_is_seen_at_once_and_what_has_answered_stays(
    qtbot: QtBot, tmp_path: Path
) -> None:
    servers = {**PARCELS, **{f"hang{n}": wayward("hang", timeout=60) for n in range(6)}}
    root = make_workspace(tmp_path / "space", servers)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        space = space_of(desk)
        desk.until(lambda: space.servers["parcels"].ok)
        desk.until(palette(desk).stop_button.isVisible)
        desk.until(lambda: "1 of 7" in palette(desk).progress.text())
        desk.click(palette(desk).stop_button)
        assert not space.asking
        assert space.servers["hang0"].state == "stopped"
        assert space.servers["hang5"].state == "stopped"
        assert palette(desk).refresh_button.isEnabled()
        desk.until(lambda: "tool:parcels/find" in rows(desk))
        assert "retry:hang5" in rows(desk)
        desk.until((root / ".journeybuilder" / "catalog.json").exists)


def test_ten_thousand_tools_are_a_bounded_list_and_a_search_finds_every_one(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", {"flood": wayward("flood", timeout=20)})
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        desk.until(lambda: "more:flood" in rows(desk))
        found = rows(desk)
        assert len([key for key in found if key.startswith("tool:")]) == 100
        assert "9,900" in found["more:flood"].title
        press(desk, "more:flood", Qt.Key.Key_Return)
        search = palette(desk).search
        assert search.hasFocus()
        QTest.keyClicks(search, "09876")
        desk.until(lambda: list(rows(desk)) == ["tool:flood/tool_09876"])
        search.selectAll()
        QTest.keyClicks(search, "tool_0")
        desk.until(lambda: "9,940" in palette(desk).model.rows[-1].title)
        assert len(palette(desk).model.rows) == MOST + 1


def test_a_giant_description_and_noise_on_stdout_hurt_nobody(qtbot: QtBot, tmp_path: Path) -> None:
    servers = {"giant": wayward("giant", timeout=20), "noise": wayward("noise")}
    root = make_workspace(tmp_path / "space", servers)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        space = space_of(desk)
        desk.until(lambda: not space.asking)
        desk.until(lambda: "tool:noise/get_order" in rows(desk))
        said = [row for key, row in rows(desk).items() if "giant" in key]
        assert all(len(row.tip) < 5000 for row in said)
        servers_panel = panel(desk)
        servers_panel.select("noise")
        servers_panel.tabs.setCurrentWidget(servers_panel.log)
        desk.until(lambda: "friendly server" in servers_panel.log.text.toPlainText())
        assert "\x1b" not in servers_panel.log.text.toPlainText()


def test_the_palette_follows_a_server_that_changes_its_tools_and_so_does_the_catalog(
    qtbot: QtBot, tmp_path: Path
) -> None:
    number = tmp_path / "number"
    number.write_text("1", encoding="utf-8")
    root = make_workspace(tmp_path / "space", {"grow": wayward("grow", str(number))})
    catalog = root / ".journeybuilder" / "catalog.json"
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        desk.until(lambda: "tool:grow/grown_0" in rows(desk))
        desk.until(lambda: not space_of(desk).asking)
        number.write_text("3", encoding="utf-8")
        desk.until(lambda: "tool:grow/grown_2" in rows(desk))
        assert "grow/grown_2" in desk.model.known.tools
        desk.until(lambda: "grown_2" in catalog.read_text(encoding="utf-8"))


def test_a_tool_begins_with_what_the_journey_has_for_it(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", {"shop": wayward("plain")}, ORDER_JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        desk.until(lambda: "tool:shop/get_order" in rows(desk))
        press(desk, "tool:shop/get_order", Qt.Key.Key_Return)
        node = desk.model.journey.nodes["get_order"]
        assert node.settings["tool"] == "shop/get_order"
        assert node.settings["with"] == {"order_id": "${input.order_id}"}
        assert node.settings["save"] == "order"
        data = palette(desk).model.mimeData([index(desk, "tool:shop/get_order")])
        dragged = json.loads(bytes(data.data(NODE_MIME).data()))
        assert dragged["settings"]["with"] == {"order_id": "${input.order_id}"}
        assert "save" not in dragged["settings"]  # the journey has such a variable now


def test_a_star_brings_a_tool_to_the_top_and_is_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", {"shop": wayward("plain")})
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        desk.until(lambda: "tool:shop/get_order" in rows(desk))
        press(desk, "tool:shop/get_order", Qt.Key.Key_Space)
        assert palette(desk).model.rows[1].key == "tool:shop/get_order"
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        assert palette(desk).model.rows[1].key == "tool:shop/get_order"
        press(desk, "tool:shop/get_order", Qt.Key.Key_Space)
        assert palette(desk).model.rows[1].key != "tool:shop/get_order"


def test_what_is_used_often_comes_first_in_a_search(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", {"shop": wayward("plain"), "mall": wayward("plain")})
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        desk.until(lambda: {"tool:mall/get_order", "tool:shop/get_order"} <= set(rows(desk)))
        press(desk, "tool:mall/get_order", Qt.Key.Key_Return)
        desk.write(palette(desk).search, "get_order")
        desk.until(lambda: len(palette(desk).model.rows) == 2)
        assert palette(desk).model.rows[0].key == "tool:mall/get_order"


def test_a_changed_tool_is_marked_and_accepting_it_pins_it_as_the_lock_command_does(
    qtbot: QtBot, tmp_path: Path
) -> None:
    journey = ORDER_JOURNEY.replace(
        'text: "Hello!", next: done', 'text: "Hello!", next: look'
    ).replace("  done:", "  look: {kind: tool, tool: shop/get_order, next: done}\n  done:")
    root = make_workspace(tmp_path / "space", {"shop": wayward("plain")}, journey)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        desk.until(lambda: not space_of(desk).asking)
        servers = panel(desk)
        servers.tabs.setCurrentWidget(servers.tools)
        desk.click(servers.tools.accept)
        lock = root / "mcp.lock"
        assert "shop/get_order" in lock.read_text(encoding="utf-8")
        old = lock.read_text(encoding="utf-8").replace("Finds an order.", "Other words.")
        lock.write_text(old.replace("order_id", "order"), encoding="utf-8")
        space_of(desk).reload()
        entry = rows(desk)["tool:shop/get_order"].entry
        assert entry is not None
        assert entry.drift == "breaking"
        text = servers.tools.about.toPlainText()
        assert "order_id" in text
        assert "parcel › look" in text
        desk.click(servers.tools.accept)
        entry = rows(desk)["tool:shop/get_order"].entry
        assert entry is not None
        assert not entry.drift
        desk.click(servers.undo_button)
        assert "Other words." in lock.read_text(encoding="utf-8")


def test_the_risk_of_a_tool_is_changed_in_place_and_kept_in_the_workspace(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", {"shop": wayward("plain")})
    file = root / "journeybuilder.yaml"
    file.write_text("# of the shop\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        desk.until(lambda: not space_of(desk).asking)
        servers = panel(desk)
        servers.tabs.setCurrentWidget(servers.tools)
        table = servers.tools.table
        table.setFocus()
        table.setCurrentIndex(servers.tools.model.index(0, 1))
        desk.key(table, Qt.Key.Key_F2)
        box = table.findChild(QComboBox)
        assert box is not None
        box.setFocus()
        QTest.keyClicks(box, "irr")
        desk.key(box, Qt.Key.Key_Return)
        desk.until(lambda: "irreversible" in file.read_text(encoding="utf-8"))
        assert file.read_text(encoding="utf-8").startswith("# of the shop\n")
        assert space_of(desk).risks()["shop/get_order"] == "irreversible"
        servers.undo()
        assert "irreversible" not in file.read_text(encoding="utf-8")


def test_removing_a_server_says_what_uses_it_keeps_comments_and_can_be_taken_back(
    qtbot: QtBot, tmp_path: Path
) -> None:
    journey = ORDER_JOURNEY.replace(
        '{kind: say, text: "Hello!", next: done}',
        "{kind: tool, tool: shop/get_order, next: done}",
    )
    root = make_workspace(tmp_path / "space", {}, journey)
    text = (
        '{\n  // of us\n  "mcpServers": {\n    "shop": '
        + json.dumps(wayward("plain"))
        + ', // the shop\n    "old": {"command": "x", "disabled": true}\n  }\n}\n'
    )
    file = root / "mcp.json"
    file.write_text(text, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        servers = panel(desk)
        servers.select("shop")
        desk.window.registry.run("servers.remove")
        assert "parcel" in servers.notice_words.text()
        left = file.read_text(encoding="utf-8")
        assert "// of us" in left
        assert list(load_jsonc(left).value["mcpServers"]) == ["old"]
        desk.click(servers.undo_button)
        assert file.read_text(encoding="utf-8") == text
        assert list(space_of(desk).servers) == ["shop", "old"]


def test_renaming_a_server_follows_into_journeys_lock_and_settings(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = ORDER_JOURNEY.replace(
        '{kind: say, text: "Hello!", next: done}',
        "{kind: tool, tool: shop/get_order, next: done}  # looks it up",
    )
    root = make_workspace(tmp_path / "space", {"shop": wayward("plain")}, journey)
    monkeypatch.setattr("journeybuilder.gui.look.questions.ask_name", the_store)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        edits = desk.window.serving.edits
        assert edits is not None
        edits.set_risk("shop/get_order", "read")
        panel(desk)
        desk.window.registry.run("servers.rename")
        assert list(space_of(desk).servers) == ["store"]
        text = (root / "journeys" / "parcel.journey.yaml").read_text(encoding="utf-8")
        assert "store/get_order" in text
        assert "# looks it up" in text
        assert "store/get_order" in (root / "journeybuilder.yaml").read_text(encoding="utf-8")
        dialog = desk.window.findChild(ConsentDialog)
        if dialog is not None:
            dialog.reject()


def test_a_pasted_token_goes_into_the_keyring_and_never_into_the_file(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, str] = {}

    class Ring:
        """A keyring in memory."""

        priority = 5

        def get_password(self, service: str, name: str) -> str | None:
            return kept.get(f"{service}/{name}")

        def set_password(self, service: str, name: str, value: str) -> None:
            kept[f"{service}/{name}"] = value

        def delete_password(self, service: str, name: str) -> None:
            del kept[f"{service}/{name}"]

    monkeypatch.setattr("keyring.get_keyring", Ring)
    root = make_workspace(tmp_path / "space", {})
    token = "ghp_" + "a" * 36
    pasted = {"mcpServers": {"git hub": wayward("plain", env={"GITHUB_TOKEN": token})}}
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        servers = panel(desk)
        desk.click(servers.first_button)
        dialog = servers.findChild(ServerDialog)
        assert dialog is not None
        QApplication.clipboard().setText(json.dumps(pasted))
        dialog.paste.setFocus()
        desk.key(dialog.paste, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        desk.until(lambda: "git-hub" in dialog.preview.toPlainText())
        assert token not in dialog.preview.toPlainText()
        desk.click(dialog.go)
        desk.until(lambda: "git-hub" in space_of(desk).servers)
        text = (root / "mcp.json").read_text(encoding="utf-8")
        assert token not in text
        assert "${secret:GITHUB_TOKEN}" in text
        assert kept == {"journeybuilder/GITHUB_TOKEN": token}
        allow(desk)
        desk.until(lambda: space_of(desk).servers["git-hub"].ok)


def test_only_a_new_command_asks_for_consent_and_the_others_start_at_once(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", {"shop": wayward("plain")})
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        desk.until(lambda: space_of(desk).servers["shop"].ok)
        edits = desk.window.serving.edits
        assert edits is not None
        edits.add({"mall": wayward("plain")})
        assert space_of(desk).servers["shop"].ok  # its entry is the same, so it lives on
        desk.window.files.discover()
        dialog = desk.window.findChild(ConsentDialog)
        assert dialog is not None
        assert "1" in dialog.windowTitle()
        assert space_of(desk).servers["mall"].state == "idle"
        allow(desk)
        desk.until(lambda: space_of(desk).servers["mall"].ok)


def test_the_doctor_says_what_is_wrong_and_offers_to_store_what_is_missing(
    qtbot: QtBot, tmp_path: Path
) -> None:
    entry = {"url": "http://127.0.0.1:9/mcp", "headers": {"X-Key": "${secret:NO_SUCH_KEY}"}}
    root = make_workspace(tmp_path / "space", {"web": entry})
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        desk.until(lambda: space_of(desk).servers["web"].state == "failed")
        servers = panel(desk)
        desk.until(lambda: any(said.tone == "wrong" for said in servers.doctor.lines))
        words = [button.text() for button in servers.doctor.findChildren(QPushButton)]
        assert any("NO_SUCH_KEY" in one for one in words)


def test_a_server_is_added_by_form_with_keys_alone(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", {})
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        servers = panel(desk)
        desk.window.registry.run("servers.add")
        dialog = servers.findChild(ServerDialog)
        assert dialog is not None
        dialog.tabs.setCurrentWidget(dialog.form)
        desk.write(dialog.form.name, "shop")
        desk.key(dialog.form.name, Qt.Key.Key_Return)
        assert dialog.problem.isVisible()  # neither a command nor an address
        desk.write(dialog.form.command, "${python}")
        for word in (str(SERVERS / "wayward.py"), "plain"):
            dialog.form.args.add_button.setFocus()
            desk.key(dialog.form.args.add_button, Qt.Key.Key_Space)
            focused = dialog.focusWidget()
            assert focused is not None
            QTest.keyClicks(focused, word)
        desk.key(dialog.form.command, Qt.Key.Key_Return)
        entry = json.loads((root / "mcp.json").read_text(encoding="utf-8"))["mcpServers"]["shop"]
        assert entry == {"command": "${python}", "args": [str(SERVERS / "wayward.py"), "plain"]}
        consent = desk.window.findChild(ConsentDialog)
        assert consent is not None
        consent.reject()


def test_the_menu_of_a_row_and_a_click_on_its_star_work_with_the_mouse(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", {"shop": wayward("plain")})
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        key = "kind:say"
        tree = palette(desk).tree
        place = tree.visualRect(index(desk, key))
        star = QPoint(place.right() - 12, place.center().y())
        QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=star)
        assert palette(desk).model.rows[1].key == key
        assert desk.model.node_ids() == ["greet", "number", "done"]
        click_row(desk, "retry:shop")
        desk.until(lambda: "tool:shop/get_order" in rows(desk))
