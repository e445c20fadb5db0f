"""Versions of a file of any kind compared and merged: what the file's name says decides how."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from journeybuilder.document import forms
from journeybuilder.document.diff import (
    Change,
    diff_journeys,
    diff_layouts,
    diff_values,
    whole_file,
)
from journeybuilder.document.edit import PortsOf
from journeybuilder.document.forms import form_of, read_source
from journeybuilder.document.jsonc import JsonError, load_jsonc
from journeybuilder.document.merge import (
    Conflict,
    Merged,
    merge_journeys,
    merge_layouts,
    merge_values,
)
from journeybuilder.document.merged_text import merged_text
from journeybuilder.document.model import Journey, Layout, mapping
from journeybuilder.document.source import Source
from journeybuilder.document.style import same
from journeybuilder.document.tree import load
from journeybuilder.document.workspace import (
    JOURNEY_ENDING,
    LAYOUT_ENDING,
    LOCK_FILE,
    MODELS_FILE,
    SCENARIO_ENDING,
    SERVERS_FILE,
    SETTINGS_FILE,
    read_bytes,
)
from journeybuilder.errors import AuthorError

_PARTS = (
    (".", (SETTINGS_FILE, SERVERS_FILE, MODELS_FILE, LOCK_FILE)),
    ("journeys", (JOURNEY_ENDING, LAYOUT_ENDING)),
    ("scenarios", (SCENARIO_ENDING,)),
    ("policies", (".cedar",)),
)


def content(path: Path) -> bytes | None:
    """The bytes of a file; None where there is none (git names `/dev/null` for that).

    Raises:
        AuthorError: When there is something and it cannot be read.
    """
    if path.as_posix() == "/dev/null" or path.name.lower() == "nul" or not path.exists():
        return None
    data = read_bytes(path)
    if isinstance(data, str):
        raise AuthorError(f"The file cannot be read. {data}", where=str(path))
    return data


def files_below(folder: Path) -> Iterator[str]:
    """The names of a workspace's files that are there, with `/` between folders."""
    for part, endings in _PARTS:
        place = folder / part
        if place.is_dir():
            for path in sorted(place.iterdir()):
                if path.name.endswith(endings) and (part != "." or path.name in endings):
                    yield path.relative_to(folder).as_posix()


def compare(
    file: str,
    old: bytes | None,
    new: bytes | None,
    ports_of: PortsOf,
    origins: Sequence[str] = (),
) -> Sequence[Change]:
    """What two versions of a file say differently.

    Args:
        file: Its name, which says what kind of file it is.
        old: Its bytes before; None where it was not there.
        new: Its bytes after; None where it is gone.
        ports_of: The ways out of a node.
        origins: What to call the two where one cannot be read; `file` for both when empty.

    Raises:
        AuthorError: When one of the versions cannot be read.
    """
    if old is None or new is None:
        if old is new:
            return []
        added = old is None
        return [
            whole_file(
                *(
                    ("file_added", "the file is new")
                    if added
                    else ("file_removed", "the file is gone")
                )
            )
        ]
    if old == new:
        return []
    if file.endswith(".cedar"):
        return [whole_file("text_changed", "its text differs")]
    before, after = origins or (file, file)
    if file.endswith(".json"):
        return diff_values(_json(before, old), _json(after, new))
    return _differ(_source(file, old, before), _source(file, new, after), ports_of)


def _differ(old: Source, new: Source, ports_of: PortsOf) -> Sequence[Change]:
    form = form_of(new.file, new.data)
    if form is forms.JOURNEY:
        return diff_journeys(Journey(old.data), Journey(new.data), ports_of)
    if form is forms.LAYOUT:
        return diff_layouts(Layout(old.data), Layout(new.data))
    return diff_values(old.data, new.data)


def merge(
    file: str,
    base: bytes | None,
    ours: bytes,
    theirs: bytes,
    ports_of: PortsOf,
    origins: Sequence[str] = (),
) -> tuple[str, Sequence[Conflict]]:
    """The text of two merged versions of a file, and what is left to decide.

    Args:
        file: Its name, which says what kind of file it is.
        base: The version that both sides began with; None where both made the file.
        ours: Our version.
        theirs: Their version.
        ports_of: The ways out of a node.
        origins: What to call the three where one cannot be read; `file` for all when empty.

    Raises:
        AuthorError: When one of the versions cannot be read, or ours cannot be changed.
    """
    if file.endswith(".json"):
        return _merge_json(file, base or b"{}", ours, theirs, origins)
    first, second, third = origins or (file, file, file)
    before = _source(file, base or b"{}", first)
    mine, others = _source(file, ours, second), _source(file, theirs, third)
    form = form_of(file, mine.data)
    if form is forms.JOURNEY:
        merged = merge_journeys(
            Journey(before.data), Journey(mine.data), Journey(others.data), ports_of
        )
    elif form is forms.LAYOUT:
        merged = merge_layouts(before.data, mine.data, others.data)
    else:
        merged = merge_values(before.data, mine.data, others.data)
    return merged_text(mine.text, others.text, merged), merged.conflicts


def _merge_json(
    file: str, base: bytes, ours: bytes, theirs: bytes, origins: Sequence[str]
) -> tuple[str, Sequence[Conflict]]:
    first, second, third = origins or (file, file, file)
    mine, others = _json(second, ours), _json(third, theirs)
    merged: Merged = merge_values(_json(first, base), mine, others)
    for value, data in ((mine, ours), (others, theirs)):
        if same(value, merged.value):
            return data.decode("utf-8"), merged.conflicts
    text = ours.decode("utf-8")
    try:
        json.loads(text.removeprefix("\ufeff"))
    except ValueError:
        raise AuthorError(
            "Both sides changed the file, and the comments in ours would be lost.",
            where=file,
            hint="Merge it by hand, or take the comments out first.",
        ) from None
    return json.dumps(merged.value, ensure_ascii=False, indent=2) + "\n", merged.conflicts


def _json(file: str, data: bytes) -> Mapping[str, Any]:
    try:
        return mapping(load_jsonc(data.decode("utf-8")).value)
    except (JsonError, UnicodeDecodeError) as error:
        words = error.message if isinstance(error, JsonError) else "it is not UTF-8"
        raise AuthorError(f"The file is no JSON: {words}.", where=file) from None


def _source(file: str, data: bytes, origin: str) -> Source:
    """A version of a file, which is called `origin` where it cannot be read.

    Raises:
        AuthorError: When nothing can be made of it.
    """
    source = read_source(data, file, form_of(file, mapping(load(data, file).value)))
    if not source.readable and source.findings and source.text.strip():
        first = source.findings[0]
        raise AuthorError(
            f"line {first.line}, column {first.column}: {first.message}",
            where=origin,
            hint=first.hint,
        )
    return source
