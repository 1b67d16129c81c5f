"""Whose hands: offers and their answers, words given by telephone, taking without an offer, the keeper, closing."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core import commands as c
from safehands.core.case import Offer, OfferStatus
from safehands.core.decide.closing import check_may_close
from safehands.core.decide.decisions import SUPERVISING_ROLES
from safehands.core.decide.handover import check_can_assume
from safehands.core.rules import may
from safehands.core.vocabulary import Ground
from safehands.desk.acting import text
from safehands.desk.forms import Button, Choice, Field, Form, Kind, choices
from safehands.desk.models import Desk, Membership
from safehands.desk.scene import Scene
from safehands.desk.seats import Seat
from safehands.desk.subjects.act import BECAUSE, Act, when
from safehands.errors import BadInput
from safehands.service.permissions import ACTING_ROLES

SECTION = "handovers"


def forms(scene: Scene) -> Iterator[Form]:
    """What can be done about who holds the case."""
    case, agency = scene.case, scene.seat.agency
    if not case.is_open:
        if any(holding.agency == agency for holding in case.holdings):
            yield Form(
                "reopen", _("Open the case again"), (Button(_("Open it again")),), (Field("reason", str(BECAUSE)),)
            )
        return
    for offer in case.offers.values():
        yield from _ours(scene, offer)
        yield from word_forms(offer)
    if scene.holds:
        yield keeper_form(scene)
    yield from _assume(scene)
    yield from _stand_down(scene)
    if may(check_may_close, case, agency):
        yield close_form(scene)


def _ours(scene: Scene, offer: Offer) -> Iterator[Form]:
    """What we can do about an open offer of ours."""
    if offer.status is not OfferStatus.OPEN or offer.from_agency != scene.seat.agency:
        return
    hidden, about = {"offer": offer.offer}, {"to": offer.to_agency}
    word = (
        Field("person", _("Who said so")),
        Field("role", _("Their role")),
        Field("reference", _("Their reference")),
        when(_("When they said so, if not now")),
    )
    says = _("An agency outside the system takes by a named person's word. It is a concern until it is confirmed.")
    title = _("%(to)s took it by word") % about
    yield Form("by_word", title, (Button(_("Write down their word")),), word, hidden, offer.offer, says)
    if holes := tuple(name for name in offer.required if not offer.pack.get(name, "").strip()):
        yield pack_form(scene, offer, holes)
    title = _("Take the offer to %(to)s back") % about
    because = (Field("reason", str(BECAUSE)),)
    yield Form("withdraw", title, (Button(_("Take the offer back")),), because, hidden, offer.offer)


def pack_form(scene: Scene, offer: Offer, holes: tuple[str, ...]) -> Form:
    """The holes of an offer's pack, to be filled in by whoever knows."""
    labels = {field.id: field.label for pack in scene.pathway.packs for field in pack.fields}
    return Form(
        "complete_pack",
        _("Fill in what is missing for %(to)s") % {"to": offer.to_agency},
        (Button(_("Fill in")),),
        tuple(Field(f"p.{name}", labels.get(name, name)) for name in holes),
        {"offer": offer.offer},
        offer.offer,
        _("“asked_unknown” says that it was asked and nobody knows, where the field allows that."),
    )


def word_forms(offer: Offer) -> Iterator[Form]:
    """The confirmation of a word that was given."""
    if offer.by_word is None or offer.confirmed:
        return
    title = _("Confirm the word of %(who)s, %(role)s at %(to)s") % {
        "who": offer.by_word.person,
        "role": offer.by_word.role,
        "to": offer.to_agency,
    }
    fields = (Field("how", _("How it was confirmed: in writing, or their people arrived")),)
    yield Form("confirm_word", title, (Button(_("Confirm their word")),), fields, {"offer": offer.offer}, offer.offer)


def keeper_form(scene: Scene, back: str = "") -> Form:
    """Who inside the holder keeps the case."""
    keeper = scene.case.keeper
    fields = (Field("keeper", _("To"), Kind.CHOICE, keepers(scene.seat), (keeper or scene.seat.actor.actor,)),)
    hidden = {"back": back} if back else {}
    title = _("Hand it to a colleague or a desk of your agency") if keeper else _("Name who of your agency keeps it")
    return Form("keeper", title, (Button(_("Name the keeper")),), fields, hidden, scene.case.reference if back else "")


def keepers(seat: Seat) -> tuple[Choice, ...]:
    """The desks of the seat's agency, and its people who change cases."""
    desks = [Choice(each.code, each.name) for each in Desk.objects.filter(agency=seat.agency)]
    seats = Membership.objects.filter(agency=seat.agency, ended_at=None, role__in=ACTING_ROLES, person__is_active=True)
    people = {
        each.person.actor: each.person.display_name or each.person.actor for each in seats.select_related("person")
    }
    return (*desks, *choices(people))


def _assume(scene: Scene) -> Iterator[Form]:
    case = scene.case
    if not may(check_can_assume, case, scene.seat.agency, case.holder):
        return
    grounds = choices(
        {
            Ground.PROFESSIONAL_JUDGEMENT: _("in our judgement we have to"),
            Ground.DEPLOYED: _("we decided to go"),
            Ground.DETAINED: _("we detained the person"),
            Ground.CALL_DROPPED: _("the call dropped"),
        }
    )
    title = _("Take the case from %(who)s without an offer") % {"who": case.holder}
    fields = (Field("ground", _("On which ground"), Kind.CHOICE, grounds), Field("reason", str(BECAUSE)))
    yield Form("assume", title, (Button(_("Take the case"), grave=True),), fields, {"believes_holder": case.holder})


