"""Resources and prompts of real servers: listed, kept in the catalog, read."""

import hashlib
from pathlib import Path

import pytest

from journeybuilder.connect.catalog import load_offers, save_catalog
from journeybuilder.contract.offers import Offers
from journeybuilder.contract.services import PromptGet, ResourceRead, ToolAnswer
from journeybuilder.errors import StepError
from tests.connect.pools import Opened, bad, good, library, opened, run
from tests.connect.servers.library import PICTURE

WAYS = [
    ("stdio", "2026"),
    ("stdio", "2025"),
    ("http", "2026"),
    ("http", "2025"),
    ("sse", "2025"),
]
PICTURE_BYTES = b"\x89PNG not really"


async def read(it: Opened, uri: str, timeout: float = 30.0) -> ToolAnswer:
    return await it.pool.read(ResourceRead("r1", "n1", "library", uri, timeout))


@pytest.mark.parametrize(("way", "era"), WAYS)
def test_resources_and_prompts_are_listed_in_every_way(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            state = await it.discover()
            assert (state.state, state.transport, state.protocol[:4]) == ("ready", way, era)
            offers = state.offers
            assert [each.uri for each in offers.resources] == [
                f"shop://page/{number}" for number in range(5)
            ]
            (template,) = offers.templates
            assert (template.label, template.description, template.mime, template.variables) == (
                "Articles", "All we know.", "text/markdown", ["topic", "lang"],
            )  # fmt: skip
            (prompt,) = offers.prompts
            assert (prompt.id, prompt.arguments[0].name, prompt.arguments[0].required) == (
                "library/greet", "who", True,
            )  # fmt: skip
            assert offers.notes == ()

    run(work())


def test_a_server_without_resources_is_fine(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("chatty", tmp_path), good(tmp_path)) as it:
            states = await it.pool.discover()
            assert [(state.state, state.offers) for state in states] == [("ready", Offers())] * 2

    run(work())


def test_a_list_of_resources_that_never_ends_is_left_with_a_note(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("endless_offers", tmp_path)) as it:
            state = await it.discover()
            assert state.state == "ready"
            assert 0 < len(state.offers.resources) <= 2000
            assert state.offers.notes == (
                "the pages of its list of resources never end",
                "its prompts could not be listed: out of order",
            )

    run(work())


def test_what_servers_offer_is_kept_in_the_catalog(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path)) as it:
            state = await it.discover()
            save_catalog(tmp_path, [state])
            assert load_offers(tmp_path) == {"library": state.offers}

    run(work())


@pytest.mark.parametrize(("way", "era"), WAYS)
def test_texts_json_and_bytes_are_read(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            assert (await read(it, "shop://hours")).value == {"mon": "9-17"}
            assert (await read(it, "shop://bare")).value == [1, 2]
            # A text that looks like a list is a text where its type says so.
            article = await read(it, "shop://articles/returns")
            assert article.value == "[Returns] take 14 days."
            logo = (await read(it, "shop://logo")).value
            digest = hashlib.sha256(PICTURE_BYTES).hexdigest()
            kept = tmp_path / "files" / f"{digest}.png"
            assert logo == {
                "kind": "resource",
                "mime": "image/png",
                "bytes": len(PICTURE_BYTES),
                "sha256": digest,
                "file": f"{tmp_path.name}/files/{digest}.png",
                "uri": "shop://logo",
            }
            assert kept.read_bytes() == PICTURE_BYTES
            assert PICTURE not in str(logo)

    run(work())


def test_a_text_that_is_too_long_is_cut_and_that_is_said(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path)) as it:
            answer = await read(it, "shop://long")
            assert answer.value.startswith("é\né\n")
            assert 600_000 < len(answer.value) < 700_000
            assert answer.note.startswith("The answer had 2,700,002 characters and was cut to")

    run(work())


def test_a_resource_that_is_not_there_fails_and_is_never_uncertain(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path)) as it:
            with pytest.raises(StepError) as caught:
                await read(it, "shop://nothing")
            error = caught.value
            assert (error.code, error.uncertain, error.message) == (
                "tool_failed",
                False,
                "the server of 'library/shop://nothing' says: Resource not found: shop://nothing",
            )
            with pytest.raises(StepError, match="there is no server 'libary'"):
                await it.pool.read(ResourceRead("r", "n", "libary", "shop://hours", 5))

    run(work())


def test_a_server_that_dies_while_a_resource_is_read_leaves_nothing_uncertain(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("dies_in_read", tmp_path)) as it:
            with pytest.raises(StepError) as caught:
                await it.pool.read(ResourceRead("r", "n", "dies_in_read", "a://b", 20))
            assert (caught.value.code, caught.value.uncertain) == ("unreachable", False)
            assert "exit status 9" in caught.value.message

    run(work())


@pytest.mark.parametrize(("way", "era"), [("stdio", "2026"), ("http", "2025")])
def test_a_prompt_gives_its_messages_as_texts(tmp_path: Path, way: str, era: str) -> None:
    async def work() -> None:
        async with opened(tmp_path, library(tmp_path, way, era)) as it:
            getting = PromptGet("r1", "n1", "library/greet", {"who": "Dana"}, 30)
            assert await it.pool.prompt(getting) == [
                {"role": "user", "content": "Greet Dana"},
                {"role": "user", "content": "from 9 to 17"},
                {"role": "assistant", "content": "[image: image/png]"},
            ]
            with pytest.raises(StepError) as caught:
                await it.pool.prompt(PromptGet("r1", "n1", "library/great", {}, 30))
            assert (caught.value.code, caught.value.uncertain) == ("bad_arguments", False)

    run(work())
