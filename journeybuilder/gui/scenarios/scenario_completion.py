"""What can stand at a place of a scenario's text: keys, steps, tools, decisions, faults."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.forms import SCENARIO
from journeybuilder.gui.expressions.complete import Suggestion
from journeybuilder.gui.forms.schema_reading import Schema
from journeybuilder.gui.yaml.yaml_completion import ranked, widened
from journeybuilder.gui.yaml.yaml_spot import Spot, spot_at

_MOST = 200
_CHOICES = ("anyOf", "oneOf")


class ScenarioCompletion:
    """Suggestions in a scenario's text.

    Args:
        schema: Gives the schema of what the scenario can say.
        journeys: Gives the ids of the workspace's journeys.
    """

    def __init__(self, schema: Callable[[], Schema], journeys: Callable[[], Iterable[str]]) -> None:
        self._schema = schema
        self._journeys = journeys

    def ask(self, text: str, cursor: int, explicit: bool) -> list[Suggestion]:
        """What could stand at the cursor; places count as the text field counts them."""
        wide = (
            [n for n, letter in enumerate(text) if letter > "\uffff"] if not text.isascii() else []
        )
        at = cursor - sum(1 for n, index in enumerate(wide) if index + n < cursor)
        found = self._at(text, at, explicit=explicit)
        return [widened(one, wide) for one in found] if wide else found

    def _at(self, text: str, cursor: int, *, explicit: bool) -> list[Suggestion]:
        begin = text.rfind("\n", 0, cursor) + 1
        if text[begin:cursor].lstrip().startswith("#"):
            return []
        spot = spot_at(text, cursor)
        if not explicit and not spot.typed and spot.value is None:
            return []
        offers = self._keys(text, spot) if spot.value is None else self._values(spot)
        return ranked(offers, spot.typed)[:_MOST]

    def _keys(self, text: str, spot: Spot) -> Iterator[Suggestion]:
        if not spot.path:
            given = {line.partition(":")[0] for line in text.split("\n")}
            known = as_object(self._schema().get("properties"))
            for key in SCENARIO.keys:
                if key not in given:
                    yield _key(spot, key, str(as_object(known.get(key)).get("title") or ""))
            return
        for schema in _inside(self._schema(), spot.path):
            for key, inner in as_object(schema.get("properties")).items():
                yield _key(spot, key, str(as_object(inner).get("title") or ""))
        # In a list a word may be a value as well as a key.
        for schema in _inside(self._schema(), spot.path):
            yield from _options(spot, schema)

    def _values(self, spot: Spot) -> Iterator[Suggestion]:
        if spot.path == ("journey",):
            for name in self._journeys():
                yield _value(spot, name, "journey", "")
        for schema in _inside(self._schema(), spot.path):
            yield from _options(spot, schema)
            if (spot.value or "").lstrip().startswith("["):
                for item in _each(as_object(schema.get("items"))):
                    yield from _options(spot, item)


def _inside(schema: Schema, path: Sequence[str | int]) -> list[Schema]:
    """Every schema that the value at a path may have."""
    found = _each(schema)
    for key in path:
        deeper: list[Schema] = []
        for one in found:
            inner: Any = None
            if isinstance(key, int):
                inner = one.get("items")
            elif key in as_object(one.get("properties")):
                inner = as_object(one.get("properties"))[key]
            if inner is not None:
                deeper += _each(as_object(inner))
        found = deeper
    return found


def _each(schema: Schema) -> list[Schema]:
    """A schema and its alternatives."""
    inner = [as_object(one) for word in _CHOICES for one in as_list(schema.get(word))]
    return [schema, *(deep for one in inner for deep in _each(one))]


def _options(spot: Spot, schema: Schema) -> Iterator[Suggestion]:
    options, words = as_list(schema.get("enum")), as_list(schema.get("enumNames"))
    for place, option in enumerate(options):
        yield _value(spot, str(option), "type-choice", str(words[place]) if words else "")
    if "const" in schema:
        yield _value(spot, str(schema["const"]), "type-choice", str(schema.get("title") or ""))
    if schema.get("type") == "boolean":
        for word in ("true", "false"):
            yield _value(spot, word, "type-bool", "")


def _key(spot: Spot, key: str, about: str) -> Suggestion:
    plain = all(letter.isalnum() or letter in "_-/." for letter in key)
    insert = f"{key}: " if plain else f'"{key}": '
    end = spot.start + len(spot.typed)
    caret = spot.start + len(insert)
    return Suggestion(key, insert, spot.start, end, caret, "value", "settings", about=about)


def _value(spot: Spot, name: str, icon: str, words: str) -> Suggestion:
    end = spot.start + len(spot.typed)
    caret = spot.start + len(name)
    return Suggestion(name, name, spot.start, end, caret, "value", icon, type=words)
