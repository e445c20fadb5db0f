"""What: every model alias stands in models.yaml, and its fallbacks do too.

Why: a journey names aliases, so that one line moves all of them; a wrong alias answers nothing.
Example: `model: fats`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from journeybuilder.checks.context import Context
from journeybuilder.checks.reach import cycles
from journeybuilder.checks.wording import listed
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
ROUND = Rule(
    "JB604",
    "warning",
    "models that stand in for each other in a ring",
    "When all of them fail, asking them again in turn helps nobody; each is tried once.",
    "Take one of the fallbacks out.",
    "fast: {model: openai/gpt-5-mini, fallbacks: [slow]}\n"
    "slow: {model: openai/gpt-5, fallbacks: [fast]}",
)
BAD_AMOUNT = Rule(
    "JB605",
    "error",
    "a price, budget or time limit of a model that is not understood",
    "Every call of the model would be refused.",
    "Write for example price: {input_per_million: 0.25, output_per_million: 2.0}, "
    "budget: {usd: 10, per: day}, timeout: 30s.",
    "models:\n  fast: {model: openai/gpt-5-mini, budget: {usd: 10, per: week}}",
)
RULES: Sequence[Rule] = (UNKNOWN_MODEL, BAD_FALLBACK, NO_MODEL, ROUND, BAD_AMOUNT)


def check(context: Context) -> Iterable[Problem]:
    """Check every alias that a node uses."""
    models = context.known.models
    if "models.yaml" in context.known.unread:
        return
    for node, use in context.having("model"):
        if isinstance(use.value, str) and use.value not in models:
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
    yield from rings(models)


def rings(models: Mapping[str, Mapping[str, Any]], path: Path = ("models",)) -> Iterator[Problem]:
    """Every ring of fallbacks, once.

    Args:
        models: Entries by alias, with what an environment binds in place.
        path: Where a finding belongs: to the alias below it, or to an environment.
    """
    graph = {
        alias: [str(other) for other in as_list(entry.get("fallbacks")) if other != alias]
        for alias, entry in models.items()
    }
    for members in cycles(graph):
        names = [alias for alias in models if alias in members]
        if len(names) > 1:
            place = (*path, names[0], "fallbacks") if path == ("models",) else path
            message = f"{listed(names)} stand in for each other in a ring"
            yield Problem(ROUND, place, message, ROUND.mend)
