import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from journeybuilder.document import rules
from journeybuilder.document.findings import Problem
from journeybuilder.document.root import find_root
from journeybuilder.document.workspace import (
    Workspace,
    journey_source,
    read_journey,
    read_workspace,
)
from journeybuilder.errors import AuthorError

SETTINGS = "journeybuilder: 1\nworkspace: acme\n"
JOURNEY = "journeybuilder: 1\njourney: hello\nstart: hi\nnodes:\n  hi: {kind: end}\n"


def workspace(root: Path, files: Mapping[str, str | bytes]) -> Workspace:
    for name, text in {"journeybuilder.yaml": SETTINGS, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_workspace(root)


def said(read: Workspace) -> list[tuple[str, str, int, int]]:
    return [(item.code, item.file, item.line, item.column) for item in read.findings]


def test_all_files_of_a_workspace_are_read(tmp_path: Path) -> None:
    read = workspace(
        tmp_path,
        {
            "journeybuilder.yaml": SETTINGS
            + "environments: {dev: {store: x}}\nservers: {orders: {trust: own}}\n"
            + "tools: {orders/refund: {risk: irreversible}}\nqueues: [desk]\n",
            "mcp.json": json.dumps({"mcpServers": {"orders": {"command": "orders-mcp"}}}),
            "models.yaml": "models:\n  fast: {model: scripted}\n",
            "mcp.lock": "journeybuilder: 1\ntools:\n  orders/get: {digest: abc}\n",
            "journeys/hello.journey.yaml": JOURNEY,
            "journeys/hello.layout.yaml": "journeybuilder: 1\nlayout: hello\n"
            "nodes: {hi: {at: [10, 20]}}\n",
            "journeys/notes.txt": "no journey",
            "scenarios/one.scenario.yaml": "journeybuilder: 1\nscenario: first\njourney: hello\n",
        },
    )
    assert said(read) == []
    assert read.name == "acme"
    assert read.servers["orders"].command == "orders-mcp"
    assert read.servers["orders"].trust == "own"
    assert read.models == {"fast": {"model": "scripted"}}
    assert read.lock == {"orders/get": {"digest": "abc"}}
    assert read.environments == {"dev": {"store": "x"}}
    assert read.server_facts == {"orders": {"trust": "own"}}
    assert read.tool_facts == {"orders/refund": {"risk": "irreversible"}}
    assert read.queues == ["desk"]
    assert read.state_dir == tmp_path / ".journeybuilder"
    assert list(read.journeys) == ["hello"]
    assert read.journeys["hello"].journey.start == "hi"
    assert read.journeys["hello"].layout.positions == {"hi": (10.0, 20.0)}
    assert list(read.scenarios) == ["first"]
    assert sorted(read.sources) == [
        "journeybuilder.yaml",
        "journeys/hello.journey.yaml",
        "journeys/hello.layout.yaml",
        "mcp.json",
        "mcp.lock",
        "models.yaml",
        "scenarios/one.scenario.yaml",
    ]


def test_the_text_of_a_source_has_every_byte_of_the_file(tmp_path: Path) -> None:
    data = "\ufeff" + JOURNEY.replace("\n", "\r\n")
    read = workspace(tmp_path, {"journeys/hello.journey.yaml": data})
    assert said(read) == []
    assert read.journeys["hello"].source.text.encode() == data.encode()


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        ("journeys/a.journey.yaml", "journey: a\nnodes: {}\n", ("JB110", 1, 1)),
        ("journeys/a.journey.yaml", "journeybuilder: one\njourney: a\n", ("JB110", 1, 17)),
        ("journeys/a.journey.yaml", "journeybuilder: true\njourney: a\n", ("JB110", 1, 17)),
        ("journeys/a.journey.yaml", "journeybuilder: 9\nwhatever: a\n", ("JB111", 1, 17)),
        ("journeys/a.journey.yaml", "journeybuilder: 1\njourney: A b\n", ("JB113", 2, 10)),
        (
            "journeys/a.journey.yaml",
            "journeybuilder: 1\njourney: a\nnodes:\n  1a: {kind: end}\n",
            ("JB113", 4, 3),
        ),
        ("journeys/a.journey.yaml", "journeybuilder: 1\njourney: a\ntitel: x\n", ("JB114", 3, 1)),
        ("journeys/a.journey.yaml", "journeybuilder: 1\njourney: a\nnodes: 3\n", ("JB115", 3, 8)),
        ("journeys/a.journey.yaml", "journeybuilder: 1\njourney: a\nstart:\n", ("JB115", 3, 7)),
        ("journeys/a.journey.yaml", "journeybuilder: 1\nnodes: {}\n", ("JB118", 1, 1)),
        ("journeys/a.journey.yaml", "", ("JB115", 0, 0)),
        ("journeys/a.journey.yaml", "- a\n", ("JB115", 1, 1)),
        ("journeys/a.journey.yaml", "a: {\n", ("JB101", 2, 1)),
        ("journeys/a.journey.yaml", b"\xff\xfea\0", ("JB100", 1, 1)),
        ("journeybuilder.yaml", "journeybuilder: 1\nqueue: [a]\n", ("JB114", 2, 1)),
        ("models.yaml", "models: {}\nmodel: {}\n", ("JB114", 2, 1)),
        ("models.yaml", "models: {a: {api_key: sk-1}}\n", ("JB116", 1, 23)),
        (
            "journeybuilder.yaml",
            (
                "journeybuilder: 1\nworkspace: w\n"
                "environments: {prod: {store: 'postgresql://jb:hunter2@db/runs'}}\n"
            ),
            ("JB116", 3, 30),
        ),
        ("scenarios/s.scenario.yaml", "journeybuilder: 1\nscenario: s\nx: 1\n", ("JB114", 3, 1)),
        ("mcp.lock", "journeybuilder: 1\ntools: []\n", ("JB115", 2, 8)),
    ],
)
def test_a_flaw_of_form_is_one_finding_at_its_place(
    tmp_path: Path, file: str, text: str | bytes, found: tuple[str, int, int]
) -> None:
    read = workspace(tmp_path, {file: text})
    assert said(read) == [(found[0], file, *found[1:])]
    assert all(item.hint for item in read.findings)


