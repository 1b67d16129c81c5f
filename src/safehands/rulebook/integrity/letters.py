"""R08: a letter says what the register contradicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import EVERYTHING_CONSIDERED, Fact, Material
from safehands.core.records.reading import made_at
from safehands.core.records.vocabulary import ClaimCode, LetterClaim
from safehands.rulebook.integrity import source_unseen
from safehands.rulebook.integrity.cells import (
    CRITICAL,
    NOTHING,
    RECORDED,
    Judged,
    Parts,
    Question,
    Rule,
    cause,
    considered,
    kin,
    knowable,
    records_of,
)

#: What a letter says of a record that is held all the same.
GONE: Final = frozenset({ClaimCode.NOT_HELD, ClaimCode.DESTROYED, ClaimCode.NEVER_EXISTED})
#: In place of a record, where a letter says that everything was considered.
ALL: Final = "all_material_considered"


def cells(material: Material) -> Iterable[Parts]:
    """Each letter with each record that it may speak of, and with all."""
    for letter in material.letters:
        yield from _of_letter(material, letter)


def _of_letter(material: Material, letter: str) -> Iterable[Parts]:
    yield (letter, ALL)
    claims = _claims(material, letter)
    named = kin(material, [claim.record for claim in claims if claim.record is not None])
    kinds = {claim.kind for claim in claims if claim.record is None and claim.kind is not None}
    alike = [name for name, fact in material.records.items() if fact.event.kind in kinds] if kinds else []
    yield from ((letter, each) for each in kin(material, (*named, *alike)))


def _claims(material: Material, letter: str) -> list[LetterClaim]:
    fact = material.letters.get(letter)
    claims = list(fact.event.claims) if fact is not None else []
    return claims + [each.event.claim for each in material.disputed.get(letter, ())]


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A letter; of a record, the letters that speak of it or of its kind; of a decision, the letters about it."""
    match fact.event:
        case e.LetterLogged(letter=letter) | e.ClaimDisputed(letter=letter):
            yield from _of_letter(material, letter)
        case e.MaterialDecided(decision=decision):
            for letter, logged in material.letters.items():
                if logged.event.decision in (None, decision):
                    yield from _of_letter(material, letter)
            yield from _about(material, kin(material, considered(material, decision)))
        case _:
            yield from _about(material, kin(material, records_of(material, fact)))
    everything = material.letters_on.get(EVERYTHING_CONSIDERED, ())
    if everything:
        unseen = {parts[0] for parts in source_unseen.touched(material, fact)}
        for letter in everything:
            logged_as = material.letters.get(letter)
            if logged_as is not None and (logged_as.event.decision is None or logged_as.event.decision in unseen):
                yield (letter, ALL)


def _about(material: Material, records: tuple[str, ...]) -> Iterator[Parts]:
    keys = [f"record {each}" for each in records]
    keys += [f"kind {fact.event.kind}" for each in records if (fact := material.records.get(each)) is not None]
    for letter in dict.fromkeys(letter for key in keys for letter in material.letters_on.get(key, ())):
        yield from ((letter, each) for each in records)


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of a letter and a record, or of a letter and everything."""
    finding = find(question, parts)
    if finding is None:
        return NOTHING
    letter = question.material.letters[parts[0]]
    same = (parts,) if parts[1] == ALL else tuple((parts[0], x) for x in question.reading.content_class(parts[1]))
    return Judged(knowable(finding, question, letter, letter.event.sent_at, find=find, cells=same))


def find(question: Question, parts: Parts) -> Finding | None:
    """The worst that the register says against a letter on one content class, or on everything."""
    reading, material = question.reading, question.material
    letter = reading.one(material.letters, parts[0])
    if letter is None:
        return None
    claims = [*letter.event.claims, *(each.event.claim for each in reading.all(material.disputed, parts[0]))]
    if parts[1] == ALL:
        said = any(claim.claim is ClaimCode.ALL_MATERIAL_CONSIDERED for claim in claims)
        return _not_everything(question, letter) if said else None
    members = reading.content_class(parts[1])
    if members[0] != parts[1]:
        return None
    against = [each for claim in claims for each in _against(question, letter, claim, members)]
    if not against:
        return None
    grade, which, seqs = min(against)
    return Finding(
        rule="R08",
        letter=which,
        grade=grade,
        cause=cause(parts),
        because=(letter.seq, *seqs),
        first_true_at=letter.event.sent_at,
        decision=letter.event.decision,
        records=members,
    )


_Against = tuple[int, str, tuple[int, ...]]


def _against(
    question: Question, letter: Fact[e.LetterLogged], claim: LetterClaim, members: tuple[str, ...]
) -> Iterator[_Against]:
    """What contradicts one claim about one content class: grade, letter, the facts."""
    for fact in question.reading.each(question.material.records, members):
        if made_at(fact) > letter.event.sent_at or claim.claim is ClaimCode.ALL_MATERIAL_CONSIDERED:
            continue
        named = claim.record in members if claim.record is not None else claim.kind is fact.event.kind
        if named and claim.claim in GONE:
            yield from _still_held(question, letter, claim, fact)
        elif named and claim.claim is ClaimCode.CONSIDERED and not _considered(question, letter, members):
            yield CRITICAL, "c", (fact.seq,)


def _still_held(
    question: Question, letter: Fact[e.LetterLogged], claim: LetterClaim, fact: Fact[e.RecordRegistered]
) -> Iterator[_Against]:
    """Held all the same: by whom the claim speaks of, or by anybody where it names nobody. A sender who speaks of its
    own holding, and truly, is told who else holds it."""
    holders = question.reading.holders(fact.event.record, letter.event.sent_at)
    speaks_of = claim.agency or (letter.event.sender if claim.own_holding else None)
    if speaks_of is None:
        yield from ((CRITICAL, "a", (held.seq,)) for held in holders.values())
    elif speaks_of in holders:
        yield CRITICAL, "a", (holders[speaks_of].seq,)
    elif claim.own_holding:
        yield from ((RECORDED, "d", (held.seq,)) for held in holders.values())


def _considered(question: Question, letter: Fact[e.LetterLogged], members: tuple[str, ...]) -> bool:
    """Whether the decision that the letter is about, or any by then where it names none, rests on it."""
    decisions = question.reading.decisions_on(members)
    if letter.event.decision is not None:
        return any(fact.event.decision == letter.event.decision for fact in decisions)
    return any(fact.event.made_at <= letter.event.sent_at for fact in decisions)


def _not_everything(question: Question, letter: Fact[e.LetterLogged]) -> Finding | None:
    reading, material = question.reading, question.material
    named = letter.event.decision
    about = sorted(
        (
            fact
            for fact in reading.each(material.decisions, material.decisions if named is None else (named,))
            if named is not None or fact.event.made_at <= letter.event.sent_at
        ),
        key=lambda fact: fact.seq,
    )
    for decision in about:
        unseen = source_unseen.unseen_by(question, decision.event.decision)
        if unseen:
            first = min(unseen)
            return Finding(
                rule="R08",
                letter="b",
                grade=CRITICAL,
                cause=cause((letter.event.letter, ALL)),
                because=(letter.seq, *unseen[first].because[:3]),
                first_true_at=letter.event.sent_at,
                decision=decision.event.decision,
                records=tuple(sorted(unseen)),
            )
    return None


RULE: Final = Rule("R08", cells, touched, judge)
