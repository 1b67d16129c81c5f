"""Registers, records, requests and answer sheets in a browser: axe, the question above the fold, 400 %, no JavaScript."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from northshire import CPS, POL, Northshire, begun, seats
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.service.handle import Service

from .conftest import axe

FOLD = 768
NARROW = {"width": 320, "height": 256}
#: Where pictures go, for whoever wants to look at them.
PICTURES = os.environ.get("SAFEHANDS_PICTURES", "")


@pytest.fixture(scope="module")
def north(desk: Service) -> Northshire:
    """The replay's case with a digitised copy that somebody checked, custody, a hold, and a withheld sound recording."""
    seats()
    north = begun(desk)
    digital, sound, edge = "7d6f8a52-0000-4000-8000-000000000001", "7d6f8a52-0000-4000-8000-000000000002", "e-digital"
    digital, sound, edge = (f"{north.case_id[:8]}{each[8:]}" for each in (digital, sound, f"00000000-{edge}"))
    stream = (f"case/{north.case_id}",)
    day = v.When(desk.clock.now(), v.Precision.DAY)
    north.enters(
        r.RegisterRecord(digital, "AB/1D", v.RecordKind.VIDEO_INTERVIEW, "The tape as a file", day, cases=stream),
        r.RecordDerivation(edge, digital, north.tape, v.Method.FORMAT_MIGRATION, day, "technician 4"),
        r.VerifyDerivative(f"v-{edge}", edge, north.master, v.Verified.CONSISTENT),
        r.RegisterRecord(sound, "SO/4", v.RecordKind.ORIGINAL_NOTE, "Notes of the second officer", day, cases=stream),
        r.RecordSameEvent(north.tape, sound),
        r.RegisterRecord(f"{digital}t", "TR/2", v.RecordKind.TRANSCRIPT_FULL, "A transcript", day, cases=stream),
        r.RecordDerivation(f"{edge}2", f"{digital}t", digital, v.Method.TRANSCRIPT_FULL, day, "typist 2"),
        r.RecordCustody(
            f"c1-{edge}", north.master, v.CustodyType.MOVED, given_by="suite 2", given_to="property store B"
        ),
        r.PlaceHold(f"h-{edge}", north.tape, "an inquiry asked for it"),
        r.RegisterRecord(
            f"{sound}x", "TR/9", v.RecordKind.SUMMARY, "A summary of nobody knows what", day, cases=stream
        ),
    )
    return north


def pages(north: Northshire) -> list[tuple[str, str, str]]:
    case = f"/case/{north.case_id}"
    return [
        ("register", POL, "/register/"),
        ("new-record", POL, "/register/new/"),
        ("record", POL, f"/register/record/{north.tape}/"),
        ("material", POL, f"{case}/material/"),
        ("requests", POL, f"{case}/requests/"),
        ("sheet", POL, f"{case}/request/{north.request}/answer/"),
        ("material-prosecutor", CPS, f"{case}/material/"),
        ("requests-prosecutor", CPS, f"{case}/requests/"),
        ("stub", CPS, f"{case}/material/{north.tape}/"),
        ("record-prosecutor", CPS, f"{case}/material/{north.written}/"),
    ]


NAMES = [name for name, _, _ in pages(Northshire(None, "", "", "", "", "", ""))]  # type: ignore[arg-type]


def opened(opening: Any, address: str, north: Northshire, name: str, **given: Any) -> Any:
    from django.core.cache import cache

    from safehands.desk.models import Membership

    cache.clear()
    seats()
    agency, path = next((agency, path) for each, agency, path in pages(north) if each == name)
    seat = Membership.objects.filter(agency=agency, role="supervisor").first()
    assert seat is not None
    page = opening(**given)
    page.goto(f"{address}/entrance/")
    page.locator(f'form[action="/entrance/{seat.pk}/"] button').click()
    answer = page.goto(f"{address}{path}")
    assert answer.status == 200, f"{name}: {answer.status}"
    return page


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_evidence(opening: Any, address: str, north: Northshire, name: str) -> None:
    page = opened(opening, address, north, name)
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
    axe(page)
    box = page.locator(".desk-question").first.bounding_box()
    assert box["y"] + box["height"] < FOLD
    page.set_viewport_size(NARROW)
    wide = page.evaluate(
        "() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 321"
        " && !e.closest('.desk-scroll') && !e.closest('.govuk-visually-hidden')).map(e => e.outerHTML.slice(0, 120))"
    )
    across = page.evaluate("document.documentElement.scrollWidth")
    assert across <= NARROW["width"], f"{name} scrolls sideways at 400 % ({across} px): {wide[:3]}"


def test_the_answer_sheet_is_filled_in_without_javascript(opening: Any, address: str, north: Northshire) -> None:
    page = opened(opening, address, north, "sheet", java_script_enabled=False)
    page.get_by_label("Answer for AB/1", exact=True).select_option("Supplied now")
    page.get_by_role("button", name="Send the answer in full").click()
    assert "Not answered yet" in page.locator(".govuk-error-summary").inner_text()
    assert page.get_by_label("Answer for AB/1", exact=True).input_value() == "supplied"
