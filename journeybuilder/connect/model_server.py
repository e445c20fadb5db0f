"""Asks models in a process of its own, for a program that must not be held up by LiteLLM's import.

    python -P -m journeybuilder.connect.model_server

Questions come in as lines of JSON, answers, live text and wishes for secrets go out (`model_process` is
the other side). A secret is asked for when it is needed and only ever in the pipe: it is neither in
the arguments nor in the environment nor written anywhere. It ends when its input does, so that it
never outlives the program that started it.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, BinaryIO

from journeybuilder.connect.model_budgets import Spending
from journeybuilder.connect.model_wire import (
    line,
    of_answer,
    of_failure,
    to_ask,
    to_trouble,
)
from journeybuilder.connect.models import LiteModels
from journeybuilder.connect.scripted import Scripted
from journeybuilder.errors import OperatorError, StepError

_LAST_WORDS = 3.0
"""Seconds that what still runs has to note its costs once the input has ended."""


class Server:
    """Answers the questions of one program.

    Args:
        out: Where answers go.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._wishes: dict[int, Future[str]] = {}
        self._last_wish = 0
        self._keeper = LiteModels({"any": {"model": "any/model"}}, resolve=str, scripted=Scripted())

    async def serve(self, lines: "asyncio.Queue[bytes]") -> None:
        """Until an empty line says that nobody is there any more."""
        self._keeper.warm()
        while text := await lines.get():
            self._take(json.loads(text))
        for wish in self._wishes.values():
            wish.cancel()
        left = list(self._tasks.values())
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=_LAST_WORDS)

    def _take(self, message: Mapping[str, Any]) -> None:
        number = int(message["id"])
        if "ask" in message:
            task = asyncio.create_task(self._answer(number, message))
            self._tasks[number] = task
            task.add_done_callback(lambda _: self._tasks.pop(number, None))
        elif "cancel" in message:
            if (task := self._tasks.get(number)) is not None:
                task.cancel()
        elif (wish := self._wishes.pop(number, None)) is not None:
            if "trouble" in message:
                wish.set_exception(to_trouble(message["trouble"]))
            else:
                wish.set_result(str(message["value"]))

    async def _answer(self, number: int, message: Mapping[str, Any]) -> None:
        def show(text: str) -> None:
            self._tell({"id": number, "text": text})

        def resolve(text: str) -> str:
            return self._resolve(number, text)

        spending = message["spending"]
        models = LiteModels(
            message["aliases"],
            resolve=resolve,
            scripted=Scripted(),
            spending=None if spending is None else Spending(Path(spending)),
        )
        try:
            answer = await models.ask(to_ask(message["ask"], show))
        except StepError as error:
            self._tell({"id": number, "failure": of_failure(error)})
        except Exception as error:  # noqa: BLE001 - told to the one who asked, whatever it is
            self._tell({"id": number, "bug": type(error).__name__})
        else:
            self._tell({"id": number, "answer": of_answer(answer)})
        finally:
            await models.close()

    def _resolve(self, number: int, text: str) -> str:
        """What the other side puts in for a secret or variable; called from worker threads.

        Raises:
            OperatorError: When it has none, or is not there any more.
        """
        wish: Future[str] = Future()
        with self._lock:
            self._last_wish -= 1  # so that it is never the number of a question
            key = self._last_wish
            self._wishes[key] = wish
        self._tell({"id": number, "wish": key, "text": text})
        try:
            return wish.result()
        except asyncio.CancelledError:
            raise OperatorError("the program that knows the secrets has ended") from None

    def _tell(self, message: Mapping[str, Any]) -> None:
        with self._lock:
            try:
                self._out.write(line(message))
                self._out.flush()
            except OSError:  # nobody reads any more; the end of the input says so, too
                return


def _read(source: BinaryIO, loop: asyncio.AbstractEventLoop, lines: "asyncio.Queue[bytes]") -> None:
    try:
        for text in source:
            loop.call_soon_threadsafe(lines.put_nowait, text)
    finally:
        # Should LiteLLM hold everything up right now, the process ends all the same.
        timer = threading.Timer(2 * _LAST_WORDS, os._exit, (1,))
        timer.daemon = True
        timer.start()
        loop.call_soon_threadsafe(lines.put_nowait, b"")


async def _main(out: BinaryIO) -> None:
    lines: asyncio.Queue[bytes] = asyncio.Queue()
    arguments = (sys.stdin.buffer, asyncio.get_running_loop(), lines)
    threading.Thread(target=_read, args=arguments, daemon=True).start()
    await Server(out).serve(lines)


def main() -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal gives it to everybody
    out = os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)  # what a library prints is no answer
    asyncio.run(_main(out))
    out.flush()
    os._exit(0)  # LiteLLM leaves threads that nobody needs to wait for


if __name__ == "__main__":
    main()
