"""The result of a suite as JUnit XML, as GitLab, Jenkins, GitHub actions and Azure read it."""

import re
from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from journeybuilder.rehearse.suites.suite import Failure, ScenarioResult, SuiteResult

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(result: SuiteResult) -> str:
    """The whole document: a `testsuite` for each journey, a `testcase` for each scenario."""
    root = ET.Element("testsuites", {"name": "journeybuilder", **_counts(result.results)})
    root.set("time", _seconds(result.ms))
    by_journey = sorted(result.results, key=lambda one: one.journey)
    for journey, some in groupby(by_journey, key=lambda one: one.journey):
        results = list(some)
        name = _text(journey) or "no journey"
        suite = ET.SubElement(root, "testsuite", {"name": name, **_counts(results)})
        suite.set("time", _seconds(sum(one.ms for one in results)))
        _coverage(suite, result, journey)
        for one in results:
            _case(suite, one)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _counts(results: Iterable[ScenarioResult]) -> dict[str, str]:
    results = list(results)
    return {
        "tests": str(len(results)),
        "failures": str(sum(1 for one in results if one.wrong)),
        "errors": "0",
        "skipped": str(sum(1 for one in results if one.skipped)),
    }


def _coverage(suite: ET.Element, result: SuiteResult, journey: str) -> None:
    covered = result.coverage.of_journey(journey)
    if not covered.visits:
        return
    properties = ET.SubElement(suite, "properties")
    counts = {
        "nodes": covered.node_count,
        "edges": covered.edge_count,
        "errors": covered.error_count,
        "cases": covered.case_count,
    }
    for name, count in counts.items():
        value = f"{count.hit}/{count.all}"
        ET.SubElement(properties, "property", name=f"coverage.{name}", value=value)


def _case(suite: ET.Element, one: ScenarioResult) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_text(one.journey) or "no journey",
        name=_text(one.name),
        file=_text(one.file),
        time=_seconds(one.ms),
    )
    if one.wrong:
        first = one.wrong[0]
        if first.line:
            case.set("line", str(first.line))
        more = f" (and {len(one.wrong) - 1} more)" if len(one.wrong) > 1 else ""
        failure = ET.SubElement(case, "failure", message=_text(first.words) + more, type="failed")
        failure.text = "\n".join(_told(each) for each in one.wrong)
    elif one.skipped:
        ET.SubElement(case, "skipped", message=_text(one.skipped))
    if one.path:
        ET.SubElement(case, "system-out").text = _text(f"path: {' → '.join(one.path)}")


def _told(failure: Failure) -> str:
    node = f" (at {failure.node})" if failure.node else ""
    hint = f"\n    {failure.hint}" if failure.hint else ""
    return _text(f"{failure.place}: {failure.words}{node}{hint}")


def _text(words: str) -> str:
    """Text that XML can hold: control characters and lone surrogates have no form in it."""
    return _NO_XML.sub("\ufffd", words)


def _seconds(ms: float) -> str:
    return f"{ms / 1000:.3f}"
