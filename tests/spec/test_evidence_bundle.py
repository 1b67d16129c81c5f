"""The evidence bundle, checked by the verifier that runs alone: register entries, a proof for each letter, the pages;
and what a forger would change in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from evidence import BODY, CPS, NSP, NSP2, Matter
from safehands.core.records import commands as r
from safehands.core.records.vocabulary import ClaimCode, LetterClaim, Mode, RecordKind
from safehands.errors import NotFound
from safehands.ledger.bundle import read_bundle, write_bundle
from safehands.ledger.evidence import Evidence
from safehands.ledger.faults import Malformed
from safehands.ledger.note import read_vkey
from safehands.ledger.tlog_proof import check_tlog_proof, read_tlog_proof
from safehands.ledger.verify import Held, Report, verify_bundle
from safehands.service.evidence_bundles import EvidenceBundle, evidence_bundle
from safehands.store.ports import Store
from safehands.store.postgres.store import PostgresStore


@pytest.fixture
def matter() -> Matter:
    """A transcript is decided on; the tape, of which a letter said that it was gone, is registered years later."""
    return played()


def played(store: Store | None = None) -> Matter:
    found = Matter(store)
    found.registers("AB1A", RecordKind.RECORD_OF_INTERVIEW)
    found.shares("AB1A")
    found.decides("D1", ("AB1A", Mode.READ_FULL), legacy=True, reasons="")
    found.does(
        NSP,
        r.LogLetter(
            True,
            "POL-northshire",
            "the family",
            "post",
            BODY,
            "L1",
            claims=(LetterClaim(ClaimCode.NOT_HELD, record="AB1A"),),
            legacy=True,
        ),
    )
    found.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    found.derives("AB1A", "AB1")
    return found


def made(matter: Matter, **more: Any) -> EvidenceBundle:
    return evidence_bundle(matter.service, matter.id, **more)


def verified(matter: Matter, octets: bytes) -> Report:
    return verify_bundle(octets, Held(vkey=matter.service.store.vkey))


def test_a_stranger_with_the_key_checks_it_all(matter: Matter) -> None:
    octets = made(matter).octets
    report = verified(matter, octets)
    assert report.genuine, report.faults
    assert report.ok
    evidence = read_bundle(octets).evidence
    assert evidence is not None
    assert {each.stream for each in evidence.related} == {"register/POL-northshire"}
    assert len(evidence.related) == 3
    assert [page.title for page in evidence.pages] == ["Timeline", "Letters", "What the letters say", "Concerns"]
    assert all(page.rows for page in evidence.pages)
    assert any("entries count" in sentence for sentence in report.not_proved)
    assert write_bundle(read_bundle(octets)) == octets


def test_each_letter_has_a_proof_that_stands_alone(matter: Matter) -> None:
    letters = made(matter).letters
    assert set(letters) == {"L1"}
    proof = read_tlog_proof(letters["L1"])
    entry = next(
        each for each in matter.service.store.entries(matter.stream, agency=None) if each.position == proof.index
    )
    assert b"letter_logged" in (entry.entry or b"")
    check_tlog_proof(proof, entry.commitment, read_vkey(matter.service.store.vkey))


def test_the_concern_names_the_entries_that_make_it_true(matter: Matter) -> None:
    evidence = read_bundle(made(matter).octets).evidence
    assert evidence is not None
    (row,) = [row for row in evidence.pages[3].rows if row.says.startswith("R01")]
    assert "could not be known then" in row.says
    registered = {each.entry.position for each in evidence.related}
    assert set(row.positions) & registered


def test_what_an_agency_may_not_read_is_there_without_its_content(matter: Matter) -> None:
    octets = made(matter, agency=CPS.agency).octets
    assert verified(matter, octets).genuine
    evidence = read_bundle(octets).evidence
    assert evidence is not None
    assert sum(each.entry.entry is None for each in evidence.related) >= 1
    own = read_bundle(made(matter, agency=NSP2.agency).octets).evidence
    assert own is not None
    assert all(each.entry.entry is not None for each in own.related)


def _another_text(evidence: dict[str, Any]) -> None:
    evidence["related"][0]["entry"] = evidence["related"][1]["entry"]


def _moved(evidence: dict[str, Any]) -> None:
    evidence["related"][0]["position"] += 1


def _renamed(evidence: dict[str, Any]) -> None:
    one, other = evidence["related"][:2]
    one["version"], other["version"] = other["version"], one["version"]


def _a_stranger(evidence: dict[str, Any]) -> None:
    evidence["related"].append(evidence["related"][0] | {"stream": "register/POL-elsewhere"})


def _twice(evidence: dict[str, Any]) -> None:
    evidence["related"].append(evidence["related"][0])


def _left_out(evidence: dict[str, Any]) -> None:
    del evidence["related"][0]


def _no_letter_proof(evidence: dict[str, Any]) -> None:
    evidence["letters"] = []


def _proof_of_another_entry(evidence: dict[str, Any]) -> None:
    evidence["letters"][0]["version"] -= 1


def _proof_of_another_place(evidence: dict[str, Any]) -> None:
    text = evidence["letters"][0]["tlog_proof"]
    index = next(line for line in text.splitlines() if line.startswith("index "))
    evidence["letters"][0]["tlog_proof"] = text.replace(index, "index 0", 1)


def _a_row_on_nothing(evidence: dict[str, Any]) -> None:
    evidence["pages"][0]["rows"][0]["positions"] = []


def _a_row_on_another_log(evidence: dict[str, Any]) -> None:
    evidence["pages"][3]["rows"][0]["positions"].append(10_000)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_another_text, "its text or its salt was changed"),
        (_moved, "is not shown to be in the log"),
        (_renamed, "is another entry than the bundle says"),
        (_a_stranger, "no entry of the case names it"),
        (_twice, "is in the bundle twice"),
        (_left_out, "is named by the case and not here"),
        (_no_letter_proof, "has no proof of its own"),
        (_proof_of_another_entry, "which does not log that letter"),
        (_proof_of_another_place, "is not the proof of version"),
        (_a_row_on_nothing, "stands on no entry of this bundle"),
        (_a_row_on_another_log, "stands on no entry of this bundle"),
    ],
)
def test_what_a_forger_changes_is_told(matter: Matter, change: Callable[[dict[str, Any]], object], said: str) -> None:
    bundle = json.loads(made(matter).octets)
    change(bundle["evidence"])
    report = verified(matter, json.dumps(bundle).encode())
    assert not report.genuine
    assert any(said in fault for fault in report.faults), report.faults


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda evidence: evidence.update(more=1), "is not a field of this format"),
        (lambda evidence: evidence["related"][0].update(salt=None), "must both be there"),
        (lambda evidence: evidence["letters"][0].update(tlog_proof="x"), "a proof begins with"),
        (lambda evidence: evidence["letters"][0].pop("letter"), "letter is missing"),
        (lambda evidence: evidence["pages"][0].update(rows=[{"says": "x", "positions": ["1"]}]), "list of numbers"),
        (lambda evidence: evidence["pages"][0].update(rows=[{"says": "x", "positions": [True]}]), "list of numbers"),
        (lambda evidence: evidence["pages"].append(None), "is not an object"),
    ],
)
def test_a_malformed_part_is_named(matter: Matter, change: Callable[[dict[str, Any]], object], said: str) -> None:
    bundle = json.loads(made(matter).octets)
    change(bundle["evidence"])
    with pytest.raises(Malformed) as refused:
        read_bundle(json.dumps(bundle).encode())
    assert any(said in fault for fault in refused.value.faults), refused.value.faults


def test_a_bundle_without_evidence_is_as_it_was(matter: Matter) -> None:
    plain = read_bundle(made(matter).octets)
    assert isinstance(plain.evidence, Evidence)
    assert b'"evidence"' not in write_bundle(
        type(plain)(plain.origin, plain.vkey, plain.checkpoint, plain.stream, plain.entries)
    )


def test_the_bundle_is_the_same_on_postgresql_and_for_whom_it_was_narrowed(postgres_store: PostgresStore) -> None:
    matter, oracle = played(postgres_store), played()
    whole, theirs = made(matter), made(matter, agency=CPS.agency)
    for octets in (whole.octets, theirs.octets):
        report = verified(matter, octets)
        assert report.genuine, report.faults
    plain, kept = read_bundle(made(oracle).octets).evidence, read_bundle(whole.octets).evidence
    assert plain is not None
    assert kept is not None
    assert [(page.title, [row.says for row in page.rows]) for page in kept.pages] == [
        (page.title, [row.says for row in page.rows]) for page in plain.pages
    ]
    assert [(each.stream, each.version) for each in kept.related] == [
        (each.stream, each.version) for each in plain.related
    ]
    narrowed = read_bundle(theirs.octets).evidence
    assert narrowed is not None
    assert sum(each.entry.entry is None for each in narrowed.related) >= 1
    (proof,) = (read_tlog_proof(each) for each in whole.letters.values())
    entry = next(each for each in postgres_store.entries(matter.stream, agency=None) if each.position == proof.index)
    check_tlog_proof(proof, entry.commitment, read_vkey(postgres_store.vkey))


def test_an_agency_without_a_part_gets_no_bundle_from_postgresql(postgres_store: PostgresStore) -> None:
    matter = played(postgres_store)
    with pytest.raises(NotFound):
        made(matter, agency="HEA-elsewhere")
