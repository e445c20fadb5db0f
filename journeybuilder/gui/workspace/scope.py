"""What forms offer: the names that expressions may use, with their types, and what can be picked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, cast
from weakref import WeakKeyDictionary, ref

from journeybuilder.checks.context import Context
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.model import Journey, Node, mapping
from journeybuilder.gui.expressions.book import SampleBook
from journeybuilder.gui.expressions.scopes import Scopes
from journeybuilder.gui.forms.base import FormContext, Name
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.model_uses import used_models
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel
from journeybuilder.kinds import KINDS

_DEPTH = 4
_SESSION = {
    "id": "string",
    "channel": "string",
    "language": "string",
    "tenant": "string",
    "started": "string",
}


def context_of(
    model: JourneyModel,
    space: WorkspaceModel | None,
    request: Callable[[str, str], object] | None = None,
) -> FormContext:
    """What the forms of a journey may offer.

    Args:
        model: The journey.
        space: Its workspace.
        request: See `FormContext`.
    """
    journey, known = model.journey, model.known
    others = {name: one for name, one in (known.journeys or {}).items() if name != journey.id}
    return FormContext(
        languages=journey.languages,
        channels=journey.channels,
        tools=known.tools,
        models=known.models,
        queues=list(known.queues),
        journeys={name: one.title for name, one in others.items()},
        inputs={name: one.input for name, one in others.items()},
        resources=space.resources if space is not None else {},
        prompts=space.prompts if space is not None else {},
        names=names_of(journey, known.tools),
        nodes={name: title_of(node) for name, node in journey.nodes.items()},
        environments=space.workspace.environments if space is not None else {},
        model_uses=partial(model_uses, journey, space),
        request=request,
        scopes=scopes_for(model, space),
    )


_SCOPES: "WeakKeyDictionary[JourneyModel, Scopes]" = WeakKeyDictionary()


def scopes_for(model: JourneyModel, space: WorkspaceModel | None) -> Scopes:
    """What is in scope at each place of an open journey; one and the same for whoever asks."""
    book = space.samples if space is not None else None
    found = _SCOPES.get(model)
    if found is None or (book is not None and found.book is not book):
        facts = partial(_tool_facts, ref(space) if space is not None else None)
        shown = partial(_context_of, ref(model), model.context)
        found = _SCOPES[model] = Scopes(shown, book or SampleBook(), facts)
    return found


def _context_of(model: "ref[JourneyModel]", first: Context) -> Context:
    found = model()
    return first if found is None else found.context


def _tool_facts(space: "ref[WorkspaceModel] | None") -> Mapping[str, Mapping[str, Any]]:
    found = space() if space is not None else None
    return {} if found is None else found.workspace.tool_facts


def model_uses(journey: Journey, space: WorkspaceModel | None, alias: str) -> int:
    """In how many places of the workspace an alias stands, this journey as it is shown."""
    files = space.workspace.journeys.values() if space is not None else ()
    others = [one.journey for one in files if one.journey.id != journey.id]
    return used_models([journey, *others])[alias]


def names_of(journey: Journey, tools: Mapping[str, ToolDef]) -> list[Name]:
    """Every name and the fields below it, variables first."""
    out: dict[str, Name] = {}
    for name in _all(journey, tools):
        out.setdefault(name.path, name)
    return list(out.values())


def _all(journey: Journey, tools: Mapping[str, ToolDef]) -> Iterable[Name]:
    for node in journey.nodes.values():
        yield from _saved(node, tools)
    for name, schema in journey.variables.items():
        yield from _fields(name, schema, tr("declared in the journey"))
    for name, schema in mapping(journey.input.get("properties")).items():
        yield from _fields(f"input.{name}", schema, tr("given at the start"))
    for name, kind in _SESSION.items():
        yield Name(f"session.{name}", kind, tr("of this conversation"))
    yield Name("customer", "object", tr("what is remembered of this customer"))
    for node in journey.nodes.values():
        if node.kind == "consent" and node.settings.get("purpose"):
            path = f"customer.consent.{node.settings['purpose']}"
            yield Name(path, "boolean", tr("asked by {name}", name=node.id))
        for fact in mapping(node.settings.get("remember")) if node.kind == "memory" else ():
            yield Name(f"customer.{fact}", "", tr("remembered by {name}", name=node.id))
    yield Name("error.message", "string", tr("on an error's way"))
    yield Name("error.code", "string", tr("on an error's way"))
    yield Name("now", "moment", tr("the time of the run"))


def _saved(node: Node, tools: Mapping[str, ToolDef]) -> Iterable[Name]:
    kind = KINDS.get(node.kind)
    saves: Mapping[str, Any] = {} if kind is None else kind.saves(node.settings)
    for name, schema in saves.items():
        tool = tools.get(str(node.settings.get("tool") or "")) if node.kind == "tool" else None
        yield from _fields(
            name, tool.output_schema if tool else schema, tr("saved by {name}", name=node.id)
        )


def _fields(path: str, schema: Any, about: str, depth: int = 0) -> Iterable[Name]:
    facts = mapping(schema)
    yield Name(path, type_words(facts), about)
    if depth < _DEPTH:
        for name, inner in mapping(facts.get("properties")).items():
            yield from _fields(f"{path}.{name}", inner, about, depth + 1)


def type_words(schema: Mapping[str, Any]) -> str:
    """The type of a schema in a word, or ""."""
    kind = schema.get("type")
    if isinstance(kind, list):
        real = [str(one) for one in cast("Sequence[Any]", kind) if one != "null"]
        return " or ".join(real)
    if not kind and "properties" in schema:
        return "object"
    return kind if isinstance(kind, str) else ""
