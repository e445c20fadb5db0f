"""Journeys to draw: a realistic one, and large ones."""

from journeybuilder.gui.canvas.model import NodeView, PortStyle, PortView
from tests.gui.canvas.memory import MemoryModel


def port(
    name: str,
    target: str = "",
    label: str = "",
    style: PortStyle = "normal",
    required: bool = False,
) -> PortView:
    return PortView(name, label or name.replace("_", " "), style, target, required)


def order_return() -> MemoryModel:
    """Return an order: eleven nodes, all kinds of ports, badges and a retry."""
    error, late = "error", "timeout"
    nodes = [
        NodeView("which", "ask", "ask", "talk", "Which order?", "Which order would you like to return?",
                 (port("next", "look_up", required=True), port("on_invalid", "to_person", "not valid", error),
                  port("on_timeout", "bye", "no answer", late)), ("start",)),
        NodeView("look_up", "tool", "tool", "tools", "Look up the order", "orders / get_order",
                 (port("next", "eligible", required=True), port("on_error", "sorry", "on error", error),
                  port("on_timeout", "", "time-out", late)), ()),
        NodeView("eligible", "branch", "branch", "flow", "Is it eligible?", "2 conditions",
                 (port("case1", "label", "young and below 200 EUR"), port("case2", "decide", "order.age_days <= 30"),
                  port("otherwise", "too_late", required=True)), ()),
        NodeView("decide", "review", "review", "people", "Returns desk decides", "returns-desk, within 4 hours",
                 (port("approve", "label"), port("reject", "too_late"), port("on_timeout", "to_person", "time-out", late)),
                 ("warning",)),
        NodeView("label", "tool", "tool", "tools", "Create the shipping label", "shipping / create_label",
                 (port("next", "summary", required=True), port("on_error", "", "on error", error),
                  port("on_timeout", "", "time-out", late)), ("risk",)),
        NodeView("summary", "generate", "generate", "models", "Write a confirmation for the customer", "careful: Thank the customer and",
                 (port("next", "retry", required=True), port("on_error", "", "on error", error)), ("error", "model")),
        NodeView("retry", "classify", "classify", "models", "Anything else?", "fast",
                 (port("another", "which", "another return"), port("finished", "done", "no, thanks"),
                  port("otherwise", "", required=True)), ("model",)),
        NodeView("done", "end", "end", "flow", "Done", "resolved"),
        NodeView("too_late", "say", "say", "talk", "Too late", "That order can no longer be returned.",
                 (port("next", "bye", required=True),)),
        NodeView("sorry", "say", "say", "talk", "Sorry", "Something went wrong on our side. A person will call you.",
                 (port("next", "to_person", required=True),)),
        NodeView("to_person", "handoff", "handoff", "people", "Hand over to a person", "returns-desk",
                 (port("next", "bye", required=True), port("on_unavailable", "", "nobody there", error))),
        NodeView("bye", "end", "end", "flow", "Goodbye", "closed"),
    ]  # fmt: skip
    places = {
        "which": (0, 0), "look_up": (340, 0), "eligible": (680, 0), "decide": (1020, 140),
        "label": (1380, 0), "summary": (1720, 0), "retry": (2060, 0), "done": (2400, 30),
        "too_late": (1380, 260), "sorry": (680, 260), "to_person": (1020, 380), "bye": (1760, 360),
    }  # fmt: skip
    return MemoryModel(nodes, {key: (float(x), float(y)) for key, (x, y) in places.items()})
