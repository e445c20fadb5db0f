"""All texts of a journey as a table for translators, and the same as CSV. Knows no Qt."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.document.findings import Path, near
from journeybuilder.document.model import Journey
from journeybuilder.errors import AuthorError
from journeybuilder.gui.forms.base import UNSET
from journeybuilder.gui.forms.text_variants import (
    by_language,
    channels_of,
    languages_of,
    with_words,
    words_at,
)
from journeybuilder.gui.forms.values import get_in
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.kinds import KINDS

_HEAD = ("node", "field", "channel")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_SHOWN = 12
_FIELDS = {"text": noop("Text"), "again": noop("Again"), "choices": noop("Choice")}


@dataclass(frozen=True, slots=True)
class TextRow:
    """One wording of a journey in all its languages.

    Attributes:
        path: From the node's settings to the text.
        channel: The channel that it is for, `default` for the others, "" where one serves all.
        words: By language, as they stand in the file; a plain text is the main language's.
    """

    node: str
    title: str
    path: Path
    channel: str
    words: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str, str]:
        """How a CSV file names it."""
        return (self.node, ".".join(map(str, self.path)), self.channel)

    @property
    def field_words(self) -> str:
        """The field for people: `Text`, `Choice 2`."""
        name = str(self.path[0])
        shown = tr(_FIELDS[name]) if name in _FIELDS else name.replace("_", " ").capitalize()
        number = next((part for part in self.path if isinstance(part, int)), None)
        return shown if number is None else f"{shown} {number + 1}"

    def missing(self, languages: Sequence[str]) -> list[str]:
        """The languages in which it says nothing."""
        given = [code for code, words in self.words.items() if words]
        return [one for one in languages if one not in given and one.split("-")[0] not in given]


def text_rows(journey: Journey) -> list[TextRow]:
    """Every text that customers read or hear, in the order of the file."""
    out: list[TextRow] = []
    for node in journey.nodes.values():
        kind = KINDS.get(node.kind)
        for use in kind.uses(node.settings) if kind is not None else ():
            if use.mark.role == "text" and use.value not in (None, "", {}):
                out += _rows_of(journey, node.id, title_of(node), use.path, use.value)
    return out


def _rows_of(journey: Journey, node: str, title: str, path: Path, value: Any) -> Iterable[TextRow]:
    if by_language(value) is None:
        yield TextRow(node, title, path, "", {journey.languages[0]: str(value)})
        return
    codes = languages_of(value, journey.languages)
    channels = list(dict.fromkeys(name for code in codes for name in channels_of(value, code)))
    if any(not channels_of(value, code) and words_at(value, (code,)) for code in codes):
        channels = ["", *channels]
    for channel in channels or [""]:
        places = {code: (code, channel) if channel else (code,) for code in codes}
        words = {code: words_at(value, place) for code, place in places.items()}
        yield TextRow(node, title, path, channel, {code: one for code, one in words.items() if one})


def languages_in(journey: Journey, rows: Iterable[TextRow]) -> list[str]:
    """The journey's languages, then those that only some text has."""
    return list(dict.fromkeys([*journey.languages, *(code for row in rows for code in row.words)]))


def edit_of(journey: Journey, changes: Iterable[tuple[TextRow, str, str]]) -> list[Edit]:
    """The edits that give rows other words.

    Args:
        journey: As it is now.
        changes: Row, language and its new words; empty ones take the language away.
    """
    main = journey.languages[0]
    values: dict[Path, Any] = {}
    for row, code, words in changes:
        path: Path = ("nodes", row.node, *row.path)
        if path not in values:
            values[path] = get_in(journey.data, path)
        before = values[path]
        channel = row.channel or ("default" if channels_of(before, code) else "")
        plain = by_language(before) is None and code == main and not channel
        place = () if plain else ((code, channel) if channel else (code,))
        values[path] = with_words(before, place, words or UNSET, main)
    return [_edit(path, value) for path, value in values.items()]


