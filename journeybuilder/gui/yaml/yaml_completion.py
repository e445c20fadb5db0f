"""What can stand at a place of a journey's text: kinds, keys, nodes, tools, values, expressions."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from journeybuilder.checks import Known
from journeybuilder.contract.fields import FieldSpec, Role
from journeybuilder.document.forms import JOURNEY as JOURNEY_FORM
from journeybuilder.document.model import Journey
from journeybuilder.gui.expressions.complete import Suggestion, complete, complete_template
from journeybuilder.gui.expressions.scope import Scope
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.yaml.yaml_spot import Spot, spot_at
from journeybuilder.kinds import KINDS

_TOP_ABOUT: Mapping[str, str] = {
    "journeybuilder": noop("The version of the format: 1."),
    "journey": noop("The id of the journey: small letters, digits and -."),
    "title": noop("Its name for people."),
    "about": noop("What it is for, in a sentence."),
    "start": noop("The step where a run begins."),
    "on_error": noop("The step that takes errors which no step catches."),
    "channels": noop("The channels it is made for."),
    "languages": noop("The languages of its texts, the first one being the default."),
    "input": noop("What starts it, as a JSON Schema."),
    "output": noop("What it gives back, as a JSON Schema."),
    "variables": noop("Types of variables, where nothing else tells them."),
    "limits": noop("Bounds of every run: steps, cost_usd, duration."),
    "nodes": noop("The steps by their id."),
}
_NODE_DEPTH = 2  # nodes / id
_MOST = 200


class YamlCompletion:
    """Suggestions in a journey's text.

    Args:
        journey: Gives the journey as it was read last.
        known: Gives what is around it.
        scope: Gives what an expression at a path of a node may use.
    """

    def __init__(
        self,
        journey: Callable[[], Journey],
        known: Callable[[], Known],
        scope: Callable[[str, Sequence[str | int]], Scope],
    ) -> None:
        self._journey = journey
        self._known = known
        self._scope = scope

    def ask(self, text: str, cursor: int, explicit: bool) -> list[Suggestion]:
        """What could stand at the cursor; places count as the text field counts them."""
        wide = (
            [index for index, letter in enumerate(text) if letter > "\uffff"]
            if not text.isascii()
            else []
        )
        at = cursor - sum(1 for n, index in enumerate(wide) if index + n < cursor)
        found = self._at(text, at, explicit=explicit)
        if not wide:
            return found
        return [widened(one, wide) for one in found]

    def _at(self, text: str, cursor: int, *, explicit: bool) -> list[Suggestion]:
        begin = text.rfind("\n", 0, cursor) + 1
        if "#" in text[begin:cursor] and re.search(r"(?:^|\s)#", text[begin:cursor]):
            return []
        spot = spot_at(text, cursor)
        field = self._field(spot)
        role = field.mark.role if field is not None else ""
        if spot.value is not None and self._is_expression(spot, role):
            return self._expressions(text, cursor, spot, role, explicit=explicit)
        if not explicit and not spot.typed and spot.value is None:
            return []
        offers = self._keys(text, spot) if spot.value is None else self._values(spot, field)
        return ranked(offers, spot.typed)[:_MOST]

    # --- expressions -------------------------------------------------------------------------------

    def _is_expression(self, spot: Spot, role: str) -> bool:
        in_slot = "${" in (spot.value or "")
        return in_slot or role == "expression" or spot.path[-1:] == ("when",)

    def _expressions(
        self, text: str, cursor: int, spot: Spot, role: str, *, explicit: bool
    ) -> list[Suggestion]:
        begin = spot.begin
        quote = text[begin : begin + 1] if text[begin : begin + 1] in {'"', "'"} else ""
        begin += len(quote)
        end = text.find("\n", cursor)
        whole = text[begin : end if end >= 0 else len(text)]
        node, path = self._place(spot)
        scope = self._scope(node, path)
        expression = role == "expression" or spot.path[-1:] == ("when",)
        if expression:
            stop = re.search(r"[,}]\s*(?:next|when)?", whole[cursor - begin :])
            whole = whole[: cursor - begin + stop.start()] if stop and not quote else whole
            found = complete(whole.rstrip(quote or "\0"), cursor - begin, scope, explicit=explicit)
        else:
            found = complete_template(whole, cursor - begin, scope, explicit=explicit)
        return [
            replace(one, start=one.start + begin, end=one.end + begin, caret=one.caret + begin)
            for one in found
        ]

    @staticmethod
    def _place(spot: Spot) -> tuple[str, Sequence[str | int]]:
        if spot.path[:1] == ("nodes",) and len(spot.path) > 1:
            return str(spot.path[1]), spot.path[_NODE_DEPTH:]
        return "", ()

    # --- keys --------------------------------------------------------------------------------------

    def _keys(self, text: str, spot: Spot) -> Iterator[Suggestion]:
        if not spot.path:
            for key in JOURNEY_FORM.keys:
                if not re.search(rf"^{re.escape(key)}:", text, re.MULTILINE):
                    yield _key(spot, key, tr(_TOP_ABOUT.get(key, "")))
            return
        if spot.path[0] != "nodes" or len(spot.path) != _NODE_DEPTH:
            return
        kind = self._kind(text, spot)
        if not kind:
            yield _key(spot, "kind", tr("What the step does"))
            return
        given = self._given(text, spot)
        for field in KINDS[kind].form():
            if field.key not in given:
                words = tr("required") if field.required else ""
                about = tr(field.help).replace("`", "")
                yield replace(
                    _key(spot, field.key, about), type=words, rank=1.0 if field.required else 0.0
                )

    def _kind(self, text: str, spot: Spot) -> str:
        """The kind of the step around the cursor, as it is typed now."""
        found = re.search(r"\bkind:\s*([a-z_]+)", self._around(text, spot))
        return found[1] if found and found[1] in KINDS else ""

    def _given(self, text: str, spot: Spot) -> set[str]:
        return set(re.findall(r"(?:^|[{,])\s*([\w-]+):", self._around(text, spot), re.MULTILINE))

    @staticmethod
    def _around(text: str, spot: Spot) -> str:
        """The text of the step around the cursor."""
        head = re.compile(rf"^( +){re.escape(str(spot.path[1]))}\s*:", re.MULTILINE)
        for found in head.finditer(text):
            rest = text[found.end() :]
            end = re.search(rf"^ {{0,{len(found[1])}}}\S", rest, re.MULTILINE)
            stop = found.end() + (end.start() if end else len(rest))
            if found.start() <= spot.start <= stop:
                return text[found.end() : stop]
        return ""

    # --- values ------------------------------------------------------------------------------------

    def _field(self, spot: Spot) -> FieldSpec | None:
        """The setting that the value at the cursor is of."""
        if spot.path[:1] != ("nodes",) or len(spot.path) <= _NODE_DEPTH:
            return None
        node = self._journey().nodes.get(str(spot.path[1]))
        kind = KINDS.get(node.kind) if node is not None else None
        fields = kind.form() if kind is not None else ()
        return next((one for one in fields if one.key == spot.path[_NODE_DEPTH]), None)

    def _values(self, spot: Spot, field: FieldSpec | None) -> Iterator[Suggestion]:
        key = spot.path[-1] if spot.path else ""
        if spot.path in {("start",), ("on_error",)} or self._leads(spot, field):
            yield from self._nodes(spot)
        elif key == "kind" and len(spot.path) == _NODE_DEPTH + 1:
            for name, kind in KINDS.items():
                yield _value(spot, name, kind.icon, tr(kind.title), tr(kind.about))
        elif field is not None:
            yield from self._of_field(spot, field)
        elif key == "tool" or (len(spot.path) > _NODE_DEPTH and spot.path[-2:-1] == ("tools",)):
            yield from self._tools(spot)

    def _leads(self, spot: Spot, field: FieldSpec | None) -> bool:
        if field is not None and field.mark.role == "port":
            return True
        below = len(spot.path) > _NODE_DEPTH + 1
        ways = {"decisions", "lanes"}
        return below and (spot.path[-1] == "next" or (field is not None and field.key in ways))

    def _nodes(self, spot: Spot) -> Iterator[Suggestion]:
        for name, node in self._journey().nodes.items():
            icon = KINDS[node.kind].icon if node.kind in KINDS else "unknown"
            yield _value(spot, name, icon, title_of(node), "")

    def _tools(self, spot: Spot) -> Iterator[Suggestion]:
        for name, tool in self._known().tools.items():
            yield _value(spot, name, "tool", tool.label, tool.description[:200])

    def _of_field(self, spot: Spot, field: FieldSpec) -> Iterator[Suggestion]:
        known, role = self._known(), field.mark.role
        if spot.path[-1] == "tool" or role in {"tool", "tools"}:
            yield from self._tools(spot)
            return
        plain: Mapping[Role, Iterable[str]] = {
            "model": known.models, "queue": known.queues, "journey": known.journeys or (),
            "resource": [f"{name}/{one.uri}" for name, offers in known.offers.items() for one in (*offers.templates, *offers.resources)],
            "prompt": [one.id for offers in known.offers.values() for one in offers.prompts],
        }  # fmt: skip
        icons: Mapping[str, str] = {"model": "model", "queue": "person", "journey": "journey"}
        for name in plain.get(role, ()):
            yield _value(spot, str(name), icons.get(role, "resource"), "", "")
        for option in field.options:
            yield _value(spot, option, "type-choice", "", tr(field.help).replace("`", ""))
        if field.schema.get("type") == "boolean":
            for word in ("true", "false"):
                yield _value(spot, word, "type-bool", "", tr(field.help).replace("`", ""))


def _key(spot: Spot, key: str, about: str) -> Suggestion:
    insert = f"{key}: "
    caret = spot.start + len(insert)
    end = spot.start + len(spot.typed)
    return Suggestion(key, insert, spot.start, end, caret, "value", "settings", about=about)


def _value(spot: Spot, name: str, icon: str, words: str, about: str) -> Suggestion:
    caret = spot.start + len(name)
    end = spot.start + len(spot.typed)
    return Suggestion(name, name, spot.start, end, caret, "value", icon, type=words, about=about)


def ranked(offers: Iterable[Suggestion], typed: str) -> list[Suggestion]:
    """Those that begin with what is typed, then those that have it; the rest not."""
    word = typed.casefold()
    rated = [(_fits(one, word), one) for one in offers]
    found = [(rate, one) for rate, one in rated if rate is not None and one.label != typed]
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], -pair[1].rank))]


def _fits(one: Suggestion, word: str) -> int | None:
    name = one.label.casefold()
    if name.startswith(word):
        return 0
    if word in name:
        return 1
    return 2 if word and word in one.type.casefold() else None


def widened(one: Suggestion, wide: Sequence[int]) -> Suggestion:
    """Places as the text field counts them: letters beyond 16 bits take two."""

    def moved(at: int) -> int:
        return at + sum(1 for index in wide if index < at)

    return replace(one, start=moved(one.start), end=moved(one.end), caret=moved(one.caret))
