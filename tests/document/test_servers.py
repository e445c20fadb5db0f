from pathlib import Path

import pytest

from journeybuilder.document.findings import Finding
from journeybuilder.document.servers import (
    RULES,
    ServerSpec,
    looks_secret,
    read_servers,
    with_facts,
)

DROPPED_IN = """\
{
  // as other clients write it
  "mcpServers": {
    "orders": {
      "command": "${python}", "args": ["-m", "orders", "--port", "1"],
      "env": {"ORDERS_DB": "data.db", "RETRIES": 3, "ORDERS_TOKEN": "${secret:ORDERS}"},
      "cwd": "servers", "timeout": 60000,
      "autoApprove": ["x"], "envFile": ".env", /* theirs */
    },
    "crm": {"url": "https://crm.example/mcp", "headers": {"Authorization": "Bearer ${CRM}"}},
    "web": {"type": "streamable-http", "url": "http://127.0.0.1:1/mcp", "timeout": 12.5},
    "old": {"type": "sse", "url": "http://127.0.0.1:1/sse", "disabled": true},
  },
}
"""


def found(text: str) -> list[tuple[str, str, int, int, str]]:
    findings: list[Finding] = read_servers(text, "mcp.json")[1]
    return [(each.code, each.severity, each.line, each.column, each.message) for each in findings]


def server(body: str) -> str:
    return '{"mcpServers": {"a": ' + body + "}}"


def test_a_file_of_another_client_can_be_dropped_in() -> None:
    specs, findings = read_servers(DROPPED_IN, "mcp.json")
    assert findings == []
    assert specs["orders"] == ServerSpec(
        "orders",
        "stdio",
        command="${python}",
        args=("-m", "orders", "--port", "1"),
        env={"ORDERS_DB": "data.db", "RETRIES": "3", "ORDERS_TOKEN": "${secret:ORDERS}"},
        cwd="servers",
        timeout=60.0,
    )
    assert specs["crm"].transport == "http"
    assert specs["crm"].headers == {"Authorization": "Bearer ${CRM}"}
    assert (specs["web"].transport, specs["web"].timeout) == ("http", 12.5)
    assert (specs["old"].transport, specs["old"].disabled) == ("sse", True)
    assert list(specs) == ["orders", "crm", "web", "old"]


def test_the_top_key_of_vs_code_is_read_too() -> None:
    specs, findings = read_servers('{"servers": {"a": {"type": "stdio", "command": "x"}}}', "f")
    assert findings == []
    assert specs["a"].command == "x"


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "The file is no JSON: expected a value, found the end of the file."),
        ('{"a": }', 1, 7, "The file is no JSON: expected a value, found '}'."),
        ('{\n  "a": 1\n  "b": 2}', 3, 3, 'The file is no JSON: expected "," or "}", found \'"\'.'),
        (
            "{a: 1}",
            1,
            2,
            "The file is no JSON: expected a key in double quotes or \"}\", found 'a'.",
        ),
        ('{"a" 1}', 1, 6, "The file is no JSON: expected \":\" after the key, found '1'."),
        ('{"a": "b', 1, 7, "The file is no JSON: this text has no closing quotation mark."),
        ("{} {}", 1, 4, "The file is no JSON: expected the end of the file, found '{'."),
        ("{} /* open", 1, 4, "The file is no JSON: expected the end of the file, found '/'."),
        (
            '{"a": "C:\\Users"}',
            1,
            7,
            (
                "The file is no JSON: this text has a line break or a backslash that JSON does not "
                'know; write "\\\\".'
            ),
        ),
        ("[" * 70, 1, 66, "The file is no JSON: it is nested deeper than 64 levels."),
    ],
)
def test_a_broken_file_is_told_with_its_place(
    text: str, line: int, column: int, message: str
) -> None:
    assert found(text) == [("JB120", "error", line, column, message)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", ("JB121", "error", 1, 1, 'The file has to be an object with the key "mcpServers".')),
        ('{"mcpServer": {}}', ("JB121", "error", 1, 1, 'The file has no key "mcpServers".')),
        (
            '{"mcpServers": []}',
            ("JB121", "error", 1, 16, '"mcpServers" has to be an object: a server by its name.'),
        ),
        (server("5"), ("JB121", "error", 1, 22, "Server 'a' has to be an object.")),
        (
            server('{"command": ["x", "y"]}'),
            ("JB121", "error", 1, 34, '"command" has to be a text.'),
        ),
        (
            server('{"command": "x", "args": "-v"}'),
            ("JB121", "error", 1, 47, '"args" has to be a list of texts.'),
        ),
        (
            server('{"command": "x", "args": [1]}'),
            ("JB121", "error", 1, 47, '"args" has to be a list of texts.'),
        ),
        (
            server('{"command": "x", "env": ["A=1"]}'),
            ("JB121", "error", 1, 46, '"env" has to be an object of texts.'),
        ),
        (
            server('{"command": "x", "env": {"A": null}}'),
            ("JB121", "error", 1, 52, "'A' has to be a text."),
        ),
        (
            server('{"command": "x", "disabled": "yes"}'),
            ("JB121", "error", 1, 51, '"disabled" has to be true or false.'),
        ),
        (
            server('{"command": "x", "timeout": 0}'),
            (
                "JB121",
                "error",
                1,
                50,
                '"timeout" has to be a number above 0: seconds, or milliseconds from 1000 on.',
            ),
        ),
        (
            server('{"type": "websocket", "url": "x"}'),
            (
                "JB121",
                "error",
                1,
                31,
                "The type of server 'a' is none of http, sse, stdio, streamable-http.",
            ),
        ),
        (server("{}"), ("JB122", "error", 1, 17, "Server 'a' has no command and no url.")),
        (
            server('{"type": "http", "command": "x"}'),
            ("JB122", "error", 1, 17, "Server 'a' has no url but its type is 'http'."),
        ),
        (
            server('{"command": "x", "url": "y"}'),
            ("JB122", "error", 1, 22, "Server 'a' has both a command and a URL."),
        ),
        (
            '{"mcpServers": {"my orders": {"command": "x"}}}',
            (
                "JB123",
                "error",
                1,
                17,
                "'my orders' cannot be a server's name: letters, digits and _ . - only.",
            ),
        ),
        (
            '{"mcpServers": {"a": {"command": "x"}, "a": {"command": "y"}}}',
            ("JB126", "error", 1, 40, "The key 'a' stands twice here."),
        ),
    ],
)
def test_every_wrong_form_is_told_with_its_place(
    text: str, expected: tuple[str, str, int, int, str]
) -> None:
    assert found(text) == [expected]


