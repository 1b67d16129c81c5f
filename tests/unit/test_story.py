"""Every event has its sentence, and the sentences stay as they were: golden, added to and never edited."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from safehands.core import events as e
from safehands.core.events import EVENT_CLASSES, Entry, Envelope, ErasedEntry, Event
from safehands.core.records.events import RegisterEvent
from safehands.core.vocabulary import Actor, Answer, Contact, Ground, HappenedSource, OfferKind, PathwayRef, Provenance
from safehands.core.wire import EVENT_BY_NAME, wire_name
from safehands.pathways.load import load
from safehands.service.story import Line, sentence, story, text
from safehands.store.ports import StoredEntry
from told_of_records import TOLD_OF_RECORDS

GOLDEN = Path(__file__).parent.parent / "golden" / "story.txt"
AT = datetime(2026, 3, 3, 9, 14, 5, tzinfo=UTC)
LATER = AT + timedelta(minutes=20)
REF = PathwayRef("right-care", "1", "d" * 64)
ANSWERS = (
    Answer("Q6", "intent", Provenance.ASKED, AT, "handler.1", "I have said goodbye"),
    Answer("Q4", 34, Provenance.VOLUNTEERED, AT, "handler.1"),
    Answer("Q11", ("goodbye_message", "court_trigger"), Provenance.OBSERVED, AT, "handler.1"),
    Answer("Q8", "unknown", Provenance.ASKED, AT, "handler.1"),
    Answer("Q10", "declined", Provenance.ASKED, AT, "handler.1"),
    Answer("Q12", "not_asked", Provenance.REGISTER, AT, "handler.1", source="case/2"),
)


def offered(kind: OfferKind, offer: str = "o1", desk: str | None = None) -> e.HandoverOffered:
    return e.HandoverOffered(
        offer, kind, "POL", "AMB", LATER, "ambulance", "Take this patient", desk=desk, task_kind="entry"
    )


def accepted(kind: OfferKind, **more: Any) -> e.HandoverAccepted:
    since = AT if kind is OfferKind.TRANSFER else None
    return e.HandoverAccepted("o1", kind, "POL", "AMB", since, **more)


def raised(**more: Any) -> e.DecisionRaised:
    return e.DecisionRaised(4, 0, True, "nobody decided in time", **more)


#: At least one of every event, and one of everything that a sentence can turn on.
TOLD: tuple[Event, ...] = (
    e.CaseOpened("4KX7-92QD", REF, "POL", "POL", AT, AT, "opening.receiver"),
    e.CaseOpened("4KX7-92QD", REF, "POL", "MHT", AT, AT, "opening.own_patient"),
    e.ContactReceived(Contact("c1", "999", AT, "POL")),
    e.ContactReceived(Contact("c1", "agency_line", AT, "POL", "health", "MHT", about_own=True)),
    e.ContactDropped("c1"),
    e.CallBackMade("c1", reached=True),
    e.CallBackMade("c1", reached=False),
    e.PartyIdentified("p1", "subject", name="R. Ashdown", phone="07700 900461", address="3 Mill Row"),
    e.PartyIdentified("p1", "reporter"),
    e.AnswersRecorded("c1", ANSWERS),
    e.AnswersRecorded("case/2", ANSWERS[-1:]),
    e.AnswerCorrected("c1", ANSWERS[0], "heard wrongly"),
    e.EntryCorrected(3, "channel", "101", "999", "typed wrongly"),
    e.CasesLinked("case/2", ("phone", "place"), "the same number"),
    e.TriageConcluded(5, "A4", ("A4", "A12.2"), "response", "POL", ("imm",), (), (), {}, ("Q13",)),
    e.TriageConcluded(0, "B7", ("B7",), "routes", "POL", (), (), (), {}, (), shadow=True),
    e.DecisionMade("d1", 5, True, 5, "A4", {"reason": "she means it"}, ()),
    e.DecisionMade("d1", 4, False, 3, "A15", {}, ("case/2", "case/3")),
    raised(),
    raised(by_clock="guarded"),
    e.DecisionRaised(5, 4, True, "it got worse"),
    e.LoweringProposed("l1", 0, 3, False, "spoke with her", {}),
    e.LoweringDeclined("l1", "risk rose"),
    e.DecisionLowered("l1", 0, 3, False, "spoke with her", "handler.1", {}),
    offered(OfferKind.TRANSFER, desk="night"),
    offered(OfferKind.SUPPORT),
    offered(OfferKind.RETURN),
    e.PackCompleted("o1", {"location": "here", "summary": "this"}),
    e.HandoverAcknowledged("o1"),
    e.HandoverQuestioned("o1", "Is he breathing?"),
    accepted(OfferKind.TRANSFER),
    accepted(OfferKind.TRANSFER, late=True, by_word=e.WordOf("the duty manager", "manager", "AE-5521")),
    accepted(OfferKind.SUPPORT),
    accepted(OfferKind.RETURN),
    e.WordConfirmed("o1", "their crew arrived"),
    e.HandoverDeclined("o1", "no crew is free"),
    e.HandoverWithdrawn("o1", "AMB took it", "o2"),
    e.HandoverLapsed("o1", LATER),
    *(e.CaseAssumed("MHT", "POL", AT, ground, "as was needed") for ground in Ground),
    e.KeeperSet("handler.1", None),
    e.KeeperSet("handler.2", "handler.1"),
    e.TaskAdded("t1", "call_back", "POL", None, "Ring the reporter back"),
    e.TaskAdded("t1", "entry", "FRS", LATER, "Get in", "o1"),
    e.TaskReassigned("t1", "FRS", "POL", "no ladder"),
    e.TaskCompleted("t1", "door opened"),
    e.TaskCancelled("t1", "a neighbour had a key"),
    e.CallerTold("c1", "Officers are on their way.", "yes", "yes", ""),
    e.CallerTold("c1", "Nobody is coming.", "no", "no", "Ring again"),
    e.CallerTold("c1", "Thank you.", "not_said", "unknown", ""),
    e.PromiseMade("p1", "Somebody rings you", "t1", LATER),
    e.PromiseMade("p1", "Somebody rings you", "t1", None),
    e.PersonSignposted("the night café", "wants company"),
    e.OwnPageGiven("p1", "c1", "sms", LATER),
    e.OwnPageWithdrawn("p1", "they have another telephone"),
    e.MilestoneRecorded("person_seen", AT, "at the door"),
    e.MilestoneRecorded("arrival", AT),
    e.ResponderArrived("unit.7", "POL", "the bridge"),
    e.ResponderArrived("unit.7", "POL", ""),
    e.ResponderReleased("unit.7"),
    *(
        e.ClockStarted("imm", "imm", "case", LATER, (), safe, 4 if safe == "raise" else None, safe == "lapse")
        for safe in ("concern", "raise", "triage", "assume", "lapse", "unheard_of")
    ),
    e.ClockStarted("offer/o1", "offer", "o1", None, (), "lapse"),
    e.ClockStopped("imm", "responder_arrived"),
    e.ClockStepReached("imm", "half_time", AT),
    e.ClockBreached("imm", AT),
    e.ConcernRaised("taken_by_word/o1", "taken_by_word", 2, "o1"),
    e.ConcernCleared("taken_by_word/o1", "word_confirmed"),
    e.CaseClosed("POL", LATER, "seen and well", "seen"),
    e.CaseReopened("POL", LATER, "rang again!"),
    e.ContentErased(
        (ErasedEntry(7, 2, "party_identified"), ErasedEntry(9, 4, "caller_told")), "DPO, case 7", "asked for"
    ),
    e.NodeOpened("police.example/ledger", "police.example/ledger+00+AA", "live"),
    e.PathwayAdopted(REF, "text", "bo", "cy"),
    e.DelayExplained("imm", "all units at a fire", LATER),
    e.StatusBegan("s1", "s136_removed", "on_the_way", {"consulted": "the crisis team"}),
    e.StatusMoved("s1", "mental_health_suite", "fit to move"),
    e.StatusEnded("s1", "s136_removed", "discharged"),
    e.ClockAdjusted("imm", LATER, (), "condition", {"doctor": "D-17", "authorised_at": "22:00"}),
    e.ClockAdjusted("imm", None, (), "a corrected start"),
    e.ClockPaused("imm", "road closed", LATER),
    e.ClockResumed("imm", LATER, (), "the road is open"),
    e.MilestoneCorrectionProposed("c1", "arrival", AT, LATER, "the log of the suite"),
    e.MilestoneCorrected("c1", "arrival", AT, LATER, "ade"),
    e.BookingPlanned("b1", "warrant_s135", LATER, ("POL", "BED")),
    e.BookingConfirmed("b1", "POL"),
    e.BookingConfirmed("b1", "BED", e.WordOf("the bed manager", "manager", "B-2")),
    e.BookingWithdrawn("b1", "POL", "no unit"),
    e.BookingStarted("b1"),
    e.BookingCancelled("b1", "tomorrow instead"),
    e.ChallengeRaised("d1", "AMB", "POL", 2, True, "he is armed", LATER),
    e.ChallengeRaised("d1", "AMB", "POL", 2, False, "this is yours", LATER),
    e.ChallengeAnswered("d1", "no weapon was seen"),
    e.ChallengeEscalated("d1", 3, LATER, by_clock=True),
    e.ChallengeEscalated("d1", 3, LATER, by_clock=False),
    e.ChallengeSettled("d1", "upheld", "both agree"),
    e.ChallengeExhausted("d1"),
    e.AgencyStoodDown("AMB", "found", "unit 4 saw him"),
    e.DecisionReviewed("x1", "fail", "nobody asked who is with him"),
    e.StreamSwitched("right-care", "CFW", "POL", LATER, "the chief"),
    e.AgencyDescribed("ASC-hill", "Hill Council", False, "020 7946 0100", "immediate risk only", 180),
    e.AgencyDescribed("ASC-hill", "Hill Council", True, "", "immediate risk only", None),
    e.ClockStarted("challenge/d1", "challenge", "d1", LATER, (), "escalate"),
    e.OutcomeRecorded("o1", "death", "severe", LATER, "coroner"),
    e.OutcomeRecorded("o2", "none_found", "none", LATER, "hospital"),
    e.ComplaintLinked("C-7", LATER),
    e.SampleDrawn("right-care", "2026-03-01", "2026-03-31", "0.05", "seed", 40, ()),
    *TOLD_OF_RECORDS,
)


def entries(*told: Event, gap: timedelta = timedelta(0), source: HappenedSource = HappenedSource.LIVE) -> list[Entry]:
    by = Actor("handler.1", "duty_manager", "POL")
    return [
        Entry(Envelope("case/1", n, AT + gap, AT, source, by, REF, f"command {n // 3}"), event)
        for n, event in enumerate(told, start=1)
    ]


def golden() -> str:
    """Every sentence, with codes alone and with the pathway's words."""
    plain, worded = story(entries(*TOLD)), story(entries(*TOLD), load("right-care"))
    return "".join(
        f"{wire_name(type(event))}\n  {one.sentence}\n" + (f"  {other.sentence}\n" if one != other else "")
        for event, one, other in zip(TOLD, plain, worded, strict=True)
    )


