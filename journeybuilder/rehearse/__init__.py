"""Rehearsals: the same engine with services from a scenario, a schema or a person at the screen."""
