"""What contacts will cost: from what contacts used so far, and from what models cost today.

A price that nobody knows is said and never counted as nothing: then there is no total, only the part
that is known.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from journeybuilder.connect.prices import Usage, cost_of
from journeybuilder.rehearse.chance import Interval, bootstrap_mean, quantile
from journeybuilder.rehearse.comparing.lineup import price_of
from journeybuilder.rehearse.comparing.trial import is_scripted
from journeybuilder.rehearse.comparing.usage import Contact, Used

Origin = Literal["runs", "recordings", "rehearsal"]
Entries = Mapping[str, Mapping[str, Any]]
FEW = 10
"""Below so many contacts the spread is a guess."""


@dataclass(frozen=True)
class Line:
    """A part of the cost: of a node, or of a model.

    Attributes:
        calls: Of a contact, as a mean; `tokens_in` and `tokens_out` likewise.
        usd: Of a contact, as a mean; None where a price is not known.
        share: Of the whole that is known; None where it is not known itself.
    """

    node: str
    alias: str
    model: str
    calls: float
    tokens_in: float
    tokens_out: float
    usd: float | None
    share: float | None

    def as_json(self) -> dict[str, Any]:
        """Its fields as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Alternative:
    """The same contacts with another model.

    Attributes:
        alias: The alias of the journey that it plays; `*` is every one.
        plays: The alias of `models.yaml` that would play it.
        usd: Of a contact; None where a price is not known.
        total: Of all contacts.
        change: Against the forecast, -0.5 being half the cost; None where there is nothing to set it
            against.
    """

    alias: str
    plays: str
    model: str
    usd: float | None
    total: Interval | None
    change: float | None

    def as_json(self) -> dict[str, Any]:
        """Its fields as JSON values."""
        return {**asdict(self), "total": self.total.as_json() if self.total else None}


@dataclass(frozen=True)
class Forecast:
    """What so many contacts will cost.

    Attributes:
        origin: What it rests on; `seen` is how many contacts that are.
        guessed: Whether tokens are estimated from the length of texts.
        usd: Of a contact: the mean with its 95 % interval; None where a price is not known.
        p95: What 95 % of the contacts stay below.
        total: Of all contacts, with the interval in which it lies 95 times of 100.
        known_total: What the part with known prices comes to.
        unknown: The aliases whose price nobody knows.
        seed: Of the drawing for the intervals.
    """

    journey: str
    contacts: int
    origin: Origin
    seen: int
    guessed: bool
    usd: Interval | None
    p95: float | None
    total: Interval | None
    known_total: float
    unknown: Sequence[str]
    nodes: Sequence[Line]
    models: Sequence[Line]
    alternatives: Sequence[Alternative]
    notes: Sequence[str]
    seed: int

    def as_json(self) -> dict[str, Any]:
        """One document; the editor shows the same table."""
        return {
            "journey": self.journey,
            "contacts": self.contacts,
            "origin": self.origin,
            "seen": self.seen,
            "guessed": self.guessed,
            "usd": self.usd.as_json() if self.usd else None,
            "p95": self.p95,
            "total": self.total.as_json() if self.total else None,
            "known_total": self.known_total,
            "unknown": list(self.unknown),
            "nodes": [each.as_json() for each in self.nodes],
            "models": [each.as_json() for each in self.models],
            "alternatives": [each.as_json() for each in self.alternatives],
            "notes": list(self.notes),
            "seed": self.seed,
        }


@dataclass(frozen=True)
class Seen:
    """What is known of how contacts go.

    Attributes:
        contacts: At least one.
        notes: What the reader must know of where that is from.
    """

    contacts: Sequence[Contact]
    origin: Origin
    notes: Sequence[str] = ()


Pricing = Callable[[Used], float | None]


def forecast(
    journey: str,
    contacts: int,
    found: Seen,
    bound: Entries,
    known: Entries,
    *,
    others: Sequence[str] = (),
    seed: int = 1,
) -> Forecast:
    """Say what contacts will cost.

    Args:
        journey: Its id.
        contacts: How many are to come.
        found: What is known of how contacts go.
        bound: What stands behind each alias of the journey.
        known: All aliases of `models.yaml`.
        others: Those whose price it is set beside; all with another model when empty.
        seed: Of the drawing for the intervals.
    """
    seen = found.contacts
    entries = paying(bound, known)

    def today(used: Used) -> float | None:
        return price_today(used, entries)

    usd, total = _spread(contacts, seen, today, seed)
    unknown = sorted({each.alias for c in seen for each in c.used if today(each) is None})
    whole = sum(contact.weight for contact in seen)
    known_usd = sum(
        (today(each) or 0.0) * contact.weight for contact in seen for each in contact.used
    )
    costs = [sum(today(each) or 0.0 for each in contact.used) for contact in seen]
    return Forecast(
        journey=journey,
        contacts=contacts,
        origin=found.origin,
        seen=len(seen),
        guessed=any(contact.guessed for contact in seen),
        usd=usd,
        p95=quantile(costs, 0.95) if usd is not None else None,
        total=total,
        known_total=known_usd / whole * contacts,
        unknown=unknown,
        nodes=_lines(seen, today, lambda used: (used.node, used.asked, "")),
        models=_lines(seen, today, lambda used: ("", used.asked, _behind(used, entries))),
        alternatives=_alternatives(contacts, seen, entries, known, others, total, seed),
        notes=[*found.notes, *_notes(seen, bound, entries, unknown)],
        seed=seed,
    )


def paying(bound: Entries, known: Entries) -> Entries:
    """What is paid for each alias: where the stand-in plays it here, what `models.yaml` names."""
    return {
        **known,
        **{
            alias: known.get(alias, entry) if is_scripted(entry) else entry
            for alias, entry in bound.items()
        },
    }


