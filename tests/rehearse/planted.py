"""Ten journeys with one bug each, the right versions of them, and the shortest scenario of the bug."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.contract.tools import ToolDef
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import Plan, make_plan
from tests.fakes import MODELS, journey_data, tool


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields)}


_TEXT, _WHOLE = {"type": "string"}, {"type": "integer", "minimum": 0}
TOOLS: Mapping[str, ToolDef] = {
    each.id: each
    for each in (
        tool(
            "orders/get_order",
            output=_object(
                age_days=_WHOLE,
                status={"type": "string", "enum": ["shipped", "open", "lost"]},
                lines={"type": "array", "items": _object(sku=_TEXT)},
            ),
            order_id="string",
        ),
        tool("orders/refund", output=_object(id=_TEXT), order_id="string"),
        tool("shipping/track", output=_object(place=_TEXT, days=_WHOLE), order_id="string"),
        tool(
            "shipping/label",
            output=_object(url={"type": "string", "pattern": "^https://"}),
            sku="string",
        ),
    )
}


@dataclass(frozen=True)
class Planted:
    """A journey with a bug.

    Attributes:
        wrong: The text in the right version that the bug takes the place of, and the bug.
        found: The code and the node of what a campaign finds.
        shortest: The shortest scenario but for its head and its expectation.
        invariants: What must hold in every run.
    """

    name: str
    nodes: str
    wrong: tuple[str, str]
    found: tuple[str, str]
    shortest: Mapping[str, Any]
    head: str = ""
    invariants: Sequence[Mapping[str, Any]] = ()
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def right_plan(self) -> Plan:
        """The journey as it should be."""
        return _plan(self.nodes, self.head)

    def wrong_plan(self) -> Plan:
        """The journey with the bug."""
        right, wrong = self.wrong
        assert (self.nodes + self.head).count(right) == 1, "the bug has one place"
        return _plan(self.nodes.replace(right, wrong), self.head.replace(right, wrong))


def _plan(nodes: str, head: str) -> Plan:
    return make_plan(
        Bundle(
            {
                "journeybuilder": 1,
                "bundle": "test",
                "journeys": {"test": journey_data("test", nodes, head)},
                "servers": {"orders": {"command": "x"}, "shipping": {"command": "x"}},
                "tools": {name: {"digest": one.digest(), "definition": one.definition()}
                          for name, one in TOOLS.items()},
                "models": MODELS,
                "queues": ["desk"],
            }
        )
    )  # fmt: skip


PLANTED: Sequence[Planted] = (
    Planted(
        "a wrong port: who is too late gets the refund",
        """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: order, next: b, on_error: sorry}
b:
  kind: branch
  cases:
    - {when: order.status == "lost", next: refund}
    - {when: order.status == "open", next: late}
  otherwise: late
refund: {kind: tool, tool: orders/refund, with: {order_id: O-1}, save: refund, next: good, on_error: sorry}
good: {kind: end, outcome: refunded}
late: {kind: end, outcome: late}
sorry: {kind: end, outcome: sorry}
""",
        ('"open", next: late', '"open", next: refund'),
        ("invariant", ""),
        {"tools": {"orders/get_order": {"returns": {"status": "open"}}}},
        invariants=[{"when": 'outcome != "refunded" || (has(order) && order.status == "lost")'}],
    ),
    Planted(
        "a missing time-out",
        """
a: {kind: ask, text: Which order?, save: id, timeout: 5m, next: z, on_invalid: z, on_timeout: z}
z: {kind: end, outcome: done}
""",
        ("timeout: 5m, next: z, on_invalid: z, on_timeout: z", "next: z, on_invalid: z"),
        ("waits_forever", "a"),
        {},
    ),
    Planted(
        "a variable that is not set on one way",
        """
a: {kind: ask, text: Shall we write?, choices: [Yes, No], save: answer, timeout: 5m, next: b, on_invalid: none, on_timeout: none}
b: {kind: branch, cases: [{when: answer == "Yes", next: c}], otherwise: none}
c: {kind: set, values: {address: home}, next: d}
none: {kind: set, values: {address: nowhere}, next: d}
d: {kind: say, text: "We write to ${address}.", next: z}
z: {kind: end, outcome: done}
""",
        ("on_timeout: none}", "on_timeout: d}"),
        ("unset", "d"),
        {},
    ),
    Planted(
        "an endless ask",
        """
