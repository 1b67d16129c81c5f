"""Numbers, simulation, pathways and ledger in a real browser: axe finds nothing, the policy refuses nothing, and each
page answers above the fold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from safehands.pathways.load import load
from safehands.service.handle import Service

from .conftest import Sit, axe

PAGES = (
    "/measures/?measure=1",
    "/measures/?measure=27&cut=hour",
    "/measures/?measure=none",
    "/simulation/",
    "/pathways/right-care/",
    "/pathways/right-care/difference/",
    "/pathways/right-care/shadow/",
    "/pathways/right-care/sign-off/",
    "/ledger/",
)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_the_pages_of_numbers(sit: Sit, address: str, path: str) -> None:
    page = sit("Supervisor, POL")
    page.goto(f"{address}{path}")
    axe(page)
    assert page.locator(".desk-question").first.bounding_box()["y"] < 400


def test_a_measure_is_drawn_above_the_fold_and_downloaded(sit: Sit, address: str) -> None:
    page = sit("Supervisor, POL")
    page.get_by_role("button", name="Take a contact").click()
    page.get_by_role("button", name="999 call").click()
    page.locator("#concluded").wait_for()
    page.wait_for_timeout(2500)  # the timers seal once a second
    page.goto(f"{address}/measures/")
    page.get_by_label("Measure", exact=True).select_option(label="1. Deployment rate")
    page.get_by_role("button", name="Show").click()
    chart = page.get_by_role("img", name=re.compile("Deployment rate: share of cases")).first
    box = chart.bounding_box()
    assert box["y"] + box["height"] < 768
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these figures").click()
    assert download.value.suggested_filename == "right-care-1.csv"
    axe(page)


def test_two_policies_are_simulated_and_shown_side_by_side(sit: Sit, address: str) -> None:
    page = sit("Supervisor, POL")
    page.goto(f"{address}/simulation/")
    page.get_by_label("Weeks (1 to 26)").fill("1")
    page.get_by_label("Replications (2 to 30)").fill("2")
    page.get_by_role("button", name="Simulate").click()
    page.get_by_text("All figures of both policies").wait_for(timeout=120_000, state="attached")
    assert page.get_by_role("img").count() >= 6
    axe(page)


def test_the_ledger_is_verified_while_somebody_looks(sit: Sit, address: str) -> None:
    page = sit("Supervisor, POL")
    page.goto(f"{address}/ledger/")
    page.get_by_role("button", name="Verify now").click()
    page.get_by_role("heading", name="Verified", exact=False).first.wait_for(timeout=60_000)
    axe(page)


@pytest.fixture
def proposal(desk: Service, sit: Sit, address: str) -> Iterator[Any]:
    """A version that the supervisor has proposed, and their browser."""
    from safehands.desk.models import Proposal

    text = load("right-care").text.replace('version = "1"', 'version = "b1"', 1)
    text = text.replace('outcome = "imm"', 'outcome = "joint"', 1)
    Proposal.objects.create(pathway="right-care", text=text, proposed_by="supervisor.pol", proposed_role="supervisor",
                            proposed_agency="POL", proposed_at=desk.clock.now())  # fmt: skip
    page = sit("Supervisor, POL")
    page.goto(f"{address}/pathways/right-care/")
    yield page
    Proposal.objects.all().delete()


def test_the_second_person_sees_the_whole_difference_before_the_button(proposal: Any, sit: Sit, address: str) -> None:
    axe(proposal)
    lead = sit("Clinical lead, AMB-east")
    lead.goto(f"{address}/pathways/right-care/")
    lead.get_by_role("button", name="Read what would change").click()
    change = lead.get_by_text("becomes class 6").first
    assert change.bounding_box()["y"] < lead.get_by_role("button", name="I have read it").bounding_box()["y"]
    axe(lead)
    lead.goto(f"{address}/pathways/right-care/difference/")
    axe(lead)
