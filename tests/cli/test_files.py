"""Commands that write files: fmt, init, export; and schema, simulate."""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from journeybuilder.document.tree import load
from journeybuilder.plan.schema import SCHEMAS
from tests.cli.conftest import SCENARIO
from tests.cli.shell import Shell, program
from tests.fakes import write_files

UNTIDY = """\
start: a       # where it begins
journey: untidy
journeybuilder: 1
nodes:
      a: {kind: end}
"""
FILE = "journeys/untidy.journey.yaml"


def test_fmt_says_what_it_would_change_then_changes_it_and_is_content(
    jb: Shell, shop: Path
) -> None:
    write_files(shop, {FILE: UNTIDY})
    files = ["journeys/untidy.journey.yaml"]
    assert jb("fmt", "--check", *files, status=1).out == f"would change {FILE}\n"
    assert (shop / FILE).read_text() == UNTIDY
    assert jb("fmt", *files, status=0).out == f"changed {FILE}\n"
    text = (shop / FILE).read_text()
    assert text.startswith("journeybuilder: 1\njourney: untidy\n")
    assert "# where it begins" in text
    assert jb("fmt", "--check", *files, status=0).out == "nothing to change\n"


def test_fmt_writes_nothing_when_one_file_cannot_be_read(jb: Shell, shop: Path) -> None:
    write_files(shop, {FILE: UNTIDY, "journeys/z.journey.yaml": "nodes: ["})
    error = jb("fmt", status=2).err
    assert "journeys/z.journey.yaml: the file cannot be read, so nothing was formatted" in error
    assert "Run 'jb check' and mend it first" in error
    assert (shop / FILE).read_text() == UNTIDY


def test_fmt_of_a_file_that_is_not_there_is_wrong_use(jb: Shell) -> None:
    assert "'nope.yaml' does not exist" in jb("fmt", "nope.yaml", status=2).err


@pytest.mark.parametrize("template", ["blank", "retail"])
def test_a_new_workspace_has_no_findings(jb: Shell, tmp_path: Path, template: str) -> None:
    place = tmp_path / "new"
    result = jb("init", str(place), "--template", template, status=0)
    assert f"made {place} from the template '{template}'" in result.out
    assert jb("check", "--workspace", str(place), status=0).out == "no findings\n"
    assert jb("fmt", "--check", "--workspace", str(place), status=0).out == "nothing to change\n"
    assert (place / ".gitignore").read_text() == ".journeybuilder/\n"
    assert not (place / ".journeybuilder").exists()


def test_a_new_workspace_is_blank_when_nothing_else_is_asked_for(jb: Shell, tmp_path: Path) -> None:
    place = tmp_path / "new"
    jb("init", str(place), status=0)
    assert sorted(path.name for path in place.iterdir()) == [
        ".gitattributes", ".gitignore", "journeybuilder.yaml", "journeys", "mcp.json", "models.yaml", "scenarios",
    ]  # fmt: skip
    name = "a customer says what it is about"
    result = jb("simulate", "hello", "--scenario", name, "--workspace", str(place), status=0)
    assert result.out.endswith(f"passed: {name}\n")


def test_a_folder_with_an_mcp_json_of_another_client_becomes_a_workspace(
    jb: Shell, tmp_path: Path
) -> None:
    theirs = '{"mcpServers": {"time": {"command": "mcp-server-time"}}}'
    write_files(tmp_path / "here", {"mcp.json": theirs, ".git/config": "[core]"})
    jb("init", str(tmp_path / "here"), status=0)
    assert (tmp_path / "here" / "mcp.json").read_text() == theirs
    assert "workspace: here" in (tmp_path / "here" / "journeybuilder.yaml").read_text()
    assert jb("check", "--workspace", str(tmp_path / "here"), status=0).out == "no findings\n"


def test_git_is_told_of_a_new_workspace_and_what_it_knew_before_stays(
    jb: Shell, tmp_path: Path
) -> None:
    place = write_files(
        tmp_path / "here", {".gitignore": "*.tmp", ".gitattributes": "*.png binary\n"}
    )
    jb("init", str(place), status=0)
    assert (place / ".gitignore").read_text() == "*.tmp\n.journeybuilder/\n"
    lines = (place / ".gitattributes").read_text().splitlines()
    assert lines[0] == "*.png binary"
    page = (Path(__file__).parents[2] / "docs" / "git.md").read_text(encoding="utf-8")
    assert "\n".join(lines[1:]) in page
    assert len(lines) == 4
    again = write_files(tmp_path / "again", {".gitattributes": "\n".join(lines) + "\n"})
    jb("init", str(again), status=0)
    assert (again / ".gitattributes").read_text().splitlines() == lines


def test_a_new_workspace_is_told_to_programs(jb: Shell, tmp_path: Path) -> None:
    value = jb("init", str(tmp_path / "new"), "--json", status=0).value
    assert value["workspace"] == str(tmp_path / "new")
    assert value["template"] == "blank"
    assert "journeybuilder.yaml" in value["files"]


