"""Windows that ask, tell or show around."""
