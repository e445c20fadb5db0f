"""What is in scope at each place of a journey, worked out from its last check; kept until the next."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from journeybuilder.checks import Known
from journeybuilder.checks.context import Context
from journeybuilder.checks.flow import set_before
from journeybuilder.contract.cel_types import BOOL, DYNAMIC, TEXT, Type, of_schema
from journeybuilder.contract.json import as_object
from journeybuilder.contract.tools import facts_of
from journeybuilder.document.model import Journey, Node
from journeybuilder.gui.expressions.book import SampleBook
from journeybuilder.gui.expressions.sample_values import SampleValues, schemas_of
from journeybuilder.gui.expressions.scope import Presence, Scope, Variable, data_classes
from journeybuilder.gui.look.language import tr
from journeybuilder.kinds import KINDS

Facts = Callable[[], Mapping[str, Mapping[str, Any]]]
_GIVEN = ("input", "session", "customer", "now")


class Scopes:
    """Scopes of one journey.

    Args:
        shown: Gives what the last check of the journey worked out.
        book: Sample values.
        facts: What the workspace says about tools, by `server/tool`.
    """

    def __init__(self, shown: Callable[[], Context], book: SampleBook, facts: Facts = dict) -> None:
        self._shown = shown
        self.book = book
        self._facts = facts
        self._key: object = None
        self._kept: dict[tuple[str, tuple[str, ...], bool], Scope] = {}
        self._samples = SampleValues(shown(), book)

    def at(self, node: str = "", path: Sequence[str | int] = ()) -> Scope:
        """What an expression at a path of a node's settings may use."""
        context = self._shown()
        key = (id(context), self.book.version)
        if key != self._key:
            self._key = key
            self._kept.clear()
            self._samples = SampleValues(context, self.book)
        kind = (
            KINDS.get(context.journey.nodes[node].kind) if node in context.journey.nodes else None
        )
        local = tuple(kind.local_names(tuple(path))) if kind is not None else ()
        undo = path[:1] == ("undo",)
        place = (node, local, undo)
        if place not in self._kept:
            self._kept[place] = self._scope(context, node, local, undo=undo)
        return self._kept[place]

    # --- names -----------------------------------------------------------------------------------

    def _scope(self, context: Context, node: str, local: Sequence[str], *, undo: bool) -> Scope:
        journey = context.journey
        always, ever = set_before(context, node)
        if undo and node in journey.nodes:
            own = frozenset(context.typed.saved_by(journey.nodes[node]))
            always, ever = always | own, ever | own
        variables: dict[str, Variable] = {}
        found = journey.nodes.get(node)
        for name in local:
            variables[name] = self._local(context, found, name)
        order: Sequence[Presence] = ("always", "sometimes", "later")
        ranked: dict[Presence, list[str]] = {one: [] for one in order}
        for name in {**dict.fromkeys(journey.variables), **context.typed.savers}:
            ranked["always" if name in always else "sometimes" if name in ever else "later"].append(
                name
            )
        for presence in ("always", "sometimes"):
            for name in ranked[presence]:
                variables.setdefault(name, self._variable(context, name, presence))
        for name in _GIVEN:
            variables[name] = self._given(context, name)
        if "error" in ever or not node:
            presence: Presence = "always" if "error" in always else "sometimes"
            about = tr("what went wrong, on an error's way")
            variables["error"] = Variable("error", context.typed["error"], presence, about)
        for name in ranked["later"]:
            variables.setdefault(name, self._variable(context, name, "later"))
        samples = self._samples.at(node, variables)
        return Scope(variables, samples, journey.id)

    def _local(self, context: Context, node: Node | None, name: str) -> Variable:
        if name == "answer":
            return Variable(name, TEXT, "here", tr("what the customer said"), "personal")
        check = as_object(None if node is None else node.settings.get("check"))
        tool = context.known.tools.get(str(check.get("tool")))
        schema = tool.output_schema if tool is not None else None
        kind = DYNAMIC if not schema else of_schema(schema)
        return Variable(name, kind, "here", tr("what the tool of this step gives"))

    def _given(self, context: Context, name: str) -> Variable:
        abouts = {
            "input": tr("given at the start"),
            "session": tr("of this conversation"),
            "customer": tr("what is remembered of this customer"),
            "now": tr("the time of the run"),
        }
        kind = _customer(context.journey) if name == "customer" else context.typed[name]
        classes = data_classes(context.journey.input) if name == "input" else {}
        data = "personal" if name == "customer" else ""
        return Variable(name, kind, "given", abouts[name], data, classes)

    def _variable(self, context: Context, name: str, presence: Presence) -> Variable:
        savers = context.typed.savers.get(name, ())
        titles = [str(node.settings.get("title") or node.id) for node in savers]
        about = (
            tr("set by {steps}", steps=", ".join(titles[:3]) + ("…" if titles[3:] else ""))
            if titles
            else tr("declared in the journey; no step sets it")
        )
        classes: dict[str, str] = {}
        for schema in schemas_of(context, name):
            classes.update(data_classes(schema))
        for node in savers:
            if node.kind == "tool":
                tool = str(node.settings.get("tool"))
                classes.update(facts_of(self._facts().get(tool, {})).data)
        data = classes.pop("", "")
        return Variable(name, context.typed[name], presence, about, data, classes)


def _customer(journey: Journey) -> Type:
    """What is remembered of a customer, as far as the journey itself tells."""
    consents: dict[str, Type] = {}
    facts: dict[str, Type] = {}
    for node in journey.nodes.values():
        if node.kind == "consent" and node.settings.get("purpose"):
            consents[str(node.settings["purpose"])] = BOOL
        elif node.kind == "memory":
            facts.update(dict.fromkeys(as_object(node.settings.get("remember")), DYNAMIC))
    consent = Type("object", BOOL, consents, open=True)
    return Type("object", DYNAMIC, {"consent": consent, **facts}, open=True)


def _same(context: Context) -> Context:
    return context


def scopes_of(journey: Journey, known: Known, book: SampleBook | None = None) -> Scopes:
    """Scopes of a journey that nobody edits."""
    return Scopes(partial(_same, Context(journey, known)), book or SampleBook())
