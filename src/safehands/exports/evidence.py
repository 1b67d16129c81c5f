"""The pages of the evidence bundle: timeline, letters, what they claim, concerns. Each row names the entries that it
stands on, so that a reader can hold it against them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from safehands.core.records.findings import Finding, Findings
from safehands.core.records.material import Material
from safehands.core.records.vocabulary import LetterClaim
from safehands.ledger.evidence import Page, Row

#: The positions in the ledger of the fact at this place in the order of learning.
Positions = Callable[[int], tuple[int, ...]]

_GRADES = {1: "critical", 2: "high", 3: "medium", 4: "recorded"}


def pages(material: Material, findings: Findings, timeline: Sequence[Row], positions: Positions) -> tuple[Page, ...]:
    """The four pages. ``timeline`` is the case's story, ``positions`` where the fact of a ``seq`` stands."""
    return (
        Page("Timeline", tuple(timeline)),
        Page("Letters", tuple(_letters(material, positions))),
        Page("What the letters say", tuple(_claims(material, findings, positions))),
        Page("Concerns", tuple(_concern(each, positions) for each in _by_weight(findings))),
    )


def _letters(material: Material, positions: Positions) -> Iterable[Row]:
    for fact in sorted(material.letters.values(), key=lambda each: each.seq):
        letter = fact.event
        way = "sent" if letter.outgoing else "received"
        about = f" It explains decision {letter.decision}." if letter.decision and letter.explains_decision else ""
        says = f"Letter {letter.letter} was {way} on {_day(letter.sent_at)}."
        yield Row(f"{says} SHA-256 of its text: {letter.body_sha256}.{about}", positions(fact.seq))


def _claims(material: Material, findings: Findings, positions: Positions) -> Iterable[Row]:
    """Every claim; where a rule finds that the register does not bear it out, the claim says so."""
    against: dict[int, list[Finding]] = {}
    for finding in findings.values():
        if finding.rule == "R08":
            for seq in finding.because:
                against.setdefault(seq, []).append(finding)
    for fact in sorted(material.letters.values(), key=lambda each: each.seq):
        for claim in fact.event.claims:
            doubts = [
                each for each in against.get(fact.seq, ()) if claim.record is None or claim.record in each.records
            ]
            stands = tuple(dict.fromkeys(at for each in doubts for seq in each.because for at in positions(seq)))
            doubt = " The register does not bear this out." if doubts else ""
            yield Row(f"Letter {fact.event.letter} says: {_claimed(claim)}.{doubt}", stands or positions(fact.seq))
        for disputed in material.disputed.get(fact.event.letter, ()):
            says = f"It is disputed what letter {fact.event.letter} says."
            yield Row(f"{says} Another reading: {_claimed(disputed.event.claim)}.", positions(disputed.seq))


def _claimed(claim: LetterClaim) -> str:
    what = claim.record or (_words(claim.kind) if claim.kind is not None else "all material")
    whose = f", by {claim.agency}" if claim.agency else ""
    return f"{what}: {_words(claim.claim)}{whose}"


def _by_weight(findings: Findings) -> list[Finding]:
    return sorted(findings.values(), key=lambda each: (each.grade, each.first_true_at, each.concern))


def _concern(finding: Finding, positions: Positions) -> Row:
    then = "" if finding.knowable_then else " It could not be known then from this register."
    name = (
        f"{finding.rule}{finding.letter}" if len(finding.letter) == 1 else f"{finding.rule} {finding.letter}".rstrip()
    )
    says = f"{name}, {_GRADES[finding.grade]}: {finding.cause}, true since {_day(finding.first_true_at)}.{then}"
    stands = tuple(dict.fromkeys(at for seq in finding.because for at in positions(seq)))
    return Row(says, stands)


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %B %Y}"


def _words(code: str) -> str:
    return str(code).replace("_", " ")
