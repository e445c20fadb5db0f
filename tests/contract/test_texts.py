from typing import Any

import pytest

from journeybuilder.contract.texts import choose, first_words, variants

TEXT = {
    "es": {"chat": "Hola", "voice": "Buenos días"},
    "en": "Hi",
    "de": {"default": "Hallo", "chat": "Hi!"},
}


@pytest.mark.parametrize(
    ("language", "channel", "wanted"),
    [
        ("en", "chat", "Hi"),
        ("es", "voice", "Buenos días"),
        ("es-MX", "chat", "Hola"),
        ("es", "email", "Hola"),
        ("de", "voice", "Hallo"),
        ("de-AT", "chat", "Hi!"),
        ("fr", "chat", "Hi"),
        ("", "", "Hi"),
    ],
)
def test_the_words_fit_the_language_and_the_channel_as_well_as_they_can(
    language: str, channel: str, wanted: str
) -> None:
    assert choose(TEXT, language, channel, ["en", "es"]) == wanted


def test_without_a_known_language_whatever_there_is_is_said() -> None:
    assert choose({"pt": "Olá"}, "fr", "chat", ["en"]) == "Olá"
    assert choose("Hi", "fr", "chat", []) == "Hi"


@pytest.mark.parametrize("text", [None, 5, [], {}, {"en": 5}, {"en": {}}, {"en": {"chat": None}}])
def test_a_broken_text_is_no_words_and_no_error(text: Any) -> None:
    assert choose(text, "en", "chat", ["en"]) == ""


def test_the_face_of_a_node_shows_the_first_words_on_one_line() -> None:
    assert first_words({"en": {"chat": "Hello\n  there"}}) == "Hello there"


def test_every_variant_has_its_path() -> None:
    assert variants(TEXT)[:2] == [(("es", "chat"), "Hola"), (("es", "voice"), "Buenos días")]
    assert variants("Hi") == [((), "Hi")]
    assert variants(7) == []
