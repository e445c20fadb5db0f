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
_TELLING = 16
# Windows keeps 2,560 bytes under one name; longer secrets are kept in parts.
_PART = 1200
_PARTS = "in parts: "
_LOGINS = "oauth:"
_LOG = logging.getLogger(__name__)


class Keyring(Protocol):
    """What we need of a keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret stored under the two names, or None."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a secret under the two names, in place of what was there."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget the secret under the two names."""
        ...


def system_keyring() -> Keyring | None:
    """The keyring of this machine; None where there is none that keeps secrets safely.

    Imported only here, because finding the backends takes a moment and a headless machine often
    has none. Backends with a priority below 1 are stand-ins that keep nothing.
    """
    import keyring  # noqa: PLC0415 - see above

    backend = keyring.get_keyring()
    return cast("Keyring", backend) if backend.priority >= 1 else None


def _count(first: str) -> int:
    """In how many parts a value is kept, from what stands under its own name."""
    number = first.removeprefix(_PARTS) if first.startswith(_PARTS) else ""
    return int(number) if number.isdecimal() else 0


def is_login(name: str) -> bool:
    """Whether logins of servers are kept under names like this; some keyrings mind no case."""
    return name.strip().casefold().startswith(_LOGINS)


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
            OperatorError: When neither has it, or when it is the login of a server, which goes to that
                server only.
        """
        if is_login(name):
            raise OperatorError(
                f"'{name}' is a login of a server and no secret that others may use",
                hint="Write ${secret:NAME} with the name of a secret of its own.",
            )
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

    def recall(self, name: str) -> str:
        """What `keep` has put into the keyring under this name; empty where there is nothing."""
        first = self._from_keyring(name) or ""
        if not first.startswith(_PARTS):
            return first
        parts = (self._from_keyring(f"{name}#{index}") for index in range(_count(first)))
        return "".join(part or "" for part in parts)

    def keep(self, name: str, value: str) -> bool:
        """Put a value into the keyring; False where there is none, or it refuses."""
        parts = [value[start : start + _PART] for start in range(0, len(value), _PART)]
        entries = {f"{name}#{index}": part for index, part in enumerate(parts)}
        entries = {name: value} if len(parts) == 1 else {**entries, name: f"{_PARTS}{len(parts)}"}
        try:
            backend = self._keyring()
            if backend is None:
                return False
            before = _count(backend.get_password(SERVICE, name) or "")
            for key, part in entries.items():
                backend.set_password(SERVICE, key, part)
            for index in range(len(entries) - 1, before):  # of a longer value
                backend.delete_password(SERVICE, f"{name}#{index}")
        except Exception as error:  # noqa: BLE001 - backends raise what their system raises
            _LOG.debug("the keyring does not keep it: %s", type(error).__name__)
            return False
        return True

    def drop(self, name: str) -> bool:
        """Take a value out of the keyring; False where it was not there."""
        first = self._from_keyring(name)
        if not first:
            return False
        try:
            backend = self._keyring()
            for key in [name, *(f"{name}#{index}" for index in range(_count(first)))]:
                if backend is not None:
                    backend.delete_password(SERVICE, key)
        except Exception as error:  # noqa: BLE001 - backends raise what their system raises
            _LOG.debug("the keyring does not forget it: %s", type(error).__name__)
            return False
        return True

    def forget(self) -> None:
        """Look every secret up anew from now on; what was known stays blanked out."""
        self._known.clear()

    def hide(self, value: str) -> None:
        """Blank this value out of texts from now on; shorter ones than 4 characters are not."""
        # Programs drop the line break at its end, and show a key of many lines one by one.
        lines = [line.strip() for line in value.splitlines()] if "\n" in value else []
        forms = {value, value.strip(), *(line for line in lines if len(line) >= _TELLING)}
        new = {each for each in forms if len(each) >= _SHORTEST} - {*self._hidden}
        if new:
            # Longest first, so that a secret that holds another one goes as a whole.
            self._hidden = tuple(sorted({*self._hidden, *new}, key=lambda each: (-len(each), each)))

    @property
    def any(self) -> bool:
        """True where there is anything to blank out."""
        return bool(self._hidden)

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
            return {self.redact(key): self.redact_value(item) for key, item in items}
        return value

    def _from_keyring(self, name: str) -> str | None:
        try:
            backend = self._keyring()
            return None if backend is None else backend.get_password(SERVICE, name)
        except Exception as error:  # noqa: BLE001 - backends raise what their system raises
            _LOG.debug("the keyring cannot be asked: %s", type(error).__name__)
            return None
