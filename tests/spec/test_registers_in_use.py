"""Registers and material in use: caches, races, erasure, what was known then, deadlines beyond the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from evidence import AUDIT, CPS, EVERYTHING, NSP, NSP2, SHA, Matter, england
from safehands.core.records import commands as r
from safehands.core.records.material import absorb_all
from safehands.core.records.vocabulary import (
    CustodyType,
    HoldingStatus,
    HowKnown,
    Mode,
    RecordKind,
    ReplyCode,
    ReplyItem,
    RequestPurpose,
    Use,
    Verified,
)
from safehands.core.vocabulary import HappenedSource
from safehands.errors import BadInput, NotFound, NotPermitted, Stale
from safehands.service.material import Known, Materials, material_at, of_case, seen_by
from safehands.service.permissions import may_enter
from safehands.service.rebuild import rebuild
from safehands.service.register_erasure import erase_entries
from safehands.service.registers import answer_sheet
from safehands.store.memory import MemoryStore
from scenario import person, refused


def cold(matter: Matter) -> Known:
    """The material folded by a process that has seen nothing yet."""
    service = replace(matter.service, materials=Materials())
    return service.known(matter.stream)


def same(matter: Matter) -> bool:
    """Whether what is kept is what the ledger says."""
    kept, folded = matter.service.materials.get(matter.stream), cold(matter)
    return repr_of(kept.material) == repr_of(folded.material) and dict(kept.findings) == dict(folded.findings)


def repr_of(material: Any) -> list[tuple[str, Any]]:
    return [
        (name, dict(value) if hasattr(value, "put") else value)
        for name in material.__slots__
        if (value := getattr(material, name)) is not None
    ]


def test_what_a_process_keeps_is_what_the_ledger_says() -> None:
    matter = Matter(rules=False)
    matter.invites()
    matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    matter.registers("AB1A", RecordKind.RECORD_OF_INTERVIEW)
    matter.derives("AB1A", "AB1")
    matter.shares("AB1A")
    assert same(matter)
    matter.enters(NSP, r.ReclassifyRecord("AB1", "it is evidence", use=Use.EVIDENCE))
    assert same(matter)


def test_a_cache_that_is_too_small_costs_time_and_no_truth() -> None:
    matter = Matter()
    matter.engine.service = replace(matter.service, materials=Materials(kept=1))
    matter.invites()
    matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    matter.shares("AB1")
    matter.service.materials.forget(matter.stream)
    assert "AB1" in matter.material.records
    matter.service.materials.keep(matter.stream, Known(1))
    assert matter.service.materials.get(matter.stream).version > 1


class Racing(MemoryStore):
    """A store in which somebody else writes between a reading and the append that follows."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Any] = []

    def append_all(self, appends: Any) -> Any:
        if self.meanwhile:
            self.meanwhile.pop()()
        return super().append_all(appends)


def test_an_answer_and_a_withdrawal_at_the_same_moment() -> None:
    store = Racing()
    matter = Matter(store)
    matter.invites()
    matter.asks()
    store.meanwhile.append(lambda: matter.does(CPS, r.WithdrawRequest("q1", "no longer needed")))
    with pytest.raises(Stale, match="withdrew"):
        matter.does(NSP, r.AnswerRequest("q1", (), complete=False))
    assert "q1" not in matter.material.replies
    assert same(matter)


def test_a_record_is_registered_while_the_answer_that_leaves_it_out_is_sent() -> None:
    store = Racing()
    matter = Matter(store)
    matter.invites()
    matter.asks()
    line = ReplyItem("file", ReplyCode.ALREADY_SUPPLIED, share="s-file-CPS-midshire")
    store.meanwhile.append(lambda: matter.registers("AB1", RecordKind.VIDEO_INTERVIEW, by=NSP2))
    with refused("reply.incomplete"):
        matter.does(NSP, r.AnswerRequest("q1", (line,), complete=True))
    assert same(matter)


def test_two_people_register_at_the_same_moment() -> None:
    store = Racing()
    matter = Matter(store)
    store.meanwhile.append(lambda: matter.registers("A", RecordKind.CCTV, by=NSP2))
    matter.registers("B", RecordKind.CCTV)
    assert set(matter.material.records) == {"A", "B"}
    assert [each.version for each in store.entries("register/POL-northshire", agency=None)] == [1, 2]
    assert same(matter)


