import asyncio
import json
import sys
from typing import Any

import pytest

from journeybuilder.connect.model_cooldown import Cooldowns
from journeybuilder.connect.models import LiteModels
from journeybuilder.connect.scripted import Scripted
from journeybuilder.connect.secrets import Secrets
from journeybuilder.contract.services import ModelAnswer
from journeybuilder.errors import StepError
from tests.connect.asking import (
    GET_ORDER,
    KEY,
    ORDER,
    ask,
    ask_all,
    entry,
    models,
    question,
    resolve,
)
from tests.fakes_openai import FakeOpenAI

pytestmark = [
    pytest.mark.xdist_group("litellm"),
    pytest.mark.timeout(120),
    pytest.mark.usefixtures("library"),
]


def test_a_model_answers_with_text_tokens_and_its_real_name(fake: FakeOpenAI) -> None:
    fake.says("It is on its way.")
    answer = ask(models({"fast": entry(fake, temperature=1, max_tokens=200)}), question())
    assert answer == ModelAnswer(
        text="It is on its way.",
        model="openai/gpt-5-mini",
        alias="fast",
        tokens_in=1000,
        tokens_out=500,
        cost_usd=pytest.approx(0.00125),  # pyright: ignore[reportArgumentType]
    )
    assert fake.keys == [KEY]
    assert fake.requests[0]["messages"] == [{"role": "user", "content": "Where is my order?"}]
    assert fake.requests[0]["max_completion_tokens"] == 200


def test_the_price_of_a_model_nobody_knows_is_unknown_and_not_zero(fake: FakeOpenAI) -> None:
    assert ask(models({"fast": entry(fake, "house-model")}), question()).cost_usd is None


def test_a_price_in_models_yaml_counts_before_any_list_price(fake: FakeOpenAI) -> None:
    price = {"input_per_million": 2.0, "output_per_million": 10}
    answer = ask(models({"fast": entry(fake, price=price)}), question())
    assert answer.cost_usd == pytest.approx(0.007)


def test_a_schema_goes_to_a_model_that_takes_schemas_and_the_value_comes_back(
    fake: FakeOpenAI,
) -> None:
    fake.says('{"id": "O-1001", "total": 12.5}')
    answer = ask(models({"fast": entry(fake)}), question(schema=ORDER))
    assert answer.value == {"id": "O-1001", "total": 12.5}
    sent = fake.requests[0]["response_format"]
    assert sent["type"] == "json_schema"
    assert sent["json_schema"]["schema"]["required"] == ["id", "total"]


def test_a_value_that_is_no_object_travels_in_one(fake: FakeOpenAI) -> None:
    fake.says('{"value": "refund"}')
    schema = {"type": "string", "enum": ["refund", "exchange"]}
    answer = ask(models({"fast": entry(fake)}), question(schema=schema))
    assert answer.value == "refund"
    assert fake.requests[0]["response_format"]["json_schema"]["schema"]["type"] == "object"


def test_a_model_without_schemas_gets_the_schema_in_words_and_a_fence_is_read(
    fake: FakeOpenAI,
) -> None:
    fake.says('Here you are:\n```json\n{"id": "O-1001", "total": 3}\n```\nAnything else?')
    answer = ask(models({"fast": entry(fake, "house-model")}), question(schema=ORDER))
    assert answer.value == {"id": "O-1001", "total": 3}
    assert "response_format" not in fake.requests[0]
    first = fake.requests[0]["messages"][0]
    assert first["role"] == "system"
    assert '"required":["id","total"]' in first["content"]


def test_a_schema_that_the_provider_refuses_is_said_in_words(fake: FakeOpenAI) -> None:
    fake.fails(400, "unsupported keyword")
    fake.says('{"id": "O-1", "total": 1}')
    answer = ask(models({"fast": entry(fake)}), question(schema=ORDER))
    assert answer.value == {"id": "O-1", "total": 1}
    assert "response_format" not in fake.requests[1]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ('{"id": "O-1001", "total": ', "no valid JSON"),
        ("I do not know.", "no JSON"),
        ('{"id": "O-1001", "total": "much"}', "total"),
        ('{"id": "O-1001"}', "'total' is missing"),
    ],
)
def test_a_broken_value_is_mended_in_one_round_that_says_what_is_wrong(
    fake: FakeOpenAI, broken: str, told: str
) -> None:
    fake.says(broken)
    fake.says('{"id": "O-1001", "total": 7}')
    answer = ask(models({"fast": entry(fake)}), question(schema=ORDER))
    assert answer.value == {"id": "O-1001", "total": 7}
    assert (answer.tokens_in, answer.tokens_out) == (2000, 1000)
    _, said, order = fake.requests[1]["messages"]
    assert said == {"role": "assistant", "content": broken}
    assert told in order["content"]