def test_a_server_that_cannot_be_used_is_left_out_and_the_others_stay() -> None:
    text = '{"mcpServers": {"a": {}, "b": {"command": "x"}, "c": {"command": 1}}}'
    assert list(read_servers(text, "f")[0]) == ["b"]


def test_a_slip_in_a_key_is_a_warning_with_the_right_key() -> None:
    text = server('{\n "comand": "x", "command": "y", "header": {}, "autoApprove": []}')
    _, findings = read_servers(text, "mcp.json")
    assert [(each.code, each.severity, each.line, each.column, each.hint) for each in findings] == [
        ("JB125", "warning", 2, 33, "Did you mean 'headers'?")
    ]


def test_a_slip_in_the_one_key_that_is_needed_is_one_finding_with_the_right_key() -> None:
    for text, key in (
        ('{"comand": "x"}', "command"),
        ('{"type": "http", "command": "x", "urll": "y"}', "url"),
    ):
        servers, (finding,) = read_servers(server(text), "mcp.json")
        assert servers == {}
        assert (finding.code, finding.severity) == ("JB122", "error")
        assert finding.hint == f"Did you mean '{key}'?"


@pytest.mark.parametrize(
    "body",
    [
        '{"command": "x", "env": {"GITHUB_TOKEN": "very-secret"}}',
        '{"command": "x", "env": {"dbPassword": "very-secret"}}',
        '{"command": "x", "env": {"OPENAI_API_KEY": "very-secret"}}',
        '{"url": "https://x", "headers": {"Authorization": "Bearer very-secret"}}',
        '{"url": "https://x", "headers": {"X-Api-Key": "very-secret"}}',
        '{"url": "https://me:very-secret@x/mcp"}',
    ],
)
def test_a_secret_written_out_is_found_and_never_shown(body: str) -> None:
    specs, findings = read_servers(server(body), "mcp.json")
    assert [each.code for each in findings] == ["JB124"]
    assert "very-secret" not in str(findings)
    assert list(specs) == ["a"]


@pytest.mark.parametrize(
    "name", ["MAX_TOKENS", "TOKEN_LIMIT", "PASSWORD_FILE", "SECRETARY", "KEY", "PATH", "Accept"]
)
def test_harmless_names_do_not_look_secret(name: str) -> None:
    assert not looks_secret(name)


def test_facts_of_the_workspace_are_joined_to_the_servers() -> None:
    specs = {
        "web": ServerSpec("web", "http", url="http://127.0.0.1:1/mcp"),
        "crm": ServerSpec("crm", "stdio", command="crm"),
        "other": ServerSpec("other", "stdio", command="other"),
    }
    joined = with_facts(
        specs,
        {
            "web": {"start": ["${python}", "web.py"], "trust": "own", "region": "eu"},
            "crm": {"start": ["ignored"], "trust": "outside"},
            "gone": {"trust": "own"},
        },
    )
    assert joined["web"].start == ("${python}", "web.py")
    assert joined["web"].trust == "own"
    assert (joined["crm"].start, joined["crm"].trust) == ((), "outside")
    assert joined["other"] == specs["other"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_is_broken_by_its_own_example(rule: object) -> None:
    assert rule.code in [each[0] for each in found(rule.example)]  # pyright: ignore[reportAttributeAccessIssue]


def test_the_sample_of_a_windows_editor_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mcp.json"
    file.write_bytes(b"\xef\xbb\xbf" + server('{"command": "x"}').replace("{", "{\r\n").encode())
    specs, findings = read_servers(file.read_text(encoding="utf-8"), "mcp.json")
    assert findings == []
    assert specs["a"].command == "x"


@pytest.mark.parametrize("number", ["9" * 5000, "1e999"])
def test_a_number_without_end_is_a_finding(number: str) -> None:
    _, findings = read_servers(f'{{"mcpServers": {{"a": {{"timeout": {number}}}}}}}', "mcp.json")
    assert "this number is too large" in findings[0].message
