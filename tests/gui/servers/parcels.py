"""A small MCP server over stdio: tells where a parcel is."""

from typing import TypedDict

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations

server = MCPServer("parcels")


class Parcel(TypedDict):
    """Where a parcel is."""

    place: str
    days: int


@server.tool(title="Find a parcel", annotations=ToolAnnotations(read_only_hint=True))
def find(number: str) -> Parcel:
    """Where a parcel is, by its number."""
    return Parcel(place=f"Lyon, shelf {number[-1]}", days=2)


if __name__ == "__main__":
    server.run("stdio")
