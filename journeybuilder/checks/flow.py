"""What: a variable is set on every way to where it is read.

Why: the run fails for just those customers who come by another way.
Example: `${label.url}` behind a branch of which only one case makes the label.

The facts of a way are which variables are set and which optional fields were asked for with `has(…)`.
A fact holds at a node when it holds on every way to it: a forward analysis over bit sets, until
nothing changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from journeybuilder.checks.context import Context
from journeybuilder.checks.reach import reached_from
from journeybuilder.checks.typed import Site
from journeybuilder.checks.wording import place_words
from journeybuilder.contract.cel_reading import Reading
from journeybuilder.contract.expressions import ExpressionError, compile_expression
from journeybuilder.contract.fields import Path, Port
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.findings import Problem, Rule
from journeybuilder.document.model import Node

NOT_YET = Rule(
    "JB406",
    "error",
    "a variable that is read before anything sets it",
    "The run would fail at this place.",
    "Save it in a node before, or read it in a node after.",
    "tell: {kind: say, text: '${name}', next: ask_it}\n"
    "ask_it: {kind: ask, text: Who?, save: name, next: done}",
)
SOMETIMES = Rule(
    "JB407",
    "warning",
    "a variable that is not set on every way",
    "The run would fail for customers who come this way.",
    "Set it before on every way, for example to '' in a 'set' node at the start, or ask first with "
    "has(name), which tells whether a variable is set.",
    "pick: {kind: branch, cases: [{when: 'now > now', next: ask_it}], otherwise: tell}\n"
    "ask_it: {kind: ask, text: Who?, save: name, next: tell}\n"
    "tell: {kind: say, text: '${name}', next: done}",
)
MAY_MISS = Rule(
    "JB408",
    "warning",
    "a field that need not be there",
    "By its schema it may be missing; the run would fail where it is.",
    "Ask first: has(order.note) && order.note != '', or take order.?note.orValue('').",
    "input: {properties: {note: {type: string}}, required: []}\nstart: tell\nnodes:\n"
    "  tell: {kind: say, text: '${input.note}', next: done}\n  done: {kind: end}",
)
RULES: Sequence[Rule] = (NOT_YET, SOMETIMES, MAY_MISS)

_GIVEN = ("input", "session", "customer", "now")
_UNFAILING = frozenset({"set", "branch", "split", "end", "parallel", "join", "loop"})
_ERROR = "error"
_PIECE = 250  # nodes


def check(context: Context) -> Iterable[Problem]:
    """Check every variable that an expression reads."""
    return (piece for piece in pieces(context) if piece is not None)


def pieces(context: Context) -> Iterator[Problem | None]:
    """The same, with None wherever something else may be done in between."""
    journey = context.journey
    reached = reached_from(context.roots, context.successors)
    if journey.start in journey.nodes and not any(context.is_open(node) for node in reached):
        flow = _flow_of(context)
        if flow.sites:
            yield None
            for _ in flow.steps:
                break
            yield None
            flow.solve_once()
            yield None
            yield from flow.problems()


def set_before(context: Context, node: str) -> tuple[frozenset[str], frozenset[str]]:
    """The variables that are set on every way to a node, and those that are on some way.

    Nothing is known of a node that no way leads to.
    """
    flow = _flow_of(context)
    flow.solve_once()
    facts, ever = flow.before.get(node, 0), flow.ever.get(node, 0)
    names = [(name, 1 << bit) for name, bit in flow.bits.items() if "." not in name]
    return (
        frozenset(name for name, bit in names if facts & bit),
        frozenset(name for name, bit in names if ever & bit),
    )


def _flow_of(context: Context) -> "_Flow":
    """The analysis of a journey; made once for whoever asks."""
    found = context.made.get("flow")
    if not isinstance(found, _Flow):
        found = context.made["flow"] = _Flow(context)
    return found


class _Step(NamedTuple):
    """A way from a node to the next, with the facts that come true on it.

    Attributes:
        path: Where the port stands in the node; empty for an error that is not caught.
        lost: The facts that are none any more: what was known of the fields of a variable set anew.
    """

    source: str
    target: str
    port: str
    path: Path
    gained: int
    lost: int = 0

    @property
    def words(self) -> str:
        """How a message calls it."""
        return place_words(self.path) if self.path else "an error"


@dataclass
class _Flow:
    """The analysis of one journey.

    Attributes:
        before: The facts at each node that was reached.
        ever: The facts that hold on some way to it.
        seen: What the lanes brought to each join when it was last looked at.
        told_by: What each branch tells, by its ways.
    """

    context: Context
    bits: dict[str, int] = field(default_factory=dict[str, int])
    before: dict[str, int] = field(default_factory=dict[str, int])
    ever: dict[str, int] = field(default_factory=dict[str, int])
    seen: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    told_by: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])

    def bit(self, fact: str) -> int:
        return 1 << self.bits.setdefault(fact, len(self.bits))

    def mask(self, facts: Iterable[str]) -> int:
        out = 0
        for fact in facts:
            out |= self.bit(fact)
        return out

    # -- what a node needs and gives -------------------------------------------------------------

    @cached_property
    def sites(self) -> Mapping[str, Sequence[tuple[Site, Reading]]]:
        out: dict[str, list[tuple[Site, Reading]]] = {}
        typed = self.context.typed
        for site, known in typed.readings:
            if known is None:
                out.setdefault(site.node.id, []).append((site, Reading(needs=_names_of(site))))
            else:
                out.setdefault(site.node.id, []).append((site, known))
        return out

    def needed(self, site: Site, known: Reading) -> Iterator[tuple[str, str]]:
        """Each fact that an expression rests on, with the hint of an optional field."""
        local = self.context.typed.local_names(site)
        for name in known.needs:
            if name not in local and name not in _GIVEN:
                yield name, ""
        for clash in known.clashes:
            if clash.kind == "missing":
                yield clash.about or f"{clash.column} {site.text}", clash.message

    @cached_property
    def steps(self) -> Mapping[str, Sequence[_Step]]:
        """The ways out of each node, those of errors that it does not catch among them."""
        nodes = self.context.journey.nodes
        out: dict[str, list[_Step]] = {node: [] for node in nodes}
        read = {node: self.mask(self.read_in(nodes[node])) for node in self.sites}
        for edge in self.context.edges:
            source, port = edge.source, edge.port
            gained = self.gives(nodes[source], port)
            # who came through has what was read: what is missing there is told there only
            gained |= self.bit(_ERROR) if port.name == "on_error" else read.get(source, 0)
            out[source].append(_Step(source, edge.target, port.name, port.path, gained))
        general = self.context.journey.on_error
        if general in nodes:
            for node in nodes.values():
                if self.can_fail(node):
                    out[node.id].append(_Step(node.id, general, "", (), self.bit(_ERROR)))
        if not self.dotted:
            return out
        return {node: [self.cleared(step) for step in steps] for node, steps in out.items()}

    def gives(self, node: Node, port: Port) -> int:
        """What is there once a node is left through a port."""
        if node.kind == "branch":
            return self.told(node).get(port.name, self.told(node)[""])
        saved = self.context.typed.saved_by(node)
        return self.mask(_saved_on(node, port.name, port.style, saved)) if saved else 0

    def cleared(self, step: _Step) -> _Step:
        """The step with what it makes unknown: the fields of the variables that it sets."""
        names = [name for name in self.dotted if self.bit(name) & step.gained]
        lost = self.mask(fact for name in names for fact in self.dotted[name])
        lost &= ~step.gained
        return step._replace(lost=lost) if lost else step

    @cached_property
    def dotted(self) -> Mapping[str, Sequence[str]]:
        """The fields that expressions ask for or need, by variable."""
        out: dict[str, set[str]] = {}
        for pairs in self.sites.values():
            for site, known in pairs:
                if not (known.yes or known.no or known.clashes):
                    continue  # nearly all
                facts = {*known.yes, *known.no, *(fact for fact, _ in self.needed(site, known))}
                for fact in facts:
                    if "." in fact:
                        out.setdefault(fact.partition(".")[0], set()).add(fact)
        return {name: sorted(facts) for name, facts in out.items()}

    def read_in(self, node: Node) -> Iterator[str]:
        """What a node rests on before it does anything."""
        for site, known in self.sites.get(node.id, ()):
            if site.path[0] not in {"undo", "collect"}:
                yield from (fact for fact, _ in self.needed(site, known))

    def told(self, node: Node) -> Mapping[str, int]:
        """What the conditions of a branch tell on each of its ways; at `""` what they do on the others."""
        if node.id in self.told_by:
            return self.told_by[node.id]
        out = self.told_by[node.id] = {"": 0}
        for index, case in enumerate(as_list(node.settings.get("cases"))):
            known = self.context.typed.read(str(as_object(case).get("when", "")))
            out[f"cases.{index}"] = out[""] | (self.mask(known.yes) if known is not None else 0)
            out[""] |= self.mask(known.no) if known is not None else 0
        return out

    def can_fail(self, node: Node) -> bool:
        """Whether an error can leave a node that has no way of its own for it."""
        if any(port.name == "on_error" and port.target for port in self.context.ports[node.id]):
            return False
        return node.kind not in _UNFAILING or node.kind == "loop" or node.id in self.sites

    # -- the analysis ----------------------------------------------------------------------------

    def solve_once(self) -> None:
        """Work out the facts at each node, where that has not been done."""
        start = self.context.journey.start
        if not self.before and start in self.context.journey.nodes:
            self.solve()

    def solve(self) -> None:
        """Work out the facts at each node."""
        start = self.context.journey.start
        self.before[start] = self.ever[start] = 0
        waiting = {start: None}
        while waiting:
            node = next(iter(waiting))
            del waiting[node]
            for step in self.steps[node]:
                if self.flows(step):
                    waiting[step.target] = None

    def after(self, step: _Step) -> int:
        """The facts at the end of a step."""
        node = self.context.journey.nodes[step.source]
        begin = self.before[step.source]
        if node.kind == "join":
            begin = self.timed_out(node) if step.port == "on_timeout" else begin | self.met(node)
        return (begin & ~step.lost) | step.gained

    def flows(self, step: _Step) -> bool:
        """Bring the facts of a step to where it leads; whether anything is new there."""
        facts = self.after(step)
        ever = (self.ever[step.source] & ~step.lost) | step.gained
        node = step.target
        if node not in self.before:
            self.before[node], self.ever[node] = facts, ever
            return True
        old = self.before[node], self.ever[node]
        self.before[node] &= facts
        self.ever[node] |= ever
        return old != (self.before[node], self.ever[node]) or self.meets_anew(node)

    def meets_anew(self, node: str) -> bool:
        """Whether what the lanes bring to a join is new since it was last looked at."""
        if node not in self.context.lanes.arrivals:
            return False
        found = self.brought(node)
        old, self.seen[node] = self.seen.get(node), found
        return old != found

    def brought(self, join: str) -> tuple[int, ...]:
        """The facts that each lane brings to a join."""
        lanes: dict[str, int] = {}
        for stack, sources in self.context.lanes.arrivals.get(join, {}).items():
            for source in sources:
                for step in self.steps.get(source, ()):
                    if step.target == join and source in self.before and stack:
                        lane = stack[-1][1]
                        facts = self.after(step)
                        lanes[lane] = lanes.get(lane, facts) & facts
        return tuple(lanes.values())

    def met(self, join: Node) -> int:
        """What is sure after a join besides what every lane brings."""
        brought = self.brought(join.id)
        wanted = join.settings.get("wait_for", "all")
        number = {"all": len(brought), "any": 1}.get(str(wanted), wanted)
        spare = max(0, len(brought) - (number if isinstance(number, int) else 1))
        out = 0
        for index in range(len(self.bits)):
            if sum(facts >> index & 1 for facts in brought) > spare:
                out |= 1 << index
        return out

    def timed_out(self, join: Node) -> int:
        """What is sure where no lane came in time: what was so before they began."""
        out = -1
        for stack in self.context.lanes.arrivals.get(join.id, {}):
            out &= self.before.get(stack[-1][0], -1) if stack else 0
        return self.before[join.id] if out == -1 else out

    # -- findings --------------------------------------------------------------------------------

    def problems(self) -> Iterator[Problem | None]:
        """Every place where something is read that need not be there; None is a pause."""
        used = {*self.context.typed.savers, _ERROR}
        self.solve_once()
        told: set[tuple[str, str]] = set()
        for index, node in enumerate(self.context.journey.nodes, 1):
            if index % _PIECE == 0:
                yield None
            if node not in self.before:
                continue
            for site, known in self.sites.get(node, ()):
                facts, ever = self.at(site)
                for fact, optional in self.needed(site, known):
                    bit = self.bit(fact)
                    if facts & bit or (node, fact) in told or not (optional or fact in used):
                        continue
                    told.add((node, fact))
                    if optional:
                        yield self.may_miss(site, known, fact)
                    else:
                        yield self.unset(site, fact, sometimes=bool(ever & bit))

    def at(self, site: Site) -> tuple[int, int]:
        """The facts at an expression, and those that hold on some way."""
        node = site.node
        facts, ever = self.before[node.id], self.ever[node.id]
        if site.path[0] == "undo":
            own = self.mask(self.context.typed.saved_by(node))
            return facts | own, ever | own
        if site.path[0] == "collect":
            return self.at_round(node, facts), ever
        if site.path[0] == "cases":
            case = site.path[1]
            told = self.mask(self.earlier(node, case if isinstance(case, int) else 0))
            return facts | told, ever
        return facts, ever

    def earlier(self, node: Node, case: int) -> set[str]:
        """What is known once the cases before have been found not to hold."""
        out: set[str] = set()
        for item in as_list(node.settings.get("cases"))[:case]:
            known = self.context.typed.read(str(as_object(item).get("when", "")))
            out |= known.no if known is not None else frozenset()
        return out

    def at_round(self, loop: Node, facts: int) -> int:
        """The facts at the end of a round."""
        found: int | None = None
        for source in self.context.bodies[loop.id].back:
            for step in self.steps[source]:
                if step.target == loop.id and source in self.before:
                    after = self.after(step)
                    found = after if found is None else found & after
        return facts if found is None else found

    def may_miss(self, site: Site, known: Reading, fact: str) -> Problem:
        clash = next(each for each in known.clashes if each.kind == "missing" and
                     each.about in (fact, ""))  # fmt: skip
        return Problem(MAY_MISS, ("nodes", site.node.id, *site.path), clash.message, clash.hint)

    def unset(self, site: Site, name: str, *, sometimes: bool) -> Problem:
        path = ("nodes", site.node.id, *site.path)
        if not sometimes:
            said = (
                "nothing on the way here has failed" if name == _ERROR else "nothing sets it before"
            )
            return Problem(NOT_YET, path, f"'{name}' has no value here: {said}", NOT_YET.mend)
        way = self.way_around(site.node.id, name)
        over = f"'{way.source}' → {way.words}" if way else "another way"
        message = f"'{name}' is not set when the way goes over {over}"
        hint = f"Set '{name}' before on every way, or ask first with has({name})."
        return Problem(SOMETIMES, path, message, hint)

    def way_around(self, node: str, name: str) -> _Step | None:
        """The last step of a way on which the variable stays unset that could have led to its setting."""
        bit = self.bit(name)
        came: dict[str, _Step] = {}
        waiting = [node]
        incoming: dict[str, list[_Step]] = {}
        for source, steps in self.steps.items():
            for step in steps if source in self.before else ():
                incoming.setdefault(step.target, []).append(step)
        setters = {
            step.source for steps in self.steps.values() for step in steps if step.gained & bit
        }
        while waiting:
            place = waiting.pop(0)
            for step in incoming.get(place, ()):
                unset = not self.after(step) & bit
                if unset and step.source not in came and step.source != node:
                    came[step.source] = step
                    waiting.append(step.source)
        before = {source: [step.source for step in steps] for source, steps in incoming.items()}
        could = reached_from(setters, before)
        return next((step for source, step in came.items() if source in could), None) or next(
            iter(came.values()), None
        )


def _names_of(site: Site) -> dict[str, int]:
    """The variables of an expression that only the library reads."""
    try:
        return dict.fromkeys(compile_expression(site.text).names, 1) if site.start >= 0 else {}
    except ExpressionError:
        return {}


def _saved_on(node: Node, port: str, style: str, saved: Mapping[str, Any]) -> Iterable[str]:
    """The variables that a node has set when it is left through a port."""
    if node.kind == "loop":
        collected = as_object(node.settings.get("collect"))
        return collected if port == "next" else [name for name in saved if name not in collected]
    if node.kind == "join" or (node.kind == "guard" and port in {"pass", "fail"}):
        return saved
    return () if style != "normal" or port == "on_handoff" else saved
