"""`jb check --env`: the keys that an environment needs, by name and never by value."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.cli import call
from journeybuilder.connect.missing_keys import PROVIDERS, of_models, of_servers, used_by
from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.variables import Variables
from journeybuilder.document.servers import ServerSpec
from tests.fakes import write_files

SPACE = {
    "journeybuilder.yaml": "journeybuilder: 1\nworkspace: w\n"
    "environments: {dev: {}, prod: {models: {fast: careful}}}\n",
    "mcp.json": '{"mcpServers": {\n  "orders": {"command": "orders", "env": {"T": "${secret:JB_TEST_T}"}},\n'
    '  "apart": {"command": "apart", "env": {"T": "${secret:JB_TEST_APART}"}}\n}}\n',
    "models.yaml": "models:\n  fast: {model: scripted}\n"
    "  careful: {model: acme/big, api_key: '${secret:JB_TEST_K}', fallbacks: [spare]}\n"
    "  spare: {model: acme/small, api_key: '${env:JB_TEST_E}'}\n"
    "  unused: {model: acme/x, api_key: '${secret:JB_TEST_UNUSED}'}\n",
    "mcp.lock": "journeybuilder: 1\ntools: {orders/look: {inputSchema: {}}}\n",
    "journeys/a.journey.yaml": "journeybuilder: 1\njourney: a\nstart: a\nnodes:\n"
    "  a: {kind: tool, tool: orders/look, next: b}\n"
    "  b: {kind: generate, model: fast, prompt: Hi, next: z}\n  z: {kind: end}\n",
}
KEYS = ("JB_TEST_T", "JB_TEST_K", "JB_TEST_E")


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def space(tmp_path: Path) -> Path:
    (tmp_path / ".journeybuilder").mkdir()  # where findings are kept
    return write_files(tmp_path, SPACE)


def checked(space: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert call(["check", "--workspace", str(space), *words]) == 0
    return capsys.readouterr().out


def test_the_keys_that_are_missing_are_named_where_they_are_asked_for(
    space: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = checked(space, capsys, "--env", "prod")
    assert out == (
        "mcp.json:2:3: warning JB807 in 'prod', the server 'orders' needs JB_TEST_T, which is neither "
        "in the keyring nor in the environment\n"
        "    Store it with `keyring set journeybuilder JB_TEST_T`, or set the environment variable "
        "JB_TEST_T.\n"
        "models.yaml:3:39: warning JB807 in 'prod', the model 'fast', which is 'careful' there, needs "
        "JB_TEST_K, which is neither in the keyring nor in the environment\n"
        "    Store it with `keyring set journeybuilder JB_TEST_K`, or set the environment variable "
        "JB_TEST_K.\n"
        "models.yaml:4:39: warning JB807 in 'prod', the model 'spare' needs JB_TEST_E, which is not in "
        "the environment\n"
        "    Set the environment variable JB_TEST_E.\n"
        "3 warnings\n"
    )


def test_another_environment_and_none_at_all_need_other_keys(
    space: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(space, capsys) == "no findings\n"
    assert checked(space, capsys, "--env", "prod").count("JB807") == 3
    assert checked(space, capsys) == "no findings\n"
    dev = checked(space, capsys, "--env", "dev")
    assert (dev.count("JB807"), "JB_TEST_T" in dev) == (1, True)


def test_a_key_that_is_there_is_not_missing_and_its_value_is_nowhere(
    space: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(space, capsys, "--env", "prod")
    for number, name in enumerate(KEYS, 1):
        monkeypatch.setenv(name, "a-value-of-a-key")
        assert checked(space, capsys, "--env", "prod").count("JB807") == 3 - number
    kept = [path for path in space.rglob("*") if path.is_file()]
    assert not any("a-value-of-a-key" in path.read_text(encoding="utf-8") for path in kept)


def test_an_environment_that_does_not_exist_is_an_error(
    space: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["check", "--workspace", str(space), "--env", "prodd"]) == 1
    out = capsys.readouterr().out
    assert "journeybuilder.yaml:3:" in out
    assert "error JB804 there is no environment 'prodd'\n    Did you mean 'prod'?" in out


def variables(**environ: str) -> Variables:
    return Variables(Path(), Secrets(environ, lambda: None), environ)


@pytest.mark.parametrize(
    ("entry", "missing"),
    [
        ({"model": "openai/gpt-5-mini"}, "OPENAI_API_KEY"),
        ({"model": "anthropic/x"}, "ANTHROPIC_API_KEY"),
        ({"model": "azure/x"}, "AZURE_API_KEY"),
        ({"model": "mistral/x", "api_key": None}, "MISTRAL_API_KEY"),
        ({"model": "groq/x", "api_key": "${secret:MINE}"}, "MINE"),
        ({"model": "openai/x", "api_base": "https://${HOST_NAME}/v1"}, "HOST_NAME"),
    ],
)
def test_a_model_of_a_known_provider_needs_the_key_of_the_provider(
    entry: Mapping[str, Any], missing: str
) -> None:
    (problem,) = of_models({"fast": entry}, {}, ["fast"], "prod", variables())
    assert f"the model 'fast' needs {missing}, which is n" in problem.message
    assert list(of_models({"fast": entry}, {}, ["fast"], "prod", variables(**{missing: "x"}))) == []


@pytest.mark.parametrize(
    "entry",
    [
        {"model": "scripted"},
        {"model": "ollama/llama3.1", "api_base": "http://localhost:11434"},
        {"model": "openai/local", "api_base": "http://localhost:8000"},
        {"model": "openai/x", "api_key": "${MY_KEY:-none}"},
        {"model": 5},
    ],
)
def test_a_model_that_needs_no_key_lacks_none(entry: Mapping[str, Any]) -> None:
    assert list(of_models({"fast": entry}, {}, ["fast"], "prod", variables())) == []


def test_any_of_the_variables_of_a_provider_will_do() -> None:
    models = {"fast": {"model": "gemini/x"}}
    for name in PROVIDERS["gemini"]:
        assert list(of_models(models, {}, ["fast"], "prod", variables(**{name: "x"}))) == []


def test_an_entry_under_two_aliases_is_named_once_and_rings_of_fallbacks_end() -> None:
    models = {"one": {"model": "openai/x", "fallbacks": ["two"]},
              "two": {"model": "scripted", "fallbacks": ["one"]}}  # fmt: skip
    found = list(of_models(models, {"two": "one"}, ["one", "two"], "prod", variables()))
    assert [problem.path for problem in found] == [("models", "one", "model")]


def test_a_server_that_is_switched_off_or_has_what_it_needs_lacks_nothing() -> None:
    specs = {
        "off": ServerSpec("off", "stdio", "x", env={"A": "${secret:A}"}, disabled=True),
        "fine": ServerSpec("fine", "http", url="https://x/${B:-c}", headers={"X": "${secret:D}"}),
    }
    assert list(of_servers(specs, specs, "prod", variables(D="x"))) == []
    (problem,) = of_servers(specs, specs, "prod", variables())
    assert "the server 'fine' needs D, which is neither" in problem.message


def test_models_and_servers_are_told_by_the_roles_of_values() -> None:
    uses = [("tool", "a/x"), ("tools", ["b/y", "a/z"]), ("resource", "c/d://e"), ("prompt", "d/p"),
            ("model", "fast"), ("model", None), ("save", "e/f")]  # fmt: skip
    assert used_by(uses) == (["fast"], ["a", "b", "c", "d"])
