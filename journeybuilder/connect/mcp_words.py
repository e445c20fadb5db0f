"""Words of servers, made safe to show."""

import unicodedata

_HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# Letters and blanks that show nothing although their category is an ordinary one.
_HIDDEN = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def visible(text: str, *, lines: bool = False) -> str:
    """The text without characters that cannot be seen: control, zero-width, direction, tags.

    Args:
        text: Words of a server.
        lines: Whether line breaks and tabs stay.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = "\n\t" if lines else ""
    return "".join(
        char
        for char in text
        if char in kept
        or (unicodedata.category(char) not in _HIDDEN_CATEGORIES and char not in _HIDDEN)
    )
