"""What stands inside a scenario, and the words that mean something there.

A key is added here and read where it is used; `declared` finds misspelled keys and wrong types.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

FAULTS = ("timeout", "unreachable", "unauthorized", "error", "bad_json", "empty", "drifted")
"""The faults with a name; any other text behind `fails:` is what the tool or model says of itself."""
SOURCES = ("scenario", "recording", "made", "edge", "real")
"""Who may answer in the place of a tool or a model."""
RANDOM = "random"
"""`customer: random`: one who answers at random, rightly and wrongly."""


def _values() -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """What a scripted customer says once certain words were said.

    Attributes:
        hears: Words that must have been said; without them the line always fits.
        says: The answer.
        after: How long it takes to come.
        silent: True where nothing is said until the wait is over.
    """

    hears: str = ""
    says: Any = ""
    after: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class CustomerPlayed:
    """A customer whom a model plays.

    Attributes:
        persona: Who it is, in words.
        goal: What it wants.
        mood: How it is.
        language: What it speaks.
        facts: What it knows and tells when asked.
        model: The alias that plays it.
        turns: How many answers it gives at most.
    """

    persona: str = ""
    goal: str = ""
    mood: str = ""
    language: str = ""
    facts: Mapping[str, Any] = field(default_factory=_values)
    model: str = ""
    turns: int = 0


@dataclass(frozen=True, slots=True)
class ToolTurn:
    """One answer of a tool or a resource.

    Attributes:
        returns: What it gives back; what the schema demands beside it is made up.
        fails: A fault by its name, or the tool's own words.
        slow: How long it takes.
        given: Arguments of the calls that it is for; several with the same ones are answers in turn.
        calls: Which calls it is for: `2`, `[2, 3]` or `{from: 2, to: 5}`; all others do without.
        share: Which part of the calls it is for, from 0 to 1, by the seed.
    """

    returns: Any = None
    fails: str = ""
    slow: str = ""
    given: Mapping[str, Any] = field(default_factory=_values)
    calls: int | Mapping[str, int] | tuple[int, ...] = 0
    share: float = 0


@dataclass(frozen=True, slots=True)
class ModelTurn:
    """One answer of a model.

    Attributes:
        when: Words, or `{matches: pattern}`, that must have been said.
        says: Words, or a value where one is wanted.
        calls: Tools that it calls, `[{tool, with}]`; beside `fails` and `slow` which questions are meant.
        fails: A fault by its name, or other words.
        slow: How long it takes.
        share: Which part of the questions it is for, from 0 to 1, by the seed.
    """

    when: Any = None
    says: Any = None
    calls: Any = None
    fails: str = ""
    slow: str = ""
    share: float = 0


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What a person decides in a rehearsal.

    Attributes:
        decision: One of the node's decisions.
        after: How long it takes.
        value: What the person makes of what may be edited.
        note: What it says to it.
        by: Who it is.
    """

    decision: str = ""
    after: str = ""
    value: Any = None
    note: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class EventLine:
    """When an event comes in a rehearsal, and with what."""

    after: str = ""
    data: Any = None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Variables that are set by hand, as in a debugger.

    Attributes:
        before: The node before which it happens; in a called journey `journey/node`.
        visit: Which of its visits, from 1.
        set: The variables and their values.
    """

    before: str = ""
    visit: int = 1
    set: Mapping[str, Any] = field(default_factory=_values)


@dataclass(frozen=True, slots=True)
class SourcesEntry:
    """Who plays what, by `server/tool` and by alias; `*` is every other one."""

    tools: Mapping[str, str] = field(default_factory=_values)
    models: Mapping[str, str] = field(default_factory=_values)


@dataclass(frozen=True, slots=True)
class RandomEntry:
    """A campaign: so many runs with random customers and answers."""

    runs: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must hold in the end.

    Attributes:
        path: Nodes that are visited in this order; others may lie between.
        called: A tool, or `{tool, with, times}`.
        never: A tool, or `{tool, with}`, that is not called.
        said: `{matches: pattern}` for something said to the customer.
        outcome: The outcome of the end that is reached.
        output: Fields of what the journey gives back.
        cost_usd: `{below: amount}`.
        remembered: What is known of the customer in the end.
        when: A condition over the variables in the end.
        sound: True: nothing went wrong that never should.
    """

    path: str | tuple[str, ...] = ()
    called: str | Mapping[str, Any] = ""
    never: str | Mapping[str, Any] = ""
    said: str | Mapping[str, Any] = ""
    outcome: str = ""
    output: Mapping[str, Any] = field(default_factory=_values)
    cost_usd: Mapping[str, Any] = field(default_factory=_values)
    remembered: Mapping[str, Any] = field(default_factory=_values)
    when: str = ""
    sound: bool = False


EXPECTATIONS = tuple(each.name for each in fields(Expectation))


@dataclass(frozen=True, slots=True)
class ScenarioEntries:
    """What stands inside a scenario."""

    OPEN: ClassVar[bool] = True
    tools: Mapping[str, ToolTurn | tuple[ToolTurn, ...]] = field(default_factory=_values)
    models: Mapping[str, tuple[ModelTurn, ...]] = field(default_factory=_values)
    people: Mapping[str, PersonLine | tuple[PersonLine, ...]] = field(default_factory=_values)
    resources: Mapping[str, ToolTurn | tuple[ToolTurn, ...]] = field(default_factory=_values)
    prompts: Mapping[str, Any] = field(default_factory=_values)
    events: Mapping[str, EventLine | tuple[EventLine, ...]] = field(default_factory=_values)
    changes: tuple[ChangeLine, ...] = ()
    sources: SourcesEntry = field(default_factory=SourcesEntry)
    random: RandomEntry = field(default_factory=RandomEntry)
    expect: tuple[Expectation, ...] = ()
    vary: Mapping[str, tuple[Any, ...]] = field(default_factory=_values)
