"""The open workspace: its servers, tools, files, and what forms may offer of it."""
