"""What stands on each page about the records of a case, by the name of its section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from safehands.core.decide.letters import contradicted_by
from safehands.core.decide.reviews import STAGES
from safehands.core.records import vocabulary as v
from safehands.core.records.answering import is_answered
from safehands.core.records.events import LetterLogged, LetterProposed, MaterialDecided
from safehands.core.records.findings import RULES
from safehands.core.records.knowing import deciders_before
from safehands.core.records.material import Fact
from safehands.desk.pages.evidence.families import preview
from safehands.desk.pages.evidence.moments import then_and_now
from safehands.desk.pages.evidence.telling import Reader, told, without_words
from safehands.desk.scene import Scene
from safehands.desk.subjects.evidence import concerns, deciding, letters, schedules
from safehands.desk.subjects.evidence.matter import Matter, matter_of, rested_classes, same_source
from safehands.desk.telling import Told
from safehands.exports.schedules import lines_of
from safehands.service.family_letters import block_for_letter
from safehands.service.words_of_records import ANSWERS, CLAIMS, KINDS, MODES, UNSEEN, words

Context = dict[str, Any]


def _overview(scene: Scene, _told: Told) -> Context:
    matter = matter_of(scene)
    material = matter.material
    waits = [
        {
            "to": matter.agency(fact.event.to_agency),
            "asker": matter.agency(fact.event.from_agency),
            "asked_at": fact.event.asked_at,
            "due": fact.event.due_at,
            "answers": [words(ANSWERS, item.answer) for item in material.replies[name][-1].event.items]
            if name in material.replies
            else [],
        }
        for name, fact in material.requests.items()
        if not is_answered(material, name)
    ]
    return {
        "matter": matter,
        "index": matter.index(),
        "hidden": [(matter.agency(agency), count) for agency, count in matter.seen.hidden.items()],
        "coverage": matter.coverage(),
        "waits": waits,
        "open_concerns": concerns.of_material(scene.case),
        "critical": sum(each.grade == 1 and not each.set_aside for each in concerns.of_material(scene.case)),
        "flags": sorted(material.flags),
        "refs": dict(material.refs.items()),
        "stage": material.stages[-1].event.stage if material.stages else None,
    }


@dataclass(frozen=True, slots=True)
class Made:
    """A decision on material as a page tells it."""

    seq: int
    event: MaterialDecided
    title: str
    seen: tuple[tuple[str, str], ...]
    unseen: tuple[tuple[str, str, str, bool], ...]
    without: tuple[str, ...]
    shown: tuple[str, ...]
    waived: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    earlier: str
    same_source: str
    concerns: int


def made_of(matter: Matter, fact: Fact[MaterialDecided]) -> Made:
    """A decision with everything that it rests on."""
    event, material = fact.event, matter.material
    rested = {each.record for each in event.considered if each.mode in v.RESTS_ON}
    fuller = {matter.reading.content_class(source)[0] for each in rested for source in matter.reading.sources(each)}
    same = same_source(matter.reading, material, event.decision)
    return Made(
        seq=fact.seq,
        event=event,
        title=matter.decided(event),
        seen=tuple((matter.called(each.record), words(MODES, each.mode)) for each in event.considered),
        unseen=tuple(
            (matter.called(each.record), words(UNSEEN, each.reason), each.text, each.signed)
            for each in event.known_unseen
        ),
        without=tuple(
            matter.called(each)
            for each in sorted(fuller)
            if not rested & set(matter.reading.content_class(each)) and matter.reading.holders(each, event.made_at)
        ),
        shown=tuple(matter.called(each) for each in event.shown),
        waived=tuple((name, said) for name, said in event.waived.items()),
        sources=tuple((matter.called(name), said) for name, said in event.sources.items()),
        earlier=matter.decision(event.reviews) if event.reviews is not None else "",
        same_source=matter.called(same) if same is not None else "",
        concerns=sum(
            each.decision == event.decision and each.concern in matter.scene.case.concerns
            for each in matter.findings.values()
        ),
    )


def _deciding(scene: Scene, _told: Told) -> Context:
    matter = matter_of(scene)
    kind = deciding.kind_in(scene.asked.get("kind", ""))
    earlier = scene.asked.get("reviews", "")
    before = matter.material.decisions.get(earlier)
    single = rested_classes(matter.reading, matter.material, earlier) if before is not None else frozenset()
    return {
        "matter": matter,
        "made": [made_of(matter, fact) for fact in matter.decisions()],
        "kinds": deciding.kinds_for(scene.seat.agency),
        "kind": kind,
        "chosen": earlier,
        "named": [(fact.event.decision, matter.decided(fact.event)) for fact in matter.decisions()],
        "before": made_of(matter, before) if before is not None else None,
        "single": matter.called(next(iter(single))) if len(single) == 1 else "",
        "own_earlier": before is not None
        and scene.seat.actor.actor in deciders_before(matter.material, before.event.decision),
    }


def reader_of(matter: Matter) -> Reader:
    """Who reads the concerns of this case."""
    seat = matter.scene.seat
    decisions = {fact.event.decision: matter.decided(fact.event) for fact in matter.decisions()}
    readable = frozenset(fact.event.record for fact in matter.seen.records)
    return Reader(seat.actor, seat.agency, decisions, matter.names, readable)


def _concerns(scene: Scene, _told: Told) -> Context:
    matter, case = matter_of(scene), scene.case
    filters = concerns.filters_in(dict(scene.asked))
    standing = concerns.of_material(case)
    found = [each for each in standing if _fits(matter, each.concern, each.rule, each.grade, filters)]
    acknowledged, wordless = without_words(matter.material)
    ended = [each for each in case.concerns.values() if each.cleared_at is not None and each.rule in RULES]
    return {
        "matter": matter,
        "told_concerns": told(case, matter.material, matter.findings, found[: concerns.SHOWN], reader_of(matter)),
        "in_all": len(found),
        "standing": len(standing),
        "ended": ended,
        "filters": filters,
        "rules": sorted({each.rule for each in standing}),
        "decisions": [(fact.event.decision, matter.decided(fact.event)) for fact in matter.decisions()],
        "coverage": matter.coverage(),
        "acknowledged": acknowledged,
        "wordless": wordless,
    }


def _fits(matter: Matter, name: str, rule: str, grade: int, filters: concerns.Filters) -> bool:
    finding = matter.findings.get(name)
    return (
        filters.rule in ("", rule)
        and filters.grade in ("", str(grade))
        and filters.decision in ("", (finding.decision if finding is not None else None) or "-")
    )


def _schedules(scene: Scene, _told: Told) -> Context:
    matter = matter_of(scene)
    served = [
        {
            "seq": fact.seq,
            "event": fact.event,
            "by": matter.agency(fact.event.agency),
            "lines": lines_of(matter.material, fact.event),
            "ours": fact.event.agency == scene.seat.agency,
        }
        for fact in schedules.served(matter.material)
    ]
    return {"matter": matter, "served": served}


def _letters(scene: Scene, _told: Told) -> Context:
    matter = matter_of(scene)
    facts = sorted(matter.material.letters.values(), key=lambda fact: (fact.event.sent_at, fact.seq), reverse=True)
    bears_out = [
        (line.label, ", ".join(matter.agency(each) for each in matter.reading.holders(line.record, scene.now)))
        for line in matter.index()
        if not line.stub
    ]
    return {
        "matter": matter,
        "logged": [_letter(matter, fact) for fact in facts],
        "waiting": [_waiting(matter, fact) for fact in letters.waiting(matter)],
        "bears_out": bears_out,
        "blocks": block_for_letter(matter.material, matter.names),
    }


def _waiting(matter: Matter, fact: Fact[LetterProposed]) -> Context:
    event, scene = fact.event, matter.scene
    return {
        "seq": fact.seq,
        "event": event,
        "by": fact.actor,
        "mine": fact.actor == scene.seat.actor.actor,
        "decision": matter.decision(event.decision) if event.decision is not None else "",
        "claims": [_claim(matter, claim, event.sender, scene.now) for claim in event.claims],
    }


def _letter(matter: Matter, fact: Fact[LetterLogged]) -> Context:
    event = fact.event
    claims = [(claim, "") for claim in event.claims]
    claims += [
        (each.event.claim, f"{each.event.disputed_by}: {each.event.reason}")
        for each in matter.material.disputed.get(event.letter, ())
    ]
    return {
        "seq": fact.seq,
        "event": event,
        "decision": matter.decision(event.decision) if event.decision is not None else "",
        "claims": [
            {**_claim(matter, claim, event.sender, event.sent_at), "disputed": disputed} for claim, disputed in claims
        ],
    }


def _claim(matter: Matter, claim: v.LetterClaim, sender: str, at: datetime) -> Context:
    """A claim in words, with what the register says against it at that time."""
    return {
        "says": words(CLAIMS, claim.claim),
        "about": _about(matter, claim),
        "own": claim.own_holding,
        "by": claim.entered_by,
        "against": [matter.called(each) for each in contradicted_by(matter.material, claim, sender, at)],
    }


def _about(matter: Matter, claim: v.LetterClaim) -> str:
    if claim.record is not None:
        return matter.called(claim.record)
    return words(KINDS, claim.kind) if claim.kind is not None else ""


def _reviews(scene: Scene, _told: Told) -> Context:
    matter, material = matter_of(scene), matter_of(scene).material
    asked = [
        {
            "event": fact.event,
            "decision": matter.decision(fact.event.decision),
            "moves": [(move.event.stage, move.event.reason, move.happened_at) for move in moves],
            "closed": bool(moves) and moves[-1].event.stage == STAGES[-1],
        }
        for name, fact in material.victim_reviews.items()
        for moves in (material.victim_moves.get(name, ()),)
    ]
    clocks = [
        (scene.words.clock(each.spec), each)
        for each in scene.case.clocks.values()
        if each.spec.startswith(("review_", "code_"))
    ]
    looked = [
        {
            "event": fact.event,
            "decision": matter.decision(fact.event.decision),
            "concluded": material.reviewed[name].event if name in material.reviewed else None,
            "independent": fact.event.reviewer not in deciders_before(material, fact.event.decision),
        }
        for name, fact in material.reviews.items()
    ]
    return {"matter": matter, "victims": asked, "clocks": clocks, "looked": looked, "decided": bool(material.decisions)}


def _family(scene: Scene, _told: Told) -> Context:
    matter = matter_of(scene)
    return {"matter": matter, **preview(matter, scene.asked.get("party", ""))}


def _then(scene: Scene, _told: Told) -> Context:
    return then_and_now(matter_of(scene))


BODIES: Final[Mapping[str, Callable[[Scene, Told], Context]]] = {
    "evidence": _overview,
    "deciding": _deciding,
    "concerns": _concerns,
    "schedules": _schedules,
    "letters": _letters,
    "reviews": _reviews,
    "family": _family,
    "then": _then,
}
