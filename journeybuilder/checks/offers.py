"""What: a resource or prompt that a node names is offered by its server, and gets its arguments.

Why: a wrong address or a missing argument is found while drawing, not by a customer.
Example: `resource: "kb/artcles://{topic}"` where the server offers `articles://{topic}`.

Nothing is said of servers that were never asked, and of those whose list is known not to be whole.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from journeybuilder.checks.context import Context, Known
from journeybuilder.contract.json import as_object
from journeybuilder.contract.offers import Offers, Prompt
from journeybuilder.document.findings import Path, Problem, Rule, choices, near

UNKNOWN_RESOURCE = Rule(
    "JB510",
    "warning",
    "a resource that its server does not list",
    "Unless the server has it without saying so, reading it would fail.",
    "Correct the address. In the editor, the field lists what there is.",
    'look: {kind: resource, resource: "kb/artcles://{topic}", with: {topic: returns}, next: done}',
)
UNKNOWN_PROMPT = Rule(
    "JB511",
    "error",
    "a prompt that its server does not have",
    "There would be nothing to begin from.",
    "Correct the name, or take 'with:' out where the prompt is a text of yours.",
    "sum: {kind: generate, model: fast, prompt: kb/sum_upp, with: {text: Hi}, next: done}",
)
NOT_GIVEN = Rule(
    "JB512",
    "error",
    "a required argument of a prompt is missing",
    "The server would refuse it.",
    "Add the argument to 'with:'.",
    "sum: {kind: generate, model: fast, prompt: kb/sum_up, with: {}, next: done}",
)
NOT_TAKEN = Rule(
    "JB513",
    "error",
    "an argument that the prompt does not have",
    "It is misspelled or the prompt has changed; its value would be lost.",
    "Correct the name or take it out.",
    "sum: {kind: generate, model: fast, prompt: kb/sum_up, with: {text: Hi, txt: Hi}, next: done}",
)
RULES: Sequence[Rule] = (UNKNOWN_RESOURCE, UNKNOWN_PROMPT, NOT_GIVEN, NOT_TAKEN)

_BLANK = re.compile(r"\{[^{}]*\}")


def check(context: Context) -> Iterable[Problem]:
    """Check every resource and prompt that a node names."""
    known = context.known
    if not known.offers:
        return
    for node, use in context.having("resource", "prompt", "arguments"):
        role, path = use.mark.role, ("nodes", node.id, *use.path)
        if role == "resource" and isinstance(use.value, str):
            yield from _resource(known, path, use.value)
        elif role == "prompt" and isinstance(use.value, str):
            yield from _prompt(known, path, use.value)
        elif role == "arguments" and use.mark.of == "prompt":
            prompt = _prompt_of(known, str(node.settings.get("prompt")))
            if prompt is not None:
                yield from _arguments(path, prompt, as_object(use.value))


def _offers(known: Known, server: str) -> Offers | None:
    """All that a server offers; None where that is not known."""
    offers = known.offers.get(server)
    settled = "mcp.json" in known.unread or server in known.unusable or server not in known.servers
    return None if offers is None or offers.notes or settled else offers


def _resource(known: Known, path: Path, name: str) -> Iterator[Problem]:
    server, _, address = name.partition("/")
    offers = _offers(known, server)
    if offers is None or ":" not in address:
        return
    there = [each.uri for each in (*offers.templates, *offers.resources)]
    if not any(is_one(address, other) for other in there):
        hint = near(address, there) or f"It has {choices(there) or 'no resources'}."
        message = f"server '{server}' lists no resource '{address}'"
        yield Problem(UNKNOWN_RESOURCE, path, message, hint)


def is_one(address: str, other: str) -> bool:
    """Whether two addresses, each with blanks such as `{topic}` or without, can be the same."""
    one, two = _BLANK.split(address), _BLANK.split(other)
    if len(one) == 1:
        return _fits(two, address)
    if len(two) == 1:
        return _fits(one, other)
    begins = one[0].startswith(two[0]) or two[0].startswith(one[0])
    return begins and (one[-1].endswith(two[-1]) or two[-1].endswith(one[-1]))


def _fits(parts: Sequence[str], address: str) -> bool:
    """Whether an address is made of these parts, with anything in between."""
    form = ".*".join(re.escape(part) for part in parts)
    return re.fullmatch(form, address, re.DOTALL) is not None


def _prompt(known: Known, path: Path, name: str) -> Iterator[Problem]:
    server, _, short = name.partition("/")
    offers = _offers(known, server)
    if offers is None or not short or _prompt_of(known, name) is not None:
        return
    there = [each.name for each in offers.prompts]
    hint = near(short, there) or f"It has {choices(there) or 'no prompts'}."
    yield Problem(UNKNOWN_PROMPT, path, f"server '{server}' has no prompt '{short}'", hint)


def _prompt_of(known: Known, name: str) -> Prompt | None:
    offers = _offers(known, name.partition("/")[0])
    every = offers.prompts if offers is not None else ()
    return next((each for each in every if each.id == name), None)


def _arguments(path: Path, prompt: Prompt, given: Mapping[str, Any]) -> Iterator[Problem]:
    there = {each.name: each for each in prompt.arguments}
    meant = {near(name, there) for name in given if name not in there}
    for name, argument in there.items():
        if argument.required and name not in given and f"Did you mean '{name}'?" not in meant:
            message = f"the prompt '{prompt.id}' needs the argument '{name}'"
            hint = f"It is: {argument.description}" if argument.description else NOT_GIVEN.mend
            yield Problem(NOT_GIVEN, path, message, hint)
    for name in given:
        if name not in there:
            hint = near(name, there) or f"It has {choices(there) or 'no arguments'}."
            message = f"the prompt '{prompt.id}' has no argument '{name}'"
            yield Problem(NOT_TAKEN, (*path, name), message, hint, at_key=True)
