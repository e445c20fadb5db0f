import asyncio
import io
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from journeybuilder.connect.terminal import Terminal
from journeybuilder.contract.services import Listening, Message

COLORS = ("red", "green", "blue")


class Keyboard:
    """Somebody who types: `read` waits as the real one does."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self.asked = threading.Event()

    def types(self, line: str) -> None:
        self._lines.put(line)

    def read(self) -> str:
        self.asked.set()
        return self._lines.get()


@pytest.fixture
def keyboard() -> Iterator[Keyboard]:
    typist = Keyboard()
    yield typist
    typist.types("")  # lets a reader that still waits go
    for thread in threading.enumerate():
        if thread.name == "terminal-input":
            thread.join(10)


def listening(until: float | None = None, choices: tuple[str, ...] = ()) -> Listening:
    return Listening("r", "n", until, choices)


def test_words_are_printed_with_their_choices_as_a_numbered_list() -> None:
    printed: list[str] = []
    terminal = Terminal(interactive=False, write=printed.append)
    asyncio.run(terminal.say(Message("r", "n", "Which color?\nChoose one.", COLORS)))
    assert printed == ["● Which color?", "  Choose one.", "  1. red", "  2. green", "  3. blue"]


def test_a_message_that_was_said_already_is_dropped_by_its_key() -> None:
    printed: list[str] = []
    terminal = Terminal(interactive=False, write=printed.append)

    async def work() -> None:
        for key in ("a", "a", "", "", "b"):
            await terminal.say(Message("r", "n", f"key {key}", key=key))

    asyncio.run(work())
    assert printed == ["● key a", "● key ", "● key ", "● key b"]


def test_prepared_lines_come_in_turn_and_are_echoed_then_there_is_nothing() -> None:
    printed: list[str] = []
    terminal = Terminal(["O-1001", "yes"], interactive=False, write=printed.append)

    async def work() -> list[str | None]:
        return [await terminal.listen(listening()) for _ in range(3)]

    assert asyncio.run(work()) == ["O-1001", "yes", None]
    assert printed == ["❯ O-1001", "❯ yes"]


@pytest.mark.parametrize(
    ("typed", "heard"),
    [("2", "green"), (" 3 ", "blue"), ("4", "4"), ("0", "0"), ("green", "green"), ("²", "²")],
)
def test_a_number_stands_for_the_choice_of_that_number(typed: str, heard: str) -> None:
    terminal = Terminal([typed], interactive=False, write=lambda _: None)
    assert asyncio.run(terminal.listen(listening(choices=COLORS))) == heard


def test_a_number_is_itself_where_it_is_a_choice_or_where_there_are_none() -> None:
    terminal = Terminal(["2", "2"], interactive=False, write=lambda _: None)

    async def work() -> list[str | None]:
        first = await terminal.listen(listening(choices=("3", "2", "1")))
        return [first, await terminal.listen(listening())]

    assert asyncio.run(work()) == ["2", "2"]


def test_the_keyboard_is_read_after_the_prepared_lines_without_blocking_the_loop(
    keyboard: Keyboard,
) -> None:
    terminal = Terminal(["first"], interactive=True, write=lambda _: None, read=keyboard.read)

    async def work() -> list[str | None]:
        heard = [await terminal.listen(listening())]
        waiting = asyncio.create_task(terminal.listen(listening()))
        await asyncio.to_thread(keyboard.asked.wait)
        assert not waiting.done()
        keyboard.types("second\n")
        heard.append(await waiting)
        return heard

    assert asyncio.run(work()) == ["first", "second"]


def test_the_end_of_input_is_no_answer_from_then_on(keyboard: Keyboard) -> None:
    terminal = Terminal(interactive=True, write=lambda _: None, read=keyboard.read)

    async def work() -> list[str | None]:
        keyboard.types("")
        first = await terminal.listen(listening())
        return [first, await terminal.listen(listening())]

    assert asyncio.run(work()) == [None, None]


def test_an_empty_line_is_an_answer_and_not_the_end(keyboard: Keyboard) -> None:
    terminal = Terminal(interactive=True, write=lambda _: None, read=keyboard.read)
    keyboard.types("\n")
    assert asyncio.run(terminal.listen(listening())) == ""


def test_a_wait_ends_at_its_moment_and_a_line_typed_later_goes_to_the_next(
    keyboard: Keyboard,
) -> None:
    terminal = Terminal(interactive=True, write=lambda _: None, read=keyboard.read, now=lambda: 99)

    async def work() -> list[str | None]:
        heard = [await terminal.listen(listening(until=98))]
        keyboard.types("late\n")
        heard.append(await terminal.listen(listening()))
        return heard

    assert asyncio.run(work()) == [None, "late"]


def test_a_cancelled_wait_ends_at_once_and_loses_no_line(keyboard: Keyboard) -> None:
    terminal = Terminal(interactive=True, write=lambda _: None, read=keyboard.read)

    async def work() -> str | None:
        waiting = asyncio.create_task(terminal.listen(listening()))
        await asyncio.to_thread(keyboard.asked.wait)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        keyboard.types("kept\n")
        return await terminal.listen(listening())

    assert asyncio.run(work()) == "kept"


def test_standard_output_that_lacks_a_character_gets_another_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", newline="\n"))
    asyncio.run(Terminal(interactive=False).say(Message("r", "n", "¡Hola!")))
    assert raw.getvalue() == b"? ?Hola!\n"


PROGRAM = """
import asyncio, sys, time
from journeybuilder.connect.terminal import Terminal
from journeybuilder.contract.services import Listening, Message

