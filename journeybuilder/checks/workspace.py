"""What: the facts and bindings of journeybuilder.yaml are about things that exist, and understood.

Why: a misspelled fact is no fact; a tool would be treated as less risky than its owner wrote.
Example: `tools: {orders/refund: {risk: ireversible}}`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from journeybuilder.contract.json import as_object
from journeybuilder.document.entries import Person, workspace_entries
from journeybuilder.document.findings import Path, Problem, Rule, choices, near
from journeybuilder.document.model import strings

UNKNOWN_BINDING = Rule(
    "JB801",
    "error",
    "an environment binds an alias that models.yaml does not have",
    "In this environment the call would have no model.",
    "Correct the alias, or add it to models.yaml.",
    "environments: {dev: {models: {fast: rehersal}}}",
)
BAD_RISK = Rule(
    "JB802",
    "error",
    "a risk that is not understood",
    "The tool would be treated as less risky than its owner meant.",
    "Write read, write or irreversible.",
    "tools: {orders/refund: {risk: ireversible}}",
)
NO_SUCH_SERVER = Rule(
    "JB803",
    "warning",
    "facts about a server that mcp.json does not have",
    "They have no effect.",
    "Correct the name, or take the entry out.",
    "tools: {ordrs/refund: {risk: irreversible}}",
)
NO_SUCH_QUEUE = Rule(
    "JB805",
    "warning",
    "a person of a queue that nobody declared",
    "What is handed to this queue by another spelling never reaches this person.",
    "Correct the queue, or add it to 'queues:'.",
    "queues: [desk]\npeople: [{name: dana, queues: [dsek]}]",
)
BAD_TRUST = Rule(
    "JB806",
    "error",
    "a trust that is not understood",
    "What the server returns would be treated as more trustworthy than its owner meant.",
    "Write own or outside.",
    "servers: {web: {trust: outsde}}",
)
LONELY_LAYOUT = Rule(
    "JB808",
    "warning",
    "a layout without a journey",
    "Its positions belong to nothing; often the journey was renamed and the layout was not.",
    "Rename it as the journey is named, or delete it.",
)
RULES: Sequence[Rule] = (
    UNKNOWN_BINDING, BAD_RISK, NO_SUCH_SERVER, NO_SUCH_QUEUE, BAD_TRUST, LONELY_LAYOUT,
)  # fmt: skip

TRUSTS = ("own", "outside")
RISKS = ("read", "write", "irreversible")


def check_workspace(
    settings: Mapping[str, Any], servers: Collection[str] | None, models: Collection[str] | None
) -> Iterable[Problem]:
    """Check `journeybuilder.yaml`; paths are from its root.

    Args:
        settings: What the file says.
        servers: Names in `mcp.json`; None where it could not be read.
        models: Aliases in `models.yaml`; None where it could not be read.
    """
    for name, environment in as_object(settings.get("environments")).items():
        yield from _bindings(("environments", name, "models"), environment, models)
    for tool, facts in as_object(settings.get("tools")).items():
        risk = as_object(facts).get("risk")
        if risk is not None and risk not in RISKS:
            message = f"'{risk}' is no risk of a tool"
            hint = near(str(risk), RISKS) or BAD_RISK.mend
            yield Problem(BAD_RISK, ("tools", tool, "risk"), message, hint)
        yield from _server(("tools", tool), tool.partition("/")[0], servers)
    for server, facts in as_object(settings.get("servers")).items():
        yield from _server(("servers", server), server, servers)
        trust = as_object(facts).get("trust")
        if isinstance(trust, str) and trust not in TRUSTS:
            hint = near(trust, TRUSTS) or BAD_TRUST.mend
            message = f"'{trust}' is no trust of a server"
            yield Problem(BAD_TRUST, ("servers", server, "trust"), message, hint)
    yield from _people(workspace_entries(settings).people, strings(settings.get("queues")))


def _people(people: Sequence[Person], queues: Collection[str]) -> Iterable[Problem]:
    for index, person in enumerate(people):
        for place, queue in enumerate(person.queues):
            if queue not in queues:
                hint = near(queue, queues) or f"Queues: {choices(queues) or 'none'}."
                message = f"there is no queue '{queue}'"
                yield Problem(NO_SUCH_QUEUE, ("people", index, "queues", place), message, hint)


def _bindings(path: Path, environment: Any, models: Collection[str] | None) -> Iterable[Problem]:
    if models is None:
        return
    for alias, other in as_object(as_object(environment).get("models")).items():
        for name, at_key in ((alias, True), (other, False)):
            if name not in models:
                hint = near(str(name), models) or f"Aliases: {choices(models) or 'none'}."
                message = f"there is no model '{name}'"
                yield Problem(UNKNOWN_BINDING, (*path, alias), message, hint, at_key)


def _server(path: Path, name: str, servers: Collection[str] | None) -> Iterable[Problem]:
    if servers is not None and name not in servers:
        hint = near(name, servers) or f"Servers: {choices(servers) or 'none'}."
        yield Problem(NO_SUCH_SERVER, path, f"there is no server '{name}'", hint, at_key=True)
