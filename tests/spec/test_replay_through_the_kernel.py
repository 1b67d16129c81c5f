"""The replay of the evidence-review sheet, section 4, through registers and ``handle``, on each store.

What the old world did is first sent as a live act. Where a rule refuses it, it is entered as what it was: an act of
before this register. What stands open as a concern after each dated step must be what the rules say of that step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

import pytest

from material_builder import CALENDARS, CPS, POL, day
from safehands.core.events import ConcernCleared, ConcernRaised, ConcernRegraded
from safehands.core.records import commands as r
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.findings import RULES, Finding
from safehands.core.records.reading import now
from safehands.core.vocabulary import Actor, HappenedSource
from safehands.errors import Refused
from safehands.ledger.tree import stream_root
from safehands.pathways.load import load
from safehands.rulebook.integrity import INTEGRITY
from safehands.service.clock import SetClock
from safehands.service.material import material_at
from safehands.service.rebuild import rebuild
from safehands.service.registers import RegisterRequest, answer_sheet, enter
from safehands.store.ports import Store
from scenario import InUse, Story, case_id, in_use, refused
from spec.replay_steps import COLUMN_RULES, STEPS, Step, Told
from spec.test_evidence_replay import after, changes, rule_of

#: The command for each event of a case; those of a register have the event's name in ``_ENTRIES``.
_ACTS: Final[dict[type, type]] = {
    e.StageReached: r.ReachStage,
    e.RecordShared: r.ShareRecord,
    e.ShareReceived: r.ReceiveShare,
    e.ShareOpened: r.OpenShare,
    e.MaterialRequested: r.RequestMaterial,
    e.RequestAnswered: r.AnswerRequest,
    e.NothingFurtherAttested: r.AttestNothingFurther,
    e.MaterialDecided: r.DecideOnMaterial,
    e.LetterLogged: r.LogLetter,
}
_ENTRIES: Final[dict[type, type]] = {
    e.RecordRegistered: r.RegisterRecord,
    e.CopyRegistered: r.RegisterCopy,
    e.DerivationRecorded: r.RecordDerivation,
    e.DerivativeVerified: r.VerifyDerivative,
}
#: Who did it, by the event's own field; everybody else is the agency's clerk.
_WHO: Final = ("decider", "verified_by", "attested_by", "received_by", "person")

#: The id of what was refused.
_ID_OF: Final = {e.NothingFurtherAttested: "attestation", e.MaterialDecided: "decision", e.LetterLogged: "letter"}
#: What the rest of its step speaks of.
_FIRST: Final = (e.RecordRegistered, e.NothingFurtherAttested)

#: What nobody may do here live, and was entered as done before this register: the rules that refused it.
_NOT_NOW: Final = {"D0": {"evidence.own", "evidence.considered", "evidence.unseen", "evidence.index"}}
REFUSED: Final = {
    "A": {
        **_NOT_NOW,
        "T1": {"attestation.systems"},
        "D1": {"evidence.index", "evidence.orphan"},
        "D2": {"evidence.index", "evidence.orphan"},
    },
    "B": {
        **_NOT_NOW,
        "T1": {"attestation.systems", "attestation.contradicted"},
        "L1": {"letter.contradicts"},
        "D1": {"evidence.index", "evidence.open_requests"},
        "D2": {"evidence.index", "evidence.open_requests"},
    },
}


def made(command: type, event: Any, **more: Any) -> Any:
    """The command that gives an event, field by field."""
    said = {each.name: getattr(event, each.name) for each in fields(event)}
    return command(**{each.name: said[each.name] for each in fields(command) if each.name in said} | more)


@dataclass(slots=True)
class Replay:
    """One timeline on one store; ``refused`` names, by the id of the act, the rules that a live one ran into."""

    timeline: str
    story: Story
    refused: dict[str, set[str]] = field(default_factory=dict)
    _sent: int = 0

    @property
    def engine(self) -> InUse:
        assert isinstance(self.story.engine, InUse)
        return self.story.engine

    @property
    def stream(self) -> str:
        return f"case/{self.id}"

    @property
    def id(self) -> str:
        return case_id(self.story.name)

    def plays(self, step: Step) -> None:
        """Everything of one dated step, on its day."""
        self.story.at(day(step.on))
        for told in sorted(step.told(self.timeline), key=lambda told: type(told.event) not in _FIRST):
            self.tells(told)

    def tells(self, told: Told) -> None:
        event = told.event
        who = next((getattr(event, name) for name in _WHO if getattr(event, name, "")), f"{told.agency.lower()}-clerk")
        role = "prosecutor" if told.agency == CPS else "investigator"
        by = Actor(who, role, told.agency)
        if type(event) in _ENTRIES:
            self.enters(by, told)
        else:
            self.acts(by, event)

    def enters(self, by: Actor, told: Told) -> None:
        """An entry of the agency's own register; about another's record, from within the case."""
        event = told.event
        more = {"cases": (self.stream,)} if isinstance(event, e.RecordRegistered) else {}
        command = made(_ENTRIES[type(event)], event, **more)
        self._sent += 1
        late = told.happened is not None and told.happened < self.story.now
        source = HappenedSource.LATE if late else HappenedSource.LIVE
        here = self.id if told.agency == CPS else None
        self.engine.clock.move_to(self.story.now)
        request = RegisterRequest(f"r{self._sent}", command, by, told.happened, source, here)
        enter(self.engine.service, request)

    def acts(self, by: Actor, event: Any) -> None:
        """An act in the case: live where the rules let it, else as it was done."""
        command = made(_ACTS[type(event)], event)
        if isinstance(event, e.RecordShared) and event.copy not in self.material.copies:
            command = replace(command, copy=None)
        if isinstance(event, e.MaterialDecided):
            command = replace(command, decider="")
        if not hasattr(command, "legacy"):
            self.story.does(by, command)
            return
        try:
            self.story.does(by, replace(command, legacy=False))
        except Refused as said:
            rules = said.facts["rules"]
            assert isinstance(rules, tuple)
            self.refused[getattr(event, _ID_OF[type(event)])] = set(rules)
            decider = {"decider": event.decider} if isinstance(event, e.MaterialDecided) else {}
            self.story.does(by, replace(command, legacy=True, **decider))

    @property
    def material(self) -> Any:
        return self.engine.service.known(self.stream).material

    def written(self) -> dict[str, ConcernRaised]:
        """The concerns about material that stand open by what was written, each as it was last graded."""
        found: dict[str, ConcernRaised] = {}
        for entry in self.engine.entries(self.story.name):
            match entry.event:
                case ConcernRaised(rule=rule) as raised if rule in RULES:
                    found[raised.concern] = raised
                case ConcernRegraded(concern=name, letter=letter, grade=grade, knowable_then=known):
                    found[name] = replace(found[name], letter=letter, grade=grade, knowable_then=known)
                case ConcernCleared(concern=name):
                    found.pop(name, None)
                case _:
                    pass
        return found

    def left_out(self, concern: str) -> bool:
        """R15 asks nothing of a decision of before this register: nobody logged then what was opened."""
        return concern.startswith("R15/decision:") and concern.split(":")[1] in self.refused


def graded(found: Mapping[str, Finding] | Mapping[str, ConcernRaised]) -> dict[str, tuple[str, int, bool | None]]:
    """Letter, grade, and whether it could have been known then."""
    return {name: (each.letter, each.grade, each.knowable_then) for name, each in found.items()}


@pytest.fixture(params=["memory", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store | None:
    found: Store | None = request.getfixturevalue("postgres_store") if request.param == "postgresql" else None
    return found


def begun(timeline: str, store: Store | None = None) -> Replay:
    story = in_use(load("evidence-review"), store)
    story.now = day("2005-01-01")
    replay = Replay(timeline, story)
    replay.engine.clock = SetClock(story.now, learned_too=True)
    replay.engine.service = replace(replay.engine.service, calendars=CALENDARS, clock=replay.engine.clock)
    story.opens(Actor("pol-clerk", "investigator", POL))
    return replay


@pytest.mark.parametrize("timeline", ["A", "B"])
def test_what_is_written_at_each_step_is_what_the_rules_say(timeline: str, store: Store | None) -> None:
    replay = begun(timeline, store)
    before: dict[str, ConcernRaised] = {}
    for step in STEPS:
        replay.plays(step)
        written = replay.written()
        said = [line for line in changes(before, written) if rule_of(line) in COLUMN_RULES]
        assert sorted(said) == sorted(step.says(timeline)), step.title
        wanted = {
            name: grade for name, grade in graded(after(timeline, step.number)).items() if not replay.left_out(name)
        }
        assert graded(written) == wanted, step.title
        before = written
    assert replay.refused == REFUSED[timeline]
    assert rebuild(replay.engine.store).differences == ()


@pytest.mark.parametrize("timeline", ["A", "B"])
def test_what_the_register_said_at_the_root_of_the_first_review(timeline: str, store: Store | None) -> None:
    """Acceptance (v): the decision quotes a root; the entries under it give that day's answer again."""
    replay = begun(timeline, store)
    for step in STEPS:
        replay.plays(step)
    made = replay.material.decisions["D1"].event
    kept = replay.engine.store
    size, root = stream_root(kept.commitments(0, made.size))
    assert (size, root.hex()) == (made.size, made.root)
    on_that_day = now(material_at(kept, replay.id, size=made.size))
    assert "D1" not in on_that_day.material.decisions
    assert ("AB1" in on_that_day.material.records) is (timeline == "B")
    then = graded(INTEGRITY.evaluate_as_of(on_that_day, day("2019-06-10"), CALENDARS))
    assert then == graded(after(timeline, 6))


