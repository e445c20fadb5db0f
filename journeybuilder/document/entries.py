"""What stands inside models.yaml, journeybuilder.yaml, mcp.lock and scenarios, one class an entry.

A key is added here and read where it is used; `declared` finds misspelled keys and wrong types.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypeVar, cast

from journeybuilder.document.declared import Report, read_entries, read_entry
from journeybuilder.document.findings import Problem, near
from journeybuilder.document.model import mapping
from journeybuilder.document.pairs import items_of
from journeybuilder.document.rules import WRONG_TYPE
from journeybuilder.document.scenario_form import (
    RANDOM,
    CustomerLine,
    CustomerPlayed,
    ScenarioEntries,
)


def ignored(problem: Problem) -> None:
    """Takes a problem of somebody who only wants the entries; the file's findings hold it."""
    del problem


def _texts() -> dict[str, str]:
    return {}


def _values() -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """An alias of models.yaml.

    Attributes:
        model: `provider/name`, or `scripted`; that it is there is checked with the models.
        region: Where it runs, e.g. `eu`.
        retention: How long its provider keeps what it reads, e.g. `30d` or `none`.
        fallbacks: Aliases that stand in when it fails, in this order.
        timeout: Seconds until a call is given up.
        price: USD for a million tokens.
        budget: USD in a time, after which it is not called.
    """

    model: Any = ""
    api_base: str = ""
    api_key: str = ""
    region: str = ""
    retention: str = ""
    fallbacks: tuple[str, ...] = ()
    temperature: float | None = None
    max_tokens: int | None = None
    timeout: float | str | None = None
    price: Mapping[str, Any] = field(default_factory=_values)
    budget: Mapping[str, Any] = field(default_factory=_values)


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment of journeybuilder.yaml.

    Attributes:
        store: URL of the run store.
        models: The alias that takes the place of another.
        require_signature: True where only signed bundles run.
    """

    store: str = ""
    models: Mapping[str, Any] = field(default_factory=_values)
    require_signature: bool = False


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What the workspace knows of a server and MCP does not carry.

    Attributes:
        trust: `own` or `outside`: what an outside server returns is untrusted text.
        start: The command that serves its URL on this machine, in words.
    """

    OPEN: ClassVar[bool] = True
    trust: str = ""
    region: str = ""
    start: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolEntry:
    """What the workspace knows of a tool.

    Attributes:
        risk: `read`, `write` or `irreversible`; checked with the workspace.
        data: Data class by the name of a field.
        key: The argument that takes an idempotency key.
    """

    OPEN: ClassVar[bool] = True
    risk: Any = ""
    data: Mapping[str, str] = field(default_factory=_texts)
    idempotent: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who may edit, approve, publish or review."""

    OPEN: ClassVar[bool] = True
    name: str = ""
    roles: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LockEntry:
    """A tool as it was approved."""

    OPEN: ClassVar[bool] = True
    digest: str = ""
    risk: str = ""
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class WorkspaceEntries:
    """What stands inside journeybuilder.yaml."""

    OPEN: ClassVar[bool] = True
    environments: Mapping[str, Environment] = field(default_factory=_values)
    servers: Mapping[str, ServerFacts] = field(default_factory=_values)
    tools: Mapping[str, ToolEntry] = field(default_factory=_values)
    people: tuple[Person, ...] = ()


def model_entries(data: Mapping[str, Any], report: Report = ignored) -> Mapping[str, ModelEntry]:
    """The aliases of models.yaml."""
    return read_entries(ModelEntry, mapping(data.get("models")), ("models",), report)


def workspace_entries(data: Mapping[str, Any], report: Report = ignored) -> WorkspaceEntries:
    """The entries of journeybuilder.yaml."""
    return _entries(WorkspaceEntries, data, report)


def lock_entries(data: Mapping[str, Any], report: Report = ignored) -> Mapping[str, LockEntry]:
    """The approved tools of mcp.lock by `server/tool`."""
    return read_entries(LockEntry, mapping(data.get("tools")), ("tools",), report)


def scenario_entries(data: Mapping[str, Any], report: Report = ignored) -> ScenarioEntries:
    """The entries of a scenario."""
    customer = data.get("customer")
    for index, line in enumerate(items_of(customer) or ()):
        read_entry(CustomerLine, line, ("customer", index), report)
    if isinstance(customer, dict):
        read_entry(CustomerPlayed, cast("object", customer), ("customer",), report)
    elif isinstance(customer, str) and customer != RANDOM:
        message = f"`customer:` has to be a script, a persona or `{RANDOM}`, and is '{customer}'."
        hint = near(customer, [RANDOM]) or "Write `- {hears: …, says: …}` for each answer below it."
        report(Problem(WRONG_TYPE, ("customer",), message, hint))
    return _entries(ScenarioEntries, data, report)


_READERS: Mapping[str, Callable[[Mapping[str, Any], Report], object]] = {
    "workspace": workspace_entries,
    "models": model_entries,
    "lock": lock_entries,
    "scenario": scenario_entries,
}
T = TypeVar("T")


def _entries(kind: type[T], data: Mapping[str, Any], report: Report) -> T:
    """The declared top-level keys that hold a mapping or list; others are matters of form."""
    known = {field.name for field in fields(cast("Any", kind))}
    inside = {key: data[key] for key in data if key in known and isinstance(data[key], dict | list)}
    return read_entry(kind, inside, (), report)


def problems_inside(name: str, data: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong inside a file, below its top-level keys; nothing for a form without entries."""
    reader = _READERS.get(name)
    found: list[Problem] = []
    if reader is not None:
        reader(data, found.append)
    yield from found