def test_every_event_is_among_those_told() -> None:
    assert {type(each) for each in TOLD} == set(EVENT_CLASSES)


def test_the_sentences_are_those_of_before() -> None:
    assert golden() == GOLDEN.read_text("utf-8"), "python -m unit.test_story writes them; read the difference first"


@pytest.mark.parametrize("event", TOLD, ids=lambda each: wire_name(type(each)))
def test_a_sentence_reads_like_one(event: Event) -> None:
    said = sentence(event)
    assert said[0].isupper() or said.startswith(("unit.", "handler.")), said
    assert said[-1] in ".!?”", said
    assert ".." not in said
    assert not any(f"{name} " in f"{said} " for name in EVENT_BY_NAME if "_" in name), said


def test_a_new_event_without_a_sentence_fails() -> None:
    class Unheard:
        pass

    with pytest.raises(AssertionError):
        sentence(Unheard())  # type: ignore[arg-type]  # the point of the test


def test_both_times_are_told_only_where_they_differ() -> None:
    (at_once,) = story(entries(TOLD[4], gap=timedelta(seconds=30)))
    (late,) = story(entries(TOLD[4], gap=timedelta(hours=3)))
    assert at_once.learned == ""
    assert late.learned == " (We learned this at 3 March 2026 12:14:05.)"