def test_the_answer_cannot_be_sent_while_the_recording_has_no_line(store: Store | None) -> None:
    """Acceptance (ii): on timeline B the live answer of 25 March 2019 is refused; with a line for AB/1 it goes."""
    replay = begun("B", store)
    for step in STEPS[:5]:
        replay.plays(step)
    replay.story.at(day("2019-03-25"))
    police = Actor("nsp-officer", "investigator", POL)
    sheet = answer_sheet(replay.engine.service, replay.id, "Q1", police)
    assert [line.record for line in sheet] == ["AB1", "AB1A"]
    told = v.ReplyItem("AB1A", v.ReplyCode.SUPPLIED, share="S1")
    with refused("reply.incomplete"):
        replay.story.does(police, r.AnswerRequest("Q1", (told,), complete=True))
    with refused("attestation.contradicted"):
        replay.story.does(
            police,
            r.AttestNothingFurther(
                v.Scope(everything=True),
                ("property store",),
                "nsp-officer",
                "Nothing further is held.",
                listed=("AB1A",),
            ),
        )
    seen = v.ReplyItem(
        "AB1", v.ReplyCode.WITHHELD, withheld_for=v.WithheldFor.DATA_PROTECTION, seen_by_prosecutor=False
    )
    replay.story.does(police, r.AnswerRequest("Q1", (told, seen), complete=True))
    assert not any(name.startswith("R04") for name in replay.written())


