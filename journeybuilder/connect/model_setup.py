"""What an entry of `models.yaml` comes to: address, key, price and limits of one model, looked up now."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from journeybuilder.connect.model_calls import Call
from journeybuilder.connect.model_faults import NO_KEY, Fault, Target, no_key
from journeybuilder.connect.prices import list_price, own_price
from journeybuilder.contract.durations import seconds
from journeybuilder.errors import OperatorError


def target_of(alias: str, entry: Mapping[str, Any]) -> Target:
    """The model of an entry, as messages name it."""
    return Target(alias, str(entry.get("model", "")), key=str(entry.get("api_key") or ""))


def not_set_up(alias: str, error: OperatorError | ValueError) -> Fault:
    """What the entry lacks."""
    what = error.what if isinstance(error, OperatorError) else str(error)
    return Fault(f"model '{alias}' is not set up: {what}")


def prepared(
    litellm: Any,
    alias: str,
    entry: Mapping[str, Any],
    limit: float,
    resolve: Callable[[str], str],
) -> Call:
    """A model, ready to be called. Looks into the keyring: not for an event loop's thread.

    Args:
        litellm: The library.
        alias: Its name in `models.yaml`.
        entry: What stands there.
        limit: Seconds that the question may take; the entry's own `timeout` can only be shorter.
        resolve: Puts secrets and variables into a text; raises `OperatorError` when it cannot.

    Raises:
        Fault: When something is missing.
    """
    target, provider = _with_provider(litellm, target_of(alias, entry))
    options: dict[str, Any] = {"model": target.model}
    options |= {key: entry[key] for key in ("temperature", "max_tokens", "seed") if key in entry}
    try:
        for key in ("api_base", "api_key"):
            if entry.get(key) is not None:
                options[key] = resolve(str(entry[key]))
        own = entry.get("timeout")
        own = limit if own is None else seconds(own) if isinstance(own, str) else float(own)
        price = own_price(entry)
    except (OperatorError, ValueError) as error:
        fault = not_set_up(alias, error)
        raise fault from None
    target = replace(target, api_base=str(options.get("api_base", "")))
    if target.api_base and not options.get("api_key"):
        # another address than the provider's own gets only the key that is written beside it; what
        # is not given here, LiteLLM would take from the environment
        options["api_key"] = NO_KEY
    elif "api_key" not in options:
        options |= _provider_key(litellm, target, resolve)
    listed = price or list_price(litellm.model_cost, target.model, provider)
    return Call(target, options, listed, price is not None, min(own, limit))


def _with_provider(litellm: Any, target: Target) -> tuple[Target, str]:
    try:
        provider = str(litellm.get_llm_provider(model=target.model)[1])
    except litellm.exceptions.BadRequestError:
        raise Fault(
            f"model '{target.alias}' names no provider ('{target.model}'): "
            "write provider/model, for example openai/gpt-5-mini"
        ) from None
    variable = f"{provider.upper().replace('-', '_')}_API_KEY"
    return replace(target, variable=variable), provider


def _provider_key(litellm: Any, target: Target, resolve: Callable[[str], str]) -> Mapping[str, str]:
    """The key under the name that the provider uses, so that it is known and can be blanked out.

    Raises:
        Fault: When the provider wants one and there is none.
    """
    missing = _missing_key(litellm, target)
    name = missing or (target.variable if target.variable in os.environ else "")
    if not name:
        return {}
    with suppress(OperatorError):
        return {"api_key": resolve(f"${{secret:{name}}}")}
    if not missing:
        return {}
    fault = no_key(replace(target, variable=name))
    raise fault


def _missing_key(litellm: Any, target: Target) -> str:
    """The variable with the provider's key where the provider wants one and it is not set."""
    found = litellm.validate_environment(model=target.model)
    missing = [name for name in found["missing_keys"] if name.endswith("_API_KEY")]
    return str(missing[0]) if missing else ""
