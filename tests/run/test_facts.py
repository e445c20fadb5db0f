"""One suite for every memory of customers: what is remembered, and that forgetting is forgetting."""

import asyncio
from pathlib import Path

from journeybuilder.connect.store_sqlite import SqliteJournal
from journeybuilder.contract.services import Fact
from tests.run.conformance import Kind, check, on_every_lasting_store, on_every_store, opened

LANGUAGE = Fact("language", "es", "service")
SIZE = Fact("size", {"shoe": 43, "fits": [True, None]}, "offers", until=500.0)


@on_every_store
def test_facts_are_recalled_by_their_customer(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as store:
            memory = store.memory()
            await memory.remember("C-1", [SIZE, LANGUAGE])
            await memory.remember("C-2", [Fact("language", "de")])
            assert await memory.recall("C-1", 100.0) == {"language": LANGUAGE, "size": SIZE}
            assert await memory.recall("C-2", 100.0) == {"language": Fact("language", "de")}
            assert await memory.recall("C-3", 100.0) == {}

    check(work)


@on_every_store
def test_a_fact_takes_the_place_of_the_one_with_its_name(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as store:
            memory = store.memory()
            await memory.remember("C-1", [SIZE])
            newer = Fact("size", 44, "service", until=900.0)
            for _ in range(2):  # a second time changes nothing
                await memory.remember("C-1", [newer])
            assert await memory.recall("C-1", 600.0) == {"size": newer}

    check(work)


@on_every_store
def test_a_fact_past_its_time_is_not_recalled_any_more(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as store:
            memory = store.memory()
            await memory.remember("C-1", [SIZE, LANGUAGE])
            assert set(await memory.recall("C-1", 499.9)) == {"language", "size"}
            assert set(await memory.recall("C-1", 500.0)) == {"language"}
            # it is gone, and not hidden: also for whoever asks with an earlier time
            assert set(await memory.recall("C-1", 100.0)) == {"language"}

    check(work)


@on_every_store
def test_a_recall_deletes_what_is_past_its_time_of_everybody(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as store:
            memory = store.memory()
            await memory.remember("C-1", [SIZE])
            await memory.recall("C-2", 500.0)
            assert await memory.recall("C-1", 100.0) == {}

    check(work)


@on_every_store
def test_forgetting_takes_some_facts_or_all_of_one_customer(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as store:
            memory = store.memory()
            for customer in ("C-1", "C-2"):
                await memory.remember(customer, [SIZE, LANGUAGE, Fact("name", "Ana")])
            await memory.forget("C-1", ["size", "never known"])
            assert set(await memory.recall("C-1", 1.0)) == {"language", "name"}
            await memory.forget("C-1", None)
            await memory.forget("C-3", None)
            assert await memory.recall("C-1", 1.0) == {}
            assert set(await memory.recall("C-2", 1.0)) == {"language", "name", "size"}

    check(work)


@on_every_store
def test_many_tasks_remember_at_once(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as store:
            memory = store.memory()
            facts = [Fact(f"f{number}", number) for number in range(100)]
            await asyncio.gather(*(memory.remember("C-1", [fact]) for fact in facts))
            found = await memory.recall("C-1", 1.0)
            assert sorted(fact.value for fact in found.values()) == list(range(100))

    check(work)


@on_every_lasting_store
def test_facts_are_there_after_reopening(kind: Kind, tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(kind, tmp_path) as store:
            await store.memory().remember("C-1", [LANGUAGE])
        async with opened(kind, tmp_path) as again:
            assert await again.memory().recall("C-1", 1.0) == {"language": LANGUAGE}

    check(work)


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_what_is_forgotten_stands_in_no_file_any_more(tmp_path: Path) -> None:
    async def work() -> None:
        store = SqliteJournal(tmp_path / "runs.db")
        memory = store.memory()
        for number in range(50):
            secret = Fact("secret", f"the-secret-of-{number} " + "x" * 200)
            await memory.remember(f"C-{number}", [secret, LANGUAGE])
        assert b"the-secret-of-7 " in bytes_of(tmp_path)
        await memory.forget("C-7", None)
        await memory.forget("C-8", ["secret"])
        found = bytes_of(tmp_path)
        assert b"the-secret-of-7 " not in found
        assert b"the-secret-of-8 " not in found
        assert b"the-secret-of-9 " in found
        await store.close()

    check(work)


def test_what_is_past_its_time_leaves_the_file_when_it_is_opened(tmp_path: Path) -> None:
    async def work() -> None:
        store = SqliteJournal(tmp_path / "runs.db")
        await store.memory().remember("C-1", [Fact("secret", "the-secret", until=1000.0)])
        await store.close()
        assert b"the-secret" in bytes_of(tmp_path)
        again = SqliteJournal(tmp_path / "runs.db")  # the time of 1000.0 was in 1970
        await again.close()
        assert b"the-secret" not in bytes_of(tmp_path)

    check(work)
