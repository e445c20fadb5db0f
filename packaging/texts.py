"""Keeps the catalogs of translations up to date: `resources/translations/{es,de}.po` and `.mo`.

    python packaging/texts.py           collects the texts, updates the .po files, writes the .mo files
    python packaging/texts.py --check   says what is missing or out of date; exit status 1 when something is

Three sources: calls of `tr`, `trn`, `trc` and `noop` in the window's code; what node kinds and rules
declare (titles, descriptions, labels); and the sentences that findings are made of, whose f-strings
become templates such as `there is no node '{0}'` (see `gui/look/finding_words.py`, which puts them to use).
"""

import ast
import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from pydantic import BaseModel

from journeybuilder.checks.every_rule import ALL_RULES
from journeybuilder.contract.fields import Mark, key_of
from journeybuilder.kinds import KINDS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "journeybuilder"
TARGET = ROOT / "resources" / "translations"
LANGUAGES = ("es", "de")
KEYWORDS: dict[str, Any] = {"tr": None, "trn": (1, 2), "trc": ((1, "c"), 2), "noop": None}
SENTENCES = ("checks", "document", "kinds", "refactor")
"""Where nearly every sentence is part of a finding or of what an edit says."""
ERRORS = ("connect", "contract", "gui", "host.py", "plan", "rehearse", "run")
"""Where only what is said in errors is collected."""
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""In the files' headers: they change only when a text does."""
_BUGS = {"ValueError", "TypeError", "KeyError", "RuntimeError", "NotImplementedError"}
_WORDS = 2
"""Literals of fewer words in the modules of `SENTENCES` are keys, not sentences."""


def templates() -> bytes:
    """The sentences with names in them, as the JSON list that `gui/look/finding_words.py` reads."""
    found = sorted({text for _, text in sentences() if "{0}" in text})
    return (json.dumps(found, indent=0, ensure_ascii=False) + "\n").encode()


def collect() -> Catalog:
    """Every text that a person can meet in the window."""
    catalog = Catalog(project="journeybuilder", charset="utf-8", fuzzy=False)
    for file, _, message, comments, context in extract_from_dir(
        PACKAGE / "gui", method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        catalog.add(
            message, locations=[(f"gui/{file}", 0)], auto_comments=comments, context=context
        )
    for place, text in (*declared(), *sentences()):
        if text.strip():
            catalog.add(text, locations=[(place, 0)])
    return catalog


# --- what kinds and rules declare -----------------------------------------------------------------


def declared() -> Iterator[tuple[str, str]]:
    """Where it is declared, and the text."""
    for kind in KINDS.values():
        place = f"kinds/{kind.name}"
        yield place, kind.title
        yield place, kind.about
        for spec in kind.form():
            yield place, spec.title
            yield place, spec.help
        for text in _of_model(kind.settings, set()):
            yield place, text
    for rule in ALL_RULES.values():
        for text in (rule.title, rule.why, rule.mend):
            yield f"rules/{rule.code}", text


def _of_model(model: type[BaseModel], seen: set[type]) -> Iterator[str]:
    """Titles, descriptions and labels of a settings model and those nested in it."""
    if model in seen:
        return
    seen.add(model)
    for name, info in model.model_fields.items():
        key = key_of(name, info)
        yield info.title or key.replace("_", " ").capitalize()
        yield info.description or ""
        for mark in info.metadata:
            if isinstance(mark, Mark):
                yield mark.label
        for nested in _models_in(info.annotation):
            yield from _of_model(nested, seen)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models_in(part)


# --- what findings say ----------------------------------------------------------------------------


def sentences() -> Iterator[tuple[str, str]]:
    """Where a sentence of a finding is written, and its template."""
    for folder in (*SENTENCES, *ERRORS):
        files = sorted((PACKAGE / folder).rglob("*.py")) or [PACKAGE / folder]
        for file in files:
            place = file.relative_to(PACKAGE).as_posix()
            tree: ast.AST = ast.parse(file.read_text(encoding="utf-8"))
            for part in [tree] if folder in SENTENCES else _errors(tree):
                for text in _literals(part):
                    yield place, text


def _errors(tree: ast.AST) -> Iterator[ast.AST]:
    """The calls that make errors and failures."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if name.endswith(("Error", "Failure", "Finding")) and name not in _BUGS:
                yield node


def _literals(tree: ast.AST) -> Iterator[str]:
    """The sentences in arguments and tuples of a module; docstrings and examples are none."""
    left_out = set(_left_out(tree))
    inside = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if id(node) in left_out or id(node) in inside:
            continue
        text = template(node)
        if text is not None and len(text.split()) > _WORDS and "\n" not in text:
            yield text


def _left_out(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield id(node.value)
        if isinstance(node, ast.keyword) and node.arg in {"example", "pattern", "description"}:
            yield from (id(part) for part in ast.walk(node.value))
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "example":
            yield from (id(part) for part in ast.walk(node))


def template(node: ast.AST) -> str | None:
    """A string as it is, an f-string with `{0}`, `{1}` … for its parts; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    text, number = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("{", "{{").replace("}", "}}")
        else:
            text += f"{{{number}}}"
            number += 1
    return text


# --- the files ------------------------------------------------------------------------------------


def updated(language: str, fresh: Catalog) -> Catalog:
    """The catalog of a language with exactly the texts that there are now."""
    file = TARGET / f"{language}.po"
    if file.exists():
        with file.open("rb") as stream:
            known = read_po(stream, locale=language, charset="utf-8")
    else:
        known = Catalog(locale=language, project="journeybuilder", charset="utf-8", fuzzy=False)
    known.update(fresh, no_fuzzy_matching=True)
    known.obsolete.clear()
    for one in known:
        if one.fuzzy and one.id:  # a plural now, or none any more: to be translated anew
            one.flags.discard("fuzzy")
            one.string = ("", "") if one.pluralizable else ""
    known.header_comment = f"# Texts of journeybuilder's window: {language}"
    known.creation_date = known.revision_date = _NO_DATE
    known.version, known.msgid_bugs_address = "1", ""
    known.last_translator = known.language_team = "the authors of journeybuilder"
    return known


def po(catalog: Catalog) -> bytes:
    """A .po file without dates, so that it changes only when a text does."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=100, omit_header=False, include_lineno=False, sort_output=True)
    lines = stream.getvalue().split(b"\n")
    return b"\n".join(
        line for line in lines if b"-Date: " not in line and b"Generated-By" not in line
    )


def mo(catalog: Catalog) -> bytes:
    """The same as a .mo file, which the program reads."""
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def main() -> int:
    """Write the files, or with `--check` say what is wrong with them."""
    check = "--check" in sys.argv[1:]
    fresh = collect()
    catalogs = {language: updated(language, fresh) for language in LANGUAGES}
    files = {f"{language}.po": po(catalog) for language, catalog in catalogs.items()}
    files |= {f"{language}.mo": mo(catalog) for language, catalog in catalogs.items()}
    files["sentences.json"] = templates()
    TARGET.mkdir(parents=True, exist_ok=True)
    wrong = 0
    for name, data in files.items():
        file = TARGET / name
        if check and (not file.exists() or file.read_bytes() != data):
            wrong += 1
            print(f"{name} is out of date: run python packaging/texts.py")
        elif not check:
            file.write_bytes(data)
    for language, catalog in catalogs.items():
        empty = [one.id for one in catalog if one.id and not _whole(one.string)]
        wrong += len(empty)
        print(f"{language}: {len(empty)} of {len(catalog)} texts have no translation")
    return 1 if check and wrong else 0


def _whole(string: Any) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
