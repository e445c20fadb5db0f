"""Every finding of a workspace: of its files, its models, its scenarios and each of its journeys.

Nothing is started for it: what servers offer is known from `mcp.lock` and the last discovery.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from journeybuilder.checks import check_journey
from journeybuilder.checks.context import Context, Known
from journeybuilder.checks.environments import bound_models, check_environment, check_environments
from journeybuilder.checks.journeys import called_from
from journeybuilder.checks.models import BAD_AMOUNT, check_models
from journeybuilder.checks.scenarios import check_scenario
from journeybuilder.checks.secrets import check_values
from journeybuilder.checks.workspace import LONELY_LAYOUT, check_workspace
from journeybuilder.connect.catalog import load_catalog, load_offers, locked_tool
from journeybuilder.connect.prices import own_price
from journeybuilder.contract.durations import seconds
from journeybuilder.contract.json import as_object
from journeybuilder.contract.offers import Offers
from journeybuilder.contract.tools import ToolDef, facts_of
from journeybuilder.document.findings import Finding, Problem, near
from journeybuilder.document.jsonc import load_jsonc
from journeybuilder.document.servers import TOP_KEYS
from journeybuilder.document.source import JourneyFile
from journeybuilder.document.workspace import (
    JOURNEY_ENDING,
    LAYOUT_ENDING,
    LOCK_FILE,
    MODELS_FILE,
    SERVERS_FILE,
    SETTINGS_FILE,
    Workspace,
)
from journeybuilder.plan.bundle import SHARED


def known_of(
    workspace: Workspace,
    found: Mapping[str, ToolDef] | None = None,
    offers: Mapping[str, Offers] | None = None,
) -> Known:
    """What a workspace knows without starting anything: the lock, and the last discovery.

    A tool that was approved counts as approved, not as it was last found.

    Args:
        workspace: What its files say.
        found: The tools of the last discovery where they are at hand; else they are read.
        offers: The same for resources and prompts.
    """
    found = load_catalog(workspace.state_dir) if found is None else found
    offers = load_offers(workspace.state_dir) if offers is None else offers
    locked = {name: locked_tool(name, entry) for name, entry in workspace.lock.items()}
    tools = {**found, **locked}
    unusable = set(_named_servers(workspace) or {}) - set(workspace.servers)
    return Known(
        tools=tools,
        servers=[*workspace.servers, *unusable],
        discovered={*(tool.server for tool in found.values()), *offers},
        locked={name: tool.digest() for name, tool in locked.items()},
        found={name: tool.digest() for name, tool in found.items()},
        models=workspace.models,
        queues=workspace.queues,
        keys={
            name: facts.key
            for name, entry in workspace.tool_facts.items()
            if (facts := facts_of(entry)).key
        },
        unread=_unread(workspace),
        unusable=unusable,
        journeys={name: file.journey for name, file in workspace.journeys.items()},
        offers=offers,
    )


def _named_servers(workspace: Workspace) -> Mapping[str, Any] | None:
    """The entries of `mcp.json`, right or wrong; None where there is no telling."""
    source = workspace.sources.get(SERVERS_FILE)
    if source is None:
        return {}
    entries = next((source.data[key] for key in TOP_KEYS if key in source.data), None)
    servers = as_object(entries)
    return servers if servers or entries == {} else None


def _unread(workspace: Workspace) -> list[str]:
    """The files that could not be read, as far as other files depend on what stands in them."""
    out = [] if _named_servers(workspace) is not None else [SERVERS_FILE]
    for name, key in ((MODELS_FILE, "models"), (LOCK_FILE, "tools"), (SETTINGS_FILE, "")):
        source = workspace.sources.get(name)
        if source is not None and source.findings:
            held = isinstance(source.data.get(key), Mapping) if key else True
            out += [] if source.readable and held else [name]
    return out


def findings_of(
    workspace: Workspace, known: Known | None = None, environment: str = ""
) -> list[Finding]:
    """Every finding of a workspace: of its files, its models and each of its journeys.

    Args:
        workspace: As it was read.
        known: What is known of the world around it; found out where not given.
        environment: Look at it as it is there: its bindings, and the keys that it needs and that
            this machine does not have. Empty for what is so everywhere.
    """
    known = known or known_of(workspace)
    out = [*workspace.findings, *_of_models(workspace), *_of_settings(workspace, known)]
    for name in (MODELS_FILE, SETTINGS_FILE):
        source = workspace.sources.get(name)
        if source is not None and source.readable:
            out += [source.locate(problem) for problem in check_values(source.data)]
    if environment:
        known = replace(known, models=bound_models(workspace.settings, known.models, environment))
        out += _of_environment(workspace, known, environment)
    for file in workspace.journeys.values():
        out += journey_findings(file, known)
    for source in workspace.scenarios.values():
        if source.readable:
            out += [source.locate(problem) for problem in check_scenario(source.data, known)]
    out += _lonely_layouts(workspace)
    return sorted(out, key=lambda item: (item.file, item.line, item.column, item.code))


def journey_findings(file: JourneyFile, known: Known) -> list[Finding]:
    """What is wrong with the meaning of one journey; nothing is said of an unreadable one."""
    if not file.source.readable:
        return []
    return [file.source.locate(problem) for problem in check_journey(file.journey, known)]


def findings_of_export(workspace: Workspace, journey: str, known: Known) -> list[Finding]:
    """The findings of the files that a bundle of this journey is made of.

    Those are its own file, those of the journeys that it calls, and those that all journeys share.
    """
    journeys = {name: file.journey for name, file in workspace.journeys.items()}
    called = {id(each) for each in called_from(journeys[journey], journeys)}
    files = {file.source.file for file in workspace.journeys.values() if id(file.journey) in called}
    files |= set(SHARED)
    return [item for item in findings_of(workspace, known) if item.file in files]


def _of_models(workspace: Workspace) -> Iterator[Finding]:
    source = workspace.sources.get(MODELS_FILE)
    if source is not None:
        for problem in (*check_models(workspace.models), *check_amounts(workspace.models)):
            yield source.locate(problem)


def check_amounts(models: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Prices, budgets and time limits that no call would understand; paths as in `models.yaml`."""
    for alias, entry in models.items():
        for key, (kind, read) in _AMOUNTS.items():
            if isinstance(entry.get(key), kind):  # what is of another form is a finding already
                try:
                    read(entry)
                except ValueError as error:
                    message = f"'{key}' of '{alias}': {error}"
                    yield Problem(BAD_AMOUNT, ("models", alias, key), message, BAD_AMOUNT.mend)


