"""What other cases say about the same person or place: answers with provenance ``register``, and tokens by which they
are found.

The service gathers these under a lock, in the transaction that writes; the core only ever sees answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from safehands.core.case import Case
from safehands.core.decide.triage import refused_contacts
from safehands.core.events import Entry, PartyIdentified
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import Answer, Provenance
from safehands.service.catalogue import Catalogue
from safehands.service.loading import folded
from safehands.store.ports import Stub, Token, Unit

#: Cases that ended longer ago than this are no longer read (right-care sheet Q20: 24 h, 72 h, 28 days).
HORIZON: Final = timedelta(days=28)


def of_stubs(
    unit: Unit, stubs: Sequence[Stub], stream: str, catalogue: Catalogue, now: datetime
) -> dict[str, tuple[Answer, ...]]:
    """Answers of every recent case behind ``stubs``, by stream. A case that the reader may not read gives its existence
    only.
    """
    found: dict[str, tuple[Answer, ...]] = {}
    for stub in stubs:
        other = f"case/{stub.case_id}"
        if other == stream or stub.last_at < now - HORIZON:
            continue
        loaded = unit.load(other)
        if loaded is None:
            found[other] = ()
            continue
        case = folded(loaded)
        found[other] = answers_of(case, catalogue.by_ref(case.pathway), now)
    return found


def answers_of(case: Case, pathway: Pathway, now: datetime) -> tuple[Answer, ...]:
    """What ``case`` tells another: the answers its own contacts gave, and after how many of its contacts nobody was
    sent.
    """
    own = tuple(
        answer
        for source, answers in case.answers.items()
        if source in case.contacts
        for answer in answers.values()
        if answer.known
    )
    refusals = refused_contacts(case, now)
    repeat = next((question for question in pathway.questions if question.register and question.name == "repeat"), None)
    if repeat is None or refusals == 0:
        return own
    return (*own, Answer(repeat.id, refusals, Provenance.REGISTER, now, "system", source=case.stream))


def tokens_of(entries: Sequence[Entry]) -> tuple[Token, ...]:
    """What the people named in ``entries`` can be found by."""
    found: list[Token] = []
    for entry in entries:
        event = entry.event
        if isinstance(event, PartyIdentified):
            pairs = (
                ("name", event.name),
                ("phone", event.phone),
                ("address", event.address),
                ("nhs_number", event.nhs_number),
            )
            found.extend(found_by(pairs))
    return tuple(found)


def found_by(pairs: Iterable[tuple[str, str | None]]) -> tuple[Token, ...]:
    """Tokens of these kinds and values, each in its one form.

    A value of which nothing is left ("number withheld") finds nobody and gives none: a contact is never refused for it,
    and two people whose number nobody knows are not one person.
    """
    written = ((kind, normal(kind, value or "")) for kind, value in pairs)
    return tuple(Token(kind, value) for kind, value in written if value)


def normal(kind: str, value: str) -> str:
    """A value in the one form under which it is looked up: digits only for numbers, plain lower case for words."""
    if kind in ("phone", "nhs_number"):
        digits = "".join(character for character in value if character.isdigit())
        return f"0{digits[2:]}" if kind == "phone" and digits.startswith("44") else digits
    return " ".join(value.casefold().split())
