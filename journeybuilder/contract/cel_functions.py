"""What the functions of CEL and its libraries take and give.

Letters: s text, i whole number, d decimal number, n any number, b true/false, l list, o object,
m moment, t duration, y bytes, . anything, * any number of anything.
Sources: the language definition (cel-spec), and the extensions for strings, math and optional values.
"""

from collections.abc import Mapping, Sequence

from journeybuilder.contract.cel_types import (
    BOOL,
    DOUBLE,
    DYNAMIC,
    INT,
    LENGTH,
    MOMENT,
    NUMBER,
    NUMBERS,
    TEXT,
    Type,
    list_of,
)

_RESULTS: Mapping[str, Type] = {
    "s": TEXT, "i": INT, "d": DOUBLE, "n": NUMBER, "b": BOOL, "m": MOMENT, "t": LENGTH,
    "l": list_of(DYNAMIC), "S": list_of(TEXT), ".": DYNAMIC, "y": Type("bytes"), "T": Type("type"),
    "?": Type("optional", DYNAMIC),
}  # fmt: skip
_TAKES: Mapping[str, frozenset[str]] = {
    "s": frozenset({"text"}), "i": frozenset({"int", "number"}), "d": frozenset({"double", "number"}),
    "n": NUMBERS, "b": frozenset({"bool"}), "l": frozenset({"list"}), "o": frozenset({"object"}),
    "m": frozenset({"moment"}), "t": frozenset({"duration"}), "y": frozenset({"bytes"}),
    "?": frozenset({"optional"}),
}  # fmt: skip

_MOMENTS = ["getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes", "getSeconds", "getMilliseconds"]  # fmt: skip
_FUNCTIONS: Mapping[str, Sequence[str]] = {
    "size": ("s i", "l i", "o i", "y i"),
    "int": ("n i", "s i", "m i", "t i"),
    "double": ("n d", "s d"),
    "string": ("s s", "n s", "b s", "m s", "t s", "y s"),
    "bool": ("b b", "s b"),
    "bytes": ("s y", "y y"),
    "timestamp": ("s m", "m m", "i m"),
    "duration": ("s t", "t t", "i t"),
    "dyn": (". .",),
    "type": (". T",),
    "matches": ("ss b",),
    "math.greatest": ("l n", "n* n"),
    "math.least": ("l n", "n* n"),
    **dict.fromkeys(("math.ceil", "math.floor", "math.round", "math.trunc"), ("d d",)),
    **dict.fromkeys(("math.abs", "math.sign"), ("n n",)),
    **dict.fromkeys(("math.isNaN", "math.isInf", "math.isFinite"), ("d b",)),
    "strings.quote": ("s s",),
    "optional.of": (". ?",),
    "optional.ofNonZeroValue": (". ?",),
    "optional.none": (" ?",),
}
_METHODS: Mapping[str, Sequence[str]] = {
    "size": ("s i", "l i", "o i", "y i"),
    **dict.fromkeys(("contains", "startsWith", "endsWith", "matches"), ("ss b",)),
    "charAt": ("si s",),
    **dict.fromkeys(("indexOf", "lastIndexOf"), ("ss i", "ssi i")),
    "join": ("l s", "ls s"),
    **dict.fromkeys(("lowerAscii", "upperAscii", "trim", "reverse"), ("s s",)),
    "replace": ("sss s", "sssi s"),
    "split": ("ss S", "ssi S"),
    "substring": ("si s", "sii s"),
    "format": ("sl s",),
    **dict.fromkeys(_MOMENTS, ("m i", "ms i", "t i")),
    "value": ("? .",),
    "hasValue": ("? b",),
    "or": ("?? ?",),
    "orValue": ("?. .",),
}


def is_known(name: str, *, method: bool) -> bool:
    """Whether there is such a function, as far as is known here."""
    return name in (_METHODS if method else _FUNCTIONS)


def result(name: str, given: Sequence[Type], *, method: bool) -> Type | None:
    """What a function gives for these arguments; None where it does not take them.

    Args:
        name: One that `is_known`.
        given: The types; what a method belongs to comes first.
        method: Whether it is called as `x.name(…)`.
    """
    found = [
        gives
        for takes, gives in (form.split(" ") for form in (_METHODS if method else _FUNCTIONS)[name])
        if _takes(takes, given)
    ]
    if not found:
        return None
    return _RESULTS[found[0]] if len(set(found)) == 1 else DYNAMIC


def _takes(letters: str, given: Sequence[Type]) -> bool:
    if letters.endswith("*"):
        return bool(given) and all(_is(letters[0], each) for each in given)
    return len(letters) == len(given) and all(
        _is(letter, each) for letter, each in zip(letters, given, strict=True)
    )


def _is(letter: str, given: Type) -> bool:
    return letter == "." or given.kind == "dynamic" or given.kind in _TAKES[letter]
