"""Writes files: a change with as few changed lines as possible, a new file, the canonical form."""

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any, NoReturn

from journeybuilder.document.forms import form_like
from journeybuilder.document.order import in_order
from journeybuilder.document.outline import outline
from journeybuilder.document.splice import NoSplice, apply, splices
from journeybuilder.document.style import block, same
from journeybuilder.document.tree import MappingNode, Tree, load
from journeybuilder.document.upgrade import UPGRADES, Upgrades
from journeybuilder.errors import AuthorError, OperatorError

_BOM = "\ufeff"
# How deep the smallest changed piece is looked for: anywhere, then whole nodes.
_DEPTHS = (1_000, 2)
_REASONS = {
    errno.ENOSPC: ("The disk is full.", "Make room and save again."),
    errno.EDQUOT: ("Your share of the disk is used up.", "Make room and save again."),
    errno.EFBIG: ("The system allows no file of this size.", "Raise the limit and save again."),
    errno.EROFS: ("The disk is read-only.", "Save to another place."),
    errno.EACCES: ("You may not write there.", "Check the permissions of the file and folder."),
    errno.EPERM: ("You may not write there.", "Check the permissions of the file and folder."),
}


def rewrite(text: str, new: Mapping[str, Any]) -> str:
    """The text changed as little as possible so that it says something else.

    Comments, the order of keys, quotes and untouched lines stay as they are; a text that already
    says it comes back as it is. The result has been read again and says exactly `new`.

    Raises:
        AuthorError: When the text is broken YAML, or `new` holds what no file can.
    """
    tree = load(text, "the file")
    if tree.findings and tree.marks.root is None:
        _refuse(tree)
    if same(tree.value, new):
        return text
    bom = _BOM if text.startswith(_BOM) else ""
    plain = text.removeprefix(_BOM)
    windows = "\r\n" in plain and plain.count("\r\n") == plain.count("\n") == plain.count("\r")
    if windows:
        plain = plain.replace("\r\n", "\n")
    if plain is not text:
        tree = load(plain, "the file")
    changed = _changed(plain, tree, new)
    return bom + (changed.replace("\n", "\r\n") if windows else changed)


def _changed(text: str, tree: Tree, new: Mapping[str, Any]) -> str:
    root, flaws = tree.marks.root, len(tree.findings)
    if not isinstance(root, MappingNode):
        return _checked(_below(text) + dump(new), new, 0)
    if root.value and new:
        for depth in _DEPTHS:
            try:
                out = apply(text, splices(text, root, tree.value, new, depth))
            except NoSplice:
                continue
            if _says(out, new, flaws):
                return out
    return _checked(outline(text, tree, new), new, 0)


def _below(text: str) -> str:
    """Comments of a file that says nothing, as the beginning of one that does."""
    return text if not text or text.endswith("\n") else text + "\n"


def _says(text: str, new: Mapping[str, Any], flaws: int) -> bool:
    tree = load(text, "the file")
    return len(tree.findings) <= flaws and same(tree.value, new)


def _checked(text: str, new: Mapping[str, Any], flaws: int) -> str:
    """The text, or a plain new one where comments got in the way.

    Raises:
        AuthorError: When neither can be read back.
    """
    for candidate in (text, "\n".join(block(new, 0)) + "\n"):
        if _says(candidate, new, flaws):
            return candidate
    raise AuthorError(
        "This cannot be written so that it reads back the same.",
        hint="Look for keys of more than 1,000 characters and for broken characters in texts.",
    )


def _refuse(tree: Tree) -> NoReturn:
    finding = tree.findings[0]
    place = f"line {finding.line}, column {finding.column}"
    raise AuthorError(f"The file cannot be read ({place}): {finding.message}", hint=finding.hint)


def dump(data: Mapping[str, Any]) -> str:
    """A new file in the format's own style.

    Raises:
        AuthorError: When the data holds what no file can: other types, endless numbers.
    """
    text = "\n".join(block(data, 0)) + "\n" if data else "{}\n"
    if _says(text, data, 0):
        return text
    raise AuthorError(
        "This cannot be written so that it reads back the same.",
        hint="Look for keys of more than 1,000 characters and for broken characters in texts.",
    )


def canonical(text: str, upgrades: Upgrades = UPGRADES) -> str:
    r"""The one form that `jb fmt` gives a file: order of keys, blanks, quotes; comments stay.

    Values do not change but for a file of an older version, which becomes one of today's; the
    canonical form of a canonical text is the text itself. Lines end with `\n`, without a byte order
    mark.

    Raises:
        AuthorError: When the text has a flaw as YAML.
    """
    tree = load(text, "the file")
    if tree.findings:
        _refuse(tree)
    plain = text.removeprefix(_BOM).replace("\r\n", "\n")
    tree = load(plain, "the file")
    if not isinstance(tree.marks.root, MappingNode):
        return plain
    data = upgrades.upgraded(tree.value, form_like(tree.value).name)
    return _checked(outline(plain, tree, in_order(data)), data, 0)


def save(path: Path, text: str) -> None:
    """Write a file so that at every moment it is either the old or the new one.

    A link stays a link and its target changes; the file keeps its permissions; missing folders are
    made.

    Raises:
        OperatorError: When the system does not allow it; the old file is then untouched.
        AuthorError: When the text holds half a character (a lone surrogate).
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise AuthorError(
            "The text holds half a character and cannot be saved.",
            where=str(path),
            hint=f"Delete what stands around character {error.start + 1}.",
        ) from error
    save_bytes(path, data)


def save_bytes(path: Path, data: bytes) -> None:
    """Write a file that is no text, e.g. an image, with the same care as `save`.

    Raises:
        OperatorError: When the system does not allow it; the old file is then untouched.
    """
    try:
        _replace(path.resolve(), data)
    except OSError as error:
        _give_up(path, error)


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    temporary = path.with_name(f".{path.name}.{token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Have the folder's new entry on the disk too, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _give_up(path: Path, error: OSError) -> NoReturn:
    unknown = (f"The system says: {error.strerror or 'no reason'}.", "Save to another place.")
    what, hint = _REASONS.get(error.errno or 0, unknown)
    raise OperatorError(
        f"The file could not be saved. {what}", where=str(path), hint=hint
    ) from error
