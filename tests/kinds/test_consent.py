from typing import Any

import pytest

from tests.kinds.steps import FakeStep, complaints, visit

SETTINGS: dict[str, Any] = {
    "purpose": "marketing",
    "text": {
        "en": "May we write to you?",
        "es": "¿Podemos escribirle?",
        "de": "Dürfen wir schreiben?",
    },
    "attempts": 3,
    "timeout": "10m",
    "yes": "thanks",
    "no": "bye",
    "on_timeout": "late",
}
BUTTONS = {**SETTINGS, "choices": {"yes": {"en": "I'm in", "es": "Me apunto"}, "no": "Not for me"}}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Yes"), ("en", "yes, please!"), ("en", "OK, of course."), ("en", "I agree"),
        ("es", "Sí"), ("es", "claro que sí, gracias"), ("es", "De acuerdo, acepto"),
        ("de", "Ja, gerne"), ("de", "Ich stimme zu."), ("de", "JA BITTE"),
    ],
)  # fmt: skip
def test_a_clear_yes_is_put_on_record_with_the_words_that_were_used(
    language: str, words: str
) -> None:
    step = FakeStep(says=[words], language=language)
    assert visit("consent", SETTINGS, step).port == "yes"
    asked = SETTINGS["text"][language]
    assert step.did("consent") == [
        {"purpose": "marketing", "given": True, "asked": asked, "said": words}
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "No"), ("en", "no thanks"), ("en", "I do not agree"), ("en", "I don't want that"),
        ("en", "of course not"), ("es", "No, gracias"), ("es", "no quiero eso"), ("es", "Nunca"),
        ("de", "Nein danke"), ("de", "Ich will das nicht"), ("de", "auf keinen Fall"),
    ],
)  # fmt: skip
def test_a_clear_no_is_put_on_record_as_a_no(language: str, words: str) -> None:
    step = FakeStep(says=[words], language=language)
    assert visit("consent", SETTINGS, step).port == "no"
    assert [(given["given"], given["said"]) for given in step.did("consent")] == [(False, words)]


UNCLEAR = [
    "maybe", "yes and no", "yes but only by mail", "what for?", "yes?", "I don't know", "why not",
    "no problem", "perhaps later", "🙂", "", "yes no", "no idea, ok", "tal vez", "sí pero no",
    "¿para qué?", "depende", "vielleicht", "ja aber nicht per Post", "wieso?", "kein Problem",
    "jein", "please", "thank you", "yesterday",
]  # fmt: skip


@pytest.mark.parametrize("words", UNCLEAR)
def test_an_unclear_answer_is_asked_again_and_never_taken_for_a_yes(words: str) -> None:
    step = FakeStep(says=[words, "yes"])
    assert visit("consent", SETTINGS, step).port == "yes"
    assert len(step.did("say")) == 2
    step = FakeStep(says=[words] * 3)
    assert visit("consent", SETTINGS, step).port == "no"
    assert len(step.did("say")) == 3
    assert [given["given"] for given in step.did("consent")] == [False]


def test_silence_changes_nothing_on_record() -> None:
    step = FakeStep(ports=["on_timeout"])
    assert visit("consent", SETTINGS, step).port == "on_timeout"
    assert step.did("consent") == []
    assert step.did("listen")[0]["timeout"] == 600


def test_silence_goes_the_way_of_no_where_no_way_of_its_own_is_wired() -> None:
    step = FakeStep()
    assert visit("consent", {**SETTINGS, "on_timeout": None}, step).port == "no"
    assert step.did("consent") == []


@pytest.mark.parametrize(
    ("language", "words", "port"),
    [("en", "i'm in", "yes"), ("es", "ME APUNTO", "yes"), ("es", "not for me", "no"), ("en", "sí", "yes")],
)  # fmt: skip
def test_buttons_are_offered_in_the_customers_language_and_understood(
    language: str, words: str, port: str
) -> None:
    step = FakeStep(says=[words], language=language)
    assert visit("consent", BUTTONS, step).port == port
    shown = {"en": ["I'm in", "Not for me"], "es": ["Me apunto", "Not for me"]}
    assert step.did("say")[0]["choices"] == shown[language]


def test_other_words_can_be_said_before_asking_again() -> None:
    step = FakeStep(says=["hm", "yes"])
    visit("consent", {**SETTINGS, "again": "Please say yes or no."}, step)
    said = [given["text"] for given in step.did("say")]
    assert said == ["May we write to you?", "Please say yes or no.", "May we write to you?"]


def test_a_purpose_is_a_name_that_expressions_can_read() -> None:
    assert complaints("consent", SETTINGS) == []
    assert complaints("consent", {**SETTINGS, "purpose": "e-mail ads"}) == [
        "purpose: 'e-mail ads' cannot be read as customer.consent.e-mail ads"
    ]
