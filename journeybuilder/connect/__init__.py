"""The world: MCP servers, models, channels, stores, secrets."""