def price_today(used: Used, entries: Entries) -> float | None:
    """What one call costs today: as billed where the same model answered, else by its tokens."""
    entry = entries.get(used.alias) or entries.get(used.asked)
    if entry is None:
        return used.cost_usd
    if used.cost_usd is not None and _same_model(used.model, str(entry.get("model", ""))):
        return used.cost_usd
    return cost_of(Usage(used.tokens_in, used.tokens_out), price_of(entry))


def _same_model(answered: str, named: str) -> bool:
    """Providers answer with a dated name for the one that was asked for."""
    return answered.rpartition("/")[2].startswith(named.rpartition("/")[2])


def _behind(used: Used, entries: Entries) -> str:
    entry = entries.get(used.alias) or entries.get(used.asked) or {}
    return str(entry.get("model", used.model))


def _spread(
    contacts: int, seen: Sequence[Contact], price: Pricing, seed: int
) -> tuple[Interval | None, Interval | None]:
    """The mean of a contact, and the sum of so many to come."""
    costs: list[float] = []
    for contact in seen:
        parts = [price(each) for each in contact.used]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None, None
        costs.append(sum(known))
    weights = [contact.weight for contact in seen]
    mean = bootstrap_mean(costs, weights, seed=seed)
    drawn = bootstrap_mean(costs, weights, of=contacts, seed=seed)
    if mean is None or drawn is None:
        return None, None
    total = Interval(drawn.value * contacts, max(0.0, drawn.low) * contacts, drawn.high * contacts)
    return mean, total


def _lines(
    seen: Sequence[Contact], price: Pricing, key: Callable[[Used], tuple[str, str, str]]
) -> list[Line]:
    groups: dict[tuple[str, str, str], list[tuple[Used, float]]] = {}
    whole = sum(contact.weight for contact in seen)
    for contact in seen:
        for used in contact.used:
            groups.setdefault(key(used), []).append((used, contact.weight / whole))
    costs = {name: _cost(members, price) for name, members in groups.items()}
    known = sum(cost for cost in costs.values() if cost is not None)
    lines = [
        Line(
            *name,
            calls=sum(weight for _, weight in members),
            tokens_in=sum(used.tokens_in * weight for used, weight in members),
            tokens_out=sum(used.tokens_out * weight for used, weight in members),
            usd=(cost := costs[name]),
            share=None if cost is None else cost / known if known else 0.0,
        )
        for name, members in groups.items()
    ]
    return sorted(lines, key=lambda line: (line.usd is not None, -(line.usd or 0.0)))


def _cost(members: Sequence[tuple[Used, float]], price: Pricing) -> float | None:
    total = 0.0
    for used, weight in members:
        cost = price(used)
        if cost is None:
            return None
        total += cost * weight
    return total


def _alternatives(
    contacts: int,
    seen: Sequence[Contact],
    entries: Entries,
    known: Entries,
    others: Sequence[str],
    total: Interval | None,
    seed: int,
) -> list[Alternative]:
    aliases = sorted({used.asked for contact in seen for used in contact.used})
    roles = ["*", *aliases] if len(aliases) > 1 else aliases
    out: list[Alternative] = []
    for plays in others or [name for name, entry in known.items() if not is_scripted(entry)]:
        told: list[list[str]] = [[]]
        for role in roles:
            touched = aliases if role == "*" else [role]
            changed = [alias for alias in touched if _entry(alias, entries) != known[plays]]
            if changed in told:
                continue
            told.append(changed)
            usd, sum_ = _spread(contacts, seen, _with(role, known[plays], entries), seed)
            change = None
            if total is not None and sum_ is not None and total.value > 0:
                change = sum_.value / total.value - 1
            model = str(known[plays].get("model", ""))
            out.append(Alternative(role, plays, model, usd.value if usd else None, sum_, change))
    return out


def _entry(alias: str, entries: Entries) -> Mapping[str, Any]:
    return entries.get(alias, {})


def _with(role: str, entry: Mapping[str, Any], entries: Entries) -> Pricing:
    """The price of a call where a model plays one role, or all of them, with the same tokens."""
    price = price_of(entry)

    def of(used: Used) -> float | None:
        if role not in {"*", used.asked} or _entry(used.asked, entries) == entry:
            return price_today(used, entries)
        return cost_of(Usage(used.tokens_in, used.tokens_out), price)

    return of


def _notes(
    seen: Sequence[Contact], bound: Entries, entries: Entries, unknown: Sequence[str]
) -> list[str]:
    out: list[str] = []
    for alias in unknown:
        model = _entry(alias, entries).get("model", "")
        out.append(
            f"nobody knows the price of '{alias}' ({model}): there is no total; "
            "add 'price' to it in models.yaml"
        )
    for alias, entry in bound.items():
        if is_scripted(entry) and not is_scripted(entries[alias]):
            name = entries[alias].get("model", "")
            out.append(
                f"the stand-in plays '{alias}' here; it is priced as models.yaml has it: {name}"
            )
    if bound and all(is_scripted(entries[alias]) for alias in bound):
        out.append("only the stand-in is used, which costs nothing: choose another --env")
    if any(contact.guessed for contact in seen):
        out.append(
            "tokens are guessed from the length of texts: expect a third more or less; "
            "rehearse with real models (--ask-models), or with runs of the store, to know better"
        )
    if len(seen) < FEW:
        few = "1 contact" if len(seen) == 1 else f"{len(seen)} contacts"
        out.append(f"it rests on {few}: the spread is a guess")
    if not any(contact.used for contact in seen):
        out.append("no contact used a model: there is nothing to pay for")
    out.append("other models are priced with the same tokens; their own counts differ somewhat")
    return out
