"""What: an environment that is named exists, and its models stand in for each other sensibly.

Why: a run in `prodd` would take no binding of `prod`, and say nothing.
Example: `jb check --env prodd`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from journeybuilder.checks.models import rings
from journeybuilder.contract.json import as_object
from journeybuilder.document.findings import Path, Problem, Rule, choices, near

UNKNOWN_ENVIRONMENT = Rule(
    "JB804",
    "error",
    "an environment that journeybuilder.yaml does not have",
    "Its store, models and limits are not known; nothing of another environment may stand in for them.",
    "Correct the name, or add it below 'environments:'.",
)
NO_KEY = Rule(
    "JB807",
    "warning",
    "a key that an environment needs and this machine does not have",
    "There, the model or server would refuse the first call. Where you only look at the environment "
    "from another machine, it is as it should be.",
    "Store it with `keyring set journeybuilder NAME`, or set the environment variable.",
    "models:\n  fast: {model: openai/gpt-5-mini, api_key: '${secret:ACME_KEY}'}",
)
RULES: Sequence[Rule] = (UNKNOWN_ENVIRONMENT, NO_KEY)


def bound_models(
    settings: Mapping[str, Any], models: Mapping[str, Mapping[str, Any]], environment: str
) -> Mapping[str, Mapping[str, Any]]:
    """The models as an environment has them: an alias that it binds is what it is bound to.

    Args:
        settings: What `journeybuilder.yaml` says.
        models: Entries of `models.yaml` by alias.
        environment: Its name; an empty or unknown one changes nothing.
    """
    named = as_object(as_object(settings.get("environments")).get(environment))
    bound = as_object(named.get("models"))
    return {
        alias: models.get(str(bound.get(alias, alias)), entry) for alias, entry in models.items()
    }


def check_environment(
    settings: Mapping[str, Any], models: Mapping[str, Mapping[str, Any]], environment: str
) -> Iterator[Problem]:
    """What is wrong with one environment, beyond what is wrong in every one; paths as in the file."""
    known = as_object(settings.get("environments"))
    path: Path = ("environments", environment)
    if environment not in known:
        hint = near(environment, known) or f"Environments: {choices(known) or 'none'}."
        here: Path = ("environments",) if "environments" in settings else ()
        message = f"there is no environment '{environment}'"
        yield Problem(UNKNOWN_ENVIRONMENT, here, message, hint)
        return
    plain = {problem.message for problem in rings(models)}
    for problem in rings(bound_models(settings, models, environment), path):
        if problem.message not in plain:
            yield problem


def check_environments(
    settings: Mapping[str, Any], models: Mapping[str, Mapping[str, Any]]
) -> Iterator[Problem]:
    """What is wrong with any environment."""
    for name in as_object(settings.get("environments")):
        yield from check_environment(settings, models, name)
