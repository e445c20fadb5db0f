from typing import Any

import pytest

from journeybuilder.errors import StepError
from journeybuilder.kinds import KINDS
from tests.kinds.steps import FakeStep, visit

SETTINGS: dict[str, Any] = {
    "text": "What is the code?",
    "send": {"tool": "crm/send_code", "with": {"customer_id": "${input.id}"}},
    "check": {
        "tool": "crm/check_code",
        "with": {"customer_id": "${input.id}", "code": "${answer}"},
        "passed": "result.valid",
    },
    "attempts": 3,
    "timeout": "10m",
    "next": "in",
    "on_failed": "out",
    "on_timeout": "late",
}
GIVEN = {"input": {"id": "C-17"}}


def right(code: str) -> Any:
    """A tool that knows the code."""

    def check(given: dict[str, Any]) -> dict[str, Any]:
        return {"valid": given["code"] == code}

    return check


def test_the_challenge_is_sent_once_and_the_right_answer_lets_through() -> None:
    step = FakeStep(GIVEN, says=[" 4711 "], tools={"crm/check_code": [right("4711")]})
    assert visit("verify", SETTINGS, step).port == "next"
    assert step.done[0] == (
        "tool",
        {"tool": "crm/send_code", "with": {"customer_id": "C-17"}, "cache": None},
    )
    assert step.did("tool")[1]["with"] == {"customer_id": "C-17", "code": "4711"}


def test_wrong_answers_are_asked_again_until_the_attempts_are_used_up() -> None:
    tools = {"crm/check_code": [right("4711")]}
    step = FakeStep(GIVEN, says=["1", "2", "4711"], tools=tools)
    assert visit("verify", SETTINGS, step).port == "next"
    step = FakeStep(GIVEN, says=["1", "2", "3", "4711"], tools=tools)
    assert visit("verify", SETTINGS, step).port == "on_failed"
    assert [call["tool"] for call in step.did("tool")].count("crm/send_code") == 1
    assert len(step.did("say")) == 3


@pytest.mark.parametrize("result", ["true", "yes", 1, None, {}, [True]])
def test_nothing_but_true_lets_through(result: Any) -> None:
    step = FakeStep(GIVEN, says=["x"] * 3, tools={"crm/check_code": [{"valid": result}]})
    assert visit("verify", SETTINGS, step).port == "on_failed"


@pytest.mark.parametrize("code", ["tool_failed", "bad_arguments"])
def test_a_server_that_refuses_the_answer_is_a_wrong_answer(code: str) -> None:
    tools = {"crm/check_code": [StepError(code, "no such code"), {"valid": True}]}
    step = FakeStep(GIVEN, says=["my code is 4711", "4711"], tools=tools)
    assert visit("verify", SETTINGS, step).port == "next"


@pytest.mark.parametrize("code", ["unreachable", "timeout", "denied"])
def test_a_check_that_cannot_be_made_is_an_error_and_not_a_wrong_answer(code: str) -> None:
    step = FakeStep(GIVEN, says=["1"], tools={"crm/check_code": [StepError(code, "down")]})
    with pytest.raises(StepError) as raised:
        visit("verify", SETTINGS, step)
    assert raised.value.code == code


def test_a_result_without_the_field_that_decides_is_an_error() -> None:
    step = FakeStep(GIVEN, says=["1"], tools={"crm/check_code": [{"ok": True}]})
    with pytest.raises(StepError, match="there is no field 'valid'"):
        visit("verify", SETTINGS, step)


def test_silence_goes_the_way_of_the_time_out() -> None:
    assert visit("verify", SETTINGS, FakeStep(GIVEN)).port == "on_timeout"


def test_something_the_customer_knows_needs_no_challenge() -> None:
    settings = {key: value for key, value in SETTINGS.items() if key != "send"}
    step = FakeStep(GIVEN, says=["4711"], tools={"crm/check_code": [right("4711")]})
    assert visit("verify", settings, step).port == "next"
    assert len(step.did("tool")) == 1


def test_the_names_of_its_own_are_known_where_they_have_a_value() -> None:
    kind = KINDS["verify"]
    assert set(kind.local_names(("check", "with", "code"))) == {"answer"}
    assert set(kind.local_names(("check", "passed"))) == {"answer", "result"}
    assert set(kind.local_names(("send", "with"))) == set()
