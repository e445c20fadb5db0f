"""Which sample value each variable of a journey has: the person's, a rehearsal's, a scenario's, made up."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from journeybuilder.checks.context import Context
from journeybuilder.contract.cel_types import Type
from journeybuilder.contract.expressions import (
    ExpressionError,
    compile_expression,
    render,
    slots,
)
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.model import Node
from journeybuilder.gui.expressions.book import SampleBook
from journeybuilder.gui.expressions.made import of_schema, of_type
from journeybuilder.gui.expressions.rehearsed import now
from journeybuilder.gui.expressions.samples import MISSING, Sample, changed_at
from journeybuilder.gui.expressions.scope import Variable

_GIVEN = frozenset({"input", "session", "customer"})
_SESSION = {"id": "session-1", "channel": "chat", "language": "en", "tenant": "",
            "started": "2026-01-15T09:30:00Z"}  # fmt: skip
_ERROR = {"code": "tool_failed", "message": "the tool failed", "node": "", "uncertain": False}


def schemas_of(context: Context, name: str) -> Iterator[Mapping[str, Any]]:
    """Every JSON Schema that tells about a variable, the declared one first."""
    if context.journey.variables.get(name):
        yield as_object(context.journey.variables[name])
    for node in context.typed.savers.get(name, ()):
        schema = _schema_of(context, node, name)
        if schema:
            yield schema


def _schema_of(context: Context, node: Node, name: str) -> Mapping[str, Any] | None:
    if node.kind == "tool":
        tool = context.known.tools.get(str(node.settings.get("tool")))
        return tool.output_schema if tool is not None else None
    if node.kind == "journey":
        other = (context.known.journeys or {}).get(str(node.settings.get("journey")))
        return {"type": "object", **other.output} if other and other.output else None
    return context.typed.saved_by(node).get(name)


class SampleValues:
    """Works out the sample values of one journey; what no rehearsal told is the same at every step."""

    def __init__(self, context: Context, book: SampleBook) -> None:
        self._context = context
        self._book = book
        self._journey = context.journey.id
        self._found: dict[str, Sample | None] = {}

    def at(self, node: str, variables: Mapping[str, Variable]) -> dict[str, Sample]:
        """The sample values of these variables at a step; those that have one."""
        rehearsed = self._book.rehearsed(self._journey, node)
        out: dict[str, Sample] = {}
        for name, variable in variables.items():
            known = name in rehearsed and variable.presence != "here"
            plain = Sample(rehearsed[name], "rehearsal") if known else None
            found = plain or self._of(name, variable.type)
            found = found if name == "now" else self._with_own(name, found)
            if found is not None:
                out[name] = found
        return out

    def _with_own(self, name: str, found: Sample | None) -> Sample | None:
        """The value with what the person has typed for it or for fields of it."""
        value: Any = None if found is None else found.value
        own: set[str] = set()
        for path, typed in self._book.own(self._journey).items():
            first, _, rest = path.partition(".")
            if first == name:
                value = changed_at(value, rest.split(".") if rest else [], typed)
                own.add(rest)
        if not own:
            return found
        source = "own" if found is None else found.source
        return Sample(value, source, "" if found is None else found.name, frozenset(own))

    def _of(self, name: str, kind: Type) -> Sample | None:
        if name == "now":
            return Sample(now(), "clock")
        if name not in self._found:
            self._found[name] = None  # what is computed from itself has none
            self._found[name] = self._told(name) or self._made(name, kind)
        return self._found[name]

    def _told(self, name: str) -> Sample | None:
        """The value in the scenario that tells most."""
        savers = self._context.typed.savers.get(name, ())
        for told in self._book.told(self._journey):
            given = name in _GIVEN
            values = [told.given(name)] if given else [told.saved(node) for node in savers]
            for value in values:
                if value is not MISSING:
                    whole = {**_SESSION, **value} if name == "session" else value
                    return Sample(whole, "scenario", told.scenario.name)
        return None

    def _made(self, name: str, kind: Type) -> Sample | None:
        bare = {"session": _SESSION, "error": _ERROR}.get(name)
        if bare is not None:
            return Sample(dict(bare), "made up")
        if name == "input":
            schema = self._context.journey.input
            return of_schema({"type": "object", **schema}) if schema else None
        computed = self._computed(name)
        if computed is not None:
            return computed
        schema = next(schemas_of(self._context, name), None)
        if schema is not None:
            return of_schema(schema)
        value = of_type(kind)
        return None if value is MISSING else Sample(value, "made up")

    def _computed(self, name: str) -> Sample | None:
        """What a step computes from the sample values of other variables."""
        for node in self._context.typed.savers.get(name, ()):
            found = self._computed_by(node, name)
            if found is not MISSING:
                return Sample(found, "computed")
        return None

    def _computed_by(self, node: Node, name: str) -> Any:
        templates = as_object(node.settings.get("values"))
        each = node.settings.get("each")
        try:
            if name in templates:
                return render(templates[name], self._read_by(templates[name]))
            if node.kind == "loop" and node.settings.get("as") == name and isinstance(each, str):
                items = compile_expression(each).value(self._read_by(f"${{{each}}}"))
                return next(iter(as_list(items)), MISSING)
        except ExpressionError:
            return MISSING
        return MISSING

    def _read_by(self, template: Any) -> dict[str, Any]:
        """The sample values of the variables that a template reads.

        Raises:
            ExpressionError: When it cannot be read.
        """
        names: set[str] = set()
        for _, slot in slots(template):
            names |= compile_expression(slot.expression).names
        return dict(self._values(names))

    def _values(self, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
        for name in sorted(names):
            found = self._of(name, self._context.typed.get(name))
            found = found if name == "now" else self._with_own(name, found)
            if found is not None:
                yield name, found.value
