import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.conftest import BROKEN, HELLO
from tests.cli.shell import Shell
from tests.fakes import write_files

FIELDS = {"code", "severity", "file", "line", "column", "node", "message", "hint"}
FILE = "journeys/broken.journey.yaml"


def test_a_workspace_without_findings_is_done(jb: Shell) -> None:
    assert jb("check", status=0).out == "no findings\n"


def test_a_finding_is_printed_with_its_place_and_its_hint_and_the_answer_is_no(
    jb: Shell, broken: Path
) -> None:
    result = jb("check", status=1)
    assert result.out == (
        f"{FILE}:8:86: error JB302 'next' leads to 'wich', which does not exist\n"
        "    Did you mean 'which'?\n"
        "1 error\n"
    )


def test_a_warning_alone_leaves_the_answer_at_yes(jb: Shell, shop: Path) -> None:
    write_files(shop, {"journeys/hello.journey.yaml": HELLO + "  lonely: {kind: end}\n"})
    result = jb("check", status=0)
    assert "warning JB303 no run reaches 'lonely'" in result.out
    assert result.out.endswith("1 warning\n")


def test_json_has_exactly_the_promised_fields(jb: Shell, broken: Path) -> None:
    for words in (["--json"], ["--format", "json"]):
        value = jb("check", *words, status=1).value
        assert set(value) == {"findings", "errors", "warnings"}
        assert (value["errors"], value["warnings"]) == (1, 0)
        (finding,) = value["findings"]
        assert set(finding) == FIELDS
        assert (finding["code"], finding["severity"], finding["node"]) == (
            "JB302",
            "error",
            "greet",
        )
        assert (finding["file"], finding["line"], finding["column"]) == (FILE, 8, 86)


def test_json_without_findings_is_an_empty_list(jb: Shell) -> None:
    assert jb("check", "--json", status=0).value == {"findings": [], "errors": 0, "warnings": 0}


def test_sarif_names_the_rule_and_the_place(jb: Shell, broken: Path) -> None:
    value = jb("check", "--format", "sarif", status=1).value
    assert value["version"] == "2.1.0"
    (run,) = value["runs"]
    (result,) = run["results"]
    assert result["ruleId"] == run["tool"]["driver"]["rules"][0]["id"] == "JB302"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == FILE
    assert place["region"] == {"startLine": 8, "startColumn": 86}
    said = "'next' leads to 'wich', which does not exist. Did you mean 'which'?"
    assert result["message"]["text"] == said


@pytest.mark.parametrize("findings", [0, 1])
def test_junit_has_a_failure_for_each_finding(jb: Shell, shop: Path, findings: int) -> None:
    if findings:
        write_files(shop, {FILE: BROKEN})
    suite = ET.fromstring(jb("check", "--format", "junit").out)
    assert (suite.tag, suite.get("failures")) == ("testsuite", str(findings))
    assert len(suite.findall("testcase")) == 1
    assert len(suite.findall("testcase/failure")) == findings


def test_only_the_named_files_and_folders_are_reported(jb: Shell, broken: Path) -> None:
    assert jb("check", "journeys/hello.journey.yaml", status=0).out == "no findings\n"
    assert "JB302" in jb("check", FILE, status=1).out
    assert "JB302" in jb("check", "journeys", status=1).out
    assert "JB302" in jb("check", f"../{broken.name}/{FILE}", status=1).out
    assert "no findings" in jb("check", "scenarios", status=0).out


def test_a_file_that_does_not_exist_or_does_not_belong_here_is_an_error_and_not_no_findings(
    jb: Shell, shop: Path
) -> None:
    assert "'journeys/nope.yaml' does not exist" in jb("check", "journeys/nope.yaml", status=2).err
    write_files(shop, {"README.md": "hello"})
    assert (
        "'README.md' is none of the files of this workspace"
        in jb("check", "README.md", status=2).err
    )


def test_any_folder_of_the_workspace_will_do(
    jb: Shell, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop / "journeys")
    assert jb("check", status=0).out == "no findings\n"
    monkeypatch.chdir(tmp_path)
    result = jb("check", status=2)
    assert "No workspace here" in result.err
    assert "jb init DIR" in result.err
    assert jb("check", "--workspace", str(shop), status=0).out == "no findings\n"


def test_a_file_that_is_no_yaml_is_a_finding(jb: Shell, shop: Path) -> None:
    write_files(shop, {FILE: "journeybuilder: 1\nnodes: [\n"})
    result = jb("check", status=1)
    assert f"{FILE}:3:1: error JB101" in result.out


def test_a_code_is_explained_whatever_its_case_and_an_unknown_one_is_not(jb: Shell) -> None:
    result = jb("check", "--explain", "jb302", status=0)
    assert result.out.startswith("JB302: a way out leads to a node that does not exist (error)")
    assert "For example, this has it:\n    greet: {kind: say, text: Hi, next: dne}" in result.out
    error = jb("check", "--explain", "JB3022", status=2).err
    assert "there is no finding 'JB3022'. Did you mean 'JB302'?" in error


def test_the_findings_of_what_was_approved_and_has_changed_name_the_tool(
    jb: Shell, shop: Path
) -> None:
    tool = {"name": "look", "description": "looks", "inputSchema": {"type": "object"}}
    catalog = {"version": 1, "servers": {"orders": [tool | {"description": "looks and pays"}]}}
    lock = {"journeybuilder": 1, "tools": {"orders/look": {"digest": "x", "risk": "read", **tool}}}
    write_files(
        shop,
        {
            "mcp.json": '{"mcpServers": {"orders": {"command": "orders"}}}',
            "mcp.lock": json.dumps(lock),
            ".journeybuilder/catalog.json": json.dumps(catalog),
            FILE: "journeybuilder: 1\njourney: broken\nstart: a\nnodes:\n"
            "  a: {kind: tool, tool: orders/look, next: z}\n  z: {kind: end}\n",
        },
    )
    result = jb("check", FILE, status=1)
    assert "JB508 'orders/look' is no longer what was approved" in result.out
    assert "Look at 'jb lock --check'" in result.out


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_workspace_behind_a_link_is_the_same_workspace(
    jb: Shell, broken: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(broken, target_is_directory=True)
    assert "JB302" in jb("check", str(link / FILE), status=1).out


def test_a_second_check_gives_what_the_first_gave_and_a_change_is_seen(
    jb: Shell, shop: Path
) -> None:
    own = "journeys/hello.journey.yaml"
    (shop / ".journeybuilder").mkdir(exist_ok=True)
    write_files(shop, {own: HELLO.replace("next: which", "next: dne")})
    first = jb("check", "--json", status=1)
    assert (shop / ".journeybuilder" / "findings.json").exists()
    assert jb("check", "--json", status=1).out == first.out
    assert jb("check", "--json", "--no-cache", status=1).out == first.out
    assert "dne" in jb("check", own, status=1).out
    error = jb("check", "README.md", status=2).err
    assert "README.md" in error
    write_files(shop, {own: HELLO})
    assert "dne" not in jb("check").out
