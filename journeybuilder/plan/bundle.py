"""The bundle: one file that runs anywhere, with everything but secrets.

A journey of a workspace is bundled before it runs, so that a run from the workspace and one from an
exported file are the same thing.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from journeybuilder import __version__
from journeybuilder.checks.context import Context, Known
from journeybuilder.contract.json import as_list, as_object, canonical, digest
from journeybuilder.contract.tools import ToolDef, ToolFacts, facts_of, risk_of
from journeybuilder.document.findings import choices, near
from journeybuilder.document.model import FORMAT_VERSION, Journey
from journeybuilder.document.source import JourneyFile
from journeybuilder.document.workspace import Workspace
from journeybuilder.errors import AuthorError

DEFAULT_ENVIRONMENT = "dev"


@dataclass(frozen=True)
class Bundle:
    """What an exported file says; `data` is exactly its content."""

    data: Mapping[str, Any]

    @cached_property
    def text(self) -> str:
        """Its content as JSON, as a store keeps it; made once for all runs of a rehearsal."""
        return canonical(self.data)

    @property
    def journey_id(self) -> str:
        """The journey that a run starts with."""
        return str(self.data.get("bundle", ""))

    @cached_property
    def journey(self) -> Journey:
        """That journey."""
        return Journey(as_object(as_object(self.data.get("journeys")).get(self.journey_id)))

    @cached_property
    def journeys(self) -> Mapping[str, Journey]:
        """Every journey by id: that one, and those that nodes call."""
        entries = as_object(self.data.get("journeys"))
        return {name: Journey(as_object(data)) for name, data in entries.items()}

    @cached_property
    def tools(self) -> Mapping[str, ToolDef]:
        """The pinned definitions by `server/tool`."""
        return {
            name: ToolDef.from_definition(
                name.partition("/")[0], as_object(as_object(entry).get("definition"))
            )
            for name, entry in as_object(self.data.get("tools")).items()
        }

    @cached_property
    def facts(self) -> Mapping[str, ToolFacts]:
        """Our own facts by `server/tool`."""
        return {name: facts_of(entry) for name, entry in as_object(self.data.get("tools")).items()}

    @property
    def servers(self) -> Mapping[str, Any]:
        """Server entries as `mcp.json` has them."""
        return as_object(self.data.get("servers"))

    @property
    def models(self) -> Mapping[str, Mapping[str, Any]]:
        """Model entries by alias, bound for the environment."""
        return as_object(self.data.get("models"))

    @property
    def environment(self) -> str:
        """The environment that it was built for."""
        return str(as_object(self.data.get("environment")).get("name", DEFAULT_ENVIRONMENT))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the meaning: everything but who built it from what."""
        return digest({key: value for key, value in self.data.items() if key != "built"})


def build(workspace: Workspace, journey_id: str, known: Known, env: str = "") -> Bundle:
    """Bundle a journey of a workspace for an environment.

    Raises:
        AuthorError: When a file that it is made of has an error in its form (a key twice, a secret
            written out), there is no such journey or environment, a tool's definition is unknown, or
            the environment binds an alias to none.
    """
    file = workspace.journeys.get(journey_id)
    if file is None:
        hint = near(journey_id, workspace.journeys) or f"Journeys: {choices(workspace.journeys)}."
        raise AuthorError(f"there is no journey '{journey_id}'", where=workspace.name, hint=hint)
    files = _called(workspace, file)
    sources = [
        *(each.source for each in files),
        *(workspace.sources[other] for other in SHARED if other in workspace.sources),
    ]
    _hold_form(workspace, {source.file for source in sources})
    name, environment = _environment(workspace, env)
    contexts = [Context(each.journey, known) for each in files]
    used = {tool for context in contexts for tool in tools_used(context)}
    tools = {tool: _tool(workspace, known, tool) for tool in sorted(used)}
    asked = {server for context in contexts for server in _servers_asked(context)}
    servers = sorted({tool.partition("/")[0] for tool in tools} | asked)
    data: dict[str, Any] = {
        "journeybuilder": FORMAT_VERSION,
        "bundle": journey_id,
        "environment": {"name": name, **_binding(environment)},
        "journeys": {each.journey.id: dict(each.journey.data) for each in files},
        "servers": {server: _server(workspace, server) for server in servers},
        "tools": tools,
        "models": _models(workspace, environment, contexts),
        "queues": list(known.queues),
        "built": {
            "by": f"journeybuilder {__version__}",
            "from": {source.file: _sha256(source.text) for source in sources},
        },
    }
    data = {key: value for key, value in data.items() if value not in ({}, [])}
    data["built"] = {**data["built"], "digest": Bundle(data).digest}
    return Bundle(data)


def _called(workspace: Workspace, first: JourneyFile) -> list[JourneyFile]:
    """A journey's file and those of all that it calls, however deep.

    Raises:
        AuthorError: When a journey that is called does not exist.
    """
    out: dict[str, JourneyFile] = {first.journey.id: first}
    waiting = [first]
    while waiting:
        file = waiting.pop(0)
        for called in journeys_called(Context(file.journey, Known())):
            if called in out:
                continue
            other = workspace.journeys.get(called)
            if other is None:
                raise AuthorError(
                    f"it calls the journey '{called}', which does not exist",
                    where=file.source.file,
                    hint=near(called, workspace.journeys)
                    or f"Journeys: {choices(workspace.journeys)}.",
                )
            out[called] = other
            waiting.append(other)
    return list(out.values())


KEYS = ("journeybuilder", "bundle", "environment", "journeys", "servers", "tools", "models", "queues",
        "built")  # fmt: skip
