"""`jb open`: the editor."""

import gc
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


def need_qt() -> None:
    """See that what draws is installed.

    Raises:
        OperatorError: When it is not.
    """
    try:
        import PySide6  # noqa: F401, PLC0415 # pyright: ignore[reportUnusedImport]
    except ImportError:
        raise OperatorError(
            "the editor needs Qt, which is not installed",
            hint="Install it with: pip install 'journeybuilder[gui]'",
        ) from None


@click.command("open")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--screenshot", type=click.Path(path_type=Path), help="Draw into a file and leave.")
@click.option("--size", callback=_size, metavar="WxH", help="Size of the window.")
@click.option("--theme", type=click.Choice(["light", "dark", "high-contrast"]), help="The theme.")
@click.option("--scale", type=click.FloatRange(0.5, 4.0), help="Scale of everything, 1 is normal.")
@click.option("--language", type=click.Choice(["en", "es", "de"]), help="Language of the window.")
@click.option("--select", metavar="STEP", help="With --screenshot: a step to select, by its id.")
@click.option("--panel", metavar="ID", help="With --screenshot: a panel to show, such as outline.")
def command(
    path: Path | None = None,
    screenshot: Path | None = None,
    size: tuple[int, int] | None = None,
    theme: str | None = None,
    scale: float | None = None,
    language: str | None = None,
    select: str | None = None,
    panel: str | None = None,
) -> int:
    """Open the editor, on a workspace or a journey when PATH names one."""
    if screenshot is None and (select or panel):
        raise click.UsageError("--select and --panel are for pictures; add --screenshot FILE")
    try:
        import PySide6  # noqa: F401, PLC0415 # pyright: ignore[reportUnusedImport]
    except ImportError:
        raise OperatorError(
            "the editor needs Qt, which is not installed",
            hint="Install it with: pip install 'journeybuilder[gui]'",
        ) from None
    gc.disable()  # hundreds of modules are imported now, none of which is garbage
    try:
        from journeybuilder.gui.app import run  # noqa: PLC0415 - Qt for this command only
        from journeybuilder.gui.app_picture import Picture  # noqa: PLC0415
    finally:
        gc.enable()

    picture = Picture(screenshot, size, select or "", panel or "") if screenshot else None
    return run(path, picture, size=size, theme=theme, scale=scale, speech=language)
