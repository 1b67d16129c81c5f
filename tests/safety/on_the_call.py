"""Failures on the call: what was not asked, not added up, not believed, not told."""

from __future__ import annotations

from safehands.core import commands as c
from safehands.core.pathway import Pathway
from safehands.errors import BadInput
from safety.failures import failure
from scenario import CALM, FORM, PACK, in_use, person, refused

POL, SERGEANT = person("POL"), person("POL", "supervisor")
AMB, MHT, ASC = person("AMB", "dispatcher"), person("MHT", "desk"), person("ASC", "desk")

#: A call about somebody who does not answer, with nothing else known to be wrong.
SILENT = {**CALM, "resp": "none", "prof": "social_care"}


@failure(1, rows=("A9.1", "A9.2"))
def the_reporters_view_was_overruled(pathway: Pathway) -> None:
    """Failure 1: a professional says that life is at risk, nobody answers, it is out of character; nobody was sent."""
    story = (
        in_use(pathway)
        .at("15:46")
        .opens(POL, said={**SILENT, "ooc": "yes", "view": "yes", "ind": ["unattended", "prior_attempt_12m"]})
    )
    story.does(POL, c.Conclude())
    assert (story.concluded, story.row) == (5, "A9.1")
    with refused("decision.lower"):
        story.decides(POL, 1)
    story.decides(POL, 5)
    assert story.holder == "POL"
    assert str(story.clock("imm").due_at)[11:16] == "16:01"


@failure(1, rules=("safehands.core.decide.contact.pool_registers",))
def each_call_was_judged_alone(pathway: Pathway) -> None:
    """Failure 1: four calls, each with some of the risks, and never all of them together."""
    said = {name: value for name, value in SILENT.items() if name not in ("duty", "repeat")}
    story = (
        in_use(pathway)
        .at("15:46")
        .in_case("social worker")
        .opens(POL, said={**said, "ind": ["prior_attempt_12m"]}, phone="1")
    )
    story.does(POL, c.Conclude())
    story.lowers(POL, 1, SERGEANT)
    story.tells(POL, "caller", attending="no")
    story.at("16:38").in_case("mother").opens(
        POL, said={**said, "prof": "family_friend", "ind": ["unattended"]}, phone="1"
    )
    story.does(POL, c.Conclude())
    assert story.case.links == (story.engine.case("social worker").stream,)
    assert story.concluded == 4
    assert {"A10.1", "A11.1"} <= set(story.case.conclusion.rows)  # type: ignore[union-attr]  # it was concluded above


@failure(2, rules=("safehands.core.decide.decisions.check_must_ask",))
def the_question_whether_life_is_at_risk_was_not_asked(pathway: Pathway) -> None:
    """Failure 2: nobody asked whether life was at risk, and the caller was told to ring the ambulance service."""
    said = {name: value for name, value in SILENT.items() if name != "view"}
    story = in_use(pathway).at("20:31").opens(POL, said=said)
    story.does(POL, c.Conclude())
    assert "view_not_asked" in story.concerns()
    with refused("decision.must_ask"):
        story.decides(SERGEANT, 3)
    story.says(POL, view="declined")
    story.at("20:37")
    assert story.decided == 4


@failure(3, rows=("entry_without_assignee",))
def a_locked_door_was_nobodys_task(pathway: Pathway) -> None:
    """Failure 3: a message about an overdose; police and then forced entry were declined for two hours."""
    story = in_use(pathway).at("10:00").opens(POL, said={**SILENT, "life": "act", "entry": "forced"})
    story.does(POL, c.Conclude())
    assert (story.concluded, story.row) == (6, "A3")
    story.decides(POL, 6)
    assert "entry_without_assignee" in story.concerns()
    story.offers(POL, "FRS", "entry", task="entry")
    story.offers(POL, "FRS-north", "entry", task="entry")
    story.accepts(person("FRS", "desk"))
    assert story.offer("FRS-north").status == "withdrawn"
    assert "entry_without_assignee" not in story.concerns()


