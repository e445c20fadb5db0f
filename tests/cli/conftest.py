from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.fakes import write_files

SETTINGS = """\
journeybuilder: 1
workspace: shop
environments:
  dev: {}
  aside: {store: "sqlite:///.journeybuilder/aside.db"}
queues: [desk, other]
people:
  - {name: dana, roles: [editor, reviewer], queues: [desk]}
  - {name: eve, roles: [editor], queues: [desk]}
  - {name: otto, roles: [reviewer], queues: [other]}
"""
HELLO = """\
journeybuilder: 1
journey: hello
start: greet
input: {properties: {name: {type: string}, age: {type: integer}}, required: [name]}
languages: [en, es]
nodes:
  # says hello first
  greet: {kind: say, text: {en: "Hi ${input.name}", es: "Hola ${input.name}"}, next: which}
  which: {kind: ask, text: "Which order?", expect: {type: string, pattern: "^O-"}, save: id, next: done, on_invalid: lost}
  done: {kind: end, outcome: good, output: {id: "${has(id) ? id : ''}"}}
  lost: {kind: end, outcome: lost}
"""
DECIDE = """\
journeybuilder: 1
journey: decide
start: look
nodes:
  look:
    kind: review
    to: desk
    show: {order: O-1}
    draft: Dear customer
    editable: true
    decisions: {approve: sent, reject: stopped}
    save: decision
  sent: {kind: end, outcome: sent, output: {by: "${decision.by}", text: "${decision.value}"}}
  stopped: {kind: end, outcome: stopped}
"""
SCENARIO = """\
journeybuilder: 1
scenario: somebody says hello
journey: hello
input: {name: Ana}
customer: [{hears: "Which order", says: "O-1"}]
expect: [{outcome: good}, {said: "Hi Ana"}]
"""
FILES = {
    "journeybuilder.yaml": SETTINGS,
    "mcp.json": '{"mcpServers": {}}\n',
    "models.yaml": "journeybuilder: 1\nmodels:\n  fast: {model: scripted}\n",
    "journeys/hello.journey.yaml": HELLO,
    "journeys/decide.journey.yaml": DECIDE,
    "scenarios/hello.scenario.yaml": SCENARIO,
}
BROKEN = HELLO.replace("next: which", "next: wich").replace("hello", "broken")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small workspace without servers, entered."""
    place = write_files(tmp_path / "shop", FILES)
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def jb(shop: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Commands in the small workspace."""
    return Shell(shop, capsys)


@pytest.fixture
def broken(shop: Path) -> Path:
    """The small workspace with one journey that has an error."""
    return write_files(shop, {"journeys/broken.journey.yaml": BROKEN})
