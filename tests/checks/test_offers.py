"""Resources and prompts against what servers offer: what is right, or not known, has no finding."""

import json
from dataclasses import replace

import pytest

from journeybuilder.checks.offers import is_one
from journeybuilder.contract.offers import Offers
from tests.checks.broken import KB, READ, WORLD, WRITE, problems


@pytest.mark.parametrize(
    "nodes",
    [
        READ % ("articles://start", ""),
        READ % ("articles://{topic}/{+rest}", "topic: x, rest: y"),
        READ % ("articles://{name}/{part}", "name: x, part: y"),
        READ % ("articles://returns/{part}", "part: y"),
        READ % ("articles://returns/how/long", ""),
        WRITE % ("kb/sum_up", "text: x, tone: y"),
    ],
)
def test_what_is_offered_has_no_finding(nodes: str) -> None:
    assert problems(nodes) == []


@pytest.mark.parametrize("nodes", [READ % ("zz:1", ""), WRITE % ("kb/other", "any: x")])
def test_nothing_is_said_of_what_nobody_has_asked_for_or_was_not_listed_to_its_end(
    nodes: str,
) -> None:
    assert len(problems(nodes)) == 1
    part = Offers(KB.resources, KB.templates, KB.prompts, notes=("its prompts never end",))
    for offers in ({}, {"other": KB}, {"kb": part}):
        assert problems(nodes, known=replace(WORLD, offers=offers)) == []


def test_that_a_list_is_not_whole_is_remembered() -> None:
    part = replace(KB, notes=("its prompts never end",))
    for each in (part, KB):
        assert Offers.from_json("kb", json.loads(json.dumps(each.as_json()))) == each


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a://x", "a://x", True),
        ("a://{x}", "a://{y}", True),
        ("a://{x}/c", "a://b/{y}", True),
        ("a://x", "a://y", False),
        ("a://x.y", "a://x_y", False),
        ("b://{x}", "a://{x}", False),
    ],
)
def test_addresses_are_the_same_when_some_value_makes_them_so(
    one: str, other: str, same: bool
) -> None:
    assert is_one(one, other) is same
    assert is_one(other, one) is same
