"""`consent`: asks for consent for a named purpose and puts on record what was said."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.fields import (
    Duration,
    Mark,
    Part,
    Settings,
    Text,
    TimeoutWay,
)
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Step
from journeybuilder.contract.texts import first_words

_PURPOSE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Choices(Part):
    """The two answers as buttons."""

    yes: Text = Field(description="The button that agrees.")
    no: Text = Field(description="The button that refuses.")


class ConsentSettings(Settings):
    """Settings of `consent`."""

    purpose: str = Field(description="What the consent is for, in one word: marketing, recording …")
    text: Text = Field(description="The question, with what the customer agrees to.")
    choices: Choices | None = Field(
        default=None,
        description="The answers as buttons; without them the customer says it freely.",
    )
    again: Annotated[str | dict[str, Any] | None, Mark("text")] = Field(
        default=None, description="What to say before asking again; the question alone when empty."
    )
    attempts: int = Field(default=3, ge=1, le=10, description="How often to ask.")
    timeout: Duration = Field(default=None, description="How long to wait for an answer.")
    yes: Annotated[str, Mark("port", "agrees")]
    no: Annotated[str, Mark("port", "does not agree")]
    on_timeout: TimeoutWay = None


class Consent(NodeKind[ConsentSettings]):
    """Takes only a clear yes for a yes; an unclear answer is asked again, and in the end is a no.

    `customer.consent.PURPOSE` is true or false from then on. Silence leaves what was on record as it
    was and goes `on_timeout`, or `no` where that is not wired.
    """

    name: ClassVar[str] = "consent"
    title: ClassVar[str] = "Consent"
    about: ClassVar[str] = "Asks whether the customer agrees, and puts the answer on record."
    group: ClassVar[Group] = "talk"
    icon: ClassVar[str] = "consent"
    waits: ClassVar[bool] = True
    example: ClassVar[str] = """\
may_we_write:
  kind: consent
  purpose: marketing
  text: {en: "May we write to you about offers?", es: "¿Podemos escribirle sobre ofertas?"}
  choices: {yes: {en: "Yes", es: "Sí"}, no: {en: "No", es: "No"}}
  timeout: 10m
  yes: thanks
  no: bye
  on_timeout: bye
"""
    settings = ConsentSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        purpose = str(raw.get("purpose") or "")
        return ": ".join(part for part in (purpose, first_words(raw.get("text"))) if part)

    @override
    def complaints(self, settings: ConsentSettings) -> Iterable[Complaint]:
        if not _PURPOSE.fullmatch(settings.purpose):
            yield Complaint(
                ("purpose",),
                f"'{settings.purpose}' cannot be read as customer.consent.{settings.purpose}",
                "Use letters, digits and _, for example marketing.",
            )

    @override
    async def run(self, settings: ConsentSettings, step: Step) -> Leave:
        asked = step.words(settings.text)
        limit = None if settings.timeout is None else seconds(settings.timeout)
        buttons = settings.choices
        offered = [] if buttons is None else [step.words(buttons.yes), step.words(buttons.no)]
        words = ""
        for attempt in range(settings.attempts):
            if attempt and settings.again is not None:
                await step.say(step.words(settings.again))
            await step.say(asked, choices=offered)
            heard = await step.listen(timeout=limit, choices=offered)
            if heard is None:
                return Leave("on_timeout" if step.wired("on_timeout") else "no")
            words = heard
            agreed = agrees(words, offered)
            if agreed is not None:
                break
        else:
            agreed = False
        await step.record_consent(settings.purpose, given=agreed is True, asked=asked, said=words)
        return Leave("yes" if agreed else "no")


def agrees(words: str, offered: list[str]) -> bool | None:
    """Whether somebody agrees; None where that is not clear. `offered` are yes and no as buttons.

    Clear is an answer of which every word says the same or is mere politeness: `yes, please`, `no,
    thanks`, `I do not agree`; not `yes, but …`, `maybe` or a question back.
    """
    chosen = [_plain(one) for one in offered]
    if chosen and _plain(words) in chosen:
        return chosen.index(_plain(words)) == 0
    said = set(_plain(words).split())
    if "?" in words or not said or not said <= _YES | _AGREE | _NO | _POLITE:
        return None
    if said & _NO:
        return None if said & _YES else False
    return True if said & (_YES | _AGREE) else None


def _plain(words: str) -> str:
    """Words without case, accents and punctuation."""
    folded = unicodedata.normalize("NFKD", words.casefold().replace("'", "").replace("\u2019", ""))
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", bare))


def _set(words: str) -> frozenset[str]:
    return frozenset(_plain(words).split())


_YES = _set(
    "yes yep yeah yup y sure ok okay certainly absolutely definitely affirmative "
    "sí claro vale cierto afirmativo desde luego "
    "ja jawohl klar gewiss okey jo "
    "oui sim certo"
)
_AGREE = _set(
    "agree agreed accept accepted consent allow confirm "
    "course acepto aceptar conforme acuerdo supuesto bien consiento autorizo confirmo "
    "einverstanden ordnung natürlich jeden zustimmen stimme zu akzeptiere erlaube bestätige gerne gern "
    "daccord accepte"
)
_NO = _set(
    "no nope nah not dont never n refuse decline disagree "
    "nunca jamás tampoco niego rechazo "
    "nein nicht nie niemals ne nee kein keine keinen keinesfalls ablehnen lehne ab "
    "non não"
)
_POLITE = _set(
    "i do please thanks thank you very much kindly of that is fine with it this to we the a me my "
    "por favor gracias muchas de yo lo eso está con que su señor señora "
    "bitte danke vielen dank schön ich bin das ist in damit es dem mit auf fall "  # codespell:ignore
    "sehr want quiero möchte will auch"
)
