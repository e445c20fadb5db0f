"""Edits of whole journeys and workspaces that must know what the settings of a node mean."""
