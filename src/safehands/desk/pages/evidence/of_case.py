"""The pages of a case about its material: what exists and what is withheld; who asked for what, and what arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.answering import is_answered
from safehands.core.records.knowing import is_orphan
from safehands.core.records.ladder import rung
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading, now
from safehands.desk import words_of_evidence as w
from safehands.desk.family_tree import Sight, called, ref_of
from safehands.desk.pages.evidence import files
from safehands.desk.pages.evidence.record import agencies_of, sight_of
from safehands.desk.pages.evidence.register import covered, description_of
from safehands.desk.scene import Scene, agency_names
from safehands.desk.subjects.material import MATERIAL, REQUESTS, material_of
from safehands.desk.telling import Told
from safehands.service.material import Seen, seen_by

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that the reader may see, in a list: how far it came to us, and to others."""

    record: str
    ref: str
    kind: str
    made: str
    description: str
    agency: str
    ours: str
    orphan: bool


def _material(scene: Scene, _told: Told) -> Context:
    material = material_of(scene)
    seen = seen_by(material, scene.seat.agency)
    reading = now(material)
    return {
        "seen": seen,
        "records": [_kept(reading, fact, scene) for fact in seen.records],
        "stubs": [(w.said(w.KINDS, stub.kind), w.when_of(stub.created), stub, _why(stub)) for stub in seen.stubs],
        "hidden": sorted(seen.hidden.items()),
        "covered": [covered(material, agency) for agency in agencies_of(material)],
        "names": agency_names(),
    }


def _kept(reading: Reading, fact: Fact[e.RecordRegistered], scene: Scene) -> Kept:
    record = fact.event.record
    return Kept(
        record,
        ref_of(reading, fact),
        w.said(w.KINDS, fact.event.kind),
        w.when_of(fact.event.created),
        description_of(reading.material, fact),
        fact.event.agency,
        w.said(w.RUNGS, rung(reading, record, scene.seat.agency, scene.now)),
        is_orphan(reading.material, record),
    )


def _why(stub: Any) -> str:
    """The class of reason that is told of a record that is withheld."""
    if stub.withheld_for is not None:
        return w.said(w.WITHHELD, stub.withheld_for)
    return _("not listed or shared with your agency")


