"""What provokes each rule of detentions, extensions, corrections, bookings, disputes, stand-downs, reviews and streams
in shadow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from refusals import refusal
from safehands.core import commands as c
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import Ground
from safehands.pathways.load import load, parse
from scenario import CALM, Alone, Story, instant, person

POL, SERGEANT, INSPECTOR = person("POL"), person("POL", "supervisor"), person("POL", "inspector")
AMB, MHT, FRS, ASC = person("AMB", "dispatcher"), person("MHT", "desk"), person("FRS", "desk"), person("ASC", "desk")

#: What has to be stated to use section 136.
GROUNDS: Mapping[str, str] = {"consulted": "crisis team, 22:05: bring him in", "found_at": "in the street"}
#: What has to be stated to use a police station.
STATION: Mapping[str, str] = dict.fromkeys(
    ("imminent_risk", "no_other_place", "health_professional", "inspector", "welfare_checks"), "stated"
)
EVIDENCE: Mapping[str, str] = {
    "doctor": "D-17",
    "doctor_role": "responsible for the examination",
    "authorised_at": "22:00",
}
WARRANT = ("POL", "AMB", "DOCTOR", "BED")


def begun(story: Story, **said: object) -> Story:
    """The police take a calm call, but for what is ``said``, and ask the tables."""
    story.at("10:00").opens(POL, said={**CALM, **said})
    story.does(POL, c.Conclude())
    return story


def detained(story: Story, place: str = "on_the_way", **said: object) -> str:
    """Somebody is detained in the street."""
    begun(story, **said).does(POL, c.BeginStatus("s136_removed", place, {**GROUNDS, **STATION}))
    return next(iter(story.case.statuses))


def arrived(story: Story, place: str = "emergency_department") -> Story:
    """Detained, and at a place of safety."""
    status = detained(story, "on_the_way", child=40)
    story.does(POL, c.MoveStatus(status, place, "there", STATION))
    story.does(POL, c.RecordMilestone("arrival_at_place_of_safety"))
    return story


def planned(story: Story) -> str:
    """A warrant is planned for two in the afternoon."""
    begun(story).does(POL, c.PlanBooking("warrant_s135", instant("14:00"), WARRANT))
    return next(iter(story.case.bookings))


def disputed(story: Story) -> str:
    """The ambulance service, which was asked to help, disputes what the police decided."""
    begun(story, view="no").offers(POL, "AMB", "ambulance_support", task="treatment")
    story.does(AMB, c.RaiseChallenge("POL", "this is a police matter", asserts_risk=False))
    return next(iter(story.case.challenges))


def decided(story: Story) -> str:
    """A decision to advise."""
    begun(story).decides(POL, 0)
    return story.case.decisions[-1].decision


def extended(story: Story, by: int = 12, reason: str = "condition", evidence: Mapping[str, str] = EVIDENCE) -> object:
    """More time is asked for the detention."""
    return story.does(MHT, c.ExtendClock("detention", timedelta(hours=by), reason, evidence))


def entry_offered(story: Story) -> str:
    """Fire and rescue is the only agency asked to get in."""
    begun(story, life="act", entry="forced").offers(POL, "FRS", "entry", task="entry")
    return story.offer("FRS").offer


def entry_taken(story: Story) -> str:
    """Fire and rescue has the task of getting in."""
    entry_offered(story)
    story.accepts(FRS)
    return story.task("entry").task


# --- decisions


@refusal("decision.history")
def _(story: Story) -> object:
    begun(story).joins(POL, "neighbour", {"view": "no"})
    return story.decides(POL, 0, history_shown=())


@refusal("decision.shadow")
def _(story: Story) -> object:
    story.engine = Alone(story.pathway, shadow_streams=frozenset({"CFW"}))
    begun(story)
    return story.decides(POL, 0)


@refusal("review.decision")
def _(story: Story) -> object:
    return begun(story).does(SERGEANT, c.ReviewDecision("nothing", "pass", "whole"))


@refusal("review.own")
def _(story: Story) -> object:
    decision = decided(story)
    return story.does(POL, c.ReviewDecision(decision, "pass", "I was right"))


@refusal("review.result")
def _(story: Story) -> object:
    decision = decided(story)
    return story.does(SERGEANT, c.ReviewDecision(decision, "fine", "whole"))


@refusal("review.done")
def _(story: Story) -> object:
    decision = decided(story)
    story.does(SERGEANT, c.ReviewDecision(decision, "fail", "nobody asked who is with him"))
    return story.does(SERGEANT, c.ReviewDecision(decision, "pass", "on second thoughts"))


# --- offers and tasks


@refusal("offer.task_route")
def _(story: Story) -> object:
    return begun(story).offers(POL, "MHT", "crisis_support", task="entry")


@refusal("offer.comes_along")
def _(story: Story) -> object:
    return begun(story).offers(POL, "MHT", "crisis_line", comes_along=True)


@refusal("offer.book_not_shown")
def _(story: Story) -> object:
    page = {"threshold": "immediate risk only", "response_minutes": "180", "reached_by": "020 7946 0100"}
    story.engine = Alone(story.pathway, outside={"ASC-hill": page})
    begun(story)
    return story.offers(POL, "ASC-hill", "adult_social_care", shown={**page, "response_minutes": "60"})


@refusal("offer.last_entry")
def _(story: Story) -> object:
    offer = entry_offered(story)
    return story.does(FRS, c.DeclineOffer(offer, "all out"))


@refusal("task.last_entry")
def _(story: Story) -> object:
    task = entry_taken(story)
    return story.does(FRS, c.HandBackTask(task, "called to a fire"))


@refusal("task.no_power")
def _(story: Story) -> object:
    task = entry_taken(story)
    return story.does(AMB, c.TakeTask(task, "FRS", "we are at the door"))


@refusal("task.one_entry")
def _(story: Story) -> object:
    entry_taken(story)
    return story.does(POL, c.AddTask("entry", "break the door"))


# --- detentions


@refusal("status.power")
def _(story: Story) -> object:
    return begun(story).does(POL, c.BeginStatus("citizen", "on_the_way"))


@refusal("status.power_by")
def _(story: Story) -> object:
    return begun(story).does(MHT, c.BeginStatus("s136_removed", "on_the_way", GROUNDS))


@refusal("status.power_grounds")
def _(story: Story) -> object:
    return begun(story).does(POL, c.BeginStatus("s136_removed", "on_the_way", {"found_at": "in the street"}))


@refusal("status.not_at")
def _(story: Story) -> object:
    return begun(story).does(person("ACU", "desk"), c.BeginStatus("s5_2", "emergency_department"))


@refusal("status.running")
def _(story: Story) -> object:
    detained(story)
    return story.does(POL, c.BeginStatus("s136_removed", "on_the_way", GROUNDS))


@refusal("status.unknown")
def _(story: Story) -> object:
    return begun(story).does(POL, c.EndStatus("nothing", "discharged"))


@refusal("status.place")
def _(story: Story) -> object:
    return begun(story).does(POL, c.BeginStatus("s136_removed", "the pub", GROUNDS))


@refusal("status.same_place")
def _(story: Story) -> object:
    status = detained(story)
    return story.does(POL, c.MoveStatus(status, "on_the_way", "round the block"))


@refusal("status.adults_only")
def _(story: Story) -> object:
    return detained(story, "police_station", child="unknown")


@refusal("status.grounds")
def _(story: Story) -> object:
    status = detained(story)
    return story.does(POL, c.MoveStatus(status, "home", "his mother's"))


@refusal("status.place_closed")
def _(story: Story) -> object:
    story.engine = Alone(closed_stations(story))
    return detained(story, "police_station", child=40)


def closed_stations(story: Story) -> Pathway:
    """The pathway with the dated switch in the past: police stations are no places of safety any more."""
    text = story.pathway.text.replace("# until = 2030-01-01T00:00:00Z", "until = 2026-01-01T00:00:00Z")
    return parse(text)


# --- extensions and corrections


@refusal("extension.not_running")
def _(story: Story) -> object:
    begun(story)
    return extended(story)


@refusal("extension.none")
def _(story: Story) -> object:
    arrived(story)
    return story.does(MHT, c.ExtendClock("handover_hour", timedelta(hours=1), "condition", EVIDENCE))


@refusal("extension.once")
def _(story: Story) -> object:
    arrived(story)
    extended(story, 6)
    return extended(story, 6)


@refusal("extension.too_late")
def _(story: Story) -> object:
    arrived(story).at("+1 10:01")
    return extended(story)


@refusal("extension.reason")
def _(story: Story) -> object:
    arrived(story)
    return extended(story, reason="no approved professional")


@refusal("extension.too_long")
def _(story: Story) -> object:
    arrived(story)
    return extended(story, 13)


@refusal("extension.evidence")
def _(story: Story) -> object:
    arrived(story)
    return extended(story, evidence={"doctor": "D-17"})


@refusal("extension.approval")
def _(story: Story) -> object:
    arrived(story, "police_station")
    return extended(story)


@refusal("correction.no_milestone")
def _(story: Story) -> object:
    wrong, right = instant("09:00"), instant("10:00")
    return arrived(story).does(POL, c.ProposeMilestoneCorrection("arrival_at_place_of_safety", wrong, right, "typo"))


@refusal("correction.none")
def _(story: Story) -> object:
    return arrived(story).does(SERGEANT, c.ConfirmMilestoneCorrection("nothing"))


@refusal("correction.second_person")
def _(story: Story) -> object:
    arrived(story).at("11:00")
    wrong, right = instant("10:00"), instant("10:30")
    story.does(POL, c.ProposeMilestoneCorrection("arrival_at_place_of_safety", wrong, right, "we waited outside"))
    return story.does(POL, c.ConfirmMilestoneCorrection(next(iter(story.case.corrections))))


# --- bookings


@refusal("booking.kind")
def _(story: Story) -> object:
    return begun(story).does(POL, c.PlanBooking("party", instant("14:00"), WARRANT))


@refusal("booking.parties")
def _(story: Story) -> object:
    return begun(story).does(POL, c.PlanBooking("warrant_s135", instant("14:00"), ("POL", "DOCTOR", "BED")))


@refusal("booking.past")
def _(story: Story) -> object:
    return begun(story).does(POL, c.PlanBooking("warrant_s135", instant("10:00"), WARRANT))


@refusal("booking.unknown")
def _(story: Story) -> object:
    return begun(story).does(POL, c.StartBooking("nothing"))


@refusal("booking.settled")
def _(story: Story) -> object:
    booking = planned(story)
    story.does(POL, c.CancelBooking(booking, "she came in by herself"))
    return story.does(POL, c.ConfirmBooking(booking, "POL"))


@refusal("booking.not_holder")
def _(story: Story) -> object:
    booking = planned(story)
    return story.does(AMB, c.StartBooking(booking))


@refusal("booking.no_party")
def _(story: Story) -> object:
    booking = planned(story)
    return story.does(FRS, c.ConfirmBooking(booking, "FRS"))


@refusal("booking.confirmed")
def _(story: Story) -> object:
    booking = planned(story)
    story.does(AMB, c.ConfirmBooking(booking, "AMB"))
    return story.does(AMB, c.ConfirmBooking(booking, "AMB"))


@refusal("booking.not_confirmed")
def _(story: Story) -> object:
    booking = planned(story)
    return story.does(AMB, c.WithdrawFromBooking(booking, "AMB", "no crew"))


@refusal("booking.not_yours")
def _(story: Story) -> object:
    booking = planned(story)
    story.does(AMB, c.ConfirmBooking(booking, "AMB"))
    return story.does(MHT, c.WithdrawFromBooking(booking, "AMB", "they said no"))


@refusal("booking.word")
def _(story: Story) -> object:
    booking = planned(story)
    return story.does(POL, c.ConfirmBooking(booking, "DOCTOR"))


@refusal("booking.not_go")
def _(story: Story) -> object:
    booking = planned(story)
    return story.does(POL, c.StartBooking(booking))


# --- disputes


@refusal("challenge.none_declared")
def _(story: Story) -> object:
    story.engine = Alone(load("other-incident"))
    story.opens(POL)
    story.does(AMB, c.AssumeCase("POL", Ground.PROFESSIONAL_JUDGEMENT, "ours"))
    return story.does(POL, c.RaiseChallenge("AMB", "it is ours", asserts_risk=False))


@refusal("challenge.self")
def _(story: Story) -> object:
    return begun(story).does(POL, c.RaiseChallenge("POL", "I disagree with myself", asserts_risk=False))


@refusal("challenge.stranger")
def _(story: Story) -> object:
    return begun(story).does(POL, c.RaiseChallenge("FRS", "you should come", asserts_risk=True))


@refusal("challenge.open_already")
def _(story: Story) -> object:
    disputed(story)
    return story.does(POL, c.RaiseChallenge("AMB", "no, yours", asserts_risk=False))


@refusal("challenge.unknown")
def _(story: Story) -> object:
    return begun(story).does(POL, c.AnswerChallenge("nothing", "no"))


@refusal("challenge.settled")
def _(story: Story) -> object:
    challenge = disputed(story)
    story.does(AMB, c.SettleChallenge(challenge, "withdrawn", "they are right"))
    return story.does(POL, c.EscalateChallenge(challenge))


@refusal("challenge.not_a_side")
def _(story: Story) -> object:
    challenge = disputed(story)
    return story.does(MHT, c.AnswerChallenge(challenge, "it is theirs"))


@refusal("challenge.last_level")
def _(story: Story) -> object:
    challenge = disputed(story)
    story.does(AMB, c.EscalateChallenge(challenge))
    story.does(POL, c.EscalateChallenge(challenge))
    return story.does(AMB, c.EscalateChallenge(challenge))


@refusal("challenge.result")
def _(story: Story) -> object:
    challenge = disputed(story)
    return story.does(POL, c.SettleChallenge(challenge, "whatever", "fine"))


@refusal("challenge.whose_answer")
def _(story: Story) -> object:
    challenge = disputed(story)
    return story.does(AMB, c.SettleChallenge(challenge, "changed", "we won"))


# --- closing and standing down


@refusal("close.challenge_open")
def _(story: Story) -> object:
    disputed(story)
    return story.closes(POL)


@refusal("close.status_running")
def _(story: Story) -> object:
    detained(story)
    return story.closes(POL)


@refusal("stand_down.supervisor")
def _(story: Story) -> object:
    begun(story).offers(POL, "AMB", "ambulance_support", task="treatment")
    return story.does(POL, c.StandDown("AMB", "not needed", "two officers"))


@refusal("stand_down.unverified")
def _(story: Story) -> object:
    begun(story).offers(POL, "AMB", "ambulance_support", task="treatment")
    return story.does(SERGEANT, c.StandDown("AMB", "a neighbour says that she is fine", " "))


@refusal("stand_down.stranger")
def _(story: Story) -> object:
    return begun(story).does(SERGEANT, c.StandDown("FRS", "not needed", "two officers"))


# --- several people, and waiting


@refusal("milestone.stranger")
def _(story: Story) -> object:
    return begun(story).does(POL, c.RecordMilestone("person_seen", "two officers", "somebody else"))


@refusal("close.subject_not_seen")
def _(story: Story) -> object:
    begun(story)
    for child in ("first child", "second child"):
        story.does(POL, c.IdentifyParty(child, "subject"))
    story.does(POL, c.RecordMilestone("person_seen", "two officers", "first child"))
    return story.closes(POL)


@refusal("delay.not_late")
def _(story: Story) -> object:
    begun(story).decides(POL, 4)
    return story.does(POL, c.ExplainDelay("pri", "all units at a fire", instant("11:30")))


@refusal("delay.past")
def _(story: Story) -> object:
    begun(story).decides(POL, 4)
    return story.at("11:01").does(POL, c.ExplainDelay("pri", "all units at a fire", instant("11:00")))


# --- clocks that stand still


def pausable(story: Story) -> Story:
    """The priority clock may be paused, and runs."""
    source = 'id = "pri"\nlabel = "Priority response"\n'
    rule = 'pause = { longest = "30 min", reasons = ["road closed"] }\n'
    story.pathway = parse(load("right-care").text.replace(source, source + rule))
    story.engine = Alone(story.pathway)
    begun(story).decides(POL, 4)
    return story


@refusal("pause.not_running")
def _(story: Story) -> object:
    return begun(story).does(POL, c.PauseClock("pri", "road closed", instant("10:20")))


@refusal("pause.none")
def _(story: Story) -> object:
    begun(story).decides(POL, 4)
    return story.does(POL, c.PauseClock("pri", "road closed", instant("10:20")))


@refusal("pause.too_late")
def _(story: Story) -> object:
    pausable(story).now = instant("11:00")
    return story.does(POL, c.PauseClock("pri", "road closed", instant("11:20")))


@refusal("pause.reason")
def _(story: Story) -> object:
    return pausable(story).does(POL, c.PauseClock("pri", "busy", instant("10:20")))


@refusal("pause.too_long")
def _(story: Story) -> object:
    return pausable(story).does(POL, c.PauseClock("pri", "road closed", instant("10:31")))


@refusal("pause.not_paused")
def _(story: Story) -> object:
    return pausable(story).does(POL, c.ResumeClock("pri", "the road is open"))
