"""The auditor: who held a case, second by second, worked out from its entries and from nothing else.

This shares no code with the kernel on purpose: if the kernel is wrong about who holds a case, this must not be wrong in
the same way. It knows the wire names of the six entries that touch custody and ignores every other type, except that
versions are counted.

=================== ================================================================================================
entry               what it says about custody
=================== ================================================================================================
case_opened         ``holder`` holds from ``held_from``; the case is open from ``received_at``
handover_offered    ``from_agency`` offers ``kind`` (transfer, support, return) to ``to_agency``; moves nothing
handover_accepted   a transfer moves the case from ``from_agency`` to ``to_agency`` at ``held_from``; the other kinds
move nothing case_assumed        ``to_agency`` takes the case from ``from_agency`` at ``held_from``
case_closed         ``holder`` held until ``held_until``; the case is open until then, or until it happened if later
case_reopened       ``holder`` holds from ``held_from``; the case is open from then, or from when it happened if earlier
=================== ================================================================================================

Intervals are half open. A move releases only the agency that it names: if that agency did not hold, whoever did still
does, and the time with two holders is counted. An erased entry may have been anything; it is never read as harmless,
and what depends on it is reported as not provable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .encoding import Json
from .faults import Malformed
from .instants import read_instant, write_duration, write_instant
from .spans import Span, covered, total, uncovered

Entry: TypeAlias = Mapping[str, Json]
"""One decoded entry: envelope and ``content``."""

_KINDS = ("transfer", "support", "return")


@dataclass(frozen=True, slots=True)
class Hold:
    """``agency`` held from ``start`` to before ``end`` (microseconds since 1970; ``None`` while it still holds).

    ``certain`` is false where an erased entry lies within: something may have happened in between.
    """

    agency: str
    start: int
    end: int | None
    certain: bool


@dataclass(frozen=True, slots=True)
class CustodyReport:
    """What the entries of one case show. Times are microseconds since 1970, durations microseconds.

    ``faults`` are sentences about what is wrong, ``not_provable`` about what erased entries leave open. The unowned
    and doubly held spans are counted up to ``through``, the last instant that the entries know or that was asked for.
    """

    holds: tuple[Hold, ...]
    unowned: tuple[Span, ...]
    doubly_held: tuple[Span, ...]
    through: int
    entries: int
    erased: int
    faults: tuple[str, ...]
    not_provable: tuple[str, ...]

    @property
    def unowned_microseconds(self) -> int:
        """Open-case time in which no agency held."""
        return total(self.unowned)

    @property
    def doubly_held_microseconds(self) -> int:
        """Time in which two agencies or more held."""
        return total(self.doubly_held)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over many cases; durations in microseconds."""

    cases: int
    cases_with_faults: int
    cases_not_provable: int
    unowned_microseconds: int
    doubly_held_microseconds: int


def audit(entries: Sequence[Entry | None], as_of: int | None = None) -> CustodyReport:
    """Audit one case. ``entries`` stand in the order of their versions, an erased one as ``None``.

    ``as_of`` (microseconds since 1970) counts an open case up to then rather than to the last instant it mentions.
    """
    trail = _Trail()
    for version, entry in enumerate(entries, 1):
        if entry is None:
            trail.erased(version)
        else:
            trail.read(version, entry)
    return trail.report(len(entries), as_of)


def audit_all(cases: Mapping[str, Sequence[Entry | None]], as_of: int | None = None) -> dict[str, CustodyReport]:
    """Audit many cases, by stream name."""
    return {stream: audit(entries, as_of) for stream, entries in cases.items()}


def totals(reports: Mapping[str, CustodyReport]) -> Totals:
    """Sum up what ``audit_all`` found."""
    found = reports.values()
    return Totals(
        len(found),
        sum(bool(report.faults) for report in found),
        sum(bool(report.not_provable) for report in found),
        sum(report.unowned_microseconds for report in found),
        sum(report.doubly_held_microseconds for report in found),
    )


# -------------------------------------------------------------------------------------------- reading entries


@dataclass(frozen=True, slots=True)
class _Fields:
    """Reads named fields out of an entry and its content; what is missing or of another form is ``Malformed``."""

    envelope: Entry
    content: Mapping[str, Json]

    def text(self, name: str) -> str:
        value = self.content.get(name)
        if not isinstance(value, str) or not value:
            raise Malformed([f"its {name} is missing or not a text"])
        return value

    def instant(self, name: str) -> int:
        return read_instant(self.text(name))

    def kind(self) -> str:
        kind = self.text("kind")
        if kind not in _KINDS:
            raise Malformed([f"its kind is {kind!r}, which nobody knows"])
        return kind

    def when(self, name: str) -> int:
        """An instant of the envelope: ``recorded_at`` or ``happened_at``."""
        value = self.envelope.get(name)
        if not isinstance(value, str):
            raise Malformed([f"its {name} is missing"])
        return read_instant(value)


