"""A person's own page: given by the holder, reached by a link and a code that go by the route they called safe.

The case's ledger tells that it was given and closed. How it is reached lies in the desk's own table, sealed. Nobody
gets in by the link alone, by an old code, by guessing, after its time, or while the agency's sign-off does not stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from secrets import randbelow, token_urlsafe
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from safehands.core.case import Case, TaskStatus
from safehands.core.commands import GiveOwnPage, WithdrawOwnPage
from safehands.core.vocabulary import SYSTEM_ROLE, Actor
from safehands.desk import administering, apart, sealing
from safehands.desk.apps import kernel
from safehands.desk.models import Agency, Look, Membership, OwnPage, Person, SignOff
from safehands.desk.sending import sender
from safehands.errors import BadInput, NotFound, NotPermitted, Refused, SafehandsError
from safehands.service.clock import SystemClock
from safehands.service.handle import Request
from safehands.service.sentences import Words

#: How long a code holds, how often it may be tried, and how many wrong tries close the page for good.
CODE_HOLDS: Final = timedelta(minutes=10)
TRIES: Final = 5
MOST_TRIES: Final = 15
CODES_AN_HOUR: Final = 5
#: What the ledger says of a page that was closed so.
GUESSED: Final = "wrong codes were tried too often"
#: How long the page stays readable after a code.
READ_FOR: Final = 900


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says, and nothing else: no account, no name of an officer, nothing of another party's."""

    reference: str
    holder: str | None
    since: datetime
    keeper: str
    decided: str
    decided_at: datetime | None
    said: tuple[str, ...]
    promised: tuple[tuple[str, datetime | None, bool], ...]
    if_worse: str


# --- the agency's sign-off ------------------------------------------------------------------------------------------


def sign_off_of(agency: str) -> tuple[SignOff | None, bool]:
    """The newest sign-off of ``agency`` that was not taken back, and whether it stands (two people said it)."""
    with apart.agency_of(agency):
        found = SignOff.objects.filter(agency=agency, ended_at=None).first()
    return found, found is not None and found.confirmed_at is not None


def family_signed_off(agency: str) -> bool:
    """Whether ``agency`` has signed off what victims and families read of evidence: own pages as such, and by name
    anonymity and reporting limits."""
    found, stands = sign_off_of(agency)
    return found is not None and stands and bool(found.anonymity and found.reporting_limits)


def check_signed_off(agency: str) -> SignOff:
    """Persons' own pages may be used by ``agency``. Raises ``Refused``."""
    found, stands = sign_off_of(agency)
    if found is None or not stands:
        raise Refused(
            "own_page.not_signed_off",
            _("Your agency has not signed off persons' own pages. Two people have to, under Administration."),
        )
    return found


@dataclass(frozen=True, slots=True)
class Limits:
    """What else has to be signed off before a family reads of evidence: by reference, or nothing at all."""

    anonymity: str = ""
    reporting_limits: str = ""


def say(
    by: Actor,
    impact_assessment: str,
    safeguarding: str,
    lawful_basis: str,
    *,
    names_officers: bool,
    limits: Limits = Limits(),
) -> None:
    """The first of two people says that what is legally needed is there, by reference."""
    if not all((impact_assessment, safeguarding, lawful_basis)):
        raise BadInput([_("Name all three: the impact assessment, the safeguarding review, the lawful basis.")])
    now = SystemClock().now()
    with administering.noted(by, "own_pages_proposed", by.agency):
        SignOff.objects.filter(agency=by.agency, ended_at=None).update(ended_at=now)
        SignOff.objects.create(
            agency=by.agency,
            impact_assessment=impact_assessment,
            safeguarding=safeguarding,
            lawful_basis=lawful_basis,
            names_officers=names_officers,
            anonymity=limits.anonymity,
            reporting_limits=limits.reporting_limits,
            said_by=by.actor,
            said_at=now,
        )


def confirm(by: Actor) -> None:
    """The second person confirms. Raises ``Refused`` where it is the first one again."""
    found, stands = sign_off_of(by.agency)
    if found is None or stands:
        raise NotFound(_("Nothing waits for a second person."))
    if found.said_by == by.actor:
        raise Refused("own_page.second_person", _("You proposed this. Somebody else has to confirm it."))
    with administering.noted(by, "own_pages_signed_off", by.agency, f"proposed by {found.said_by}"):
        SignOff.objects.filter(pk=found.pk).update(confirmed_by=by.actor, confirmed_at=SystemClock().now())


