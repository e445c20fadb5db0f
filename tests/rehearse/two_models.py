"""A workspace with a journey that two models play, and the two providers behind them.

The careful one reads what is asked; the hasty one looks at one word only, and says a lot.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.fakes import write_files
from tests.fakes_openai import FakeOpenAI

JOURNEY = """\
journeybuilder: 1
journey: concern
start: what
input: {properties: {name: {type: string}}}
nodes:
  what: {kind: ask, text: "What is it about?", save: words, next: sort, timeout: 10m, on_timeout: bye}
  sort:
    kind: classify
    model: fast
    text: "${words}"
    routes: {money: {next: reply}, parcel: {next: bye}}
    otherwise: bye
    on_error: sorry
  reply: {kind: generate, model: writer, prompt: "Answer: ${words}", save: text, next: tell, on_error: sorry}
  tell: {kind: say, text: "${text}", next: paid}
  paid: {kind: end, outcome: paid}
  sorry: {kind: say, text: "A person will call you.", next: closed}
  closed: {kind: end, outcome: closed}
  bye: {kind: end, outcome: parcel}
"""
WORDS = (
    ("I want my money back", "paid"),
    ("Please pay me back, the parcel was empty", "paid"),
    ("The money for the parcel is missing", "paid"),
    ("When does my parcel come?", "parcel"),
)
SETTINGS = """\
journeybuilder: 1
workspace: two
environments: {dev: {}}
"""


def careful(body: Mapping[str, Any]) -> tuple[str, int, int]:
    """Reads what is asked."""
    words = str(body["messages"][-1]["content"]).casefold()
    if not _is_sorting(body):
        return "You get it back today.", 100 + len(words), 12
    money = "money" in words or "pay" in words
    return json.dumps({"label": "money" if money else "parcel", "confidence": 0.9}), 200, 10


def hasty(body: Mapping[str, Any]) -> tuple[str, int, int]:
    """Sees a parcel wherever the word stands, and says a lot."""
    words = str(body["messages"][-1]["content"]).casefold()
    if not _is_sorting(body):
        return "Thank you ever so much for your patience and your kind words. " * 3, 150, 90
    label = "parcel" if "parcel" in words else "money"
    return json.dumps({"label": label, "confidence": 0.9}), 260, 10


def _is_sorting(body: Mapping[str, Any]) -> bool:
    return "confidence" in json.dumps(body)


def entry(server: FakeOpenAI, price: float = 1.0) -> dict[str, Any]:
    """An entry of `models.yaml`; output costs four times what input does."""
    return {
        "model": "openai/house-model",
        "api_base": server.url,
        "price": {"input_per_million": price, "output_per_million": 4 * price},
    }


def scenario(number: int, words: str, outcome: str) -> str:
    return (
        f"journeybuilder: 1\nscenario: case {number}\njourney: concern\n"
        f'input: {{name: Ana}}\ncustomer: [{{hears: "about", says: "{words}"}}]\n'
        f"models: {{fast: [{{says: {{label: {'money' if outcome == 'paid' else 'parcel'}, "
        f"confidence: 1}}}}]}}\nexpect: [{{outcome: {outcome}}}]\n"
    )


def workspace(root: Path, models: Mapping[str, Mapping[str, Any]]) -> Path:
    """The workspace with these models."""
    files = {
        "journeybuilder.yaml": SETTINGS,
        "models.yaml": "models: " + json.dumps(models) + "\n",
        "journeys/concern.journey.yaml": JOURNEY,
    }
    for number, (words, outcome) in enumerate(WORDS, 1):
        files[f"scenarios/case-{number}.scenario.yaml"] = scenario(number, words, outcome)
    return write_files(root, files)
