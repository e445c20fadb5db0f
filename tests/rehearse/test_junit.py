"""JUnit XML, read by a parser as the build servers read it."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.rehearse.coverage import none_of
from journeybuilder.rehearse.suites.junit import junit
from journeybuilder.rehearse.suites.suite import Failure, ScenarioResult, SuiteResult
from tests.fakes import plan_of

PLAN = plan_of("a: {kind: say, text: Hi, next: b}\nb: {kind: end, outcome: done}")
RESULTS = [
    ScenarioResult("one", "test", "scenarios/one.scenario.yaml", path=["a", "b"], ms=1500, runs=1),
    ScenarioResult(
        "two", "test", "scenarios/two.scenario.yaml",
        wrong=[Failure("outcome: it was <'x'> & not \"y\"", "scenarios/two.scenario.yaml", 7, "b"),
               Failure("said: nothing", "scenarios/two.scenario.yaml", hint="Say it.")],
        path=["a"],
    ),
    ScenarioResult("three", "", "scenarios/three.scenario.yaml", skipped="it was stopped before"),
]  # fmt: skip


def test_counts_places_and_words_are_where_build_servers_look() -> None:
    root = ET.fromstring(junit(SuiteResult(RESULTS, none_of(PLAN), 2000)))
    assert root.tag == "testsuites"
    assert {**root.attrib} == {
        "name": "journeybuilder", "tests": "3", "failures": "1", "errors": "0", "skipped": "1",
        "time": "2.000",
    }  # fmt: skip
    nameless, suite = root.findall("testsuite")
    assert nameless.get("name") == "no journey"
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("test", "2", "1")
    properties = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert properties == {
        "coverage.nodes": "0/2", "coverage.edges": "0/1", "coverage.errors": "0/0",
        "coverage.cases": "0/0",
    }  # fmt: skip
    one, two = suite.findall("testcase")
    assert (one.get("classname"), one.get("name"), one.get("time")) == ("test", "one", "1.500")
    assert one.find("failure") is None
    assert one.findtext("system-out") == "path: a → b"
    assert (two.get("file"), two.get("line")) == ("scenarios/two.scenario.yaml", "7")
    failure = two.find("failure")
    assert failure is not None
    assert failure.get("message") == "outcome: it was <'x'> & not \"y\" (and 1 more)"
    assert failure.text == (
        "scenarios/two.scenario.yaml:7: outcome: it was <'x'> & not \"y\" (at b)\n"
        "scenarios/two.scenario.yaml: said: nothing\n    Say it."
    )
    skipped = nameless.find("testcase/skipped")
    assert skipped is not None
    assert skipped.get("message") == "it was stopped before"


@given(st.text(st.characters()), st.text(st.characters()))
def test_no_text_breaks_the_document(name: str, words: str) -> None:
    results = [
        ScenarioResult(name, words, f"scenarios/{name}", [Failure(words, name, 1, words, name)]),
        ScenarioResult(name, name, words, path=[name, words], skipped=words),
    ]
    text = junit(SuiteResult(results, none_of(PLAN)))
    root = ET.fromstring(text.encode())
    assert len(root.findall("testsuite/testcase")) == 2


def test_control_characters_become_the_sign_for_what_cannot_be_shown() -> None:
    results = [ScenarioResult("a\x00\x1b[31m\ud800b", "j", "f", [Failure("x\ufffe\x07", "f")])]
    root = ET.fromstring(junit(SuiteResult(results, none_of(PLAN))).encode())
    case = root.find("testsuite/testcase")
    assert case is not None
    assert case.get("name") == "a\ufffd\ufffd[31m\ufffdb"
    assert case[0].get("message") == "x\ufffd\ufffd"
