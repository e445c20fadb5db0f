"""`jb init`: a new workspace, from a template."""

import shutil
from pathlib import Path

import click

from journeybuilder.document.findings import choices, near
from journeybuilder.errors import OperatorError
from journeybuilder.packaged import packaged


@click.command("init")
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--template", default="blank", help="blank, or an industry: retail.")
def command(target: Path, template: str) -> int:
    """Make a workspace in DIR, which must not exist or be empty."""
    make(target, template)
    click.echo(f"made {target} from the template '{template}'")
    click.echo(f"  cd {target} && jb check   or   jb open {target}")
    return 0


def make(target: Path, template: str) -> None:
    """Copy a template.

    Raises:
        OperatorError: When there is no such template, or the folder is taken or cannot be written.
    """
    templates = {path.name: path for path in packaged("samples").iterdir() if path.is_dir()}
    if template not in templates:
        raise OperatorError(
            f"there is no template '{template}'",
            hint=near(template, templates) or f"Templates: {choices(templates)}.",
        )
    if target.exists() and not target.is_dir():
        raise OperatorError("this is a file", where=str(target), hint="Name a new folder.")
    if target.exists() and any(target.iterdir()):
        raise OperatorError(
            "the folder is not empty", where=str(target), hint="Choose another, or empty it."
        )
    ignored = shutil.ignore_patterns(".journeybuilder", "__pycache__", "*.pyc")
    try:
        shutil.copytree(templates[template], target, ignore=ignored, dirs_exist_ok=True)
        (target / ".gitignore").write_text(".journeybuilder/\n", encoding="utf-8")
    except OSError as error:
        raise OperatorError(
            f"the folder cannot be written: {error.strerror or 'not every file could be copied'}",
            where=str(target),
            hint="Check its permissions and the disk, or choose another place.",
        ) from None
