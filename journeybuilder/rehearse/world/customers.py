"""Customers who answer at random: rightly, wrongly or not at all."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from typing_extensions import override

from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.contract.schemas import BadSchema, convert, violations
from journeybuilder.contract.services import Channel, Listening, Message, PersonTask
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.rehearse.world.constants import Hints, hints_of
from journeybuilder.rehearse.world.generate import NOTHING, Chance, Known, Maker, maker
from journeybuilder.rehearse.world.origins import Origin, Spot
from journeybuilder.rehearse.world.services import ScriptedCustomer

EDITED = 0.4
_FITTING = 0.8
_NONSENSE = ("I do not know", "", "?", "what do you mean", "0", "-1", "99999999999", "é漢字 🙂")
_FREE = ("Hello", "yes", "no", "I want to send it back", "Where is it?", "a person, please")
_CODES = ("123456", "000000", "1", "abc")
_AGREES = ("yes", "no", "yes, please", "maybe")
Entry = Mapping[str, Any]


class Mood(NamedTuple):
    """What the world is like in one run: how often something is amiss.

    Runs of one mood come to other places than those of another: nobody comes far in a journey where
    every third answer is wrong, and no error way is taken where nothing fails.

    Attributes:
        silent: How often nobody answers.
        wrong: How often an answer is none.
        faulty: How often a call of a tool or model fails.
    """

    silent: float = 0.12
    wrong: float = 0.2
    faulty: float = 0.04


MOODS = (
    Mood(0.0, 0.0, 0.0), Mood(), Mood(0.02, 0.02, 0.02), Mood(0.0, 0.0, 0.25), Mood(0.4, 0.1, 0.0),
    Mood(0.0, 0.6, 0.0), Mood(0.05, 0.05, 0.1), Mood(1.0, 0.0, 0.0), Mood(0.0, 1.0, 0.0),
)  # fmt: skip


class Said(NamedTuple):
    """A line of a scenario's customer, and the value that the journey may make of it."""

    line: Entry
    value: Any


class Answers:
    """What customers and people may answer in one journey."""

    def __init__(self, plan: Plan, hints: Hints) -> None:
        self._plan = plan
        self._hints = hints
        self._makers: dict[str, Maker] = {}

    def place(self, node: str) -> str:
        """A node's name in the whole plan; of several of one name that of the first journey."""
        if node in self._plan.nodes:
            return node
        for journey in self._plan.journeys.values():
            if node in journey.nodes:
                return f"{journey.journey.id}/{node}"
        return node

    def _settings(self, place: str) -> tuple[str, Mapping[str, Any]]:
        journey, _, node = place.rpartition("/")
        planned = self._plan.journeys[journey or self._plan.journey.id].journey.nodes.get(node)
        return ("", {}) if planned is None else (planned.kind, planned.settings)

    # -- the customer ------------------------------------------------------------------------

    def says(
        self, place: str, choices: Sequence[str], mood: Mood, chance: Chance, known: Known
    ) -> Said:
        """The next line of the customer at a node."""
        if chance.once_in(mood.silent):
            return Said({"silent": True}, NOTHING)
        kind, settings = self._settings(place)
        if chance.once_in(mood.wrong):
            return self._nonsense(settings, chance)
        if choices:
            words = chance.pick(choices)
            return Said({"says": words}, words)
        schema = as_object(settings.get("expect") if kind == "ask" else None)
        if kind == "consent":
            return _plain(chance.pick(_AGREES))
        if schema:
            value = self._maker(place, schema)(chance, known)
            return Said({"says": words_of(value)}, value)
        return self._free(place, kind, chance, known)

    def _free(self, place: str, kind: str, chance: Chance, known: Known) -> Said:
        words: Sequence[str] = _CODES if kind == "verify" else _FREE
        origin = Origin("customer", place)
        form = self._hints.forms.get(Spot(origin, ()))
        if (form or self._hints.at(origin, ())) and chance.once_in(_FITTING):
            value = self._maker(place, form or {"type": "string"})(chance, known)
            return Said({"says": words_of(value)}, value)
        return _plain(chance.pick(words))

    def _nonsense(self, settings: Mapping[str, Any], chance: Chance) -> Said:
        """Words that no good answer is made of, as far as there are such."""
        words = chance.pick(_NONSENSE)
        schema = as_object(settings.get("expect"))
        for number in range(len(_NONSENSE)):
            if not schema or not fits(schema, words):
                break
            words = _NONSENSE[number]
        return _plain(words)

    def _maker(self, place: str, schema: Mapping[str, Any]) -> Maker:
        if place not in self._makers:
            self._makers[place] = maker(schema, self._hints, Origin("customer", place))
        return self._makers[place]

    # -- people ------------------------------------------------------------------------------

    def decides(self, task: PersonTask, mood: Mood, chance: Chance) -> Entry:
        """What a person decides; nothing where nobody does."""
        if task.kind != "handoff" and chance.once_in(mood.silent):
            return {}
        decision = chance.pick(task.decisions)
        entry: dict[str, Any] = {"decision": decision}
        if task.editable and chance.once_in(EDITED):
            entry["value"] = edited(task.show.get(task.editable[0]), chance)
        return entry


def edited(draft: Any, chance: Chance) -> Any:
    """A proposal as a person may change it."""
    if isinstance(draft, bool):
        return not draft
    if isinstance(draft, int | float):
        return chance.pick([draft + 1, draft - 1, 0])
    if isinstance(draft, str):
        return chance.pick([f"{draft} (changed)", ""])
    if fields := dict(as_object(draft)):
        name = chance.pick(sorted(fields))
        return {**fields, name: edited(fields[name], chance)}
    if items := as_list(draft):
        return items[:-1]
    return draft


def _plain(words: str) -> Said:
    return Said({"says": words}, words)


def fits(schema: Mapping[str, Any], words: str) -> bool:
    """Whether a customer's words are a good answer."""
    try:
        return not violations(schema, convert(schema, words))
    except BadSchema:
        return False


def words_of(value: Any) -> str:
    """A value as somebody types it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else canonical(value)


class _Stranger:
    """Knows nothing of the run, for a customer who stands alone."""

    def value_at(self, spot: Spot) -> Any:
        """No value of any place is known."""
        del spot
        return NOTHING


class RandomCustomer(Channel):
    """The customer of `customer: random`: answers rightly and wrongly, or says nothing.

    Args:
        plan: The journey, whose questions say what good answers are.
        seed: The same seed gives the same customer.
        clock: Goes to the end of a wait that nobody answers.
    """

    def __init__(self, plan: Plan, seed: int, clock: VirtualClock) -> None:
        self._answers = Answers(plan, hints_of(plan))
        self._chance = Chance(seed)
        self._clock = clock

    @override
    async def say(self, message: Message) -> None:
        del message  # whatever is said, the answer is left to chance

    @override
    async def listen(self, listening: Listening) -> str | None:
        place = self._answers.place(listening.node)
        said = self._answers.says(place, listening.choices, Mood(), self._chance, _Stranger())
        script = ScriptedCustomer([said.line], self._clock)
        return await script.listen(listening)
