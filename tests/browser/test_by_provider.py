"""An agency's own provider in a real browser: the page that asks before it leads there, the way in, and the refusal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.provider import CLIENT, SECRET, Provider, provider
from desk.test_signing_in import tied
from safehands.service.handle import Service
from safehands.site.configuration import Configuration
from safehands.site.configuration import Provider as Declared
from safehands.site.database import Secrets
from safehands.site.settings import settings_of

from .conftest import axe


@pytest.fixture
def idp(desk: Service, tmp_path: Path) -> Iterator[Provider]:
    """A provider of the ambulance service, on a desk that is no demonstration; its seats go with it."""
    from django.core.cache import cache
    from django.test.utils import override_settings

    from safehands.desk.models import Membership

    cache.clear()
    before = list(Membership.objects.values_list("pk", flat=True))
    (tmp_path / "secret").write_text(SECRET)
    with provider() as running:
        declared = Declared(
            "amb", "East Ambulance sign-in", running.address, CLIENT, str(tmp_path / "secret"), "AMB-east"
        )
        made = settings_of(Configuration(tmp_path, providers=(declared,)), Secrets("p" * 32, "k" * 48), {})
        names = ("SOCIALACCOUNT_PROVIDERS", "DESK_PROVIDERS", "DESK_PROVIDER_NAMES", "DESK_PROVIDER_ORIGINS")
        with override_settings(DESK_DEMO=False, **{name: made[name] for name in names}):
            yield running
    Membership.objects.exclude(pk__in=before).delete()


def arrives(page: Any, address: str) -> None:
    """From our page, through the question before it, to the provider and back."""
    page.goto(f"{address}/sign-in/oidc/amb/login/?process=login")
    axe(page)
    assert "East Ambulance sign-in" in page.inner_text("h1")
    page.get_by_role("button", name="Continue").click()


def test_the_provider_leads_in(idp: Provider, opening: Any, address: str) -> None:
    tied("paramedic.browser", "sub-browser")
    idp.subject = "sub-browser"
    page = opening()
    arrives(page, address)
    page.get_by_text("What waits for us").wait_for()
    assert "East Wexmoor Ambulance" in page.inner_text("header")


def test_a_refused_sign_in_says_what_to_do(idp: Provider, opening: Any, address: str) -> None:
    idp.subject = "sub-of-nobody"
    page = opening()
    arrives(page, address)
    page.get_by_role("heading", name="You were not signed in").wait_for()
    axe(page)
    assert "sub-of-nobody" in page.inner_text("main")
    page.get_by_role("link", name="Back to the entrance").click()
    page.get_by_role("link", name="Sign in").or_(page.get_by_role("button", name="Sign in")).first.wait_for()
