"""Regular expressions of journeys and schemas, searched for a bounded time."""

PATTERN_SECONDS = 0.25
"""How long a pattern may search in one text; whoever writes to us chooses the text."""


class BadSchema(Exception):  # noqa: N818 - the schema is bad, not the program
    """A text that is no JSON Schema; the message says where."""


def found(pattern: str, text: str) -> bool:
    """Whether a regular expression is found in a text; one that takes too long is not.

    Raises:
        BadSchema: When it is no regular expression.
    """
    import regex  # noqa: PLC0415 - 30 ms, and many commands check no text

    try:
        return regex.search(pattern, text, timeout=PATTERN_SECONDS) is not None
    except TimeoutError:
        return False
    except regex.error as error:
        raise BadSchema(f"'{pattern}' is no pattern: {error}") from None