def test_others_keep_writing() -> None:
    store = Racing()
    matter = Matter(store)
    numbers = iter(range(99))

    def again() -> None:
        store.meanwhile.clear()
        matter.registers(f"A{next(numbers)}", RecordKind.CCTV, by=NSP2)
        store.meanwhile.append(again)

    store.meanwhile.append(again)
    with pytest.raises(Stale, match="keep writing"):
        matter.registers("B", RecordKind.CCTV)


def test_erasing_a_register_entry_leaves_the_note_and_every_proof() -> None:
    matter = Matter(rules=False)
    matter.invites()
    matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    matter.copies("disc", "AB1")
    store = matter.service.store
    store.seal(at=matter.story.now)
    by = person(NSP.agency, "supervisor")
    noted = [each.version for each in store.entries(matter.stream, agency=None)]
    erase_entries(matter.service, NSP.agency, (2,), reason="wrongly named", authority="the DPO, 7", by=by)
    assert store.check_tree() > 0
    store.seal(at=matter.story.now)
    assert store.check_tree() == store.head().size
    assert [each.version for each in store.entries(matter.stream, agency=None)][: len(noted)] == noted
    left = matter.material.records["AB1"].event
    assert (left.kind, left.description, left.exhibit_ref) == (RecordKind.VIDEO_INTERVIEW, "", "")
    assert [stub.record for stub in seen_by(matter.material, CPS.agency).stubs] == ["AB1"]
    assert "disc" in matter.material.copies
    assert same(matter)
    own = matter.service.materials.register(store, "register/POL-northshire").material
    assert own.records["AB1"].event.description == ""
    matter.shares("AB1")
    assert rebuild(store).differences == ()
    faulty = {"reason": "", "authority": "", "by": by}
    with pytest.raises(BadInput) as said:
        erase_entries(matter.service, NSP.agency, (2, 4, 99), **faulty)
    assert len(said.value.faults) == 5
    with pytest.raises(BadInput, match="which entries"):
        erase_entries(matter.service, NSP.agency, (), reason="x", authority="y", by=by)
    with pytest.raises(NotFound):
        erase_entries(matter.service, CPS.agency, (1,), reason="x", authority="y", by=by)


def test_another_process_drops_what_was_erased() -> None:
    matter = Matter()
    matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    other = replace(matter.service, materials=Materials())
    assert other.known(matter.stream).material.records["AB1"].event.description
    assert other.materials.register(other.store, "register/POL-northshire").material.records["AB1"].event.description
    by = person(NSP.agency, "supervisor")
    erase_entries(matter.service, NSP.agency, (1,), reason="wrongly named", authority="the DPO, 7", by=by)
    assert not other.known(matter.stream).material.records["AB1"].event.description
    own = other.materials.register(other.store, "register/POL-northshire").material
    assert not own.records["AB1"].event.description


def test_what_the_register_said_then() -> None:
    matter = Matter()
    matter.registers("AB1A", RecordKind.RECORD_OF_INTERVIEW)
    then = matter.story.now
    size = matter.service.store.head().size
    matter.story.at("11:00")
    matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    store = matter.service.store
    assert set(material_at(store, matter.id, at=then).records) == {"AB1A"}
    assert set(material_at(store, matter.id, size=size).records) == {"AB1A"}
    assert set(material_at(store, matter.id).records) == {"AB1A", "AB1"}
    assert material_at(store, matter.id, size=0).size == 0
    stored = store.entries(matter.stream, agency=None)
    assert repr_of(absorb_all(of_case(store, stored) or ())) == repr_of(matter.material)


def test_a_deadline_beyond_the_calendar_is_unknown_and_the_request_goes_out() -> None:
    matter = Matter(calendar=england(until=2025))
    matter.invites()
    matter.asks()
    assert matter.material.requests["q1"].event.due_at is None
    assert matter.story.clock("request").due_at is None
    assert "due_unknown" in matter.story.concerns()
    matter.does(CPS, r.WithdrawRequest("q1", "not needed"))
    assert "due_unknown" not in matter.story.concerns()


def test_a_request_that_nobody_answers_falls_due() -> None:
    matter = Matter()
    matter.invites()
    matter.asks()
    due = matter.material.requests["q1"].event.due_at
    assert due is not None
    matter.story.at(due + timedelta(minutes=1))
    assert matter.story.clock("request").status == "breached"
    line = ReplyItem("file", ReplyCode.ALREADY_SUPPLIED, share="s-file-CPS-midshire")
    matter.does(NSP, r.AnswerRequest("q1", (line,), complete=True))
    assert matter.story.clock("request").status == "stopped"


