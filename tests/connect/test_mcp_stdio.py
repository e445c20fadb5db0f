import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.connect.pools import appears, bad, becomes, good, lives, living, opened, pids, run

posix = pytest.mark.skipif(sys.platform == "win32", reason="process groups of POSIX")


def test_a_server_is_discovered_and_its_tools_answer(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, good(tmp_path)) as it:
            state = await it.discover()
            assert (state.state, state.transport) == ("ready", "stdio")
            assert state.version == "shop 7"
            assert [tool.name for tool in state.tools] == ["add", "learn", "wait", "ask"]
            assert state.tools[0].label == "Add"
            assert state.tools[0].annotations["readOnlyHint"] is True
            assert (await it.call("good/add", {"a": 1, "b": 2})).value == {"total": 3}
            assert [each.state for each in it.states] == ["connecting", "ready"]
        assert it.states[-1].state == "stopped"

    run(work())


def test_nothing_is_started_before_it_is_used(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("answers", tmp_path)) as it:
            assert it.states == []
            assert (await it.call("answers/plain_text")).value == "hello"
            assert len(pids(tmp_path)) == 1

    run(work())


def test_a_server_that_does_not_answer_is_given_up_and_ended(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("hangs_at_start", tmp_path, timeout=1.5)) as it:
            state = await it.discover()
            assert state.state == "failed"
            assert state.error == "it did not answer within 2s"
            assert "waiting for a database" in state.hint
            assert living(tmp_path) == []

    run(work())


def test_a_server_that_ends_at_once_is_quoted_without_its_secrets(tmp_path: Path) -> None:
    async def work() -> None:
        spec = bad("exits_at_once", tmp_path, env={"API_KEY": "${LICENSE}"})
        async with opened(tmp_path, spec, environ={"LICENSE": "very-secret-1"}) as it:
            state = await it.discover()
            assert state.error == "it ended by itself with exit status 3"
            assert state.hint == "The last it said:\n    no licence key, only •••"
            log = (tmp_path / "logs" / "exits_at_once.log").read_text(encoding="utf-8")
            assert log == "no licence key, only •••\n"

    run(work())


def test_a_program_that_is_no_server_is_told_by_what_it_prints(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("prints_garbage", tmp_path, timeout=1.5)) as it:
            state = await it.discover()
            assert state.state == "failed"
            assert "prints text to stdout (2 lines" in state.hint

    run(work())


def test_a_greeting_on_stdout_does_not_stop_a_server(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("chatty", tmp_path)) as it:
            assert (await it.call("chatty/echo")).value == "still here"
            log = (tmp_path / "logs" / "chatty.log").read_text(encoding="utf-8")
            assert log == "stdout: Welcome to my server!\n"

    run(work())


@pytest.mark.parametrize("command", ["no-such-command-at-all", "./no-such-file"])
def test_a_missing_command_is_named_with_the_path_that_was_searched(
    tmp_path: Path, command: str
) -> None:
    async def work() -> None:
        spec = replace(bad("answers", tmp_path), command=command)
        async with opened(tmp_path, spec) as it:
            state = await it.discover()
            assert state.error == f"the command '{command}' was not found"
            assert os.environ["PATH"] in state.hint

    run(work())


def test_a_server_of_too_old_a_protocol_is_told(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("too_old", tmp_path)) as it:
            state = await it.discover()
            assert (state.error, state.hint) == (
                "it speaks only MCP of 2024-01-01, which is too old", "Update the server."
            )  # fmt: skip

    run(work())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("answers", tmp_path, cwd="nowhere")) as it:
            state = await it.discover()
            assert state.error == f"the folder it shall run in does not exist: {tmp_path}/nowhere"

    run(work())


def test_an_unset_variable_is_named_before_anything_is_started(tmp_path: Path) -> None:
    async def work() -> None:
        spec = bad("answers", tmp_path, env={"KEY": "${NOT_SET_ANYWHERE}"})
        async with opened(tmp_path, spec) as it:
            state = await it.discover()
            assert state.error == (
                "the environment variable NOT_SET_ANYWHERE is not set "
                "(mcp.json, env KEY of server 'answers')"
            )
            assert "Set NOT_SET_ANYWHERE before the start" in state.hint
            assert pids(tmp_path) == []

    run(work())


