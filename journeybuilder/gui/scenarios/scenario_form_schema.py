"""What a scenario of one journey can say, as JSON Schemas: forms and completion follow from them.

Knows no Qt.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.checks import Known
from journeybuilder.checks.context import Context
from journeybuilder.checks.journeys import called_from
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.model import Journey, Node
from journeybuilder.gui.forms.schema_reading import Schema
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.language import tr

_DEFINITIONS = ("$defs", "definitions")


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of a scenario.

    Attributes:
        path: Where it stands in the scenario.
        optional: Whether it is offered to be added rather than always there.
    """

    path: tuple[str | int, ...]
    title: str
    schema: Schema
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Parts that belong together, with words for people who see them for the first time."""

    key: str
    title: str
    about: str
    entries: Sequence[Entry] = field(default_factory=tuple[Entry, ...])


def sections_of(journey: Journey, known: Known) -> list[Section]:
    """The usual parts of a scenario of a journey, in the order in which one writes them."""
    journeys = called_from(journey, known.journeys or {journey.id: journey})
    nodes = [node for each in journeys for node in each.nodes.values()]
    used = _used(journeys, known)
    return [
        _start(journey),
        _customer(known),
        _tools(used.get("tool", ()), known),
        _people(nodes),
        _events(nodes),
        _models(used.get("model", ()), known),
        _expect(journey, nodes, journeys, used.get("tool", ())),
    ]


def whole(sections: Sequence[Section]) -> dict[str, Any]:
    """All sections as the schema of a file, for completion."""
    root: dict[str, Any] = {"type": "object", "properties": {}}
    for section in sections:
        for entry in section.entries:
            at = root
            for key in entry.path[:-1]:
                at = at["properties"].setdefault(key, {"type": "object", "properties": {}})
            at["properties"][entry.path[-1]] = {"title": entry.title, **entry.schema}
    return root


def _used(journeys: Iterable[Journey], known: Known) -> dict[str, list[str]]:
    """What journeys use, by the role of the values that name it, each once."""
    out: dict[str, dict[str, None]] = {}
    for journey in journeys:
        for _, use in Context(journey, known).uses:
            several = use.mark.role == "tools"
            for value in as_list(use.value) if several else (use.value,):
                if isinstance(value, str) and value and "${" not in value:
                    out.setdefault("tool" if several else use.mark.role, {})[value] = None
    return {role: list(names) for role, names in out.items()}


# --- the parts ---------------------------------------------------------------------------------------


def _start(journey: Journey) -> Section:
    text = {"type": "string"}
    entries = [Entry(("scenario",), tr("Name"), text)]
    if len(journey.channels) > 1:
        entries.append(Entry(("channel",), tr("Channel"), {"enum": list(journey.channels)}))
    if len(journey.languages) > 1:
        entries.append(Entry(("language",), tr("Language"), {"enum": list(journey.languages)}))
    if as_object(journey.input.get("properties")):
        schema = {"type": "object", **journey.input}
        entries.append(Entry(("input",), tr("Input"), schema))
    return Section("start", tr("What starts it"), "", entries)


def _customer(known: Known) -> Section:
    line = {
        "type": "object",
        "properties": {
            "hears": {"type": "string", "title": tr("Once this was said")},
            "says": {"type": "string", "title": tr("the customer says")},
        },
        "additionalProperties": False,
    }
    played = {
        "persona": {"type": "string", "title": tr("Who the customer is")},
        "goal": {"type": "string", "title": tr("What the customer wants")},
        "mood": {"type": "string", "title": tr("Mood")},
        "language": {"type": "string", "title": tr("Language")},
        "model": {"enum": list(known.models), "title": tr("Model")},
        "turns": {"type": "integer", "title": tr("At most so many answers")},
        "facts": {"type": "object", "title": tr("What the customer knows")},
    }
    schema = {
        "anyOf": [
            {"title": tr("Says these lines"), "type": "array", "items": line},
            {"title": tr("Is played by a model"), "type": "object", "properties": played},
            {"title": tr("Answers at random"), "const": "random"},
        ]
    }
    about = tr("Each line is said once the words before it were heard.")
    entry = Entry(("customer",), tr("Customer"), schema)
    return Section("customer", tr("The customer"), about, [entry])


def _conditions() -> dict[str, Any]:
    """What every answer of a tool can say besides."""
    return {
        "slow": {"type": "string", "title": tr("Takes so long"), "examples": ["20s"]},
        "given": {"type": "object", "title": tr("With these values")},
        "calls": {
            "type": "array", "items": {"type": "integer"},
            "title": tr("Only at these calls"), "examples": ["2"],
        },
        "share": {"type": "number", "title": tr("At this share of calls"), "examples": [0.3]},
    }  # fmt: skip


def faults() -> list[tuple[str, str]]:
    """The faults with a name, each with words for people."""
    return [
        ("timeout", tr("does not answer in time")),
        ("unreachable", tr("cannot be reached")),
        ("unauthorized", tr("refuses access (401)")),
        ("error", tr("says that it failed")),
        ("bad_json", tr("answers what is no JSON")),
        ("empty", tr("answers nothing")),
        ("drifted", tr("answers in another form")),
    ]


def _answers(output: Schema) -> list[dict[str, Any]]:
    """The kinds of one answer of a tool."""
    kinds = faults()
    named = {
        "enum": [name for name, _ in kinds],
        "enumNames": [words for _, words in kinds],
        "title": tr("How"),
    }
    words = {"type": "string", "title": tr("What it says"), "minLength": 1}
    returns = {"title": tr("Answer"), **{k: v for k, v in output.items() if k not in _DEFINITIONS}}
    shapes = (
        (tr("Answers"), "returns", returns),
        (tr("Fails"), "fails", named),
        (tr("Fails with words"), "fails", words),
    )
    return [
        {
            "title": title, "type": "object", "required": [key],
            "properties": {key: inner, **_conditions()}, "additionalProperties": False,
        }
        for title, key, inner in shapes
    ]  # fmt: skip


def _tools(names: Iterable[str], known: Known) -> Section:
    entries: list[Entry] = []
    for name in names:
        tool = known.tools.get(name)
        output = dict(tool.output_schema or {}) if tool is not None else {}
        kinds = _answers(output)
        turns = {"title": tr("Several answers in turn"), "type": "array", "items": {"anyOf": kinds}}
        inner = {key: output[key] for key in _DEFINITIONS if key in output}
        schema: dict[str, Any] = {**inner, "anyOf": [*kinds, turns]}
        title = f"{tool.label} ({name})" if tool is not None else name
        entries.append(Entry(("tools", name), title, schema, optional=True))
    about = (
        tr(
            "What is not given here is answered from a recording, else made up from the tool's form."
        )
        if entries
        else tr("This journey calls no tools.")
    )
    return Section("tools", tr("What tools answer"), about, entries)


def _people(nodes: Iterable[Node]) -> Section:
    entries: list[Entry] = []
    for node in nodes:
        if node.kind not in {"review", "handoff"}:
            continue
        decisions = list(as_object(node.settings.get("decisions")))
        if node.kind == "handoff":
            decisions = ["done", "return", "unavailable"]
        schema = {
            "type": "object",
            "required": ["decision"],
            "properties": {
                "decision": {"enum": decisions, "title": tr("Decision")},
                "after": {"type": "string", "title": tr("After"), "examples": ["20m"]},
                "note": {"type": "string", "title": tr("Note")},
                "value": {"title": tr("Changed draft")},
            },
            "additionalProperties": False,
        }
        entries.append(Entry(("people", node.id), title_of(node), schema, optional=True))
    about = "" if entries else tr("No person decides in this journey.")
    return Section("people", tr("What people decide"), about, entries)


def _events(nodes: Iterable[Node]) -> Section:
    names = [str(node.settings["event"]) for node in nodes if node.settings.get("event")]
    schema = {
        "type": "object",
        "properties": {
            "after": {"type": "string", "title": tr("After"), "examples": ["1d"]},
            "data": {"type": "object", "title": tr("With these values")},
        },
        "additionalProperties": False,
    }
    entries = [
        Entry(("events", name), name, schema, optional=True) for name in dict.fromkeys(names)
    ]
    return Section("events", tr("What happens meanwhile"), "", entries)


def _models(names: Iterable[str], known: Known) -> Section:
    line = {
        "type": "object",
        "properties": {
            "when": {"type": "string", "title": tr("Where these words are read")},
            "says": {"title": tr("it answers")},
        },
    }
    schema = {"type": "array", "items": line}
    aliases = [name for name in names if name in known.models or not known.models]
    entries = [Entry(("models", name), name, schema, optional=True) for name in aliases]
    about = tr("What is not given here is made up, so that it fits what is asked for.")
    return Section("models", tr("What models answer"), about if entries else "", entries)


def _expect(
    journey: Journey, nodes: Sequence[Node], journeys: Sequence[Journey], tools: Iterable[str]
) -> Section:
    steps = [*journey.nodes]
    steps += [
        f"{each.id}/{name}" for each in journeys if each is not journey for name in each.nodes
    ]
    titles = [title_of(node) for node in journey.nodes.values()]
    outcomes = list(dict.fromkeys(
        str(node.settings["outcome"]) for node in nodes if node.settings.get("outcome")
    ))  # fmt: skip
    tool: dict[str, Any] = {"enum": list(tools), "title": tr("Tool")}
    step = {"enum": steps, "enumNames": [*titles, *steps[len(titles) :]]}
    named = {"type": "object", "properties": {"tool": tool}, "required": ["tool"]}
    called = {
        "type": "object",
        "required": ["tool"],
        "properties": {
            "tool": tool,
            "with": {"type": "object", "title": tr("With these arguments")},
            "times": {"type": "integer", "minimum": 0, "title": tr("So many times")},
        },
    }
    below = {"type": "object", "properties": {"below": {"type": "number", "title": tr("Below")}}}
    matches = {
        "type": "object",
        "properties": {"matches": {"type": "string", "title": tr("These words")}},
    }
    kinds: Sequence[tuple[str, str, Mapping[str, Any]]] = (
        ("outcome", tr("It ends with"), {"enum": outcomes} if outcomes else {"type": "string"}),
        ("path", tr("It goes over these steps"), {"type": "array", "items": step}),
        ("called", tr("A tool was called"), called),
        ("never", tr("A tool was never called"), named),
        ("said", tr("The customer was told"), matches),
        ("output", tr("It gives back"), {"type": "object", **journey.output}),
        (
            "when",
            tr("This holds in the end"),
            {"type": "string", "examples": ["order.total == 300"]},
        ),
        ("remembered", tr("This is known of the customer"), {"type": "object"}),
        ("cost_usd", tr("It costs (USD)"), below),
    )
    inner = {
        "outcome": tr("Outcome"), "path": tr("Steps, in this order"), "called": tr("Call"),
        "never": tr("Call"), "said": tr("Said"), "output": tr("Values"), "when": tr("Condition"),
        "remembered": tr("Facts"), "cost_usd": tr("Amount"),
    }  # fmt: skip
    items = [
        {
            "title": title, "type": "object", "required": [key],
            "properties": {key: {"title": inner.get(key, title), **schema}},
            "additionalProperties": False,
        }
        for key, title, schema in kinds
    ]  # fmt: skip
    schema = {"type": "array", "items": {"anyOf": items}}
    about = tr("Without any, the scenario passes where the journey comes to an end.")
    entry = Entry(("expect",), tr("Expectations"), schema)
    return Section("expect", tr("What must come of it"), about, [entry])
