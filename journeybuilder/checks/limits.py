"""What: the limits of a journey are numbers and durations, and no other.

Why: a limit that is not understood would not stop anything.
Example: `limits: {steps: many}`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from journeybuilder.checks.context import Context
from journeybuilder.checks.wording import shown
from journeybuilder.contract.durations import seconds
from journeybuilder.document.findings import Problem, Rule, choices, near

BAD_LIMIT = Rule(
    "JB205",
    "error",
    "a limit that is not understood",
    "The run would go on beyond what its author meant.",
    "Write for example limits: {steps: 500, cost_usd: 0.25, duration: 30d}.",
    "limits: {steps: many}",
)
RULES: Sequence[Rule] = (BAD_LIMIT,)


def _steps(value: Any) -> bool:
    return type(value) is int and value > 0


def _cost(value: Any) -> bool:
    return type(value) in {int, float} and value >= 0


def _duration(value: Any) -> bool:
    try:
        return isinstance(value, str) and seconds(value) > 0
    except ValueError:
        return False


_LIMITS = {
    "steps": (_steps, "a whole number above 0"),
    "cost_usd": (_cost, "an amount of US dollars, 0 or more"),
    "duration": (_duration, "a duration above 0, for example 30d"),
}


def check(context: Context) -> Iterable[Problem]:
    """Check the journey's limits."""
    for name, value in context.journey.limits.items():
        if name not in _LIMITS:
            hint = near(name, _LIMITS) or f"There are {choices(_LIMITS)}."
            yield Problem(
                BAD_LIMIT, ("limits", name), f"there is no limit '{name}'", hint, at_key=True
            )
            continue
        fits, words = _LIMITS[name]
        if not fits(value):
            message = f"'{name}' has to be {words}, not {shown(value)}"
            yield Problem(BAD_LIMIT, ("limits", name), message)
