import asyncio
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx

from journeybuilder.connect.mcp_pool import Pool
from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.variables import Variables
from tests.connect.pools import appears, bad, free_port, good, living, opened, pids, run, web


@pytest.mark.parametrize(
    ("tool", "value", "note"),
    [
        ("object", {"a": 1}, ""),
        ("json_text", {"a": [1, 2]}, ""),
        ("plain_text", "hello", ""),
        ("number_text", "42", ""),
        ("nothing", None, ""),
        ("several", ["one", "[2]"], ""),
        (
            "link",
            {"kind": "link", "uri": "a://b", "name": "b", "mime": "", "bytes": 7},
            "",
        ),
        (
            "promised_text",
            {"total": 3},
            "The tool gave its result as text; it fits the promised form.",
        ),
    ],
)
def test_every_form_of_an_answer_becomes_a_value(
    tmp_path: Path, tool: str, value: object, note: str
) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("answers", tmp_path)) as it:
            answer = await it.call(f"answers/{tool}")
            assert (answer.value, answer.note) == (value, note)

    run(work())


@pytest.mark.parametrize(
    ("tool", "code", "uncertain", "message"),
    [
        ("fails", "tool_failed", False, "'answers/fails' failed: no such order"),
        (
            "promised",
            "bad_result",
            True,
            (
                "'answers/promised' has run, but its result is not what it promises: "
                'total: "many" is not of type integer'
            ),
        ),
        (
            "broken",
            "bad_result",
            True,
            "'answers/broken' has run, but its answer breaks the protocol",
        ),
        (
            "bad_params",
            "bad_arguments",
            False,
            "the server of 'answers/bad_params' says: Unknown tool",
        ),
        ("internal", "tool_failed", True, "the server of 'answers/internal' says: Traceback"),
        (
            "elicit",
            "tool_failed",
            False,
            (
                "'answers/elicit' wants to ask a person or a model in the middle of the call, which is "
                "not supported; give it everything it needs as arguments"
            ),
        ),
        (
            "strict",
            "bad_arguments",
            False,
            "the arguments of 'answers/strict' do not fit: 'n' is missing",
        ),
        (
            "fail",
            "unreachable",
            False,
            "the tool 'fail' of server 'answers' is not there today. Did you mean 'fails'?",
        ),
    ],
)
def test_every_failure_of_a_call_has_its_code_and_words(
    tmp_path: Path, tool: str, code: str, uncertain: bool, message: str
) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("answers", tmp_path)) as it:
            error = await it.failure(f"answers/{tool}")
            assert (error.code, error.uncertain, error.message) == (code, uncertain, message)

    run(work())


def test_a_result_that_breaks_its_promise_is_kept_for_whoever_looks_into_it(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("answers", tmp_path)) as it:
            error = await it.failure("answers/promised")
            assert error.detail == {"ran": True, "result": {"total": "many"}}

    run(work())


def test_a_structured_answer_that_is_too_large_is_refused_and_not_falsified(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("answers", tmp_path)) as it:
            error = await it.failure("answers/wide")
            assert (error.code, error.uncertain, error.detail) == (
                "bad_result",
                True,
                {"ran": True},
            )
            assert error.message == (
                "'answers/wide' gave 2,006,010 characters of JSON; more than 1,000,000 are not kept"
            )

    run(work())


def test_names_that_lead_nowhere_are_told_with_the_nearest(tmp_path: Path) -> None:
    async def work() -> None:
        off = replace(bad("chatty", tmp_path), disabled=True)
        async with opened(tmp_path, bad("answers", tmp_path), off) as it:
            error = await it.failure("answer/plain_text")
            assert error.message == (
                "there is no server 'answer' in mcp.json. Did you mean 'answers'?"
            )
            error = await it.failure("chatty/echo")
            assert error.message == (
                "server 'chatty' is switched off; remove \"disabled\" in mcp.json"
            )
            error = await it.failure("plain_text")
            assert error.message == "'plain_text' names no tool; write server/tool"
            states = await it.pool.discover(["chatty", "nobody"])
            assert [state.state for state in states] == ["disabled", "failed"]
            assert states[1].hint == "Known are answers, chatty."
            assert pids(tmp_path) == []

    run(work())


def test_a_definition_is_none_where_the_server_has_no_such_tool(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("answers", tmp_path)) as it:
            known = await it.pool.definition("answers/strict")
            assert known is not None
            assert known.id == "answers/strict"
            assert await it.pool.definition("answers/nothing_like_it") is None

    run(work())


def test_calls_at_the_same_time_start_a_server_once(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("answers", tmp_path)) as it:
            answers = await asyncio.gather(*(it.call("answers/plain_text") for _ in range(20)))
            assert [answer.value for answer in answers] == ["hello"] * 20
            assert len(pids(tmp_path)) == 1

    run(work())


