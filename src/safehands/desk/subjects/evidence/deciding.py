"""Decisions on material. The form puts everything that exists in front of the decider first: each record is seen, and
how far, or its reason is signed. Only then does it take a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.records.answering import open_requests
from safehands.core.records.knowing import is_orphan, same_content
from safehands.core.vocabulary import role_of
from safehands.desk.acting import text
from safehands.desk.forms import Button, Choice, Field, Form, Kind, choices, plain
from safehands.desk.parsing import by_prefix
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import Act
from safehands.desk.subjects.evidence.matter import Line, Matter, matter_of
from safehands.errors import BadInput
from safehands.service.words_of_records import DECISIONS, MODES, UNSEEN, date_of, words

SECTION = "deciding"
TITLE = lazy("Decisions on it")
ASKS = lazy("What was decided on which records, and what was not seen?")

#: Decisions that only the police, or only the prosecutors, make.
_OTHERS: Final = {
    "POL": frozenset(
        {
            v.DecisionKind.NFA_CPS,
            v.DecisionKind.DISCONTINUE,
            v.DecisionKind.OFFER_NO_EVIDENCE,
            v.DecisionKind.VRR_LOCAL_RESOLUTION,
        }
    ),
    "CPS": frozenset({v.DecisionKind.NFA_POLICE}),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One record on the decision form: what it is, and the fields in which the decider answers for it."""

    line: Line
    mode: tuple[Field, str]
    reason: tuple[Field, str]
    why: tuple[Field, str]
    copy: tuple[Field, str] | None
    source: tuple[Field, str] | None


@dataclass(frozen=True, slots=True)
class DecisionForm(Form):
    """The form with the index in it."""

    lines: tuple[Line, ...] = ()
    waits: tuple[tuple[str, str], ...] = ()
    hidden_by: tuple[tuple[str, int], ...] = ()
    kind: str = ""
    earlier: str = ""

    @property
    def named(self) -> dict[str, tuple[Field, str]]:
        """Every field with its id on the page, by name."""
        return {each.name: (each, self.field_id(each)) for each in self.fields}

    @property
    def rows(self) -> tuple[Row, ...]:
        """The index, a row a record."""
        named = self.named
        return tuple(
            Row(
                line,
                named[f"mode.{line.seq}"],
                named[f"unseen.{line.seq}"],
                named[f"why.{line.seq}"],
                named.get(f"copy.{line.seq}"),
                named.get(f"source.{line.seq}"),
            )
            for line in self.lines
        )

    @property
    def not_seen(self) -> tuple[Line, ...]:
        """What nothing shows that this decider has seen."""
        return tuple(
            each for each in self.lines if each.counts and v.RUNGS.index(each.person_rung) < v.RUNGS.index(_OPENED)
        )

    @property
    def asked_for(self) -> tuple[tuple[Field, str, str], ...]:
        """The open requests: the field for going on without, its id, and what was asked."""
        return tuple((*self.named[f"waive.{name}"], said) for name, said in self.waits)

    @property
    def plain_fields(self) -> tuple[tuple[Field, str], ...]:
        """The fields of the decision itself, in their order."""
        return tuple(pair for name, pair in self.named.items() if name in _ITSELF)

    @property
    def rest(self) -> tuple[tuple[Field, str], ...]:
        """The fields for all that is left over."""
        return tuple(pair for name, pair in self.named.items() if name in ("rest", "rest_why"))

    @property
    def signature(self) -> tuple[Field, str]:
        """The field that is signed."""
        return self.named["signed"]


_OPENED: Final = v.Rung.OPENED
_ITSELF: Final = frozenset({"test", "stage", "outcome", "reasons", "grade", "attestations", "limits"})


def forms(scene: Scene) -> Iterator[Form]:
    """The decision form, once its kind was chosen; and what came after a decision, to be weighed."""
    matter = matter_of(scene)
    kind = kind_in(scene.asked.get("kind", ""))
    if kind is not None and scene.case.is_open:
        yield form_of(matter, kind, scene.asked.get("reviews", ""))
    for finding in matter.findings.values():
        if finding.rule == "R03" and finding.letter == "a" and finding.decision is not None:
            yield _effect(matter, finding.decision, finding.records)


def kind_in(written: str) -> v.DecisionKind | None:
    """A kind of decision, where one is named."""
    return v.DecisionKind(written) if written in set(v.DecisionKind) else None


