"""A record is registered, asked for, answered for line by line, shared, received, and decided on: through the
service."""

from __future__ import annotations

import pytest

from evidence import AUDIT, CPS, CPS2, NSP, NSP2, SHA, Matter
from safehands.core.events import ConcernRaised
from safehands.core.records import commands as r
from safehands.core.records.vocabulary import Mode, RecordKind, ReplyCode, ReplyItem, Sensitivity
from safehands.errors import NotFound, NotPermitted
from safehands.projections import pictures
from safehands.service.material import material_at, seen_by
from safehands.service.rebuild import rebuild
from safehands.service.registers import answer_sheet
from scenario import refused


def supplied(record: str, share: str) -> ReplyItem:
    return ReplyItem(record, ReplyCode.SUPPLIED, share=share)


def test_a_record_from_its_making_to_the_decision_that_rests_on_it() -> None:
    matter = Matter()
    entered = matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    assert [entry.envelope.stream for entry in entered.entries] == ["register/POL-northshire"]
    assert entered.told == (matter.stream,)
    matter.registers("AB1A", RecordKind.RECORD_OF_INTERVIEW)
    assert matter.concerns() == {"R02/AB1A": ("a", 2)}
    matter.derives("AB1A", "AB1")
    assert matter.concerns() == {}
    matter.copies("AB1-disc", "AB1")
    matter.invites()
    matter.asks()
    sheet = answer_sheet(matter.service, matter.id, "q1", NSP)
    assert [(line.record, line.suggests) for line in sheet] == [
        ("AB1", None),
        ("AB1A", None),
        ("file", ReplyCode.ALREADY_SUPPLIED),
    ]
    copied = ReplyItem("file", ReplyCode.ALREADY_SUPPLIED, share=sheet[2].share)
    transcript = supplied("AB1A", matter.shares("AB1A", request="q1"))
    with refused("reply.incomplete"):
        matter.does(NSP, r.AnswerRequest("q1", (transcript, copied), complete=True))
    tape = supplied("AB1", matter.shares("AB1", copy="AB1-disc", request="q1"))
    matter.does(NSP, r.AnswerRequest("q1", (tape, transcript, copied), complete=True))
    matter.does(CPS, r.ReceiveShare("s-AB1-CPS-midshire", sha256_received=SHA))
    matter.does(CPS, r.OpenShare("s-AB1-CPS-midshire"))
    shown = ("AB1", "AB1A", "file")
    with refused("evidence.unseen"):
        matter.decides("D1", ("AB1A", Mode.READ_FULL), shown=shown)
    matter.decides("D1", ("AB1A", Mode.READ_FULL), ("AB1", Mode.VIEWED_FULL), shown=shown)
    made = matter.material.decisions["D1"].event
    assert made.size > 0
    assert len(made.root) == 64
    assert "D1" not in material_at(matter.service.store, matter.id, size=made.size).decisions
    assert rebuild(matter.service.store).differences == ()
    matter.story.check_sound()


def test_a_decision_without_the_tape_that_was_there() -> None:
    """Legacy: stored as it was, raised as a concern, graded by what it later says, never silently closed."""
    matter = Matter()
    matter.registers("AB1A", RecordKind.RECORD_OF_INTERVIEW)
    matter.shares("AB1A")
    matter.decides("D1", ("AB1A", Mode.READ_FULL), legacy=True, reasons="")
    assert matter.concerns() == {"R02/AB1A": ("a", 1)}
    matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    matter.derives("AB1A", "AB1")
    assert matter.concerns() == {"R01/D1:AB1": ("a", 1)}
    raised = [
        entry.event
        for entry in matter.engine.entries("case")
        if isinstance(entry.event, ConcernRaised) and entry.event.rule == "R01"
    ]
    assert raised[0].about_agency == CPS.agency
    assert raised[0].knowable_then is False
    with refused("concern.other_agency"):
        matter.does(CPS2, r.AcknowledgeConcern("R01/D1:AB1", "seen"))
    matter.does(AUDIT, r.AcknowledgeConcern("R01/D1:AB1", "the reviewer is told"))
    with pytest.raises(NotPermitted):
        matter.does(AUDIT, r.FlagCase(("rasso",)))
    matter.does(NSP, r.ProposeSettingAside("R01/D1:AB1", "the tape is blank"))
    with refused("concern.second_person"):
        matter.does(NSP, r.ConfirmSettingAside("R01/D1:AB1"))
    with refused("concern.other_agency"):
        matter.does(CPS, r.ConfirmSettingAside("R01/D1:AB1"))
    matter.does(NSP2, r.ConfirmSettingAside("R01/D1:AB1"))
    assert matter.concerns() == {"R01/D1:AB1": ("a", 1)}
    assert matter.story.case.concerns["R01/D1:AB1"].set_aside
    matter.story.check_sound()
    assert rebuild(matter.service.store).differences == ()


