"""What: no key, token or password stands in a file of the workspace.

Why: everybody who can read the repository, and its history for ever, would have it.
Example: `instructions: "Use the key sk-proj-…"`, or `args: [--token, ghp_…]` in mcp.json.

The finding is the one of the files themselves (JB116), which goes by the names of keys; here it goes by
what the values look like.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias, cast

from journeybuilder.checks.context import Context
from journeybuilder.document.findings import Path, Problem
from journeybuilder.document.rules import LITERAL_SECRET
from journeybuilder.document.servers import looks_secret

_FORMS: Mapping[str, str] = {
    "a key of OpenAI, Anthropic or the like": r"\bsk-(?:[a-z]+[0-9]*-)*[A-Za-z0-9_-]{20,}",
    "a key of Amazon Web Services": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token of GitHub": r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{50,})",
    "a token of GitLab": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "a token of Slack": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
    "a key of Google": r"\bAIza[0-9A-Za-z_-]{35}",
    "a key of Stripe": r"\b[rs]k_(?:live|test)_[0-9a-zA-Z]{16,}",
    "a key of SendGrid": r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    "a token of npm": r"\bnpm_[A-Za-z0-9]{36}\b",
    "a token of Hugging Face": r"\bhf_[A-Za-z0-9]{30,}",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "a signed token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "a bearer token": r"(?i:\bbearer) +(?!\$)[A-Za-z0-9._~+/-]{16,}=*",
}
_KNOWN = re.compile("|".join(f"({form})" for form in _FORMS.values()))
_MARKS = ("sk-", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox",
          "AIza", "rk_", "sk_", "SG.", "npm_", "hf_", "-----BEGIN", "eyJ")  # fmt: skip
"""One of these is in every form but that of a bearer token, and finding out takes no expression."""
_RANDOM = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9+/_=-]{32,}")
_BITS = 4.4
_SHORTEST = 14
_PIECE = 1000  # mappings and lists
_OPTION = re.compile(r"-{1,2}[A-Za-z][\w-]*")
_NO_VALUES = frozenset({"digest", "inputSchema", "outputSchema", "pattern", "signature"})
_HOLDERS = frozenset({"env", "headers"})
_HINT = "Store it with the keyring and write ${secret:NAME}; then change the secret itself."


def check(context: Context) -> Iterable[Problem]:
    """Check every value of a journey."""
    return check_values(context.journey.data)


def pieces(context: Context) -> Iterator[Problem | None]:
    """The same, with None wherever something else may be done in between."""
    return _in_pieces(context.journey.data)


_Part: TypeAlias = tuple[Any, Path, bool]
"""A value, its path from the root of the file, and whether secrets are likely to stand there."""


def check_values(data: Any) -> Iterator[Problem]:
    """Check every value of a file; paths are from its root."""
    return (piece for piece in _in_pieces(data) if piece is not None)


def _in_pieces(data: Any) -> Iterator[Problem | None]:
    waiting: list[_Part] = [(data, (), False)]
    texts: list[_Part] = []
    opened = 0
    while waiting:
        opened += 1
        if opened % _PIECE == 0:
            yield None
        value, path, named = waiting.pop()
        if isinstance(value, dict):
            _open(cast("dict[str, Any]", value), path, waiting, texts, named=named)
        elif isinstance(value, list):
            yield from _in_list(cast("list[Any]", value), path, waiting, texts)
        elif isinstance(value, str):
            texts.append((value, path, named))
    yield None
    yield from _in_texts(texts)


def _open(
    data: Mapping[str, Any], path: Path, waiting: list[_Part], texts: list[_Part], *, named: bool
) -> None:
    """Put what stands in a mapping where it is looked at; most texts are too short for that."""
    for key, item in data.items():
        if isinstance(item, str):
            if len(item) >= _SHORTEST and key not in _NO_VALUES and not _is_told(key, item):
                texts.append((item, (*path, key), named or key in _HOLDERS))
        elif isinstance(item, dict | list) and key not in _NO_VALUES:
            waiting.append((cast("Any", item), (*path, key), named or key in _HOLDERS))


def _in_list(
    items: Sequence[Any], path: Path, waiting: list[_Part], texts: list[_Part]
) -> Iterator[Problem]:
    named = path[-1:] == ("args",)
    for index, item in enumerate(items):
        option = items[index - 1] if index else ""
        place = (*path, index)
        if isinstance(option, str) and option[:1] == "-" and _is_given(option, item):
            message = f"what '{option}' is given looks like a secret, written out"
            yield Problem(LITERAL_SECRET, place, message, _HINT)
        else:
            (texts if isinstance(item, str) else waiting).append((item, place, named))


def _in_texts(texts: Sequence[_Part]) -> Iterator[Problem]:
    """What is a secret by its form, or thrown by dice where secrets are likely to stand."""
    marked = _is_marked("\n".join(text for text, _, _ in texts))
    for text, path, named in texts:
        if len(text) >= _SHORTEST and (marked or named):
            words = what(text) or (named and _random(text))
            if words:
                yield Problem(LITERAL_SECRET, path, f"this is {words}, written out", _HINT)


def _is_marked(text: str) -> bool:
    """Whether it is worth looking for secrets of a known form: most files are done with this."""
    return any(mark in text for mark in _MARKS) or "bearer " in text.lower()


def _is_given(option: str, item: Any) -> bool:
    """Whether a command's option that takes a secret gets one: `--api-key`, `hunter2`."""
    if not (_OPTION.fullmatch(option) and looks_secret(option) and isinstance(item, str)):
        return False
    return bool(item) and "${" not in item and item[0] != "-"


def _is_told(key: str, value: str) -> bool:
    """Whether the reading of the file has found it already, by the name of its key."""
    return _names_secret(key) and "${" not in value


_names_secret = lru_cache(maxsize=4096)(looks_secret)


def what(text: str) -> str:
    """What kind of secret a text holds, or an empty text."""
    if not _is_marked(text):
        return ""
    found = _KNOWN.search(text)
    if found is None or _is_made_up(found.group()):
        return ""
    return list(_FORMS)[(found.lastindex or 1) - 1]


def _is_made_up(text: str) -> bool:
    """Whether it only shows the form: `sk-xxxxxxxxxxxxxxxxxxxx`, `sk-your-api-key-goes-here-123`."""
    if text.startswith("-----"):
        return False
    body = text.rpartition("-")[2] if text.count("-") < 2 else text  # noqa: PLR2004
    return len(set(body)) < 8 or not any(char.isdigit() for char in text)  # noqa: PLR2004


def _random(text: str) -> str:
    """Whether a text without blanks looks thrown by dice; used where secrets are likely to stand."""
    if not _RANDOM.fullmatch(text):
        return ""
    length = len(text)
    bits = -sum(n / length * math.log2(n / length) for n in Counter(text).values())
    return "a text that looks like a key" if bits >= _BITS else ""
