"""Many commands to a transaction, for histories that come all at once: replays, demonstrations, bulk imports.

Every command goes through the same ``core.decide`` and the same ``prepare`` as a live one. What differs is when it is
written: folded cases are kept in memory, appends are gathered, and a few thousand entries go to the store together. Per
flush each case's pictures and its snapshot are written once, facts and outbox with every command; a closed case is let
go of. Deadlines that pass between two commands fire at their own instant, in time order, as the live timers would have
sent them.

A batch is the only writer of its streams while it runs. Where somebody else wrote to one of them, ``flush`` raises
``Stale`` and writes nothing of what it had gathered.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Final, Self

from safehands import codec
from safehands.core.case import Case, Clock
from safehands.core.commands import ClockDue, Given, TakeContact
from safehands.core.decide import Decided, decide
from safehands.core.events import ClockAdjusted, ClockPaused, ClockResumed, ClockStarted, ClockStepReached
from safehands.core.pathway import Pathway
from safehands.core.records.commands import MaterialCommand
from safehands.core.vocabulary import SYSTEM_ROLE, Actor, HappenedSource
from safehands.errors import NotFound
from safehands.projections import pictures
from safehands.service.clock import SetClock
from safehands.service.handle import Records, Request, Service, given, prepare
from safehands.service.loading import folded
from safehands.service.material import Known
from safehands.service.permissions import check_may_act
from safehands.store.ports import Append

#: How many entries are gathered before they are written: enough that a transaction's own cost no longer counts.
ENTRIES_AT_A_TIME: Final = 2000


@dataclass(frozen=True, slots=True)
class Done:
    """One command that was decided: what was asked, what came of it, and what will be written (pictures aside)."""

    request: Request
    decided: Decided
    append: Append


class Batch:
    """Commands in order of time, written many at once. Use as a context: leaving it normally writes what is left.

    ``clock`` is moved to each command's time and never back. ``watch`` sees every command that was decided, the timers'
    own among them.
    """

    def __init__(
        self,
        service: Service,
        clock: SetClock,
        *,
        watch: Callable[[Done], None] | None = None,
        entries_at_a_time: int = ENTRIES_AT_A_TIME,
    ) -> None:
        self._service = replace(service, clock=clock)
        self._clock = clock
        self._watch = watch
        self._entries_at_a_time = entries_at_a_time
        self._cases: dict[str, Case] = {}
        self._written: dict[str, Case] = {}
        self._materials: dict[str, Known] = {}
        self._gathered: list[Append] = []
        self._entries = 0
        self._due: list[tuple[datetime, str, str, str]] = []
        self._let_go: set[str] = set()
        self._adopted: dict[str, Pathway] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.flush()

    def case(self, case_id: str) -> Case:
        """The case after everything that was sent so far, written or not. Raises ``NotFound``."""
        case = self._case(f"case/{case_id}")
        if case is None:
            raise NotFound("There is no such case.")
        return case

    def send(self, request: Request) -> Decided:
        """Decide ``request`` at its time, once every deadline before that time has fired. Raises as ``core.decide``
        does; then nothing of this command is written and the next one can be sent."""
        check_may_act(request.by, request.command)
        self.advance(request.happened_at if request.happened_at is not None else self._clock.now())
        return self._do(request)

    def advance(self, until: datetime) -> None:
        """Let time pass: deadlines before ``until`` fire, each at its own instant. An act at the very instant of its
        deadline is in time, so deadlines at ``until`` itself wait."""
        while self._due and self._due[0][0] < until:
            at, stream, clock_id, step = heapq.heappop(self._due)
            case = self._cases.get(stream)
            clock = case.clocks.get(clock_id) if case is not None else None
            if case is None or clock is None or stream in self._let_go or not _awaits(clock, step, at):
                continue  # stopped, moved on, closed or let go of in the meantime
            self._clock.move_to(at)
            self._do(due_request(case, clock_id, step, at))
        self._clock.move_to(until)

    def let_go(self, case_id: str) -> None:
        """Fire no more deadlines in this case from here on. Its clocks run on in the store, for whoever works on it
        next."""
        self._let_go.add(f"case/{case_id}")

    def flush(self) -> None:
        """Write everything gathered, in one transaction, and let go of closed cases."""
        if not self._gathered:
            return
        last = {append.stream: n for n, append in enumerate(self._gathered)}
        for stream, n in last.items():
            case = self._cases[stream]
            rows = pictures.changed(self._written.get(stream), case)
            self._gathered[n] = replace(self._gathered[n], pictures=rows, snapshot=codec.encode_case(case))
        self._service.store.append_all(self._gathered)
        for stream in last:
            case = self._cases[stream]
            if case.is_open:
                self._written[stream] = case
            else:
                del self._cases[stream]
                self._written.pop(stream, None)
                self._materials.pop(stream, None)
        self._gathered = []
        self._entries = 0

    def _do(self, request: Request) -> Decided:
        stream = f"case/{request.case_id}"
        opens = isinstance(request.command, TakeContact) and stream not in self._cases
        case = None if opens else self._case(stream)  # that a new case is new, the store checks when it is written
        if case is None and not opens:
            raise NotFound("There is no such case.")
        known = self._with_material(request, case, given(request, self._clock, {}, self._service.calendars))
        decided = decide(request.command, stream, case, self._pathway(request, case), known)
        append = prepare(request, case, decided, with_pictures=False)
        self._cases[stream] = decided.case
        if decided.material is not None and decided.case.records:
            self._materials[stream] = Known(decided.case.version, decided.material, decided.findings)
        self._gathered.append(append)
        self._entries += len(append.entries)
        self._await_clocks(stream, decided)
        if self._watch is not None:
            self._watch(Done(request, decided, append))
        if self._entries >= self._entries_at_a_time:
            self.flush()
        return decided

    def _with_material(self, request: Request, case: Case | None, known: Given) -> Given:
        """``known`` with what is known of records: the case's material after everything that was sent so far, and what
        a command about records asks for besides. The ledger's head is that of what has been written."""
        known = replace(known, integrity=self._service.integrity)
        about = self._service.about_records(request) if isinstance(request.command, MaterialCommand) else Records()
        known = replace(known, own=about.own, size=about.size, root=about.root)
        if case is None or case.records == 0:
            return known
        if case.stream not in self._materials:
            self._materials[case.stream] = self._service.known(case.stream)
        kept = self._materials[case.stream]
        return replace(known, material=kept.material, standing=kept.findings)

    def _case(self, stream: str) -> Case | None:
        """The case from memory, or from the store with the deadlines that it waits for."""
        case = self._cases.get(stream)
        if case is None:
            loaded = self._service.store.load(stream, agency=None)
            if loaded is None:
                return None
            case = self._cases[stream] = self._written[stream] = folded(loaded)
            for clock in case.running_clocks():
                self._await(stream, clock)
        return case

    def _pathway(self, request: Request, case: Case | None) -> Pathway:
        """As ``Service.pathway_of``; what new cases open under is looked up once for each batch."""
        if case is not None:
            return self._service.catalogue.by_ref(case.pathway)
        name = request.pathway or ""
        if name not in self._adopted:
            self._adopted[name] = self._service.catalogue.current(name)
        return self._adopted[name]

    def _await_clocks(self, stream: str, decided: Decided) -> None:
        for entry in decided.entries:
            if isinstance(entry.event, ClockStarted | ClockStepReached | ClockAdjusted | ClockPaused | ClockResumed):
                self._await(stream, decided.case.clocks[entry.event.clock])

    def _await(self, stream: str, clock: Clock) -> None:
        if clock.counts and clock.next_at is not None and clock.next_step is not None:
            heapq.heappush(self._due, (clock.next_at, stream, clock.clock, clock.next_step))


def due_request(case: Case, clock: str, step: str, at: datetime) -> Request:
    """What the timers send when a step falls due. Its id is made of the step itself, so that it is done once whoever
    sends it."""
    return Request(
        command_id=f"due/{case.case_id}/{clock}/{step}/{at.isoformat()}",
        case_id=case.case_id,
        command=ClockDue(clock, step, at),
        by=Actor("system", SYSTEM_ROLE, case.holder),
        happened_at=at,
        source=HappenedSource.TIMER,
    )


def _awaits(clock: Clock, step: str, at: datetime) -> bool:
    return clock.counts and (clock.next_step, clock.next_at) == (step, at)
