"""Looks at any moment of a run with an expression; what cannot be told is told in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journeybuilder.contract.expressions import ExpressionError, compile_expression
from journeybuilder.run.tokens import ROOT, RunState, Token
from journeybuilder.run.values import names_at


@dataclass(frozen=True, slots=True)
class Watched:
    """What an expression gives at a moment.

    Attributes:
        value: Its value, a JSON value; None also where there is none.
        error: Why there is no value, in words; an empty text where there is one.
    """

    value: Any = None
    error: str = ""


def watch(state: RunState, expression: str, *, at: float = 0.0, lane: str = "") -> Watched:
    """The value of an expression at a moment of a run; nothing is raised.

    Args:
        state: The state at that moment.
        expression: CEL.
        at: The moment's time in seconds since 1970, for `now`; 0 is when the lane's node began.
        lane: Whose variables are meant; an empty text is the first lane that stands somewhere.
    """
    token = token_of(state, lane)
    moment = at or token.at or state.started
    try:
        return Watched(compile_expression(expression).value(names_at(state, token, moment)))
    except ExpressionError as error:
        return Watched(error=error.message)


def holds(
    state: RunState,
    token: Token,
    condition: str,
    moment: float,
    more: Mapping[str, Any] | None = None,
) -> bool | None:
    """Whether a condition is true where a token stands; None where it has no value there.

    Args:
        state: The state at that moment.
        token: Whose variables are meant.
        condition: CEL.
        moment: What `now` is, in seconds since 1970.
        more: Further names.
    """
    names = {**names_at(state, token, moment), **(more or {})}
    try:
        return compile_expression(condition).value(names) is True
    except ExpressionError:
        return None


def token_of(state: RunState, lane: str = "") -> Token:
    """The token of a lane, else of the first; that of the run's journey where none stands anywhere."""
    found = state.tokens.get(lane) or next(iter(state.tokens.values()), None)
    return found or Token(ROOT, "")
