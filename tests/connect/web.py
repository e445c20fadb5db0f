"""A web server in a thread that speaks just enough MCP, and does with calls what a test wants."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

JSON = "application/json"
Reply = tuple[int, str, str]


def result(value: Any) -> Callable[[Mapping[str, Any]], Reply]:
    return lambda message: (
        200,
        JSON,
        json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": value}),
    )


def text(words: str) -> Callable[[Mapping[str, Any]], Reply]:
    return result({"content": [{"type": "text", "text": words}]})


def plain(status: int, body: str = "", kind: str = "text/plain") -> Callable[[Any], Reply]:
    return lambda _: (status, kind, body)


@dataclass
class Web:
    """What to answer, by method; `None` in place of an answer breaks the connection off."""

    port: int = 0
    answers: dict[str, Callable[[Mapping[str, Any]], Reply | None]] = field(
        default_factory=lambda: {
            "initialize": result(
                {
                    "protocolVersion": "2025-11-25",
                    "capabilities": {"tools": {}},
                    "serverInfo": {"name": "web", "version": "1"},
                }
            ),
            "tools/list": result({"tools": [{"name": "echo", "inputSchema": {"type": "object"}}]}),
            "tools/call": text("hello"),
        }
    )
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    sessions: int = 0
    session: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/mcp"

    def forget(self) -> None:
        """Know no session any more, as after a new start."""
        self.session = "another"

    def reply(self, message: Mapping[str, Any], session: str) -> tuple[Reply | None, str]:
        method = message["method"]
        self.asked.append(method)
        if method == "initialize":
            self.sessions += 1
            self.session = f"session-{self.sessions}"
        elif session and session != self.session:
            return (404, "text/plain", "Session not found"), ""
        if "id" not in message:
            return (202, JSON, ""), ""
        answer = self.answers.get(method, plain(400, "what?"))
        return answer(message), self.session if method == "initialize" else ""


@contextmanager
def serving(port: int = 0) -> Iterator[Web]:
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            web.tokens.append(self.headers.get("authorization", ""))
            answer, session = web.reply(json.loads(body), self.headers.get("mcp-session-id", ""))
            if answer is None:
                self.close_connection = True
                return
            status, kind, content = answer
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content.encode())))
            if session:
                self.send_header("mcp-session-id", session)
            self.end_headers()
            self.wfile.write(content.encode())

        def do_GET(self) -> None:
            self.send_error(405)

        def do_DELETE(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """The output of tests stays clean."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        web.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield web
        finally:
            server.shutdown()
            thread.join()
