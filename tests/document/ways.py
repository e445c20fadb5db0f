"""Ways out as the kinds would give them, for the keys that the tests of this folder use."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey, Node, mapping
from journeybuilder.document.tree import load


@dataclass(frozen=True)
class Way:
    name: str
    path: Path
    target: str


def ways(node: Node) -> Sequence[Way]:
    settings = node.settings
    paths: list[Path] = [(key,) for key in ("next", "otherwise", "on_error") if key in settings]
    paths += [("decisions", name) for name in settings.get("decisions", {})]
    paths += [("cases", index, "next") for index in range(len(settings.get("cases", [])))]
    out: list[Way] = []
    for path in paths:
        value: Any = settings
        for part in path:
            value = value.get(part) if isinstance(value, dict) else value[part]
        out.append(Way(".".join(map(str, path)), path, value if isinstance(value, str) else ""))
    return out


def journey(text: str) -> Journey:
    return Journey(mapping(load(text, "x.journey.yaml").value))


BASE = dedent("""\
    journeybuilder: 1
    journey: order-return   # its id
    title: Return an order
    channels: [chat, voice]
    start: which
    nodes:
      # asks first
      which: {kind: ask, text: "Which order?", attempts: 3, next: look_up}
      look_up:
        kind: tool
        tool: orders/get_order
        with: {order_id: "${order_id}"}
        save: order     # the order
        next: eligible
        on_error: sorry
      eligible:
        kind: branch
        cases:
          - {when: order.total < 200, next: label}
          - {when: order.total < 900, next: decide}
        otherwise: sorry
      decide: {kind: review, to: desk, decisions: {approve: label, reject: sorry}}
      label: {kind: tool, tool: shipping/create_label, save: label, next: done, on_error: sorry}
      sorry: {kind: say, text: "Something went wrong.", next: done}
      done: {kind: end, outcome: resolved}
    """)
