"""Records with their copies, where each came from, who held it, and what else records its event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from safehands.core.records import events as e
from safehands.core.records.material import Fact
from safehands.core.records.vocabulary import (
    FIDELITY,
    LOSSLESS,
    MEMBERSHIP,
    Precision,
    Sensitivity,
)
from safehands.exports.case_uco.graph import Graph, in_order, words
from safehands.exports.holdings import held_spells
from safehands.exports.nodes import Node, hex_binary, ref, refs


def records(graph: Graph) -> None:
    """Every record with its copies, where it came from, who held it, and what else records its event."""
    known = in_order(graph.material.records)
    for fact in known:
        _record(graph, fact)
    made: dict[str, list[Fact[e.DerivationRecorded]]] = {}
    for edge in in_order(graph.material.derivations):
        made.setdefault(edge.event.derived, []).append(edge)
    for fact in sorted(known, key=lambda each: _depth(graph, each.event.record)):
        _origin(graph, fact, made.get(fact.event.record, []))
    for fact in known:
        _same_event(graph, fact.event.record)
        _held(graph, fact.event.record)
        _custody(graph, fact.event.record)


def _depth(graph: Graph, record: str, among: frozenset[str] = frozenset()) -> int:
    """How many makings lie behind a record; a ring, which is a fault of the register, ends where it closes."""
    edges = graph.material.made_from.get(record, ())
    if record in among:
        return 0
    within = among | {record}
    return max((1 + _depth(graph, graph.material.derivations[edge].event.source, within) for edge in edges), default=0)


def _roots(graph: Graph, record: str, among: frozenset[str] = frozenset()) -> list[str]:
    """The exhibit numbers of what a record goes back to: its own where it goes back to nothing."""
    edges = () if record in among else graph.material.made_from.get(record, ())
    sources = [graph.material.derivations[edge].event.source for edge in edges]
    roots = [root for source in sources for root in _roots(graph, source, among | {record})]
    return list(dict.fromkeys(roots or [graph.exhibit(record)]))


def _record(graph: Graph, fact: Fact[e.RecordRegistered]) -> None:
    record = fact.event
    content = graph.nodes.add(
        "observable:ObservableObject",
        "record",
        record.record,
        core__name=record.exhibit_ref or record.record,
        core__description=record.description if _open(graph, record.record) else None,
        core__tag=[f"safehands:{record.kind}"],
    )
    copies = [
        _copy(graph, graph.material.copies[copy].event) for copy in graph.material.copies_of.get(record.record, ())
    ]
    graph.nodes.add(
        "investigation:ProvenanceRecord",
        "provenance",
        record.record,
        investigation__exhibitNumber=graph.exhibit(record.record),
        investigation__rootExhibitNumber=_roots(graph, record.record),
        core__tag=["safehands:for-defence"] if record.for_defence else None,
        core__object=refs([content, *copies]),
    )


def _open(graph: Graph, record: str) -> bool:
    return graph.reading.classification(graph.material.records[record]).sensitivity is Sensitivity.NONE


def _copy(graph: Graph, copy: e.CopyRegistered) -> str:
    if copy.sha256 is None:
        return graph.nodes.add(
            "observable:ObservableObject",
            "copy",
            copy.copy,
            core__name=copy.copy,
            core__tag=[f"safehands:{copy.medium}"],
        )
    hashed = {
        "@id": graph.nodes.id_of("hash", copy.copy),
        "@type": "types:Hash",
        "types:hashMethod": "SHA256",
        "types:hashValue": hex_binary(copy.sha256),
    }
    facet: Node = {
        "@id": graph.nodes.id_of("content", copy.copy),
        "@type": "observable:ContentDataFacet",
        "observable:hash": [hashed],
    }
    if copy.size is not None:
        facet["observable:sizeInBytes"] = copy.size
    return graph.nodes.add(
        "observable:File",
        "copy",
        copy.copy,
        core__name=copy.copy,
        core__hasFacet=[facet],
        core__tag=[f"safehands:{copy.medium}"],
    )


def _origin(graph: Graph, fact: Fact[e.RecordRegistered], edges: list[Fact[e.DerivationRecorded]]) -> None:
    record = fact.event
    content = graph.nodes.id_of("record", record.record)
    copies = [graph.nodes.id_of("copy", copy) for copy in graph.material.copies_of.get(record.record, ())]
    brings = [content, *copies, graph.nodes.id_of("provenance", record.record)]
    if all(edge.event.method in MEMBERSHIP for edge in edges):
        key = graph.action(
            "made",
            record.record,
            "Made",
            at=_known(record.created),
            by=record.agency,
            brings=brings,
            tags=("made",),
        )
        graph.origins[record.record] = [key]
    for edge in edges:
        made = edge.event
        loses = "lossless" if made.method in LOSSLESS else "membership" if made.method in MEMBERSHIP else "lossy"
        key = graph.action(
            "derived",
            made.derivation,
            f"Made from another record: {words(made.method)}",
            at=_known(made.made),
            by=record.agency,
            about=[made.source],
            # What it lay in is not what it was made from: only the thing came out of there, not its content.
            brings=[content, *copies] if loses == "membership" else brings,
            tags=("derived", loses),
        )
        graph.origins.setdefault(record.record, []).append(key)
        checks = graph.material.verified.get(made.derivation, ())
        for check in checks:
            about = [key, graph.provenance(made.derived), graph.provenance(made.source)]
            graph.note(
                "check", check.event.verification, f"Checked: {words(check.event.result)}", about, "verification"
            )
        if graph.reading.is_lossless(edge):
            graph.nodes.add(
                "core:Relationship",
                "copied",
                made.derivation,
                core__source=ref(graph.provenance(made.derived)),
                core__target=ref(graph.provenance(made.source)),
                core__kindOfRelationship="Copied_From",
                core__isDirectional=True,
            )


def _same_event(graph: Graph, record: str) -> None:
    """Of two records of one event the fuller is what the other is held against, where one is fuller."""
    for fact in graph.material.same_event.get(record, ()):
        one, other = fact.event.one, fact.event.other
        if record != one or None in (_fidelity(graph, one), _fidelity(graph, other)):
            continue
        lesser, fuller = sorted((one, other), key=lambda each: _fidelity(graph, each) or 0)
        if _fidelity(graph, lesser) != _fidelity(graph, fuller):
            key = graph.action(
                "same-event",
                f"{one}\n{other}",
                "Found to be records of one event",
                at=None,
                about=[lesser],
                tags=("same-event",),
            )
            graph.nodes.extend(key, action__instrument=[ref(graph.provenance(fuller))])


def _fidelity(graph: Graph, record: str) -> int | None:
    fact = graph.material.records.get(record)
    return FIDELITY.get(fact.event.kind) if fact is not None else None


def _held(graph: Graph, record: str) -> None:
    for spell in held_spells(graph.reading, record):
        graph.action(
            "held",
            f"{record}\n{spell.agency}\n{spell.start.isoformat()}",
            "Held",
            at=spell.start,
            until=spell.end,
            by=spell.agency,
            about=[record],
            tags=("held",),
        )
    for fact in graph.material.holdings.get(record, ()):
        said = fact.event
        graph.note(
            "holding", f"{fact.seq}", f"{said.agency}: {words(said.status)}", [graph.provenance(record)], "holding"
        )


def _custody(graph: Graph, record: str) -> None:
    for copy in graph.material.copies_of.get(record, ()):
        for fact in graph.material.custody.get(copy, ()):
            event = fact.event
            graph.action(
                "custody",
                event.custody,
                words(event.type).capitalize(),
                at=event.at,
                by=event.agency,
                about=[record],
                tags=("custody", str(event.type)),
            )


def _known(when: Any) -> datetime | None:
    return None if when.precision is Precision.UNKNOWN else when.at
