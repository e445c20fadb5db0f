from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.contract.json import canonical
from journeybuilder.document.tree import load
from journeybuilder.document.workspace import Workspace, read_workspace
from journeybuilder.document.write import dump
from journeybuilder.errors import AuthorError
from journeybuilder.host import known_of
from journeybuilder.packaged import packaged
from journeybuilder.plan.bundle import Bundle, build
from journeybuilder.plan.plan import make_plan
from tests.fakes import TOOLS, write_files

JOURNEY = """\
journeybuilder: 1
journey: sale
start: a
nodes:
  a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: order, next: b}
  b: {kind: generate, model: fast, prompt: Hi, next: c}
  c: {kind: handoff, to: desk, next: z}
  z: {kind: end}
"""
FILES = {
    "journeybuilder.yaml": """\
journeybuilder: 1
workspace: shop
environments:
  dev: {models: {fast: rehearse}, store: "sqlite:///dev.db"}
  prod: {require_signature: true}
  wrong: {models: {fast: rehersal}}
servers:
  orders: {trust: own, region: eu}
queues: [desk]
tools:
  orders/get_order: {idempotent: true, data: {total: internal}}
  shipping/void_label: {risk: write}
""",
    "mcp.json": """{"mcpServers": {
      "orders": {"command": "orders", "env": {"TOKEN": "${secret:ORDERS}"}},
      "shipping": {"command": "shipping"}}}""",
    "models.yaml": """\
models:
  fast: {model: openai/gpt-5-mini, fallbacks: [slow]}
  slow: {model: ollama/llama3.1, fallbacks: [fast]}
  other: {model: openai/gpt-5}
  rehearse: {model: scripted}
""",
    "journeys/sale.journey.yaml": JOURNEY,
    "journeys/sale.layout.yaml": "journeybuilder: 1\nlayout: sale\nnodes:\n  a: {at: [4711, 0]}\n",
}


def lock(tools: Mapping[str, Any] = TOOLS) -> str:
    entries = {name: {"digest": tool.digest(), **tool.definition()} for name, tool in tools.items()}
    return dump({"journeybuilder": 1, "tools": entries})


def shop(root: Path, **changed: str) -> Workspace:
    files = {**FILES, "mcp.lock": lock()}
    files |= changed
    return read_workspace(write_files(root, files))


def bundle(root: Path, env: str = "", **changed: str) -> Bundle:
    workspace = shop(root, **changed)
    return build(workspace, "sale", known_of(workspace), env)


def test_a_bundle_holds_only_what_the_journey_uses(tmp_path: Path) -> None:
    data = bundle(tmp_path).data
    assert list(data["tools"]) == ["orders/get_order"]
    assert list(data["servers"]) == ["orders"]
    assert data["servers"]["orders"]["region"] == "eu"
    assert data["tools"]["orders/get_order"]["digest"] == TOOLS["orders/get_order"].digest()
    assert data["tools"]["orders/get_order"]["data"] == {"total": "internal"}
    assert data["queues"] == ["desk"]


def test_a_bundle_holds_no_layout_and_no_value_of_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERS", "hunter2-hunter2")
    text = canonical(bundle(tmp_path).data)
    assert "4711" not in text
    assert "layout" not in text
    assert "hunter2" not in text
    assert "${secret:ORDERS}" in text


def test_the_environment_decides_what_an_alias_stands_for(tmp_path: Path) -> None:
    dev = bundle(tmp_path)
    assert dev.models == {"fast": {"model": "scripted"}}
    assert dev.environment == "dev"
    assert dev.data["environment"] == {"name": "dev", "store": "sqlite:///dev.db"}
    prod = bundle(tmp_path, "prod")
    assert list(prod.models) == ["fast", "slow"]
    assert prod.models["fast"]["model"] == "openai/gpt-5-mini"
    assert prod.data["environment"] == {"name": "prod", "require_signature": True}


