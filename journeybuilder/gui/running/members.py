"""What a journey needs somebody for in a rehearsal: its tools and models, called journeys included."""

from collections.abc import Mapping
from pathlib import Path

from journeybuilder.checks.context import Context, Known
from journeybuilder.document.model import Journey
from journeybuilder.gui.journey.model_uses import used_models
from journeybuilder.plan.bundle import journeys_called, tools_used
from journeybuilder.rehearse.recorded.recording import FOLDER


def reached(first: Journey, others: Mapping[str, Journey]) -> list[Journey]:
    """A journey and all that it calls, however deep; names that mean nothing are passed over."""
    found = {first.id: first}
    waiting = [first]
    while waiting:
        context = Context(waiting.pop(0), Known())
        for name in journeys_called(context):
            if name not in found and name in others:
                found[name] = others[name]
                waiting.append(others[name])
    return list(found.values())


def cast_of_journeys(journeys: list[Journey], known: Known) -> tuple[list[str], list[str]]:
    """The tools as `server/tool` and the aliases of models that these journeys use, by name."""
    tools = {tool for one in journeys for tool in tools_used(Context(one, known))}
    return sorted(tools), sorted(used_models(journeys))


def recordings_of(state_dir: Path) -> list[str]:
    """The names of the recordings that there are."""
    folder = state_dir / FOLDER
    return sorted(one.stem for one in folder.glob("*.jsonl")) if folder.is_dir() else []
