"""Making a scenario of a run."""
