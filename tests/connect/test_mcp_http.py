import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from typing_extensions import override

from journeybuilder.connect.mcp_http import SoftTransport
from journeybuilder.document.servers import ServerSpec
from tests.connect.pools import appears, free_port, living, opened, pids, run
from tests.connect.pools import web as started
from tests.connect.web import JSON, Web, plain, result, serving, text


def at(web: Web, **more: object) -> ServerSpec:
    return ServerSpec("web", "http", url=web.url, **more)  # pyright: ignore[reportArgumentType]


def test_a_server_of_ours_is_started_used_and_ended(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, started(tmp_path, free_port())) as it:
            state = await it.discover()
            assert (state.state, state.transport) == ("ready", "http")
            assert [tool.name for tool in state.tools] == ["add", "learn", "wait", "ask"]
            assert (await it.call("web/add", {"a": 1, "b": 2})).value == {"total": 3}
            assert len(living(tmp_path)) == 1

    run(work())


def test_a_changed_list_is_told_over_http(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, started(tmp_path, free_port())) as it:
            await it.call("web/learn")
            await it.until(lambda state: "learned" in [tool.name for tool in state.tools])

    run(work())


def test_a_cancelled_call_is_cancelled_at_the_server_over_http(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, started(tmp_path, free_port())) as it:
            task = asyncio.create_task(it.call("web/wait"))
            await appears(tmp_path / "waiting")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await appears(tmp_path / "cancelled")
            assert (await it.call("web/add", {"a": 1, "b": 2})).value == {"total": 3}

    run(work())


def test_a_started_server_that_dies_is_started_again(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, started(tmp_path, free_port())) as it:
            await it.discover()
            os.kill(pids(tmp_path)[0], signal.SIGTERM)
            await it.until(lambda state: state.state == "failed")
            assert (await it.call("web/add", {"a": 1, "b": 2})).value == {"total": 3}
            assert len(pids(tmp_path)) == 2

    run(work())


def test_a_server_that_runs_already_is_used_and_left_running(tmp_path: Path) -> None:
    async def work(web: Web) -> None:
        spec = at(web, start=("no-such-command",))
        async with opened(tmp_path, spec) as it:
            assert (await it.discover()).ok
        async with opened(tmp_path, spec) as it:
            assert (await it.call("web/echo")).value == "hello"

    with serving() as web:
        run(work(web))


def test_a_port_that_somebody_else_has_is_told(tmp_path: Path) -> None:
    async def work(web: Web) -> None:
        async with opened(tmp_path, at(web, start=("no-such-command",))) as it:
            state = await it.discover()
            assert state.error == (
                f"the port of {web.url} is taken by a program that does not speak MCP "
                f"(there is no MCP server at {web.url} (HTTP 404))"
            )
            assert "another port" in state.hint

    with serving() as web:
        web.answers = {"initialize": plain(404, "<html>", "text/html")}
        run(work(web))


def test_a_port_that_answers_nothing_is_given_up(tmp_path: Path) -> None:
    async def work() -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}/mcp"
            async with opened(tmp_path, ServerSpec("web", "http", url=url, timeout=0.5)) as it:
                state = await it.discover()
                assert state.error == "it did not answer within 500ms"

    run(work())


def test_a_start_command_that_fails_is_quoted(tmp_path: Path) -> None:
    async def work() -> None:
        start = (sys.executable, "-c", "raise SystemExit('no database')")
        spec = replace(started(tmp_path, free_port()), start=start)
        async with opened(tmp_path, spec) as it:
            state = await it.discover()
            assert state.error == "its start command ended by itself with exit status 1"
            assert state.hint == "The last it said:\n    no database"

    run(work())


def test_a_start_command_on_another_port_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journeybuilder.connect.mcp_start.READY", 0.5)

    async def work() -> None:
        port = free_port()
        start = (sys.executable, "-c", "import threading; threading.Event().wait()")
        spec = replace(started(tmp_path, port), start=start)
        async with opened(tmp_path, spec) as it:
            state = await it.discover()
            assert f"nothing answers at http://127.0.0.1:{port}/mcp" in state.error
            assert "Do url and start name the same port?" in state.hint

    run(work())


def test_an_older_server_is_found_by_its_sse_address(tmp_path: Path) -> None:
    async def work() -> None:
        spec = started(tmp_path, free_port(), "--old", path="/sse")
        async with opened(tmp_path, spec) as it:
            state = await it.discover()
            assert (state.state, state.transport) == ("ready", "sse")
            assert (await it.call("web/add", {"a": 1, "b": 2})).value == {"total": 3}

    run(work())


