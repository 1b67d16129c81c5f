"""A register and its records, as somebody who enters them and somebody who must not read them see them."""

from __future__ import annotations

from desk.conftest import Somebody
from northshire import SECRET, Northshire
from safehands.core.records import vocabulary as v
from safehands.core.records.telling import stream_of

RECORD = {
    "exhibit_ref": "CD/7",
    "kind": "cctv",
    "description": "Camera over the door of the station",
    "created": "2026-02-03",
    "precision": "day",
    "relevance": "unassessed",
    "use": "unassessed",
    "sensitivity": "none",
    "medium1": "cd_dvd",
    "role1": "master",
    "seal1": "S7",
    "location1": "property store B",
    "medium2": "",
    "role2": "master",
}


def test_the_register_says_first_what_it_covers_and_what_was_never_searched(police: Somebody) -> None:
    said = police.get("/register/").said
    assert "live: fed as things happen" in said
    assert "Never searched: Off-site archive (closed for repairs)" in said
    assert said.index("Never searched") < said.index("AB/1")


def test_a_record_is_found_by_reference_kind_and_case(police: Somebody, north: Northshire) -> None:
    assert north.tape in police.get(f"/register/?ref=ab/1&case={north.reference}").text
    assert north.tape not in police.get(f"/register/?kind=policy_log&case={north.reference}").text
    nothing = police.get("/register/?case=SH-NO-SUCH").said
    assert "No record of this register is found by that" in nothing


def test_a_record_is_registered_with_its_copies_in_one_form(police: Somebody, north: Northshire) -> None:
    form = {**RECORD, "case": north.reference, "command": "6f0e1a52-7a0c-4b8e-9a53-0d9f1f4f8f11"}
    page = police.post("/register/enter/register-record/", form)
    assert page.status == 200, page.said
    assert "S7" in page.said
    again = police.post("/register/enter/register-record/", form)
    assert again.address == page.address, "a double click makes one record"
    record = page.address.split("/")[-2]
    material = north.material
    assert material.records[record].event.exhibit_ref == "CD/7"
    assert len(material.copies_of[record]) == 1


def test_a_copy_without_seal_or_label_is_refused_and_the_record_stays(police: Somebody, north: Northshire) -> None:
    page = police.post("/register/enter/register-record/", {**RECORD, "seal1": "", "case": north.reference})
    assert page.status == 409
    assert "Give its seal or its label" in page.said
    assert "Add a copy" in page.said


def test_a_form_that_is_refused_comes_back_as_it_was_written(police: Somebody, north: Northshire) -> None:
    page = police.post("/register/enter/register-record/", {**RECORD, "kind": "", "case": north.reference})
    assert page.status == 422
    assert "Choose what it is." in page.said
    assert "Camera over the door" in page.text


def test_a_record_of_another_agencys_case_is_tied_to_none(police: Somebody) -> None:
    page = police.post("/register/enter/register-record/", {**RECORD, "case": "SH-NO-SUCH"})
    assert page.status == 404
    assert "your agency has no part in it" in page.said


def test_four_ways_of_not_having_it_are_four_different_sentences(police: Somebody, north: Northshire) -> None:
    seen = set()
    for status in ("missing", "destroyed", "not_searched", "unknown"):
        form = {"record": north.written, "status": status, "how": "told", "copy": ""}
        form |= {"authority": "the chief", "method": "shredded"} if status == "destroyed" else {}
        page = police.post("/register/enter/assert-holding/", form)
        assert page.status == 200, page.said
        where = page.text.split('id="where"')[1].split("</section>")[0]
        seen.add(next(str(label) for code, label in _labels() if str(label) in where and code == status))
    assert len(seen) == 4


def _labels() -> list[tuple[str, object]]:
    from safehands.desk.words_of_evidence import HOLDINGS

    return [(code.value, label) for code, label in HOLDINGS.items()]


def test_custody_that_was_entered_late_shows_both_of_its_times(police: Somebody, north: Northshire) -> None:
    form = {"record": north.tape, "copy": north.master, "type": "moved", "given_to": "property store C"}
    page = police.post("/register/enter/record-custody/", {**form, "happened_at": "2012-05-04T10:00:00"})
    assert page.status == 200, page.said
    row = page.text.split('id="custody"')[1].split("<tbody>")[1]
    assert "4 May 2012" in row
    assert "at once" not in row.split("</tr>")[0]


