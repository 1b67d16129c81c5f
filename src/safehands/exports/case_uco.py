"""A case's material as CASE/UCO 1.5.0, in JSON-LD: what exists, what it was made from, who had it, what rested on it.

CASE has no class for a decision, a request, an attestation, a schedule or a letter. They are InvestigativeActions and
Annotations, told apart by ``core:tag`` with words of our own (``safehands:…``); no term is made up under an address
of the ontology. What a decision rests on, and nothing else, stands in its ``action:object``: so the query that lies
beside this module (``source_unseen.rq``) finds again, from the document alone, each decision that rested on a copy
whose fuller source was held and not seen. Derivations are actions from source to result, because CASE's
vocabulary of relationships has no word for them; ``Copied_From`` is said only of copies that were verified to lose
nothing.

Give this function only what the reader may see: it leaves out nothing but the descriptions of sensitive records.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import now
from safehands.core.records.vocabulary import (
    FIDELITY,
    LOSSLESS,
    MEMBERSHIP,
    RESTS_ON,
    DecisionKind,
    Precision,
    Sensitivity,
)
from safehands.exports.holdings import held_spells
from safehands.exports.nodes import Node, Nodes, hex_binary, instant, ref, refs

#: Where identifiers lie unless an installation has an address of its own. ``.invalid`` is nobody's (RFC 2606).
BASE: Final = "https://safehands.invalid/kb/"

_ACTION: Final = "investigation:InvestigativeAction"
_NOTE: Final = "core:Annotation"


def source_unseen_query() -> str:
    """The SPARQL query that finds source-unseen decisions again in an export."""
    return (files("safehands.exports") / "source_unseen.rq").read_text(encoding="utf-8")


def case_uco(
    material: Material,
    case: str,
    *,
    findings: Iterable[Finding] = (),
    names: Mapping[str, str] | None = None,
    base: str = BASE,
) -> bytes:
    """The export of ``case`` (its reference), as UTF-8 JSON-LD that is the same for the same material.

    ``findings`` are the integrity rules' findings to be told of as annotations, ``names`` the agencies' names by code.
    """
    export = _Export(material, case, names or {})
    export.records()
    export.crossings()
    export.decisions()
    export.letters()
    for finding in sorted(findings, key=lambda each: each.concern):
        export.finding(finding)
    export.investigation(case)
    return json.dumps(export.nodes.graph(base), ensure_ascii=False, indent=1).encode() + b"\n"


class _Export:
    def __init__(self, material: Material, case: str, names: Mapping[str, str]) -> None:
        self.material = material
        self.reading = now(material)
        self.nodes = Nodes(case)
        self._names = names
        #: The actions that brought a record about, by record: what uses the record was informed by them.
        self._origins: dict[str, list[str]] = {}

    # --- shared shapes

    def agency(self, code: str) -> str:
        """The organisation of an agency's code."""
        return self.nodes.add("identity:Organization", "agency", code, core__name=self._names.get(code, code))

    def provenance(self, record: str) -> str:
        """The identifier of a record's provenance record, whether it is registered or only named."""
        key = self.nodes.id_of("provenance", record)
        if key not in self.nodes:
            self.nodes.add("investigation:ProvenanceRecord", "provenance", record, investigation__exhibitNumber=record)
        return key

    def action(
        self,
        kind: str,
        name: str,
        title: str,
        *,
        at: datetime | None,
        by: str = "",
        until: datetime | None = None,
        to: Iterable[str] = (),
        about: Iterable[str] = (),
        brings: Iterable[str] = (),
        tags: Iterable[str] = (),
        after: Iterable[str] = (),
    ) -> str:
        """An action on records. It was informed by what brought these records about, and by ``after``."""
        about = list(about)
        informed = [each for record in about for each in self._origins.get(record, ())]
        informed += [key for key in after if key in self.nodes]
        return self.nodes.add(
            _ACTION,
            kind,
            name,
            core__name=title,
            core__tag=[f"safehands:{tag}" for tag in tags],
            action__startTime=None if at is None else instant(at),
            action__endTime=None if until is None else instant(until),
            action__performer=ref(self.agency(by)) if by else None,
            action__participant=refs(self.agency(code) for code in to if code),
            action__object=refs(self.provenance(record) for record in about),
            action__result=refs(brings),
            investigation__wasInformedBy=refs(informed),
        )

    def note(self, kind: str, name: str, statement: str, about: Iterable[str], *tags: str) -> None:
        """A statement about other nodes."""
        self.nodes.add(
            _NOTE,
            kind,
            name,
            core__statement=[statement],
            core__tag=[f"safehands:{tag}" for tag in tags],
            core__object=refs(about),
        )

    # --- records, copies and what was made from what

    def records(self) -> None:
        """Every record with its copies, where it came from, who held it, and what else records its event."""
        known = _in_order(self.material.records)
        for fact in known:
            self._record(fact)
        made: dict[str, list[Fact[e.DerivationRecorded]]] = {}
        for edge in _in_order(self.material.derivations):
            made.setdefault(edge.event.derived, []).append(edge)
        for fact in sorted(known, key=lambda each: self._depth(each.event.record)):
            self._origin(fact, made.get(fact.event.record, []))
        for fact in known:
            self._same_event(fact.event.record)
            self._held(fact.event.record)
            self._custody(fact.event.record)

    def _depth(self, record: str, among: frozenset[str] = frozenset()) -> int:
        """How many makings lie behind a record; a ring, which is a fault of the register, ends where it closes."""
        edges = self.material.made_from.get(record, ())
        if record in among:
            return 0
        within = among | {record}
        return max((1 + self._depth(self.material.derivations[edge].event.source, within) for edge in edges), default=0)

    def _roots(self, record: str, among: frozenset[str] = frozenset()) -> list[str]:
        """The exhibit numbers of what a record goes back to: its own where it goes back to nothing."""
        edges = () if record in among else self.material.made_from.get(record, ())
        sources = [self.material.derivations[edge].event.source for edge in edges]
        roots = [root for source in sources for root in self._roots(source, among | {record})]
        return list(dict.fromkeys(roots or [self._exhibit(record)]))

    def _exhibit(self, record: str) -> str:
        fact = self.material.records.get(record)
        return fact.event.exhibit_ref or record if fact is not None else record

    def _record(self, fact: Fact[e.RecordRegistered]) -> None:
        record = fact.event
        content = self.nodes.add(
            "observable:ObservableObject",
            "record",
            record.record,
            core__name=record.exhibit_ref or record.record,
            core__description=record.description if self._open(record.record) else None,
            core__tag=[f"safehands:{record.kind}"],
        )
        copies = [
            self._copy(self.material.copies[copy].event) for copy in self.material.copies_of.get(record.record, ())
        ]
        self.nodes.add(
            "investigation:ProvenanceRecord",
            "provenance",
            record.record,
            investigation__exhibitNumber=self._exhibit(record.record),
            investigation__rootExhibitNumber=self._roots(record.record),
            core__tag=["safehands:for-defence"] if record.for_defence else None,
            core__object=refs([content, *copies]),
        )

    def _open(self, record: str) -> bool:
        return self.reading.classification(self.material.records[record]).sensitivity is Sensitivity.NONE

    def _copy(self, copy: e.CopyRegistered) -> str:
        if copy.sha256 is None:
            return self.nodes.add(
                "observable:ObservableObject",
                "copy",
                copy.copy,
                core__name=copy.copy,
                core__tag=[f"safehands:{copy.medium}"],
            )
        hashed = {
            "@id": self.nodes.id_of("hash", copy.copy),
            "@type": "types:Hash",
            "types:hashMethod": "SHA256",
            "types:hashValue": hex_binary(copy.sha256),
        }
        facet: Node = {
            "@id": self.nodes.id_of("content", copy.copy),
            "@type": "observable:ContentDataFacet",
            "observable:hash": [hashed],
        }
        if copy.size is not None:
            facet["observable:sizeInBytes"] = copy.size
        return self.nodes.add(
            "observable:File",
            "copy",
            copy.copy,
            core__name=copy.copy,
            core__hasFacet=[facet],
            core__tag=[f"safehands:{copy.medium}"],
        )

    def _origin(self, fact: Fact[e.RecordRegistered], edges: list[Fact[e.DerivationRecorded]]) -> None:
        record = fact.event
        content = self.nodes.id_of("record", record.record)
        copies = [self.nodes.id_of("copy", copy) for copy in self.material.copies_of.get(record.record, ())]
        brings = [content, *copies, self.nodes.id_of("provenance", record.record)]
        if all(edge.event.method in MEMBERSHIP for edge in edges):
            key = self.action(
                "made",
                record.record,
                "Made",
                at=_known(record.created),
                by=record.agency,
                brings=brings,
                tags=("made",),
            )
            self._origins[record.record] = [key]
        for edge in edges:
            made = edge.event
            loses = "lossless" if made.method in LOSSLESS else "membership" if made.method in MEMBERSHIP else "lossy"
            key = self.action(
                "derived",
                made.derivation,
                f"Made from another record: {_words(made.method)}",
                at=_known(made.made),
                by=record.agency,
                about=[made.source],
                # What it lay in is not what it was made from: only the thing came out of there, not its content.
                brings=[content, *copies] if loses == "membership" else brings,
                tags=("derived", loses),
            )
            self._origins.setdefault(record.record, []).append(key)
            checks = self.material.verified.get(made.derivation, ())
            for check in checks:
                about = [key, self.provenance(made.derived), self.provenance(made.source)]
                self.note(
                    "check", check.event.verification, f"Checked: {_words(check.event.result)}", about, "verification"
                )
            if self.reading.is_lossless(edge):
                self.nodes.add(
                    "core:Relationship",
                    "copied",
                    made.derivation,
                    core__source=ref(self.provenance(made.derived)),
                    core__target=ref(self.provenance(made.source)),
                    core__kindOfRelationship="Copied_From",
                    core__isDirectional=True,
                )

    def _same_event(self, record: str) -> None:
        """Of two records of one event the fuller is what the other is held against, where one is fuller."""
        for fact in self.material.same_event.get(record, ()):
            one, other = fact.event.one, fact.event.other
            if record != one or None in (self._fidelity(one), self._fidelity(other)):
                continue
            lesser, fuller = sorted((one, other), key=lambda each: self._fidelity(each) or 0)
            if self._fidelity(lesser) != self._fidelity(fuller):
                key = self.action(
                    "same-event",
                    f"{one}\n{other}",
                    "Found to be records of one event",
                    at=None,
                    about=[lesser],
                    tags=("same-event",),
                )
                self.nodes.extend(key, action__instrument=[ref(self.provenance(fuller))])

    def _fidelity(self, record: str) -> int | None:
        fact = self.material.records.get(record)
        return FIDELITY.get(fact.event.kind) if fact is not None else None

    def _held(self, record: str) -> None:
        for spell in held_spells(self.reading, record):
            self.action(
                "held",
                f"{record}\n{spell.agency}\n{spell.start.isoformat()}",
                "Held",
                at=spell.start,
                until=spell.end,
                by=spell.agency,
                about=[record],
                tags=("held",),
            )
        for fact in self.material.holdings.get(record, ()):
            said = fact.event
            self.note(
                "holding", f"{fact.seq}", f"{said.agency}: {_words(said.status)}", [self.provenance(record)], "holding"
            )

    def _custody(self, record: str) -> None:
        for copy in self.material.copies_of.get(record, ()):
            for fact in self.material.custody.get(copy, ()):
                event = fact.event
                self.action(
                    "custody",
                    event.custody,
                    _words(event.type).capitalize(),
                    at=event.at,
                    by=event.agency,
                    about=[record],
                    tags=("custody", str(event.type)),
                )

    # --- what crosses between agencies

    def crossings(self) -> None:
        """Requests, answers line by line, statements of nothing further, shares, receipts, schedules."""
        for asked in _in_order(self.material.requests):
            self._request(asked.event)
        for shared in _in_order(self.material.shares):
            self._share(shared.event)
        for attested in _in_order(self.material.attestations):
            said = attested.event
            about = [self.nodes.id_of("request", said.request)] if said.request else [self.agency(said.agency)]
            statement = (
                f"{said.agency}: nothing further is held; searched: {', '.join(said.systems_searched) or 'not said'}"
            )
            self.note("attestation", said.attestation, statement, about, "attestation")
        for served in _in_order(self.material.schedules):
            schedule = served.event
            listed = [item.record for item in schedule.items]
            self.action(
                "schedule",
                schedule.schedule,
                f"Schedule {schedule.form} served",
                at=schedule.at,
                by=schedule.agency,
                about=listed,
                tags=("schedule", str(schedule.form)),
            )

    def _request(self, asked: e.MaterialRequested) -> None:
        request = self.action(
            "request",
            asked.request,
            "Material requested",
            at=asked.asked_at,
            by=asked.from_agency,
            to=[asked.to_agency],
            tags=("request", str(asked.purpose)),
        )
        for fact in self.material.replies.get(asked.request, ()):
            reply = fact.event
            answer = self.action(
                "reply",
                reply.reply,
                "Request answered",
                at=reply.at,
                by=reply.agency,
                to=[asked.from_agency],
                about=[item.record for item in reply.items],
                tags=("reply",),
                after=[request],
            )
            for item in reply.items:
                line = f"{self._exhibit(item.record)}: {_words(item.answer)}"
                about = [answer, self.provenance(item.record)]
                self.note("answer", f"{reply.reply}\n{item.record}", line, about, "answer", str(item.answer))

    def _share(self, sent: e.RecordShared) -> None:
        share = self.action(
            "share",
            sent.share,
            "Shared",
            at=sent.sent_at,
            by=sent.from_agency,
            to=[sent.to_agency],
            about=[sent.record],
            tags=("share", str(sent.channel)),
        )
        received = self.material.received.get(sent.share)
        if received is not None:
            same = received.event.sha256_received == sent.sha256_sent
            hashes = None if sent.sha256_sent is None else "hash-equal" if same else "hash-differs"
            self.action(
                "receipt",
                sent.share,
                "Received",
                at=received.event.received_at,
                by=sent.to_agency,
                about=[sent.record],
                tags=[tag for tag in ("receipt", hashes) if tag],
                after=[share],
            )
        for number, fact in enumerate(self.material.opened.get(sent.share, ())):
            self.action(
                "opening",
                f"{sent.share}\n{number}",
                "Opened",
                at=fact.event.opened_at,
                by=sent.to_agency,
                about=[sent.record],
                tags=("opened",),
                after=[share],
            )

    # --- decisions and letters

    def decisions(self) -> None:
        """Every decision: its objects are what it rests on; what was only known of stands in annotations."""
        for fact in _in_order(self.material.decisions):
            made = fact.event
            early = ("early-advice",) if made.kind is DecisionKind.EARLY_ADVICE else ()
            key = self.action(
                "decision",
                made.decision,
                f"Decision {made.decision}: {_words(made.kind)}",
                at=made.made_at,
                by=made.decider_agency,
                about=[each.record for each in made.considered if each.mode in RESTS_ON],
                tags=("decision", str(made.kind), *early),
                after=[self.nodes.id_of("decision", made.reviews)] if made.reviews else (),
            )
            for seen in made.considered:
                about = [key, self.provenance(seen.record)]
                self.note(
                    "seen", f"{made.decision}\n{seen.record}", _words(seen.mode), about, "considered", str(seen.mode)
                )
            for unseen in made.known_unseen:
                about = [key, self.provenance(unseen.record)]
                words = f"Known and not seen: {_words(unseen.reason)}"
                self.note("unseen", f"{made.decision}\n{unseen.record}", words, about, "known-unseen")
            if not made.basis_known:
                self.note("basis", made.decision, "What it rested on is not known any more", [key], "basis-unknown")

    def letters(self) -> None:
        """Every letter by hash, with what it claims. Who wrote to whom is told of agencies only."""
        for fact in _in_order(self.material.letters):
            sent = fact.event
            key = self.action(
                "letter",
                sent.letter,
                "Letter sent" if sent.outgoing else "Letter received",
                at=sent.sent_at,
                by=sent.sender if sent.outgoing else "",
                tags=("letter",),
                after=[self.nodes.id_of("decision", sent.decision)] if sent.decision else (),
            )
            for number, claim in enumerate(sent.claims):
                about = [key] + ([self.provenance(claim.record)] if claim.record else [])
                self.note("claim", f"{sent.letter}\n{number}", _words(claim.claim), about, "claim", str(claim.claim))

    def finding(self, finding: Finding) -> None:
        """A concern, as a statement about its decision and records."""
        about = [self.provenance(record) for record in finding.records]
        if finding.decision is not None:
            about.insert(0, self.nodes.id_of("decision", finding.decision))
        about = [key for key in about if key in self.nodes] or [self.nodes.id_of("case", "")]
        self.note("concern", finding.concern, f"{finding.rule}{finding.letter} {finding.cause}", about, "concern")

    def investigation(self, case: str) -> None:
        """The case itself, over everything else."""
        self.nodes.add(
            "investigation:Investigation",
            "case",
            "",
            core__name=case,
            investigation__investigationForm="case",
            core__object=refs(self.nodes.keys()),
        )


def _in_order(kept: Mapping[str, Fact[Any]]) -> list[Fact[Any]]:
    return sorted(kept.values(), key=lambda fact: fact.seq)


def _known(when: Any) -> datetime | None:
    return None if when.precision is Precision.UNKNOWN else when.at


def _words(code: str) -> str:
    return str(code).replace("_", " ")