def test_the_environment_is_clean_and_the_folder_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-for-servers")

    async def work() -> None:
        spec = bad("environment", tmp_path, env={"API_KEY": "${secret:SHOP_KEY}"})
        async with opened(tmp_path, spec, environ={"SHOP_KEY": "shop-key-1"}) as it:
            value = (await it.call("environment/echo")).value
            assert (
                value["env"]["API_KEY"] == "•••"
            )  # it got the secret, and its answer does not give it away
            assert value["env"]["PATH"] == os.environ["PATH"]
            assert "AWS_SECRET_ACCESS_KEY" not in value["env"]
            assert value["cwd"] == str(tmp_path)

    run(work())


def test_a_call_that_takes_too_long_is_uncertain_and_cancelled_at_the_server(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("hangs_in_call", tmp_path)) as it:
            await it.discover()
            error = await it.failure("hangs_in_call/sleep", timeout=0.2)
            assert (error.code, error.uncertain) == ("timeout", True)
            assert error.message == "'hangs_in_call/sleep' gave no answer within 200ms"
            await appears(tmp_path / "cancelled")
            assert (await it.call("hangs_in_call/echo")).value == "here"

    run(work())


def test_a_cancelled_call_is_cancelled_at_the_server_and_harms_no_other(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("hangs_in_call", tmp_path)) as it:
            task = asyncio.create_task(it.call("hangs_in_call/sleep"))
            await appears(tmp_path / "asked-sleep")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await appears(tmp_path / "cancelled")
            assert (await it.call("hangs_in_call/echo")).value == "here"

    run(work())


def test_the_sdks_server_hears_of_a_cancelled_call(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, good(tmp_path)) as it:
            task = asyncio.create_task(it.call("good/wait"))
            await appears(tmp_path / "waiting")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await appears(tmp_path / "cancelled")

    run(work())


def test_a_server_that_dies_in_a_call_leaves_it_uncertain_and_is_started_again(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("dies_in_call", tmp_path)) as it:
            first = (await it.call("dies_in_call/echo")).value
            error = await it.failure("dies_in_call/die")
            assert (error.code, error.uncertain) == ("unreachable", True)
            assert error.message == (
                "server 'dies_in_call' ended while 'dies_in_call/die' ran: "
                "it ended by itself with exit status 9"
            )
            assert error.detail == {"stderr": ["out of memory"]}
            second = (await it.call("dies_in_call/echo")).value
            assert first != second
            assert len(pids(tmp_path)) == 2

    run(work())


def test_a_dead_server_comes_back_without_being_called(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("dies_in_call", tmp_path)) as it:
            await it.failure("dies_in_call/die")
            await it.until(lambda state: state.state == "failed")
            del it.states[:]
            await it.until(lambda state: state.state == "ready")

    run(work())


def test_a_server_that_dies_while_nobody_calls_is_noticed(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("dies_in_call", tmp_path)) as it:
            await it.discover()
            os.kill(pids(tmp_path)[0], signal.SIGTERM)
            state = await it.until(lambda state: state.state == "failed")
            assert state.error.startswith("it ended by itself")

    run(work())


def test_a_server_that_cannot_be_started_again_is_left_alone_after_some_tries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journeybuilder.connect.mcp_life.FIRST_PAUSE", 0.01)

    async def work() -> None:
        async with opened(tmp_path, bad("dies_at_second_start", tmp_path)) as it:
            await it.failure("dies_at_second_start/die")
            await it.until(lambda _: sum(each.state == "failed" for each in it.states) == 4)
            await becomes(
                lambda: not any("mcp:" in each.get_name() for each in asyncio.all_tasks())
            )
            assert (tmp_path / "starts").read_text() == "xxx"
            # Who calls starts it once more, and hears why it does not work.
            error = await it.failure("dies_at_second_start/echo")
            assert (error.code, error.uncertain) == ("unreachable", False)
            assert "exit status 4" in error.message
            assert (tmp_path / "starts").read_text() == "xxxx"

    run(work())


@posix
def test_a_flood_ends_the_server_and_not_the_program(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("floods", tmp_path)) as it:
            await it.discover()
            first = pids(tmp_path)
            error = await it.failure("floods/echo")
            assert (error.code, error.uncertain) == ("unreachable", True)
            assert "more than 16 MiB" in error.message
            assert not lives(first[0])

    run(work())


def test_twelve_megabytes_in_one_line_arrive_and_are_cut(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("big", tmp_path)) as it:
            answer = await it.call("big/echo")
            assert 999_000 < len(answer.value) < 1_000_000
            assert answer.note == "The answer had 12,000,002 characters and was cut to 999,996."

    run(work())


@posix
def test_a_server_that_ignores_every_request_to_end_is_killed(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("ignores_the_end", tmp_path)) as it:
            await it.discover()
            assert len(living(tmp_path)) == 1

    run(work())


