"""Parcels of the shop: track, return labels. An MCP server over stdio."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from orders import ORDER_ID
from serving import READ, TAKE_BACK, WRITE, ShopTool, record, serve
from shop import ShopError, day, made_before, moment, order_row

LABEL_ID = {"type": "string", "title": "Label number", "pattern": "^L-[0-9]+$"}
LABEL = record(
    {
        "id": LABEL_ID,
        "order_id": ORDER_ID,
        "carrier": {"type": "string"},
        "tracking": {"type": "string"},
        "url": {"type": "string", "format": "uri", "description": "The label to print, as PDF."},
        "made_at": {"type": "string", "format": "date-time"},
    }
)
PARCEL = record(
    {
        "order_id": ORDER_ID,
        "status": {"type": "string", "enum": ["not shipped", "in transit", "delivered"]},
        "carrier": {"type": ["string", "null"]},
        "tracking": {"type": ["string", "null"]},
        "due_on": {"type": ["string", "null"], "format": "date"},
        "steps": {
            "type": "array",
            "items": record(
                {
                    "on": {"type": "string", "format": "date"},
                    "place": {"type": "string"},
                    "what": {"type": "string"},
                }
            ),
        },
    }
)


def track(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Where the parcel of an order is."""
    number = order_row(shop, wanted["order_id"])["id"]
    row = shop.execute('SELECT * FROM shipments WHERE "order" = ?', (number,)).fetchone()
    sql = 'SELECT age_days, place, what FROM steps WHERE "order" = ? ORDER BY age_days DESC'
    steps = [
        {"on": day(age), "place": place, "what": what}
        for age, place, what in shop.execute(sql, (number,))
    ]
    moving = row is not None and row["status"] == "in transit"
    return {
        "order_id": number,
        "status": row["status"] if row else "not shipped",
        "carrier": row["carrier"] if row else None,
        "tracking": row["tracking"] if row else None,
        "due_on": day(-row["due_days"]) if moving else None,
        "steps": steps,
    }


def create_label(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A return label; the same request_id makes one label.

    Raises:
        ShopError: When nothing of the order was sent.
    """
    row = made_before(shop, "labels", wanted)
    if row is None:
        order = order_row(shop, wanted["order_id"])
        if order["status"] not in {"shipped", "delivered"}:
            raise ShopError(f"{order['id']} is {order['status']}: there is nothing to send back.")
        sql = """INSERT INTO labels ("order", carrier, tracking, made, voided, request)
                 VALUES (?, 'Parcelo', '', ?, 0, ?)"""
        made = shop.execute(sql, (order["id"], moment(), wanted.get("request_id"))).lastrowid
        tracking = f"PA{made:06d}RT"
        shop.execute("UPDATE labels SET tracking = ? WHERE number = ?", (tracking, made))
        row = shop.execute("SELECT * FROM labels WHERE number = ?", (made,)).fetchone()
    return {
        "id": f"L-{row['number']}",
        "order_id": row["order"],
        "carrier": row["carrier"],
        "tracking": row["tracking"],
        "url": f"https://labels.example.com/{row['tracking']}.pdf",
        "made_at": row["made"],
    }


def void_label(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Make a label worthless; doing it again changes nothing.

    Raises:
        ShopError: When there is no such label.
    """
    sql = "UPDATE labels SET voided = 1 WHERE number = ?"
    if shop.execute(sql, (int(wanted["label_id"][2:]),)).rowcount == 0:
        raise ShopError(f"There is no label {wanted['label_id']}.")
    return {"id": wanted["label_id"], "voided": True}


TOOLS = [
    ShopTool(
        name="track",
        title="Track a parcel",
        about="Where the parcel of an order is, when it is due, and its way so far.",
        takes={"order_id": ORDER_ID},
        needs=["order_id"],
        gives=PARCEL,
        hints=READ,
        work=track,
    ),
    ShopTool(
        name="create_label",
        title="Create a return label",
        about="A prepaid label for sending an order back. "
        "A repeated call with the same request_id makes one label.",
        takes={
            "order_id": ORDER_ID,
            "request_id": {"type": "string", "description": "Makes repeating the call safe."},
        },
        needs=["order_id"],
        gives=LABEL,
        hints=WRITE,
        work=create_label,
    ),
    ShopTool(
        name="void_label",
        title="Void a return label",
        about="Makes a return label worthless, for example after a mistake.",
        takes={"label_id": LABEL_ID},
        needs=["label_id"],
        gives=record({"id": LABEL_ID, "voided": {"const": True}}),
        hints=TAKE_BACK,
        work=void_label,
    ),
]

if __name__ == "__main__":
    serve("shipping", "Shipping", TOOLS)
