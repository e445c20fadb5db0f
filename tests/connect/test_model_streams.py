"""Live text, cancelling, time-outs and what goes wrong on the wire."""

import asyncio
import gc
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from journeybuilder.connect.model_patience import Patience, watch_workers
from journeybuilder.connect.scripted import Scripted
from journeybuilder.connect.slow_import import CalledOff, SlowImport
from journeybuilder.contract.services import ModelAnswer
from journeybuilder.errors import StepError
from tests.connect.asking import GET_ORDER, KEY, ORDER, ask, ask_all, entry, models, question
from tests.fakes_openai import FakeOpenAI

pytestmark = [
    pytest.mark.xdist_group("litellm"),
    pytest.mark.timeout(120),
    pytest.mark.usefixtures("library"),
]
T = TypeVar("T")


def test_live_text_grows_and_the_answer_is_counted_and_priced(fake: FakeOpenAI) -> None:
    fake.streams("It is ", "on its ", "way.")
    shown: list[str] = []
    answer = ask(models({"fast": entry(fake)}), question(on_text=shown.append))
    assert shown == ["It is ", "It is on its ", "It is on its way."]
    assert answer == ModelAnswer(
        text="It is on its way.",
        model="openai/gpt-5-mini",
        alias="fast",
        tokens_in=1000,
        tokens_out=500,
        cost_usd=pytest.approx(0.00125),  # pyright: ignore[reportArgumentType]
    )
    assert fake.requests[0]["stream"] is True


def test_a_stream_without_tokens_is_counted_by_estimate_and_says_so(fake: FakeOpenAI) -> None:
    fake.streams("It is on its way.", usage=False)
    answer = ask(models({"fast": entry(fake)}), question(on_text=lambda _: None))
    assert 0 < answer.tokens_out < 20
    assert answer.note == "the provider told no tokens; they are an estimate"


@pytest.mark.parametrize("words", [("It is ", "on"), ()])
def test_half_a_stream_is_no_answer_and_what_was_shown_is_taken_back(
    fake: FakeOpenAI, words: tuple[str, ...]
) -> None:
    fake.streams(*words, finish="")
    fake.streams("Tomorrow.")
    shown: list[str] = []
    user = models({"fast": entry(fake, fallbacks=["local"]), "local": entry(fake, "gpt-5-nano")})
    answer = ask(user, question(on_text=shown.append))
    assert shown == (["It is ", "It is on", "", "Tomorrow."] if words else ["Tomorrow."])
    assert (answer.text, answer.alias) == ("Tomorrow.", "local")
    assert answer.note == "the answer of model 'fast' broke off in the middle"
    if words:
        assert answer.tokens_out > 500  # what was said before it broke off is paid for


def test_half_a_stream_without_a_fallback_is_an_error(fake: FakeOpenAI) -> None:
    fake.streams("It is ", finish="")
    shown: list[str] = []
    with pytest.raises(StepError, match="broke off in the middle; name a stand-in"):
        ask(models({"fast": entry(fake)}), question(on_text=shown.append))
    assert shown == ["It is ", ""]


def test_a_server_that_does_not_stream_is_asked_without(fake: FakeOpenAI) -> None:
    fake.fails(400, "stream is not supported")
    fake.says("All at once.")
    shown: list[str] = []
    answer = ask(models({"fast": entry(fake)}), question(on_text=shown.append))
    assert (answer.text, shown) == ("All at once.", [])
    assert "stream" not in fake.requests[1]


def test_a_value_is_not_shown_while_it_is_made(fake: FakeOpenAI) -> None:
    fake.says('{"id": "O-1", "total": 1}')
    shown: list[str] = []
    ask(models({"fast": entry(fake)}), question(schema=ORDER, on_text=shown.append))
    assert shown == []


def test_parallel_tool_calls_come_through_a_stream(fake: FakeOpenAI) -> None:
    fake.streams(
        "One moment.",
        finish="tool_calls",
        calls=[(GET_ORDER.name, '{"order_id": "O-1"}'), (GET_ORDER.name, '{"order_id": "O-2"}')],
    )
    shown: list[str] = []
    answer = ask(models({"fast": entry(fake)}), question(tools=[GET_ORDER], on_text=shown.append))
    assert [call.arguments["order_id"] for call in answer.tool_calls] == ["O-1", "O-2"]
    assert [call.id for call in answer.tool_calls] == ["c0", "c1"]
    assert (answer.text, shown) == ("One moment.", ["One moment."])


def test_calls_with_the_same_id_or_none_get_each_its_own(fake: FakeOpenAI) -> None:
    fake.calls(*[(GET_ORDER.name, "")] * 4, ids=["x", "x", "", "call_1"])
    answer = ask(models({"fast": entry(fake)}), question(tools=[GET_ORDER]))
    assert len({call.id for call in answer.tool_calls}) == 4
    assert all(call.arguments == {} for call in answer.tool_calls)


def test_the_stand_in_shows_its_text_too() -> None:
    shown: list[str] = []
    user = models(
        {"fast": {"model": "scripted"}}, Scripted({"fast": [{"says": "At your service"}]})
    )
    ask(user, question(on_text=shown.append))
    assert shown == ["At your service"]


@pytest.mark.parametrize(
    ("streamed", "message"), [(False, "refused the request"), (True, "refused the answer")]
)
def test_a_content_filter_is_said_as_such(fake: FakeOpenAI, streamed: bool, message: str) -> None:
    if streamed:
        fake.streams("How to ", finish="content_filter")
    else:
        fake.fails(400, f"filtered, {KEY}", code="content_filter")
    shown: list[str] = []
    with pytest.raises(StepError) as caught:
        ask(models({"fast": entry(fake)}), question(on_text=shown.append if streamed else None))
    assert f"the content filter of model 'fast' {message}: word the prompt" in caught.value.message
    assert shown == (["How to ", ""] if streamed else [])