@posix
def test_the_children_of_a_server_end_with_it(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("leaves_a_grandchild", tmp_path)) as it:
            await it.discover()
            assert len(living(tmp_path, "grandchild")) == 1

    run(work())


@posix
def test_the_children_of_a_server_that_died_end_too(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("leaves_a_grandchild", tmp_path)) as it:
            await it.discover()
            grandchildren = pids(tmp_path, "grandchild")
            os.kill(pids(tmp_path, "pid")[0], signal.SIGKILL)
            await it.until(lambda state: state.state == "failed")
            assert not any(lives(pid) for pid in grandchildren)

    run(work())


@posix
def test_closing_while_servers_are_starting_leaves_none(tmp_path: Path) -> None:
    async def work() -> None:
        specs = [
            replace(bad("hangs_at_start", tmp_path), name=f"server{index}") for index in range(6)
        ]
        async with opened(tmp_path, *specs) as it:
            discovery = asyncio.create_task(it.pool.discover())
            await becomes(lambda: len(pids(tmp_path)) >= 4)
            assert len(pids(tmp_path)) == 4
        assert {state.state for state in await discovery} == {"stopped"}

    run(work())


@posix
def test_a_loop_that_is_broken_off_leaves_no_process(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("ignores_the_end", tmp_path)) as it:
            await it.discover()
            task = next(
                each for each in asyncio.all_tasks() if each.get_name() == "mcp:ignores_the_end"
            )
            task.cancel()
            await asyncio.wait((task,), timeout=1)
            task.cancel()
            await asyncio.wait((task,))
            assert living(tmp_path) == []

    run(work())


def test_bad_tools_are_left_out_with_the_reason_and_good_ones_stay(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("invalid_tools", tmp_path)) as it:
            state = await it.discover()
            assert [tool.name for tool in state.tools] == ["echo", "same"]
            assert (state.tools[0].title, state.tools[0].description) == ("Echo", "Gives back.")
            assert dict(state.rejected) == {
                "no_schema": "its inputSchema is missing or is not the schema of an object",
                "empty_schema": "its inputSchema is missing or is not the schema of an object",
                "array": "its inputSchema is missing or is not the schema of an object",
                "odd_output": "its outputSchema is not the schema of an object",
                "hidden": "its name holds characters that cannot be seen",
                "long" * 32: "its name is longer than 128 characters",
                "task": "it can only be run as an MCP task, which is not supported",
                "huge": "its definition has 293 KiB; more than 256 are refused",
                "(without a name)": "its definition is no object",
                "twice": "the server gives two different tools of this name",
            }
            assert (await it.call("invalid_tools/echo")).value == "ok"
            error = await it.failure("invalid_tools/task")
            assert error.message == (
                "the tool 'task' of server 'invalid_tools' cannot be used: "
                "it can only be run as an MCP task, which is not supported."
            )

    run(work())


def test_a_list_of_several_pages_is_read_to_its_end(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("pages", tmp_path)) as it:
            state = await it.discover()
            assert [tool.name for tool in state.tools] == [f"tool{index}" for index in range(5)]

    run(work())


def test_a_list_that_never_ends_is_left(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("endless_pages", tmp_path)) as it:
            state = await it.discover()
            assert [tool.name for tool in state.tools] == ["echo"]
            reason = "the pages of the server's tool list never end"
            assert list(state.rejected) == [("(the rest)", reason)]

    run(work())


@pytest.mark.parametrize("kind", ["changes_tools", "good"])
def test_a_changed_list_is_noticed_and_told(tmp_path: Path, kind: str) -> None:
    async def work() -> None:
        spec = good(tmp_path) if kind == "good" else bad(kind, tmp_path)
        new = "learned" if kind == "good" else "new"
        async with opened(tmp_path, spec) as it:
            await it.discover()
            assert await it.pool.definition(f"{kind}/{new}") is None
            await it.call(f"{kind}/{'learn' if kind == 'good' else 'grow'}")
            await it.until(lambda state: new in [tool.name for tool in state.tools])
            definition = await it.pool.definition(f"{kind}/{new}")
            assert definition is not None
            assert definition.name == new

    run(work())


def test_the_log_of_a_server_is_bounded(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("noisy", tmp_path)) as it:
            for _ in range(3):
                await it.call("noisy/echo")
        log = tmp_path / "logs" / "noisy.log"
        assert 0 < log.stat().st_size <= 1_000_000

    run(work())
