"""The pages about decisions on records in a real browser: axe on each, its question above the fold, narrow, without
JavaScript; a decision taken by a person who is shown what they have not seen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from desk.evidence.northshire import REVIEWER, SHA, Northshire
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.service.handle import Service

from .conftest import Sit, axe

PROSECUTOR = "Prosecutor, CPS-midshire"
SECTIONS = ("evidence", "deciding", "concerns", "schedules", "letters", "reviews", "family", "then")
FOLD = 768
#: Where pictures of the pages go, for whoever wants to look at them.
PICTURES = os.environ.get("SAFEHANDS_PICTURES")


@pytest.fixture(scope="module")
def story(desk: Service) -> tuple[Northshire, dict[str, str]]:
    """The case up to the day on which the recording came onto the register, and a letter that waits."""
    played = Northshire(desk)
    found = played.whole()
    claims = (v.LetterClaim(v.ClaimCode.NOT_HELD, found["AB1"]),)
    played.does(REVIEWER, r.ProposeLetter("the family", SHA, claims=claims))  # waits for a second look
    return played, found


def pictured(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


@pytest.mark.parametrize("section", [*SECTIONS, "deciding/?kind=nfa_cps", "then/?at=2019-06-11T00:00"])
def test_a_page_about_records(sit: Sit, address: str, story: tuple[Northshire, dict[str, str]], section: str) -> None:
    page = sit(PROSECUTOR)
    path = section if "?" in section else f"{section}/"
    answer = page.goto(f"{address}/case/{story[0].case}/{path}")
    assert answer.status == 200
    pictured(page, section.replace("/", "-").replace("?", ""))
    axe(page)
    box = page.locator(".desk-question").first.bounding_box()
    assert box["y"] + box["height"] < FOLD
    page.set_viewport_size({"width": 320, "height": 256})
    across = page.evaluate("document.documentElement.scrollWidth")
    wide = page.evaluate(
        "() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 321"
        " && !e.closest('.desk-scroll') && !e.closest('.govuk-visually-hidden')).map(e => e.outerHTML.slice(0, 120))"
    )
    assert across <= 320, f"{section} scrolls sideways at 400 % ({across} px): {wide[:3]}"


def test_the_work_list_of_concerns(sit: Sit, address: str, story: tuple[Northshire, dict[str, str]]) -> None:
    for seat in (PROSECUTOR, "Auditor, INS-inspectors"):
        page = sit(seat)
        assert page.goto(f"{address}/concerns/").status == 200
        pictured(page, f"work-list-{seat[:4]}")
        axe(page)


def test_a_person_decides_with_the_list_in_front_of_them_and_no_script(sit: Sit, address: str, desk: Service) -> None:
    story = Northshire(desk)
    written = story.written_record()
    page = sit(PROSECUTOR, java_script_enabled=False)
    page.goto(f"{address}/case/{story.case}/deciding/")
    page.get_by_label("A decision", exact=True).select_option("charge")
    page.get_by_role("button", name="Show me what exists").click()
    assert page.get_by_text("1 record that nothing shows you have seen").is_visible()
    page.get_by_role("button", name="Decide under my name").click()
    assert page.get_by_text("say how far you saw it, or why you did not").first.is_visible()
    page.locator("main form").get_by_label("AB/1A (written record of an interview): how far you saw it").select_option(
        "read_full"
    )
    page.locator("main form").get_by_label("AB/1A (written record of an interview): what is known of its source").fill(
        "The police were asked where the recording is."
    )
    page.get_by_label("Reasons, in writing").fill("The account is consistent.")
    page.get_by_role("button", name="Decide under my name").click()
    assert page.get_by_text("your decision was written down").is_visible()
    (made,) = desk.known(f"case/{story.case}").material.decisions.values()
    assert made.event.shown == (written,)
