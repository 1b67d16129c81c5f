"""From the tables of a TOML file to the core's declarations. Reads everything it can, so that all faults are named at
once.
"""

from __future__ import annotations

from datetime import timedelta

from safehands.core.pathway import (
    Band,
    BookingKind,
    ChallengeLevel,
    Choice,
    ClockSpec,
    ConcernSpec,
    Extension,
    FailSafe,
    FormField,
    Hit,
    Input,
    Length,
    OutcomeClass,
    Pack,
    PackField,
    Pathway,
    Pause,
    Place,
    Power,
    Question,
    QuestionKind,
    Route,
    Row,
    Step,
    Table,
    Trigger,
    Unit,
)
from safehands.core.vocabulary import OfferKind, PathwayRef
from safehands.pathways.section import Section


def read_pathway(whole: Section, digest: str, text: str) -> Pathway:
    """The pathway in ``whole``. Faults of form go to ``whole.faults``; what refers to what is checked afterwards
    (``check``).
    """
    classes = tuple(_outcome_class(section) for section in whole.sections("class", "code"))
    numbers = {outcome.code: outcome.number for outcome in classes}
    roles = whole.mapping("roles")
    pathway = Pathway(
        ref=PathwayRef(whole.text("pathway"), whole.text("version"), digest),
        title=whole.text("title"),
        questions=tuple(_question(section) for section in whole.sections("question")),
        inputs=tuple(_input(section) for section in whole.sections("input", "name")),
        classes=classes,
        tables=tuple(_table(section, numbers) for section in whole.sections("table", "name")),
        clocks=tuple(_clock(section, numbers) for section in whole.sections("clock")),
        routes=tuple(_route(section) for section in whole.sections("route")),
        packs=tuple(_pack(section) for section in whole.sections("pack")),
        decision_form=tuple(_form_field(section, numbers) for section in whole.sections("form")),
        concerns=tuple(_concern(section) for section in whole.sections("concern")),
        milestones=whole.texts("milestones"),
        roles=tuple(roles),
        guarded_class=_class_number(whole, "guarded_class", numbers),
        reopen_within=whole.length("reopen_within"),
        text=text,
        receiver=whole.text("receiver", ""),
        reporter=whole.text("reporter", ""),
        closing_needs=whole.texts("closing_needs"),
        powers=tuple(_power(section) for section in whole.sections("power")),
        places=tuple(_place(section) for section in whole.sections("place")),
        bookings=tuple(_booking(section) for section in whole.sections("booking")),
        challenge_levels=tuple(_challenge_level(section, numbers) for section in whole.sections("challenge", "level")),
        role_labels=roles,
    )
    whole.finish()
    return pathway


def _class_number(section: Section, key: str, numbers: dict[str, int]) -> int:
    code = section.text(key)
    if code and code not in numbers:
        section.fault(f"{key}: there is no class {code!r}; the classes are {', '.join(numbers) or 'not declared'}")
    return numbers.get(code, 0)


def _maybe_class_number(section: Section, key: str, numbers: dict[str, int]) -> int | None:
    return _class_number(section, key, numbers) if section.has(key) else None


def _outcome_class(section: Section) -> OutcomeClass:
    read = OutcomeClass(
        number=section.number("number"),
        code=section.text("code"),
        label=section.text("label"),
        deploys=section.flag("deploys", False),
        closes=section.flag("closes", False),
    )
    section.finish()
    return read


def _question(section: Section) -> Question:
    choices = []
    for inner in section.sections("choices", "code", "choice"):
        choices.append(Choice(inner.text("code"), inner.text("label"), inner.texts("aliases")))
        inner.finish()
    read = Question(
        id=section.text("id"),
        name=section.text("name"),
        text=section.text("text"),
        kind=section.word("kind", QuestionKind, QuestionKind.CHOICE),
        choices=tuple(choices),
        must_ask=section.flag("must_ask", False),
        register=section.flag("register", False),
        source=section.text("source", ""),
        help=section.text("help", ""),
        verified=section.flag("verified", False),
        cut=section.text("cut", ""),
        cut_bands=_bands(section, "cut_bands"),
    )
    if read.cut and read.kind not in (QuestionKind.CHOICE, QuestionKind.NUMBER):
        section.fault("cut needs codes: give kind choice, or number with cut_bands")
    if (read.kind is QuestionKind.NUMBER and read.cut != "") != bool(read.cut_bands):
        section.fault("cut_bands turns the numbers of a cut question into codes: give both or neither")
    section.finish()
    return read


def _bands(section: Section, key: str) -> tuple[Band, ...]:
    bands = []
    for inner in section.sections(key, "code", "band"):
        bands.append(Band(inner.text("code"), inner.maybe_number("from"), inner.maybe_number("to")))
        inner.finish()
    return tuple(bands)


def _input(section: Section) -> Input:
    ascending, plain = section.texts("ascending_risk"), section.texts("codes")
    if bool(ascending) == bool(plain):
        section.fault(
            "give either ascending_risk (codes from the least risk to the most) or codes (no order of risk), not both"
        )
    read = Input(
        name=section.text("name"),
        question=section.text("question"),
        domain=ascending or plain,
        risk=ascending,
        mapping=section.mapping("mapping"),
        bands=_bands(section, "bands"),
        count_of=section.texts("count"),
        labels=section.mapping("labels"),
    )
    section.finish()
    return read


def _table(section: Section, numbers: dict[str, int]) -> Table:
    verified = section.flag("verified", False)
    read = Table(
        name=section.text("name"),
        hit=section.word("hit", Hit, Hit.HIGHEST),
        rows=tuple(_row(inner, numbers, verified) for inner in section.sections("row")),
        title=section.text("title", ""),
    )
    section.finish()
    return read