def test_an_export_and_the_system_are_named_as_such() -> None:
    (line,) = story(entries(TOLD[4], source=HappenedSource.EXPORT))
    assert line.who == "POL, from an export"
    (first,) = entries(TOLD[4])
    system = Entry(
        Envelope("case/1", 1, AT, AT, HappenedSource.TIMER, Actor("system", "system", "POL"), REF, "c"), first.event
    )
    assert story([system])[0].who == "Safehands"


def test_text_names_day_time_and_person_once_a_command() -> None:
    told = list(text((*story(entries(*TOLD[:4])), Line(9, None, None, "", "This entry was erased."))))
    assert told[0] == "\nTuesday 3 March 2026"
    assert [line for line in told if "handler.1 (duty manager, POL)" in line] == [
        "\n  09:14:05  handler.1 (duty manager, POL)"
    ] * 2
    assert told[-1] == "   9  This entry was erased."
    assert all(len(line) <= 100 for paragraph in told for line in paragraph.splitlines())


def test_a_story_with_an_erased_entry_goes_on() -> None:
    from safehands.service.story import story_of_stored

    stored = [StoredEntry(n, "case/1", n + 1, None, None, b"") for n in range(2)]
    lines = story_of_stored(stored, {2: entries(TOLD[0], TOLD[4])[1]})
    assert "erased" in lines[0].sentence
    assert lines[1].sentence == "The line to the reporter was lost."


def test_every_field_of_an_event_is_a_known_type() -> None:
    """A reminder: whoever adds an event adds its sentence and its example above."""
    assert len(EVENT_CLASSES) == len({*get_args(e.CaseEvent), *get_args(e.NodeEvent), *get_args(RegisterEvent)})
    assert all(fields(each) is not None for each in EVENT_CLASSES)


if __name__ == "__main__":
    GOLDEN.write_text(golden(), "utf-8")
