"""Reading and checking a large journey, and `jb check` as a whole process, against the bare libraries.

    python -m benchmarks.check [--nodes 1000] [--rounds 15] [--quick] [--json]

CPU time, medians of interleaved rounds. The bare libraries: PyYAML's C loader on the same file, and
a Python process that imports yaml and pydantic and defines one model (without one, pydantic loads
nothing; that is printed too). `jb check` knows nothing from before; *unchanged* is its second call.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from benchmarks import journey20
from benchmarks.engine_ours import definition
from journeybuilder.checks import check_journey, typed
from journeybuilder.checks.context import Known
from journeybuilder.document.workspace import read_journey

HEAD = """\
journeybuilder: 1
journey: {name}
title: A generated journey
version: 1
channels: [chat]
languages: [en, es]
input:
  type: object
  properties:
    customer_id: {{type: string, pattern: "^C-[0-9]+$"}}
    order_id: {{type: string}}
  required: [customer_id, order_id]
limits: {{steps: 200, duration: 30d}}
start: n0
nodes:
"""
BLOCKS = (
    """\
  {here}:
    kind: set
    values: {{count_{few}: {number}, reason: "does not fit"}}
    next: {after}
""",
    """\
  {here}:
    kind: tool
    tool: orders/get_order
    with: {{order_id: "${{input.order_id}}"}}
    save: order
    retry: {{attempts: 3, wait: 1s}}
    next: {after}
    on_error: end
""",
    """\
  {here}:
    kind: branch
    cases:
      - {{when: input.order_id == "O-{number}" && input.customer_id != "", next: {after}}}
      - {{when: input.order_id == "O-{number}0", next: end}}
    otherwise: {after}
""",
    """\
  {here}:
    kind: say
    text:
      en: "Step {number} of your order ${{input.order_id}}."
      es: "Paso {number} de su pedido ${{input.order_id}}."
    next: {after}
""",
    """\
  {here}:
    kind: ask
    text: {{en: "How many of item {number}?", es: "¿Cuántos del artículo {number}?"}}
    expect: {{type: integer, minimum: 1, maximum: 9}}
    save: answer
    attempts: 3
    timeout: 10m
    next: {after}
    on_invalid: end
    on_timeout: end
""",
)
LAST = "  end: {kind: end, outcome: resolved}\n"
WORKSPACE = "journeybuilder: 1\nworkspace: generated\n"
SERVERS = {"mcpServers": {"orders": {"command": "none"}}}
BASES = {
    "import yaml, pydantic": "import yaml, pydantic",
    "the same and one model": (
        "import yaml, pydantic\nclass Model(pydantic.BaseModel):\n    name: str\nModel(name='a')"
    ),
}


def journey(name: str, nodes: int) -> str:
    """The text of a journey of so many nodes; no two branches have the same condition."""
    blocks = [
        BLOCKS[number % len(BLOCKS)].format(
            here=f"n{number}",
            number=number,
            few=number % 40,
            after=f"n{number + 1}" if number < nodes - 2 else "end",
        )
        for number in range(nodes - 1)
    ]
    return HEAD.format(name=name) + "".join(blocks) + LAST


def workspace(root: Path, nodes: int) -> Path:
    """A workspace with one journey; the journey's file."""
    (root / "journeys").mkdir()
    (root / "journeybuilder.yaml").write_text(WORKSPACE, encoding="utf-8")
    (root / "mcp.json").write_text(json.dumps(SERVERS), encoding="utf-8")
    file = root / "journeys" / "generated.journey.yaml"
    file.write_text(journey("generated", nodes), encoding="utf-8")
    tool = definition("orders/get_order")
    entry = {"digest": tool.digest(), "risk": "read", **tool.definition()}
    lock = {"journeybuilder": 1, "tools": {tool.id: entry}}
    (root / "mcp.lock").write_text(yaml.safe_dump(lock), encoding="utf-8")
    return file