def test_a_hold_forbids_disposal_and_the_page_says_so(police: Somebody, north: Northshire) -> None:
    page = police.post("/register/enter/place-hold/", {"record": north.tape, "reason": "an inquiry asked for it"})
    assert "It may not be disposed of." in page.said
    form = {"record": north.tape, "copy": north.master, "type": "disposal_authorised", "authority": "the chief"}
    refused = police.post("/register/enter/record-custody/", form)
    assert refused.status == 409
    assert "an inquiry asked for it" in refused.said


def test_the_family_is_a_picture_and_the_same_in_words(police: Somebody, north: Northshire) -> None:
    page = police.get(f"/register/record/{north.tape}/")
    sentence = "AB/1A was made from AB/1: written record of an interview."
    assert page.text.count(sentence) == 2, "once in the picture's description, once in the list"
    assert "desk-tree__line--lossy" in page.text
    assert 'style="' not in page.text
    assert "Nobody but its maker has compared the two." in page.said


def test_a_source_that_no_register_has_is_a_hollow_box(police: Somebody, north: Northshire) -> None:
    form = {**RECORD, "exhibit_ref": "EF/2", "kind": "transcript_full", "case": north.reference}
    page = police.post("/register/enter/register-record/", form)
    assert "desk-tree__box--hollow" in page.text
    assert "The source of EF/2 is not registered: nobody has asked where it is." in page.said


def test_every_form_of_a_record_leads_to_an_act(police: Somebody, north: Northshire) -> None:
    import re

    from safehands.core.records.commands import REGISTER_COMMANDS
    from safehands.desk.subjects.entering import ACTS

    page = police.get(f"/register/record/{north.written}/")
    led = set(re.findall(r'action="/register/enter/([a-z-]+)/"', page.text))
    led |= set(re.findall(r'action="/register/enter/([a-z-]+)/"', police.get(f"/register/record/{north.tape}/").text))
    assert led | {"register-record", "declare-register", "lift-hold"} == {each.name.replace("_", "-") for each in ACTS}
    assert {command for act in ACTS for command in act.commands} == set(REGISTER_COMMANDS)


def test_who_only_reads_is_offered_no_form_and_sends_none(north: Northshire, sit: object) -> None:
    auditor = sit("POL-northshire", "auditor")  # type: ignore[operator]
    page = auditor.get(f"/register/record/{north.tape}/")
    assert page.status == 200
    assert "/register/enter/" not in page.text
    refused = auditor.post("/register/enter/place-hold/", {"record": north.tape, "reason": "because"})
    assert refused.status == 403


def test_what_is_not_shared_is_a_stub_and_what_is_highly_sensitive_a_number(
    prosecutor: Somebody, north: Northshire
) -> None:
    page = prosecutor.get(f"/case/{north.case_id}/material/")
    assert "Video interview, 20 Jan 2005" in page.said
    assert "not listed or shared with your agency" in page.said
    assert "1 highly sensitive record of POL-northshire" in page.said
    for told in (SECRET, "AB/1 ", "PL/9", "informant", north.secret):
        assert told not in page.said + page.text.replace(north.tape, ""), told
    stub = prosecutor.get(f"/case/{north.case_id}/material/{north.tape}/")
    assert "It exists." in stub.said
    assert SECRET not in stub.text
    assert prosecutor.get(f"/case/{north.case_id}/material/{north.secret}/").status == 404
    assert prosecutor.get(f"/register/record/{north.tape}/").status == 404
    family = prosecutor.get(f"/case/{north.case_id}/material/{north.written}/")
    assert "AB/1A was made from a withheld record of POL-northshire" in family.said
    assert SECRET not in family.text


def test_the_ladder_says_how_far_it_came_to_whom(police: Somebody, north: Northshire) -> None:
    page = police.get(f"/register/record/{north.tape}/")
    part = page.text.split('id="reached"')[1].split('id="custody"')[0]
    assert "not told" in part
    assert stream_of("POL-northshire") == "register/POL-northshire"
    assert v.Rung.DELIVERED.value in part
