"""Where the person is held and under which power, and times that several parties have to keep together."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core import commands as c
from safehands.core.case import Booking, StatusState
from safehands.core.vocabulary import role_of
from safehands.desk.acting import text
from safehands.desk.forms import Button, Choice, Field, Form, Kind, plain
from safehands.desk.parsing import by_prefix, codes, needed_instant
from safehands.desk.scene import Scene, agency_names
from safehands.desk.subjects.act import BECAUSE, Act, when

SECTION = "places"


def forms(scene: Scene) -> Iterator[Form]:
    """What can be done about detentions and bookings."""
    if not scene.case.is_open:
        return
    running = [state for state in scene.case.statuses.values() if state.ended_at is None]
    for state in running:
        yield from _running(scene, state)
    if scene.pathway.powers and not running:
        yield _begin(scene)
    for booking in scene.case.bookings.values():
        if booking.state == "planning":
            yield from _booking(scene, booking)
    if scene.holds and scene.pathway.bookings:
        yield _plan(scene)


def _begin(scene: Scene) -> Form:
    mine = role_of(scene.seat.agency)
    powers = [each for each in scene.pathway.powers if each.by in ("", mine)]
    says = _("Whoever detains holds the case from that moment.")
    fields = (
        Field("kind", _("Under which power"), Kind.CHOICE, tuple(Choice(each.id, each.label) for each in powers)),
        Field("place", _("Where"), Kind.CHOICE, _places(scene)),
        when(_("When it began, if not now")),
        *_grounds(dict.fromkeys(name for each in powers for name in each.grounds), _("The power asks for it:")),
        *_grounds(
            dict.fromkeys(name for place in scene.pathway.places for name in place.grounds),
            _("Some places ask for it:"),
        ),
    )
    return Form("status_begin", _("The person was detained"), (Button(_("Begin the detention")),), fields, says=says)


def _running(scene: Scene, state: StatusState) -> Iterator[Form]:
    hidden, power = {"status": state.status}, scene.words.power(state.kind)
    grounds = dict.fromkeys(name for place in scene.pathway.places for name in place.grounds)
    moving = (
        Field("place", _("Where to"), Kind.CHOICE, _places(scene)),
        Field("reason", str(BECAUSE)),
        when(_("When, if not now")),
        *_grounds(grounds, _("Some places ask for it:")),
    )
    says = _("Moving somebody starts no clock again.")
    title = _("The person was moved (%(power)s)") % {"power": power}
    yield Form("status_move", title, (Button(_("Write down the move")),), moving, hidden, state.status, says)
    ending = (Field("outcome", _("How it ended")), when(_("When, if not now")))
    title = _("The detention ended (%(power)s)") % {"power": power}
    yield Form("status_end", title, (Button(_("End the detention"), grave=True),), ending, hidden, state.status)


def _places(scene: Scene) -> tuple[Choice, ...]:
    return tuple(Choice(each.id, each.label) for each in scene.pathway.places)


def _grounds(names: dict[str, None], hint: str) -> tuple[Field, ...]:
    return tuple(Field(f"g.{name}", f"{hint} {plain(name)}") for name in names)


def _plan(scene: Scene) -> Form:
    kinds = tuple(Choice(each.id, each.label) for each in scene.pathway.bookings)
    everybody = agency_names()
    parties = tuple(Choice(code, name) for code, name in everybody.items())
    known = {role_of(code) for code in everybody}
    others = dict.fromkeys(party for each in scene.pathway.bookings for party in each.parties if party not in known)
    needed = "; ".join(f"{each.label}: {', '.join(each.parties)}" for each in scene.pathway.bookings)
    fields = (
        Field("kind", _("What for"), Kind.CHOICE, kinds),
        Field("at", _("At what time"), Kind.INSTANT),
        Field("party", _("Who has to come"), Kind.MANY, parties, (scene.seat.agency,)),
        Field("others", _("Others, with commas between them"), chosen=(", ".join(others),)),
    )
    says = _("At the least: %(needed)s.") % {"needed": needed}
    return Form("booking_plan", _("Plan a time with several parties"), (Button(_("Plan it")),), fields, says=says)


def _booking(scene: Scene, booking: Booking) -> Iterator[Form]:
    agency, hidden = scene.seat.agency, {"booking": booking.booking}
    about = f"{booking.booking} "
    if agency in booking.missing:
        sent = {**hidden, "party": agency}
        yield Form("booking", _("You will come"), (Button(_("Confirm"), "confirm"),), (), sent, about + "mine")
    if agency in booking.confirmed:
        sent = {**hidden, "party": agency}
        because = (Field("reason", str(BECAUSE)),)
        button = (Button(_("We cannot come"), "withdraw"),)
        yield Form("booking", _("You can no longer come"), button, because, sent, about + "out")
    if not scene.holds:
        return
    outside = tuple(Choice(each, each) for each in booking.missing if each != agency)
    if outside:
        word = (
            Field("party", _("Who"), Kind.CHOICE, outside),
            Field("person", _("Who said so")),
            Field("role", _("Their role")),
            Field("reference", _("Their reference")),
        )
        title = _("Somebody outside the system gave their word to come")
        yield Form("booking", title, (Button(_("Write down their word"), "confirm"),), word, hidden, about + "word")
    if not booking.missing:
        title = _("Everybody has confirmed")
        yield Form("booking", title, (Button(_("Go"), "start"),), (), hidden, about + "go")
    because = (Field("reason", str(BECAUSE)),)
    title = _("Give the booking up")
    yield Form(
        "booking", title, (Button(_("Cancel the booking"), "cancel", grave=True),), because, hidden, about + "end"
    )


def _booked(
    form: QueryDict, _scene: Scene
) -> c.ConfirmBooking | c.WithdrawFromBooking | c.StartBooking | c.CancelBooking:
    booking, reason = text(form, "booking"), text(form, "reason")
    match text(form, "act"):
        case "withdraw":
            return c.WithdrawFromBooking(booking, text(form, "party"), reason)
        case "start":
            return c.StartBooking(booking)
        case "cancel":
            return c.CancelBooking(booking, reason)
        case _:
            said = (text(form, name) for name in ("person", "role", "reference"))
            return c.ConfirmBooking(booking, text(form, "party"), *said)


def _planned(form: QueryDict, _scene: Scene) -> c.PlanBooking:
    at = needed_instant(form, "at", _("at what time"))
    return c.PlanBooking(text(form, "kind"), at, codes((*form.getlist("party"), text(form, "others"))))


ACTS = (
    Act(
        "status_begin",
        SECTION,
        (c.BeginStatus,),
        lambda form, _scene: c.BeginStatus(text(form, "kind"), text(form, "place"), by_prefix(form, "g")),
        lazy("Case %(reference)s: the detention began, and you hold the case."),
    ),
    Act(
        "status_move",
        SECTION,
        (c.MoveStatus,),
        lambda form, _scene: c.MoveStatus(
            text(form, "status"), text(form, "place"), text(form, "reason"), by_prefix(form, "g")
        ),
        lazy("Case %(reference)s: the move was written down. The clock runs on."),
    ),
    Act(
        "status_end",
        SECTION,
        (c.EndStatus,),
        lambda form, _scene: c.EndStatus(text(form, "status"), text(form, "outcome")),
        lazy("Case %(reference)s: the detention ended."),
    ),
    Act("booking_plan", SECTION, (c.PlanBooking,), _planned, lazy("Case %(reference)s: planned. Ask each to confirm.")),
    Act(
        "booking",
        SECTION,
        (c.ConfirmBooking, c.WithdrawFromBooking, c.StartBooking, c.CancelBooking),
        _booked,
        lazy("Case %(reference)s: the booking was brought up to date."),
    ),
)
