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


def test_the_line_break_at_the_end_of_a_secret_does_not_keep_it_from_being_blanked_out() -> None:
    secrets = Secrets({"TOKEN": "s3cret-token\n"}, keyring=lambda: None)
    secrets.get("TOKEN")
    assert secrets.redact("Bearer s3cret-token!") == "Bearer •••!"


def test_a_key_of_many_lines_is_blanked_out_line_by_line() -> None:
    secrets = Secrets({}, keyring=lambda: None)
    secrets.hide("-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nabc\n-----END KEY-----\n")
    assert secrets.redact("stderr: MIIEvQIBADANBgkqhkiG abc") == "stderr: ••• abc"


def test_a_secret_that_is_the_name_of_a_field_is_blanked_out() -> None:
    secrets = Secrets({"TOKEN": "s3cret-token"}, keyring=lambda: None)
    secrets.get("TOKEN")
    assert secrets.redact_value({"a": [{"s3cret-token": 1}]}) == {"a": [{"•••": 1}]}
