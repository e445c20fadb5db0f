"""What goes to and fro beside a call's answer: progress, our key, cancellation, changed lists, floods."""

import asyncio
import hashlib
import os
from pathlib import Path

import pytest

from journeybuilder.connect.mcp_files import Files
from journeybuilder.contract.services import ToolCall
from tests.connect.pools import appears, bad, library, opened, run

WAYS = [("stdio", "2026"), ("stdio", "2025"), ("http", "2026"), ("http", "2025"), ("sse", "2025")]
every_way = pytest.mark.parametrize(("way", "era"), WAYS)


@every_way
def test_progress_is_told(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            told: list[tuple[float, float | None, str]] = []
            heard = asyncio.Event()

            def progress(done: float, total: float | None, words: str) -> None:
                told.append((done, total, words))
                if len(told) == 3:
                    heard.set()

            asked = ToolCall("r1", "n1", "library/steps", {}, 30, "k1", progress=progress)
            assert (await it.pool.call(asked)).value == "ok"
            await heard.wait()
            assert sorted(told, key=lambda each: each[0]) == [
                (1, 3, "looking"), (2, 3, ""), (3, None, "done"),
            ]  # fmt: skip

    run(work())


@every_way
def test_the_idempotency_key_travels_with_the_request(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            asked = ToolCall("r1", "n1", "library/meta", {}, 30, "r1-4-0")
            assert (await it.pool.call(asked)).value == "r1-4-0"

    run(work())


@every_way
def test_a_cancelled_call_is_cancelled_at_the_server(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            task = asyncio.create_task(it.call("library/wait"))
            await appears(tmp_path / "waiting")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await appears(tmp_path / "cancelled")

    run(work())


@every_way
def test_a_call_that_takes_too_long_is_cancelled_at_the_server(
    tmp_path: Path, way: str, era: str
) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            await it.discover()
            error = await it.failure("library/wait", timeout=0.5)
            assert (error.code, error.uncertain) == ("timeout", True)
            await appears(tmp_path / "cancelled")

    run(work())


@every_way
def test_changed_lists_are_asked_for_again_and_told(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            await it.discover()
            await it.call("library/learn")
            state = await it.until(
                lambda state: (
                    "learned" in [tool.name for tool in state.tools]
                    and "shop://new" in [each.uri for each in state.offers.resources]
                )
            )
            assert state.state == "ready"
            definition = await it.pool.definition("library/learned")
            assert definition is not None

    run(work())


@pytest.mark.parametrize(("way", "era"), [("stdio", "2026"), ("stdio", "2025"), ("http", "2025")])
def test_a_flood_of_notifications_harms_nothing(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            await it.discover()
            told: list[float] = []
            asked = ToolCall(
                "r", "n", "library/flood", {}, 60, "k", progress=lambda done, *_: told.append(done)
            )
            assert (await it.pool.call(asked)).value == "ok"
            assert (await it.call("library/meta")).value == "k1"
            assert len(told) <= 2000

    run(work())


def test_lists_are_asked_for_one_at_a_time_however_often_they_change(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("changes_all_the_time", tmp_path)) as it:
            await it.discover()
            assert (await it.call("changes_all_the_time/echo")).value == "ok"
            lists = int((await it.call("changes_all_the_time/lists")).value)
            assert 1 <= lists <= 5  # 3000 changes were told

    run(work())


@every_way
def test_pictures_sounds_and_pages_become_references(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            answer = await it.call("library/picture")
            words, picture, sound, label, page, link, broken = answer.value
            assert words == "here"
            digest = hashlib.sha256(b"ABC").hexdigest()
            assert sound["sha256"] == label["sha256"] == digest
            assert [each["kind"] for each in answer.value[1:]] == [
                "image", "audio", "resource", "resource", "link", "image",
            ]  # fmt: skip
            assert (label["mime"], label["uri"]) == ("application/pdf", "shop://label.pdf")
            assert (tmp_path / "files" / f"{digest}.pdf").read_bytes() == b"ABC"
            assert (page["text"], page["bytes"]) == ("9 to 17", 7)
            assert (link["uri"], "file" in link) == ("shop://logo", False)
            assert broken == {"kind": "image", "mime": "image/png", "bytes": 0}
            assert answer.note == "The image is no valid Base64 and was not kept."
            assert "QUJD" not in str(answer)
            assert picture["bytes"] == 15

    run(work())


def test_the_folder_of_files_is_bounded_and_the_oldest_go(tmp_path: Path) -> None:
    files = Files(tmp_path / "files", room=100)
    for number in range(5):
        files.write(f"{number}", bytes(40))
        for path in (tmp_path / "files").iterdir():
            # Later files count as newer, however fast the test is.
            stamp = path.stat().st_mtime_ns - 10**9
            os.utime(path, ns=(stamp, stamp))
    assert sorted(path.name for path in (tmp_path / "files").iterdir()) == ["3", "4"]


def test_a_file_that_another_process_has_deleted_meanwhile_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(tmp_path / "files", room=100)
    files.write("old", bytes(40))
    is_file = Path.is_file

    def gone(path: Path) -> bool:
        found = is_file(path)
        if path.name == "old":
            path.unlink()
        return found

    monkeypatch.setattr(Path, "is_file", gone)
    files.write("new", bytes(40))
    assert [path.name for path in (tmp_path / "files").iterdir()] == ["new"]


def test_bytes_that_are_too_many_are_named_and_not_kept(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path)) as it:
            it.pool._files.largest = 4
            answer = await it.call("library/picture")
            assert "file" not in answer.value[1]
            assert "The image has 15 bytes and was not kept." in answer.note
            assert [path.suffix for path in (tmp_path / "files").iterdir()] != [".png"]

    run(work())


def test_a_folder_that_cannot_be_written_costs_the_file_and_not_the_answer(tmp_path: Path) -> None:
    async def work() -> None:
        (tmp_path / "files").write_text("in the way")
        async with opened(tmp_path, library(tmp_path)) as it:
            answer = await it.call("library/picture")
            assert answer.value[1]["bytes"] == 15
            assert "could not be written" in answer.note

    run(work())
