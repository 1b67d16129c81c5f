"""Concerns, schedules, letters, victims' requests and what a family reads, as people work with them."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest

from desk.conftest import Sit, Somebody
from desk.evidence.northshire import DISCLOSURE, POLICE, Northshire
from safehands.core.case import ClockStatus
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.service.handle import Service

SECRET = "Green door, Willow Lane"


@pytest.fixture(scope="module")
def played(desk: Service) -> tuple[Northshire, dict[str, str]]:
    """The case up to the day on which the recording came onto the register."""
    story = Northshire(desk)
    return story, story.whole()


def test_a_critical_concern_is_seen_by_somebody_of_another_agency_or_an_auditor(
    desk: Service, sit: Sit, played: tuple[Northshire, dict[str, str]]
) -> None:
    story, found = played
    concern = f"R01/{found['D1']}:{found['AB1']}"
    sent = {"concern": concern, "reason": "The recording is being copied for the reviewer."}
    refused = sit("CPS-midshire", "prosecutor").post(f"/case/{story.case}/concern-seen/", sent)
    assert "about CPS-midshire" in refused.said
    auditor = sit("INS-inspectors", "auditor")
    listed = auditor.get("/concerns/?rule=R01")
    assert "nothing shows that the decider was told of it" in listed.said
    assert auditor.get(f"/case/{story.case}/").status == 404
    done = auditor.post(f"/case/{story.case}/concern-seen/", sent)
    assert "It stays open" in done.said
    assert desk.case(story.case, agency=None).concerns[concern].acknowledged
    assert auditor.post(f"/case/{story.case}/concern-seen/", {**sent, "concern": "R01/none"}).status == 404


def test_a_false_alarm_takes_two_people_and_stays_listed(
    desk: Service, sit: Sit, played: tuple[Northshire, dict[str, str]]
) -> None:
    story, found = played
    concern = f"R10/{found['D1']}:{found['AB1A']}"
    if concern not in desk.case(story.case, agency=None).concerns:
        concern = next(name for name in desk.case(story.case, agency=None).concerns if name.startswith("R10/"))
    prosecutor = sit("CPS-midshire", "prosecutor")
    prosecutor.post(f"/case/{story.case}/concern-aside/", {"concern": concern, "reason": "It was checked on paper."})
    again = prosecutor.post(f"/case/{story.case}/concern-agreed/", {"concern": concern})
    assert "A second person has to agree" in again.said
    police = sit("POL-northshire", "investigator")
    assert "It was checked on paper." in police.get(f"/case/{story.case}/concerns/").said
    done = police.post(f"/case/{story.case}/concern-agreed/", {"concern": concern})
    assert "Set aside by two people; it stays listed." in done.said


def test_the_work_list_says_nothing_of_a_record_that_may_not_be_read(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    derived = story.written_record()
    story.decision("D1", "2019-06-10", "P1", derived)
    story.registers("AB/9", v.RecordKind.SUMMARY, SECRET, "2005-01-21", use=v.Use.EVIDENCE)
    for agency, role in (("CPS-midshire", "prosecutor"), ("INS-inspectors", "auditor")):
        assert SECRET not in sit(agency, role).get("/concerns/").text
    assert SECRET not in sit("CPS-midshire", "prosecutor").get(f"/case/{story.case}/concerns/").text
    assert SECRET in sit("POL-northshire", "investigator").get(f"/case/{story.case}/evidence/").text


def test_an_empty_list_shows_what_it_rests_on(sit: Sit, played: tuple[Northshire, dict[str, str]]) -> None:
    page = sit("POL-northshire", "investigator").get("/concerns/?rule=R20")
    assert "That is only as good as the register" in page.said
    assert "Property store B" in page.said
    assert "no concerns" not in page.said.lower()


def test_a_schedule_is_made_from_the_register_and_its_numbers_run_on(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    story.written_record()
    police = sit("POL-northshire", "disclosure_officer")
    lines = {}
    for number, (ref, said) in enumerate((("CD/1", "MG11"), ("CD/2", "Notes of the officer at the door")), 1):
        unused = v.Use.UNUSED_NONSENSITIVE
        story.registers(ref, v.RecordKind.ORIGINAL_NOTE, said, "2005-01-22", use=unused)
        page = police.get(f"/case/{story.case}/schedules/")
        sent = {name: page.field(name) for name in ("mg", "continues", "lines", "form")}
        sent |= {"certificate": "yes", f"description.{number}": said}
        if said == "MG11":
            refused = police.post(f"/case/{story.case}/schedule-serve/", sent)
            assert "by a form's number alone" in refused.said
            sent[f"description.{number}"] = "Statement of a neighbour about the evening of 20 January 2005"
        lines[number] = police.post(f"/case/{story.case}/schedule-serve/", sent)
        assert lines[number].status == 200, lines[number].said
    served = sorted(desk.known(f"case/{story.case}").material.schedules.values(), key=lambda fact: fact.seq)
    assert [item.number for fact in served for item in fact.event.items] == [1, 2]
    prosecutor = sit("CPS-midshire", "prosecutor")
    answer = {"schedule": served[0].event.schedule, "number": "1", "answer": "CND", "reason": ""}
    assert prosecutor.post(f"/case/{story.case}/schedule-answer/", answer).status in (409, 422)
    page = prosecutor.post(f"/case/{story.case}/schedule-answer/", {**answer, "reason": "Nothing in it helps."})
    assert "Nothing in it helps." in page.said
    for form, begins in (("pdf", b"%PDF"), ("csv", b"item,")):
        found = prosecutor.client.get(f"/case/{story.case}/schedules/{served[0].seq}/{form}/")
        assert found.content.startswith(begins)


def test_a_letter_against_the_register_is_told_before_it_goes(
    desk: Service, sit: Sit, played: tuple[Northshire, dict[str, str]]
) -> None:
    story, found = played
    police = sit("POL-northshire", "investigator")
    sent = {
        "form": "letter_out", "other": "the family", "channel": "post", "body": "We no longer hold it.",
        "about.1": f"record:{found['AB1']}", "claim.1": "not_held",
    }  # fmt: skip
    checked = police.post(f"/case/{story.case}/letter-out/", {**sent, "act": "check"})
    assert "Your own register shows" in checked.said
    before = len(desk.known(f"case/{story.case}").material.letters)
    assert "a second person looks at it and sends it" in police.post(f"/case/{story.case}/letter-out/", sent).said
    shown = police.post(f"/case/{story.case}/letter-out/", {**sent, "act": "propose"})
    assert shown.status == 200, shown.said
    assert "You proposed it. A colleague looks at it and sends it." in shown.said
    assert "Look and send" not in shown.said
    assert len(desk.known(f"case/{story.case}").material.letters) == before  # nothing went
    second = sit("POL-northshire", "disclosure_officer")
    page = second.get(f"/case/{story.case}/letters/")
    assert "The register says that AB/1" in page.said
    looked = look_at(desk, story, "We no longer hold it.")
    done = second.post(f"/case/{story.case}/letter-look/", looked)
    assert done.status == 200, done.said
    assert f"{DISCLOSURE.actor} looked at it as the second person." in done.said
    assert "Waiting for a second look" not in done.said
    letters = desk.known(f"case/{story.case}").material.letters
    assert len(letters) == before + 1
    newest = max(letters.values(), key=lambda fact: fact.seq)
    receipt = police.client.get(f"/case/{story.case}/letters/{newest.seq}/receipt/").content.decode()
    assert receipt.startswith("c2sp.org/tlog-proof@v1\n")


def look_at(desk: Service, story: Northshire, body: str) -> dict[str, str]:
    """What the form of whoever looks at the newest proposed letter sends."""
    proposed = desk.known(f"case/{story.case}").material.proposed
    newest = max((facts[-1] for facts in proposed.values()), key=lambda fact: fact.seq)
    letter, seq = newest.event.letter, str(newest.seq)
    form = f"letter_look-{letter.replace('.', '')}"
    return {"form": form, "letter": letter, "proposed": seq, "channel": "post", "body": body}


def propose(police: Somebody, story: Northshire, record: str, body: str) -> None:
    """A letter that says that a record is not held, shown to a colleague."""
    claim = {"about.1": f"record:{record}", "claim.1": "not_held", "own.1": "yes"}
    sent = {"other": "the family", "channel": "post", "body": body, "act": "propose", **claim}
    assert police.post(f"/case/{story.case}/letter-out/", sent).status == 200


def test_the_second_person_sends_the_letter_that_was_shown_and_no_other(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    record = story.recording(story.written_record())
    police, second = sit("POL-northshire", "investigator"), sit("POL-northshire", "disclosure_officer")
    propose(police, story, record, "We no longer hold it.")
    looked = look_at(desk, story, "We never had it.")
    address = f"/case/{story.case}/letter-look/"
    other = second.post(address, looked)
    assert other.status == 409
    assert "it has another text, recipient or claim" in other.said
    assert "We never had it." in other.text  # what was written is still there
    assert second.post(address, {**looked, "body": ""}).status == 422
    assert police.post(address, look_at(desk, story, "We no longer hold it.")).status == 409  # their own
    done = second.post(address, look_at(desk, story, "We no longer hold it."))
    assert done.status == 200, done.said
    (sent,) = desk.known(f"case/{story.case}").material.letters.values()
    assert [(each.claim, each.record, each.own_holding) for each in sent.event.claims] == [
        (v.ClaimCode.NOT_HELD, record, True)
    ]
    assert sent.event.recipient == "the family"
    twice = second.post(address, look_at(desk, story, "We no longer hold it."))
    assert "No such letter waits for a second look" in twice.said


def test_a_letter_that_was_proposed_again_is_looked_at_again(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    record = story.recording(story.written_record())
    police, second = sit("POL-northshire", "investigator"), sit("POL-northshire", "disclosure_officer")
    propose(police, story, record, "We no longer hold it.")
    looked = look_at(desk, story, "We no longer hold it.")
    claims = (v.LetterClaim(v.ClaimCode.DESTROYED, record),)
    body = hashlib.sha256(b"We no longer hold it.").hexdigest()
    story.does(POLICE, r.ProposeLetter("the family", body, looked["letter"], claims))
    refused = second.post(f"/case/{story.case}/letter-look/", looked)
    assert "The letter was proposed again while you looked at it." in refused.said
    assert not desk.known(f"case/{story.case}").material.letters


def test_a_letter_that_waits_is_changed_and_keeps_what_it_claimed(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    record = story.recording(story.written_record())
    police, second = sit("POL-northshire", "investigator"), sit("POL-northshire", "disclosure_officer")
    propose(police, story, record, "We no longer hold it.")
    letter = look_at(desk, story, "")["letter"]
    form = police.get(f"/case/{story.case}/letters/").text.split(f'id="letter_again-{letter.replace(".", "")}"')[1]
    form = form.split("</form>")[0]
    assert 'value="the family"' in form
    chosen = re.findall(r'<option value="([^"]+)" selected', form)
    assert chosen == [f"record:{record}", "not_held"]
    assert re.search(r'value="yes"[^>]* checked', form)
    sent = {"letter": letter, "other": "the family", "body": "We do not hold it ourselves.", "about.1": chosen[0]}
    done = police.post(f"/case/{story.case}/letter-again/", {**sent, "claim.1": chosen[1], "own.1": "yes"})
    assert "the letter was proposed again" in done.said
    assert "Look and send" not in done.said
    proposed = desk.known(f"case/{story.case}").material.proposed[letter]
    assert len(proposed) == 2
    assert [fact.event.claims for fact in proposed[1:]] == [proposed[0].event.claims]
    looked = look_at(desk, story, "We do not hold it ourselves.")
    assert second.post(f"/case/{story.case}/letter-look/", looked).status == 200


def test_a_letter_that_waits_is_shown_to_its_own_agency_only(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    record = story.recording(story.written_record())
    propose(sit("POL-northshire", "investigator"), story, record, "We no longer hold it.")
    prosecutor = sit("CPS-midshire", "prosecutor")
    assert "Waiting for a second look" not in prosecutor.get(f"/case/{story.case}/letters/").said
    looked = look_at(desk, story, "We no longer hold it.")
    sent = prosecutor.post(f"/case/{story.case}/letter-look/", looked)
    assert "No such letter waits for a second look" in sent.said
    displaced = prosecutor.post(f"/case/{story.case}/letter-again/", {**looked, "other": "the family"})
    assert "No such letter waits for a second look" in displaced.said
    assert len(desk.known(f"case/{story.case}").material.proposed[looked["letter"]]) == 1


def test_the_receipt_of_a_letter_is_checked_without_us(
    desk: Service, sit: Sit, played: tuple[Northshire, dict[str, str]]
) -> None:
    from safehands.ledger.commitment import leaf_data
    from safehands.ledger.note import read_vkey
    from safehands.ledger.tlog_proof import check_tlog_proof, read_tlog_proof

    story, found = played
    seq = desk.known(f"case/{story.case}").material.letters[found["L1"]].seq
    text = sit("CPS-midshire", "prosecutor").client.get(f"/case/{story.case}/letters/{seq}/receipt/").content.decode()
    proof = read_tlog_proof(text)
    (stored,) = desk.store.entries(f"case/{story.case}", agency=None, versions=[seq])
    assert stored.salt is not None
    assert stored.entry is not None
    assert proof.extra == stored.salt
    check_tlog_proof(proof, leaf_data(stored.salt, stored.entry), read_vkey(desk.store.vkey))


def test_an_old_decision_is_told_which_way_is_open(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    old = story.decision("D0", "2005-09-12", "P0", story.written_record())
    prosecutor = sit("CPS-midshire", "prosecutor")
    sent = {"decision": old, "party": "mother", "scheme": "cps"}
    page = prosecutor.post(f"/case/{story.case}/victim-review-ask/", sent)
    assert "there is another way" in page.said
    assert "Ask for the decision to be reconsidered" in page.said


def test_nobody_reviews_their_own_decision(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    made = story.decision("D1", "2019-06-10", "prosecutor.cps-midshire", story.written_record())
    prosecutor = sit("CPS-midshire", "prosecutor")
    assert "so you cannot review them" in prosecutor.get(f"/case/{story.case}/reviews/").said
    refused = prosecutor.post(f"/case/{story.case}/review-open/", {"decision": made, "trigger": "new_material"})
    assert "somebody else's fresh look" in refused.said
    done = sit("CPS-midshire", "reviewer").post(
        f"/case/{story.case}/review-open/", {"decision": made, "trigger": "new_material"}
    )
    assert "They made none of the decisions before." in done.said


def test_what_a_family_reads_is_off_until_two_people_signed_off_anonymity(
    sit: Sit, played: tuple[Northshire, dict[str, str]]
) -> None:
    from safehands.core.vocabulary import Actor
    from safehands.desk import own_pages

    story, _found = played
    police = sit("POL-northshire", "investigator")
    page = police.get(f"/case/{story.case}/family/?party=mother")
    assert "Off: nobody outside can read this" in page.said
    assert "What exists" in page.said
    letter = f"/case/{story.case}/family/letter/?party=mother"
    assert police.get(letter).status == 409
    one, two = (Actor(f"supervisor{n}.pol-northshire", "supervisor", "POL-northshire") for n in "12")
    own_pages.say(one, "DPIA-1", "SAFE-1", "LAW-1", names_officers=False)
    own_pages.confirm(two)
    assert police.get(letter).status == 409  # own pages as such say nothing of anonymity
    own_pages.take_back(two)
    limits = own_pages.Limits("ANON-1", "REPORT-1")
    own_pages.say(one, "DPIA-1", "SAFE-1", "LAW-1", names_officers=False, limits=limits)
    assert police.get(letter).status == 409
    own_pages.confirm(two)
    assert police.client.get(letter).content.startswith(b"%PDF")
    assert "Signed off" in police.get(f"/case/{story.case}/family/?party=mother").said
    own_pages.take_back(two)
    assert police.get(letter).status == 409


def test_what_a_family_reads_is_plain_and_says_nothing_of_who_looked(
    sit: Sit, played: tuple[Northshire, dict[str, str]]
) -> None:
    textstat = pytest.importorskip("textstat", reason="NOT RUN: textstat is not installed")
    story, _found = played
    page = sit("POL-northshire", "investigator").get(f"/case/{story.case}/family/?party=mother")
    told = page.text.split('id="family"')[1].split("</div>")[0]
    paragraphs = re.findall(r'<p class="govuk-body">(.*?)</p>', told)
    assert paragraphs
    assert textstat.flesch_kincaid_grade(" ".join(paragraphs)) <= 8
    for name in ("investigator.pol-northshire", "prosecutor.cps-midshire", "Who looked"):
        assert name not in told


def test_an_export_never_holds_what_its_taker_may_not_read(sit: Sit, played: tuple[Northshire, dict[str, str]]) -> None:
    story, _found = played
    refused = sit("CPS-midshire", "prosecutor").get(f"/case/{story.case}/export/case-uco/")
    assert "may not read" in refused.said
    police = sit("POL-northshire", "investigator")
    for form in ("case-uco", "prov", "query"):
        assert police.get(f"/case/{story.case}/export/{form}/").status == 200
    assert police.get(f"/case/{story.case}/export/word/").status == 404


def test_the_case_is_flagged_staged_and_numbered(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    story.written_record()
    police = sit("POL-northshire", "investigator")
    police.post(f"/case/{story.case}/case-flags/", {"added": "csa, rasso"})
    police.post(f"/case/{story.case}/case-stage/", {"stage": "under_review"})
    page = police.post(f"/case/{story.case}/case-references/", {"ref.urn": "47NS1234504"})
    assert "csa, rasso" in page.said
    assert "under review" in page.said
    assert "47NS1234504" in page.said
    for act in ("case-flags", "case-stage", "case-references"):
        assert police.post(f"/case/{story.case}/{act}/", {}).status == 422


def test_the_clock_of_a_review_stands_still_and_runs_on(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    day = (desk.clock.now() - timedelta(days=10)).date().isoformat()
    made = story.decision("D1", day, "P1", story.written_record())
    story.standing()
    prosecutor = sit("CPS-midshire", "prosecutor")
    asked = {"decision": made, "party": "mother", "scheme": "cps"}
    assert prosecutor.post(f"/case/{story.case}/victim-review-ask/", asked).status == 200
    times = f"/case/{story.case}/times/"
    assert "Until when, at most 60 days from now" in prosecutor.get(times).said
    (clock,) = (name for name in desk.case(story.case, agency=None).clocks if name.startswith("review_outcome_cps/"))
    until = desk.clock.now() + timedelta(days=7)
    form = {"clock": clock, "reason": "waiting_for_material"}
    pause = f"/case/{story.case}/pause-clock/"
    assert "until when it stands still" in prosecutor.post(pause, form).said
    assert prosecutor.post(pause, {**form, "until": (until + timedelta(days=60)).isoformat()}).status == 409
    page = prosecutor.post(pause, {**form, "until": until.isoformat()})
    assert page.status == 200, page.said
    assert "the clock stands still" in page.said
    assert "not while it stands still stands still until" in page.said
    assert "Let it run on" in page.said
    assert desk.case(story.case, agency=None).clocks[clock].status is ClockStatus.PAUSED
    resume = f"/case/{story.case}/resume-clock/"
    assert prosecutor.post(resume, {"clock": clock, "reason": ""}).status == 422
    page = prosecutor.post(resume, {"clock": clock, "reason": "the material came"})
    assert "the clock runs on" in page.said
    assert "stands still until" not in page.said
    assert desk.case(story.case, agency=None).clocks[clock].status is ClockStatus.RUNNING


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(days=60), "60 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(minutes=30), "30 minutes"),
    ],
)
def test_the_longest_pause_is_said_in_whole_units(desk: Service, span: timedelta, said: str) -> None:
    from safehands.desk.subjects.times import length

    assert length(span) == said