def test_an_unknown_key_gets_the_nearest_known_one(tmp_path: Path) -> None:
    text = "journeybuilder: 1\njourney: a\ntitel: x\n"
    read = workspace(tmp_path, {"journeys/a.journey.yaml": text})
    assert read.findings[0].hint == "Did you mean 'title'?"


def test_a_newer_file_says_which_version_and_gives_nothing(tmp_path: Path) -> None:
    text = "journeybuilder: 9\njourney: a\nnodes: {a: {kind: end}}\n"
    read = workspace(tmp_path, {"journeys/a.journey.yaml": text})
    assert "version 9" in read.findings[0].message
    assert read.journeys["a"].journey.nodes == {}
    assert not read.journeys["a"].source.readable


def test_a_broken_journey_is_there_under_the_name_of_its_file(tmp_path: Path) -> None:
    read = workspace(
        tmp_path, {"journeys/a.journey.yaml": "x: {\n", "journeys/b.journey.yaml": JOURNEY}
    )
    assert list(read.journeys) == ["a", "hello"]
    assert read.journeys["a"].source.text == "x: {\n"


def test_two_files_with_the_same_id_are_both_kept_and_the_second_is_named(tmp_path: Path) -> None:
    scenario = "journeybuilder: 1\nscenario: s\n"
    read = workspace(
        tmp_path,
        {
            "journeys/a.journey.yaml": JOURNEY,
            "journeys/b.journey.yaml": JOURNEY,
            "scenarios/a.scenario.yaml": scenario,
            "scenarios/b.scenario.yaml": scenario,
        },
    )
    assert said(read) == [
        ("JB112", "journeys/b.journey.yaml", 2, 10),
        ("JB112", "scenarios/b.scenario.yaml", 2, 11),
    ]
    assert "journeys/a.journey.yaml" in read.findings[0].message
    assert len(read.journeys) == 2
    assert len(read.scenarios) == 2


@pytest.mark.parametrize(
    ("settings", "secret"),
    [
        ("password: hunter2", True),
        ("api_key: sk-123", True),
        ("token: 12345", True),
        ("headers: {Authorization: Bearer abc}", True),
        ("list: [{client_secret: abc}]", True),
        ("password: ${secret:CRM}", False),
        ("password: ${env:CRM}", False),
        ("headers: {Authorization: 'Bearer ${secret:CRM}'}", False),
        ("password: ''", False),
        ("password: {type: string}", False),
        ("decisions: {token: bye}", False),
        ("data: {password: personal}", False),
        ("max_tokens: 5", False),
    ],
)
def test_a_secret_written_out_is_found(tmp_path: Path, settings: str, secret: bool) -> None:
    text = f"{JOURNEY}  n:\n    kind: tool\n    {settings}\n"
    read = workspace(tmp_path, {"journeys/hello.journey.yaml": text})
    assert [item.code for item in read.findings] == (["JB116"] if secret else [])
    assert not any("hunter2" in item.message + item.hint for item in read.findings)


