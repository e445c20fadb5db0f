"""A small OpenAI-compatible server on 127.0.0.1 that answers what a test lays out."""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Answer = Callable[[Mapping[str, Any]], tuple[int, dict[str, Any]]]


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # many questions at once are asked here


class FakeOpenAI:
    """Answers in the order laid out; without one it says "hello". Keeps every request.

    Attributes:
        requests: The bodies received; `keys` the bearer tokens that came with them.
        asked: Set when the first request is here.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self._answers: deque[Answer] = deque()
        self._hanging: set[str] = set()
        self.asked = threading.Event()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def says(self, text: str) -> None:
        self._answers.append(lambda body: (200, _completion(body, {"content": text})))

    def calls(self, *calls: tuple[str, str]) -> None:
        """Tool calls as name and argument text."""
        made = [
            {"id": f"c{at}", "type": "function", "function": {"name": name, "arguments": text}}
            for at, (name, text) in enumerate(calls)
        ]
        self._answers.append(
            lambda body: (200, _completion(body, {"content": None, "tool_calls": made}))
        )

    def fails(self, status: int, message: str = "no") -> None:
        self._answers.append(lambda _: (status, {"error": {"message": message, "type": "t"}}))

    def hangs(self, model: str) -> None:
        """No answer to questions for this model until the server closes, whenever they come."""
        self._hanging.add(model)

    def answer(self, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        self.requests.append(body)
        self.keys.append(key)
        self.asked.set()
        if body.get("model") in self._hanging:
            self._closing.wait(60)
            return 200, _completion(body, {"content": "too late"})
        if self._answers:
            return self._answers.popleft()(body)
        return 200, _completion(body, {"content": "hello"})

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


def _completion(body: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": body["model"],
        "choices": [
            {
                "index": 0,
                "finish_reason": "tool_calls" if message.get("tool_calls") else "stop",
                "message": {"role": "assistant", **message},
            }
        ],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500},
    }


def _handler(fake: FakeOpenAI) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            key = str(self.headers.get("authorization", "")).removeprefix("Bearer ")
            status, answer = fake.answer(body, key)
            data = json.dumps(answer).encode()
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                self.close_connection = True  # the client has given up

        def log_message(self, *_: object) -> None:
            return

    return Handler
