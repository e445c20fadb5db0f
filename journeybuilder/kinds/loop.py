"""`loop`: runs a body for each item of a list, bounded."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, cast

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.fields import Expression, Mark, Save, Settings, Values
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Step
from journeybuilder.errors import StepError

_ITEM = "item"
_MOST = 1000


class LoopSettings(Settings):
    """Settings of `loop`."""

    each: Expression = Field(description="The list (CEL), for example order.lines.")
    as_: Save = Field(
        default=_ITEM,
        alias="as",
        title="Item as",
        description="The variable that holds the item of the round; 'item' when empty.",
    )
    limit: int = Field(
        default=100,
        ge=1,
        le=_MOST,
        description="Rounds at the most; a list with more items is an error, and no round is made.",
    )
    collect: Values = Field(
        default_factory=dict,
        description="Variables that get a list: one value a round, computed when the round is over.",
    )
    body: Annotated[str, Mark("port", "each round")]
    next: Annotated[str, Mark("port", "done")]


class Loop(NodeKind[LoopSettings]):
    """One round of the body for each item, in order; the body's last wire leads back to the loop.

    A body that is left another way and comes back later goes on with the item after; a loop that is
    come to from elsewhere, as from a loop around it, begins anew.
    """

    name: ClassVar[str] = "loop"
    title: ClassVar[str] = "Loop"
    about: ClassVar[str] = "Does the same steps for every item of a list, one after the other."
    group: ClassVar[Group] = "flow"
    icon: ClassVar[str] = "loop"
    example: ClassVar[str] = """\
each_line:
  kind: loop
  each: order.lines
  as: line
  limit: 50
  collect: {labels: "${label.id}"}
  body: make_label
  next: done
"""
    settings = LoopSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return f"each of {raw['each']}" if raw.get("each") else ""

    @override
    def saves(self, raw: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any] | None]:
        item = raw.get("as") or _ITEM
        lists = {name: {"type": "array"} for name in as_object(raw.get("collect"))}
        return {**({item: None} if isinstance(item, str) else {}), **lists}

    @override
    def bounds_cycle(self, raw: Mapping[str, Any]) -> bool:
        del raw
        return True  # as many rounds as the list has items

    @override
    def complaints(self, settings: LoopSettings) -> Iterable[Complaint]:
        if (settings.as_ or _ITEM) in settings.collect:
            yield Complaint(
                ("collect", settings.as_ or _ITEM),
                f"'{settings.as_ or _ITEM}' is the item of the round already",
                "Collect into a variable of another name.",
            )

    @override
    async def run(self, settings: LoopSettings, step: Step) -> Leave:
        kept = as_object(step.kept)
        items: Sequence[Any] = kept["items"] if kept else _items(settings, step)
        done: list[Mapping[str, Any]] = list(kept["done"]) if kept else []
        if kept:
            done.append(step.render(settings.collect))
        if len(done) == len(items):
            return Leave("next", {name: [one[name] for one in done] for name in settings.collect})
        # the list as it was: what is stored of a round is what has changed in it
        return Leave(
            "body", {settings.as_ or _ITEM: items[len(done)]}, keep={"items": items, "done": done}
        )


def _items(settings: LoopSettings, step: Step) -> Sequence[Any]:
    value = step.evaluate(settings.each)
    if not isinstance(value, list):
        raise StepError("expression", f"'{settings.each}' is no list to go through")
    items = as_list(cast("object", value))
    if len(items) > settings.limit:
        words = f"'{settings.each}' has {len(items)} items, more than the limit of {settings.limit}"
        raise StepError("limit", words, detail={"items": len(items), "limit": settings.limit})
    return items
