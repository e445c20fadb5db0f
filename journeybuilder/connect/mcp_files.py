"""Images, sounds and other bytes that servers give: kept in files by digest, and named by references.

A variable or an event holds the reference only, so that no Base64 text travels through a run.
"""

import base64
import binascii
import contextlib
import hashlib
import mimetypes
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from journeybuilder.connect.mcp_words import visible

LARGEST = 32 * 1024 * 1024
ROOM = 512 * 1024 * 1024
_TEXT = 100_000
_MIME = 100


class Files:
    """The folder for what servers give; where it would hold more than `room`, the oldest go.

    Attributes:
        folder: `.journeybuilder/files` of a workspace; made with the first file.
    """

    def __init__(self, folder: Path, *, largest: int = LARGEST, room: int = ROOM) -> None:
        self.folder = folder
        self.largest = largest
        self.room = room

    def shown(self, name: str) -> str:
        """A file's place as a reference gives it: from the workspace on."""
        return f"{self.folder.parent.name}/{self.folder.name}/{name}"

    def write(self, name: str, data: bytes) -> None:
        """Put the bytes into their file; blocks.

        Raises:
            OSError: When the folder cannot be written.
        """
        path = self.folder / name
        with contextlib.suppress(FileNotFoundError):
            os.utime(path)  # it counts as new
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self._make_room(len(data))
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _make_room(self, size: int) -> None:
        kept: list[tuple[Path, os.stat_result]] = []
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process makes room as well
                if path.is_file():
                    kept.append((path, path.stat()))
        total = sum(status.st_size for _, status in kept) + size
        for path, status in sorted(kept, key=lambda each: each[1].st_mtime):
            if total <= self.room:
                return
            path.unlink(missing_ok=True)
            total -= status.st_size


class Keeping:
    """Makes references while an answer is read, and keeps the bytes afterwards.

    Attributes:
        notes: What could not be kept, for people.
    """

    def __init__(self, files: Files) -> None:
        self.notes: list[str] = []
        self._files = files
        self._waiting: dict[str, bytes] = {}

    @property
    def needed(self) -> bool:
        """True where bytes wait to be written."""
        return bool(self._waiting)

    def blob(self, kind: str, data: object, mime: object, **more: Any) -> dict[str, Any]:
        """The reference for a Base64 text."""
        try:
            content = base64.b64decode(data if isinstance(data, str) else "", validate=True)
        except (binascii.Error, ValueError):
            self.notes.append(f"The {kind} is no valid Base64 and was not kept.")
            return {"kind": kind, "mime": _mime(mime), "bytes": 0, **more}
        return self._reference(kind, content, mime, more)

    def text(self, words: str, mime: object, **more: Any) -> dict[str, Any]:
        """The reference for a text inside of a resource; what is not long stays readable in it."""
        reference = self._reference("resource", words.encode("utf-8", "replace"), mime, more)
        return {**reference, "text": words} if len(words) <= _TEXT else reference

    def write(self) -> None:
        """Keep the bytes; runs in a thread. A full disk costs the file and not the answer."""
        for name, content in self._waiting.items():
            try:
                self._files.write(name, content)
            except OSError as error:
                why = error.strerror or type(error).__name__
                self.notes.append(f"{self._files.shown(name)} could not be written: {why}.")

    def _reference(
        self, kind: str, content: bytes, mime: object, more: Mapping[str, Any]
    ) -> dict[str, Any]:
        digest = hashlib.sha256(content).hexdigest()
        shown = _mime(mime)
        kept = {"kind": kind, "mime": shown, "bytes": len(content), "sha256": digest}
        if len(content) > self._files.largest:
            self.notes.append(f"The {kind} has {len(content):,} bytes and was not kept.")
            return {**kept, **more}
        name = digest + (mimetypes.guess_extension(shown) or "")
        self._waiting[name] = content
        return {**kept, "file": self._files.shown(name), **more}


def _mime(mime: object) -> str:
    """The type without parameters, as it may be shown."""
    return visible(mime.partition(";")[0].strip())[:_MIME] if isinstance(mime, str) else ""
