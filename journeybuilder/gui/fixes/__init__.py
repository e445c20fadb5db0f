"""Quick fixes: for each rule the ways to mend what breaks it; nothing in here knows the screen."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from journeybuilder.checks import Known
from journeybuilder.document.findings import Finding
from journeybuilder.document.model import Journey
from journeybuilder.gui.fixes import deeds, expressions, names, values, wiring
from journeybuilder.gui.fixes.fix import Case, Fix, Placer

__all__ = ["FIXES", "Case", "Fix", "fixes_of", "has_fixes"]

Family: TypeAlias = Callable[[Case], Iterable[Fix]]

FIXES: Mapping[str, Sequence[Family]] = {
    **dict.fromkeys(names.AT_KEY, (names.keys,)),
    **dict.fromkeys(names.AT_VALUE, (names.values,)),
    **dict.fromkeys(names.IN_SERVER, (names.halves, deeds.servers)),
    "JB110": (values.form_of_file,),
    "JB113": (names.ids,),
    "JB115": (values.form_of_file,),
    "JB201": (names.kind,),
    "JB203": (wiring.missing_way, values.missing),
    "JB204": (names.values, values.form),
    "JB205": (names.keys, values.limits),
    "JB207": (values.first_language,),
    "JB301": (names.values, wiring.first_node),
    "JB302": (names.values, wiring.no_target),
    "JB303": (wiring.unreached,),
    "JB304": (wiring.no_end,),
    "JB305": (wiring.spin,),
    "JB306": (names.values, wiring.handler),
    "JB307": (wiring.needed_way,),
    "JB308": (wiring.no_meeting,),
    "JB309": (wiring.idle_join,),
    "JB311": (wiring.one_join,),
    "JB312": (wiring.wait_for_all,),
    "JB314": (wiring.way_back,),
    "JB401": (expressions.unreadable,),
    "JB402": (expressions.unknown_name,),
    "JB403": (values.schema_type,),
    "JB404": (names.variable,),
    "JB405": (expressions.placeholder,),
    "JB406": (expressions.maybe_unset,),
    "JB407": (expressions.maybe_unset,),
    "JB408": (expressions.maybe_missing,),
    "JB409": (expressions.wrong_name,),
    "JB411": (expressions.condition,),
    "JB412": (expressions.wrong_name,),
    "JB413": (expressions.kept_decimals,),
    "JB414": (expressions.as_words,),
    "JB415": (names.alike,),
    "JB416": (values.declaration,),
    "JB504": (deeds.discover,),
    "JB505": (values.missing_argument,),
    "JB507": (values.argument,),
    "JB508": (deeds.servers,),
    "JB509": (values.whole_number,),
    "JB512": (values.missing_argument,),
    "JB902": (values.missing_argument,),
    "JB904": (values.argument,),
}
"""What mends the findings of each rule; a new family is a function and its name here."""


def fixes_of(finding: Finding, journey: Journey, known: Known, place: Placer) -> list[Fix]:
    """The ways to mend a finding, the best first."""
    case = Case(finding, journey, known, place)
    found = list(_distinct(one for family in FIXES.get(finding.code, ()) for one in family(case)))
    return sorted(found, key=lambda one: not one.best)


def has_fixes(finding: Finding) -> bool:
    """Whether there may be a fix; cheap, for a sign beside a finding."""
    return finding.code in FIXES


def _distinct(fixes: Iterable[Fix]) -> Iterator[Fix]:
    seen: set[str] = set()
    for one in fixes:
        if one.title not in seen:
            seen.add(one.title)
            yield one
