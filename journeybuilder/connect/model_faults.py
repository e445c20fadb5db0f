"""Why a model did not answer, in our words: a provider's own text may hold keys and never gets out."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from journeybuilder.contract.durations import words
from journeybuilder.errors import StepError

_UNREACHABLE = {"APIConnectionError", "ConnectError", "ConnectTimeout", "ClientConnectorError"}
_CUT = {"MidStreamFallbackError", "RemoteProtocolError", "ReadError", "IncompleteRead"}
_FILTERS = {"content_filter", "content_policy_violation"}
_NO_ANSWER = {"JSONDecodeError", "APIResponseValidationError"}
_SECRET = re.compile(r"\$\{(?:secret:|env:)?([A-Za-z_][A-Za-z0-9_]*)")
_SERVER_FAULT = 500
_FOREVER = 1e9
NO_KEY = "none"
"""Stands in `api_key` where a server needs no key."""


@dataclass(frozen=True, slots=True)
class Target:
    """A model as `models.yaml` names it.

    Attributes:
        key: What stands there as `api_key`, unresolved, or an empty string.
        variable: The environment variable in which its provider's key is usually found.
    """

    alias: str
    model: str
    key: str = ""
    variable: str = ""
    api_base: str = ""

    def key_hint(self) -> str:
        """Where to put the right key."""
        named = _SECRET.match(self.key)
        if named:
            name = named.group(1)
            return f"set {name} in the environment or with `keyring set journeybuilder {name}`"
        if self.key:
            return "write 'api_key: ${secret:NAME}' in models.yaml and store the key as NAME"
        if self.api_base:
            return "write 'api_key: ${secret:NAME}' beside 'api_base' in models.yaml and store the key as NAME"
        name = self.variable or "its key"
        return f"set {name} in the environment or with `keyring set journeybuilder {name}`"


class Fault(Exception):  # noqa: N818 - one model of a ladder failed, the next may answer
    """One model did not answer usably.

    Attributes:
        message: A clause that names the model by its alias.
        status: The HTTP status, or 0.
        provider: True where the provider is at fault, so that it had better be left alone.
        retry_after: Seconds that the provider wants to be left alone for, or None.
        answered: True where the model did answer, and the answer is of no use or refuses.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        timeout: bool = False,
        provider: bool = False,
        retry_after: float | None = None,
        answered: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.timeout = timeout
        self.provider = provider
        self.retry_after = retry_after
        self.answered = answered


def no_key(target: Target) -> Fault:
    """The provider wants a key and there is none."""
    return Fault(f"there is no key for model '{target.alias}': {target.key_hint()}")


def too_slow(target: Target, limit: float) -> Fault:
    """The time is over."""
    message = f"model '{target.alias}' did not answer within {words(limit)}"
    return Fault(message, timeout=True, provider=True)


def cut_off(target: Target) -> Fault:
    """The connection ended in the middle of an answer."""
    return Fault(f"the answer of model '{target.alias}' broke off in the middle", provider=True)


def filtered(target: Target, what: str, status: int = 0) -> Fault:
    """The provider's content filter, or the model itself, refused."""
    message = f"the content filter of model '{target.alias}' refused the {what}"
    words = f"{message}: word the prompt differently, or use another model"
    return Fault(words, status=status, answered=True)


def fault_of(error: BaseException, target: Target, limit: float) -> Fault:
    """What an exception of LiteLLM means."""
    names = {type(cause).__name__ for cause in _causes(error)}
    status = getattr(error, "status_code", None)
    status = status if isinstance(status, int) else 0
    if "Timeout" in names or "APITimeoutError" in names:
        return too_slow(target, limit)
    if names & _CUT:
        return cut_off(target)
    if names & _UNREACHABLE:
        place = f" at {target.api_base}" if target.api_base else ""
        message = f"the provider of model '{target.alias}' cannot be reached{place}"
        return Fault(message, provider=True)
    if names & _NO_ANSWER:
        return Fault(
            f"what came back for model '{target.alias}' is no answer of a model: "
            "check 'api_base' in models.yaml, and any proxy on the way",
            provider=True,
        )
    if "ContextWindowExceededError" in names:
        return Fault(f"the conversation is too long for model '{target.alias}'", status=status)
    if "ContentPolicyViolationError" in names or _says_filter(error):
        return filtered(target, "request", status)
    return _of_status(error, status, target)


def _says_filter(error: BaseException) -> bool:
    return any(getattr(cause, "code", None) in _FILTERS for cause in _causes(error))


def _of_status(error: BaseException, status: int, target: Target) -> Fault:
    wait = _retry_after(error)
    pause = f"; it wants to be left alone for {words(wait)}" if wait else ""
    at_fault = status in {402, 408, 429} or status >= _SERVER_FAULT
    message = _by_status(status, target) + (pause if at_fault else "")
    return Fault(message, status=status, provider=at_fault, retry_after=wait if at_fault else None)


def _retry_after(error: BaseException) -> float | None:
    """Seconds from the provider's `Retry-After`, which gives a number or a date."""
    for cause in _causes(error):
        headers = getattr(cause, "litellm_response_headers", None)
        if headers is None:
            headers = getattr(getattr(cause, "response", None), "headers", None)
        text = headers.get("retry-after") if isinstance(headers, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if text is not None:
            return _seconds(str(text))  # pyright: ignore[reportUnknownArgumentType]
    return None


def _seconds(text: str) -> float | None:
    try:
        wait = float(text)
    except ValueError:
        try:
            wait = parsedate_to_datetime(text).timestamp() - time.time()
        except ValueError:
            return None
    return wait if 0 < wait < _FOREVER else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _by_status(status: int, target: Target) -> str:
    alias, code = f"model '{target.alias}'", f"(HTTP {status})"
    match status:
        case 401:
            what = "the key of" if target.key or not target.api_base else "to answer without a key:"
            return f"the provider refused {what} {alias} {code}: {target.key_hint()}"
        case 403:
            return f"the key of {alias} has no right to use {target.model} {code}"
        case 404:
            return (
                f"the provider does not know {target.model} {code}: "
                f"check 'model' and 'api_base' of {alias} in models.yaml"
            )
        case 402 | 429:
            return f"the rate limit or the credit of {alias} is used up {code}"
        case 400 | 422:
            return (
                f"the provider refused the request to {alias} {code}: "
                "check 'temperature' and 'max_tokens' in models.yaml and the schema asked for"
            )
        case _ if status >= _SERVER_FAULT:
            return f"the provider of {alias} has a fault of its own {code}"
        case _:
            return f"the call of {alias} failed" + (f" {code}" if status else "")


def ladder_failed(faults: Sequence[tuple[Target, Fault]]) -> StepError:
    """The error when every model of a ladder failed: per model what happened."""
    said = [fault.message for _, fault in faults]
    message = said[0] if len(said) == 1 else f"no model answered: {'; '.join(said)}"
    if len(said) == 1 and faults[0][1].provider:
        message += "; name a stand-in for it in its 'fallbacks' in models.yaml"
    code = "timeout" if all(fault.timeout for _, fault in faults) else "model_failed"
    tried: list[Mapping[str, Any]] = [
        {
            "alias": target.alias,
            "model": target.model,
            "status": fault.status or None,
            "what": fault.message,
            "answered": fault.answered,
            "retry_after": fault.retry_after,
        }
        for target, fault in faults
    ]
    return StepError(code, message, detail={"tried": tried})