def test_a_token_is_taken_from_the_secrets(tmp_path: Path) -> None:
    async def work() -> None:
        spec = started(tmp_path, free_port(), "--token", "shop-token-1")
        async with opened(tmp_path, spec) as it:
            state = await it.discover()
            assert state.error == f"{spec.url} wants to know who asks (HTTP 401): who are you?"
            assert "Bearer ${secret:NAME}" in state.hint
        known = replace(spec, headers={"Authorization": "Bearer ${secret:SHOP}"})
        async with opened(tmp_path, known, environ={"SHOP": "shop-token-1"}) as it:
            assert (await it.discover()).ok

    run(work())


def test_a_token_that_expired_is_looked_up_again(tmp_path: Path) -> None:
    async def work(web: Web) -> None:
        environ = {"TOKEN": "old-token"}
        spec = at(web, headers={"Authorization": "Bearer ${secret:TOKEN}"})
        async with opened(tmp_path, spec, environ=environ) as it:
            await it.call("web/echo")
            web.answers["tools/call"] = plain(401, "old-token has expired")
            error = await it.failure("web/echo")
            assert (error.code, error.uncertain) == ("unreachable", False)
            assert error.message.endswith("wants to know who asks (HTTP 401): ••• has expired")
            environ["TOKEN"] = "new-token"
            web.answers["tools/call"] = text("hello again")
            await it.until(lambda state: state.state == "idle" and len(it.states) > 1)
            assert (await it.call("web/echo")).value == "hello again"
            assert web.tokens[-1] == "Bearer new-token"

    with serving() as web:
        run(work(web))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "does not let us in (HTTP 403): no"),
        (500, "has a fault of its own (HTTP 500): no"),
        (429, "refuses (HTTP 429): no"),
    ],
)
def test_the_status_of_a_refusal_is_told(tmp_path: Path, status: int, words: str) -> None:
    async def work(web: Web) -> None:
        async with opened(tmp_path, at(web)) as it:
            state = await it.discover()
            assert state.error == f"{web.url} {words}"

    with serving() as web:
        web.answers = {"initialize": plain(status, "no")}
        run(work(web))


def test_a_web_page_is_no_mcp_server(tmp_path: Path) -> None:
    async def work(web: Web) -> None:
        async with opened(tmp_path, at(web)) as it:
            state = await it.discover()
            assert state.error.startswith(f"{web.url} answers, but not with MCP")

    with serving() as web:
        web.answers = {"initialize": plain(200, "<html>", "text/html")}
        run(work(web))


def test_nothing_at_an_address_is_told(tmp_path: Path) -> None:
    async def work() -> None:
        url = f"http://user:password-1@127.0.0.1:{free_port()}/mcp?key=secret-1"
        async with opened(tmp_path, ServerSpec("web", "http", url=url)) as it:
            state = await it.discover()
            assert state.error.startswith("nothing answers at http://127.0.0.1:")
            assert "password-1" not in str(state)
            assert "secret-1" not in str(state)
            error = await it.failure("web/echo")
            assert (error.code, error.uncertain) == ("unreachable", False)

    run(work())


def test_https_at_a_server_without_it_is_told(tmp_path: Path) -> None:
    async def work(web: Web) -> None:
        spec = ServerSpec("web", "http", url=web.url.replace("http:", "https:"))
        async with opened(tmp_path, spec) as it:
            state = await it.discover()
            assert state.error.endswith("does not speak https as it should")

    with serving() as web:
        run(work(web))


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, ServerSpec("web", "http", url="ftp://127.0.0.1/mcp")) as it:
            state = await it.discover()
            assert state.error == "'ftp://127.0.0.1/mcp' is no http or https address"

    run(work())


def test_one_broken_request_fails_one_call_and_no_other(tmp_path: Path) -> None:
    async def work(web: Web) -> None:
        async with opened(tmp_path, at(web)) as it:
            await it.call("web/echo")
            web.answers["tools/call"] = lambda _: None
            error = await it.failure("web/echo")
            assert (error.code, error.uncertain) == ("unreachable", True)
            assert error.message == f"'web/echo': the connection to {web.url} broke off"
            web.answers["tools/call"] = text("hello again")
            assert (await it.call("web/echo")).value == "hello again"
            assert web.sessions == 1

    with serving() as web:
        run(work(web))


