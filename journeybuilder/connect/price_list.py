"""What models cost and hold by the list that comes with LiteLLM, read without importing it.

Importing LiteLLM takes seconds and parsing its whole list a good part of one; a window that only shows
a price needs neither. The file is read once, and one entry at a time is parsed out of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from journeybuilder.connect.prices import Price, list_price
from journeybuilder.contract.json import as_object

_FILE = "model_prices_and_context_window_backup.json"
_FREE = {"ollama", "ollama_chat", "lm_studio", "llamafile", "vllm", "hosted_vllm"}


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list says of a model.

    Attributes:
        price: USD for a million tokens; None where it is not known.
        context: Tokens that it reads at the most; 0 where that is not known.
        output: Tokens that it writes at the most; 0 where that is not known.
    """

    price: Price | None = None
    context: int = 0
    output: int = 0


@lru_cache(maxsize=1)
def _text() -> str:
    """The list as text, empty where there is none."""
    spec = find_spec("litellm")
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    for folder in folders:
        try:
            return (Path(folder) / _FILE).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
    return ""


def _entry(name: str) -> Mapping[str, Any]:
    key = f"\n    {json.dumps(name)}: "
    at = _text().find(key)
    if at < 0:
        return {}
    try:
        found, _ = json.JSONDecoder().raw_decode(_text(), at + len(key))
    except ValueError:
        return {}
    return as_object(found)


def provider_of(model: str) -> str:
    """The provider in `provider/name`; empty where none is named."""
    return model.partition("/")[0] if "/" in model else ""


@lru_cache(maxsize=256)
def listed(model: str) -> Listed:
    """What the list says of a model as `models.yaml` names it, such as `openai/gpt-5-mini`."""
    provider = provider_of(model)
    if provider in _FREE:
        return Listed()
    plain = model.removeprefix(f"{provider}/")
    entries = {name: found for name in (model, plain) if (found := _entry(name))}
    price = list_price(entries, model, provider)
    nothing: Mapping[str, Any] = {}
    entry = next(iter(entries.values()), nothing)
    return Listed(price, _count(entry.get("max_input_tokens")), _count(entry.get("max_output_tokens")))  # fmt: skip


def _count(value: object) -> int:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0
