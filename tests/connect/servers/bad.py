"""One server with many faults; the first argument says which."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import wire


def tools(*names: str):
    return lambda _: {"tools": [{**wire.TOOL, "name": name} for name in names or ("echo",)]}


def name_of(request: dict) -> str:
    return request["params"]["name"]


def hang() -> None:
    threading.Event().wait()


def hangs_at_start() -> None:
    wire.leave_pid()
    wire.complain("waiting for a database")
    for _ in sys.stdin:
        pass


def exits_at_once() -> None:
    wire.leave_pid()
    wire.complain(f"no licence key, only {os.environ.get('API_KEY', '')}")
    sys.exit(3)


def prints_garbage() -> None:
    wire.leave_pid()
    wire.say("Welcome to my server!")
    wire.say("It is listening.")
    for _ in sys.stdin:
        pass


def chatty() -> None:
    """Prints a greeting to stdout and is a proper server otherwise."""
    wire.say("Welcome to my server!")
    wire.serve(tools(), lambda request: wire.answer(request, wire.text("still here")))


def hangs_in_call() -> None:
    cancelled = Path(os.environ["PIDS"], "cancelled")

    def call(request: dict) -> None:
        if name_of(request) == "echo":
            wire.answer(request, wire.text("here"))

    wire.leave_pid()
    for request in wire.requests():
        match request.get("method"):
            case "initialize":
                wire.initialized(request)
            case "tools/list":
                wire.answer(request, tools("echo", "sleep")(request))
            case "tools/call":
                Path(os.environ["PIDS"], f"asked-{name_of(request)}").touch()
                call(request)
            case "notifications/cancelled":
                cancelled.touch()
            case method if "id" in request and method:
                wire.refuse(request, -32601, "Method not found")


def dies_in_call() -> None:
    def call(request: dict) -> None:
        if name_of(request) == "die":
            wire.complain("out of memory")
            os._exit(9)
        wire.answer(request, wire.text(f"pid {os.getpid()}"))

    wire.serve(tools("die", "echo"), call)


def dies_at_second_start() -> None:
    """Works once; after that every start fails."""
    flag = Path(os.environ["PIDS"], "started")
    if flag.exists():
        with Path(os.environ["PIDS"], "starts").open("a", encoding="utf-8") as file:
            file.write("x")
        sys.exit(4)
    flag.touch()
    dies_in_call()


def floods() -> None:
    def call(request: dict) -> None:
        try:
            wire.answer(request, wire.text("x" * 40_000_000))
        except BrokenPipeError:
            sys.exit(1)

    wire.serve(tools(), call)


def big() -> None:
    def call(request: dict) -> None:
        wire.answer(request, wire.text("x" * 12_000_000))

    wire.serve(tools(), call)


def invalid_tools() -> None:
    good = {**wire.TOOL, "title": "E\u200bcho\u202e", "description": "Gives\x07 back."}
    listed = [
        good,
        {"name": "no_schema"},
        {"name": "empty_schema", "inputSchema": {}},
        {"name": "array", "inputSchema": {"type": "array"}},
        {**wire.TOOL, "name": "odd_output", "outputSchema": {"type": "array"}},
        {**wire.TOOL, "name": "hid\u200bden"},
        {**wire.TOOL, "name": "long" * 40},
        {**wire.TOOL, "name": "task", "execution": {"taskSupport": "required"}},
        {**wire.TOOL, "name": "twice"},
        {**wire.TOOL, "name": "twice", "description": "Something else."},
        {**wire.TOOL, "name": "same"},
        {**wire.TOOL, "name": "same"},
        {**wire.TOOL, "name": "huge", "description": "x" * 300_000},
        "no tool at all",
    ]
    wire.serve(lambda _: {"tools": listed}, lambda request: wire.answer(request, wire.text("ok")))


def pages() -> None:
    def listed(request: dict) -> dict:
        page = int((request.get("params") or {}).get("cursor") or 0)
        tool = {**wire.TOOL, "name": f"tool{page}"}
        return {"tools": [tool], **({"nextCursor": str(page + 1)} if page < 4 else {})}

    wire.serve(listed, lambda request: wire.answer(request, wire.text("ok")))


def endless_pages() -> None:
    wire.serve(
        lambda _: {"tools": [wire.TOOL], "nextCursor": "again"},
        lambda request: wire.answer(request, wire.text("ok")),
    )


def endless_offers() -> None:
    """Every page of its resources has a next one; its prompts are out of order."""
    wire.leave_pid()
    for request in wire.requests():
        match request.get("method"):
            case "initialize":
                wire.initialized(request, resources={}, prompts={})
            case "tools/list":
                wire.answer(request, tools()(request))
            case "resources/list":
                page = int((request.get("params") or {}).get("cursor") or 0)
                found = [{"uri": f"a://{page}/{each}", "name": "x"} for each in range(5)]
                wire.answer(request, {"resources": found, "nextCursor": str(page + 1)})
            case "resources/templates/list":
                wire.refuse(request, -32601, "Method not found")
            case "prompts/list":
                wire.refuse(request, -32603, "out of order")
            case method if "id" in request and method:
                wire.refuse(request, -32601, "Method not found")


def dies_in_read() -> None:
    wire.leave_pid()
    for request in wire.requests():
        match request.get("method"):
            case "initialize":
                wire.initialized(request, resources={})
            case "tools/list":
                wire.answer(request, tools()(request))
            case "resources/read":
                os._exit(9)
            case method if "id" in request and method:
                wire.refuse(request, -32601, "Method not found")


def changes_tools() -> None:
    names = ["echo", "grow"]

    def call(request: dict) -> None:
        names.append("new")
        wire.send({"method": "notifications/tools/list_changed"})
        wire.answer(request, wire.text("grown"))

    def listed(request: dict) -> dict:
        return tools(*names)(request)

    wire.serve(listed, call)


def changes_all_the_time() -> None:
    lists: list[int] = []

    def call(request: dict) -> None:
        if name_of(request) == "lists":
            wire.answer(request, wire.text(str(len(lists))))
            return
        for _ in range(3000):
            wire.send({"method": "notifications/tools/list_changed"})
        wire.answer(request, wire.text("ok"))

    def listed(request: dict) -> dict:
        lists.append(1)
        return tools("echo", "lists")(request)

    wire.serve(listed, call)


def wants_a_visit() -> None:
    """Refuses every other call until a page was visited (2025-11-25)."""
    calls: list[int] = []
    page = os.environ.get("PAGE", "https://login.example/")

    def call(request: dict) -> None:
        calls.append(1)
        if len(calls) % 2 == 0:
            wire.answer(request, wire.text("visited"))
            return
        wanted = {"mode": "url", "message": "Log in", "url": page, "elicitationId": "e"}
        wire.refuse(request, -32042, "Visit first", {"elicitations": [wanted]})

    wire.serve(tools(), call)


def too_old() -> None:
    wire.leave_pid()
    for request in wire.requests():
        if request.get("method") == "initialize":
            info = {"name": "old", "version": "0"}
            answer = {"protocolVersion": "2024-01-01", "capabilities": {}, "serverInfo": info}
            wire.answer(request, answer)
        elif "id" in request:
            wire.refuse(request, -32601, "Method not found")


def ignores_the_end() -> None:
    """Neither the end of stdin nor SIGTERM impresses it."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    wire.serve(tools(), lambda request: wire.answer(request, wire.text("ok")))
    hang()


