"""Every address, walked as every role of an agency that has no part in a case: nothing of it is shown, nothing
changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from safehands.core.case import Case
from safehands.service.handle import Service

from .conftest import INTENT, Sit

Look = Callable[[str], Case]
SECRET = "Willow Lane seven"


@pytest.fixture
def secret(sit: Sit) -> tuple[str, str]:
    """A case of the police with a sentence in it that nobody else may read."""
    police = sit("POL", "handler")
    case_id = police.takes_a_call(INTENT)
    police.post(f"/contact/{case_id}/{police.contacts[case_id]}/answer/", {"a.Q12": "yes", "w.Q12": SECRET})
    return case_id, police.contacts[case_id]


def addresses(case_id: str, contact: str) -> Iterator[str]:
    """Every address of ours with this case in it, or with no case at all."""
    from django.urls import URLPattern, get_resolver, reverse

    given: dict[str, Any] = {"case_id": UUID(case_id), "contact": contact, "route": "ambulance", "name": "right-care"}
    given |= {"proposal": 1, "membership": 1, "section": "record", "run": 1, "tile": "0/000"}
    given |= {"code": "ACU", "token": "guessed", "seq": 1, "form": "pdf", "record": "guessed", "asked": "guessed"}
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern) and pattern.name is not None:
            wanted = {name: given[name] for name in pattern.pattern.converters}
            yield reverse(pattern.name, kwargs=wanted)


def test_every_role_of_a_stranger_agency_gets_nothing_from_any_address(
    sit: Sit, case_of: Look, secret: tuple[str, str]
) -> None:
    from safehands.desk.models import ROLES, Agency, Membership, Person

    case_id, contact = secret
    before = case_of(case_id)
    for role, _ in ROLES:
        if Membership.objects.filter(agency="CSC", role=role).exists():
            continue
        person = Person.objects.filter(actor=f"stranger.{role.replace('_', '-')}").first()
        person = person or Person.objects.create_user(f"stranger.{role.replace('_', '-')}")
        Membership.objects.get_or_create(person=person, agency=Agency.objects.get(code="CSC"), role=role, desk=None)
    for role, _ in ROLES:
        stranger, walked = sit("CSC", role), 0
        for address in addresses(case_id, contact):
            if case_id not in address:
                page = stranger.get(address)
                assert SECRET not in page.text, address
                assert before.reference not in page.text, address
                continue
            for page in (stranger.get(address), stranger.post(address)):
                walked += 1
                assert page.status in (403, 404, 405), f"{address}: {page.status} {page.said}"
                assert SECRET not in page.text
                assert before.reference not in page.text
        assert walked > 40
    assert case_of(case_id).version == before.version


def test_whoever_is_not_signed_in_is_sent_to_the_entrance(desk: Service, secret: tuple[str, str]) -> None:
    from django.test import Client

    case_id, contact = secret
    for address in addresses(case_id, contact):
        answer = Client().get(address, follow=not address.startswith("/p/"))
        assert SECRET not in answer.content.decode()
        if address.startswith(("/p/", "/first/")):
            continue  # for people without an account; tests of their own say what is behind them
        assert answer.request["PATH_INFO"] == "/entrance/" or answer.status_code == 405, address


def test_breaking_the_glass_needs_a_reason_and_the_holder_reads_it(
    sit: Sit, secret: tuple[str, str], case_of: Look
) -> None:
    case_id, _ = secret
    lead = sit("AMB-east", "clinical_lead")
    reference = case_of(case_id).reference
    assert lead.post("/glass/", {"reference": reference, "reason": "why not"}).status == 422
    page = lead.post("/glass/", {"reference": reference, "reason": "Same address as a call of ours, crew at the door"})
    assert SECRET in page.text
    said = sit("POL", "handler").get(f"/case/{case_id}/").said
    assert "crew at the door" in said
    assert "AMB-east" in said
    assert sit("AMB-east", "dispatcher").get("/glass/").status == 403


def test_the_log_of_looking_cannot_be_changed(desk: Service, sit: Sit, secret: tuple[str, str]) -> None:
    from django.db import DatabaseError, transaction

    from safehands.desk.models import Look as Line

    case_id, _ = secret
    sit("POL", "handler").get(f"/case/{case_id}/")
    line = Line.objects.filter(case_id=case_id).first()
    assert line is not None
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        Line.objects.filter(pk=line.pk).delete()


def test_the_desks_role_reads_nothing_of_the_kernel(desk: Service) -> None:
    from django.db import DatabaseError, connection, transaction

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select * from safehands.case_picture")
