"""The desk in Welsh: the switch is found in its own language, the page says which language it is in, and what is not
Welsh says so."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Matter, Sit, axe
from .pages import PAGES, address_of


@pytest.fixture
def compiled() -> None:
    """The catalogue as the running desk reads it."""
    from pathlib import Path

    from safehands.desk import sentences

    made = Path(sentences.DESK / "locale/cy/LC_MESSAGES/django.mo")
    assert made.exists(), "run: python scripts/catalogue.py compile (scripts/build_frontend.py does)"


def in_welsh(sit: Sit, seat: str) -> Any:
    page = sit(seat)
    assert page.locator("html").get_attribute("lang") == "en"
    switch = page.get_by_role("button", name="Cymraeg", exact=True)
    assert switch.get_attribute("lang") == "cy"
    switch.click()
    page.locator("html[lang=cy]").wait_for()
    return page


def test_the_language_is_switched_and_switched_back(compiled: None, sit: Sit) -> None:
    page = in_welsh(sit, "Call handler, POL")
    assert page.locator("h1").inner_text() == "Rhestr waith"
    assert "Trafodwr galwadau" in page.inner_text("header")
    assert "heb ei hadolygu" in page.inner_text("footer") or "wedi’i hadolygu" in page.inner_text("footer")
    axe(page)
    page.get_by_role("button", name="Cymryd cyswllt").or_(page.get_by_role("link", name="Cymryd cyswllt")).click()
    assert page.locator("h1").inner_text() == "Cymryd cyswllt"
    back = page.get_by_role("button", name="English", exact=True)
    assert back.get_attribute("lang") == "en"
    back.click()
    page.locator("html[lang=en]").wait_for()
    assert page.locator("h1").inner_text() == "Take a contact"


@pytest.mark.parametrize("name", ["worklist", "begin", "contact", "case", "offer", "board"])
def test_a_page_in_welsh(compiled: None, sit: Sit, address: str, matter: Matter, name: str) -> None:
    page = in_welsh(sit, PAGES[name].seat or "")
    page.goto(f"{address}{address_of(name, matter)}")
    axe(page)


def test_what_the_rules_and_the_story_say_is_marked_as_english(
    compiled: None, sit: Sit, address: str, matter: Matter
) -> None:
    page = in_welsh(sit, "Call handler, POL")
    page.goto(f"{address}{address_of('case', matter)}")
    titles = page.locator(".moj-timeline__title > *")
    assert titles.count() > 2
    assert all(each.get_attribute("lang") == "en" for each in titles.all())
    assert page.locator("h1 .desk-mute").get_attribute("lang") == "en"
    page.goto(f"{address}{address_of('contact', matter)}")
    legend = page.locator(".desk-ask .govuk-fieldset__legend").first
    assert legend.get_attribute("lang") == "en"
