"""A decision on material: the list is in front of the decider, and nothing takes a name before it is answered."""

from __future__ import annotations

import re

from desk.conftest import Page, Sit
from desk.evidence.northshire import POLICE, Northshire
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.service.handle import Service


def hidden(page: Page, *names: str) -> dict[str, str]:
    """The hidden fields of the decision form."""
    return {name: page.field(name) for name in ("form", "seen", "kind", "reviews", "shown", *names)}


def seqs(page: Page) -> list[str]:
    return re.findall(r'name="mode\.(\d+)"', page.text)


REASONS = {"reasons": "The account is consistent.", "outcome": "charge", "test": "full_code", "stage": "evidential"}


def test_nobody_decides_past_a_record_that_they_did_not_answer_for(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    derived = story.written_record()
    story.recording(derived)
    prosecutor = sit("CPS-midshire", "prosecutor")
    page = prosecutor.get(f"/case/{story.case}/deciding/?kind=nfa_cps")
    assert "2 records that nothing shows you have seen" in page.said
    written, recording = seqs(page)
    sent = {**hidden(page), **REASONS, f"mode.{written}": "read_full"}
    refused = prosecutor.post(f"/case/{story.case}/decide-on-material/", sent)
    assert refused.status == 422
    assert "say how far you saw it, or why you did not" in refused.said
    assert "The account is consistent." in refused.text  # what was written is still there
    # A reason that nobody signed is none.
    sent[f"unseen.{recording}"] = "awaiting"
    refused = prosecutor.post(f"/case/{story.case}/decide-on-material/", sent)
    assert "Sign it" in refused.said
    done = prosecutor.post(f"/case/{story.case}/decide-on-material/", {**sent, "signed": "yes"})
    assert done.status == 200, done.said
    (made,) = desk.known(f"case/{story.case}").material.decisions.values()
    assert [each.record for each in made.event.considered] == [derived]
    assert [(each.reason, each.signed) for each in made.event.known_unseen] == [(v.UnseenReason.AWAITING, True)]
    assert len(made.event.shown) == 2
    assert made.event.size > 0
    assert "Known and not seen" in done.said


def test_that_the_written_record_is_enough_is_offered_at_charging_only(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    story.written_record()
    prosecutor = sit("CPS-midshire", "prosecutor")
    staged = v.UnseenReason.RECORD_SUFFICIENT_AT_THIS_STAGE.value
    assert staged in prosecutor.get(f"/case/{story.case}/deciding/?kind=charge").text
    assert staged not in prosecutor.get(f"/case/{story.case}/deciding/?kind=nfa_cps").text


def test_an_orphan_asks_where_its_source_is(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    story.written_record()
    prosecutor = sit("CPS-midshire", "prosecutor")
    page = prosecutor.get(f"/case/{story.case}/deciding/?kind=charge")
    (written,) = seqs(page)
    assert "Where is it?" in page.said
    sent = {**hidden(page), **REASONS, f"mode.{written}": "read_full"}
    assert "whose source nobody has named" in prosecutor.post(f"/case/{story.case}/decide-on-material/", sent).said
    sent[f"source.{written}"] = "The police were asked."
    assert prosecutor.post(f"/case/{story.case}/decide-on-material/", sent).status == 200


def test_an_open_request_is_waited_for_or_waived_in_writing(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    story.written_record()
    request = story.asks()
    prosecutor = sit("CPS-midshire", "prosecutor")
    page = prosecutor.get(f"/case/{story.case}/deciding/?kind=charge")
    (written,) = seqs(page)
    sent = {**hidden(page), **REASONS, f"mode.{written}": "read_full", f"source.{written}": "asked"}
    refused = prosecutor.post(f"/case/{story.case}/decide-on-material/", sent)
    assert "still waiting" in refused.said
    sent[f"waive.{request}"] = "The custody clock ends today."
    done = prosecutor.post(f"/case/{story.case}/decide-on-material/", sent)
    assert "The custody clock ends today." in done.said


def test_what_came_while_the_form_lay_open_is_not_decided_past(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    derived = story.written_record()
    prosecutor = sit("CPS-midshire", "prosecutor")
    page = prosecutor.get(f"/case/{story.case}/deciding/?kind=charge")
    (written,) = seqs(page)
    new = story.recording(derived)
    copy = story.name("AB1vhs")
    share = r.ShareRecord(new, "CPS-midshire", v.Channel.DISC, share=story.name("s2"), copy=copy)
    story.does(POLICE, share)
    refused = prosecutor.post(
        f"/case/{story.case}/decide-on-material/", {**hidden(page), **REASONS, f"mode.{written}": "read_full"}
    )
    assert refused.status == 409
    assert "was not on the screen" in refused.said
    assert len(seqs(refused)) == 2


def test_a_second_decision_on_the_same_single_source_says_so(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    found = story.whole()
    prosecutor = sit("CPS-midshire", "prosecutor")
    page = prosecutor.get(f"/case/{story.case}/deciding/")
    assert "The same single source" in page.said
    assert "Made without video of an interview" in page.said
    again = prosecutor.get(f"/case/{story.case}/deciding/?kind=case_review&reviews={found['D2']}")
    assert "this is the same single source again" in again.said


def test_then_and_now_are_answered_apart(desk: Service, sit: Sit) -> None:
    story = Northshire(desk)
    story.whole()
    page = sit("CPS-midshire", "prosecutor").get(f"/case/{story.case}/then/?at=2019-06-11T00:00")
    assert "Nothing was on any register that was here." in page.said
    assert "Not knowable then from this register." in page.said
    assert "it did not say so" in page.said
    later = sit("CPS-midshire", "prosecutor").get(f"/case/{story.case}/then/?at=2199-01-01T00:00")
    assert "later than now" in later.said
