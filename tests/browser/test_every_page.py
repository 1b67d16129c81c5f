"""Every page, looked at by axe as somebody who may see it; its question above the fold; narrow; without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Matter, Sit, axe
from .pages import NO_PAGES, PAGES, address_of, names_that_answer_get

FOLD = 768
#: 1280 px at 400 %: WCAG 2.2, 1.4.10 Reflow.
NARROW = {"width": 320, "height": 256}


def opened(sit: Sit, opening: Any, address: str, matter: Matter, name: str, **given: Any) -> Any:
    """The page of this name, as the one in the table sees it."""
    seat = PAGES[name].seat
    page = sit(seat, **given) if seat else opening(**given)
    answer = page.goto(f"{address}{address_of(name, matter)}")
    assert answer.status == 200, f"{name}: {answer.status}"
    return page


def test_a_page_that_nobody_looks_at(matter: Matter) -> None:
    answering = set(names_that_answer_get(matter))
    unseen = sorted(answering - set(PAGES) - set(NO_PAGES))
    assert not unseen, f"Pages without a line in tests/browser/pages.py: {', '.join(unseen)}"
    gone = sorted((set(PAGES) | set(NO_PAGES)) - answering - {"account_login", "mfa_index"})
    assert not gone, f"Lines in tests/browser/pages.py without a page: {', '.join(gone)}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page(sit: Sit, opening: Any, address: str, matter: Matter, name: str) -> None:
    page = opened(sit, opening, address, matter, name)
    axe(page)
    if not PAGES[name].no_question:
        box = page.locator(".desk-question").first.bounding_box()
        assert box["y"] + box["height"] < FOLD, "its question is below the fold"
    page.set_viewport_size(NARROW)
    wide = page.evaluate(
        "() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 321"
        " && !e.closest('.desk-scroll') && !e.closest('.govuk-visually-hidden')).map(e => e.outerHTML.slice(0, 120))"
    )
    across = page.evaluate("document.documentElement.scrollWidth")
    assert across <= NARROW["width"], f"{name} scrolls sideways at 400 % ({across} px): {wide[:3]}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_javascript(sit: Sit, opening: Any, address: str, matter: Matter, name: str) -> None:
    page = opened(sit, opening, address, matter, name, java_script_enabled=False)
    assert page.locator("h1").is_visible()
    # What only a script could work is hidden until the script is there.
    assert page.locator("button[data-pause]:visible").count() == 0
    for form in page.locator("form:not(#mfa_login)").all():  # passkeys need a script; their button is hidden too
        assert form.locator("button, input[type=submit]").count() >= 1, "a form that only a script could send"
    assert not page.locator("#passkey_login:visible").count()


def test_the_conclusion_of_a_contact_stands_above_the_fold(
    sit: Sit, opening: Any, address: str, matter: Matter
) -> None:
    page = opened(sit, opening, address, matter, "contact")
    assert page.locator("#concluded").bounding_box()["y"] < FOLD
