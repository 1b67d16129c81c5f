"""Sentences of a story about records: what is registered, held, copied, checked and kept.

They are neutral: what is known, by whom, and what nobody knows. "Unknown", "not searched", "missing" and "destroyed"
are never said for one another.
"""

from __future__ import annotations

from typing import assert_never

from safehands.core.records import events as r
from safehands.core.records import vocabulary as v
from safehands.service.moments import moment
from safehands.service.sentences import stopped
from safehands.service.words_of_records import (
    CUSTODY,
    HOW_KNOWN,
    KINDS,
    SOURCES,
    STATUSES,
    VERIFIED,
    words,
)

#: What a register says of a record as such.
Described = r.RegisterDeclared | r.RecordRegistered | r.RecordTied | r.RecordReclassified | r.RecordDescribed
#: What it says of copies and where they are.
Copied = r.CopyRegistered | r.PlayabilityTested | r.HoldingAsserted | r.CustodyRecorded
#: What was made from what.
Derived = r.DerivationRecorded | r.SourceClaimed | r.TwinAsked | r.SameEventRecorded | r.DerivativeVerified
#: How long it is kept.
Kept = r.RetentionRuled | r.HoldPlaced | r.HoldLifted


def when(at: v.When) -> str:
    """A time as exactly as it is known."""
    if at.precision is v.Precision.UNKNOWN:
        return "at a time that nobody knows"
    said = {
        v.Precision.INSTANT: f"at {moment(at.at)}",
        v.Precision.DAY: f"on {at.at:%-d %B %Y}",
        v.Precision.MONTH: f"in {at.at:%B %Y}",
        v.Precision.YEAR: f"in {at.at:%Y}",
        v.Precision.ABOUT: f"about {at.at:%-d %B %Y}",
    }[at.precision]
    return f"{said} or later, until {at.until:%-d %B %Y}" if at.until is not None else said


def described(event: Described) -> str:
    """Records, as content."""
    match event:
        case r.RegisterDeclared():
            status = {
                v.RegisterStatus.LIVE: "kept as things happen",
                v.RegisterStatus.SNAPSHOT: "read in once",
                v.RegisterStatus.NONE: "not in this system",
            }[event.status]
            never = [store.name for store in event.stores if store.searched_at is None]
            gap = f" Never searched: {', '.join(never)}." if never else ""
            of = f", as of {moment(event.as_of)}" if event.as_of is not None else ""
            return f"The register of {event.agency} is {status}{of}.{gap}"
        case r.RecordRegistered():
            late = " It comes from a declared import of older entries." if event.legacy else ""
            made = (
                f"made {when(event.created)}"
                if event.created.precision is not v.Precision.UNKNOWN
                else "of no known date"
            )
            return (
                f"{event.agency} registered {event.exhibit_ref or event.record}, a {words(KINDS, event.kind)}, "
                f"{made}: "
                f"{stopped(event.description)}{late}"
            )
        case r.RecordTied():
            return f"{event.record} concerns {event.case} too."
        case r.RecordReclassified():
            changed = [each.value.replace("_", " ") for each in (event.relevance, event.use, event.sensitivity) if each]
            order = f" By order: {stopped(event.authority)}" if event.authority else ""
            return (
                f"{event.record} is classed anew ({', '.join(changed) or 'as before'}): {stopped(event.reason)}{order}"
            )
        case r.RecordDescribed():
            return f"{event.record} is described anew: {stopped(event.reason)} The old description stays on file."
        case _ as never:
            assert_never(never)


def copied(event: Copied) -> str:
    """Copies: what they are on, who has them, what happened to them."""
    match event:
        case r.CopyRegistered():
            fixed = "fixed by its hash" if event.sha256 else (f"sealed as {event.seal}" if event.seal else "not sealed")
            by = f", held by {event.held_by}" if event.held_by else ""
            medium = event.medium.value.replace("_", " or ")
            return (
                f"Of {event.record} there is a copy {event.copy} ({event.role.value.replace('_', ' ')}) on {medium}, "
                f"{fixed}{by}."
            )
        case r.PlayabilityTested():
            said = {v.Playable.YES: "It plays", v.Playable.NO: "It cannot be played"}.get(
                event.playable, "Nobody has played it"
            )
            note = f" {stopped(event.note)}" if event.note else ""
            return f"Somebody tried to play {event.copy} at {moment(event.at)}. {said}.{note}"
        case r.HoldingAsserted():
            what = event.copy or event.record
            extra = ", ".join(each for each in (event.location, event.authority, event.method) if each)
            place = f" ({extra})" if extra else ""
            known = words(HOW_KNOWN, event.how)
            return f"Of {what}: {event.agency} {words(STATUSES, event.status)}{place}. How this is known: {known}."
        case r.CustodyRecorded():
            person = f" by {event.person} of {event.agency}" if event.person else f" by {event.agency}"
            way = f", from {event.given_by}" if event.given_by else ""
            way += f", to {event.given_to}" if event.given_to else ""
            share = f" ({event.coverage.percent} % of it)" if event.coverage is not None else ""
            why = f" {stopped(event.purpose)}" if event.purpose else ""
            done = words(CUSTODY, event.type)
            return f"{event.copy} was {done}{person} at {moment(event.at)}{share}{way}.{why}"
        case _ as never:
            assert_never(never)


def derived(event: Derived) -> str:
    """What was made from what, and who checked it."""
    match event:
        case r.DerivationRecorded():
            by = f" by {event.made_by}" if event.made_by else ""
            tool = f" with {event.tool}" if event.tool else ""
            how = event.method.value.replace("_", " ")
            return f"{event.derived} was made from {event.source} ({how}){by}{tool}."
        case r.SourceClaimed():
            who = f" ({event.held_by})" if event.held_by else ""
            scope = f" Searched: {stopped(event.scope)}" if event.scope else ""
            reason = f" {stopped(event.reason)}" if event.reason else ""
            return (
                f"Of what {event.record} was made from, {event.agency} says: "
                f"{words(SOURCES, event.claim)}{who}.{scope}{reason}"
            )
        case r.TwinAsked():
            said = {
                v.RecordedToo.YES: f"yes, as {event.ref}",
                v.RecordedToo.NO: "no",
                v.RecordedToo.NOT_ASKED: "nobody has asked",
            }[event.recorded_too]
            reason = f" {stopped(event.reason)}" if event.reason else ""
            return f"Was what {event.record} is about also recorded? The answer: {said}.{reason}"
        case r.SameEventRecorded():
            return f"{event.one} and {event.other} are records of one event, and neither was made from the other."
        case r.DerivativeVerified():
            notes = f" {stopped(event.notes)}" if event.notes else ""
            return (
                f"{event.verified_by} compared the record of {event.derivation} with {event.against_copy}: "
                f"{words(VERIFIED, event.result)}.{notes}"
            )
        case _ as never:
            assert_never(never)


def kept(event: Kept) -> str:
    """What forbids that it is destroyed."""
    match event:
        case r.RetentionRuled():
            until = f"at least until {moment(event.min_until)}" if event.min_until is not None else "with no known end"
            return f"{event.agency} keeps {event.record} {until}, by {event.rule}: {stopped(event.basis)}"
        case r.HoldPlaced():
            return f"{event.record} must not be destroyed, says {event.placed_by}: {stopped(event.reason)}"
        case r.HoldLifted():
            return (
                f"A hold on {event.record} was lifted by {event.authority}: {stopped(event.reason)} "
                "Other reasons to keep it may stand."
            )
        case _ as never:
            assert_never(never)
