"""What the data classes of variables and fields are called on the screen."""

from collections.abc import Mapping

from journeybuilder.gui.look.language import noop, tr

DATA_CLASSES: Mapping[str, str] = {
    "public": noop("Public"),
    "internal": noop("Internal"),
    "personal": noop("Personal"),
    "payment": noop("Payment"),
    "health": noop("Health"),
}
"""By the name that the files have, from harmless to delicate."""


def data_words(name: str) -> str:
    """A data class in the person's language; one that is not known by its name."""
    return tr(DATA_CLASSES.get(name, name))
