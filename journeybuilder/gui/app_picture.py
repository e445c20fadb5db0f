"""What a picture of the window is to show."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the window instead of the window.

    Attributes:
        file: Where it is drawn.
        size: Width and height of the window in logical pixels.
        select: Id of the step to select.
        panel: Id of the panel to bring to the front.
    """

    file: Path
    size: tuple[int, int] | None = None
    select: str = ""
    panel: str = ""