def leaves_a_grandchild() -> None:
    """As a wrapper does: the real work is in a child, which outlives its parent."""
    code = "import wire, threading; wire.leave_pid('grandchild'); threading.Event().wait()"
    subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parent)
    while not list(Path(os.environ["PIDS"]).glob("grandchild.*")):
        time.sleep(0.02)
    wire.serve(tools(), lambda request: wire.answer(request, wire.text("ok")))


RESULTS = {
    "object": {"content": [], "structuredContent": {"a": 1}},
    "json_text": wire.text('{"a": [1, 2]}'),
    "plain_text": wire.text("hello"),
    "number_text": wire.text("42"),
    "nothing": {"content": []},
    "several": {"content": [{"type": "text", "text": "one"}, {"type": "text", "text": "[2]"}]},
    "image": {"content": [{"type": "image", "data": "QUJD", "mimeType": "image/png"}]},
    "resource": {
        "content": [
            {"type": "resource", "resource": {"uri": "a://b", "mimeType": "x/y", "text": "abcd"}}
        ]
    },
    "link": {"content": [{"type": "resource_link", "uri": "a://b", "name": "b", "size": 7}]},
    "fails": {"content": [{"type": "text", "text": "no such order"}], "isError": True},
    "wide": {"content": [], "structuredContent": {"rows": ["y" * 1000] * 2000}},
    "promised": {"content": [], "structuredContent": {"total": "many"}},
    "promised_text": wire.text('{"total": 3}'),
    "broken": {"content": [{"type": "text"}]},
}
ERRORS = {
    "bad_params": (-32602, "Unknown tool"),
    "internal": (-32603, "Traceback"),
    "elicit": (-32021, "Client lacks elicitation"),
}
PROMISE = {"type": "object", "properties": {"total": {"type": "integer"}}, "required": ["total"]}


def answers() -> None:
    """One tool for each form that an answer can have."""
    listed = [
        {**wire.TOOL, "name": name, **({"outputSchema": PROMISE} if "promised" in name else {})}
        for name in [*RESULTS, *ERRORS]
    ]
    strict = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    listed.append({**wire.TOOL, "name": "strict", "inputSchema": strict})

    def call(request: dict) -> None:
        name = name_of(request)
        if name in ERRORS:
            wire.refuse(request, *ERRORS[name])
        else:
            wire.answer(request, RESULTS.get(name) or wire.text("ok"))

    wire.serve(lambda _: {"tools": listed}, call)


def environment() -> None:
    def call(request: dict) -> None:
        content = {"env": dict(os.environ), "cwd": str(Path.cwd()), "argv": sys.argv}
        wire.answer(request, {"content": [], "structuredContent": content})

    wire.complain(f"starting with {os.environ.get('API_KEY')}")
    wire.serve(tools(), call)


def noisy() -> None:
    """Writes more to stderr than the log may hold."""

    def call(request: dict) -> None:
        for index in range(40):
            wire.complain(f"{index:06d} " + "z" * 100_000)
        wire.answer(request, wire.text("ok"))

    wire.serve(tools(), call)


if __name__ == "__main__":
    globals()[sys.argv[1]]()
