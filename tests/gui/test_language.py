"""The window speaks the person's language, and the catalogs are whole."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from journeybuilder.gui.look import language
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn

ROOT = Path(__file__).parents[2]
_PLACES = re.compile(r"(?<!\{)\{(\w*)\}(?!\})")


@pytest.fixture
def german() -> Iterator[None]:
    assert language.use("de") == "de"
    yield
    language.use("en")


def _messages(code: str) -> Iterator[Message]:
    with (ROOT / "resources" / "translations" / f"{code}.po").open("rb") as stream:
        yield from (one for one in read_po(stream, locale=code) if one.id)


def _forms(text: object) -> list[str]:
    return [str(one) for one in text] if isinstance(text, (tuple, list)) else [str(text)]


def test_the_catalogs_are_up_to_date_and_every_text_is_translated() -> None:
    done = subprocess.run(
        [sys.executable, "packaging/texts.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("code", ["de", "es"])
def test_every_translation_has_the_places_of_its_text(code: str) -> None:
    wrong = [
        (one.id, one.string)
        for one in _messages(code)
        if {place for form in _forms(one.id) for place in _PLACES.findall(form)}
        != {place for form in _forms(one.string) for place in _PLACES.findall(form)}
    ]
    assert not wrong


@pytest.mark.parametrize("code", ["de", "es"])
def test_a_menu_entry_with_a_key_keeps_one(code: str) -> None:
    key = re.compile(r"&(?=\w)")
    wrong = [
        (one.id, one.string)
        for one in _messages(code)
        for form in _forms(one.string)
        if len(key.findall(form)) != len(key.findall(_forms(one.id)[0]))
    ]
    assert not wrong


def test_texts_numbers_and_names_come_in_the_language_in_use(german: None) -> None:
    assert tr("&File") == "&Datei"
    assert trn("{n} problem", "{n} problems", 1) == "1 Problem"
    assert trn("{n} problem", "{n} problems", 3) == "3 Probleme"
    assert tr("a text that no catalog has") == "a text that no catalog has"


def test_a_finding_keeps_its_names_and_gets_the_words_of_the_language(german: None) -> None:
    words = said("there is no node 'refund_it'")
    assert "refund_it" in words
    assert words != "there is no node 'refund_it'"


def test_a_language_without_a_catalog_is_english() -> None:
    assert language.use("xx") == "en"
    assert tr("&File") == "&File"
