"""An open journey: its draft, edits, undo, files, and what is kept of it."""
