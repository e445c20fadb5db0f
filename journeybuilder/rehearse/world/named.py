"""Sensible texts and numbers for fields by their names: what a made answer is filled with.

Everything is invented: addresses are those kept for examples, telephone numbers those kept for films.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_FIRST = ("Alex", "Maria", "Sam", "Aisha", "José", "Wei", "Emma", "Noah", "Fatima", "Lukas")
_LAST = ("Morgan", "García", "Khan", "Schmidt", "Chen", "Rossi", "Novak", "Okafor", "Silva", "Lee")
_CITIES = ("Springfield", "Lyon", "Valencia", "Leeds", "Graz", "Porto", "Aarhus", "Ghent")
_STREETS = ("Mill Lane", "High Street", "Station Road", "Park Avenue", "Church Street")
_THINGS = ("Rain jacket", "Desk lamp", "Running shoes", "Coffee mug", "Backpack", "Wool scarf")
_COMPANIES = ("Northwind", "Acme", "Globex", "Initech", "Contoso")
_CARRIERS = ("DHL", "UPS", "FedEx", "DPD")
_COLORS = ("blue", "green", "red", "black", "white")
_STATES = ("open", "active", "pending", "shipped", "closed")
_COUNTRIES = ("US", "DE", "FR", "ES", "GB", "AT")
_CURRENCIES = ("EUR", "USD", "GBP")
_LANGUAGES = ("en", "es", "de", "fr")
_DAY = 86400
_BEGIN = 1_767_600_000  # as the virtual clock
_IDS = {"id", "ids", "key", "ref", "reference", "number", "no", "code", "sku", "token", "uuid"}


def words_of(name: str) -> list[str]:
    """The words of a field's name: `orderId`, `order_id` and `order-id` are `order`, `id`."""
    return [word.casefold() for word in _WORDS.findall(name)]


def is_id(name: str) -> bool:
    """Whether a field names one thing among others."""
    words = words_of(name)
    return bool(words) and words[-1] in _IDS


def ident(name: str, random: Random) -> str:
    """An id: the first letter of what it is of and four digits, `O-4821`."""
    letter = next((word[0].upper() for word in words_of(name) if word not in _IDS), "A")
    return f"{letter}-{random.randrange(1000, 10000)}"


Maker = Callable[[Random], str]


def _day(random: Random, back: int, ahead: int) -> int:
    return _BEGIN + random.randrange(-back, ahead + 1) * _DAY + random.randrange(0, 36_000)


def _date(moment: int) -> str:
    # by hand: `datetime` of a day in the far past differs between systems, and this is all we need
    days = moment // _DAY
    year, month, day = _civil(days)
    return f"{year:04}-{month:02}-{day:02}"


def _civil(days: int) -> tuple[int, int, int]:
    shifted = days + 719_468
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9  # noqa: PLR2004 - a year that begins in March
    return year + era * 400 + (month <= 2), month, day  # noqa: PLR2004


def date(random: Random) -> str:
    """A day within a month around the day on which rehearsals begin."""
    return _date(_day(random, 20, 10))


def moment(random: Random) -> str:
    """A moment of such a day, in UTC."""
    at = _day(random, 20, 10)
    rest = at % _DAY
    return f"{_date(at)}T{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}Z"


def _person(random: Random) -> str:
    return f"{random.choice(_FIRST)} {random.choice(_LAST)}"


def email(random: Random) -> str:
    """An address of nobody."""
    first, last = random.choice(_FIRST), random.choice(_LAST)
    plain = f"{first}.{last}".casefold().translate(str.maketrans("éíá", "eia"))
    return f"{plain}@example.com"


def uuid(random: Random) -> str:
    """A UUID of version 4."""
    digits = f"{random.getrandbits(128):032x}"
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def _phone(random: Random) -> str:
    return f"+1 202 555 01{random.randrange(100):02}"


def _street(random: Random) -> str:
    return f"{random.randrange(1, 200)} {random.choice(_STREETS)}"


def _address(random: Random) -> str:
    return f"{_street(random)}, {random.choice(_CITIES)}"


def _sentence(random: Random) -> str:
    return f"{random.choice(_THINGS)}: everything as it should be."


def _url(random: Random) -> str:
    return f"https://example.com/{random.randrange(1000, 10000)}"


def _one(of: Sequence[str]) -> Maker:
    def choose(random: Random) -> str:
        return random.choice(of)

    return choose


