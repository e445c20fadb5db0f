"""The least that an engine over our journal can do: a plain loop that appends the same events.

No expressions, no gate, no schemas, no checks, no fold of a state, no tasks for lanes: one dictionary an
event, and the store of the real engine. It commits where our engine does: at the start, before and
after a call that writes, after one that reads (the lanes' together), at the end.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any, Literal

from benchmarks import journey20
from benchmarks.measuring import measure
from journeybuilder.connect.store_sqlite import SqliteJournal
from journeybuilder.contract.journal import Batch, NewRun

VALUES: dict[str, Any] = {
    "person.name": "Ana Ruiz", "person.tier": "gold", "order.total * 1.19": 154.581,
    "size(order.lines)": 2, "parcel.days": 3, "size(returns.items)": 1, "order.weight": 1.4,
    "person.country": "ES", "quote.price": 4.5, "quote.carrier": "Correo", "case.id": "R-2",
    "label.url": "https://example.org/labels/R-2.pdf", "country": "ES", "weight": 1.4,
    "input.customer_id": "C-100200", "input.order_id": "O-1001", "order.id": "O-1001",
    "person.id": "C-100200", "reason": "does not fit", "case_id": "R-2", "fee": 4.5,
    "label_url": "https://example.org/labels/R-2.pdf",
}  # fmt: skip


def rendered(value: Any) -> Any:
    """What an expression would have given."""
    if not isinstance(value, str):
        return value
    return VALUES[value[2:-1]] if value.startswith("${") else value


class Run:
    """One run."""

    def __init__(self, journal: SqliteJournal, name: str) -> None:
        self.journal, self.name, self.version, self.visit = journal, name, 0, 0
        self.pending: list[dict[str, Any]] = []
        self.variables: dict[str, Any] = {}
        self.path: list[str] = []

    def emit(self, event: str, **body: Any) -> None:
        """Note an event."""
        seq = self.version + len(self.pending) + 1
        whole = {"event": event, "run": self.name, "seq": seq, "at": time.time(), **body}
        self.pending.append(whole)

    async def commit(self, status: Literal["running", "ended"] = "running") -> None:
        """Make what was noted durable."""
        events, self.pending = self.pending, []
        at = events[-1]["at"]
        if self.version:
            await self.journal.append(Batch(self.name, self.version, 1, events, status, at))
        else:
            await self.journal.create(NewRun(self.name, "return", "sha256:0", at, events))
        self.version += len(events)

    async def drive(self) -> None:
        """From the first node to the last."""
        session = {"id": self.name, "started": time.time(), "channel": "chat"}
        self.emit("started", journey="return", plan="sha256:" + "0" * 64, node="begin",
                  input=journey20.INPUT, session=session)  # fmt: skip
        await self.commit()
        node = "begin"
        while True:
            settings, place = self.enter(node, "0")
            if settings["kind"] == "end":
                break
            if settings["kind"] == "parallel":
                node = await self.lanes(settings["lanes"], place)
            else:
                node = await self.leave(settings, place)
        output = {"label_url": self.variables["label_url"]}
        self.emit("ended", outcome="resolved", output=output, path=self.path, cost_usd=0.0)
        await self.commit("ended")

    def enter(self, node: str, lane: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Begin a visit; the node's settings and its place."""
        self.visit += 1
        self.path.append(node)
        place = {"lane": lane, "node": node, "visit": self.visit}
        self.emit("entered", **place)
        return journey20.NODES[node], place

    async def leave(
        self, settings: dict[str, Any], place: dict[str, Any], *, commit: bool = True
    ) -> str:
        """Do what a node does; the node behind it."""
        saved, port = await self.step(settings, place)
        self.variables.update(saved)
        after = settings.get("next") or settings["cases"][0]["next"]
        self.emit("left", **place, port=port, target=after, save=saved)
        if commit and settings["kind"] == "tool":
            await self.commit()
        return after

    async def lanes(self, lanes: dict[str, str], place: dict[str, Any]) -> str:
        """Each lane in turn; the join."""
        opened = {
            name: {"lane": f"0/{self.visit}.{name}", "target": to} for name, to in lanes.items()
        }
        self.emit("forked", **place, join="meet", lanes=opened)
        after = ""
        for lane in opened.values():
            settings, inner = self.enter(lane["target"], lane["lane"])
            after = await self.leave(settings, inner, commit=False)
        await self.commit()  # lanes that come to it at the same moment share one
        for name, lane in opened.items():
            self.emit("arrived", lane=lane["lane"], node=after, name=name)
        meeting = {"arrived": list(lanes), "cancelled": [], "timed_out": False, "undos": []}
        self.emit("joined", lane="0", node=after, meeting=meeting)
        return after

    async def step(
        self, settings: dict[str, Any], place: dict[str, Any]
    ) -> tuple[dict[str, Any], str]:
        """What a node does: the variables it saves and the port it leaves by."""
        if settings["kind"] == "set":
            return {name: rendered(value) for name, value in settings["values"].items()}, "next"
        if settings["kind"] != "tool":
            return {}, "cases.0" if settings["kind"] == "branch" else "next"
        tool = settings["tool"]
        arguments = {name: rendered(value) for name, value in settings["with"].items()}
        request = {"tool": tool, "arguments": arguments, "timeout": 30.0,
                   "key": f"{self.name}-{self.visit}-0"}  # fmt: skip
        self.emit("asked", **place, index=0, effect="tool", request=request)
        if tool in journey20.WRITES:
            await self.commit()
        value = journey20.RESULTS[tool]
        self.emit("answered", **place, index=0, effect="tool", answer={"value": value, "note": ""})
        return {settings["save"]: value}, "next"


async def main(store: str, runs: int, *, at_once: bool) -> dict[str, float]:
    """Run it so often with this `synchronous` (`full`, `normal`)."""
    with tempfile.TemporaryDirectory() as folder:
        synchronous = "FULL" if store == "full" else "NORMAL"
        journal = SqliteJournal(Path(folder) / "runs.db", synchronous=synchronous)

        async def run(name: str) -> None:
            await Run(journal, name).drive()

        found = await measure(run, runs, at_once=at_once)
        events = await journal.events("run-0")
        await journal.close()
        found["events_a_run"] = len(events)
        found["bytes_a_run"] = sum(len(json.dumps(event)) for event in events)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=["full", "normal"], required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--at-once", action="store_true")
    given = parser.parse_args()
    print(json.dumps(asyncio.run(main(given.store, given.runs, at_once=given.at_once))))
