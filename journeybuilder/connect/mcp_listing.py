"""The lists that a server gives, page by page, each walked to its end and no further."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from mcp import MCPError
from mcp.client import Client
from mcp_types import INVALID_PARAMS, METHOD_NOT_FOUND, PaginatedRequestParams
from mcp_types import Prompt as SdkPrompt
from mcp_types import Resource as SdkResource
from mcp_types import ResourceTemplate as SdkTemplate
from pydantic import ValidationError

from journeybuilder.connect.mcp_words import visible
from journeybuilder.contract.offers import (
    Offers,
    Prompt,
    PromptArgument,
    Resource,
    ResourceTemplate,
)

MAX_PAGES = 200
MOST = 2000
_WORDS = 2000
_NONE = (METHOD_NOT_FOUND, INVALID_PARAMS)
Item = TypeVar("Item")
Page = Callable[[str | None], Awaitable[tuple[Sequence[Item], str | None]]]


async def walk(page: Page[Item], *, most: int = MAX_PAGES) -> tuple[list[Item], bool]:
    """Every item of a list; and whether it came to an end.

    A server that leads in circles is left after one round, one that never ends after `most` pages.

    Raises:
        MCPError: When the server does not answer the question.
    """
    out: list[Item] = []
    cursor: str | None = None
    seen: set[str] = set()
    for _ in range(most):
        items, cursor = await page(cursor)
        out += items
        if not cursor:
            return out, True
        if cursor in seen:
            break
        seen.add(cursor)
    return out, False


async def offers_of(client: Client, server: str) -> Offers:
    """The resources, templates and prompts of a server; a server may have none of them.

    What cannot be read is left out with a note: nothing here keeps its tools from being used.
    """
    lists = _Lists(client, server)
    has = client.server_capabilities
    with_resources, with_prompts = has.resources is not None, has.prompts is not None
    return Offers(
        resources=await lists.resources() if with_resources else (),
        templates=await lists.templates() if with_resources else (),
        prompts=await lists.prompts() if with_prompts else (),
        notes=tuple(lists.notes),
    )


class _Lists:
    def __init__(self, client: Client, server: str) -> None:
        self.notes: list[str] = []
        self._session = client.session
        self._server = server

    async def resources(self) -> tuple[Resource, ...]:
        async def page(cursor: str | None) -> tuple[Sequence[SdkResource], str | None]:
            got = await self._session.list_resources(params=_params(cursor))
            return got.resources, got.next_cursor

        items = await self._all("resources", page)
        made = {
            each.uri: Resource(
                self._server, each.uri, size=each.size, mime=each.mime_type or "", **_words(each)
            )
            for each in items
        }
        return tuple(made.values())

    async def templates(self) -> tuple[ResourceTemplate, ...]:
        async def page(cursor: str | None) -> tuple[Sequence[SdkTemplate], str | None]:
            got = await self._session.list_resource_templates(params=_params(cursor))
            return got.resource_templates, got.next_cursor

        items = await self._all("resource templates", page)
        made = {
            each.uri_template: ResourceTemplate(
                self._server, each.uri_template, mime=each.mime_type or "", **_words(each)
            )
            for each in items
        }
        return tuple(made.values())

    async def prompts(self) -> tuple[Prompt, ...]:
        async def page(cursor: str | None) -> tuple[Sequence[SdkPrompt], str | None]:
            got = await self._session.list_prompts(params=_params(cursor))
            return got.prompts, got.next_cursor

        made: dict[str, Prompt] = {}
        for each in await self._all("prompts", page):
            given = tuple(
                PromptArgument(
                    argument.name,
                    visible(argument.description or "", lines=True)[:_WORDS],
                    bool(argument.required),
                )
                for argument in each.arguments or ()
            )
            made[each.name] = Prompt(self._server, arguments=given, **_words(each))
        return tuple(made.values())

    async def _all(self, what: str, page: Page[Item]) -> list[Item]:
        try:
            items, ended = await walk(page)
        except MCPError as error:
            if error.code not in _NONE:
                self.notes.append(f"its {what} could not be listed: {visible(error.message)[:200]}")
            return []
        except ValidationError:
            self.notes.append(f"its {what} could not be listed: the list breaks the protocol")
            return []
        if not ended:
            self.notes.append(f"the pages of its list of {what} never end")
        if len(items) > MOST:
            self.notes.append(f"it lists {len(items):,} {what}; the first {MOST:,} are kept")
        return items[:MOST]


def _params(cursor: str | None) -> PaginatedRequestParams | None:
    return None if cursor is None else PaginatedRequestParams(cursor=cursor)


def _words(item: Any) -> dict[str, str]:
    return {
        "name": visible(item.name),
        "title": visible(item.title or ""),
        "description": visible(item.description or "", lines=True)[:_WORDS],
    }
