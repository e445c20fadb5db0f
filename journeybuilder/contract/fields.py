"""How a node kind declares its settings: pydantic models whose fields carry a mark.

From the one declaration follow the ports, the form in the editor, the JSON Schema, the documentation
page and the checks. A field's mark says what its text means: a way out, an expression, a tool …
"""

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Any, Literal, NamedTuple, Union, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

Role = Literal[
    "port", "text", "template", "expression", "tool", "tools", "model", "save", "duration",
    "schema", "queue", "arguments", "resource", "prompt", "journey", "values", "plain",
]  # fmt: skip
PortStyle = Literal["normal", "error", "timeout"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What the text of a field means.

    Attributes:
        label: Words for people, e.g. on a port or beside a form field.
        style: How a wire from this port looks.
        of: For arguments, the sibling field that names the tool.
    """

    role: Role
    label: str = ""
    style: PortStyle = "normal"
    of: str = ""


_PLAIN = Mark("plain")

Way = Annotated[str, Mark("port")]
ErrorWay = Annotated[str | None, Mark("port", "on error", "error")]
TimeoutWay = Annotated[str | None, Mark("port", "on time-out", "timeout")]
Text = Annotated[str | dict[str, Any], Mark("text")]
Template = Annotated[Any, Mark("template")]
Expression = Annotated[str, Mark("expression")]
ToolName = Annotated[str, Mark("tool")]
ToolNames = Annotated[list[str], Mark("tools")]
ModelName = Annotated[str, Mark("model")]
Save = Annotated[str | None, Mark("save", "save as"), Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Duration = Annotated[str | None, Mark("duration")]
Schema = Annotated[dict[str, Any] | None, Mark("schema")]
Queue = Annotated[str, Mark("queue")]
Arguments = Annotated[dict[str, Any], Mark("arguments", of="tool")]
ResourceName = Annotated[str, Mark("resource")]
PromptName = Annotated[str, Mark("prompt")]
JourneyName = Annotated[str, Mark("journey")]
Values = Annotated[dict[str, Any], Mark("values")]
"""Variables to set: a name and a template each."""


class Part(BaseModel):
    """Base of a nested piece of settings: unknown keys are errors, values keep the file's types."""

    # built when first used: a journey has nodes of a few kinds only
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class Settings(Part):
    """Base of every kind's settings."""

    title: str = Field(default="", description="Its name for people; the node's id when empty.")


class Port(NamedTuple):
    """A way out of a node.

    Attributes:
        name: Unique in the node: the path joined with dots, e.g. `next`, `cases.0`, `routes.refund`.
        path: Where in the node's settings the target stands.
        target: The node it leads to, or an empty string where it is not wired.
        required: True where a node cannot run without it.
    """

    name: str
    path: Path
    label: str
    style: PortStyle
    required: bool
    target: str


class Use(NamedTuple):
    """A marked value found in raw settings.

    Attributes:
        mark: What it means.
        value: What stands there.
        required: Whether the declaration demands it.
    """

    path: Path
    mark: Mark
    value: Any
    required: bool


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a kind as a form shows it.

    Attributes:
        key: The key in the file.
        title: Words for people.
        help: One or two sentences beside the field.
        options: The allowed values of an enumeration, else empty.
        schema: The JSON Schema of the field, for nested forms.
    """

    key: str
    title: str
    help: str
    mark: Mark
    required: bool
    default: Any
    options: Sequence[str]
    schema: Mapping[str, Any]


def key_of(name: str, info: FieldInfo) -> str:
    """The key in the file of a declared field."""
    return info.alias or name


def _mark(metadata: Sequence[Any]) -> Mark | None:
    return next((item for item in metadata if isinstance(item, Mark)), None)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What to look for below a value: a mark here, fields, items or values of a mapping."""

    mark: Mark | None = None
    fields: tuple[tuple[str, "_Shape", bool], ...] = ()
    items: "_Shape | None" = None
    values: "_Shape | None" = None

    @property
    def empty(self) -> bool:
        return not (self.mark or self.fields or self.items or self.values)


def _shape(annotation: Any, metadata: Sequence[Any] = ()) -> _Shape:
    mark = _mark(metadata)
    if mark is not None:
        return _Shape(mark)
    origin = get_origin(annotation)
    args = get_args(annotation)
    if origin is Annotated:
        return _shape(args[0], args[1:])
    if origin in (types.UnionType, Union):
        shapes = [_shape(arg) for arg in args if arg is not type(None)]
        return next((shape for shape in shapes if not shape.empty), _Shape())
    if origin in (list, dict):
        inner = _shape(args[-1])
        if inner.empty:
            return inner
        return _Shape(items=inner) if origin is list else _Shape(values=inner)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return shape_of(annotation)
    return _Shape()


@cache
def shape_of(model: type[BaseModel]) -> _Shape:
    """The marked places of a settings model, worked out once."""
    fields: list[tuple[str, _Shape, bool]] = []
    for name, info in model.model_fields.items():
        shape = _shape(info.annotation, info.metadata)
        if not shape.empty:
            fields.append((key_of(name, info), shape, info.is_required()))
    return _Shape(fields=tuple(fields))


def uses(model: type[BaseModel], raw: Mapping[str, Any]) -> list[Use]:
    """Every marked value in raw settings, in the order of the declaration; tolerant of bad values.

    A marked field that is missing is given too, with value None, so that unwired ports are seen.
    """
    out: list[Use] = []
    _collect(shape_of(model), raw, (), out)
    return out


def _collect(shape: _Shape, value: Any, path: Path, out: list[Use]) -> None:
    """Append what is marked below a value; called for every node at every edit."""
    if shape.mark is not None:
        out.append(Use(path, shape.mark, value, True))
    elif shape.fields and isinstance(value, Mapping):
        get = cast("Mapping[str, Any]", value).get
        for key, inner, needed in shape.fields:
            item = get(key)
            if inner.mark is not None:  # most are
                out.append(Use((*path, key), inner.mark, item, needed))
            elif item is not None:
                _collect(inner, item, (*path, key), out)
    elif shape.items is not None and isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            _collect(shape.items, item, (*path, index), out)
    elif shape.values is not None and isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            _collect(shape.values, item, (*path, str(key)), out)


@lru_cache(maxsize=4096)
def port_name(path: Path) -> str:
    """`("cases", 0, "next")` is the port `cases.0`; `("decisions", "approve")` keeps both."""
    named = 2  # a field and a name in it: a decision may be called `next` too
    parts = path[:-1] if len(path) > named and path[-1] == "next" else path
    return ".".join(str(part) for part in parts)


def ports_of(model: type[BaseModel], raw: Mapping[str, Any]) -> list[Port]:
    """The ways out that a node with these settings has, wired or not."""
    return ports_among(uses(model, raw))


def ports_among(found: Iterable[Use]) -> list[Port]:
    """The ways out among the marked values of a node."""
    out: list[Port] = []
    for use in found:
        if use.mark.role != "port":
            continue
        name = port_name(use.path)
        label = use.mark.label or str(use.path[-1] if use.path[-1] != "next" else name)
        target = use.value if isinstance(use.value, str) else ""
        out.append(Port(name, use.path, label, use.mark.style, use.required, target))
    return out


@cache
def schema_of(model: type[BaseModel]) -> Mapping[str, Any]:
    """The JSON Schema of settings, made once for each model; nobody may change it."""
    return model.model_json_schema(by_alias=True)


def form_of(model: type[BaseModel]) -> list[FieldSpec]:
    """The fields of a kind as a form shows them; ports are not among them, wires set those."""
    schema = schema_of(model)
    out: list[FieldSpec] = []
    for name, info in model.model_fields.items():
        key = key_of(name, info)
        mark = _mark(info.metadata) or _PLAIN
        if mark.role == "port":
            continue
        options = [str(arg) for arg in get_args(info.annotation)] if _is_literal(info) else []
        out.append(
            FieldSpec(
                key=key,
                title=info.title or mark.label or key.replace("_", " ").capitalize(),
                help=info.description or "",
                mark=mark,
                required=info.is_required(),
                default=None if info.is_required() else info.get_default(call_default_factory=True),
                options=options,
                schema=_alone(schema, schema["properties"].get(key, {})),
            )
        )
    return out


def _alone(whole: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part of a schema with the definitions that it may refer to."""
    definitions = whole.get("$defs")
    return {**part, "$defs": definitions} if definitions and "$ref" in str(part) else part


def _is_literal(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is Literal
