"""Slots that keep nobody alive.

A lambda or a partial connected to a signal holds whatever it closes over until the sender's C++ side
is gone; these hold the receiver weakly, so a closed panel can be freed.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakMethod


def weak(method: Callable[..., Any], *args: Any) -> Callable[..., None]:
    """A slot that calls a bound method with these arguments and ignores the signal's own."""
    reference = WeakMethod(method)

    def call(*_from_signal: Any) -> None:
        target = reference()
        if target is not None:
            target(*args)

    return call


def weak_with(method: Callable[..., Any], *args: Any) -> Callable[..., None]:
    """Like `weak`, with the signal's arguments behind the given ones."""
    reference = WeakMethod(method)

    def call(*from_signal: Any) -> None:
        target = reference()
        if target is not None:
            target(*args, *from_signal)

    return call
