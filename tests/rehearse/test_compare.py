"""Comparing without a network: who is asked, how often, what counts, how it ends early."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from typing_extensions import override

from journeybuilder.contract.services import ModelAnswer, ModelAsk, Models
from journeybuilder.errors import AuthorError, OperatorError, StepError
from journeybuilder.rehearse.comparing.compare import Compare, Options
from journeybuilder.rehearse.comparing.comparison import Comparison
from journeybuilder.rehearse.comparing.lineup import lineup
from journeybuilder.rehearse.comparing.player import Player, Purse, Turnstile, is_providers
from journeybuilder.rehearse.scenario import Scenario, scenario_of
from tests.fakes import plan_of

NODES = """
a: {kind: generate, model: fast, prompt: "Say yes", save: first, next: b, on_error: z}
b: {kind: generate, model: careful, prompt: "Say more", save: second, next: c, on_error: z}
c: {kind: branch, cases: [{when: 'first == "yes"', next: y}], otherwise: z}
y: {kind: end, outcome: good}
z: {kind: end, outcome: bad}
"""
REAL = {"model": "house/model"}
KNOWN = {
    "one": {**REAL, "price": {"input_per_million": 1, "output_per_million": 1}},
    "two": {**REAL, "fallbacks": ["one"]},
    "fast": {"model": "scripted"},
}


class House(Models):
    """Answers as it is told to, alias by alias; keeps what was asked and how many at once."""

    def __init__(self, answer: Callable[[ModelAsk], ModelAnswer | StepError]) -> None:
        self._answer = answer
        self.asked: list[ModelAsk] = []
        self.now = self.most = 0

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        self.asked.append(ask)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            answer = self._answer(ask)
        finally:
            self.now -= 1
        if isinstance(answer, StepError):
            raise answer
        return answer


def says(text: str, cost: float | None = 0.001) -> Callable[[ModelAsk], ModelAnswer]:
    return lambda ask: ModelAnswer(text, "house/model", ask.alias, None, (), 10, 2, cost)


def failure(status: int | None = None, **more: Any) -> StepError:
    tried = {"status": status, "what": "no", "answered": False, "retry_after": None, **more}
    return StepError("model_failed", "the provider says no", detail={"tried": [tried]})


def scenarios(number: int = 2) -> Sequence[Scenario]:
    return [
        scenario_of({"scenario": f"s{n}", "journey": "test", "expect": [{"outcome": "good"}]})
        for n in range(number)
    ]


def compared(
    house: House, models: Sequence[str] = ("one",), **options: Any
) -> tuple[Comparison, Compare]:
    line = lineup({"": plan_of(NODES)}, KNOWN, models)
    compare = Compare(line.candidates, scenarios(), house, line.entries, Options(**options))
    return asyncio.run(compare.run()), compare


def test_a_compared_model_has_no_fallback_that_would_answer_for_it() -> None:
    line = lineup({"": plan_of(NODES)}, KNOWN, ["one", "two"])
    assert "fallbacks" not in line.entries["two"]
    assert [each.plays for each in line.candidates] == [
        {"fast": "one", "careful": "one"}, {"fast": "two", "careful": "two"},
    ]  # fmt: skip
    assert [each.scripted for each in line.candidates] == [False, False]


def test_aliases_that_stay_as_they_are_keep_what_they_are_bound_to() -> None:
    line = lineup({"": plan_of(NODES)}, {**KNOWN, "careful": REAL}, ["careful"], ["fast"])
    (candidate,) = line.candidates
    assert candidate.plays == {"fast": "careful", "careful": "careful (as bound)"}
    assert line.entries["careful (as bound)"] == {"model": "scripted"}
    assert not candidate.scripted


def test_every_run_asks_whoever_plays_and_is_paid_for() -> None:
    house = House(says("yes"))
    result, _ = compared(house, ("one", "two"), runs=3)
    assert [each.passed for each in result.summaries] == [6, 6]
    assert {ask.alias for ask in house.asked} == {"one", "two"}
    assert len(house.asked) == 2 * 3 * 2 * 2
    assert result.spent_usd == pytest.approx(24 * 0.001)
    assert result.summaries[0].cost_usd == pytest.approx(0.002)
    assert result.summaries[0].tokens_in == 20
    assert result.all_passed


def test_an_unknown_price_makes_the_cost_unknown() -> None:
    result, _ = compared(House(says("yes", None)))
    assert result.summaries[0].cost_usd is None
    assert result.summaries[0].total_usd is None
    assert any("no known price" in note for note in result.notes)


def test_so_many_calls_of_a_model_go_out_at_once_and_no_more() -> None:
    house = House(says("yes"))
    compared(house, runs=10, jobs=20, turnstile=Turnstile(each=3))
    assert house.most == 3


def test_a_provider_that_is_busy_is_asked_again_after_the_time_that_it_names() -> None:
    left = [failure(429, retry_after=7.0), failure(503)]
    waits: list[float] = []

    def answer(ask: ModelAsk) -> ModelAnswer | StepError:
        return left.pop(0) if left else says("yes")(ask)

    async def sleep(length: float) -> None:
        waits.append(length)

    turnstile = Turnstile(each=1, retries=(1.0, 4.0), sleep=sleep)
    result, _ = compared(House(answer), turnstile=turnstile)
    assert waits == [pytest.approx(7.1), 4.0]
    assert [trial.verdict for trial in result.trials] == ["passed", "passed"]


def test_a_run_whose_provider_fails_counts_neither_way_even_where_the_journey_goes_on() -> None:
    house = House(lambda ask: failure(401) if ask.node == "b" else says("yes")(ask))
    result, _ = compared(house)
    (summary,) = result.summaries
    assert (summary.counted, summary.failed, summary.provider, summary.rate) == (0, 0, 2, None)
    assert summary.troubles == {"the provider says no": 2}
    assert result.differences == []
    assert not result.all_passed


def test_a_model_whose_answer_is_of_no_use_has_failed_by_itself_and_is_paid() -> None:
    broken = failure(None, answered=True)
    broken.detail["paid"] = {"tokens_in": 5, "tokens_out": 1, "cost_usd": 0.5}
    assert not is_providers(broken)
    assert is_providers(failure(None))
    assert not is_providers(StepError("limit", "the run's money is spent"))
    result, _ = compared(House(lambda _: broken))
    (summary,) = result.summaries
    assert (summary.counted, summary.failed, summary.provider) == (2, 2, 0)
    assert summary.total_usd == pytest.approx(1.0)
    assert result.spent_usd == pytest.approx(1.0)


def test_a_stop_ends_it_with_what_is_there() -> None:
    house = House(says("yes"))
    result, _ = compared(house, runs=50, jobs=1, stop=lambda: len(house.asked) >= 6)
    assert result.stopped == "stopped before its end"
    assert len(result.trials) == 3
    assert result.planned == 100


def test_a_stop_breaks_off_a_call_that_would_never_end() -> None:
    class Silent(House):
        @override
        async def ask(self, ask: ModelAsk) -> ModelAnswer:
            self.asked.append(ask)
            if len(self.asked) > 2:
                await asyncio.Event().wait()
            return says("yes")(ask)

    house = Silent(says("yes"))
    result, _ = compared(house, runs=50, jobs=1, stop=lambda: len(house.asked) > 2)
    assert result.stopped == "stopped before its end"
    assert [trial.verdict for trial in result.trials] == ["passed"]


def test_an_error_of_the_program_is_told_as_itself() -> None:
    def answer(ask: ModelAsk) -> ModelAnswer:
        raise OperatorError("the disk is full")

    with pytest.raises(OperatorError, match="the disk is full"):
        compared(House(answer))


def test_runs_that_ask_no_model_are_told_of() -> None:
    nodes = """
