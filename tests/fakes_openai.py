"""A small OpenAI-compatible server on 127.0.0.1 that answers what a test lays out."""

import json
import select
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What goes back: JSON, or raw bytes; `stream` keeps events to send one by one.

    Attributes:
        cut: The connection ends after what was sent, without an end of the stream.
    """

    status: int = 200
    data: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    stream: Sequence[bytes] | None = None
    cut: bool = False


Answer = Callable[[Mapping[str, Any]], Reply]


class _Server(ThreadingHTTPServer):
    request_queue_size = 256  # many questions at once are asked here


class FakeOpenAI:
    """Answers in the order laid out; without one it says "hello". Keeps every request.

    Attributes:
        requests: The bodies received; `keys` the bearer tokens that came with them.
        headers: All headers of each, as text.
        asked: Set when the first request is here.
        given_up: Set when a client has gone away instead of waiting for an answer.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.headers: list[str] = []
        self._answers: deque[Answer] = deque()
        self._hanging: set[str] = set()
        self._usual: Answer = lambda body: _json(_completion(body, {"content": "hello"}))
        self._lock = threading.Lock()
        self.asked = threading.Event()
        self.given_up = threading.Event()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def says(self, text: str, finish: str = "stop") -> None:
        self._answers.append(lambda body: _json(_completion(body, {"content": text}, finish)))

    def calls(self, *calls: tuple[str, str], ids: Sequence[str] = ()) -> None:
        """Tool calls as name and argument text."""
        made = [
            {
                "id": ids[at] if ids else f"c{at}",
                "type": "function",
                "function": {"name": name, "arguments": text},
            }
            for at, (name, text) in enumerate(calls)
        ]
        message = {"content": None, "tool_calls": made}
        self._answers.append(lambda body: _json(_completion(body, message, "tool_calls")))

    def streams(
        self,
        *words: str,
        finish: str = "stop",
        calls: Sequence[tuple[str, str]] = (),
        usage: bool = True,
    ) -> None:
        """An answer in pieces; without `finish` the connection ends in the middle of it."""

        def reply(body: Mapping[str, Any]) -> Reply:
            parts: list[dict[str, Any]] = [{"content": word} for word in words]
            for at, (name, text) in enumerate(calls):
                head = {"index": at, "id": f"c{at}", "type": "function"}
                parts.append(
                    {"tool_calls": [{**head, "function": {"name": name, "arguments": ""}}]}
                )
                halves = (text[: len(text) // 2], text[len(text) // 2 :])
                parts += [
                    {"tool_calls": [{"index": at, "function": {"arguments": half}}]}
                    for half in halves
                ]
            events = [
                _chunk(body, [{"index": 0, "delta": part, "finish_reason": None}]) for part in parts
            ]
            if not finish:
                return Reply(stream=events, cut=True)
            events.append(_chunk(body, [{"index": 0, "delta": {}, "finish_reason": finish}]))
            if usage and body.get("stream_options"):
                events.append(_chunk(body, [], _USAGE))
            return Reply(stream=[*events, b"data: [DONE]\n\n"])

        self._answers.append(reply)

    def fails(self, status: int, message: str = "no", code: str = "", **headers: str) -> None:
        error = {"message": message, "type": "t", **({"code": code} if code else {})}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answers.append(lambda _: _json({"error": error}, status, named))

    def behaves(self, answer: Callable[[Mapping[str, Any]], tuple[str, int, int] | int]) -> None:
        """What it answers from now on where nothing is laid out.

        `answer` gives text, tokens of the request and tokens of the answer; or a status that refuses.
        """

        def usual(body: Mapping[str, Any]) -> Reply:
            said = answer(body)
            if isinstance(said, int):
                return _json({"error": {"message": "no", "type": "t"}}, said)
            text, into, out = said
            usage = {"prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out}
            return _json({**_completion(body, {"content": text}), "usage": usage})

        self._usual = usual

    def sends(self, data: bytes) -> None:
        """These very bytes instead of an answer."""
        self._answers.append(lambda _: Reply(data=data))

    def breaks_off(self) -> None:
        """The connection ends before an answer."""
        self._answers.append(lambda _: Reply(cut=True))

    def hangs(self, model: str) -> None:
        """No answer to questions for this model until the server closes, whenever they come."""
        self._hanging.add(model)

    def answer(self, body: dict[str, Any], key: str, gone: Callable[[], bool]) -> Reply:
        with self._lock:
            self.requests.append(body)
            self.keys.append(key)
            laid_out = self._answers.popleft() if self._answers and not self._hangs(body) else None
        self.asked.set()
        if self._hangs(body):
            self._wait_for_the_end(gone)
            return Reply(cut=True)
        return self._usual(body) if laid_out is None else laid_out(body)

    def _hangs(self, body: Mapping[str, Any]) -> bool:
        return body.get("model") in self._hanging

    def _wait_for_the_end(self, gone: Callable[[], bool]) -> None:
        while not self._closing.is_set():
            if gone():
                self.given_up.set()
                return

    def __enter__(self) -> "FakeOpenAI":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


_USAGE = {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}


def _json(
    value: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Reply:
    return Reply(status, json.dumps(value).encode(), headers or {})


def _chunk(
    body: Mapping[str, Any], choices: Sequence[Any], usage: Mapping[str, int] | None = None
) -> bytes:
    value = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": body["model"],
        "choices": choices,
        **({"usage": usage} if usage else {}),
    }
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def _completion(
    body: Mapping[str, Any], message: Mapping[str, Any], finish: str = "stop"
) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": body["model"],
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", **message},
            }
        ],
        "usage": _USAGE,
    }


def _handler(fake: FakeOpenAI) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            fake.headers.append(str(self.headers))
            key = str(self.headers.get("authorization", "")).removeprefix("Bearer ")
            reply = fake.answer(body, key, self._gone)
            try:
                self._send(reply)
            except OSError:
                self.close_connection = True  # the client has given up

        def _send(self, reply: Reply) -> None:
            self.close_connection = self.close_connection or reply.cut or reply.stream is not None
            if reply.cut and reply.stream is None:
                return
            self.send_response(reply.status)
            kind = "application/json" if reply.stream is None else "text/event-stream"
            self.send_header("content-type", kind)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.stream is None:
                self.send_header("content-length", str(len(reply.data)))
            self.end_headers()
            for part in reply.stream or [reply.data]:
                self.wfile.write(part)

        def _gone(self) -> bool:
            """Whether the client has closed its side; waits a moment for that."""
            ready, _, _ = select.select([self.connection], [], [], 0.05)
            return bool(ready) and not self.connection.recv(1, socket.MSG_PEEK)

        def log_message(self, *_: object) -> None:
            return

    return Handler