@dataclass(frozen=True, slots=True)
class _Offer:
    kind: str
    giver: str
    taker: str
    made: int


@dataclass(slots=True)
class _Trail:
    """The case as far as it has been read. Private and thrown away: only ``audit`` sees it change."""

    past: list[Hold] = field(default_factory=list)
    present: dict[str, Hold] = field(default_factory=dict)
    open_spans: list[Span] = field(default_factory=list)
    open_since: int | None = None
    ever_opened: bool = False
    offers: dict[str, _Offer] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    stream: Json = None
    last_boundary: int | None = None
    last_recorded: int | None = None
    through: int = 0
    erased_versions: list[int] = field(default_factory=list)
    holder_in_doubt: bool = False
    faults: list[str] = field(default_factory=list)
    not_provable: list[str] = field(default_factory=list)

    # ---- one entry

    def erased(self, version: int) -> None:
        """An entry that nobody can read any more: from here on the holder is in doubt."""
        self.erased_versions.append(version)
        self.holder_in_doubt = True
        self.not_provable.append(f"Version {version} is erased: whether it moved the case cannot be shown.")
        for agency, hold in self.present.items():
            self.present[agency] = Hold(agency, hold.start, None, certain=False)

    def read(self, version: int, entry: Entry) -> None:
        """Follow one entry. What cannot be read is a fault and is not followed."""
        self._check_envelope(version, entry)
        content = entry.get("content")
        fields = _Fields(entry, content if isinstance(content, dict) else {})
        try:
            recorded = fields.when("recorded_at")
            if self.last_recorded is not None and recorded < self.last_recorded:
                self.faults.append(f"Version {version} claims to have been recorded before the version ahead of it.")
            self.last_recorded = recorded
            self._saw(recorded)
            match entry.get("type"):
                case "case_opened":
                    self._opened(version, fields)
                case "handover_offered":
                    self._offered(version, fields)
                case "handover_accepted":
                    self._accepted(version, fields)
                case "case_assumed":
                    self._moved(version, fields, fields.instant("held_from"))
                case "case_closed":
                    self._closed(version, fields)
                case "case_reopened":
                    self._reopened(version, fields)
                case _:
                    pass  # every other type leaves the holder where it is
        except Malformed as malformed:
            why = "; ".join(malformed.faults)
            self.faults.append(f"Version {version} ({entry.get('type')}) cannot be followed: {why}.")

    def _check_envelope(self, version: int, entry: Entry) -> None:
        claimed = entry.get("version")
        if type(claimed) is not int or claimed != version:
            self.faults.append(f"Where version {version} should be, an entry calls itself version {claimed}.")
        if version == 1 or self.stream is None:
            self.stream = entry.get("stream")
        if entry.get("stream") != self.stream:
            self.faults.append(f"Version {version} belongs to {entry.get('stream')}, not to {self.stream}.")

    # ---- what each type says

    def _opened(self, version: int, fields: _Fields) -> None:
        holder, start, received = fields.text("holder"), fields.instant("held_from"), fields.instant("received_at")
        if self.ever_opened:
            self.faults.append(f"Version {version} opens a case that was open before.")
        if start < received:
            self.faults.append(f"Version {version} lets {holder} hold from before the first contact was received.")
        self.ever_opened = True
        if self.open_since is None:
            self.open_since = min(received, start)
        self._hold(version, holder, start, fields)

    def _offered(self, version: int, fields: _Fields) -> None:
        offer, kind = fields.text("offer"), fields.kind()
        giver, taker = fields.text("from_agency"), fields.text("to_agency")
        if offer in self.offers:
            self.faults.append(f"Version {version} makes the offer {offer} a second time.")
        if giver == taker:
            self.faults.append(f"Version {version} is an offer of {giver} to itself.")
        if self.open_since is None:
            self._complain(f"Version {version} offers a case that is not open")
        # A return goes to the agency that holds already; everything else comes from it.
        holder = taker if kind == "return" else giver
        if holder not in self.present:
            self._complain(f"Version {version} is an offer from {giver} to {taker}, and {holder} did not hold the case")
        self.offers[offer] = _Offer(kind, giver, taker, fields.when("happened_at"))

    def _accepted(self, version: int, fields: _Fields) -> None:
        name, kind = fields.text("offer"), fields.kind()
        held_from = None if fields.content.get("held_from") is None else fields.instant("held_from")
        offer = self.offers.get(name)
        if offer is None:
            sentence = f"Version {version} accepts the offer {name}, which nobody made"
            self._complain(sentence, doubt=bool(self.erased_versions))
        elif (offer.kind, offer.giver, offer.taker) != (kind, fields.text("from_agency"), fields.text("to_agency")):
            self.faults.append(f"Version {version} accepts the offer {name} on other terms than it was made on.")
        if offer is not None and held_from is not None and held_from < offer.made:
            self.faults.append(f"Version {version} dates the acceptance of {name} before its offer was made.")
        if name in self.accepted:
            self.faults.append(f"Version {version} accepts the offer {name} a second time.")
        self.accepted.add(name)
        if kind == "transfer":
            self._moved(version, fields, fields.instant("held_from"))
        elif held_from is not None:
            self.faults.append(f"Version {version} accepts {name}, a {kind}, and claims that it moved the holder.")

    def _moved(self, version: int, fields: _Fields, at: int) -> None:
        giver, taker = fields.text("from_agency"), fields.text("to_agency")
        if self.open_since is None:
            self._complain(f"Version {version} moves a case that is closed or was never opened")
            if self.holder_in_doubt:
                self.open_since = at
        if giver == taker:
            self.faults.append(f"Version {version} moves the case from {giver} to itself.")
        if giver in self.present:
            self._release(giver, at)
        else:
            self._complain(f"Version {version} takes the case from {giver}, who did not hold it")
            if self.holder_in_doubt:
                self._release_all(at)
        self._hold(version, taker, at, fields)

    def _closed(self, version: int, fields: _Fields) -> None:
        holder, until = fields.text("holder"), fields.instant("held_until")
        if self.open_since is None:
            self._complain(f"Version {version} closes a case that is not open")
        if holder not in self.present:
            self._complain(f"Version {version} says that {holder} closed the case, who did not hold it")
        self._boundary(version, until, fields)
        self._release_all(until)
        if self.open_since is not None:
            self.open_spans.append(Span(self.open_since, max(until, fields.when("happened_at"))))
        self.open_since = None
        self.ever_opened = True
        self.holder_in_doubt = False

    def _reopened(self, version: int, fields: _Fields) -> None:
        holder, start = fields.text("holder"), fields.instant("held_from")
        if self.open_since is not None or not self.ever_opened:
            self._complain(f"Version {version} reopens a case that was not closed")
        if self.holder_in_doubt:
            self._release_all(start)
        if self.open_since is None:
            self.open_since = min(start, fields.when("happened_at"))
        self._hold(version, holder, start, fields)

    # ---- holding

    def _hold(self, version: int, agency: str, start: int, fields: _Fields) -> None:
        """``agency`` says that it holds from ``start``: whatever was in doubt before, this is known again."""
        self._boundary(version, start, fields)
        if agency in self.present:
            self._complain(f"Version {version} gives the case to {agency}, who held it already")
        else:
            self.present[agency] = Hold(agency, start, None, certain=True)
        self.ever_opened = True
        self.holder_in_doubt = False

    def _boundary(self, version: int, at: int, fields: _Fields) -> None:
        """Boundaries go forward and do not lie in the future of the moment when they were recorded."""
        self._saw(at)
        if self.last_boundary is not None and at < self.last_boundary:
            self.faults.append(f"Version {version} dates the change of holder before the one ahead of it.")
        if at > fields.when("recorded_at"):
            self.faults.append(f"Version {version} dates the change of holder after the moment when it was recorded.")
        self.last_boundary = at

    def _release(self, agency: str, at: int) -> None:
        hold = self.present.pop(agency)
        self.past.append(Hold(agency, hold.start, at, hold.certain))

    def _release_all(self, at: int) -> None:
        for agency in list(self.present):
            self._release(agency, at)

    def _saw(self, instant: int) -> None:
        self.through = max(self.through, instant)

    def _complain(self, sentence: str, doubt: bool | None = None) -> None:
        """A fault, or, where an erased entry could explain it, something that cannot be proved either way."""
        if self.holder_in_doubt if doubt is None else doubt:
            versions = ", ".join(map(str, self.erased_versions))
            self.not_provable.append(f"{sentence}; what is erased (version {versions}) may explain it.")
        else:
            self.faults.append(f"{sentence}.")

    # ---- the end

    def report(self, entries: int, as_of: int | None) -> CustodyReport:
        """Everything that was found, with gaps and overlaps worked out."""
        if not self.ever_opened:
            self._complain("No entry opens the case")
        through = max(self.through, as_of or 0)
        holds = sorted([*self.past, *self.present.values()], key=lambda hold: (hold.start, hold.agency))
        spans = [Span(hold.start, through if hold.end is None else hold.end) for hold in holds]
        still_open = [] if self.open_since is None else [Span(self.open_since, through)]
        unowned = uncovered([*self.open_spans, *still_open], spans)
        doubly = covered(spans, times=2)
        gaps = [f"Nobody held the open case {_from_to(span)}." for span in unowned]
        overlaps = [f"More than one agency held the case {_from_to(span)}." for span in doubly]
        return CustodyReport(
            tuple(holds),
            tuple(unowned),
            tuple(doubly),
            through,
            entries,
            len(self.erased_versions),
            (*self.faults, *gaps, *overlaps),
            tuple(self.not_provable),
        )


def _from_to(span: Span) -> str:
    length = write_duration(span.end - span.start)
    return f"from {write_instant(span.start)} to {write_instant(span.end)} ({length})"
