"""Every text of the window in the person's language: gettext catalogs of `resources/translations`.

A text is written in English where it is used, as `tr("Save all")`; `packaging/texts.py` collects them
into the catalogs. Module constants are marked with `noop` and given to `tr` when they are shown, for
the language is chosen after the modules are read.
"""

import gettext
import io
import locale
import logging

from journeybuilder.gui.look.resources import resource

log = logging.getLogger(__name__)
SYSTEM = "system"
LANGUAGES = {"en": "English", "es": "Español", "de": "Deutsch"}
"""The languages of the window by their code, each in its own words."""

_none = gettext.NullTranslations()
_state: dict[str, gettext.NullTranslations] = {"catalog": _none}
_chosen = {"code": "en"}


def system_language() -> str:
    """The code of the system's language where there is a catalog for it, else `en`."""
    for name in (locale.getlocale()[0] or "", *_of_environment()):
        code = name.replace("-", "_").split("_")[0].lower()
        if code in LANGUAGES:
            return code
    return "en"


def _of_environment() -> list[str]:
    from PySide6.QtCore import QLocale  # noqa: PLC0415 - not for those who only mark texts

    return [str(name) for name in QLocale.system().uiLanguages()]


def current() -> str:
    """The code of the language in use."""
    return _chosen["code"]


def use(code: str) -> str:
    """Show texts in this language from now on; gives its code, `en` where there is no catalog.

    Widgets that were made before keep their words, so this is called before the first window.

    Args:
        code: A key of `LANGUAGES`, or `system`.
    """
    wanted = system_language() if code == SYSTEM else code
    catalog = _catalog(wanted) if wanted in LANGUAGES and wanted != "en" else None
    _chosen["code"] = wanted if catalog is not None else "en"
    _state["catalog"] = catalog or _none
    return _chosen["code"]


def _catalog(code: str) -> gettext.NullTranslations | None:
    try:
        return gettext.GNUTranslations(io.BytesIO(resource("translations", f"{code}.mo")))
    except FileNotFoundError:
        log.warning("there is no catalog for the language %s", code)
        return None


def tr(text: str, /, **values: object) -> str:
    """A text in the person's language, with `{name}` filled in where values are given.

    Example: `tr("Close {title}", title=journey.title)`; never an f-string, which has no translation.
    """
    found = _state["catalog"].gettext(text) if text else ""
    return found.format(**values) if values else found


def trn(one: str, many: str, n: int, /, **values: object) -> str:
    """The form for a number by the rules of the language; `{n}` stands for the number.

    Example: `trn("{n} problem", "{n} problems", len(problems))`.
    """
    return _state["catalog"].ngettext(one, many, n).format(n=n, **values)


def trc(context: str, text: str, /, **values: object) -> str:
    """A short word that means different things in different places.

    Example: `trc("verb", "Open")` for a button and `trc("state", "Open")` for a review.
    """
    found = _state["catalog"].pgettext(context, text)
    return found.format(**values) if values else found


def noop(text: str) -> str:
    """Mark a text of a constant for the catalogs; `tr` shows it in the person's language later."""
    return text
