"""`mcp.json`: the MCP servers of a workspace, in the form that other MCP clients use.

A file of theirs can be dropped in: the top key is `mcpServers` or `servers`, comments and trailing
commas are allowed, and keys that are only theirs are left alone.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Literal, cast

from journeybuilder.document.findings import Finding, Path, Rule, choices, near
from journeybuilder.document.jsonc import JsonError, JsonTree, load_jsonc
from journeybuilder.document.model import mapping, strings
from journeybuilder.document.server_oauth import OAuthSpec, read_oauth
from journeybuilder.document.server_secrets import holds_password, looks_secret, secrets_in

Transport = Literal["stdio", "http", "sse"]

DEFAULT_TIMEOUT = 30.0
MILLISECONDS_FROM = 1000
TOP_KEYS = ("mcpServers", "servers")
KEYS = ("command", "args", "env", "cwd", "type", "url", "headers", "oauth", "disabled", "timeout")
# Keys of other clients that look like a slip of one of ours and are none.
FOREIGN_KEYS = ("envFile", "environment", "headersHelper", "commands", "transport", "typed", "uri")
_LIST = 'Write "{}": ["first", "second"].'
_OBJECT = 'Write "{}": {{"NAME": "value"}}.'
_WAYS = frozenset({"command", "url"})
_CUTOFF = 0.8
_TRANSPORTS: Mapping[str, Transport] = {
    "stdio": "stdio",
    "http": "http",
    "streamable-http": "http",
    "streamableHttp": "http",
    "sse": "sse",
}
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_INPUT = re.compile(r"\$\{input:([^}]*)\}")

BROKEN = Rule(
    code="JB120",
    severity="error",
    title="mcp.json cannot be read",
    why="None of its servers can be used until the file can be read.",
    mend="Mend the JSON at the place named. Comments and trailing commas are fine.",
    example='{"mcpServers": {"orders": {"command": "orders-mcp"}',
)
SHAPE = Rule(
    code="JB121",
    severity="error",
    title="A value in mcp.json has the wrong form",
    why="A command line or an address that is read wrongly starts the wrong thing.",
    mend="Give the value the form that the message names.",
    example='{"mcpServers": {"orders": {"command": ["orders-mcp"]}}}',
)
NO_WAY = Rule(
    code="JB122",
    severity="error",
    title="A server has neither a command nor a URL, or both",
    why="The program cannot know how to reach the server.",
    mend="Give `command` for a server that is started, or `url` for one that runs elsewhere.",
    example='{"mcpServers": {"orders": {}}}',
)
NAME = Rule(
    code="JB123",
    severity="error",
    title="A server has a name that cannot be used",
    why="Journeys name tools as `server/tool`, so a name may only have letters, digits and `_ . -`.",
    mend="Rename the server.",
    example='{"mcpServers": {"my orders": {"command": "orders-mcp"}}}',
)
SECRET = Rule(
    code="JB124",
    severity="error",
    title="A secret stands in mcp.json",
    why="The file is committed and copied; whoever reads it can act as you.",
    mend=(
        "Store it with `keyring set journeybuilder NAME` and write ${secret:NAME} in its place; change "
        "the secret if the file was ever shared."
    ),
    example='{"mcpServers": {"crm": {"url": "https://crm.example/mcp", "headers": {"X-Api-Key": "k1"}}}}',
)
SLIP = Rule(
    code="JB125",
    severity="warning",
    title="A key looks like a slip of another",
    why=(
        "Unknown keys are ignored, because other clients have keys of their own; a misspelled one of "
        "ours would silently do nothing."
    ),
    mend="Write the key as the message says, or remove it.",
    example='{"mcpServers": {"crm": {"url": "https://crm.example/mcp", "header": {}}}}',
)
TWICE = Rule(
    code="JB126",
    severity="error",
    title="A key stands twice in one object",
    why="Only the last one counts; the other is silently lost.",
    mend="Remove or rename one of the two.",
    example='{"mcpServers": {"a": {"command": "x"}, "a": {"command": "y"}}}',
)
ASKED = Rule(
    code="JB127",
    severity="error",
    title="A value that another client asks its user for",
    why="`${input:…}` opens a box in VS Code; nobody sits here when the server is started.",
    mend="Store it with `keyring set journeybuilder NAME` and write ${secret:NAME}, or ${NAME} for a variable.",
    example='{"servers": {"crm": {"command": "crm-mcp", "env": {"CRM_TOKEN": "${input:token}"}}}}',
)
RULES = (BROKEN, SHAPE, NO_WAY, NAME, SECRET, SLIP, TWICE, ASKED)

__all__ = [
    "DEFAULT_TIMEOUT", "FOREIGN_KEYS", "KEYS", "RULES", "TOP_KEYS", "OAuthSpec", "ServerSpec",
    "Transport", "holds_password", "looks_secret", "read_servers", "with_facts",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """How one MCP server is reached. Texts may hold `${…}`, resolved at the moment of use.

    Attributes:
        name: Its name in `mcp.json`, the first part of `server/tool`.
        transport: `stdio` starts `command`; `http` and `sse` go to `url`.
        oauth: How one logs in there; None where nothing is said of it.
        cwd: Folder the command runs in; the workspace when empty.
        timeout: Seconds until a connection attempt is given up.
        start: Command that serves `url` on this machine; started when nothing answers there, and
            stopped afterwards. From `journeybuilder.yaml`.
        trust: `own`, `outside` or empty. From `journeybuilder.yaml`.
    """

    name: str
    transport: Transport
    command: str = ""
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    cwd: str = ""
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    oauth: OAuthSpec | None = None
    disabled: bool = False
    timeout: float = DEFAULT_TIMEOUT
    start: tuple[str, ...] = ()
    trust: str = ""


def read_servers(text: str, file: str) -> tuple[dict[str, ServerSpec], list[Finding]]:
    """The servers that can be used, by name, and what is wrong with the file.

    `timeout` is a number: below 1000 it counts seconds, from 1000 on milliseconds (as Claude's own
    files do). Never raises for content.
    """
    try:
        tree = load_jsonc(text)
    except JsonError as error:
        place = JsonTree(text).line_column(error.offset)
        return {}, [_finding(BROKEN, file, place, f"The file is no JSON: {error.message}.")]
    reader = _ServersReader(tree, file)
    return reader.read(), reader.findings


def with_facts(
    specs: Mapping[str, ServerSpec], server_facts: Mapping[str, Mapping[str, Any]]
) -> dict[str, ServerSpec]:
    """The servers with what `servers:` in `journeybuilder.yaml` says about them.

    `start` is a list of words, the command first. Facts about servers that are not in `mcp.json`
    are left out.
    """
    out: dict[str, ServerSpec] = {}
    for name, spec in specs.items():
        facts = mapping(server_facts.get(name))
        trust = facts.get("trust")
        out[name] = replace(
            spec,
            start=tuple(strings(facts.get("start"))) if spec.url else (),
            trust=trust if isinstance(trust, str) else "",
        )
    return out


def _finding(
    rule: Rule, file: str, place: tuple[int, int], message: str, hint: str = "", path: Path = ()
) -> Finding:
    return Finding(
        rule.code, rule.severity, file, place[0], place[1], "", message, hint or rule.mend, path
    )


def _slip(data: Mapping[str, Any], wanted: Collection[str]) -> tuple[str, str]:
    """The key that is meant to be one of those wanted, and which one."""
    for key in data:
        match = get_close_matches(key.casefold(), wanted, n=1, cutoff=_CUTOFF)
        if match and key not in KEYS and key not in FOREIGN_KEYS:
            return key, f"Did you mean '{match[0]}'?"
    return "", ""


class _ServersReader:
    def __init__(self, tree: JsonTree, file: str) -> None:
        self.tree = tree
        self.file = file
        self.findings: list[Finding] = []

    def found(
        self, rule: Rule, path: Path, message: str, hint: str = "", *, at_key: bool = False
    ) -> None:
        place = self.tree.place(path, at_key=at_key)
        self.findings.append(_finding(rule, self.file, place, message, hint, path))

    def read(self) -> dict[str, ServerSpec]:
        for path, offset in self.tree.duplicates:
            place = self.tree.line_column(offset)
            message = f"The key '{path[-1]}' stands twice here."
            self.findings.append(_finding(TWICE, self.file, place, message, path=path))
        top, servers = self._top()
        out: dict[str, ServerSpec] = {}
        for name, raw in servers.items():
            spec = self._server(name, raw, (top, name))
            if spec is not None:
                out[name] = spec
        return out

    def _top(self) -> tuple[str, Mapping[str, Any]]:
        data = self.tree.value
        if not isinstance(data, dict):
            self.found(SHAPE, (), 'The file has to be an object with the key "mcpServers".')
            return "", {}
        keys = list(cast("dict[str, Any]", data))
        top = next((key for key in TOP_KEYS if key in keys), "")
        if not top:
            guess = next((near(key, TOP_KEYS) for key in keys if near(key, TOP_KEYS)), "")
            self.found(SHAPE, (), 'The file has no key "mcpServers".', guess)
            return "", {}
        value = cast("object", data[top])
        if not isinstance(value, dict):
            self.found(SHAPE, (top,), f'"{top}" has to be an object: a server by its name.')
            return top, {}
        return top, cast("dict[str, Any]", value)

    def _server(self, name: str, raw: object, path: Path) -> ServerSpec | None:
        if _NAME.fullmatch(name) is None:
            message = f"'{name}' cannot be a server's name: letters, digits and _ . - only."
            self.found(NAME, path, message, at_key=True)
            return None
        if not isinstance(raw, dict):
            self.found(SHAPE, path, f"Server '{name}' has to be an object.")
            return None
        data = cast("dict[str, Any]", raw)
        self._asked(name, data, path)
        transport, missed = self._transport(name, data, path)
        self._slips(data, path, missed)
        before = len(self.findings)
        command, url = self._text(data, "command", path), self._text(data, "url", path)
        spec = ServerSpec(
            name=name,
            transport=transport or "stdio",
            command=command,
            args=self._words(data, "args", path),
            env=self._texts(data, "env", path),
            cwd=self._text(data, "cwd", path),
            url=url,
            headers=self._texts(data, "headers", path),
            oauth=self._oauth(data, path),
            disabled=self._flag(data, "disabled", path),
            timeout=self._timeout(data, path),
        )
        for place, message in secrets_in(data):
            self.found(SECRET, (*path, *place), message)
        broken = any(finding.code == SHAPE.code for finding in self.findings[before:])
        return None if transport is None or broken else spec

    def _asked(self, name: str, value: object, path: Path) -> None:
        """Values that VS Code would ask its user for."""
        if isinstance(value, str):
            found = _INPUT.search(value)
            if found is not None:
                what = found.group(1)
                message = f"Server '{name}' wants `${{input:{what}}}`, which only VS Code asks for."
                env = re.sub(r"[^A-Za-z0-9]+", "_", what).upper()
                hint = f"Write ${{secret:{env}}} for a secret, or ${{{env}}} for a variable."
                self.found(ASKED, path, message, hint)
        elif isinstance(value, dict):
            for key, item in cast("dict[str, object]", value).items():
                self._asked(name, item, (*path, key))
        elif isinstance(value, list):
            for index, item in enumerate(cast("list[object]", value)):
                self._asked(name, item, (*path, index))

    def _slips(self, data: Mapping[str, Any], path: Path, missed: str) -> None:
        for key in data:
            if key in KEYS or key in FOREIGN_KEYS:
                continue
            match = get_close_matches(key.casefold(), KEYS, n=1, cutoff=_CUTOFF)
            if match and match[0] not in data and key != missed:
                message = f"The key '{key}' is not known and is ignored."
                hint = f"Did you mean '{match[0]}'?"
                self.found(SLIP, (*path, key), message, hint, at_key=True)

    def _transport(
        self, name: str, data: Mapping[str, Any], path: Path
    ) -> tuple[Transport | None, str]:
        """How the server is reached; else None, and the key that is misspelled for it if there is one."""
        declared = data.get("type")
        has_url, has_command = bool(data.get("url")), bool(data.get("command"))
        if declared is None and has_url and has_command:
            self.found(NO_WAY, path, f"Server '{name}' has both a command and a URL.")
            return None, ""
        if declared is None:
            transport: Transport | None = "http" if has_url else "stdio"
        else:
            transport = _TRANSPORTS.get(declared) if isinstance(declared, str) else None
        if transport is None:
            known = choices({"stdio", "http", "streamable-http", "sse"})
            message = f"The type of server '{name}' is none of {known}."
            self.found(SHAPE, (*path, "type"), message, near(str(declared), _TRANSPORTS))
            return None, ""
        if not (has_command if transport == "stdio" else has_url):
            missing = "command" if transport == "stdio" else "url"
            said = f" but its type is '{declared}'" if declared is not None else " and no url"
            slip, hint = _slip(data, _WAYS if declared is None else {missing})
            place = (*path, slip) if slip else path
            message = f"Server '{name}' has no {missing}{said}."
            self.found(NO_WAY, place, message, hint, at_key=True)
            return None, slip
        return transport, ""

    def _text(self, data: Mapping[str, Any], key: str, path: Path) -> str:
        value = data.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        hint = 'The words after the first belong into "args".' if key == "command" else ""
        self.found(SHAPE, (*path, key), f'"{key}" has to be a text.', hint)
        return ""

    def _words(self, data: Mapping[str, Any], key: str, path: Path) -> tuple[str, ...]:
        value = data.get(key)
        items = cast("list[object]", value) if isinstance(value, list) else []
        out = tuple(item for item in items if isinstance(item, str))
        if value is not None and (not isinstance(value, list) or len(out) != len(items)):
            self.found(
                SHAPE, (*path, key), f'"{key}" has to be a list of texts.', _LIST.format(key)
            )
        return out

    def _texts(self, data: Mapping[str, Any], key: str, path: Path) -> dict[str, str]:
        value = data.get(key)
        if value is not None and not isinstance(value, dict):
            self.found(
                SHAPE, (*path, key), f'"{key}" has to be an object of texts.', _OBJECT.format(key)
            )
            return {}
        out: dict[str, str] = {}
        for name, item in cast("dict[str, object]", value or {}).items():
            if isinstance(item, bool) or not isinstance(item, str | int | float):
                self.found(
                    SHAPE, (*path, key, name), f"'{name}' has to be a text.", "Put it in quotes."
                )
                continue
            out[name] = str(item)
        return out

    def _oauth(self, data: Mapping[str, Any], path: Path) -> OAuthSpec | None:
        if "oauth" not in data:
            return None
        spec, problems = read_oauth(data["oauth"])
        for problem in problems:
            place = (*path, "oauth", problem.key) if problem.key else (*path, "oauth")
            rule = SLIP if problem.slip else SHAPE
            self.found(rule, place, problem.message, problem.hint, at_key=problem.slip)
        return spec

    def _flag(self, data: Mapping[str, Any], key: str, path: Path) -> bool:
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.found(SHAPE, (*path, key), f'"{key}" has to be true or false.', "Without quotes.")
            return False
        return value

    def _timeout(self, data: Mapping[str, Any], path: Path) -> float:
        value = data.get("timeout", DEFAULT_TIMEOUT)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            message = '"timeout" has to be a number above 0: seconds, or milliseconds from 1000 on.'
            self.found(SHAPE, (*path, "timeout"), message, 'Write for example "timeout": 30.')
            return DEFAULT_TIMEOUT
        return value / 1000 if value >= MILLISECONDS_FROM else float(value)
