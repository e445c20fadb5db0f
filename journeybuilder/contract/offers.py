"""What an MCP server offers beside tools: resources, templates of resources, prompts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from journeybuilder.contract.json import as_list, as_object

_BLANK = re.compile(r"\{[^{}]*\}")
_NAME = re.compile(r"[A-Za-z0-9_.%]+")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource with a fixed address.

    Attributes:
        server: The server's name in `mcp.json`.
        mime: Its type, e.g. `text/markdown`, or an empty text.
        size: Bytes, where the server says.
    """

    server: str
    uri: str
    name: str = ""
    title: str = ""
    description: str = ""
    mime: str = ""
    size: int | None = None

    @property
    def label(self) -> str:
        """The name for people."""
        return self.title or self.name or self.uri


@dataclass(frozen=True, slots=True)
class ResourceTemplate:
    """Addresses of one form, as RFC 6570 writes them: `kb://articles/{topic}`."""

    server: str
    uri: str
    name: str = ""
    title: str = ""
    description: str = ""
    mime: str = ""

    @property
    def label(self) -> str:
        """The name for people."""
        return self.title or self.name or self.uri

    @property
    def variables(self) -> Sequence[str]:
        """The names that have to be filled in, in the order of the address."""
        found = [name for blank in _BLANK.findall(self.uri) for name in _NAME.findall(blank)]
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class PromptArgument:
    """One argument of a prompt; its value is a text."""

    name: str
    description: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt that a server offers; journeys name it `server/name`."""

    server: str
    name: str
    title: str = ""
    description: str = ""
    arguments: tuple[PromptArgument, ...] = ()

    @property
    def id(self) -> str:
        """The name that journeys use: `server/prompt`."""
        return f"{self.server}/{self.name}"

    @property
    def label(self) -> str:
        """The name for people."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Offers:
    """All that a server offers beside its tools.

    Attributes:
        notes: What a person should know about the lists, e.g. that one of them never ended.
    """

    resources: tuple[Resource, ...] = ()
    templates: tuple[ResourceTemplate, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The offers as they are kept in a file, without the server's name."""
        return {
            "resources": [_without_server(asdict(each)) for each in self.resources],
            "templates": [_without_server(asdict(each)) for each in self.templates],
            "prompts": [_without_server(asdict(each)) for each in self.prompts],
            **({"notes": list(self.notes)} if self.notes else {}),
        }

    @classmethod
    def from_json(cls, server: str, raw: object) -> "Offers":
        """The inverse of `as_json`; what is not of the right form is left out."""
        data = as_object(raw)
        return cls(
            resources=tuple(
                Resource(server, uri=uri, size=_size(entry), **_words(entry))
                for entry, uri in _entries(data, "resources", "uri")
            ),
            templates=tuple(
                ResourceTemplate(server, uri=uri, **_words(entry))
                for entry, uri in _entries(data, "templates", "uri")
            ),
            prompts=tuple(
                Prompt(
                    server,
                    name,
                    str(entry.get("title") or ""),
                    str(entry.get("description") or ""),
                    tuple(
                        PromptArgument(
                            given,
                            str(each.get("description") or ""),
                            each.get("required") is True,
                        )
                        for each, given in _entries(entry, "arguments", "name")
                    ),
                )
                for entry, name in _entries(data, "prompts", "name")
            ),
            notes=tuple(str(note) for note in as_list(data.get("notes"))),
        )


def _without_server(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in data.items() if key != "server" and value not in ("", None)
    }


def _entries(data: Mapping[str, Any], part: str, key: str) -> list[tuple[Mapping[str, Any], str]]:
    """The objects of a list that have a name, each with it."""
    objects = [as_object(each) for each in as_list(data.get(part))]
    return [(each, str(each[key])) for each in objects if isinstance(each.get(key), str)]


def _words(entry: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(entry.get(key) or "") for key in ("name", "title", "description", "mime")}


def _size(entry: Mapping[str, Any]) -> int | None:
    size = entry.get("size")
    return size if isinstance(size, int) and not isinstance(size, bool) else None
