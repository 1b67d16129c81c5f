"""Every page of the desk, as the tests open it: who may see it, and what its address is made of.

Whoever adds an address to ``site/urls.py`` that answers GET adds a line here, or ``test_every_page`` fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from .conftest import Matter

SUPERVISOR: Final = "Supervisor, POL"
HANDLER: Final = "Call handler, POL"


@dataclass(frozen=True, slots=True)
class Seen:
    """One page: by whom (None: nobody is signed in), what its address is made of, and why it asks no question."""

    seat: str | None = SUPERVISOR
    given: Mapping[str, str | int] = field(default_factory=dict)
    no_question: str = ""


_CASE: Final = {"case_id": "{case_id}"}
_CONTACT: Final = {**_CASE, "contact": "{contact}"}

#: By the name of the address.
PAGES: Final[Mapping[str, Seen]] = {
    "worklist": Seen(HANDLER),
    "entrance": Seen(None),
    "begin": Seen(HANDLER),
    "contact": Seen(HANDLER, _CONTACT),
    "case": Seen(HANDLER, _CASE),
    "offer": Seen(HANDLER, {**_CASE, "route": "ambulance"}),
    "statement": Seen(HANDLER, _CASE),
    "verify_case": Seen(HANDLER, _CASE),
    "board": Seen(),
    "register": Seen(),
    "new_record": Seen(),
    "pathways": Seen(),
    "pathway": Seen(given={"name": "right-care"}),
    "glass": Seen(),
    "people": Seen(),
    "ledger": Seen(),
    "sentences": Seen(HANDLER),
    "concerns": Seen(),
    "account_login": Seen(None, no_question="a form that everybody knows"),
    "mfa_index": Seen(no_question="allauth's page in our design"),
    "first": Seen(None),
    "case_section": Seen(HANDLER, {**_CASE, "section": "record"}),
    "erase": Seen(given=_CASE),
    "give_own_page": Seen(HANDLER, _CASE),
    "keeping": Seen(HANDLER),
    "looks": Seen(),
    "one_seat": Seen(given={"membership": "{seat}"}),
    "administration_log": Seen(),
    "own_pages_sign_off": Seen(),
    "agencies": Seen(),
    "book_page": Seen(given={"code": "POL"}),
    "streams": Seen(),
    "measures": Seen(),
    "simulation": Seen(),
    "pathway_difference": Seen(given={"name": "right-care"}),
    "pathway_shadow": Seen(given={"name": "right-care"}),
    "pathway_sign_off": Seen(given={"name": "right-care"}),
}

#: Addresses that answer GET and are no page of their own, and what they are.
NO_PAGES: Final[Mapping[str, str]] = {
    "schedule_file": "a schedule as a document or as rows",
    "letter_receipt": "a receipt to download",
    "evidence_export": "a file for other programs",
    "family_letter": "a PDF; its tags are checked where it is made",
    "worklist_live": "a part of the worklist, looked at there",
    "board_live": "a part of the board, looked at there",
    "letter": "a PDF; its tags are checked where it is made",
    "bundle": "a file to download",
    "own_record": "looked at in test_evidence_records, where there are records",
    "case_record": "looked at there too",
    "answer_sheet": "looked at there too",
    "checkpoint": "a signed note to download",
    "old_checkpoint": "a signed note to download",
    "tile": "octets for verifiers",
    "measures_file": "figures to download",
    "pathway_dmn": "a file to download",
    "verify_ledger_live": "a part of the ledger's page, looked at there",
    "simulation_live": "a part of a run's page, looked at there",
    "simulation_run": "needs a run: test_numbers makes one and looks",
    "adopt": "a form's address, to which whoever was asked again comes back; leads on",
    "lowering": "a form's address, to which whoever was asked again comes back; leads on",
    "own": "shut without a link: test_signing_in comes by one and looks",
    "own_arrive": "leads on to the page without the link in its address",
    "own_leave": "leads away",
}


def address_of(name: str, matter: Matter) -> str:
    """The path of a page of the table."""
    from django.urls import reverse

    known = {"case_id": matter.case_id, "contact": matter.contact, "seat": matter.seat}
    given = {key: str(value).format(**known) for key, value in PAGES[name].given.items()}
    return reverse(name, kwargs=given)


def names_that_answer_get(matter: Matter) -> Iterator[str]:
    """The names of our own addresses that do not say 405 to GET."""
    from django.test import Client
    from django.urls import URLPattern, get_resolver, reverse

    from safehands.desk.models import Membership

    client = Client()
    client.post(f"/entrance/{Membership.objects.get(agency='POL', role='supervisor').pk}/")
    standing: dict[str, str | int] = {"case_id": matter.case_id, "contact": matter.contact, "seat": matter.seat}
    for pattern in get_resolver().url_patterns:
        if not isinstance(pattern, URLPattern) or pattern.name is None:
            continue
        seen = PAGES.get(pattern.name)
        given = {
            name: standing.get(name, 1 if kind.regex == "[0-9]+" else "ambulance")
            for name, kind in pattern.pattern.converters.items()
        } | {key: str(value).format(**standing) for key, value in (seen.given if seen else {}).items()}
        if client.get(reverse(pattern.name, kwargs=given)).status_code != 405:
            yield pattern.name
