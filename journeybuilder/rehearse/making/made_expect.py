"""What is to be expected of a run that goes as this one did."""

from collections.abc import Mapping, Sequence
from typing import Any

from journeybuilder.contract.json import canonical
from journeybuilder.contract.tools import reads
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.debug.known import without_key
from journeybuilder.rehearse.making.made_of import Effected, Story
from journeybuilder.run.state import Event

_LONG_PATH = 40
_LONG = 80
"""Characters of a value that nobody wants to read in an expectation."""


def expect_of(plan: Plan, story: Story, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Path, calls, outcome and output; no words, which are written anew too often."""
    out: list[dict[str, Any]] = [{"path": _path(events)}]
    out += _called(plan, story)
    state = story.state
    if state.status == "ended":
        if state.outcome:
            out.append({"outcome": state.outcome})
        output = {name: value for name, value in state.output.items() if _is_short(value)}
        if output:
            out.append({"output": output})
    return out


def _path(events: Sequence[Event]) -> list[str]:
    """The nodes in order; those of lanes are left out, as these need not come in the same order."""
    path: list[str] = []
    for event in events:
        if event["event"] == "entered" and "/" not in event["lane"]:
            journey = f"{event['journey']}/" if "journey" in event else ""
            path.append(f"{journey}{event['node']}")
    return path if len(path) <= _LONG_PATH else list(dict.fromkeys(path))


def _called(plan: Plan, story: Story) -> list[dict[str, Any]]:
    """The calls that change something, with their arguments; of a run without any, all the others."""
    calls = story.of("tool")
    unsure = {event["request"]["tool"] for event in story.open if event["effect"] == "tool"}
    known = [call for call in calls if call.request["tool"] not in unsure]
    telling = [call for call in known if _changes(plan, call)] or known
    wanted: dict[str, dict[str, Any]] = {}
    for call in telling:
        tool = str(call.request["tool"])
        arguments = without_key(plan, tool, call.request["arguments"])
        short = {name: value for name, value in arguments.items() if _is_short(value)}
        item = {"tool": tool, **({"with": short} if short else {})}
        wanted.setdefault(canonical(item), item)
    return [{"called": {**item, "times": _times(item, calls)}} for item in wanted.values()]


def _times(item: Mapping[str, Any], calls: Sequence[Effected]) -> int:
    given: Mapping[str, Any] = item.get("with", {})
    return sum(
        call.request["tool"] == item["tool"]
        and all(call.request["arguments"].get(name) == value for name, value in given.items())
        for call in calls
    )


def _changes(plan: Plan, call: Effected) -> bool:
    name = call.request["tool"]
    tool, facts = plan.tools.get(name), plan.facts.get(name)
    return tool is None or facts is None or not reads(tool, facts)


def _is_short(value: Any) -> bool:
    return len(canonical(value)) <= _LONG