# --- requests ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer as the asking side reads it."""

    record: str
    called: str
    link: bool
    answer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, with the statement that went with it."""

    reply: str
    at: datetime
    complete: bool
    replaced: bool
    legacy: bool
    lines: tuple[Line, ...]
    attestation: e.NothingFurtherAttested | None
    withheld: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with everything that was answered to it."""

    request: str
    event: e.MaterialRequested
    purpose: str
    scope: str
    withdrawn: str
    waits: bool
    late: bool
    to_us: bool
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What went from one agency to another, what arrived, and how far it was opened."""

    share: str
    event: e.RecordShared
    ref: str
    channel: str
    received: Fact[e.ShareReceived] | None
    hashes: str
    differs: bool
    opened: tuple[tuple[e.ShareOpened, str], ...]
    revoked: str
    may_fetch: bool
    has_file: bool


def _requests(scene: Scene, _told: Told) -> Context:
    material = material_of(scene)
    agency = scene.seat.agency
    see = sight_of(material, seen_by(material, agency))
    asked = [
        asked_of(material, fact, scene, see)
        for fact in sorted(material.requests.values(), key=lambda each: -each.seq)
        if agency in (fact.event.from_agency, fact.event.to_agency)
    ]
    others = len(material.requests) - len(asked)
    sent = [
        _sent(material, fact, scene)
        for fact in sorted(material.shares.values(), key=lambda each: -each.seq)
        if agency in (fact.event.from_agency, fact.event.to_agency)
    ]
    # A form that stands beside what it is about: the answer sheet has a page of its own.
    return {"asked": asked, "others": others, "sent": sent, "names": agency_names()}


def asked_of(material: Material, fact: Fact[e.MaterialRequested], scene: Scene, see: Any) -> Asked:
    """A request as one of its two sides reads it."""
    event = fact.event
    withdrawn = material.withdrawn.get(event.request)
    waits = not is_answered(material, event.request)
    replies = material.replies.get(event.request, ())
    replaced = {reply.event.supersedes for reply in replies}
    return Asked(
        event.request,
        event,
        w.said(w.PURPOSES, event.purpose),
        scope_of(event.scope),
        withdrawn.event.reason if withdrawn is not None else "",
        waits,
        waits and event.due_at is not None and event.due_at < scene.now,
        event.to_agency == scene.seat.agency,
        tuple(_answered(material, reply, see, replaced) for reply in reversed(replies)),
    )


def scope_of(scope: v.Scope) -> str:
    """What is asked for, in words."""
    if scope.everything:
        return " ".join(part for part in (_("everything held about this case"), scope.text) if part)
    parts = [w.said(w.KINDS, kind) for kind in scope.kinds]
    if scope.made_from is not None:
        parts.append(_("made from %(day)s") % {"day": w.day_of(scope.made_from)})
    if scope.made_until is not None:
        parts.append(_("made until %(day)s") % {"day": w.day_of(scope.made_until)})
    return ", ".join([*parts, *([scope.text] if scope.text else [])])


def _answered(material: Material, fact: Fact[e.RequestAnswered], see: Any, replaced: set[str | None]) -> Answered:
    event = fact.event
    reading = now(material)
    attested = material.attestations.get(event.attestation) if event.attestation is not None else None
    shown = [
        item for item in event.items if see(item.record) is not Sight.HIDDEN or item.record not in material.records
    ]
    return Answered(
        event.reply,
        event.at,
        event.complete,
        event.reply in replaced,
        event.legacy,
        tuple(
            Line(
                item.record,
                called(reading, item.record, see),
                see(item.record) is not Sight.HIDDEN,
                w.said(w.ANSWERS, item.answer),
                "; ".join(_needs(material, item)),
            )
            for item in shown
        ),
        attested.event if attested is not None else None,
        len(event.items) - len(shown),
    )


def _needs(material: Material, item: v.ReplyItem) -> Iterator[str]:
    if item.share is not None and item.share in material.shares:
        share = material.shares[item.share].event
        yield _("sent %(day)s by %(channel)s") % {
            "day": w.day_of(share.sent_at),
            "channel": w.said(w.CHANNELS, share.channel),
        }
    if item.withheld_for is not None:
        yield w.said(w.WITHHELD, item.withheld_for)
    if item.seen_by_prosecutor is not None:
        yield _("a prosecutor saw it") if item.seen_by_prosecutor else _("no prosecutor saw it")
    if item.last_holder:
        yield _("last held by: %(who)s") % {"who": item.last_holder}
    if item.reason:
        yield item.reason


def _sent(material: Material, fact: Fact[e.RecordShared], scene: Scene) -> Sent:
    event = fact.event
    received = material.received.get(event.share)
    arrived = received.event.sha256_received if received is not None else None
    differs = bool(arrived and event.sha256_sent and arrived != event.sha256_sent)
    revoked = material.revoked.get(event.share)
    copy = material.copies.get(event.copy) if event.copy is not None else None
    has_file = copy is not None and copy.event.stored_as is not None
    lies = files.lying(material, event.copy, scene.seat) if has_file and event.copy is not None else None
    record = material.records[event.record]
    return Sent(
        event.share,
        event,
        ref_of(now(material), record),
        w.said(w.CHANNELS, event.channel),
        received,
        _hashes(event.sha256_sent, arrived, differs=differs),
        differs,
        tuple((each.event, _seen(each.event.coverage)) for each in material.opened.get(event.share, ())),
        revoked.event.reason if revoked is not None else "",
        lies is not None and lies.may_have and event.to_agency == scene.seat.agency,
        has_file,
    )


def _hashes(sent: str | None, arrived: str | None, *, differs: bool) -> str:
    if differs:
        return _("The hash of what arrived is not the hash of what was sent")
    if sent and arrived:
        return _("What arrived has the hash of what was sent")
    if sent:
        return _("Nobody has said by hash what arrived")
    return _("Sent without a hash")


def _seen(coverage: v.Coverage | None) -> str:
    if coverage is None:
        return _("opened; how far it was seen, nobody said")
    whole = {"percent": coverage.percent, "start": coverage.start, "end": coverage.end}
    if coverage.end:
        return _("%(percent)d %% of it, from %(start)d to %(end)d") % whole
    return _("%(percent)d %% of it") % whole


def count_withheld(seen: Seen) -> int:
    """How many records are known to exist and not shown."""
    return len(seen.stubs) + sum(seen.hidden.values())


BODIES: Final[Mapping[str, Callable[[Scene, Told], Context]]] = {MATERIAL: _material, REQUESTS: _requests}
