"""What the world must answer at a node so that it is left by a certain way."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from journeybuilder.connect.sample_values import sample
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.campaigns.seeds import Genes, Seeds, Site
from journeybuilder.rehearse.campaigns.steer import Solver, Way, Wish, with_wishes
from journeybuilder.rehearse.coverage import Place
from journeybuilder.rehearse.world.origins import SIZE

FAILS = "!fails"
"""Stands for the port of a node that fails and has no error way of its own."""
_TRIES_AT_MOST = 10
_ERRORS = frozenset({"on_error", FAILS})


class WaysOut:
    """Finds answers with which nodes of one plan are left as wished."""

    def __init__(self, seeds: Seeds) -> None:
        self._seeds = seeds
        self._plan: Plan = seeds.plan
        self._solvers: dict[str, Solver] = {}

    def solver(self, journey: str) -> Solver:
        """What solves the conditions of a journey."""
        if journey not in self._solvers:
            self._solvers[journey] = Solver(self._plan, journey)
        return self._solvers[journey]

    def answers(self, genes: Genes, place: Place, port: str) -> Iterator[Genes]:
        """Answers of the world, changed so that a node is likely to be left by a port."""
        node = self._plan.journeys[place.journey].journey.nodes[place.node]
        settings = node.settings
        if port in _ERRORS or (port == "on_timeout" and node.kind in {"tool", "resource"}):
            yield from self._failing(genes, node.kind, settings, place.node, port)
            return
        if port == "on_timeout" and node.kind in {"ask", "verify", "consent"}:
            yield self._last(genes, place.node, {"silent": True})
            return
        for way in self._wishes(node.kind, settings, place, port):
            yield with_wishes(genes, way)
        yield from self._said(genes, node.kind, place.node, port)

    def condition(self, place: Place, port: str) -> str:
        """The condition behind a way out, in CEL; an empty text where there is none."""
        settings = self._plan.journeys[place.journey].journey.nodes[place.node].settings
        cases = [str(as_object(case).get("when", "")) for case in as_list(settings.get("cases"))]
        if port.startswith("cases."):
            return cases[int(port.partition(".")[2])]
        if port == "otherwise" and cases:
            return " && ".join(f"!({case})" for case in cases)
        if port in {"body", "next"} and "each" in settings:
            return f"size({settings['each']}) {'>' if port == 'body' else '=='} 0"
        check = as_object(settings.get("check"))
        return str(check.get("passed", "")) if port in {"next", "on_failed"} else ""

    # -- what is wished for ------------------------------------------------------------------

    def _wishes(
        self, kind: str, settings: Mapping[str, Any], place: Place, port: str
    ) -> Sequence[Way]:
        solver = self.solver(place.journey)
        if kind == "branch":
            return self._case(solver, settings, place.node, port)
        if kind == "loop":
            sizes = (1, 2) if port == "body" else (0,)
            found = solver.origins(str(settings.get("each", "")), place.node)
            spots = [spot._replace(path=(*spot.path, SIZE)) for spot in found]
            return [(Wish(spot, size),) for spot in spots for size in sizes]
        if kind == "verify":
            passed = str(as_object(settings.get("check")).get("passed", ""))
            return solver.ways(passed, place.node, holds=port == "next")
        return ()

    @staticmethod
    def _case(solver: Solver, settings: Mapping[str, Any], node: str, port: str) -> Sequence[Way]:
        """A case holds, and those before it do not."""
        cases = [str(as_object(case).get("when", "")) for case in as_list(settings.get("cases"))]
        number = int(port.partition(".")[2]) if port.startswith("cases.") else len(cases)
        out = solver.ways(cases[number], node, holds=True) if number < len(cases) else []
        for before in cases[:number]:
            out = solver.both(solver.ways(before, node, holds=False), out)
        return out

    # -- what is answered --------------------------------------------------------------------

    def _failing(
        self, genes: Genes, kind: str, settings: Mapping[str, Any], node: str, port: str
    ) -> Iterator[Genes]:
        fault = "timeout" if port == "on_timeout" else "error"
        tools = [str(settings.get("tool", "")), *map(str, as_list(settings.get("tools")))]
        tools += [str(as_object(settings.get(part)).get("tool", "")) for part in ("send", "check")]
        for site in genes:
            if site[0] == "tool" and site[1] in tools:
                yield {**genes, site: {"fails": fault}}
            elif site[0] == "model" and site[2] == node:
                yield {**genes, site: [{"node": node, "fails": fault}]}
            elif site[0] == "resource" and kind == "resource":
                yield {**genes, site: {"fails": fault}}

    def _said(self, genes: Genes, kind: str, node: str, port: str) -> Iterator[Genes]:
        """What customers, people, models and events answer."""
        name = port.partition(".")[2] or port
        if kind == "agent" and port == "on_limit":
            yield from self._never_done(genes, node)
        elif kind in {"ask", "verify"} and port in {"on_invalid", "on_failed"}:
            yield self._never_right(genes, node)
        elif kind == "consent":
            yield self._last(genes, node, {"says": port})
        elif kind in {"review", "handoff"}:
            said = {"next": "done", "on_return": "return", "on_unavailable": "unavailable"}
            decision = {} if port == "on_timeout" else {"decision": said.get(port, name)}
            sites = [site for site in genes if site[:2] == ("person", node)]
            yield {**genes, **dict.fromkeys(sites[-1:], decision)}
        elif kind == "classify":
            sure = port != "otherwise"
            line = {"label": name if sure else "none", "confidence": 1 if sure else 0}
            sites = [site for site in genes if site[0] == "model" and site[2] == node]
            yield {**genes, **{site: [{"node": node, "says": line}] for site in sites}}
        elif kind == "wait":
            yield from self._events(genes, node, comes=port == "next")
        elif port == "next":
            yield from self._working(genes)

    def _never_done(self, genes: Genes, node: str) -> Iterator[Genes]:
        """A model that calls one tool after the other: the same call twice in a row is not made."""
        settings = self._plan.nodes[node].settings if node in self._plan.nodes else None
        names = [str(each) for each in getattr(settings, "tools", ())]
        talks = getattr(settings, "talks_to", "") == "customer"
        calls = [
            {"tool": name, "with": sample(self._plan.tools[name].input_schema)} for name in names
        ]
        calls += [{"tool": "ask_customer", "with": {"text": "And then?"}}] if talks else []
        lines = [{"node": node, "calls": [call]} for call in calls]
        sites = [site for site in genes if site[0] == "model" and site[2] == node]
        yield {**genes, **dict.fromkeys(sites, lines)}

    def _events(self, genes: Genes, node: str, *, comes: bool) -> Iterator[Genes]:
        del node
        for name in self._seeds.events:
            yield {**genes, ("event", name): {"after": "0s"} if comes else None}

    @staticmethod
    def _working(genes: Genes) -> Iterator[Genes]:
        """Nothing fails: what has failed is answered anew."""
        broken = [site for site, one in genes.items() if "fails" in str(one)]
        if broken:
            yield {site: one for site, one in genes.items() if site not in broken}

    def _customer_sites(self, genes: Genes, node: str) -> list[Site]:
        place = self._seeds.answers.place(node)
        return [site for site in genes if site[:2] == ("customer", place)]

    def _last(self, genes: Genes, node: str, line: Mapping[str, Any]) -> Genes:
        """The customer's last line at a node in other words."""
        sites = self._customer_sites(genes, node)
        return {**genes, **dict.fromkeys(sites[-1:], line)}

    def _never_right(self, genes: Genes, node: str) -> Genes:
        """The customer never gives an answer that can be used: an empty one is none anywhere."""
        place = self._seeds.answers.place(node)
        first = len(self._customer_sites(genes, node)) - 1
        wrong = {
            ("customer", place, max(0, first) + number): {"says": ""}
            for number in range(_TRIES_AT_MOST)
        }
        return {**genes, **wrong}