def _row(section: Section, numbers: dict[str, int], verified: bool) -> Row:
    read = Row(
        id=section.text("id"),
        when=section.sets("when"),
        outcome=_class_number(section, "outcome", numbers),
        says=section.text("says"),
        policy=section.text("policy"),
        holder=section.text("holder"),
        routes=section.texts("routes"),
        clocks=section.texts("clocks"),
        flags=section.texts("flags"),
        source=section.text("source", ""),
        verified=section.flag("verified", verified),
    )
    section.finish()
    return read


def _trigger(section: Section) -> Trigger:
    event = section.text("event")
    counts_from = section.text("counts_from", "")
    where = {key: section.scalars(key) for key in section.names if key not in ("event", "counts_from")}
    section.finish()
    return Trigger(event, where, counts_from)


def _clock(section: Section, numbers: dict[str, int]) -> ClockSpec:
    unit = section.word("unit", Unit, Unit.ELAPSED)
    length = section.length("length") if unit is Unit.ELAPSED else timedelta(0)
    steps = []
    for inner in section.sections("steps", "name", "step"):
        steps.append(Step(inner.text("name"), inner.length("after"), inner.maybe_length("every")))
        inner.finish()
    read = ClockSpec(
        id=section.text("id"),
        label=section.text("label"),
        unit=unit,
        length=length,
        starts=tuple(_trigger(inner) for inner in section.sections("starts", "event", "starts on")),
        stops=tuple(_trigger(inner) for inner in section.sections("stops", "event", "stops on")),
        steps=tuple(steps),
        days=section.number("days", None if unit in (Unit.CIVIL_DAYS, Unit.WORKING_DAYS) else 0),
        calendar=section.text("calendar", "" if unit is Unit.ELAPSED else None),
        fail_safe=section.word("fail_safe", FailSafe, FailSafe.CONCERN),
        raise_to=_maybe_class_number(section, "raise_to", numbers),
        restarts=section.flag("restarts", False),
        idle=section.flag("idle", False),
        extension=_extension(section.section("extension", "extension")) if section.has("extension") else None,
        source=section.text("source", ""),
        verified=section.flag("verified", False),
        months=section.number("months", None if unit is Unit.MONTHS else 0),
        beginning_with=section.flag("beginning_with", False),
        each=section.text("each", ""),
        lengths=tuple(_length(inner) for inner in section.sections("lengths", "days", "length")),
        pause=_pause(section.section("pause", "pause")) if section.has("pause") else None,
    )
    section.finish()
    return read


def _length(section: Section) -> Length:
    read = Length(section.sets("when"), section.number("days"))
    section.finish()
    return read


def _pause(section: Section) -> Pause:
    read = Pause(section.length("longest"), section.texts("reasons"), section.text("source", ""))
    section.finish()
    return read


def _extension(section: Section) -> Extension:
    read = Extension(
        longest=section.length("longest"),
        reasons=section.texts("reasons"),
        evidence=section.texts("evidence"),
        approval_at=section.texts("approval_at"),
        source=section.text("source", ""),
    )
    section.finish()
    return read


def _power(section: Section) -> Power:
    read = Power(
        id=section.text("id"),
        label=section.text("label"),
        by=section.text("by", ""),
        grounds=section.texts("grounds"),
        not_at=section.texts("not_at"),
        source=section.text("source", ""),
        verified=section.flag("verified", False),
    )
    section.finish()
    return read


def _place(section: Section) -> Place:
    read = Place(
        id=section.text("id"),
        label=section.text("label"),
        adults_only=section.flag("adults_only", False),
        grounds=section.texts("grounds"),
        until=section.maybe_instant("until"),
        source=section.text("source", ""),
        verified=section.flag("verified", False),
    )
    section.finish()
    return read


def _booking(section: Section) -> BookingKind:
    read = BookingKind(
        id=section.text("id"),
        label=section.text("label"),
        parties=section.texts("parties"),
        source=section.text("source", ""),
        verified=section.flag("verified", False),
    )
    section.finish()
    return read


def _challenge_level(section: Section, numbers: dict[str, int]) -> ChallengeLevel:
    read = ChallengeLevel(
        level=section.number("level"),
        parties=section.text("parties"),
        within=section.length("within"),
        raise_to=_maybe_class_number(section, "raise_to", numbers),
        source=section.text("source", ""),
        verified=section.flag("verified", False),
    )
    section.finish()
    return read


def _route(section: Section) -> Route:
    read = Route(
        id=section.text("id"),
        label=section.text("label"),
        kind=section.word("kind", OfferKind, OfferKind.TRANSFER),
        to=section.text("to"),
        due=section.length("due"),
        pack=section.text("pack") if section.has("pack") else None,
        tasks=section.texts("tasks"),
        source=section.text("source", ""),
        verified=section.flag("verified", False),
    )
    section.finish()
    return read


def _pack(section: Section) -> Pack:
    fields = []
    for inner in section.sections("fields", "id", "field"):
        fields.append(
            PackField(
                inner.text("id"), inner.text("label"), inner.flag("may_be_unknown", True), inner.text("source", "")
            )
        )
        inner.finish()
    read = Pack(section.text("id"), section.text("label"), tuple(fields), section.text("source", ""))
    section.finish()
    return read


def _form_field(section: Section, numbers: dict[str, int]) -> FormField:
    read = FormField(
        id=section.text("id"),
        label=section.text("label"),
        required_below=_maybe_class_number(section, "required_below", numbers),
        source=section.text("source", ""),
    )
    section.finish()
    return read


def _concern(section: Section) -> ConcernSpec:
    read = ConcernSpec(section.text("id"), section.number("grade"), section.text("says"), section.text("source", ""))
    section.finish()
    return read
