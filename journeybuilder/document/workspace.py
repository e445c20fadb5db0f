"""Reads a workspace: every file of the folder, and what is wrong with each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from journeybuilder.document import forms, rules
from journeybuilder.document.findings import Finding, Problem, near
from journeybuilder.document.forms import Form, read_source
from journeybuilder.document.jsonc import JsonError, load_jsonc
from journeybuilder.document.model import Journey, Layout, mapping, strings
from journeybuilder.document.root import SETTINGS_FILE, STATE_FOLDER
from journeybuilder.document.servers import ServerSpec, read_servers, with_facts
from journeybuilder.document.source import JourneyFile, Source
from journeybuilder.document.tree import MAX_BYTES, Marks
from journeybuilder.errors import AuthorError, OperatorError

SERVERS_FILE = "mcp.json"
MODELS_FILE = "models.yaml"
LOCK_FILE = "mcp.lock"
JOURNEY_ENDING = ".journey.yaml"
LAYOUT_ENDING = ".layout.yaml"
SCENARIO_ENDING = ".scenario.yaml"


@dataclass(frozen=True)
class Workspace:
    """Everything that the files of a workspace say.

    Attributes:
        root: The folder that holds `journeybuilder.yaml`, absolute.
        settings: What `journeybuilder.yaml` says.
        servers: MCP servers by name, with the facts of `journeybuilder.yaml`.
        models: Entries of `models.yaml` by alias.
        lock: Entries of `mcp.lock` by `server/tool`: `digest`, `risk`, `definition`.
        journeys: By id; one without an id, or with another's, by the name of its file.
        scenarios: By name; one without a name, or with another's, by the name of its file.
        sources: Every file that was read, by its name from the root.
        findings: What is wrong with the files as such; journeys are checked elsewhere.
    """

    root: Path
    name: str
    settings: Mapping[str, Any]
    servers: Mapping[str, ServerSpec]
    models: Mapping[str, Mapping[str, Any]]
    lock: Mapping[str, Mapping[str, Any]]
    journeys: Mapping[str, JourneyFile]
    scenarios: Mapping[str, Source]
    sources: Mapping[str, Source]
    findings: Sequence[Finding] = field(default_factory=list[Finding])

    @cached_property
    def environments(self) -> Mapping[str, Mapping[str, Any]]:
        """Settings by environment."""
        return _mappings(self.settings.get("environments"))

    @cached_property
    def server_facts(self) -> Mapping[str, Mapping[str, Any]]:
        """What the workspace says about servers, by name."""
        return _mappings(self.settings.get("servers"))

    @cached_property
    def tool_facts(self) -> Mapping[str, Mapping[str, Any]]:
        """What the workspace says about tools, by `server/tool`."""
        return _mappings(self.settings.get("tools"))

    @cached_property
    def queues(self) -> Sequence[str]:
        """The queues of people."""
        return strings(self.settings.get("queues"))

    @property
    def state_dir(self) -> Path:
        """Where local state lives; it may not exist yet."""
        return self.root / STATE_FOLDER


def read_workspace(root: Path) -> Workspace:
    """Read all files of a workspace; what is wrong with them is in `findings`.

    Raises:
        AuthorError: When the folder holds no `journeybuilder.yaml`.
        OperatorError: When the folder cannot be read.
    """
    root = root.absolute()
    if not (root / SETTINGS_FILE).exists():
        raise AuthorError(
            f"There is no {SETTINGS_FILE} in this folder.",
            where=str(root),
            hint="Make a workspace with `jb init DIR`.",
        )
    return _Reader(root).read()


def read_journey(path: Path, root: Path) -> JourneyFile:
    """Read one journey and the layout beside it; what is wrong is in the sources' findings.

    Args:
        path: The `*.journey.yaml`.
        root: The workspace, from which files are named; the journey may lie elsewhere.

    Raises:
        AuthorError: When there is no such file.
    """
    if not path.exists() and not path.is_symlink():
        raise AuthorError(
            "There is no such journey.",
            where=str(path),
            hint=f"The journeys of a workspace are its journeys/*{JOURNEY_ENDING}.",
        )
    source = _read(path, root, forms.JOURNEY)
    layout_path = path.with_name(_stem(path, JOURNEY_ENDING) + LAYOUT_ENDING)
    layout = _read(layout_path, root, forms.LAYOUT) if layout_path.exists() else None
    return JourneyFile(source, Journey(_data(source)), layout, Layout(_data(layout)))


def journey_source(text: str | bytes, file: str) -> Source:
    """The text of a journey as a source; for text that is being edited."""
    return read_source(text, file, forms.JOURNEY)


def misplaced(file: JourneyFile) -> list[Finding]:
    """Places in the layout for nodes that the journey does not have."""
    layout = file.layout_source
    if layout is None or not layout.readable or not file.source.readable:
        return []
    nodes = file.journey.nodes
    return [
        layout.locate(
            Problem(
                rules.NO_SUCH_NODE,
                ("nodes", name),
                f"The journey has no node '{name}'.",
                near(name, nodes),
                at_key=True,
            )
        )
        for name in mapping(file.layout.data.get("nodes"))
        if name not in nodes
    ]


def _mappings(value: object) -> dict[str, Mapping[str, Any]]:
    return {name: mapping(entry) for name, entry in mapping(value).items()}


def _data(source: Source | None) -> Mapping[str, Any]:
    return source.data if source is not None and source.readable else {}


def _stem(path: Path, ending: str) -> str:
    return path.name.removesuffix(ending)


def _file_name(path: Path, root: Path) -> str:
    path, root = path.absolute(), root.absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _read(path: Path, root: Path, form: Form) -> Source:
    file = _file_name(path, root)
    data = read_bytes(path)
    return _unreadable(file, data) if isinstance(data, str) else read_source(data, file, form)


def read_bytes(path: Path) -> bytes | str:
    """The content of a file, one byte past the allowed size at most; or why there is none."""
    try:
        if not path.is_file():
            return "It is no file." if path.exists() else "What it links to does not exist."
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        return _reason(error)


def _unreadable(file: str, why: str) -> Source:
    problem = Problem(rules.UNREADABLE, (), f"The file cannot be read. {why}")
    source = Source(file, "", {}, Marks(None, ""))
    return Source(file, "", {}, source.marks, (source.locate(problem),))


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "You may not read it."
    return f"The system says: {error.strerror or 'no reason'}."


class _Reader:
    """One reading of a workspace."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sources: dict[str, Source] = {}
        self.findings: list[Finding] = []

    def read(self) -> Workspace:
        settings = _data(self.file(SETTINGS_FILE, forms.WORKSPACE))
        name = settings.get("workspace")
        servers = self.servers()
        return Workspace(
            root=self.root,
            name=name if isinstance(name, str) and name else self.root.name,
            settings=settings,
            servers=with_facts(servers, _mappings(settings.get("servers"))),
            models=_mappings(_data(self.file(MODELS_FILE, forms.MODELS)).get("models")),
            lock=_mappings(_data(self.file(LOCK_FILE, forms.LOCK)).get("tools")),
            journeys=self.journeys(),
            scenarios=self.scenarios(),
            sources=self.sources,
            findings=sorted(self.findings, key=lambda item: (item.file, item.line, item.column)),
        )

    def file(self, name: str, form: Form) -> Source | None:
        path = self.root / name
        return self.keep(_read(path, self.root, form)) if self.exists(path) else None

    def keep(self, source: Source) -> Source:
        self.sources[source.file] = source
        self.findings.extend(source.findings)
        return source

    def servers(self) -> Mapping[str, ServerSpec]:
        path = self.root / SERVERS_FILE
        if not self.exists(path):
            return {}
        data = read_bytes(path)
        if isinstance(data, str):
            self.keep(_unreadable(SERVERS_FILE, data))
            return {}
        if len(data) > MAX_BYTES:
            why = f"It has more than {MAX_BYTES / 1e6:.0f} MB."
            self.keep(_unreadable(SERVERS_FILE, why))
            return {}
        text = data.decode("utf-8", "replace")
        servers, findings = read_servers(text, SERVERS_FILE)
        try:
            value: Mapping[str, Any] = mapping(load_jsonc(text).value)
        except JsonError:
            value = {}
        self.keep(Source(SERVERS_FILE, text, value, Marks(None, text), tuple(findings)))
        return servers

    def journeys(self) -> Mapping[str, JourneyFile]:
        out: dict[str, JourneyFile] = {}
        for path in self.files("journeys", JOURNEY_ENDING):
            entry = read_journey(path, self.root)
            self.keep(entry.source)
            if entry.layout_source is not None:
                self.keep(entry.layout_source)
                self.findings.extend(misplaced(entry))
            name = entry.journey.id or _stem(path, JOURNEY_ENDING)
            if name in out:
                self.same_id(entry.source, "journey", name, out[name].source)
                name = f"{name} ({path.name})"
            out[name] = entry
        return out

    def scenarios(self) -> Mapping[str, Source]:
        out: dict[str, Source] = {}
        for path in self.files("scenarios", SCENARIO_ENDING):
            source = self.keep(_read(path, self.root, forms.SCENARIO))
            name = source.data.get("scenario")
            if not isinstance(name, str) or not name:
                name = _stem(path, SCENARIO_ENDING)
            if name in out:
                self.same_id(source, "scenario", name, out[name])
                name = f"{name} ({path.name})"
            out[name] = source
        return out

    def same_id(self, source: Source, key: str, name: str, first: Source) -> None:
        message = f"The {key} '{name}' is already in {first.file}."
        self.findings.append(source.locate(Problem(rules.SAME_ID, (key,), message)))

    def files(self, folder: str, ending: str) -> Iterator[Path]:
        place = self.root / folder
        if not self.exists(place):
            return
        if not place.is_dir():
            self.keep(_unreadable(folder, "It has to be a folder."))
            return
        try:
            found = [path for path in place.iterdir() if path.name.endswith(ending)]
        except OSError as error:
            raise _closed(place, error) from error
        yield from sorted(found)

    def exists(self, path: Path) -> bool:
        try:
            return path.exists() or path.is_symlink()
        except OSError as error:
            raise _closed(path, error) from error


def _closed(path: Path, error: OSError) -> OperatorError:
    return OperatorError(
        f"The folder of the workspace cannot be read. {_reason(error)}",
        where=str(path),
        hint="Check its permissions, and that its disk is there.",
    )
