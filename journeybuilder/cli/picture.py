"""`jb picture`: a journey as an SVG, PNG or PDF file, without a screen."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from journeybuilder.cli.open import need_qt
from journeybuilder.cli.output import echo
from journeybuilder.cli.place import in_workspace, journey_named, workspace_at
from journeybuilder.document.findings import choices, near
from journeybuilder.document.write import save_bytes

if TYPE_CHECKING:
    from journeybuilder.gui.still import Drawn

FORMATS = ("svg", "png", "pdf")


@click.command("picture")
@click.argument("journey")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write; its ending says the format: .svg, .png or .pdf.",
)
@click.option(
    "--theme",
    type=click.Choice(["light", "dark", "high-contrast"]),
    default="light",
    show_default=True,
    help="The colors.",
)
@click.option(
    "--scale",
    type=click.FloatRange(0.1, 8.0),
    help="Size of everything; 1 is that of the editor at 100 %. PNG files have 2 where it is not given.",
)
@click.option(
    "--select",
    "nodes",
    multiple=True,
    metavar="NODE",
    help="Draw only this node, and the wires between those given; more than once for several.",
)
@click.option("--pages", is_flag=True, help="PDF: as many pages as it needs at the scale, not one.")
@click.option("--findings", is_flag=True, help="Mark what 'jb check' finds, as the editor does.")
@in_workspace
def command(
    journey: str,
    target: Path,
    theme: str,
    scale: float | None,
    nodes: Sequence[str],
    pages: bool,
    findings: bool,
    folder: Path | None,
) -> int:
    """Draw JOURNEY (its id or file) into a file.

    SVG and PDF keep lines and texts, so they can be enlarged, searched and printed. The same journey
    gives the same SVG file, so it can be kept beside it.
    """
    ending = target.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        hint = near(ending, FORMATS)
        raise click.UsageError(
            f"'{target}' does not say in which format to draw: use a name that ends in "
            f".svg, .png or .pdf. {hint}".strip()
        )
    if pages and ending != "pdf":
        raise click.UsageError("--pages is for PDF files")
    workspace = workspace_at(folder)
    name = journey_named(workspace, journey)
    need_qt()
    from journeybuilder.gui.still import draw  # noqa: PLC0415 - Qt for this command only

    drawn = draw(
        workspace, name, ending, theme=theme.replace("-", " "), scale=scale, only=nodes,
        pages=pages, findings=findings,
    )  # fmt: skip
    if drawn.unknown:
        unknown = drawn.unknown[0]
        hint = near(unknown, drawn.nodes) or f"Nodes: {choices(drawn.nodes) or 'none'}."
        raise click.UsageError(f"journey '{name}' has no node '{unknown}'. {hint}")
    save_bytes(target.absolute(), drawn.data)
    echo(f"wrote {target}: {_words(drawn)}, {len(drawn.data):,} bytes")
    if drawn.reduced:
        echo(
            f"warning: drawn at a scale of {drawn.reduced:.2g}: larger images cannot be opened by "
            "many programs. Use .svg or .pdf for all details.",
            err=True,
        )
    return 0


def _words(drawn: "Drawn") -> str:
    return f"{drawn.width} × {drawn.height}"
