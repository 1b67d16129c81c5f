"""No personal value in a log or an address, and two agencies that accept at once, as the roles that the desk runs
as."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest

from safehands.core.case import Case
from safehands.service.handle import Service

from .conftest import Sit, Somebody
from .test_handover import PACK, REST, offered

#: Planted: whatever of these turns up where it should not is a leak.
PLANTED = {
    "phone": "07700900777",
    "place": "Seventeen Heron Quays",
    "words": "She said the kettle is haunted",
    "name": "Robin Quillfeather",
    "route": "quill@example.org",
    "word": "marmalade teapot",
    "reason": "My neighbour rang about the heron",
    "password": "the heron ate the marmalade",
}


class Watched(Somebody):
    """Notes every address that is asked for or that an answer leads to."""

    addresses: list[str]

    def _page(self, response: Any) -> Any:
        chain = [address for address, _ in getattr(response, "redirect_chain", [])]
        query = response.request.get("QUERY_STRING", "")
        self.addresses += [*chain, f"{response.request['PATH_INFO']}?{query}"]
        return super()._page(response)


def watched(who: Somebody, addresses: list[str]) -> Watched:
    found = Watched(who.client, who.agency, who.role)
    found.addresses = addresses
    return found


def test_journeys_leave_no_personal_value_in_logs_or_addresses(
    sit: Sit, desk: Service, case_of: Callable[[str], Case], caplog: pytest.LogCaptureFixture
) -> None:
    addresses: list[str] = []
    with caplog.at_level(logging.DEBUG):
        handler = watched(sit("POL", "handler"), addresses)
        case_id = handler.takes_a_call({"Q6": "intent"}, phone=PLANTED["phone"], place=PLANTED["place"])
        contact = f"/contact/{case_id}/{handler.contacts[case_id]}"
        handler.post(f"{contact}/answer/", {"a.Q12": "yes", "w.Q12": PLANTED["words"]})
        handler.post(f"{contact}/decide/", {"act": "decide", "believes": "5", "reason": PLANTED["reason"]})
        handler.post(f"{contact}/tell/", {"text": PLANTED["words"], "attending": "nonsense"})
        handler.post(f"/case/{case_id}/signpost/", {"to": PLANTED["name"], "reason": PLANTED["reason"]})
        handler.post(f"/case/{case_id}/own-page/", {"route": PLANTED["route"], "word": PLANTED["word"]})
        handler.get(f"/case/{case_id}/statement/")
        lead = watched(sit("AMB-east", "clinical_lead"), addresses)
        lead.post("/glass/", {"reference": case_of(case_id).reference, "reason": PLANTED["reason"]})
        lead.post("/glass/", {"reference": PLANTED["name"], "reason": PLANTED["reason"]})
        lead.post("/people/seats/", {"actor": PLANTED["name"], "role": "handler"})
        lead.post("/sign-in/login/", {"login": PLANTED["name"], "password": PLANTED["password"]})
        lead.post("/first/", {"account": PLANTED["name"], "code": "x", "password": PLANTED["password"]})
        lead.post("/log-off/")
    logged = "\n".join(
        f"{each.name} {each.getMessage()} {each.exc_text or ''}" for each in caplog.records if "sql" not in vars(each)
    )
    for what, value in PLANTED.items():
        for spelt in (value, value.replace(" ", "+"), value.replace(" ", "%20"), value.replace("@", "%40")):
            assert spelt not in logged, f"{what} in a log"
            assert not [each for each in addresses if spelt in each], f"{what} in an address"
    assert len(addresses) >= 15


def test_a_fault_logs_where_it_was_and_not_what_was_sent(
    sit: Sit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from safehands.desk.pages import glass

    lead = sit("POL", "supervisor")
    lead.client.raise_request_exception = False

    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(glass, "_opened", breaks)
    with caplog.at_level(logging.WARNING):
        assert lead.post("/glass/", {"reference": PLANTED["name"], "reason": PLANTED["reason"]}).status == 500
    assert "/glass/" in caplog.text
    assert PLANTED["name"] not in caplog.text
    assert PLANTED["reason"] not in caplog.text


def test_two_agencies_accept_at_once_as_the_role_that_the_desk_runs_as(
    sit: Sit, desk: Service, case_of: Callable[[str], Case]
) -> None:
    """Real threads and browsers, the application's own database role: one holds, the other reads why not."""
    from django.db import connections

    from safehands.desk.models import Agency, Membership, Person
    from safehands.store.postgres.connections import ask

    with desk.store._connections.lent("POL") as connection:  # type: ignore[attr-defined]  # what every page reads through
        ((role, able),) = ask(
            connection, "select current_user, rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        )
    assert (
        bytes(role).decode().endswith("_application") if isinstance(role, bytes) else str(role).endswith("_application")
    )
    assert not able
    west, _ = Agency.objects.get_or_create(code="AMB-west", defaults={"name": "West Ambulance"})
    person = Person.objects.filter(actor="dispatcher.amb-west").first() or Person.objects.create_user(
        "dispatcher.amb-west"
    )
    Membership.objects.get_or_create(person=person, agency=west, role="dispatcher", desk=None)
    police = sit("POL", "handler")
    case_id = offered(police, case_of)
    page = police.post(
        f"/case/{case_id}/offer/ambulance/", {"to_agency": "AMB-west", "asks": "Take her", **PACK, **REST}
    )
    offers = {offer.to_agency: offer.offer for offer in case_of(case_id).offers.values()}
    assert set(offers) == {"AMB-east", "AMB-west"}, page.said
    people = {code: sit(code, "dispatcher") for code in offers}
    barrier, pages = threading.Barrier(2), {}

    def accept(code: str) -> None:
        barrier.wait()
        pages[code] = people[code].post(f"/case/{case_id}/accept/", {"offer": offers[code], "believes_from": "POL"})
        connections.close_all()

    threads = [threading.Thread(target=accept, args=(code,)) for code in offers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = case_of(case_id)
    assert sorted(page.status for page in pages.values()) == [200, 409], {
        code: page.said for code, page in pages.items()
    }
    assert [holding.agency for holding in after.holdings if holding.until is None] == [after.holder]
    assert pages[after.holder].status == 200
    (lost,) = (page for code, page in pages.items() if code != after.holder)
    assert "There is a problem" in lost.said