a: {kind: branch, cases: [{when: "has(input.ask)", next: b}], otherwise: y}
b: {kind: generate, model: fast, prompt: "Say yes", save: first, next: y, on_error: y}
y: {kind: end, outcome: good}
"""
    line = lineup({"": plan_of(nodes)}, KNOWN, ["one", "fast"])
    data = [{"scenario": f"s{n}", "journey": "test", "input": {"ask": 1} if n else {},
             "expect": [{"outcome": "good"}]} for n in range(3)]  # fmt: skip
    compare = Compare(line.candidates, [*map(scenario_of, data)], House(says("x")), line.entries)
    notes = asyncio.run(compare.run()).notes
    told = "1 of the runs of 'one' that count asked no model: they tell nothing of it"
    assert told in notes
    assert not any("'fast' that count" in note for note in notes)


def test_who_cancels_still_gets_what_was_done() -> None:
    house = House(says("yes"))
    line = lineup({"": plan_of(NODES)}, KNOWN, ["one", "two"])

    async def work() -> Comparison:
        task: asyncio.Task[Comparison]
        options = Options(
            runs=50, jobs=1, on_progress=lambda done: task.cancel() if done.done == 5 else None
        )
        compare = Compare(line.candidates, scenarios(), house, line.entries, options)
        task = asyncio.create_task(compare.run())
        with pytest.raises(asyncio.CancelledError):
            await task
        return compare.result()

    result = asyncio.run(work())
    assert 5 <= len(result.trials) < 10
    assert result.stopped
    one, two = result.summaries
    assert abs(one.runs - two.runs) <= 1  # in turn, so that pairs are there


def test_progress_tells_every_run_and_what_it_has_cost() -> None:
    seen: list[tuple[int, int, float]] = []
    compared(
        House(says("yes")),
        on_progress=lambda p: seen.append((p.done, p.planned, round(p.spent_usd, 4))),
        jobs=1,
    )
    assert seen == [(1, 2, 0.002), (2, 2, 0.004)]


def test_money_that_is_spent_makes_a_run_unfinished_and_not_failed() -> None:
    result, _ = compared(House(says("yes")), runs=4, jobs=1, max_cost=0.004)
    assert [trial.verdict for trial in result.trials] == ["passed", "passed"]
    result, _ = compared(House(says("yes", 0.002)), runs=4, jobs=1, max_cost=0.005)
    assert [trial.verdict for trial in result.trials] == ["passed", "unfinished"]
    assert result.stopped == "the money was spent"


def test_a_fault_that_a_scenario_plants_stays_whoever_plays() -> None:
    data = {"scenario": "s", "journey": "test", "models": {"careful": [{"fails": "timeout"}]},
            "expect": [{"outcome": "bad"}, {"path": ["a", "b", "z"]}]}  # fmt: skip
    line = lineup({"": plan_of(NODES)}, KNOWN, ["one"])
    house = House(says("yes"))
    compare = Compare(line.candidates, [scenario_of(data)], house, line.entries)
    result = asyncio.run(compare.run())
    assert result.trials[0].failures == []
    assert result.trials[0].passed
    assert [ask.node for ask in house.asked] == ["a"]


def test_a_simulated_customer_is_played_by_its_own_model_and_paid_apart() -> None:
    nodes = """
