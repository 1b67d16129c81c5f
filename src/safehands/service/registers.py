"""The way into an agency's register of records: a command becomes entries of ``register/<agency>`` and, in the same
transaction, what each case that the record concerns is told of it.

Only the agency itself writes to its register. A case is told that an entry exists and where; what it says stays in the
register, which nobody else reads. The case's clocks and concerns follow at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from safehands import codec
from safehands.core.case import Case
from safehands.core.decide import Decided, decide
from safehands.core.events import Entry, Envelope
from safehands.core.records.answering import SheetLine, prefilled
from safehands.core.records.commands import NoteMaterial, RegisterCommand
from safehands.core.records.folding import fact_of
from safehands.core.records.material import Material, absorb_all
from safehands.core.records.register import cases_touched, decide_register
from safehands.core.records.telling import Change, notes_for, stream_of
from safehands.core.vocabulary import Actor, HappenedSource
from safehands.errors import BadInput, NotFound, Stale
from safehands.service.handle import ATTEMPTS, Request, Service, given, prepare
from safehands.service.loading import folded
from safehands.service.material import Known
from safehands.service.permissions import check_may_enter
from safehands.store.ports import Append, NewEntry, Receipt, Unit


@dataclass(frozen=True, slots=True)
class RegisterRequest:
    """A command to the sender's own register, under which idempotency key, with which claim about time.

    ``case_id`` is the case in which the sender works: needed where they speak of another agency's record, its copies or
    derivations, which their own register does not know.
    """

    command_id: str
    command: RegisterCommand
    by: Actor
    happened_at: datetime | None = None
    source: HappenedSource = HappenedSource.LIVE
    case_id: str | None = None

    @property
    def here(self) -> str | None:
        """The stream of that case."""
        return f"case/{self.case_id}" if self.case_id is not None else None


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of it: the entries of the register (none when it had been done before), the streams of the cases that
    were told, the receipt of the register."""

    entries: tuple[Entry, ...]
    told: tuple[str, ...]
    receipt: Receipt


class _Overtaken(Exception):
    """Somebody else wrote to the register or to a case between our reading and our append."""


def enter(service: Service, request: RegisterRequest) -> Entered:
    """Do ``request`` once, durably. Raises the errors of ``safehands.errors``; then nothing was written."""
    check_may_enter(request.by)
    for _ in range(ATTEMPTS):
        try:
            return _once(service, request)
        except _Overtaken:
            continue
    raise Stale("Others keep writing to this register. Try again.")


def _once(service: Service, request: RegisterRequest) -> Entered:
    stream = stream_of(request.by.agency)
    own = service.materials.register(service.store, stream)
    here = (request.here,) if request.here is not None else ()
    touched = tuple(dict.fromkeys((*cases_touched(request.command, own.material), *here)))
    known = {case: service.known(case) for case in touched}
    with service.store.unit(agency=request.by.agency) as unit:
        done = unit.done(request.command_id)
        if done is not None:
            return Entered((), (), done)
        cases = dict(_cases(unit, touched))
        if any(known[case].version != cases[case].version for case in touched):
            raise _Overtaken
        entries, after = _entries(service, request, own, {case: each.material for case, each in known.items()})
        facts = tuple(fact_of(entry) for entry in entries)
        change = Change(request.by.agency, own.material, after, facts)
        told = tuple(_told(service, request, change, cases, known))
        append = Append(
            request.command_id,
            stream,
            own.version,
            tuple(NewEntry(stream, entry.envelope.version, codec.encode(entry)) for entry in entries),
        )
        try:
            receipts = unit.append((append, *(written for written, _ in told)))
        except Stale:
            raise _Overtaken from None
    if not receipts[0].repeated:
        service.materials.keep(stream, Known(own.version + len(entries), after))
        for _, decided in told:
            if decided.material is not None:
                service.materials.keep(
                    decided.case.stream, Known(decided.case.version, decided.material, decided.findings)
                )
    return Entered(entries, tuple(decided.case.stream for _, decided in told), receipts[0])


def _cases(unit: Unit, touched: tuple[str, ...]) -> Iterator[tuple[str, Case]]:
    """Every case concerned. Where the agency has no part in one of them, nothing is written to any."""
    missing = []
    for case in touched:
        loaded = unit.load(case) if case.startswith("case/") else None
        if loaded is None:
            missing.append(case)
        else:
            yield case, folded(loaded)
    if missing:
        raise NotFound(f"There is no such case, or your agency has no standing in it: {', '.join(missing)}.")


def _entries(
    service: Service, request: RegisterRequest, own: Known, cases: Mapping[str, Material]
) -> tuple[tuple[Entry, ...], Material]:
    stream = stream_of(request.by.agency)
    now, recorded_at = service.clock.now(), service.clock.recorded_at()
    happened_at = request.happened_at if request.happened_at is not None else now
    if happened_at > now:
        raise BadInput([f"You say that this happened at {happened_at.isoformat()}, which is later than now."])
    asked = Request(request.command_id, "", NoteMaterial(()), request.by, happened_at, request.source)
    about = replace(given(asked, service.clock, {}, service.calendars), retention=service.retention)
    events = decide_register(request.command, own.material, cases, about, request.here)
    entries = tuple(
        Entry(
            Envelope(
                stream,
                own.version + n,
                recorded_at,
                happened_at,
                request.source,
                request.by,
                None,
                request.command_id,
            ),
            event,
        )
        for n, event in enumerate(events, 1)
    )
    return entries, absorb_all((fact_of(entry) for entry in entries), own.material)


def _told(
    service: Service, request: RegisterRequest, change: Change, cases: Mapping[str, Case], known: Mapping[str, Known]
) -> Iterator[tuple[Append, Decided]]:
    """What each case is told, decided like every other command: its clocks and concerns follow."""
    for stream, case in cases.items():
        notes = notes_for(stream, change, known[stream].material)
        if not notes:
            continue
        asked = Request(request.command_id, case.case_id, NoteMaterial(notes), request.by, None, request.source)
        about = replace(
            given(asked, service.clock, {}, service.calendars),
            material=known[stream].material,
            standing=known[stream].findings,
            integrity=service.integrity,
        )
        decided = decide(asked.command, stream, case, service.catalogue.by_ref(case.pathway), about)
        yield prepare(asked, case, decided), decided


def answer_sheet(service: Service, case_id: str, request: str, by: Actor) -> tuple[SheetLine, ...]:
    """The lines that an answer to ``request`` needs, made from the answering agency's own register."""
    material = service.material(case_id, agency=by.agency).material
    if request not in material.requests or material.requests[request].event.to_agency != by.agency:
        raise NotFound("There is no such request to your agency in this case.")
    own = service.materials.register(service.store, stream_of(by.agency)).material
    return prefilled(own, material.requests[request].event, f"case/{case_id}", material)
