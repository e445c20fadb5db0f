"""Fallbacks, models that are left alone, budgets and prices."""

import sqlite3
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.connect.model_budgets import Budget, Spending, budget_of
from journeybuilder.connect.model_cooldown import FAILURES, LONGEST, REST, Cooldowns
from journeybuilder.connect.model_faults import Fault
from journeybuilder.connect.prices import Price, Usage, cost_of, list_price, own_price
from journeybuilder.contract.services import ModelAnswer
from journeybuilder.errors import OperatorError, StepError
from tests.connect.asking import ask, ask_all, entry, models, question
from tests.fakes_openai import FakeOpenAI

pytestmark = [
    pytest.mark.xdist_group("litellm"),
    pytest.mark.timeout(120),
    pytest.mark.usefixtures("library"),
]
PRICE = {"input_per_million": 1000, "output_per_million": 1000}  # a call of the fake costs 1.50 USD
NEW_YEAR = 1_767_225_600.0  # 2026-01-01T00:00Z


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def two(fake: FakeOpenAI) -> dict[str, dict[str, Any]]:
    return {
        "fast": entry(fake, "model-a", fallbacks=["local"]),
        "local": entry(fake, "model-b"),
    }


def asked(fake: FakeOpenAI) -> list[str]:
    return [body["model"] for body in fake.requests]


def test_what_failed_before_the_answer_stands_in_its_note(fake: FakeOpenAI) -> None:
    fake.fails(500)
    answer = ask(models(two(fake)), question())
    assert answer.note == "the provider of model 'fast' has a fault of its own (HTTP 500)"


def test_an_answer_at_once_has_no_note(fake: FakeOpenAI) -> None:
    assert not ask(models(two(fake)), question()).note


def test_a_model_that_says_how_long_is_left_alone_so_long_and_the_note_tells_it(
    fake: FakeOpenAI,
) -> None:
    clock = Clock()
    cooldowns = Cooldowns(clock)
    fake.fails(429, retry_after="17")
    answers = ask_all(models(two(fake), cooldowns=cooldowns), question(), question())
    assert asked(fake) == ["model-a", "model-b", "model-b"]
    second = answers[1]
    assert isinstance(second, ModelAnswer)
    assert second.note == (
        "model 'fast' is left alone for another 17s: the rate limit or the credit of model 'fast' "
        "is used up (HTTP 429); it wants to be left alone for 17s"
    )
    clock.now = 17.5
    assert ask(models(two(fake), cooldowns=cooldowns), question()).alias == "fast"


def test_a_model_that_has_no_other_is_not_asked_either_while_it_wants_to_be_left_alone(
    fake: FakeOpenAI,
) -> None:
    fake.fails(429, retry_after="30")
    user = models({"fast": entry(fake)}, cooldowns=Cooldowns(Clock()))
    _, second = ask_all(user, question(), question())
    assert isinstance(second, StepError)
    assert second.code == "model_failed"
    assert "model 'fast' is left alone for another 30s" in second.message
    assert len(fake.requests) == 1


def test_a_date_is_understood_as_well_as_seconds(fake: FakeOpenAI) -> None:
    fake.fails(503, retry_after=formatdate(time.time() + 86_400, usegmt=True))
    cooldowns = Cooldowns(Clock())
    ask(models(two(fake), cooldowns=cooldowns), question())
    again = ask(models(two(fake), cooldowns=cooldowns), question())
    assert again.alias == "local"
    assert asked(fake) == ["model-a", "model-b", "model-b"]
    assert f"another {int(LONGEST // 60)}m" in again.note  # and not until tomorrow


def test_after_some_failures_in_a_row_a_model_rests_and_is_then_tried_again(
    fake: FakeOpenAI,
) -> None:
    clock = Clock()
    cooldowns = Cooldowns(clock)
    for _ in range(FAILURES):
        fake.fails(500)
        ask(models(two(fake), cooldowns=cooldowns), question())
    fake.requests.clear()
    assert "left alone" in ask(models(two(fake), cooldowns=cooldowns), question()).note
    assert asked(fake) == ["model-b"]
    clock.now += REST
    assert ask(models(two(fake), cooldowns=cooldowns), question()).alias == "fast"


