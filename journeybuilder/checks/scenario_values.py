"""What: what a scenario gives and expects has the fields and the form that the schemas name.

Why: a misspelled field is never read, and a value of the wrong form is refused as a real one would be.
Example: `tools: {orders/get_order: {returns: {totl: 300}}}` where the field is `total`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.checks.context import Known
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.document.findings import Path, Problem, Rule, choices, near
from journeybuilder.document.model import Journey
from journeybuilder.document.scenario_form import RANDOM

UNKNOWN_FIELD = Rule(
    "JB914",
    "warning",
    "a field that the schema of a scenario's value does not have",
    "It is misspelled: nothing reads it, or no call ever has it.",
    "Correct the name; the schema is that of the tool, or 'input:' and 'output:' of the journey.",
    "journey: greet\ninput: {nam: Ana, name: Ana}",
)
NO_FIT = Rule(
    "JB915",
    "error",
    "a value in a scenario that does not fit its schema",
    "The rehearsal would fail where a real run never gets to, or expect what can never be.",
    "Correct the value. For a broken answer on purpose write {fails: bad_json}.",
    "journey: greet\ninput: {name: 5}",
)
RULES = (UNKNOWN_FIELD, NO_FIT)
_BEYOND = ("anyOf", "oneOf", "allOf", "if", "not", "patternProperties", "dependentSchemas")
_DEEPEST = 24


def check(data: Mapping[str, Any], journey: Journey, known: Known) -> Iterator[Problem]:
    """Check the values of a scenario of a journey; paths are from the root of its file."""
    if journey.input:
        made = "random" in data or data.get("customer") == RANDOM  # what is missing is made up
        given = _Walk(journey.input, f"'input' of '{journey.id}'", whole=not made)
        yield from given.value(as_object(data.get("input")), ("input",))
    yield from _returns(data, known)
    for index, item in enumerate(as_list(data.get("expect"))):
        wanted = as_object(item)
        for key in ("called", "never"):
            yield from _arguments(as_object(wanted.get(key)), ("expect", index, key), known)
        if journey.output and as_object(wanted.get("output")):
            walk = _Walk(journey.output, f"'output' of '{journey.id}'", whole=False)
            yield from walk.value(wanted["output"], ("expect", index, "output"))


def _returns(data: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    for name, entry in as_object(data.get("tools")).items():
        tool = known.tools.get(name)
        if tool is None:
            continue
        walk = _Walk(tool.output_schema or {}, f"what '{name}' returns", whole=False)
        for path, turn in _turns(("tools", name), entry):
            yield from _taken(name, as_object(turn.get("given")), (*path, "given"), known)
            if tool.output_schema and "returns" in turn:
                yield from walk.value(turn["returns"], (*path, "returns"))


def _turns(path: Path, entry: Any) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    yield path, as_object(entry)
    for index, turn in enumerate(as_list(entry)):
        yield (*path, index), as_object(turn)


def _arguments(wanted: Mapping[str, Any], path: Path, known: Known) -> Iterator[Problem]:
    name = str(wanted.get("tool", ""))
    yield from _taken(name, as_object(wanted.get("with")), (*path, "with"), known)


def _taken(name: str, arguments: Mapping[str, Any], path: Path, known: Known) -> Iterator[Problem]:
    """What a tool does not take."""
    tool, key = known.tools.get(name), known.keys.get(name)
    given = {each: value for each, value in arguments.items() if each != key}
    if tool is not None and given:
        walk = _Walk(tool.input_schema, f"what '{name}' takes", whole=False)
        yield from walk.value(given, path)


@dataclass(frozen=True)
class _Walk:
    """Goes through a value and its schema side by side, so that every finding has its place.

    Attributes:
        what: What it is the schema of, for messages.
        whole: Whether required fields must be there at the top; the rehearsal fills in others.
    """

    root: Mapping[str, Any]
    what: str
    whole: bool

    def value(self, value: Any, path: Path) -> Iterator[Problem]:
        """What is wrong with a value of the whole schema."""
        schema = self.root if "type" in self.root else {"type": "object", **self.root}
        yield from self._value(schema, value, path, 0)

    def _value(self, schema: Any, value: Any, path: Path, depth: int) -> Iterator[Problem]:
        rules = self._resolved(as_object(schema))
        parted = depth < _DEEPEST and not any(key in rules for key in _BEYOND)
        fields = as_object(rules.get("properties"))
        if parted and fields and isinstance(value, Mapping):
            yield from self._object(rules, cast("Mapping[str, Any]", value), path, depth)
        elif parted and isinstance(value, list) and isinstance(rules.get("items"), Mapping):
            for index, item in enumerate(cast("list[Any]", value)):
                yield from self._value(rules["items"], item, (*path, index), depth + 1)
        else:
            yield from self._checked(rules, value, path)

    def _object(
        self, rules: Mapping[str, Any], value: Mapping[str, Any], path: Path, depth: int
    ) -> Iterator[Problem]:
        fields = as_object(rules.get("properties"))
        closed = rules.get("additionalProperties") in (None, False)
        for name, item in value.items():
            if name in fields:
                yield from self._value(fields[name], item, (*path, name), depth + 1)
            elif closed:
                hint = near(name, fields) or f"It has: {choices(fields)}."
                message = f"{self.what} has no field '{name}'"
                yield Problem(UNKNOWN_FIELD, (*path, name), message, hint, at_key=True)
        if depth or self.whole:
            yield from self._missing(rules, value, path)

    def _missing(
        self, rules: Mapping[str, Any], value: Mapping[str, Any], path: Path
    ) -> Iterator[Problem]:
        for name in as_list(rules.get("required")):
            if name not in value:
                yield Problem(NO_FIT, path, f"{self.what} needs '{name}'", f"Add `{name}: …`.")

    def _checked(self, rules: Mapping[str, Any], value: Any, path: Path) -> Iterator[Problem]:
        roots = {key: self.root[key] for key in ("$defs", "definitions") if key in self.root}
        try:
            wrong = violations({**rules, **roots}, value)
        except BadSchema:
            return  # the schema is at fault, and that is reported where it stands
        if wrong:
            yield Problem(NO_FIT, path, f"{self.what} does not fit: {wrong[0]}", NO_FIT.mend)

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        for _ in range(_DEEPEST):
            reference = schema.get("$ref")
            if not isinstance(reference, str) or not reference.startswith("#/"):
                return schema
            place: Any = self.root
            for part in reference.removeprefix("#/").split("/"):
                place = as_object(place).get(part.replace("~1", "/").replace("~0", "~"))
            rest = {key: item for key, item in schema.items() if key != "$ref"}
            schema = {**as_object(place), **rest}
        return schema