@failure(4, rows=("A3",))
def the_family_was_made_to_ring_again(pathway: Pathway) -> None:
    """Failure 4: the family had to redial 999 for the other service; both were needed from the start."""
    story = in_use(pathway).at("10:00").opens(POL, said={**CALM, "life": "act"})
    story.does(POL, c.Conclude())
    assert story.concluded == 6
    assert set(story.case.conclusion.routes) == {"ambulance", "entry"}  # type: ignore[union-attr]  # it was concluded above
    story.decides(POL, 6)
    story.offers(POL, "AMB", "ambulance", pack=PACK)
    story.accepts(AMB)
    assert len(story.case.contacts) == 1
    assert story.holder == "AMB"


@failure(5, rules=("safehands.core.decide.closing.check_nothing_in_flight",))
def the_caller_gave_up_and_nobody_rang_back(pathway: Pathway) -> None:
    """Failure 5: passed between two services, the caller gave up; nobody called back."""
    story = in_use(pathway).at("10:00").opens(POL)
    story.at("10:01").does(POL, c.DropContact("case-caller"))
    assert story.holder == "POL"
    assert story.task("call_back").assignee == "POL"
    with refused("close.call_back_owed"):
        story.closes(POL, "out_of_scope")
    story.at("10:32")
    assert "clock_breached" in story.concerns()


@failure(8, rows=("A1.2",))
def a_man_with_a_knife_was_given_a_health_number(pathway: Pathway) -> None:
    """Failure 8: a caller asked for help with his mental health and said that he had a knife; he was sent to a health
    line.
    """
    story = in_use(pathway).at("06:00").opens(POL, said={**CALM, "weapon": "yes", "need": "mh", "prof": "self"})
    story.does(POL, c.Conclude())
    assert (story.concluded, story.row) == (5, "A1.2")
    with refused("decision.lower"):
        story.decides(POL, 0)


@failure(12, rows=("caller_not_told",))
def the_caller_was_never_told_that_nobody_comes(pathway: Pathway) -> None:
    """Failure 12: the caller was not told that police were not coming; the ambulance took four hours."""
    story = in_use(pathway).at("10:00").opens(POL, said={**CALM, "need": "mh"})
    story.does(POL, c.Conclude())
    story.decides(POL, 2)
    assert "caller_not_told" in story.concerns()
    story.tells(POL, attending="no", understood="no")
    assert "caller_did_not_understand" in story.concerns()
    assert "caller_not_told" not in story.concerns()


@failure(12, rules=("safehands.core.decide.people.check_can_tell",))
def the_caller_was_told_that_somebody_comes_whom_nobody_had_asked(pathway: Pathway) -> None:
    """Failure 12: what a caller is told about who comes must be so: nobody comes who has not accepted."""
    story = in_use(pathway).at("10:00").opens(POL, said={**CALM, "need": "medical"})
    story.does(POL, c.Conclude())
    story.offers(POL, "AMB", "ambulance", pack=PACK)
    story.does(AMB, c.AcknowledgeOffer(story.offer("AMB").offer))
    with refused("told.nobody_accepted"):
        story.tells(POL, attending="yes")
    story.accepts(AMB)
    story.tells(POL, attending="yes")


@failure(14, rows=("A14.3",))
def a_voluntary_patient_counted_for_less(pathway: Pathway) -> None:
    """Failure 14: a voluntary patient overdue from leave was not treated as high risk because of the legal status."""
    classes = set()
    for status in ("01", "02", "03"):
        story = (
            in_use(pathway)
            .at("10:00")
            .opens(POL, said={**CALM, "stream": "WALKOUT", "ind": ["prior_attempt_12m"], "mha": status})
        )
        story.does(POL, c.Conclude())
        classes.add((story.concluded, story.row))
    assert classes == {(3, "A14.3")}


@failure(17, rows=("A13.1",))
def an_absent_patient_would_not_be_looked_for(pathway: Pathway) -> None:
    """Failure 17: a detained patient ran away; the report came late, and police would probably not look for her now."""
    said = {
        **SILENT,
        "stream": "AWOL",
        "resp": "speaking",
        "ind": ["prior_attempt_12m", "goodbye_message"],
        "prof": "health",
    }
    story = in_use(pathway).at("14:00").opens(POL, said=said, about_own=True, reporter_agency="MHT")
    story.does(POL, c.Conclude())
    assert (story.concluded, story.row) == (5, "A13.1")
    assert story.holder == "MHT"
    story.decides(POL, 5)
    assert story.holder == "POL"


