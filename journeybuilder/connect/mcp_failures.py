"""What went wrong between us and a server, in words for people, with what to do next."""

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import httpx2
from mcp import MCPError
from mcp_types import (
    CONNECTION_CLOSED,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    REQUEST_TIMEOUT,
    UNSUPPORTED_PROTOCOL_VERSION,
)

from journeybuilder.connect.mcp_http import NETWORK, STATUS, tls_fault
from journeybuilder.connect.mcp_process import ChildProcess
from journeybuilder.contract.durations import words as duration
from journeybuilder.errors import OperatorError, StepError

_QUOTED = 500
_STDERR_LINES = 6
_UNKNOWN = 401
_WHO = (401, 403)
_SERVER_FAULT = 500
_NO_PLACE = (404, 405, 410)
_NO_MCP = (400, 406, 415, *_NO_PLACE)
_NEEDS_PERSON = (-32021, -32042)
_OLD = "Unsupported protocol version from the server"
# With these words the SDK tells of a lost answer; servers use the same code for faults of theirs.
_BROKEN_OFF = ("Connection closed", "SSE stream")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a server cannot be used, and what to do about it."""

    error: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is known of an attempt to connect, beside the exception.

    Attributes:
        address: Command or URL, without anything secret.
        timeout: Seconds that it was given.
        tail: The last lines the server wrote to stderr.
        said: How many lines it printed to stdout that are no messages.
        log: Where its lines are kept.
        taken: True where `start:` was not needed because something already answered there.
        stdio: True where the server is a child process that talks with us.
        login: Why logging in there has failed, where it has.
    """

    address: str
    timeout: float
    child: ChildProcess | None = None
    tail: Sequence[str] = ()
    said: int = 0
    log: str = ""
    taken: bool = False
    stdio: bool = False
    login: Failure | None = None


def flat(error: BaseException) -> list[BaseException]:
    """The exceptions in a group, however deep."""
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        return [inner for each in group.exceptions for inner in flat(each)]
    return [error]