def test_one_server_that_hangs_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async def work() -> None:
        hanging = bad("hangs_at_start", tmp_path, timeout=30)
        async with opened(tmp_path, hanging, bad("answers", tmp_path)) as it:
            discovery = asyncio.create_task(it.pool.discover())
            await it.until(lambda state: state.name == "answers" and state.ok)
            assert (await it.call("answers/plain_text")).value == "hello"
        assert [state.state for state in await discovery] == ["stopped", "ready"]

    run(work())


def test_a_discovery_again_asks_again(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("answers", tmp_path)) as it:
            first, second = await it.discover(), await it.discover()
            assert first == second
            assert len(pids(tmp_path)) == 1

    run(work())


def test_nothing_blocks_the_loop_while_servers_start_work_and_fail(tmp_path: Path) -> None:
    async def work() -> None:
        specs = [bad("answers", tmp_path), bad("exits_at_once", tmp_path)]
        async with opened(tmp_path, *specs, web(tmp_path, free_port())) as it:
            errors = {state.name: state.error for state in await it.pool.discover()}
            ended = "it ended by itself with exit status 3"
            assert errors == {"answers": "", "exits_at_once": ended, "web": ""}
            await it.call("answers/plain_text")
            await it.call("web/add", {"a": 1, "b": 2})

    run(work())  # libraries import parts of themselves at their first use, in the loop
    with blockbuster_ctx("journeybuilder"):
        run(work())


def test_a_closed_pool_starts_nothing_any_more(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("answers", tmp_path)) as it:
            await it.pool.close()
            error = await it.failure("answers/plain_text")
            assert error.message == "the servers are being stopped"
            assert (await it.discover()).state == "stopped"
            assert pids(tmp_path) == []

    run(work())


def test_closing_during_a_call_ends_the_call(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, good(tmp_path)) as it:
            waiting = asyncio.create_task(it.failure("good/wait"))
            await appears(tmp_path / "waiting")
        error = await waiting
        assert (error.code, error.uncertain) == ("unreachable", True)

    run(work())


def test_a_listener_that_fails_harms_nobody(tmp_path: Path) -> None:
    def listener(_: object) -> None:
        raise ValueError("a fault of the window")

    async def work() -> None:
        pool = Pool(
            {"answers": bad("answers", tmp_path)},
            variables=Variables(tmp_path, Secrets({}, keyring=lambda: None)),
            log_dir=tmp_path,
            on_change=listener,
        )
        try:
            assert (await pool.discover())[0].ok
        finally:
            await pool.close()

    run(work())


def test_a_pool_lives_in_the_loop_of_another_thread(tmp_path: Path) -> None:
    values: list[object] = []

    async def work() -> None:
        async with opened(tmp_path, bad("answers", tmp_path)) as it:
            values.append((await it.call("answers/plain_text")).value)

    thread = threading.Thread(target=run, args=(work(),))
    thread.start()
    thread.join()
    assert values == ["hello"]


PROGRAM = """
import asyncio, sys
from pathlib import Path
from journeybuilder.connect.mcp_pool import Pool
from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.variables import Variables
from tests.connect.pools import bad

async def work(folder):
    specs = {"it": bad("ignores_the_end", folder)}
    pool = Pool(specs, variables=Variables(folder, Secrets()), log_dir=folder)
    await pool.discover()
    sys.stdout.write("started")
    sys.exit(5)

asyncio.run(work(Path(sys.argv[1])))
"""


def test_a_program_that_ends_without_closing_leaves_no_server_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (5, "started", "")
    assert len(pids(tmp_path)) == 1
    assert living(tmp_path) == []


@pytest.mark.parametrize("module", ["mcp_pool", "catalog", "variables", "secrets"])
def test_the_sdk_is_not_imported_before_a_server_is_used(module: str) -> None:
    program = (
        f"import sys; import journeybuilder.connect.{module}; "
        "sys.exit(any(name in sys.modules for name in ('mcp', 'mcp_types', 'httpx2', 'keyring')))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == 0


def test_a_secret_that_a_server_gives_back_is_blanked_out_of_its_answer(tmp_path: Path) -> None:
    async def work() -> None:
        spec = bad("environment", tmp_path, env={"SHOP_TOKEN": "${secret:SHOP_TOKEN}"})
        async with opened(tmp_path, spec, environ={"SHOP_TOKEN": "s3cr3t-value"}) as it:
            answer = await it.call("environment/echo")
            assert "SHOP_TOKEN" in str(answer.value)
            assert "s3cr3t-value" not in str(answer.value)

    run(work())
