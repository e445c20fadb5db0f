"""How questions and answers of models travel between two of our processes: one JSON text a line."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from journeybuilder.contract.services import ModelAnswer, ModelAsk, ModelTool, ModelToolCall
from journeybuilder.errors import OperatorError, StepError


def line(message: Mapping[str, Any]) -> bytes:
    """One message as a line of ASCII."""
    return json.dumps(message, separators=(",", ":"), default=dict).encode("ascii") + b"\n"


def of_ask(ask: ModelAsk) -> dict[str, Any]:
    """A question as JSON values, without the one who watches."""
    tools = [asdict(tool) for tool in ask.tools]
    return {
        "run": ask.run,
        "node": ask.node,
        "alias": ask.alias,
        "messages": list(ask.messages),
        "schema": ask.schema,
        "tools": tools,
        "timeout": ask.timeout,
        "live": ask.on_text is not None,
    }


def to_ask(given: Mapping[str, Any], on_text: Callable[[str], None]) -> ModelAsk:
    """The question again; `on_text` watches where somebody does on the other side."""
    return ModelAsk(
        given["run"],
        given["node"],
        given["alias"],
        given["messages"],
        given["schema"],
        tuple(ModelTool(**tool) for tool in given["tools"]),
        given["timeout"],
        on_text if given["live"] else None,
    )


def of_answer(answer: ModelAnswer) -> dict[str, Any]:
    """An answer as JSON values."""
    return asdict(answer)


def to_answer(given: Mapping[str, Any]) -> ModelAnswer:
    """The answer again."""
    fields: dict[str, Any] = dict(given)
    fields["tool_calls"] = tuple(ModelToolCall(**call) for call in given["tool_calls"])
    return ModelAnswer(**fields)


def of_failure(error: StepError) -> dict[str, Any]:
    """A failure of a question as JSON values."""
    return {
        "code": error.code,
        "message": error.message,
        "detail": error.detail,
        "uncertain": error.uncertain,
    }


def to_failure(given: Mapping[str, Any]) -> StepError:
    """The failure again."""
    return StepError(
        given["code"], given["message"], detail=given["detail"], uncertain=given["uncertain"]
    )


def of_trouble(error: OperatorError) -> dict[str, Any]:
    """Why a secret or variable could not be had, as JSON values."""
    return {"what": error.what, "where": error.where, "hint": error.hint}


def to_trouble(given: Mapping[str, Any]) -> OperatorError:
    """The same as an exception."""
    return OperatorError(given["what"], where=given["where"], hint=given["hint"])
