"""What an agency's administrator does: people, desks, the contact book, streams; and that all of it is written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safehands.service import agencies
from safehands.service.handle import Service

from .conftest import Sit, Somebody


def seat_of(actor: str) -> int:
    from safehands.desk.models import Membership

    return int(Membership.objects.get(person__actor=actor, ended_at=None).pk)


def with_seat(sit: Sit, actor: str, role: str = "handler") -> Somebody:
    """The police's administrator, after giving somebody a seat."""
    lead = sit("POL", "supervisor")
    from safehands.desk.models import Membership

    Membership.objects.filter(person__actor=actor).delete()
    page = lead.post("/people/seats/", {"actor": actor, "role": role, "desk": "desk"})
    assert page.status == 200, page.said
    return lead


def test_a_seat_is_moved_and_what_was_done_from_the_old_one_stays(sit: Sit) -> None:
    from safehands.desk.models import Membership

    lead = with_seat(sit, "moves.pol")
    old = seat_of("moves.pol")
    lead.post(f"/people/seats/{old}/move/", {"role": "supervisor", "desk": ""})
    seats = {each.pk: each for each in Membership.objects.filter(person__actor="moves.pol")}
    assert seats[old].ended_at is not None
    assert seats[seat_of("moves.pol")].role == "supervisor"
    assert lead.get(f"/people/seats/{old}/").status == 404


def test_a_seat_that_was_ended_can_be_given_again(sit: Sit) -> None:
    lead = with_seat(sit, "returns.pol")
    lead.post(f"/people/seats/{seat_of('returns.pol')}/end/")
    assert lead.post("/people/seats/", {"actor": "returns.pol", "role": "handler"}).status == 200
    assert seat_of("returns.pol")
    again = lead.post("/people/seats/", {"actor": "returns.pol", "role": "handler"})
    assert (again.status, "has this seat already" in again.said) == (422, True)


def test_the_last_administrator_cannot_leave_the_agency_without_one(sit: Sit) -> None:
    lead = sit("POL", "supervisor")
    own = seat_of("supervisor.pol")
    from safehands.desk.models import Membership

    Membership.objects.filter(agency="POL", administers=True).exclude(pk=own).update(administers=False)
    for path, form in ((f"/people/seats/{own}/end/", {}), (f"/people/seats/{own}/move/", {"role": "supervisor"})):
        page = lead.post(path, form)
        assert (page.status, "no administrator" in page.said) == (422, True)


def test_ending_the_only_seat_ends_every_session(sit: Sit) -> None:
    from django.test import Client

    lead = with_seat(sit, "leaves.pol")
    gone, seat = Client(), seat_of("leaves.pol")
    gone.post(f"/entrance/{seat}/")
    assert gone.get("/").status_code == 200
    lead.post(f"/people/seats/{seat}/end/")
    assert gone.session.get("_auth_user_id") is None


def test_signing_somebody_out_and_renewing_a_lost_sign_in(sit: Sit) -> None:
    from allauth.mfa.models import Authenticator
    from django.test import Client

    from safehands.desk.models import Person

    lead = with_seat(sit, "loses.pol")
    person, seat = Person.objects.get(actor="loses.pol"), seat_of("loses.pol")
    person.set_password("correct horse battery staple")
    person.save()
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    theirs = Client()
    theirs.post(f"/entrance/{seat}/")
    lead.post(f"/people/seats/{seat}/sign-out/")
    assert theirs.session.get("_auth_user_id") is None
    lead.post(f"/people/seats/{seat}/renew/")
    assert Authenticator.objects.filter(user=person).exists(), "only what was said to be lost is taken away"
    page = lead.post(f"/people/seats/{seat}/renew/", {"factors_lost": "on"})
    assert "Give them this code yourself" in page.said
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert not Authenticator.objects.filter(user=person).exists()
    assert "second factors taken away" in lead.get("/people/log/").said


def test_nobody_renews_the_sign_in_of_somebody_who_also_sits_elsewhere(sit: Sit) -> None:
    from safehands.desk.models import Agency, Membership, Person

    lead = with_seat(sit, "shared.pol")
    person = Person.objects.get(actor="shared.pol")
    Membership.objects.get_or_create(person=person, agency=Agency.objects.get(code="ASC"), role="desk", desk=None)
    seat = Membership.objects.get(person=person, agency="POL", ended_at=None).pk
    page = lead.post(f"/people/seats/{seat}/renew/")
    assert (page.status, "another agency" in page.said) == (422, True)


def test_desks_are_added_renamed_and_ended_when_nobody_sits_there(sit: Sit) -> None:
    from safehands.desk.models import Desk

    Desk.objects.filter(agency="POL", code="night").delete()
    lead = with_seat(sit, "sits.pol")
    lead.post("/people/desks/", {"code": "night", "name": "Night"})
    assert lead.post("/people/desks/", {"code": "night", "name": "Twice"}).status == 422
    lead.post("/people/desks/name/", {"code": "night", "name": "Night desk"})
    assert "Night desk" in lead.get("/people/").text
    assert "still sit at this desk" in lead.post("/people/desks/end/", {"code": "desk"}).said
    lead.post("/people/desks/end/", {"code": "night"})
    assert "Night desk" not in lead.get("/people/").text
    assert lead.post("/people/desks/end/", {"code": "night"}).status == 404


