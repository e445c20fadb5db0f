"""An MCP server over stdio that misbehaves as its argument says; written without any MCP library.

`hang` never answers, `die` ends when it is asked for its tools, `flood` has ten thousand of them,
`giant` has a description of two million characters, `noise` prints text to stdout all the time, `grow`
has one tool more whenever the file that is its second argument changes, `slow` answers after it exists.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any


def say(message: dict[str, Any]) -> None:
    """Send one message."""
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def tool(name: str, description: str = "Does something.", **more: Any) -> dict[str, Any]:
    """A definition."""
    schema = {
        "type": "object",
        "properties": {"order_id": {"type": "string", "description": "Which order."}},
        "required": ["order_id"],
    }
    return {"name": name, "description": description, "inputSchema": schema, **more}


def tools(how: str, file: Path) -> list[dict[str, Any]]:
    """What it offers."""
    if how == "flood":
        return [tool(f"tool_{number:05}") for number in range(10_000)]
    if how == "giant":
        return [tool("talker", "word " * 400_000)]
    if how == "grow":
        return [tool(f"grown_{number}") for number in range(grown(file))]
    return [tool("get_order", "Finds an order.")]


def grown(file: Path) -> int:
    """How many tools there are now."""
    text = file.read_text(encoding="utf-8").strip() if file.exists() else ""
    return int(text or 1)


def follow(file: Path) -> None:
    """Say it when there are other tools."""
    before = grown(file)
    while True:
        time.sleep(0.02)
        now = grown(file)
        if now != before:
            before = now
            say({"method": "notifications/tools/list_changed"})


def answer(how: str, file: Path, message: dict[str, Any]) -> None:
    """Answer one request."""
    method, number = message.get("method"), message.get("id")
    if number is None:
        return
    if how == "noise":
        print("hello, I am a friendly server!\x00\x1b[31m", flush=True)
    if method == "initialize":
        result: dict[str, Any] = {
            "protocolVersion": "2025-11-25",
            "capabilities": {"tools": {"listChanged": True}},
            "serverInfo": {"name": how, "version": "1.2.3"},
        }
        say({"id": number, "result": result})
    elif method == "tools/list":
        if how == "die":
            print("out of cheese", file=sys.stderr, flush=True)
            sys.exit(7)
        say({"id": number, "result": {"tools": tools(how, file)}})
    else:
        say({"id": number, "error": {"code": -32601, "message": "no such method"}})


def main() -> None:
    """Answer until stdin ends."""
    how = sys.argv[1]
    file = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("none")
    if how == "grow":
        threading.Thread(target=follow, args=(file,), daemon=True).start()
    for line in sys.stdin:
        if how != "hang" and (how != "slow" or file.exists()):
            answer(how, file, json.loads(line))


main()
