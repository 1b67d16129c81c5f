"""The auditor: given these entries, who held the case, and what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from safehands.ledger.custody import Entry, Hold, Totals, audit, audit_all, totals
from safehands.ledger.faults import Malformed
from safehands.ledger.instants import read_instant, write_duration, write_instant

STREAM = "case/11111111-2222-4333-8444-555555555555"
SECOND = 1_000_000


def day(at: str) -> str:
    return f"2026-11-22T{at}Z"


def us(at: str) -> int:
    return read_instant(day(at))


class Story:
    """Writes entries one after the other; ``at`` is when each happened and was recorded."""

    def __init__(self) -> None:
        self.entries: list[Entry | None] = []

    def add(self, type_: str, at: str, content: Any, **envelope: Any) -> Story:
        entry = {
            "stream": STREAM,
            "version": len(self.entries) + 1,
            "type": type_,
            "recorded_at": day(at),
            "happened_at": day(at),
            "content": content,
        }
        self.entries.append({**entry, **envelope})
        return self

    def opened(self, at: str = "15:00:00", **changes: Any) -> Story:
        return self.add("case_opened", at, {"holder": "POL", "held_from": day(at), "received_at": day(at), **changes})

    def offered(self, at: str, offer: str = "o1", kind: str = "transfer", by: str = "POL", to: str = "AMB") -> Story:
        return self.add("handover_offered", at, {"offer": offer, "kind": kind, "from_agency": by, "to_agency": to})

    def accepted(
        self, at: str, offer: str = "o1", kind: str = "transfer", by: str = "POL", to: str = "AMB", **changes: Any
    ) -> Story:
        held_from = day(at) if kind == "transfer" else None
        content = {"offer": offer, "kind": kind, "from_agency": by, "to_agency": to, "held_from": held_from, **changes}
        return self.add("handover_accepted", at, content)

    def assumed(self, at: str, by: str, to: str, **changes: Any) -> Story:
        return self.add("case_assumed", at, {"from_agency": by, "to_agency": to, "held_from": day(at), **changes})

    def closed(self, at: str, holder: str, **changes: Any) -> Story:
        return self.add("case_closed", at, {"holder": holder, "held_until": day(at), **changes})

    def reopened(self, at: str, holder: str, **changes: Any) -> Story:
        return self.add("case_reopened", at, {"holder": holder, "held_from": day(at), **changes})

    def erased(self) -> Story:
        self.entries.append(None)
        return self

    def faults(self) -> tuple[str, ...]:
        return audit(self.entries).faults


def handed_over() -> Story:
    return Story().opened().offered("15:02:00").accepted("15:05:00")


# ------------------------------------------------------------------------------------------- honest stories


def test_a_case_handed_over_and_closed_was_always_in_somebodys_hands() -> None:
    report = audit(handed_over().closed("16:00:00", "AMB").entries)
    assert report.holds == (
        Hold("POL", us("15:00:00"), us("15:05:00"), certain=True),
        Hold("AMB", us("15:05:00"), us("16:00:00"), certain=True),
    )
    assert (report.faults, report.not_provable) == ((), ())
    assert (report.unowned_microseconds, report.doubly_held_microseconds) == (0, 0)


def test_a_case_still_open_is_counted_up_to_the_asked_instant() -> None:
    report = audit(handed_over().entries, as_of=us("18:00:00"))
    assert report.through == us("18:00:00")
    assert report.holds[-1] == Hold("AMB", us("15:05:00"), None, certain=True)
    assert report.unowned_microseconds == 0


def test_offer_acceptance_and_the_next_taking_within_one_instant_are_no_fault() -> None:
    story = Story().opened().offered("15:00:00").accepted("15:00:00").assumed("15:00:00", "AMB", "NHS")
    assert story.faults() == ()


def test_closed_time_is_nobodys_and_no_gap() -> None:
    story = handed_over().closed("16:00:00", "AMB").reopened("17:00:00", "POL").closed("18:00:00", "POL")
    report = audit(story.entries)
    assert report.faults == ()
    assert [hold.agency for hold in report.holds] == ["POL", "AMB", "POL"]


def test_support_and_returns_move_nothing() -> None:
    story = Story().opened()
    story.offered("15:01:00", "s", "support").accepted("15:02:00", "s", "support")
    story.offered("15:03:00", "r", "return", by="AMB", to="POL").accepted("15:04:00", "r", "return", by="AMB", to="POL")
    report = audit(story.entries)
    assert report.faults == ()
    assert [hold.agency for hold in report.holds] == ["POL"]


def test_a_return_that_nobody_confirmed_is_assumed() -> None:
    story = Story().opened().offered("15:03:00", "r", "return", by="AMB", to="POL").assumed("15:13:00", "POL", "AMB")
    assert story.faults() == ()


def test_other_types_are_counted_and_otherwise_ignored() -> None:
    report = audit(Story().opened().add("something_new", "15:01:00", {"held_from": "nonsense"}).entries)
    assert (report.entries, report.faults) == (2, ())


# --------------------------------------------------------------------------------------------- planted faults


def test_a_planted_gap_at_the_opening_is_found() -> None:
    report = audit(Story().opened(received_at=day("14:58:30")).entries)
    assert report.unowned_microseconds == 90 * SECOND
    gap = "Nobody held the open case from 2026-11-22T14:58:30Z to 2026-11-22T15:00:00Z (90 seconds)."
    assert report.faults == (gap,)


def test_a_holder_puts_the_case_down_before_it_is_closed() -> None:
    report = audit(handed_over().closed("16:00:00", "AMB", held_until=day("15:59:59")).entries)
    assert report.unowned_microseconds == SECOND
    assert "(1 second)" in report.faults[0]


def test_a_case_is_reopened_and_nobody_takes_it_at_once() -> None:
    story = handed_over().closed("16:00:00", "AMB").reopened("17:00:00", "POL", held_from=day("17:00:05"))
    story.entries[-1] = {**(story.entries[-1] or {}), "recorded_at": day("17:00:05")}
    report = audit(story.entries)
    assert report.unowned_microseconds == 5 * SECOND


def test_two_agencies_hold_because_the_wrong_one_was_released() -> None:
    report = audit(handed_over().assumed("15:10:00", "POL", "NHS").closed("15:20:00", "AMB").entries)
    assert report.doubly_held_microseconds == 600 * SECOND
    assert "Version 4 takes the case from POL, who did not hold it." in report.faults
    assert any(
        fault.startswith("More than one agency held the case from 2026-11-22T15:10:00Z") for fault in report.faults
    )


def test_an_acceptance_is_backdated_behind_the_boundary_before_it() -> None:
    story = handed_over().offered("15:06:00", "o2", by="AMB", to="NHS")
    story.accepted("15:07:00", "o2", by="AMB", to="NHS", held_from=day("15:04:00"))
    report = audit(story.entries)
    assert "Version 5 dates the acceptance of o2 before its offer was made." in report.faults
    assert "Version 5 dates the change of holder before the one ahead of it." in report.faults
    assert report.doubly_held_microseconds == 60 * SECOND


@pytest.mark.parametrize(
    ("story", "fault"),
    [
        (Story(), "No entry opens the case."),
        (Story().add("note_made", "15:00:00", {}), "No entry opens the case."),
        (Story().opened().opened(), "Version 2 opens a case that was open before."),
        (Story().opened().opened(), "Version 2 gives the case to POL, who held it already."),
        (Story().opened(held_from=day("14:59:00")), "hold from before the first contact was received."),
        (Story().opened().accepted("15:05:00"), "Version 2 accepts the offer o1, which nobody made."),
        (handed_over().accepted("15:06:00"), "Version 4 accepts the offer o1 a second time."),
        (handed_over().accepted("15:06:00"), "Version 4 takes the case from POL, who did not hold it."),
        (Story().opened().offered("15:02:00").accepted("15:05:00", to="NHS"), "on other terms than it was made on."),
        (Story().opened().offered("15:02:00").accepted("15:05:00", kind="support"), "on other terms"),
        (Story().opened().offered("15:02:00").offered("15:03:00"), "makes the offer o1 a second time."),
        (Story().opened().offered("15:02:00", by="AMB", to="NHS"), "from AMB to NHS, and AMB did not hold the case."),
        (Story().opened().offered("15:02:00", kind="return"), "from POL to AMB, and AMB did not hold the case."),
        (Story().opened().offered("15:02:00", to="POL"), "Version 2 is an offer of POL to itself."),
        (Story().opened().assumed("15:02:00", "POL", "POL"), "Version 2 moves the case from POL to itself."),
        (
            Story()
            .opened()
            .offered("15:02:00", "s", "support")
            .accepted("15:03:00", "s", "support", held_from=day("15:03:00")),
            "accepts s, a support, and claims that it moved the holder.",
        ),
        (Story().opened().assumed("15:02:00", "POL", "AMB", held_from=day("15:03:00")), "after the moment when it was"),
        (handed_over().closed("16:00:00", "POL"), "says that POL closed the case, who did not hold it."),
        (
            handed_over().closed("16:00:00", "AMB").closed("17:00:00", "AMB"),
            "Version 5 closes a case that is not open.",
        ),
        (handed_over().closed("16:00:00", "AMB").assumed("17:00:00", "AMB", "POL"), "moves a case that is closed"),
        (handed_over().closed("16:00:00", "AMB").offered("17:00:00", "o2"), "offers a case that is not open."),
        (handed_over().reopened("15:06:00", "AMB"), "Version 4 reopens a case that was not closed."),
        (Story().reopened("15:06:00", "AMB"), "Version 1 reopens a case that was not closed."),
        (Story().assumed("15:06:00", "AMB", "POL"), "moves a case that is closed or was never opened."),
        (
            Story().opened().add("note_made", "14:00:00", {}),
            "Version 2 claims to have been recorded before the version ahead of it.",
        ),
        (
            Story().opened().add("note_made", "15:01:00", {}, version=3),
            "Where version 2 should be, an entry calls itself",
        ),
        (Story().opened().add("note_made", "15:01:00", {}, version=True), "calls itself version True."),
        (Story().opened().add("note_made", "15:01:00", {}, stream="case/x"), f"belongs to case/x, not to {STREAM}."),
    ],
)
def test_a_chain_that_does_not_hold(story: Story, fault: str) -> None:
    assert any(fault in found for found in story.faults()), story.faults()


@pytest.mark.parametrize(
    ("story", "fault"),
    [
        (Story().opened(holder=None), "its holder is missing or not a text"),
        (Story().opened(holder=""), "its holder is missing or not a text"),
        (Story().opened(held_from=None), "its held_from is missing"),
        (Story().opened(held_from="yesterday"), "'yesterday' is not an instant in UTC"),
        (Story().opened(held_from="2026-02-30T00:00:00Z"), "is not an instant in UTC"),
        (Story().add("case_opened", "15:00:00", None), "its holder is missing"),
        (Story().opened().offered("15:01:00", kind="gift"), "its kind is 'gift', which nobody knows"),
        (Story().opened().offered("15:01:00").accepted("15:02:00", held_from=None), "its held_from is missing"),
        (Story().opened().add("note_made", "15:01:00", {}, recorded_at=None), "its recorded_at is missing"),
        (Story().opened().add("case_closed", "15:01:00", {}, recorded_at="x"), "'x' is not an instant"),
    ],
)
def test_an_entry_that_cannot_be_followed_is_a_fault_and_no_guess(story: Story, fault: str) -> None:
    assert any("cannot be followed" in found and fault in found for found in story.faults()), story.faults()


# ------------------------------------------------------------------------------------------------------ erasure


def test_an_erased_entry_is_not_provable_rather_than_fine() -> None:
    report = audit(Story().opened().erased().offered("15:03:00").accepted("15:05:00").entries)
    assert report.erased == 1
    assert report.not_provable == ("Version 2 is erased: whether it moved the case cannot be shown.",)
    assert [hold.certain for hold in report.holds] == [False, True]
    assert report.faults == ()


def test_a_move_that_an_erased_entry_may_explain_is_left_open() -> None:
    report = audit(Story().opened().erased().assumed("15:05:00", "AMB", "NHS").closed("16:00:00", "NHS").entries)
    assert report.faults == ()
    assert any(
        "takes the case from AMB, who did not hold it; what is erased (version 2)" in s for s in report.not_provable
    )
    assert report.doubly_held_microseconds == 0


def test_an_erased_offer_is_not_an_offer_that_nobody_made() -> None:
    report = audit(Story().opened().erased().accepted("15:05:00").entries)
    assert report.faults == ()
    assert any("which nobody made; what is erased (version 2) may explain it." in line for line in report.not_provable)


def test_an_offer_may_have_been_erased_long_before_its_acceptance() -> None:
    story = Story().opened().erased().assumed("15:05:00", "POL", "AMB").accepted("15:06:00", "o2", by="AMB", to="NHS")
    report = audit(story.entries)
    assert report.faults == ()
    assert any("accepts the offer o2, which nobody made; what is erased" in line for line in report.not_provable)


def test_an_erased_opening_leaves_the_beginning_open() -> None:
    report = audit(Story().erased().assumed("15:05:00", "POL", "AMB").entries)
    assert report.faults == ()
    assert report.holds == (Hold("AMB", us("15:05:00"), None, certain=True),)
    assert audit([None]).faults == ()
    assert "No entry opens the case; what is erased (version 1) may explain it." in audit([None]).not_provable


def test_an_erased_closing_does_not_make_the_reopening_a_fault() -> None:
    report = audit(Story().opened().erased().reopened("17:00:00", "AMB").entries)
    assert report.faults == ()
    assert [hold.certain for hold in report.holds] == [False, True]


def test_doubt_ends_where_an_entry_says_who_holds() -> None:
    story = Story().opened().erased().assumed("15:05:00", "POL", "AMB").assumed("15:06:00", "POL", "NHS")
    assert "Version 4 takes the case from POL, who did not hold it." in story.faults()


# --------------------------------------------------------------------------------------------- many cases, time


def test_totals_over_many_cases() -> None:
    gap = Story().opened(received_at=day("14:58:30"))
    double = handed_over().assumed("15:10:00", "POL", "NHS").closed("15:20:00", "AMB")
    doubt = Story().opened().erased()
    reports = audit_all({"a": gap.entries, "b": double.entries, "c": doubt.entries, "d": handed_over().entries})
    assert totals(reports) == Totals(4, 2, 1, 90 * SECOND, 600 * SECOND)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01.5Z", 1_500_000),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2026-11-22T15:00:00.000000Z", 1_795_359_600_000_000),
    ],
)
def test_instants_are_counted_in_whole_microseconds(text: str, microseconds: int) -> None:
    assert read_instant(text) == microseconds
    assert read_instant(write_instant(microseconds)) == microseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-22",
        "2026-11-22T15:00:00",
        "2026-11-22T15:00:00+00:00",
        "2026-11-22T15:00:00z",
        "2026-11-22 15:00:00Z",
        "2026-11-22T15:00:00.Z",
        "2026-11-22T15:00:00.1234567Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T15:00:60Z",
        "2026-13-01T00:00:00Z",
        "٢٠٢٦-11-22T15:00:00Z",
        "2026-11-22T15:00:00Z\n",
    ],
)
def test_an_instant_in_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="not an instant in UTC"):
        read_instant(text)


def test_lengths_of_time_in_words() -> None:
    assert [write_duration(length) for length in (0, SECOND, 90 * SECOND, 500_000)] == [
        "0 seconds",
        "1 second",
        "90 seconds",
        "0.5 seconds",
    ]
    assert write_instant(10**20) == "100000000000000000000 microseconds after 1970 began"
