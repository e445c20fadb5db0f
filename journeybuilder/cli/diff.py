"""`jb diff`: what two versions of files say differently."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from journeybuilder.cli.output import clean, echo, print_json
from journeybuilder.cli.place import with_json
from journeybuilder.document.diff import Change, summary
from journeybuilder.document.versions import compare, content, files_below
from journeybuilder.errors import AuthorError
from journeybuilder.kinds import ports_of

_GIT = (7, 9)  # what git passes to an external diff; two more where it thinks a file was renamed
_SIGNS = {"node_added": ("+", "green"), "node_removed": ("-", "red"), "file_added": ("+", "green"),
    "file_removed": ("-", "red"), "moved": ("↔", "cyan"), "node_renamed": ("→", "cyan")}  # fmt: skip


@click.command("diff")
@click.argument("paths", nargs=-1, required=True, metavar="OLD NEW")
@with_json
def command(paths: tuple[str, ...], as_json: bool) -> int:
    """Say what differs between two files, or two workspaces, in meaning: OLD NEW.

    Nodes that were added, removed, renamed, rewired or moved, and settings that changed; comments
    and the order of lines do not count. The exit status is 0 for none, 1 for some, 2 for files that
    cannot be read.

    For `git diff` to show journeys like this, write into .gitattributes

    \b
        *.yaml    diff=journeybuilder
        mcp.json  diff=journeybuilder
        mcp.lock  diff=journeybuilder

    and run `git config diff.journeybuilder.command "jb diff"`. Git names seven words then, and the
    exit status is always 0, because git would stop at any other.
    """  # noqa: D301 - click wants the character itself
    if len(paths) in _GIT:
        return _for_git(paths[0], Path(paths[1]), Path(paths[4]))
    if len(paths) != 2:  # noqa: PLR2004
        raise click.UsageError("name two files or two folders: jb diff OLD NEW")
    old, new = Path(paths[0]), Path(paths[1])
    changes = dict(_changes(old, new))
    if as_json:
        listed = [
            {"file": file, "changes": [one.as_json() for one in some]}
            for file, some in changes.items()
        ]
        print_json({"files": listed, "changes": sum(map(len, changes.values()))})
    else:
        _print(changes, headed=old.is_dir())
    return 1 if changes else 0


def _changes(old: Path, new: Path) -> Iterator[tuple[str, Sequence[Change]]]:
    for path in (old, new):
        if not path.exists() and path.as_posix() != "/dev/null":
            raise click.UsageError(f"'{path}' does not exist")
    if old.is_dir() != new.is_dir():
        raise click.UsageError("name two files or two folders, not one of each")
    if old.is_dir():
        names = list(dict.fromkeys((*files_below(old), *files_below(new))))
        if not names:
            raise click.UsageError("neither folder holds files of a workspace")
        pairs = [(name, old / name, new / name) for name in names]
    else:
        named = new if new.suffix else old
        pairs = [(named.as_posix(), old, new)]
    for name, before, after in pairs:
        origins = (str(before), str(after))
        some = compare(name, content(before), content(after), ports_of, origins)
        if some:
            yield name, some


def _print(changes: Mapping[str, Sequence[Change]], *, headed: bool) -> None:
    for file, some in changes.items():
        if headed:
            echo(click.style(clean(file), bold=True))
        for one in some:
            sign, color = _SIGNS.get(one.what, ("~", "yellow"))
            echo(f"{'  ' if headed else ''}{click.style(sign, fg=color)} {clean(one.words)}")
    every = [one for some in changes.values() for one in some]
    echo(click.style(summary(every), dim=True))


def _for_git(name: str, old: Path, new: Path) -> int:
    echo(click.style(clean(name), bold=True))
    try:
        before, after = content(old), content(new)
        some = compare(name, before, after, ports_of)
    except AuthorError as error:
        echo(f"cannot be compared by meaning: {clean(error.what)}")
        _lines(old, new)
        return 0
    _print({name: some} if some else {}, headed=False)
    return 0


def _lines(old: Path, new: Path) -> None:
    before, after = (
        (content(path) or b"").decode("utf-8", "replace").splitlines() for path in (old, new)
    )
    for line in list(difflib.unified_diff(before, after, lineterm=""))[2:]:
        echo(clean(line))
