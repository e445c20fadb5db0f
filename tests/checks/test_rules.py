"""Every rule of the checks has a journey here that breaks it, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from journeybuilder.checks import RULES, Known, check_journey
from journeybuilder.checks.models import check_models
from journeybuilder.checks.wording import cut
from journeybuilder.checks.workspace import check_workspace
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.findings import Path, Problem
from journeybuilder.document.model import Journey, mapping
from journeybuilder.document.tree import load
from tests.fakes import KNOWN, TOOLS, journey_of

LOOK = "a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, next: z}"
DATES = ToolDef(
    "orders",
    "late",
    input_schema={
        "type": "object",
        "properties": {"days": {"type": "integer", "description": "how many days"}, "note": {}},
        "required": ["days"],
    },
)
WORLD = replace(KNOWN, tools={**TOOLS, DATES.id: DATES}, servers=("orders", "shipping", "new"))


def whole(nodes: str, head: str = "") -> Journey:
    """A journey from its nodes; one called `z` that ends it is added."""
    lines = "\n".join(f"  {line}" for line in nodes.strip("\n").split("\n"))
    start = "" if "start:" in head else "start: a\n"
    return journey_of(
        f"journeybuilder: 1\njourney: test\n{start}{head}\nnodes:\n{lines}\n  z: {{kind: end}}\n"
    )


def problems(nodes: str, head: str = "", known: Known = WORLD) -> list[Problem]:
    return check_journey(whole(nodes, head), known)


@dataclass
class Case:
    code: str
    nodes: str
    path: Path
    message: str
    hint: str = ""
    head: str = ""
    known: Known = WORLD


CASES = [
    Case("JB201", "a: {kind: sya, text: Hi, next: z}", ("nodes", "a", "kind"),
         "'sya' is not a node kind", "Did you mean 'say'?"),
    Case("JB201", "a: {text: Hi, next: z}", ("nodes", "a"), "node 'a' has no kind",
         "Add 'kind:' with agent, ask,"),
    Case("JB202", "a: {kind: say, text: Hi, titel: X, next: z}", ("nodes", "a", "titel"),
         "'titel' is not a key of 'say'", "Did you mean 'title'?"),
    Case("JB202", "a: {kind: say, text: Hi, xyz: X, next: z}", ("nodes", "a", "xyz"),
         "'xyz' is not a key of 'say'", "It knows next, text, title."),
    Case("JB202", "a: {kind: say, txt: Hi, next: z}", ("nodes", "a", "txt"),
         "'txt' is not a key of 'say'", "Did you mean 'text'?"),
    Case("JB202", "a: {kind: say, text: Hi, nxt: z}", ("nodes", "a", "nxt"),
         "'nxt' is not a key of 'say'", "Did you mean 'next'?"),
    Case("JB202", "a: {kind: branch, cases: [{whn: 1 > 2, next: z}], otherwise: z}",
         ("nodes", "a", "cases", 0, "whn"), "'whn' is not a key of 'branch'", "Did you mean 'when'?"),
    Case("JB203", "a: {kind: say, text: Hi}", ("nodes", "a", "next"),
         "the way out 'next' of 'a' leads nowhere", "Add 'next:' with the node that comes next."),
    Case("JB203", 'a: {kind: say, text: Hi, next: ""}', ("nodes", "a", "next"),
         "the way out 'next' of 'a' leads nowhere", "Add 'next:'"),
    Case("JB203", 'a: {kind: review, to: desk, decisions: {approve: "", reject: z}}',
         ("nodes", "a", "decisions", "approve"), "the way out 'decisions.approve' of 'a' leads nowhere"),
    Case("JB203", "a: {kind: say, next: z}", ("nodes", "a", "text"), "'text' is missing in 'a'",
         "A 'say' node needs it."),
    Case("JB204", "a: {kind: ask, text: Hi, attempts: many, next: z}", ("nodes", "a", "attempts"),
         "'attempts' must be a whole number, not 'many'"),
    Case("JB204", "a: {kind: ask, text: Hi, attempts: 11, next: z}", ("nodes", "a", "attempts"),
         "'attempts' must be at most 10, not '11'"),
    Case("JB204", "a: {kind: say, text: 5, next: z}", ("nodes", "a", "text"),
         "'text' must be text, or text by language, not '5'", 'Write text, {en: "Hi"}'),
    Case("JB204", "a: {kind: say, text: {en: 5}, next: z}", ("nodes", "a", "text", "en"),
         "'text.en' must be text, not '5'"),
    Case("JB204", "a: {kind: say, text: {en: {chat: [x]}}, next: z}", ("nodes", "a", "text", "en", "chat"),
         "'text.en.chat' must be text, not a list"),
    Case("JB204", "a: {kind: say, text: {}, next: z}", ("nodes", "a", "text"), "'text' has no words"),
    Case("JB204", "a: {kind: say, text: Hi, next: [z]}", ("nodes", "a", "next"),
         "'next' must be the id of a node, not a list"),
    Case("JB204", "a: {kind: ask, text: Hi, timeout: soon, next: z}", ("nodes", "a", "timeout"),
         "'timeout' must be a duration, not 'soon'", "Write for example 30s, 10m, 4h, 2d or 1h30m."),
    Case("JB204", "a: {kind: ask, text: Hi, timeout: 10, next: z}", ("nodes", "a", "timeout"),
         "'timeout' must be a duration, not '10'", "Write for example 30s"),
    Case("JB204", "a: {kind: tool, tool: orders/get_order, with: {order_id: x}, retry: {wait: 1}, next: z}",
         ("nodes", "a", "retry", "wait"), "'retry.wait' must be a duration, not '1'"),
    Case("JB204", "a: {kind: handoff, to: desk, priority: hihg, next: z}", ("nodes", "a", "priority"),
         "'priority' must be 'low', 'normal', 'high' or 'urgent', not 'hihg'"),
    Case("JB204", "a: {kind: branch, cases: [], otherwise: z}", ("nodes", "a", "cases"),
         "there is no case", "Add a condition and where it leads."),
    Case("JB204", "a: {kind: branch, cases: [{when: true, next: z}], otherwise: z}",
         ("nodes", "a", "cases", 0, "when"), "'when' in case 1 must be a condition, not true",
         "Put it in quotes"),
    Case("JB204", "a: {kind: set, values: {ñ: 1}, next: z}", ("nodes", "a", "values", "ñ"),
         "'ñ' cannot be the name of a variable", "Use letters, digits and _"),
    Case("JB204", "a: {kind: ask, text: Hi, save: order id, next: z}", ("nodes", "a", "save"),
         "'save' must be a name of letters, digits and _, not 'order id'"),
    Case("JB204", "a: {kind: ask, text: Hi, read_with: fast, next: z}", ("nodes", "a", "read_with"),
         "a model can read a value only where 'expect' says what to look for", "Add 'expect'"),
    Case("JB204", "a: {kind: review, to: desk, decisions: {ok: z}, editable: true}",
         ("nodes", "a", "editable"), "there is no draft to change", "Add 'draft'."),
    Case("JB204", "a: {kind: review, to: desk, decisions: {}}\nb: {kind: say, text: Hi, next: z}",
         ("nodes", "a", "decisions"), "nobody can decide anything", "Add at least one decision.",
         head="start: b\non_error: a"),
    Case("JB204", "a: {kind: classify, model: fast, text: Hi, routes: {}, otherwise: z}",
         ("nodes", "a", "routes"), "there is no label to choose from", "Add at least one."),
    Case("JB204", "a: {kind: classify, model: fast, text: Hi, routes: {none: {next: z}}, otherwise: z}",
         ("nodes", "a", "routes", "none"), "'none' is what the model says when no label fits"),
    Case("JB204", "a: {kind: agent, model: fast, instructions: Hi, approve: [orders/refund], "
         "approve_by: desk, next: z, on_limit: z}", ("nodes", "a", "approve", 0),
         "'orders/refund' is to be approved but is not among 'tools'", "Add it to 'tools'"),
    Case("JB204", "a: {kind: agent, model: fast, instructions: Hi, tools: [orders/refund], "
         "approve: [orders/refund], next: z, on_limit: z}", ("nodes", "a", "approve"),
         "nobody is named who approves", "Add 'approve_by:'"),
    Case("JB205", "a: {kind: say, text: Hi, next: z}", ("limits", "steps"),
         "'steps' has to be a whole number above 0, not 'many'", head="limits: {steps: many}"),
    Case("JB205", "a: {kind: say, text: Hi, next: z}", ("limits", "duration"),
         "'duration' has to be a duration above 0, for example 30d, not '5'", head="limits: {duration: 5}"),
    Case("JB205", "a: {kind: say, text: Hi, next: z}", ("limits", "cost_usd"),
         "'cost_usd' has to be an amount of US dollars, 0 or more, not true",
         head="limits: {cost_usd: true}"),
    Case("JB205", "a: {kind: say, text: Hi, next: z}", ("limits", "step"), "there is no limit 'step'",
         "Did you mean 'steps'?", head="limits: {step: 5}"),
    Case("JB301", "a: {kind: say, text: Hi, next: z}", ("start",),
         "'start' names 'aa', which does not exist", "Did you mean 'a'?", head="start: aa"),
    Case("JB301", "first: {kind: say, text: Hi, next: z}", ("start",),
         "'start' names 'qq', which does not exist", "Nodes: first, z.", head="start: qq"),
    Case("JB302", "a: {kind: say, text: Hi, next: dne}\ndone: {kind: say, text: Hi, next: z}",
         ("nodes", "a", "next"), "'next' leads to 'dne', which does not exist", "Did you mean 'done'?"),
    Case("JB302", "a: {kind: branch, cases: [{when: 1 > 2, next: zz}], otherwise: z}",
         ("nodes", "a", "cases", 0, "next"), "'next' in case 1 leads to 'zz', which does not exist"),
    Case("JB303", "a: {kind: say, text: Hi, next: z}\nlonely: {kind: end}", ("nodes", "lonely"),
         "no run reaches 'lonely'", "Wire a way to it, or delete it."),
    Case("JB304", "a: {kind: branch, cases: [{when: 1 > 2, next: b}], otherwise: z}\n"
         "b: {kind: say, text: Hi, next: b}", ("nodes", "b"), "from 'b' no run comes to an end"),
    Case("JB304", "a: {kind: branch, cases: [{when: 1 > 2, next: b}], otherwise: z}\n"
         "b: {kind: say, text: Hi, next: c}\nc: {kind: ask, text: Hi, next: d}\n"
         "d: {kind: say, text: Hi, next: c}", ("nodes", "c"), "from 'c', 'd' no run comes to an end"),
    Case("JB305", "a: {kind: set, values: {n: 1}, next: b}\n"
         "b: {kind: branch, cases: [{when: n > 3, next: z}], otherwise: a}", ("nodes", "a"),
         "nobody is waited for in the cycle of 'a', 'b'", "Put an 'ask' or a 'review' into the cycle"),
    Case("JB306", "a: {kind: say, text: Hi, next: z}\nsorry: {kind: say, text: Hi, next: z}",
         ("on_error",), "'on_error' leads to 'sory', which does not exist", "Did you mean 'sorry'?",
         head="on_error: sory"),
    Case("JB401", "a: {kind: branch, cases: [{when: input.n = 3, next: z}], otherwise: z}",
         ("nodes", "a", "cases", 0, "when"),
         "in 'input.n = 3' (character 9): '=' is not used here; write =="),
    Case("JB401", 'a: {kind: say, text: {en: {chat: "Hi ${input.name"}}, next: z}',
         ("nodes", "a", "text", "en", "chat"), "a '${' has no closing '}'", "Close it with '}'."),
    Case("JB401", 'a: {kind: branch, cases: [{when: "", next: z}], otherwise: z}',
         ("nodes", "a", "cases", 0, "when"), "the expression is empty"),
    Case("JB402", "a: {kind: ask, text: Hi, save: order, next: b}\n"
         "b: {kind: branch, cases: [{when: ordr == 'x', next: z}], otherwise: z}",
         ("nodes", "b", "cases", 0, "when"), "'ordr' is set nowhere in this journey",
         "Did you mean 'order'?"),
    Case("JB402", 'a: {kind: say, text: "Hi ${customer_id}", next: z}', ("nodes", "a", "text"),
         "'customer_id' is set nowhere in this journey", "Did you mean 'input.customer_id'?",
         head="input: {properties: {customer_id: {}}}"),
    Case("JB402", 'a: {kind: set, values: {n: ["x", "${qqq}"]}, next: z}',
         ("nodes", "a", "values", "n", 1), "'qqq' is set nowhere in this journey", "Known are customer,"),
    Case("JB403", "a: {kind: ask, text: Hi, expect: {type: strng}, next: z, on_invalid: z}", ("nodes", "a", "expect"),
         'this is no JSON Schema: at type: "strng" is no type; the types are string,'),
    Case("JB403", "a: {kind: say, text: Hi, next: z}", ("input",),
         "this is no JSON Schema: at properties/n/minimum:",
         head="input: {properties: {n: {minimum: x}}}"),
    Case("JB403", "a: {kind: say, text: Hi, next: z}", ("variables", "n"),
         "this is no JSON Schema: it refers to '#/$defs/x', which is not in it",
         head='variables: {n: {$ref: "#/$defs/x"}}'),
    Case("JB404", "a: {kind: ask, text: Hi, save: now, next: z}", ("nodes", "a", "save"),
         "'now' cannot be a variable: the word has a meaning of its own", "Choose another name."),
    Case("JB404", "a: {kind: set, values: {return: 1}, next: z}", ("nodes", "a", "values", "return"),
         "'return' cannot be a variable"),
    Case("JB501", "a: {kind: tool, tool: get_order, next: z}", ("nodes", "a", "tool"),
         "'get_order' is not of the form server/tool", "Did you mean 'orders/get_order'?"),
    Case("JB502", "a: {kind: tool, tool: ordrs/get_order, next: z}", ("nodes", "a", "tool"),
         "there is no server 'ordrs'", "Did you mean 'orders'?"),
    Case("JB502", "a: {kind: agent, model: fast, instructions: Hi, tools: [web/x], next: z, on_limit: z}",
         ("nodes", "a", "tools", 0), "there is no server 'web'"),
    Case("JB503", "a: {kind: tool, tool: orders/get_ordr, next: z}", ("nodes", "a", "tool"),
         "server 'orders' has no tool 'get_ordr'", "Did you mean 'get_order'?"),
    Case("JB504", "a: {kind: tool, tool: new/x, next: b}\nb: {kind: tool, tool: new/y, next: z}",
         ("nodes", "a", "tool"), "the tools of server 'new' are not known yet", "Run 'jb tools'"),
    Case("JB505", "a: {kind: tool, tool: orders/late, next: z}", ("nodes", "a", "with"),
         "'orders/late' needs the argument 'days'", "It is: how many days"),
    Case("JB506", "a: {kind: tool, tool: orders/get_order, with: {oder_id: O-1}, next: z}",
         ("nodes", "a", "with", "oder_id"), "'orders/get_order' has no argument 'oder_id'",
         "Did you mean 'order_id'?"),
    Case("JB506", "a: {kind: tool, tool: orders/get_order, with: {order_id: O-1, qq: 1}, next: z}",
         ("nodes", "a", "with", "qq"), "'orders/get_order' has no argument 'qq'", "It has order_id."),
    Case("JB507", "a: {kind: tool, tool: orders/late, with: {days: soon}, next: z}",
         ("nodes", "a", "with", "days"), "'days' of 'orders/late': \"soon\" is not of type integer"),
    Case("JB507", 'a: {kind: tool, tool: orders/late, with: {days: "${input.n} days"}, next: z}',
         ("nodes", "a", "with", "days"), "'days' of 'orders/late' is no text, but text stands around",
         "Write the '${…}' alone."),
    Case("JB507", LOOK.replace("next: z", "undo: {tool: orders/late, with: {days: x}}, next: z"),
         ("nodes", "a", "undo", "with", "days"), "'days' of 'orders/late': \"x\" is not of type integer"),
    Case("JB508", LOOK, ("nodes", "a", "tool"), "'orders/get_order' is no longer what was approved",
         "Look at 'jb lock --check'",
         known=replace(WORLD, locked={"orders/get_order": "a"}, found={"orders/get_order": "b"})),
    Case("JB601", "a: {kind: generate, model: fats, prompt: Hi, next: z}", ("nodes", "a", "model"),
         "there is no model 'fats'", "Did you mean 'fast'?"),
    Case("JB601", "a: {kind: generate, model: xyz, prompt: Hi, next: z}", ("nodes", "a", "model"),
         "there is no model 'xyz'", "Aliases: careful, fast."),
    Case("JB701", "a: {kind: handoff, to: desq, next: z}", ("nodes", "a", "to"),
         "there is no queue 'desq'", "Did you mean 'desk'?"),
    Case("JB201", "a: {type: say, text: Hi, next: z}", ("nodes", "a", "type"),
         "node 'a' has no kind, but 'type'", "Did you mean 'kind'?"),
    Case("JB202", "a: {kind: branch, cases: [{if: 1 > 2, next: z}], otherwise: z}",
         ("nodes", "a", "cases", 0, "if"), "'if' is not a key of 'branch'", "Did you mean 'when'?"),
    Case("JB202", "a: {kind: branch, cases: [{when: 1 > 2, then: z}], otherwise: z}",
         ("nodes", "a", "cases", 0, "then"), "'then' is not a key of 'branch'", "Did you mean 'next'?"),
    Case("JB202", "a: {kind: branch, cases: [{when: 1 > 2, next: z}], else: z}",
         ("nodes", "a", "else"), "'else' is not a key of 'branch'", "Did you mean 'otherwise'?"),
    Case("JB202", "a: {kind: say, text: Hi, goto: z}", ("nodes", "a", "goto"),
         "'goto' is not a key of 'say'", "Did you mean 'next'?"),
    Case("JB203", "a: {kind: branch, cases: [{when: 1 > 2, next: z}, {when: 2 > 3}], otherwise: z}",
         ("nodes", "a", "cases", 1, "next"), "the way out 'next' in case 2 of 'a' leads nowhere"),
    Case("JB204", 'a: {kind: ask, text: Hi, attempts: "3", next: z}', ("nodes", "a", "attempts"),
         "'attempts' must be a whole number and stands in quotes", "Take the quotes away: attempts: 3."),
    Case("JB204", 'a: {kind: review, to: desk, draft: x, editable: "yes", decisions: {ok: z}}',
         ("nodes", "a", "editable"), "'editable' must be true or false and stands in quotes",
         "Take the quotes away: editable: true."),
    Case("JB204", "a: {kind: ask, text: Hi, choices: [1, true], next: z}", ("nodes", "a", "choices", 0),
         "entry 1 of 'choices' must be text, not '1'", 'Put each in quotes: ["1", "true"].'),
    Case("JB204", "a: {kind: end, outcome: 5}\nb: {kind: say, text: Hi, next: a}", ("nodes", "a", "outcome"),
         "'outcome' must be text, not '5'", 'Put it in quotes: outcome: "5".', head="start: b\non_error: z"),
    Case("JB204", "a: {kind: agent, model: fast, instructions: Hi, tools: orders/refund, next: z}",
         ("nodes", "a", "tools"), "'tools' must be a list, not 'orders/refund'",
         "Write tools: [orders/refund]."),
    Case("JB204", "a: {kind: ask, text: Hi, attempts: 0, next: z}", ("nodes", "a", "attempts"),
         "'attempts' must be at least 1, not '0'", "Write attempts: 1 or more."),
    Case("JB204", "a: {kind: ask, text: Hi, save: 5, next: z}", ("nodes", "a", "save"),
         "'save' must be a name of letters, digits and _, not '5'", "for example order_id"),
    Case("JB206", "a: {kind: say, text: {en: Hi, ess: Hola}, next: z}", ("nodes", "a", "text", "ess"),
         "'ess' is none of the journey's languages", "Did you mean 'es'?", head="languages: [en, es]"),
    Case("JB206", "a: {kind: say, text: {enn: Hi}, next: z}", ("nodes", "a", "text", "enn"),
         "'enn' is none of the journey's languages", "Did you mean 'en'?", head="languages: [en, es]"),
    Case("JB206", "a: {kind: say, text: {chat: Hi}, next: z}", ("nodes", "a", "text", "chat"),
         "'chat' is none of the journey's languages", 'Channels stand below a language: {en: {chat: "…"}}.',
         head="languages: [en, es]\nchannels: [chat]"),
    Case("JB206", "a: {kind: say, text: {en: {default: Hi, vioce: Hi}}, next: z}",
         ("nodes", "a", "text", "en", "vioce"), "'vioce' is none of the journey's channels",
         "Did you mean 'voice'?", head="channels: [chat, voice]"),
    Case("JB207", "a: {kind: ask, text: Hi, again: {es: Hola}, next: z}", ("nodes", "a", "again"),
         "'again' has no 'en', the journey's first language", "Add 'en:' with the text.",
         head="languages: [en, es]"),
    Case("JB302", "a: {kind: ask, text: Hi, timeout: 1m, next: z, on_timeout: qq}", ("nodes", "a", "on_timeout"),
         "'on_timeout' leads to 'qq', which does not exist"),
    Case("JB302", "a: {kind: review, to: desk, decisions: {ok: qq}}\nb: {kind: say, text: Hi, next: z}",
         ("nodes", "a", "decisions", "ok"), "'decisions.ok' leads to 'qq', which does not exist"),
    Case("JB307", "a: {kind: ask, text: Hi, timeout: 1m, next: z}", ("nodes", "a", "timeout"),
         "'a' has no 'on_timeout': a customer who does not answer in time is an error, which ends the run",
         "Add 'on_timeout:' with a node."),
    Case("JB307", "a: {kind: ask, text: Hi, attempts: 2, next: z}", ("nodes", "a", "attempts"),
         "'a' has no 'on_invalid': an answer that never fits is an error, which goes to the journey's "
         "on_error, 'z'", "Add 'on_invalid:' with a node.", head="on_error: z"),
    Case("JB307", "a: {kind: ask, text: Hi, expect: {type: string}, next: z}", ("nodes", "a", "expect"),
         "'a' has no 'on_invalid'"),
    Case("JB307", "a: {kind: review, to: desk, decisions: {ok: z}, timeout: 4h}", ("nodes", "a", "timeout"),
         "'a' has no 'on_timeout': a decision that does not come in time"),
    Case("JB307", "a: {kind: agent, model: fast, instructions: Hi, next: z}", ("nodes", "a"),
         "'a' has no 'on_limit': a model that is not done after its last turn"),
    Case("JB307", LOOK.replace("next: z", "timeout: 5s, next: z"), ("nodes", "a", "timeout"),
         "'a' has no 'on_timeout': a tool that takes too long is an error, which ends the run"),
    Case("JB401", 'a: {kind: branch, cases: [{when: "${input.n <= 30}", next: z}], otherwise: z}',
         ("nodes", "a", "cases", 0, "when"),
         "'when' in case 1 is an expression already and written without '${ }'", "Write input.n <= 30"),
    Case("JB401", 'a: {kind: branch, cases: [{when: "${input.n} > ${input.m}", next: z}], otherwise: z}',
         ("nodes", "a", "cases", 0, "when"),
         "'when' in case 1 is an expression already", "Write input.n > input.m"),
    Case("JB401", f"a: {{kind: branch, cases: [{{when: input.{'n' * 200} = 3, next: z}}], otherwise: z}}",
         ("nodes", "a", "cases", 0, "when"), f"in '…{'n' * 76} = 3' (character 208): '=' is not used here"),
    Case("JB402", 'a: {kind: say, text: "${qqq} and ${qqq.x}", next: z}', ("nodes", "a", "text"),
         "'qqq' is set nowhere in this journey"),
    Case("JB405", 'a: {kind: say, text: {en: "Hi {{ customer.name }}"}, next: z}',
         ("nodes", "a", "text", "en"), "'{{ customer.name }}' is written to the reader as it stands",
         "Write ${customer.name} for its value."),
    Case("JB405", 'a: {kind: generate, model: fast, prompt: "Sum $note up", next: z}',
         ("nodes", "a", "prompt"), "'$note' is written to the reader as it stands",
         "Write ${note} for its value.", head="variables: {note: {type: string}}"),
    Case("JB405", 'a: {kind: say, text: "Hi {{name}} {{name}}", next: z}', ("nodes", "a", "text"),
         "'{{name}}' is written", "Write ${input.name} for its value.", head="input: {properties: {name: {}}}"),
    Case("JB507", 'a: {kind: tool, tool: orders/late, with: {days: "3"}, next: z}',
         ("nodes", "a", "with", "days"), "'days' of 'orders/late': \"3\" is not of type integer",
         "Take the quotes away: days: 3."),
    Case("JB507", "a: {kind: tool, tool: orders/get_order, with: {order_id: 3}, next: z}",
         ("nodes", "a", "with", "order_id"), "'order_id' of 'orders/get_order': 3 is not of type string",
         'Put it in quotes: order_id: "3".'),
]  # fmt: skip


def ids(case: Case) -> str:
    return f"{case.code}-{case.message}"


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_broken_rule_is_found_once_at_its_place_with_a_hint(case: Case) -> None:
    found = problems(case.nodes, case.head, case.known)
    assert [(each.rule.code, each.path) for each in found] == [(case.code, case.path)]
    (problem,) = found
    assert problem.message.startswith(case.message)
    assert case.hint in problem.hint
    assert problem.rule is RULES[case.code]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_problem_names_the_node_it_is_in(case: Case) -> None:
    (problem,) = problems(case.nodes, case.head, case.known)
    assert problem.node == (str(case.path[1]) if case.path[0] == "nodes" else "")


MODELS: list[tuple[str, Mapping[str, Any], Path, str, str]] = [
    ("JB602", {"fast": {"model": "x/y", "fallbacks": ["fast"]}}, ("models", "fast", "fallbacks", 0),
     "'fast' cannot stand in for itself", ""),
    ("JB602", {"fast": {"model": "x/y", "fallbacks": ["slwo"]}, "slow": {"model": "x/y"}},
     ("models", "fast", "fallbacks", 0), "the fallback 'slwo' of 'fast' does not exist",
     "Did you mean 'slow'?"),
    ("JB603", {"fast": {"region": "us"}}, ("models", "fast"), "'fast' does not say which model",
     "Add 'model:' with provider/name"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "models", "path", "message", "hint"), MODELS)
def test_what_is_wrong_with_the_models_is_found(
    code: str, models: Mapping[str, Mapping[str, Any]], path: Path, message: str, hint: str
) -> None:
    (problem,) = check_models(models)
    assert (problem.rule.code, problem.path, problem.message) == (code, path, message)
    assert hint in problem.hint


WORKSPACE: list[tuple[str, Mapping[str, Any], Path, str, str]] = [
    ("JB801", {"environments": {"dev": {"models": {"fast": "rehersal"}}}},
     ("environments", "dev", "models", "fast"), "there is no model 'rehersal'", "Did you mean 'rehearsal'?"),
    ("JB801", {"environments": {"dev": {"models": {"fats": "rehearsal"}}}},
     ("environments", "dev", "models", "fats"), "there is no model 'fats'", "Did you mean 'fast'?"),
    ("JB802", {"tools": {"orders/refund": {"risk": "ireversible"}}}, ("tools", "orders/refund", "risk"),
     "'ireversible' is no risk of a tool", "Did you mean 'irreversible'?"),
    ("JB803", {"tools": {"ordrs/refund": {}}}, ("tools", "ordrs/refund"), "there is no server 'ordrs'",
     "Did you mean 'orders'?"),
    ("JB803", {"servers": {"web": {"trust": "outside"}}}, ("servers", "web"),
     "there is no server 'web'", "Servers: orders."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "settings", "path", "message", "hint"), WORKSPACE)
def test_what_is_wrong_with_the_workspace_is_found(
    code: str, settings: Mapping[str, Any], path: Path, message: str, hint: str
) -> None:
    (problem,) = check_workspace(settings, ["orders"], ["fast", "rehearsal"])
    assert (problem.rule.code, problem.path, problem.message) == (code, path, message)
    assert hint in problem.hint


def test_every_rule_has_a_test_that_produces_it() -> None:
    tested = {case.code for case in CASES} | {code for code, *_ in (*MODELS, *WORKSPACE)}
    assert tested == set(RULES)


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.example])
def test_the_example_of_a_rule_has_what_the_rule_is_about(code: str) -> None:
    rule = RULES[code]
    data = mapping(load(rule.example, "example.yaml").value)
    if code in {"JB602", "JB603"}:
        found = list(check_models(data))
    elif code.startswith("JB8"):
        found = list(check_workspace(data, ["orders"], ["fast", "rehearsal"]))
    else:
        found = check_journey(_around(data), WORLD)
    assert code in {problem.rule.code for problem in found}


def _around(data: Mapping[str, Any]) -> Journey:
    """A journey around an example: a node, keys of a node, or keys of the journey."""
    nodes = {"done": {"kind": "end"}, "bye": {"kind": "end"}}
    if any(key in data for key in ("start", "on_error", "limits", "languages")):
        return Journey({"start": "done", "nodes": nodes, **data})
    if not all(isinstance(value, Mapping) and "kind" in value for value in data.values()):
        kind = {"cases": "branch", "with": "tool", "expect": "ask"}[next(iter(data))]
        tool = "orders/late" if "days" in str(data) else "orders/get_order"
        filled = {"branch": {"otherwise": "done"}, "tool": {"tool": tool}, "ask": {"text": "Hi"}}
        data = {"it": {"kind": kind, **filled[kind], "next": "done", **data}}
        if kind == "branch":
            del data["it"]["next"]
    start = next((name for name in data if name != "lonely"), "done")
    return Journey({"start": start, "nodes": {**data, **nodes}})


def test_the_rules_have_words_for_people() -> None:
    for code, rule in RULES.items():
        assert rule.code == code
        assert rule.title
        assert rule.why.endswith(".")
        assert rule.mend.endswith(".")


def test_a_journey_without_nodes_says_only_that() -> None:
    (problem,) = check_journey(Journey({"journey": "x", "nodes": {}}), WORLD)
    assert (problem.rule.code, problem.message) == ("JB301", "the journey has no nodes")


def test_problems_come_in_the_order_of_the_nodes() -> None:
    found = problems("a: {kind: say, text: 5, next: b}\nb: {kind: handoff, to: q, next: c}\n"
                     "c: {kind: say, text: 6, next: z}")  # fmt: skip
    assert [problem.node for problem in found] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "nodes",
    [
        "a: {kind: sya, text: Hi, next: b}\nb: {kind: say, text: Hi, next: z}",
        "a: {kind: say, text: Hi, next: bb}\nb: {kind: say, text: Hi, next: c}\nc: {kind: say, text: x, next: z}",
        "a: {kind: say, text: Hi, next: b}\nb: {kind: say, text: Hi}",
        "a: {kind: say, text: Hi, next: b}\nb: {kind: say, text: Hi, nxt: c}\nc: {kind: end}",
        "a: {kind: say, text: Hi, next: a}",
    ],
)
def test_one_cause_gives_one_finding(nodes: str) -> None:
    lines = "\n".join(f"  {line}" for line in nodes.split("\n"))
    end = "" if "next: a}" in nodes else "  z: {kind: end}\n"
    journey = journey_of(f"journeybuilder: 1\njourney: t\nstart: a\nnodes:\n{lines}\n{end}")
    assert len(check_journey(journey, WORLD)) == 1


def test_what_an_agent_or_a_person_waits_for_does_not_make_a_spinning_cycle() -> None:
    nodes = """