FORMATS: dict[str, Maker] = {
    "date": date,
    "date-time": moment,
    "time": lambda random: f"{random.randrange(8, 18):02}:{random.choice((0, 15, 30)):02}:00Z",
    "duration": lambda random: f"PT{random.randrange(1, 9)}H",
    "email": email,
    "idn-email": email,
    "hostname": lambda random: f"shop{random.randrange(1, 9)}.example.com",
    "ipv4": lambda random: f"192.0.2.{random.randrange(1, 255)}",
    "ipv6": lambda random: f"2001:db8::{random.randrange(1, 0xFFFF):x}",
    "uri": _url,
    "iri": _url,
    "uri-reference": lambda random: f"/{random.randrange(1000, 10000)}",
    "uuid": uuid,
}
"""By the `format` of a schema."""

_TEXTS: tuple[tuple[set[str], Maker], ...] = (
    ({"phone", "telephone", "mobile", "tel"}, _phone),
    ({"zip", "postcode", "postal"}, lambda random: f"{random.randrange(10_000, 99_999)}"),
    ({"country"}, _one(_COUNTRIES)),
    ({"currency"}, _one(_CURRENCIES)),
    ({"language", "locale", "lang"}, _one(_LANGUAGES)),
    ({"email", "mail"}, email),
    ({"url", "uri", "link", "href", "website"}, _url),
    ({"first", "given", "forename"}, _one(_FIRST)),
    ({"last", "family", "surname"}, _one(_LAST)),
    ({"city", "town"}, _one(_CITIES)),
    ({"street"}, _street),
    ({"address"}, _address),
    ({"carrier"}, _one(_CARRIERS)),
    ({"company", "organization", "vendor", "brand"}, _one(_COMPANIES)),
    ({"product", "item", "article", "title", "subject"}, _one(_THINGS)),
    ({"color", "colour"}, _one(_COLORS)),
    ({"status", "state"}, _one(_STATES)),
    ({"name", "customer", "person", "user", "agent", "driver"}, _person),
    ({"date", "day", "birthday", "dob"}, date),
    ({"time", "at", "when", "moment", "timestamp", "created", "updated"}, moment),
    (
        {"text", "message", "note", "notes", "description", "summary", "reason", "comment"},
        _sentence,
    ),
)
_CODED = 5
"""So many of these stand before `code` or `number` too: `country_code` is no id of a country."""


def text(name: str, random: Random) -> str:
    """A text for a field of this name."""
    words = words_of(name)
    rows = _TEXTS[:_CODED] if is_id(name) else _TEXTS
    order = words[::-1]  # what it is stands last: `customer_email`
    if order[:1] == ["name"]:
        order = [*order[1:], "name"]  # `first_name`, `company_name`
    for word in order:
        for names, make in rows:
            if word in names:
                return make(random)
    if is_id(name):
        return ident(name, random)
    return " ".join(words) or "text"


_NUMBERS: tuple[tuple[set[str], float, float, int], ...] = (
    ({"price", "total", "amount", "cost", "sum", "balance", "fee", "refund", "value"}, 5, 250, 2),
    ({"age", "days"}, 1, 30, 0),
    ({"count", "quantity", "qty", "items", "pieces", "parcels", "attempts", "number"}, 1, 5, 0),
    ({"hours"}, 1, 24, 0),
    ({"minutes", "seconds"}, 1, 59, 0),
    ({"percent", "percentage"}, 1, 100, 0),
    ({"probability", "confidence", "score", "share", "ratio"}, 0.05, 0.95, 2),
    ({"rating", "stars"}, 1, 5, 0),
    ({"year"}, 2024, 2026, 0),
    ({"month"}, 1, 12, 0),
    ({"weight", "kg"}, 0.2, 12, 1),
    ({"lat", "latitude"}, -60, 60, 4),
    ({"lon", "lng", "longitude"}, -170, 170, 4),
)


def number(name: str, random: Random) -> float:
    """A number for a field of this name; its schema may still ask for another one."""
    for word in reversed(words_of(name)):
        for names, low, high, digits in _NUMBERS:
            if word in names:
                return round(low + (high - low) * random.random(), digits)
    return random.randrange(1, 10)


_GOOD = {
    "ok", "valid", "verified", "success", "successful", "found", "sent", "exists", "active", "available",
    "accepted", "approved", "confirmed", "done", "eligible", "matched", "match", "enabled", "known",
}  # fmt: skip


def flag(name: str) -> bool:
    """Whether a yes is what one expects of a field of this name."""
    return bool(_GOOD.intersection(words_of(name)))
