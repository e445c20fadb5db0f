"""What nobody means to write: a finding, never an exception, in bounded time and memory."""

import os
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from journeybuilder.document.tree import load
from journeybuilder.document.workspace import Workspace, read_workspace
from journeybuilder.document.write import canonical, rewrite
from journeybuilder.errors import AuthorError
from tests.fakes import write_files

JOURNEY = "journeybuilder: 1\njourney: a\nstart: x\nnodes:\n  x: {kind: end}\n"
YAML_FILES = [
    "journeybuilder.yaml",
    "models.yaml",
    "mcp.lock",
    "journeys/a.journey.yaml",
    "journeys/b.layout.yaml",
    "scenarios/a.scenario.yaml",
]


def bomb() -> str:
    names = "abcdefghijklmno"
    lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
    for before, name in pairwise(names):
        lines.append(f"{name}: &{name} [{','.join(['*' + before] * 10)}]")
    return "\n".join(lines)


TEXTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "an alias bomb": (lambda: bomb().encode(), "JB108"),
    "a value that holds itself": (lambda: b"a: &a\n  b: *a\n", "JB108"),
    "lists 10,000 deep": (lambda: b"a: " + b"[" * 10_000 + b"]" * 10_000, "JB108"),
    "mappings 10,000 deep": (lambda: b"a: " + b"{b: " * 10_000 + b"1" + b"}" * 10_000, "JB108"),
    "blocks 1,000 deep": (
        lambda: "\n".join(" " * depth + "a:" for depth in range(1_000)).encode(),
        "JB108",
    ),
    "dashes 10,000 deep": (lambda: b"- " * 10_000 + b"x", "JB108"),
    "210,000 values": (lambda: b"a: [" + b"1," * 210_000 + b"]", "JB108"),
    "8 MB": (lambda: b"# " + b"x" * 8_000_000, "JB108"),
    "a null character": (lambda: b"a: b\0c\n", "JB103"),
    "an escape character": (lambda: b"a: \x1b[31m\n", "JB103"),
    "a vertical tab": (lambda: b"a: \x0b\n", "JB103"),
    "UTF-16 with a mark": (lambda: JOURNEY.encode("utf-16"), "JB100"),
    "UTF-16 without a mark": (lambda: JOURNEY.encode("utf-16-le"), "JB100"),
    "UTF-16 the other way round": (lambda: JOURNEY.encode("utf-16-be"), "JB100"),
    "Latin-1": (lambda: "title: Rückgabe\n".encode("latin-1"), "JB100"),
    "bytes of an image": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "JB100"),
    "a tab for indentation": (lambda: b"nodes:\n\tx: 1\n", "JB102"),
    "a key twice": (lambda: b"a: 1\na: 2\n", "JB104"),
    "a number for a key": (lambda: b"1: a\n", "JB105"),
    "a list for a key": (lambda: b"? [a, b]\n: c\n", "JB105"),
    "a key that is an alias of a mapping": (lambda: b"a: &x {b: 1}\n*x : c\n", "JB105"),
    "a tag that makes objects": (lambda: b"a: !!python/object/apply:os.system [ls]\n", "JB106"),
    "a binary tag": (lambda: b"a: !!binary aGk=\n", "JB106"),
    "a merge key": (lambda: b"a: &x {b: 1}\nc: {<<: *x}\n", "JB106"),
    "two documents": (lambda: b"a: 1\n---\nb: 2\n", "JB107"),
    "a number of 100,000 digits": (lambda: b"a: " + b"9" * 100_000 + b"\n", "JB109"),
    "an anchor without end": (lambda: b"a: &" + b"x" * 100_000, ""),
    "a line of 4 MB": (lambda: b"a: " + b"x" * 4_000_000 + b"\n", ""),
    "a key of 1,100 characters": (lambda: b"k" * 1_100 + b": 1\n", ""),
    "100,000 comments": (lambda: b"# x\n" * 100_000 + b"a: 1\n", ""),
    "half an emoji as escape": (lambda: b'a: "\\ud83d"\n', "JB101"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_bad_text_is_a_finding_with_a_place_and_advice(name: str) -> None:
    make, code = TEXTS[name]
    data = make()
    tree = load(data, "f.yaml")
    if code:
        assert code in {finding.code for finding in tree.findings}
    for finding in tree.findings[:20]:
        assert finding.message
        assert finding.hint
        assert len(finding.message) < 300


@pytest.mark.parametrize(
    "name", ["an alias bomb", "lists 10,000 deep", "8 MB", "a null character", "UTF-16 without a mark",
             "Latin-1", "a number for a key", "two documents", "an anchor without end"],
)  # fmt: skip
@pytest.mark.parametrize("file", YAML_FILES)
def test_a_bad_file_of_any_kind_leaves_the_rest_of_the_workspace_readable(
    tmp_path: Path, file: str, name: str
) -> None:
    write_files(tmp_path, {"journeybuilder.yaml": "journeybuilder: 1\nworkspace: w\n"})
    write_files(tmp_path, {"journeys/b.journey.yaml": JOURNEY.replace("journey: a", "journey: b")})
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(TEXTS[name][0]())
    read = read_workspace(tmp_path)
    assert "b" in read.journeys
    assert any(item.file == file for item in read.findings)
    for source in read.sources.values():
        assert len(source.text) < 10_000_000


@pytest.mark.parametrize("name", ["an alias bomb", "8 MB", "100,000 comments", "a line of 4 MB"])
def test_no_bad_text_takes_much_memory(name: str) -> None:
    tracemalloc.start()
    try:
        load(TEXTS[name][0](), "f.yaml")
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", TEXTS)
def test_a_bad_text_is_never_formatted_into_something_else(name: str) -> None:
    data = TEXTS[name][0]()
    text = data.decode("utf-8", "replace")
    if load(text, "f").findings:
        with pytest.raises(AuthorError):
            canonical(text)


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_any_line_end_is_read_with_the_right_places(ends: str) -> None:
    text = JOURNEY.replace("\n", ends)
    tree = load(text, "f.yaml")
    assert tree.value == load(JOURNEY, "f.yaml").value
    mark = tree.marks.at(("nodes", "x", "kind"))
    assert mark is not None
    assert (mark.line, mark.column) == (5, 13)
    assert text[mark.start : mark.end] == "end"
    changed = rewrite(text, {**tree.value, "start": "z"})
    assert load(changed, "f.yaml").value["start"] == "z"
    assert rewrite(text, tree.value) == text


def test_mixed_line_ends_stay_where_nothing_changes() -> None:
    text = "journeybuilder: 1\r\njourney: a\nstart: x\r\nnodes: {}\n"
    after = rewrite(text, {**load(text, "f").value, "start": "z"})
    assert after == text.replace("start: x", "start: z")


def reading(root: Path) -> Workspace:
    write_files(root, {"journeybuilder.yaml": "journeybuilder: 1\nworkspace: w\n"})
    (root / "journeys").mkdir(exist_ok=True)
    return read_workspace(root)


def test_a_file_of_100_mb_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "journeys").mkdir()
    for name in ("journeys/a.journey.yaml", "mcp.json"):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(100_000_000)
    tracemalloc.start()
    try:
        read = reading(tmp_path)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
    assert [item.file for item in read.findings] == ["journeys/a.journey.yaml", "mcp.json"]


