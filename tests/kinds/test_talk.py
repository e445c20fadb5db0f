import pytest
from typing_extensions import override

from journeybuilder.contract.services import Message
from tests.fakes import FakeCustomer, FakeModels, failing, plan_of, world

SAY = """
a: {kind: say, text: {en: {chat: "Hi ${input.name}", voice: "Hello ${input.name}"}, es: "Hola"}, next: z}
z: {kind: end}
"""
ASK = """
a:
  kind: ask
  text: Which order?
  expect: {type: string, pattern: "^O-[0-9]{4}$"}
  again: Like O-1234, please.
  save: order_id
  attempts: 2
  timeout: 10m
  next: z
  on_invalid: invalid
  on_timeout: late
z: {kind: end, outcome: "${order_id}", output: {id: "${order_id}"}}
invalid: {kind: end, outcome: invalid}
late: {kind: end, outcome: late}
""".replace('outcome: "${order_id}"', "outcome: found")


@pytest.mark.parametrize(
    ("language", "channel", "words"),
    [
        ("en", "chat", "Hi Ana"),
        ("en", "voice", "Hello Ana"),
        ("es", "voice", "Hola"),
        ("es-MX", "chat", "Hola"),
        ("fr", "chat", "Hi Ana"),
    ],
)
def test_the_customer_is_told_it_in_the_right_language_for_the_channel(
    language: str, channel: str, words: str
) -> None:
    around = world()
    around.run(plan_of(SAY), {"name": "Ana"}, language=language, channel=channel)
    assert around.said == [words]


def test_a_whole_value_that_is_said_is_written_for_people() -> None:
    around = world()
    nodes = """
a: {kind: say, text: "${input.total}", next: b}
b: {kind: say, text: "${input.list}", next: c}
c: {kind: say, text: "${input.nothing}", next: z}
z: {kind: end}
"""
    around.run(plan_of(nodes), {"total": 64.0, "list": [True, "a"], "nothing": None})
    assert around.said == ["64", '[true,"a"]', ""]


def test_a_value_that_is_missing_in_a_text_is_an_error_that_names_it() -> None:
    around = world()
    state = around.run(plan_of(SAY), {})
    assert state.status == "failed"
    assert (state.error or {})["code"] == "expression"
    assert (state.error or {})["message"] == "in a value of 'a': there is no field 'name'"
    assert around.said == []


def test_a_good_answer_is_saved_and_the_run_goes_on() -> None:
    around = world("O-1001")
    state = around.run(plan_of(ASK))
    assert (state.outcome, state.output) == ("found", {"id": "O-1001"})
    assert around.said == ["Which order?"]


def test_an_answer_that_does_not_fit_is_asked_again() -> None:
    around = world("the lamp", "O-1001")
    state = around.run(plan_of(ASK))
    assert state.output == {"id": "O-1001"}
    assert around.said == ["Which order?", "Like O-1234, please.", "Which order?"]


def test_after_the_last_attempt_the_run_goes_the_way_of_not_understood() -> None:
    around = world("the lamp", "the other lamp", "O-1001")
    assert around.run(plan_of(ASK)).outcome == "invalid"


def test_a_customer_who_does_not_answer_in_time_takes_the_way_of_the_time_out() -> None:
    around = world()
    begin = around.clock.now()
    assert around.run(plan_of(ASK)).outcome == "late"
    assert around.clock.now() - begin == 600


def test_without_a_time_out_the_run_waits_for_the_customer_for_ever() -> None:
    around = world()
    state = around.run(plan_of("a: {kind: ask, text: Why?, next: z}\nz: {kind: end}"))
    assert state.status == "parked"
    assert (state.waiting_for or {})["kind"] == "customer"
    assert (state.waiting_for or {})["until"] is None


def test_a_wait_that_ends_where_no_way_is_wired_fails_with_the_name_of_the_way() -> None:
    around = world()
    state = around.run(plan_of("a: {kind: ask, text: Why?, timeout: 1m, next: z}\nz: {kind: end}"))
    assert (state.error or {})["message"] == "the way out 'on_timeout' of 'a' is not wired"


CHOICES = """
a: {kind: ask, text: Color?, choices: [Red, Blue], save: color, next: z, on_invalid: no}
z: {kind: end, output: {color: "${color}"}}
no: {kind: end, outcome: invalid}
"""


def test_choices_are_offered_and_found_in_any_case() -> None:
    around = world("green", " blue ")
    assert around.run(plan_of(CHOICES)).output == {"color": "Blue"}
    assert [list(message.choices) for message in around.customer.heard] == [["Red", "Blue"]] * 2


def test_words_are_converted_to_the_expected_type() -> None:
    around = world("many", "3")
    nodes = """
a: {kind: ask, text: How many?, expect: {type: integer, minimum: 1}, save: n, next: z}
z: {kind: end, output: {n: "${n}"}}
"""
    assert around.run(plan_of(nodes)).output == {"n": 3}


def test_an_empty_answer_is_no_answer() -> None:
    around = world("  ", "it broke")
    nodes = 'a: {kind: ask, text: Why?, save: why, next: z}\nz: {kind: end, output: {w: "${why}"}}'
    assert around.run(plan_of(nodes)).output == {"w": "it broke"}


READ = """
a:
  kind: ask
  text: When?
  expect: {type: string, pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
  read_with: fast
  save: day
  attempts: 2
  next: z
  on_invalid: invalid
z: {kind: end, output: {day: "${day}"}}
invalid: {kind: end, outcome: invalid}
"""


def test_a_model_reads_the_value_out_of_free_words() -> None:
    models = {"fast": [{"when": "fifth", "says": {"found": True, "value": "2026-01-05"}}]}
    around = world("on the fifth of January", models=models)
    assert around.run(plan_of(READ)).output == {"day": "2026-01-05"}


def test_words_that_fit_are_not_given_to_a_model() -> None:
    around = world("2026-01-05")
    assert around.run(plan_of(READ)).output == {"day": "2026-01-05"}
    assert around.models.asked == []


def test_a_value_that_the_model_did_not_find_is_asked_for_again() -> None:
    models = {"fast": [{"says": {"found": False}}]}
    around = world("no idea", "really not", models=models)
    assert around.run(plan_of(READ)).outcome == "invalid"


def test_a_value_that_the_model_found_is_checked_like_one_that_was_typed() -> None:
    prepared = {"found": True, "value": "2026-01-05"}
    models = FakeModels({"fast": [{"when": "fifth", "says": prepared}]})
    around = world("the fifth", models=models)
    around.run(plan_of(READ))
    (ask,) = models.asked
    assert ask.schema is not None
    assert ask.schema["properties"]["value"]["pattern"] == "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    assert ask.messages[-1] == {"role": "user", "content": "the fifth"}


def test_a_channel_that_breaks_fails_the_run_and_not_the_program() -> None:
    class Broken(FakeCustomer):
        @override
        async def say(self, message: Message) -> None:
            raise failing("unreachable", "the chat is gone")

    around = world()
    around.customer = Broken()
    state = around.run(plan_of(SAY), {"name": "Ana"})
    assert (state.status, (state.error or {})["message"]) == ("failed", "the chat is gone")
