"""Models asked in a process of its own: importing LiteLLM takes seconds and holds the interpreter.

A window may not stand still for that, so the editor asks its models here; `jb run` and its kin ask
in their own process. Everything that a person is told, and every secret, stays with us: the other
process asks for a secret when it needs it, and what it says is cleaned of them here.
"""

import asyncio
import itertools
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typing_extensions import override

from journeybuilder.connect.model_answers import cleaned
from journeybuilder.connect.model_live import LiveText
from journeybuilder.connect.model_wire import line, of_ask, of_trouble, to_answer, to_failure
from journeybuilder.contract.services import ModelAnswer, ModelAsk, Models
from journeybuilder.document.model import strings
from journeybuilder.errors import OperatorError, StepError

log = logging.getLogger(__name__)
_LONGEST = 2**27  # bytes of one answer
_PATIENCE = 8.0  # seconds that the process has to end once its input has
_COMMAND = [sys.executable, "-P", "-m", "journeybuilder.connect.model_server"]
"""`-P`: a file of the folder in which the editor was started must never be taken for a module."""
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)


@dataclass
class _Question:
    """One question that the process has not answered yet."""

    future: "asyncio.Future[Mapping[str, Any]]"
    live: LiveText
    resolve: Callable[[str], str]


class ModelProcess:
    """The process; starts with the first question, and again should it end in between.

    All of it belongs to one event loop.
    """

    def __init__(self, command: list[str] | None = None) -> None:
        self._command = command or _COMMAND
        self._starting = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._questions: dict[int, _Question] = {}
        self._numbers = itertools.count(1)
        self._helping: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def pid(self) -> int | None:
        """Its number while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    def warm(self) -> None:
        """Begin to start it; whoever asks is told what is wrong."""
        self._help(self._start_quietly())

    async def ask(
        self, request: Mapping[str, Any], live: LiveText, resolve: Callable[[str], str]
    ) -> Mapping[str, Any]:
        """What the process answers: `answer`, `failure` or `bug`.

        Args:
            request: `ask`, `aliases`, `spending`.
            live: Gets the live text.
            resolve: Puts secrets and variables into a text.

        Raises:
            StepError: `model_failed` when the process cannot start, or ends in the middle.
            CancelledError: When the caller is cancelled; the process is told.
        """
        process = await self._started()
        number = next(self._numbers)
        future: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._questions[number] = _Question(future, live, resolve)
        try:
            await _send(process, {"id": number, **request})
            return await future
        except asyncio.CancelledError:
            self._help(_send(process, {"id": number, "cancel": True}))
            raise
        finally:
            self._questions.pop(number, None)

    async def close(self) -> None:
        """End the process; a question that is on its way fails."""
        self._closed = True
        process, reading = self._process, self._reading
        if process is not None and process.stdin is not None:
            process.stdin.close()
        if process is not None and reading is not None:
            done, _ = await asyncio.wait({reading}, timeout=_PATIENCE)
            if not done:
                with suppress(ProcessLookupError):
                    process.kill()
            await reading
        for task in set(self._helping):
            task.cancel()
        await asyncio.gather(*self._helping, return_exceptions=True)

    async def _started(self) -> asyncio.subprocess.Process:
        async with self._starting:
            process, reading = self._process, self._reading
            if process is not None and reading is not None and not reading.done():
                return process
            if self._closed:
                raise StepError("model_failed", "the models were closed meanwhile")
            try:
                process = await asyncio.create_subprocess_exec(
                    *self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    limit=_LONGEST,
                    creationflags=_NO_WINDOW,
                )
            except OSError as error:
                words = f"the process that asks models does not start: {error.strerror or error}"
                raise StepError("model_failed", words) from None
            self._process = process
            self._reading = asyncio.create_task(self._read(process))
            return process

    async def _start_quietly(self) -> None:
        with suppress(StepError):
            await self._started()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Take what the process says until it has ended."""
        assert process.stdout is not None
        try:
            while text := await process.stdout.readline():
                self._take(process, json.loads(text))
        except ValueError:
            log.warning("the process that asks models said something that is no answer")
            with suppress(ProcessLookupError):
                process.kill()
        status = await process.wait()
        if not self._closed:
            log.warning("the process that asks models has ended with status %s", status)
        for question in self._questions.values():
            if not question.future.done():
                question.future.set_exception(_ended(status))

    def _take(self, process: asyncio.subprocess.Process, message: Mapping[str, Any]) -> None:
        question = self._questions.get(int(message["id"]))
        if question is None:
            if "wish" in message:  # nobody waits for that answer any more
                trouble = of_trouble(OperatorError("the question was called off"))
                self._help(_send(process, {"id": message["wish"], "trouble": trouble}))
        elif "wish" in message:
            wish = self._fulfil(process, message["wish"], question.resolve, str(message["text"]))
            self._help(wish)
        elif "text" in message:
            question.live.show(str(message["text"]))
        elif not question.future.done():
            question.future.set_result(message)

    async def _fulfil(
        self,
        process: asyncio.subprocess.Process,
        wish: int,
        resolve: Callable[[str], str],
        text: str,
    ) -> None:
        """Give the process a secret; the keyring may take its time."""
        reply: dict[str, Any] = {"id": wish}
        try:
            reply["value"] = await asyncio.to_thread(resolve, text)
        except OperatorError as error:
            reply["trouble"] = of_trouble(error)
        with suppress(StepError):
            await _send(process, reply)

    def _help(self, work: Any) -> None:
        task = asyncio.create_task(_quietly(work))
        self._helping.add(task)
        task.add_done_callback(self._helping.discard)


