"""The CASE/UCO export: other people's validators accept it, a stranger's query finds the unseen source again, and each
known slip is refused by the validator's exit code (which is the only thing that can be trusted of it)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Material
from safehands.core.records.vocabulary import DecisionKind, Method, Mode, RecordKind, Sensitivity, Verified, When
from safehands.exports.case_uco import case_uco, source_unseen_query
from unit.exports.replay import POLICE, PROSECUTORS, day, decided, fact, numbered, record, replay

rdflib = pytest.importorskip("rdflib", reason="the export is asked with rdflib: install the group test")
PROGRAMS = Path(sys.executable).parent
for needed in ("case_validate", "case_prov_check"):
    if not (PROGRAMS / needed).exists():
        pytest.skip(f"{needed} is not here: install the group test", allow_module_level=True)
CASE = "NS/2004/0417"

pytestmark = pytest.mark.slow


def ran(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def validate(file: Path) -> int:
    return ran(PROGRAMS / "case_validate", "--built-version", "case-1.5.0", file).returncode


def pairs(octets: bytes) -> list[tuple[str, ...]]:
    graph = rdflib.Graph().parse(data=octets, format="json-ld")
    return [tuple(str(value) for value in row) for row in graph.query(source_unseen_query())]


@pytest.mark.parametrize("registered_when_made", [False, True], ids=["found later", "registered when made"])
def test_other_peoples_validators_accept_it(tmp_path: Path, registered_when_made: bool) -> None:
    finding = Finding("R01", "a", 1, "D1:AB/1", (1,), day("2019-06-10"), decision="D1", records=("AB/1",))
    export = tmp_path / "export.jsonld"
    export.write_bytes(
        case_uco(
            replay(registered_when_made=registered_when_made),
            CASE,
            findings=[finding],
            names={POLICE: "Northshire Police"},
        )
    )
    assert validate(export) == 0
    provenance = tmp_path / "prov.ttl"
    made = ran(PROGRAMS / "case_prov_rdf", "--use-deterministic-uuids", "--allow-empty-results", provenance, export)
    assert made.returncode == 0, made.stderr
    checked = ran(PROGRAMS / "case_prov_check", export, provenance)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("registered_when_made", [False, True], ids=["found later", "registered when made"])
def test_a_stranger_finds_each_decision_that_did_not_see_the_source(registered_when_made: bool) -> None:
    octets = case_uco(replay(registered_when_made=registered_when_made), CASE)
    assert pairs(octets) == [
        ("Decision D1: nfa cps", "AB/1A", "AB/1"),
        ("Decision D2: case review", "AB/1A", "AB/1"),
    ]


def graph_of(octets: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(octets)
    return found


def node(export: dict[str, Any], type_: str) -> dict[str, Any]:
    return next(each for each in export["@graph"] if each["@type"] == type_)


def _facet_without_id(export: dict[str, Any]) -> None:
    del node(export, "observable:File")["core:hasFacet"][0]["@id"]


def _two_performers(export: dict[str, Any]) -> None:
    agencies = [each["@id"] for each in export["@graph"] if each["@type"] == "identity:Organization"]
    node(export, "investigation:InvestigativeAction")["action:performer"] = [{"@id": key} for key in agencies]


def _a_bare_day(export: dict[str, Any]) -> None:
    node(export, "investigation:InvestigativeAction")["action:startTime"] = "2005-01-20"


def _a_hash_that_is_none(export: dict[str, Any]) -> None:
    node(export, "observable:File")["core:hasFacet"][0]["observable:hash"][0]["types:hashValue"]["@value"] = "not hex"


def _a_misspelt_term(export: dict[str, Any]) -> None:
    action = node(export, "investigation:InvestigativeAction")
    action["investigation:wasInformedByy"] = [{"@id": action["@id"]}]


@pytest.mark.parametrize(
    "spoil", [_facet_without_id, _two_performers, _a_bare_day, _a_hash_that_is_none, _a_misspelt_term]
)
def test_the_validator_sees_each_known_slip(tmp_path: Path, spoil: Callable[[dict[str, Any]], None]) -> None:
    export = graph_of(case_uco(replay(registered_when_made=True), CASE))
    spoil(export)
    file = tmp_path / "spoilt.jsonld"
    file.write_text(json.dumps(export), encoding="utf-8")
    assert validate(file) == 1


def test_the_same_material_gives_the_same_bytes() -> None:
    assert case_uco(replay(registered_when_made=True), CASE) == case_uco(replay(registered_when_made=True), CASE)


def test_two_cases_share_no_identifier() -> None:
    one, other = (graph_of(case_uco(replay(registered_when_made=True), case)) for case in ("one", "other"))
    assert not {each["@id"] for each in one["@graph"]} & {each["@id"] for each in other["@graph"]}


def test_a_sensitive_description_stays_at_home() -> None:
    hidden = e.RecordReclassified("AB/1", "source at risk", sensitivity=Sensitivity.HIGHLY_SENSITIVE)
    material = numbered(
        [fact(record("AB/1", RecordKind.VIDEO_INTERVIEW, "2005-01-20"), "2005-01-20"), fact(hidden, "2005-01-21")]
    )
    assert b"interview of 20 January" not in case_uco(material, CASE)
    assert b"AB/1" in case_uco(material, CASE)


def _seen(
    *more: Any, kind: DecisionKind = DecisionKind.NFA_CPS, method: Method = Method.SUMMARY, on: str = "2020-01-01"
) -> Material:
    edge = e.DerivationRecorded("edge", "COPY", "SOURCE", method, When(day("2010-02-01")), "officer")
    return numbered(
        [
            fact(record("SOURCE", RecordKind.VIDEO_INTERVIEW, "2010-01-01"), "2010-01-01"),
            fact(record("COPY", RecordKind.SUMMARY, "2010-02-01"), "2010-02-01"),
            fact(edge, "2010-02-01"),
            *more,
            fact(decided("D1", kind, on, ("COPY", Mode.READ_FULL)), on, agency=PROSECUTORS),
        ]
    )


def test_the_query_finds_the_plain_case() -> None:
    assert len(pairs(case_uco(_seen(), CASE))) == 1


@pytest.mark.parametrize(
    "material",
    [
        pytest.param(_seen(kind=DecisionKind.EARLY_ADVICE), id="early advice"),
        pytest.param(_seen(method=Method.BIT_COPY), id="a step that loses nothing"),
        pytest.param(_seen(method=Method.EXTRACTED_FROM_CONTAINER), id="what it lay in"),
        pytest.param(
            _seen(
                fact(
                    e.HoldingAsserted("SOURCE", POLICE, e.HoldingStatus.DESTROYED, day("2015-01-01"), e.HowKnown.SEEN),
                    "2015-01-01",
                )
            ),
            id="gone before the decision",
        ),
        pytest.param(
            _seen(
                fact(record("CLONE", RecordKind.VIDEO_INTERVIEW, "2011-01-01"), "2011-01-01"),
                fact(
                    e.DerivationRecorded(
                        "clone", "CLONE", "SOURCE", Method.FORMAT_MIGRATION, When(day("2011-01-01")), "a"
                    ),
                    "2011-01-01",
                ),
                fact(
                    e.DerivativeVerified("v", "clone", "x", "b", Verified.CONSISTENT, day("2011-01-02")), "2011-01-02"
                ),
                fact(decided("D0", DecisionKind.CONFIRM, "2012-01-01", ("CLONE", Mode.VIEWED_FULL)), "2012-01-01"),
                on="2009-06-01",
            ),
            id="decided before it existed, and a verified copy seen by another",
        ),
    ],
)
def test_the_query_leaves_out_what_is_no_concern(material: Material) -> None:
    assert pairs(case_uco(material, CASE)) == []


def test_the_query_finds_the_fuller_record_of_the_same_event() -> None:
    notes = [
        fact(record("TAPE", RecordKind.AUDIO_INTERVIEW, "2010-01-01"), "2010-01-01"),
        fact(record("NOTES", RecordKind.ORIGINAL_NOTE, "2010-01-01"), "2010-01-01"),
        fact(e.SameEventRecorded("TAPE", "NOTES"), "2010-01-01"),
        fact(decided("D1", DecisionKind.NFA_CPS, "2020-01-01", ("NOTES", Mode.READ_FULL)), "2020-01-01"),
    ]
    assert pairs(case_uco(numbered(notes), CASE)) == [("Decision D1: nfa cps", "NOTES", "TAPE")]
    other_way = [fact(decided("D1", DecisionKind.NFA_CPS, "2020-01-01", ("TAPE", Mode.READ_FULL)), "2020-01-01")]
    assert pairs(case_uco(numbered(notes[:3] + other_way), CASE)) == []