def kinds_for(agency: str) -> tuple[tuple[v.DecisionKind, str], ...]:
    """The decisions that an agency makes, in words."""
    others = _OTHERS.get(role_of(agency), frozenset())
    return tuple((kind, words(DECISIONS, kind)) for kind in v.DecisionKind if kind not in others)


def form_of(matter: Matter, kind: v.DecisionKind, reviews: str) -> DecisionForm:
    """The decision form of a kind, with the material as it is now."""
    lines = matter.index()
    waits = open_requests(matter.material, matter.scene.seat.agency)
    earlier = reviews if reviews in matter.material.decisions else ""
    fields = [*_of_itself(matter, earlier, waits)]
    for line in lines:
        fields += _of_record(matter, line, kind)
    fields += (Field(f"waive.{name}", _("Decide without it, because")) for name in waits)
    fields += (
        Field("rest", _("Everything above that has neither: why it was not seen"), Kind.CHOICE, _reasons(kind)),
        Field("rest_why", _("In words")),
        Field(
            "signed",
            _("My name"),
            Kind.MANY,
            (Choice("yes", _("I sign each reason above: I know of these records and have not seen them.")),),
        ),
    )
    return DecisionForm(
        act="decide_on_material",
        title=_("Decide %(kind)s") % {"kind": words(DECISIONS, kind)},
        buttons=(Button(_("Decide under my name")),),
        fields=tuple(fields),
        hidden={"kind": kind.value, "reviews": earlier, "shown": ",".join(str(line.seq) for line in lines)},
        about=kind.value,
        template="desk/evidence/decision_form.html",
        lines=lines,
        waits=tuple((name, _asked(matter, name)) for name in waits),
        hidden_by=tuple((matter.agency(agency), count) for agency, count in matter.seen.hidden.items()),
        kind=words(DECISIONS, kind),
        earlier=earlier,
    )


def _of_itself(matter: Matter, earlier: str, waits: tuple[str, ...]) -> Iterator[Field]:
    yield Field("test", _("Test"), Kind.CHOICE, choices({each.value: plain(each.value) for each in v.Test}))
    yield Field("stage", _("Stage at which it ends"), Kind.CHOICE, choices({e.value: plain(e.value) for e in v.Stage}))
    yield Field("outcome", _("Outcome"))
    yield Field("reasons", _("Reasons, in writing"), Kind.AREA)
    yield Field("grade", _("Your grade or rank"))
    attested = tuple(
        Choice(name, f"{matter.agency(fact.event.agency)}, {date_of(fact.event.at)}: {fact.event.wording}")
        for name, fact in matter.material.attestations.items()
    )
    if attested:
        label = _("It relies on these statements that nothing further is held")
        yield Field("attestations", label, Kind.MANY, attested)
    limits = [
        *([Choice("interim", _("It is an interim step that can be taken back"))] if waits else []),
        *([Choice("procedural", _("It is limited to how things were done"))] if earlier else []),
    ]
    if limits:
        yield Field("limits", _("Limits"), Kind.MANY, tuple(limits))


def _of_record(matter: Matter, line: Line, kind: v.DecisionKind) -> Iterator[Field]:
    modes = choices({"": _("(not seen)"), **{m.value: words(MODES, m) for m in v.Mode if m is not v.Mode.NOT_SEEN}})
    who = line.label
    yield Field(f"mode.{line.seq}", _("%(record)s: how far you saw it") % {"record": who}, Kind.CHOICE, modes)
    yield Field(
        f"unseen.{line.seq}", _("%(record)s: why you did not see it") % {"record": who}, Kind.CHOICE, _reasons(kind)
    )
    yield Field(f"why.{line.seq}", _("%(record)s: in words") % {"record": who})
    copies = [] if line.stub else list(matter.reading.copies(line.record))
    if len(copies) > 1:
        pairs = {each.event.copy: f"{plain(each.event.role)}, {plain(each.event.medium)}" for each in copies}
        given = choices({"": _("(any)"), **pairs})
        yield Field(f"copy.{line.seq}", _("%(record)s: which copy") % {"record": who}, Kind.CHOICE, given)
    if is_orphan(matter.material, line.record):
        yield Field(f"source.{line.seq}", _("%(record)s: what is known of its source") % {"record": who})


def _reasons(kind: v.DecisionKind) -> tuple[Choice, ...]:
    """The reasons for not seeing that this kind of decision allows."""
    staged = v.UnseenReason.RECORD_SUFFICIENT_AT_THIS_STAGE
    allowed = [each for each in v.UnseenReason if each is not staged or kind in v.STAGED_DECISIONS]
    return choices({"": "-", **{each.value: words(UNSEEN, each) for each in allowed}})