a: {kind: ask, text: Hi, save: x, next: b}
b: {kind: branch, cases: [{when: x == "stop", next: z}], otherwise: a}
"""
    assert problems(nodes) == []


def test_names_that_are_always_there_are_known() -> None:
    nodes = (
        'a: {kind: say, text: "${input.x} ${session.id} ${customer} ${now} ${error.code}", next: z}'
    )
    assert problems(nodes) == []


def test_a_variable_that_is_declared_or_set_anywhere_is_known() -> None:
    nodes = 'a: {kind: say, text: "${x} ${y}", next: b}\nb: {kind: set, values: {y: 1}, next: z}'
    assert problems(nodes, "variables: {x: {type: string}}") == []


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"additionalProperties": {"type": "string"}},
        {"patternProperties": {"^x_": {}}},
        {"properties": {}, "anyOf": [{"properties": {"word": {}}}]},
        {"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"word": {}}}}},
    ],
)
def test_a_tool_that_does_not_name_all_its_arguments_may_get_others(schema: Any) -> None:
    free = ToolDef("orders", "free", input_schema={"type": "object", **schema})
    known = replace(WORLD, tools={**WORLD.tools, free.id: free})
    assert problems("a: {kind: tool, tool: orders/free, with: {word: x}, next: z}", "", known) == []


def test_the_argument_that_takes_the_idempotency_key_need_not_be_written() -> None:
    nodes = "a: {kind: tool, tool: orders/get_order, next: z}"
    assert [each.rule.code for each in problems(nodes)] == ["JB505"]
    assert problems(nodes, known=replace(WORLD, keys={"orders/get_order": "order_id"})) == []


def test_an_argument_that_every_run_fills_in_itself_is_not_missing() -> None:
    nodes = "a: {kind: tool, tool: orders/get_order, next: z}"
    assert [each.rule.code for each in problems(nodes)] == ["JB505"]
    assert problems(nodes, known=replace(WORLD, keys={"orders/get_order": "order_id"})) == []


@pytest.mark.parametrize(
    "schema", [{"type": "object"}, {"properties": {}, "additionalProperties": True}]
)
def test_a_tool_that_takes_any_argument_is_given_any(schema: Mapping[str, Any]) -> None:
    known = replace(WORLD, tools={"orders/free": ToolDef("orders", "free", input_schema=schema)})
    nodes = "a: {kind: tool, tool: orders/free, with: {whatever: 1}, next: z}"
    assert problems(nodes, known=known) == []


@pytest.mark.parametrize(
    "nodes",
    [
        'a: {kind: ask, text: Hi, save: order-id, next: b}\nb: {kind: say, text: "${order-id}", next: z}',
        'a: {kind: ask, text: Hi, save: order id, next: b}\nb: {kind: say, text: "${order id}", next: z}',
        'a: {kind: ask, text: Hi, save: order-id, next: b}\nb: {kind: say, text: "${order_id}", next: z}',
        'a: {kind: ask, text: Hi, save: input, next: b}\nb: {kind: say, text: "${input}", next: z}',
        'a: {kind: ask, text: Hi, save: return, next: b}\nb: {kind: say, text: "${return}", next: z}',
        'a: {kind: set, values: {my-x: 1}, next: b}\nb: {kind: say, text: "${my-x} ${my_x}", next: z}',
        'a: {kind: tol, save: order, next: b}\nb: {kind: say, text: "${order.id}", next: z}',
        'a: {save: order, next: b}\nb: {kind: say, text: "${order.id}", next: z}',
        'a: {kind: sett, values: {x: 1}, next: b}\nb: {kind: say, text: "${x}", next: z}',
        "a: {kind: ask, text: Hi, timeout: 1m, next: z, on_timout: z}",
    ],
)
def test_the_uses_of_a_variable_whose_node_has_a_finding_have_none(nodes: str) -> None:
    (problem,) = problems(nodes)
    assert problem.node == "a"


def test_another_variable_that_is_not_set_is_found_beside_one_with_a_bad_name() -> None:
    nodes = 'a: {kind: ask, text: Hi, save: order-id, next: b}\nb: {kind: say, text: "${ordr}", next: z}'
    assert [each.rule.code for each in problems(nodes)] == ["JB204", "JB402"]


def test_two_names_that_nothing_sets_are_two_findings_of_one_text() -> None:
    found = problems('a: {kind: say, text: "${qqq} ${rrr} ${qqq}", next: z}')
    assert [each.message[:5] for each in found] == ["'qqq'", "'rrr'"]


@pytest.mark.parametrize(
    ("nodes", "head"),
    [
        ("a: {kind: ask, text: Hi, timeout: 1m, next: z, on_timeout: z}", ""),
        ("a: {kind: ask, text: Hi, next: z}", ""),
        (LOOK.replace("next: z", "timeout: 5s, next: z, on_error: z"), ""),
        (LOOK.replace("next: z", "timeout: 5s, next: z"), "on_error: z"),
    ],
)
def test_a_way_out_that_is_not_needed_may_stay_open(nodes: str, head: str) -> None:
    assert problems(nodes, head) == []


@pytest.mark.parametrize(
    "words", ["It costs $5 or {{nothing}}", "$nobody knows", "a$now", "$$now", "{now}"]
)
def test_what_only_looks_like_a_placeholder_is_text(words: str) -> None:
    assert problems(f'a: {{kind: say, text: "{words}", next: z}}') == []


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("{es: Hola}", ""),
        ("{en: Hi, es-MX: Hola}", "languages: [en, es]"),
        ("{en-GB: Hi}", "languages: [en]"),
        ("{en: {voice: Hi}}", ""),
        ("{en: {default: Hi}}", "channels: [chat]"),
    ],
)
def test_languages_and_channels_are_held_to_what_the_journey_says_it_has(
    text: str, head: str
) -> None:
    assert problems(f"a: {{kind: say, text: {text}, next: z}}", head) == []


def test_nothing_is_said_of_what_stands_in_files_that_cannot_be_read() -> None:
    nodes = (
        "a: {kind: tool, tool: x/y, next: b}\nb: {kind: generate, model: m, prompt: Hi, next: c}\n"
        "c: {kind: handoff, to: q, next: z}"
    )
    assert [each.rule.code for each in problems(nodes)] == ["JB502", "JB601", "JB701"]
    known = Known(unread=("mcp.json", "models.yaml", "journeybuilder.yaml"))
    assert problems(nodes, known=known) == []
    unseen = replace(WORLD, servers=("x",), unread=("mcp.lock", "models.yaml"))
    assert [each.rule.code for each in problems(nodes, known=unseen)] == ["JB701"]


@pytest.mark.parametrize("words", ["a", "a" * 80, "a\nb"])
def test_a_short_text_is_shown_whole(words: str) -> None:
    assert cut(words) == words.replace("\n", " ")


def test_of_a_long_text_the_piece_around_the_place_is_shown() -> None:
    text = "".join(f"{number:03} " for number in range(100))
    assert cut(text).startswith("000 001")
    assert cut(text, 200) != cut(text)
    assert text[199:202].strip() in cut(text, 200)
    assert all(len(cut(text, column)) <= 82 for column in range(400))
