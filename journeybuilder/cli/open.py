"""`jb open`: the editor."""

from pathlib import Path

import click

from journeybuilder.errors import OperatorError


def _size(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[int, int] | None:
    del ctx, parameter
    if value is None:
        return None
    width, _, height = value.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise click.BadParameter("write WIDTHxHEIGHT, for example 1280x800")
    return int(width), int(height)


@click.command("open")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--screenshot", type=click.Path(path_type=Path), help="Draw into a file and leave.")
@click.option("--size", callback=_size, metavar="WxH", help="Size of the window.")
@click.option("--theme", type=click.Choice(["light", "dark", "high-contrast"]), help="The theme.")
@click.option("--scale", type=click.FloatRange(0.5, 4.0), help="Scale of everything, 1 is normal.")
def command(
    path: Path | None = None,
    screenshot: Path | None = None,
    size: tuple[int, int] | None = None,
    theme: str | None = None,
    scale: float | None = None,
) -> int:
    """Open the editor, on a workspace or a journey when PATH names one."""
    try:
        import PySide6  # noqa: F401, PLC0415 # pyright: ignore[reportUnusedImport]
    except ImportError:
        raise OperatorError(
            "the editor needs Qt, which is not installed",
            hint="Install it with: pip install 'journeybuilder[gui]'",
        ) from None
    from journeybuilder.gui.app import run  # noqa: PLC0415 - Qt for this command only

    return run(path, screenshot=screenshot, size=size, theme=theme, scale=scale)
