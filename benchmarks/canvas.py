"""The canvas against its budgets, in ms of CPU of the GUI thread, with NodeGraphQt beside it.

    python -m benchmarks.canvas [--nodes 1000 5000] [--peer-python PATH]

NodeGraphQt needs an environment of its own (`uv sync --group bench` into another venv); without
`--peer-python` only ours is measured, and it says so.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

BUDGETS = {
    1000: {"build": 150.0, "rss_kb_node": 15.0, "repaint_fit": 16.0, "pan_fit": 8.0, "pan_100": 8.0,
           "zoom_fit": 16.0, "zoom_50": 16.0, "zoom_100": 16.0, "drag_100": 8.0, "drag_fit": 8.0,
           "highlight_fit": 8.0, "highlight_100": 8.0},
    5000: {"repaint_fit": 16.0, "pan_fit": 16.0, "pan_100": 16.0, "zoom_fit": 16.0, "zoom_50": 16.0,
           "zoom_100": 16.0, "drag_100": 16.0, "drag_fit": 16.0, "highlight_fit": 16.0,
           "highlight_100": 16.0},
}  # fmt: skip
SIZE = (1600, 1000)
_PATIENCE = 600.0  # seconds that the peer gets


def of_peer(python: str, count: int) -> dict[str, float] | None:
    """NodeGraphQt's numbers, from its own process; None where it cannot run."""
    script = Path(__file__).parent / "peers" / "nodegraphqt.py"
    try:
        done = subprocess.run(
            [python, str(script), str(count)],
            capture_output=True, text=True, check=False, timeout=_PATIENCE,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"NodeGraphQt did not run: {error}", file=sys.stderr)
        return None
    if done.returncode:
        print(f"NodeGraphQt did not run:\n{done.stderr.strip()[-800:]}", file=sys.stderr)
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def show(count: int, ours: dict[str, float], peer: dict[str, float] | None) -> bool:
    """Print one table; returns whether every budget holds."""
    fine = True
    print(f"\n{count} nodes, {SIZE[0]}x{SIZE[1]}        ours   budget   NodeGraphQt   ratio")
    for name, value in ours.items():
        budget = BUDGETS.get(count, {}).get(name)
        over = budget is not None and value > budget
        fine = fine and not over
        other = (peer or {}).get(name)
        print(
            f"  {name:<22}{value:>12.2f}{budget or float('nan'):>9.0f}"
            f"{other if other is not None else float('nan'):>14.1f}"
            f"{other / max(value, 1e-9) if other is not None else float('nan'):>8.1f}"
            f"{'   OVER' if over else ''}"
        )
    return fine


def main() -> int:
    """Measure and print; the status is 1 where a budget does not hold."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    ask.add_argument("--nodes", type=int, nargs="+", default=[1000, 5000])
    ask.add_argument("--peer-python", default="", help="python of a venv that has NodeGraphQt")
    ask.add_argument("--quick", action="store_true", help="1000 nodes only")
    ask.add_argument("--json", action="store_true", help="print JSON")
    given = ask.parse_args()
    fine = True
    found: list[dict[str, object]] = []
    if not given.peer_python:
        print("NodeGraphQt is not measured: give --peer-python.", file=sys.stderr)
    for count in [1000] if given.quick else given.nodes:
        line = subprocess.run(
            [sys.executable, "-m", "benchmarks.canvas_ours", str(count)],
            capture_output=True, text=True, check=True,
        ).stdout.strip().splitlines()[-1]  # fmt: skip
        peer = of_peer(given.peer_python, count) if given.peer_python else None
        if given.json:
            found.append({"nodes": count, "ours": json.loads(line), "NodeGraphQt": peer})
        else:
            fine = show(count, json.loads(line), peer) and fine
    if given.json:
        print(json.dumps(found))
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
