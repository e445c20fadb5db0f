"""A small workspace for suites: `hello` comes to an end, `endless` never does."""

from pathlib import Path
from typing import Any

from journeybuilder.document.workspace import read_workspace
from journeybuilder.rehearse.suites.suite import SuiteResult, run_suite
from tests.fakes import write_files

HELLO = """\
journeybuilder: 1
journey: hello
start: which
input: {properties: {name: {type: string}}, required: [name]}
nodes:
  which: {kind: ask, text: "Hi ${input.name}, which?", save: id, timeout: 1h, next: vip, on_timeout: late}
  vip:
    kind: branch
    cases: [{when: 'input.name == "Ana"', next: done}]
    otherwise: other
  done: {kind: end, outcome: good, output: {id: "${id}"}}
  other: {kind: end, outcome: fine}
  late: {kind: end, outcome: late}
"""
ENDLESS = """\
journeybuilder: 1
journey: endless
start: rest
input: {properties: {name: {type: string}}}
limits: {steps: 1000000000, duration: 36500000d}
nodes:
  rest: {kind: wait, for: 1s, next: over}
  over: {kind: branch, cases: [{when: input.name == "nobody", next: done}], otherwise: rest}
  done: {kind: end, outcome: over}
"""
BROKEN = HELLO.replace("journey: hello", "journey: broken").replace("next: vip", "next: vipp")


def scenario(name: str, body: str = "", journey: str = "hello", who: str = "Ana") -> str:
    head = f"journeybuilder: 1\nscenario: {name}\njourney: {journey}\n"
    return f"{head}input: {{name: {who}}}\ncustomer: [{{says: x}}]\n{body}"


def make_shop(root: Path) -> Path:
    """The workspace, with the scenarios `a` and `b`, which pass."""
    return write_files(
        root,
        {
            "journeybuilder.yaml": "journeybuilder: 1\nworkspace: shop\n",
            "journeys/hello.journey.yaml": HELLO,
            "journeys/endless.journey.yaml": ENDLESS,
            "scenarios/a.scenario.yaml": scenario("a", "expect: [{outcome: good}]\n"),
            "scenarios/b.scenario.yaml": scenario("b", "expect: [{outcome: fine}]\n", who="Bo"),
        },
    )


def suite(root: Path, *names: str, **how: Any) -> SuiteResult:
    workspace = read_workspace(root)
    how = {"jobs": 1, "apart": False, **how}
    return run_suite(workspace, names or list(workspace.scenarios), **how)


def add(root: Path, name: str, text: str) -> None:
    write_files(root, {f"scenarios/{name}.scenario.yaml": text})
