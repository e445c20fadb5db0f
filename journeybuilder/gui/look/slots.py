"""Slots that keep nobody alive.

A lambda or a partial connected to a signal holds whatever it closes over until the sender's C++ side
is gone; these hold the receiver weakly, and those of the arguments that are objects of Qt too: a
sender that its own argument keeps alive would never be freed.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakMethod, ref

from PySide6.QtCore import QObject
from shiboken6 import isValid


class _GoneError(Exception):
    """An argument is not there any more."""


def weak(method: Callable[..., Any], *args: Any) -> Callable[..., None]:
    """A slot that calls a bound method with these arguments and ignores the signal's own.

    Nothing is called once the method's object, or an argument that is an object of Qt, is gone.
    """
    reference, held = WeakMethod(method), [_held(one) for one in args]

    def call(*_from_signal: Any) -> None:
        target = reference()
        if target is None:
            return
        try:
            found = [one() for one in held]
        except _GoneError:
            return
        target(*found)

    return call


def weak_with(method: Callable[..., Any], *args: Any) -> Callable[..., None]:
    """Like `weak`, with the signal's arguments behind the given ones."""
    reference, held = WeakMethod(method), [_held(one) for one in args]

    def call(*from_signal: Any) -> None:
        target = reference()
        if target is None:
            return
        try:
            found = [one() for one in held]
        except _GoneError:
            return
        target(*found, *from_signal)

    return call


def _held(one: Any) -> Callable[[], Any]:
    """Gives an argument when it is needed."""
    if not isinstance(one, QObject):
        return lambda: one
    reference = ref(one)

    def get() -> QObject:
        found = reference()
        if found is None or not isValid(found):
            raise _GoneError
        return found

    return get