def take_back(by: Actor) -> None:
    """Every page of the agency is closed at once to whoever wants to read it."""
    with administering.noted(by, "own_pages_taken_back", by.agency):
        SignOff.objects.filter(agency=by.agency, ended_at=None).update(ended_at=SystemClock().now())


# --- giving and taking back -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the person of which contact, by which safe route, with which word, for how many days."""

    contact: str
    channel: str
    route: str
    word: str
    days: int
    party: str = ""


def give(by: Actor, case: Case, wanted: Wanted, command: str) -> None:
    """Give the person of the contact their page. The link goes out by the outbox, after the commit."""
    check_signed_off(by.agency)
    _check_route(wanted.channel, wanted.route)
    page, token, now = kernel().clock.new_id(), token_urlsafe(24), kernel().clock.now()
    until = now + timedelta(days=wanted.days)
    with apart.agency_of(by.agency):
        OwnPage.objects.create(
            page=page,
            agency=by.agency,
            case_id=UUID(case.case_id),
            contact=wanted.contact,
            link=sealing.mark("link", token),
            sealed_link=sealing.sealed(token),
            word=sealing.mark("word", _plain(wanted.word)) if wanted.word else "",
            channel=wanted.channel,
            sealed_route=sealing.sealed(wanted.route),
            sealed_party=sealing.sealed(wanted.party) if wanted.party else "",
            expires_at=until,
        )
    try:
        kernel().handle(Request(command, case.case_id, GiveOwnPage(page, wanted.contact, wanted.channel, until), by))
    except SafehandsError:
        forget(by.agency, page)
        raise
    forget_closed(kernel().case(case.case_id, agency=by.agency))


def withdraw(by: Actor, case: Case, page: str, reason: str, command: str) -> None:
    """Close a page; what is known of its route goes."""
    kernel().handle(Request(command, case.case_id, WithdrawOwnPage(page, reason), by))
    forget_closed(kernel().case(case.case_id, agency=by.agency))


def forget_closed(case: Case) -> None:
    """Of every page of ``case`` that is closed (taken back, replaced, erased) nothing is kept of its way."""
    for page in case.own_pages.values():
        if not page.open:
            forget(page.by_agency, page.page)


def forget(agency: str, page: str) -> None:
    """The route, the link and the word of a page of ``agency`` go."""
    with apart.agency_of(agency):
        OwnPage.objects.filter(page=page).delete()


def forget_expired(now: datetime) -> int:
    """What is kept of pages whose time is over goes; how many there were."""
    gone = 0
    for code in Agency.objects.values_list("code", flat=True):
        with apart.agency_of(code):
            gone += OwnPage.objects.filter(expires_at__lte=now).delete()[0]
    return gone


def _check_route(channel: str, route: str) -> None:
    try:
        if channel == "email":
            validate_email(route)
        elif not re.fullmatch(r"\+?[0-9][0-9 ]{7,18}", route):
            raise ValidationError("")
    except ValidationError:
        raise BadInput([_("Write down the number or address that they called safe.")]) from None


# --- the visitor ----------------------------------------------------------------------------------------------------


def page_behind(link: str) -> OwnPage | None:
    """The page behind a link's mark, while it may be read: signed off, open, not replaced, not locked, not too old."""
    with apart.visitor_of(link):
        row = OwnPage.objects.filter(link=link).first()
    if row is None or row.locked or row.expires_at <= kernel().clock.now():
        return None
    if not sign_off_of(row.agency)[1]:
        return None
    return row if is_open(row) else None


def is_open(row: OwnPage) -> bool:
    """Whether the case says that the page is open: not taken back, replaced or erased."""
    state = _case_of(row).own_pages.get(str(row.page))
    return state is not None and state.open


def send_code(link: str) -> None:
    """A new code to the page behind ``link``, by its safe route; the one before holds no more. Silent where there is no
    such page: whoever guesses learns nothing. Raises ``NotSent``."""
    row = page_behind(link)
    if row is None or not _may_send(link):
        return
    code = f"{randbelow(10**8):08}"
    _change(row, code=_code(row, code), code_until=SystemClock().now() + CODE_HOLDS)
    sender().send(
        row.channel, sealing.opened(row.sealed_route), _("Your code"), _("Your code: %(code)s") % {"code": code}
    )


