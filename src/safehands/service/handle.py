"""The one way in: a command becomes entries, rows and messages in one transaction, or an error that says why not.

``Service.handle`` loads the stream (snapshot and tail), asks ``core.decide``, and appends. The append carries the
version that was folded: if somebody else wrote in between, the stream is loaded again and the command decided anew (its
beliefs travel with it, so a command that no longer fits is refused with what changed). The command id is the
idempotency key: sent twice, done once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from safehands import codec
from safehands.core.calendar import Calendar
from safehands.core.case import Case
from safehands.core.commands import Command, Given, IdentifyParty, JoinContact, LinkCase, OfferHandover, TakeContact
from safehands.core.decide import Decided, decide
from safehands.core.events import CasesLinked, Entry
from safehands.core.pathway import Pathway
from safehands.core.records.commands import AnswerRequest, AttestNothingFurther, DecideOnMaterial, MaterialCommand
from safehands.core.records.findings import Integrity
from safehands.core.records.material import Material
from safehands.core.records.retaining import Retention
from safehands.core.records.telling import stream_of
from safehands.core.vocabulary import Actor, Answer, HappenedSource
from safehands.errors import NotFound, Stale
from safehands.pathways.calendars import shipped_calendars
from safehands.projections import facts, pictures
from safehands.rulebook.integrity import INTEGRITY
from safehands.rulebook.retention import may_dispose
from safehands.service import outbox, register
from safehands.service.agencies import page_of_outside
from safehands.service.catalogue import Catalogue
from safehands.service.clock import Clock
from safehands.service.loading import folded
from safehands.service.material import Known, Materials
from safehands.service.permissions import AUDITOR, check_may_act
from safehands.store.ports import Append, NewEntry, Receipt, Store, Token, Unit

#: How often a command is decided anew when others write to the same case at the same time.
ATTEMPTS: Final = 8


@dataclass(frozen=True, slots=True)
class Request:
    """A command on its way in: what, on which case, by whom, under which idempotency key, and with which claim about
    time.

    ``pathway`` is needed to open a case. ``tokens`` are what the person or place of a contact can be found by: they tie
    repeat contacts together and are stored as keyed blind indexes only.
    """

    command_id: str
    case_id: str
    command: Command
    by: Actor
    happened_at: datetime | None = None
    source: HappenedSource = HappenedSource.LIVE
    pathway: str | None = None
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of a request: the entries it wrote (none when it had been done before), the case after them, the
    receipt.
    """

    entries: tuple[Entry, ...]
    case: Case
    receipt: Receipt

    @property
    def repeated(self) -> bool:
        """Whether the same command id had been done before."""
        return self.receipt.repeated


