"""Random commands about records by random agencies, live and late, through the service with the real rules: whatever is
refused or written, the case stays sound, what is kept is what the ledger says, and the concerns are what the rules
find.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evidence import BODY, CPS, CPS2, EVERYTHING, MADE, NSP, NSP2, SHA, Matter
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.vocabulary import Actor, HappenedSource
from safehands.errors import BadInput, NotFound, Refused, Stale
from safehands.rulebook.integrity import INTEGRITY
from safehands.service.material import Materials
from safehands.service.rebuild import rebuild

NAMES = ("A", "B", "C")
names = st.sampled_from(NAMES)
flags = st.booleans()
kinds = st.sampled_from([v.RecordKind.VIDEO_INTERVIEW, v.RecordKind.RECORD_OF_INTERVIEW, v.RecordKind.POLICY_LOG])
reasons = st.sampled_from(["because", "because", ""])
agencies = st.sampled_from([NSP.agency, CPS.agency])
items = st.lists(
    st.builds(v.ReplyItem, names, st.sampled_from(v.ReplyCode), reasons, st.sampled_from([None, "s1", "s2"])),
    max_size=3,
).map(tuple)
considered = st.lists(st.builds(v.Considered, names, st.sampled_from(v.Mode)), max_size=2).map(tuple)
unseen = st.lists(st.builds(v.KnownUnseen, names, st.sampled_from(v.UnseenReason), flags), max_size=2).map(tuple)
claims = st.lists(st.builds(v.LetterClaim, st.sampled_from(v.ClaimCode), names), max_size=2).map(tuple)
made = st.just(MADE)


def to_registers(case: str) -> st.SearchStrategy[Any]:
    """Commands to registers; ``case`` is the stream of the case."""
    return st.one_of(
        st.builds(r.RegisterRecord, names, names, kinds, reasons, made, cases=st.sampled_from([(case,), ()])),
        st.builds(r.TieRecord, names, st.just(case)),
        st.builds(r.ReclassifyRecord, names, reasons, st.sampled_from(v.Relevance)),
        st.builds(
            r.RegisterCopy, st.sampled_from(["c1", "c2"]), names, st.just(v.CopyRole.MASTER), st.just(v.Medium.FILE),
            st.just(SHA), st.just(1),
        ),
        st.builds(r.AssertHolding, names, st.sampled_from(v.HoldingStatus), st.just(v.HowKnown.SEEN)),
        st.builds(
            r.RecordDerivation, st.sampled_from(["d1", "d2"]), names, names, st.sampled_from(v.Method), made,
        ),
        st.builds(r.RecordCustody, st.sampled_from(["e1", "e2"]), st.sampled_from(["c1", "c2"]),
                  st.sampled_from(v.CustodyType)),
        st.builds(r.VerifyDerivative, st.sampled_from(["v1", "v2"]), st.sampled_from(["d1", "d2"]), st.just("c1"),
                  st.sampled_from(v.Verified)),
        st.builds(r.PlaceHold, st.just("h1"), names, reasons),
        st.builds(r.LiftHold, st.just("h1"), names, reasons, reasons),
    )  # fmt: skip


def to_the_case() -> st.SearchStrategy[Any]:
    """Commands to the case."""
    shares = st.sampled_from(["s1", "s2"])
    return st.one_of(
        st.builds(r.ShareRecord, names, agencies, st.just(v.Channel.DISC), shares),
        st.builds(r.ReceiveShare, shares, sha256_received=st.sampled_from([None, SHA, BODY])),
        st.builds(r.OpenShare, shares),
        st.builds(r.RevokeShare, shares, reasons),
        st.builds(r.RequestMaterial, agencies, st.sampled_from(v.RequestPurpose), st.just(EVERYTHING),
                  st.sampled_from(["q1", "q2"]), within_days=st.just(2)),
        st.builds(r.WithdrawRequest, st.just("q1"), reasons),
        st.builds(r.AnswerRequest, st.sampled_from(["q1", "q2"]), items, flags, legacy=flags),
        st.builds(r.AttestNothingFurther, scope=st.just(EVERYTHING), systems_searched=st.just(("store",)),
                  searched_by=st.just("x"), wording=reasons, legacy=flags),
        st.builds(
            r.DecideOnMaterial, st.sampled_from(v.DecisionKind), st.just(v.Test.FULL_CODE), st.just(v.Stage.EVIDENTIAL),
            st.just("out"), reasons, decision=st.sampled_from(["D1", "D2"]), reviews=st.sampled_from([None, "D1"]),
            considered=considered, known_unseen=unseen, shown=st.just(NAMES), legacy=flags,
        ),
        st.builds(r.OpenReview, st.just("D1"), st.just(v.ReviewTrigger.COMPLAINT)),
        st.builds(r.LogLetter, flags, agencies, st.just("family"), st.just("post"), st.just(BODY), claims=claims,
                  decision=st.sampled_from([None, "D1"]), legacy=flags),
    )  # fmt: skip


def rules_hold(matter: Matter) -> None:
    """What must hold after every step."""
    matter.story.check_sound()
    service = matter.service
    kept = service.known(matter.stream)
    cold = replace(service, materials=Materials()).known(matter.stream)
    assert dict(kept.findings) == dict(cold.findings)
    assert sorted(kept.material.records) == sorted(cold.material.records)
    if matter.story.case.records:
        assert {name: (each.letter, each.grade) for name, each in kept.findings.items()} == matter.concerns()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck),
          phases=[Phase.explicit, Phase.reuse, Phase.generate])  # fmt: skip
@given(data=st.data())
def test_any_agency_does_anything_with_records(data: st.DataObject) -> None:
    matter = Matter()
    matter.engine.service = replace(matter.service, integrity=INTEGRITY)
    matter.invites()
    people: list[Actor] = [NSP, NSP2, CPS, CPS2]
    for _ in range(data.draw(st.integers(5, 25), label="steps")):
        by = data.draw(st.sampled_from(people))
        late = data.draw(st.sampled_from([HappenedSource.LIVE, HappenedSource.LATE]))
        try:
            if data.draw(flags, label="to a register"):
                here = data.draw(st.sampled_from([None, matter.id]))
                matter.enters(by, data.draw(to_registers(matter.stream)), source=late, case_id=here)
            else:
                matter.does(by, data.draw(to_the_case()), source=late)
        except (Refused, BadInput, Stale, NotFound):
            pass
        rules_hold(matter)
        if data.draw(st.integers(0, 5)) == 0:
            matter.story.at(matter.story.now.replace(hour=(matter.story.now.hour + 1) % 24))
    assert rebuild(matter.service.store).differences == ()
