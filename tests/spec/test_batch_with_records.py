"""A case that has records, in a batch: the same entries as one command at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from evidence import CPS, EVERYTHING, NSP, SHA
from safehands.core import commands as c
from safehands.core.commands import CaseCommand
from safehands.core.events import Event
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.records.events import MaterialDecided
from safehands.core.vocabulary import Actor
from safehands.service.batch import Batch
from safehands.service.handle import Request
from safehands.service.rebuild import rebuild
from scenario import case_id
from spec.test_what_is_kept_and_by_when import Case

Sent = tuple[int, Actor, CaseCommand | r.MaterialCommand]

#: Minutes after the start, who, what: a transcript is decided on, and days pass.
STORY: tuple[Sent, ...] = (
    (1, NSP, c.RecordMilestone("arrested")),
    (2, NSP, r.ShareRecord("N1", CPS.agency, v.Channel.PORTAL, "s1", copy="N1-file")),
    (3, CPS, r.RequestMaterial(NSP.agency, v.RequestPurpose.CHARGING, EVERYTHING, "q1", within_days=5)),
    (4, NSP, r.RecordStanding("victim-1", v.Standing.VICTIM, "the victim", enhanced=True)),
    (
        60 * 24 * 9,
        NSP,
        r.AnswerRequest("q1", (v.ReplyItem("N1", v.ReplyCode.SUPPLIED, share="s1"),), complete=True),
    ),
    (
        60 * 24 * 9 + 1,
        CPS,
        r.DecideOnMaterial(
            v.DecisionKind.NFA_CPS, v.Test.FULL_CODE, v.Stage.EVIDENTIAL, "no further action", "not enough", "D1",
            considered=(v.Considered("N1", v.Mode.READ_FULL),), shown=("N1",),
            sources={"N1": "the police say that none is held"},
        ),
    ),
    (60 * 24 * 9 + 2, NSP, c.RecordMilestone("victim_told")),
    (60 * 24 * 9 + 3, NSP, r.FlagCase(("csa",))),
)  # fmt: skip


def begun() -> Case:
    case = Case()
    case.registers("N1", kind=v.RecordKind.TRANSCRIPT_FULL)
    return case


def said(case: Case) -> list[tuple[str, object]]:
    """What a case's entries say; the ledger's head is that of the last writing."""
    events = [entry.event for entry in case.engine.entries(case.story.name)]
    return [(type(event).__name__, _headless(event)) for event in events]


def _headless(event: Event) -> object:
    return replace(event, size=0, root="") if isinstance(event, MaterialDecided) else event


def requests(case: Case) -> list[Request]:
    start = case.story.now
    return [
        Request(f"b{n}", case_id(case.story.name), command, by, start + timedelta(minutes=minutes))
        for n, (minutes, by, command) in enumerate(STORY)
    ]


def test_a_batch_says_of_records_what_one_command_at_a_time_says() -> None:
    one, many, split = begun(), begun(), begun()
    for request in requests(one):
        one.story.at(request.happened_at or one.story.now)
        one.engine.clock.move_to(one.story.now)
        one.engine.service.handle(request)
    for case, at_a_time in ((many, 1000), (split, 1)):
        with Batch(case.engine.service, case.engine.clock, entries_at_a_time=at_a_time) as batch:
            for request in requests(case):
                batch.send(request)
        assert said(case) == said(one)
        assert case.concern("R02/N1") == ("a", 1)
        assert case.clock("request/q1").status == "stopped"
        assert rebuild(case.engine.store).differences == ()
        known = case.engine.service.known(case.stream)
        assert known.material.flags == {"csa"}
        assert known.findings.keys() == one.engine.service.known(one.stream).findings.keys()


def test_a_case_that_a_batch_closed_and_opened_again_has_its_records() -> None:
    case = begun()
    first = case.story.now
    by = NSP
    with Batch(case.engine.service, case.engine.clock) as batch:
        name = case_id(case.story.name)
        batch.send(Request("f1", name, r.FlagCase(("csa",)), by, first + timedelta(minutes=1)))
        batch.flush()
        batch.send(Request("f2", name, r.FlagCase(("rasso",)), by, first + timedelta(minutes=2)))
    assert case.engine.service.known(case.stream).material.flags == {"csa", "rasso"}
    case.story.now = first + timedelta(minutes=5)
    case.engine.clock.move_to(case.story.now)
    case.shares("N1", "s9")
    assert case.engine.service.known(case.stream).material.shares["s9"].event.sha256_sent == SHA
