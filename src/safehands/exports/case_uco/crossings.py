"""What crosses between agencies: requests and their answers, statements, shares, receipts, schedules."""

from __future__ import annotations

from safehands.core.records import events as e
from safehands.exports.case_uco.graph import Graph, in_order, words


def crossings(graph: Graph) -> None:
    """Requests, answers line by line, statements of nothing further, shares, receipts, schedules."""
    for asked in in_order(graph.material.requests):
        _request(graph, asked.event)
    for shared in in_order(graph.material.shares):
        _share(graph, shared.event)
    for attested in in_order(graph.material.attestations):
        said = attested.event
        about = [graph.nodes.id_of("request", said.request)] if said.request else [graph.agency(said.agency)]
        statement = (
            f"{said.agency}: nothing further is held; searched: {', '.join(said.systems_searched) or 'not said'}"
        )
        graph.note("attestation", said.attestation, statement, about, "attestation")
    for served in in_order(graph.material.schedules):
        schedule = served.event
        listed = [item.record for item in schedule.items]
        graph.action(
            "schedule",
            schedule.schedule,
            f"Schedule {schedule.form} served",
            at=schedule.at,
            by=schedule.agency,
            about=listed,
            tags=("schedule", str(schedule.form)),
        )


def _request(graph: Graph, asked: e.MaterialRequested) -> None:
    request = graph.action(
        "request",
        asked.request,
        "Material requested",
        at=asked.asked_at,
        by=asked.from_agency,
        to=[asked.to_agency],
        tags=("request", str(asked.purpose)),
    )
    for fact in graph.material.replies.get(asked.request, ()):
        reply = fact.event
        answer = graph.action(
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
            line = f"{graph.exhibit(item.record)}: {words(item.answer)}"
            about = [answer, graph.provenance(item.record)]
            graph.note("answer", f"{reply.reply}\n{item.record}", line, about, "answer", str(item.answer))


def _share(graph: Graph, sent: e.RecordShared) -> None:
    share = graph.action(
        "share",
        sent.share,
        "Shared",
        at=sent.sent_at,
        by=sent.from_agency,
        to=[sent.to_agency],
        about=[sent.record],
        tags=("share", str(sent.channel)),
    )
    received = graph.material.received.get(sent.share)
    if received is not None:
        same = received.event.sha256_received == sent.sha256_sent
        hashes = None if sent.sha256_sent is None else "hash-equal" if same else "hash-differs"
        graph.action(
            "receipt",
            sent.share,
            "Received",
            at=received.event.received_at,
            by=sent.to_agency,
            about=[sent.record],
            tags=[tag for tag in ("receipt", hashes) if tag],
            after=[share],
        )
    for number, fact in enumerate(graph.material.opened.get(sent.share, ())):
        graph.action(
            "opening",
            f"{sent.share}\n{number}",
            "Opened",
            at=fact.event.opened_at,
            by=sent.to_agency,
            about=[sent.record],
            tags=("opened",),
            after=[share],
        )
