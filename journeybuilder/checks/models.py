"""What: every model alias stands in models.yaml, and its fallbacks do too.

Why: a journey names aliases, so that one line moves all of them; a wrong alias answers nothing.
Example: `model: fats`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from journeybuilder.checks.context import Context
from journeybuilder.contract.json import as_list
from journeybuilder.document.findings import Path, Problem, Rule, choices, near

UNKNOWN_MODEL = Rule(
    "JB601",
    "error",
    "a model alias that models.yaml does not have",
    "The call would have no model.",
    "Correct the alias, or add it to models.yaml.",
    "sum: {kind: generate, model: fats, prompt: Hi, next: done}",
)
BAD_FALLBACK = Rule(
    "JB602",
    "error",
    "a fallback that models.yaml does not have, or that is the model itself",
    "When the model fails, nothing would stand in for it.",
    "Name another alias of models.yaml.",
    "fast: {model: openai/gpt-5-mini, fallbacks: [fast]}",
)
NO_MODEL = Rule(
    "JB603",
    "error",
    "an alias without a model",
    "Nothing says which model it stands for.",
    "Add 'model:' with provider/name, for example openai/gpt-5-mini.",
    "fast: {region: us}",
)
RULES: Sequence[Rule] = (UNKNOWN_MODEL, BAD_FALLBACK, NO_MODEL)


def check(context: Context) -> Iterable[Problem]:
    """Check every alias that a node uses."""
    models = context.known.models
    if "models.yaml" in context.known.unread:
        return
    for node, use in context.uses:
        if use.mark.role == "model" and isinstance(use.value, str) and use.value not in models:
            path: Path = ("nodes", node.id, *use.path)
            hint = near(use.value, models) or f"Aliases: {choices(models) or 'none'}."
            yield Problem(UNKNOWN_MODEL, path, f"there is no model '{use.value}'", hint)


def check_models(models: Mapping[str, Mapping[str, Any]]) -> Iterable[Problem]:
    """Check `models.yaml` itself; paths are from its root."""
    for alias, entry in models.items():
        if not isinstance(entry.get("model"), str):
            path: Path = ("models", alias)
            yield Problem(NO_MODEL, path, f"'{alias}' does not say which model", NO_MODEL.mend)
        for index, other in enumerate(as_list(entry.get("fallbacks"))):
            place: Path = ("models", alias, "fallbacks", index)
            if other == alias:
                yield Problem(BAD_FALLBACK, place, f"'{alias}' cannot stand in for itself")
            elif other not in models:
                message = f"the fallback '{other}' of '{alias}' does not exist"
                yield Problem(BAD_FALLBACK, place, message, near(str(other), models))