def test_two_broken_values_fail_and_say_so(fake: FakeOpenAI) -> None:
    fake.says("no")
    fake.says("still no")
    with pytest.raises(StepError) as caught:
        ask(models({"fast": entry(fake)}), question(schema=ORDER))
    assert caught.value.code == "model_failed"
    assert caught.value.message == "model 'fast' gave no usable answer: it holds no JSON"
    assert len(fake.requests) == 2


def test_tool_calls_come_back_with_their_arguments(fake: FakeOpenAI) -> None:
    fake.calls(("orders__get_order", '{"order_id": "O-1001"}'))
    answer = ask(models({"fast": entry(fake)}), question(tools=[GET_ORDER]))
    (call,) = answer.tool_calls
    assert (call.id, call.name, call.arguments) == ("c0", GET_ORDER.name, {"order_id": "O-1001"})
    assert fake.requests[0]["tools"][0]["function"]["name"] == GET_ORDER.name


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (("orders__get_order", '{"order_id": '), "no valid JSON"),
        (("orders__get_order", '["O-1"]'), "no JSON object"),
        (("orders__drop", "{}"), "there is no tool 'orders__drop'"),
    ],
)
def test_a_broken_tool_call_is_mended_in_one_round(
    fake: FakeOpenAI, call: tuple[str, str], told: str
) -> None:
    fake.calls(call)
    fake.calls(("orders__get_order", '{"order_id": "O-1001"}'))
    answer = ask(models({"fast": entry(fake)}), question(tools=[GET_ORDER]))
    assert answer.tool_calls[0].arguments == {"order_id": "O-1001"}
    assert told in fake.requests[1]["messages"][-1]["content"]


@pytest.mark.parametrize("status", [429, 500, 503, 401])
def test_when_a_model_fails_its_fallback_answers_and_nothing_is_tried_twice(
    fake: FakeOpenAI, status: int
) -> None:
    fake.fails(status)
    fake.says("from the other")
    user = models({"fast": entry(fake, fallbacks=["local"]), "local": entry(fake, "house-model")})
    answer = ask(user, question())
    assert (answer.text, answer.alias) == ("from the other", "local")
    assert answer.model == "openai/house-model"
    assert [body["model"] for body in fake.requests] == ["gpt-5-mini", "house-model"]


def test_a_model_that_is_too_slow_gives_way_to_its_fallback(fake: FakeOpenAI) -> None:
    fake.hangs("gpt-5-mini")
    user = models(
        {
            "fast": entry(fake, timeout="1s", fallbacks=["local"]),
            "local": entry(fake, "house-model"),
        }
    )
    assert ask(user, question()).alias == "local"


def test_a_time_out_without_fallback_is_a_time_out(fake: FakeOpenAI) -> None:
    fake.hangs("gpt-5-mini")
    with pytest.raises(StepError) as caught:
        ask(models({"fast": entry(fake)}), question(timeout=0.3))
    assert caught.value.code == "timeout"
    assert caught.value.message == (
        "model 'fast' did not answer within 300ms; "
        "name a stand-in for it in its 'fallbacks' in models.yaml"
    )


def test_fallbacks_that_name_each_other_end_after_one_step(fake: FakeOpenAI) -> None:
    for _ in range(4):
        fake.fails(500)
    user = models(
        {
            "a": entry(fake, "model-a", fallbacks=["b", "a", "gone"]),
            "b": entry(fake, "model-b", fallbacks=["a"]),
        }
    )
    with pytest.raises(StepError) as caught:
        ask(user, question("a"))
    assert [body["model"] for body in fake.requests] == ["model-a", "model-b"]
    assert caught.value.message == (
        "no model answered: the provider of model 'a' has a fault of its own (HTTP 500); "
        "the provider of model 'b' has a fault of its own (HTTP 500); "
        "models.yaml has no model 'gone'"
    )
    assert [tried["alias"] for tried in caught.value.detail["tried"]] == ["a", "b", "gone"]


def test_the_stand_in_can_be_a_fallback(fake: FakeOpenAI) -> None:
    fake.fails(500)
    scripted = Scripted({"rehearse": [{"says": "from the script"}]})
    user = models({"fast": entry(fake, fallbacks=["rehearse"]), "rehearse": {"model": "scripted"}},
                  scripted)  # fmt: skip
    answer = ask(user, question())
    assert (answer.text, answer.alias, answer.scripted) == ("from the script", "rehearse", True)


