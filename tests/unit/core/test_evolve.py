"""The fold, the codec and the entries themselves: every event is folded, and what cannot stand is a fault of the
ledger.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from safehands import codec
from safehands.core import commands as c
from safehands.core import events as e
from safehands.core.evolve import evolve, fold
from safehands.core.vocabulary import Ground, HappenedSource, OfferKind, PathwayRef
from safehands.core.wire import EVENT_BY_NAME, wire_name
from safehands.errors import LedgerFault
from scenario import CALM, DAY, Story, alone, instant, person

POL, AMB = person("POL"), person("AMB", "dispatcher")
REF = PathwayRef("right-care", "1", "0" * 64)


def entries_of(story: Story) -> tuple[e.Entry, ...]:
    return story.engine.entries(story.name)


def opened() -> Story:
    return alone().at("10:00").opens(POL, said=CALM)


def after(story: Story, event: e.CaseEvent | e.NodeEvent) -> e.Entry:
    """``event`` as the next entry of the case, whether or not the core would have written it."""
    last = entries_of(story)[-1].envelope
    at = story.now
    return e.Entry(replace(last, version=last.version + 1, happened_at=at, recorded_at=at), event)


def test_a_stream_that_begins_with_anything_but_an_opening() -> None:
    story = opened()
    with pytest.raises(LedgerFault, match="must open"):
        fold(entries_of(story)[1:])
    with pytest.raises(LedgerFault, match="opening entry"):
        fold(())


def test_an_entry_is_missing_or_twice_there() -> None:
    story = opened()
    first, second, *_ = entries_of(story)
    case = evolve(None, first)
    with pytest.raises(LedgerFault, match="missing or twice"):
        evolve(evolve(case, second), second)


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (e.CaseOpened("SH-1", REF, "POL", "POL", DAY, DAY, "opening.receiver"), "opened twice"),
        (e.NodeOpened("x", "y", "live"), "another kind of stream"),
        (e.PathwayAdopted(REF, "", "a", "b"), "another kind of stream"),
        (e.CaseAssumed("POL", "AMB", DAY, Ground.DEPLOYED, "x"), "does not end there"),
        (e.CaseClosed("POL", DAY, "x", "x"), "cannot close"),
        (e.CaseReopened("POL", DAY, "x"), "cannot reopen"),
    ],
)
def test_an_entry_that_cannot_stand_where_it_stands(event: e.CaseEvent | e.NodeEvent, says: str) -> None:
    story = opened()
    with pytest.raises(LedgerFault, match=says):
        evolve(story.case, after(story, event))


def test_a_closed_case_is_moved_or_closed_again() -> None:
    story = opened()
    story.closes(POL, source=HappenedSource.EXPORT)
    with pytest.raises(LedgerFault):
        evolve(story.case, after(story, e.CaseAssumed("POL", "AMB", story.now, Ground.DEPLOYED, "x")))
    with pytest.raises(LedgerFault):
        evolve(story.case, after(story, e.CaseClosed("POL", story.now, "x", "x")))
    with pytest.raises(LedgerFault):
        evolve(story.case, after(story, e.CaseReopened("POL", story.now - timedelta(hours=1), "x")))


def test_what_a_table_said_in_shadow_changes_nothing() -> None:
    story = opened()
    story.does(POL, c.Conclude())
    conclusion = story.case.conclusion
    assert conclusion is not None
    shadow = evolve(story.case, after(story, replace(conclusion, outcome=5, shadow=True)))
    assert shadow.conclusion == conclusion


def test_erased_versions_are_remembered() -> None:
    story = opened()
    gone = (e.ErasedEntry(1, 2, "contact_received"), e.ErasedEntry(2, 3, "answers_recorded"))
    case = evolve(story.case, after(story, e.ContentErased(gone, "the data protection officer", "asked for")))
    assert case.erased == (2, 3)


def test_people_named_and_people_told_where_to_go_change_nothing_that_is_decided_on() -> None:
    story = opened()
    before = story.case
    story.does(POL, c.IdentifyParty("p1", "reporter", name="A. Nobody", phone="07700900001"))
    assert replace(story.case, version=before.version) == before


def test_a_transfer_without_a_boundary_moves_nothing() -> None:
    story = opened()
    story.offers(POL, "AMB", "dispatch")
    event = e.HandoverAccepted(story.offer("AMB").offer, OfferKind.TRANSFER, "POL", "AMB", None)
    assert evolve(story.case, after(story, event)).holder == "POL"


def test_a_lowering_of_what_nobody_had_decided() -> None:
    story = opened()
    story.does(POL, c.Raise(4, "going"))
    assert story.case.decided is not None
    assert story.case.decided.decision == ""


def test_who_has_standing() -> None:
    story = alone().at("10:00").opens(POL, about_own=True, reporter_agency="REP-clinic")
    story.joins(AMB, "again")
    clinic = person("REP-clinic", "desk")
    story.offers(clinic, "MHT", "dispatch")
    story.does(person("CSC"), c.AddTask("visit", "see the child"))
    assert story.case.standing() == {"POL", "REP-clinic", "AMB", "MHT", "CSC"}


def test_every_event_has_a_name_of_its_own() -> None:
    assert set(EVENT_BY_NAME.values()) == set(e.EVENT_CLASSES)
    assert wire_name(e.HandoverOffered) == "handover_offered"
    assert e.EVENT_CLASSES[0] is e.CaseOpened


# ---- the codec


def test_bytes_that_nobody_can_read() -> None:
    stored = codec.encode(entries_of(opened())[0])
    for broken in (
        b"", b"{", b"\xff", stored.replace(b'"case_opened"', b'"case_opened_twice"'),
        stored.replace(b'"type_version":1', b'"type_version":2'), stored.replace(b'"held_from"', b'"held_form"'),
    ):  # fmt: skip
        with pytest.raises(LedgerFault):
            codec.decode(broken)
    assert codec.decode_case(b"{}") is None


def test_fields_of_a_later_version_are_passed_over() -> None:
    stored = codec.encode(entries_of(opened())[0])
    newer = stored.replace(b'"content":{', b'"content":{"colour":"blue",')
    assert codec.decode(newer) == codec.decode(stored)


def test_an_older_version_is_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = entries_of(opened())[0]
    stored = codec.encode(entry).replace(b'"rule":', b'"role":')
    monkeypatch.setattr(codec, "VERSIONS", {"case_opened": 3})
    monkeypatch.setattr(
        codec, "UPCASTERS",
        {("case_opened", 1): lambda old: old | {"rule": old["role"]}, ("case_opened", 2): lambda old: old | {"x": 1}},
    )  # fmt: skip
    assert codec.decode(stored) == entry
    assert b'"type_version":3' in codec.encode(entry)
    assert instant("10:00").hour == 10
