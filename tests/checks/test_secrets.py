"""Keys and tokens in values, by what they look like; and what only looks a little like one."""

from typing import Any

import pytest

from journeybuilder.checks.secrets import check_values

SECRETS: list[tuple[Any, tuple[str | int, ...], str]] = [
    ({"text": "use sk-proj-Ab3dEf6hIj9lMn2pQr5tUv8x"}, ("text",), "OpenAI"),
    ({"text": "sk-ant-api03-Ab3dEf6hIj9lMn2pQr5tUv8xYz1"}, ("text",), "Anthropic"),
    ({"env": {"ID": "AKIAIOSFODNN7EXAMPL1"}}, ("env", "ID"), "Amazon"),
    ({"args": ["--x", "ghp_Ab3dEf6hIj9lMn2pQr5tUv8xYz1234567890"]}, ("args", 1), "GitHub"),
    ({"note": "xoxb-123456789012-abcdefABCDEF"}, ("note",), "Slack"),
    ({"url": "https://x/?k=AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q"}, ("url",), "Google"),
    ({"a": "-----BEGIN RSA PRIVATE KEY-----\\nMIIE"}, ("a",), "a private key"),
    ({"headers": {"X": "Bearer abc123DEF456ghi789"}}, ("headers", "X"), "a bearer token"),
    ({"a": ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3.SflKxwRJSMeKKF2QT4fw"]}, ("a", 0), "signed"),
    ({"args": ["--api-key", "hunter2"]}, ("args", 1), "looks like a secret"),
    ({"env": {"X": "Zx8Kq2Lm9Vb4Nc7Tf1Rw6Yp3Hd5Js0Ga"}}, ("env", "X"), "looks like a key"),
]
HARMLESS: list[Any] = [
    {
        "text": "Your order O-1001 is on its way: https://example.com/track/AbCdEf123456789012345678901234"
    },
    {"digest": "sha256:13ec73c6e499a207e6570b8cc1388fcdd160f31f2857d41210667330140133f8"},
    {"env": {"ID": "13ec73c6e499a207e6570b8cc1388fcdd160f31f"}},
    {"env": {"X": "00000000-0000-4000-8000-000000000000"}},
    {"headers": {"Authorization": "Bearer ${secret:TOKEN}"}},
    {"args": ["--api-key", "${secret:KEY}", "--token", "--verbose"]},
    {"args": ["--keyboard", "german"]},
    {"text": "Keys begin with sk-xxxxxxxxxxxxxxxxxxxxxxxx or sk-your-api-key-goes-here"},
    {"text": "the bearer of this letter may enter the building"},
    {"env": {"PATH": "/usr/local/bin:/usr/bin", "NAME": "journey_builder_server_for_orders"}},
    {"text": "Zx8Kq2Lm9Vb4Nc7Tf1Rw6Yp3Hd5Js0Ga"},
]


@pytest.mark.parametrize(("data", "path", "words"), SECRETS)
def test_what_looks_like_a_secret_is_found(
    data: Any, path: tuple[str | int, ...], words: str
) -> None:
    (problem,) = check_values(data)
    assert (problem.rule.code, problem.path) == ("JB116", path)
    assert words in problem.message
    assert not any(part in problem.message for part in ("hunter2", "ghp_", "sk-"))


@pytest.mark.parametrize("data", HARMLESS)
def test_what_is_no_secret_is_not_taken_for_one(data: Any) -> None:
    assert list(check_values(data)) == []