def test_a_wrong_key_is_said_with_the_place_to_mend_it_and_never_shown(fake: FakeOpenAI) -> None:
    fake.fails(401, f"Incorrect API key provided: {KEY}")
    with pytest.raises(StepError) as caught:
        ask(models({"careful": entry(fake)}), question("careful"))
    assert caught.value.message == (
        "the provider refused the key of model 'careful' (HTTP 401): "
        "set GOOD_KEY in the environment or with `keyring set journeybuilder GOOD_KEY`"
    )
    assert KEY not in str(caught.value.detail)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422, 429, 500, 503])
def test_no_message_repeats_what_the_provider_wrote(fake: FakeOpenAI, status: int) -> None:
    fake.fails(status, f"you sent {KEY}")
    with pytest.raises(StepError) as caught:
        ask(models({"fast": entry(fake)}), question())
    assert f"(HTTP {status})" in caught.value.message
    assert KEY not in caught.value.message + str(caught.value.detail)
    assert caught.value.__cause__ is None


def test_a_key_that_a_model_repeats_is_blanked_in_messages(fake: FakeOpenAI) -> None:
    schema = {"type": "string", "maxLength": 3}
    for _ in range(2):
        fake.says(f'{{"value": "{KEY}"}}')
    with pytest.raises(StepError) as caught:
        ask(models({"fast": entry(fake)}), question(schema=schema))
    assert KEY not in caught.value.message + str(caught.value.detail)


def test_a_missing_key_is_said_before_anything_is_sent(
    fake: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_BASE", fake.url)
    bare = {"model": "openai/gpt-5-mini"}
    with pytest.raises(StepError) as caught:
        ask(models({"careful": bare}), question("careful"))
    assert caught.value.message.startswith(
        "there is no key for model 'careful': set OPENAI_API_KEY in the environment"
    )
    assert fake.requests == []


@pytest.mark.parametrize(
    "provider", ["openai", "azure", "mistral", "groq", "ollama_chat", "anthropic"]
)
@pytest.mark.parametrize("more", [{}, {"api_key": ""}])
def test_another_address_gets_no_key_that_is_not_written_beside_it(
    fake: FakeOpenAI, monkeypatch: pytest.MonkeyPatch, provider: str, more: dict[str, str]
) -> None:
    for name in (provider.upper(), "OLLAMA"):
        monkeypatch.setenv(f"{name}_API_KEY", KEY)
    monkeypatch.setenv("AZURE_AD_TOKEN", KEY)
    looked_up: list[str] = []

    def look(text: str) -> str:
        looked_up.extend([text] if text.startswith("${") else [])
        return KEY if text.startswith("${") else text

    bare = {"model": f"{provider}/house-model", "api_base": fake.url, **more}
    user = LiteModels({"fast": bare}, resolve=look, scripted=Scripted(), cooldowns=Cooldowns())
    fake.fails(401)
    with pytest.raises(StepError) as caught:
        ask(user, question())
    assert looked_up == []
    assert len(fake.requests) == 1
    assert KEY not in "".join(fake.headers)
    assert caught.value.message == (
        "the provider refused to answer without a key: model 'fast' (HTTP 401): write "
        "'api_key: ${secret:NAME}' beside 'api_base' in models.yaml and store the key as NAME"
    )


def test_the_word_that_stands_for_no_key_stays_in_answers(fake: FakeOpenAI) -> None:
    for _ in range(2):
        fake.says('{"value": "none of these"}')
    schema = {"type": "string", "enum": ["none"]}
    bare = {"model": "openai/gpt-5-mini", "api_base": fake.url}
    with pytest.raises(StepError) as caught:
        ask(models({"fast": bare}), question(schema=schema))
    assert "•••" not in caught.value.message


def test_a_secret_that_cannot_be_resolved_is_named(fake: FakeOpenAI) -> None:
    with pytest.raises(StepError) as caught:
        ask(models({"fast": entry(fake, api_key="${secret:LOST}")}), question())
    assert "the secret 'LOST' is nowhere to be found" in caught.value.message


def test_a_server_that_is_not_there_is_unreachable_at_its_address(fake: FakeOpenAI) -> None:
    with FakeOpenAI() as gone:
        address = gone.url
    with pytest.raises(StepError) as caught:
        ask(models({"local": {**entry(fake), "api_base": address}}), question("local"))
    assert caught.value.message.startswith(
        f"the provider of model 'local' cannot be reached at {address};"
    )


def test_a_model_name_without_provider_is_explained() -> None:
    with pytest.raises(StepError, match="write provider/model"):
        ask(models({"fast": {"model": "mystery"}}), question())


def test_an_unknown_alias_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(StepError, match=r"has no model 'carefu'\. Did you mean 'careful'"):
        ask(models({"careful": {"model": "scripted"}}), question("carefu"))


def test_without_litellm_the_message_names_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "litellm", None)
    with pytest.raises(StepError) as caught:
        ask(models({"fast": {"model": "openai/gpt-5-mini"}}), question())
    assert caught.value.message == (
        "calling a model needs LiteLLM: pip install 'journeybuilder[models]'"
    )


