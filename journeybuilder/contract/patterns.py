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
    return bool(searched(pattern, text))


def searched(pattern: str, text: str, *, any_case: bool = False) -> bool | None:
    """Whether a regular expression is found in a text; None where finding out takes too long.

    Raises:
        BadSchema: When it is no regular expression.
    """
    import regex  # noqa: PLC0415 - 30 ms, and many commands check no text

    flags = regex.IGNORECASE if any_case else 0
    try:
        return regex.search(pattern, text, flags, timeout=PATTERN_SECONDS) is not None
    except TimeoutError:
        return None
    except RecursionError:
        raise BadSchema(f"'{pattern[:60]}…' is no pattern: it is nested too deeply") from None
    except regex.error as error:
        raise BadSchema(f"'{pattern}' is no pattern: {error}") from None
