"""Contacts that begin, join, reopen and lose a case, and what the tables say of all of them together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from safehands.core import commands as c
from safehands.core.commands import Given
from safehands.core.decide import decide, triage
from safehands.core.vocabulary import Answer, Ground, Provenance
from safehands.errors import BadInput
from scenario import CALM, DAY, alone, in_use, instant, names, person, refused, right_care

POL, SERGEANT, AMB = person("POL"), person("POL", "supervisor"), person("AMB", "dispatcher")


def test_the_agency_that_took_the_contact_holds_from_its_first_second() -> None:
    story = alone().at("10:05")
    story.opens(POL, received_at=instant("10:00"))
    assert story.holder == "POL"
    assert story.case.holdings[0].since == instant("10:00")
    assert story.clock("triage").due_at == instant("10:05")
    story.check_sound()


def test_a_professional_about_their_own_patient_holds_it_until_the_line_is_lost() -> None:
    story = alone().at("10:00")
    story.opens(POL, about_own=True, reporter_agency="REP-clinic")
    assert story.holder == "REP-clinic"
    story.at("10:03").does(POL, c.DropContact("case-caller"))
    assert story.holder == "POL"
    assert story.task("call_back").assignee == "POL"
    assert "call_back_owed" in story.concerns()
    story.does(POL, c.MakeCallBack("case-caller", reached=False))
    assert "call_back_owed" in story.concerns()
    assert story.clock("callback").status == "running"
    story.does(POL, c.MakeCallBack("case-caller", reached=True))
    assert story.task("call_back").status == "done"
    assert "call_back_owed" not in story.concerns()
    story.check_sound()


def test_a_professional_who_names_no_agency_leaves_the_case_with_the_receiver() -> None:
    story = alone().at("10:00").opens(POL, about_own=True)
    assert story.holder == "POL"


def test_two_lines_are_lost_and_only_one_is_rung_back() -> None:
    story = alone().at("10:00").opens(POL)
    story.joins(POL, "mother")
    story.does(POL, c.DropContact("case-caller"))
    story.does(POL, c.DropContact("case-mother"))
    story.does(POL, c.MakeCallBack("case-mother", reached=True))
    assert [task.contact for task in story.case.open_tasks()] == ["case-caller"]
    with refused("close.call_back_owed"):
        story.closes(POL, "out_of_scope")


def test_a_line_is_lost_again_after_it_was_rung_back() -> None:
    story = alone().at("10:00").opens(POL)
    for minute in ("10:01", "10:03"):
        story.at(minute).does(POL, c.DropContact("case-caller"))
        assert "call_back_owed" in story.concerns()
        story.does(POL, c.MakeCallBack("case-caller", reached=True))
        story.does(POL, c.MakeCallBack("case-caller", reached=False))
        assert "call_back_owed" not in story.concerns()


def test_a_line_lost_long_ago_is_written_down_after_somebody_else_took_the_case() -> None:
    story = alone().at("10:00").opens(POL, about_own=True, reporter_agency="REP-clinic")
    story.at("10:02").does(AMB, c.AssumeCase("REP-clinic", Ground.PROFESSIONAL_JUDGEMENT, "we are with them"))
    story.at("10:03").does(POL, c.DropContact("case-caller"), happened="10:01")
    assert story.holder == "AMB"
    story.check_sound()


def test_union_of_risks_over_contacts_and_the_last_word_where_there_is_no_order() -> None:
    story = alone().at("10:00").opens(POL, said={**CALM, "life": "ideation", "ind": ["dementia"], "resp": "none"})
    story.at("10:01").joins(
        POL, "mother", said={"life": "none", "ind": ["prior_attempt_12m"], "resp": "seen", "view": "yes"}
    )
    values = triage.effective_answers(story.pathway, story.case)
    assert values["Q6"] == "ideation"
    assert values["Q11"] == ("dementia", "prior_attempt_12m")
    assert values["Q8"] == "seen"
    assert values["Q12"] == "yes"
    story.at("10:02").says(POL, resp="none")
    assert triage.effective_answers(story.pathway, story.case)["Q8"] == "none"


def test_a_count_counts_where_it_says_more_than_the_codes() -> None:
    story = alone().at("10:00").opens(POL, said={**CALM, "ind": ["dementia"]})
    story.joins(POL, "mother", said={"ind": 4})
    assert triage.effective_answers(story.pathway, story.case)["Q11"] == 4


def test_nobody_looked_for_other_cases() -> None:
    said = {name: value for name, value in CALM.items() if name not in ("duty", "repeat")}
    unlooked = alone().at("10:00").opens(POL, said=said)
    unlooked.does(POL, c.Conclude())
    assert (unlooked.concluded, unlooked.row) == (3, "A8.1")
    assert set(unlooked.case.conclusion.unknown) == {"Q19", "Q20"}  # type: ignore[union-attr]  # it was concluded above
    looked = alone().at("10:00").opens(POL, said=said, phone="07700900001")
    looked.does(POL, c.Conclude())
    assert (looked.concluded, looked.row) == (0, "B7")


def test_the_third_call_counts_two_earlier_ones_wherever_they_were_taken() -> None:
    for make in (alone, in_use):
        story = make().at("10:00").in_case("first").opens(POL, said=CALM, phone="1")
        story.does(POL, c.Conclude())
        story.at("10:01").decides(POL, 0)
        story.at("10:10").in_case("second").opens(POL, said=CALM, phone="1")
        story.does(POL, c.Conclude())
        assert (story.concluded, story.row) == (3, "A11.1")
        story.lowers(POL, 0, SERGEANT)
        story.at("10:20").joins(POL, "again", said=CALM, phone="1")
        assert (story.concluded, story.row) == (4, "A11.2")
        assert "decision_below_conclusion" in story.concerns()
        assert triage.refused_contacts(story.case, story.now) == 1
        story.check_sound()


def test_risk_told_to_one_case_reaches_the_other() -> None:
    story = in_use().at("10:00").in_case("first").opens(POL, said=CALM, phone="1")
    story.does(POL, c.Conclude())
    assert story.concluded == 0
    story.at("10:10").in_case("second").opens(POL, said={**CALM, "life": "intent"}, phone="1")
    first = story.in_case("first")
    assert first.case.links == (story.engine.case("second").stream,)
    assert first.concluded == 5
    first.check_sound()
    second = story.in_case("second")
    second.at("10:11").joins(POL, "again", said={}, phone="1")
    assert second.case.links == (first.engine.case("first").stream,)


def test_what_another_case_has_learned_since_is_read_again_with_the_next_contact() -> None:
    story = alone().at("10:00").in_case("first").opens(POL, said=CALM, phone="1")
    story.in_case("second").opens(POL, said=CALM, phone="1")
    story.does(POL, c.Conclude())
    story.in_case("first").says(POL, life="act")
    story.at("10:05").in_case("second").joins(POL, "again", phone="1")
    assert story.concluded == 6


def test_linking_by_hand_pools_both_ways_and_in_a_closed_case_asks_nothing() -> None:
    story = in_use().at("10:00").in_case("first").opens(POL, said={**CALM, "life": "intent"})
    story.in_case("second").opens(POL, said=CALM)
    story.does(POL, c.Conclude())
    story.decides(POL, 0)
    story.tells(POL, attending="no")
    story.closes(POL)
    events = story.does(POL, c.LinkCase(story.engine.case("first").stream, ("address",), "the same flat"))
    assert names(events)[:2] == ["cases_linked", "answers_recorded"]
    assert story.concluded == 0
    assert story.engine.case("first").links == (story.case.stream,)


def test_a_case_is_linked_to_one_that_has_said_nothing() -> None:
    story = alone().in_case("first").opens(POL)
    story.in_case("second").opens(POL)
    assert names(story.does(POL, c.LinkCase(story.engine.case("first").stream, ("address",), "the same flat"))) == [
        "cases_linked"
    ]


def test_a_new_contact_reopens_a_closed_case_and_the_tables_are_asked_anew() -> None:
    story = alone().at("10:00").opens(POL, said=CALM)
    story.does(POL, c.Conclude())
    story.decides(POL, 0)
    story.tells(POL, attending="no")
    story.at("10:10").closes(POL)
    assert story.case.running_clocks() == ()
    story.at("11:00").joins(AMB, "mother", said={"view": "yes"})
    assert story.holder == "AMB"
    assert story.case.holdings[-1].since == instant("11:00")
    assert story.decided is None
    assert story.concluded == 3
    assert story.clock("guarded").status == "running"
    assert story.clock("triage").status == "stopped"
    story.at("11:06")
    assert story.decided == 4
    assert story.holder == "AMB"
    story.check_sound()


def test_reopening_what_nobody_ever_asked_about_waits_for_triage() -> None:
    story = alone().at("10:00").opens(POL)
    story.closes(POL, "out_of_scope")
    story.at("10:30").does(POL, c.ReopenCase("it was not out of scope"))
    assert story.clock("triage").status == "running"
    story.at("10:36")
    assert story.concluded == 4  # nobody knows whether it is a child, nor whether life is threatened
    story.check_sound()


def test_a_contact_from_before_the_closing_is_learned_of_later() -> None:
    story = alone().at("10:00").opens(POL)
    story.at("10:04").closes(POL, "out_of_scope")
    story.at("10:40").joins(POL, "mother", received_at=instant("10:03"))
    assert story.case.holdings[-1].since == instant("10:04")
    story.check_sound()


def test_a_correction_stands_beside_what_was_wrong() -> None:
    story = alone().at("10:00").opens(POL, said={**CALM, "view": "yes"})
    story.does(POL, c.Conclude())
    assert story.concluded == 3
    story.does(POL, c.CorrectAnswer("case-caller", story.answers(POL, {"view": "no"})[0], "misheard: she said no"))
    assert story.concluded == 0
    assert story.clock("guarded").status == "stopped"
    story.does(POL, c.CorrectEntry(1, "reference", "SH-case", "SH-cast", "typed wrongly"))
    assert story.case.corrected == (1,)
    with pytest.raises(BadInput):
        story.does(POL, c.CorrectEntry(1, "reference", "a", "b", " "))


def test_asking_again_without_news_writes_nothing() -> None:
    for make in (alone, in_use):
        story = make().at("10:00").opens(POL, said=CALM)
        story.does(POL, c.Conclude())
        assert story.does(POL, c.Conclude()) == ()


def test_an_answer_to_a_question_that_no_table_reads() -> None:
    story = alone().at("10:00").opens(POL, said={"place": "moving"})
    story.at("10:01").says(POL, place="healthcare")
    values = triage.effective_answers(story.pathway, story.case)
    assert values["Q3"] == "healthcare"


def test_a_linked_case_knows_something_that_no_table_puts_in_order() -> None:
    story = (
        alone().in_case("first").opens(POL, said={"resp": "none", "ind": ["dementia"], "rave": ["violence"]}, phone="1")
    )
    story.in_case("second").opens(POL, said={"ind": ["pregnancy"]}, phone="1")
    values = triage.effective_answers(story.pathway, story.case)
    assert "Q8" not in values
    assert set(values["Q11"]) == {"dementia", "pregnancy"}  # type: ignore[arg-type]  # they are codes here
    assert values["Q18"] == ("violence",)


def test_unknown_after_a_known_answer_never_lowers() -> None:
    story = alone().at("10:00").opens(POL, said={**CALM, "view": "unknown"})
    story.says(POL, view="no")
    assert story.concluded == 0
    story.says(POL, view="unsure", conclude=False)
    assert story.case.conclusion is not None
    with refused("answers.less_risky"):
        story.says(POL, view="no")


def test_a_register_question_of_another_kind_is_left_alone() -> None:
    story = alone().at("10:00").opens(POL, said=CALM)
    questions = tuple(replace(q, register=q.register or q.name in ("conseq", "ind")) for q in story.pathway.questions)
    pathway = replace(story.pathway, questions=questions)
    assert {each.question for each in triage.nothing_on_record(pathway, story.now, "x")} == {"Q11", "Q19", "Q20"}
    values = triage.effective_answers(pathway, story.case)
    assert values["Q17"] == "none"
    other = Answer("Q17", "life", Provenance.REGISTER, story.now, "x")
    pooled = replace(story.case, answers={**story.case.answers, "case/other": {"Q17": other}})
    assert triage.effective_answers(pathway, pooled)["Q17"] == "life"
    bare = replace(pathway, questions=tuple(replace(question, register=False) for question in questions))
    looked = alone(bare).at("10:00").opens(POL, phone="1")
    assert triage.REGISTERS not in looked.case.answers


def test_clocks_of_two_of_our_own_machines_differ() -> None:
    story = alone().at("10:10").opens(POL, said=CALM)
    story.now = instant("10:09")
    events = story.does(POL, c.Conclude())
    assert events
    assert story.case.last_at == instant("10:10")
    assert story.case.last_recorded_at == instant("10:10")
    story.now = story.case.opened_at - timedelta(minutes=3)
    with refused("time.before_opening"):
        story.does(POL, c.Conclude())
    story.check_sound()


def test_only_a_contact_opens_a_case() -> None:
    with pytest.raises(ValueError, match="only TakeContact"):
        decide(c.Conclude(), "case/x", None, right_care(), Given("c", DAY, DAY, POL, DAY))