def test_what_is_gone_is_written_down_late_and_raises_its_concern() -> None:
    matter = Matter()
    matter.registers("AB1A", RecordKind.RECORD_OF_INTERVIEW)
    matter.copies("disc", "AB1A")
    matter.shares("AB1A")
    matter.decides("D1", ("AB1A", Mode.READ_FULL), legacy=True)
    gone = r.RecordCustody("e1", "disc", CustodyType.DESTROYED, authority="a sergeant")
    with refused("disposal.kept"):
        matter.enters(NSP, gone)
    matter.enters(NSP, gone, source=HappenedSource.LATE)
    assert matter.concerns()["R09/AB1A"] == ("a", 1)
    sheet_before = matter.asks()
    matter.enters(
        NSP,
        r.AssertHolding(
            "AB1A", HoldingStatus.DESTROYED, HowKnown.SYSTEM_RECORD, authority="a sergeant", method="shred"
        ),
    )
    lines = {line.record: line.suggests for line in answer_sheet(matter.service, matter.id, sheet_before, NSP)}
    assert lines == {"AB1A": ReplyCode.ALREADY_SUPPLIED}
    with pytest.raises(NotFound):
        answer_sheet(matter.service, matter.id, sheet_before, CPS)


def test_a_record_of_another_agency_is_copied_and_checked_by_the_one_that_received_it() -> None:
    """The prosecutors tie what they were given to their own register, and say what they did with it."""
    matter = Matter()
    matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    matter.registers("AB1A", RecordKind.RECORD_OF_INTERVIEW)
    matter.derives("AB1A", "AB1")
    matter.copies("disc", "AB1")
    matter.shares("AB1", copy="disc")
    assert matter.material.shares["s-AB1-CPS-midshire"].event.sha256_sent == SHA
    with refused("records.unknown"):
        matter.enters(CPS, r.RecordCustody("v1", "disc", CustodyType.VIEWED))
    told = matter.enters(CPS, r.RecordCustody("v1", "disc", CustodyType.VIEWED, purpose="review"), case_id=matter.id)
    assert told.told == (matter.stream,)
    assert [fact.agency for fact in matter.material.custody["disc"]] == [CPS.agency]
    matter.enters(CPS, r.VerifyDerivative("c1", "AB1A<AB1", "disc", Verified.CONSISTENT), case_id=matter.id)
    assert [fact.event.verified_by for fact in matter.material.verified["AB1A<AB1"]] == [CPS.actor]
    matter.enters(CPS, r.TestPlayability("disc", r.Playable.YES), case_id=matter.id)
    assert matter.material.played["disc"]
    matter.registers("T1", RecordKind.TRANSCRIPT_FULL, by=CPS)
    matter.derives("T1", "AB1", by=CPS)
    assert matter.concerns() == {}
    assert matter.material.made_from["T1"] == ("T1<AB1",)


def test_who_may_not_write_to_a_register() -> None:
    matter = Matter()
    assert not may_enter(AUDIT)
    assert may_enter(NSP)
    with pytest.raises(NotPermitted):
        matter.registers("A", RecordKind.CCTV, by=person(NSP.agency, "analyst"))
    with pytest.raises(BadInput):
        matter.enters(NSP, r.DeclareRegister(r.RegisterStatus.LIVE), happened_at=matter.story.now + timedelta(hours=1))


def test_a_mismatch_of_hashes_is_written_down() -> None:
    matter = Matter()
    matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    matter.copies("disc", "AB1")
    matter.shares("AB1", copy="disc")
    matter.does(CPS, r.ReceiveShare("s-AB1-CPS-midshire", sha256_received="ef" * 32))
    assert matter.material.received["s-AB1-CPS-midshire"].event.sha256_received != SHA


def test_a_request_of_a_child_of_a_case_is_everything_of_that_case_and_nothing_of_others() -> None:
    matter = Matter()
    matter.invites()
    matter.registers("elsewhere", RecordKind.CCTV, tied=False)
    matter.registers("hers", RecordKind.CCTV, tied=False, persons=("p1",))
    matter.asks()
    assert [line.record for line in answer_sheet(matter.service, matter.id, "q1", NSP)] == ["file"]
    scope = replace(EVERYTHING, everything=False, persons=("p1",))
    matter.does(CPS, r.RequestMaterial(NSP.agency, RequestPurpose.CHARGING, scope, "q2", within_days=1))
    assert [line.record for line in answer_sheet(matter.service, matter.id, "q2", NSP)] == ["hers"]
