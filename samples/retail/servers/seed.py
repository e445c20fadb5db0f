"""What is in the shop at the first start. Ages are days before today; nothing here is a real person."""

from collections.abc import Sequence

CUSTOMERS = [
    # id, name, e-mail, phone, language, tier, customer since (days)
    (
        "C-11",
        "Maya Lindqvist",
        "maya.lindqvist@example.com",
        "+46 70 555 0111",
        "en",
        "standard",
        410,
    ),
    ("C-12", "José Álvarez", "jose.alvarez@example.com", "+34 600 555 012", "es", "gold", 1290),
    ("C-13", "Aisha Khan", "aisha.khan@example.com", "+44 7700 900113", "en", "standard", 75),
    ("C-14", "Tom Becker", "tom.becker@example.com", "+49 151 5550114", "en", "standard", 233),
    ("C-15", "Lucía Romero", "lucia.romero@example.com", "+34 600 555 015", "es", "standard", 18),
    ("C-16", "Chen Wei", "chen.wei@example.com", "+31 6 5555 0116", "en", "gold", 902),
    ("C-17", "Dana Novak", "dana.novak@example.com", "+420 605 550 117", "en", "standard", 366),
    (
        "C-18",
        "Pedro Castillo",
        "pedro.castillo@example.com",
        "+34 600 555 018",
        "es",
        "standard",
        130,
    ),
    ("C-19", "Grace Okafor", "grace.okafor@example.com", "+44 7700 900119", "en", "gold", 1511),
    ("C-20", "Henri Dubois", "henri.dubois@example.com", "+33 6 55 55 01 20", "en", "standard", 54),
    ("C-21", "Sofia Rossi", "sofia.rossi@example.com", "+39 320 555 0121", "en", "standard", 640),
    ("C-22", "Marta Vidal", "marta.vidal@example.com", "+34 600 555 022", "es", "standard", 299),
]

PRODUCTS = [
    # sku, title, price (cents), in stock
    ("MUG-01", "Stoneware mug, blue", 1490, 140),
    ("LAMP-03", "Desk lamp, brass", 6490, 23),
    ("HEAD-07", "Wireless headphones", 12900, 41),
    ("CHAIR-02", "Office chair, mesh", 32900, 9),
    ("RUG-05", "Wool rug 160x230", 24900, 6),
    ("BOOK-12", "Cookbook “One Pan”", 2490, 87),
    ("SHOE-21", "Running shoes", 9990, 58),
    ("COAT-09", "Rain coat", 11900, 0),
    ("TENT-04", "Two-person tent", 27900, 12),
    ("POT-06", "Cast-iron pot, 5 l", 8990, 34),
]

Order = tuple[str, str, int, str, Sequence[tuple[str, int]]]

ORDERS: list[Order] = [
    ("O-1001", "C-17", 12, "delivered", [("LAMP-03", 1)]),
    ("O-1002", "C-17", 12, "delivered", [("CHAIR-02", 1)]),
    ("O-1003", "C-17", 45, "delivered", [("MUG-01", 4)]),
    ("O-1004", "C-17", 2, "shipped", [("BOOK-12", 1), ("MUG-01", 1)]),
    ("O-1005", "C-11", 3, "shipped", [("HEAD-07", 1)]),
    ("O-1006", "C-11", 21, "delivered", [("POT-06", 1), ("BOOK-12", 2)]),
    ("O-1007", "C-12", 8, "delivered", [("RUG-05", 1)]),
    ("O-1008", "C-12", 1, "packed", [("SHOE-21", 1)]),
    ("O-1009", "C-12", 88, "delivered", [("TENT-04", 1)]),
    ("O-1010", "C-13", 5, "delivered", [("SHOE-21", 1)]),
    ("O-1011", "C-13", 29, "delivered", [("CHAIR-02", 2)]),
    ("O-1012", "C-14", 31, "delivered", [("LAMP-03", 1)]),
    ("O-1013", "C-14", 4, "shipped", [("COAT-09", 1)]),
    ("O-1014", "C-15", 6, "delivered", [("BOOK-12", 1)]),
    ("O-1015", "C-15", 0, "placed", [("MUG-01", 2), ("POT-06", 1)]),
    ("O-1016", "C-16", 14, "delivered", [("HEAD-07", 2)]),
    ("O-1017", "C-16", 60, "returned", [("SHOE-21", 1)]),
    ("O-1018", "C-16", 2, "shipped", [("TENT-04", 1), ("LAMP-03", 1)]),
    ("O-1019", "C-18", 10, "delivered", [("COAT-09", 1)]),
    ("O-1020", "C-18", 19, "delivered", [("RUG-05", 1), ("MUG-01", 1)]),
    ("O-1021", "C-19", 7, "delivered", [("POT-06", 2)]),
    ("O-1022", "C-19", 0, "placed", [("CHAIR-02", 1)]),
    ("O-1023", "C-19", 120, "delivered", [("BOOK-12", 3)]),
    ("O-1024", "C-20", 9, "delivered", [("SHOE-21", 1), ("COAT-09", 1)]),
    ("O-1025", "C-20", 16, "cancelled", [("RUG-05", 1)]),
    ("O-1026", "C-21", 27, "delivered", [("HEAD-07", 1)]),
    ("O-1027", "C-21", 3, "shipped", [("MUG-01", 6)]),
    ("O-1028", "C-22", 11, "delivered", [("LAMP-03", 2)]),
    ("O-1029", "C-22", 1, "packed", [("BOOK-12", 1)]),
    ("O-1030", "C-22", 33, "delivered", [("TENT-04", 1)]),
]

TICKETS = [
    # number, customer, subject, text, priority, status, made, request
    (1, "C-13", "Chair squeaks", "One of the two chairs squeaks.", "normal", "open", "", None),
    (2, "C-20", "Order cancelled twice", "Got two mails about O-1025.", "low", "closed", "", None),
    (3, "C-12", "Rug has a stain", "Customer will send a photo.", "high", "open", "", None),
]

_CARRIERS = ("Parcelo", "NordPost", "Flecha")
_ON_THE_WAY = {"shipped", "delivered", "returned"}


def shipment(number: str, age: int, status: str) -> list[tuple[str, str, str, str, int]]:
    """The parcel of an order: order, carrier, tracking number, status, days until it is due."""
    if status not in _ON_THE_WAY:
        return []
    carrier = _CARRIERS[int(number[2:]) % len(_CARRIERS)]
    arrived = status != "shipped"
    state = "delivered" if arrived else "in transit"
    return [(number, carrier, f"{carrier[:2].upper()}{number[2:]}77", state, 3 - min(age, 3))]


def steps(number: str, age: int, status: str) -> list[tuple[str, int, str, str]]:
    """What happened to the parcel: order, days ago, place, words."""
    if status not in _ON_THE_WAY:
        return []
    out = [(number, age, "Warehouse Leipzig", "packed and handed to the carrier")]
    if age >= 1:
        out.append((number, age - 1, "Hub Frankfurt", "sorted"))
    if status != "shipped":
        out.append((number, max(age - 2, 0), "Front door", "delivered"))
    return out
