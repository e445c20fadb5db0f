"""Which nodes of a journey read who somebody is: a protected attribute, or what stands in for one.

The names are English ones that fields usually have, and what scenarios name under `vary:`. What has
another name is not found: nothing here proves that a journey does not read it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

from journeybuilder.checks.context import Context, Known
from journeybuilder.checks.typed import Site
from journeybuilder.contract.cel_syntax import read
from journeybuilder.contract.cel_tree import Index, Name, Select, Tree, below
from journeybuilder.contract.cel_tree import Literal as Written
from journeybuilder.plan.plan import Plan

How = Literal["protected", "proxy", "varied"]
PROTECTED = frozenset({
    "gender", "sex", "race", "ethnicity", "ethnic_group", "ethnic_origin", "religion", "faith",
    "nationality", "citizenship", "disability", "disabled", "pregnant", "pregnancy",
    "marital_status", "sexual_orientation", "age", "birth_date", "birthdate", "birthday",
    "date_of_birth", "dob", "year_of_birth", "birth_year", "caste", "skin_color",
    "veteran_status", "refugee", "health_status",
})  # fmt: skip
PROXIES = frozenset({
    "first_name", "last_name", "surname", "family_name", "given_name", "full_name",
    "maiden_name", "salutation", "postcode", "zip_code", "postal_code", "birthplace",
    "place_of_birth", "country_of_birth", "accent", "dialect", "mother_tongue", "spouse",
})  # fmt: skip
OF_A_PERSON = frozenset({
    "name", "title", "language", "address", "street", "city", "town", "district", "region",
    "country", "zip", "email", "phone",
})  # fmt: skip
"""These stand in for something only where they are a person's."""
PERSONS = frozenset({
    "customer", "person", "caller", "user", "contact", "client", "patient", "member", "profile",
    "account", "applicant", "guest", "passenger", "subscriber", "holder", "input", "session",
})  # fmt: skip
_DECIDING = frozenset({"branch", "split", "loop", "wait"})
_ASKING = frozenset({"generate", "classify", "agent", "guard"})
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


class _Attribute(NamedTuple):
    name: str
    how: How


@dataclass(frozen=True)
class Reads:
    """A node that reads who somebody is.

    Attributes:
        setting: Where in the node, as `cases.0.when`.
        expression: As it is written.
        attribute: What it reads, such as `customer.gender`.
        how: `varied` is what a scenario names under `vary:`.
        via: The variable by which it comes here, or empty.
        decides: Whether the way hangs on it; else it is told to a model.
    """

    journey: str
    node: str
    setting: str
    expression: str
    attribute: str
    how: How
    via: str
    decides: bool

    @property
    def serious(self) -> bool:
        """Whether somebody has to look at it before customers do."""
        return self.decides and self.how != "proxy"

    @property
    def words(self) -> str:
        """What it does, in a sentence."""
        kind = {
            "protected": "a protected attribute",
            "proxy": "which may stand in for a protected attribute",
            "varied": "which a scenario varies",
        }[self.how]
        what = f"'{self.attribute}'" + (f" by way of '{self.via}'" if self.via else "")
        does = "chooses the way by" if self.decides else "tells a model"
        return f"'{self.node}' {does} {what}, {kind}: {self.expression}"

    def as_json(self) -> dict[str, Any]:
        """Its fields as JSON values, and the sentence."""
        return {**asdict(self), "words": self.words}


def reads_of(plan: Plan, varied: Collection[str] = ()) -> list[Reads]:
    """Every node that reads who somebody is, in all journeys of a plan.

    Args:
        plan: The journeys.
        varied: Attributes that scenarios vary, such as `customer.name`.
    """
    out: list[Reads] = []
    known = Known(tools=plan.tools, models=plan.bundle.models, journeys=plan.bundle.journeys)
    for name, each in plan.journeys.items():
        sites = Context(each.journey, known).typed.sites
        told = _told(plan, name)
        held = _held(sites, told, varied)
        for site in sites:
            if site.node.kind in _DECIDING or site.node.kind in _ASKING:
                out += _reads(name, site, held, told, varied)
    return list(dict.fromkeys(out))


def _told(plan: Plan, journey: str) -> Mapping[str, Mapping[str, str]]:
    """Data classes by variable and field: what is known of the tools whose answers are saved."""
    out: dict[str, Mapping[str, str]] = {}
    for node in plan.journeys[journey].journey.nodes.values():
        saved, tool = node.settings.get("save"), node.settings.get("tool")
        facts = plan.facts.get(str(tool))
        if isinstance(saved, str) and facts is not None and facts.data:
            out[saved] = facts.data
    return out


def _held(
    sites: Iterable[Site],
    told: Mapping[str, Mapping[str, str]],
    varied: Collection[str],
) -> Mapping[str, _Attribute]:
    """Variables that `set` nodes make from who somebody is, however many steps away."""
    made = [site for site in sites if site.node.kind == "set" and len(site.path) > 1]
    held: dict[str, _Attribute] = {}
    while True:
        before = len(held)
        for site in made:
            variable = str(site.path[1])
            for path in _paths(site.text):
                found = _attribute(path, told, varied) or held.get(path[0])
                if found is not None and variable not in held:
                    held[variable] = found
        if len(held) == before:
            return held


def _reads(
    journey: str,
    site: Site,
    held: Mapping[str, _Attribute],
    told: Mapping[str, Mapping[str, str]],
    varied: Collection[str],
) -> Iterator[Reads]:
    for path in _paths(site.text):
        found, via = _attribute(path, told, varied), ""
        if found is None:
            found, via = held.get(path[0]), path[0]
        if found is not None:
            yield Reads(
                journey, site.node.id, ".".join(map(str, site.path)), site.text,
                found.name, found.how, via, site.node.kind in _DECIDING,
            )  # fmt: skip


def _attribute(
    path: tuple[str, ...], told: Mapping[str, Mapping[str, str]], varied: Collection[str]
) -> _Attribute | None:
    """What a path reads of who somebody is."""
    name = ".".join(path)
    for each in varied:
        if name in {each, f"input.{each}"} or name.startswith(f"{each}."):
            return _Attribute(name, "varied")
    words = [_CAPITAL.sub("_", part).casefold() for part in path]
    last, parents = words[-1], words[:-1]
    data = told.get(path[0], {}).get(path[-1], "")
    if data == "health" or last in PROTECTED:
        return _Attribute(name, "protected")
    person = bool(PERSONS.intersection(parents)) or data == "personal"
    if last in PROXIES or (last in OF_A_PERSON and person):
        return _Attribute(name, "proxy")
    return None


def _paths(text: str) -> list[tuple[str, ...]]:
    """The paths that an expression reads: `a.b.c` as its three names."""
    tree = read(text)
    if tree is None:  # beyond what is read here; a name too many does no harm
        return [tuple(found.group().split(".")) for found in _WORD.finditer(text)]
    return list(dict.fromkeys(_paths_in(tree)))


def _paths_in(tree: Tree) -> Iterator[tuple[str, ...]]:
    whole = _path(tree)
    if whole:
        yield whole
        return
    for part in below(tree):
        yield from _paths_in(part)


def _path(tree: Tree) -> tuple[str, ...]:
    """The names of a path; empty where it is none."""
    names: list[str] = []
    while not isinstance(tree, Name):
        if isinstance(tree, Select):
            names.append(tree.field)
        elif isinstance(tree, Index) and isinstance(tree.by, Written) and tree.by.words:
            names.append(tree.by.words)
        else:
            return ()
        tree = tree.of
    return (tree.id, *reversed(names))