def _stand_down(scene: Scene) -> Iterator[Form]:
    others = scene.others()
    if scene.seat.actor.role not in SUPERVISING_ROLES or not others:
        return
    fields = (
        Field("agency", _("Who is not to come"), Kind.CHOICE, tuple(Choice(code, code) for code in others)),
        Field("reason", str(BECAUSE)),
        Field("verified_by", _("Who saw the person, or verified where they are")),
    )
    says = _("On a sighting or a verified location only. Help that was on its way stops.")
    yield Form("stand_down", _("Tell an agency not to come"), (Button(_("Stand down"), grave=True),), fields, says=says)


def close_form(scene: Scene) -> Form:
    """The end of the case, by its holder."""
    fields = (Field("outcome", _("How it ended")), Field("reason", _("Reason for closing")))
    hidden = {"believes_holder": scene.case.holder}
    return Form("close", _("Close the case"), (Button(_("Close the case"), grave=True),), fields, hidden)


def _answer(form: QueryDict, _scene: Scene) -> c.QuestionOffer | c.DeclineOffer:
    if text(form, "act") == "ask":
        return c.QuestionOffer(text(form, "offer"), text(form, "reason"))
    return c.DeclineOffer(text(form, "offer"), text(form, "reason"))


def _pack(form: QueryDict, scene: Scene) -> c.CompletePack:
    offer = scene.case.offers.get(text(form, "offer"))
    required = offer.required if offer is not None else ()
    filled = {name: text(form, f"p.{name}") for name in required if text(form, f"p.{name}")}
    return c.CompletePack(text(form, "offer"), filled)


def _kept(form: QueryDict, scene: Scene) -> c.SetKeeper:
    keeper = text(form, "keeper")
    if keeper not in {each.value for each in keepers(scene.seat)}:
        # A name that is nobody's would leave the case kept by nobody, and let its keeper log off.
        raise BadInput([_("Choose a desk of your agency, or somebody of your agency who changes cases.")])
    return c.SetKeeper(keeper)


def _assumed(form: QueryDict, _scene: Scene) -> c.AssumeCase:
    ground = text(form, "ground")
    if ground not in set(Ground):
        raise BadInput([_("Say on which ground you take the case.")])
    return c.AssumeCase(text(form, "believes_holder"), Ground(ground), text(form, "reason"))


ACTS = (
    Act(
        "accept",
        SECTION,
        (c.AcceptOffer,),
        lambda form, _scene: c.AcceptOffer(text(form, "offer"), text(form, "believes_from")),
        lazy("Accepted. Case %(reference)s: what was offered is yours now."),
    ),
    Act(
        "acknowledge",
        SECTION,
        (c.AcknowledgeOffer,),
        lambda form, _scene: c.AcknowledgeOffer(text(form, "offer")),
        lazy("Case %(reference)s: they know that you received it. You have not accepted, and the clock runs."),
    ),
    Act(
        "answer_offer",
        SECTION,
        (c.QuestionOffer, c.DeclineOffer),
        _answer,
        lazy("Case %(reference)s: your answer was sent."),
    ),
    Act("complete_pack", SECTION, (c.CompletePack,), _pack, lazy("Case %(reference)s: the pack was filled in.")),
    Act(
        "withdraw",
        SECTION,
        (c.WithdrawOffer,),
        lambda form, _scene: c.WithdrawOffer(text(form, "offer"), text(form, "reason")),
        lazy("Case %(reference)s: the offer was taken back. You hold on."),
    ),
    Act(
        "by_word",
        SECTION,
        (c.AcceptByWord,),
        lambda form, _scene: c.AcceptByWord(
            text(form, "offer"), text(form, "person"), text(form, "role"), text(form, "reference")
        ),
        lazy("Case %(reference)s: their word was written down. It is a concern until it is confirmed."),
    ),
    Act(
        "confirm_word",
        SECTION,
        (c.ConfirmWord,),
        lambda form, _scene: c.ConfirmWord(text(form, "offer"), text(form, "how")),
        lazy("Case %(reference)s: the word was confirmed."),
    ),
    Act("keeper", SECTION, (c.SetKeeper,), _kept, lazy("Case %(reference)s: the keeper was named.")),
    Act("assume", SECTION, (c.AssumeCase,), _assumed, lazy("You hold case %(reference)s now.")),
    Act(
        "stand_down",
        SECTION,
        (c.StandDown,),
        lambda form, _scene: c.StandDown(text(form, "agency"), text(form, "reason"), text(form, "verified_by")),
        lazy("Case %(reference)s: they were told not to come. Whoever was counting on them has to know."),
    ),
    Act(
        "close",
        SECTION,
        (c.CloseCase,),
        lambda form, _scene: c.CloseCase(text(form, "believes_holder"), text(form, "reason"), text(form, "outcome")),
        lazy("Case %(reference)s is closed."),
    ),
    Act(
        "reopen",
        SECTION,
        (c.ReopenCase,),
        lambda form, _scene: c.ReopenCase(text(form, "reason")),
        lazy("Case %(reference)s is open again, and you hold it."),
    ),
)
