"""What an agency's administrator does: each change and its line in the administration log together, or neither.

Nothing of a case is touched here. What an agency says of itself to others (the contact book) and which streams it has
switched on are entries of the ledger as well (``service.agencies``), since offers and decisions rest on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from secrets import choice
from typing import Final

from allauth.mfa.models import Authenticator  # type: ignore[import-untyped]  # allauth has no types
from allauth.socialaccount.models import SocialAccount  # type: ignore[import-untyped]  # allauth has no types
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.utils.translation import gettext as _

from safehands.core.vocabulary import Actor
from safehands.desk import apart, sealing
from safehands.desk.models import ROLES, Administered, Agency, Desk, Invitation, Membership, Person
from safehands.desk.sessions import end_everywhere
from safehands.errors import BadInput, NotFound
from safehands.service.clock import SystemClock

#: How long a code for a first password holds (ASVS 5.0.0 6.4.1).
CODE_HOLDS: Final = timedelta(hours=72)
#: What a code is written with: no letter that reads like another. 20 of 30 are 98 bits.
LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
GROUPS: Final = 5


@contextmanager
def noted(by: Actor, act: str, about: str, detail: str = "") -> Iterator[None]:
    """One transaction: what happens inside, and its line in the log of the actor's agency."""
    try:
        with apart.agency_of(by.agency):
            yield
            Administered.objects.create(
                at=SystemClock().now(),
                actor=by.actor,
                role=by.role,
                agency=by.agency,
                act=act,
                about=about,
                detail=detail,
            )
    except ValidationError as wrong:
        raise BadInput(wrong.messages) from None


def log_of(agency: str) -> list[Administered]:
    """The agency's administration log, newest first."""
    with apart.agency_of(agency):
        return list(Administered.objects.all()[:300])


def give_seat(by: Actor, account: str, role: str, desk: str, *, administers: bool, subject: str = "") -> str | None:
    """A seat at the administrator's agency. Makes the account where there is none, and gives the code for its first
    password; with ``subject`` the account signs in at the agency's own provider instead."""
    _check_role(role)
    code = None
    with noted(by, "seat_given", account, role), _once(_("This person has this seat already.")):
        person = Person.objects.filter(actor=account).first()
        if person is None:
            person = Person(actor=account)
            person.set_unusable_password()
            person.full_clean(exclude=["password"])
            person.save()
            code = None if subject else invite(person)
        if subject:
            _tie(person, by.agency, subject)
        Membership.objects.create(
            person=person,
            agency=Agency.objects.get(code=by.agency),
            desk=_desk(by.agency, desk),
            role=role,
            administers=administers,
        )
    return code


def move_seat(by: Actor, membership: int, role: str, desk: str, *, administers: bool) -> None:
    """The seat ends and another begins: what was done from it stays done from it."""
    _check_role(role)
    seat = seat_at(by.agency, membership)
    with (
        noted(by, "seat_moved", seat.person.actor, f"{seat.role} to {role}"),
        _once(_("This person has this seat already.")),
    ):
        _keep_an_administrator(seat, administers=administers)
        Membership.objects.filter(pk=seat.pk).update(ended_at=SystemClock().now())
        Membership.objects.create(
            person=seat.person, agency=seat.agency, desk=_desk(by.agency, desk), role=role, administers=administers
        )


def end_seat(by: Actor, membership: int) -> None:
    """Whoever had it can act from it no more; whoever has no other is signed out everywhere."""
    seat = seat_at(by.agency, membership)
    with noted(by, "seat_ended", seat.person.actor, seat.role):
        _keep_an_administrator(seat, administers=False)
        Membership.objects.filter(pk=seat.pk).update(ended_at=SystemClock().now())
    if not Membership.objects.filter(person=seat.person, ended_at=None).exists():
        end_everywhere(seat.person)


def rename_person(by: Actor, membership: int, name: str) -> None:
    """The name that colleagues see; the ledger only ever has the account."""
    seat = seat_at(by.agency, membership)
    with noted(by, "person_renamed", seat.person.actor):
        seat.person.display_name = name
        seat.person.full_clean(exclude=["password"])
        seat.person.save(update_fields=["display_name"])


def sign_out(by: Actor, membership: int) -> int:
    """End every session of the person in this seat; how many there were."""
    person = seat_at(by.agency, membership).person
    with noted(by, "signed_out", person.actor):
        return end_everywhere(person)


def renew(by: Actor, membership: int, *, factors_lost: bool) -> str:
    """A code for a new password; with ``factors_lost`` the second factors are taken away too. Everything that the
    person
    had open ends. Only for people whose every seat is at the administrator's agency: others ask where they also sit."""
    person = seat_at(by.agency, membership).person
    if Membership.objects.filter(person=person, ended_at=None).exclude(agency=by.agency).exists():
        raise BadInput(
            [_("This person also has a seat at another agency. The operator of this installation renews it.")]
        )
    with noted(by, "sign_in_renewed", person.actor, "second factors taken away" if factors_lost else ""):
        person.set_unusable_password()
        person.save(update_fields=["password"])
        if factors_lost:
            Authenticator.objects.filter(user=person).delete()
        end_everywhere(person)
        return invite(person)


def invite(person: Person) -> str:
    """A code that sets a password once; those given before hold no more."""
    now = SystemClock().now()
    Invitation.objects.filter(person=person, used_at=None).update(expires_at=now)
    code = "-".join("".join(choice(LETTERS) for _letter in range(4)) for _group in range(GROUPS))
    Invitation.objects.create(person=person, code=sealing.mark("invitation", code), expires_at=now + CODE_HOLDS)
    return code


