"""Secrets: looked up in the system's keyring, then in the environment, at the moment of use.

Every secret that was ever looked up here can be blanked out of texts that leave the program.
"""

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from journeybuilder.errors import OperatorError

SERVICE = "journeybuilder"
BLANK = "•••"
_SHORTEST = 4
_LOG = logging.getLogger(__name__)


class Keyring(Protocol):
    """What we need of a keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret stored under the two names, or None."""
        ...


def system_keyring() -> Keyring | None:
    """The keyring of this machine; None where there is none that keeps secrets safely.

    Imported only here, because finding the backends takes a moment and a headless machine often
    has none. Backends with a priority below 1 are stand-ins that keep nothing.
    """
    import keyring  # noqa: PLC0415 - see above

    backend = keyring.get_keyring()
    return backend if backend.priority >= 1 else None


class Secrets:
    """Looks secrets up and blanks them out of texts.

    A lookup may block (the system may ask the person to unlock the keyring): call it outside of an
    event loop's thread. A secret is kept in memory until `forget`.
    """

    def __init__(
        self,
        environ: Mapping[str, str] | None = None,
        keyring: Callable[[], Keyring | None] = system_keyring,
    ) -> None:
        self._environ = os.environ if environ is None else environ
        self._keyring = keyring
        self._known: dict[str, str] = {}
        self._hidden: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        """The secret of this name, from the keyring or else from the environment.

        Raises:
            OperatorError: When neither has it.
        """
        value = self._known.get(name) or self._from_keyring(name) or self._environ.get(name)
        if not value:
            raise OperatorError(
                f"the secret '{name}' is nowhere to be found",
                hint=f"Store it with `keyring set {SERVICE} {name}`, or set the environment "
                f"variable {name}.",
            )
        self._known[name] = value
        self.hide(value)
        return value

    def forget(self) -> None:
        """Look every secret up anew from now on; what was known stays blanked out."""
        self._known.clear()

    def hide(self, value: str) -> None:
        """Blank this value out of texts from now on; shorter ones than 4 characters are not."""
        if len(value) >= _SHORTEST and value not in self._hidden:
            # Longest first, so that a secret that holds another one goes as a whole.
            self._hidden = tuple(
                sorted({*self._hidden, value}, key=lambda each: (-len(each), each))
            )

    def redact(self, text: str) -> str:
        """The text with every secret that was looked up replaced by `•••`."""
        for value in self._hidden:
            text = text.replace(value, BLANK)
        return text

    def redact_value(self, value: Any) -> Any:
        """A JSON value with every secret that was looked up blanked out of its texts."""
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, list):
            return [self.redact_value(item) for item in cast("list[Any]", value)]
        if isinstance(value, dict):
            items = cast("dict[str, Any]", value).items()
            return {key: self.redact_value(item) for key, item in items}
        return value

    def _from_keyring(self, name: str) -> str | None:
        try:
            backend = self._keyring()
            return None if backend is None else backend.get_password(SERVICE, name)
        except Exception as error:  # noqa: BLE001 - backends raise what their system raises
            _LOG.debug("the keyring cannot be asked: %s", type(error).__name__)
            return None
