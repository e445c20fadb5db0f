"""What: texts are in the languages and channels of the journey, and values are put in with `${…}`.

Why: words that no customer gets, or a placeholder that the customer reads as it stands.
Example: `text: {en: Hi, ess: Hola}`, or `text: "Hi {{name}}"`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from journeybuilder.checks.context import Context
from journeybuilder.checks.names import ALWAYS, variables
from journeybuilder.checks.wording import place_words
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.findings import Path, Problem, Rule, choices, near

NO_SUCH_LANGUAGE = Rule(
    "JB206",
    "warning",
    "a text in a language or channel that the journey does not have",
    "It is misspelled, or the journey is not offered in it: no customer may ever get these words.",
    "Correct the key, or add it to the journey's 'languages:' or 'channels:'.",
    "languages: [en, es]\nstart: greet\nnodes:\n"
    "  greet: {kind: say, text: {en: Hi, ess: Hola}, next: done}",
)
NOT_TRANSLATED = Rule(
    "JB207",
    "warning",
    "a text that is not there in the journey's first language",
    "Customers whose language the text does not have get whatever comes first in it.",
    "Add the text in the first of 'languages:'.",
    "languages: [en, es]\nstart: greet\nnodes:\n  greet: {kind: say, text: {es: Hola}, next: done}",
)
PLACEHOLDER = Rule(
    "JB405",
    "warning",
    "a placeholder that is not one of ours",
    "The customer or the model reads it as it stands, braces and all.",
    "Write ${name}; only that is filled in.",
    'greet: {kind: say, text: "Hi {{customer.name}}", next: done}',
)
RULES: Sequence[Rule] = (NO_SUCH_LANGUAGE, NOT_TRANSLATED, PLACEHOLDER)

_BRACES = r"\{\{\s*(?P<braced>[A-Za-z_]\w*(?:\.\w+)*)\s*\}\}"
_DOLLAR = r"(?<![\w$])\$(?P<bare>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)"
_FOREIGN = re.compile(f"{_BRACES}|{_DOLLAR}")


def check(context: Context) -> Iterable[Problem]:
    """Check every text."""
    names = {*ALWAYS, *variables(context), *context.journey.variables}
    fields = as_object(context.journey.input.get("properties"))
    for node, use in context.having("text", "template", "arguments", "values"):
        path: Path = ("nodes", node.id, *use.path)
        if use.mark.role == "text" and not isinstance(use.value, str):
            yield from _languages(context, path, use.path, as_object(use.value))
        if use.value is not None and _may_hold(use.value):
            yield from _placeholders(path, use.value, names, fields)


def _may_hold(value: Any) -> bool:
    """Whether it is worth looking for a placeholder; a text that has only ours in it has none."""
    if isinstance(value, str):
        return "{{" in value or ("$" in value and value.count("$") != value.count("${"))
    return isinstance(value, dict | list)


def _placeholders(
    path: Path, value: Any, names: set[str], fields: Mapping[str, Any]
) -> Iterator[Problem]:
    if isinstance(value, str):
        found = {match.group(0): match for match in _FOREIGN.finditer(value)}
        for words, match in found.items():
            name = match.group("braced") or match.group("bare")
            first = name.partition(".")[0]
            if first in names or first in fields:
                full = name if first in names else f"input.{name}"
                message = f"'{words}' is written to the reader as it stands"
                yield Problem(PLACEHOLDER, path, message, f"Write ${{{full}}} for its value.")
        return
    parts = as_object(value).items() or enumerate(as_list(value))
    for key, item in parts:
        if _may_hold(item):
            yield from _placeholders((*path, key), item, names, fields)


def _languages(
    context: Context, path: Path, field: Path, variants: Mapping[str, Any]
) -> Iterator[Problem]:
    """The keys of a text: languages, and below them channels, where the journey says which it has."""
    journey = context.journey
    right = True
    if variants and "languages" in journey.data:
        known = journey.languages
        for key in variants:
            if key not in known and key.partition("-")[0] not in known:
                right = False
                yield _unknown((*path, key), key, "languages", known, journey.channels)
        if right and not any(
            key.partition("-")[0] == known[0] or key == known[0] for key in variants
        ):
            message = f"{place_words(field)} has no '{known[0]}', the journey's first language"
            yield Problem(NOT_TRANSLATED, path, message, f"Add '{known[0]}:' with the text.")
    if "channels" in journey.data:
        for language, words in variants.items():
            for key in as_object(words):
                if key not in (*journey.channels, "default"):
                    place = (*path, language, key)
                    yield _unknown(place, key, "channels", journey.channels, ())


def _unknown(
    path: Path, key: str, what: str, known: Sequence[str], below: Sequence[str]
) -> Problem:
    message = f"'{key}' is none of the journey's {what}"
    hint = near(key, known) or f"It has {choices(known)}."
    if key in below:
        hint = f'Channels stand below a language: {{{known[0]}: {{{key}: "…"}}}}.'
    return Problem(NO_SUCH_LANGUAGE, path, message, hint, at_key=True)
