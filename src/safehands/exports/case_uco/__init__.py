"""A case's material as CASE/UCO 1.5.0, in JSON-LD: what exists, what it was made from, who had it, what rested on it.

CASE has no class for a decision, a request, an attestation, a schedule or a letter. They are InvestigativeActions and
Annotations, told apart by ``core:tag`` with words of our own (``safehands:…``); no term is made up under an address
of the ontology. What a decision rests on, and nothing else, stands in its ``action:object``: so the query that lies
beside this module (``source_unseen.rq``) finds again, from the document alone, each decision that rested on a copy
whose fuller source was held and not seen. Derivations are actions from source to result, because CASE's
vocabulary of relationships has no word for them; ``Copied_From`` is said only of copies that were verified to lose
nothing.

Rooms: ``graph`` (shapes) · ``records`` · ``crossings`` (between agencies) · ``decisions`` (with letters and concerns).

Give this function only what the reader may see: it leaves out nothing but the descriptions of sensitive records.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Final

from safehands.core.records.findings import Finding
from safehands.core.records.material import Material
from safehands.exports.case_uco import crossings, decisions, records
from safehands.exports.case_uco.graph import Graph

#: Where identifiers lie unless an installation has an address of its own. ``.invalid`` is nobody's (RFC 2606).
BASE: Final = "https://safehands.invalid/kb/"


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
    graph = Graph(material, case, names or {})
    records.records(graph)
    crossings.crossings(graph)
    decisions.decisions(graph)
    decisions.letters(graph)
    for finding in sorted(findings, key=lambda each: each.concern):
        decisions.concern(graph, finding)
    decisions.investigation(graph, case)
    return json.dumps(graph.nodes.graph(base), ensure_ascii=False, indent=1).encode() + b"\n"
