"""Every page, looked at by axe, and its question answered above the fold."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Sit, axe

PAGES = (
    "/",
    "/board/",
    "/contact/",
    "/pathways/",
    "/pathways/right-care/",
    "/ledger/",
    "/people/",
    "/glass/",
    "/entrance/",
)


@pytest.fixture
def supervisor(sit: Sit) -> Any:
    """A supervisor with a decided case on the worklist."""
    page = sit("Supervisor, POL")
    page.get_by_role("button", name="Take a contact").click()
    page.get_by_role("button", name="999 call").click()
    page.get_by_label("Means to do it now: a plan, means or a goodbye", exact=True).check()
    page.locator("#concluded", has_text="Immediate response").wait_for()
    return page


def test_axe_finds_nothing_on_the_contact_and_the_case(supervisor: Any) -> None:
    axe(supervisor)
    assert supervisor.locator("#concluded").bounding_box()["y"] < 768
    supervisor.get_by_role("button", name="Decide", exact=True).click()
    axe(supervisor)
    supervisor.get_by_role("link", name="Mental health trust is told and helps").click()
    axe(supervisor)
    supervisor.get_by_role("link", name="Case ").first.click()
    axe(supervisor)
    for link in ("What the person was told", "Verify it now"):
        address = supervisor.url
        supervisor.get_by_role("link", name=link).click()
        axe(supervisor)
        supervisor.goto(address)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(sit: Sit, address: str, path: str) -> None:
    page = sit("Supervisor, POL")
    page.goto(f"{address}{path}")
    axe(page)
    question = page.locator(".desk-question").first
    assert question.bounding_box()["y"] < 400


def test_axe_finds_nothing_where_people_sign_in(chromium: Any, address: str) -> None:
    page = chromium.new_page()
    page.goto(f"{address}/sign-in/login/")
    assert page.get_by_role("button", name="Sign in", exact=True).count() == 1
    axe(page)
    page.close()
