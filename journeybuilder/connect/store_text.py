"""Values as they are stored: compact JSON text."""

import json
from collections.abc import Callable
from functools import cache

from journeybuilder.errors import StoreError


def json_text(value: object) -> str:
    """A value as it is stored.

    Raises:
        StoreError: When a value is none of JSON's types.
    """
    to_json, refusal = _writing()
    try:
        return to_json(value).decode()
    except refusal:  # half a character (a lone surrogate), which UTF-8 lacks
        try:
            return _ESCAPING.encode(value)
        except (TypeError, ValueError, RecursionError) as error:
            raise StoreError(f"a value of the run cannot be stored: {error}") from None


@cache
def _writing() -> tuple[Callable[[object], bytes], type[Exception]]:
    # three times as fast as json, and with the interpreter's lock held that much shorter; whoever only
    # reads a store need not import it
    from pydantic_core import PydanticSerializationError, to_json  # noqa: PLC0415

    return to_json, PydanticSerializationError


_ESCAPING = json.JSONEncoder(separators=(",", ":"))
