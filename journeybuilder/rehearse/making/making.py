"""Makes a scenario of a run, with what is expected of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from journeybuilder.errors import OperatorError
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.making.made_calls import (
    ModelScripts,
    prompts_of,
    resources_of,
    tools_of,
)
from journeybuilder.rehearse.making.made_expect import expect_of
from journeybuilder.rehearse.making.made_of import Story, story_of
from journeybuilder.rehearse.making.made_people import (
    customer_of,
    events_of,
    people_of,
    remembered_of,
)
from journeybuilder.rehearse.world.sources import Cast
from journeybuilder.run.state import Event


def scenario_from(
    plan: Plan, events: Sequence[Event], *, name: str, cast: Cast | None = None
) -> dict[str, Any]:
    """The values of a scenario's file under which the journey goes the same way again.

    All that came from outside is written out, made-up answers too, so that the scenario needs no
    server, model or recording. What is as by default is left out.

    Args:
        plan: What was run.
        events: All events of the run, from its start.
        name: What the scenario is called.
        cast: Who played what; only its seed matters, where chance decided something.

    Raises:
        OperatorError: When the run is not over: nothing can be expected of it.
    """
    story = story_of(events)
    if story.state.status not in {"ended", "failed"}:
        raise OperatorError(
            "a scenario can be made of a run that has come to its end, and this one has not",
            where=story.state.run,
            hint="Let it go on to its end, then make the scenario.",
        )
    data: dict[str, Any] = {
        "journeybuilder": 1,
        "scenario": name,
        "journey": story.state.journey,
        "input": dict(story.state.input),
        **_session(plan, story),
        "seed": cast.seed if cast is not None else 0,
        "customer": customer_of(story),
        "tools": tools_of(story.effects, plan),
        "models": ModelScripts(plan, story.effects).written(),
        "resources": resources_of(story.effects),
        "prompts": prompts_of(story.effects),
        "people": people_of(story),
        "events": events_of(story),
        "remembered": remembered_of(story),
        "changes": _changes(story),
        "expect": expect_of(plan, story, events),
    }
    return {key: value for key, value in data.items() if value not in ({}, [], 0, "")}


def _session(plan: Plan, story: Story) -> Mapping[str, Any]:
    session = story.state.session
    channel, language = session.get("channel", "chat"), session.get("language", "")
    first = plan.journey.languages[0]
    out: dict[str, Any] = {"channel": channel} if channel != "chat" else {}
    return {**out, "language": language} if language not in {"", first} else out


def _changes(story: Story) -> list[dict[str, Any]]:
    return [
        {
            "before": one.before,
            **({"visit": one.visit} if one.visit > 1 else {}),
            "set": dict(one.values),
        }
        for one in story.changes
    ]