def cpu_ms(deed: Callable[[], object]) -> float:
    """CPU time of this process, in ms."""
    begin = time.process_time()
    deed()
    return 1000 * (time.process_time() - begin)


def children_ms() -> float:
    """CPU time of all child processes so far, in ms; where the system does not tell, the time."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return 1000 * time.perf_counter()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (spent.ru_utime + spent.ru_stime)


def process_ms(command: list[str], folder: Path) -> float:
    """CPU time of a process and what it started, in ms."""
    before = children_ms()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return children_ms() - before


def rounds_of(deeds: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each deed, one of each in every round; the first round is not counted."""
    found: dict[str, list[float]] = {name: [] for name in deeds}
    for _ in range(rounds + 1):
        for name, deed in deeds.items():
            found[name].append(deed())
    return {name: statistics.median(values[1:]) for name, values in found.items()}


def forget() -> None:
    """Clear every cache that a new process would not have."""
    for name, module in list(sys.modules.items()):
        if name.startswith("journeybuilder."):
            for value in list(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if callable(clear):
                    clear()
    typed.forget()


def large(root: Path, nodes: int, rounds: int) -> dict[str, float]:
    """Read and check a large journey in this process; every round compiles its expressions anew."""
    file = workspace(root, nodes)
    read = read_journey(file, root)
    assert not read.source.findings, read.source.findings[:3]
    known = Known(
        tools={"orders/get_order": definition("orders/get_order")},
        servers=["orders"],
        discovered=["orders"],
    )
    problems = [p for p in check_journey(read.journey, known) if p.rule.severity == "error"]
    assert not problems, problems[:3]

    def bare() -> object:
        return yaml.load(file.read_bytes(), yaml.CSafeLoader)

    def check_again() -> object:
        return check_journey(read_journey(file, root).journey, known)

    def check_cold() -> float:
        forget()
        again = read_journey(file, root).journey
        return cpu_ms(lambda: check_journey(again, known))

    def check_warm() -> float:
        again = read_journey(file, root).journey
        return cpu_ms(lambda: check_journey(again, known))

    check_again()
    return rounds_of(
        {
            "yaml C loader": lambda: cpu_ms(bare),
            "read": lambda: cpu_ms(lambda: read_journey(file, root)),
            "checks, first": check_cold,
            "checks, again": check_warm,
        },
        rounds,
    )


def whole(root: Path, rounds: int) -> dict[str, float]:
    """`jb check` on a workspace with 20 nodes as a process."""
    workspace(root, journey20.STEPS)
    python = sys.executable
    deeds: dict[str, Callable[[], float]] = {
        name: lambda code=code: process_ms([python, "-c", code], root)
        for name, code in BASES.items()
    }
    check = [python, "-m", "journeybuilder", "check"]
    (root / ".journeybuilder").mkdir()  # where the findings are kept
    deeds["jb check"] = lambda: process_ms([*check, "--no-cache"], root)
    deeds["jb check, unchanged"] = lambda: process_ms(check, root)
    return rounds_of(deeds, rounds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--quick", action="store_true", help="three rounds")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    rounds = 3 if given.quick else given.rounds
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        found: dict[str, Any] = {
            "large": large(Path(one), given.nodes, rounds),
            "process": whole(Path(two), rounds),
        }
    big, process = found["large"], found["process"]
    found["ratios"] = {
        "read / yaml C loader (aim 3)": big["read"] / big["yaml C loader"],
        **{
            f"{check} / {name} (aim 2)": process[check] / process[name]
            for check in ("jb check", "jb check, unchanged")
            for name in BASES
        },
    }
    if given.json:
        print(json.dumps(found))
        return
    print(f"{given.nodes} nodes, ms of CPU (aim of the checks: 100)")
    for name, value in {**big, **process}.items():
        print(f"  {name:28} {value:8.1f}")
    print("ratios")
    for name, value in found["ratios"].items():
        print(f"  {name:54} {value:6.2f}")


if __name__ == "__main__":
    main()
