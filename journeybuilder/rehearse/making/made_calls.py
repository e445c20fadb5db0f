"""What tools, models, resources and prompts answered in a run, as a scenario writes it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from journeybuilder.connect.scripted import Scripted
from journeybuilder.contract.json import as_list, canonical
from journeybuilder.contract.services import ModelAsk, ModelTool
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.debug.known import without_key
from journeybuilder.rehearse.making.made_of import Effected
from journeybuilder.rehearse.world.faults import is_meant, is_partial
from journeybuilder.run.calls import CACHED

_KINDS: Mapping[str, str] = {
    "timeout": "timeout",
    "unreachable": "unreachable",
    "bad_result": "bad_json",
    "denied": "drifted",
}
"""The fault of a scenario that ends in an error of this code."""
_GATE = frozenset({"bad_arguments", "limit"})
_NOTE = re.compile(r"(?:^'[^']*' failed: )?(.*?)(?: \(from the scenario\))?$", re.DOTALL)
_UNAUTHORIZED = 401
_LINE = 40
_WORD = 4


def span(length: float) -> str:
    """A duration as files write it, to the millisecond: 5400 is `1h30m`."""
    rest = round(length * 1000)
    out = ""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        if rest >= size:
            out += f"{rest // size}{unit}"
            rest %= size
    return out or "0s"


def tools_of(effects: Sequence[Effected], plan: Plan | None = None) -> dict[str, Any]:
    """By tool: its answers in turn.

    Args:
        effects: What a run has asked.
        plan: What was run: answers in lanes that may overtake each other are then told apart by the
            arguments of their calls.
    """
    calls: dict[str, list[Effected]] = {}
    for effect in effects:
        if effect.kind == "tool" and _was_called(effect):
            calls.setdefault(effect.request["tool"], []).append(effect)
    return {name: in_turn(_turns(each, plan)) for name, each in calls.items()}


def _turns(calls: Sequence[Effected], plan: Plan | None) -> list[dict[str, Any]]:
    turns = [_turn(call) for call in calls]
    if plan is None or _in_order(calls, turns):
        return turns
    tool = str(calls[0].request["tool"])
    told = [without_key(plan, tool, call.request["arguments"]) for call in calls]
    names = list(dict.fromkeys(name for each in told for name in each))
    for chosen in [*([name] for name in names), names]:
        given = [{name: each[name] for name in chosen if name in each} for each in told]
        alike = [[at for at, one in enumerate(given) if one == each] for each in given]
        if all(given) and all(
            _in_order([calls[at] for at in some], [turns[at] for at in some]) for some in alike
        ):
            return [{"given": one, **turn} for one, turn in zip(given, turns, strict=True)]
    return turns


def _in_order(calls: Sequence[Effected], turns: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these answers come in the same order each time, or are all the same."""
    return len({call.lane for call in calls}) == 1 or all(turn == turns[0] for turn in turns)


def resources_of(effects: Sequence[Effected]) -> dict[str, Any]:
    """By server and address: what stood there in turn."""
    turns: dict[str, list[dict[str, Any]]] = {}
    for effect in effects:
        if effect.kind == "resource":
            server = str(effect.request["resource"]).partition("/")[0]
            place = f"{server}/{effect.request['uri']}"
            turns.setdefault(place, []).append(_turn(effect))
    return {name: in_turn(each) for name, each in turns.items()}


def prompts_of(effects: Sequence[Effected]) -> dict[str, Any]:
    """By prompt: its messages, with the arguments as blanks where they stand in them."""
    out: dict[str, Any] = {}
    for effect in effects:
        if effect.kind == "prompt" and effect.request["prompt"] not in out:
            out[effect.request["prompt"]] = _prompt(effect)
    return out