@pytest.mark.parametrize("data", [b"<html>proxy</html>", b'{"id": "x", "choi'])
def test_what_is_no_answer_of_a_model_is_said_so(fake: FakeOpenAI, data: bytes) -> None:
    fake.sends(data)
    with pytest.raises(StepError) as caught:
        ask(models({"fast": entry(fake)}), question())
    assert caught.value.message.startswith(
        "what came back for model 'fast' is no answer of a model: check 'api_base'"
    )


def test_a_connection_that_ends_before_the_answer_is_said_so(fake: FakeOpenAI) -> None:
    fake.breaks_off()
    with pytest.raises(StepError, match="the answer of model 'fast' broke off"):
        ask(models({"fast": entry(fake)}), question())


def test_two_empty_answers_are_no_answer(fake: FakeOpenAI) -> None:
    fake.says("")
    fake.says("  ")
    with pytest.raises(StepError, match="model 'fast' gave no usable answer: it is empty"):
        ask(models({"fast": entry(fake)}), question())


def test_an_answer_that_was_cut_says_so(fake: FakeOpenAI) -> None:
    fake.says("It is on", finish="length")
    answer = ask(models({"fast": entry(fake)}), question())
    assert answer.note == "it was cut at 'max_tokens' of models.yaml"


def test_a_cancelled_question_closes_its_connection(fake: FakeOpenAI) -> None:
    fake.hangs("gpt-5-mini")
    user = models({"fast": entry(fake)})

    async def work() -> bool:
        task = asyncio.create_task(user.ask(question()))
        await asyncio.to_thread(fake.asked.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        gone = await asyncio.to_thread(fake.given_up.wait, 30)
        await user.close()
        return gone

    assert asyncio.run(work())


def test_a_question_given_up_for_its_time_closes_its_connection(fake: FakeOpenAI) -> None:
    fake.hangs("gpt-5-mini")
    (error,) = ask_all(models({"fast": entry(fake)}), question(timeout=0.2))
    assert isinstance(error, StepError)
    assert error.code == "timeout"
    assert fake.given_up.wait(30)


def test_questions_cancelled_at_any_moment_leave_nothing_unawaited(fake: FakeOpenAI) -> None:
    user = models({"fast": entry(fake)})

    async def work() -> None:
        for turns in range(40):
            task = asyncio.create_task(user.ask(question()))
            for _ in range(turns):
                await asyncio.sleep(0.0005)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await user.close()

    asyncio.run(work())
    gc.collect()  # a coroutine that nobody awaited would warn here, and a warning is an error


class Computes:
    """Work as LiteLLM does it: computes in a worker thread, then on the loop, then waits."""

    def __init__(self) -> None:
        self.made: list[str] = []

    async def slow(self) -> str:
        loop = asyncio.get_running_loop()
        made = await loop.run_in_executor(None, self._prepare)
        time.sleep(0.4)  # noqa: ASYNC251 - the library that blocks the loop is what this is about
        return await made

    def _prepare(self) -> Coroutine[Any, Any, str]:
        time.sleep(0.4)

        async def send() -> str:
            self.made.append("sent")
            return "answer"

        return send()


def with_workers(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    async def main() -> T:
        watch_workers(asyncio.get_running_loop())
        return await work()

    return asyncio.run(main())


def test_only_waiting_counts_against_a_models_time() -> None:
    assert with_workers(lambda: Patience().within(0.25, Computes().slow())) == "answer"


def test_work_that_waits_for_too_long_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        with_workers(lambda: Patience().within(0.05, asyncio.sleep(3600)))


def test_work_given_up_while_it_computes_is_ended_where_nothing_is_lost() -> None:
    computes = Computes()

    async def work() -> None:
        patience = Patience()
        task = asyncio.create_task(patience.within(60, computes.slow()))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await patience.settled(30)

    with_workers(work)
    gc.collect()
    assert computes.made in ([], ["sent"])


def test_a_slow_import_can_be_called_off_and_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "slow_thing"
    package.mkdir()
    (package / "__init__.py").write_text(
        "import sys\nstate = sys.modules['the_test']\nstate.begun.set()\nstate.go.wait(30)\n"
        "from slow_thing import part\n"
    )
    (package / "part.py").write_text("value = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    class State:
        begun, go = threading.Event(), threading.Event()

    monkeypatch.setitem(sys.modules, "the_test", State)
    slow, ended = SlowImport("slow_thing"), list[str]()

    def work() -> None:
        try:
            with slow:
                __import__("slow_thing")
            ended.append("imported")
        except CalledOff:
            ended.append("called off")

    for expected in ("called off", "imported"):
        State.begun.clear()
        thread = threading.Thread(target=work)
        thread.start()
        State.begun.wait(30)
        if expected == "called off":
            slow.call_off()
        State.go.set()
        thread.join()
        assert ended[-1] == expected
        assert ("slow_thing" in sys.modules) == (expected == "imported")
    for name in ("slow_thing", "slow_thing.part"):
        sys.modules.pop(name)


def test_warming_up_needs_no_library_where_every_model_is_the_stand_in() -> None:
    user = models({"fast": {"model": "scripted"}})
    user.warm()
    assert not user._holds_loop


def test_a_user_that_warmed_up_and_asks_nothing_leaves_at_once(fake: FakeOpenAI) -> None:
    user = models({"fast": entry(fake)})

    async def work() -> None:
        user.warm()
        await user.close()

    asyncio.run(work())
    assert fake.requests == []
