"""A node kind: its settings, ports, example and behavior, declared in one place."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar

from journeybuilder.contract.fields import FieldSpec, Path, Port, Settings, Use, form_of, ports_of
from journeybuilder.contract.fields import uses as uses_in
from journeybuilder.contract.step import Finish, Leave, Step

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

    def complaints(self, settings: S) -> Iterable[Complaint]:
        """What is wrong with valid settings."""
        del settings
        return ()

    @abstractmethod
    async def run(self, settings: S, step: Step) -> Leave | Finish:
        """Do what the node is for.

        Raises:
            StepError: When an effect failed and the kind has no way out of its own for that.
        """
