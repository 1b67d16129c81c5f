"""Letters in and out, by hash, with what they claim (evidence-review sheet 1.12, R08).

A live letter that says of a record what the register contradicts needs a second person's look: one person proposes it,
another sends that very letter. One that says that something was considered which the decision does not name is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from safehands.core.decide.draft import Draft
from safehands.core.decide.shares import hash_faults
from safehands.core.decide.time import check_said, claimed
from safehands.core.records.commands import DisputeClaim, LogLetter, ProposeLetter
from safehands.core.records.events import ClaimDisputed, LetterLogged, LetterProposed
from safehands.core.records.knowing import same_content, to_account_for
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import now
from safehands.core.records.vocabulary import RESTS_ON, ClaimCode, LetterClaim
from safehands.core.rules import Fault, refuse, refuse_all

#: Claims that somebody's holding contradicts.
_GONE: Final = frozenset({ClaimCode.NOT_HELD, ClaimCode.DESTROYED, ClaimCode.NEVER_EXISTED})


def propose(draft: Draft, command: ProposeLetter) -> None:
    """Show a letter to a second person. Proposed again under the same id, the last one counts."""
    check_said(recipient=command.recipient)
    agency = draft.given.by.agency
    letter = command.letter or draft.new_id()
    refuse_all([*_form(draft, command, letter), *_untrue(draft.material, command, agency)])
    claims = tuple(_entered(claim, agency) for claim in command.claims)
    draft.add(LetterProposed(letter, agency, command.recipient, command.body_sha256, claims, command.decision))


def log(draft: Draft, command: LogLetter) -> None:
    """Log a letter. An outgoing one is the sender's own; whoever sends what another person proposed looked at it."""
    check_said(sender=command.sender, recipient=command.recipient)
    given = draft.given
    letter = command.letter or draft.new_id()
    live = command.outgoing and not command.legacy
    proposed = draft.material.proposed.get(letter, ())[-1:] if live else ()
    refuse_all([*_form(draft, command, letter), *(_strict(draft, command, proposed) if live else ())])
    draft.add(
        LetterLogged(
            letter,
            command.outgoing,
            command.sender,
            command.recipient,
            command.channel,
            claimed(given, command.sent_at, legacy=command.legacy or not command.outgoing),
            command.body_sha256,
            tuple(_entered(claim, given.by.agency) for claim in command.claims),
            command.decision,
            command.explains_decision,
            command.review_notice,
            command.received_at,
            given.by.actor if any(fact.actor != given.by.actor for fact in proposed) else None,
            command.legacy,
        )
    )


def _entered(claim: LetterClaim, agency: str) -> LetterClaim:
    return LetterClaim(
        claim.claim, claim.record, claim.kind, claim.agency, claim.own_holding, claim.entered_by or agency
    )


def _form(draft: Draft, command: LogLetter | ProposeLetter, letter: str) -> Iterator[Fault]:
    yield from hash_faults(command.body_sha256)
    if letter in draft.material.letters:
        yield "records.id_known", {"what": "letter", "id": letter}
    if command.decision is not None and command.decision not in draft.material.decisions:
        yield "records.unknown", {"what": "decision", "id": command.decision}
    for claim in command.claims:
        if claim.record is None and claim.kind is None and claim.claim is not ClaimCode.ALL_MATERIAL_CONSIDERED:
            yield "letter.claim", {}
        if claim.record is not None and claim.record not in draft.material.records:
            yield "records.unknown", {"what": "record", "id": claim.record}


def _strict(draft: Draft, command: LogLetter, proposed: tuple[Fact[LetterProposed], ...]) -> Iterator[Fault]:
    """What a live letter has to be. ``proposed`` is the letter as it was proposed last, where it was."""
    material, by = draft.material, draft.given.by
    if command.sender != by.agency:
        yield "letter.sender", {}
    yield from _untrue(material, command, command.sender)
    against = [
        record for claim in command.claims for record in contradicted_by(material, claim, command.sender, draft.at)
    ]
    records = ", ".join(dict.fromkeys(against))
    for fact in proposed:
        if _letter(fact.event, by.agency) != _letter(command, by.agency):
            yield "letter.changed", {"letter": command.letter}
        elif against and fact.actor == by.actor:
            yield "letter.own_look", {"records": records}
    if against and not proposed:
        yield "letter.contradicts", {"records": records}


def _letter(each: LetterProposed | LogLetter, agency: str) -> tuple[object, ...]:
    """What makes a letter the same letter."""
    claims = tuple(_entered(claim, agency) for claim in each.claims)
    return each.sender, each.recipient, each.body_sha256, claims, each.decision


def _untrue(material: Material, command: LogLetter | ProposeLetter, agency: str) -> Iterator[Fault]:
    """What a letter says was considered, and was not."""
    records = [record for claim in command.claims for record in _not_considered(material, claim, command, agency)]
    if records:
        yield "letter.not_considered", {"records": ", ".join(records), "decision": command.decision or "it"}


def contradicted_by(material: Material, claim: LetterClaim, sender: str, at: datetime) -> tuple[str, ...]:
    """The records that the register says are held, of which a claim says that they are not there.

    A claim about the sender's own holding is contradicted by that holding only.
    """
    if claim.claim not in _GONE:
        return ()
    named = [claim.record] if claim.record is not None else _of_kind(material, claim)
    reading, owner = now(material), claim.agency or sender
    held_by = {record: reading.holders(record, at).keys() for record in named}
    return tuple(record for record, held in held_by.items() if (owner in held if claim.own_holding else held))


def _of_kind(material: Material, claim: LetterClaim) -> list[str]:
    return sorted(record for record, fact in material.records.items() if fact.event.kind is claim.kind)


def _not_considered(
    material: Material, claim: LetterClaim, command: LogLetter | ProposeLetter, sender: str
) -> tuple[str, ...]:
    """What a letter says was considered and the decision that it is about does not name."""
    made = material.decisions.get(command.decision or "")
    rests_on = [each.record for each in made.event.considered if each.mode in RESTS_ON] if made is not None else []
    seen = same_content(material, rests_on)
    match claim.claim:
        case ClaimCode.CONSIDERED:
            named = [claim.record] if claim.record is not None else _of_kind(material, claim)
            return tuple(record for record in named if record not in seen)
        case ClaimCode.ALL_MATERIAL_CONSIDERED:
            agency = made.event.decider_agency if made is not None else sender
            return tuple(record for record in to_account_for(material, agency) if record not in seen)
        case _:
            return ()


def dispute(draft: Draft, command: DisputeClaim) -> None:
    """Somebody says otherwise. Both claims stay."""
    check_said(reason=command.reason)
    if command.letter not in draft.material.letters:
        refuse("records.unknown", what="letter", id=command.letter)
    by = draft.given.by
    claim = _entered(command.claim, by.agency)
    draft.add(ClaimDisputed(command.letter, claim, command.disputed_by or by.actor, command.reason))