async def _quietly(work: Any) -> None:
    """What nobody waits for: that the process has ended is told to those who ask it something."""
    with suppress(StepError):
        await work


async def _send(process: asyncio.subprocess.Process, message: Mapping[str, Any]) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(line(message))
        await process.stdin.drain()
    except (ConnectionError, RuntimeError):  # RuntimeError: the pipe is closed on our side
        raise _ended(process.returncode) from None


def _ended(status: int | None) -> StepError:
    return StepError(
        "model_failed",
        "the process that asks models has ended in the middle; it starts again with the next question",
        detail={} if status is None else {"status": status},
    )


class ApartModels(Models):
    """Asks the models of a workspace in a `ModelProcess`, with the answers of `LiteModels`.

    Args:
        process: Where LiteLLM lives; several of these may share it.
        aliases: The `models` mapping of `models.yaml`.
        resolve: Puts secrets and variables into a text; raises `OperatorError` when it cannot.
        here: Answers what needs no real model, and knows no other alias.
        spending: The file where budgets are kept; None keeps them in memory.
        redact: Takes secrets out of a JSON value; nothing leaves here without it.
    """

    def __init__(
        self,
        process: ModelProcess,
        aliases: Mapping[str, Mapping[str, Any]],
        *,
        resolve: Callable[[str], str],
        here: Models,
        spending: Path | None,
        redact: Callable[[Any], Any],
    ) -> None:
        self._process = process
        self._aliases = aliases
        self._resolve = resolve
        self._here = here
        self._spending = spending
        self._redact = redact

    def warm(self) -> None:
        """Begin to load LiteLLM over there where any alias is of a real model."""
        if any(map(self._real, self._aliases)):
            self._process.warm()

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        """Ask once, with the alias' fallbacks.

        Raises:
            StepError: `model_failed`, or `timeout` when every model was too slow.
        """
        ladder = [ask.alias, *strings(self._aliases.get(ask.alias, {}).get("fallbacks"))]
        if not any(map(self._real, ladder)):
            return await self._here.ask(ask)
        live = LiveText(ask.on_text, self._redact)
        request = {
            "ask": of_ask(ask),
            "aliases": self._aliases,
            "spending": None if self._spending is None else str(self._spending),
        }
        try:
            found = await self._process.ask(request, live, self._resolve)
        finally:
            live.close()
        if "failure" in found:
            failure = to_failure(found["failure"])
            failure.message = self._redact(failure.message)
            failure.detail = self._redact(failure.detail)
            raise failure
        if "bug" in found:
            raise StepError("model_failed", f"asking the model failed ({found['bug']})")
        return cleaned(to_answer(found["answer"]), self._redact)

    def _real(self, alias: str) -> bool:
        entry = self._aliases.get(alias)
        return entry is not None and entry.get("model") != "scripted"
