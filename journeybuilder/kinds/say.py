"""`say`: tells the customer something."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.fields import Settings, Text, Way
from journeybuilder.contract.kind import Group, NodeKind
from journeybuilder.contract.step import Leave, Step
from journeybuilder.contract.texts import first_words


class SaySettings(Settings):
    """Settings of `say`."""

    text: Text = Field(description="What the customer reads or hears; `${…}` puts values in.")
    next: Way


class Say(NodeKind[SaySettings]):
    """Tells the customer something and goes on at once."""

    name: ClassVar[str] = "say"
    title: ClassVar[str] = "Say"
    about: ClassVar[str] = "Tells the customer something; text by language and channel."
    group: ClassVar[Group] = "talk"
    icon: ClassVar[str] = "say"
    example: ClassVar[str] = """\
greet:
  kind: say
  text: {en: "Hello ${customer.name}!", es: "¡Hola, ${customer.name}!"}
  next: done
"""
    settings = SaySettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return first_words(raw.get("text"))

    @override
    async def run(self, settings: SaySettings, step: Step) -> Leave:
        await step.say(step.words(settings.text))
        return Leave("next")
