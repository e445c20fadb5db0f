"""An import that takes seconds and can be called off, so that nobody who leaves early waits for it."""

import sys
import threading
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType, TracebackType

from typing_extensions import override


class CalledOff(BaseException):
    """The import was called off; no `except Exception` on the way swallows it."""


class SlowImport(MetaPathFinder):
    """Imports a package in the block of a `with`; `call_off` ends that from another thread.

    It ends at the next module of the package itself: there no other package is half imported. What was
    imported of the package is forgotten, so that a later import begins anew.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._thread = 0
        self._off = False

    def call_off(self) -> None:
        """End the import that is going on, if there is one."""
        self._off = self._thread != 0

    def __enter__(self) -> None:
        self._thread, self._off = threading.get_ident(), False
        sys.meta_path.insert(0, self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        sys.meta_path.remove(self)
        self._thread = 0
        if kind is not None:
            for name in [name for name in sys.modules if name.partition(".")[0] == self._package]:
                sys.modules.pop(name)

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        ours = fullname.partition(".")[0] == self._package
        if ours and self._off and threading.get_ident() == self._thread:
            raise CalledOff
        return None
