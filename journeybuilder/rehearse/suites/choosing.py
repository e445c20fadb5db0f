"""Which scenarios are meant: by files, folders, names, journeys, and words in a small language."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from journeybuilder.document.findings import Finding, choices, near
from journeybuilder.document.source import Source
from journeybuilder.document.workspace import SCENARIO_ENDING, Workspace
from journeybuilder.errors import AuthorError
from journeybuilder.plan.bundle import and_more
from journeybuilder.rehearse.scenario import Scenario, scenario_of

Choice = Callable[[str], bool]
_TOKEN = re.compile(r"""\s*(?:([()])|"([^"]*)"|'([^']*)'|([^\s()"']+))""")
_EXAMPLE = "Write words with and, or, not and parentheses, for example: return and not late"


def stem_of(source: Source) -> str:
    """The name of a scenario's file without folder and ending, which is easier to type."""
    return Path(source.file).name.removesuffix(SCENARIO_ENDING)


def wrong_in(workspace: Workspace, source: Source) -> list[Finding]:
    """The errors in the form of a scenario's file; with one of them it cannot be rehearsed."""
    return [
        item for item in workspace.findings if item.file == source.file and item.severity == "error"
    ]


def script_of(workspace: Workspace, source: Source) -> Scenario:
    """The scenario that a file says.

    Raises:
        AuthorError: When something is wrong with the file.
    """
    wrong = wrong_in(workspace, source)
    if wrong:
        first = wrong[0]
        words = f"{first.code} {first.message}{and_more(wrong)}"
        raise AuthorError(words, where=first.place, hint=first.hint)
    return scenario_of(source.data)


def name_of(workspace: Workspace, given: str) -> str:
    """The name of the one scenario that somebody named, by its name or file.

    Raises:
        AuthorError: When there is none.
    """
    path = _real(Path(given))
    found = [
        name
        for name, source in workspace.scenarios.items()
        if given in {name, stem_of(source)} or _real(workspace.root / source.file) == path
    ]
    if not found:
        _refuse(workspace, given)
    return found[0]


def names_of(workspace: Workspace, given: Sequence[str]) -> list[str]:
    """The names of all scenarios that somebody named, in the order of their files.

    Args:
        workspace: Where they are.
        given: Names, files or folders of scenarios; ids or files of journeys, whose scenarios are
            meant. Nothing is all of them.

    Raises:
        AuthorError: When one of these is none, or means no scenario.
    """
    if not given:
        return list(workspace.scenarios)
    wanted: set[str] = set()
    for one in given:
        found = _meant(workspace, one)
        if not found:
            _refuse(workspace, one)
        wanted.update(found)
    return [name for name in workspace.scenarios if name in wanted]


def _meant(workspace: Workspace, given: str) -> list[str]:
    place = _real(Path(given))
    journeys = [
        name
        for name, file in workspace.journeys.items()
        if given == name or _real(workspace.root / file.source.file) == place
    ]
    return [
        name
        for name, source in workspace.scenarios.items()
        if given in {name, stem_of(source)}
        or _real(workspace.root / source.file).is_relative_to(place)
        or source.data.get("journey") in journeys
    ]


def _real(path: Path) -> Path:
    """Where a path leads; links that lead in a circle lead nowhere else."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def _refuse(workspace: Workspace, given: str) -> NoReturn:
    names = [*workspace.scenarios, *workspace.journeys]
    place = Path(given)
    if place.exists():
        words = f"'{given}' holds no scenario of this workspace"
        hint = f"Scenarios are files scenarios/*{SCENARIO_ENDING} of a workspace."
    else:
        words = f"there is no scenario '{given}'"
        hint = near(given, names) or f"Scenarios: {choices(workspace.scenarios) or 'none'}."
    raise AuthorError(words, where=str(workspace.root), hint=hint)


def among(workspace: Workspace, names: Sequence[str], choice: str) -> list[str]:
    """Those of some scenarios that an expression chooses, by words in their names, journeys, files.

    Raises:
        AuthorError: When the expression is none, or chooses no scenario.
    """
    chosen = compile_choice(choice)
    out = [name for name in names if chosen(_text_of(name, workspace.scenarios))]
    if not out:
        shown = choices(names) or "none"
        words = f"no scenario fits '{choice}'"
        raise AuthorError(words, where=str(workspace.root), hint=f"Scenarios: {shown}.")
    return out


def _text_of(name: str, scenarios: Mapping[str, Source]) -> str:
    source = scenarios[name]
    return f"{name}\n{source.data.get('journey', '')}\n{source.file}"


def compile_choice(text: str) -> Choice:
    """A test of texts: `late and not (refund or "gift card")`; words side by side must all be there.

    Case does not matter. An empty expression chooses everything.

    Raises:
        AuthorError: When it is not of that form.
    """
    return _Reader(text).read()


class _Reader:
    """Reads one expression, from the left to the right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, bool]] = []
        rest = text.strip()
        while rest:
            found = _TOKEN.match(rest)
            if found is None:
                raise self._bad(f"a quotation mark is not closed at '{rest}'")
            sign, double, single, word = found.groups()
            quoted = double if double is not None else single
            token = (quoted, True) if quoted is not None else (sign or word, False)
            self._tokens.append(token)
            rest = rest[found.end() :].lstrip()

    def read(self) -> Choice:
        if not self._tokens:
            return lambda _: True
        choice = self._any()
        if self._tokens:
            raise self._bad(f"'{self._tokens[0][0]}' stands where nothing more is expected")
        return choice

    def _next(self) -> str:
        """The next operator or sign; `word` for a word, an empty text for the end."""
        if not self._tokens:
            return ""
        text, quoted = self._tokens[0]
        folded = text.casefold()
        return folded if not quoted and folded in {"and", "or", "not", "(", ")"} else "word"

    def _any(self) -> Choice:
        parts = [self._all()]
        while self._next() == "or":
            self._tokens.pop(0)
            parts.append(self._all())
        return lambda text: any(part(text) for part in parts)

    def _all(self) -> Choice:
        parts = [self._one()]
        while self._next() in {"and", "not", "(", "word"}:
            if self._next() == "and":
                self._tokens.pop(0)
            parts.append(self._one())
        return lambda text: all(part(text) for part in parts)

    def _one(self) -> Choice:
        kind = self._next()
        if kind in {"", "and", "or", ")"}:
            what = f"before '{self._tokens[0][0]}'" if self._tokens else "at the end"
            raise self._bad(f"a word is missing {what}")
        token = self._tokens.pop(0)[0]
        if kind == "not":
            inner = self._one()
            return lambda text: not inner(text)
        if kind == "(":
            inside = self._any()
            if self._next() != ")":
                raise self._bad("a parenthesis is not closed")
            self._tokens.pop(0)
            return inside
        wanted = token.casefold()
        return lambda text: wanted in text.casefold()

    def _bad(self, why: str) -> AuthorError:
        return AuthorError(f"'{self._text}' chooses no scenarios: {why}", hint=_EXAMPLE)
