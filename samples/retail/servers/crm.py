"""Customers of the shop: who they are, notes, tickets, codes. An MCP server over HTTP (or stdio)."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from orders import CUSTOMER_ID
from serving import READ, WRITE, ShopTool, record, serve
from shop import customer_row, day, made_before, moment

PRIORITY = {"type": "string", "enum": ["low", "normal", "high", "urgent"], "default": "normal"}
REQUEST_ID = {"type": "string", "description": "Makes repeating the call safe."}
CUSTOMER = record(
    {
        "customer_id": CUSTOMER_ID,
        "name": {"type": "string"},
        "email": {"type": "string", "format": "email"},
        "phone": {"type": "string"},
        "language": {"type": "string", "enum": ["en", "es"]},
        "tier": {"type": "string", "enum": ["standard", "gold"]},
        "since": {"type": "string", "format": "date"},
        "open_tickets": {"type": "integer", "minimum": 0},
    }
)


def get_customer(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Who a customer is."""
    row = customer_row(shop, wanted["customer_id"])
    sql = "SELECT COUNT(*) FROM tickets WHERE customer = ? AND status = 'open'"
    return {
        "customer_id": row["id"],
        "name": row["name"],
        "email": row["email"],
        "phone": row["phone"],
        "language": row["language"],
        "tier": row["tier"],
        "since": day(row["since_days"]),
        "open_tickets": shop.execute(sql, (row["id"],)).fetchone()[0],
    }


def add_note(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Write something down about a customer."""
    row = made_before(shop, "notes", wanted)
    if row is None:
        customer = customer_row(shop, wanted["customer_id"])["id"]
        sql = "INSERT INTO notes (customer, text, made, request) VALUES (?, ?, ?, ?)"
        values = (customer, wanted["text"], moment(), wanted.get("request_id"))
        made = shop.execute(sql, values).lastrowid
        row = shop.execute("SELECT * FROM notes WHERE number = ?", (made,)).fetchone()
    return {"note_id": f"N-{row['number']}", "customer_id": row["customer"], "made_at": row["made"]}


def create_ticket(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Open a ticket for the back office."""
    row = made_before(shop, "tickets", wanted)
    if row is None:
        customer = customer_row(shop, wanted["customer_id"])["id"]
        sql = """INSERT INTO tickets (customer, subject, text, priority, status, made, request)
                 VALUES (?, ?, ?, ?, 'open', ?, ?)"""
        values = (
            customer,
            wanted["subject"],
            wanted["text"],
            wanted.get("priority", "normal"),
            moment(),
            wanted.get("request_id"),
        )
        made = shop.execute(sql, values).lastrowid
        row = shop.execute("SELECT * FROM tickets WHERE number = ?", (made,)).fetchone()
    return {
        "ticket_id": f"T-{row['number']}",
        "customer_id": row["customer"],
        "priority": row["priority"],
        "status": row["status"],
    }


def send_code(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Send a code to the customer's phone; the sample sends nothing, see `_code`."""
    phone = customer_row(shop, wanted["customer_id"])["phone"]
    return {"sent_to": f"… {phone[-2:]}", "digits": _DIGITS}


def check_code(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Whether this is the code that was sent."""
    phone = customer_row(shop, wanted["customer_id"])["phone"]
    return {"valid": wanted["code"] == _code(phone)}


def _code(phone: str) -> str:
    """The code to play with: the last digits of the phone number. A real shop makes one by chance."""
    return "".join(char for char in phone if char.isdigit())[-_DIGITS:]


_DIGITS = 4

TOOLS = [
    ShopTool(
        name="get_customer",
        title="Get a customer",
        about="Name, e-mail address, phone, language and tier of a customer.",
        takes={"customer_id": CUSTOMER_ID},
        needs=["customer_id"],
        gives=CUSTOMER,
        hints=READ,
        work=get_customer,
    ),
    ShopTool(
        name="send_code",
        title="Send a code",
        about="Sends a code of four digits to the customer's phone, to make sure who is there.",
        takes={"customer_id": CUSTOMER_ID},
        needs=["customer_id"],
        gives=record(
            {
                "sent_to": {"type": "string", "description": "The end of the number."},
                "digits": {"type": "integer"},
            }
        ),
        hints=WRITE,
        work=send_code,
    ),
    ShopTool(
        name="check_code",
        title="Check a code",
        about="Whether the code is the one that was sent.",
        takes={
            "customer_id": CUSTOMER_ID,
            "code": {"type": "string", "pattern": "^[0-9]{4}$"},
        },
        needs=["customer_id", "code"],
        gives=record({"valid": {"type": "boolean"}}),
        hints=READ,
        work=check_code,
    ),
    ShopTool(
        name="add_note",
        title="Add a note",
        about="Writes a note into the history of a customer.",
        takes={
            "customer_id": CUSTOMER_ID,
            "text": {"type": "string", "minLength": 1, "maxLength": 2000},
            "request_id": REQUEST_ID,
        },
        needs=["customer_id", "text"],
        gives=record(
            {
                "note_id": {"type": "string"},
                "customer_id": CUSTOMER_ID,
                "made_at": {"type": "string", "format": "date-time"},
            }
        ),
        hints=WRITE,
        work=add_note,
    ),
    ShopTool(
        name="create_ticket",
        title="Create a ticket",
        about="Opens a ticket for the back office.",
        takes={
            "customer_id": CUSTOMER_ID,
            "subject": {"type": "string", "minLength": 1, "maxLength": 120},
            "text": {"type": "string", "maxLength": 2000},
            "priority": PRIORITY,
            "request_id": REQUEST_ID,
        },
        needs=["customer_id", "subject", "text"],
        gives=record(
            {
                "ticket_id": {"type": "string", "pattern": "^T-[0-9]+$"},
                "customer_id": CUSTOMER_ID,
                "priority": PRIORITY,
                "status": {"type": "string", "enum": ["open", "closed"]},
            }
        ),
        hints=WRITE,
        work=create_ticket,
    ),
]

if __name__ == "__main__":
    serve("crm", "Customers", TOOLS)
