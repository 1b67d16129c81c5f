"""``safehands concerns`` and ``safehands asof``: what the rules find in a case, and what its register said then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer

from safehands.cli import home, output
from safehands.cli.case import CaseNamed, ForAgency, lines_of
from safehands.cli.output import Json
from safehands.cli.register import coverage_in_words, coverage_of
from safehands.errors import BadInput

if TYPE_CHECKING:
    from safehands.core.records.findings import Finding
    from safehands.core.records.material import Material
    from safehands.service.standing_in_evidence import Evidence

#: The grades of a concern in words, worst first.
GRADES: Final[Mapping[int, str]] = {1: "critical", 2: "high", 3: "medium", 4: "recorded"}
_LONDON: Final = ZoneInfo("Europe/London")


def concerns(case: CaseNamed, *, agency: ForAgency = None, as_json: Json = False) -> None:
    """What the integrity rules find in a case, worst first, each with the entries that make it true.

    Beside them stands how far each register reaches: no concern in an empty register proves nothing.
    """
    from safehands.service.standing_in_evidence import evidence_of

    with home.opened() as service:
        evidence = evidence_of(service, home.find_case(service.store, case), agency=agency)
        sentences = {line.version: line.sentence for line in lines_of(service, evidence.case_id, agency=agency)}
    reach = _coverage(evidence.material)
    found = [_concern(each, evidence.material, sentences) for each in _by_weight(evidence)]
    if as_json:
        output.emit(
            {
                "case": evidence.case_id,
                "reference": evidence.reference,
                "agency": agency,
                "coverage": reach,
                "concerns": found,
                "withheld": evidence.withheld_findings,
            }
        )
        return
    output.say(f"Case {evidence.reference}: {len(found)} concerns.")
    for each in reach:
        output.say(coverage_in_words(each))
    if not reach:
        output.say("No agency has a register in this case: the rules had nothing to look at.")
    for one in found:
        output.say()
        output.say(f"{one['rule']}{one['letter']}, {one['grade']}: {one['sentence']} ({one['cause']})")
        if not one["knowable_then"]:
            output.say("  It could not be known then from this register.")
        for because in one["because"]:
            output.say(f"  {because['version']:>4}  {because['sentence']}")
    if evidence.withheld_findings:
        output.say()
        output.say(f"{evidence.withheld_findings} more are about material of which {agency} may know the number only.")


def asof(
    case: CaseNamed,
    *,
    at: Annotated[
        str | None, typer.Option("--at", metavar="DAY", help="What was learned up to the end of this day in London.")
    ] = None,
    size: Annotated[
        int | None, typer.Option("--size", help="What stood in the ledger at this size: a decision quotes its own.")
    ] = None,
    agency: ForAgency = None,
    as_json: Json = False,
) -> None:
    """What a case's register said then, and what it says now: two answers, never mixed."""
    from safehands.service.standing_in_evidence import evidence_of

    if (at is None) == (size is None):
        raise BadInput(["Say when: --at 2019-06-10, or --size with the ledger's size that a decision quotes."])
    if size is not None and size < 0:
        raise BadInput(["A ledger's size is not below 0."])
    until = _end_of(at) if at is not None else None
    with home.opened() as service:
        case_id = home.find_case(service.store, case)
        now = evidence_of(service, case_id, agency=agency)
        then = evidence_of(service, case_id, agency=agency, size=size, at=until)
    before, after = _side(then), _side(now)
    since = sorted(set(now.material.records) - set(then.material.records))
    answer = {
        "case": case_id,
        "reference": now.reference,
        "at": at,
        "size": size,
        "then": before,
        "now": after,
        "learned_since": since,
    }
    if as_json:
        output.emit(answer)
        return
    when = f"on {at}" if at is not None else f"at the ledger's size {size}"
    for title, side in (
        (f"Then: what this register said {when}", before),
        ("Now", after),
    ):
        output.table(title, ("record", "exhibit", "kind", "of", ""), [_row(each) for each in side["records"]])
        output.say(f"Concerns: {', '.join(f'{name} ({grade})' for name, grade in side['concerns'].items()) or 'none'}.")
        output.say()
    output.say(f"Learned since: {', '.join(since) if since else 'no record'}.")


def _side(evidence: Evidence) -> dict[str, Any]:
    material = evidence.material
    records = [
        {
            "record": fact.event.record,
            "exhibit_ref": fact.event.exhibit_ref or None,
            "kind": fact.event.kind.value,
            "agency": fact.event.agency,
            "stub": fact.event.record in evidence.stubs,
            "learned_at": fact.recorded_at,
        }
        for fact in sorted(material.records.values(), key=lambda each: each.seq)
    ]
    return {
        "entries": evidence.size,
        "records": records,
        "hidden": dict(evidence.hidden),
        "decisions": sorted(material.decisions),
        "concerns": {f"{each.rule}{each.letter}/{each.cause}": GRADES[each.grade] for each in _by_weight(evidence)},
    }


def _row(record: Mapping[str, Any]) -> tuple[object, ...]:
    withheld = "not yours to read" if record["stub"] else ""
    return record["record"], record["exhibit_ref"] or "", record["kind"], record["agency"], withheld


def _concern(finding: Finding, material: Material, sentences: Mapping[int, str]) -> dict[str, Any]:
    from safehands.rulebook.integrity.catalogue import ENTRIES

    entry = ENTRIES[finding.rule]
    return {
        "concern": finding.concern,
        "rule": finding.rule,
        "letter": finding.letter,
        "grade": GRADES[finding.grade],
        "sentence": entry.says[finding.letter],
        "basis": entry.basis,
        "cause": finding.cause,
        "decision": finding.decision,
        "records": list(finding.records),
        "first_true_at": finding.first_true_at,
        "knowable_then": finding.knowable_then,
        "blocks": finding.blocks,
        "acknowledged": finding.concern in material.acknowledged,
        "set_aside": finding.concern in material.set_aside,
        "because": [{"version": seq, "sentence": sentences.get(seq, "")} for seq in finding.because],
    }


def _coverage(material: Material) -> list[dict[str, Any]]:
    agencies = {fact.event.agency for fact in material.records.values()} | set(material.registers)
    return [coverage_of(material, agency) for agency in sorted(agencies)]


def _by_weight(evidence: Evidence) -> list[Finding]:
    return sorted(evidence.findings.values(), key=lambda each: (each.grade, each.first_true_at, each.concern))


def _end_of(day: str) -> datetime:
    try:
        named = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007 - a civil day; its zone is put on below
    except ValueError:
        raise BadInput([f"{day!r} is not a day. Write it as 2019-06-10."]) from None
    return datetime.combine(named, time.max, _LONDON).astimezone(UTC)
