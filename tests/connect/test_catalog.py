from pathlib import Path

import pytest

from journeybuilder.connect.catalog import ServerState, load_catalog, save_catalog
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import OperatorError

GET = ToolDef(
    "orders",
    "get",
    title="Get",
    input_schema={"type": "object", "properties": {"id": {"type": "string"}}},
    output_schema={"type": "object"},
    annotations={"readOnlyHint": True},
)
TRACK = ToolDef("shipping", "track", description="Wo ist es? ¿Dónde?")


def ready(*tools: ToolDef) -> ServerState:
    return ServerState(tools[0].server, "ready", tools=tools)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    save_catalog(tmp_path / "state", [ready(GET), ready(TRACK)])
    assert load_catalog(tmp_path / "state") == {"orders/get": GET, "shipping/track": TRACK}


def test_a_server_that_failed_keeps_what_was_known_and_one_switched_off_does_not(
    tmp_path: Path,
) -> None:
    save_catalog(tmp_path, [ready(GET), ready(TRACK)])
    save_catalog(tmp_path, [ServerState("orders", "failed"), ServerState("shipping", "disabled")])
    assert load_catalog(tmp_path) == {"orders/get": GET}


def test_a_server_that_was_not_asked_keeps_its_tools(tmp_path: Path) -> None:
    save_catalog(tmp_path, [ready(GET)])
    save_catalog(tmp_path, [ready(TRACK)])
    assert set(load_catalog(tmp_path)) == {"orders/get", "shipping/track"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 1}',
        '{"version": 2, "servers": {"a": [{"name": "b"}]}}',
        '{"version": 1, "servers": {"a": 5, "b": [1, {}, {"name": 3}]}}',
        "[" * 100_000,
        "\udcff",
    ],
)
def test_a_broken_file_is_an_empty_catalog(tmp_path: Path, text: str) -> None:
    (tmp_path / "catalog.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert load_catalog(tmp_path) == {}
    save_catalog(tmp_path, [ready(GET)])
    assert load_catalog(tmp_path)["orders/get"] == GET


def test_parts_of_the_wrong_form_take_their_defaults(tmp_path: Path) -> None:
    text = '{"version": 1, "servers": {"a": [{"name": "b", "inputSchema": 1, "annotations": []}]}}'
    (tmp_path / "catalog.json").write_text(text, encoding="utf-8")
    assert load_catalog(tmp_path) == {"a/b": ToolDef("a", "b")}


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file", encoding="utf-8")
    with pytest.raises(OperatorError, match="the catalog of tools cannot be written"):
        save_catalog(tmp_path / "state", [ready(GET)])


def test_nothing_but_the_catalog_is_left_in_the_folder(tmp_path: Path) -> None:
    save_catalog(tmp_path, [ready(GET)])
    assert [file.name for file in tmp_path.iterdir()] == ["catalog.json"]
