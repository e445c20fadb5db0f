"""How a journey is rehearsed: which scenario, channel and language, who plays what; kept by journey."""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from journeybuilder.connect.state_file import write_state
from journeybuilder.contract.json import as_object

log = logging.getLogger(__name__)

World = Literal["made up", "real tools", "all real"]
Player = Literal["me", "script", "persona"]
FILE = "rehearsals.json"


@dataclass(frozen=True, slots=True)
class Setup:
    """What the person has chosen for the rehearsals of one journey.

    Attributes:
        world: What is really called where nothing else is said.
        player: Who is the customer: the person, the script of the scenario, or a model as a persona.
        persona: `persona`, `goal`, `mood`, `language`, `facts`, `model`, `turns` of a played customer.
        channel, language: Empty for what the scenario or the journey says.
        recording: The name of the recording that answers; empty for the scenario's.
        tools, models: The source of each that is not automatic, by `server/tool` or alias.
        delay: Seconds to let pass before each node, to watch.
        faults: What goes wrong, by `server/tool` or `model:ALIAS`, as a scenario has it.
    """

    scenario: str = ""
    world: World = "made up"
    player: Player = "me"
    persona: Mapping[str, Any] = field(default_factory=dict[str, Any])
    channel: str = ""
    language: str = ""
    recording: str = ""
    tools: Mapping[str, str] = field(default_factory=dict[str, str])
    models: Mapping[str, str] = field(default_factory=dict[str, str])
    faults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    seed: int = 0
    delay: float = 0.0

    @property
    def changed(self) -> int:
        """For how many tools and models something else than the automatic is chosen."""
        faults = {name.removeprefix("model:") for name in self.faults}
        return len({*self.tools, *self.models, *faults})

    def calls_tools(self) -> bool:
        """Whether servers are really called."""
        return self.world != "made up" or "real" in self.tools.values()

    def calls_models(self) -> bool:
        """Whether models are really asked."""
        return (
            self.world == "all real"
            or "real" in self.models.values()
            or (self.player == "persona" and bool(self.persona.get("model")))
        )


def setup_of(data: Mapping[str, Any]) -> Setup:
    """Read what was kept; what is of another form is left out."""
    plain = Setup()
    found: dict[str, Any] = {}
    for one in fields(Setup):
        value, default = data.get(one.name), getattr(plain, one.name)
        if isinstance(default, Mapping):
            found[one.name] = dict(as_object(value))
        elif type(value) is type(default):
            found[one.name] = value
    if found.get("world") not in get_args(World):
        found.pop("world", None)
    if found.get("player") not in get_args(Player):
        found.pop("player", None)
    return Setup(**found)


class SetupBook:
    """The setups of a workspace's journeys, in its folder of local state."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / FILE if folder is not None else None
        self._all: dict[str, Setup] = self._read()

    def _read(self) -> dict[str, Setup]:
        if self._path is None or not self._path.exists():
            return {}
        try:
            data = as_object(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            log.warning(
                "what was set up for rehearsals in %s cannot be read: %s", self._path, error
            )
            return {}
        return {journey: setup_of(as_object(one)) for journey, one in data.items()}

    def of(self, journey: str) -> Setup:
        """What was chosen last; what comes by itself where nothing was."""
        return self._all.get(journey, Setup())

    def keep(self, journey: str, setup: Setup) -> None:
        """Remember a choice; where the disk refuses it counts until the program ends."""
        if self.of(journey) == setup:
            return
        self._all[journey] = setup
        if self._path is None:
            return
        told = {name: asdict(one) for name, one in self._all.items()}
        try:
            write_state(self._path, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            log.warning("what was set up for rehearsals cannot be kept: %s", error)
