"""The news of a run on their way into the window: gathered, in order, in slices."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from journeybuilder.gui.running.feed import MOST, Feed
from journeybuilder.gui.running.marks import in_journey
from journeybuilder.gui.running.totals import Totals, money


class Taken:
    """What came, batch by batch, and the calls between."""

    def __init__(self, feed: Feed) -> None:
        self.batches: list[list[dict[str, Any]]] = []
        self.order: list[object] = []
        feed.came.connect(self.take)

    def take(self, events: object) -> None:
        batch = cast("list[dict[str, Any]]", events)
        self.batches.append(batch)
        self.order += [event["seq"] for event in batch]

    def stop(self) -> None:
        self.order.append("stop")


@pytest.fixture
def feed(qapp: object) -> Iterator[Feed]:
    del qapp
    parent = QObject()
    made = Feed(parent)
    yield made
    made.clear()
    parent.deleteLater()


def test_events_that_come_close_together_are_handed_on_together(qtbot: QtBot, feed: Feed) -> None:
    taken = Taken(feed)
    for number in range(MOST):
        feed.put({"seq": number})
    assert taken.batches == []
    qtbot.waitUntil(lambda: bool(taken.batches))
    assert len(taken.batches) == 1
    assert taken.order == list(range(MOST))


def test_a_burst_is_handed_on_in_order_and_in_batches_of_a_bounded_size(
    qtbot: QtBot, feed: Feed
) -> None:
    taken = Taken(feed)
    many = 40 * MOST + 3
    for number in range(many):
        feed.put({"seq": number})
    qtbot.waitUntil(lambda: len(taken.order) == many)
    assert taken.order == list(range(many))
    assert max(len(batch) for batch in taken.batches) <= MOST
    assert len(taken.batches) == 41


def test_a_call_is_made_after_all_that_came_before_it_and_at_once_where_that_is_little(
    qtbot: QtBot, feed: Feed
) -> None:
    taken = Taken(feed)
    feed.put({"seq": 0})
    feed.put({"seq": 1})
    feed.then(taken.stop)
    assert taken.order == [0, 1, "stop"]
    for number in range(2, 5 * MOST):
        feed.put({"seq": number})
    feed.then(taken.stop)
    feed.put({"seq": 5 * MOST})
    qtbot.waitUntil(lambda: len(taken.order) == 5 * MOST + 3)
    assert taken.order == [0, 1, "stop", *range(2, 5 * MOST), "stop", 5 * MOST]


def test_what_is_forgotten_never_comes(qtbot: QtBot, feed: Feed) -> None:
    taken = Taken(feed)
    feed.put({"seq": 0})
    feed.clear()
    feed.put({"seq": 1})
    qtbot.waitUntil(lambda: bool(taken.order))
    assert taken.order == [1]


def test_places_of_a_run_are_told_to_each_journey_by_its_own_names() -> None:
    states = {"ask": "done", "inner/look": "running", "inner-two/look": "failed"}
    taken = [("ask", "next"), ("inner/look", "next")]
    assert in_journey("outer", "outer", states, taken) == ({"ask": "done"}, [("ask", "next")])
    assert in_journey("inner", "outer", states, taken) == ({"look": "running"}, [("look", "next")])
    assert in_journey("else", "outer", states, taken) == ({}, [])


def test_totals_say_what_is_known_of_the_price_and_that_a_stand_in_answered() -> None:
    totals = Totals()
    assert totals.words() == ""
    played = {"scripted": True, "cost_usd": 0.0, "tokens_in": 10, "tokens_out": 2}
    totals.add({"event": "answered", "effect": "tool", "answer": {}, "took": 0.25})
    totals.add({"event": "answered", "effect": "model", "answer": played})
    assert totals.words() == (
        "1 tool call · 1 model call (stand-in) · 12 tokens · 0 USD · 0.2 s"
    )  # fmt: skip
    paid = {"model": "x/y", "cost_usd": 0.0012, "tokens_in": 100, "tokens_out": 0}
    totals.add({"event": "answered", "effect": "model", "answer": paid})
    assert "2 model calls (1 by the stand-in) · 112 tokens · 0.0012 USD" in totals.words()
    totals.add({"event": "answered", "effect": "model", "answer": {**paid, "cost_usd": None}})
    assert "at least 0.0012 USD" in totals.words()


def test_money_has_as_many_digits_as_tell_something() -> None:
    assert [money(one) for one in (0.0, 0.0012, 0.35, 12.4)] == ["0", "0.0012", "0.35", "12.40"]
