"""Whether the system asks programs to move little; Qt does not tell."""

import configparser
import ctypes
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

_SPI_GETCLIENTAREAANIMATION = 0x1042
_PATIENCE = 0.5  # seconds that a question to the desktop may take


@cache
def system_reduces_motion() -> bool:
    """Whether the person has switched animations off for the whole system; asked once."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        return _said("defaults", "read", "com.apple.universalaccess", "reduceMotion") == "1"
    return _plasma() or (
        _said("gsettings", "get", "org.gnome.desktop.interface", "enable-animations") == "false"
    )


def _windows() -> bool:
    animated = ctypes.c_int(1)
    library = getattr(ctypes, "windll", None)  # on Windows only
    if library is None:
        return False
    library.user32.SystemParametersInfoW(_SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(animated), 0)
    return animated.value == 0


def _said(*command: str) -> str:
    """What a program of the desktop answers; "" where it is missing or silent."""
    program = shutil.which(command[0])
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            [program, *command[1:]], capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def _plasma() -> bool:
    settings = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        settings.read(Path.home() / ".config" / "kdeglobals", encoding="utf-8")
        return settings.getfloat("KDE", "AnimationDurationFactor", fallback=1.0) == 0
    except (configparser.Error, ValueError, OSError):
        return False
