"""servers, tools and lock with the real servers of the retail sample."""

import socket
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.fakes import write_files

pytestmark = [pytest.mark.xdist_group("retail servers"), pytest.mark.timeout(180)]

PROMISED = {"server", "name", "title", "description", "input_schema", "output_schema",
            "annotations", "risk", "data", "digest", "drift"}  # fmt: skip
SERVER = {"name", "ok", "error", "transport", "protocol", "tools", "ms"}


@pytest.fixture
def retail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """A copy of the sample with a port of its own, entered."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("RETAIL_CRM_PORT", str(probe.getsockname()[1]))
    jb = Shell(tmp_path / "retail", capsys)
    jb("init", str(jb.folder), "--template", "retail", status=0)
    monkeypatch.chdir(jb.folder)
    return jb


def test_the_servers_of_the_sample_are_there_with_their_tools(retail: Shell) -> None:
    servers = retail("servers", "--json", status=0).value["servers"]
    assert {server["name"]: (server["ok"], server["tools"]) for server in servers} == {
        "orders": (True, 4), "shipping": (True, 3), "crm": (True, 5),
    }  # fmt: skip
    assert all(set(server) >= SERVER for server in servers)
    value = retail("tools", "--json", status=0).value
    assert set(value) == {"tools", "servers"}
    assert len(value["tools"]) == 12
    assert all(set(tool) == PROMISED for tool in value["tools"])
    risks = {f"{tool['server']}/{tool['name']}": tool["risk"] for tool in value["tools"]}
    assert risks["orders/refund"] == "irreversible"
    assert {tool["drift"] for tool in value["tools"]} == {""}
    table = retail("tools", "orders", "--schema", status=0).out
    assert "orders/refund" in table
    assert "shipping/" not in table
    assert '"order_id"' in table


def test_tools_are_approved_and_a_change_since_is_told_in_words(retail: Shell) -> None:
    (retail.folder / "mcp.lock").unlink()
    result = retail("lock", status=0)
    assert "approved orders/get_order" in result.out
    assert "mcp.lock holds 10 tools" in result.out
    first = (retail.folder / "mcp.lock").read_bytes()
    order = "orders/get_order"
    assert retail("lock", order, status=0).out == "mcp.lock holds 10 tools\n"
    assert (retail.folder / "mcp.lock").read_bytes() == first
    assert retail("lock", "--check", order, status=0).out == "1 tool as approved\n"
    value = retail("lock", order, "--json", status=0).value
    assert (value["file"], value["tools"], value["approved"]) == ("mcp.lock", 10, [])
    assert [server["name"] for server in value["servers"]] == ["orders"]
    value = retail("lock", "--check", order, "--json", status=0).value
    assert (value["tools"], value["drift"]) == (1, [])

    server = retail.folder / "servers" / "orders.py"
    text = server.read_text(encoding="utf-8")
    assert 'name="get_order"' in text
    server.write_text(text.replace('name="get_order"', 'name="get_orders"'), encoding="utf-8")
    assert f"{order}: it is not offered any more" in retail("lock", "--check", order, status=1).out
    (change,) = retail("lock", "--check", order, "--json", status=1).value["drift"]
    assert change == {"tool": order, "kind": "gone", "words": "it is not offered any more"}
    (lost,) = retail("lock", order, "--json", status=1).value["missing"]
    assert lost["tool"] == order
    assert "Did you mean 'orders/get_orders'?" in lost["words"]
    missing = retail("lock", order, status=1)
    assert f"no server offers '{order}'. Did you mean 'orders/get_orders'?" in missing.err
    assert (retail.folder / "mcp.lock").read_bytes() == first


def test_a_server_that_cannot_be_started_is_explained_and_the_others_still_answer(
    retail: Shell,
) -> None:
    write_files(
        retail.folder,
        {
            "mcp.json": '{"mcpServers": {"orders": {"command": "no-such-program-anywhere"}, '
            '"shipping": {"command": "${python}", "args": ["${workspaceFolder}/servers/shipping.py", '
            '"--data", ".journeybuilder/data"]}}}',
        },
    )
    result = retail("servers", status=1)
    assert "no-such-program-anywhere" in result.out
    assert "shipping  ok" in result.out
    checked = retail("lock", "--check", "orders/get_order", "shipping/create_label", status=1)
    assert (
        "orders/get_order: it cannot be told, because server 'orders' cannot be asked"
        in checked.out
    )
    assert "shipping/create_label" not in checked.out


def test_a_journey_runs_with_real_calls(retail: Shell) -> None:
    words = ["--set", "customer_id=C-17", "--say", "O-1001", "--say", "It arrived broken", "--json"]
    lines = retail("run", "order-return", *words, status=0).lines
    assert lines[-1]["outcome"] == "resolved"
    called = [
        line["request"]["tool"]
        for line in lines
        if line["event"] == "asked" and line["effect"] == "tool"
    ]
    assert called == ["orders/get_order", "shipping/create_label", "crm/add_note"]


def test_a_workspace_without_servers_says_how_to_add_one(jb: Shell) -> None:
    assert jb("servers", status=0).out == (
        "No servers are configured: add one to mcp.json under 'mcpServers'.\n"
    )
    assert jb("tools", "--json", status=0).value == {"tools": [], "servers": []}
    assert jb("lock", status=0).out == "mcp.lock holds 0 tools\n"


def test_the_doctor_says_of_every_server_what_is_wrong_and_what_to_do(jb: Shell) -> None:
    token = "ghp_" + "a" * 36
    write_files(
        jb.folder,
        {
            "mcp.json": """{"mcpServers": {
              "gone": {"command": "npx-of-nobody", "args": ["--token", "TOKEN"]},
              "port": {"url": "http://127.0.0.1:9/mcp"},
              "secret": {"url": "http://127.0.0.1:9/mcp",
                         "headers": {"Authorization": "Bearer ${secret:NO_A}", "X-B": "${NO_B}"}},
              "off": {"command": "x", "disabled": true}}}""".replace("TOKEN", token)
        },
    )
    out = jb("servers", "--doctor", status=1).out
    assert "gone: failed\n    reach     stdio: npx-of-nobody --token •••\n" in out
    assert token not in out
    assert "    wrong     the command 'npx-of-nobody' was not found\n" in out
    assert "    wrong     nothing answers at http://127.0.0.1:9/mcp\n" in out
    assert "    to do     Is the server running" in out
    assert "    missing   ${secret:NO_A}, ${NO_B}; all of them have to be set\n" in out
    assert "off: disabled\n" in out


def test_logging_in_where_that_makes_no_sense_says_why(jb: Shell) -> None:
    write_files(
        jb.folder,
        {
            "mcp.json": """{"mcpServers": {
              "tool": {"command": "x"}, "port": {"url": "http://127.0.0.1:9/mcp"},
              "fixed": {"url": "http://127.0.0.1:9/mcp", "headers": {"Authorization": "${TOKEN}"}}}}"""
        },
    )
    assert "there is no server 'tol'" in jb("servers", "login", "tol", status=2).err
    assert "one does not log in there" in jb("servers", "login", "tool", status=2).err
    assert "does not answer" in jb("servers", "login", "port", status=2).err
    assert "Remove that header" in jb("servers", "login", "fixed", status=2).err
    assert jb("servers", "logout", "port", status=0).out == "nobody was logged in at 'port'\n"
