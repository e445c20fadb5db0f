"""One suite for every run store: whoever stores runs keeps these promises."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.contract.journal import Batch, Journal
from journeybuilder.errors import ConflictError, StoreError
from tests.run.conformance import (
    Kind,
    batch,
    check,
    names,
    new,
    on_every_lasting_store,
    on_every_store,
    opened,
)


@on_every_store
def test_events_come_back_in_the_order_of_appending(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.create(new())
            await journal.append(batch(1, "a", "b"))
            await journal.append(batch(3, "ü"))
            assert await names(journal) == ["started", "a", "b", "ü"]
            row = await journal.row("r-1")
            assert row is not None
            assert (row.version, row.status, row.created, row.updated) == (4, "running", 100, 101)

    check(work)


@on_every_store
def test_events_behind_any_version_are_given_also_in_the_middle_of_an_append(
    kind: Kind, tmp_path: Path
) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.create(new())
            await journal.append(batch(1, "a", "b", "c"))
            await journal.append(batch(4, "d"))
            whole = ["started", "a", "b", "c", "d"]
            for after in range(7):
                assert await names(journal, after=after) == whole[after:]
            assert await names(journal, "r-2") == []

    check(work)


@on_every_store
def test_values_come_back_as_they_were(kind: Kind, tmp_path: Path) -> None:
    values = [0, -1, 2**70, 1.5, 1e300, 0.1, True, False, None, "", "a\0b", "\u2028", [], {}, [[{}]],
              {"": 1, "ü": [None]}]  # fmt: skip

    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.create(new())
            deep: list[Any] = []
            for _ in range(400):
                deep = [deep]
            event = {"event": "a", "values": values, "deep": deep}
            await journal.append(Batch("r-1", 1, 1, [event], "running", 101.0))
            (found,) = await journal.events("r-1", 1)
            assert found == event
            assert list(map(type, found["values"])) == list(map(type, values))

    check(work)


@on_every_store
def test_an_append_at_another_version_is_refused_and_keeps_nothing(
    kind: Kind, tmp_path: Path
) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.create(new())
            for version in (0, 2):
                with pytest.raises(ConflictError):
                    await journal.append(batch(version, "a", status="ended"))
            assert await names(journal) == ["started"]
            row = await journal.row("r-1")
            assert row is not None
            assert (row.status, row.version, row.updated) == ("running", 1, 100)

    check(work)


@on_every_store
def test_whoever_drove_a_run_before_it_was_claimed_can_write_no_more(
    kind: Kind, tmp_path: Path
) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.create(new(driver="first"))
            row = await journal.claim("r-1", "second")
            assert (row.epoch, row.driver, row.version) == (2, "second", 1)
            with pytest.raises(ConflictError):
                await journal.append(batch(1, "by the old driver", epoch=1))
            await journal.append(batch(1, "by the new driver", epoch=row.epoch))
            assert await names(journal, after=1) == ["by the new driver"]

    check(work)


@on_every_store
def test_every_claim_takes_an_epoch_of_its_own(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.create(new())
            rows = await asyncio.gather(*(journal.claim("r-1", f"d{n}") for n in range(10)))
            assert sorted(row.epoch for row in rows) == list(range(2, 12))
            now = await journal.row("r-1")
            assert now is not None
            (last,) = [row for row in rows if row.epoch == 11]
            assert (now.epoch, now.driver) == (11, last.driver)

    check(work)


@on_every_store
def test_of_many_appends_at_once_only_the_fitting_one_is_kept(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.create(new())
            tries = [journal.append(batch(1, f"try {number}")) for number in range(20)]
            results = await asyncio.gather(*tries, return_exceptions=True)
            refused = [result for result in results if isinstance(result, ConflictError)]
            assert (len(refused), len(await journal.events("r-1"))) == (19, 2)

    check(work)


@on_every_store
def test_a_refused_append_does_not_disturb_those_beside_it(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            runs = [f"r-{number}" for number in range(300)]
            await asyncio.gather(*(journal.create(new(run)) for run in runs))
            fenced = set(runs[::7])
            await asyncio.gather(*(journal.claim(run) for run in fenced))
            tries = (journal.append(batch(1, "a", "b", run=run)) for run in runs)
            results = await asyncio.gather(*tries, return_exceptions=True)
            refused = {run for run, result in zip(runs, results, strict=True) if result}
            assert refused == fenced
            for run in runs:
                expected = ["started"] if run in fenced else ["started", "a", "b"]
                assert await names(journal, run) == expected

    check(work)


@on_every_store
def test_many_tasks_write_their_runs_at_once(kind: Kind, tmp_path: Path) -> None:
    async def one(store: Journal, number: int) -> None:
        run = f"r-{number}"
        await store.create(new(run))
        for step in range(5):
            await store.append(batch(1 + 2 * step, f"a{step}", f"b{step}", run=run))

    async def work() -> None:
        async with opened(kind, tmp_path) as store:
            await asyncio.gather(*(one(store, number) for number in range(200)))
            whole = ["started", *(f"{c}{step}" for step in range(5) for c in "ab")]
            for number in range(200):
                assert await names(store, f"r-{number}") == whole
            assert len(await store.rows(limit=1000)) == 200

    check(work)


@on_every_store
def test_an_append_without_events_sets_the_run_only(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.create(new())
            await journal.append(batch(1, status="parked", due=5.0))
            await journal.append(batch(1, "a", status="ended"))
            assert await names(journal) == ["started", "a"]

    check(work)


@on_every_store
def test_a_run_is_created_once(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            tries = (journal.create(new(at=float(number))) for number in range(5))
            results = await asyncio.gather(*tries, return_exceptions=True)
            assert sum(isinstance(result, ConflictError) for result in results) == 4
            assert await names(journal) == ["started"]
            with pytest.raises(KeyError):
                await journal.claim("r-2")
            assert await journal.row("r-2") is None

    check(work)


@on_every_store
def test_parked_runs_are_found_when_their_moment_has_come(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            waiting = {"kind": "customer", "node": "a", "waits": [{"kind": "time"}]}
            for number in range(4):
                await journal.create(new(f"r-{number}"))
            for number, due in enumerate((500.0, 300.0, None)):
                await journal.append(
                    batch(1, "parked", run=f"r-{number}", status="parked", due=due,
                          waiting_for=waiting)
                )  # fmt: skip
            assert await journal.due(299.0) == []
            assert [row.run for row in await journal.due(300.0)] == ["r-1"]
            rows = await journal.due(500.0)
            assert [(row.run, row.due) for row in rows] == [("r-1", 300.0), ("r-0", 500.0)]
            assert rows[0].waiting_for == waiting
            assert [row.run for row in await journal.due(500.0, limit=1)] == ["r-1"]
            await journal.append(batch(2, "resumed", run="r-1"))
            assert [row.run for row in await journal.due(500.0)] == ["r-0"]
            gone_on = await journal.row("r-1")
            assert gone_on is not None
            assert (gone_on.due, gone_on.waiting_for) == (None, None)

    check(work)


@on_every_store
def test_runs_are_listed_the_last_changed_first(kind: Kind, tmp_path: Path) -> None:
    states = ["running", "parked", "ended", "failed", "cancelled", "running", "parked"]

    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            for number, status in enumerate(states):
                await journal.create(new(f"r-{number}"))
                await journal.append(
                    batch(1, "a", run=f"r-{number}", status=status, at=200.0 + number)
                )
            listed = [row.run for row in await journal.rows()]
            assert listed == [f"r-{number}" for number in reversed(range(7))]
            assert [row.run for row in await journal.rows(limit=2)] == ["r-6", "r-5"]
            assert [row.run for row in await journal.rows(status="parked")] == ["r-6", "r-1"]
            assert [row.run for row in await journal.rows(status="running")] == ["r-5", "r-0"]
            assert [row.run for row in await journal.rows(status="running", limit=1)] == ["r-5"]

    check(work)


@on_every_store
def test_half_a_character_is_stored_as_it_is(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.create(new())
            await journal.append(batch(1, "cut \ud83d off", "\U0001f600"))
            assert await names(journal, after=1) == ["cut \ud83d off", "\U0001f600"]

    check(work)


@on_every_store
def test_a_plan_is_kept_under_its_digest(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.save_plan("sha256:x", "first")
            await journal.save_plan("sha256:x", "second")
            assert await journal.plan("sha256:x") == "first"
            assert await journal.plan("sha256:y") is None

    check(work)


@on_every_store
def test_old_runs_that_are_over_are_pruned_and_no_others(kind: Kind, tmp_path: Path) -> None:
    states = ["running", "parked", "ended", "failed", "cancelled", "ended"]

    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            for number, status in enumerate(states):
                run = f"r-{number}"
                await journal.create(new(run))
                await journal.append(batch(1, "a", run=run, status=status, at=200.0 + number))
            assert await journal.prune(205.0, limit=2) == 2
            assert await journal.prune(205.0) == 1
            assert await journal.prune(205.0) == 0
            left = {row.run for row in await journal.rows()}
            assert left == {"r-0", "r-1", "r-5"}
            assert await names(journal, "r-2") == []
            assert await names(journal, "r-5") == ["started", "a"]

    check(work)


@on_every_lasting_store
def test_what_was_written_is_there_after_reopening(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.save_plan("sha256:x", "the plan")
            await journal.create(new(driver="first"))
            await journal.append(batch(1, "a", status="parked", due=7.0, waiting_for={"kind": "x"}))
            before = await journal.row("r-1")
        async with opened(kind, tmp_path) as again:
            assert await names(again) == ["started", "a"]
            assert await again.row("r-1") == before
            assert await again.plan("sha256:x") == "the plan"
            assert [row.run for row in await again.due(8.0)] == ["r-1"]

    check(work)


@on_every_lasting_store
def test_two_that_have_the_store_open_see_and_fence_each_other(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as one, opened(kind, tmp_path) as other:
            await one.create(new())
            row = await other.claim("r-1")
            with pytest.raises(ConflictError):
                await one.append(batch(1, "late"))
            await other.append(batch(1, "a", epoch=row.epoch))
            assert await names(one) == ["started", "a"]

    check(work)


@on_every_lasting_store
def test_a_closed_store_says_so(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as journal:
            await journal.create(new())
        with pytest.raises(StoreError, match="closed"):
            await journal.append(batch(1, "a"))
        await journal.close()  # a second time does nothing

    check(work)
