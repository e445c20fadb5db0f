"""`jb merge`: two changes of one file made into one."""

from pathlib import Path

import click

from journeybuilder.cli.output import clean, echo, print_json
from journeybuilder.cli.place import with_json
from journeybuilder.document.versions import content, merge
from journeybuilder.document.write import save
from journeybuilder.kinds import ports_of


@click.command("merge")
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), required=True,
    help="Where the merged file goes; it may be one of the three.")  # fmt: skip
@click.option("--path", "name", help="The file's own name, where the three have others.")
@with_json
def command(
    base: Path, ours: Path, theirs: Path, out: Path, name: str | None, as_json: bool
) -> int:
    """Merge by meaning what two people changed in a file: BASE OURS THEIRS.

    Both changes hold where they are about different nodes, settings or list entries; a node that one
    side renamed and the other changed is both. OUT is our file with their changes, our comments and
    lines kept. Where both changed one place, OUT says what ours says, below a comment that begins
    with `# conflict:`; `jb check` finds each until somebody has decided. The exit status is 0 for
    a clean merge, 1 for conflicts, 2 for files that cannot be read (OUT is untouched then).

    For git to merge journeys like this, write into .gitattributes

    \b
        *.yaml    merge=journeybuilder
        mcp.lock  merge=journeybuilder

    and run

    \b
        git config merge.journeybuilder.name "journeys by meaning"
        git config merge.journeybuilder.driver "jb merge %O %A %B -o %A --path %P"
    """  # noqa: D301 - click wants the character itself
    mine, others = content(ours), content(theirs)
    for path, data in ((ours, mine), (theirs, others)):
        if data is None:
            raise click.UsageError(f"'{path}' does not exist")
    file = name or _name(out, ours, theirs)
    given = (content(base) or None, mine or b"", others or b"")
    text, conflicts = merge(file, *given, ports_of, _origins(name, base, ours, theirs))
    save(out, text)
    if as_json:
        print_json({"file": file, "conflicts": [one.as_json() for one in conflicts]})
        return 1 if conflicts else 0
    for one in conflicts:
        echo(f"{click.style('conflict', fg='red', bold=True)}: {clean(one.words)}", err=True)
    number = len(conflicts)
    if number:
        what = "1 conflict is" if number == 1 else f"{number} conflicts are"
        echo(f"{what} left in {clean(file)}: decide, and delete the comment", err=True)
    return 1 if number else 0


def _origins(name: str | None, *paths: Path) -> tuple[str, ...]:
    """What to call the three: git's own names for them say nothing."""
    if name is None:
        return tuple(map(str, paths))
    return tuple(f"{name} ({side})" for side in ("base", "ours", "theirs"))


def _name(*paths: Path) -> str:
    """The first name that tells what kind of file it is."""
    endings = (".yaml", ".json", ".lock")
    return next((path.as_posix() for path in paths if path.name.endswith(endings)), str(paths[0]))
