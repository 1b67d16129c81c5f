"""``safehands register …``: what an agency's register of records says, and how far it reaches. Only the agency itself,
or the installation, reads a register whole; other agencies read what a case tells them of it (``safehands concerns``).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safehands.cli import home, output
from safehands.cli.case import ForAgency
from safehands.cli.errors import Command
from safehands.cli.output import Json
from safehands.errors import NotFound, NotPermitted

if TYPE_CHECKING:
    from safehands.core.records.material import Material
    from safehands.service.handle import Service

Agency = Annotated[str, typer.Argument(metavar="AGENCY", help="Whose register: an agency's code, as POL-northshire.")]

app = typer.Typer(
    help="What an agency's register of records says, and which of its stores were never searched.",
    epilog="Next: safehands concerns CASE says what a case's registers leave open.",
    no_args_is_help=True,
)


@app.command("list", cls=Command, epilog="Next: safehands register show AGENCY RECORD.")
def list_(
    agency: Agency,
    *,
    reader: ForAgency = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only records of this kind, as video_interview.")] = None,
    as_json: Json = False,
) -> None:
    """Every record of an agency's register, in the order in which they were registered, with who has it now."""
    with home.opened() as service:
        own = _own(service, agency, reader)
        rows = [each for each in _records(own, agency) if kind is None or each["kind"] == kind]
    if as_json:
        output.emit({"agency": agency, "records": rows})
        return
    shown = [(each["record"], each["exhibit_ref"], each["kind"], each["created"], each["holding"]) for each in rows]
    output.table(f"The register of {agency}", ("record", "exhibit", "kind", "made", "where it is"), shown)
    _say_coverage(own, agency)


@app.command("show", cls=Command, epilog="Next: safehands asof CASE --at DAY says what a case knew of it then.")
def show(
    agency: Agency,
    record: Annotated[str, typer.Argument(metavar="RECORD", help="The record's id or its exhibit reference.")],
    *,
    reader: ForAgency = None,
    as_json: Json = False,
) -> None:
    """Everything that a register ever learned of one record, as sentences, corrections and all."""
    from safehands.core.records.telling import facts_about, stream_of
    from safehands.service.story import story_of_stored, text

    with home.opened() as service:
        own = _own(service, agency, reader)
        found = [name for name, fact in own.records.items() if record in (name, fact.event.exhibit_ref)]
        if not found:
            raise NotFound(f"The register of {agency} has no record {record}. See: safehands register list {agency}")
        versions = {fact.seq for name in found for fact in facts_about(own, name)}
        stored = service.store.entries(stream_of(agency), agency=None)
        lines = [each for each in story_of_stored(stored, _decoded(stored)) if each.version in versions]
        rows = [each for each in _records(own, agency) if each["record"] in found]
    if as_json:
        told = [{"version": each.version, "happened_at": each.at, "sentence": each.sentence} for each in lines]
        output.emit({"agency": agency, "records": rows, "lines": told})
        return
    for each in rows:
        output.say(f"{each['record']} ({each['kind']}): {each['holding']}. {each['description']}")
    for paragraph in text(lines):
        output.say(paragraph)


@app.command("coverage", cls=Command, epilog="Next: safehands register list AGENCY.")
def coverage(agency: Agency, *, reader: ForAgency = None, as_json: Json = False) -> None:
    """How far a register reaches: live or as of a day, which stores were searched, which never."""
    with home.opened() as service:
        own = _own(service, agency, reader)
        reach = coverage_of(own, agency)
        rows = _records(own, agency)
    counted = Counter(str(each["holding"]) for each in rows)
    if as_json:
        output.emit({**reach, "records": len(rows), "holdings": dict(counted)})
        return
    _say_coverage(own, agency)
    output.table(f"{len(rows)} records, by where they are", ("where", "records"), sorted(counted.items()))


def coverage_of(material: Material, agency: str) -> dict[str, Any]:
    """What an agency declared of its register last: ``not_declared`` where it never did."""
    declared = material.registers.get(agency, ())
    if not declared:
        return {"agency": agency, "status": "not_declared", "as_of": None, "searched": {}, "never_searched": {}}
    event = declared[-1].event
    return {
        "agency": agency,
        "status": event.status.value,
        "as_of": event.as_of,
        "searched": {each.name: each.searched_at for each in event.stores if each.searched_at is not None},
        "never_searched": {each.name: each.reason_not for each in event.stores if each.searched_at is None},
    }


def coverage_in_words(reach: dict[str, Any]) -> str:
    """One sentence on how far a register reaches."""
    status = {
        "live": "is live",
        "snapshot": f"is a snapshot of {reach['as_of']:%-d %B %Y}"
        if reach["as_of"]
        else "is a snapshot of no known day",
        "none": "does not exist",
        "not_declared": "was never described: nobody has said what it covers",
    }[reach["status"]]
    never = [f"{name} ({why})" if why else name for name, why in reach["never_searched"].items()]
    left = f" Never searched: {', '.join(never)}." if never else ""
    return f"The register of {reach['agency']} {status}.{left}"


def _say_coverage(own: Material, agency: str) -> None:
    output.say(coverage_in_words(coverage_of(own, agency)))


def _own(service: Service, agency: str, reader: str | None) -> Material:
    from safehands.core.records.telling import stream_of

    if reader is not None and reader != agency:
        raise NotPermitted(
            f"Only {agency} reads its own register. What {reader} may know of it stands in each case: safehands "
            "concerns CASE."
        )
    known = service.materials.register(service.store, stream_of(agency))
    if known.version == 0:
        raise NotFound(f"There is no register of {agency} here.")
    return known.material


def _records(own: Material, agency: str) -> list[dict[str, Any]]:
    from safehands.core.records.reading import now
    from safehands.service.words_of_records import STATUSES, capital, made_when, words

    told = []
    for fact in sorted(own.records.values(), key=lambda each: each.seq):
        event = fact.event
        described = own.described.get(event.record, ())
        last = {said.copy: said.status for said in now(own).said_of(event.record, agency)}
        where = list(dict.fromkeys(capital(words(STATUSES, status)) for status in last.values()))
        told.append(
            {
                "record": event.record,
                "exhibit_ref": event.exhibit_ref,
                "kind": event.kind.value,
                "description": described[-1].event.description if described else event.description,
                "created": made_when(event.created),
                "copies": len(own.copies_of.get(event.record, ())),
                "holding": "; ".join(where) or "Nobody has said",
                "cases": list(own.tied.get(event.record, ())),
            }
        )
    return told


def _decoded(stored: Any) -> dict[int, Any]:
    from safehands import codec

    return {each.version: codec.decode(each.entry) for each in stored if each.entry is not None}