def _asked(matter: Matter, request: str) -> str:
    event = matter.material.requests[request].event
    return _("asked of %(agency)s on %(day)s, for: %(purpose)s") % {
        "agency": matter.agency(event.to_agency),
        "day": date_of(event.asked_at),
        "purpose": plain(event.purpose.value),
    }


def _effect(matter: Matter, decision: str, records: tuple[str, ...]) -> Form:
    named = {each: matter.called(each) for each in records if each in matter.material.records}
    return Form(
        "assess_effect",
        _("Say what later material means for the decision (%(decision)s)") % {"decision": matter.decision(decision)},
        (Button(_("Write it down")),),
        (
            Field("record", _("What came later"), Kind.CHOICE, choices(named)),
            Field("reason", _("What it means for that decision"), Kind.AREA),
        ),
        {"decision": decision},
        f"{decision} {' '.join(named)}",
    )


def _decided(form: QueryDict, scene: Scene) -> r.DecideOnMaterial:
    """What was on the screen is ``shown``: what came since is not in it, and the kernel says so."""
    matter = matter_of(scene)
    kind = kind_in(text(form, "kind"))
    if kind is None:
        raise BadInput([_("Choose what kind of decision this is.")])
    lines = {str(line.seq): line for line in matter.index()}
    shown = [lines[seq] for seq in text(form, "shown").split(",") if seq in lines]
    considered, unseen = _answers(form, shown)
    limits = form.getlist("limits")
    if "procedural" not in limits:
        _check_answered(matter, shown, considered, unseen)
    sources = by_prefix(form, "source")
    return r.DecideOnMaterial(
        kind,
        v.Test(text(form, "test") or v.Test.NONE),
        v.Stage(text(form, "stage") or v.Stage.NONE),
        text(form, "outcome") or words(DECISIONS, kind),
        text(form, "reasons"),
        grade=text(form, "grade"),
        reviews=text(form, "reviews") or None,
        considered=considered,
        known_unseen=unseen,
        shown=tuple(line.record for line in shown),
        waived=by_prefix(form, "waive"),
        attestations=tuple(form.getlist("attestations")),
        interim="interim" in limits,
        procedural_only="procedural" in limits,
        sources={lines[seq].record: said for seq, said in sources.items() if seq in lines},
    )


def _answers(form: QueryDict, shown: list[Line]) -> tuple[tuple[v.Considered, ...], tuple[v.KnownUnseen, ...]]:
    signed = "yes" in form.getlist("signed")
    rest, rest_why = text(form, "rest"), text(form, "rest_why")
    considered, unseen = [], []
    for line in shown:
        mode, reason = text(form, f"mode.{line.seq}"), text(form, f"unseen.{line.seq}")
        why = text(form, f"why.{line.seq}")
        if mode in set(v.Mode):
            copy = text(form, f"copy.{line.seq}") or None
            considered.append(v.Considered(line.record, v.Mode(mode), copy))
        if mode in {each.value for each in v.RESTS_ON}:
            continue
        if not reason and line.counts:
            reason, why = rest, why or rest_why
        if reason in set(v.UnseenReason):
            unseen.append(v.KnownUnseen(line.record, v.UnseenReason(reason), signed, why))
    return tuple(considered), tuple(unseen)


def _check_answered(
    matter: Matter, shown: list[Line], considered: tuple[v.Considered, ...], unseen: tuple[v.KnownUnseen, ...]
) -> None:
    """Every record of the matter on the index is seen, or has a reason. What is only known to exist counts too."""
    seen = same_content(matter.material, [each.record for each in considered if each.mode in v.RESTS_ON])
    said = {each.record for each in unseen}
    left = [line.label for line in shown if line.counts and line.record not in seen and line.record not in said]
    if left:
        says = _("%(record)s: say how far you saw it, or why you did not.")
        raise BadInput([says % {"record": each} for each in left])


ACTS = (
    Act(
        "decide_on_material",
        SECTION,
        (r.DecideOnMaterial,),
        _decided,
        lazy("Case %(reference)s: your decision was written down, with what was on the screen."),
    ),
    Act(
        "assess_effect",
        SECTION,
        (r.AssessEffect,),
        lambda form, _scene: r.AssessEffect(text(form, "decision"), text(form, "record"), text(form, "reason")),
        lazy("Case %(reference)s: what it means for the decision was written down."),
    ),
)
