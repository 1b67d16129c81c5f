"""Schedules of unused material: the next one made from the register, its numbers running on; each line answered by the
prosecutor with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.records.events import ScheduleServed
from safehands.core.records.material import Fact, Material
from safehands.desk.acting import text
from safehands.desk.forms import Button, Choice, Field, Form, Kind, choices
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import Act
from safehands.desk.subjects.evidence.matter import Matter, matter_of
from safehands.errors import BadInput
from safehands.exports.schedules import Lint, lines_of, lint, proposed

SECTION = "schedules"
TITLE = lazy("Schedules")
ASKS = lazy("Which unused material is listed where, and what did the prosecutor say of each line?")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A line of the next schedule, with its fields and with what is wrong with its description."""

    item: v.ScheduleItem
    called: str
    fields: tuple[tuple[Field, str], ...]
    advice: tuple[Lint, ...]


@dataclass(frozen=True, slots=True)
class ScheduleForm(Form):
    """The next schedule of a form."""

    items: tuple[v.ScheduleItem, ...] = ()
    called: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[Proposed, ...]:
        """Its lines, with advice on what stands in them now."""
        named = {each.name: (each, self.field_id(each)) for each in self.fields}
        return tuple(
            Proposed(
                item,
                called,
                tuple(named[f"{name}.{item.number}"] for name in ("description", "location", "reason")
                      if f"{name}.{item.number}" in named),
                lint(called, named[f"description.{item.number}"][0].value, quantity=item.quantity),
            )
            for item, called in zip(self.items, self.called, strict=True)
        )  # fmt: skip

    @property
    def others(self) -> tuple[tuple[Field, str], ...]:
        """The fields that belong to no line."""
        return tuple((each, self.field_id(each)) for each in self.fields if "." not in each.name)


def forms(scene: Scene) -> Iterator[Form]:
    """Serve the next schedule, answer a line of another agency's."""
    if not scene.case.is_open:
        return
    matter = matter_of(scene)
    for form in (v.Form.MG6C, v.Form.MG6D):
        items = next_items(matter.material, form, scene.seat.agency)
        if items:
            yield _serve(matter, form, items)
    yield _report(matter)
    for fact in served(matter.material):
        if fact.event.agency != scene.seat.agency:
            yield from _answers(matter, fact)


def served(material: Material) -> tuple[Fact[ScheduleServed], ...]:
    """Every schedule, the newest first."""
    return tuple(sorted(material.schedules.values(), key=lambda fact: fact.seq, reverse=True))


def next_items(material: Material, form: v.Form, agency: str) -> tuple[v.ScheduleItem, ...]:
    """The lines of the agency's next schedule: its own records, numbered on from its last one of this form."""
    own = [each for each in proposed(material, form) if material.records[each.record].event.agency == agency]
    first = 1 + max((item.number for each in _mine(material, form, agency) for item in each.items), default=0)
    return tuple(replace(item, number=number) for number, item in enumerate(own, first))


def _mine(material: Material, form: v.Form, agency: str) -> list[ScheduleServed]:
    facts = [each for each in material.schedules.values() if each.event.form is form and each.event.agency == agency]
    return [each.event for each in sorted(facts, key=lambda fact: fact.seq)]


def _serve(matter: Matter, form: v.Form, items: tuple[v.ScheduleItem, ...]) -> Form:
    earlier = _mine(matter.material, form, matter.scene.seat.agency)
    fields = [field for item in items for field in _of_line(form, item)]
    fields.append(
        Field(
            "certificate",
            _("Report"),
            Kind.MANY,
            (Choice("yes", _("The disclosure officer's report (MG6E) goes with it")),),
            ("yes",),
        )
    )
    title = (
        _("Serve the next %(form)s: %(n)s lines, numbered on from %(first)s")
        if earlier
        else _("Serve %(form)s: %(n)s lines, numbered from %(first)s")
    )
    return ScheduleForm(
        "schedule_serve",
        title % {"form": form.value, "n": len(items), "first": items[0].number},
        (Button(_("Serve it")), Button(_("Check the descriptions first"), "check")),
        tuple(fields),
        {
            "mg": form.value,
            "continues": earlier[-1].schedule if earlier else "",
            "lines": ",".join(str(matter.material.records[each.record].seq) for each in items),
        },
        form.value,
        template="desk/evidence/schedule_form.html",
        items=items,
        called=tuple(matter.called(each.record) for each in items),
    )


