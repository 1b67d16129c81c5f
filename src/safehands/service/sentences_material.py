"""Sentences of a story about a case's material: what crossed between agencies, what was decided, what was written.

They say what was seen and what was not, and never that a decision was right or wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from safehands.core.events import ConcernRegraded
from safehands.core.records import events as r
from safehands.core.records import vocabulary as v
from safehands.service.moments import moment
from safehands.service.sentences import stopped
from safehands.service.words_of_records import (
    ANSWERS,
    CLAIMS,
    DECISIONS,
    MODES,
    STANDINGS,
    UNSEEN,
    listed,
    words,
)

About = r.MaterialNoted | r.CaseFlagged | r.CaseReferenced | r.StageReached | r.StandingRecorded
Shared = r.RecordShared | r.ShareReceived | r.ShareOpened | r.ShareRevoked
Asked = (
    r.MaterialRequested
    | r.RequestWithdrawn
    | r.RequestAnswered
    | r.NothingFurtherAttested
    | r.ScheduleServed
    | r.ScheduleItemDecided
)
Reviewed = (
    r.MaterialDecided
    | r.EffectAssessed
    | r.ReviewOpened
    | r.ReviewConcluded
    | r.VictimReviewRequested
    | r.VictimReviewMoved
)
Written = (
    r.LetterProposed
    | r.LetterLogged
    | r.ClaimDisputed
    | r.ConcernAcknowledged
    | r.SettingAsideProposed
    | r.ConcernSetAside
    | ConcernRegraded
)


def about(event: About) -> str:
    """What the case is and who may be told."""
    match event:
        case r.MaterialNoted():
            agency = event.register.removeprefix("register/")
            return f"The register of {agency} says something about {event.record}, which concerns this case."
        case r.CaseFlagged():
            parts = [
                f"marked {listed(event.added)}" if event.added else "",
                f"no longer marked {listed(event.removed)}" if event.removed else "",
            ]
            return f"The case is {listed([each for each in parts if each]) or 'marked as before'}."
        case r.CaseReferenced():
            return f"The case is also known as {listed([f'{name} {value}' for name, value in event.refs.items()])}."
        case r.StageReached():
            return f"The criminal case stands at: {event.stage.value.replace('_', ' ')}."
        case r.StandingRecorded():
            more = " They are told because the agency chose to." if event.discretionary else ""
            more += " They have enhanced rights: shorter times." if event.enhanced else ""
            return f"{event.party} may be told as {words(STANDINGS, event.standing)}: {stopped(event.basis)}{more}"
        case _ as never:
            assert_never(never)


def shared(event: Shared) -> str:
    """What went from one agency to another, and how far it came. Sent is not arrived, and arrived is not seen."""
    match event:
        case r.RecordShared():
            what = f"copy {event.copy} of {event.record}" if event.copy else f"word of {event.record}, without a copy,"
            until = f" It can be opened until {moment(event.expires_at)}." if event.expires_at is not None else ""
            person = f" ({event.to_person})" if event.to_person else ""
            way = event.channel.value.replace("_", " ")
            return f"{event.from_agency} sent {what} to {event.to_agency}{person} by {way}.{until}"
        case r.ShareReceived():
            hashed = (
                f" Its hash begins {event.sha256_received[:12]}." if event.sha256_received else " No hash was taken."
            )
            return (
                f"What was sent as {event.share} arrived at {moment(event.received_at)}, says "
                f"{event.received_by}.{hashed}"
            )
        case r.ShareOpened():
            share = (
                f"{event.coverage.percent} % of it was played or read"
                if event.coverage is not None
                else "how far is not known"
            )
            return f"{event.person} opened what was sent as {event.share} at {moment(event.opened_at)}; {share}."
        case r.ShareRevoked():
            return (
                f"What was sent as {event.share} can no longer be opened: {stopped(event.reason)} That it was sent "
                f"stays."
            )
        case _ as never:
            assert_never(never)


def asked(event: Asked) -> str:
    """Requests, answers line by line, statements that nothing further is held, schedules."""
    match event:
        case r.MaterialRequested():
            due = f", by {moment(event.due_at)}" if event.due_at is not None else ". By when is not known"
            return f"{event.from_agency} asked {event.to_agency} for {_scope(event.scope)}{due}."
        case r.RequestWithdrawn():
            return f"The request {event.request} was withdrawn: {stopped(event.reason)}"
        case r.RequestAnswered():
            lines = listed([f"{item.record} {words(ANSWERS, item.answer)}" for item in event.items])
            whole = "Every record that its register shows has a line." if event.complete else "It is not complete."
            late = " It was given before this register began, and stands as it was given." if event.legacy else ""
            return f"{event.agency} answered {event.request}: {lines or 'no line'}. {whole}{late}"
        case r.NothingFurtherAttested():
            where = listed(event.systems_searched) if event.systems_searched else "nothing that was named"
            left = "".join(f" Not searched: {name}, because {stopped(why)}" for name, why in event.not_searched.items())
            return (
                f"{event.attested_by} of {event.agency} stated that nothing further is held, as at "
                f"{moment(event.at)}: "
                f"{stopped(event.wording)} Searched: {where}.{left}"
            )
        case r.ScheduleServed():
            with_it = " with its certificate" if event.with_certificate else ""
            count = f"{len(event.items)} line{'' if len(event.items) == 1 else 's'}"
            return f"{event.agency} served the schedule {event.schedule} ({event.form.value}), {count}{with_it}."
        case r.ScheduleItemDecided():
            said = {
                v.ScheduleDecision.DISCLOSE: "disclose",
                v.ScheduleDecision.INSPECT: "allow it to be inspected",
                v.ScheduleDecision.CLEARLY_NOT_DISCLOSABLE: "clearly not to be disclosed",
            }[event.decision]
            return (
                f"On line {event.number} of {event.schedule} {event.decided_by} decided: {said}, because "
                f"{stopped(event.reason)}"
            )
        case _ as never:
            assert_never(never)


def _scope(scope: v.Scope) -> str:
    if scope.everything:
        return "all records of the case"
    kinds = listed([kind.value.replace("_", " ") for kind in scope.kinds])
    return kinds or (f"“{scope.text}”" if scope.text else "records")


def reviewed(event: Reviewed) -> str:
    """Decisions, what each rested on, and who looked again."""
    match event:
        case r.MaterialDecided():
            return _decided(event)
        case r.EffectAssessed():
            return (
                f"{event.assessed_by} weighed what {event.record} means for the decision {event.decision}: "
                f"{stopped(event.reason)}"
            )
        case r.ReviewOpened():
            trigger = event.trigger.value.replace("vrr", "a victim's request").replace("_", " ")
            return (
                f"{event.reviewer} of {event.reviewer_agency} looks at the decision {event.decision} again ({trigger})."
            )
        case r.ReviewConcluded():
            return (
                f"The review {event.review} ended ({event.outcome.value.replace('_', ' ')}): {stopped(event.reasons)}"
            )
        case r.VictimReviewRequested():
            scheme = {v.Scheme.CPS: "Crown Prosecution Service", v.Scheme.POLICE: "police"}[event.scheme]
            covered = "The scheme covers it." if event.qualifying else "The scheme does not cover it."
            reason = f" {stopped(event.reason)}" if event.reason else ""
            return f"{event.party} asked the {scheme} to review the decision {event.decision}. {covered}{reason}"
        case r.VictimReviewMoved():
            reason = f": {stopped(event.reason)}" if event.reason else "."
            return f"The request for a review {event.victim_review} is now {event.stage.replace('_', ' ')}{reason}"
        case _ as never:
            assert_never(never)


def _decided(event: r.MaterialDecided) -> str:
    of = f" It looks at {event.reviews} again." if event.reviews else ""
    if event.basis_known:
        seen = (
            listed([f"{each.record} ({words(MODES, each.mode)})" for each in event.considered]) or "no record by name"
        )
        rested = f" It rested on {seen}."
    else:
        rested = " Nobody can say any more what it rested on."
    unseen = "".join(
        f" {each.record} was known and not seen: "
        f"{words(UNSEEN, each.reason)}{', signed' if each.signed else ', not signed'}."
        for each in event.known_unseen
    )
    waived = "".join(f" It did not wait for {name}: {stopped(why)}" for name, why in event.waived.items())
    late = " It was made before this register began." if event.legacy else ""
    return (
        f"{event.decider} of {event.decider_agency} made the decision {event.decision} "
        f"({words(DECISIONS, event.kind)}): "
        f"{stopped(event.outcome)} Reasons: {stopped(event.reasons)}{of}{rested}{unseen}{waived}{late}"
    )


def written(event: Written, concerns: Mapping[str, str]) -> str:
    """Letters and what they claim; what became of concerns."""
    match event:
        case r.LetterProposed():
            claims = "".join(f" It says that {_claim(claim)}." for claim in event.claims)
            return (
                f"{event.sender} would write to {event.recipient} (letter {event.letter}).{claims} Nothing was sent: a "
                f"second person looks at it first."
            )
        case r.LetterLogged():
            way = (
                f"{event.sender} wrote to {event.recipient}"
                if event.outgoing
                else f"{event.recipient} had a letter from {event.sender}"
            )
            claims = "".join(f" It says that {_claim(claim)}." for claim in event.claims)
            look = f" {event.second_look} looked at it before it went." if event.second_look else ""
            return f"{way} (letter {event.letter}).{claims}{look}"
        case r.ClaimDisputed():
            return (
                f"{event.disputed_by} does not agree that the letter {event.letter} says, or rightly says, that "
                f"{_claim(event.claim)}: {stopped(event.reason)} Both stay."
            )
        case r.ConcernAcknowledged():
            return (
                f"Somebody has seen a concern ({_concern(event.concern, concerns)}): {stopped(event.reason)} It stays "
                f"open."
            )
        case r.SettingAsideProposed():
            return (
                f"Proposed to set a concern aside ({_concern(event.concern, concerns)}): {stopped(event.reason)} It "
                f"stands until a second person agrees."
            )
        case r.ConcernSetAside():
            return (
                f"Two people set a concern aside ({_concern(event.concern, concerns)}; the second is "
                f"{event.seconded_by}): {stopped(event.reason)} It stays listed."
            )
        case ConcernRegraded():
            return f"A concern is of grade {event.grade} now ({_concern(event.concern, concerns)}). It stays listed."
        case _ as never:
            assert_never(never)


def _concern(concern: str, concerns: Mapping[str, str]) -> str:
    return f"{concern.partition('/')[2] or concern}: {concerns.get(concern, 'a rule about material').rstrip('.')}"


def _claim(claim: v.LetterClaim) -> str:
    what = claim.record or (f"any {claim.kind.value.replace('_', ' ')}" if claim.kind is not None else "the material")
    own = " by the sender itself" if claim.own_holding else ""
    to = f" with {claim.agency}" if claim.agency else ""
    return f"{what} {words(CLAIMS, claim.claim)}{own}{to}"
