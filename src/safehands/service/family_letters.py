"""Words for letters: what a letter after a new decision has to say of the earlier ones, and advice on wording (R08)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from safehands.core.records import events as r
from safehands.core.records import vocabulary as v
from safehands.core.records.material import Material
from safehands.core.records.reading import Reading, now
from safehands.service.family import GONE, in_time, without
from safehands.service.words_of_records import agency_in_words, date_of, listed


def block_for_letter(material: Material, names: Mapping[str, str]) -> tuple[str, ...]:
    """What a letter after a new decision has to say of the earlier ones: which were made without a fuller record, who
    had it, and when it was supplied. Made from the material; nothing where nothing was missing."""
    reading = now(material)
    by_source: dict[str, list[r.MaterialDecided]] = {}
    for fact in in_time(material):
        for source in without(reading, fact):
            by_source.setdefault(source, []).append(fact.event)
    return tuple(_block(material, reading, source, decided, names) for source, decided in by_source.items())


def _block(
    material: Material, reading: Reading, source: str, decided: Sequence[r.MaterialDecided], names: Mapping[str, str]
) -> str:
    years = listed([str(event.made_at.year) for event in decided])
    reviews = "review was" if len(decided) == 1 else "reviews were"
    fact = reading.record(source)
    kind = fact.event.kind if fact is not None else None
    what = "the recording" if kind in _RECORDINGS else "the fuller record"
    always = set.intersection(*(set(reading.holders(source, event.made_at)) for event in decided))
    who = listed([agency_in_words(agency, names) for agency in sorted(always)])
    held = f", which {who} held throughout" if who else ", which was held elsewhere"
    supplied = _supplied(material, reading, source, {event.decider_agency for event in decided})
    when = f" It was supplied on {date_of(supplied)}." if supplied is not None else " It has not been supplied yet."
    return f"Your {years} {reviews} made without {what}{held}.{when}"


_RECORDINGS: Final = frozenset({kind for kind, fidelity in v.FIDELITY.items() if fidelity >= 5})


def _supplied(material: Material, reading: Reading, source: str, deciders: set[str]) -> datetime | None:
    """When a copy of the record, or one that lost nothing, first reached those who decide."""
    shares = (
        material.shares[share].event
        for member in reading.content_class(source)
        for share in material.shares_of.get(member, ())
    )
    sent = [event.sent_at for event in shares if event.to_agency in deciders and event.copy is not None]
    return min(sent, default=None)


def wording_advice(
    material: Material, sender: str, claims: Sequence[v.LetterClaim], at: datetime, names: Mapping[str, str]
) -> tuple[str, ...]:
    """How to say in a letter what the register bears out (R08). Advice for whoever writes; the rule itself decides."""
    reading = now(material)
    return tuple(advice for claim in claims for advice in _advice(reading, sender, claim, at, names))


def _advice(
    reading: Reading, sender: str, claim: v.LetterClaim, at: datetime, names: Mapping[str, str]
) -> Iterator[str]:
    if claim.claim in GONE and claim.record is not None:
        holders = tuple(reading.holders(claim.record, at))
        others = listed([agency_in_words(each, names) for each in holders if each != sender])
        if sender in holders:
            yield f"Your own register shows {claim.record} as held. Look again before you write that it is not."
        elif others and not claim.own_holding:
            yield f"Write that you do not hold {claim.record} yourselves, and that {others} may."
        elif others:
            yield f"True of your own holding. Say also that {others} may hold {claim.record}."
        else:
            yield f"Say where you looked for {claim.record} and where you did not. Not found is not destroyed."
    if claim.claim is v.ClaimCode.ALL_MATERIAL_CONSIDERED:
        decided = reading.material.decisions.values()
        missed = dict.fromkeys(source for fact in decided for source in without(reading, fact))
        if missed:
            yield f"Do not write that all material was considered. A decision was made without {listed(list(missed))}."