def test_an_alias_that_is_bound_to_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match="binds 'fast' to 'rehersal'") as caught:
        bundle(tmp_path, "wrong")
    assert caught.value.hint == "Did you mean 'rehearse'?"


def test_an_unknown_environment_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match="there is no environment 'prd'") as caught:
        bundle(tmp_path, "prd")
    assert (caught.value.where, caught.value.hint) == ("shop", "Did you mean 'prod'?")


def test_an_unknown_journey_is_refused_with_the_nearest(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    with pytest.raises(AuthorError, match="there is no journey 'sail'") as caught:
        build(workspace, "sail", known_of(workspace))
    assert caught.value.hint == "Did you mean 'sale'?"


def test_a_tool_whose_definition_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        AuthorError, match="the definition of tool 'orders/get_ordr' is not known"
    ) as caught:
        bundle(tmp_path, **{
            "journeys/sale.journey.yaml": JOURNEY.replace("get_order", "get_ordr")})  # fmt: skip
    assert caught.value.hint == "Did you mean 'orders/get_order'?"


def test_the_tool_that_takes_a_call_back_is_in_the_bundle_too(tmp_path: Path) -> None:
    undo = "undo: {tool: shipping/void_label, with: {label_id: L-1}}, next: b}"
    found = bundle(tmp_path, **{"journeys/sale.journey.yaml": JOURNEY.replace("next: b}", undo)})
    assert list(found.tools) == ["orders/get_order", "shipping/void_label"]
    assert list(found.servers) == ["orders", "shipping"]


def test_a_hint_of_a_server_does_not_become_a_fact_of_ours(tmp_path: Path) -> None:
    hinted = TOOLS["orders/get_order"].definition() | {"annotations": {"readOnlyHint": True}}
    tool = TOOLS["orders/get_order"].from_definition("orders", hinted)
    found = bundle(tmp_path, **{"mcp.lock": lock({tool.id: tool})})
    assert "risk" not in found.data["tools"]["orders/get_order"]
    assert found.facts["orders/get_order"].risk is None


def test_a_fact_of_ours_goes_into_the_bundle_as_strict_as_the_hints_make_it(tmp_path: Path) -> None:
    hinted = TOOLS["orders/get_order"].definition() | {"annotations": {"readOnlyHint": False}}
    tool = TOOLS["orders/get_order"].from_definition("orders", hinted)
    settings = FILES["journeybuilder.yaml"].replace("{idempotent: true,", "{risk: read,")
    found = bundle(tmp_path, **{"mcp.lock": lock({tool.id: tool}), "journeybuilder.yaml": settings})
    assert found.facts["orders/get_order"].risk == "write"


def test_the_digest_is_over_the_meaning_and_not_over_who_built_it(tmp_path: Path) -> None:
    first = bundle(tmp_path)
    other = Bundle({**first.data, "built": {"by": "somebody else"}})
    assert other.digest == first.digest
    changed = bundle(tmp_path, **{"journeys/sale.journey.yaml": JOURNEY.replace("O-1", "O-2")})
    assert changed.digest != first.digest


def test_comments_and_positions_change_no_digest(tmp_path: Path) -> None:
    first = bundle(tmp_path)
    moved = {"journeys/sale.layout.yaml": "journeybuilder: 1\nlayout: sale\nnodes: {}\n"}
    commented = {"journeys/sale.journey.yaml": "# a comment\n" + JOURNEY}
    assert bundle(tmp_path, **moved, **commented).digest == first.digest


def test_a_bundle_that_was_written_and_read_again_is_the_same(tmp_path: Path) -> None:
    found = bundle(tmp_path)
    tree = load(dump(found.data), "sale.bundle.yaml")
    assert tree.findings == []
    again = Bundle(tree.value)
    assert again.data == found.data
    assert make_plan(again).digest == found.digest


