"""Small charts as SVG inside a page: drawn here, without a library, a script or a network.

Colors come from the page's style sheet, so that a chart is as light or dark as the page around it. Every
chart has a title and a description for those who do not see it; the numbers stand in tables besides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

ROW = 34
LABEL = 190
WIDTH = 720
RIGHT = 110
TOP = 8
BOTTOM = 34
_LONGEST = 24
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_FIVE = 5


@dataclass(frozen=True)
class Mark:
    """One row of a chart.

    Attributes:
        value: The dot or the end of the bar; None where there is none.
        low: Where the whisker begins, or None.
        high: Where it ends, or a further mark of a bar, or None.
        words: What stands at the right, for example `90 %`.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    words: str = ""


def dots(title: str, about: str, marks: Sequence[Mark]) -> str:
    """Dots with whiskers from 0 to 1: shares and how sure they are."""
    scale = _Scale(1.0)
    rows = [_whisker(mark, at, scale) for at, mark in enumerate(marks)]
    return _drawing(title, about, marks, rows, scale, "%")


def bars(title: str, about: str, marks: Sequence[Mark]) -> str:
    """Bars from 0; `high` is a tick beyond the bar. The title says in what they are measured."""
    most = max([value for mark in marks for value in (mark.value, mark.high) if value], default=0.0)
    scale = _Scale(most)
    rows = [_bar(mark, at, scale) for at, mark in enumerate(marks)]
    return _drawing(title, about, marks, rows, scale)


class _Scale:
    """From values to places, with round numbers on the axis."""

    def __init__(self, most: float) -> None:
        self.step = _round_step(most / _FIVE) if most > 0 else 0.2
        self.most = max(self.step * ceil(most / self.step - 1e-9), self.step)

    def x(self, value: float) -> float:
        return LABEL + (WIDTH - LABEL - RIGHT) * min(1.0, max(0.0, value / self.most))

    def ticks(self) -> list[float]:
        return [self.step * n for n in range(round(self.most / self.step) + 1)]


def _round_step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough - 1e-12)


def _drawing(
    title: str,
    about: str,
    marks: Sequence[Mark],
    rows: Sequence[str],
    scale: _Scale,
    unit: str = "",
) -> str:
    bottom = TOP + ROW * len(marks)
    height = bottom + BOTTOM
    key = "c" + format(abs(sum(ord(char) * at for at, char in enumerate(title, 7))), "x")
    axis = [_tick(value, scale, bottom, unit) for value in scale.ticks()]
    named = f'role="img" aria-labelledby="{key}t {key}d" xmlns="http://www.w3.org/2000/svg"'
    return "\n".join(
        [
            f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" {named}>',
            f'<title id="{key}t">{escape(title)}</title>',
            f'<desc id="{key}d">{escape(about)}</desc>',
            *axis,
            *rows,
            "</svg>",
        ]
    )


def _tick(value: float, scale: _Scale, bottom: float, unit: str) -> str:
    x = scale.x(value)
    words = f"{value:.0%}".replace("%", " %") if unit == "%" else f"{value:g}"
    return (
        f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}"/>'
        f'<text class="axis" x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{escape(words)}</text>'
    )


def _named(mark: Mark, y: float) -> str:
    label = mark.label if len(mark.label) <= _LONGEST else mark.label[: _LONGEST - 1] + "…"
    return (
        f'<text class="label" x="{LABEL - 12}" y="{y + 5:.1f}" text-anchor="end">{escape(label)}</text>'
        f'<text class="value" x="{WIDTH - RIGHT + 14}" y="{y + 5:.1f}">{escape(mark.words)}</text>'
    )


def _middle(at: int) -> float:
    return TOP + ROW * at + ROW / 2


def _whisker(mark: Mark, at: int, scale: _Scale) -> str:
    y = _middle(at)
    out = _named(mark, y)
    if mark.low is not None and mark.high is not None:
        low, high = scale.x(mark.low), scale.x(mark.high)
        out += f'<line class="whisker" x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}"/>'
        for x in (low, high):
            out += f'<line class="whisker" x1="{x:.1f}" y1="{y - 6}" x2="{x:.1f}" y2="{y + 6}"/>'
    if mark.value is not None:
        out += f'<circle class="dot" cx="{scale.x(mark.value):.1f}" cy="{y}" r="6"/>'
    return out


def _bar(mark: Mark, at: int, scale: _Scale) -> str:
    y = _middle(at)
    out = _named(mark, y)
    if mark.value is not None:
        width = scale.x(mark.value) - LABEL
        out += f'<rect class="bar" x="{LABEL}" y="{y - 9}" width="{width:.1f}" height="18" rx="2"/>'
    if mark.high is not None:
        x = scale.x(mark.high)
        out += f'<line class="whisker" x1="{x:.1f}" y1="{y - 11}" x2="{x:.1f}" y2="{y + 11}"/>'
    return out