def test_fmt_tells_programs_which_files(jb: Shell, shop: Path) -> None:
    write_files(shop, {FILE: UNTIDY})
    assert jb("fmt", FILE, "--check", "--json", status=1).value == {
        "files": [FILE],
        "written": False,
    }
    assert jb("fmt", FILE, "--json", status=0).value == {"files": [FILE], "written": True}
    assert jb("fmt", FILE, "--json", status=0).value == {"files": [], "written": False}


def test_an_export_tells_programs_what_it_wrote_or_what_keeps_it_back(
    jb: Shell, broken: Path
) -> None:
    value = jb("export", "hello", "-o", "out.yaml", "--json", status=0).value
    data = (broken / "out.yaml").read_bytes()
    assert (value["journey"], value["file"], value["bytes"]) == ("hello", "out.yaml", len(data))
    assert value["digest"] in data.decode()
    assert value["findings"] == []
    value = jb("export", "broken", "-o", "no.yaml", "--json", status=1).value
    assert (value["journey"], value["file"], value["digest"]) == ("broken", None, None)
    assert [item["code"] for item in value["findings"]] == ["JB302"]
    assert not (broken / "no.yaml").exists()


TWICE = (
    "journeybuilder: 1\njourney: twice\nstart: a\nstart: b\nnodes:\n  a: {kind: end, kind: end}\n"
)


@pytest.mark.parametrize("words", [("run", "twice"), ("simulate", "twice", "--scenario", "twice")])
def test_who_names_the_first_of_several_errors_says_how_many_more_there_are(
    jb: Shell, shop: Path, words: tuple[str, ...]
) -> None:
    scenario = "journeybuilder: 1\nscenario: twice\njourney: twice\n"
    write_files(
        shop, {"journeys/twice.journey.yaml": TWICE, "scenarios/twice.scenario.yaml": scenario}
    )
    error = jb(*words, status=2).err
    assert "journeys/twice.journey.yaml:4:" in error
    assert " (and 1 more: jb check)\n" in error


def test_a_place_that_is_taken_is_not_overwritten(jb: Shell, shop: Path, tmp_path: Path) -> None:
    assert "the folder is not empty" in jb("init", str(shop), status=2).err
    write_files(tmp_path, {"file": "x"})
    assert "this is a file" in jb("init", str(tmp_path / "file"), status=2).err
    assert (
        "cannot be written: Not a directory"
        in jb("init", str(tmp_path / "file" / "x"), status=2).err
    )


def test_an_unknown_template_is_refused_with_the_known_ones(jb: Shell, tmp_path: Path) -> None:
    error = jb("init", str(tmp_path / "new"), "--template", "xyz", status=2).err
    assert "there is no template 'xyz'\n  Templates: blank, retail." in error
    assert not (tmp_path / "new").exists()
    near = jb("init", str(tmp_path / "new"), "--template", "retial", status=2).err
    assert "Did you mean 'retail'?" in near


def test_an_exported_bundle_fits_its_schema_and_runs_where_there_is_no_workspace(
    jb: Shell, tmp_path: Path
) -> None:
    target = tmp_path / "elsewhere" / "hello.bundle.yaml"
    target.parent.mkdir()
    result = jb("export", "hello", "-o", str(target), status=0)
    assert f"wrote {target}: 0 tools" in result.out
    data = load(target.read_bytes(), "bundle").value
    assert Draft202012Validator(SCHEMAS["bundle"]()).is_valid(data)
    ran = program("run", target.name, "--set", "name=Ana", "--say", "O-7", folder=target.parent)
    assert ran.status == 0, ran.err
    assert "Hi Ana" in ran.out
    assert '■ ended: good with {"id": "O-7"}' in ran.out
    assert (target.parent / ".journeybuilder" / "runs.db").exists()


def test_a_journey_with_errors_is_not_exported(jb: Shell, broken: Path) -> None:
    target = broken / "out.yaml"
    result = jb("export", "broken", "-o", str(target), status=1)
    assert "JB302" in result.out
    assert "not exported: mend these first" in result.err
    assert not target.exists()


def test_errors_of_other_journeys_do_not_stop_an_export(jb: Shell, broken: Path) -> None:
    jb("export", "hello", "-o", str(broken / "out.yaml"), status=0)


def test_an_export_that_cannot_be_written_says_so_and_leaves_nothing_half_done(
    jb: Shell, shop: Path
) -> None:
    (shop / "taken").mkdir()
    before = sorted(shop.rglob("*"))
    error = jb("export", "hello", "-o", "taken", status=2).err
    assert "taken" in error
    assert "folder" in error.lower() or "directory" in error.lower()
    write_files(shop, {"file": "x"})
    error = jb("export", "hello", "-o", "file/out.yaml", status=2).err
    assert "file" in error
    assert sorted(shop.rglob("*")) == sorted([*before, shop / "file"])


def test_the_folder_of_a_bundle_is_made_when_it_is_missing(jb: Shell, shop: Path) -> None:
    jb("export", "hello", "-o", "made/for/it/out.yaml", status=0)
    assert (shop / "made" / "for" / "it" / "out.yaml").is_file()


