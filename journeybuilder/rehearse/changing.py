"""Rehearses a scenario in which variables are set by hand on the way: `changes:`."""

from collections.abc import Mapping
from typing import Any

from journeybuilder.contract.json import as_object
from journeybuilder.rehearse.debug.breakpoints import Stop
from journeybuilder.rehearse.debug.debugger import Debugger
from journeybuilder.rehearse.scenario import Scenario

_STANDS = frozenset({"step", "breakpoint", "paused"})


async def with_changes(debugger: Debugger, scenario: Scenario) -> list[str]:
    """Go through a scenario, stopping where something is to be changed.

    Gives the changes that the run never came to, in words.

    Args:
        debugger: Plays the scenario as its script.
        scenario: What is rehearsed.

    Raises:
        OperatorError: When the journey does not take the scenario's input.
        AuthorError: When the cast wants a recording or something real, and there is none.
    """
    missed: list[str] = []
    stop = await debugger.start(scenario.input, scenario.channel, scenario.language, hold=True)
    for change in scenario.changes:
        place, visit = str(change.get("before", "")), int(change.get("visit", 1))
        while stop.reason in _STANDS and not _is_there(debugger, stop, place, visit):
            stop = await debugger.run_to(place)
        if stop.reason not in _STANDS:
            times = f"{visit} times" if visit > 1 else "once"
            missed.append(f"changes: the run did not come to '{place}' {times}")
            break
        values: Mapping[str, Any] = as_object(change.get("set"))
        stop = await debugger.branch(stop.index, values, hold=True, lane=stop.lane)
    if stop.reason in _STANDS:
        await debugger.go_on()
    return missed


def _is_there(debugger: Debugger, stop: Stop, place: str, visit: int) -> bool:
    state = debugger.state
    if state is None or place not in {stop.place, f"{state.journey}/{stop.place}"}:
        return False
    return state.path.count(stop.place) + 1 >= visit
