"""A small MCP server over stdio whose one tool never gives an answer."""

import asyncio
from typing import TypedDict

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations

server = MCPServer("parcels")


class Parcel(TypedDict):
    """Where a parcel is."""

    place: str
    days: int


@server.tool(title="Find a parcel", annotations=ToolAnnotations(read_only_hint=True))
async def find(number: str) -> Parcel:
    """Where a parcel is, by its number."""
    await asyncio.Event().wait()
    return Parcel(place=number, days=0)


if __name__ == "__main__":
    server.run("stdio")
