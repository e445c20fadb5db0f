"""What the tests of models ask, and whom."""

import asyncio
from typing import Any

from journeybuilder.connect.model_budgets import Spending
from journeybuilder.connect.model_cooldown import Cooldowns
from journeybuilder.connect.models import LiteModels
from journeybuilder.connect.scripted import Scripted
from journeybuilder.contract.services import ModelAnswer, ModelAsk, ModelTool
from journeybuilder.errors import OperatorError, StepError
from tests.fakes_openai import FakeOpenAI

KEY = "sk-very-secret-4711"
ORDER = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "total": {"type": "number"}},
    "required": ["id", "total"],
}
GET_ORDER = ModelTool("orders__get_order", "Look an order up.", {"type": "object"})


def resolve(text: str) -> str:
    """What the files' variables stand for in these tests."""
    known = {"${secret:GOOD_KEY}": KEY}
    if text in known:
        return known[text]
    if text.startswith("${"):
        raise OperatorError(f"the secret '{text[9:-1]}' is nowhere to be found")
    return text


def models(
    entries: dict[str, dict[str, Any]],
    scripted: Scripted | None = None,
    *,
    cooldowns: Cooldowns | None = None,
    spending: Spending | None = None,
) -> LiteModels:
    return LiteModels(
        entries,
        resolve=resolve,
        scripted=scripted or Scripted(),
        cooldowns=cooldowns or Cooldowns(),
        spending=spending,
    )


def entry(fake: FakeOpenAI, model: str = "gpt-5-mini", **more: Any) -> dict[str, Any]:
    return {
        "model": f"openai/{model}",
        "api_base": fake.url,
        "api_key": "${secret:GOOD_KEY}",
        **more,
    }


def question(alias: str = "fast", content: str = "Where is my order?", **more: Any) -> ModelAsk:
    return ModelAsk("r1", "n1", alias, [{"role": "user", "content": content}], **more)


def ask(user: LiteModels, what: ModelAsk) -> ModelAnswer:
    async def work() -> ModelAnswer:
        try:
            return await user.ask(what)
        finally:
            await user.close()

    return asyncio.run(work())


def ask_all(user: LiteModels, *questions: ModelAsk) -> list[ModelAnswer | StepError]:
    """Answers and errors of questions, one after the other."""

    async def work() -> list[ModelAnswer | StepError]:
        out: list[ModelAnswer | StepError] = []
        try:
            for each in questions:
                try:
                    out.append(await user.ask(each))
                except StepError as error:
                    out.append(error)
            return out
        finally:
            await user.close()

    return asyncio.run(work())