async def main():
    terminal = Terminal(interactive=True)
    await terminal.say(Message("r", "n", "Hola ñ"))
    for _ in range(2):
        print(repr(await terminal.listen(Listening("r", "n"))), flush=True)
    print(await terminal.listen(Listening("r", "n", until=time.time() + 0.2)), flush=True)

asyncio.run(main())
"""


def test_a_program_ends_cleanly_while_its_terminal_still_waits_for_a_line() -> None:
    with subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdin.write("uno\ndos ñ\n".encode())
        program.stdin.flush()
        lines = program.stdout.read().decode().split("\n")
        assert program.wait(30) == 0
        assert program.stderr.read() == b""
    assert [line.strip() for line in lines] == ["● Hola ñ", "'uno'", "'dos ñ'", "None", ""]


def test_two_lanes_that_listen_at_once_get_a_line_each(keyboard: Keyboard) -> None:
    async def work() -> list[str | None]:
        terminal = Terminal(interactive=True, write=lambda _: None, read=keyboard.read)
        both = [asyncio.create_task(terminal.listen(listening())) for _ in "ab"]
        keyboard.types("first\n")
        keyboard.types("second\n")
        return list(await asyncio.gather(*both))

    assert asyncio.run(work()) == ["first", "second"]


def test_a_prompt_stands_before_what_is_typed_and_again_below_words_that_come_in_between(
    keyboard: Keyboard,
) -> None:
    shown: list[str] = []
    terminal = Terminal(
        ["first"], interactive=True, read=keyboard.read, prompt=shown.append,
        write=lambda line: shown.append(f"{line}\n"),
    )  # fmt: skip

    async def work() -> None:
        await terminal.listen(listening())
        waiting = asyncio.create_task(terminal.listen(listening()))
        await asyncio.to_thread(keyboard.asked.wait)
        await terminal.say(Message("r", "n", "By the way"))
        keyboard.types("second\n")
        await waiting
        await terminal.say(Message("r", "n", "Thanks"))

    asyncio.run(work())
    assert "".join(shown) == "❯ first\n❯ \n● By the way\n❯ ● Thanks\n"


def test_a_prompt_is_left_when_nobody_is_waited_for_any_more(keyboard: Keyboard) -> None:
    shown: list[str] = []
    terminal = Terminal(interactive=True, read=keyboard.read, prompt=shown.append, now=lambda: 99)
    assert asyncio.run(terminal.listen(listening(until=98))) is None
    assert shown == ["❯ ", "\n"]


def test_two_lanes_that_listen_at_once_share_a_prompt(keyboard: Keyboard) -> None:
    shown: list[str] = []

    async def work() -> None:
        terminal = Terminal(interactive=True, read=keyboard.read, prompt=shown.append)
        both = [asyncio.create_task(terminal.listen(listening())) for _ in "ab"]
        await asyncio.to_thread(keyboard.asked.wait)
        assert shown == ["❯ "]
        keyboard.types("first\n")
        keyboard.types("second\n")
        await asyncio.gather(*both)

    asyncio.run(work())
    assert shown == ["❯ ", "❯ "]
