"""`jb fmt`: one canonical form of the YAML files."""

from pathlib import Path

import click

from journeybuilder.cli.output import echo, print_json
from journeybuilder.cli.place import in_workspace, json_option, named, within, workspace_at
from journeybuilder.document.workspace import Workspace
from journeybuilder.document.write import canonical, save
from journeybuilder.errors import AuthorError


@click.command("fmt")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--check", is_flag=True, help="Only say which files would change.")
@json_option(
    'Print one JSON document, for programs: {"files": [what changed], "written": whether}.'
)
@in_workspace
def command(paths: tuple[Path, ...], check: bool, as_json: bool, folder: Path | None) -> int:
    """Write the files of the workspace, or the given ones, in one form; comments stay."""
    workspace = workspace_at(folder or (paths[0] if paths else None))
    changed: dict[str, str] = {}
    for name in _files(workspace, paths):
        source = workspace.sources[name]
        if not source.readable:
            raise AuthorError(
                "the file cannot be read, so nothing was formatted",
                where=name,
                hint="Run 'jb check' and mend it first, or name the files to format.",
            )
        text = canonical(source.text)
        if text != source.text:
            changed[name] = text
    for name, text in changed.items():
        if not check:
            save(workspace.root / name, text)
        if not as_json:
            echo(f"{'would change' if check else 'changed'} {name}")
    if as_json:
        print_json({"files": list(changed), "written": bool(changed) and not check})
    elif not changed:
        echo("nothing to change")
    return 1 if check and changed else 0


def _files(workspace: Workspace, paths: tuple[Path, ...]) -> list[str]:
    wanted = [named(workspace.root, workspace.sources, path) for path in paths]
    names = [name for name in workspace.sources if name.endswith(".yaml")]
    if not wanted:
        return names
    root = workspace.root.resolve()
    return [name for name in names if within(root / name, wanted)]
