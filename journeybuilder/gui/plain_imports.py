"""Lets `import` be Python's own again.

PySide6 puts a hook of its own into every import, for a feature (`from __feature__ import …`) that is
not used here. It reads the source text of each module that is imported, which is a fifth of the time
that the program takes to open.
"""

import builtins

import PySide6.QtCore  # noqa: F401 # pyright: ignore[reportUnusedImport] - it sets the hook

_PLAIN = getattr(builtins, "__orig_import__", None)
if _PLAIN is not None:
    builtins.__import__ = _PLAIN
