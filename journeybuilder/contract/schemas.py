"""JSON Schema as journeys use it: checking values, in our own words, without ever going to a network."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from journeybuilder.contract.json import as_list, canonical

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError as SchemaViolation
    from jsonschema.protocols import Validator


class BadSchema(Exception):  # noqa: N818 - the schema is bad, not the program
    """A text that is no JSON Schema; the message says where."""


@lru_cache(maxsize=1024)
def _validator(text: str) -> "Validator":
    # jsonschema takes 80 ms to import, and many commands check no value
    import json  # noqa: PLC0415

    from jsonschema import Draft202012Validator  # noqa: PLC0415
    from jsonschema.exceptions import SchemaError  # noqa: PLC0415
    from jsonschema.validators import validator_for  # noqa: PLC0415
    from referencing import Registry  # noqa: PLC0415

    schema = json.loads(text)
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        place = "/".join(str(part) for part in error.absolute_path) or "its root"
        raise BadSchema(f"at {place}: {error.message[:200]}") from None
    return kind(schema, registry=Registry())


def violations(schema: Mapping[str, Any], value: Any) -> list[str]:
    """What is wrong with a value, each as `field: words`; empty when it fits.

    Raises:
        BadSchema: When the schema itself is none.
    """
    validator = _validator(canonical(schema))
    out: list[str] = []
    for error in validator.iter_errors(value):
        place = "/".join(str(part) for part in error.absolute_path)
        out.append(f"{place}: {_words(error)}" if place else _words(error))
    return out


def check_schema(schema: Mapping[str, Any]) -> None:
    """See whether this is a JSON Schema.

    Raises:
        BadSchema: When not; says where.
    """
    _validator(canonical(schema))


def _words(error: "SchemaViolation") -> str:
    given = cast("Any", error.validator_value)
    value = cast("Any", error.instance)
    match error.validator:
        case "required":
            missing = [name for name in given if name not in value]
            return f"'{missing[0]}' is missing" if missing else "something is missing"
        case "additionalProperties":
            return "it has fields that are not in the schema"
        case "type":
            wanted = " or ".join(str(name) for name in as_list(given)) or str(given)
            return f"{canonical(value)[:60]} is not of type {wanted}"
        case "enum":
            return (
                f"{canonical(value)[:60]} is none of {', '.join(canonical(item) for item in given)}"
            )
        case "pattern":
            return f"{canonical(value)[:60]} does not have the form {given}"
        case _:
            return str(error.message)[:200]


def convert(schema: Mapping[str, Any], words: str) -> Any:
    """What a person typed, as the type that a schema wants: `12` is a number where one is wanted.

    Text that cannot be converted stays text; checking it then says what is wrong.
    """
    kind = schema.get("type")
    text = words.strip()
    if kind == "integer":
        return int(text) if text.lstrip("+-").isdecimal() else text
    if kind == "number":
        try:
            return float(text.replace(",", ".")) if text else text
        except ValueError:
            return text
    if kind == "boolean":
        return _TRUTH.get(text.casefold(), text)
    choices = schema.get("enum")
    if isinstance(choices, list):
        folded = {str(item).casefold(): item for item in cast("list[Any]", choices)}
        return folded.get(text.casefold(), text)
    return text


_TRUTH = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False,
    "0": False, "sí": True, "si": True, "ja": True, "nein": False}  # fmt: skip