def _of_line(form: v.Form, item: v.ScheduleItem) -> Iterator[Field]:
    yield Field(f"description.{item.number}", _("Description"), Kind.AREA, chosen=(item.description,))
    yield Field(f"location.{item.number}", _("Where it is"), chosen=(item.location,))
    if form is v.Form.MG6D:
        yield Field(f"reason.{item.number}", _("Why it is sensitive"), chosen=(item.reason,))


def _report(matter: Matter) -> Form:
    earlier = _mine(matter.material, v.Form.MG6E, matter.scene.seat.agency)
    return Form(
        "schedule_report",
        _("Write the disclosure officer's report (MG6E)"),
        (Button(_("Serve the report")),),
        (
            Field(
                "refers",
                _("Items that may undermine the prosecution's case or help the defence"),
                hint=_("Their numbers, with commas between them; empty if there are none."),
            ),
            Field("why", _("Why each may"), Kind.AREA),
        ),
        {"continues": earlier[-1].schedule if earlier else ""},
    )


def _answers(matter: Matter, fact: Fact[ScheduleServed]) -> Iterator[Form]:
    meant = choices(
        {
            v.ScheduleDecision.DISCLOSE.value: _("D: disclose"),
            v.ScheduleDecision.INSPECT.value: _("I: inspect"),
            v.ScheduleDecision.CLEARLY_NOT_DISCLOSABLE.value: _("CND: clearly not disclosable"),
        }
    )
    for line in lines_of(matter.material, fact.event):
        if line.decision:
            continue
        yield Form(
            "schedule_answer",
            _("%(form)s, line %(n)s: %(description)s")
            % {"form": fact.event.form.value, "n": line.number, "description": line.description},
            (Button(_("Answer the line")),),
            (Field("answer", _("Prosecutor's decision"), Kind.CHOICE, meant), Field("reason", _("Reason"))),
            {"schedule": fact.event.schedule, "number": str(line.number)},
            f"{fact.seq} {line.number}",
        )


def _served(form: QueryDict, scene: Scene) -> r.ServeSchedule:
    matter = matter_of(scene)
    try:
        kind = v.Form(text(form, "mg"))
    except ValueError:
        raise BadInput([_("Choose which schedule this is.")]) from None
    by_seq = {str(fact.seq): record for record, fact in matter.material.records.items()}
    asked = [by_seq[seq] for seq in text(form, "lines").split(",") if seq in by_seq]
    standing = {item.record: item for item in next_items(matter.material, kind, scene.seat.agency)}
    if [*standing] != asked:
        raise BadInput([_("The material changed since this was made. Look at the lines again, then serve it.")])
    items = tuple(
        replace(
            item,
            description=text(form, f"description.{item.number}"),
            location=text(form, f"location.{item.number}"),
            reason=text(form, f"reason.{item.number}"),
        )
        for item in standing.values()
    )
    faults = [
        each.sentence
        for item in items
        for each in lint(matter.called(item.record), item.description, quantity=item.quantity)
        if each.blocks or text(form, "act") == "check"
    ]
    if text(form, "act") == "check":
        raise BadInput(faults or [_("Nothing was served. The descriptions say enough to decide on: serve it now.")])
    if faults:
        raise BadInput(faults)
    return r.ServeSchedule(
        kind,
        items,
        continues=text(form, "continues") or None,
        with_certificate="yes" in form.getlist("certificate"),
    )


def _reported(form: QueryDict, _scene: Scene) -> r.ServeSchedule:
    written = [each.strip() for each in text(form, "refers").split(",") if each.strip()]
    if not all(each.isdigit() for each in written):
        raise BadInput([_("Write the items' numbers, with commas between them.")])
    return r.ServeSchedule(
        v.Form.MG6E,
        (),
        continues=text(form, "continues") or None,
        refers_to=tuple(int(each) for each in written),
        why=text(form, "why"),
    )


def _answered(form: QueryDict, _scene: Scene) -> r.DecideScheduleItem:
    number, answer = text(form, "number"), text(form, "answer")
    if not number.isdigit() or answer not in set(v.ScheduleDecision):
        raise BadInput([_("Choose D, I or CND.")])
    return r.DecideScheduleItem(text(form, "schedule"), int(number), v.ScheduleDecision(answer), text(form, "reason"))


ACTS = (
    Act(
        "schedule_serve",
        SECTION,
        (r.ServeSchedule,),
        _served,
        lazy("Case %(reference)s: the schedule was served. Its documents stand below."),
    ),
    Act(
        "schedule_report",
        SECTION,
        (r.ServeSchedule,),
        _reported,
        lazy("Case %(reference)s: the report was served."),
    ),
    Act(
        "schedule_answer",
        SECTION,
        (r.DecideScheduleItem,),
        _answered,
        lazy("Case %(reference)s: the line was answered."),
    ),
)