def test_a_record_that_is_tied_later_brings_everything_that_was_learned_of_it() -> None:
    matter = Matter()
    matter.enters(NSP, r.DeclareRegister(r.RegisterStatus.LIVE))
    matter.registers("AB1", RecordKind.VIDEO_INTERVIEW, tied=False)
    matter.copies("disc", "AB1")
    matter.enters(NSP, r.PlaceHold("h1", "AB1", "an inquiry"))
    assert matter.material.records.get("AB1") is None
    told = matter.enters(NSP, r.TieRecord("AB1", matter.stream))
    assert told.told == (matter.stream,)
    material = matter.material
    assert "disc" in material.copies
    assert [fact.event.hold for fact in material.holds["AB1"]] == ["h1"]
    assert material.registers[NSP.agency][0].event.status == "live"
    fact = material.records["AB1"]
    assert fact.known_at is not None
    assert fact.known_at <= fact.recorded_at
    matter.enters(NSP, r.LiftHold("h1", "AB1", "the inquiry ended", "its chair"))
    assert "h1" in matter.material.lifted


def test_what_one_agency_holds_another_knows_to_exist_and_no_more() -> None:
    matter = Matter()
    matter.invites()
    matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    matter.registers("X1", RecordKind.POLICY_LOG, sensitivity=Sensitivity.HIGHLY_SENSITIVE)
    seen = seen_by(matter.material, CPS.agency)
    assert [fact.event.record for fact in seen.records] == ["file"]
    assert [(stub.record, stub.kind, stub.holder) for stub in seen.stubs] == [("AB1", "video_interview", NSP.agency)]
    assert seen.hidden == {NSP.agency: 1}
    assert seen.all == len(matter.material.records)
    assert len(seen_by(matter.material, NSP.agency).records) == 3
    store = matter.service.store
    assert store.entries("register/POL-northshire", agency=CPS.agency) == ()
    assert len(store.entries("register/POL-northshire", agency=NSP.agency)) == 3


def test_nobody_writes_to_a_case_in_which_they_have_no_part() -> None:
    matter = Matter()
    with pytest.raises(NotFound):
        matter.registers("T1", RecordKind.TRANSCRIPT_FULL, by=CPS)
    with pytest.raises(NotFound):
        matter.does(CPS, r.FlagCase(("csa",)))
    assert matter.service.store.entries("register/CPS-midshire", agency=None) == ()


def test_nobody_notes_what_no_register_says() -> None:
    matter = Matter()
    with pytest.raises(NotPermitted):
        matter.does(NSP, r.NoteMaterial(()))


def test_sent_twice_entered_once() -> None:
    matter = Matter()
    command = r.RegisterRecord(
        "AB1", "AB/1", RecordKind.CCTV, "a tape", r.When(matter.story.now), cases=(matter.stream,)
    )
    first = matter.enters(NSP, command, command_id="same")
    again = matter.enters(NSP, command, command_id="same")
    assert again.receipt.repeated
    assert again.entries == ()
    assert again.receipt.first == first.receipt.first
    assert pictures.rows(matter.story.case)
