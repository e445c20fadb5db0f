"""Recordings that somebody has edited: what does not fit is named with its line."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.errors import AuthorError
from journeybuilder.rehearse.recorded.recording import load_recording

GOOD_CALLS: Mapping[str, Mapping[str, Any]] = {
    "tool": {"request": {"tool": "a/b", "arguments": {}}, "answer": {"value": 1}},
    "model": {"request": {"model": "fast", "messages": []}, "answer": {"text": "Hi"}},
    "resource": {"request": {"resource": "kb/x"}, "answer": {"value": "x"}},
    "prompt": {"request": {"prompt": "kb/y"}, "answer": [{"role": "user", "content": "x"}]},
}
CALL = {"id": "1", "name": "a", "arguments": {}}


def edited(place: Path, call: Mapping[str, Any], ended: Any = None) -> Path:
    """A recording whose third line is the call."""
    lines: list[Any] = [{"version": 1}, {"kind": "tool", **GOOD_CALLS["tool"]}, call]
    lines.append({"ended": {} if ended is None else ended})
    (place / "recordings").mkdir()
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (place / "recordings" / "x.jsonl").write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize("kind", GOOD_CALLS)
def test_a_call_with_no_more_than_it_needs_is_read(tmp_path: Path, kind: str) -> None:
    calls = load_recording(edited(tmp_path, {"kind": kind, **GOOD_CALLS[kind]}), "x").calls
    assert [call["kind"] for call in calls] == ["tool", kind]


@pytest.mark.parametrize(
    ("kind", "change", "told"),
    [
        ("tool", {"kind": "tol"}, "'kind' must be one of tool, model, resource, prompt"),
        ("tool", {"kind": ["tool"]}, "'kind' must be one of"),
        ("tool", {"request": None}, "'request' must be an object"),
        ("model", {"request": {"model": 5}}, "'model' of 'request' must be a text"),
        ("tool", {"error": {}}, "either 'answer' or 'error'"),
        ("tool", {"answer": "x"}, "'answer' must have a 'value'"),
        ("resource", {"answer": {}}, "'answer' must have a 'value'"),
        ("prompt", {"answer": ["x"]}, "'answer' must be a list of messages"),
        ("prompt", {"answer": {"role": "user"}}, "'answer' must be a list of messages"),
        ("model", {"answer": None}, "'answer' must be an object"),
        ("model", {"answer": {"tokens_in": "many"}}, "'tokens_in' of 'answer'"),
        ("model", {"answer": {"tokens_out": None}}, "'tokens_out' of 'answer'"),
        ("model", {"answer": {"cost_usd": "cheap"}}, "'cost_usd' of 'answer'"),
        ("model", {"answer": {"text": ["Hi"]}}, "'text' of 'answer'"),
        ("model", {"answer": {"tool_calls": {}}}, "'tool_calls' of 'answer' must be a list"),
        ("model", {"answer": {"tool_calls": [{**CALL, "arguments": "{}"}]}}, "each of 'tool_calls'"),
        ("model", {"answer": {"tool_calls": ["a"]}}, "each of 'tool_calls'"),
    ],
)  # fmt: skip
def test_a_line_with_a_wrong_type_is_named_with_what_is_wrong(
    tmp_path: Path, kind: str, change: Mapping[str, Any], told: str
) -> None:
    with pytest.raises(AuthorError) as caught:
        load_recording(edited(tmp_path, {"kind": kind, **GOOD_CALLS[kind], **change}), "x")
    assert told in caught.value.what
    assert caught.value.where.endswith("x.jsonl:3")
    assert "Correct the line" in caught.value.hint


@pytest.mark.parametrize("error", ["broken", {"code": 5, "message": ""}, {"code": "x"},
                                   {"code": "x", "message": "y", "detail": []}])  # fmt: skip
def test_a_recorded_error_of_a_wrong_type_is_named(tmp_path: Path, error: Any) -> None:
    request = GOOD_CALLS["tool"]["request"]
    place = edited(tmp_path, {"kind": "tool", "request": request, "error": error})
    with pytest.raises(AuthorError, match="'error' must be") as caught:
        load_recording(place, "x")
    assert caught.value.where.endswith("x.jsonl:3")


@pytest.mark.parametrize("ended", [[], {"stand_ins": "x"}, {"stand_ins": [["x"]]}])
def test_a_wrong_end_of_a_recording_is_named(tmp_path: Path, ended: Any) -> None:
    call = {"kind": "tool", **GOOD_CALLS["tool"]}
    with pytest.raises(AuthorError, match="'ended'") as caught:
        load_recording(edited(tmp_path, call, ended), "x")
    assert caught.value.where.endswith("x.jsonl:4")


def test_separators_of_lines_within_a_text_are_no_new_lines(tmp_path: Path) -> None:
    call = {"kind": "tool", **GOOD_CALLS["tool"], "answer": {"value": "a\u2028b\x85c"}}
    assert load_recording(edited(tmp_path, call), "x").calls[1]["answer"] == call["answer"]
