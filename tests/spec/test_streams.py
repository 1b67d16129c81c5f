"""Streams of contact before and after their date (right-care sheet 1.3), exemptions and special handling (each row of
1.4).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from safehands.core import commands as c
from safehands.core.decide.decisions import OTHER_POLICY
from safehands.core.events import AgencyDescribed, StreamSwitched
from safehands.core.vocabulary import Ground
from safehands.errors import BadInput, NotFound
from safehands.service import agencies
from safehands.service.sampling import in_sample, sample
from safehands.service.shadow import Shadowed, shadow_report
from scenario import CALM, FORM, PACK, InUse, Story, instant, person, refused
from spec.watched import Watched, watched

POL, SERGEANT, AMB, MHT, CSC = (
    person("POL"),
    person("POL", "supervisor"),
    person("AMB", "dispatcher"),
    person("MHT", "desk"),
    person("CSC", "desk"),
)

PRESENT = {**FORM, OTHER_POLICY: "force policy 12: attend every concern for welfare"}


def service(story: Story) -> InUse:
    assert isinstance(story.engine, Watched)
    return story.engine


def switch(story: Story, stream: str, on_from: str, agency: str = "POL") -> None:
    """The force names the date from which a stream is on."""
    engine = service(story)
    engine.clock.move_to(story.now)
    event = StreamSwitched("right-care", stream, agency, instant(on_from), "assistant chief constable")
    agencies.switch(engine.store, engine.clock, SERGEANT, event)


def asked(story: Story, at: str, name: str, **said: object) -> Story:
    """A call comes in and the tables are asked."""
    story.at(at).in_case(name).opens(POL, said={**CALM, **said})
    story.does(POL, c.Conclude())
    return story


class TestBeforeTheDate:
    def test_it_concludes_and_is_recorded_and_is_no_advice(self) -> None:
        story = watched()
        switch(story, "CFW", "12:00")
        asked(story, "10:00", "early")
        assert story.case.conclusion is None
        assert story.case.shadow is not None
        assert (story.case.shadow.outcome, story.case.shadow.row, story.case.shadow.shadow) == (0, "B7", True)

    def test_a_policy_that_is_not_released_is_no_reason_not_to_go(self) -> None:
        story = watched()
        switch(story, "CFW", "12:00")
        asked(story, "10:00", "early")
        with refused("decision.shadow"):
            story.decides(POL, 0)
        story.decides(POL, 0, form=PRESENT)
        assert story.case.decisions[-1].concluded == -1
        assert story.case.decisions[-1].form[OTHER_POLICY]

    def test_going_needs_no_policy(self) -> None:
        story = watched()
        switch(story, "CFW", "12:00")
        asked(story, "10:00", "early").decides(POL, 4)
        assert story.decided == 4

    def test_silence_fails_towards_help_in_shadow_too(self) -> None:
        story = watched()
        switch(story, "CFW", "+1 12:00")
        asked(story, "10:00", "early").at("10:30")
        assert story.decided == 3
        story.at("10:35")
        assert story.decided == 4

    def test_on_the_second_of_the_date_it_is_advice(self) -> None:
        story = watched()
        switch(story, "CFW", "12:00")
        asked(story, "11:59:59", "last in shadow")
        assert story.case.conclusion is None
        asked(story, "12:00", "first")
        assert (story.concluded, story.row) == (0, "B7")

    def test_other_streams_and_other_forces_are_on(self) -> None:
        story = watched()
        switch(story, "CFW", "12:00")
        asked(story, "10:00", "medical", stream="MEDICAL", need="medical")
        assert story.concluded == 3
        north = person("POL-north")
        story.in_case("north").opens(north, said=CALM)
        story.does(north, c.Conclude())
        assert story.concluded == 0

    def test_a_date_is_put_off_and_read_again_within_half_a_minute(self) -> None:
        story = watched()
        switch(story, "CFW", "09:00")
        asked(story, "10:00", "one")
        assert story.concluded == 0
        switch(story, "CFW", "12:00")
        asked(story, "10:00:30", "two")
        assert story.case.conclusion is None
        store = service(story).store
        assert agencies.shadow_streams(store, "POL", "right-care", instant("11:00")) == {"CFW"}
        assert agencies.shadow_streams(store, "POL", "right-care", instant("12:00")) == frozenset()
        assert agencies.shadow_streams(store, "POL", "another", instant("11:00")) == frozenset()

    def test_what_the_shadow_would_have_done(self) -> None:
        story = watched()
        switch(story, "CFW", "+1 12:00")
        asked(story, "10:00", "goes all the same").decides(POL, 4)
        asked(story, "10:01", "two").decides(POL, 0, form=PRESENT)
        asked(story, "10:02", "not gone to", view="yes", prof="health").decides(POL, 0, form=PRESENT)
        asked(story, "10:03", "nobody decided", view="yes", prof="health")
        report = shadow_report(service(story).store.facts(), story.pathway)
        assert report.lines == (
            Shadowed("A12.1", 4, 0, 1), Shadowed("A12.1", 4, None, 1), Shadowed("B7", 0, 0, 1), Shadowed("B7", 0, 4, 1)
        )  # fmt: skip
        assert (report.cases, report.sent_besides, report.sent_no_more, report.undecided) == (4, 1, 1, 1)

    def test_linked_cases_each_go_by_their_own_force(self) -> None:
        story = watched()
        switch(story, "CFW", "+1 12:00")
        said = {name: said for name, said in CALM.items() if name not in ("repeat", "duty")}
        story.at("10:00").in_case("one").opens(POL, said=said, phone="07700 900200")
        story.does(POL, c.Conclude())
        story.in_case("two").opens(POL, said={**said, "life": "intent"}, phone="07700 900200")
        case = story.engine.case("one")
        assert case.conclusion is None
        assert case.shadow is not None
        assert case.shadow.outcome == 5


class TestTheContactBook:
    PAGE = AgencyDescribed("ASC-hill", "Hill Council", False, "020 7946 0100", "immediate risk only", 180)

    def described(self, page: AgencyDescribed = PAGE) -> Story:
        story = watched()
        engine = service(story)
        agencies.describe(engine.store, engine.clock, SERGEANT, page)
        return asked(story, "10:00", "case", need="social")

    def test_its_page_is_on_the_screen_before_an_offer_goes(self) -> None:
        story = self.described()
        with refused("offer.book_not_shown"):
            story.offers(POL, "ASC-hill", "adult_social_care", pack=PACK)
        page = agencies.shown_of(agencies.book_entry(service(story).store, "ASC-hill"))
        story.offers(POL, "ASC-hill", "adult_social_care", pack=PACK, shown=page)
        story.does(POL, c.AcceptByWord(story.offer("ASC-hill").offer, "the duty worker", "duty social worker", "H-31"))
        assert story.holder == "ASC-hill"
        assert "taken_by_word" in story.concerns()
        story.does(POL, c.ConfirmWord(story.offer("ASC-hill").offer, "mail of 10:20"))
        assert "taken_by_word" not in story.concerns()

    def test_the_page_has_changed_since(self) -> None:
        story = self.described()
        old = agencies.shown_of(self.PAGE)
        engine = service(story)
        agencies.describe(engine.store, engine.clock, SERGEANT, replace(self.PAGE, response_minutes=None))
        with refused("offer.book_not_shown"):
            story.offers(POL, "ASC-hill", "adult_social_care", pack=PACK, shown=old)
        page = agencies.shown_of(agencies.book_entry(engine.store, "ASC-hill"))
        assert page["response_minutes"] == "unknown"
        story.offers(POL, "ASC-hill", "adult_social_care", pack=PACK, shown=page)

    def test_an_agency_on_the_system_answers_for_itself(self) -> None:
        story = self.described(replace(self.PAGE, on_system=True, reached_by=""))
        story.offers(POL, "ASC-hill", "adult_social_care", pack=PACK)

    def test_a_page_with_everything_wrong(self) -> None:
        story = watched()
        engine = service(story)
        with pytest.raises(BadInput) as said:
            agencies.describe(engine.store, engine.clock, SERGEANT, AgencyDescribed("X", " ", False, "", "", -1))
        assert len(said.value.faults) == 3
        with pytest.raises(NotFound):
            agencies.book_entry(engine.store, "X")


class TestSpecialHandling:
    """Right-care sheet 1.4, row by row."""

    @pytest.mark.parametrize(
        ("said", "flag"), [({"crime": "in_progress"}, "crime_policy"), ({"crime": "past"}, "crime_policy")]
    )
    def test_crime_is_not_right_care(self, said: dict[str, object], flag: str) -> None:
        story = asked(watched(), "10:00", "case", **said)
        assert story.concluded >= 3
        assert story.case.conclusion is not None
        assert flag in story.case.conclusion.flags

    def test_domestic_abuse_is_a_sign_of_risk_and_never_advice_alone(self) -> None:
        story = asked(watched(), "10:00", "case", ind=["domestic_abuse"])
        assert story.concluded == 3

    def test_a_missing_person_is_looked_for_before_anything_is_returned(self) -> None:
        """Nobody knows where they are: the missing-person policy comes first, though the rest would be a return to the
        reporter.
        """
        story = asked(watched(), "10:00", "case", missing="yes", prof="health", enq=["incomplete"])
        assert (story.concluded, story.row) == (3, "A6")
        assert story.case.conclusion is not None
        assert "missing_person_policy" in story.case.conclusion.flags

    @pytest.mark.parametrize("said", [{"life": "intent"}, {"harm": "yes"}, {"life": "act"}])
    def test_a_threat_to_life_always_gets_a_response(self, said: dict[str, object]) -> None:
        assert asked(watched(), "10:00", "case", **said).concluded >= 5

    def test_medical_and_immediate_is_joint(self) -> None:
        story = asked(watched(), "10:00", "case", life="act", need="medical")
        assert story.concluded == 6
        assert story.case.conclusion is not None
        assert "ambulance" in story.case.conclusion.routes

    @pytest.mark.parametrize("age", [9, "under18", "unknown"])
    def test_a_child_is_closed_by_nobody_alone(self, age: object) -> None:
        story = asked(watched(), "10:00", "case", child=age)
        assert story.concluded == 3
        with refused("decision.supervisor"):
            story.decides(POL, 3)
        with refused("decision.lower"):
            story.decides(POL, 0)

    def test_a_child_at_risk_is_referred_to_childrens_social_care_within_a_quarter_of_an_hour(self) -> None:
        story = asked(watched(), "10:00", "case", child=15, life="ideation")
        assert (story.concluded, story.row) == (4, "A7.4")
        assert "children_not_referred" in story.concerns()
        story.offers(POL, "CSC", "children_referral", task="safeguarding", pack=PACK)
        assert "children_not_referred" not in story.concerns()
        assert story.clock("referral_child").due_at == instant("10:15")
        story.accepts(CSC)
        assert story.holder == "POL"

    def test_voluntary_patients_count_for_no_less(self) -> None:
        found = set()
        for status in ("01", "03", "unknown"):
            story = asked(watched(), "10:00", "case", stream="WALKOUT", conseq="serious", mha=status)
            found.add((story.concluded, story.row))
        assert found == {(3, "A14.2")}

    def test_section_136_is_no_matter_of_triage(self) -> None:
        """What an officer at the scene does is the officer's: the tables have no say in it, nor does the class that
        stands.
        """
        story = asked(watched(), "10:00", "case")
        story.decides(POL, 0)
        story.does(
            POL, c.BeginStatus("s136_removed", "on_the_way", {"consulted": "nobody: he ran", "found_at": "in the road"})
        )
        assert story.holder == "POL"

    def test_the_ambulance_cannot_come_in_time(self) -> None:
        story = asked(watched(), "10:00", "case", need="medical", stream="MEDICAL")
        assert (story.concluded, story.row) == (3, "A15")
        story.offers(POL, "AMB", "ambulance", pack=PACK)
        story.does(AMB, c.DeclineOffer(story.offer("AMB").offer, "no crew for four hours"))
        assert "offer_unanswered" in story.concerns()
        story.at("10:05")
        assert (story.decided, story.holder) == (4, "POL")

    @pytest.mark.parametrize("duty", ["promise_made", "stand_down_of_other", "police_contact_24h"])
    def test_a_danger_that_police_made_is_theirs_whatever_else_is_so(self, duty: str) -> None:
        story = asked(watched(), "10:00", "case", duty=[duty])
        assert (story.concluded, story.row) == (4, "A8")

    def test_somebody_who_takes_it_by_judgement_is_never_stopped(self) -> None:
        story = asked(watched(), "10:00", "case")
        story.does(POL, c.Raise(5, "I know this address"))
        assert story.decided == 5
        story.offers(POL, "MHT", "crisis_support", task="advice")
        story.does(MHT, c.AssumeCase("POL", Ground.PROFESSIONAL_JUDGEMENT, "she is with us"))
        assert story.holder == "MHT"


class TestSampling:
    def test_nobody_chooses_and_everybody_can_check(self) -> None:
        decisions = [f"d{n}" for n in range(2000)]
        drawn = sample(decisions, "seed of March", 0.1)
        assert drawn == sample(decisions, "seed of March", 0.1)
        assert drawn != sample(decisions, "seed of April", 0.1)
        assert 140 < len(drawn) < 260
        assert not in_sample("d1", "s", 0.0)
        assert in_sample("d1", "s", 1.0)
        with pytest.raises(ValueError, match="between 0 and 1"):
            in_sample("d1", "s", 1.1)

    def test_a_reviewed_decision_is_somebody_elses_word(self) -> None:
        story = asked(watched(), "10:00", "case")
        story.decides(POL, 0)
        decision = story.case.decisions[-1].decision
        story.does(SERGEANT, c.Raise(4, "go and look"))
        with refused("review.own"):
            story.does(POL, c.ReviewDecision(decision, "pass", "whole and right"))
        story.does(SERGEANT, c.ReviewDecision(decision, "fail", "nobody asked who is with him"))
        assert story.case.reviewed == (decision,)


class TestDisputes:
    def story(self, **said: object) -> Story:
        story = asked(watched(), "10:00", "case", **said)
        story.offers(POL, "AMB", "ambulance_support", task="treatment")
        return story

    def raised(self, story: Story, *, risk: bool) -> str:
        story.does(AMB, c.RaiseChallenge("POL", "he is armed; this is yours", asserts_risk=risk))
        return next(iter(story.case.challenges))

    def test_each_level_has_its_time_and_silence_goes_up_and_sends_somebody(self) -> None:
        story = self.story()
        challenge = self.raised(story, risk=True)
        assert story.decided is None
        story.at("10:05")
        assert story.case.challenges[challenge].level == 3
        story.at("10:20")
        assert story.case.challenges[challenge].level == 4
        assert story.decided == 4
        story.at("10:50")
        assert story.case.challenges[challenge].state == "exhausted"
        assert "dispute_exhausted" in story.concerns()
        assert story.holder == "POL"

    def test_without_risk_nobody_is_sent_by_a_dispute(self) -> None:
        story = self.story()
        story.decides(POL, 0)
        self.raised(story, risk=False)
        story.at("10:20")
        assert story.decided == 0

    def test_where_the_reporter_says_that_life_is_at_risk_somebody_goes_while_they_talk(self) -> None:
        story = self.story(view="yes")
        story.lowers(POL, 1, SERGEANT)
        self.raised(story, risk=True)
        assert story.decided == 4

    def test_it_is_talked_over_and_settled(self) -> None:
        story = self.story()
        challenge = self.raised(story, risk=False)
        story.does(POL, c.AnswerChallenge(challenge, "no weapon was seen"))
        story.does(POL, c.EscalateChallenge(challenge))
        assert story.case.challenges[challenge].due_at == instant("10:15")
        story.does(POL, c.SettleChallenge(challenge, "upheld", "the inspector and the duty manager agree"))
        assert story.clock("challenge").status == "stopped"
        story.at("10:16").does(AMB, c.RaiseChallenge("POL", "now a knife was seen", asserts_risk=True))
        assert len(story.case.challenges) == 2


def test_half_a_minute_is_what_a_switch_is_kept_for() -> None:
    assert timedelta(seconds=30) == agencies.KEPT_FOR


def test_another_forces_case_is_decided_by_that_forces_dates() -> None:
    """Not who asks: the receiver. What it says of its streams is read first, outside the transaction."""
    story = watched()
    switch(story, "CFW", "+1 12:00")
    asked(story, "10:00", "case")
    assert story.case.conclusion is None
    story.offers(POL, "AMB", "ambulance_support", task="treatment")
    story.at("10:01").does(AMB, c.RecordAnswers("case-caller", story.answers(AMB, {"life": "intent"}), conclude=True))
    assert story.case.conclusion is None
    assert story.case.shadow is not None
    assert story.case.shadow.outcome == 5
