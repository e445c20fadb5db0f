"""Random campaigns: generated runs, what goes wrong in them, shortest scenarios, ways that none takes."""