def test_a_review_on_an_orphan_says_where_its_source_is_or_is_not_made() -> None:
    """Step 7 of timeline A: the form demands what is known of the source."""
    replay = begun("A")
    for step in STEPS[:6]:
        replay.plays(step)
    replay.story.at(day("2019-06-10"))
    prosecutor = Actor("P1", "prosecutor", CPS)
    form = r.DecideOnMaterial(
        v.DecisionKind.NFA_CPS, v.Test.FULL_CODE, v.Stage.EVIDENTIAL, "no further action", "not enough", "D1",
        considered=(v.Considered("AB1A", v.Mode.READ_FULL),), shown=("AB1A",),
    )  # fmt: skip
    with refused("evidence.orphan"):
        replay.story.does(prosecutor, form)
    replay.story.does(prosecutor, replace(form, sources={"AB1A": "The police say that no recording is held."}))
    assert replay.written()["R02/AB1A"].grade == 1


def test_the_letter_of_timeline_b_needs_a_second_look() -> None:
    """Step 8: the police's letter says that the recording is no longer held, and their own register says otherwise."""
    replay = begun("B")
    for step in STEPS[:7]:
        replay.plays(step)
    replay.story.at(day("2019-06-13"))
    police = Actor("nsp-officer", "investigator", POL)
    claim = v.LetterClaim(v.ClaimCode.NOT_HELD, kind=v.RecordKind.VIDEO_INTERVIEW)
    letter = r.LogLetter(True, POL, "family", "post", "a1" * 32, "L1", claims=(claim,))
    with refused("letter.contradicts"):
        replay.story.does(police, letter)
    replay.story.does(police, r.ProposeLetter("family", "a1" * 32, "L1", (claim,)))
    with refused("letter.own_look"):
        replay.story.does(police, letter)
    second = Actor("nsp-supervisor", "investigator", POL)
    with refused("letter.changed"):
        replay.story.does(second, replace(letter, body_sha256="b2" * 32))
    with refused("letter.sender"):
        replay.story.does(Actor("cps-clerk", "prosecutor", CPS), letter)
    replay.story.does(second, letter)
    assert replay.material.letters["L1"].event.second_look == "nsp-supervisor"
    assert replay.written()["R08/L1:AB1"].grade == 1
