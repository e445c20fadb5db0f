"""Servers out of what people paste: an `mcp.json`, settings of another client, a command line, an address."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import urlsplit

from journeybuilder.document.jsonc import JsonError, load_jsonc
from journeybuilder.document.server_secrets import Place, secrets_in
from journeybuilder.document.servers import KEYS, TOP_KEYS
from journeybuilder.errors import AuthorError

_NAME = re.compile(r"[^A-Za-z0-9_.-]+")
_INPUT = re.compile(r"\$\{input:([^}]*)\}")
_VALUE = re.compile(
    r"(.*?(?:Bearer|Basic|Token)\s+|[A-Za-z][A-Za-z0-9-]*:\s*|-{0,2}[A-Za-z0-9_.-]+=)?(.+)",
    re.DOTALL,
)
_USER = re.compile(r"(://[^/@\s:]+:)([^/@\s]+)(@)")
_HINT = 'Paste an mcp.json, a part of one ("name": {"command": …}), a command line or an address.'
_RUNNERS = {
    "npx",
    "uvx",
    "bunx",
    "pipx",
    "npm",
    "pnpm",
    "uv",
    "docker",
    "node",
    "python",
    "python3",
    "deno",
}
_PREFIXES = ("mcp-server-", "server-", "mcp-")
_OPTIONS = ("-y", "--yes", "-q", "--quiet", "run", "exec", "dlx", "-i", "--rm", "x", "--from", "-m")


@dataclass(frozen=True, slots=True)
class Pasted:
    """One server that was pasted.

    Attributes:
        name: A name that can be used.
        entry: Its entry as it would stand in `mcp.json`.
        plain: Where secrets stand written out, each with what gives it away.
        inputs: Secrets that another client would ask for; they have no value yet.
    """

    name: str
    entry: Mapping[str, Any]
    plain: tuple[tuple[Place, str], ...] = ()
    inputs: tuple[str, ...] = field(default=())


def read_pasted(text: str) -> list[Pasted]:
    """The servers in a text.

    Raises:
        AuthorError: When there is none in it, with what to paste.
    """
    text = text.strip().strip("\ufeff").strip()
    if not text:
        raise AuthorError("There is nothing to add.", hint=_HINT)
    if text.startswith(("{", '"')):
        return _of_json(text)
    if re.match(r"https?://\S+$", text):
        return [_pasted(_name_of_url(text), {"url": text})]
    return [_of_command(text)]


def _of_json(text: str) -> list[Pasted]:
    try:
        value = load_jsonc(text if text.startswith("{") else "{" + text.rstrip(", \n") + "}").value
    except JsonError as error:
        line = text[: error.offset].count("\n") + 1
        raise AuthorError(
            f"This is no JSON (line {line}): {error.message}.",
            hint="Was all of it copied? Comments and trailing commas are fine.",
        ) from None
    data = cast("dict[str, Any]", value)
    for key in (*TOP_KEYS, "mcp"):
        inner = data.get(key)
        if key == "mcp" and isinstance(inner, dict):
            inner = cast("dict[str, Any]", inner).get("servers")
        if isinstance(inner, dict):
            data = cast("dict[str, Any]", inner)
            break
    if "command" in data or "url" in data:
        return [_pasted(_guess(data), data)]
    found = [
        _pasted(name, cast("dict[str, Any]", entry))
        for name, entry in data.items()
        if isinstance(entry, dict) and ("command" in entry or "url" in entry)
    ]
    if not found:
        raise AuthorError("No server stands in this.", hint=_HINT)
    return found


def _of_command(text: str) -> Pasted:
    one_line = re.sub(r"\\\s*\n", " ", text)
    if "\n" in one_line.strip():
        raise AuthorError("This is more than one line.", hint=_HINT)
    try:
        words = shlex.split(one_line.removeprefix("$ "))
    except ValueError:
        raise AuthorError(
            "A quotation mark in this command is never closed.", hint="Copy the whole command."
        ) from None
    env: dict[str, str] = {}
    while words and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*=.*", words[0], re.DOTALL):
        name, _, value = words.pop(0).partition("=")
        env[name] = value
    if not words or any(mark in words for mark in ("|", "&&", ";", ">", "||", "&")):
        raise AuthorError("This is no single command.", hint="A server is started by one program.")
    if len(words) == 1 and words[0] not in _RUNNERS and not re.search(r"[-/.\\$]|mcp", words[0]):
        raise AuthorError("This looks like no command of a server.", hint=_HINT)
    entry: dict[str, Any] = {"command": words[0]}
    entry |= {"args": words[1:]} if len(words) > 1 else {}
    entry |= {"env": env} if env else {}
    return _pasted(_guess(entry), entry)


def _pasted(name: str, entry: Mapping[str, Any]) -> Pasted:
    cleaned, asked = _without_inputs({key: value for key, value in entry.items() if key in KEYS})
    return Pasted(usable_name(name), cleaned, tuple(secrets_in(cleaned)), tuple(asked))


def usable_name(name: str) -> str:
    """The name with what no name of a server may have put away."""
    return _NAME.sub("-", name.strip()).strip("-") or "server"


def _guess(entry: Mapping[str, Any]) -> str:
    """A name out of what is started: `time` of `uvx mcp-server-time`."""
    if entry.get("url"):
        return _name_of_url(str(entry["url"]))
    words = [str(entry.get("command") or ""), *(str(word) for word in entry.get("args") or ())]
    telling = [word for word in words if word not in _OPTIONS and not word.startswith("-")]
    while len(telling) > 1 and telling[0].rpartition("/")[2].removesuffix(".exe") in _RUNNERS:
        telling = telling[1:]
    word = telling[0] if telling else "server"
    word = re.sub(r"(?<=.)@[^/]*$", "", word).rpartition("/")[2].rpartition("\\")[2]
    word = re.sub(r"\.(?:py|js|ts|mjs|exe)$", "", word)
    for prefix in _PREFIXES:
        word = word.removeprefix(prefix) or word
    return re.sub(r"[-_]mcp(?:[-_]server)?$", "", word) or "server"


def _name_of_url(url: str) -> str:
    try:
        host = urlsplit(url).hostname or "server"
    except ValueError:
        host = "server"
    parts = [part for part in host.split(".") if part not in {"www", "mcp", "api"}]
    return host.replace(".", "-") if host.replace(".", "").isdigit() else (parts or [host])[0]


def _without_inputs(entry: Any) -> tuple[Any, list[str]]:
    """What VS Code would ask its person for becomes a secret."""
    asked: list[str] = []

    def name_of(found: "re.Match[str]") -> str:
        name = secret_name(found.group(1))
        asked.append(name)
        return f"${{secret:{name}}}"

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return _INPUT.sub(name_of, value)
        if isinstance(value, list):
            return [walk(item) for item in cast("list[Any]", value)]
        if isinstance(value, dict):
            return {key: walk(item) for key, item in cast("dict[str, Any]", value).items()}
        return value

    return walk(entry), list(dict.fromkeys(asked))


def secret_name(words: str) -> str:
    """A name for a secret: capital letters, digits and `_`."""
    return re.sub(r"[^A-Za-z0-9]+", "_", words).strip("_").upper() or "SECRET"


def moved(server: str, entry: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The entry with `${secret:NAME}` in the place of what is a secret, and the secrets by name.

    A secret in an environment variable keeps that name, so that it is found in the environment too.
    """
    out = cast("dict[str, Any]", _copy(entry))
    kept: dict[str, str] = {}
    for place, _ in list(secrets_in(entry)):
        for before, secret, after in _parts(str(_value(out, place))):
            name = _free(_called(server, place), secret, kept)
            kept[name] = secret
            _put(out, place, f"{before}${{secret:{name}}}{after}")
    return out, kept


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(item) for key, item in cast("Mapping[str, Any]", value).items()}
    return [_copy(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value


def _parts(value: str) -> Iterator[tuple[str, str, str]]:
    """What stands before the secret itself, the secret, and what stands behind it."""
    user = _USER.search(value)
    if user is not None:
        yield value[: user.end(1)], user.group(2), value[user.start(3) :]
        return
    if "://" in value and "?" in value:
        address, _, query = value.partition("?")
        pairs = query.split("&")
        for index, pair in enumerate(pairs):
            name, equals, secret = pair.partition("=")
            if equals and list(secrets_in({"url": f"{address}?{pair}"})):
                before = "&".join([*pairs[:index], f"{name}="])
                after = "".join(f"&{one}" for one in pairs[index + 1 :])
                yield f"{address}?{before}", secret, after
                return
    found = _VALUE.fullmatch(value)
    if found is not None:
        yield found.group(1) or "", found.group(2), ""


def _called(server: str, place: Place) -> str:
    if place[0] == "env":
        return str(place[1])
    last = str(place[1]) if place[0] in {"headers", "oauth"} else "TOKEN"
    last = "TOKEN" if last.casefold() == "authorization" else last
    return secret_name(f"{server}_{last}")


def _free(name: str, secret: str, kept: Mapping[str, str]) -> str:
    found, number = name, 2
    while kept.get(found, secret) != secret:
        found, number = f"{name}_{number}", number + 1
    return found


def _value(entry: Any, place: Place) -> Any:
    for part in place:
        entry = entry[part]
    return entry


def _put(entry: Any, place: Place, value: str) -> None:
    _value(entry, place[:-1])[place[-1]] = value


def with_name(one: Pasted, taken: Mapping[str, Any]) -> Pasted:
    """The same under a name that no other server has."""
    name, number = one.name, 2
    while name in taken:
        name, number = f"{one.name}-{number}", number + 1
    return replace(one, name=name)