"""What a bundle may hold at its top."""


def check_bundle(bundle: Bundle, file: str) -> None:
    """See whether an exported file is still what was exported.

    Raises:
        AuthorError: When it was changed by hand or holds an unknown key.
    """
    unknown = [key for key in bundle.data if key not in KEYS]
    if unknown:
        raise AuthorError(
            f"'{unknown[0]}' is no key of a bundle", where=file,
            hint=near(unknown[0], KEYS) or "Export it again.",
        )  # fmt: skip
    promised = as_object(bundle.data.get("built")).get("digest")
    if promised != bundle.digest:
        raise AuthorError(
            "the file was changed after it was exported" if promised else "the file has no digest",
            where=file,
            hint="Change the journey in its workspace and export it again.",
        )


def must_be_signed(bundle: Bundle) -> bool:
    """Whether its environment runs nothing unsigned; there are no signatures yet."""
    return as_object(bundle.data.get("environment")).get("require_signature") is True


def _hold_form(workspace: Workspace, files: Collection[str]) -> None:
    """See that nothing is a guess at what somebody meant.

    Raises:
        AuthorError: When one of the files has an error in its form.
    """
    wrong = [each for each in workspace.findings if each.severity == "error" and each.file in files]
    if wrong:
        raise AuthorError(
            f"{wrong[0].code} {wrong[0].message}{and_more(wrong)}",
            where=wrong[0].place,
            hint=wrong[0].hint or "Run 'jb check' for all findings.",
        )


def and_more(wrong: Sequence[object]) -> str:
    """How many errors there are besides the one that is named, and what shows them."""
    return f" (and {len(wrong) - 1} more: jb check)" if len(wrong) > 1 else ""


SHARED = ("journeybuilder.yaml", "mcp.json", "models.yaml", "mcp.lock")
"""The files besides the journey that a bundle is made of."""


def _sha256(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _environment(workspace: Workspace, env: str) -> tuple[str, Mapping[str, Any]]:
    environments = workspace.environments
    if env and env not in environments:
        hint = near(env, environments) or f"Environments: {choices(environments) or 'none'}."
        raise AuthorError(f"there is no environment '{env}'", where=workspace.name, hint=hint)
    name = env or DEFAULT_ENVIRONMENT
    return name, as_object(environments.get(name))


def _binding(environment: Mapping[str, Any]) -> dict[str, Any]:
    return {key: environment[key] for key in ("store", "require_signature") if key in environment}


def tools_used(context: Context) -> Iterable[str]:
    """Every `server/tool` that a journey names, also more than once."""
    for _, use in context.uses:
        if use.mark.role == "tool" and isinstance(use.value, str):
            yield use.value
        elif use.mark.role == "tools":
            yield from (str(name) for name in as_list(use.value))


def journeys_called(context: Context) -> Iterable[str]:
    """Every journey that nodes of a journey call, also more than once."""
    for _, use in context.uses:
        if use.mark.role == "journey" and isinstance(use.value, str) and use.value:
            yield use.value


def _servers_asked(context: Context) -> Iterable[str]:
    """The servers whose resources and prompts a journey uses."""
    for _, use in context.uses:
        if use.mark.role in {"resource", "prompt"} and isinstance(use.value, str) and use.value:
            yield use.value.partition("/")[0]


def _tool(workspace: Workspace, known: Known, tool: str) -> dict[str, Any]:
    definition = known.tools.get(tool)
    if definition is None:
        raise AuthorError(
            f"the definition of tool '{tool}' is not known",
            where=workspace.name,
            hint=near(tool, known.tools)
            or "Run 'jb tools' to discover it, or 'jb lock' to approve it.",
        )
    given = as_object(workspace.tool_facts.get(tool))
    facts = facts_of(given)
    # what only the server hints at must not look like a fact of ours: a run would trust it
    risk = {} if facts.risk is None else {"risk": risk_of(definition, facts)}
    return {
        **{key: value for key, value in given.items() if key != "risk"},
        **risk,
        "digest": definition.digest(),
        "definition": definition.definition(),
    }


def _server(workspace: Workspace, name: str) -> dict[str, Any]:
    source = workspace.sources.get("mcp.json")
    data = as_object(source.data if source else {})
    entry = as_object(as_object(data.get("mcpServers") or data.get("servers")).get(name))
    facts = as_object(workspace.server_facts.get(name))
    return {**entry, **facts}


def _models(
    workspace: Workspace, environment: Mapping[str, Any], contexts: Sequence[Context]
) -> dict[str, Mapping[str, Any]]:
    """The aliases that the journeys use, bound, with the fallbacks behind them.

    Raises:
        AuthorError: When an alias is bound to none.
    """
    bound = {
        str(alias): str(other) for alias, other in as_object(environment.get("models")).items()
    }
    wanted = [
        use.value
        for context in contexts
        for _, use in context.uses
        if use.mark.role == "model" and use.value
    ]
    out: dict[str, Mapping[str, Any]] = {}
    while wanted:
        alias = str(wanted.pop(0))
        if alias in bound and bound[alias] not in workspace.models:
            raise AuthorError(
                f"the environment binds '{alias}' to '{bound[alias]}', which models.yaml does not have",
                where=workspace.name,
                hint=near(bound[alias], workspace.models) or "Add it to models.yaml.",
            )
        entry = workspace.models.get(bound.get(alias, alias))
        if alias not in out and entry is not None:
            out[alias] = dict(entry)
            wanted += as_list(entry.get("fallbacks"))
    return out
