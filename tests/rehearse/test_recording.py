"""Recorded traffic: what is kept, what is taken out, and how it answers later."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.connect.scripted import Scripted
from journeybuilder.connect.secrets import Secrets
from journeybuilder.contract.services import (
    ModelAnswer,
    ModelAsk,
    PromptGet,
    ResourceRead,
    ToolAnswer,
    ToolCall,
)
from journeybuilder.contract.tools import ToolFacts
from journeybuilder.errors import AuthorError, OperatorError, StepError
from journeybuilder.rehearse.recorded.recording import (
    RecordedModels,
    RecordedTools,
    Recording,
    Traffic,
    load_recording,
)
from journeybuilder.rehearse.recorded.replay import (
    NOT_RECORDED,
    Replay,
    ReplayedModels,
    ReplayedTools,
)
from journeybuilder.rehearse.recorded.stand_ins import StandIns, alike
from journeybuilder.rehearse.scenario import Scenario, scenario_of
from journeybuilder.rehearse.simulate import simulate
from journeybuilder.rehearse.world.tools import RehearsedTools
from tests.fakes import plan_of

FACTS = {
    "crm/get_customer": ToolFacts(
        data={"email": "personal", "card.number": "payment", "age": "personal", "tier": "internal"}
    )
}
CUSTOMER = {
    "email": "ana.garcia@shop.example",
    "age": 42,
    "tier": "gold",
    "card": {"number": "4111 1111 1111 1111", "brand": "visa"},
    "total": 42,
}


class World(RehearsedTools):
    """Tools, resources and prompts with answers laid out, in turn."""

    def __init__(self, **answers: Any) -> None:
        tools = {name.replace("__", "/"): value for name, value in answers.items()}
        data = {"resources": {"kb/articles://{topic}": {"returns": "Send it back."}},
                "prompts": {"kb/polite": "Be polite about {topic}."}}  # fmt: skip
        super().__init__(scenario_of({"tools": tools, **data}), {})


def call(tool: str, *, key: str = "k-1", **arguments: Any) -> ToolCall:
    return ToolCall("r1", "n1", tool, arguments, 5.0, key)


def question(content: str, alias: str = "fast", **more: Any) -> ModelAsk:
    return ModelAsk("r1", "n1", alias, [{"role": "user", "content": content}], **more)


def traffic(secrets: Secrets | None = None) -> Traffic:
    return Traffic("one", "test", FACTS, (secrets or Secrets({}, lambda: None)).redact_value)


def record(
    place: Path,
    asked: Sequence[ToolCall | ModelAsk | ResourceRead | PromptGet],
    tools: World,
    models: Mapping[str, Any] | None = None,
    kept: Traffic | None = None,
) -> Recording:
    kept = kept or traffic()

    async def work() -> None:
        recorded = RecordedTools(tools, kept)
        asking = RecordedModels(Scripted(models or {}), kept)
        for each in asked:
            try:
                await perform(each, recorded, asking)
            except StepError:
                continue

    asyncio.run(work())
    kept.save(place)
    return load_recording(place, kept.name)


async def perform(each: Any, tools: Any, models: Any) -> Any:
    if isinstance(each, ToolCall):
        return await tools.call(each)
    if isinstance(each, ModelAsk):
        return await models.ask(each)
    return await (tools.read if isinstance(each, ResourceRead) else tools.prompt)(each)


def again(recording: Recording, *asked: Any) -> list[Any]:
    """Answers or errors from the recording."""
    replay = Replay(recording)
    tools, models = ReplayedTools(replay, World()), ReplayedModels(replay, Scripted({}))

    async def one(each: Any) -> Any:
        try:
            return await perform(each, tools, models)
        except StepError as error:
            return error

    async def work() -> list[Any]:
        return [await one(each) for each in asked]

    return asyncio.run(work())


def test_the_same_questions_get_the_same_answers_in_any_order(tmp_path: Path) -> None:
    tools = World(orders__get=[{"returns": {"id": "O-1"}}, {"returns": {"id": "O-2"}}])
    asked = [call("orders/get", id="O-1"), call("orders/get", id="O-2"), question("Hi", tools=())]
    recording = record(tmp_path, asked, tools, {"fast": [{"says": "Hello."}]})
    text, second, first = again(recording, *reversed(asked))
    assert (first.value, second.value) == ({"id": "O-1"}, {"id": "O-2"})
    assert first.note == "from the scenario; from the recording 'one'"
    assert isinstance(text, ModelAnswer)
    assert (text.text, text.model, text.scripted) == ("Hello.", "scripted", True)


def test_several_answers_to_one_question_come_in_turn_and_the_last_again(tmp_path: Path) -> None:
    tools = World(orders__get=[{"returns": 1}, {"returns": 2}])
    recording = record(tmp_path, [call("orders/get", id="O-1")] * 2, tools)
    answers = again(recording, *[call("orders/get", id="O-1")] * 3)
    assert [answer.value for answer in answers] == [1, 2, 2]


def test_an_error_is_replayed_as_the_error_that_it_was(tmp_path: Path) -> None:
    recording = record(tmp_path, [call("a/b")], World(a__b={"fails": "timeout"}))
    (error,) = again(recording, call("a/b"))
    assert isinstance(error, StepError)
    assert (error.code, error.uncertain) == ("timeout", True)


def test_half_a_character_is_kept_as_it_came(tmp_path: Path) -> None:
    tools = World(kb__find={"returns": {"text": "x\ud800y"}})
    (answer,) = again(record(tmp_path, [call("kb/find")], tools), call("kb/find"))
    assert answer.value == {"text": "x\ud800y"}


def test_resources_and_prompts_are_kept_too(tmp_path: Path) -> None:
    asked = [
        ResourceRead("r", "n", "kb", "articles://returns", 5.0),
        PromptGet("r", "n", "kb/polite", {"topic": "returns"}, 5.0),
    ]
    read, prompt = again(record(tmp_path, asked, World()), *asked)
    assert read == ToolAnswer("Send it back.", "from the scenario; from the recording 'one'")
    assert prompt == [{"role": "user", "content": "Be polite about returns."}]


def test_an_idempotency_key_does_not_make_another_question_of_it(tmp_path: Path) -> None:
    tools = World(orders__refund={"returns": "done"})
    recording = record(tmp_path, [call("orders/refund", key="r1-3-0", id=1, key_="r1-3-0")], tools)
    (answer,) = again(recording, call("orders/refund", key="r2-3-0", id=1, key_="r2-3-0"))
    assert answer.value == "done"


def test_what_was_not_recorded_says_how_it_differs_from_the_nearest_call(tmp_path: Path) -> None:
    tools = World(orders__refund={"returns": "done"})
    asked = [
        call("orders/refund", order={"id": "O-1", "lines": [1, 2]}, amount=5),
        call("orders/refund", order={"id": "O-9", "lines": []}, amount=77, why="late"),
    ]
    recording = record(tmp_path, asked, tools)
    (error,) = again(recording, call("orders/refund", order={"id": "O-1", "lines": [1, 3]}, to="x"))
    assert isinstance(error, StepError)
    assert error.code == NOT_RECORDED
    assert error.message == (
        "the recording 'one' has no such call of 'orders/refund'; beside the nearest one: "
        "arguments.order.lines[1] is 3, recorded is 2; "
        "arguments.amount is missing, recorded is 5; "
        'arguments.to is "x", recorded is none'
    )


def test_a_question_to_a_model_that_was_not_recorded_says_which_message_differs(
    tmp_path: Path,
) -> None:
    recording = record(tmp_path, [question("Sum up O-1")], World())
    (error,) = again(recording, question("Sum up O-2"))
    assert 'messages[0].content is "Sum up O-2", recorded is "Sum up O-1"' in error.message


def test_names_that_were_never_called_are_answered_by_others(tmp_path: Path) -> None:
    recording = record(tmp_path, [call("a/b")], World(a__b={"returns": 1}))
    made, text = again(recording, call("c/d"), question("Hello?"))
    assert made.note == "made from the tool's schema"
    assert text.text == "This is a rehearsed answer to “Hello?”."


def test_personal_values_are_out_of_the_file_wherever_they_stood(tmp_path: Path) -> None:
    tools = World(crm__get_customer={"returns": CUSTOMER})
    asked = [
        question("Who is ana.garcia@shop.example?"),
        call("crm/get_customer", email="ana.garcia@shop.example"),
        question("Pay with 4111 1111 1111 1111"),
    ]
    recording = record(tmp_path, asked, tools)
    text = (tmp_path / "recordings" / "one.jsonl").read_text(encoding="utf-8")
    assert "ana.garcia" not in text
    assert "4111 1111" not in text
    customer = recording.calls[1]["answer"]["value"]
    assert customer["age"] != 42
    assert (customer["tier"], customer["card"]["brand"], customer["total"]) == ("gold", "visa", 42)
    assert [(each["field"], each["class"], each["values"]) for each in recording.removed] == [
        ("email", "personal", 1), ("age", "personal", 1), ("card.number", "payment", 1)
    ]  # fmt: skip


def test_personal_values_in_a_failed_call_are_out_of_the_file(tmp_path: Path) -> None:
    async def fails() -> ToolAnswer:
        detail = {"ran": True, "result": {"email": "ana.garcia@shop.example", "age": 42}}
        message = "its result does not fit: ana.garcia@shop.example"
        raise StepError("bad_result", message, detail=detail)

    kept = traffic()
    request = {"tool": "crm/get_customer", "arguments": {"id": "C-1"}}
    with pytest.raises(StepError):
        asyncio.run(kept.through("tool", request, fails(), asdict))
    text = kept.save(tmp_path).read_text(encoding="utf-8")
    assert "ana.garcia" not in text
    assert '"age": 42' not in text


def test_personal_values_in_the_place_of_a_field_name_are_taken_out() -> None:
    stand_ins = StandIns()
    stand_ins.learn("x", {"mail": "personal"}, {"mail": "ana@shop.example"})
    hidden = stand_ins.hide({"by_mail": {"ana@shop.example": 3}, "mail": "ana@shop.example"})
    assert hidden == {"by_mail": {hidden["mail"]: 3}, "mail": hidden["mail"]}
    assert "ana@" not in str(hidden)


def test_thousands_of_values_are_told_apart_and_each_is_taken_out() -> None:
    stand_ins = StandIns()
    people = [{"mail": f"p{number}@shop.example"} for number in range(3000)]
    stand_ins.learn("x", {"mail": "personal"}, people)
    hidden = stand_ins.hide([" and ".join(each["mail"] for each in people), people])
    assert len(set(stand_ins.all)) == 3000
    assert not [each for each in people if each["mail"] in hidden[0]]
    assert hidden[0] == " and ".join(each["mail"] for each in hidden[1])


def test_stand_ins_are_the_same_everywhere_and_fit_whoever_asks(tmp_path: Path) -> None:
    tools = World(crm__get_customer={"returns": CUSTOMER})
    asked = [call("crm/get_customer", email="ana.garcia@shop.example"),
             question("Write to ana.garcia@shop.example now")]  # fmt: skip
    recording = record(tmp_path, asked, tools, {"fast": [{"says": "Done."}]})
    stand_in = recording.calls[0]["request"]["arguments"]["email"]
    assert recording.calls[1]["request"]["messages"][0]["content"] == f"Write to {stand_in} now"
    for email in (stand_in, "somebody.else@example.com"):
        found, text = again(
            recording, call("crm/get_customer", email=email), question(f"Write to {email} now")
        )
        assert found.value["email"] == stand_in
        assert text.text == "Done."
    (error,) = again(recording, question("Read from somebody.else@example.com now"))
    assert error.code == NOT_RECORDED


def test_a_stand_in_has_the_form_of_what_it_stands_for() -> None:
    stand_ins = StandIns()
    value = {
        "iban": "DE89 3704-0044",
        "name": "Ana García",
        "mail": "a.b@c.de",
        "n": 4711,
        "ok": True,
    }
    stand_ins.learn("x", dict.fromkeys(value, "personal"), value)
    hidden = stand_ins.hide_declared(dict.fromkeys(value, "personal"), value)
    forms = {
        name: "".join("9" if c.isdigit() else "a" if c.isalpha() else c for c in str(each))
        for name, each in hidden.items()
    }
    assert forms == {"iban": "aa99 9999-9999", "name": "aaa aaaaaa", "mail": "a.a@a.aa",
                     "n": "9999", "ok": "aaaa"}  # fmt: skip
    assert hidden["ok"] is True
    assert all(hidden[name] != value[name] for name in ("iban", "name", "mail", "n"))


def test_parts_of_a_name_are_taken_out_but_not_out_of_other_words() -> None:
    stand_ins = StandIns()
    stand_ins.learn("x", {"name": "personal"}, {"name": "Ana Ros"})
    hidden = stand_ins.hide("Ana says: Analysis of Rosewood, by Ros")
    assert hidden != "Ana says: Analysis of Rosewood, by Ros"
    assert "Ana " not in hidden
    assert "Analysis of Rosewood" in hidden


def test_only_stand_ins_fit_anything() -> None:
    assert alike({"a": ["Hello Xyzzy!", 1]}, {"a": ["Hello Ana!", 1]}, ["Xyzzy"])
    assert not alike({"a": "Hello Xyzzy!"}, {"a": "Hi Ana!"}, ["Xyzzy"])
    assert not alike({"a": 1}, {"a": True}, [])
    assert not alike({"a": 1}, {"a": 1, "b": 2}, [])
    assert not alike([1], [1, 2], [1])
    assert not alike("Xyzzy and Xyzzy", "and", ["Xyzzy"])


def test_secrets_are_out_of_the_file(tmp_path: Path) -> None:
    secrets = Secrets({"KEY": "sk-very-secret"}, lambda: None)
    secrets.get("KEY")
    kept = traffic(secrets)
    record(tmp_path, [call("a/b", token="sk-very-secret")], World(a__b={"returns": 1}), kept=kept)
    text = (tmp_path / "recordings" / "one.jsonl").read_text(encoding="utf-8")
    assert "sk-very" not in text
    assert kept.secrets


def test_nothing_is_on_the_disk_before_it_is_saved(tmp_path: Path) -> None:
    kept = traffic()
    tools = RecordedTools(World(a__b={"returns": 1}), kept)
    asyncio.run(tools.call(call("a/b")))
    assert not (tmp_path / "recordings").exists()
    kept.save(tmp_path)
    assert [path.name for path in (tmp_path / "recordings").iterdir()] == ["one.jsonl"]


def test_only_the_servers_that_are_asked_for_are_kept() -> None:
    kept = traffic()
    tools = RecordedTools(World(a__b={"returns": 1}, c__d={"returns": 2}), kept, ["c"])

    async def work() -> list[Any]:
        return [(await tools.call(call(name))).value for name in ("a/b", "c/d")]

    assert asyncio.run(work()) == [1, 2]
    assert kept.count == 1


@pytest.mark.parametrize(
    "text",
    ["", "no json\n", '{"version": 1}\n', '{"version": 1}\n[1]\n{"ended": {}}\n',
     '{"version": 99}\n{"ended": {}}\n', '{"version": 1}\n{"kind": "to']
)  # fmt: skip
def test_a_broken_recording_says_where(tmp_path: Path, text: str) -> None:
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "x.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(AuthorError, match="broken or not complete") as caught:
        load_recording(tmp_path, "x")
    assert "x.jsonl:" in caught.value.where


@pytest.mark.parametrize("name", ["../x", "", ".hidden", "a/b", "a b"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(AuthorError, match="is no name for a recording"):
        load_recording(tmp_path, name)


def test_a_recording_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(AuthorError) as caught:
        load_recording(tmp_path, "x")
    assert caught.value.hint == "Make one with: jb record --name x JOURNEY"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("in the way")
    with pytest.raises(OperatorError, match="the recording cannot be written"):
        traffic().save(tmp_path)


NODES = """
a: {kind: tool, tool: orders/get_order, with: {order_id: "${input.id}"}, save: order, next: b, on_error: no}
b: {kind: generate, model: fast, prompt: "Sum up ${order.id}", save: text, next: c}
c: {kind: say, text: "${text}", next: z}
z: {kind: end, outcome: good}
no: {kind: end, outcome: failed}
"""
RECORDED = Recording(
    "r",
    calls=[
        {"kind": "tool", "request": {"tool": "orders/get_order", "arguments": {"order_id": "O-1"}},
         "answer": {"value": {"id": "O-1"}, "note": ""}},
        {"kind": "model", "request": {"model": "fast", "schema": None, "tools": [],
         "messages": [{"role": "user", "content": "Sum up O-1"}]},
         "answer": {"text": "It is late.", "model": "openai/x", "alias": "fast", "cost_usd": 0.5}},
    ],
)  # fmt: skip


def rehearsed(order: str, recording: Recording | None = RECORDED, **script: Any) -> Any:
    scenario = scenario_of({"scenario": "s", "journey": "test", "input": {"id": order}, **script})
    return asyncio.run(simulate(plan_of(NODES), scenario, recording=recording))


def test_a_scenario_is_answered_from_its_recording() -> None:
    result = rehearsed("O-1", expect=[{"said": "late"}, {"outcome": "good"}])
    assert result.failures == []
    assert result.state.cost_usd == 0.5
    answers = [event["answer"] for event in result.events if event["event"] == "answered"]
    assert all(answer["note"] == "from the recording 'r'" for answer in answers[:2])


def test_what_a_scenario_gives_itself_goes_before_its_recording() -> None:
    result = rehearsed(
        "O-1",
        tools={"orders/get_order": {"returns": {"id": "O-7"}}},
        models={"fast": [{"says": "Mine."}]},
        expect=[{"said": "Mine"}],
    )
    assert result.failures == []


def test_a_call_that_the_recording_lacks_fails_the_rehearsal_and_says_how_it_differs() -> None:
    result = rehearsed("O-2", expect=[{"outcome": "failed"}])
    (words,) = result.failures
    assert words == (
        "recording: the recording 'r' has no such call of 'orders/get_order'; "
        'beside the nearest one: arguments.order_id is "O-2", recorded is "O-1"'
    )


def test_a_recording_of_other_tools_leaves_the_rest_to_the_schemas() -> None:
    bare, empty = rehearsed("O-2", None), rehearsed("O-2", Recording("r"))
    assert empty.events == bare.events
    assert empty.failures == bare.failures


def test_a_file_of_a_recording_is_one_json_value_a_line(tmp_path: Path) -> None:
    record(tmp_path, [call("a/b")], World(a__b={"returns": "ü"}))
    lines = (tmp_path / "recordings" / "one.jsonl").read_text(encoding="utf-8").splitlines()
    assert [sorted(json.loads(line)) for line in lines] == [
        ["journey", "recording", "version"], ["answer", "kind", "request"], ["ended"]
    ]  # fmt: skip


def test_a_scenario_names_its_recording() -> None:
    assert scenario_of({"recording": "r"}).recording == "r"
    assert not Scenario("", "").recording