def _budget(entry: Mapping[str, Any]) -> object:
    from journeybuilder.connect.model_budgets import budget_of  # noqa: PLC0415 - loads SQLite

    return budget_of(entry)


_AMOUNTS: Mapping[str, tuple[type, Callable[[Mapping[str, Any]], object]]] = {
    "price": (dict, own_price),
    "budget": (dict, _budget),
    "timeout": (str, lambda entry: seconds(entry["timeout"])),
}


def _of_settings(workspace: Workspace, known: Known) -> Iterator[Finding]:
    settings = workspace.sources.get(SETTINGS_FILE)
    if settings is None or not settings.readable:
        return
    about = check_workspace(
        workspace.settings,
        None if SERVERS_FILE in known.unread else known.servers,
        None if MODELS_FILE in known.unread else workspace.models,
    )
    for problem in about:
        yield settings.locate(problem)
    if MODELS_FILE not in known.unread:
        for problem in check_environments(workspace.settings, workspace.models):
            yield settings.locate(problem)


def _of_environment(workspace: Workspace, known: Known, name: str) -> Iterator[Finding]:
    """What is said of one environment only when it is asked for."""
    settings = workspace.sources.get(SETTINGS_FILE)
    if name not in workspace.environments:
        if settings is not None and settings.readable:
            for problem in check_environment(workspace.settings, workspace.models, name):
                yield settings.locate(problem)
        return
    from journeybuilder.connect import missing_keys  # noqa: PLC0415 - not always asked for
    from journeybuilder.connect.secrets import Secrets  # noqa: PLC0415
    from journeybuilder.connect.variables import Variables  # noqa: PLC0415

    variables = Variables(workspace.root, Secrets())
    files = [file for file in workspace.journeys.values() if file.source.readable]
    uses = [use for file in files for _, use in Context(file.journey, known).uses]
    models, servers = missing_keys.used_by((use.mark.role, use.value) for use in uses)
    bound = missing_keys.bindings(workspace.environments[name])
    source = workspace.sources.get(MODELS_FILE)
    if source is not None:
        for problem in missing_keys.of_models(workspace.models, bound, models, name, variables):
            yield source.locate(problem)
    for problem in missing_keys.of_servers(workspace.servers, servers, name, variables):
        yield _at_server(workspace, problem)


def _at_server(workspace: Workspace, problem: Problem) -> Finding:
    """A finding at the entry of a server."""
    source = workspace.sources[SERVERS_FILE]
    top = next((key for key in TOP_KEYS if key in source.data), TOP_KEYS[0])
    path = (top, *problem.path)
    line, column = load_jsonc(source.text).place(path, at_key=True)
    return replace(source.locate(problem), line=line, column=column, path=path)


def _lonely_layouts(workspace: Workspace) -> Iterator[Finding]:
    """Layouts whose journey is not there, such as what a renaming by hand has left."""
    folder = workspace.root / "journeys"
    journeys = [
        file.removeprefix("journeys/").removesuffix(JOURNEY_ENDING)
        for file in workspace.sources
        if file.endswith(JOURNEY_ENDING)
    ]
    names: list[str] = []
    with contextlib.suppress(OSError):  # a folder that cannot be read is a finding of its own
        names = sorted(each.name for each in folder.iterdir() if each.name.endswith(LAYOUT_ENDING))
    for name in names:
        stem = name.removesuffix(LAYOUT_ENDING)
        if stem not in journeys:
            rule = LONELY_LAYOUT
            hint = near(stem, journeys) or rule.mend
            message = f"there is no '{stem}{JOURNEY_ENDING}' beside this layout"
            yield Finding(rule.code, rule.severity, f"journeys/{name}", 0, 0, "", message, hint)
