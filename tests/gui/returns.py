"""The returns of the sample shop, as somebody types them off a sheet of paper into an empty journey."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from journeybuilder.contract.fields import Port
from journeybuilder.document.model import mapping
from journeybuilder.document.workspace import read_workspace
from journeybuilder.kinds import KINDS, ports_of
from tests.cli.shell import program
from tests.gui.hands import Person

SAMPLE = Path(__file__).parents[2] / "samples" / "retail"
NAME = "order-return"
PAPER: Mapping[str, Any] = read_workspace(SAMPLE).journeys[NAME].journey.data
"""What the journey shall be."""

_LANGUAGES = {"en": "English (en)", "es": "Spanish (es)"}
_COMPARISONS = {
    "==": "is", "<=": "is at most", "<": "is less than", "!in": "is not one of",
}  # fmt: skip
CONDITIONS: Mapping[str, list[list[tuple[str, str, str]]]] = {
    "what_failed": [[("error.code", "==", "tool_failed")]],
    "theirs": [[("order.customer_id", "==", "input.customer_id")]],
    "eligible": [
        [("order.status", "!in", "shipped, delivered")],
        [("order.age_days", "<=", "30"), ("order.total", "<", "200")],
        [("order.age_days", "<=", "60")],
    ],
}
"""The cases of each branch as the rows of the paper."""


def shop_without_returns(place: Path) -> Path:
    """The sample workspace before somebody has drawn the returns; their rehearsals wait already."""
    skipped = shutil.ignore_patterns(".journeybuilder", "__pycache__", f"{NAME}.*")
    shutil.copytree(SAMPLE, place, ignore=skipped)
    return place


def title_of(node: str) -> str:
    """What a step without a title of its own is called in lists."""
    return node.replace("_", " ").capitalize()


# --- the journey itself ----------------------------------------------------------------------------


def fill_journey(who: Person) -> None:
    """Everything about the journey that needs no step yet."""
    who.fill("Title", PAPER["title"])
    who.fill("About", PAPER["about"])
    who.fill("Languages", "\n".join(PAPER["languages"]))
    who.fill("Channels", "\n".join(PAPER["channels"]))
    who.press("Add field")
    _name(who, "customer_id")
    who.press("customer_id is required")
    who.press("More about it")
    who.fill("Pattern", "^C-[0-9]+$")
    who.choose("Data class", "Internal")
    who.press("Add field", 2)
    _name(who, "label_url")
    who.choose("Type", "Web address")
    for name, schema in PAPER["variables"].items():
        who.press("Add variable")
        _name(who, name)
        who.press("More about it")
        who.choose("Data class", schema["data"].capitalize())
    who.fill("Steps", str(PAPER["limits"]["steps"]))
    who.fill("Cost of models", str(PAPER["limits"]["cost_usd"]))
    who.fill("Duration", PAPER["limits"]["duration"])


def finish_journey(who: Person) -> None:
    """Where it begins and where errors go."""
    who.choose("Starts at, required", title_of(PAPER["start"]))
    who.choose("On error go to", title_of(PAPER["on_error"]))


def _name(who: Person, name: str) -> None:
    """Type the name of a row that was just added; its field has the cursor."""
    who.replace(name)
    who.key(Qt.Key.Key_Return)


# --- the steps -------------------------------------------------------------------------------------


def fill_node(who: Person, node: str) -> None:
    """Everything about a step but where it leads."""
    data = PAPER["nodes"][node]
    {
        "set": _set, "ask": _ask, "tool": _tool, "branch": _branch, "classify": _classify,
        "generate": _generate, "review": _review, "say": _say, "end": _end, "handoff": _handoff,
    }[data["kind"]](who, node, data)  # fmt: skip


def _set(who: Person, _node: str, data: Mapping[str, Any]) -> None:
    for name, value in data["values"].items():
        who.press("Add variable")
        _name(who, name)
        if isinstance(value, int):
            who.choose("Sort of value", "Number")
            who.fill(f"Value of {name}", str(value))


def _words(who: Person, text: Mapping[str, Any]) -> None:
    for code, words in text.items():
        language = _LANGUAGES[code]
        if isinstance(words, str):
            who.fill(language, words)
            continue
        for number, (channel, said) in enumerate(words.items()):
            own = f"Own words for {channel.capitalize()}"
            who.menu(f"More for {language}", own, before=number > 0)
            who.replace(said)


def _say(who: Person, _node: str, data: Mapping[str, Any]) -> None:
    _words(who, data["text"])


def _ask(who: Person, _node: str, data: Mapping[str, Any]) -> None:
    _words(who, data["text"])
    expected = data["expect"]
    who.choose("Type", "Text")
    who.press("More about it")
    if "pattern" in expected:
        who.fill("Pattern", expected["pattern"])
    if "minLength" in expected:
        who.fill("Letters at least", str(expected["minLength"]))
    who.fill("Save as", data["save"])
    who.unfold("More settings")
    if "again" in data:
        _words(who, data["again"])
        who.fill("Attempts", str(data["attempts"]))
    who.fill("Timeout", data["timeout"])


def _tool(who: Person, node: str, data: Mapping[str, Any]) -> None:
    if node == "note":  # what it begins with is the customer of the order
        who.fill("Customer number, required", "input.customer_id")
        who.fill("Text, required", data["with"]["text"])
    if "save" in data:
        who.fill("Save as", data["save"])
    if "retry" in data:
        who.unfold("More settings")
        who.press("Add retry")
        who.fill("Attempts", str(data["retry"]["attempts"]))
        who.fill("Wait", data["retry"]["wait"])
    if "undo" in data:
        who.press("Add undo")
        who.choose("Tool, required", data["undo"]["tool"])
        who.fill("Label number, required", data["undo"]["with"]["label_id"])


def _branch(who: Person, node: str, _data: Mapping[str, Any]) -> None:
    for case, rows in enumerate(CONDITIONS[node]):
        if case:
            who.press("Add case")
        else:
            who.go("Field of the condition")  # a new branch has one case, which is empty
        for number, (field, comparison, value) in enumerate(rows):
            if number:
                who.press("+ Condition")
            who.type(field)
            who.choose("Comparison", _COMPARISONS[comparison])
            who.fill("Value to compare with", value)


def _classify(who: Person, _node: str, data: Mapping[str, Any]) -> None:
    who.choose("Model, required", data["model"])
    who.fill("Text, required", data["text"])
    for number, (label, route) in enumerate(data["routes"].items()):
        if number:
            who.press("Add label")
        else:
            who.go("Label")  # a new one has one label already
        _name(who, label)
        who.fill(f"{label}: Fits when", route["about"])
        who.fill(f"{label}: Examples", "\n".join(route["examples"]))
    who.fill("Min confidence", str(data["min_confidence"]))
    who.fill("Save as", data["save"])


def _generate(who: Person, _node: str, data: Mapping[str, Any]) -> None:
    who.choose("Model, required", data["model"])
    who.fill("Instructions", data["instructions"])
    who.fill("Prompt, required", data["prompt"])
    who.fill("Save as", data["save"])


def _values(who: Person, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        who.press("Add value")
        _name(who, name)
        who.fill(f"Value of {name}", value)


def _review(who: Person, _node: str, data: Mapping[str, Any]) -> None:
    who.choose("To, required", data["to"])
    _values(who, data["show"])
    who.fill("Save as", data["save"])
    who.unfold("More settings")
    who.fill("Timeout", data["timeout"])


def _end(who: Person, _node: str, data: Mapping[str, Any]) -> None:
    who.fill("Outcome", data["outcome"])
    _values(who, mapping(data.get("output")))


def _handoff(who: Person, _node: str, data: Mapping[str, Any]) -> None:
    who.choose("To, required", data["to"])
    _values(who, data["packet"])
    who.unfold("More settings")
    who.choose("Priority", data["priority"].capitalize())


# --- what it leads to ------------------------------------------------------------------------------


def wires() -> list[tuple[str, Port]]:
    """Every wire of the paper: the step and its way out."""
    nodes = read_workspace(SAMPLE).journeys[NAME].journey.nodes
    return [(name, port) for name, node in nodes.items() for port in ports_of(node) if port.target]


# --- comparing -------------------------------------------------------------------------------------


def meaning(journey: Mapping[str, Any]) -> dict[str, Any]:
    """A journey without what is only a way of writing: defaults that are said or not, orders of keys."""
    nodes: dict[str, Any] = {}
    for name, node in journey["nodes"].items():
        settings = {key: value for key, value in node.items() if key != "kind"}
        read = KINDS[node["kind"]].settings.model_validate(settings)
        nodes[name] = {"kind": node["kind"], **read.model_dump(by_alias=True)}
    return {**journey, "nodes": nodes}


def check_that_it_works(root: Path, crm_port: int) -> None:
    """The file says what the paper says, and does what the sample does: check, rehearsals, a real run."""
    made = read_workspace(root).journeys[NAME].journey.data
    got, wanted = meaning(made), meaning(PAPER)
    for name, node in wanted.pop("nodes").items():
        made_node = got["nodes"].pop(name)
        other = {key: made_node.get(key) for key in node if made_node.get(key) != node[key]}
        assert not other, f"{name}: {other}"
    assert not got.pop("nodes")
    assert got == wanted
    env = {"RETAIL_CRM_PORT": str(crm_port)}
    checked = program("check", folder=root, env=env)
    assert checked.status == 0, checked
    assert "no findings" in checked.out
    for scenario in sorted((root / "scenarios").glob("return-*.yaml")):
        done = program("simulate", NAME, "--scenario", str(scenario), folder=root, env=env)
        assert done.status == 0, done
        assert "passed: " in done.out
    ran = program(
        "run", f"journeys/{NAME}.journey.yaml", "--set", "customer_id=C-17", "--say", "O-1001",
        "--say", "It arrived broken", "--trace", folder=root, env=env,
    )  # fmt: skip
    assert ran.status == 0, ran
    assert "labels.example.com" in ran.out or "Here is your label" in ran.out
