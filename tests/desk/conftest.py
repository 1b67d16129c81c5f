"""A desk for the tests of its pages: one database and one Django for the whole run, a browser without JavaScript for
each.

Tests make cases of their own and find them by their reference, so that they do not see each other's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from uuid import uuid4

import pytest

from safehands.core.case import Case
from safehands.service.handle import Service


@dataclass
class Page:
    """A page as a person without JavaScript gets it."""

    status: int
    text: str
    address: str

    @property
    def said(self) -> str:
        """What can be read on it, without the markup."""
        plain = re.sub(r"<script.*?</script>|<[^>]+>", " ", self.text, flags=re.DOTALL)
        return " ".join(unescape(plain).split())

    def field(self, name: str) -> str:
        """The value of the first field of this name."""
        found = re.search(rf'name="{re.escape(name)}"[^>]*value="([^"]*)"', self.text)
        assert found is not None, f"no field {name}"
        return unescape(found[1])


@dataclass
class Somebody:
    """A person at a seat, with a browser."""

    client: Any
    agency: str
    role: str
    contacts: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **given: Any) -> Page:
        """Open a page; redirects are followed."""
        return self._page(self.client.get(path, follow=True, **given))

    def post(self, path: str, form: dict[str, Any] | None = None, **given: Any) -> Page:
        """Send a form; redirects are followed."""
        return self._page(self.client.post(path, {"command": str(uuid4()), **(form or {})}, follow=True, **given))

    def takes_a_call(self, answers: dict[str, str] | None = None, **given: str) -> str:
        """Take a 999 call and write down ``answers``; the id of the case."""
        page = self.post("/contact/", {"channel": "999", **given})
        assert page.status == 200, page.said
        _, _, case_id, contact, _ = page.address.split("/")
        self.contacts[case_id] = contact
        if answers:
            self.answers(case_id, answers)
        return case_id

    def answers(self, case_id: str, answers: dict[str, str]) -> Page:
        """Write down answers by question id."""
        return self.post(
            f"/contact/{case_id}/{self.contacts[case_id]}/answer/", {f"a.{k}": v for k, v in answers.items()}
        )

    def _page(self, response: Any) -> Page:
        address = response.request["PATH_INFO"]
        return Page(response.status_code, response.content.decode(errors="replace"), address)


@pytest.fixture(autouse=True)
def seats_as_they_were(request: pytest.FixtureRequest) -> Iterator[None]:
    """The desk is shared by every test: seats that a test gives go with it."""
    if "desk" not in request.fixturenames:
        yield
        return
    from safehands.desk.models import Membership

    request.getfixturevalue("desk")
    before = list(Membership.objects.values_list("pk", flat=True))
    yield
    Membership.objects.exclude(pk__in=before).delete()
    Membership.objects.filter(pk__in=before).update(ended_at=None)


Sit = Callable[[str, str], Somebody]


@pytest.fixture
def sit(desk: Service) -> Sit:
    """Somebody in a role at an agency: ``sit("POL", "handler")``."""
    from django.core.cache import cache
    from django.test import Client

    from safehands.desk.models import Membership

    def down(agency: str, role: str) -> Somebody:
        cache.clear()  # how often somebody asked in the last minute: tests ask more often than people
        client = Client()
        seat = Membership.objects.filter(agency=agency, role=role).order_by("pk").first()
        assert seat is not None, f"nobody is seeded as {role} of {agency}"
        client.post(f"/entrance/{seat.pk}/")
        return Somebody(client, agency, role)

    return down


@pytest.fixture
def case_of(desk: Service) -> Callable[[str], Case]:
    """The case as it stands, whoever may see it."""
    return lambda case_id: desk.case(case_id, agency=None)


INTENT = {"Q6": "intent"}