@dataclass(frozen=True, slots=True)
class Service:
    """The kernel in use: a store, the adopted pathways, a clock, calendars by name, rules of integrity and retention.

    ``materials`` keeps the material of cases and registers that were used last.
    """

    store: Store
    catalogue: Catalogue
    clock: Clock
    calendars: Mapping[str, Calendar] = field(default_factory=shipped_calendars)
    integrity: Integrity | None = INTEGRITY
    retention: Retention | None = may_dispose
    materials: Materials = field(default_factory=Materials)

    def handle(self, request: Request) -> Handled:
        """Do ``request`` once, durably. Raises the errors of ``safehands.errors``; then nothing was written."""
        check_may_act(request.by, request.command)
        tokens = register.found_by((token.kind, token.value) for token in request.tokens)
        request = replace(request, tokens=tokens)
        for _ in range(ATTEMPTS - 1):
            try:
                return self._prepared(request)
            except _Overtaken:
                continue
        try:
            return self._prepared(request)
        except _Overtaken as overtaken:
            raise overtaken.stale from None

    def case(self, case_id: str, *, agency: str | None) -> Case:
        """The case as it stands, or ``NotFound`` where the agency has no standing in it."""
        loaded = self.store.load(f"case/{case_id}", agency=agency)
        if loaded is None:
            raise NotFound("There is no such case, or your agency has no standing in it.")
        return folded(loaded)

    def material(self, case_id: str, *, agency: str | None) -> Known:
        """The case's material as it stands, whole; ``NotFound`` where the agency has no standing in the case.

        What of it the agency may read, ``material.seen_by`` says.
        """
        self.case(case_id, agency=agency)
        return self.known(f"case/{case_id}")

    def known(self, stream: str) -> Known:
        """The material of a case's stream, brought up to date. Takes a connection of its own."""
        return self.materials.case(self.store, stream, self.integrity, self.clock.now(), self.calendars)

    def link(self, one: str, other: str, matched: tuple[str, ...], reason: str, by: Actor) -> Handled:
        """Tie two cases to each other in one transaction, pool their risks, and ask the tables of both again."""
        command = LinkCase(f"case/{other}", matched, reason)
        return self.handle(Request(self.clock.new_id(), one, command, by))

    def _prepared(self, request: Request) -> Handled:
        """``_once``, with everything read beforehand that would take a connection of its own: a transaction that waits
        for another connection can wait for ever.
        """
        outside = self._outside(request.command)
        force = request.by.agency
        material = isinstance(request.command, MaterialCommand)
        while True:
            self.catalogue.switches.read(force, self.clock.now())
            about = self.about_records(request) if material else Records()
            try:
                return self._once(request, outside, about)
            except _Unread as unread:
                force = unread.force
            except _Behind:
                material = True

    def about_records(self, request: Request) -> Records:
        """What a command about records may know besides the case: read, and sealed, before the transaction. Takes
        connections of its own."""
        self.known(f"case/{request.case_id}")
        own = size = root = None
        if isinstance(request.command, AnswerRequest | AttestNothingFurther):
            own = self.materials.register(self.store, stream_of(request.by.agency)).material
        if isinstance(request.command, DecideOnMaterial):
            head = self.store.seal(at=self.clock.now())
            size, root = head.sealed, head.root.hex()
        return Records(own, size or 0, root or "")

    def _once(self, request: Request, outside: Mapping[str, Mapping[str, str]], about: Records) -> Handled:
        stream = f"case/{request.case_id}"
        tokens = looked_for(request.command, request.tokens)
        looks = bool(tokens)
        with self.store.unit(agency=_reader(request)) as unit:
            if looks:
                unit.lock(tokens)
            loaded, done = unit.take(stream, request.command_id)
            case = folded(loaded) if loaded is not None else None
            if done is not None and case is not None:
                return Handled((), case, done)
            found = self._looked_up(unit, request, stream, tokens) if looks else self._of_link(unit, request)
            known = replace(
                given(request, self.clock, found, self.calendars, searched=looks),
                shadow_streams=self._in_shadow(request, case),
                outside=outside,
                own=about.own,
                size=about.size,
                root=about.root,
            )
            known = self._with_material(known, case)
            decided = self._decide(request, stream, case, known)
            if not decided.entries:
                return Handled((), decided.case, Receipt(request.command_id, stream, 0, 0))
            appends = (prepare(request, case, decided), *self._linked_back(unit, request, decided, known))
            receipt = _appended(lambda: unit.append(appends)[0])
        self._keep(decided, receipt)
        return self._answer(request, decided, receipt)

    def _with_material(self, known: Given, case: Case | None) -> Given:
        """``known`` with the material of the case, where it has any. Raises ``_Behind`` where what is kept is older or
        newer than the case that was loaded."""
        if case is None or case.records == 0:
            return replace(known, integrity=self.integrity)
        kept = self.materials.get(case.stream)
        if kept.version != case.version:
            raise _Behind
        return replace(known, material=kept.material, standing=kept.findings, integrity=self.integrity)

    def _keep(self, decided: Decided, receipt: Receipt) -> None:
        """Keep the material after a command, for the next one."""
        if decided.material is not None and decided.case.records and not receipt.repeated:
            self.materials.keep(decided.case.stream, Known(decided.case.version, decided.material, decided.findings))

    def _looked_up(
        self, unit: Unit, request: Request, stream: str, tokens: tuple[Token, ...]
    ) -> dict[str, tuple[Answer, ...]]:
        """What other cases about this person and place say. Comes under their lock, and is written to the log of
        looking.
        """
        at = self.clock.now()
        reason = type(request.command).__name__
        by = request.by
        stubs = unit.stubs(tokens, actor=by.actor, agency=by.agency, reason=reason, at=at)
        return register.of_stubs(unit, stubs, stream, self.catalogue, at)

    def _in_shadow(self, request: Request, case: Case | None) -> frozenset[str]:
        """The streams that the force which took this case's first contact has not switched on yet.

        Raises ``_Unread`` where nobody has read lately what that force says.
        """
        match request.command:
            case TakeContact(contact=contact):
                receiver, pathway = contact.taken_by, request.pathway or ""
            case _ if case is not None:
                receiver, pathway = case.receiver, case.pathway.pathway
            case _:
                return frozenset()
        off = self.catalogue.switches.off_at(receiver, pathway, self.clock.now())
        if off is None:
            raise _Unread(receiver)
        return off

    def _outside(self, command: Command) -> Mapping[str, Mapping[str, str]]:
        """What the contact book says of the agency that is asked, where it is not on the system."""
        if not isinstance(command, OfferHandover):
            return {}
        return {command.to_agency: page_of_outside(self.store, command.to_agency)}

    def _of_link(self, unit: Unit, request: Request) -> dict[str, tuple[Answer, ...]]:
        """What the other case of a link says."""
        if not isinstance(request.command, LinkCase):
            return {}
        loaded = unit.load(request.command.other)
        if loaded is None:
            raise NotFound("The other case does not exist, or your agency has no standing in it.")
        return {request.command.other: self._answers_of(folded(loaded))}

    def _answers_of(self, case: Case) -> tuple[Answer, ...]:
        return register.answers_of(case, self.catalogue.by_ref(case.pathway), self.clock.now())

    def _linked_back(self, unit: Unit, request: Request, decided: Decided, known: Given) -> Iterator[Append]:
        """The same link in each other case, whose tables are asked again too: what is new here is new there.

        A case in which the agency has no standing is not written to: its holder learns of the link through its own
        register.
        """
        this = decided.case
        for entry in decided.entries:
            if not isinstance(entry.event, CasesLinked):
                continue
            loaded = unit.load(entry.event.other)
            other = folded(loaded) if loaded is not None else None
            if other is None or this.stream in other.links:
                continue
            command = LinkCase(this.stream, entry.event.matched, entry.event.reason)
            there = replace(
                known,
                happened_at=known.now,
                register={this.stream: self._answers_of(this)},
                searched=False,
                shadow_streams=self._in_shadow(replace(request, command=command), other),
                material=None,
                standing={},
            )
            back = decide(command, other.stream, other, self.catalogue.by_ref(other.pathway), there)
            yield prepare(replace(request, tokens=()), other, back)

    def _decide(self, request: Request, stream: str, case: Case | None, known: Given) -> Decided:
        if case is None and not isinstance(request.command, TakeContact):
            raise NotFound("There is no such case, or your agency has no standing in it.")
        return decide(request.command, stream, case, self.pathway_of(request, case), known)

    def pathway_of(self, request: Request, case: Case | None) -> Pathway:
        """The version a case runs under, or the adopted one for a case that is about to open."""
        return (
            self.catalogue.by_ref(case.pathway) if case is not None else self.catalogue.current(request.pathway or "")
        )

    def _answer(self, request: Request, decided: Decided, receipt: Receipt) -> Handled:
        if receipt.repeated:
            return Handled((), self.case(request.case_id, agency=_reader(request)), receipt)
        return Handled(decided.entries, decided.case, receipt)


