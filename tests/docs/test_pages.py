"""The pages in docs/: those made from the code are up to date, and what the others show works."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from journeybuilder.checks.every_rule import ALL_RULES
from journeybuilder.document.templates import make_workspace
from journeybuilder.kinds import KINDS
from tests.cli.shell import Shell

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_made_from_the_code_are_up_to_date(generate: ModuleType) -> None:
    assert generate.stale(generate.pages()) == []


def test_every_kind_and_every_finding_has_a_page(generate: ModuleType) -> None:
    pages = generate.pages()
    assert {f"kinds/{name}.md" for name in KINDS} <= set(pages)
    assert {f"findings/{code}.md" for code in ALL_RULES} <= set(pages)
    listed = pages["findings/README.md"]
    assert [code for code in ALL_RULES if f"({code}.md)" not in listed] == []


def test_a_page_of_a_kind_names_every_key_and_every_way_out(generate: ModuleType) -> None:
    for kind in KINDS.values():
        page = generate.pages()[f"kinds/{kind.name}.md"]
        for name, info in kind.settings.model_fields.items():
            assert f"`{info.alias or name}`" in page, (kind.name, name)


def test_a_page_of_a_kind_explains_the_keys_within_a_setting(generate: ModuleType) -> None:
    pages = generate.pages()
    for kind in KINDS.values():
        for path, part in generate._pieces(kind.settings):
            for name, info in part.model_fields.items():
                if any(getattr(mark, "role", "") == "port" for mark in info.metadata):
                    continue
                assert info.description, (kind.name, path, name)
                row = f"| `{info.alias or name}` | {info.description}"
                assert row in pages[f"kinds/{kind.name}.md"], (kind.name, path, name)
    assert "### Keys of `retry`" in pages["kinds/tool.md"]
    assert "### Keys of an entry of `cases`" in pages["kinds/branch.md"]
    assert "- `prompt_injection`: well-known ways" in pages["kinds/guard.md"]


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("parallel", "lanes.NAME"),
        ("split", "ways.NAME.next"),
        ("review", "decisions.NAME"),
        ("classify", "routes.NAME.next"),
        ("branch", "cases.N.next"),
    ],
)
def test_a_page_of_a_kind_lists_ways_out_that_stand_within_a_setting(
    generate: ModuleType, kind: str, way: str
) -> None:
    assert f"\n- `{way}`: where " in generate.pages()[f"kinds/{kind}.md"]


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_first_journey_works_as_its_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (DOCS / "first-journey.md").read_text(encoding="utf-8")
    journey, scenario = (found["text"] for found in BLOCK.finditer(text) if found["kind"] == "yaml")
    make_workspace(tmp_path / "center", "retail")
    monkeypatch.chdir(tmp_path / "center")
    Path("journeys/parcel-question.journey.yaml").write_text(journey, encoding="utf-8")
    Path("scenarios/parcel-question.scenario.yaml").write_text(scenario, encoding="utf-8")
    jb = Shell(tmp_path / "center", capsys)
    assert jb("check", status=0).out == "no findings\n"
    wrong = journey.replace("order.status ==", "order.sttus ==")
    Path("journeys/parcel-question.journey.yaml").write_text(wrong, encoding="utf-8")
    found = jb("check", status=1).out
    assert "has no field 'sttus'" in found
    assert "Did you mean 'status'?" in found
    Path("journeys/parcel-question.journey.yaml").write_text(journey, encoding="utf-8")
    passed = jb(
        "simulate", "parcel-question", "--scenario", "scenarios/parcel-question.scenario.yaml"
    )
    assert passed.status == 0, passed.out
    jb("export", "parcel-question", "-o", "parcel-question.bundle.yaml", status=0)
