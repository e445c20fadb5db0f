"""What is wrong with one plain value by its schema, in words for the person who types it. Knows no Qt."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, TypeGuard
from uuid import UUID

from journeybuilder.contract.patterns import BadSchema, searched
from journeybuilder.gui.forms.schema_reading import Schema, options_of, short, types_of
from journeybuilder.gui.look.language import tr, trn

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_DURATION = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


def _parsed(read: Callable[[str], object]) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        try:
            read(text)
        except ValueError:
            return False
        return True

    return holds


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if "T" not in text.upper() and " " not in text:
        raise ValueError(text)
    return found


_FORMATS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "date": (_parsed(date.fromisoformat), "2026-03-31"),
    "date-time": (_parsed(_moment), "2026-03-31T09:30:00Z"),
    "time": (_parsed(time.fromisoformat), "09:30:00"),
    "email": (lambda text: bool(_EMAIL.fullmatch(text)), "name@example.com"),
    "uri": (lambda text: bool(_URI.fullmatch(text)), "https://example.com"),
    "url": (lambda text: bool(_URI.fullmatch(text)), "https://example.com"),
    "duration": (lambda text: bool(_DURATION.fullmatch(text)), "P1DT2H"),
    "uuid": (_parsed(UUID), "3f2b8c1e-…"),
    "hostname": (lambda text: bool(_HOST.fullmatch(text)), "example.com"),
}


def plain_problem(schema: Schema, value: Any) -> str:
    """What is wrong with a fixed plain value, or an empty text; a value that is computed is fine."""
    if value is None or not isinstance(value, str | int | float) or _computed(value):
        return ""
    options = options_of(schema)
    if options:
        known = any(value == one and type(value) is type(one) for one, _ in options)
        shown = ", ".join(words for _, words in options[:6])
        return "" if known else tr("It has to be one of: {values}.", values=shown)
    wrong = _wrong_type(types_of(schema), value)
    if wrong or isinstance(value, bool):
        return wrong
    return _text(schema, value) if isinstance(value, str) else _number(schema, value)


def _computed(value: Any) -> bool:
    return isinstance(value, str) and "${" in value


def _wrong_type(kinds: list[str], value: Any) -> str:
    if not kinds:
        return ""
    fits = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": not isinstance(value, str | bool) and float(value).is_integer(),
        "number": not isinstance(value, str | bool),
    }
    if any(fits.get(kind, True) for kind in kinds):
        return ""
    words = {
        "string": tr("This has to be a text."), "boolean": tr("This has to be yes or no."),
        "integer": tr("This has to be a whole number."), "number": tr("This has to be a number."),
    }  # fmt: skip
    return words[kinds[0]]


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(schema: Schema, value: float) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    step = schema.get("multipleOf")
    if _is_number(low) and value < low:
        return tr("It has to be {n} or more.", n=short(low))
    if _is_number(high) and value > high:
        return tr("It has to be {n} at the most.", n=short(high))
    if _is_number(above) and value <= above:
        return tr("It has to be more than {n}.", n=short(above))
    if _is_number(below) and value >= below:
        return tr("It has to be less than {n}.", n=short(below))
    if _is_number(step) and step > 0 and abs(value / step - round(value / step)) > 1e-9:  # noqa: PLR2004 - of rounding
        return tr("It has to be a multiple of {n}.", n=short(step))
    return ""


def _text(schema: Schema, value: str) -> str:
    least, most = schema.get("minLength"), schema.get("maxLength")
    if _is_number(least) and len(value) < least:
        return trn("At least {n} character is needed.", "At least {n} characters are needed.", int(least))  # fmt: skip
    if _is_number(most) and len(value) > most:
        return trn(
            "At most {n} character is allowed.", "At most {n} characters are allowed.", int(most)
        )
    check, example = _FORMATS.get(str(schema.get("format")), (None, ""))
    if check is not None and value and not check(value):
        return tr("Write it like {example}.", example=example)
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not _fits(pattern, value):
        return tr("It does not fit the pattern {pattern}.", pattern=pattern)
    return ""


def _fits(pattern: str, value: str) -> bool:
    try:
        return searched(pattern, value) is not False
    except BadSchema:
        return True  # a pattern that is none says nothing


def list_problem(schema: Schema, value: list[Any]) -> str:
    """What is wrong with a list as such: too few, too many, twice the same."""
    least, most = schema.get("minItems"), schema.get("maxItems")
    if _is_number(least) and len(value) < least:
        return trn("At least {n} item is needed.", "At least {n} items are needed.", int(least))
    if _is_number(most) and len(value) > most:
        return trn("At most {n} item is allowed.", "At most {n} items are allowed.", int(most))
    if schema.get("uniqueItems") is True:
        seen = [short(item) for item in value]
        twice = next((item for item in seen if seen.count(item) > 1), "")
        if twice:
            return tr("“{item}” stands here twice.", item=twice)
    return ""
