"""Secrets that stand written out in an entry of `mcp.json`, wherever one can hide there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

_WORD_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SECRET_KEY = re.compile(
    r"(?:^|[_\-. ])(?:token|secret|password|passwd|passphrase|pat|(?:proxy[_\-])?authorization"
    r"|cookie|credentials?|(?:api|access|secret|private|auth|account|subscription|signing)[_\-. ]?key)$"
)
_PLAIN_KEYS = frozenset({"key", "apikey", "sig", "signature", "auth", "pwd", "code"})
_USER_INFO = re.compile(r"://[^/@\s:]+:[^/@\s]+@")
_OPTION = re.compile(r"-{1,2}([A-Za-z][A-Za-z0-9_.\-]*)(?:=(.*))?", re.DOTALL)
_SETTING = re.compile(r"([A-Z][A-Z0-9_]+)=(.+)", re.DOTALL)
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9\-]*):\s*(.+)", re.DOTALL)
# What the great providers' keys begin with; nothing else begins so.
_KNOWN = re.compile(
    r"(?:sk-(?:ant-|proj-)?[A-Za-z0-9_\-]{20,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}"
    r"|glpat-[A-Za-z0-9_\-]{20,}|xox[abprs]-[A-Za-z0-9\-]{10,}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_\-]{35}"
    r"|eyJ[A-Za-z0-9_\-]{10,}\.eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----)"
)
Place = tuple[str | int, ...]


def looks_secret(key: str) -> bool:
    """True for the name of a header or variable that usually holds a secret: `X-Api-Key`."""
    return _SECRET_KEY.search(_WORD_BREAK.sub("_", key).lower()) is not None


def holds_password(address: str) -> bool:
    """True for an address with a password written out: `postgresql://jb:hunter2@db/runs`."""
    return _USER_INFO.search(address) is not None and "${" not in address


def secrets_in(entry: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Where secrets stand written out in an entry, each with what gives it away.

    Looked at are `env`, `headers`, `args`, `url` and `oauth`. What is written as `${…}` is none.
    """
    for part in ("env", "headers"):
        for name, value in _texts(entry.get(part)):
            yield from ((((part, name), why),) if (why := _named(name, value)) else ())
    args = entry.get("args")
    if isinstance(args, list):
        yield from _in_args([str(each) for each in cast("list[object]", args)])
    url = entry.get("url")
    if isinstance(url, str) and (why := _in_address(url)):
        yield ("url",), why
    for name, value in _texts(entry.get("oauth")):
        if name == "clientSecret" and _written(value):
            yield ("oauth", name), f"The value of '{name}' is a secret, written out."


def _texts(raw: object) -> list[tuple[str, str]]:
    if not isinstance(raw, dict):
        return []
    items = cast("dict[str, object]", raw).items()
    return [
        (name, str(value))
        for name, value in items
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    ]


def _written(value: str) -> bool:
    return bool(value.strip()) and "${" not in value


def _named(name: str, value: str) -> str:
    """Why the value of this name is a secret, or an empty text."""
    if looks_secret(name) and _written(value):
        return f"The value of '{name}' looks like a secret, written out."
    if _KNOWN.search(value):
        return f"The value of '{name}' has the form of a key of a well-known service."
    return f"The address in '{name}' holds a password." if holds_password(value) else ""


def _in_args(args: Sequence[str]) -> Iterator[tuple[Place, str]]:
    """`--token abc`, `--api-key=abc`, `-e API_KEY=abc`, `--header "Authorization: Bearer abc"`."""
    for index, word in enumerate(args):
        before = _OPTION.fullmatch(args[index - 1]) if index else None
        why = _in_word(word)
        if not why and before is not None and before[2] is None and not word.startswith("-"):
            why = _named(before[1], word)
        if why:
            yield ("args", index), why


def _in_word(word: str) -> str:
    option = _OPTION.fullmatch(word)
    if option is not None and option[2] is not None:
        return _named(option[1], option[2]) or _in_address(option[2])
    for form in (_SETTING, _HEADER):
        found = form.fullmatch(word)
        if found is not None and (why := _named(found[1], found[2])):
            return why
    if _KNOWN.search(word):
        return "A word of the command has the form of a key of a well-known service."
    return _in_address(word)


def _in_address(text: str) -> str:
    if "://" not in text:
        return ""
    if holds_password(text):
        return "The address holds a password."
    try:
        query = parse_qsl(urlsplit(text).query)
    except ValueError:
        return ""
    for name, value in query:
        if _written(value) and (looks_secret(name) or name.lower() in _PLAIN_KEYS):
            return f"The address holds a secret: '{name}'."
    return "The address holds a key of a well-known service." if _KNOWN.search(text) else ""
