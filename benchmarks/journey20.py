"""The journey that all engines run: 20 nodes, 8 of them tools (2 write), a 3-way parallel, 2 branches.

A chain with three lanes in its middle, each of one tool. Plain data and the standard library only, so
that a peer's interpreter can read it too.
"""

from typing import Any

STEPS = 20
INPUT = {"customer_id": "C-100200", "order_id": "O-1001"}
WRITES = frozenset({"orders/create_return", "shipping/create_label"})


def _set(after: str, **values: Any) -> dict[str, Any]:
    return {"kind": "set", "values": values, "next": after}


def _tool(after: str, tool: str, save: str, **arguments: Any) -> dict[str, Any]:
    return {"kind": "tool", "tool": tool, "with": arguments, "save": save, "next": after}


def _branch(when: str, after: str) -> dict[str, Any]:
    return {"kind": "branch", "cases": [{"when": when, "next": after}], "otherwise": "done"}


NODES: dict[str, dict[str, Any]] = {
    "begin": _set("look_up", reason="does not fit", fee=0, retries=0),
    "look_up": _tool("greet", "crm/get_customer", "person", customer_id="${input.customer_id}"),
    "greet": _set("find_order", name="${person.name}", country="${person.country}"),
    "find_order": _tool("theirs", "orders/get_order", "order", order_id="${input.order_id}"),
    "theirs": _branch("order.customer_id == input.customer_id", "sum_up"),
    "sum_up": _set(
        "fan", total="${order.total * 1.19}", lines="${size(order.lines)}", weight="${order.weight}"
    ),
    "fan": {
        "kind": "parallel",
        "lanes": {"parcel": "track", "before": "earlier", "offer": "price"},
    },
    "track": _tool("meet", "shipping/track", "parcel", order_id="${order.id}"),
    "earlier": _tool("meet", "orders/list_returns", "returns", customer_id="${person.id}"),
    "price": _tool("meet", "shipping/quote", "quote", country="${country}", weight="${weight}"),
    "meet": {"kind": "join", "wait_for": "all", "next": "gathered"},
    "gathered": _set(
        "eligible",
        days="${parcel.days}",
        place="left at ${parcel.place}",
        earlier_returns="${size(returns.items)}",
    ),
    "eligible": _branch("order.age_days <= 30 && order.total < 200.0", "costs"),
    "costs": _set("open_case", fee="${quote.price}", carrier="${quote.carrier}"),
    "open_case": _tool(
        "number", "orders/create_return", "case", order_id="${order.id}", reason="${reason}"
    ),
    "number": _set("print_label", case_id="${case.id}"),
    "print_label": _tool(
        "keep", "shipping/create_label", "label", case_id="${case_id}", fee="${fee}"
    ),
    "keep": _set("consent", label_url="${label.url}", spoken="Your case is ${case_id}."),
    "consent": _tool("done", "crm/get_consent", "consent", customer_id="${person.id}"),
    "done": {"kind": "end", "outcome": "resolved", "output": {"label_url": "${label_url}"}},
}

RESULTS: dict[str, dict[str, Any]] = {
    "crm/get_customer": {"id": "C-100200", "name": "Ana Ruiz", "tier": "gold", "country": "ES",
        "email": "ana@example.org", "phone": "+34 600 000 000", "since": "2019-04-02"},
    "orders/get_order": {"id": "O-1001", "customer_id": "C-100200", "total": 129.9, "age_days": 12,
        "weight": 1.4, "lines": [{"sku": "A-1", "count": 1}, {"sku": "B-7", "count": 2}]},
    "shipping/track": {"id": "P-77", "days": 3, "place": "the front desk", "state": "delivered",
        "steps": ["picked up", "in transit", "out for delivery", "delivered"]},
    "orders/list_returns": {"items": [{"id": "R-1", "order": "O-900", "state": "closed"}]},
    "shipping/quote": {"carrier": "Correo", "price": 4.5, "currency": "EUR", "service": "parcel"},
    "orders/create_return": {"id": "R-2", "order": "O-1001", "state": "open", "reason": "fit"},
    "shipping/create_label": {"url": "https://example.org/labels/R-2.pdf", "format": "pdf"},
    "crm/get_consent": {"id": "C-100200", "mail": True, "sms": False, "updated": "2026-01-08"},
}  # fmt: skip

TYPES = {str: "string", float: "number", int: "number", list: "array", bool: "boolean"}


def input_schema(tool: str) -> dict[str, Any]:
    """What the tool takes, as a server would declare it."""
    node = next(node for node in NODES.values() if node.get("tool") == tool)
    kinds = {"weight": "number", "fee": "number"}
    return {
        "type": "object",
        "properties": {name: {"type": kinds.get(name, "string")} for name in node["with"]},
        "required": list(node["with"]),
        "additionalProperties": False,
    }


def output_schema(tool: str) -> dict[str, Any]:
    """What the tool gives, as a server would declare it."""
    fields = {name: {"type": TYPES[type(value)]} for name, value in RESULTS[tool].items()}
    return {"type": "object", "properties": fields, "required": list(fields)}
