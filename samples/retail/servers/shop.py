"""The shop's data in one SQLite file, made from `seed.py` at the first start.

Days are kept as ages ("placed 12 days ago"), so the sample never grows old.
"""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import seed

_PATIENCE = 20.0

_TABLES = """
CREATE TABLE IF NOT EXISTS customers (
    id TEXT PRIMARY KEY, name TEXT, email TEXT, phone TEXT, language TEXT, tier TEXT, since_days INTEGER);
CREATE TABLE IF NOT EXISTS products (sku TEXT PRIMARY KEY, title TEXT, price_cents INTEGER, stock INTEGER);
CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY, customer TEXT REFERENCES customers, age_days INTEGER, status TEXT);
CREATE TABLE IF NOT EXISTS items (
    "order" TEXT REFERENCES orders, sku TEXT REFERENCES products, quantity INTEGER,
    PRIMARY KEY ("order", sku));
CREATE TABLE IF NOT EXISTS shipments (
    "order" TEXT PRIMARY KEY REFERENCES orders, carrier TEXT, tracking TEXT, status TEXT, due_days INTEGER);
CREATE TABLE IF NOT EXISTS steps (
    "order" TEXT REFERENCES orders, age_days INTEGER, place TEXT, what TEXT);
CREATE TABLE IF NOT EXISTS refunds (
    number INTEGER PRIMARY KEY, "order" TEXT, amount_cents INTEGER, reason TEXT, made TEXT, request TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS labels (
    number INTEGER PRIMARY KEY, "order" TEXT, carrier TEXT, tracking TEXT, made TEXT, voided INTEGER,
    request TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS notes (
    number INTEGER PRIMARY KEY, customer TEXT, text TEXT, made TEXT, request TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS tickets (
    number INTEGER PRIMARY KEY, customer TEXT, subject TEXT, text TEXT, priority TEXT, status TEXT,
    made TEXT, request TEXT UNIQUE);
"""


class ShopError(Exception):
    """What a customer or a colleague got wrong; the text is for them."""


@contextmanager
def open_shop(folder: Path) -> Iterator[sqlite3.Connection]:
    """The data inside one transaction: committed at the end, taken back on an error.

    Other processes may read meanwhile and wait to write.
    """
    shop = _connected(folder)
    try:
        shop.execute("BEGIN IMMEDIATE")
        _fill_once(shop)
        yield shop
        shop.commit()
    except BaseException:
        shop.rollback()
        raise
    finally:
        shop.close()


def _connected(folder: Path) -> sqlite3.Connection:
    folder.mkdir(parents=True, exist_ok=True)
    shop = sqlite3.connect(folder / "shop.db", timeout=_PATIENCE, isolation_level=None)
    shop.row_factory = sqlite3.Row
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            shop.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:  # another process is just making the file
            if time.monotonic() > deadline:
                shop.close()
                raise
            time.sleep(0.02)
        else:
            return shop


def _fill_once(shop: sqlite3.Connection) -> None:
    if shop.execute("PRAGMA user_version").fetchone()[0] >= 1:
        return
    for statement in _TABLES.split(";"):
        shop.execute(statement)
    shop.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?)", seed.CUSTOMERS)
    shop.executemany("INSERT INTO products VALUES (?, ?, ?, ?)", seed.PRODUCTS)
    for number, customer, age, status, items in seed.ORDERS:
        shop.execute("INSERT INTO orders VALUES (?, ?, ?, ?)", (number, customer, age, status))
        for sku, quantity in items:
            shop.execute("INSERT INTO items VALUES (?, ?, ?)", (number, sku, quantity))
        for row in seed.shipment(number, age, status):
            shop.execute("INSERT INTO shipments VALUES (?, ?, ?, ?, ?)", row)
        for row in seed.steps(number, age, status):
            shop.execute("INSERT INTO steps VALUES (?, ?, ?, ?)", row)
    shop.executemany("INSERT INTO tickets VALUES (?, ?, ?, ?, ?, ?, ?, ?)", seed.TICKETS)
    shop.execute("PRAGMA user_version = 1")


def day(age: int) -> str:
    """The date that many days ago (ahead where negative), as `2026-01-31`."""
    return (today() - timedelta(days=age)).isoformat()


def today() -> date:
    """The day's date here."""
    return datetime.now(UTC).astimezone().date()


def moment() -> str:
    """Now, as ISO text in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def money(cents: int) -> float:
    """Cents as an amount."""
    return cents / 100


def order_row(shop: sqlite3.Connection, number: str) -> sqlite3.Row:
    """One order.

    Raises:
        ShopError: When there is none of this number.
    """
    row = shop.execute("SELECT * FROM orders WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise ShopError(f"There is no order {number}.")
    return row


def customer_row(shop: sqlite3.Connection, number: str) -> sqlite3.Row:
    """One customer.

    Raises:
        ShopError: When there is none of this number.
    """
    row = shop.execute("SELECT * FROM customers WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise ShopError(f"There is no customer {number}.")
    return row


def total_cents(shop: sqlite3.Connection, number: str) -> int:
    """What an order cost, in cents."""
    sql = """SELECT COALESCE(SUM(quantity * price_cents), 0) FROM items JOIN products USING (sku)
             WHERE "order" = ?"""
    return int(shop.execute(sql, (number,)).fetchone()[0])


def made_before(
    shop: sqlite3.Connection, table: str, wanted: Mapping[str, Any]
) -> sqlite3.Row | None:
    """What the same `request_id` has made already, or None.

    Raises:
        ShopError: When that request was for another order or customer.
    """
    request = wanted.get("request_id")
    if request is None:
        return None
    row = shop.execute(f"SELECT * FROM {table} WHERE request = ?", (request,)).fetchone()  # noqa: S608
    if row is None:
        return None
    same = {"order": "order_id", "customer": "customer_id"}
    for column, argument in same.items():
        if column in row.keys() and row[column] != wanted.get(argument):  # noqa: SIM118
            raise ShopError("This request_id was already used for something else.")
    return row
