"""Decisions with what they rest on, letters with what they claim, and the concerns about them."""

from __future__ import annotations

from safehands.core.records.findings import Finding
from safehands.core.records.vocabulary import (
    RESTS_ON,
    DecisionKind,
)
from safehands.exports.case_uco.graph import Graph, in_order, words
from safehands.exports.nodes import refs


def decisions(graph: Graph) -> None:
    """Every decision: its objects are what it rests on; what was only known of stands in annotations."""
    for fact in in_order(graph.material.decisions):
        made = fact.event
        early = ("early-advice",) if made.kind is DecisionKind.EARLY_ADVICE else ()
        key = graph.action(
            "decision",
            made.decision,
            f"Decision {made.decision}: {words(made.kind)}",
            at=made.made_at,
            by=made.decider_agency,
            about=[each.record for each in made.considered if each.mode in RESTS_ON],
            tags=("decision", str(made.kind), *early),
            after=[graph.nodes.id_of("decision", made.reviews)] if made.reviews else (),
        )
        for seen in made.considered:
            about = [key, graph.provenance(seen.record)]
            graph.note("seen", f"{made.decision}\n{seen.record}", words(seen.mode), about, "considered", str(seen.mode))
        for unseen in made.known_unseen:
            about = [key, graph.provenance(unseen.record)]
            unseen_says = f"Known and not seen: {words(unseen.reason)}"
            graph.note("unseen", f"{made.decision}\n{unseen.record}", unseen_says, about, "known-unseen")
        if not made.basis_known:
            graph.note("basis", made.decision, "What it rested on is not known any more", [key], "basis-unknown")


def letters(graph: Graph) -> None:
    """Every letter by hash, with what it claims. Who wrote to whom is told of agencies only."""
    for fact in in_order(graph.material.letters):
        sent = fact.event
        key = graph.action(
            "letter",
            sent.letter,
            "Letter sent" if sent.outgoing else "Letter received",
            at=sent.sent_at,
            by=sent.sender if sent.outgoing else "",
            tags=("letter",),
            after=[graph.nodes.id_of("decision", sent.decision)] if sent.decision else (),
        )
        for number, claim in enumerate(sent.claims):
            about = [key] + ([graph.provenance(claim.record)] if claim.record else [])
            graph.note("claim", f"{sent.letter}\n{number}", words(claim.claim), about, "claim", str(claim.claim))


def concern(graph: Graph, finding: Finding) -> None:
    """A concern, as a statement about its decision and records."""
    about = [graph.provenance(record) for record in finding.records]
    if finding.decision is not None:
        about.insert(0, graph.nodes.id_of("decision", finding.decision))
    about = [key for key in about if key in graph.nodes] or [graph.nodes.id_of("case", "")]
    graph.note("concern", finding.concern, f"{finding.rule}{finding.letter} {finding.cause}", about, "concern")


def investigation(graph: Graph, case: str) -> None:
    """The case itself, over everything else."""
    graph.nodes.add(
        "investigation:Investigation",
        "case",
        "",
        core__name=case,
        investigation__investigationForm="case",
        core__object=refs(graph.nodes.keys()),
    )
