import asyncio
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client

from journeybuilder.contract.schemas import check_schema, violations
from journeybuilder.document.workspace import read_workspace

pytestmark = pytest.mark.timeout(120)

SAMPLE = Path(__file__).parents[2] / "samples" / "retail"
TOOLS = {
    "orders": {"get_order", "list_orders", "check_stock", "refund"},
    "shipping": {"track", "create_label", "void_label"},
    "crm": {"get_customer", "send_code", "check_code", "add_note", "create_ticket"},
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy, so that data of a test never lands in the sample."""
    place = tmp_path / "retail"
    shutil.copytree(SAMPLE, place, ignore=shutil.ignore_patterns(".journeybuilder", "__pycache__"))
    return place


@asynccontextmanager
async def over_stdio(workspace: Path, server: str) -> AsyncIterator[Client]:
    script = str(workspace / "servers" / f"{server}.py")
    args = ["-B", script, "--data", ".journeybuilder/data"]
    parameters = StdioServerParameters(command=sys.executable, args=args, cwd=workspace.parent)
    with (workspace.parent / f"{server}.log").open("w", encoding="utf-8") as log:
        async with Client(stdio_client(parameters, errlog=log), read_timeout_seconds=60) as client:
            yield client


@asynccontextmanager
async def over_http(workspace: Path) -> AsyncIterator[Client]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = str(workspace / "servers" / "crm.py")
    command = [sys.executable, "-B", script, "--http", str(port)]
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    try:
        await until_open(port, process)
        async with Client(f"http://127.0.0.1:{port}/mcp", read_timeout_seconds=60) as client:
            yield client
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 20)


async def until_open(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(60):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                await writer.wait_closed()
                return
    raise AssertionError(f"the server ended with {process.returncode}")


def using(place: Any, work: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with place as client:
            return await work(client)

    return asyncio.run(run())


async def value(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def refusal(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return str(getattr(result.content[0], "text", ""))


def opened(workspace: Path, server: str) -> Any:
    return over_http(workspace) if server == "crm" else over_stdio(workspace, server)


@pytest.mark.parametrize("server", sorted(TOOLS))
def test_each_server_gives_its_tools_with_titles_schemas_and_hints(
    workspace: Path, server: str
) -> None:
    async def work(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == TOOLS[server]
        for tool in tools:
            assert tool.title
            assert tool.description
            assert tool.output_schema is not None
            check_schema(tool.input_schema)
            check_schema(tool.output_schema)
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint is not None

    using(opened(workspace, server), work)


def test_the_workspace_states_facts_of_every_tool_and_of_no_other() -> None:
    facts = read_workspace(SAMPLE).tool_facts
    assert set(facts) == {f"{server}/{tool}" for server, names in TOOLS.items() for tool in names}


def test_an_order_has_its_age_and_total_and_fits_its_schema(workspace: Path) -> None:
    async def work(client: Client) -> None:
        order = await value(client, "get_order", order_id="O-1001")
        assert (order["customer_id"], order["age_days"], order["total"]) == ("C-17", 12, 64.9)
        (tool,) = [tool for tool in (await client.list_tools()).tools if tool.name == "get_order"]
        assert violations(tool.output_schema or {}, order) == []
        listed = await value(client, "list_orders", customer_id="C-17", status="delivered")
        assert [line["order_id"] for line in listed["orders"]] == ["O-1001", "O-1002", "O-1003"]
        stock = await value(client, "check_stock", sku="COAT-09")
        assert stock["in_stock"] == 0

    using(over_stdio(workspace, "orders"), work)


def test_what_a_customer_can_get_wrong_is_a_tool_error_in_words(workspace: Path) -> None:
    async def work(client: Client) -> None:
        assert await refusal(client, "get_order", order_id="O-9999") == "There is no order O-9999."
        assert "does not match" in await refusal(client, "get_order", order_id="4711")
        assert "'order_id' is a required property" in await refusal(client, "get_order")
        message = await refusal(client, "refund", order_id="O-1001", amount=65, reason="broken")
        assert message == "At most 64.90 EUR of O-1001 can still be paid back."

    using(over_stdio(workspace, "orders"), work)


def test_a_refund_with_the_same_request_id_pays_once(workspace: Path) -> None:
    async def work(client: Client) -> None:
        wanted = {"order_id": "O-1001", "amount": 20, "reason": "scratch", "request_id": "r1-1"}
        first = await value(client, "refund", **wanted)
        again = await value(client, "refund", **wanted)
        assert first == again
        assert (await value(client, "get_order", order_id="O-1001"))["refunded"] == 20
        await value(client, "refund", **{**wanted, "request_id": "r1-2"})
        assert (await value(client, "get_order", order_id="O-1001"))["refunded"] == 40
        other = await refusal(client, "refund", **{**wanted, "order_id": "O-1002"})
        assert other == "This request_id was already used for something else."

    using(over_stdio(workspace, "orders"), work)


def test_a_label_is_made_once_tracked_and_voided(workspace: Path) -> None:
    async def work(client: Client) -> None:
        label = await value(client, "create_label", order_id="O-1001", request_id="a")
        assert label == await value(client, "create_label", order_id="O-1001", request_id="a")
        assert label["url"].startswith("https://labels.example.com/")
        assert (await value(client, "void_label", label_id=label["id"]))["voided"] is True
        assert await refusal(client, "void_label", label_id="L-999") == "There is no label L-999."
        parcel = await value(client, "track", order_id="O-1004")
        assert parcel["status"] == "in transit"
        assert parcel["due_on"] > parcel["steps"][0]["on"]
        waiting = await value(client, "track", order_id="O-1015")
        assert (waiting["status"], waiting["tracking"]) == ("not shipped", None)
        assert "nothing to send back" in await refusal(client, "create_label", order_id="O-1015")

    using(over_stdio(workspace, "shipping"), work)


def test_a_customer_a_note_and_a_ticket_over_http(workspace: Path) -> None:
    async def work(client: Client) -> None:
        customer = await value(client, "get_customer", customer_id="C-12")
        assert (customer["name"], customer["language"]) == ("José Álvarez", "es")
        note = {"customer_id": "C-12", "text": "called twice", "request_id": "n1"}
        assert await value(client, "add_note", **note) == await value(client, "add_note", **note)
        ticket = await value(
            client, "create_ticket", customer_id="C-12", subject="Rug", text="stain again"
        )
        assert (ticket["priority"], ticket["status"]) == ("normal", "open")
        after = await value(client, "get_customer", customer_id="C-12")
        assert after["open_tickets"] == customer["open_tickets"] + 1
        assert await refusal(client, "get_customer", customer_id="C-99") == (
            "There is no customer C-99."
        )

    using(over_http(workspace), work)


def test_a_code_that_was_sent_is_the_only_one_that_is_right(workspace: Path) -> None:
    async def work(client: Client) -> None:
        sent = await value(client, "send_code", customer_id="C-17")
        assert sent == {"sent_to": "… 17", "digits": 4}
        assert await value(client, "check_code", customer_id="C-17", code="0117") == {"valid": True}
        assert await value(client, "check_code", customer_id="C-17", code="0118") == {
            "valid": False
        }
        assert "does not match" in await refusal(
            client, "check_code", customer_id="C-17", code="my code"
        )

    using(over_http(workspace), work)


def test_help_articles_can_be_read_and_a_prompt_holds_its_arguments(workspace: Path) -> None:
    async def work(client: Client) -> None:
        (template,) = (await client.list_resource_templates()).resource_templates
        assert template.uri_template == "help://articles/{topic}"
        listed = (await client.list_resources()).resources
        assert [str(article.uri) for article in listed] == [
            "help://articles/returns",
            "help://articles/delivery",
            "help://articles/warranty",
        ]
        read = await client.read_resource("help://articles/delivery")
        assert "two to four working days" in str(getattr(read.contents[0], "text", ""))
        with pytest.raises(MCPError, match="There is no article"):
            await client.read_resource("help://articles/../secrets")
        given = {"question": "Where is it?", "parcel": "Frankfurt", "article": "Four days."}
        prompt = await client.get_prompt("late_parcel", given)
        text = str(getattr(prompt.messages[0].content, "text", ""))
        assert all(words in text for words in given.values())

    using(over_stdio(workspace, "orders"), work)


def test_two_processes_that_make_and_write_the_same_data_lose_nothing(workspace: Path) -> None:
    async def refunds(client: Client, name: str) -> None:
        for number in range(10):
            wanted = {"order_id": "O-1002", "amount": 1, "reason": "test"}
            await value(client, "refund", **wanted, request_id=f"{name}-{number}")

    async def run() -> None:
        async with (
            over_stdio(workspace, "orders") as one,
            over_stdio(workspace, "orders") as two,
        ):
            await asyncio.gather(refunds(one, "one"), refunds(two, "two"))
            for client in (one, two):
                assert (await value(client, "get_order", order_id="O-1002"))["refunded"] == 20

    asyncio.run(run())
