"""A node kind: its settings, ports, example and behavior, declared in one place."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar

from journeybuilder.contract.fields import FieldSpec, Path, Port, Settings, Use, form_of, ports_of
from journeybuilder.contract.fields import uses as uses_in
from journeybuilder.contract.json import as_object
from journeybuilder.contract.step import Finish, Fork, Leave, Step

S = TypeVar("S", bound=Settings)
Group = Literal["talk", "tools", "models", "flow", "people", "other"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something about a node's settings that its model alone cannot say.

    Attributes:
        path: From the node's settings.
    """

    path: Path
    message: str
    hint: str = ""


class NodeKind(ABC, Generic[S]):
    """Base of every kind. One instance serves all nodes; it holds no state.

    Attributes:
        name: The word after `kind:`.
        title: Its name in the palette.
        about: One sentence: what it does.
        icon: Name of the icon in `resources/icons`.
        example: One node in YAML, as `id: {…}`; tested and shown in the docs.
        waits: True where it waits for somebody or for time, which bounds a cycle.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    group: ClassVar[Group]
    icon: ClassVar[str]
    example: ClassVar[str]
    waits: ClassVar[bool] = False
    settings: type[S]

    def ports(self, raw: Mapping[str, Any]) -> list[Port]:
        """The ways out of a node with these raw settings, wired or not."""
        return ports_of(self.settings, raw)

    def uses(self, raw: Mapping[str, Any]) -> Iterable[Use]:
        """Every marked value in raw settings."""
        return uses_in(self.settings, raw)

    def form(self) -> list[FieldSpec]:
        """The fields of the editor's form."""
        return form_of(self.settings)

    def line(self, raw: Mapping[str, Any]) -> str:
        """The one line that matters on the node's face: the question, the tool, the condition."""
        del raw
        return ""

    def schema_of(self, raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """JSON Schema of what the node saves, where its settings tell; a tool's comes elsewhere."""
        del raw
        return None

    def saves(self, raw: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any] | None]:
        """The variables that a node with these raw settings sets, each with its JSON Schema.

        None where the settings do not tell: what a tool gives, or what an expression computes.
        """
        out: dict[str, Mapping[str, Any] | None] = {}
        for use in self.uses(raw):
            if use.mark.role == "save" and isinstance(use.value, str) and use.value:
                out[use.value] = self.schema_of(raw)
            elif use.mark.role == "values":
                out.update(dict.fromkeys(as_object(use.value)))
        return out

    def local_names(self, path: Path) -> Collection[str]:
        """Names that an expression at this place of the settings knows besides the usual ones."""
        del path
        return ()

    def bounds_cycle(self, raw: Mapping[str, Any]) -> bool:
        """Whether a cycle with this node in it cannot spin: it waits here, or comes by only so often."""
        del raw
        return self.waits

    def complaints(self, settings: S) -> Iterable[Complaint]:
        """What is wrong with valid settings."""
        del settings
        return ()

    @abstractmethod
    async def run(self, settings: S, step: Step) -> Leave | Fork | Finish:
        """Do what the node is for.

        Raises:
            StepError: When an effect failed and the kind has no way out of its own for that.
        """
