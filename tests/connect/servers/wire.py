"""Plain JSON-RPC over stdin and stdout, for servers that misbehave on purpose (no SDK, quick start)."""

import json
import os
import sys
from pathlib import Path

TOOL = {"name": "echo", "description": "Gives back.", "inputSchema": {"type": "object"}}


def leave_pid(name: str = "pid") -> None:
    """Let the test know who to look for afterwards."""
    folder = os.environ.get("PIDS")
    if folder:
        Path(folder, f"{name}.{os.getpid()}").touch()


def say(line: str) -> None:
    """A line on stdout, where nothing but messages belong."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """A line on stderr."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def send(message: dict) -> None:
    say(json.dumps({"jsonrpc": "2.0", **message}))


def requests():
    for line in sys.stdin:
        yield json.loads(line)


def answer(request: dict, result: dict) -> None:
    send({"id": request["id"], "result": result})


def refuse(request: dict, code: int, message: str, data: object = None) -> None:
    send({"id": request["id"], "error": {"code": code, "message": message, "data": data}})


def text(words: str) -> dict:
    return {"content": [{"type": "text", "text": words}]}


def initialized(request: dict, **more: object) -> None:
    answer(
        request,
        {
            "protocolVersion": "2025-11-25",
            "capabilities": {"tools": {"listChanged": True}, **more},
            "serverInfo": {"name": "wire", "version": "1"},
        },
    )


def serve(tools, call) -> None:
    """A server of the older protocol.

    `tools` gives the list's result for a request, `call` is asked for every call.
    """
    leave_pid()
    for request in requests():
        match request.get("method"):
            case "initialize":
                initialized(request)
            case "tools/list":
                answer(request, tools(request))
            case "tools/call":
                call(request)
            case method if "id" in request and method:
                refuse(request, -32601, "Method not found")