def _prompt(effect: Effected) -> Any:
    if effect.answer is None:
        return {"fails": _fault(effect)}
    blanks = sorted(effect.request["arguments"].items(), key=lambda one: -len(one[1]))
    lines: list[dict[str, Any]] = []
    for message in effect.answer["messages"]:
        content = message["content"]
        for name, value in blanks:
            if isinstance(content, str) and value:
                content = content.replace(value, "{" + name + "}")
        lines.append({"role": message["role"], "content": content})
    alone = len(lines) == 1 and lines[0]["role"] == "user" and isinstance(lines[0]["content"], str)
    return lines[0]["content"] if alone else lines


def in_turn(turns: Sequence[Mapping[str, Any]]) -> Any:
    """Turns as short as they can be said: the last one is repeated by itself."""
    rest = list(turns)
    while len(rest) > 1 and rest[-1] == rest[-2]:
        rest.pop()
    return rest[0] if len(rest) == 1 else rest


def _was_called(effect: Effected) -> bool:
    """Whether the call came to the tool: not answered from the cache, nor refused before."""
    if effect.answer is not None:
        return effect.answer["note"] != CACHED
    error = effect.error or {}
    return error["code"] not in _GATE or "does not take this" not in error["message"]


def _turn(effect: Effected) -> dict[str, Any]:
    if effect.answer is None:
        return {"fails": _fault(effect)}
    slow = {"slow": span(effect.took)} if effect.took else {}
    return {"returns": effect.answer["value"], **slow}


def _fault(effect: Effected) -> str:
    error = effect.error or {}
    if error.get("detail", {}).get("status") == _UNAUTHORIZED:
        return "unauthorized"
    return _KINDS.get(error["code"]) or plain_words(str(error["message"]))


def plain_words(message: str) -> str:
    """What a tool said of its failure, without what a rehearsal says around it."""
    found = _NOTE.match(message)
    return (found.group(1) if found else message) or "error"


# -- models ----------------------------------------------------------------------------------


class ModelScripts:
    """Writes the answers of models so that the stand-in gives each where it was given.

    The stand-in chooses by what it is asked. What the node's name does not tell apart is told by the
    number of the question, or by words that were said.
    """

    def __init__(self, plan: Plan, effects: Sequence[Effected]) -> None:
        self._plan = plan
        self._asked: dict[str, list[tuple[Effected, dict[str, Any]]]] = {}
        for effect in effects:
            if effect.kind == "model" and _code(effect) != "limit":
                self._take(effect)

    def written(self) -> dict[str, list[dict[str, Any]]]:
        """By alias: the lines."""
        return {alias: self._lines(asked) for alias, asked in self._asked.items()}

    def _take(self, effect: Effected) -> None:
        alias = str(effect.request["model"])
        line = self._line(effect)
        self._asked.setdefault(alias, []).append((effect, line))
        if "fails" in line:  # the ladder goes on; whoever comes next fails as well
            entry = self._plan.bundle.models.get(alias, {})
            for other in dict.fromkeys(map(str, as_list(entry.get("fallbacks")))):
                if other != alias:
                    self._asked.setdefault(other, []).append((effect, line))

    def _line(self, effect: Effected) -> dict[str, Any]:
        answer = effect.answer
        if answer is None:
            code = _code(effect)
            words = str((effect.error or {}).get("message", "error"))
            return {"fails": "timeout" if code == "timeout" else plain_words(words)}
        slow = {"slow": span(effect.took)} if effect.took else {}
        if answer["tool_calls"]:
            calls = [self._call(call) for call in answer["tool_calls"]]
            return {"calls": calls, **({"says": answer["text"]} if answer["text"] else {}), **slow}
        says = answer["text"] if effect.request["schema"] is None else answer["value"]
        return {"says": says, **slow}

    def _call(self, call: Mapping[str, Any]) -> dict[str, Any]:
        name = str(call["name"])
        known = (tool for tool in self._plan.tools if model_name(tool) == name)
        made: dict[str, Any] = {"tool": next(known, name)}
        return {**made, "with": call["arguments"]} if call["arguments"] else made

    def _lines(self, asked: Sequence[tuple[Effected, dict[str, Any]]]) -> list[dict[str, Any]]:
        for way in (_plain, _by_node, _by_words, _by_number):
            lines = way(asked)
            if _all_right(lines, asked):
                return lines
        return _by_number(asked)