class _Unread(Exception):
    """What a force says of its streams has to be read, outside the transaction."""

    def __init__(self, force: str) -> None:
        self.force = force
        super().__init__(force)


class _Behind(Exception):
    """The material that is kept is not that of the case as loaded: it has to be read, outside the transaction."""


@dataclass(frozen=True, slots=True)
class Records:
    """What a command about records may know besides the case: the sender's own register, and the ledger's head."""

    own: Material | None = None
    size: int = 0
    root: str = ""


def looked_for(command: Command, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """By what other cases are looked for: what the contact names, or what the subject is now known by.

    A name alone ties no cases together, and neither does who reported: a care home's number is that of many matters.
    """
    match command:
        case TakeContact() | JoinContact():
            return tokens
        case IdentifyParty(role="subject") as who:
            pairs = (("phone", who.phone), ("address", who.address), ("nhs_number", who.nhs_number))
            return register.found_by(pairs)
        case _:
            return ()


class _Overtaken(Exception):
    """Somebody else wrote to the stream between our load and our append."""

    def __init__(self, stale: Stale) -> None:
        self.stale = stale
        super().__init__(str(stale))


def _appended(append: Callable[[], Receipt]) -> Receipt:
    try:
        return append()
    except Stale as stale:
        raise _Overtaken(stale) from None


def _reader(request: Request) -> str | None:
    everything = request.source is HappenedSource.TIMER or request.by.role == AUDITOR
    return None if everything else request.by.agency


def given(
    request: Request,
    clock: Clock,
    found: Mapping[str, tuple[Answer, ...]],
    calendars: Mapping[str, Calendar],
    *,
    searched: bool = False,
) -> Given:
    """What the core may know of this request. ``searched`` says that other cases were looked for, whether or not any
    was found.
    """
    now = clock.now()
    return Given(
        command=request.command_id,
        now=now,
        recorded_at=clock.recorded_at(),
        by=request.by,
        happened_at=request.happened_at if request.happened_at is not None else now,
        source=request.source,
        register=found,
        searched=searched,
        calendars=calendars,
    )


def prepare(request: Request, before: Case | None, decided: Decided, *, with_pictures: bool = True) -> Append:
    """Everything that one decided command writes."""
    after = decided.case
    return Append(
        command=request.command_id,
        stream=after.stream,
        expected=before.version if before is not None else 0,
        entries=tuple(NewEntry(after.stream, entry.envelope.version, codec.encode(entry)) for entry in decided.entries),
        pictures=pictures.changed(before, after) if with_pictures else (),
        facts=facts.of(decided.entries, after, decided.pathway),
        tokens=tuple(dict.fromkeys((*request.tokens, *register.tokens_of(decided.entries)))),
        outbox=outbox.of(decided.entries, after),
        snapshot=codec.encode_case(after) if with_pictures else None,
    )
