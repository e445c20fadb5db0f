"""A server made with the SDK that has all that a server can have beside plain tools.

`library.py stdio|http|sse [PORT] [--era 2025]`; with `--era 2025` it does not know what came in 2026.
"""

import argparse
import asyncio
import base64
import json
import os
from pathlib import Path
from typing import Any

import anyio
import mcp.types as t
import uvicorn
from mcp import MCPError
from mcp.server.lowlevel import Server
from mcp.server.sse import SseServerTransport
from mcp.server.stdio import stdio_server
from mcp.server.subscriptions import (
    InMemorySubscriptionBus,
    ListenHandler,
    ResourcesListChanged,
    ToolsListChanged,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

OBJECT = {"type": "object"}
FORM = {
    "type": "object",
    "properties": {"sure": {"type": "boolean"}, "why": {"type": "string"}},
    "required": ["sure"],
}
PICTURE = base64.b64encode(b"\x89PNG not really").decode()
NAMES = (
    "ask", "ask_twice", "ask_page", "picture", "steps", "meta", "capabilities", "wait", "wants_model",
    "learn", "flood",
)  # fmt: skip


class Library:
    def __init__(self, era: str) -> None:
        self.era = era
        self.bus = InMemorySubscriptionBus()
        self.tools = list(NAMES)
        self.resources = [
            t.Resource(uri=f"shop://page/{number}", name=f"page {number}") for number in range(5)
        ]

    async def list_tools(self, _: Any, params: Any) -> t.ListToolsResult:
        return t.ListToolsResult(tools=[t.Tool(name=n, input_schema=OBJECT) for n in self.tools])

    async def list_resources(self, _: Any, params: Any) -> t.ListResourcesResult:
        start = int(params.cursor) if params and params.cursor else 0
        more = start + 2 < len(self.resources)
        return t.ListResourcesResult(
            resources=self.resources[start : start + 2],
            next_cursor=str(start + 2) if more else None,
        )

    async def list_templates(self, _: Any, params: Any) -> t.ListResourceTemplatesResult:
        template = t.ResourceTemplate(
            uri_template="shop://articles/{topic}{?lang}",
            name="articles",
            title="Articles",
            description="All we\u200b know.",
            mime_type="text/markdown",
        )
        return t.ListResourceTemplatesResult(resource_templates=[template])

    async def read(self, _: Any, params: Any) -> t.ReadResourceResult:
        uri = params.uri
        texts = {
            "shop://hours": ("application/json", json.dumps({"mon": "9-17"})),
            "shop://articles/returns": ("text/markdown", "[Returns] take 14 days."),
            "shop://long": ("text/plain", "é\n" * 900_000),
            "shop://bare": (None, "[1, 2]"),
        }
        if uri == "shop://logo":
            content: Any = t.BlobResourceContents(uri=uri, mime_type="image/png", blob=PICTURE)
        elif uri in texts:
            mime, text = texts[uri]
            content = t.TextResourceContents(uri=uri, mime_type=mime, text=text)
        else:
            raise MCPError(-32602, f"Resource not found: {uri}")
        return t.ReadResourceResult(contents=[content])

    async def list_prompts(self, _: Any, params: Any) -> t.ListPromptsResult:
        argument = t.PromptArgument(name="who", description="Whom to greet", required=True)
        return t.ListPromptsResult(prompts=[t.Prompt(name="greet", arguments=[argument])])

    async def prompt(self, _: Any, params: Any) -> t.GetPromptResult:
        if params.name != "greet":
            raise MCPError(-32602, f"Unknown prompt: {params.name}")
        who = (params.arguments or {})["who"]
        picture = t.ImageContent(type="image", data=PICTURE, mime_type="image/png")
        page = t.TextResourceContents(uri="shop://hours", text="from 9 to 17")
        return t.GetPromptResult(
            messages=[
                t.PromptMessage(
                    role="user", content=t.TextContent(type="text", text=f"Greet {who}")
                ),
                t.PromptMessage(
                    role="user", content=t.EmbeddedResource(type="resource", resource=page)
                ),
                t.PromptMessage(role="assistant", content=picture),
            ]
        )

    async def call(self, ctx: Any, params: Any) -> Any:
        work = getattr(self, f"do_{params.name}")
        return await work(ctx, params)

    async def do_ask(self, ctx: Any, params: Any) -> Any:
        return await self._ask(ctx, params, "Really?")

    async def do_ask_twice(self, ctx: Any, params: Any) -> Any:
        """Asks for as long as it is not told 'enough'."""
        while True:
            got = await self._ask(ctx, params, "Really?")
            if isinstance(got, t.InputRequiredResult) or "enough" in got.content[0].text:
                return got
            if self.era != "2025":
                return self._question("And again?", "2")

    async def _ask(self, ctx: Any, params: Any, words: str) -> Any:
        if self.era == "2025":
            said = await ctx.session.elicit_form(words, FORM, ctx.request_id)
        elif params.input_responses:
            said = params.input_responses["sure"]
        else:
            return self._question(words, "1")
        return text(json.dumps({"action": said.action, "content": said.content}))

    @staticmethod
    def _question(words: str, state: str) -> Any:
        form = t.ElicitRequestFormParams(message=words, requested_schema=FORM)
        return t.InputRequiredResult(
            input_requests={"sure": t.ElicitRequest(params=form)}, request_state=state
        )

    async def do_ask_page(self, ctx: Any, params: Any) -> Any:
        page = "https://pay.example/approve?id=7"
        if self.era == "2025":
            said = await ctx.session.elicit_url("Approve it there", page, "e1", ctx.request_id)
        elif params.input_responses:
            said = params.input_responses["page"]
        else:
            form = t.ElicitRequestURLParams(
                message="Approve it there", url=page, elicitation_id="e1"
            )
            return t.InputRequiredResult(input_requests={"page": t.ElicitRequest(params=form)})
        return text(said.action)

    async def do_wants_model(self, ctx: Any, params: Any) -> Any:
        if self.era == "2025":
            try:
                message = t.SamplingMessage(
                    role="user", content=t.TextContent(type="text", text="x")
                )
                await ctx.session.send_request(
                    t.CreateMessageRequest(
                        params=t.CreateMessageRequestParams(messages=[message], max_tokens=5)
                    ),
                    t.CreateMessageResult,
                )
            except MCPError as error:
                return text(f"refused: {error.message}")
        message = t.SamplingMessage(role="user", content=t.TextContent(type="text", text="x"))
        params = t.CreateMessageRequestParams(messages=[message], max_tokens=5)
        return t.InputRequiredResult(
            input_requests={"m": t.CreateMessageRequest(params=params)}, request_state="x"
        )

    async def do_picture(self, ctx: Any, params: Any) -> Any:
        blob = t.BlobResourceContents(
            uri="shop://label.pdf", mime_type="application/pdf", blob="QUJD"
        )
        page = t.TextResourceContents(uri="shop://hours", mime_type="text/plain", text="9 to 17")
        return t.CallToolResult(
            content=[
                t.TextContent(type="text", text="here"),
                t.ImageContent(type="image", data=PICTURE, mime_type="image/png"),
                t.AudioContent(type="audio", data="QUJD", mime_type="audio/wav"),
                t.EmbeddedResource(type="resource", resource=blob),
                t.EmbeddedResource(type="resource", resource=page),
                t.ResourceLink(type="resource_link", uri="shop://logo", name="logo"),
                t.ImageContent(type="image", data="no base64!", mime_type="image/png"),
            ]
        )

    async def do_steps(self, ctx: Any, params: Any) -> Any:
        await ctx.session.report_progress(1, 3, "look\u200bing")
        await ctx.session.report_progress(2, 3)
        await ctx.session.report_progress(3, None, "done")
        return text("ok")

    async def do_meta(self, ctx: Any, params: Any) -> Any:
        return text(str((ctx.meta or {}).get("journeybuilder/key")))

    async def do_capabilities(self, ctx: Any, params: Any) -> Any:
        has = ctx.session.client_capabilities
        return text(json.dumps(has.model_dump(by_alias=True, exclude_none=True)))

    async def do_wait(self, ctx: Any, params: Any) -> Any:
        folder = Path(os.environ["PIDS"])
        (folder / "waiting").touch()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            (folder / "cancelled").touch()
            raise

    async def do_learn(self, ctx: Any, params: Any) -> Any:
        self.tools.append("learned")
        self.resources.append(t.Resource(uri="shop://new", name="new"))
        if self.era == "2025":
            await ctx.session.send_tool_list_changed()
        await self.bus.publish(ToolsListChanged())
        await self.bus.publish(ResourcesListChanged())
        return text("ok")

    async def do_flood(self, ctx: Any, params: Any) -> Any:
        for number in range(2000):
            await ctx.session.report_progress(number)
            if self.era == "2025":
                await ctx.session.send_tool_list_changed()
            else:
                await self.bus.publish(ToolsListChanged())
        return text("ok")

    def server(self) -> Server[Any]:
        return Server(
            "library",
            version="1",
            on_list_tools=self.list_tools,
            on_call_tool=self.call,
            on_list_resources=self.list_resources,
            on_list_resource_templates=self.list_templates,
            on_read_resource=self.read,
            on_list_prompts=self.list_prompts,
            on_get_prompt=self.prompt,
            on_subscriptions_listen=ListenHandler(self.bus),
            get_tool_input_schema=lambda _: OBJECT,
        )


def text(words: str) -> t.CallToolResult:
    return t.CallToolResult(content=[t.TextContent(type="text", text=words)])


class OldReader:
    """Streams of a transport as a server of 2025 uses them: what came later it does not know."""

    def __init__(self, read: Any, write: Any) -> None:
        self._read, self._write = read, write

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._read.aclose()

    async def aclose(self) -> None:
        await self._read.aclose()

    @property
    def last_context(self) -> Any:
        return getattr(self._read, "last_context", None)

    async def receive(self) -> Any:
        while True:
            item = await self._read.receive()
            message = getattr(item, "message", None)
            if getattr(message, "method", "") != "server/discover":
                return item
            error = t.JSONRPCError(
                jsonrpc="2.0",
                id=message.id,
                error=t.ErrorData(code=-32601, message="Method not found"),
            )
            await self._write.send(type(item)(error))

    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> Any:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None


async def serve(library: Library, read: Any, write: Any) -> None:
    server = library.server()
    reader = OldReader(read, write) if library.era == "2025" else read
    await server.run(reader, write, server.create_initialization_options())


async def over_stdio(library: Library) -> None:
    async with stdio_server() as (read, write):
        await serve(library, read, write)


def sse_app(library: Library) -> Any:
    transport = SseServerTransport("/messages/")

    async def connect(request: Request) -> Response:
        async with transport.connect_sse(request.scope, request.receive, request._send) as streams:
            await serve(library, *streams)
        return Response()

    routes = [Route("/sse", connect), Mount("/messages/", app=transport.handle_post_message)]
    return Starlette(routes=routes)


def http_app(library: Library) -> Any:
    app = library.server().streamable_http_app()
    if library.era != "2025":
        return app

    async def older(scope: Any, receive: Any, send: Any) -> None:
        """What a server answers that has never heard of `server/discover`."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await app(scope, receive, send)
            return
        first = await receive()
        message = json.loads(first.get("body") or b"{}")
        if message.get("method") == "server/discover":
            error = {"code": -32601, "message": "Method not found"}
            body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "error": error})
            await Response(body, 400, media_type="application/json")(scope, receive, send)
            return
        again = [first]

        async def received() -> Any:
            return again.pop() if again else await receive()

        await app(scope, received, send)

    return older


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=["stdio", "http", "sse"])
    parser.add_argument("port", type=int, nargs="?", default=0)
    parser.add_argument("--era", default="2026")
    options = parser.parse_args()
    if folder := os.environ.get("PIDS"):
        Path(folder, f"pid.{os.getpid()}").touch()
    library = Library(options.era)
    if options.way == "stdio":
        asyncio.run(over_stdio(library))
        return
    app = http_app(library) if options.way == "http" else sse_app(library)
    uvicorn.run(app, port=options.port, log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main()
