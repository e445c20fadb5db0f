"""The server that `benchmarks.calls` calls: one tool with both schemas, made with the SDK."""

import asyncio
import sys
from typing import Any

import mcp.types as t
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

NUMBER = {"type": "number"}
TAKES = {"type": "object", "properties": {"a": NUMBER, "b": NUMBER}, "required": ["a", "b"]}
GIVES = {"type": "object", "properties": {"total": NUMBER}, "required": ["total"]}
ADD = t.Tool(name="add", input_schema=TAKES, output_schema=GIVES)


async def _list(_: Any, __: Any) -> t.ListToolsResult:
    return t.ListToolsResult(tools=[ADD])


async def _call(_: Any, params: Any) -> t.CallToolResult:
    total = params.arguments["a"] + params.arguments["b"]
    return t.CallToolResult(content=[], structured_content={"total": total})


def server() -> Server[Any]:
    return Server(
        "calls", on_list_tools=_list, on_call_tool=_call, get_tool_input_schema=lambda _: TAKES
    )


async def over_stdio() -> None:
    made = server()
    async with stdio_server() as (read, write):
        await made.run(read, write, made.create_initialization_options())


if __name__ == "__main__":
    if sys.argv[1] == "stdio":
        asyncio.run(over_stdio())
    else:
        import uvicorn

        app = server().streamable_http_app()
        uvicorn.run(app, port=int(sys.argv[2]), log_level="warning", timeout_graceful_shutdown=1)
