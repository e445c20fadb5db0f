"""Makes a part of a journey a journey of its own, called where the part was.

What the part reads goes along as input, what others read of what it sets comes back as output. The
new journey begins with a `set` node that gives its variables the names they had, and behind the call
another one does so for what came back: no expression has to change.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from journeybuilder.contract.fields import Port
from journeybuilder.document.edit import disconnect, fresh_id, renamed_targets, set_value
from journeybuilder.document.findings import choices, near
from journeybuilder.document.forms import JOURNEY_ID
from journeybuilder.document.model import FORMAT_VERSION, Journey, mapping
from journeybuilder.errors import AuthorError
from journeybuilder.kinds import ports_of
from journeybuilder.refactor.assigned import set_on, surely_set
from journeybuilder.refactor.places import ALWAYS, read_in, written_by

_CARRIED = ("channels", "languages")


@dataclass(frozen=True)
class Extracted:
    """A journey whose part has become another one.

    Attributes:
        journey: The journey with the call in place of the part.
        part: The new journey.
        call: The id of the node that calls it.
        notes: What a person should look at, in sentences.
    """

    journey: Journey
    part: Journey
    call: str
    notes: Sequence[str]


def extract(journey: Journey, ids: Collection[str], new_id: str) -> Extracted:
    """Make some nodes a journey of their own.

    Args:
        journey: The journey.
        ids: The nodes: one of them takes all wires from outside, and all their wires to the outside
            lead to one node.
        new_id: The id of the new journey.

    Raises:
        AuthorError: When the nodes cannot be a journey of their own, with every reason.
    """
    if not JOURNEY_ID.fullmatch(new_id):
        raise AuthorError(
            f"'{new_id}' cannot be the id of a journey.",
            hint="Small letters, digits and `-`, a letter first, for example `order-return`.",
        )
    part = _Part(journey, ids)
    reasons = list(part.reasons())
    if reasons:
        raise AuthorError(
            "These nodes cannot become a journey of their own: " + " ".join(reasons),
            where=journey.id,
            hint="Choose other nodes, or change the wires first.",
        )
    return part.extracted(new_id)


class _Part:
    """Some nodes of a journey and what goes into them and out of them."""

    def __init__(self, journey: Journey, ids: Collection[str]) -> None:
        self.journey = journey
        for name in ids:
            if name not in journey.nodes:
                hint = near(name, journey.nodes)
                raise AuthorError(f"There is no node '{name}'.", where=journey.id, hint=hint)
        self.ids = [name for name in journey.nodes if name in set(ids)]
        self.inside = [journey.nodes[name] for name in self.ids]
        self.outside = [node for name, node in journey.nodes.items() if name not in set(ids)]
        self.into = [port for port in self.wires(self.outside) if port.target in set(self.ids)]
        self.out = [
            port
            for port in self.wires(self.inside)
            if port.target and port.target not in set(ids) and not self.falls_through(port)
        ]
        self.entries = sorted({port.target for port in self.into} | self.begun())
        self.targets = sorted({port.target for port in self.out})
        self.reads = [read for node in self.inside for read in read_in(node)]
        self.written = dict.fromkeys(name for node in self.inside for name in written_by(node))

    def begun(self) -> set[str]:
        """Nodes that the journey itself leads to."""
        named = {self.journey.start, self.journey.on_error}
        return named & set(self.ids)

    def falls_through(self, port: Port) -> bool:
        """Whether an error goes where it goes anyway when nothing in the part takes it."""
        return port.style == "error" and port.target == self.journey.on_error

    @staticmethod
    def wires(nodes: Collection[Any]) -> list[Port]:
        return [port for node in nodes for port in ports_of(node)]

    @property
    def fields(self) -> list[str]:
        """Fields of the journey's own input that the nodes read."""
        return list(
            dict.fromkeys(
                read.fields[0] for read in self.reads if read.name == "input" and read.fields
            )
        )

    def reasons(self) -> Iterator[str]:
        """Why the nodes cannot be a journey of their own, in sentences."""
        if not self.ids:
            yield "No node is chosen."
            return
        if len(self.entries) != 1:
            listed = choices(self.entries)
            yield (
                f"Wires from outside lead to several of them: {listed}."
                if self.entries
                else "No wire leads to them."
            )
        if len(self.targets) > 1:
            yield f"Their wires lead to several nodes outside: {choices(self.targets)}."
        if not self.targets:
            yield "None of their wires leads out of them."
        if self.journey.on_error in self.ids:
            yield f"The journey's errors go to '{self.journey.on_error}', which is one of them."
        yield from self.kinds()
        yield from self.unsure()
        if any(read.name == "input" and not read.fields for read in self.reads):
            yield "They read the whole `input`, and a part of it would go along only."
        clash = sorted(set(self.fields) & {*self.written, *(read.name for read in self.reads)})
        if clash:
            yield f"'{clash[0]}' is the name of a variable and of a field of the input."
        if self.entered_by_error() and any(read.name == "error" for read in self.reads):
            yield "They read the `error` of a node outside."

    def unsure(self) -> Iterator[str]:
        """Variables that cannot be handed over, because they may have no value yet."""
        if len(self.entries) == 1:
            for name in sorted(set(self.needed()) - self.sure):
                yield f"'{name}' may have no value yet where they begin."

    def kinds(self) -> Iterator[str]:
        for node in self.inside:
            if node.kind == "end":
                yield f"'{node.id}' ends the journey, and in a part it would only end the part."
        kinds = {node.kind for node in self.inside}
        if ("parallel" in kinds) != ("join" in kinds):
            yield "Lanes that begin among them have to meet among them."

    def entered_by_error(self) -> bool:
        return any(port.style == "error" for port in self.into)

    def extracted(self, new_id: str) -> Extracted:
        entry, target = self.entries[0], self.targets[0] if self.targets else ""
        given, empty, back = self.handed()
        notes = [f"'{name}' is null where no node of the part sets it." for name in empty]
        part = self.part(new_id, entry, given, empty, back)
        journey, call = self.calling(new_id, entry, target, given, back)
        return Extracted(journey, part, call, notes)

    def handed(self) -> tuple[list[str], list[str], list[str]]:
        """Variables that go along, those that begin as null, and those that come back."""
        later = {read.name for node in self.outside for read in read_in(node)}
        back = [name for name in self.written if name in later]
        at_end = self.surely_at_end()
        kept = [name for name in back if name not in at_end]
        given = list(dict.fromkeys(self.needed()))
        given += [name for name in kept if name in self.sure and name not in given]
        return given, [name for name in kept if name not in given], back

    @cached_property
    def sure(self) -> frozenset[str]:
        """Variables that have a value whenever a run comes to the nodes."""
        if len(self.entries) != 1:
            return frozenset()
        return surely_set(self.journey, self.journey.start).get(self.entries[0], frozenset())

    @cached_property
    def inside_sure(self) -> Mapping[str, frozenset[str]]:
        """Variables that the nodes themselves have set when a run enters one of them."""
        return surely_set(self.journey, self.entries[0], within=self.ids)

    def needed(self) -> Iterator[str]:
        """Variables that are read among the nodes and may not be set there before."""
        for node in self.inside:
            before = self.inside_sure.get(node.id, frozenset[str]())
            for read in read_in(node):
                if read.name not in ALWAYS and read.name not in before:
                    yield read.name

    def surely_at_end(self) -> frozenset[str]:
        """What every way out of the nodes has set among them."""
        out = frozenset(self.written)
        for node in self.inside:
            before = self.inside_sure.get(node.id, frozenset[str]())
            for port in ports_of(node):
                leaves = port.target and port.target not in self.ids
                if leaves and not self.falls_through(port):
                    out &= before | set_on(node, port)
        return out

    def part(
        self,
        new_id: str,
        entry: str,
        given: Sequence[str],
        empty: Sequence[str],
        back: Sequence[str],
    ) -> Journey:
        raw = mapping(self.journey.data.get("nodes"))
        part = Journey({"nodes": {name: raw[name] for name in self.ids}})
        done, begin = fresh_id(part, "done"), fresh_id(part, "begin")
        for node in self.inside:
            for port in ports_of(node):
                if port.target not in self.ids and self.falls_through(port):
                    part = disconnect(part, node.id, port.path)
        to_end = renamed_targets(part, dict.fromkeys(self.targets, done), ports_of)
        nodes: dict[str, Any] = {}
        values: dict[str, Any] = {name: f"${{input.{name}}}" for name in given}
        values |= dict.fromkeys(empty)
        if values:
            nodes[begin] = {"kind": "set", "values": values, "next": entry}
        nodes |= mapping(to_end.data["nodes"])
        end: dict[str, Any] = {"kind": "end", "outcome": "done"}
        if back:
            end["output"] = {name: f"${{{name}}}" for name in back}
        nodes[done] = end
        data: dict[str, Any] = {"journeybuilder": FORMAT_VERSION, "journey": new_id}
        data |= {key: self.journey.data[key] for key in _CARRIED if key in self.journey.data}
        asked = [*given, *self.fields]
        if asked:
            data["input"] = {"properties": {name: self.schema(name) for name in asked}}
        if back:
            data["output"] = {"properties": {name: self.schema(name) for name in back}}
        used = {*given, *self.written}
        declared = {name: raw for name, raw in self.journey.variables.items() if name in used}
        if declared:
            data["variables"] = declared
        return Journey(data | {"start": begin if values else entry, "nodes": nodes})

    def schema(self, name: str) -> Any:
        """What is declared of a variable or a field of the input."""
        fields = mapping(self.journey.input.get("properties"))
        source = fields if name in self.fields else self.journey.variables
        return source.get(name, {})

    def calling(
        self, new_id: str, entry: str, target: str, given: Sequence[str], back: Sequence[str]
    ) -> tuple[Journey, str]:
        base = new_id.replace("-", "_")
        call = fresh_id(self.journey, base)
        result, after = f"{call}_result", fresh_id(self.journey, f"{call}_back")
        node: dict[str, Any] = {"kind": "journey", "journey": new_id}
        arguments = {name: f"${{{name}}}" for name in given}
        arguments |= {name: f"${{input.{name}}}" for name in self.fields}
        if arguments:
            node["with"] = arguments
        if back:
            node["save"] = result
        if target or back:
            node["next"] = after if back else target
        rest: dict[str, Any] = {}
        for name, raw in mapping(self.journey.data.get("nodes")).items():
            if name == self.ids[0]:
                rest[call] = node
                if back:
                    values = {each: f"${{{result}.{each}}}" for each in back}
                    rest[after] = {"kind": "set", "values": values} | (
                        {"next": target} if target else {}
                    )
            if name not in self.ids:
                rest[name] = raw
        out = set_value(self.journey, ("nodes",), rest)
        return renamed_targets(out, {entry: call}, ports_of), call
