"""Turns the bytes of a file into text, or says where they are none."""

import re
from dataclasses import dataclass

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # slow to compile
_LOOKED_AT = 1_000
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why bytes or characters are no text; line and column count from 1."""

    message: str
    line: int
    column: int


def decode(data: bytes) -> tuple[str, Flaw | None]:
    """UTF-8 bytes as text, a byte order mark included; wrong bytes as U+FFFD, with the first flaw."""
    if data[:2] in _UTF16:
        return data.decode("utf-8", "replace"), Flaw("The file is UTF-16, not UTF-8.", 1, 1)
    if _is_wide(data[:_LOOKED_AT]):
        return data.decode("utf-8", "replace"), Flaw("The file is UTF-16, not UTF-8.", 1, 1)
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        flaw = Flaw(f"The byte 0x{data[error.start]:02x} is no UTF-8 text.", *place(before))
        return data.decode("utf-8", "replace"), flaw


def _is_wide(data: bytes) -> bool:
    """Whether the bytes look like UTF-16 without a mark: every second one is mostly a zero."""
    half = len(data) // 2
    return (
        half > 0
        and any(2 * data[first::2].count(0) > half for first in (0, 1))
        and (min(data[0::2].count(0), data[1::2].count(0)) * 4 < half)
    )


def unprintable(text: str) -> Flaw | None:
    """The first character that YAML does not allow in a file."""
    found = re.search(_CONTROL, text)
    if found is None:
        return None
    name = f"U+{ord(found.group()):04X}"
    return Flaw(f"The control character {name} stands here.", *place(text[: found.start()]))


def place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows this text."""
    breaks = list(_BREAK.finditer(before))
    last = breaks[-1].end() if breaks else 0
    return len(breaks) + 1, len(before) - last + 1
