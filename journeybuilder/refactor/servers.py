"""Giving a server another name wherever the files of a workspace name it, or a tool of it."""

from collections.abc import Mapping
from typing import Any, cast

from journeybuilder.contract.json import as_list
from journeybuilder.document.workspace import LOCK_FILE, SETTINGS_FILE, Workspace
from journeybuilder.document.write import rewrite
from journeybuilder.kinds import KINDS

_ROLES = {"tool", "tools", "resource", "prompt"}


def used_in(workspace: Workspace, server: str) -> dict[str, list[str]]:
    """The steps that use a server, by the id of their journey."""
    out: dict[str, list[str]] = {}
    for name, file in workspace.journeys.items():
        nodes = [
            node.id
            for node in file.journey.nodes.values()
            if any(True for _ in _uses(node.kind, node.settings, server))
        ]
        if nodes:
            out[name] = nodes
    return out


def steps_by_tool(workspace: Workspace, server: str) -> dict[str, list[tuple[str, str]]]:
    """Journey and step that use each tool, resource and prompt of a server, by `server/name`."""
    out: dict[str, list[tuple[str, str]]] = {}
    for name, file in workspace.journeys.items():
        for node in file.journey.nodes.values():
            for used in {value for _, value in _uses(node.kind, node.settings, server)}:
                out.setdefault(used, []).append((name, node.id))
    return out


def _uses(kind: str, settings: Mapping[str, Any], server: str) -> "list[tuple[Any, str]]":
    known = KINDS.get(kind)
    out: list[tuple[Any, str]] = []
    for use in known.uses(settings) if known is not None else ():
        if use.mark.role not in _ROLES:
            continue
        value: object = use.value
        values = as_list(value) or (value,)
        out += [
            (use.path, value)
            for value in values
            if isinstance(value, str) and value.startswith(f"{server}/")
        ]
    return out


def renamed(workspace: Workspace, old: str, new: str) -> dict[str, str]:
    """The new texts of the files that name the server, by file; `mcp.json` is not among them.

    Raises:
        AuthorError: When a file that names it cannot be read.
    """
    out: dict[str, str] = {}
    for file in workspace.journeys.values():
        nodes = [
            node for node in file.journey.nodes.values() if _uses(node.kind, node.settings, old)
        ]
        if nodes:
            data = dict(file.journey.data)
            names = {node.id for node in nodes}
            raw = cast("Mapping[str, Any]", data["nodes"])
            data["nodes"] = {
                name: _node(body, old, new) if name in names else body for name, body in raw.items()
            }
            out[file.source.file] = rewrite(file.source.text, data)
    for name, parts in ((SETTINGS_FILE, ("servers", "tools")), (LOCK_FILE, ("tools",))):
        source = workspace.sources.get(name)
        if source is not None:
            data = {
                key: _keys(value, old, new) if key in parts else value
                for key, value in source.data.items()
            }
            _keep(out, name, source.text, data)
    for source in workspace.scenarios.values():
        data = {
            key: _keys(value, old, new) if key == "tools" else value
            for key, value in source.data.items()
        }
        _keep(out, source.file, source.text, data)
    return out


def _keep(out: dict[str, str], file: str, text: str, data: Mapping[str, Any]) -> None:
    changed = rewrite(text, data)
    if changed != text:
        out[file] = changed


def _node(body: Any, old: str, new: str) -> Any:
    """A node with every use of the server under its new name."""
    paths = {path for path, _ in _uses(str(body.get("kind")), body, old)}
    return _walk(body, (), paths, old, new)


def _walk(value: Any, here: tuple[Any, ...], paths: set[Any], old: str, new: str) -> Any:
    marked = here in paths or here[:-1] in paths
    if marked and isinstance(value, str) and value.startswith(f"{old}/"):
        return new + value[len(old) :]
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {key: _walk(item, (*here, key), paths, old, new) for key, item in items}
    if isinstance(value, list):
        items = enumerate(cast("list[Any]", value))
        return [_walk(item, (*here, index), paths, old, new) for index, item in items]
    return value


def _keys(value: Any, old: str, new: str) -> Any:
    """A mapping with the server's own key, and those of its tools, under the new name."""
    if not isinstance(value, Mapping):
        return value
    return {
        (new + key[len(old) :] if key == old or key.startswith(f"{old}/") else key): item
        for key, item in cast("Mapping[str, Any]", value).items()
    }
