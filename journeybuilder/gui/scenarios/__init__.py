"""Scenarios in the editor: their files, their runs and what these took of a journey."""
