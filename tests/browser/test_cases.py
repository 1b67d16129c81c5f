"""A case in a real browser: its pages, two people at once, the board on a wall, a lost connection."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Sit, axe
from .test_journeys import Acts, offer

SECTIONS = ("answers", "decisions", "handovers", "work", "times", "places", "disputes", "people", "record")


@pytest.fixture
def supervisor(sit: Sit) -> Any:
    """A supervisor on the page of a case that was decided, offered and disputed about."""
    page = sit("Supervisor, POL")
    reference = offer(Acts(page))
    page.get_by_role("heading", level=1, name=f"Case {reference}").wait_for()
    return page


def shot(page: Any, name: str) -> None:
    """A picture to look at, where somebody wants one."""
    import os

    if folder := os.environ.get("SAFEHANDS_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_axe_finds_nothing_on_any_page_of_a_case_and_each_answers_above_the_fold(supervisor: Any) -> None:
    address = supervisor.url
    supervisor.goto(address)
    shot(supervisor, "now")
    axe(supervisor)
    assert supervisor.get_by_role("heading", name="What happens next").bounding_box()["y"] < 700
    for section in SECTIONS:
        supervisor.goto(f"{address}{section}/")
        shot(supervisor, section)
        axe(supervisor)
        assert supervisor.locator(".desk-question").bounding_box()["y"] < 300
        for each in supervisor.locator("details.desk-do > summary").all():
            each.click()
        axe(supervisor)
