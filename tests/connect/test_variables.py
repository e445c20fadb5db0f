import sys
from pathlib import Path

import pytest

from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.variables import Variables
from journeybuilder.errors import OperatorError


def variables(**environ: str) -> Variables:
    return Variables(Path("/srv/space"), Secrets(environ, keyring=lambda: None), environ)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain $HOME {x}", "plain $HOME {x}"),
        ("${NAME}", "value"),
        ("a ${env:NAME} b ${NAME} c", "a value b value c"),
        ("${secret:NAME}", "value"),
        ("${EMPTY}", ""),
        ("${EMPTY:-default}", "default"),
        ("${UNSET:-}", ""),
        ("${UNSET:-http://x:1/-}", "http://x:1/-"),
        ("${NAME:-default}", "value"),
        ("${workspaceFolder}/data", "/srv/space/data"),
        ("${userHome}", str(Path.home())),
        ("${python}", sys.executable),
    ],
)
def test_every_form_of_a_variable_has_its_value(text: str, value: str) -> None:
    assert variables(NAME="value", EMPTY="").resolve(text) == value


def test_a_value_is_not_resolved_again() -> None:
    assert variables(NAME="${OTHER}", OTHER="x").resolve("${NAME}") == "${OTHER}"


def test_an_unset_variable_names_itself_the_place_and_what_to_do() -> None:
    with pytest.raises(OperatorError) as caught:
        variables().resolve("${CRM_URL}/mcp", where="mcp.json, url of server 'crm'")
    assert str(caught.value) == (
        "mcp.json, url of server 'crm': the environment variable CRM_URL is not set\n"
        "  Set CRM_URL before the start, or write ${CRM_URL:-default}; for a secret write "
        "${secret:CRM_URL} and store it with `keyring set journeybuilder CRM_URL`."
    )


def test_a_missing_secret_names_the_place() -> None:
    with pytest.raises(OperatorError) as caught:
        variables().resolve("${secret:KEY}", where="models.yaml")
    assert caught.value.where == "models.yaml"
    assert caught.value.what == "the secret 'KEY' is nowhere to be found"


@pytest.mark.parametrize("text", ["${}", "${a b}", "${1X}"])
def test_a_form_that_is_not_known_is_no_silent_text(text: str) -> None:
    with pytest.raises(OperatorError, match="is no variable that is known here"):
        variables().resolve(text)


@pytest.mark.parametrize("name", ["oauth:crm:0123456789abcdef", " OAuth:crm:0123", "oauth:crm:0#1"])
def test_the_login_of_a_server_is_no_secret_for_others(name: str) -> None:
    keys = {name.strip(): "a token"}
    secrets = Secrets(keys, keyring=lambda: None)
    with pytest.raises(OperatorError, match="is a login of a server") as caught:
        Variables(Path("/srv"), secrets, {}).resolve(f"${{secret:{name}}}", where="mcp.json")
    assert caught.value.where == "mcp.json"
    assert "a secret of its own" in caught.value.hint
    with pytest.raises(OperatorError, match="is a login of a server"):
        secrets.get(name)


def test_what_only_vs_code_asks_for_is_named_as_that() -> None:
    with pytest.raises(OperatorError, match="a value that only VS Code asks for") as caught:
        variables().resolve("${input:token}")
    assert "${secret:NAME}" in caught.value.hint
