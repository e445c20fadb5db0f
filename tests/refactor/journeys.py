from textwrap import dedent

from journeybuilder.document.model import Journey
from journeybuilder.document.tree import load

RETURN = dedent("""\
    journeybuilder: 1
    journey: order-return
    channels: [chat]
    languages: [en]
    input: {properties: {customer_id: {type: string}}}
    variables:
      reason: {type: string}
    on_error: sorry
    start: begin
    nodes:
      begin: {kind: set, values: {reason: "", fee: 0}, next: look_up}
      look_up:
        kind: tool
        tool: orders/get_order
        with: {order_id: "${input.customer_id}"}
        save: order
        next: eligible
        on_error: sorry
      eligible:
        kind: branch
        cases:
          - {when: "order.lines.exists(l, l.order == order.id)", next: label}
        otherwise: too_late
      label:
        kind: tool
        tool: shipping/create_label
        with: {order: "${order.id}", customer: "${input.customer_id}"}
        save: label
        undo: {tool: shipping/void_label, with: {label_id: "${label.id}"}}
        next: price
        on_error: sorry
      price: {kind: set, values: {fee: "${order.total * 0.1}"}, next: tell}
      tell: {kind: say, text: {en: "Your order ${order.id}: ${label.url} costs ${fee}."}, next: done}
      too_late: {kind: say, text: "Too late, ${reason}.", next: done}
      sorry: {kind: say, text: Sorry, next: done}
      done: {kind: end, outcome: resolved, output: {url: "${label.url}"}}
    """)


def journey(text: str = RETURN) -> Journey:
    return Journey(load(text, "x.journey.yaml").value)
