"""LangGraph on the 20-node journey, run by an interpreter that has langgraph and its SQLite saver.

One channel a variable, one async function a node, one thread a run; `durability="async"`, its default
(its "sync" is slower), and its saver's own SQLite settings.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph

from benchmarks import journey20
from benchmarks.measuring import measure

CONDITIONS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "theirs": lambda state: state["order"]["customer_id"] == state["customer_id"],
    "eligible": lambda state: state["order"]["age_days"] <= 30 and state["order"]["total"] < 200.0,
}
Node = Callable[[dict[str, Any]], Coroutine[Any, Any, dict[str, Any]]]


def expression(text: str) -> Callable[[dict[str, Any]], Any]:
    """The expressions of the journey, compiled to Python: cheaper than anything we do."""
    code = compile(text.replace("size(", "len("), text, "eval")
    return lambda state: eval(code, {"len": len}, state)


def value_of(template: Any) -> Callable[[dict[str, Any]], Any]:
    """A value of a node's settings as a function of the state."""
    if not isinstance(template, str) or "${" not in template:
        return lambda _: template
    before, _, rest = template.partition("${")
    inner, _, after = rest.partition("}")
    names = {"items": "['items']"}
    for part in ("name", "tier", "total", "lines", "days", "place", "items", "weight", "country",
                 "price", "carrier", "id", "url"):  # fmt: skip
        names.setdefault(part, f"['{part}']")
    inner = inner.removeprefix("input.")
    for part, index in names.items():
        inner = inner.replace(f".{part}", index)
    compute = expression(inner)
    return (lambda state: f"{before}{compute(state)}{after}") if before or after else compute


def node_of(settings: dict[str, Any]) -> Node:
    """The function of a node."""
    given = settings.get("values") or settings.get("with") or settings.get("output") or {}
    values = {name: value_of(template) for name, template in given.items()}

    async def call(state: dict[str, Any]) -> dict[str, Any]:
        for compute in values.values():
            compute(state)
        return {settings["save"]: journey20.RESULTS[settings["tool"]]}

    async def compute_all(state: dict[str, Any]) -> dict[str, Any]:
        return {name: compute(state) for name, compute in values.items()}

    async def nothing(state: dict[str, Any]) -> dict[str, Any]:
        del state
        return {}

    kinds = {"tool": call, "set": compute_all, "end": compute_all, "branch": nothing,
             "parallel": nothing, "join": nothing}  # fmt: skip
    return kinds[settings["kind"]]


def graph(saver: Any) -> Any:
    """The compiled journey."""
    names = {"visits", *journey20.INPUT}
    for settings in journey20.NODES.values():
        names |= {settings.get("save"), *settings.get("values", {}), *settings.get("output", {})}
    state = TypedDict("state", dict.fromkeys(sorted(names - {None}), Any), total=False)
    builder = StateGraph(state)
    lanes = [
        lane for settings in journey20.NODES.values() for lane in settings.get("lanes", {}).values()
    ]
    for node, settings in journey20.NODES.items():
        builder.add_node(f"at_{node}", node_of(settings))
        if settings["kind"] == "branch":
            holds, after = CONDITIONS[node], settings["cases"][0]["next"]
            builder.add_conditional_edges(
                f"at_{node}",
                lambda values, holds=holds, after=after: (
                    f"at_{after}" if holds(values) else "at_done"
                ),
                [f"at_{after}", "at_done"],
            )
        elif settings["kind"] == "parallel":
            for lane in settings["lanes"].values():
                builder.add_edge(f"at_{node}", f"at_{lane}")
        elif settings["kind"] != "end" and node not in lanes:
            builder.add_edge(f"at_{node}", f"at_{settings['next']}")
    # one edge from all of them: the node behind waits for every one
    builder.add_edge([f"at_{lane}" for lane in lanes], f"at_{journey20.NODES[lanes[0]]['next']}")
    builder.add_edge(START, "at_begin")
    builder.add_edge("at_done", END)
    return builder.compile(checkpointer=saver)


async def main(store: str, runs: int, *, at_once: bool) -> dict[str, Any]:
    """Run it so often with this saver (`memory`, `sqlite`)."""
    with tempfile.TemporaryDirectory() as folder:
        if store == "memory":
            found = await _measure(InMemorySaver(), runs, at_once=at_once)
        else:
            file = Path(folder) / "checkpoints.db"
            async with AsyncSqliteSaver.from_conn_string(str(file)) as saver:
                found = await _measure(saver, runs, at_once=at_once)
                query = (
                    "SELECT sum(length(checkpoint)) + (SELECT sum(length(value)) FROM writes "
                    "WHERE thread_id = 'run-0') FROM checkpoints WHERE thread_id = 'run-0'"
                )
                async with saver.conn.execute(query) as cursor:
                    (found["bytes_a_run"],) = await cursor.fetchone() or (0,)
    return found


async def _measure(saver: Any, runs: int, *, at_once: bool) -> dict[str, Any]:
    journey = graph(saver)

    async def run(name: str) -> None:
        config = {"configurable": {"thread_id": name}, "recursion_limit": 50}
        state = await journey.ainvoke(dict(journey20.INPUT), config, durability="async")
        assert state["label_url"] == "https://example.org/labels/R-2.pdf", state

    return await measure(run, runs, at_once=at_once)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=["memory", "sqlite"], required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--at-once", action="store_true")
    given = parser.parse_args()
    print(json.dumps(asyncio.run(main(given.store, given.runs, at_once=given.at_once))))
