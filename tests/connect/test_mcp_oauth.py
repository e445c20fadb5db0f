"""Logins at servers: a browser with PKCE, client credentials, renewal; every token in the keyring."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest

from journeybuilder.connect.mcp_http import login_client, tls_context
from journeybuilder.connect.mcp_oauth import kept_from
from journeybuilder.connect.mcp_oauth_parts import Kept, LoginError, send
from journeybuilder.connect.mcp_pool import Pool
from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.variables import Variables
from journeybuilder.contract.services import ToolCall
from journeybuilder.document.servers import OAuthSpec, ServerSpec
from journeybuilder.errors import OperatorError, StepError
from tests.connect.logins import Browser, Keys, Site, kept_in, site
from tests.connect.pools import free_port, run

CALL = ToolCall("r1", "n1", "shop/echo", {}, 20, "k1")


@asynccontextmanager
async def pool(
    folder: Path, url: str, keys: Keys | None, oauth: OAuthSpec | None = None, **more: Any
) -> AsyncIterator[Pool]:
    secrets = Secrets({"ROBOT_SECRET": "s3cret-of-robot"}, keyring=lambda: keys)
    spec = ServerSpec("shop", "http", url=url, oauth=oauth, **more)
    made = Pool({"shop": spec}, variables=Variables(folder, secrets, {}), log_dir=folder / "logs")
    try:
        yield made
    finally:
        await made.close()


async def logged_in(
    folder: Path, where: Site, keys: Keys, oauth: OAuthSpec | None = None
) -> Browser:
    browser = Browser()
    async with pool(folder, where.url, keys, oauth) as it:
        await it.login("shop", browser)
    await asyncio.to_thread(browser.done)
    return browser


async def refused(it: Pool) -> StepError:
    with pytest.raises(StepError) as caught:
        await it.call(CALL)
    return caught.value


def test_a_person_logs_in_once_and_every_later_run_is_let_in(tmp_path: Path) -> None:
    async def work() -> None:
        keys = Keys()
        with site() as where:
            browser = await logged_in(tmp_path, where, keys)
            assert "You are logged in." in browser.shown
            assert browser.query["code_challenge_method"] == "S256"
            assert browser.query["resource"] == where.url
            assert browser.query["scope"] == "tools"
            assert browser.query["redirect_uri"] in where.redirects
            assert browser.query["redirect_uri"].startswith("http://127.0.0.1:")
            for _ in range(2):
                async with pool(tmp_path, where.url, keys) as it:
                    state = (await it.discover())[0]
                    assert (state.state, state.auth) == ("ready", "oauth")
                    assert (await it.call(CALL)).value == "let in"
            assert where.asked.count("authorize") == 1

    run(work())


def texts(folder: Path) -> list[str]:
    return [file.read_text(errors="replace") for file in folder.rglob("*") if file.is_file()]


def test_no_token_is_ever_in_a_file(tmp_path: Path) -> None:
    async def work() -> None:
        keys = Keys()
        with site() as where:
            await logged_in(tmp_path, where, keys)
            async with pool(tmp_path, where.url, keys) as it:
                await it.call(CALL)
            secrets = [*where.access, *where.refresh]
        assert secrets
        assert not [file for file in texts(tmp_path) if any(each in file for each in secrets)]

    run(work())


def test_a_run_never_opens_a_browser_but_says_what_to_do(tmp_path: Path) -> None:
    async def work() -> None:
        with site() as where:
            for oauth in (None, OAuthSpec(client_id="robot")):
                async with pool(tmp_path, where.url, Keys(), oauth) as it:
                    state = (await it.discover())[0]
                    assert state.error == "server 'shop' wants somebody to log in"
                    assert state.hint == (
                        "Run `jb servers login shop` where there is a browser. If it takes a fixed "
                        'token instead, give it in "headers" of mcp.json, as "Bearer ${secret:NAME}".'
                    )
                    error = await refused(it)
                    assert (error.code, error.uncertain) == ("unreachable", False)
                    assert "jb servers login shop" in error.message
            assert "authorize" not in where.asked

    run(work())


def test_a_token_is_renewed_before_it_ends_and_nobody_is_asked(tmp_path: Path) -> None:
    async def work() -> None:
        keys = Keys()
        with site(lasts=30) as where:  # less than the minute in which a token is renewed ahead
            await logged_in(tmp_path, where, keys)
            first = kept_in(keys)
            where.lasts = 3600
            async with pool(tmp_path, where.url, keys, OAuthSpec()) as it:
                assert (await it.call(CALL)).value == "let in"
            assert "refused" not in where.asked[where.asked.index("authorize") :]
            assert kept_in(keys)["access"] != first["access"]
            assert kept_in(keys)["refresh"] != first["refresh"]
            assert where.asked.count("refresh_token") == 1

    run(work())


@pytest.mark.parametrize("rotates", [True, False])
def test_a_token_that_has_ended_long_ago_is_renewed_at_the_start(
    tmp_path: Path, rotates: bool
) -> None:
    async def work() -> None:
        keys = Keys()
        with site(rotates=rotates) as where:
            await logged_in(tmp_path, where, keys)
            name, value = next(iter(keys.kept.items()))
            keys.kept[name] = json.dumps({**json.loads(value), "expires": time.time() - 9999})
            where.access.clear()
            async with pool(tmp_path, where.url, keys) as it:
                assert (await it.call(CALL)).value == "let in"
            assert kept_in(keys)["refresh"] in where.refresh
            assert where.asked.count("authorize") == 1

    run(work())


def test_a_token_that_was_taken_back_is_renewed_in_the_middle_of_a_run(tmp_path: Path) -> None:
    async def work() -> None:
        keys = Keys()
        with site() as where:
            await logged_in(tmp_path, where, keys)
            async with pool(tmp_path, where.url, keys) as it:
                await it.call(CALL)
                where.access.clear()
                answers = await asyncio.gather(*(it.call(CALL) for _ in range(5)))
                assert [answer.value for answer in answers] == ["let in"] * 5
            assert where.asked.count("refresh_token") == 1

    run(work())


def test_a_login_that_was_taken_back_is_told_and_forgotten(tmp_path: Path) -> None:
    async def work() -> None:
        keys = Keys()
        with site() as where:
            await logged_in(tmp_path, where, keys)
            where.access.clear()
            where.refresh.clear()
            async with pool(tmp_path, where.url, keys) as it:
                error = await refused(it)
                assert "wants somebody to log in (its last login has ended: " in error.message
                assert "invalid_grant" in error.message
                assert "jb servers login shop" in error.message
            assert keys.kept == {}

    run(work())


def test_a_login_that_is_out_of_order_for_a_while_is_not_forgotten(tmp_path: Path) -> None:
    async def work() -> None:
        keys = Keys()
        with site() as where:
            await logged_in(tmp_path, where, keys)
            where.access.clear()
            where.down = True
            async with pool(tmp_path, where.url, keys) as it:
                error = await refused(it)
                assert "the login is out of order (HTTP 503)" in error.message
                where.down = False
                assert (await it.call(CALL)).value == "let in"

    run(work())


def test_what_another_program_has_renewed_is_taken_from_the_keyring(tmp_path: Path) -> None:
    async def work() -> None:
        keys = Keys()
        with site() as where:
            await logged_in(tmp_path, where, keys)
            async with (
                pool(tmp_path, where.url, keys) as one,
                pool(tmp_path, where.url, keys) as two,
            ):
                await one.call(CALL)
                await two.call(CALL)
                where.access.clear()
                await one.call(CALL)
                # The refresh token that the second pool knows is used up by now.
                assert (await two.call(CALL)).value == "let in"
            assert where.asked.count("refresh_token") == 1

    run(work())


def test_the_program_itself_logs_in_with_client_credentials(tmp_path: Path) -> None:
    robot = OAuthSpec("robot", "${secret:ROBOT_SECRET}", "tools", "client_credentials")

    async def work() -> None:
        keys = Keys()
        with site(lasts=30) as where:
            async with pool(tmp_path, where.url, keys, robot) as it:
                assert (await it.call(CALL)).value == "let in"
                assert where.forms[0]["resource"] == where.url
                assert where.forms[0]["scope"] == "tools"
                before = where.asked.count("client_credentials")
                assert (await it.call(CALL)).value == "let in"
                assert where.asked.count("client_credentials") > before  # each lasts too short
            assert "authorize" not in where.asked

    run(work())


def test_client_credentials_work_on_a_machine_without_a_keyring(tmp_path: Path) -> None:
    robot = OAuthSpec("robot", "${secret:ROBOT_SECRET}", "", "client_credentials")

    async def work() -> None:
        with site() as where:
            async with pool(tmp_path, where.url, None, robot) as it:
                assert (await it.call(CALL)).value == "let in"
                assert (await it.call(CALL)).value == "let in"
            assert where.asked.count("client_credentials") == 1

    run(work())


def test_wrong_client_credentials_are_told_without_the_secret(tmp_path: Path) -> None:
    async def work() -> None:
        robot = OAuthSpec("robot", "wrong-secret", "", "client_credentials")
        with site() as where:
            async with pool(tmp_path, where.url, Keys(), robot) as it:
                error = await refused(it)
                assert "the login refuses: invalid_client" in error.message
                assert '"clientId" and "clientSecret"' in error.message
                assert "wrong-secret" not in error.message

    run(work())


def test_a_client_secret_is_not_sent_to_a_stranger(tmp_path: Path) -> None:
    robot = OAuthSpec("robot", "${secret:ROBOT_SECRET}", "", "client_credentials")

    async def work() -> None:
        with site(token_host="localhost") as where:
            async with pool(tmp_path, where.url, Keys(), robot) as it:
                error = await refused(it)
                assert "wants the client secret to be sent to localhost" in error.message
            assert where.forms == []
            named = OAuthSpec(
                "robot", "${secret:ROBOT_SECRET}", "", "client_credentials",
                f"{where.base}/hidden-metadata",
            )  # fmt: skip
            async with pool(tmp_path, where.url, Keys(), named) as it:
                assert (await it.call(CALL)).value == "let in"

    run(work())


def test_a_login_that_is_published_nowhere_is_found_where_it_is_configured(tmp_path: Path) -> None:
    async def work() -> None:
        keys = Keys()
        with site(publishes=False) as where:
            with pytest.raises(OperatorError, match="says nowhere how it is done"):
                await logged_in(tmp_path, where, keys)
            named = OAuthSpec(metadata_url=f"{where.base}/hidden-metadata")
            await logged_in(tmp_path, where, keys, named)
            async with pool(tmp_path, where.url, keys, named) as it:
                assert (await it.call(CALL)).value == "let in"

    run(work())


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"pkce": False}, "does not offer PKCE with S256"),
        ({"registers": False}, "takes only clients that it knows"),
        ({"refuses": "access_denied"}, "the login was refused: access_denied"),
        ({"issuer": "http://127.0.0.1:1"}, "cannot be reached"),
        ({"down": True}, "the login is out of order"),
    ],
)
def test_a_login_that_is_not_safe_or_refused_is_told(
    tmp_path: Path, how: dict[str, Any], words: str
) -> None:
    async def work() -> None:
        keys = Keys()
        with site(**how) as where, pytest.raises(OperatorError, match=words):
            await logged_in(tmp_path, where, keys)
        assert keys.kept == {}

    run(work())


def test_a_login_of_another_issuer_than_named_is_refused(tmp_path: Path) -> None:
    async def work() -> None:
        with site() as where:
            where.issuer = f"http://localhost:{where.port}"
            with pytest.raises(OperatorError, match="says that it is"):
                await logged_in(tmp_path, where, Keys())

    run(work())


def changed(**parts: str) -> Callable[[str], str]:
    """Somebody who comes back to the listener with other words than they were given."""

    def change(address: str) -> str:
        query = {key: each[0] for key, each in parse_qs(urlsplit(address).query).items()}
        back = {"code": "stolen", "state": query["state"], "iss": "x", **parts}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    return change


def test_who_does_not_know_the_state_is_sent_away_and_the_login_goes_on(tmp_path: Path) -> None:
    async def work() -> None:
        intruder, browser = Browser(changed(state="guessed")), Browser()

        def both(address: str) -> None:
            intruder(address)
            intruder.done()
            browser(address)

        with site() as where:
            async with pool(tmp_path, where.url, Keys()) as it:
                await it.login("shop", both)
            await asyncio.to_thread(browser.done)
            assert "This is not the login that was begun." in intruder.shown
            assert "You are logged in." in browser.shown

    run(work())


def test_an_answer_of_another_login_is_refused(tmp_path: Path) -> None:
    async def work() -> None:
        browser = Browser(changed(iss="https://evil.example"))
        with site() as where:
            async with pool(tmp_path, where.url, Keys()) as it:
                with pytest.raises(OperatorError, match="came back from another login"):
                    await it.login("shop", browser)
            await asyncio.to_thread(browser.done)
            assert where.forms == []

    run(work())


def test_a_fixed_port_is_used_and_one_that_is_taken_is_told(tmp_path: Path) -> None:
    async def work() -> None:
        with site() as where:
            port = free_port()
            fixed = OAuthSpec(client_id="robot", port=port)
            browser = await logged_in(tmp_path, where, Keys(), fixed)
            assert browser.query["redirect_uri"] == f"http://127.0.0.1:{port}/callback"
            taken = OAuthSpec(port=where.port)
            with pytest.raises(OperatorError, match=f"port {where.port} of this machine is taken"):
                await logged_in(tmp_path, where, Keys(), taken)

    run(work())


def test_more_scopes_are_asked_for_with_the_next_login(tmp_path: Path) -> None:
    async def work() -> None:
        keys = Keys()
        with site() as where:
            await logged_in(tmp_path, where, keys)
            where.needs = "refunds"
            async with pool(tmp_path, where.url, keys) as it:
                await it.discover()
                error = await refused(it)
                assert "does not reach this far" in error.message
                assert "It lacks the scopes: refunds." in error.message
            browser = await logged_in(tmp_path, where, keys)
            assert browser.query["scope"] == "tools refunds"

    run(work())


def test_a_machine_without_a_keyring_keeps_no_login(tmp_path: Path) -> None:
    async def work() -> None:
        browser = Browser()
        with site() as where:
            async with pool(tmp_path, where.url, None) as it:
                with pytest.raises(OperatorError, match="no keyring"):
                    await it.login("shop", browser)
            await asyncio.to_thread(browser.done)

    run(work())


def test_a_server_under_another_address_does_not_get_the_token(tmp_path: Path) -> None:
    async def work() -> None:
        keys = Keys()
        with site() as one, site() as two:
            await logged_in(tmp_path, one, keys)
            async with pool(tmp_path, two.url, keys) as it:
                assert "wants somebody to log in" in (await refused(it)).message
            assert "refresh_token" not in two.asked

    run(work())


def test_logging_out_forgets_the_login(tmp_path: Path) -> None:
    async def work() -> None:
        keys = Keys()
        with site() as where:
            await logged_in(tmp_path, where, keys)
            async with pool(tmp_path, where.url, keys) as it:
                await it.call(CALL)
                assert await it.logout("shop")
                assert "wants somebody to log in" in (await refused(it)).message
                assert not await it.logout("shop")

    run(work())


def test_long_tokens_are_kept_in_parts_and_forgotten_whole() -> None:
    keys = Keys()
    secrets = Secrets({}, keyring=lambda: keys)
    assert secrets.keep("long", "x" * 5000)
    assert max(map(len, keys.kept.values())) <= 1200
    assert secrets.recall("long") == "x" * 5000
    assert secrets.keep("long", "y" * 1500)
    assert "x" not in "".join(keys.kept.values())
    assert secrets.drop("long")
    assert keys.kept == {}


@asynccontextmanager
async def raw_server(body: bytes, *, more: bytes = b"", pause: float = 0) -> AsyncGenerator[str]:
    """A server that answers with these bytes, and then again and again with `more` of them."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.current_task())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n" + body)
        try:
            while more:
                await writer.drain()
                await asyncio.sleep(pause)
                writer.write(more)
        except OSError:
            return
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    tasks: list[asyncio.Task[None] | None] = []
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/token"
    finally:
        server.close()
        for task in filter(None, tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await server.wait_closed()


@pytest.mark.parametrize(
    ("more", "words"), [(b" " * 65536, "answers with far too much"), (b" ", "cannot be reached")]
)
def test_a_login_that_never_ends_its_answer_is_left(more: bytes, words: str) -> None:
    async def work() -> None:
        pause = 0 if len(more) > 1 else 0.05
        async with (
            raw_server(b"", more=more, pause=pause) as url,
            login_client(url, "", tls_context()) as http,
        ):
            with pytest.raises(LoginError, match=words):
                await send(http, httpx2.Request("GET", url), 30 if pause == 0 else 0.5)

    run(work())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"[" * 100_000, "the login refuses"),
        ('{"access_token": "a\u00e9", "token_type": "Bearer"}'.encode(), "cannot be sent"),
        (b'{"access_token": "a\\nb: c", "token_type": "Bearer"}', "cannot be sent"),
    ],
)
def test_an_answer_that_is_no_token_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(LoginError, match=words):
        kept_from(Kept(), httpx2.Response(200, content=body), 0)


def test_a_token_that_lasts_for_ever_is_taken() -> None:
    body = b'{"access_token": "a", "token_type": "Bearer", "expires_in": ' + b"9" * 400 + b"}"
    assert (kept_from(Kept(), httpx2.Response(200, content=body), 0).expires or 0) > 0


def test_who_sends_nonsense_to_the_listener_is_sent_away(tmp_path: Path) -> None:
    def nonsense(address: str) -> None:
        port = urlsplit(parse_qs(urlsplit(address).query)["redirect_uri"][0]).port
        with socket.create_connection(("127.0.0.1", port)) as talk:
            talk.sendall(b"GET http://[ HTTP/1.1\r\n\r\n")
            said.append(talk.makefile("rb").read())
        browser(address)

    async def work() -> None:
        with site() as where:
            async with pool(tmp_path, where.url, Keys()) as it:
                await it.login("shop", nonsense)
            await asyncio.to_thread(browser.done)

    browser, said = Browser(), list[bytes]()
    run(work())
    assert said[0].startswith(b"HTTP/1.1 400")
    assert "You are logged in." in browser.shown
