"""Why a rehearsal stands still, in a sentence."""

from collections.abc import Callable

from journeybuilder.gui.look.language import tr
from journeybuilder.rehearse.debug.breakpoints import Stop


def stop_words(stop: Stop, title: Callable[[str], str]) -> str:
    """The sentence.

    Args:
        stop: Where and why.
        title: What a step is called.
    """
    step = title(stop.place) if stop.place else ""
    point = stop.breakpoint
    if stop.in_call:
        return tr("Paused at {step}, as soon as the call in progress has been answered.", step=step)
    if stop.reason == "paused":
        return tr("Paused before {step}.", step=step)
    if stop.reason == "breakpoint" and point is not None and point.when:
        return tr("Stopped before {step}: {condition} holds.", step=step, condition=point.when)
    if stop.reason == "breakpoint" and point is not None and point.kind == "edge":
        return tr("Stopped on the way to {step}.", step=step)
    if stop.tool:
        name = stop.tool.removeprefix("model:")
        return tr("Stopped at {step}, before {tool} is called.", step=step, tool=name)
    if stop.reason in {"breakpoint", "step"}:
        return tr("Stopped before {step}.", step=step)
    return tr("{step} waits.", step=step) if stop.reason == "waiting" else ""