a: {kind: ask, text: "What is it?", save: words, timeout: 1h, next: b, on_timeout: z}
b: {kind: generate, model: fast, prompt: "${words}", save: first, next: y, on_error: z}
y: {kind: end, outcome: good}
z: {kind: end, outcome: bad}
"""

    def answer(ask: ModelAsk) -> ModelAnswer:
        if ask.alias != "actor":
            return says("yes")(ask)
        value = {"says": "a lamp", "over": "goal met"}
        return ModelAnswer("", "house/actor", "actor", value, (), 7, 3, 0.25)

    house = House(answer)
    line = lineup({"": plan_of(nodes)}, KNOWN, ["one", "two"], others={"actor": REAL})
    data = {"scenario": "s", "journey": "test", "customer": {"goal": "x", "model": "actor"},
            "expect": [{"outcome": "good"}]}  # fmt: skip
    compare = Compare(line.candidates, [scenario_of(data)], house, line.entries)
    result = asyncio.run(compare.run())
    assert [trial.verdict for trial in result.trials] == ["passed", "passed"]
    assert [each.cost_usd for each in result.summaries] == [0.001, 0.001]
    assert result.customer_usd == 0.5
    assert result.spent_usd == pytest.approx(0.502)
    assert [ask.alias for ask in house.asked].count("actor") == 2


def test_times_leave_out_the_calls_before_a_model_has_answered_once() -> None:
    house = House(says("yes"))
    player = Player(house, {"*": "one"}, Turnstile(), Purse())

    async def work() -> None:
        for _ in range(3):
            await player.ask(ModelAsk("r", "n", "fast", []))

    asyncio.run(work())
    assert [call.cold for call in player.calls] == [True, False, False]
    assert all(call.ms > 0 for call in player.calls)


def test_the_stand_in_is_no_judge() -> None:
    line = lineup({"": plan_of(NODES)}, KNOWN, ["fast"], others={"fast": KNOWN["fast"]})
    with pytest.raises(AuthorError, match="can judge nothing"):
        Compare(line.candidates, scenarios(), None, line.entries, Options(judge="fast"))