def _edit(path: Path, value: Any) -> Edit:
    # a text goes empty, never away: a choice that is gone would change what the others are
    return Edit("set", {"path": list(path), "value": "" if value is UNSET else value})


# --- CSV -------------------------------------------------------------------------------------------


def to_csv(journey: Journey) -> str:
    """The texts as CSV with a row of names: node, field, channel and a column for each language."""
    rows = text_rows(journey)
    codes = languages_in(journey, rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*_HEAD, *codes])
    for row in rows:
        writer.writerow([*row.key, *(_guarded(row.words.get(code, "")) for code in codes)])
    return out.getvalue()


def _guarded(words: str) -> str:
    """A text that a spreadsheet would take for a formula, told apart by a sign before it."""
    return f"'{words}" if words.startswith(_FORMULA) else words


def _unguarded(words: str) -> str:
    return words[1:] if words[:1] == "'" and words[1:].startswith(_FORMULA) else words


@dataclass(frozen=True)
class Import:
    """What a CSV file would change.

    Attributes:
        changes: Row, language, new words.
        problems: Lines that are left out, in words.
    """

    changes: Sequence[tuple[TextRow, str, str]] = ()
    problems: Sequence[str] = field(default_factory=list[str])


def from_csv(journey: Journey, data: bytes) -> Import:
    """What a CSV file of translations would change; empty cells change nothing.

    Raises:
        AuthorError: When the file is no table of texts at all.
    """
    lines = _table(_decoded(data))
    head = [cell.strip() for cell in lines[0][1]]
    codes = head[len(_HEAD) :]
    rows = {row.key: row for row in text_rows(journey)}
    known = languages_in(journey, rows.values())
    changes: list[tuple[TextRow, str, str]] = []
    problems: list[str] = []
    for code in codes:
        if code not in known:
            hint = near(code, known)
            words = tr("The column “{code}” is no language of this journey. {hint}", code=code, hint=hint)  # fmt: skip
            problems.append(words.strip())
    for number, cells in lines[1:]:
        key = tuple(cell.strip() for cell in cells[: len(_HEAD)])
        row = rows.get((key[0], key[1], key[2])) if len(key) == len(_HEAD) else None
        if row is None:
            problems.append(_unknown(number, key))
            continue
        for code, cell in zip(codes, cells[len(_HEAD) :], strict=False):
            words = _unguarded(cell.replace("\r\n", "\n"))
            if code in known and words and words != row.words.get(code, ""):
                changes.append((row, code, words))
    return Import(changes, _shortened(problems))


def _unknown(number: int, key: Sequence[str]) -> str:
    name = " / ".join(part for part in key if part)
    return tr("Line {n}: there is no text “{name}” in this journey.", n=number, name=name)


def _shortened(problems: list[str]) -> list[str]:
    more = len(problems) - _MOST_SHOWN
    return problems if more <= 0 else [*problems[:_MOST_SHOWN], tr("… and {n} more.", n=more)]


def _decoded(data: bytes) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            raise AuthorError(
                tr("The file is not written in UTF-8."),
                hint=tr("Save it as “CSV UTF-8” in your spreadsheet program."),
            ) from error
    return ""


def _table(text: str) -> list[tuple[int, list[str]]]:
    """The rows with the number of their line; commas, semicolons and tabs can part the cells.

    Raises:
        AuthorError: When it is no table of texts.
    """
    first = text.split("\n", 1)[0]
    sign = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            lines += [(reader.line_num, cells)] if any(map(str.strip, cells)) else []
    except csv.Error as error:
        raise AuthorError(
            tr("Line {n} is no row of a table: {why}.", n=reader.line_num, why=str(error)),
            hint=tr("Export the texts again and fill in that file."),
        ) from error
    head = [cell.strip().lower() for cell in lines[0][1]] if lines else []
    if head[: len(_HEAD)] != list(_HEAD) or len(head) == len(_HEAD):
        raise AuthorError(
            tr("The first line has to name the columns: node, field, channel and the languages."),
            hint=tr("Export the texts first and fill in that file."),
        )
    return lines
