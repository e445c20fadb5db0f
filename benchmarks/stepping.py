"""Stepping back and forth in a run: how long it takes to show another of its moments.

    python -m benchmarks.stepping [--events 1000] [--quick] [--json]

A run of at least so many events (questions, tools and lanes within a loop) is gone through stop by stop,
to its begin and back to its end, and jumped about in. At each moment all is asked that the editor shows:
the state, the variables, how the nodes stand, the wires and the cost. `fold` folds the events from the
first one on instead, as one would without stored moments, and asks nothing more. Times are CPU times.
"""

import argparse
import asyncio
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.engine_ours import definition
from benchmarks.journey20 import RESULTS
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.debug.beside import beside
from journeybuilder.rehearse.debug.timeline import Timeline
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.simulate import simulate
from journeybuilder.run.state import Event, fold

AIM_MS = 50.0
TOOLS = ("orders/get_order", "crm/get_customer", "shipping/track")
NODES: dict[str, dict[str, Any]] = {
    "each": {
        "kind": "loop", "each": "input.orders", "as": "one", "limit": 1000,
        "collect": {"seen": "${order.id}"}, "body": "tell", "next": "done",
    },
    "tell": {"kind": "say", "text": "Now for ${one}.", "next": "fan"},
    "fan": {"kind": "parallel", "lanes": {"order": "look_up", "parcel": "track"}},
    "look_up": {
        "kind": "tool", "tool": "orders/get_order", "with": {"order_id": "${one}"},
        "save": "order", "next": "meet",
    },
    "track": {
        "kind": "tool", "tool": "shipping/track", "with": {"order_id": "${one}"},
        "save": "parcel", "next": "meet",
    },
    "meet": {"kind": "join", "wait_for": "all", "next": "each"},
    "done": {"kind": "end", "outcome": "resolved"},
}  # fmt: skip
PER_ROUND = 21
"""Events of a round of the loop, about."""


def plan() -> Plan:
    """The journey, made ready."""
    journey = {
        "journeybuilder": 1,
        "journey": "long",
        "start": "each",
        "limits": {"steps": 1_000_000},
        "nodes": NODES,
    }
    tools = {name: {"risk": "read", "definition": definition(name).definition()} for name in TOOLS}
    servers = {name.partition("/")[0]: {"command": "x"} for name in tools}
    return make_plan(
        Bundle(
            {
                "journeybuilder": 1,
                "bundle": "long",
                "journeys": {"long": journey},
                "servers": servers,
                "tools": tools,
                "models": {},
            }
        )
    )


def run(events: int) -> Sequence[Event]:
    """A run of at least so many events."""
    rounds = events // PER_ROUND + 2
    scenario = Scenario(
        "s",
        "long",
        input={"orders": [f"O-{number}" for number in range(rounds)]},
        tools={name: {"returns": RESULTS[name]} for name in TOOLS},
    )
    result = asyncio.run(simulate(plan(), scenario))
    assert result.state.status == "ended", result.state.error
    assert len(result.events) >= events, len(result.events)
    return result.events


def shown(timeline: Timeline, n: int) -> None:
    """All that the editor shows of a moment."""
    timeline.state(n)
    timeline.variables(n)
    timeline.node_states(n)
    timeline.wires(n)
    timeline.place(n)
    timeline.cost(n)


def timed(moments: Sequence[int], show: Callable[[int], object]) -> list[float]:
    """Milliseconds for each moment."""
    out: list[float] = []
    for n in moments:
        begun = time.thread_time()
        show(n)
        out.append((time.thread_time() - begun) * 1000)
    return out


def stops(timeline: Timeline) -> list[int]:
    """Every stop, from the first."""
    found = [timeline.after(0)]
    while found[-1] < len(timeline):
        found.append(timeline.after(found[-1]))
    return found


def compare(count: int) -> dict[str, Any]:
    """The numbers of a run of so many events."""
    events = run(count)
    begun = time.thread_time()
    timeline = Timeline(events)
    opened = (time.thread_time() - begun) * 1000
    forth = stops(timeline)
    jumps = random.Random(1).sample(forth, min(300, len(forth)))
    ways = {"back": forth[::-1], "forth": forth, "jump": jumps}
    out: dict[str, Any] = {"events": len(timeline), "stops": len(forth), "opened_ms": opened}
    for name, moments in ways.items():
        ours = timed(moments, lambda n: shown(timeline, n))
        folded = timed(moments[:: len(moments) // 100 + 1], lambda n: fold(events[:n]))
        out[name] = {
            "median_ms": statistics.median(ours),
            "worst_ms": max(ours),
            "fold_ms": statistics.median(folded),
            "ratio": statistics.median(folded) / statistics.median(ours),
        }
    begun = time.thread_time()
    beside(timeline, Timeline(events))
    out["beside_ms"] = (time.thread_time() - begun) * 1000
    return out


def show(numbers: dict[str, Any]) -> None:
    """The numbers for people."""
    print(f"{numbers['events']} events, {numbers['stops']} stops")
    print(f"taken in at once      {numbers['opened_ms']:8.1f} ms")
    print(f"compared with another {numbers['beside_ms']:8.1f} ms")
    print(f"{'':8}{'median':>12}{'worst':>12}{'fold':>12}{'ratio':>8}")
    for name in ("back", "forth", "jump"):
        one = numbers[name]
        print(
            f"{name:8}{one['median_ms']:9.2f} ms{one['worst_ms']:9.2f} ms"
            f"{one['fold_ms']:9.2f} ms{one['ratio']:7.1f}x"
        )
    worst = max(numbers[name]["worst_ms"] for name in ("back", "forth", "jump"))
    print(f"aim: below {AIM_MS:.0f} ms: {'met' if worst < AIM_MS else 'MISSED'} ({worst:.2f} ms)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    numbers = compare(300 if args.quick else args.events)
    if args.json:
        print(json.dumps(numbers))
    else:
        show(numbers)


if __name__ == "__main__":
    main()
