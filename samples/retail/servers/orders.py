"""Orders of the shop: look up, list, stock, refund; help articles. An MCP server over stdio."""

import sqlite3
from collections.abc import Mapping
from typing import Any

import articles
from serving import READ, TAKE_BACK, Shelf, ShopTool, record, serve
from shop import ShopError, customer_row, day, made_before, moment, money, order_row, total_cents

ORDER_ID = {
    "type": "string",
    "title": "Order number",
    "description": "As the customer reads it on the invoice, for example O-1001.",
    "pattern": "^O-[0-9]{4}$",
}
CUSTOMER_ID = {"type": "string", "title": "Customer number", "pattern": "^C-[0-9]+$"}
STATUS = {
    "type": "string",
    "enum": ["placed", "packed", "shipped", "delivered", "returned", "cancelled"],
}
ITEM = record(
    {
        "sku": {"type": "string"},
        "title": {"type": "string"},
        "quantity": {"type": "integer", "minimum": 1},
        "price": {"type": "number", "description": "EUR for one."},
    }
)
ORDER = record(
    {
        "order_id": ORDER_ID,
        "customer_id": CUSTOMER_ID,
        "status": STATUS,
        "placed_on": {"type": "string", "format": "date"},
        "age_days": {
            "type": "integer",
            "minimum": 0,
            "description": "Whole days since it was placed.",
        },
        "total": {"type": "number", "minimum": 0, "description": "What it cost, in EUR."},
        "refunded": {"type": "number", "minimum": 0, "description": "Paid back so far, in EUR."},
        "currency": {"const": "EUR"},
        "items": {"type": "array", "items": ITEM, "minItems": 1},
    }
)
LINE = record(
    {
        "order_id": ORDER_ID,
        "status": STATUS,
        "placed_on": {"type": "string", "format": "date"},
        "total": {"type": "number"},
    }
)
REFUND = record(
    {
        "refund_id": {"type": "string", "pattern": "^R-[0-9]+$"},
        "order_id": ORDER_ID,
        "amount": {"type": "number"},
        "currency": {"const": "EUR"},
        "made_at": {"type": "string", "format": "date-time"},
    }
)


def _refunded(shop: sqlite3.Connection, number: str) -> int:
    sql = 'SELECT COALESCE(SUM(amount_cents), 0) FROM refunds WHERE "order" = ?'
    return int(shop.execute(sql, (number,)).fetchone()[0])


def get_order(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """One order with its items."""
    row = order_row(shop, wanted["order_id"])
    sql = 'SELECT sku, title, quantity, price_cents FROM items JOIN products USING (sku) WHERE "order" = ?'
    items = [
        {"sku": sku, "title": title, "quantity": quantity, "price": money(price)}
        for sku, title, quantity, price in shop.execute(sql, (row["id"],))
    ]
    return {
        "order_id": row["id"],
        "customer_id": row["customer"],
        "status": row["status"],
        "placed_on": day(row["age_days"]),
        "age_days": row["age_days"],
        "total": money(total_cents(shop, row["id"])),
        "refunded": money(_refunded(shop, row["id"])),
        "currency": "EUR",
        "items": items,
    }


def list_orders(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The orders of a customer, the newest first."""
    customer = customer_row(shop, wanted["customer_id"])["id"]
    sql = "SELECT * FROM orders WHERE customer = ? ORDER BY age_days, id"
    rows = [
        row
        for row in shop.execute(sql, (customer,)).fetchall()
        if wanted.get("status") in {None, row["status"]}
    ]
    lines = [
        {
            "order_id": row["id"],
            "status": row["status"],
            "placed_on": day(row["age_days"]),
            "total": money(total_cents(shop, row["id"])),
        }
        for row in rows
    ]
    return {"customer_id": customer, "orders": lines[: wanted.get("limit", 20)]}


def check_stock(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """How many of a product are in the warehouse.

    Raises:
        ShopError: When there is no such product.
    """
    row = shop.execute("SELECT * FROM products WHERE sku = ?", (wanted["sku"],)).fetchone()
    if row is None:
        raise ShopError(f"There is no product {wanted['sku']}.")
    return {
        "sku": row["sku"],
        "title": row["title"],
        "price": money(row["price_cents"]),
        "in_stock": row["stock"],
    }


def refund(shop: sqlite3.Connection, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Pay back; the same request_id pays back once.

    Raises:
        ShopError: When it is more than is left of the order.
    """
    row = made_before(shop, "refunds", wanted)
    if row is None:
        number = order_row(shop, wanted["order_id"])["id"]
        cents = round(wanted["amount"] * 100)
        left = total_cents(shop, number) - _refunded(shop, number)
        if cents > left:
            raise ShopError(f"At most {money(left):.2f} EUR of {number} can still be paid back.")
        sql = 'INSERT INTO refunds ("order", amount_cents, reason, made, request) VALUES (?, ?, ?, ?, ?)'
        values = (number, cents, wanted["reason"], moment(), wanted.get("request_id"))
        made = shop.execute(sql, values).lastrowid
        row = shop.execute("SELECT * FROM refunds WHERE number = ?", (made,)).fetchone()
    return {
        "refund_id": f"R-{row['number']}",
        "order_id": row["order"],
        "amount": money(row["amount_cents"]),
        "currency": "EUR",
        "made_at": row["made"],
    }


TOOLS = [
    ShopTool(
        name="get_order",
        title="Get an order",
        about="One order by its number: status, age in days, total, what was paid back, items.",
        takes={"order_id": ORDER_ID},
        needs=["order_id"],
        gives=ORDER,
        hints=READ,
        work=get_order,
    ),
    ShopTool(
        name="list_orders",
        title="List orders",
        about="The orders of a customer, the newest first.",
        takes={
            "customer_id": CUSTOMER_ID,
            "status": {**STATUS, "title": "Only with this status"},
            "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
        },
        needs=["customer_id"],
        gives=record({"customer_id": CUSTOMER_ID, "orders": {"type": "array", "items": LINE}}),
        hints=READ,
        work=list_orders,
    ),
    ShopTool(
        name="check_stock",
        title="Check the stock",
        about="Price of a product and how many are in the warehouse.",
        takes={"sku": {"type": "string", "title": "Product number", "examples": ["LAMP-03"]}},
        needs=["sku"],
        gives=record(
            {
                "sku": {"type": "string"},
                "title": {"type": "string"},
                "price": {"type": "number"},
                "in_stock": {"type": "integer", "minimum": 0},
            }
        ),
        hints=READ,
        work=check_stock,
    ),
    ShopTool(
        name="refund",
        title="Refund money",
        about="Pays money of an order back to the customer. Cannot be taken back. "
        "A repeated call with the same request_id pays once.",
        takes={
            "order_id": ORDER_ID,
            "amount": {"type": "number", "exclusiveMinimum": 0, "description": "In EUR."},
            "reason": {"type": "string", "minLength": 1, "maxLength": 200},
            "request_id": {"type": "string", "description": "Makes repeating the call safe."},
        },
        needs=["order_id", "amount", "reason"],
        gives=REFUND,
        hints=TAKE_BACK,
        work=refund,
    ),
]

SHELF = Shelf(
    template=articles.TEMPLATE,
    about=articles.ABOUT,
    articles=articles.ARTICLES,
    prompt_name=articles.PROMPT,
    prompt_about=articles.PROMPT_ABOUT,
    prompt_arguments=articles.PROMPT_ARGUMENTS,
    prompt=articles.late_parcel,
)

if __name__ == "__main__":
    serve("orders", "Orders", TOOLS, SHELF)
