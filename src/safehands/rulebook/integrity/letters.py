"""R08: a letter says what the register contradicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import EVERYTHING_CONSIDERED, Fact, Material
from safehands.core.records.reading import Reading, made_at
from safehands.core.records.vocabulary import ClaimCode, LetterClaim
from safehands.rulebook.integrity import source_unseen
from safehands.rulebook.integrity.cells import (
    CRITICAL,
    NOTHING,
    RECORDED,
    Judged,
    Part,
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
    claims = _claims(material, letter)
    if any(claim.claim is ClaimCode.ALL_MATERIAL_CONSIDERED for claim in claims):
        yield from ((letter, ALL, *parts) for parts in source_unseen.cells(material))
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
        unseen = dict.fromkeys(source_unseen.touched(material, fact))
        yield from ((letter, ALL, *parts) for letter in everything for parts in unseen)


def _about(material: Material, records: tuple[str, ...]) -> Iterator[Parts]:
    keys = [f"record {each}" for each in records]
    keys += [f"kind {fact.event.kind}" for each in records if (fact := material.records.get(each)) is not None]
    for letter in dict.fromkeys(letter for key in keys for letter in material.letters_on.get(key, ())):
        yield from ((letter, each) for each in records)


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of a letter and a record; of a letter that says that everything was considered, and a source."""
    if len(parts) > 2:
        return _of_everything(question, parts)
    finding = find(question, parts)
    if finding is None:
        return NOTHING
    letter = question.material.letters[parts[0]]
    same = ((parts[0], each) for each in question.reading.content_class(parts[1]))
    return Judged(knowable(finding, question, letter, letter.event.sent_at, find=find, cells=same))


def find(question: Question, parts: Parts) -> Finding | None:
    """The worst that the register says against a letter on one content class."""
    reading, material = question.reading, question.material
    letter = reading.one(material.letters, parts[0])
    if letter is None:
        return None
    claims = _claimed(reading, letter)
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


def _claimed(reading: Reading, letter: Fact[e.LetterLogged]) -> list[LetterClaim]:
    disputed = reading.all(reading.material.disputed, letter.event.letter)
    return [*letter.event.claims, *(each.event.claim for each in disputed)]


def _of_everything(question: Question, parts: Parts) -> Judged:
    """Of all sources that were not seen, the first speaks: a letter makes this claim once."""
    decision = question.reading.one(question.material.decisions, parts[2])
    letter = question.reading.one(question.material.letters, parts[0])
    if decision is None or letter is None:
        return NOTHING
    reading = question.reading.then(letter, letter.event.sent_at, legacy=letter.event.legacy)
    then = _not_seen(replace(question, reading=reading), parts)
    return Judged(_not_seen(question, parts), part=Part(parts[:2], (decision.seq, parts[3]), then is not None))


def _not_seen(question: Question, parts: Parts) -> Finding | None:
    """A source that the decision did not see, where a letter about it says that everything was considered."""
    reading, (name, _, decided, record) = question.reading, parts
    letter = reading.one(question.material.letters, name)
    decision = reading.one(question.material.decisions, decided)
    if letter is None or decision is None:
        return None
    about = letter.event.decision
    if decided != about and (about is not None or decision.event.made_at > letter.event.sent_at):
        return None
    unseen = source_unseen.find(question, (decided, record))
    said = any(claim.claim is ClaimCode.ALL_MATERIAL_CONSIDERED for claim in _claimed(reading, letter))
    if not said or unseen is None or unseen.letter not in source_unseen.UNSEEN:
        return None
    return Finding(
        rule="R08",
        letter="b",
        grade=CRITICAL,
        cause=cause((name, ALL)),
        because=(letter.seq, *unseen.because[:3]),
        first_true_at=letter.event.sent_at,
        decision=decided,
        records=(record,),
    )


RULE: Final = Rule("R08", cells, touched, judge)