a: {kind: ask, text: Which order?, expect: {type: string, pattern: "^O-[0-9]{4}$"}, save: id, timeout: 5m, next: z, on_invalid: sorry, on_timeout: z}
sorry: {kind: say, text: That is no order., next: z}
z: {kind: end, outcome: done}
""",
        ("on_invalid: sorry, on_timeout: z", "on_invalid: sorry, on_timeout: a"),
        ("limit", "a"),
        {},
        head="limits: {steps: 40}",
    ),
    Planted(
        "a join that waits for any lane and then uses what only one of them brings",
        """
a: {kind: parallel, lanes: {why: ask, parcel: track}}
ask: {kind: ask, text: Why?, save: reason, timeout: 5m, next: meet, on_invalid: none, on_timeout: none}
none: {kind: set, values: {reason: unknown}, next: meet}
track: {kind: tool, tool: shipping/track, with: {order_id: O-1}, next: meet, on_error: meet}
meet: {kind: join, wait_for: all, next: b}
b: {kind: say, text: "So the reason is ${reason}.", next: z}
z: {kind: end, outcome: done}
""",
        ("wait_for: all", "wait_for: any"),
        ("unset", "b"),
        {},
    ),
    Planted(
        "a condition that is off by one",
        """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: order, next: b, on_error: late}
b: {kind: branch, cases: [{when: order.age_days <= 30, next: good}], otherwise: late}
good: {kind: end, outcome: taken}
late: {kind: end, outcome: late}
""",
        ("order.age_days <= 30", "order.age_days <= 31"),
        ("invariant", ""),
        {"tools": {"orders/get_order": {"returns": {"age_days": 31}}}},
        invariants=[{"when": 'outcome != "taken" || (has(order) && order.age_days <= 30)'}],
    ),
    Planted(
        "a lost error way",
        """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: order, next: z, on_error: sorry}
sorry: {kind: say, text: A person will call you., next: z}
z: {kind: end, outcome: done}
""",
        (", on_error: sorry}\nsorry: {kind: say, text: A person will call you., next: z}", "}"),
        ("not_caught", "a"),
        {"tools": {"orders/get_order": {"fails": "error"}}},
    ),
    Planted(
        "a loop that does not think of a list without items",
        """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: order, next: b, on_error: z}
b: {kind: loop, each: order.lines, as: line, collect: {labels: "${label.url}"}, body: c, next: d}
c: {kind: tool, tool: shipping/label, with: {sku: "${line.sku}"}, save: label, next: b, on_error: z}
d: {kind: branch, cases: [{when: size(labels) > 0, next: e}], otherwise: z}
e: {kind: say, text: "Here it is: ${label.url}", next: z}
z: {kind: end, outcome: done}
""",
        (
            "[{when: size(labels) > 0, next: e}], otherwise: z}",
            "[{when: size(labels) > 50, next: z}], otherwise: e}",
        ),
        ("unset", "e"),
        {"tools": {"orders/get_order": {"returns": {"lines": []}}}},
    ),
    Planted(
        "an output that is missing on one way",
        """
a: {kind: review, to: desk, decisions: {approve: good, reject: bad}, timeout: 4h, on_timeout: bad}
good: {kind: end, outcome: approved, output: {result: "yes"}}
bad: {kind: end, outcome: rejected, output: {result: "no"}}
""",
        (', output: {result: "no"}', ""),
        ("bad_output", "bad"),
        {},
        head="output: {properties: {result: {type: string}}, required: [result]}",
    ),
    Planted(
        "a decision that is wired to the wrong node",
        """
a: {kind: review, to: desk, decisions: {approve: good, reject: bad}, save: said, timeout: 4h, on_timeout: late}
good: {kind: tool, tool: orders/refund, with: {order_id: O-1}, next: paid, on_error: late}
paid: {kind: end, outcome: refunded}
bad: {kind: end, outcome: refused}
late: {kind: end, outcome: late}
""",
        ("reject: bad", "reject: good"),
        ("invariant", ""),
        {"people": {"a": {"decision": "reject"}}},
        invariants=[{"when": 'outcome != "refunded" || (has(said) && said.decision == "approve")'}],
    ),
    Planted(
        "words with nothing where a value should be",
        """
a: {kind: tool, tool: shipping/track, with: {order_id: O-1}, save: parcel, next: b, on_error: z}
b: {kind: branch, cases: [{when: parcel.place != "", next: c}], otherwise: z}
c: {kind: say, text: "Your parcel is in ${parcel.place}.", next: z}
z: {kind: end, outcome: done}
""",
        ('parcel.place != ""', "parcel.days >= 0"),
        ("hole", "c"),
        {"tools": {"shipping/track": {"returns": {"place": ""}}}},
    ),
)
