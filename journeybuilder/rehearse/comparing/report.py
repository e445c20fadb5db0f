"""A comparison as one page that needs nothing else: no network, no script, no font.

What models and scenarios say is text of others and goes through `escape` wherever it is put in.
"""

from collections.abc import Callable, Iterable, Sequence
from html import escape

from journeybuilder.rehearse.comparing.charts import Mark, bars, dots
from journeybuilder.rehearse.comparing.comparison import (
    Comparison,
    Difference,
    Summary,
    WayDifference,
)
from journeybuilder.rehearse.comparing.judge import Judged
from journeybuilder.rehearse.comparing.showing import milliseconds, number, share, usd

_STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de;
  --mark: #0b62c4; --good: #e3f4e6; --bad: #fde7e4; --some: #fdf3d7; --panel: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --back: #12161b; --text: #e6edf3; --soft: #9aa6b2;
  --line: #343c46; --mark: #6cb2ff; --good: #17361f; --bad: #481d1a; --some: #40340f;
  --panel: #1b2128; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
.soft { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding: .25rem 0; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid var(--line); white-space: nowrap; overflow-wrap: normal; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.good { background: var(--good); } td.bad { background: var(--bad); }
td.some { background: var(--some); }
ul.notes { background: var(--panel); border-left: 4px solid var(--mark); margin: 1rem 0;
  padding: .75rem 1rem .75rem 2rem; }
.chart { width: 100%; height: auto; max-width: 60rem; display: block; margin: .5rem 0 1rem; }
.chart text { font: 13px system-ui, sans-serif; fill: var(--text); }
.chart .axis { fill: var(--soft); } .chart .grid { stroke: var(--line); }
.chart .whisker { stroke: var(--text); stroke-width: 2; } .chart .bar { fill: var(--mark); }
.chart .dot { fill: var(--mark); stroke: var(--back); stroke-width: 2; }
blockquote { margin: .2rem 0; padding-left: .75rem; border-left: 3px solid var(--line);
  white-space: pre-wrap; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; }
  h2, caption { break-after: avoid; } tr, .chart { break-inside: avoid; }
  .wide { overflow: visible; } td { print-color-adjust: exact; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html_report(comparison: Comparison, *, made: str) -> str:
    """The whole page.

    Args:
        comparison: What came of it.
        made: When and by what it was made, for the reader.
    """
    title = f"Comparison: {comparison.journey}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">{escape(_subtitle(comparison))} · {escape(made)}</p>',
        _notes(comparison),
        "<h2>At a glance</h2>",
        _charts(comparison.summaries),
        _summaries(comparison.summaries),
        "<h2>What may be chance</h2>",
        _differences(comparison.differences),
        "<h2>Scenario by scenario</h2>",
        _cells(comparison),
        "<h2>Expectations that did not hold</h2>",
        _failures(comparison.summaries),
        "<h2>Ways and words</h2>",
        _ways(comparison.ways),
        *([_judged(comparison.judged)] if comparison.judged is not None else []),
        "<h2>Runs that do not count</h2>",
        _troubles(comparison.summaries),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def _subtitle(comparison: Comparison) -> str:
    scenarios = f"{len(comparison.scenarios)} scenario{_s(len(comparison.scenarios))}"
    runs = f"{comparison.runs} run{_s(comparison.runs)} each"
    done = f"{len(comparison.trials)} of {comparison.planned} runs made"
    return f"{scenarios}, {runs}, {done}, {usd(comparison.spent_usd)} spent"


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _notes(comparison: Comparison) -> str:
    notes = list(comparison.notes)
    if comparison.stopped:
        notes.insert(0, f"It ended early: {comparison.stopped}.")
    if comparison.customer_usd is None or comparison.customer_usd > 0:
        notes.append(f"Simulated customers cost {usd(comparison.customer_usd)}, counted apart.")
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return f'<ul class="notes">{items}</ul>' if items else ""


def _charts(summaries: Sequence[Summary]) -> str:
    rates = [
        Mark(each.name, each.rate.value, each.rate.low, each.rate.high, f"{each.rate.value:.0%}")
        if each.rate is not None
        else Mark(each.name, None, words="nothing counts")
        for each in summaries
    ]
    waits = [
        Mark(
            each.name,
            None if each.latency_ms is None else each.latency_ms / 1000,
            high=None if each.latency_p95_ms is None else each.latency_p95_ms / 1000,
            words=milliseconds(each.latency_ms),
        )
        for each in summaries
    ]
    thousand = [None if each.cost_usd is None else each.cost_usd * 1000 for each in summaries]
    costs = [
        Mark(each.name, cost, words=usd(cost))
        for each, cost in zip(summaries, thousand, strict=True)
    ]
    out = [_figure("Passed", "Share of runs that passed, with its 95 % interval.", rates, dots)]
    if any(mark.value is not None for mark in waits):
        about = "Median of a model call; the line is what 95 % stay below."
        out.append(_figure("Time of a model call, in seconds", about, waits, bars))
    if any(mark.value for mark in costs):
        about = "A thousand runs at the mean of those made."
        out.append(_figure("Cost of 1,000 runs, in USD", about, costs, bars))
    return "\n".join(out)


def _figure(
    title: str, about: str, marks: Sequence[Mark], draw: Callable[[str, str, Sequence[Mark]], str]
) -> str:
    told = f"{about} {'; '.join(f'{mark.label}: {mark.words}' for mark in marks)}."
    drawing = draw(title, told, marks)
    return f"<h3>{escape(title)}</h3><p class='soft'>{escape(about)}</p>{drawing}"


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int) -> str:
    """A table; cells are markup already, and the last `numbers` columns stand at the right."""
    first = len(head) - numbers
    heads = "".join(
        f'<th scope="col"{_number(at >= first)}>{escape(name)}</th>' for at, name in enumerate(head)
    )
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(
            cell if cell.startswith("<td") else f"<td{_number(at >= first)}>{cell}</td>"
            for at, cell in enumerate(row[1:], 1)
        )
        + "</tr>"
        for row in rows
    )
    if not body:
        return '<p class="soft">None.</p>'
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _number(yes: bool) -> str:
    return ' class="number"' if yes else ""


