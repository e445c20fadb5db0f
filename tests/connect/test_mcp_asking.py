"""Questions of servers in the middle of a call, in both ways of the protocol, over every transport."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.contract.services import Elicit, Elicitation, ToolAnswer, ToolCall
from journeybuilder.errors import StepError
from tests.connect.pools import Opened, appears, bad, library, opened, run
from tests.connect.servers.library import FORM

WAYS = [
    ("stdio", "2026"),
    ("stdio", "2025"),
    ("http", "2026"),
    ("http", "2025"),
    ("sse", "2025"),
]
every_way = pytest.mark.parametrize(("way", "era"), WAYS)


async def call(
    it: Opened, tool: str, elicit: Elicit | None = None, timeout: float = 30.0
) -> ToolAnswer:
    return await it.pool.call(ToolCall("r1", "n1", f"library/{tool}", {}, timeout, "k1", elicit))


class Somebody:
    """Answers questions, in order."""

    def __init__(self, *answers: Mapping[str, Any] | None) -> None:
        self.heard: list[Elicitation] = []
        self._answers = list(answers)

    async def __call__(self, question: Elicitation) -> Mapping[str, Any] | None:
        self.heard.append(question)
        return self._answers.pop(0)


@every_way
def test_an_answer_reaches_the_server(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            somebody = Somebody({"sure": True, "why": "Because"})
            answer = await call(it, "ask", somebody)
            assert answer.value == {"action": "accept", "content": {"sure": True, "why": "Because"}}
            assert somebody.heard == [Elicitation("library", "Really?", FORM)]

    run(work())


@every_way
def test_without_anybody_the_answer_is_no(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            assert (await call(it, "ask")).value == {"action": "decline", "content": None}
            somebody = Somebody(None)
            assert (await call(it, "ask", somebody)).value["action"] == "decline"

    run(work())


@every_way
def test_an_answer_that_does_not_fit_is_not_sent(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            with pytest.raises(StepError) as caught:
                await call(it, "ask", Somebody({"sure": "perhaps"}))
            assert (caught.value.code, caught.value.message) == (
                "bad_arguments",
                (
                    "the answer to a question of server 'library' does not fit: "
                    'sure: "perhaps" is not of type boolean'
                ),
            )
            assert (await call(it, "ask", Somebody({"sure": True}))).value["action"] == "accept"

    run(work())


@every_way
def test_what_the_person_raises_ends_the_call_and_harms_no_other(
    tmp_path: Path, way: str, era: str
) -> None:
    async def gone(_: Elicitation) -> Mapping[str, Any] | None:
        raise StepError("unreachable", "nobody is at the desk")

    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            with pytest.raises(StepError, match="nobody is at the desk"):
                await call(it, "ask", gone)
            assert (await call(it, "ask", Somebody({"sure": True}))).value["action"] == "accept"
            assert len([state for state in it.states if state.state == "ready"]) == 1

    run(work())


@every_way
def test_time_spent_on_an_answer_does_not_count(tmp_path: Path, way: str, era: str) -> None:
    """The answer comes only after much more time than the call has."""

    async def slow(_: Elicitation) -> Mapping[str, Any] | None:
        await asyncio.sleep(1.2)
        return {"sure": True}

    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            await it.discover()
            assert (await call(it, "ask", slow, timeout=0.8)).value["action"] == "accept"

    run(work())


@every_way
def test_a_page_is_handed_on_and_never_opened(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            somebody = Somebody({})
            assert (await call(it, "ask_page", somebody)).value == "accept"
            page = "https://pay.example/approve?id=7"
            assert somebody.heard == [Elicitation("library", "Approve it there", url=page)]
            assert (await call(it, "ask_page")).value == "decline"

    run(work())


@pytest.mark.parametrize(("way", "era"), [("stdio", "2025"), ("http", "2026")])
def test_a_cancelled_call_takes_its_question_back(tmp_path: Path, way: str, era: str) -> None:
    asked, taken_back = asyncio.Event(), asyncio.Event()

    async def waits(_: Elicitation) -> Mapping[str, Any] | None:
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            taken_back.set()
        return None

    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            task = asyncio.create_task(call(it, "ask", waits))
            await asked.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await taken_back.wait()
            assert (await call(it, "ask", Somebody({"sure": True}))).value["action"] == "accept"

    run(work())


@pytest.mark.parametrize("era", ["2025", "2026"])
def test_questions_of_calls_at_the_same_time_reach_their_own_caller(
    tmp_path: Path, era: str
) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, "http", era)) as it:
            people = [Somebody({"sure": True, "why": str(number)}) for number in range(5)]
            answers = await asyncio.gather(*(call(it, "ask", each) for each in people))
            whys = [answer.value["content"]["why"] for answer in answers]
            assert whys == ["0", "1", "2", "3", "4"]

    run(work())


def test_over_an_old_pipe_nobody_is_asked_what_may_be_the_question_of_another(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, "stdio", "2025")) as it:
            people = [Somebody({"sure": True}) for _ in range(2)]
            waits = asyncio.create_task(call(it, "wait"))
            await appears(tmp_path / "waiting")
            answers = await asyncio.gather(*(call(it, "ask", each) for each in people))
            assert [answer.value["action"] for answer in answers] == ["decline", "decline"]
            waits.cancel()
            await asyncio.gather(waits, return_exceptions=True)

    run(work())


@pytest.mark.parametrize("era", ["2025", "2026"])
def test_a_server_that_never_stops_asking_is_given_up(tmp_path: Path, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, "stdio", era)) as it:
            somebody = Somebody(*({"sure": True} for _ in range(500)))
            with pytest.raises(StepError) as caught:
                await call(it, "ask_twice", somebody, timeout=20)
            assert (caught.value.code, caught.value.uncertain) == ("tool_failed", True)
            assert caught.value.message == (
                "server 'library' asks again and again, more than 10 times in one call"
            )

    run(work())


@pytest.mark.parametrize("era", ["2025", "2026"])
def test_a_model_of_ours_is_never_lent(tmp_path: Path, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, "stdio", era)) as it:
            if era == "2025":
                assert (await call(it, "wants_model")).value.startswith("refused: ")
                return
            with pytest.raises(StepError) as caught:
                await call(it, "wants_model")
            assert "wants to use a model of ours" in caught.value.message

    run(work())


@every_way
def test_what_is_declared_is_the_same_for_discovery_and_for_calls(
    tmp_path: Path, way: str, era: str
) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            await it.discover()
            with_somebody = (await call(it, "capabilities", Somebody())).value
            assert with_somebody == (await call(it, "capabilities")).value
            assert with_somebody == {"elicitation": {"form": {}, "url": {}}}

    run(work())


def test_a_server_of_2025_that_demands_a_visit_first_is_called_again_after_it(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("wants_a_visit", tmp_path)) as it:
            somebody = Somebody({})
            asked = ToolCall("r", "n", "wants_a_visit/echo", {}, 20, "k", somebody)
            assert (await it.pool.call(asked)).value == "visited"
            assert [question.url for question in somebody.heard] == ["https://login.example/"]
            error = await it.failure("wants_a_visit/echo")
            assert "wants to ask a person" in error.message

    run(work())


def test_an_address_that_is_no_web_page_is_not_handed_on(tmp_path: Path) -> None:
    async def work() -> None:
        spec = bad("wants_a_visit", tmp_path, env={"PAGE": "file:///etc/passwd"})
        async with opened(tmp_path, spec) as it:
            somebody = Somebody({})
            asked = ToolCall("r", "n", "wants_a_visit/echo", {}, 20, "k", somebody)
            with pytest.raises(StepError, match="wants to ask a person"):
                await it.pool.call(asked)
            assert somebody.heard == []

    run(work())