@failure(23, rows=("reporter_view_verbatim",))
def the_words_that_were_said_were_not_written_down(pathway: Pathway) -> None:
    """Failure 23: a plain statement of intent was not recorded by who heard it."""
    story = in_use(pathway).at("10:00").opens(POL, said=CALM)
    story.does(POL, c.Conclude())
    form = {name: text for name, text in FORM.items() if name in {field.id for field in pathway.decision_form}}
    try:
        story.decides(POL, 0, form={**form, **dict.fromkeys({"reporter_view_verbatim"} & set(form), "")})
    except BadInput as said:
        assert "in their words" in said.faults[0]  # noqa: PT017  # which field is missing is the point
    else:
        raise AssertionError("decided without the reporter's own words")


@failure(27, rows=("A7.3",))
def a_child_had_no_referral(pathway: Pathway) -> None:
    """Failure 27: a child; no shared record, and nobody told children's services in time."""
    story = in_use(pathway).at("10:00").opens(POL, said={**CALM, "child": 15, "ind": ["goodbye_message"]})
    story.does(POL, c.Conclude())
    assert (story.concluded, story.row) == (4, "A7.3")
    assert "children_referral" in story.case.conclusion.routes  # type: ignore[union-attr]  # it was concluded above
    story.offers(POL, "CSC", "children_referral", task="referral", pack=PACK)
    story.accepts(person("CSC", "desk"))
    assert story.task("referral").assignee == "CSC"


@failure(28, rules=("safehands.core.decide.triage.again",))
def new_information_changed_nothing(pathway: Pathway) -> None:
    """Failure 28: what was learned after the decision led to no reassessment."""
    story = in_use(pathway).at("10:00").opens(POL, said=CALM)
    story.does(POL, c.Conclude())
    story.decides(POL, 0)
    story.at("10:20").joins(POL, "clinic", said={"view": "yes", "prof": "health"})
    assert story.concluded == 4
    assert "decision_below_conclusion" in story.concerns()
    story.at("10:26")
    assert story.decided == 4


@failure(29, rows=("t2",))
def closed_with_four_words_and_no_reason(pathway: Pathway) -> None:
    """Failure 29: "entry not appropriate", no rationale, log closed."""
    story = in_use(pathway).at("10:00").opens(POL, said=CALM)
    story.does(POL, c.Conclude())
    form = {name: text for name, text in FORM.items() if name in {field.id for field in pathway.decision_form} - {"t2"}}
    assert _demanded(lambda: story.decides(POL, 0, form=form), "Protection")


@failure(32, rows=("article_2",))
def staff_had_to_justify_afterwards_what_nobody_had_asked_of_them(pathway: Pathway) -> None:
    """Failure 32: over-simple flowcharts; staff were asked afterwards to justify a decision in law."""
    story = in_use(pathway).at("10:00").opens(POL, said=CALM)
    story.does(POL, c.Conclude())
    form = {
        name: text
        for name, text in FORM.items()
        if name in {field.id for field in pathway.decision_form} - {"article_2"}
    }
    assert _demanded(lambda: story.decides(POL, 0, form=form), "Article 2")
    story.decides(POL, 0, history_shown=("case/earlier",))
    decision = story.case.decisions[-1]
    assert (decision.row, decision.concluded, decision.history_shown) == ("B7", 0, ("case/earlier",))


@failure(33, rows=("A12.1",))
def a_professionals_word_was_discounted(pathway: Pathway) -> None:
    """Failure 33: risk is said to be exaggerated to obtain a response; no statement may be discounted by itself."""
    story = in_use(pathway).at("10:00").opens(POL, said={**CALM, "view": "yes", "prof": "health"})
    story.does(POL, c.Conclude())
    assert (story.concluded, story.row) == (4, "A12.1")


def _demanded(decide: object, label: str) -> bool:
    assert callable(decide)
    try:
        decide()
    except BadInput as said:
        return any(label in fault for fault in said.faults)
    return False
