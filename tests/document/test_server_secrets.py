"""Secrets that stand written out in `mcp.json` are found wherever they hide, and nothing else is."""

import json
from typing import Any

import pytest

from journeybuilder.document.server_secrets import secrets_in
from journeybuilder.document.servers import OAuthSpec, read_servers


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ({"env": {"GITHUB_TOKEN": "abcd"}}, ("env", "GITHUB_TOKEN")),
        ({"env": {"DATABASE": "postgres://me:pw@db/x"}}, ("env", "DATABASE")),
        ({"env": {"THING": "ghp_" + "a" * 36}}, ("env", "THING")),
        ({"headers": {"X-Api-Key": "k1"}}, ("headers", "X-Api-Key")),
        ({"args": ["--token", "abcd"]}, ("args", 1)),
        ({"args": ["-y", "x", "--api-key=abcd"]}, ("args", 2)),
        ({"args": ["run", "-e", "API_KEY=abcd", "image"]}, ("args", 2)),
        ({"args": ["--header", "Authorization: Bearer abcd"]}, ("args", 1)),
        ({"args": ["--header", "Authorization:Bearer abcd"]}, ("args", 1)),
        ({"args": ["postgresql://jb:hunter2@db/runs"]}, ("args", 0)),
        ({"args": ["--url=https://x.example/mcp?token=abcd"]}, ("args", 0)),
        ({"args": ["sk-ant-api03-" + "a" * 40]}, ("args", 0)),
        ({"url": "https://me:pw@x.example/mcp"}, ("url",)),
        ({"url": "https://x.example/mcp?apiKey=abcd"}, ("url",)),
        ({"url": "https://x.example/mcp?a=1&token=abcd"}, ("url",)),
        ({"url": "https://x.example/xoxb-1234567890-abc/mcp"}, ("url",)),
        ({"url": "https://x", "oauth": {"clientSecret": "abcd"}}, ("oauth", "clientSecret")),
    ],
)
def test_a_secret_is_found_where_it_stands_and_never_shown(
    entry: dict[str, Any], place: tuple[str | int, ...]
) -> None:
    found = list(secrets_in(entry))
    assert [each for each, _ in found] == [place]
    assert not any(secret in found[0][1] for secret in ("abcd", "hunter2", "pw@", "k1"))


@pytest.mark.parametrize(
    "entry",
    [
        {"env": {"GITHUB_TOKEN": "${secret:GITHUB}", "MODE": "token"}},
        {"args": ["--token", "${secret:T}", "--token-file", "/run/token"]},
        {"args": ["--max-tokens", "500", "--key-file=x", "-y", "@acme/token-server@1.2.3"]},
        {"args": ["--repository", "/home/me/secret", "https://x.example/mcp?page=2"]},
        {"url": "https://x.example/mcp?token=${secret:T}&v=1"},
        {"headers": {"Authorization": "Bearer ${secret:T}"}},
        {"url": "https://x", "oauth": {"clientId": "abcd", "clientSecret": "${secret:S}"}},
    ],
)
def test_what_is_no_secret_is_left_alone(entry: dict[str, Any]) -> None:
    assert list(secrets_in(entry)) == []


def test_a_secret_among_the_arguments_is_a_finding_at_its_place() -> None:
    text = '{"mcpServers": {"crm": {"command": "crm",\n  "args": ["--token", "abcd"]}}}'
    servers, (finding,) = read_servers(text, "mcp.json")
    assert "crm" in servers
    assert (finding.code, finding.line) == ("JB124", 2)


def test_oauth_is_read_as_other_clients_write_it() -> None:
    oauth = {
        "clientId": "jb", "clientSecret": "${secret:S}", "scopes": ["read", "write"],
        "grant": "client_credentials", "authServerMetadataUrl": "https://a/x", "callbackPort": 8123,
    }  # fmt: skip
    text = json.dumps({"mcpServers": {"crm": {"url": "https://x", "oauth": oauth}}})
    servers, findings = read_servers(text, "mcp.json")
    assert findings == []
    assert servers["crm"].oauth == OAuthSpec(
        "jb", "${secret:S}", "read write", "client_credentials", "https://a/x", 8123
    )


@pytest.mark.parametrize(
    ("oauth", "code", "words"),
    [
        ([], "JB121", "has to be an object"),
        ({"clientId": 7}, "JB121", '"clientId" has to be a text'),
        ({"grant": "password"}, "JB121", "none of authorization_code, client_credentials"),
        ({"grant": "client_credentials"}, "JB121", "needs clientId and clientSecret"),
        ({"scopes": 5}, "JB121", '"scopes" has to be a list'),
        ({"callbackPort": 99999}, "JB121", "has to be a port number"),
        ({"clientID": "jb"}, "JB125", "The key 'clientID' is not known"),
    ],
)
def test_a_wrong_value_in_oauth_is_told(oauth: Any, code: str, words: str) -> None:
    text = json.dumps({"mcpServers": {"crm": {"url": "https://x", "oauth": oauth}}})
    _, (finding,) = read_servers(text, "mcp.json")
    assert finding.code == code
    assert words in finding.message
