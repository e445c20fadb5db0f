"""How numbers of comparisons and forecasts are written for people."""

from math import floor, log10

from journeybuilder.rehearse.chance import Interval

UNKNOWN = "not known"
_CENT = 0.01
_THOUSAND = 1000.0
_TEN = 10.0
_MOST_DIGITS = 8


def share(interval: Interval | None) -> str:
    """`90 % (70–97 %)`."""
    if interval is None:
        return "–"
    low, high = f"{interval.low * 100:.0f}", f"{interval.high * 100:.0f}"
    return f"{interval.value * 100:.0f} % ({low}–{high} %)"


def usd(amount: float | None) -> str:
    """An amount with as many digits as it needs; what is not known is said."""
    if amount is None:
        return UNKNOWN
    if amount == 0:
        return "0 USD"
    if abs(amount) >= _CENT * _TEN:
        return f"{amount:,.2f} USD"
    digits = min(_MOST_DIGITS, 1 - floor(log10(abs(amount))))  # two that tell something
    return f"{amount:.{digits}f} USD"


def span_usd(interval: Interval | None) -> str:
    """`12.30 USD (11.80–12.90)`."""
    if interval is None:
        return UNKNOWN
    low, high = usd(interval.low).removesuffix(" USD"), usd(interval.high).removesuffix(" USD")
    return f"{usd(interval.value)} ({low}–{high})"


def milliseconds(value: float | None) -> str:
    """`820 ms` or `1.8 s`."""
    if value is None:
        return "–"
    return f"{value / _THOUSAND:.1f} s" if value >= _THOUSAND else f"{value:.0f} ms"


def number(value: float | None) -> str:
    """`1,234`, or with one digit where it is small."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= _TEN or value == int(value) else f"{value:.1f}"