def shown_url(url: str) -> str:
    """An address without user, password, query and fragment, which may hold secrets."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def is_wrong_transport(error: BaseException) -> bool:
    """True where the address answers, but not to the transport that was tried."""
    return any(_status(each) in _NO_MCP or _code(each) == METHOD_NOT_FOUND for each in flat(error))


def _code(error: BaseException) -> int:
    return error.code if isinstance(error, MCPError) else 0


def _data(error: BaseException) -> Mapping[str, Any]:
    data = error.data if isinstance(error, MCPError) else None
    return cast("Mapping[str, Any]", data) if isinstance(data, dict) else {}


def _status(error: BaseException) -> int:
    if isinstance(error, httpx2.HTTPStatusError):
        return error.response.status_code
    return int(_data(error).get("status") or 0) if _code(error) == STATUS else 0


def connect_failure(error: BaseException, attempt: Attempt) -> Failure:
    """Why a connection could not be made."""
    errors = flat(error)
    for each in errors:
        if isinstance(each, OperatorError):
            place = f" ({each.where})" if each.where else ""
            return Failure(f"{each.what}{place}", each.hint)
    if attempt.stdio:
        found = _child_failure(errors, attempt)
    else:
        found = next((one for each in errors if (one := _http_failure(each, attempt))), None)
    if found is not None:
        return _beside(found, attempt)
    if any(isinstance(each, TimeoutError) for each in errors):
        return _beside(_silent(attempt), attempt)
    return _beside(_other(errors[0], attempt), attempt)


def _beside(found: Failure, attempt: Attempt) -> Failure:
    if not attempt.taken:
        return found
    hint = "Stop the other program, or give this server another port in its url and start."
    error = f"the port of {attempt.address} is taken by a program that does not speak MCP"
    return Failure(f"{error} ({found.error})", hint)


def _child_failure(errors: Sequence[BaseException], attempt: Attempt) -> Failure | None:
    child = attempt.child
    if child is not None and child.reason:
        return Failure(child.reason, _noise(attempt))
    if any(isinstance(each, TimeoutError) or _code(each) == REQUEST_TIMEOUT for each in errors):
        return _silent(attempt)
    if any(_code(each) == CONNECTION_CLOSED for each in errors):
        return ended(child, attempt)
    return None


def ended(child: ChildProcess | None, attempt: Attempt) -> Failure:
    """The words for a server process that has ended by itself."""
    if child is not None and child.reason:
        return Failure(child.reason, _noise(attempt))
    status = None if child is None else child.status
    how = "" if status is None else f" with exit status {status}"
    if status is not None and status < 0:
        how = f", killed by signal {-status}"
    return Failure(f"it ended by itself{how}", _noise(attempt))


def _noise(attempt: Attempt) -> str:
    """What the server said, which is nearly always the best hint there is."""
    lines = [line.strip()[:200] for line in attempt.tail if line.strip()][-_STDERR_LINES:]
    if not lines:
        return "It has said nothing on stderr; start its command in a terminal to see more."
    return "The last it said:\n    " + "\n    ".join(lines)


def _silent(attempt: Attempt) -> Failure:
    error = f"it did not answer within {duration(attempt.timeout)}"
    if attempt.said:
        hint = (
            f"It prints text to stdout ({attempt.said} lines, see {attempt.log}); a stdio server "
            "may print nothing but MCP messages there. Is this the command of an MCP server?"
        )
        return Failure(error, hint)
    if attempt.stdio:
        return Failure(
            error,
            "Is this the command of an MCP server? One that is slow at its first start gets more "
            'time with "timeout" in mcp.json.' + (f" {_noise(attempt)}" if attempt.tail else ""),
        )
    return Failure(error, 'Is the address right? "timeout" in mcp.json gives it more time.')


def _http_failure(error: BaseException, attempt: Attempt) -> Failure | None:
    status = _status(error)
    if status:
        return _status_failure(status, _words(error), attempt)
    if _code(error) == NETWORK:
        data = _data(error)
        return _network_failure(str(data.get("kind")), str(data.get("tls") or ""), attempt)
    if isinstance(error, httpx2.TransportError):
        return _network_failure(type(error).__name__, tls_fault(error), attempt)
    if isinstance(error, httpx2.InvalidURL):
        return Failure(f"'{attempt.address}' is no address", "Correct its url in mcp.json.")
    if _code(error) == INVALID_REQUEST:
        return Failure(
            f"{attempt.address} answers, but not with MCP: {_quoted(error)}",
            "Correct its url in mcp.json; the path of most servers ends in /mcp or /sse.",
        )
    return None


def _status_failure(status: int, words: str, attempt: Attempt) -> Failure:
    said = f": {words}" if words else ""
    if status in _WHO and attempt.login is not None:
        return attempt.login
    if status == _UNKNOWN:
        return Failure(
            f"{attempt.address} wants to know who asks (HTTP 401){said}",
            'Give a valid token in "headers" of mcp.json, as "Bearer ${secret:NAME}"; one that '
            "was right may have expired.",
        )
    if status == 403:  # noqa: PLR2004 - a status of HTTP
        return Failure(
            f"{attempt.address} does not let us in (HTTP 403){said}",
            "The token is known but may not do this; ask whoever runs the server for the rights.",
        )
    if status in _NO_PLACE:
        return Failure(
            f"there is no MCP server at {attempt.address} (HTTP {status})",
            "Correct its url in mcp.json; the path of most servers ends in /mcp or /sse.",
        )
    if status >= _SERVER_FAULT:
        return Failure(
            f"{attempt.address} has a fault of its own (HTTP {status}){said}",
            "Try again later, or look into the log of the server.",
        )
    return Failure(f"{attempt.address} refuses (HTTP {status}){said}", "Check url and headers.")


def _network_failure(kind: str, tls: str, attempt: Attempt) -> Failure:
    if tls == "protocol":
        return Failure(
            f"{attempt.address} does not speak https as it should",
            "Is it a server without TLS? Then its url begins with http://.",
        )
    if tls:
        return Failure(
            f"the certificate of {attempt.address} cannot be trusted",
            "Is the address right? A certificate of your own organization belongs into the "
            "system's trust store.",
        )
    if kind == "UnsupportedProtocol":
        return Failure(f"'{attempt.address}' is no http or https address", "Correct its url.")
    if "Timeout" in kind:
        return Failure(f"{attempt.address} does not answer", "Is the address right, and a VPN on?")
    return Failure(
        f"nothing answers at {attempt.address}",
        "Is the server running, and are host and port right? A server on this machine can be "
        "started for you: servers.NAME.start in journeybuilder.yaml.",
    )


def _other(error: BaseException, attempt: Attempt) -> Failure:
    if isinstance(error, OSError):
        what = error.strerror or type(error).__name__
        hint = "Check that it is a program and that you may run it."
        if error.errno == errno.ENOEXEC:
            hint = "It is no program for this machine; scripts need a first line such as #!/bin/sh."
        return Failure(f"'{attempt.address}' cannot be started: {what}", hint)
    if _code(error) == UNSUPPORTED_PROTOCOL_VERSION:
        return Failure("it speaks no version of MCP that we speak", "Update the server, or us.")
    if isinstance(error, MCPError):
        return Failure(f"it refuses the connection: {_quoted(error)}", _noise(attempt))
    if isinstance(error, RuntimeError) and _OLD in str(error):
        said = str(error).rpartition(" ")[2]
        return Failure(f"it speaks only MCP of {said}, which is too old", "Update the server.")
    hint = "What it answers breaks the protocol; look for a newer version of the server."
    return Failure(f"its answers cannot be understood ({type(error).__name__})", hint)


def _words(error: BaseException) -> str:
    return "" if isinstance(error, httpx2.HTTPStatusError) else _quoted(error)


def _quoted(error: BaseException) -> str:
    message = error.message if isinstance(error, MCPError) else str(error)
    return " ".join(message.split())[:_QUOTED]


def call_failure(
    error: MCPError, tool: str, timeout: float, address: str, login: Failure | None = None
) -> StepError:
    """A failed call as the journey sees it; `uncertain` where the tool may have done its work.

    Args:
        error: What the SDK raised.
        tool: What was wanted, for messages.
        timeout: Seconds it was given.
        address: Where the server is.
        login: Why logging in there failed, where it did.
    """
    code = error.code
    if code == REQUEST_TIMEOUT:
        return timed_out(tool, timeout)
    if code in (NETWORK, STATUS):
        return _http_step_error(error, tool, address, login)
    if code in _NEEDS_PERSON:
        return needs_person(tool)
    if code == CONNECTION_CLOSED and error.message.startswith(_BROKEN_OFF):
        message = f"'{tool}': the connection to {address} broke off"
        return StepError("unreachable", message, uncertain=True)
    said = f"the server of '{tool}' says: {_quoted(error)}"
    if code == INVALID_PARAMS:
        return StepError("bad_arguments", said, detail={"code": code})
    refused = code in (METHOD_NOT_FOUND, INVALID_REQUEST)
    return StepError("tool_failed", said, detail={"code": code}, uncertain=not refused)


def _http_step_error(error: MCPError, tool: str, address: str, login: Failure | None) -> StepError:
    failure = _http_failure(error, Attempt(address, 0, login=login))
    status = _status(error)
    uncertain = status >= _SERVER_FAULT if status else bool(_data(error).get("maybe_executed"))
    what = failure.error if failure else _quoted(error)
    if login is not None and failure is login:
        what = f"{what} {login.hint}"
    if uncertain and not status:
        what = f"the connection to {address} broke off"
    detail = {"status": status} if status else {}
    return StepError("unreachable", f"'{tool}': {what}", detail=detail, uncertain=uncertain)


def timed_out(tool: str, timeout: float) -> StepError:
    """The call was given up; nobody knows how far the tool got."""
    message = f"'{tool}' gave no answer within {duration(timeout)}"
    return StepError("timeout", message, uncertain=True)


def needs_person(tool: str) -> StepError:
    """The tool wants to ask somebody in the middle of a call."""
    return StepError(
        "tool_failed",
        f"'{tool}' wants to ask a person or a model in the middle of the call, which is not "
        "supported; give it everything it needs as arguments",
    )
