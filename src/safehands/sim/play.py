"""Playing one incident of an export: which commands its row stands for, at which times. A replay invents nothing.

============ =========================================================================================================
the row says the command
============ =========================================================================================================
received     a contact is taken by the agency that runs the control room; a health or welfare matter is put to the
             tables at once, with what the row says and everything else unknown
offered      the case is offered to the agency that goes (route ``dispatch``)
accepted     that agency accepts; without it there is no handover
arrived      one responder comes, called "first unit": the row does not say how many came
seen         somebody saw the person, in a health or welfare matter
released     that responder is free again; where the row has it before the arrival, it was another unit's: not used
first_closed closed, opened again by the holder: only where the row says that it was reopened
closed       the holder closes; what is still open then is settled as the closing of an export does
nothing more the case stays open; a day after the last thing that the row says no more deadlines are played in it,
             because from then on the export is silent, and nobody knows whether the people were
============ =========================================================================================================

No decision is made up: no row names a person who decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final, assert_never
from uuid import UUID, uuid5

from safehands.core.case import Case
from safehands.core.commands import (
    AcceptOffer,
    CloseCase,
    Command,
    Conclude,
    OfferHandover,
    RecordArrival,
    RecordMilestone,
    RecordRelease,
    ReopenCase,
    TakeContact,
)
from safehands.core.decide.closing import OUT_OF_SCOPE
from safehands.core.vocabulary import UNKNOWN, Actor, Answer, Contact, HappenedSource, Provenance
from safehands.service.handle import Request
from safehands.sim import maps
from safehands.sim.export import Incident, offers

#: The route of every offer: a control room hands the case to the service that goes.
ROUTE: Final = "dispatch"

#: The one responder that a row knows of.
FIRST_UNIT: Final = "first unit"

#: For how long deadlines are played in a case after the last thing that its row says.
SILENT_AFTER: Final = timedelta(hours=24)

#: The milestone of having seen the person.
PERSON_SEEN: Final = "person_seen"

#: Who the entries of a replay are by: the export, in the role of the people who wrote it.
EXPORT_ACTOR: Final = "export"
EXPORT_ROLE: Final = "dispatcher"

RELEASED_BEFORE_ARRIVAL: Final = (
    "a unit was cleared before the first arrival; that was another unit, so its time is not used"
)
RELEASED_AFTER_CLOSING: Final = "the unit was cleared after the closing; its time ends with the closing"
REPEATED_HOUR: Final = (
    "a time lies in the hour that came twice when the clocks went back; it is read as the first of the two"
)
NEVER_CLOSED: Final = "the file does not say that it was closed in the end; its case is open"


class Step(IntEnum):
    """What a row says happened, in the order in which it is played where two things have one time."""

    TAKE = 0
    CONCLUDE = 1
    OFFER = 2
    ACCEPT = 3
    ARRIVE = 4
    SEE = 5
    RELEASE = 6
    FIRST_CLOSE = 7
    REOPEN = 8
    CLOSE = 9
    LET_GO = 10


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """One thing that happened, in the order of the whole export: by time, then by line, then as ``Step`` says."""

    at: datetime
    line: int
    step: Step


def moments(incident: Incident, receiver: str) -> Iterator[Moment]:
    """What happened in this incident."""
    steps = tuple(_steps(incident, receiver))
    yield from (Moment(at, incident.line, step) for step, at in steps)
    if steps[-1][0] is not Step.CLOSE:
        yield Moment(max(at for _, at in steps) + SILENT_AFTER, incident.line, Step.LET_GO)


def _steps(incident: Incident, receiver: str) -> Iterator[tuple[Step, datetime]]:
    at = incident.instants
    yield Step.TAKE, at[maps.RECEIVED]
    if incident.answers is not None:
        yield Step.CONCLUDE, at[maps.RECEIVED]
    if offers(incident, receiver):
        yield Step.OFFER, at[maps.OFFERED]
        if maps.ACCEPTED in at:
            yield Step.ACCEPT, at[maps.ACCEPTED]
    if maps.SEEN in at and incident.answers is not None:
        yield Step.SEE, at[maps.SEEN]
    if maps.ARRIVED in at:
        yield Step.ARRIVE, at[maps.ARRIVED]
        if maps.RELEASED in at and not _another_unit(incident) and not _cleared_after_closing(incident):
            yield Step.RELEASE, at[maps.RELEASED]
    yield from _closings(incident)


def _closings(incident: Incident) -> Iterator[tuple[Step, datetime]]:
    at = incident.instants
    if maps.REOPENED in at and maps.FIRST_CLOSED in at:
        yield Step.FIRST_CLOSE, at[maps.FIRST_CLOSED]
        yield Step.REOPEN, at[maps.REOPENED]
        if maps.CLOSED in at:
            yield Step.CLOSE, at[maps.CLOSED]
    elif maps.CLOSED in at or maps.FIRST_CLOSED in at:
        yield Step.CLOSE, at[maps.CLOSED] if maps.CLOSED in at else at[maps.FIRST_CLOSED]


def _another_unit(incident: Incident) -> bool:
    at = incident.instants
    return maps.RELEASED in at and maps.ARRIVED in at and at[maps.RELEASED] < at[maps.ARRIVED]


def _cleared_after_closing(incident: Incident) -> bool:
    closed = next((at for step, at in _closings(incident) if step is Step.CLOSE), None)
    return closed is not None and maps.RELEASED in incident.instants and incident.instants[maps.RELEASED] > closed


def remarks(incident: Incident) -> Iterator[str]:
    """What of this row was read in a way that its reader should know of."""
    if _another_unit(incident):
        yield RELEASED_BEFORE_ARRIVAL
    elif _cleared_after_closing(incident):
        yield RELEASED_AFTER_CLOSING
    if incident.repeated_hour:
        yield REPEATED_HOUR
    if not any(step is Step.CLOSE for step, _ in _closings(incident)):
        yield NEVER_CLOSED


@dataclass(frozen=True, slots=True)
class Player:
    """Turns moments into requests. ``run`` is this replay's own id: every replay makes cases of its own; ``prefix``
    begins their references."""

    chart: maps.ReplayMap
    run: UUID
    prefix: str

    def case_id(self, incident: Incident) -> str:
        """The case of this incident in this replay."""
        return str(uuid5(self.run, incident.id))

    def request(self, moment: Moment, incident: Incident, case: Case | None) -> Request:
        """The command that this moment stands for. ``case`` is the case before it, None for the first."""
        case_id = self.case_id(incident)
        agency, command = self._command(moment.step, incident, case_id, case)
        return Request(
            command_id=f"{case_id}/{moment.step.name.lower()}",
            case_id=case_id,
            command=command,
            by=Actor(EXPORT_ACTOR, EXPORT_ROLE, agency),
            happened_at=moment.at,
            source=HappenedSource.EXPORT,
            pathway=self.chart.other_pathway if incident.answers is None else self.chart.pathway,
        )

    def _command(self, step: Step, incident: Incident, case_id: str, case: Case | None) -> tuple[str, Command]:
        """The command, and the agency that gives it."""
        receiver = self.chart.receiver
        if step is Step.TAKE or case is None:
            return receiver, self._take(incident, case_id)
        service = incident.agency or receiver
        match step:
            case Step.CONCLUDE:
                return receiver, Conclude()
            case Step.OFFER:
                return case.holder, OfferHandover(service, ROUTE, "go to this incident")
            case Step.ACCEPT:
                return service, AcceptOffer(_offer_to(case, service), receiver)
            case Step.ARRIVE:
                return service, RecordArrival(FIRST_UNIT, service)
            case Step.SEE:
                return service, RecordMilestone(PERSON_SEEN)
            case Step.RELEASE:
                return service, RecordRelease(FIRST_UNIT)
            case Step.REOPEN:
                return case.holder, ReopenCase("reopened in the export")
            case Step.FIRST_CLOSE | Step.CLOSE:
                outcome = OUT_OF_SCOPE if incident.answers is None else "closed"
                return case.holder, CloseCase(case.holder, "closed in the export", outcome)
            case Step.LET_GO:
                raise ValueError("letting go of a case is no command")
            case _ as never:
                assert_never(never)

    def _take(self, incident: Incident, case_id: str) -> TakeContact:
        received = incident.instants[maps.RECEIVED]
        contact = Contact(
            contact=f"{case_id}.contact",
            channel=incident.channel or UNKNOWN,
            received_at=received,
            taken_by=self.chart.receiver,
            reference=incident.id,
        )
        return TakeContact(f"{self.prefix}/{incident.id}", contact, self._answers(incident, received))

    def _answers(self, incident: Incident, at: datetime) -> tuple[Answer, ...]:
        """What the row says, each with the row's own words; where it says nothing that the form asks, the words
        alone."""
        if incident.answers is None:
            return ()
        said = {self.chart.words_go_to: UNKNOWN, **incident.answers}
        words = incident.words or None
        return tuple(
            Answer(
                question,
                value,
                Provenance.REGISTER,
                at,
                EXPORT_ACTOR,
                words,
                f"{self.chart.name}, line {incident.line}",
            )
            for question, value in said.items()
        )


def _offer_to(case: Case, agency: str) -> str:
    """The latest offer to this agency; an empty id, which the core refuses, where nobody offered it anything."""
    return next((offer.offer for offer in reversed(tuple(case.offers.values())) if offer.to_agency == agency), "")