@pytest.mark.parametrize("journey", ["order-return", "where-is-my-order"])
def test_the_journeys_of_the_sample_can_be_bundled_and_planned(journey: str) -> None:
    workspace = read_workspace(packaged("samples") / "retail")
    plan = make_plan(build(workspace, journey, known_of(workspace)))
    assert set(plan.nodes) == set(workspace.journeys[journey].journey.nodes)
    assert plan.journey.id == journey


def with_value(value: str) -> str:
    return JOURNEY.replace("order_id: O-1", f"order_id: {value}")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"journeys/sale.journey.yaml": with_value(".nan")}, "JB109"),
        ({"journeys/sale.journey.yaml": with_value("{x: 1, x: 2}")}, "sale.journey.yaml:5"),
        ({"models.yaml": f"{FILES['models.yaml']}models: {{}}\n"}, "models.yaml:6"),
    ],
)
def test_a_file_with_an_error_in_its_form_is_never_bundled(
    tmp_path: Path, changed: dict[str, str], words: str
) -> None:
    workspace = shop(tmp_path, **changed)
    with pytest.raises(AuthorError, match=words):
        build(workspace, "sale", known_of(workspace))


def test_an_error_in_another_journey_keeps_nobody_from_running_this_one(tmp_path: Path) -> None:
    other = "journeybuilder: 1\njourney: u\nstart: [\n"
    workspace = shop(tmp_path, **{"journeys/u.journey.yaml": other})
    assert build(workspace, "sale", known_of(workspace)).journey_id == "sale"


CALLS = """\
journeybuilder: 1
journey: sale
start: a
nodes:
  a: {kind: journey, journey: pack, next: z}
  z: {kind: end}
"""
PACK = """\
journeybuilder: 1
journey: pack
start: a
nodes:
  a: {kind: tool, tool: shipping/void_label, with: {label_id: L}, next: b}
  b: {kind: generate, model: other, prompt: Hi, next: c}
  c: {kind: resource, resource: "kb/articles://x", next: d}
  d: {kind: journey, journey: sale, next: z}
  z: {kind: end}
"""


def calling(tmp_path: Path, **more: str) -> Workspace:
    servers = """{"mcpServers": {"orders": {"command": "o"}, "shipping": {"command": "s"},
                 "kb": {"command": "k"}}}"""
    files = {**FILES, "journeys/sale.journey.yaml": CALLS, "mcp.json": servers, "mcp.lock": lock()}
    return read_workspace(write_files(tmp_path, {**files, **more}))


def test_a_bundle_holds_every_journey_that_is_called_and_what_these_use(tmp_path: Path) -> None:
    space = calling(tmp_path, **{"journeys/pack.journey.yaml": PACK})
    bundle = build(space, "sale", known_of(space))
    assert list(bundle.data["journeys"]) == ["sale", "pack"]
    assert list(bundle.tools) == ["shipping/void_label"]
    assert (list(bundle.servers), list(bundle.models)) == (["kb", "shipping"], ["other"])
    assert "journeys/pack.journey.yaml" in bundle.data["built"]["from"]
    plan = make_plan(bundle)
    assert list(plan.journeys) == ["sale", "pack"]
    assert plan.journeys["pack"].nodes["b"].ways == {"next": "c"}


def test_a_bundle_is_not_made_of_a_journey_that_calls_one_that_is_not_there(tmp_path: Path) -> None:
    space = calling(tmp_path, **{"journeys/packs.journey.yaml": PACK.replace(": pack", ": packs")})
    with pytest.raises(AuthorError, match="calls the journey 'pack', which does not") as caught:
        build(space, "sale", known_of(space))
    assert "packs" in caught.value.hint


def test_an_error_in_a_called_journey_is_found_before_it_runs(tmp_path: Path) -> None:
    wrong = PACK.replace("next: z", "next: nowhere")
    space = calling(tmp_path, **{"journeys/pack.journey.yaml": wrong})
    with pytest.raises(AuthorError, match="nowhere") as caught:
        make_plan(build(space, "sale", known_of(space)))
    assert caught.value.where == "pack at nodes.d.next"
