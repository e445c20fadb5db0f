"""Models asked in a process of its own, with real HTTP on its other end."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from journeybuilder.connect.model_budgets import Spending, budget_of
from journeybuilder.connect.model_process import ApartModels, ModelProcess
from journeybuilder.contract.services import ModelAnswer
from journeybuilder.errors import StepError
from tests.connect.asking import GET_ORDER, KEY, ORDER, entry, models, question, resolve
from tests.connect.pools import becomes, lives
from tests.fakes_openai import FakeOpenAI

pytestmark = [pytest.mark.xdist_group("litellm"), pytest.mark.timeout(120)]
T = TypeVar("T")
PRICE = {"input_per_million": 2.0, "output_per_million": 10}


def blank(value: Any) -> Any:
    """A JSON value without the key."""
    if isinstance(value, str):
        return value.replace(KEY, "•••")
    if isinstance(value, dict):
        return {name: blank(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return [blank(each) for each in value] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]


def apart(
    process: ModelProcess, entries: dict[str, dict[str, Any]], spending: Path | None = None
) -> ApartModels:
    return ApartModels(
        process, entries, resolve=resolve, here=models(entries), spending=spending, redact=blank
    )


def with_process(work: Callable[[ModelProcess], Awaitable[T]], *command: str) -> T:
    """The result of work with a process, which has ended afterwards."""

    async def whole() -> T:
        process = ModelProcess(list(command) or None)
        try:
            return await work(process)
        finally:
            await process.close()
            assert process.pid is None

    return asyncio.run(whole())


def test_text_schemas_tools_costs_and_live_text_come_through(fake: FakeOpenAI) -> None:
    fake.says("It is on its way.")
    fake.says('{"id": "O-1001", "total": 12.5}')
    fake.calls(("orders__get_order", '{"order_id": "O-1001"}'))
    fake.streams("It is ", "on its ", "way.")
    shown: list[str] = []

    async def work(process: ModelProcess) -> list[ModelAnswer]:
        user = apart(process, {"fast": entry(fake, price=PRICE)})
        return [
            await user.ask(question()),
            await user.ask(question(schema=ORDER)),
            await user.ask(question(tools=[GET_ORDER])),
            await user.ask(question(on_text=shown.append)),
        ]

    text, value, tool, live = with_process(work)
    assert (text.text, text.model, text.alias) == ("It is on its way.", "openai/gpt-5-mini", "fast")
    assert (text.tokens_in, text.tokens_out) == (1000, 500)
    assert text.cost_usd == pytest.approx(0.007)
    assert value.value == {"id": "O-1001", "total": 12.5}
    (call,) = tool.tool_calls
    assert (call.name, call.arguments) == (GET_ORDER.name, {"order_id": "O-1001"})
    assert live.text == shown[-1] == "It is on its way."
    assert shown[0] == "It is "
    assert fake.keys == [KEY] * 4
    assert "litellm" not in sys.modules or os.environ.get("PYTEST_XDIST_WORKER")


def test_a_secret_is_asked_for_when_needed_and_blanked_out_of_all_that_comes_back(
    fake: FakeOpenAI, tmp_path: Path
) -> None:
    fake.streams("Your key is ", KEY)
    shown: list[str] = []
    seen = Path("/proc/self/cmdline").exists()
    known: list[bytes] = []

    async def work(process: ModelProcess) -> ModelAnswer:
        answer = await apart(process, {"fast": entry(fake)}).ask(question(on_text=shown.append))
        if seen:
            place = Path(f"/proc/{process.pid}")
            known.extend((place / name).read_bytes() for name in ("cmdline", "environ"))
        return answer

    answer = with_process(work)
    assert answer.text == shown[-1] == "Your key is •••"
    assert fake.keys == [KEY]
    assert not any(KEY.encode() in part for part in known)


def test_a_secret_that_is_missing_is_told_as_in_our_own_process(fake: FakeOpenAI) -> None:
    async def work(process: ModelProcess) -> None:
        await apart(process, {"fast": entry(fake, api_key="${secret:OTHER}")}).ask(question())

    with pytest.raises(StepError, match="model 'fast' is not set up: the secret 'OTHER'"):
        with_process(work)
    assert fake.requests == []


def test_a_provider_that_fails_and_an_alias_that_is_unknown_are_told(fake: FakeOpenAI) -> None:
    fake.fails(401, f"wrong key {KEY}")

    async def work(process: ModelProcess) -> list[StepError]:
        user = apart(process, {"fast": entry(fake)})
        out: list[StepError] = []
        for alias in ("fast", "fats"):
            with pytest.raises(StepError) as caught:
                await user.ask(question(alias))
            out.append(caught.value)
        return out

    refused, unknown = with_process(work)
    assert unknown.message == "models.yaml has no model 'fats'. Did you mean 'fast'?"
    assert refused.code == "model_failed"
    assert "the provider refused the key of model 'fast' (HTTP 401)" in refused.message
    assert refused.detail["tried"][0]["status"] == 401
    assert KEY not in str(refused.detail) + refused.message


def test_a_model_that_is_too_slow_is_given_up_in_the_other_process(fake: FakeOpenAI) -> None:
    fake.hangs("gpt-5-mini")

    async def work(process: ModelProcess) -> None:
        await apart(process, {"fast": entry(fake)}).ask(question(timeout=0.2))

    with pytest.raises(StepError) as caught:
        with_process(work)
    assert caught.value.code == "timeout"


def test_calling_off_reaches_the_provider_and_the_process_lives_on(fake: FakeOpenAI) -> None:
    fake.hangs("gpt-5-mini")
    fake.says("Here I am.")

    async def work(process: ModelProcess) -> tuple[str, bool]:
        user = apart(process, {"fast": entry(fake), "other": entry(fake, "gpt-5-nano")})
        asking = asyncio.create_task(user.ask(question()))
        await asyncio.to_thread(fake.asked.wait, 60)
        before = process.pid
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await asyncio.to_thread(fake.given_up.wait, 60)
        answer = await user.ask(question("other"))
        return answer.text, process.pid == before

    assert with_process(work) == ("Here I am.", True)


def test_a_process_that_dies_fails_its_question_and_starts_again(fake: FakeOpenAI) -> None:
    fake.hangs("gpt-5-mini")
    fake.says("Here I am again.")

    async def work(process: ModelProcess) -> tuple[StepError, ModelAnswer]:
        user = apart(process, {"fast": entry(fake), "other": entry(fake, "gpt-5-nano")})
        asking = asyncio.create_task(user.ask(question()))
        await asyncio.to_thread(fake.asked.wait, 60)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        with pytest.raises(StepError) as caught:
            await asking
        return caught.value, await user.ask(question("other"))

    failed, answer = with_process(work)
    assert failed.code == "model_failed"
    assert "has ended in the middle" in failed.message
    assert answer.text == "Here I am again."


def test_a_process_that_never_gets_going_fails_every_question_and_says_so(fake: FakeOpenAI) -> None:
    async def work(process: ModelProcess) -> None:
        user = apart(process, {"fast": entry(fake)})
        for _ in range(2):
            with pytest.raises(StepError, match="has ended in the middle"):
                await user.ask(question())

    with_process(work, sys.executable, "-c", "raise SystemExit(3)")


def test_a_program_that_is_not_there_is_a_failed_question(fake: FakeOpenAI) -> None:
    async def work(process: ModelProcess) -> None:
        await apart(process, {"fast": entry(fake)}).ask(question())

    with pytest.raises(StepError, match="does not start"):
        with_process(work, "/nowhere/python")


def test_words_that_are_no_answer_end_the_process_and_fail_the_question(fake: FakeOpenAI) -> None:
    async def work(process: ModelProcess) -> None:
        await apart(process, {"fast": entry(fake)}).ask(question())

    with pytest.raises(StepError, match="has ended in the middle"):
        with_process(work, sys.executable, "-c", "input(); print('hello', flush=True); input()")


def test_a_budget_is_kept_in_the_same_file(fake: FakeOpenAI, tmp_path: Path) -> None:
    file = tmp_path / "spending.db"
    costly = entry(fake, price=PRICE, budget={"usd": 0.007, "per": "day"})
    budget = budget_of(costly)
    assert budget is not None

    async def work(process: ModelProcess) -> None:
        user = apart(process, {"fast": costly}, file)
        await user.ask(question())
        await user.ask(question())

    with pytest.raises(StepError, match="the budget of model 'fast' is spent"):
        with_process(work)
    assert Spending(file).spent("fast", budget) == pytest.approx(0.007)


def test_a_scripted_model_needs_no_process() -> None:
    async def work(process: ModelProcess) -> int | None:
        answer = await apart(process, {"fast": {"model": "scripted"}}).ask(question())
        assert answer.scripted
        return process.pid

    assert with_process(work) is None


def test_many_questions_are_asked_at_once_and_keep_apart(fake: FakeOpenAI) -> None:
    async def work(process: ModelProcess) -> list[ModelAnswer]:
        user = apart(process, {"fast": entry(fake)})
        return list(await asyncio.gather(*(user.ask(question()) for _ in range(10))))

    assert [each.text for each in with_process(work)] == ["hello"] * 10


HOLD = """
import asyncio
from journeybuilder.connect.model_process import ModelProcess

async def work():
    process = ModelProcess()
    await process._started()
    print(process.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(work())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="looks processes up as POSIX does")
def test_it_ends_with_a_program_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        program.kill()
        program.stdout.read()

    asyncio.run(becomes(lambda: not lives(pid)))