def add_desk(by: Actor, code: str, name: str) -> None:
    """Another desk of the agency."""
    desk = Desk(agency=Agency.objects.get(code=by.agency), code=code, name=name)
    with noted(by, "desk_added", code, name):
        desk.full_clean()
        desk.save()


def rename_desk(by: Actor, code: str, name: str) -> None:
    """Another name for a desk; its code stays, since the ledger has it."""
    desk = _found_desk(by.agency, code)
    with noted(by, "desk_renamed", code, f"{desk.name} to {name}"):
        desk.name = name
        _cleaned(desk)


def end_desk(by: Actor, code: str) -> None:
    """No more offers go to it and nobody sits there; refused while somebody does."""
    desk = _found_desk(by.agency, code)
    if desk.memberships.filter(ended_at=None).exists():  # type: ignore[attr-defined]  # Django adds the other side
        raise BadInput([_("People still sit at this desk. Move or end their seats first.")])
    with noted(by, "desk_ended", code):
        desk.ended_at = SystemClock().now()
        _cleaned(desk)


def rename_agency(by: Actor, name: str) -> None:
    """Another name for the administrator's own agency."""
    agency = Agency.objects.get(code=by.agency)
    with noted(by, "agency_renamed", agency.code, f"{agency.name} to {name}"):
        agency.name = name
        _cleaned(agency)


def add_agency(by: Actor, code: str, name: str) -> None:
    """An agency that is not on the system: cases can be offered to it, and it takes by word."""
    agency = Agency(code=code, name=name, on_system=False)
    with noted(by, "agency_added", code, name):
        agency.full_clean()
        agency.save(force_insert=True)


def end_agency(by: Actor, code: str) -> None:
    """An agency that is not on the system takes no more cases. One with people here is ended by the operator only."""
    agency = Agency.objects.filter(code=code, on_system=False, ended_at=None).first()
    if agency is None:
        raise NotFound(_("There is no such agency outside the system."))
    with noted(by, "agency_ended", code):
        agency.ended_at = SystemClock().now()
        _cleaned(agency)


def first_administrator(operator: str, agency: str, name: str, account: str) -> str:
    """For whoever runs the installation: the agency, if it is new, and its first (or another) administrator; the code
    that sets their password. Raises ``BadInput``."""
    by = Actor(operator, "operator", agency)
    with noted(by, "administrator_named", account), _once(_("This person has this seat already.")):
        found = Agency.objects.filter(code=agency).first()
        if found is None:
            found = Agency(code=agency, name=name)
            found.full_clean()
            found.save(force_insert=True)
        elif not found.on_system:
            found.on_system = True
            _cleaned(found)
        person = Person.objects.filter(actor=account).first() or Person(actor=account)
        if person.pk is None:
            person.set_unusable_password()
            person.full_clean(exclude=["password"])
            person.save()
        seats = Membership.objects.filter(person=person, agency=found, ended_at=None)
        if not seats.update(administers=True):
            Membership.objects.create(person=person, agency=found, role="supervisor", administers=True)
        return invite(person)


def seat_at(agency: str, membership: int) -> Membership:
    """A seat of this agency that has not ended. Raises ``NotFound``."""
    found = Membership.objects.select_related("person", "agency", "desk").filter(
        pk=membership, agency=agency, ended_at=None
    )
    seat = found.first()
    if seat is None:
        raise NotFound(_("There is no such seat at your agency."))
    return seat


def _keep_an_administrator(seat: Membership, *, administers: bool) -> None:
    others = Membership.objects.filter(agency=seat.agency, administers=True, ended_at=None).exclude(pk=seat.pk)
    if seat.administers and not administers and not others.exists():
        raise BadInput([_("Your agency would have no administrator. Name another one first.")])


def _tie(person: Person, agency: str, subject: str) -> None:
    """Let the agency's own provider sign this account in. An account with a seat elsewhere, or one that signs in
    another way, is never tied: its owner would be whoever this agency says."""
    provider = next((name for name, of in settings.DESK_PROVIDERS.items() if of == agency), None)
    if provider is None:
        raise BadInput([_("Your agency has no provider of its own here. Leave the name there empty.")])
    elsewhere = Membership.objects.filter(person=person).exclude(agency=agency).exists()
    if elsewhere or person.has_usable_password() or Authenticator.objects.filter(user=person).exists():
        raise BadInput([_("This account signs in another way. Make another account for this provider.")])
    if SocialAccount.objects.filter(provider=provider, uid=subject).exclude(user=person).exists():
        raise BadInput([_("Somebody else has this name at your provider.")])
    SocialAccount.objects.get_or_create(user=person, provider=provider, uid=subject)


def _check_role(role: str) -> None:
    if role not in dict(ROLES):
        raise BadInput([_("Choose a role.")])


def _desk(agency: str, code: str) -> Desk | None:
    return _found_desk(agency, code) if code else None


def _found_desk(agency: str, code: str) -> Desk:
    desk = Desk.objects.filter(agency=agency, code=code, ended_at=None).first()
    if desk is None:
        raise NotFound(_("There is no such desk at your agency."))
    return desk


def _cleaned(row: Model) -> None:
    row.full_clean()
    row.save()


@contextmanager
def _once(sentence: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise BadInput([sentence]) from None
