"""An authorization server and an MCP server behind it, on loopback, over real HTTP."""

import base64
import hashlib
import json
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.connect.pools import free_port


class Keys:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[username]


@dataclass
class Site:
    """What the servers know, what they were asked, and how they shall behave."""

    port: int = 0
    lasts: int = 3600
    pkce: bool = True
    registers: bool = True
    rotates: bool = True
    publishes: bool = True
    refuses: str = ""
    down: bool = False
    issuer: str = ""
    token_host: str = ""
    scope: str = "tools"
    needs: str = ""
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    clients: dict[str, str] = field(default_factory=lambda: {"robot": "s3cret-of-robot"})
    access: dict[str, str] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    redirects: set[str] = field(default_factory=set)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.base}/mcp"

    def routes(self) -> list[Route]:
        return [
            Route("/mcp", self.mcp, methods=["POST", "GET", "DELETE"]),
            Route("/.well-known/oauth-protected-resource/mcp", self.about),
            Route("/.well-known/oauth-authorization-server", self.metadata),
            Route("/hidden-metadata", self.metadata),
            Route("/register", self.register, methods=["POST"]),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
        ]

    async def about(self, request: Request) -> Response:
        self.asked.append("about")
        if not self.publishes:
            return Response(status_code=404)
        return JSONResponse(
            {"resource": self.url, "authorization_servers": [self.issuer or self.base],
             "scopes_supported": self.scope.split()}
        )  # fmt: skip

    async def metadata(self, request: Request) -> Response:
        self.asked.append("metadata")
        if not self.publishes and "well-known" in request.url.path:
            return Response(status_code=404)
        token = (
            f"http://{self.token_host}:{self.port}/token"
            if self.token_host
            else f"{self.base}/token"
        )
        data: dict[str, Any] = {
            "issuer": self.base,
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": token,
            "response_types_supported": ["code"],
            "authorization_response_iss_parameter_supported": True,
        }
        if self.pkce:
            data["code_challenge_methods_supported"] = ["S256"]
        if self.registers:
            data["registration_endpoint"] = f"{self.base}/register"
        return JSONResponse(data)

    async def register(self, request: Request) -> Response:
        wanted = await request.json()
        name = f"client-{len(self.clients)}"
        self.clients[name] = ""
        self.redirects.update(wanted["redirect_uris"])
        return JSONResponse({**wanted, "client_id": name}, 201)

    async def authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        self.asked.append("authorize")
        if query["client_id"] not in self.clients or query["code_challenge_method"] != "S256":
            return Response("who are you?", 400)
        back = query["redirect_uri"]
        if self.refuses:
            words = {"error": self.refuses, "state": query["state"], "iss": self.base}
            return RedirectResponse(f"{back}?{urlencode(words)}")
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return RedirectResponse(
            f"{back}?{urlencode({'code': code, 'state': query['state'], 'iss': self.base})}"
        )

    async def token(self, request: Request) -> Response:
        form = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
        self.asked.append(form["grant_type"])
        self.forms.append(form)
        if self.down:
            return Response("out of order", 503)
        fault = getattr(self, f"_{form['grant_type']}")(form, request)
        if fault:
            return JSONResponse({"error": fault, "error_description": "no"}, 400)
        return JSONResponse(self._issue(form))

    def _authorization_code(self, form: dict[str, str], request: Request) -> str:
        query = self.codes.pop(form["code"], None)
        if query is None or query["redirect_uri"] != form["redirect_uri"]:
            return "invalid_grant"
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return "" if challenge == query["code_challenge"] else "invalid_grant"

    def _refresh_token(self, form: dict[str, str], request: Request) -> str:
        if form["refresh_token"] not in self.refresh:
            return "invalid_grant"
        if self.rotates:
            self.refresh.discard(form["refresh_token"])
        return ""

    def _client_credentials(self, form: dict[str, str], request: Request) -> str:
        kind, _, words = request.headers.get("authorization", "").partition(" ")
        name, _, secret = (
            base64.b64decode(words).decode().partition(":") if kind == "Basic" else ("",) * 3
        )
        return "" if secret and self.clients.get(name) == secret else "invalid_client"

    def _issue(self, form: dict[str, str]) -> dict[str, Any]:
        token = f"access-{secrets.token_urlsafe(8)}"
        self.access[token] = form.get("scope", self.scope)
        out: dict[str, Any] = {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": self.lasts,
        }
        if form["grant_type"] != "client_credentials" and (
            self.rotates or form["grant_type"] == "authorization_code"
        ):
            out["refresh_token"] = f"refresh-{secrets.token_urlsafe(8)}"
            self.refresh.add(out["refresh_token"])
        return out

    async def mcp(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if request.method == "DELETE":
            return Response()
        if token not in self.access:
            self.asked.append("refused")
            where = f"{self.base}/.well-known/oauth-protected-resource/mcp"
            challenge = f'Bearer resource_metadata="{where}", scope="{self.scope}"'
            return Response("who are you?", 401, {"www-authenticate": challenge})
        if request.method == "GET":
            return Response(status_code=405)
        message = await request.json()
        self.asked.append(message["method"])
        if "id" not in message:
            return Response(status_code=202)
        if message["method"] == "tools/call" and self.needs:
            challenge = f'Bearer error="insufficient_scope", scope="{self.needs}"'
            return Response("more", 403, {"www-authenticate": challenge})
        return JSONResponse({"jsonrpc": "2.0", "id": message["id"], **_answer(message)})


def _answer(message: dict[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "initialize": {
            "protocolVersion": "2025-11-25",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "guarded", "version": "1"},
        },
        "tools/list": {"tools": [{"name": "echo", "inputSchema": {"type": "object"}}]},
        "tools/call": {"content": [{"type": "text", "text": "let in"}]},
    }
    if message["method"] in answers:
        return {"result": answers[message["method"]]}
    return {"error": {"code": -32601, "message": "Method not found"}}


@contextmanager
def site(**how: Any) -> Iterator[Site]:
    """Both servers, running."""
    made = Site(port=free_port(), **how)
    app = Starlette(routes=made.routes())
    config = uvicorn.Config(app, port=made.port, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        yield made
    finally:
        server.should_exit = True
        thread.join()


class Browser:
    """What a person's browser does with the page: goes there, and follows where it is sent."""

    def __init__(self, change: Callable[[str], str] = lambda address: address) -> None:
        self.opened: list[str] = []
        self.shown = ""
        self._change = change
        self._threads: list[threading.Thread] = []

    def __call__(self, address: str) -> None:
        self.opened.append(address)
        thread = threading.Thread(target=self._visit, args=(self._change(address),))
        self._threads.append(thread)
        thread.start()

    @property
    def query(self) -> dict[str, str]:
        return {key: each[0] for key, each in parse_qs(urlsplit(self.opened[0]).query).items()}

    def done(self) -> None:
        for thread in self._threads:
            thread.join()

    def _visit(self, address: str) -> None:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                self.shown = answer.read().decode()
        except urllib.error.HTTPError as error:
            self.shown = error.read().decode()
            error.close()


def kept_in(keys: Keys) -> dict[str, Any]:
    """What the keyring holds of the only login."""
    (value,) = keys.kept.values()
    return json.loads(value)