def model_name(tool: str) -> str:
    """A tool's name as a model sees it."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", tool)[:64]


def _code(effect: Effected) -> str:
    return str((effect.error or {}).get("code", ""))


Asked = Sequence[tuple[Effected, dict[str, Any]]]


def _different(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({canonical(line): line for line in lines}.values())


def _plain(asked: Asked) -> list[dict[str, Any]]:
    return _different([line for _, line in asked])


def _by_node(asked: Asked) -> list[dict[str, Any]]:
    return _different([{"node": effect.node, **line} for effect, line in asked])


def _by_words(asked: Asked) -> list[dict[str, Any]]:
    """Each answer behind words that only its question has."""
    lines: list[dict[str, Any]] = []
    heard = [_recent(effect) for effect, _ in asked]
    for number, (effect, line) in enumerate(asked):
        others = [
            text
            for other, text in enumerate(heard)
            if asked[other][0].node == effect.node and asked[other][1] != line
        ]
        words = next((one for one in _phrases(heard[number]) if not _in_any(one, others)), "")
        when = {"when": words} if words else {}
        lines.append({"node": effect.node, **when, **line})
    return _different(lines)


def _by_number(asked: Asked) -> list[dict[str, Any]]:
    """Answers by the number of their question; one that calls tools cannot have a number."""
    lines: list[dict[str, Any]] = []
    by_words = _by_words(asked)
    for number, (effect, line) in enumerate(asked, 1):
        if "calls" in line:
            lines += [one for one in by_words if one["node"] == effect.node and "calls" in one]
        else:
            lines.append({**line, "calls": number})
    return _different(lines)


def _in_any(words: str, texts: Sequence[str]) -> bool:
    return any(words.casefold() in text for text in texts)


def _phrases(text: str) -> list[str]:
    """Words that could tell a question from others: its last line's first, the shorter the better."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    out = [line for line in reversed(lines) if len(line) <= _LINE]
    for line in reversed(lines):
        words = line.split()
        for size in (3, 5):
            out += [" ".join(words[at : at + size]) for at in range(len(words) - size + 1)]
        out += [word for word in words if len(word) >= _WORD]
    return out


def _ask(effect: Effected) -> ModelAsk:
    request = effect.request
    tools = [ModelTool(str(name), "", {}) for name in request["tools"]]
    return ModelAsk(
        "", effect.node, str(request["model"]), request["messages"], request["schema"], tools
    )


def _recent(effect: Effected) -> str:
    """What the stand-in hears first: what was said since the model's last answer."""
    spoken = [one for one in effect.request["messages"] if one.get("role") != "system"]
    last = max((at for at, one in enumerate(spoken) if one.get("role") == "assistant"), default=-1)
    texts = [one.get("content") for one in spoken[last + 1 :]]
    return "\n".join(text for text in texts if isinstance(text, str)).casefold()


def _all_right(lines: Sequence[dict[str, Any]], asked: Asked) -> bool:
    """Whether the stand-in gives every answer where it belongs."""
    scripted = Scripted({"*": lines})
    for number, (effect, line) in enumerate(asked):
        found = scripted.fitting(_ask(effect), _rank(number))
        if found is None or _bare(found.entry) != line:
            return False
    return True


def _rank(number: int) -> Callable[[Any], int | None]:
    def rank(line: Any) -> int | None:
        if not is_partial(line.entry):
            return 1
        return 0 if is_meant(line.entry, number, 0) else None

    return rank


def _bare(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What a line says, without what chooses it."""
    out = {key: value for key, value in entry.items() if key not in {"node", "when"}}
    if not isinstance(out.get("calls", []), list):
        del out["calls"]
    return out
