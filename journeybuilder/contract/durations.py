"""Durations as the files write them: `500ms`, `1s`, `10m`, `4h`, `30d`, or joined (`1h30m`)."""

import re

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def seconds(text: str) -> float:
    """The length in seconds.

    Raises:
        ValueError: When the text is no duration.
    """
    compact = text.strip()
    parts = _PART.findall(compact)
    if not parts or "".join(number + unit for number, unit in parts) != compact:
        raise ValueError(f"'{text}' is no duration; write for example 30s, 10m, 4h, 2d or 1h30m")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def words(length: float) -> str:
    """A duration for people, in its two largest units: 5400 is `1h30m`."""
    if length < 1:
        return f"{round(length * 1000)}ms"
    rest = round(length)
    out: list[str] = []
    for unit in ("d", "h", "m", "s"):
        size = int(_SECONDS[unit])
        if rest >= size:
            out.append(f"{rest // size}{unit}")
            rest %= size
        if len(out) == 2:  # noqa: PLR2004 - two units say enough
            break
    return "".join(out)
