"""What the three servers share: a table of tools becomes an MCP server over stdio or HTTP."""

import argparse
import asyncio
import json
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mcp_types as types
import uvicorn
from jsonschema import Draft202012Validator
from mcp import MCPError
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from shop import ShopError, open_shop

WORKSPACE = Path(__file__).resolve().parent.parent
DATA = Path(".journeybuilder") / "data"

READ = {"readOnlyHint": True, "openWorldHint": False}
WRITE = {
    "readOnlyHint": False,
    "destructiveHint": False,
    "idempotentHint": True,
    "openWorldHint": False,
}
TAKE_BACK = {**WRITE, "destructiveHint": True}

Work = Callable[[sqlite3.Connection, Mapping[str, Any]], Any]


@dataclass(frozen=True)
class ShopTool:
    """One tool: its definition, and what it does with the shop's data.

    Attributes:
        hints: The annotations, as on the wire.
    """

    name: str
    title: str
    about: str
    takes: Mapping[str, Any]
    gives: Mapping[str, Any]
    hints: Mapping[str, Any]
    work: Work
    needs: Sequence[str] = field(default=())

    def definition(self) -> types.Tool:
        """The tool as MCP clients see it."""
        return types.Tool(
            name=self.name,
            title=self.title,
            description=self.about,
            input_schema=self.input_schema(),
            output_schema=dict(self.gives),
            annotations=types.ToolAnnotations.model_validate(dict(self.hints)),
        )

    def input_schema(self) -> dict[str, Any]:
        """JSON Schema of the arguments."""
        return {
            "type": "object",
            "properties": dict(self.takes),
            "required": list(self.needs),
            "additionalProperties": False,
        }


def record(properties: Mapping[str, Any], *optional: str) -> dict[str, Any]:
    """JSON Schema of an object whose fields are all there, but for the optional ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": dict(properties), "required": required}


def answer(tool: ShopTool, data: Path, arguments: Mapping[str, Any]) -> types.CallToolResult:
    """The result of one call; what a customer can get wrong is a tool error in plain words."""
    problems = [
        error.message for error in Draft202012Validator(tool.input_schema()).iter_errors(arguments)
    ]
    if problems:
        return _refusal("; ".join(problems))
    try:
        with open_shop(data) as shop:
            result = tool.work(shop, arguments)
    except ShopError as error:
        return _refusal(str(error))
    text = json.dumps(result, ensure_ascii=False)
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structured_content=result
    )


def _refusal(text: str) -> types.CallToolResult:
    return types.CallToolResult(is_error=True, content=[types.TextContent(type="text", text=text)])


@dataclass(frozen=True)
class Shelf:
    """What a server offers to read: articles of one address, and one prompt.

    Attributes:
        template: The address with `{topic}` in it.
        prompt: Makes the prompt's text of its arguments.
    """

    template: str
    about: str
    articles: Mapping[str, str]
    prompt_name: str
    prompt_about: str
    prompt_arguments: Mapping[str, str]
    prompt: Callable[[Mapping[str, str]], str]

    def read(self, uri: str) -> str:
        """The article at an address.

        Raises:
            MCPError: When there is none.
        """
        for topic, text in self.articles.items():
            if uri == self.template.replace("{topic}", topic):
                return text
        raise MCPError(types.INVALID_PARAMS, f"There is no article at {uri}.")


def build(
    name: str, title: str, tools: Sequence[ShopTool], data: Path, shelf: Shelf | None = None
) -> Server:
    """The MCP server."""
    by_name = {tool.name: tool for tool in tools}

    async def list_tools(_context: Any, _params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[tool.definition() for tool in tools])

    async def call_tool(_context: Any, params: Any) -> types.CallToolResult:
        tool = by_name.get(params.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"Unknown tool: {params.name}")
        return await asyncio.to_thread(answer, tool, data, params.arguments or {})

    return Server(
        name,
        title=title,
        version="1.0.0",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        get_tool_input_schema=lambda tool: (
            by_name[tool].input_schema() if tool in by_name else None
        ),
        **({} if shelf is None else _reading(shelf)),
    )


def _reading(shelf: Shelf) -> dict[str, Any]:
    """The handlers of a server with something to read."""
    template = types.ResourceTemplate(
        name="article",
        title="Help article",
        uri_template=shelf.template,
        description=shelf.about,
        mime_type="text/markdown",
    )
    arguments = [
        types.PromptArgument(name=name, description=about, required=True)
        for name, about in shelf.prompt_arguments.items()
    ]
    prompt = types.Prompt(
        name=shelf.prompt_name, description=shelf.prompt_about, arguments=arguments
    )

    async def list_resources(_context: Any, _params: Any) -> types.ListResourcesResult:
        articles = [
            types.Resource(
                name=topic,
                title=text.partition("\n")[0].strip("# "),
                uri=shelf.template.replace("{topic}", topic),
                mime_type="text/markdown",
            )
            for topic, text in shelf.articles.items()
        ]
        return types.ListResourcesResult(resources=articles)

    async def list_templates(_context: Any, _params: Any) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read(_context: Any, params: Any) -> types.ReadResourceResult:
        uri = str(params.uri)
        text = types.TextResourceContents(uri=uri, mime_type="text/markdown", text=shelf.read(uri))
        return types.ReadResourceResult(contents=[text])

    async def list_prompts(_context: Any, _params: Any) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=[prompt])

    async def get_prompt(_context: Any, params: Any) -> types.GetPromptResult:
        if params.name != shelf.prompt_name:
            raise MCPError(types.INVALID_PARAMS, f"Unknown prompt: {params.name}")
        text = types.TextContent(type="text", text=shelf.prompt(params.arguments or {}))
        return types.GetPromptResult(messages=[types.PromptMessage(role="user", content=text)])

    return {
        "on_list_resources": list_resources,
        "on_list_resource_templates": list_templates,
        "on_read_resource": read,
        "on_list_prompts": list_prompts,
        "on_get_prompt": get_prompt,
    }


def serve(name: str, title: str, tools: Sequence[ShopTool], shelf: Shelf | None = None) -> None:
    """Read the command line and serve until the client or a signal ends it."""
    parser = argparse.ArgumentParser(description=f"{title}: an MCP server of the retail sample.")
    parser.add_argument(
        "--data", type=Path, default=DATA, help="folder of the data, relative to the workspace"
    )
    parser.add_argument("--http", type=int, metavar="PORT", help="serve HTTP on 127.0.0.1")
    options = parser.parse_args()
    server = build(name, title, tools, WORKSPACE / options.data, shelf)
    if options.http is None:
        asyncio.run(_over_stdio(server))
    else:
        _over_http(server, options.http)


async def _over_stdio(server: Server) -> None:
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _over_http(server: Server, port: int) -> None:
    config = uvicorn.Config(
        server.streamable_http_app(),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    running = uvicorn.Server(config)
    running.run()
    if not running.started:
        sys.exit(f"port {port} on 127.0.0.1 is taken: set RETAIL_CRM_PORT to another one")
