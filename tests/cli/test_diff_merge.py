"""`jb diff` and `jb merge`, alone and called by git."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import HELLO
from tests.cli.shell import Shell, program
from tests.fakes import write_files

FILE = "journeys/hello.journey.yaml"
OURS = HELLO.replace("journey: hello\n", "journey: hello\ntitle: Ours\n").replace("which", "ask_it")
THEIRS = HELLO.replace("outcome: good", "outcome: better").replace("which:", "which:  # asks\n   ")


@pytest.fixture
def three(shop: Path) -> Path:
    return write_files(
        shop, {"a.journey.yaml": HELLO, "b.journey.yaml": OURS, "c.journey.yaml": THEIRS}
    )


def test_two_files_that_mean_the_same_do_not_differ(jb: Shell, three: Path) -> None:
    write_files(three, {"b.journey.yaml": HELLO.replace("# says hello first", "# hello")})
    result = jb("diff", "a.journey.yaml", "b.journey.yaml", status=0)
    assert result.out == "no difference in meaning\n"


def test_what_differs_is_said_in_words_and_as_data(jb: Shell, three: Path) -> None:
    result = jb("diff", "a.journey.yaml", "b.journey.yaml", status=1)
    assert result.out.splitlines() == [
        "~ title is new: 'Ours'",
        "→ 'which' is now called 'ask_it'",
        "2 changes",
    ]
    value = jb("diff", "a.journey.yaml", "b.journey.yaml", "--json", status=1).value
    assert value["changes"] == 2
    assert [one["what"] for one in value["files"][0]["changes"]] == [
        "journey_changed",
        "node_renamed",
    ]


def test_two_workspaces_are_compared_file_by_file(jb: Shell, shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(shop, other)
    (other / "journeys" / "decide.journey.yaml").unlink()
    write_files(other, {"models.yaml": "journeybuilder: 1\nmodels:\n  fast: {model: x/y}\n",
        "policies/a.cedar": "permit;", "notes.txt": "x"})  # fmt: skip
    assert jb("diff", str(shop), str(other), status=1).out.splitlines() == [
        "models.yaml",
        "  ~ models.fast.model is 'x/y' instead of 'scripted'",
        "journeys/decide.journey.yaml",
        "  - the file is gone",
        "policies/a.cedar",
        "  + the file is new",
        "3 changes",
    ]
    assert jb("diff", str(shop), str(shop), status=0).out == "no difference in meaning\n"


def test_what_cannot_be_compared_is_wrong_use_or_named(jb: Shell, three: Path) -> None:
    assert "does not exist" in jb("diff", "a.journey.yaml", "nope.yaml", status=2).err
    assert "name two files" in jb("diff", "a.journey.yaml", status=2).err
    assert "one of each" in jb("diff", "a.journey.yaml", ".", status=2).err
    write_files(three, {"b.journey.yaml": "nodes: ["})
    error = jb("diff", "a.journey.yaml", "b.journey.yaml", status=2).err
    assert "b.journey.yaml: line 2, column 1: A `{` or `[` above is never closed." in error


def test_a_clean_merge_says_nothing_and_holds_both(jb: Shell, three: Path) -> None:
    result = jb(
        "merge", "a.journey.yaml", "b.journey.yaml", "c.journey.yaml", "-o", "out.yaml", status=0
    )
    assert (result.out, result.err) == ("", "")
    text = (three / "out.yaml").read_text(encoding="utf-8")
    assert text == OURS.replace("outcome: good", "outcome: better")


def test_a_conflict_is_told_kept_in_the_file_and_found_by_check(jb: Shell, shop: Path) -> None:
    write_files(
        shop,
        {
            "base": HELLO,
            FILE: HELLO.replace("good", "fine"),
            "theirs": HELLO.replace("good", "great"),
        },
    )
    result = jb("merge", "base", FILE, "theirs", "-o", FILE, status=1)
    expected = "'done' → outcome: we say 'fine', they say 'great', before it was 'good'"
    assert f"conflict: {expected}" in result.err
    assert "1 conflict is left" in result.err
    assert f"  # conflict: {expected}\n  done:" in (shop / FILE).read_text(encoding="utf-8")
    assert f"error JB130 A merge left a conflict: {expected}" in jb("check", status=1).out
    value = jb("merge", "base", FILE, "theirs", "-o", "x", "--path", FILE, "--json", status=1).value
    assert value["conflicts"][0]["path"] == ["nodes", "done", "outcome"]


def test_a_merge_of_what_cannot_be_read_writes_nothing(jb: Shell, three: Path) -> None:
    write_files(three, {"c.journey.yaml": "nodes: ["})
    before = (three / "b.journey.yaml").read_bytes()
    words = ["merge", "a.journey.yaml", "b.journey.yaml", "c.journey.yaml", "-o", "b.journey.yaml"]
    assert "c.journey.yaml" in jb(*words, "--path", "c.journey.yaml", status=2).err
    assert (three / "b.journey.yaml").read_bytes() == before
    assert (
        "'nope' does not exist"
        in jb("merge", "a.journey.yaml", "nope", "nope", "-o", "x", status=2).err
    )


def test_git_shows_and_merges_journeys_by_meaning(shop: Path, tmp_path: Path) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    tool = Path(__import__("sys").executable).parent / "jb"
    if not tool.exists():
        pytest.skip("jb is not installed")

    def run(*words: str) -> str:
        env = {"PATH": f"{tool.parent}:{Path(git).parent}:/usr/bin:/bin", "HOME": str(tmp_path),
            "GIT_CONFIG_NOSYSTEM": "1"}  # fmt: skip
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        done = subprocess.run([git, *identity, *words], cwd=shop, env=env, capture_output=True,
            text=True, encoding="utf-8", check=False, timeout=50)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("init", "-q", "-b", "main")
    run("config", "diff.journeybuilder.command", "jb diff")
    run("config", "merge.journeybuilder.driver", "jb merge %O %A %B -o %A --path %P")
    write_files(shop, {".gitattributes": "*.yaml diff=journeybuilder merge=journeybuilder\n"})
    run("add", "-A")
    run("commit", "-qm", "one")
    run("checkout", "-qb", "theirs")
    write_files(shop, {FILE: THEIRS})
    assert "~ 'done' → outcome is 'better' instead of 'good'" in run("diff")
    write_files(shop, {"journeys/new.journey.yaml": HELLO, FILE: THEIRS})
    run("add", "-A")
    assert "+ the file is new" in run("diff", "--cached")
    run("commit", "-qm", "two")
    run("checkout", "-q", "main")
    write_files(shop, {FILE: OURS})
    run("commit", "-qam", "three")
    run("merge", "-q", "theirs", "-m", "both")
    assert (shop / FILE).read_text(encoding="utf-8") == OURS.replace("good", "better")


def test_git_gets_the_lines_where_a_version_cannot_be_read(three: Path) -> None:
    write_files(three, {"b.journey.yaml": "nodes: ["})
    words = ["x.journey.yaml", "a.journey.yaml", "0", "100644", "b.journey.yaml", "0", "100644"]
    result = program("diff", *words, folder=three)
    assert result.status == 0
    assert "cannot be compared by meaning" in result.out
    assert "+nodes: [" in result.out


@pytest.mark.parametrize("name", ["diff", "merge"])
def test_the_help_says_what_git_needs_in_lines_that_can_be_copied(jb: Shell, name: str) -> None:
    lines = [line.strip() for line in jb(name, "--help", status=0).out.splitlines()]
    assert f"*.yaml    {name}=journeybuilder" in lines
