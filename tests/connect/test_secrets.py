import pytest

from journeybuilder.connect.secrets import Secrets
from journeybuilder.errors import OperatorError


class Keys:
    """A keyring that behaves, or one that is locked."""

    def __init__(self, known: dict[str, str], *, locked: bool = False) -> None:
        self.known = known
        self.locked = locked
        self.asked: list[tuple[str, str]] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append((service, username))
        if self.locked:
            raise RuntimeError("the collection is locked")
        return self.known.get(username)


def test_the_keyring_comes_before_the_environment() -> None:
    keys = Keys({"TOKEN": "from-keyring"})
    secrets = Secrets({"TOKEN": "from-environment"}, keyring=lambda: keys)
    assert secrets.get("TOKEN") == "from-keyring"
    assert keys.asked == [("journeybuilder", "TOKEN")]


@pytest.mark.parametrize("keys", [None, Keys({}), Keys({"TOKEN": "x"}, locked=True)])
def test_without_an_answer_of_the_keyring_the_environment_counts(keys: Keys | None) -> None:
    assert Secrets({"TOKEN": "from-environment"}, keyring=lambda: keys).get("TOKEN") == (
        "from-environment"
    )


def test_a_secret_that_is_nowhere_says_how_to_store_it() -> None:
    with pytest.raises(OperatorError) as caught:
        Secrets({}, keyring=lambda: None).get("TOKEN")
    assert str(caught.value) == (
        "the secret 'TOKEN' is nowhere to be found\n"
        "  Store it with `keyring set journeybuilder TOKEN`, or set the environment variable TOKEN."
    )


def test_a_secret_is_looked_up_once_until_it_is_forgotten() -> None:
    keys = Keys({"TOKEN": "first-token"})
    secrets = Secrets({}, keyring=lambda: keys)
    secrets.get("TOKEN")
    keys.known["TOKEN"] = "second-token"
    assert secrets.get("TOKEN") == "first-token"
    secrets.forget()
    assert secrets.get("TOKEN") == "second-token"
    assert secrets.redact("first-token, second-token") == "•••, •••"


def test_secrets_are_blanked_out_longest_first_and_short_ones_stay() -> None:
    environ = {"A": "abcd", "B": "abcd-efgh", "C": "abc"}
    secrets = Secrets(environ, keyring=lambda: None)
    for name in environ:
        secrets.get(name)
    assert secrets.redact("abcd-efgh abcd abc") == "••• ••• abc"


def test_nothing_is_blanked_out_before_it_was_looked_up() -> None:
    assert Secrets({"A": "abcd"}, keyring=lambda: None).redact("abcd") == "abcd"
