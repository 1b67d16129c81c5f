"""Random commands about records, with few ids, so that they meet: to a register, and to a case."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v

SHA = "ab" * 32
_names = st.sampled_from(["n1", "n2", "n3"])
_copies = st.sampled_from(["n1-file", "n2-file"])
_shares = st.sampled_from(["s1", "s2", "s3"])
_requests = st.sampled_from(["q1", "q2"])
_decisions = st.sampled_from(["D1", "D2"])
_letters = st.sampled_from(["L1", "L2"])
_words = st.sampled_from(["because", "because", "because", ""])
_hashes = st.sampled_from([SHA, "cd" * 32])
_everything = st.just(v.Scope(everything=True))
_claims = st.builds(v.LetterClaim, st.sampled_from(v.ClaimCode), _names).map(lambda claim: (claim,)) | st.just(())


def registered(record: str, now: datetime, cases: tuple[str, ...]) -> r.RegisterRecord:
    """A record of these cases: a tape, what was written of it, pictures of the street."""
    kinds = {"n1": v.RecordKind.VIDEO_INTERVIEW, "n2": v.RecordKind.RECORD_OF_INTERVIEW}
    made = v.When(now - timedelta(days=9))
    return r.RegisterRecord(record, record, kinds.get(record, v.RecordKind.CCTV), "what it is", made, cases=cases)


def copied(record: str) -> r.RegisterCopy:
    """Its file."""
    return r.RegisterCopy(f"{record}-file", record, v.CopyRole.MASTER, v.Medium.FILE, sha256=SHA, size=1)


def entries_of(now: datetime, cases: tuple[str, ...]) -> st.SearchStrategy[r.RegisterCommand]:
    """Commands to a register."""
    made = st.just(v.When(now - timedelta(days=9)))
    kinds = st.sampled_from([v.RecordKind.VIDEO_INTERVIEW, v.RecordKind.RECORD_OF_INTERVIEW, v.RecordKind.CCTV])
    tied = st.lists(st.sampled_from(cases), unique=True, max_size=2).map(tuple)
    return st.one_of(
        st.builds(r.RegisterRecord, _names, _names, kinds, st.just("what it is"), made, cases=tied),
        st.builds(r.TieRecord, _names, st.sampled_from(cases)),
        st.builds(r.DeclareRegister, st.sampled_from(v.RegisterStatus)),
        st.builds(r.ReclassifyRecord, _names, _words, st.sampled_from(v.Relevance)),
        _names.map(copied),
        st.builds(r.RecordDerivation, st.just("n2<n1"), st.just("n2"), st.just("n1"), st.sampled_from(v.Method), made),
        st.builds(r.RecordCustody, st.sampled_from(["c1", "c2", "c3"]), _copies, st.sampled_from(v.CustodyType),
                  authority=_words, medium_only=st.booleans()),
        st.builds(r.AssertHolding, _names, st.sampled_from(v.HoldingStatus), st.just(v.HowKnown.SEEN),
                  authority=_words, method=_words),
        st.builds(r.RuleRetention, _names, st.sampled_from(["reviewed", "local"]), st.just("as the policy says")),
        st.builds(r.PlaceHold, st.sampled_from(["h1", "h2"]), _names, _words),
        st.builds(r.LiftHold, st.sampled_from(["h1", "h2"]), _names, _words, _words),
    )  # fmt: skip


def acts_on(
    now: datetime, agencies: tuple[str, ...], concerns: tuple[str, ...]
) -> st.SearchStrategy[r.MaterialCommand]:
    """Commands to a case about its material."""
    to = st.sampled_from(agencies)
    lines = st.lists(st.builds(v.ReplyItem, _names, st.sampled_from(v.ReplyCode), _words, _shares), max_size=3).map(
        tuple
    )
    seen = st.lists(st.builds(v.Considered, _names, st.sampled_from(v.Mode)), max_size=2).map(tuple)
    return st.one_of(
        st.builds(r.ShareRecord, _names, to, st.just(v.Channel.PORTAL), _shares, copy=st.none() | _copies),
        st.builds(r.ReceiveShare, _shares, sha256_received=_hashes),
        st.builds(r.OpenShare, _shares),
        st.builds(r.RevokeShare, _shares, _words),
        st.builds(r.RequestMaterial, to, st.sampled_from(v.RequestPurpose), _everything, _requests,
                  within_days=st.sampled_from([1, 5])),
        st.builds(r.WithdrawRequest, _requests, _words),
        st.builds(r.AnswerRequest, _requests, lines, st.booleans(), legacy=st.booleans()),
        st.builds(r.AttestNothingFurther, _everything, st.sampled_from([(), ("store",)]), _words, _words,
                  listed=st.sampled_from([(), ("n1", "n2", "n3")]), legacy=st.booleans()),
        st.builds(r.DecideOnMaterial, st.sampled_from(v.DecisionKind), st.just(v.Test.FULL_CODE),
                  st.just(v.Stage.EVIDENTIAL), st.just("as said"), _words, _decisions, considered=seen,
                  shown=st.sampled_from([(), ("n1", "n2", "n3")]), reviews=st.none() | _decisions,
                  interim=st.booleans(), legacy=st.booleans(),
                  made_at=st.none() | st.just(now - timedelta(hours=1))),
        st.builds(r.AssessEffect, _decisions, _names, _words),
        st.builds(r.ProposeLetter, st.just("the family"), st.just(SHA), _letters, _claims),
        st.builds(r.LogLetter, st.booleans(), to, st.just("the family"), st.just("post"), st.just(SHA), _letters,
                  claims=_claims, legacy=st.booleans()),
        st.builds(r.FlagCase, st.sampled_from([("csa",), ("hold:inquiry",), ()]), st.sampled_from([(), ("csa",)])),
        st.builds(r.ReachStage, st.sampled_from(v.CaseStage)),
        st.builds(r.RecordStanding, st.just("victim"), st.sampled_from(v.Standing), _words, enhanced=st.booleans()),
        st.builds(r.AcknowledgeConcern, st.sampled_from([*concerns, "nothing"]), _words),
        st.builds(r.ProposeSettingAside, st.sampled_from([*concerns, "nothing"]), _words),
        st.builds(r.ConfirmSettingAside, st.sampled_from([*concerns, "nothing"])),
    )  # fmt: skip