def test_names_are_for_colleagues_and_the_agencys_own_can_be_changed(sit: Sit) -> None:
    from safehands.desk.models import Agency

    lead = with_seat(sit, "named.pol")
    lead.post(f"/people/seats/{seat_of('named.pol')}/name/", {"name": "Robin Examplesworth"})
    assert "Robin Examplesworth" in lead.get("/people/").said
    assert "Examplesworth" not in lead.get("/people/log/").said, "the log has accounts, not names"
    before = Agency.objects.get(code="POL").name
    lead.post("/people/name/", {"name": "Moor Police"})
    assert "Who of Moor Police" in lead.get("/people/").said
    lead.post("/people/name/", {"name": before})


def test_the_contact_book_is_written_and_offers_show_it(sit: Sit, desk: Service) -> None:
    from safehands.desk.models import Agency

    Agency.objects.filter(code="VCS-outside").delete()
    lead = sit("POL", "supervisor")
    added = lead.post("/agencies/add/", {"code": "VCS-outside", "name": "Night Shelter"})
    assert added.address == "/agencies/VCS-outside/"
    bare = lead.post("/agencies/VCS-outside/describe/", {"threshold": "anybody"})
    assert (bare.status, "is reached" in bare.said) == (422, True)
    wrong = lead.post("/agencies/VCS-outside/describe/", {"reached_by": "duty line", "response_minutes": "soon"})
    assert (wrong.status, "whole minutes" in wrong.said) == (422, True)
    lead.post(
        "/agencies/VCS-outside/describe/",
        {"reached_by": "duty line", "threshold": "anybody at night", "response_minutes": "15"},
    )
    assert agencies.book_entry(desk.store, "VCS-outside").response_minutes == 15
    assert "anybody at night" in lead.get("/agencies/").said
    assert lead.get("/agencies/AMB-east/").status == 404, "an agency with people here describes itself"
    lead.post("/agencies/end/", {"code": "VCS-outside"})
    case_id = lead.takes_a_call({"Q6": "intent"})
    assert "Night Shelter" not in lead.get(f"/case/{case_id}/offer/ambulance/").text
    assert lead.post("/agencies/end/", {"code": "AMB-east"}).status == 404


def test_a_stream_is_switched_on_from_a_date(sit: Sit, desk: Service) -> None:
    lead = sit("POL", "supervisor")
    later = datetime.now(UTC) + timedelta(days=30)
    form = {"pathway": "right-care", "stream": "TRANSPORT", "on_from": f"{later:%Y-%m-%dT%H:%M}"}
    assert "in shadow" in lead.post("/streams/switch/", form).said
    assert agencies.shadow_streams(desk.store, "POL", "right-care", datetime.now(UTC)) == {"TRANSPORT"}
    assert lead.post("/streams/switch/", {**form, "stream": "none"}).status == 422
    assert lead.post("/streams/switch/", {**form, "on_from": ""}).status == 422
    lead.post("/streams/switch/", {**form, "on_from": "2026-01-01T00:00"})
    assert agencies.shadow_streams(desk.store, "POL", "right-care", datetime.now(UTC)) == frozenset()


def test_every_change_is_written_down_with_who_made_it_and_stays(sit: Sit, desk: Service) -> None:
    from django.db import DatabaseError, transaction

    from safehands.desk import apart
    from safehands.desk.models import Administered

    lead = with_seat(sit, "logged.pol")
    said = lead.get("/people/log/").said
    assert "supervisor.pol seat given logged.pol handler" in said
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        Administered.objects.all().delete()
    assert not Administered.objects.exists(), "with no agency named nothing is seen"
    with apart.agency_of("AMB-east"):
        assert not Administered.objects.filter(agency="POL").exists()
    with apart.agency_of("POL"):
        assert Administered.objects.filter(about="logged.pol").exists()


def test_no_line_is_written_in_another_agencys_log(desk: Service) -> None:
    from django.db import DatabaseError

    from safehands.desk import apart
    from safehands.desk.models import Administered

    def forged() -> None:
        with apart.agency_of("AMB-east"):
            Administered.objects.create(at=datetime.now(UTC), actor="x", role="y", agency="POL", act="a", about="b")

    with pytest.raises(DatabaseError, match="row-level security"):
        forged()


def test_what_fails_is_not_in_the_log(sit: Sit) -> None:
    lead = with_seat(sit, "once.pol")
    before = lead.get("/people/log/").said.count("once.pol")
    lead.post("/people/seats/", {"actor": "once.pol", "role": "handler", "desk": "desk"})
    lead.post("/people/seats/", {"actor": "Robin X!", "role": "handler"})
    lead.post("/people/seats/", {"actor": "once.pol", "role": "king"})
    after = lead.get("/people/log/").said
    assert after.count("once.pol") == before
    assert "Robin" not in after


def test_only_administrators_see_administration(sit: Sit) -> None:
    handler = sit("POL", "handler")
    for path in (
        "/people/",
        "/people/log/",
        "/agencies/",
        "/agencies/VCS/",
        "/streams/",
        "/people/own-pages/",
        "/looks/",
    ):
        assert handler.get(path).status == 403, path


def test_holders_read_who_looked_into_their_cases(sit: Sit) -> None:
    lead = sit("POL", "supervisor")
    case_id = lead.takes_a_call({"Q6": "intent"})
    lead.get(f"/case/{case_id}/")
    from safehands.desk.models import Look

    said = lead.get("/looks/").said
    assert "supervisor.pol, POL" in said
    assert Look.objects.filter(case_id=case_id, page="case").exists()
