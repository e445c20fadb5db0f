"""Tidy: layouts run elsewhere, are plain where graphlay fails, and end as one step."""

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas import layout_engine
from journeybuilder.gui.canvas.layout_engine import layered, tidy
from journeybuilder.gui.canvas.layout_worker import LayoutWorker
from journeybuilder.gui.canvas.model import NodeView
from journeybuilder.gui.canvas.routing import MANY
from journeybuilder.gui.canvas.view import CanvasView
from tests.gui.canvas.memory import MemoryModel
from tests.gui.canvas.samples import port

SIZES = dict.fromkeys("abcde", (240.0, 60.0))
EDGES = [("a", "b"), ("b", "c"), ("b", "d"), ("c", "e"), ("d", "e"), ("e", "a")]


def overlaps(places: dict[str, tuple[float, float]], sizes: dict[str, tuple[float, float]]) -> bool:
    boxes = [(x, y, x + sizes[i][0], y + sizes[i][1]) for i, (x, y) in places.items()]
    return any(
        a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
        for n, a in enumerate(boxes)
        for b in boxes[n + 1 :]
    )


@pytest.mark.parametrize("layout", [tidy, layered])
def test_a_layout_runs_from_left_to_right_with_retries_backward(layout: object) -> None:
    assert callable(layout)
    places = layout(SIZES, EDGES, "a")
    assert places.keys() == SIZES.keys()
    for source, target in EDGES[:-1]:
        assert places[source][0] + 240 < places[target][0]
    assert not overlaps(places, SIZES)


@given(
    st.integers(1, 14).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=30),
        )
    )
)
def test_the_plain_layout_places_every_node_of_any_graph_without_overlap(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    count, pairs = graph
    sizes = {str(i): (240.0, 60.0 + 20 * (i % 4)) for i in range(count)}
    edges = [(str(a), str(b)) for a, b in pairs if a != b]
    places = layered(sizes, edges, "0")
    assert places.keys() == sizes.keys()
    assert not overlaps(places, sizes)


def test_edges_to_unknown_nodes_and_to_oneself_are_left_out() -> None:
    places = tidy(SIZES, [("a", "a"), ("a", "zzz"), ("zzz", "b")], "nobody")
    assert places.keys() == SIZES.keys()


def test_a_layout_of_nothing_is_nothing() -> None:
    assert layered({}, [], "") == {}


def test_the_worker_lays_out_in_another_process(qtbot: QtBot) -> None:
    worker = LayoutWorker()
    with qtbot.waitSignal(worker.finished, timeout=20_000) as told:
        worker.start(SIZES, EDGES, "a")
    assert told.args is not None
    assert told.args[0] == tidy(SIZES, EDGES, "a")


@pytest.mark.parametrize(
    "command",
    [
        ["/no/such/program"],
        [sys.executable, "-c", "print('nonsense')"],
        [sys.executable, "-c", "raise SystemExit(3)"],
    ],
)
def test_where_the_process_fails_the_plain_layout_steps_in(
    qtbot: QtBot, command: list[str]
) -> None:
    worker = LayoutWorker()
    worker.command = command
    with qtbot.waitSignal(worker.finished, timeout=20_000) as told:
        worker.start(SIZES, EDGES, "a")
    assert told.args == [layered(SIZES, EDGES, "a")]


def test_a_process_that_hangs_is_ended_and_the_plain_layout_steps_in(qtbot: QtBot) -> None:
    worker = LayoutWorker(limit_ms=200)
    worker.command = [sys.executable, "-c", "import time; time.sleep(600)"]
    with qtbot.waitSignal(worker.finished, timeout=20_000) as told:
        worker.start(SIZES, EDGES, "a")
    assert told.args == [layered(SIZES, EDGES, "a")]


def test_a_cancelled_layout_says_nothing(qtbot: QtBot) -> None:
    worker = LayoutWorker()
    with qtbot.assertNotEmitted(worker.finished):
        worker.start(SIZES, EDGES, "a")
        worker.cancel()


@pytest.mark.parametrize("reduced", [True, False])
def test_tidy_moves_all_nodes_in_one_step(
    view: CanvasView, model: MemoryModel, qtbot: QtBot, reduced: bool
) -> None:
    view.reduced_motion = reduced
    with qtbot.waitSignal(model.nodes_moved, timeout=20_000):
        view.tidy()
    assert [intent[0] for intent in model.intents] == ["rearrange"]
    assert model.positions["which"][0] < model.positions["look_up"][0]
    assert {i: item.pos().toTuple() for i, item in view.board.nodes.items()} == model.positions
    cards = {i: (item.card().width(), item.card().height()) for i, item in view.board.nodes.items()}
    assert not overlaps(model.positions, cards)


def test_tidy_of_a_selection_leaves_the_others(
    view: CanvasView, model: MemoryModel, qtbot: QtBot
) -> None:
    before = dict(model.positions)
    with qtbot.waitSignal(model.nodes_moved, timeout=20_000) as told:
        view.tidy(["decide", "label", "too_late"])
    assert told.args is not None
    assert set(told.args[0]) == {"decide", "label", "too_late"}
    assert model.positions["bye"] == before["bye"]


def test_nodes_that_go_while_a_layout_runs_are_left_out(
    view: CanvasView, model: MemoryModel, qtbot: QtBot
) -> None:
    view.tidy()
    model.remove(("sorry",))
    with qtbot.waitSignal(model.nodes_moved, timeout=20_000):
        view.tidy()
    assert "sorry" not in model.intents[-1][1]


def many(count: int) -> MemoryModel:
    """So many steps in a row, all in one column."""
    names = [f"n{number}" for number in range(count)]
    nodes = [
        NodeView(one, "say", "say", "talk", one, "", (port("next", after, required=True),), ())
        for one, after in zip(names, [*names[1:], ""], strict=True)
    ]
    return MemoryModel(nodes, {one: (0.0, 100.0 * at) for at, one in enumerate(names)})


def test_very_many_nodes_are_put_in_place_piece_by_piece_and_as_one_step(
    view: CanvasView, qtbot: QtBot
) -> None:
    large = many(MANY + 20)
    view.set_model(large)
    with qtbot.waitSignal(large.nodes_moved, timeout=20_000):
        view.tidy()
    assert [intent[0] for intent in large.intents] == ["rearrange"]
    assert len({x for x, _ in large.positions.values()}) > 1
    assert {i: item.pos().toTuple() for i, item in view.board.nodes.items()} == large.positions
    view.set_model(None)


def test_very_many_nodes_that_are_called_back_are_where_they_were(
    view: CanvasView, qtbot: QtBot
) -> None:
    large = many(MANY + 20)
    view.set_model(large)
    before = dict(large.positions)
    areas = {i: item.card().translated(900, 40) for i, item in view.board.nodes.items()}
    view.glide.to(areas)
    qtbot.waitUntil(lambda: view.board.nodes["n0"].pos().toTuple() != before["n0"])
    view.glide.cancel()
    assert {i: item.pos().toTuple() for i, item in view.board.nodes.items()} == before
    assert large.intents == []
    view.set_model(None)


def test_the_engine_answers_a_request_as_a_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    request = {"nodes": {"a": [10, 10], "b": [10, 10]}, "edges": [["a", "b"]], "start": "a"}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(request)))
    layout_engine.main()
    answer = json.loads(capsys.readouterr().out)
    assert answer["a"][0] < answer["b"][0]