def test_a_model_that_rests_is_asked_when_all_others_fail(fake: FakeOpenAI) -> None:
    cooldowns = Cooldowns(Clock())
    for _ in range(FAILURES):
        fake.fails(500)
        ask(models(two(fake), cooldowns=cooldowns), question())
    fake.fails(500)
    answer = ask(models(two(fake), cooldowns=cooldowns), question())
    assert answer.alias == "fast"
    assert asked(fake)[-2:] == ["model-b", "model-a"]


def test_an_answer_ends_the_row_of_failures() -> None:
    cooldowns = Cooldowns(Clock())
    fault = Fault("down", provider=True)
    for _ in range(FAILURES - 1):
        cooldowns.failed("m", fault)
    cooldowns.answered("m")
    cooldowns.failed("m", fault)
    assert cooldowns.resting("m") is None


def test_a_wrong_request_is_no_reason_to_leave_a_model_alone(fake: FakeOpenAI) -> None:
    cooldowns = Cooldowns(Clock())
    for _ in range(FAILURES + 1):
        fake.fails(400)
        ask(models(two(fake), cooldowns=cooldowns), question())
    assert asked(fake) == ["model-a", "model-b"] * (FAILURES + 1)


def test_a_shorter_rest_does_not_end_a_longer_one() -> None:
    clock = Clock()
    cooldowns = Cooldowns(clock)
    cooldowns.failed("m", Fault("wait", provider=True, retry_after=100))
    for _ in range(FAILURES):
        cooldowns.failed("m", Fault("down", provider=True))
    resting = cooldowns.resting("m")
    assert resting is not None
    assert (resting.left, resting.told) == (100, True)


def test_a_spent_budget_gives_way_to_the_fallback_and_a_new_day_begins_it_anew(
    fake: FakeOpenAI, tmp_path: Path
) -> None:
    entries = two(fake)
    entries["fast"] |= {"price": PRICE, "budget": {"usd": 2, "per": "day"}}
    clock = Clock(NEW_YEAR)

    def once() -> ModelAnswer:  # as a process of its own would
        return ask(
            models(entries, spending=Spending(tmp_path / "state" / "spending.db", clock)),
            question(),
        )

    assert [once().alias for _ in range(3)] == ["fast", "fast", "local"]
    assert once().note == "the budget of model 'fast' is spent: 3.0000 of 2 USD a day"
    clock.now += 86_400
    assert once().alias == "fast"


def test_a_spent_budget_without_fallback_is_an_error_that_says_so(fake: FakeOpenAI) -> None:
    user = models({"fast": entry(fake, price=PRICE, budget={"usd": 1, "per": "month"})})
    _, second = ask_all(user, question(), question())
    assert isinstance(second, StepError)
    assert second.message == "the budget of model 'fast' is spent: 1.5000 of 1 USD a month"


def test_a_budget_that_cannot_be_held_is_refused_before_anything_is_sent(
    fake: FakeOpenAI,
) -> None:
    user = models({"fast": entry(fake, "house-model", budget={"usd": 1, "per": "day"})})
    with pytest.raises(StepError, match="has a 'budget' but nobody knows its price; add 'price'"):
        ask(user, question())
    assert fake.requests == []


@pytest.mark.parametrize(
    "budget", [5, {}, {"usd": "5"}, {"usd": -1}, {"usd": True}, {"usd": 5, "per": "week"},
               {"usd": 5, "dollars": 1}]
)  # fmt: skip
def test_a_budget_of_the_wrong_form_says_what_is_right(budget: Any) -> None:
    with pytest.raises(ValueError, match=r"wants \{usd: 10, per: day\}; 'per' is hour, day, month"):
        budget_of({"budget": budget})