def test_many_questions_at_once_get_each_its_own_answer(fake: FakeOpenAI) -> None:
    user = models({"fast": entry(fake)})

    async def work() -> list[ModelAnswer]:
        try:
            return await asyncio.gather(*(user.ask(question()) for _ in range(100)))
        finally:
            await user.close()

    assert [answer.text for answer in asyncio.run(work())] == ["hello"] * 100


def test_a_cancelled_question_ends_at_once(fake: FakeOpenAI) -> None:
    fake.hangs("gpt-5-mini")
    user = models({"fast": entry(fake)})

    async def work() -> None:
        task = asyncio.create_task(user.ask(question()))
        await asyncio.to_thread(fake.asked.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await user.close()

    asyncio.run(work())


def test_the_library_says_nothing_on_the_terminal(
    fake: FakeOpenAI, capfd: pytest.CaptureFixture[str]
) -> None:
    fake.fails(500, "secret text")
    with pytest.raises(StepError):
        ask(models({"fast": entry(fake)}), question())
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


def test_a_secret_that_a_model_repeats_is_blanked_out_of_all_that_leaves(
    fake: FakeOpenAI,
) -> None:
    def blank(value: Any) -> Any:
        return json.loads(json.dumps(value).replace(KEY, "•••"))

    fake.says(f"The key is {KEY}")
    fake.calls((GET_ORDER.name, json.dumps({"order_id": KEY})))
    fake.streams(f"It is {KEY}", " indeed")
    user = LiteModels(
        {"fast": entry(fake)},
        resolve=resolve,
        scripted=Scripted(),
        cooldowns=Cooldowns(),
        redact=blank,
    )
    shown: list[str] = []
    questions = [question(), question(tools=[GET_ORDER]), question(on_text=shown.append)]
    answers = ask_all(user, *questions)
    assert KEY not in str(answers) + str(shown)
    assert shown == ["It is •••", "It is ••• indeed"]


def test_the_providers_own_variable_is_looked_up_as_a_secret(
    fake: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_BASE", fake.url)
    secrets = Secrets(keyring=lambda: None)
    user = LiteModels(
        {"fast": {"model": "openai/gpt-5-mini"}},
        resolve=lambda text: secrets.get(text[9:-1]) if text.startswith("${") else text,
        scripted=Scripted(),
        cooldowns=Cooldowns(),
    )
    assert ask(user, question()).text == "hello"
    assert fake.keys == [KEY]
    assert secrets.redact(KEY) == "•••"


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ('Sure: [1] {"id": "O-1", "total": 7} as you asked. {"x": 1}', {"id": "O-1", "total": 7}),
        ('```{"id": "O-1", "total": 7}```', {"id": "O-1", "total": 7}),
        ('{"id": "O-1", "total": 7,}', {"id": "O-1", "total": 7}),
        ('{"id": "O-1", "total": "7"}', {"id": "O-1", "total": 7}),
        ('{"id": 1001, "total": 7}', {"id": "1001", "total": 7}),
        ('```json\n{"example": 1}\n```\nso\n```json\n{"id": "a", "total": 1}\n```',
         {"id": "a", "total": 1}),
    ],
)  # fmt: skip
def test_slips_that_leave_no_doubt_need_no_second_round(
    fake: FakeOpenAI, said: str, value: object
) -> None:
    fake.says(said)
    assert ask(models({"fast": entry(fake, "house-model")}), question(schema=ORDER)).value == value
    assert len(fake.requests) == 1


def test_a_label_without_quotes_and_a_null_that_may_be_missing_are_understood(
    fake: FakeOpenAI,
) -> None:
    fake.says("refund")
    fake.says('{"why": null, "n": null}')
    label = {"type": "string", "enum": ["refund", "exchange"]}
    fields = {"why": {"type": "string"}, "n": {"type": ["integer", "null"]}}
    user = models({"fast": entry(fake, "house-model")})
    first, second = ask_all(
        user,
        question(schema=label),
        question(schema={"type": "object", "properties": fields, "required": ["n"]}),
    )
    assert isinstance(first, ModelAnswer)
    assert isinstance(second, ModelAnswer)
    assert (first.value, second.value) == ("refund", {"n": None})
