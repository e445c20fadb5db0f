"""`oauth` of a server in `mcp.json`: how one logs in there, in the keys that other clients use."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, cast

Grant = Literal["authorization_code", "client_credentials"]
GRANTS: tuple[Grant, ...] = ("authorization_code", "client_credentials")
OAUTH_KEYS = (
    "clientId",
    "clientSecret",
    "scopes",
    "grant",
    "authServerMetadataUrl",
    "callbackPort",
)
_HIGHEST_PORT = 65535
_CUTOFF = 0.75


@dataclass(frozen=True, slots=True)
class OAuthSpec:
    """How one logs in at a server. Texts may hold `${…}`, resolved at the moment of use.

    Attributes:
        client_id: As whom; empty to be registered with the first login.
        client_secret: A reference such as `${secret:NAME}`, or empty.
        scopes: What is asked for, separated by blanks; empty for what the server wants.
        grant: `authorization_code` lets a person log in, `client_credentials` needs nobody.
        metadata_url: Where the authorization server describes itself; empty to find out.
        port: Port of this machine that the browser comes back to; 0 for a free one.
    """

    client_id: str = ""
    client_secret: str = ""
    scopes: str = ""
    grant: Grant = "authorization_code"
    metadata_url: str = ""
    port: int = 0


@dataclass(frozen=True, slots=True)
class OAuthProblem:
    """What is wrong with a key of `oauth`; with `slip`, the key itself is meant to be another."""

    key: str
    message: str
    hint: str
    slip: bool = False


def read_oauth(raw: object) -> tuple[OAuthSpec | None, list[OAuthProblem]]:
    """The settings and what is wrong with them; None where they cannot be used."""
    if not isinstance(raw, dict):
        hint = 'Write "oauth": {"clientId": "…"}, or {} to be registered with the first login.'
        return None, [OAuthProblem("", '"oauth" has to be an object.', hint)]
    data = cast("dict[str, Any]", raw)
    wrong = _slips(data)
    texts = ("clientId", "clientSecret", "authServerMetadataUrl")
    for key in texts:
        if not isinstance(data.get(key, ""), str):
            wrong.append(OAuthProblem(key, f'"{key}" has to be a text.', "Put it in quotes."))
    grant = data.get("grant", GRANTS[0])
    if grant not in GRANTS:
        wrong.append(OAuthProblem("grant", f'"grant" is none of {", ".join(GRANTS)}.', ""))
    elif grant == "client_credentials" and not (data.get("clientId") and data.get("clientSecret")):
        message = "The grant client_credentials needs clientId and clientSecret."
        wrong.append(OAuthProblem("grant", message, 'Write "clientSecret": "${secret:NAME}".'))
    scopes = _scopes(data.get("scopes", ""))
    if scopes is None:
        message = '"scopes" has to be a list of texts, or one text with blanks between them.'
        wrong.append(OAuthProblem("scopes", message, 'Write "scopes": ["read", "write"].'))
    port = data.get("callbackPort", 0)
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= _HIGHEST_PORT:
        wrong.append(OAuthProblem("callbackPort", '"callbackPort" has to be a port number.', ""))
    if any(not problem.slip for problem in wrong):
        return None, wrong
    client_id, client_secret, metadata_url = (str(data.get(key, "")) for key in texts)
    return OAuthSpec(client_id, client_secret, scopes or "", grant, metadata_url, port), wrong


def _slips(data: Mapping[str, Any]) -> list[OAuthProblem]:
    out: list[OAuthProblem] = []
    for key in data:
        match = get_close_matches(key, OAUTH_KEYS, n=1, cutoff=_CUTOFF)
        if key not in OAUTH_KEYS and match and match[0] not in data:
            message = f"The key '{key}' is not known and is ignored."
            out.append(OAuthProblem(key, message, f"Did you mean '{match[0]}'?", slip=True))
    return out


def _scopes(raw: object) -> str | None:
    if isinstance(raw, str):
        return " ".join(raw.split())
    if not isinstance(raw, list):
        return None
    items = cast("list[object]", raw)
    return " ".join(map(str, items)) if all(isinstance(each, str) for each in items) else None
