"""Changes to the files in which servers stand: `mcp.json`, `mcp.lock`, `journeybuilder.yaml`.

Each change is written at once, keeps comments, and can be taken back as long as nobody else has changed
the same files since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.connect.approving import approved, lock_text
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.jsonc import JsonError, load_jsonc
from journeybuilder.document.jsonc_edit import drop_member, put_member, rename_member
from journeybuilder.document.servers import TOP_KEYS
from journeybuilder.document.workspace import LOCK_FILE, SERVERS_FILE, SETTINGS_FILE
from journeybuilder.document.write import rewrite, save
from journeybuilder.errors import OperatorError
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel
from journeybuilder.refactor.servers import renamed

_MOST = 20


@dataclass(frozen=True, slots=True)
class FileStep:
    """One change that can be taken back: the texts of files before and after; None: there was none."""

    title: str
    files: Mapping[str, tuple[str | None, str]]


class ServerFiles:
    """Writes them; every method raises `ProgramError` where a file cannot be read or written."""

    def __init__(self, space: WorkspaceModel) -> None:
        self.space = space
        self._steps: list[FileStep] = []

    @property
    def last(self) -> str:
        """What the next `undo` takes back; empty where there is nothing."""
        return self._steps[-1].title if self._steps else ""

    def _text(self, file: str) -> str | None:
        path = self.space.root / file
        try:
            return path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise OperatorError(
                "the file cannot be read", where=str(path), hint="Is it text in UTF-8?"
            ) from error

    def _write(self, title: str, files: Mapping[str, str]) -> None:
        """Write texts as one step.

        Raises:
            ProgramError: When one cannot be written; those before it are as they were then.
        """
        step = FileStep(title, {file: (self._text(file), text) for file, text in files.items()})
        done: list[str] = []
        try:
            for file, text in files.items():
                save(self.space.root / file, text)
                done.append(file)
        except Exception:
            for file in done:
                self._put_back(file, step.files[file][0])
            raise
        self._steps = [*self._steps, step][-_MOST:]
        self.space.reload()

    def _put_back(self, file: str, text: str | None) -> None:
        if text is None:
            (self.space.root / file).unlink(missing_ok=True)
        else:
            save(self.space.root / file, text)

    def undo(self) -> str:
        """Take the last change back; gives its title.

        Raises:
            OperatorError: When a file was changed since, which is left as it is.
        """
        step = self._steps[-1]
        for file, (_, after) in step.files.items():
            if self._text(file) != after:
                raise OperatorError(
                    tr("{file} was changed since; it stays as it is", file=file),
                    hint=tr("Take the change back by hand."),
                )
        for file, (before, _) in step.files.items():
            self._put_back(file, before)
        self._steps.pop()
        self.space.reload()
        return step.title

    # --- mcp.json ----------------------------------------------------------------------------------

    def _servers(self) -> tuple[str, str]:
        """The text of `mcp.json` and the key under which its servers stand."""
        text = self._text(SERVERS_FILE)
        if text is None or not text.strip():
            text = '{\n  "mcpServers": {}\n}\n'
        try:
            value: Any = load_jsonc(text).value
        except JsonError:
            value = {}  # the edit itself says where the file is broken
        keys = [key for key in TOP_KEYS if isinstance(value, dict) and key in value]
        return text, keys[0] if keys else TOP_KEYS[0]

    def entry(self, name: str) -> Mapping[str, Any]:
        """The entry of a server as it stands in the file; empty where it has none."""
        text, top = self._servers()
        try:
            value: Any = load_jsonc(text).value
        except JsonError:
            return {}
        found = value.get(top, {}).get(name) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return found if isinstance(found, dict) else {}  # pyright: ignore[reportUnknownVariableType]

    def add(self, entries: Mapping[str, Mapping[str, Any]]) -> None:
        """Add servers, in one step."""
        text, top = self._servers()
        for name, entry in entries.items():
            text = put_member(text, (top, name), dict(entry))
        title = tr("Add {names}", names=", ".join(entries))
        self._write(title, {SERVERS_FILE: text})

    def change(self, name: str, entry: Mapping[str, Any]) -> None:
        """Change an entry member by member, so that comments in it stay."""
        text, top = self._servers()
        before = self.entry(name)
        for key in before:
            if key not in entry:
                text = drop_member(text, (top, name, key))
        for key, value in entry.items():
            if before.get(key) != value:
                text = put_member(text, (top, name, key), value)
        self._write(tr("Change {name}", name=name), {SERVERS_FILE: text})

    def switch(self, name: str, *, on: bool) -> None:
        """Switch a server on or off; its tools stay known from the lock."""
        text, top = self._servers()
        path = (top, name, "disabled")
        text = drop_member(text, path) if on else put_member(text, path, value=True)
        words = tr("Switch {name} on", name=name) if on else tr("Switch {name} off", name=name)
        self._write(words, {SERVERS_FILE: text})

    def remove(self, name: str) -> None:
        """Remove a server from `mcp.json`; what was approved of it stays in `mcp.lock`."""
        text, top = self._servers()
        self._write(tr("Remove {name}", name=name), {SERVERS_FILE: drop_member(text, (top, name))})

    def rename(self, old: str, new: str) -> None:
        """Give a server another name, here and wherever journeys, scenarios and the lock name it."""
        text, top = self._servers()
        text = rename_member(text, (top, old), new)
        others = renamed(self.space.workspace, old, new)
        self._write(tr("Rename {old} to {new}", old=old, new=new), {SERVERS_FILE: text, **others})

    # --- what the workspace says of tools ------------------------------------------------------------

    def set_risk(self, tool: str, risk: str) -> None:
        """Say in `journeybuilder.yaml` how risky a `server/tool` is; empty: what the server says counts."""
        text = self._text(SETTINGS_FILE) or "journeybuilder: 1\n"
        settings = dict(self.space.workspace.settings)
        tools = {name: dict(entry) for name, entry in self.space.workspace.tool_facts.items()}
        entry = tools.get(tool, {})
        if risk:
            tools[tool] = {"risk": risk, **{k: v for k, v in entry.items() if k != "risk"}}
        else:
            tools[tool] = {key: value for key, value in entry.items() if key != "risk"}
            if not tools[tool]:
                del tools[tool]
        if tools or "tools" in settings:
            settings["tools"] = tools
        if not tools:
            settings.pop("tools", None)
        self._write(tr("Risk of {tool}", tool=tool), {SETTINGS_FILE: rewrite(text, settings)})

    def approve(self, tools: Sequence[ToolDef]) -> Sequence[str]:
        """Approve tools as they are found now, as `jb lock` does; gives those that were not so before."""
        found = {tool.id: tool for tool in tools}
        space = self.space.workspace
        entries, changed = approved(space, list(found), found, keep=True)
        names = ", ".join(list(found)[:3])
        self._write(tr("Approve {names}", names=names), {LOCK_FILE: lock_text(space, entries)})
        return changed

    def forget(self, tools: Sequence[str]) -> None:
        """Take tools that are no longer there out of the lock."""
        space = self.space.workspace
        entries = {name: entry for name, entry in space.lock.items() if name not in tools}
        names = ", ".join(tools[:3])
        self._write(tr("Forget {names}", names=names), {LOCK_FILE: lock_text(space, entries)})