def _summaries(summaries: Sequence[Summary]) -> str:
    head = ("candidate", "model", "passed (95 %)", "runs", "provider failed", "cost a run",
            "median", "95 % below", "tokens in", "tokens out", "words")  # fmt: skip
    rows = [
        (
            escape(each.name),
            escape(each.model) + (" (stand-in)" if each.scripted else ""),
            escape(share(each.rate)),
            f"{each.counted} of {each.runs}",
            str(each.provider),
            escape(usd(each.cost_usd)),
            milliseconds(each.latency_ms),
            milliseconds(each.latency_p95_ms),
            number(each.tokens_in),
            number(each.tokens_out),
            number(each.words),
        )
        for each in summaries
    ]
    caption = "Runs that a provider failed are in no rate. Tokens and words are means of a run."
    return _table(caption, head, rows, 9)


def _differences(differences: Sequence[Difference]) -> str:
    names = {"passed": "passed", "cost": "cost of a run", "latency": "time in models",
             "tokens": "tokens of a run"}  # fmt: skip
    rows = [
        (
            f"{escape(each.one)} / {escape(each.other)}",
            names[each.what],
            escape(each.words),
            str(each.pairs),
            f"{each.one_more} : {each.other_more}",
        )
        for each in differences
    ]
    caption = (
        "Exact tests over runs of the same scenario and number (McNemar for passed, else the sign test), "
        "two-sided, corrected for the number of pairs of candidates (Holm)."
    )
    return _table(caption, ("pair", "what", "verdict", "pairs", "more here : there"), rows, 2)


def _cells(comparison: Comparison) -> str:
    names = [each.name for each in comparison.summaries]
    known = {(cell.scenario, cell.candidate): cell for cell in comparison.cells}
    rows: list[list[str]] = []
    for scenario in comparison.scenarios:
        row = [escape(scenario)]
        for name in names:
            cell = known[scenario, name]
            kind = "good" if cell.passed == cell.counted else "bad" if not cell.passed else "some"
            words = f"{cell.passed} of {cell.counted}" if cell.counted else "–"
            words += f", {cell.provider} not asked" if cell.provider else ""
            row.append(f'<td class="{kind if cell.counted else "number"}">{words}</td>')
        rows.append(row)
    return _table("Passed of those that count.", ("scenario", *names), rows, 0)


def _failures(summaries: Sequence[Summary]) -> str:
    rows = [
        (escape(each.name), escape(item.scenario), escape(item.expectation),
         escape(item.example), str(item.count))
        for each in summaries
        for item in each.failures
    ]  # fmt: skip
    head = ("candidate", "scenario", "expectation", "for example", "runs")
    return _table("Hard expectations by scenario and kind.", head, rows, 1)


def _ways(ways: Sequence[WayDifference]) -> str:
    rows = [
        (
            escape(each.scenario),
            escape(each.candidate),
            _parting(each),
            f"{each.same_path} of {each.pairs}",
            f"{each.same_outcome} of {each.pairs}",
            f"{each.same_words} of {each.pairs}",
        )
        for each in ways
    ]
    base = ways[0].base if ways else ""
    head = ("scenario", "candidate", "where it parts", "same way", "same outcome", "same words")
    return _table(f"Each beside '{base}', run by run.", head, rows, 3)


def _parting(way: WayDifference) -> str:
    out: list[str] = []
    if way.base_next != way.next:
        there, here = (escape(node or "the end") for node in (way.base_next, way.next))
        out.append(f"after {escape(way.after or 'the start')}: {there} there, {here} here")
    if way.base_said != way.said:
        out.append(f"<blockquote>{escape(way.base_said or '(nothing)')}</blockquote>")
        out.append(f"<blockquote>{escape(way.said or '(nothing)')}</blockquote>")
    return "".join(out) or "nowhere"


def _judged(judged: Judged) -> str:
    rows = [
        (f"{escape(each.base)} / {escape(each.candidate)}", escape(each.words),
         str(each.pairs), str(each.base_wins), str(each.candidate_wins), str(each.ties),
         str(each.unsure))
        for each in judged.preferences
    ]  # fmt: skip
    head = ("pair", "verdict", "pairs", "first", "second", "ties", "unsure")
    notes = [*judged.notes]
    if judged.failed:
        notes.append(f"{judged.failed} pairs have no judgement: {judged.trouble}")
    about = (
        f"Judge: {judged.judge} ({judged.model}), {usd(judged.cost_usd)}, counted apart. It changes no "
        "result above: every pair was judged twice with the places swapped, and a judge that then says "
        "otherwise is unsure."
    )
    return "\n".join(
        [
            "<h2>What a model thinks of it</h2>",
            f"<p>{escape(about)}</p>",
            "<ol>" + "".join(f"<li>{escape(text)}</li>" for text in judged.rubric) + "</ol>",
            "".join(f"<p>{escape(note)}</p>" for note in notes),
            _table("Preferences of the judge.", head, rows, 5),
        ]
    )


def _troubles(summaries: Sequence[Summary]) -> str:
    rows = [
        (escape(each.name), escape(why), str(count))
        for each in summaries
        for why, count in each.troubles.items()
    ]
    return _table("Why, and how many.", ("candidate", "why", "runs"), rows, 1)
