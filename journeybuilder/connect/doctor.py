"""What is known of one server after it was asked, what is wrong with it, and how to mend it.

`jb servers --doctor` prints it, and the servers panel of the window shows it: one way to find out.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from journeybuilder.connect.catalog import ServerState
from journeybuilder.connect.missing_keys import texts_of
from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.variables import Variables
from journeybuilder.document.server_secrets import secrets_in
from journeybuilder.document.servers import ServerSpec
from journeybuilder.document.workspace import Workspace

Tone = Literal["fact", "wrong", "todo", "note"]
_IN_KEYRING = "${secret:"
_LOGINS = {"oauth": "by OAuth", "headers": "by the headers of mcp.json"}
_INSTALLS = {
    "npx": "https://nodejs.org/en/download", "node": "https://nodejs.org/en/download",
    "uvx": "pip install uv", "uv": "pip install uv",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One line about a server.

    Attributes:
        name: What it is about, in a word: `reach`, `wrong`, `missing`.
        words: What there is to say, maybe in several lines.
        tone: Whether it is a mere fact, something wrong, what to do, or worth knowing.
        cure: What a program can do about it: `login`, `secret:NAME`, `install:TEXT`, `log:PATH`.
    """

    name: str
    words: str
    tone: Tone = "fact"
    cure: str = ""


def examine(
    workspace: Workspace, spec: ServerSpec, state: ServerState, secrets: Secrets | None = None
) -> list[Said]:
    """All that is known of a server and what to do. May block while the keyring is asked.

    Args:
        workspace: Where it is configured.
        spec: Its entry in `mcp.json`.
        state: What came of asking it.
        secrets: Where secrets are looked up; new ones by default.
    """
    out = list(_facts(spec, state))
    if state.error:
        cure = "login" if spec.url and "log in" in f"{state.error} {state.hint}".casefold() else ""
        out.append(Said("wrong", state.error, "wrong", cure))
    if state.hint:
        out.append(Said("to do", state.hint, "todo", _install(spec, state)))
    lacks = [] if state.ok or state.state == "disabled" else missing(workspace, spec, secrets)
    if len(lacks) > 1:
        out.append(Said("missing", f"{', '.join(lacks)}; all of them have to be set", "wrong"))
    out += _beside(workspace, state)
    return out


def missing(workspace: Workspace, spec: ServerSpec, secrets: Secrets | None = None) -> list[str]:
    """The variables and secrets that a server needs and that are not set, as they are written."""
    return Variables(workspace.root, secrets or Secrets()).missing(texts_of(spec))


def secret_names(written: list[str]) -> list[str]:
    """The names of the secrets among these variables."""
    return [
        one.removeprefix(_IN_KEYRING).removesuffix("}").strip()
        for one in written
        if one.startswith(_IN_KEYRING)
    ]


def _beside(workspace: Workspace, state: ServerState) -> Iterator[Said]:
    for tool, why in state.rejected:
        yield Said("left out", f"tool '{tool}' cannot be used: {why}", "note")
    for note in state.offers.notes:
        yield Said("note", note, "note")
    if state.state == "failed" and sys.platform != "win32":
        log = workspace.state_dir / "logs" / f"{state.name}.log"
        if log.exists():
            yield Said("log", str(log), "fact", f"log:{log}")


def _install(spec: ServerSpec, state: ServerState) -> str:
    if "was not found" not in state.error:
        return ""
    known = _INSTALLS.get(spec.command.rpartition("/")[2].casefold())
    return f"install:{known}" if known else ""


def _facts(spec: ServerSpec, state: ServerState) -> Iterator[Said]:
    """What was found out, as names and values."""
    yield Said("reach", f"{state.transport or spec.transport}: {way(spec)}")
    if not state.ok:
        return
    offers = state.offers
    counts = [
        (len(state.tools), "tool"),
        (len(offers.resources), "resource"),
        (len(offers.templates), "resource template"),
        (len(offers.prompts), "prompt"),
    ]
    said = [f"{number} {name}{'' if number == 1 else 's'}" for number, name in counts]
    yield Said("version", state.version or "it does not say")
    yield Said("protocol", state.protocol)
    yield Said("login", _LOGINS.get(state.auth, "none"))
    yield Said("offers", ", ".join(said))
    yield Said("took", f"{state.ms} ms to connect and list")


def way(spec: ServerSpec) -> str:
    """Command or address as it stands in the file; a secret that stands there is not shown."""
    found = {place for place, _ in secrets_in({"args": list(spec.args), "url": spec.url})}
    if not spec.command:
        return f"{spec.url.partition('://')[0]}://•••" if ("url",) in found else spec.url
    args = ["•••" if ("args", index) in found else arg for index, arg in enumerate(spec.args)]
    return " ".join([spec.command, *args])
