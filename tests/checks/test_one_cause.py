"""What follows from something wrong is no finding of its own, and what is right is none."""

from dataclasses import replace

import pytest

from journeybuilder.checks import Known
from journeybuilder.checks.wording import cut
from tests.checks.broken import LOOK, WORLD, problems


@pytest.mark.parametrize(
    ("nodes", "key", "word"),
    [
        ("a: {kind:say, text: Hi, next: z}", "kind:say", "kind"),
        ("a: {kind: say, text:Hi, next: z}", "text:Hi", "text"),
    ],
)
def test_a_blank_that_is_missing_after_a_colon_in_braces_is_the_one_finding(
    nodes: str, key: str, word: str
) -> None:
    (problem,) = problems(nodes)
    assert problem.path == ("nodes", "a", key)
    assert problem.hint == f"Did you mean '{word}'? A blank is missing after its colon."


@pytest.mark.parametrize(
    "nodes",
    [
        'a: {kind: ask, text: Hi, save: order-id, next: b}\nb: {kind: say, text: "${order-id}", next: z}',
        'a: {kind: ask, text: Hi, save: order id, next: b}\nb: {kind: say, text: "${order id}", next: z}',
        'a: {kind: ask, text: Hi, save: order-id, next: b}\nb: {kind: say, text: "${order_id}", next: z}',
        'a: {kind: ask, text: Hi, save: input, next: b}\nb: {kind: say, text: "${input}", next: z}',
        'a: {kind: ask, text: Hi, save: return, next: b}\nb: {kind: say, text: "${return}", next: z}',
        'a: {kind: set, values: {my-x: 1}, next: b}\nb: {kind: say, text: "${my-x} ${my_x}", next: z}',
        'a: {kind: tol, save: order, next: b}\nb: {kind: say, text: "${order.id}", next: z}',
        'a: {save: order, next: b}\nb: {kind: say, text: "${order.id}", next: z}',
        'a: {kind: sett, values: {x: 1}, next: b}\nb: {kind: say, text: "${x}", next: z}',
        "a: {kind: ask, text: Hi, timeout: 1m, next: z, on_timout: z}",
    ],
)
def test_the_uses_of_a_variable_whose_node_has_a_finding_have_none(nodes: str) -> None:
    (problem,) = problems(nodes)
    assert problem.node == "a"


def test_another_variable_that_is_not_set_is_found_beside_one_with_a_bad_name() -> None:
    nodes = 'a: {kind: ask, text: Hi, save: order-id, next: b}\nb: {kind: say, text: "${ordr}", next: z}'
    assert [each.rule.code for each in problems(nodes)] == ["JB204", "JB402"]


def test_two_names_that_nothing_sets_are_two_findings_of_one_text() -> None:
    found = problems('a: {kind: say, text: "${qqq} ${rrr} ${qqq}", next: z}')
    assert [each.message[:5] for each in found] == ["'qqq'", "'rrr'"]


@pytest.mark.parametrize(
    ("nodes", "head"),
    [
        ("a: {kind: ask, text: Hi, timeout: 1m, next: z, on_timeout: z}", ""),
        ("a: {kind: ask, text: Hi, next: z}", ""),
        (LOOK.replace("next: z", "timeout: 5s, next: z, on_error: z"), ""),
        (LOOK.replace("next: z", "timeout: 5s, next: z"), "on_error: z"),
    ],
)
def test_a_way_out_that_is_not_needed_may_stay_open(nodes: str, head: str) -> None:
    assert problems(nodes, head) == []


@pytest.mark.parametrize(
    "words", ["It costs $5 or {{nothing}}", "$nobody knows", "a$now", "$$now", "{now}"]
)
def test_what_only_looks_like_a_placeholder_is_text(words: str) -> None:
    assert problems(f'a: {{kind: say, text: "{words}", next: z}}') == []


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("{es: Hola}", ""),
        ("{en: Hi, es-MX: Hola}", "languages: [en, es]"),
        ("{en-GB: Hi}", "languages: [en]"),
        ("{en: {voice: Hi}}", ""),
        ("{en: {default: Hi}}", "channels: [chat]"),
    ],
)
def test_languages_and_channels_are_held_to_what_the_journey_says_it_has(
    text: str, head: str
) -> None:
    assert problems(f"a: {{kind: say, text: {text}, next: z}}", head) == []


def test_nothing_is_said_of_what_stands_in_files_that_cannot_be_read() -> None:
    nodes = (
        "a: {kind: tool, tool: x/y, next: b}\nb: {kind: generate, model: m, prompt: Hi, next: c}\n"
        "c: {kind: handoff, to: q, next: z}"
    )
    assert [each.rule.code for each in problems(nodes)] == ["JB502", "JB601", "JB701"]
    known = Known(unread=("mcp.json", "models.yaml", "journeybuilder.yaml"))
    assert problems(nodes, known=known) == []
    unseen = replace(WORLD, servers=("x",), unread=("mcp.lock", "models.yaml"))
    assert [each.rule.code for each in problems(nodes, known=unseen)] == ["JB701"]


@pytest.mark.parametrize("words", ["a", "a" * 80, "a\nb"])
def test_a_short_text_is_shown_whole(words: str) -> None:
    assert cut(words) == words.replace("\n", " ")


def test_of_a_long_text_the_piece_around_the_place_is_shown() -> None:
    text = "".join(f"{number:03} " for number in range(100))
    assert cut(text).startswith("000 001")
    assert cut(text, 200) != cut(text)
    assert text[199:202].strip() in cut(text, 200)
    assert all(len(cut(text, column)) <= 82 for column in range(400))
