"""Comparisons and forecasts as tables and sentences, the same as those of the command line.

Knows no Qt.
"""

from typing import TYPE_CHECKING

from journeybuilder.gui.forms.base import sentence
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trc, trn

if TYPE_CHECKING:
    from journeybuilder.rehearse.comparing.comparison import Comparison, WayDifference
    from journeybuilder.rehearse.comparing.cost import Forecast

Table = tuple[list[str], list[list[str]]]
"""The heads of columns, and the rows."""


def summary_rows(result: "Comparison") -> Table:
    """One row a candidate."""
    from journeybuilder.rehearse.comparing.showing import milliseconds, number, share, usd  # noqa: PLC0415

    head = [
        tr("Candidate"), tr("Passed (95 %)"), tr("Runs"), tr("Cost of a run"), tr("Median"),
        tr("95 % below"), tr("Tokens"), tr("Model"),
    ]  # fmt: skip
    rows = [
        [
            each.name, share(each.rate), f"{each.counted}/{each.runs}", said(usd(each.cost_usd)),
            milliseconds(each.latency_ms), milliseconds(each.latency_p95_ms),
            number((each.tokens_in or 0) + (each.tokens_out or 0)),
            tr("stand-in") if each.scripted else each.model,
        ]
        for each in result.summaries
    ]  # fmt: skip
    return head, rows


def difference_words(result: "Comparison") -> list[str]:
    """What failed, what differs, what may be chance, and what a reader must know."""
    out: list[str] = []
    for each in result.summaries:
        for item in each.failures:
            times = trn("failed {n} time", "failed {n} times", item.count)
            out.append(f"\u2716 {each.name}, {item.scenario}: {times}. {said(item.example)}")
        for why, count in each.troubles.items():
            words = trn("{n} run not counted", "{n} runs not counted", count)
            out.append(f"\u26a0 {each.name}: {words}: {said(why)}")
    subjects = {
        "passed": tr("passing"), "cost": tr("cost"), "latency": tr("time"), "tokens": tr("tokens"),
    }  # fmt: skip
    for one in result.differences:
        sign = "\u2260" if one.beyond_chance else "\u2248"
        what = subjects.get(one.what, one.what)
        out.append(f"{sign} {one.one} / {one.other}, {what}: {said(one.words)}")
    out += [words for way in result.ways if (words := _way(way))]
    return [*out, *(f"\u2139 {sentence(said(note))}" for note in result.notes)]


def _way(way: "WayDifference") -> str:
    if way.same_path == way.pairs:
        return ""
    return tr(
        "\u2387 {scenario}: {one} goes another way than {base} in {n} of {all} runs: after {after} to "
        "{here}, not to {there}",
        scenario=way.scenario, one=way.candidate, base=way.base, n=way.pairs - way.same_path,
        all=way.pairs, after=way.after or tr("the start"), here=way.next or tr("the end"),
        there=way.base_next or tr("the end"),
    )  # fmt: skip


def cost_words(result: "Forecast") -> str:
    """What contacts will cost, and what that rests on."""
    from journeybuilder.rehearse.comparing.showing import span_usd, usd  # noqa: PLC0415 - when first needed

    rests = {
        "runs": trn("{n} finished run", "{n} finished runs", result.seen),
        "recordings": trn("{n} recording", "{n} recordings", result.seen),
        "rehearsal": trn("{n} rehearsal", "{n} rehearsals", result.seen),
    }[result.origin]
    contacts = f"{result.contacts:,}"
    if result.total is None:
        words = tr(
            "No total: nobody knows the price of {names}. The known part of {contacts} contacts: {usd}",
            names=", ".join(result.unknown), contacts=contacts, usd=said(usd(result.known_total)),
        )  # fmt: skip
    else:
        words = tr(
            "{contacts} contacts: {total}. One contact: {one}; 95 % stay below {p95}.",
            contacts=contacts, total=span_usd(result.total), one=span_usd(result.usd),
            p95=usd(result.p95),
        )  # fmt: skip
    return f"{words} {tr('95 % intervals, from {rests}.', rests=rests)}"


def cost_notes(result: "Forecast") -> list[str]:
    """What a reader must know; advice that names options of the command line is left out."""
    told = (note.partition(";")[0] if "--" in note else note for note in result.notes)
    return [f"\u2139 {sentence(said(note))}" for note in told]


def cost_rows(result: "Forecast") -> Table:
    """One row a step, a model and an alternative."""
    from journeybuilder.rehearse.comparing.showing import number, span_usd, usd  # noqa: PLC0415

    head = [
        tr("What"), trc("how many", "Calls"), tr("Tokens in"), tr("Tokens out"), tr("A contact"), tr("Share"),
        tr("All contacts"),
    ]  # fmt: skip
    rows: list[list[str]] = []
    for lines, step in ((result.nodes, True), (result.models, False)):
        for one in lines:
            name = (one.node or "\u2013") if step else one.alias
            what = tr("Step {name}", name=name) if step else tr("Model {name}", name=name)
            share = "\u2013" if one.share is None else f"{one.share:.0%}"
            rows.append([
                what, number(one.calls), number(one.tokens_in), number(one.tokens_out),
                said(usd(one.usd)), share, "",
            ])  # fmt: skip
    for each in result.alternatives:
        alias = tr("With {model}", model=each.plays)
        if each.alias != "*":
            alias = tr("With {model} as {alias}", model=each.plays, alias=each.alias)
        change = "\u2013" if each.change is None else f"{each.change:+.0%}"
        rows.append([alias, "", "", "", said(usd(each.usd)), change, said(span_usd(each.total))])
    return head, rows
