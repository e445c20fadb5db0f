"""Draw, check, rehearse and run AI customer journeys over MCP tools."""

__version__ = "0.1.0"