def check_code(link: str, code: str, word: str) -> OwnPage:
    """The page, where the code (and the word, if one was agreed) is right; a code works once. Raises ``NotPermitted``
    with one sentence for every fault."""
    row = page_behind(link)
    wrong = NotPermitted(_("This is not right, or it is too old. Ask for a new code."))
    if row is None:
        raise wrong
    live = row.code and row.code_until is not None and SystemClock().now() < row.code_until
    right = bool(live) and compare_digest(row.code, _code(row, code))
    said = not row.word or compare_digest(row.word, sealing.mark("word", _plain(word)))
    if not (right and said):
        tries = row.tries + 1
        spent = tries % TRIES == 0
        _change(row, tries=tries, locked=tries >= MOST_TRIES, **({"code": ""} if spent else {}))
        noted(row, "own page refused")
        if tries >= MOST_TRIES:
            _shut(row)
        raise wrong
    _change(row, code="", tries=0)
    return row


def told_on(row: OwnPage) -> Told:
    """What the person of this page may read now."""
    case = _case_of(row)
    pathway = kernel().catalogue.by_ref(case.pathway)
    sign_off, _stands = sign_off_of(row.agency)
    names = sign_off is not None and sign_off.names_officers
    mine = [told for told in case.told if told.contact == row.contact]
    holder = Agency.objects.filter(code=case.holder).first()
    hide = (lambda words: words) if names else without_names
    return Told(
        reference=case.reference,
        holder=(holder.name if holder is not None else case.holder) if case.is_open else None,
        since=case.holdings[-1].since if case.is_open else (case.closed_at or case.last_at),
        keeper=_name_of(case.keeper) if names and case.keeper and case.is_open else "",
        decided=Words(pathway).outcome(case.decided.outcome) if case.decided is not None else "",
        decided_at=case.decided.at if case.decided is not None else None,
        said=tuple(hide(told.text) for told in mine),
        promised=tuple(
            (hide(promise.text), promise.by, case.tasks[promise.task].status is TaskStatus.DONE)
            for promise in case.promises.values()
            if case.believed(promise) and 0 < promise.told <= len(case.told) and case.told[promise.told - 1] in mine
        ),
        if_worse=next((hide(told.if_worse) for told in reversed(mine) if told.if_worse), ""),
    )


def noted(row: OwnPage, page: str) -> None:
    """One line of the log of looking: the person looked, or somebody tried."""
    Look.objects.create(
        at=kernel().clock.now(),
        actor=f"own-page.{str(row.page)[:8]}",
        role="person",
        agency=row.agency,
        case_id=row.case_id,
        page=page,
    )


def without_names(words: str) -> str:
    """``words`` without the accounts and names of the people who sit at any desk here."""
    for actor, name in Person.objects.values_list("actor", "display_name"):
        for each in filter(None, (actor, name)):
            words = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", _("an officer"), words, flags=re.IGNORECASE)
    return words


def _name_of(actor: str) -> str:
    found = Membership.objects.filter(person__actor=actor).select_related("person").first()
    return found.person.display_name if found is not None else ""


def _shut(row: OwnPage) -> None:
    """The case says that the page was guessed at and is shut; it is locked already, whatever comes of this."""
    by = Actor("system", SYSTEM_ROLE, row.agency)
    shut = Request(kernel().clock.new_id(), str(row.case_id), WithdrawOwnPage(str(row.page), GUESSED), by)
    try:
        kernel().handle(shut)
    except Refused:
        return  # somebody closed it in the same moment
    forget(row.agency, str(row.page))


def _case_of(row: OwnPage) -> Case:
    return kernel().case(str(row.case_id), agency=row.agency)


def _change(row: OwnPage, **values: object) -> None:
    with apart.visitor_of(row.link):
        OwnPage.objects.filter(pk=row.pk).update(**values)


def _code(row: OwnPage, code: str) -> str:
    return sealing.mark(f"code {row.page}", "".join(code.split()))


def _plain(word: str) -> str:
    return " ".join(word.casefold().split())


def _may_send(link: str) -> bool:
    key = f"own:{link[:24]}"
    cache.add(key, 0, 3600)
    return bool(cache.incr(key) <= CODES_AN_HOUR)


def address_of(token: str) -> str:
    """The link, as it stands in the message: nothing in it says whose it is or what of."""
    return f"{settings.DESK_ADDRESS}/p/{token}/"
