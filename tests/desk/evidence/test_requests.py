"""Requests, answer sheets, shares and receipts: what a tired person, or one who would rather not say, would do."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from desk.conftest import Page, Sit, Somebody
from northshire import CPS, POL, SECRET, Northshire
from safehands.core.records.vocabulary import ReplyCode

OCTETS = b"what was said on the day" * 5000


def sheet(north: Northshire) -> str:
    return f"/case/{north.case_id}/request/{north.request}/answer/"


def lines(north: Northshire, **more: str) -> dict[str, Any]:
    """An answer to each of the three records."""
    return {
        f"answer.{north.tape}": "supplied",
        f"need.{north.tape}": f"copy:{north.master}",
        f"answer.{north.written}": "already_supplied",
        f"need.{north.written}": f"share:s-{north.written}",
        f"answer.{north.secret}": "withheld",
        f"need.{north.secret}": "ground:pii:yes",
        "complete": "yes",
        "attests": "no",
        **more,
    }


SIGNED = {
    "attests": "yes",
    "searched": ["Property store B"],
    "searched_by": "exhibits officer 7",
    "not_searched": "Off-site archive | closed for repairs",
    "wording": "Nothing further is held.",
}


def test_the_sheet_is_made_from_the_register_and_suggests_and_never_answers(
    police: Somebody, north: Northshire
) -> None:
    page = police.get(sheet(north))
    assert "Your register has 3 records in scope." in page.said
    assert "Your register suggests: Supplied before" in page.said
    tape = page.text.split(f'name="answer.{north.tape}"')[1].split("</select>")[0]
    assert "selected" not in tape


def test_a_sheet_with_a_record_unanswered_is_refused_and_kept_as_written(police: Somebody, north: Northshire) -> None:
    form = lines(north, **{f"answer.{north.tape}": "", f"said.{north.tape}": "I will look tomorrow"})
    page = police.post(sheet(north), form)
    assert page.status == 409
    assert "Not answered yet: AB/1." in page.said
    assert "I will look tomorrow" in page.text
    assert north.request not in north.material.replies


def test_each_answer_needs_what_it_needs(police: Somebody, north: Northshire) -> None:
    for answer, needed in (
        (ReplyCode.SUPPLIED, "name the share"),
        (ReplyCode.LISTED_NOT_SUPPLIED, "say why"),
        (ReplyCode.WITHHELD, "say on what ground"),
        (ReplyCode.NOT_HELD, "say who held it last"),
        (ReplyCode.DESTROYED, "name the entry of your register"),
        (ReplyCode.NOT_SEARCHED, "say why"),
    ):
        form = lines(north, **{f"answer.{north.tape}": answer, f"need.{north.tape}": ""})
        page = police.post(sheet(north), form)
        assert page.status == 409, answer
        assert needed in page.said, answer
        assert f"{north.tape} (" not in page.said, "the page names it by its reference"


def test_nothing_further_held_is_refused_without_a_place_that_was_searched(police: Somebody, north: Northshire) -> None:
    page = police.post(sheet(north), lines(north, **{**SIGNED, "searched": []}))
    assert page.status == 409
    assert "Say which systems and places were searched" in page.said
    assert north.request not in north.material.replies


def test_an_answer_in_full_is_read_by_both_sides(police: Somebody, prosecutor: Somebody, north: Northshire) -> None:
    page = police.post(sheet(north), lines(north, **SIGNED))
    assert page.status == 200, page.said
    assert "The answer was sent." in page.said
    for side in (page, prosecutor.get(f"/case/{north.case_id}/requests/")):
        assert "AB/1 : Supplied now" in side.said
        assert "Off-site archive (closed for repairs)" in side.said
        assert "It is true of its moment only." in side.said
    theirs = prosecutor.get(f"/case/{north.case_id}/requests/")
    assert "informant" not in theirs.said
    assert "PL/9" not in theirs.said
    assert "1 line about a highly sensitive record" in theirs.said


def test_an_answer_that_fails_after_something_was_sent_says_so_on_the_sheet(
    police: Somebody, north: Northshire
) -> None:
    form = lines(north, **{f"need.{north.secret}": ""})
    page = police.post(sheet(north), form)
    assert page.status == 409
    tape = page.text.split(f'name="answer.{north.tape}"')[1].split("</select>")[0]
    assert re.search(r'value="already_supplied" selected', tape)
    again = police.post(sheet(north), lines(north, **{
        f"answer.{north.tape}": "already_supplied",
        f"need.{north.tape}": f"share:{north.material.shares_of[north.tape][-1]}",
    }))  # fmt: skip
    assert again.status == 200, again.said
    assert len(north.material.shares_of[north.tape]) == 1


def test_only_the_asked_agency_has_the_sheet(prosecutor: Somebody, north: Northshire) -> None:
    assert prosecutor.get(sheet(north)).status == 404
    assert prosecutor.post(sheet(north), lines(north)).status == 404


def test_material_is_asked_for_with_a_deadline_and_withdrawn(prosecutor: Somebody, north: Northshire) -> None:
    form = {"to_agency": POL, "purpose": "disclosure", "everything": "no", "kinds": ["cctv"], "days": "5"}
    page = prosecutor.post(f"/case/{north.case_id}/request-material/", form)
    assert page.status == 200, page.said
    assert "CCTV recording" in page.said
    assert "Answer due" in page.said
    empty = prosecutor.post(f"/case/{north.case_id}/request-material/", {**form, "kinds": []})
    assert empty.status == 409
    gone = prosecutor.post(f"/case/{north.case_id}/withdraw-request/", {"request": north.request, "reason": "found it"})
    assert "Withdrawn: found it" in gone.said


def uploaded(police: Somebody, north: Northshire, **form: str) -> Page:
    file = SimpleUploadedFile("interview.mp4", OCTETS)
    return police.post("/register/file/", {"record": north.tape, "role": "access", "file": file, **form})


def test_a_file_is_hashed_as_it_comes_and_said_to_be_not_scanned(police: Somebody, north: Northshire) -> None:
    page = uploaded(police, north)
    assert page.status == 200, page.said
    assert hashlib.sha256(OCTETS).hexdigest() in page.text
    assert "Not scanned" in page.said
    copy = next(each for each in north.material.copies_of[north.tape] if each != north.master)
    got = police.client.post("/register/file/download/", {"copy": copy})
    assert b"".join(got.streaming_content) == OCTETS
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert [fact.event.type.value for fact in north.material.custody[copy]] == ["uploaded", "downloaded"]


def test_a_file_with_another_hash_than_the_senders_is_kept_and_says_so(police: Somebody, north: Northshire) -> None:
    page = uploaded(police, north, sha256_sent="0" * 64)
    assert "Its hash is not the one that the sender gave." in page.said
    refused = uploaded(police, north, sha256_sent="nonsense")
    assert refused.status == 422
    assert "not a SHA-256" in refused.said


def test_a_file_that_is_too_large_or_missing_is_refused(police: Somebody, north: Northshire, settings_of: Any) -> None:
    before = north.material.copies_of[north.tape]
    assert "Choose the file." in police.post("/register/file/", {"record": north.tape}).said
    with settings_of(DESK_LARGEST_FILE=1000):
        assert "The file is too large." in uploaded(police, north).said
    assert north.material.copies_of[north.tape] == before


def test_no_other_address_takes_a_file(police: Somebody, north: Northshire) -> None:
    file = SimpleUploadedFile("x.exe", OCTETS)
    page = police.client.post("/register/enter/place-hold/", {"record": north.tape, "reason": "because", "file": file})
    assert page.status_code in (400, 403, 409)


def test_a_file_goes_to_whom_it_was_sent_and_fetching_it_counts_as_opened(
    police: Somebody, prosecutor: Somebody, north: Northshire
) -> None:
    uploaded(police, north)
    copy = next(each for each in north.material.copies_of[north.tape] if each != north.master)
    assert prosecutor.post("/register/file/download/", {"copy": copy}).status == 404
    form = {"to_agency": CPS, "record": north.tape, "copy": copy, "channel": "portal"}
    assert police.post(f"/case/{north.case_id}/share-record/", form).status == 200
    share = north.material.shares_of[north.tape][-1]
    page = prosecutor.get(f"/case/{north.case_id}/requests/")
    assert SECRET not in page.said
    got = prosecutor.client.post(f"/case/{north.case_id}/file/download/", {"share": share})
    assert b"".join(got.streaming_content) == OCTETS
    assert len(north.material.opened[share]) == 1
    received = prosecutor.post(f"/case/{north.case_id}/receive-share/", {"share": share, "sha256": "0" * 64})
    assert "The hash of what arrived is not the hash of what was sent." in received.said
    seen = {"share": share, "percent": "40", "start": "0", "end": "1152"}
    assert "40 % of it, from 0 to 1152" in prosecutor.post(f"/case/{north.case_id}/open-share/", seen).said
    assert "seen in part" in prosecutor.get(f"/case/{north.case_id}/material/{north.tape}/").said
    police.post(f"/case/{north.case_id}/revoke-share/", {"share": share, "reason": "the wrong person"})
    assert prosecutor.post(f"/case/{north.case_id}/file/download/", {"share": share}).status == 403


def test_a_stranger_agency_reads_nothing_of_it(north: Northshire, sit: Sit) -> None:
    stranger = sit("CSC", "desk")
    for path in (
        f"/case/{north.case_id}/material/",
        f"/case/{north.case_id}/material/{north.tape}/",
        sheet(north),
        f"/register/record/{north.tape}/",
    ):
        page = stranger.get(path)
        assert page.status == 404, path
        assert SECRET not in page.text