def test_what_is_no_readable_file_is_a_finding_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "journeys" / "folder.journey.yaml").mkdir(parents=True)
    (tmp_path / "models.yaml").mkdir()
    (tmp_path / "mcp.json").mkdir()
    (tmp_path / "scenarios").write_text("", encoding="utf-8")
    read = workspace(tmp_path, {"journeys/hello.journey.yaml": JOURNEY})
    assert [(code, file) for code, file, *_ in said(read)] == [
        ("JB117", "journeys/folder.journey.yaml"),
        ("JB117", "mcp.json"),
        ("JB117", "models.yaml"),
        ("JB117", "scenarios"),
    ]
    assert "hello" in read.journeys


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
def test_a_pipe_and_a_dangling_link_are_findings_and_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "journeys").mkdir()
    os.mkfifo(tmp_path / "journeys" / "pipe.journey.yaml")
    (tmp_path / "models.yaml").symlink_to(tmp_path / "nowhere")
    read = workspace(tmp_path, {})
    assert [code for code, *_ in said(read)] == ["JB117", "JB117"]


def test_a_huge_journey_is_refused(tmp_path: Path) -> None:
    read = workspace(tmp_path, {"journeys/a.journey.yaml": b"a: " + b"x" * 6_000_000})
    assert [code for code, *_ in said(read)] == ["JB108"]


def test_the_root_is_found_from_below_and_missed_with_a_hint(tmp_path: Path) -> None:
    workspace(tmp_path / "w", {"journeys/hello.journey.yaml": JOURNEY})
    assert find_root(tmp_path / "w") == tmp_path / "w"
    assert find_root(tmp_path / "w" / "journeys" / "hello.journey.yaml") == tmp_path / "w"
    with pytest.raises(AuthorError, match=r"journeybuilder\.yaml") as caught:
        find_root(tmp_path)
    assert "jb init" in caught.value.hint
    with pytest.raises(AuthorError):
        read_workspace(tmp_path)


def test_a_journey_is_read_alone_and_a_missing_one_is_said_so(tmp_path: Path) -> None:
    workspace(tmp_path, {"journeys/hello.journey.yaml": JOURNEY})
    entry = read_journey(tmp_path / "journeys" / "hello.journey.yaml", tmp_path)
    assert entry.journey.id == "hello"
    assert entry.source.file == "journeys/hello.journey.yaml"
    assert entry.layout_source is None
    with pytest.raises(AuthorError, match="no such journey"):
        read_journey(tmp_path / "journeys" / "other.journey.yaml", tmp_path)


def test_a_problem_is_located_at_the_nearest_thing_that_exists() -> None:
    source = journey_source(JOURNEY, "a.journey.yaml")

    def place(*path: str | int, at_key: bool = False) -> tuple[int, int]:
        finding = source.locate(Problem(rules.BAD_ID, path, "x", at_key=at_key))
        return finding.line, finding.column

    assert place("nodes", "hi", "kind") == (5, 14)
    assert place("nodes", "hi", "kind", at_key=True) == (5, 8)
    assert place("nodes", "hi", "next") == (5, 3)
    assert place("nodes", "gone", "cases", 0, "next") == (4, 1)
    assert place("title") == (1, 1)
    finding = source.locate(Problem(rules.BAD_ID, ("nodes", "hi", "next"), "x"))
    assert finding.node == "hi"
    assert str(finding).startswith("a.journey.yaml:5:3: error JB113 x")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("title: 5", 'Write `title: "5"`.'),
        ("start:", "Write text behind `start:`."),
        ("channels: chat", "Write `channels: [chat]`."),
        ("channels: [1]", 'Put each entry in quotes: `channels: ["first", "second"]`.'),
        (
            "limits: none",
            "Write each entry in a line below `limits:`, two blanks in, as `name: value`.",
        ),
    ],
)
def test_a_value_of_the_wrong_type_is_shown_in_the_right_one(line: str, hint: str) -> None:
    text = f"journeybuilder: 1\njourney: a\nnodes: {{}}\n{line}\n"
    assert [finding.hint for finding in journey_source(text, "a").findings] == [hint]
