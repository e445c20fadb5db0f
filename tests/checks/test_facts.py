from collections.abc import Mapping
from typing import Any

import pytest

from journeybuilder.checks.workspace import check_workspace


@pytest.mark.parametrize(
    ("settings", "code", "path", "hint"),
    [
        ({"servers": {"orders": {"trust": "outsde"}}}, "JB806", ("servers", "orders", "trust"), "'outside'"),
        ({"queues": ["desk"], "people": [{"name": "a", "queues": ["desk", "dsek"]}]}, "JB805",
         ("people", 0, "queues", 1), "Did you mean 'desk'?"),
        ({"people": [{"name": "a", "queues": ["desk"]}]}, "JB805", ("people", 0, "queues", 0), "none"),
    ],
)  # fmt: skip
def test_a_fact_about_nothing_that_is_known_is_found(
    settings: Mapping[str, Any], code: str, path: tuple[str | int, ...], hint: str
) -> None:
    (problem,) = check_workspace(settings, ["orders"], [])
    assert (problem.rule.code, problem.path) == (code, path)
    assert hint in problem.hint


def test_facts_of_another_form_are_left_to_the_form() -> None:
    settings = {
        "servers": {"orders": {"trust": 5}},
        "people": ["dana", {"queues": "desk"}],
        "queues": 3,
    }
    assert list(check_workspace(settings, ["orders"], [])) == []