def test_broken_answers_are_paid_for_too(fake: FakeOpenAI) -> None:
    fake.says("")
    fake.says("fine")
    spending = Spending(now=Clock(NEW_YEAR))
    user = models({"fast": entry(fake, price=PRICE, budget={"usd": 9})}, spending=spending)
    assert ask(user, question()).cost_usd == pytest.approx(3.0)
    assert spending.spent("fast", Budget(9, "day")) == pytest.approx(3.0)


@pytest.mark.parametrize("kept", [True, False])
def test_amounts_count_in_their_hour_day_and_month(tmp_path: Path, kept: bool) -> None:
    clock = Clock(NEW_YEAR)
    spending = Spending(tmp_path / "spending.db" if kept else None, clock)
    for hours, usd in ((0, 1.0), (1, 2.0), (24, 4.0), (24 * 31, 8.0)):
        clock.now = NEW_YEAR + hours * 3600
        spending.add("fast", usd)
        spending.add("other", 100.0)
    clock.now = NEW_YEAR + 3600
    assert spending.spent("fast", Budget(1, "hour")) == 2.0
    assert spending.spent("fast", Budget(1, "day")) == 3.0
    assert spending.spent("fast", Budget(1, "month")) == 7.0


def test_a_budget_file_that_is_none_says_where_it_is(tmp_path: Path) -> None:
    file = tmp_path / "spending.db"
    file.write_text("this is no data base, but it is long enough to be taken for one " * 20)
    with pytest.raises(OperatorError, match="what models have cost cannot be kept") as caught:
        Spending(file).spent("fast", Budget(1, "day"))
    assert caught.value.where == str(file)


def test_an_answer_is_given_even_where_its_cost_cannot_be_kept(
    fake: FakeOpenAI, tmp_path: Path
) -> None:
    file = tmp_path / "spending.db"
    spending = Spending(file)
    spending.add("fast", 0.5)
    base = sqlite3.connect(file)
    base.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON spent BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    base.close()
    user = models({"fast": entry(fake, price=PRICE, budget={"usd": 9})}, spending=spending)
    answer = ask(user, question())
    assert answer.text == "hello"
    assert "what models have cost cannot be kept: full" in answer.note


LISTED = {
    "openai/a": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6},
    "b": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6,
          "cache_read_input_token_cost": 1e-7},
    "half": {"litellm_provider": "openai", "input_cost_per_token": 1e-6},
}  # fmt: skip


def test_a_list_price_is_found_under_either_name_but_never_another_providers() -> None:
    assert list_price(LISTED, "openai/a", "openai") == Price(1.0, 2.0)
    assert list_price(LISTED, "openai/b", "openai") == Price(1.0, 2.0, pytest.approx(0.1))  # pyright: ignore[reportArgumentType]
    assert list_price(LISTED, "ollama/b", "ollama") is None
    assert list_price(LISTED, "openai/half", "openai") is None


def test_what_a_provider_had_kept_costs_less() -> None:
    used = Usage(1_000_000, 1_000_000, cached=500_000)
    assert cost_of(used, Price(1.0, 2.0, 0.1)) == pytest.approx(2.55)
    assert cost_of(used, Price(1.0, 2.0)) == pytest.approx(3.0)
    assert cost_of(Usage(told=False), Price(1.0, 2.0)) is None
    assert cost_of(used, None) is None


@pytest.mark.parametrize(
    "price", [1, {}, {"input_per_million": 1}, {"input_per_million": 1, "output_per_million": "2"},
              {"input_per_million": 1, "output_per_million": -2},
              {"input_per_million": 1, "output_per_million": 2, "per_call": 3}]
)  # fmt: skip
def test_a_price_of_the_wrong_form_says_what_is_right(price: Any) -> None:
    with pytest.raises(ValueError, match="'price' wants USD for a million tokens"):
        own_price({"price": price})


def test_a_model_that_costs_nothing_can_say_so() -> None:
    free = own_price({"price": {"input_per_million": 0, "output_per_million": 0}})
    assert cost_of(Usage(5, 5), free) == 0.0