def test_an_existing_bundle_survives_an_export_that_fails(jb: Shell, shop: Path) -> None:
    jb("export", "hello", "-o", "out.yaml", status=0)
    before = (shop / "out.yaml").read_bytes()
    write_files(shop, {"journeys/hello.journey.yaml": "nodes: ["})
    assert jb("export", "hello", "-o", "out.yaml").status != 0
    assert (shop / "out.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "words", [("helo", "Did you mean 'hello'?"), ("x", "Journeys: decide, hello.")]
)
def test_an_unknown_journey_is_named_with_what_there_is(jb: Shell, words: tuple[str, str]) -> None:
    error = jb("export", words[0], "-o", "out.yaml", status=2).err
    assert f"there is no journey '{words[0]}'. {words[1]}" in error


def test_an_unknown_environment_is_named_with_what_there_is(jb: Shell) -> None:
    error = jb("export", "hello", "-o", "out.yaml", "--env", "asid", status=2).err
    assert "there is no environment 'asid'\n  Did you mean 'aside'?" in error


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_is_printed(jb: Shell, name: str) -> None:
    assert jb("schema", name, status=0).value == SCHEMAS[name]()


def test_the_schema_of_journeys_is_the_one_nobody_has_to_name(jb: Shell) -> None:
    assert jb("schema", status=0).value["title"] == "a journey"
    assert "'jorney' is not one of" in jb("schema", "jorney", status=2).err


def test_a_scenario_is_found_by_name_and_by_file(jb: Shell, shop: Path) -> None:
    for name in ("somebody says hello", "scenarios/hello.scenario.yaml"):
        for journey in ("hello", "journeys/hello.journey.yaml"):
            result = jb("simulate", journey, "--scenario", name, status=0)
            assert result.out.endswith("passed: somebody says hello\n")


def test_a_rehearsal_prints_what_happened(jb: Shell) -> None:
    result = jb("simulate", "hello", "--scenario", "somebody says hello")
    assert result.out.splitlines() == [
        "▸ greet  #1", "    says     Hi Ana", "▸ which  #2", "    says     Which order?", "    hears    O-1",
        "▸ done  #3", '■ ended: good with {"id": "O-1"}', "passed: somebody says hello",
    ]  # fmt: skip


def test_a_rehearsal_that_goes_wrong_says_why_and_the_answer_is_no(jb: Shell, shop: Path) -> None:
    write_files(shop, {"scenarios/hello.scenario.yaml": SCENARIO.replace("Hi Ana", "Hi Bob")})
    result = jb("simulate", "hello", "--scenario", "somebody says hello", status=1)
    assert (
        "failed: said: nothing said matches 'Hi Bob'; said was: Hi Ana | Which order?" in result.out
    )
    value = jb("simulate", "hello", "--scenario", "somebody says hello", "--json", status=1).value
    assert value["passed"] is False
    assert value["path"] == ["greet", "which", "done"]
    assert len(value["failures"]) == 1


def test_scenarios_that_cannot_be_used_are_explained(jb: Shell, shop: Path) -> None:
    error = jb("simulate", "hello", "--scenario", "somebody says helo", status=2).err
    assert (
        "there is no scenario 'somebody says helo'\n  Did you mean 'somebody says hello'?" in error
    )
    error = jb("simulate", "decide", "--scenario", "somebody says hello", status=2).err
    assert "the scenario is for 'hello', not for 'decide'" in error
    write_files(
        shop, {"scenarios/a.scenario.yaml": "journeybuilder: 1\nscenario: a\njourny: hello\n"}
    )
    error = jb("simulate", "hello", "--scenario", "a", status=2).err
    assert "scenarios/a.scenario.yaml:3: JB114" in error
    nobody = "journeybuilder: 1\nscenario: p\njourney: hello\ncustomer: randm\n"
    write_files(shop, {"scenarios/p.scenario.yaml": nobody})
    error = jb("simulate", "hello", "--scenario", "p", status=2).err
    assert "has to be a script, a persona or `random`, and is 'randm'" in error
    assert "Did you mean 'random'?" in error


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit for the size of files")
def test_a_full_disk_leaves_the_old_file_as_it_was(shop: Path) -> None:
    (shop / "out.yaml").write_text("old")
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100));"
        "from journeybuilder.cli import main; main()"
    )
    result = program("export", "hello", "-o", "out.yaml", folder=shop, python=("-B", "-c", code))
    assert result.status == 2
    assert "The system allows no file of this size." in result.err
    assert "Traceback" not in result.err
    assert (shop / "out.yaml").read_text() == "old"
    assert not [path for path in shop.iterdir() if path.name.endswith(".tmp")]


def test_json_of_a_rehearsal_is_one_document(jb: Shell) -> None:
    out = jb("simulate", "hello", "--scenario", "somebody says hello", "--json", status=0).out
    assert json.loads(out)["name"] == "somebody says hello"
