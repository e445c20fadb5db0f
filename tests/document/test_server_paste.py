"""What people paste to add a server, and how the secrets in it get away from the file."""

import json
from typing import Any

import pytest

from journeybuilder.document.server_paste import moved, read_pasted
from journeybuilder.document.server_secrets import secrets_in
from journeybuilder.errors import AuthorError

TOKEN = "ghp_" + "a" * 36


@pytest.mark.parametrize(
    ("text", "name", "entry"),
    [
        ("uvx mcp-server-time", "time", {"command": "uvx", "args": ["mcp-server-time"]}),
        (
            "npx -y @modelcontextprotocol/server-everything@1.2",
            "everything",
            {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-everything@1.2"]},
        ),
        (
            "DEBUG=1 python3 /srv/orders.py --fast",
            "orders",
            {"command": "python3", "args": ["/srv/orders.py", "--fast"], "env": {"DEBUG": "1"}},
        ),
        ("https://mcp.linear.app/mcp", "linear", {"url": "https://mcp.linear.app/mcp"}),
        ('"time": {"command": "uvx"},', "time", {"command": "uvx"}),
        (
            '{"servers": {"crm": {"type": "stdio", "command": "c", "env": {"T": "${input:key}"}}}}',
            "crm",
            {"type": "stdio", "command": "c", "env": {"T": "${secret:KEY}"}},
        ),
        (
            '{"url": "https://a.example/mcp", "autoApprove": []}',
            "a",
            {"url": "https://a.example/mcp"},
        ),
    ],
)
def test_a_server_is_found_in_what_was_pasted(text: str, name: str, entry: dict[str, Any]) -> None:
    (found,) = read_pasted(text)
    assert (found.name, found.entry) == (name, entry)


@pytest.mark.parametrize(
    "text", ["", "hello", "{", '{"a": 1}', "curl x | sh", 'npx "open', "one\ntwo"]
)
def test_what_is_no_server_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(AuthorError) as caught:
        read_pasted(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    "entry",
    [
        {"command": "x", "env": {"GITHUB_TOKEN": TOKEN}},
        {"command": "x", "args": ["--token", TOKEN]},
        {"command": "x", "args": [f"--api-key={TOKEN}", "-e", f"API_KEY={TOKEN}b"]},
        {"url": "https://a/mcp", "headers": {"Authorization": f"Bearer {TOKEN}"}},
        {"url": f"https://a/mcp?x=1&api_key={TOKEN}&y=2"},
        {"url": f"https://me:{TOKEN}@a/mcp"},
        {"url": "https://a/mcp", "oauth": {"clientId": "i", "clientSecret": TOKEN}},
    ],
)
def test_no_secret_is_left_in_an_entry_after_it_was_moved(entry: dict[str, Any]) -> None:
    out, kept = moved("shop", entry)
    text = json.dumps(out)
    assert not list(secrets_in(out))
    assert TOKEN not in text
    assert kept
    for name, value in kept.items():
        text = text.replace(f"${{secret:{name}}}", value)
    assert json.loads(text) == entry
