"""``safehands export CASE``: a case's evidence for other programs and for paper. What the reader may not read goes out
as a stub: that it exists, of which kind, with whom.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safehands.cli import home, output
from safehands.cli.case import CaseNamed, ForAgency, write_new
from safehands.cli.output import Json
from safehands.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safehands.service.standing_in_evidence import Evidence

_Folder = Path | None


def export(
    case: CaseNamed,
    *,
    case_uco: Annotated[
        _Folder,
        typer.Option("--case-uco", metavar="DIR", help="CASE/UCO 1.5 as JSON-LD, with the query that asks it."),
    ] = None,
    prov: Annotated[_Folder, typer.Option("--prov", metavar="DIR", help="W3C PROV as PROV-JSON.")] = None,
    schedules: Annotated[
        _Folder, typer.Option("--schedules", metavar="DIR", help="Each schedule that was served, as PDF and as CSV.")
    ] = None,
    agency: ForAgency = None,
    as_json: Json = False,
) -> None:
    """Write a case's evidence into files. Nothing is overwritten."""
    from safehands.service.standing_in_evidence import evidence_of

    if case_uco is None and prov is None and schedules is None:
        raise BadInput(["Say what to export: --case-uco DIR, --prov DIR, --schedules DIR."])
    with home.opened() as service:
        evidence = evidence_of(service, home.find_case(service.store, case), agency=agency)
    files: list[Path] = []
    for folder, made in (
        (case_uco, _case_uco(evidence)),
        (prov, _prov(evidence)),
        (schedules, _schedules(evidence)),
    ):
        if folder is not None:
            files += _written(folder, made)
    if as_json:
        output.emit(
            {
                "case": evidence.case_id,
                "reference": evidence.reference,
                "agency": agency,
                "files": [str(file) for file in files],
                "stubs": sorted(evidence.stubs),
                "hidden": dict(evidence.hidden),
            }
        )
        return
    for file in files:
        output.say(str(file))
    if not files:
        output.say("No schedule was served in this case: there is nothing to write.")
    if evidence.stubs:
        output.say(f"{len(evidence.stubs)} records are not {agency}'s to read: the files say that they exist.")
    if evidence.hidden:
        output.say(f"{sum(evidence.hidden.values())} more are so sensitive that the files do not name them.")
    output.say("The files hold what was said in the case: hand them to nobody who may not read that.")


def _case_uco(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    from safehands.exports.case_uco import case_uco, source_unseen_query

    yield (
        f"{evidence.reference}.case.jsonld",
        case_uco(evidence.material, evidence.reference, findings=evidence.findings.values()),
    )
    yield "source_unseen.rq", source_unseen_query().encode()


def _prov(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    from safehands.exports.provenance import prov_json

    yield f"{evidence.reference}.prov.json", prov_json(evidence.material, evidence.reference)


def _schedules(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    from safehands.exports.schedule_document import schedule_pdf
    from safehands.exports.schedules import schedule_csv

    served = sorted(evidence.material.schedules.values(), key=lambda each: each.seq)
    for number, fact in enumerate(served, 1):
        name = f"{evidence.reference}.{number}.{fact.event.form.value}"
        yield f"{name}.csv", schedule_csv(evidence.material, fact.event)
        yield f"{name}.pdf", schedule_pdf(evidence.material, fact.event, case=evidence.reference)


def _written(folder: Path, made: Iterator[tuple[str, bytes]]) -> Iterator[Path]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise BadInput([f"{folder}: {fault.strerror}"]) from None
    for name, octets in made:
        file = folder / name
        if file.exists():
            raise BadInput([f"{file} is there already. Move it away, or name another folder."])
        write_new(file, octets)
        yield file