@pytest.mark.skipif(os.name != "posix", reason="links, pipes and devices of POSIX")
def test_links_in_a_circle_pipes_and_devices_are_findings_and_nobody_waits(tmp_path: Path) -> None:
    journeys = tmp_path / "journeys"
    journeys.mkdir()
    (journeys / "loop.journey.yaml").symlink_to(journeys / "loop2.journey.yaml")
    (journeys / "loop2.journey.yaml").symlink_to(journeys / "loop.journey.yaml")
    (journeys / "self.layout.yaml").symlink_to(journeys / "self.layout.yaml")
    (journeys / "zero.journey.yaml").symlink_to("/dev/zero")
    os.mkfifo(journeys / "pipe.journey.yaml")
    os.mkfifo(tmp_path / "mcp.json")
    (tmp_path / "scenarios").symlink_to(tmp_path / "scenarios")
    read = reading(tmp_path)
    assert {item.code for item in read.findings} == {"JB117"}
    assert {item.file for item in read.findings} >= {
        "journeys/loop.journey.yaml", "journeys/loop2.journey.yaml", "journeys/zero.journey.yaml",
        "journeys/pipe.journey.yaml", "mcp.json", "scenarios",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["[" * 10_000, '{"a":' * 10_000, '"', "{", "\0", "nul", "/*", "// x", '{"a": 1e999}', "\ud800", '{"mcpServers": {"a": {"command": "\\u0000"}}}'],
)  # fmt: skip
def test_a_bad_mcp_json_is_a_finding_or_nothing_and_never_an_exception(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "mcp.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    read = reading(tmp_path)
    assert all(item.file == "mcp.json" for item in read.findings)
