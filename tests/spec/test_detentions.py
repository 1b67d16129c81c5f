"""Acceptance scenarios about detentions (right-care sheet section 8: 8, 9, 12) and every clock of its table 3.1."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from refusals_right_care import EVIDENCE, GROUNDS, STATION
from safehands.core import commands as c
from safehands.core.events import ClockStarted
from safehands.pathways.load import parse
from scenario import CALM, Story, instant, person, refused
from spec.watched import LATE, pack_of, watched

POL, POL2, SERGEANT, INSPECTOR = (
    person("POL"),
    person("POL", n=2),
    person("POL", "supervisor"),
    person("POL", "inspector"),
)
AMB, MHT, ACU = person("AMB", "dispatcher"), person("MHT", "desk"), person("ACU", "desk")
DOCTOR = person("MHT", "clinical_lead")
ASC = person("ASC", "desk")
ARRIVES = c.RecordMilestone("arrival_at_place_of_safety")


def detained(story: Story, at: str | datetime = "22:10", place: str = "on_the_way", kind: str = "s136_removed") -> str:
    """A man is detained in the street."""
    story.at(at).opens(POL, said=CALM)
    story.does(POL, c.BeginStatus(kind, place, {**GROUNDS, **STATION}))
    story.offers(POL, "MHT", "crisis_support", task="assessment")
    return next(iter(story.case.statuses))


class TestScenario8TheDetentionClock:
    """Detained in the street at 22:10, emergency department (overdose) at 22:40, mental health suite at 16:40 the next
    day.
    """

    def story(self) -> Story:
        story = watched()
        status = detained(story)
        story.at("22:40").does(POL, c.MoveStatus(status, "emergency_department", "overdose"))
        story.does(POL, ARRIVES)
        story.at("+1 16:40").does(POL, c.MoveStatus(status, "mental_health_suite", "fit to move"))
        story.does(POL, ARRIVES)
        return story

    def test_it_starts_at_the_first_place_and_no_transfer_starts_it_again(self) -> None:
        story = self.story()
        clock = story.clock("detention")
        assert clock.due_at == instant("+1 22:40")
        assert clock.due_at - story.now == timedelta(hours=6)
        started = [
            e.event
            for e in story.engine.entries("case")
            if isinstance(e.event, ClockStarted) and e.event.clock == "detention"
        ]
        assert len(started) == 1
        assert [step.at for step in clock.steps] == [
            instant(at) for at in ("+1 10:40", "+1 16:40", "+1 19:40", "+1 21:40", "+1 22:40")
        ]

    def test_a_missing_professional_gives_no_more_time_and_the_condition_does(self) -> None:
        story = self.story().at("+1 22:20")
        with refused("extension.reason"):
            story.does(DOCTOR, c.ExtendClock("detention", timedelta(hours=12), "no AMHP", EVIDENCE))
        said = {**EVIDENCE, "doctor": "D-17", "says": "too intoxicated to assess"}
        story.does(DOCTOR, c.ExtendClock("detention", timedelta(hours=12), "condition", said))
        assert story.clock("detention").due_at == instant("+2 10:40")
        story.at("+1 22:41")
        assert story.clock("detention").status == "running"
        with refused("extension.once"):
            story.does(DOCTOR, c.ExtendClock("detention", timedelta(hours=1), "condition", said))
        story.at("+2 10:40")
        assert story.clock("detention").status == "breached"

    def test_a_minute_too_late_is_too_late_whenever_it_says_it_was_given(self) -> None:
        story = self.story().at("+1 22:41")
        assert story.clock("detention").status == "breached"
        assert "clock_breached" in story.concerns()
        for happened in ("+1 22:41", "+1 22:30"):
            with refused("extension.too_late"):
                story.does(
                    DOCTOR,
                    c.ExtendClock("detention", timedelta(hours=12), "condition", EVIDENCE),
                    happened=happened,
                    source=LATE,
                )

    def test_another_arrival_after_the_end_gives_no_new_day(self) -> None:
        story = self.story().at("+1 23:00")
        story.does(POL, c.MoveStatus(next(iter(story.case.statuses)), "emergency_department", "he fell"))
        story.does(POL, ARRIVES)
        assert story.clock("detention").status == "breached"
        assert story.clock("detention").due_at == instant("+1 22:40")

    def test_the_night_on_which_the_clocks_go_back_still_has_24_hours(self) -> None:
        story = watched()
        story.now = datetime(2026, 10, 24, tzinfo=UTC)
        status = detained(story, datetime(2026, 10, 24, 20, 0, tzinfo=UTC))
        story.does(POL, c.MoveStatus(status, "mental_health_suite", "there"))
        story.does(POL, ARRIVES)
        assert story.clock("detention").due_at == datetime(2026, 10, 25, 20, 0, tzinfo=UTC)

    def test_kept_where_found_starts_at_the_decision(self) -> None:
        story = watched()
        detained(story, kind="s136_kept", place="emergency_department")
        story.at("22:30").does(POL, c.RecordMilestone("decision_to_keep"))
        assert story.clock("detention").due_at == instant("+1 22:30")
        story.at("22:50").does(POL, ARRIVES)
        assert story.clock("detention").due_at == instant("+1 22:30")

    def test_a_warrant_kept_at_the_premises_starts_at_the_first_entry(self) -> None:
        story = watched()
        story.at("14:00").opens(ASC, said=CALM)
        story.does(ASC, c.BeginStatus("s135_1", "home", {"consents": "his own and his wife's"}))
        story.at("14:05").does(ASC, c.RecordMilestone("first_entry_and_kept"))
        assert story.clock("detention").due_at == instant("+1 14:05")

    def test_first_aid_on_the_way_is_no_place_of_safety(self) -> None:
        story = watched()
        status = detained(story)
        story.at("22:20").does(POL, c.MoveStatus(status, "first_aid_stop", "a cut"))
        assert "detention" not in story.case.clocks
        story.at("22:50").does(POL, c.MoveStatus(status, "mental_health_suite", "there"))
        story.does(POL, ARRIVES)
        assert story.clock("detention").due_at == instant("+1 22:50")

    def test_whoever_detains_holds_and_nobody_else_uses_that_power(self) -> None:
        story = watched()
        story.at("22:00").opens(POL, said=CALM, about_own=True, reporter_agency="MHT")
        with refused("status.power_by"):
            story.does(MHT, c.BeginStatus("s136_removed", "on_the_way", GROUNDS))
        story.does(POL, c.BeginStatus("s136_removed", "on_the_way", GROUNDS))
        assert story.holder == "POL"
        story.does(POL, c.EndStatus(next(iter(story.case.statuses)), "discharged"))

    def test_a_detention_is_not_claimed_for_before_the_holder_held(self) -> None:
        story = watched()
        story.at("22:00").opens(POL, said=CALM)
        story.does(POL, c.OfferHandover("AMB", "dispatch", "please go"))
        story.at("22:10").accepts(AMB)
        with refused("time.before_boundary"):
            story.at("22:15").does(
                POL, c.BeginStatus("s136_removed", "on_the_way", GROUNDS), happened="22:05", source=LATE
            )


class TestCorrectedArrivals:
    """A back-dated arrival needs two people, and an extension outlives it."""

    def story(self) -> Story:
        story = watched()
        status = detained(story)
        story.at("22:40").does(POL, c.MoveStatus(status, "mental_health_suite", "there"))
        story.does(POL, ARRIVES)
        return story

    def correct(self, story: Story, was: str, now: str) -> None:
        story.does(
            POL, c.ProposeMilestoneCorrection(ARRIVES.milestone, instant(was), instant(now), "the log of the suite")
        )
        correction = next(iter(story.case.corrections))
        story.does(SERGEANT, c.ConfirmMilestoneCorrection(correction))

    def test_one_person_changes_nothing(self) -> None:
        story = self.story().at("23:00")
        story.does(
            POL, c.ProposeMilestoneCorrection(ARRIVES.milestone, instant("22:40"), instant("22:55"), "typed wrongly")
        )
        assert story.clock("detention").due_at == instant("+1 22:40")
        with refused("correction.second_person"):
            story.does(POL, c.ConfirmMilestoneCorrection(next(iter(story.case.corrections))))

    def test_two_people_move_it_and_more_time_stays_more_time(self) -> None:
        story = self.story().at("23:00")
        story.does(DOCTOR, c.ExtendClock("detention", timedelta(hours=2), "condition", EVIDENCE))
        self.correct(story, "22:40", "22:30")
        assert story.clock("detention").due_at == instant("+2 00:30")
        self.correct(story, "22:30", "22:20")
        assert story.clock("detention").due_at == instant("+2 00:20")
        assert story.clock("detention").started_at == instant("22:20")
        with refused("extension.once"):
            story.does(DOCTOR, c.ExtendClock("detention", timedelta(hours=2), "condition", EVIDENCE))

    def test_a_correction_alone_uses_up_no_extension(self) -> None:
        story = self.story().at("23:00")
        self.correct(story, "22:40", "22:30")
        story.does(DOCTOR, c.ExtendClock("detention", timedelta(hours=12), "condition", EVIDENCE))
        assert story.clock("detention").due_at == instant("+2 10:30")

    def test_steps_that_have_rung_do_not_ring_again(self) -> None:
        story = self.story().at("+1 11:00")
        self.correct(story, "22:40", "22:30")
        assert story.clock("detention").next_step == "eighteen"

    def test_it_had_run_out_before_anybody_knew(self) -> None:
        story = self.story().at("+1 22:35")
        self.correct(story, "22:40", "22:30")
        story.at("+1 22:35")
        assert story.clock("detention").status == "breached"

    def test_it_ran_out_too_early_and_runs_again(self) -> None:
        story = self.story().at("+1 22:41")
        assert story.clock("detention").status == "breached"
        self.correct(story, "22:40", "22:55")
        assert story.clock("detention").status == "running"
        story.at("+1 22:50")
        story.at("+1 22:55")
        assert story.clock("detention").status == "breached"
        self.correct(story, "22:55", "22:54")
        assert story.clock("detention").status == "breached"

    def test_other_times_are_refused(self) -> None:
        story = self.story()
        for now, rule in ((instant("23:30"), "time.future"), (instant("20:00"), "time.before_opening")):
            with refused(rule):
                story.does(POL, c.ProposeMilestoneCorrection(ARRIVES.milestone, instant("22:40"), now, "x"))


class TestScenario9OneHourHandover:
    """Arrived at the suite at 02:00; received at 02:05; accepted at 03:20."""

    def story(self) -> Story:
        story = watched()
        status = detained(story, "01:30")
        story.at("02:00").does(POL, c.MoveStatus(status, "mental_health_suite", "there"))
        story.does(POL, ARRIVES)
        for officer in ("officer-1", "officer-2"):
            story.does(POL, c.RecordArrival(officer, "POL", "mental health suite"))
        return story

    def test_received_is_not_accepted_and_a_blank_next_of_kin_blocks(self) -> None:
        story = self.story()
        story.offers(POL, "MHT", "place_of_safety", pack=pack_of(story.pathway, "s136", next_of_kin=""))
        story.at("02:05").does(MHT, c.AcknowledgeOffer(story.offer("MHT").offer))
        clock = story.clock("handover_hour")
        assert [(step.name, step.at) for step in clock.steps] == [
            ("soon", instant("02:45")),
            ("breach", instant("03:00")),
        ]
        story.at("03:00")
        assert story.clock("handover_hour").status == "breached"
        assert story.holder == "POL"
        story.does(POL, c.RaiseChallenge("MHT", "an hour has passed", asserts_risk=False))
        assert next(iter(story.case.challenges.values())).level == 2
        story.at("03:04")
        challenge = next(iter(story.case.challenges))
        story.does(MHT, c.SettleChallenge(challenge, "changed", "a nurse comes at 03:20"))
        story.at("03:20")
        with refused("offer.pack_holes"):
            story.accepts(MHT)
        story.does(MHT, c.CompletePack(story.offer("MHT").offer, {"next_of_kin": "asked_unknown"}))
        story.accepts(MHT)
        assert [(each.agency, each.since) for each in story.case.holdings] == [
            ("POL", instant("01:30")),
            ("MHT", instant("03:20")),
        ]
        for officer in ("officer-1", "officer-2"):
            story.does(POL, c.RecordRelease(officer))
        minutes = [
            (each.released_at - each.arrived_at).seconds // 60
            for each in story.case.presences.values()
            if each.released_at
        ]
        assert sum(minutes) == 160
        assert story.clock("handover_hour").status == "stopped"
        assert story.clock("detention").status == "running"
        facts = story.engine.store.facts(kind="presence")  # type: ignore[attr-defined]  # played through the service
        assert sum(float(row["seconds"]) for row in facts) == 160 * 60

    def test_each_place_is_handed_over_to_anew(self) -> None:
        story = self.story().at("03:30")
        status = next(iter(story.case.statuses))
        story.does(POL, c.MoveStatus(status, "emergency_department", "he fell"))
        story.does(POL, ARRIVES)
        assert story.clock("handover_hour").due_at == instant("04:30")

    def test_nobody_closes_while_he_is_detained(self) -> None:
        story = self.story()
        with refused("close.status_running"):
            story.closes(POL)


class TestScenario12TheWarrant:
    """Owner: adult social care. No go until police, ambulance, doctor and bed have all confirmed."""

    def story(self) -> Story:
        story = watched()
        story.at("09:00").opens(ASC, said=CALM)
        story.does(ASC, c.PlanBooking("warrant_s135", instant("14:00"), ("POL", "AMB-east", "DOCTOR", "BED")))
        return story

    def test_all_confirm_and_it_begins(self) -> None:
        story = self.story()
        booking = next(iter(story.case.bookings))
        story.does(POL, c.ConfirmBooking(booking, "POL"))
        story.does(person("AMB-east", "dispatcher"), c.ConfirmBooking(booking, "AMB-east"))
        story.does(ASC, c.ConfirmBooking(booking, "DOCTOR", "the duty doctor", "section 12 doctor", "D-9"))
        with refused("booking.not_go"):
            story.does(ASC, c.StartBooking(booking))
        story.does(ASC, c.ConfirmBooking(booking, "BED", "the bed manager", "bed manager", "B-2"))
        story.does(ASC, c.StartBooking(booking))
        story.at("14:01")
        assert story.case.bookings[booking].state == "started"
        assert story.concerns() == set(), "what is planned is not triaged (sheet 1.1)"
        assert story.clock("booking").status == "stopped"

    def test_one_withdraws_and_nobody_drops_the_case(self) -> None:
        story = self.story()
        booking = next(iter(story.case.bookings))
        for party in ("POL", "AMB-east"):
            story.does(person(party), c.ConfirmBooking(booking, party))
        for party in ("DOCTOR", "BED"):
            story.does(ASC, c.ConfirmBooking(booking, party, "somebody", "a role", "R1"))
        story.at("13:00").does(person("AMB-east"), c.WithdrawFromBooking(booking, "AMB-east", "no crew"))
        assert story.case.bookings[booking].missing == ("AMB-east",)
        with refused("booking.not_go"):
            story.does(ASC, c.StartBooking(booking))
        assert story.holder == "ASC"
        story.at("14:00")
        assert {"booking_not_go", "clock_breached"} <= story.concerns()
        story.does(ASC, c.CancelBooking(booking, "tomorrow instead"))
        assert story.concerns().isdisjoint({"booking_not_go", "clock_breached"})
        assert story.clock("triage").due_at == instant("14:05"), "no longer planned: somebody says what it is now"


class TestPlaces:
    @pytest.mark.parametrize("age", [15, "under18", "unknown"])
    def test_a_child_or_nobody_knows(self, age: object) -> None:
        story = watched()
        story.at("22:00").opens(POL, said={**CALM, "child": age})
        with refused("status.adults_only"):
            story.does(POL, c.BeginStatus("s136_removed", "police_station", {**GROUNDS, **STATION}))

    def test_an_adult_in_exceptional_circumstances_with_every_ground_stated(self) -> None:
        story = watched()
        story.at("22:00").opens(POL, said=CALM)
        with refused("status.grounds"):
            story.does(POL, c.BeginStatus("s136_removed", "police_station", {**GROUNDS, **STATION, "inspector": ""}))
        story.does(POL, c.BeginStatus("s136_removed", "police_station", {**GROUNDS, **STATION}))
        story.offers(POL, "MHT", "crisis_support", task="assessment")
        story.does(POL, ARRIVES)
        with refused("extension.approval"):
            story.does(DOCTOR, c.ExtendClock("detention", timedelta(hours=1), "condition", EVIDENCE))
        said = {**EVIDENCE, "approved_by": "superintendent 44"}
        story.does(DOCTOR, c.ExtendClock("detention", timedelta(hours=1), "condition", said))

    def test_after_the_dated_switch_nobody(self) -> None:
        shipped = watched().pathway.text
        switched = parse(shipped.replace("# until = 2030-01-01T00:00:00Z", "until = 2026-02-03T22:00:00Z"))
        story = watched(switched)
        status = detained(story, "21:59")
        story.does(POL, c.MoveStatus(status, "police_station", "no other place", STATION))
        story.does(POL, c.MoveStatus(status, "emergency_department", "a place was found"))
        story.at("22:00")
        with refused("status.place_closed"):
            story.does(POL, c.MoveStatus(status, "police_station", "back", STATION))


#: Every other clock of table 3.1: what starts it, how long it runs, what stops it.
CLOCKS = [
    ("handover_hour", "arrival_at_place_of_safety", timedelta(minutes=60), None),  # K5
    ("ambulance_conveyance", "ambulance_requested", timedelta(minutes=30), "ambulance_arrived"),  # K6
    ("assessment", "arrival_at_place_of_safety", timedelta(hours=3), "assessment_started"),  # K7
    ("crisis_answer", "crisis_line_offered", timedelta(seconds=120), "crisis_line_answered"),  # K9
    ("liaison", "liaison_referral", timedelta(hours=1), "seen_by_mental_health"),  # K10
    ("crisis_very_urgent", "crisis_referral_very_urgent", timedelta(hours=4), "seen_by_mental_health"),  # K10
    ("crisis_urgent", "crisis_referral_urgent", timedelta(hours=24), "seen_by_mental_health"),  # K10
    ("call_answer", "call_presented", timedelta(seconds=10), "call_answered"),  # K11
]


@pytest.mark.parametrize(("clock", "starts", "length", "stops"), CLOCKS)
def test_a_clock_runs_from_its_start_and_only_its_end_stops_it(
    clock: str, starts: str, length: timedelta, stops: str | None
) -> None:
    story = watched()
    story.at("10:00").opens(POL, said=CALM)
    story.at("10:10").does(POL, c.RecordMilestone(starts))
    assert story.clock(clock).due_at == instant("10:10") + length
    story.at(instant("10:10") + length)
    assert story.clock(clock).status == "breached"
    if stops is not None:
        story.does(POL, c.RecordMilestone(stops))
        assert story.clock(clock).status == "stopped"


@pytest.mark.parametrize(("kind", "hours"), [("s5_4", 6), ("s5_2", 72)])
def test_holding_powers_of_a_ward(kind: str, hours: int) -> None:
    """K8: six hours for a nurse, seventy-two for a doctor, and never in an emergency department: nobody there is an
    inpatient.
    """
    story = watched()
    story.at("10:00").opens(MHT, said=CALM)
    with refused("status.not_at"):
        story.does(MHT, c.BeginStatus(kind, "emergency_department"))
    story.does(MHT, c.BeginStatus(kind, "mental_health_suite"))
    clock = "nurse_holding" if kind == "s5_4" else "doctor_holding"
    assert story.clock(clock).due_at == instant("10:00") + timedelta(hours=hours)
    story.does(MHT, c.EndStatus(next(iter(story.case.statuses)), "informal admission"))
    assert story.clock(clock).status == "stopped"
    assert "detention" not in story.case.clocks
