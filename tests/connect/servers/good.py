"""A well-behaved server made with the SDK: `good.py stdio` or `good.py http PORT [--token T]`.

`--old` serves HTTP+SSE, the way of before 2025. The process id is left in the folder `PIDS`.
"""

import argparse
import asyncio
import contextlib
import os
from pathlib import Path
from typing import Any

import mcp.types as t
import uvicorn
from mcp.server.lowlevel import Server
from mcp.server.mcpserver import MCPServer
from mcp.server.stdio import stdio_server
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ToolsListChanged
from starlette.responses import PlainTextResponse

OBJECT = {"type": "object"}
ADD = {
    "type": "object",
    "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
    "required": ["a", "b"],
}
TOTAL = {"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"]}


class Shop:
    """Adds, waits, asks a person, learns a tool."""

    def __init__(self) -> None:
        self.bus = InMemorySubscriptionBus()
        self.listening = ListenHandler(self.bus)
        self.tools = {
            "add": t.Tool(
                name="add",
                title="Add",
                input_schema=ADD,
                output_schema=TOTAL,
                annotations=t.ToolAnnotations(read_only_hint=True),
            ),
            "learn": t.Tool(name="learn", input_schema=OBJECT),
            "wait": t.Tool(name="wait", input_schema=OBJECT),
            "ask": t.Tool(name="ask", input_schema=OBJECT),
        }

    async def list_tools(self, _: Any, params: Any) -> t.ListToolsResult:
        """Two tools a page."""
        start = int(params.cursor) if params and params.cursor else 0
        names = list(self.tools)
        return t.ListToolsResult(
            tools=[self.tools[name] for name in names[start : start + 2]],
            next_cursor=str(start + 2) if start + 2 < len(names) else None,
        )

    async def call_tool(self, _: Any, params: Any) -> t.CallToolResult | t.InputRequiredResult:
        arguments = params.arguments or {}
        if params.name == "add":
            return _structured({"total": arguments["a"] + arguments["b"]})
        if params.name == "learn":
            self.tools["learned"] = t.Tool(name="learned", input_schema=OBJECT)
            await self.bus.publish(ToolsListChanged())
            return _text("learned")
        if params.name == "ask":
            question = t.ElicitRequest(
                params=t.ElicitRequestFormParams(
                    message="Really?", requested_schema={**OBJECT, "properties": {}}
                )
            )
            return t.InputRequiredResult(input_requests={"sure": question})
        if params.name == "wait":
            await self._wait(Path(os.environ["PIDS"]))
        return _text("ok")

    async def _wait(self, folder: Path) -> None:
        (folder / "waiting").touch()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            (folder / "cancelled").touch()
            raise

    def server(self) -> Server[Any]:
        return Server(
            "shop",
            version="7",
            on_list_tools=self.list_tools,
            on_call_tool=self.call_tool,
            on_subscriptions_listen=self.listening,
            get_tool_input_schema=lambda name: (
                self.tools[name].input_schema if name in self.tools else None
            ),
        )


def _text(words: str) -> t.CallToolResult:
    return t.CallToolResult(content=[t.TextContent(type="text", text=words)])


def _structured(value: dict[str, Any]) -> t.CallToolResult:
    return t.CallToolResult(content=[], structured_content=value)


def guarded(app: Any, token: str) -> Any:
    """Refuses everybody who does not bring the token."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope.get("headers") or [])
        if scope["type"] == "http" and headers.get(b"authorization") != f"Bearer {token}".encode():
            await PlainTextResponse("who are you?", 401)(scope, receive, send)
            return
        await app(scope, receive, send)

    return wrapped


def serve_old(port: int) -> None:
    server = MCPServer("old-shop")

    @server.tool()
    def add(a: float, b: float) -> dict[str, float]:
        return {"total": a + b}

    uvicorn.run(server.sse_app(), port=port, log_level="warning", timeout_graceful_shutdown=1)


async def serve_stdio() -> None:
    server = Shop().server()
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=["stdio", "http"])
    parser.add_argument("port", type=int, nargs="?", default=0)
    parser.add_argument("--token", default="")
    parser.add_argument("--old", action="store_true")
    options = parser.parse_args()
    if folder := os.environ.get("PIDS"):
        Path(folder, f"pid.{os.getpid()}").touch()
    if options.way == "stdio":
        asyncio.run(serve_stdio())
    elif options.old:
        serve_old(options.port)
    else:
        app: Any = Shop().server().streamable_http_app()
        app = guarded(app, options.token) if options.token else app
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.run(app, port=options.port, log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main()