def test_a_server_that_was_away_for_a_while_is_used_again(tmp_path: Path) -> None:
    async def work(port: int) -> None:
        with serving(port) as web:
            pool = opened(tmp_path, at(web))
            it = await pool.__aenter__()
            assert (await it.call("web/echo")).value == "hello"
        error = await it.failure("web/echo")
        assert (error.code, error.uncertain) == ("unreachable", False)
        with serving(port) as web:
            web.forget()
            assert (await it.call("web/echo")).value == "hello"
            assert web.asked.count("initialize") == 1
            await pool.__aexit__(None, None, None)

    run(work(free_port()))


def test_a_forgotten_session_is_made_anew_and_the_call_made_once(tmp_path: Path) -> None:
    async def work(web: Web) -> None:
        async with opened(tmp_path, at(web)) as it:
            await it.call("web/echo")
            web.forget()
            assert (await it.call("web/echo")).value == "hello"
            assert web.sessions == 2

    with serving() as web:
        run(work(web))


@pytest.mark.parametrize(
    ("status", "uncertain"), [(500, True), (502, True), (413, False), (403, False)]
)
def test_a_failed_call_tells_its_status_and_whether_it_may_have_run(
    tmp_path: Path, status: int, uncertain: bool
) -> None:
    async def work(web: Web) -> None:
        async with opened(tmp_path, at(web)) as it:
            await it.discover()
            web.answers["tools/call"] = plain(status, '{"error": "no"}', JSON)
            error = await it.failure("web/echo")
            assert (error.code, error.uncertain) == ("unreachable", uncertain)
            assert error.detail == {"status": status}

    with serving() as web:
        run(work(web))


def test_error_messages_of_the_protocol_are_handed_on(tmp_path: Path) -> None:
    async def work(web: Web) -> None:
        async with opened(tmp_path, at(web)) as it:
            await it.discover()
            body = '{"jsonrpc": "2.0", "id": null, "error": {"code": -32602, "message": "bad"}}'
            web.answers["tools/call"] = plain(400, body, JSON)
            error = await it.failure("web/echo")
            assert (error.code, error.uncertain) == ("bad_arguments", False)
            assert error.message == "the server of 'web/echo' says: bad"

    with serving() as web:
        run(work(web))


class Breaking(httpx2.AsyncByteStream):
    """The body of an answer that breaks off in the middle."""

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"jsonrpc": "2.0",'
        raise httpx2.ReadError("reset by the other side")


def test_an_answer_that_breaks_off_in_the_middle_may_have_run() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": JSON}, stream=Breaking())

    async def work() -> None:
        transport = SoftTransport(httpx2.MockTransport(answer))
        async with httpx2.AsyncClient(transport=transport) as client:
            response = await client.post("https://mcp.example/mcp")
        assert response.json()["error"]["data"]["maybe_executed"] is True

    run(work())


def test_an_answer_without_end_fails_one_call_and_no_other(tmp_path: Path) -> None:
    async def work(web: Web) -> None:
        async with opened(tmp_path, at(web)) as it:
            await it.call("web/echo")
            web.answers["tools/call"] = text("x" * 17 * 1024 * 1024)
            error = await it.failure("web/echo")
            assert "more than 16 MiB, which is not read" in error.message
            assert error.uncertain
            web.answers["tools/call"] = text("hello again")
            assert (await it.call("web/echo")).value == "hello again"
            assert web.sessions == 1

    with serving() as web:
        run(work(web))


def test_a_text_that_is_json_nested_without_end_stays_text(tmp_path: Path) -> None:
    async def work(web: Web) -> None:
        async with opened(tmp_path, at(web)) as it:
            for depth in (150, 900, 50_000):
                web.answers["tools/call"] = text("[" * depth + "]" * depth)
                assert (await it.call("web/echo")).value == "[" * depth + "]" * depth
            web.answers["tools/call"] = text("[" * 100 + "]" * 100)
            assert isinstance((await it.call("web/echo")).value, list)

    with serving() as web:
        run(work(web))


def test_a_value_that_is_nested_too_deep_is_refused(tmp_path: Path) -> None:
    async def work(web: Web) -> None:
        deep: object = 1
        for _ in range(150):
            deep = [deep]
        async with opened(tmp_path, at(web)) as it:
            web.answers["tools/call"] = result({"content": [], "structuredContent": {"a": deep}})
            error = await it.failure("web/echo")
            assert (error.code, error.uncertain) == ("bad_result", True)
            assert "more than 100 levels" in error.message

    with serving() as web:
        run(work(web))
