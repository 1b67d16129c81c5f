"""Every page about records, opened by everybody who works with them."""

from __future__ import annotations

import pytest

from desk.conftest import Sit
from desk.evidence.northshire import Northshire
from safehands.service.handle import Service

PAGES = ("evidence", "deciding", "concerns", "schedules", "letters", "reviews", "family", "then")


@pytest.fixture(scope="module")
def story(desk: Service) -> Northshire:
    """The case up to the day on which the recording came onto the register."""
    played = Northshire(desk)
    played.whole()
    return played


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_case_with_records(story: Northshire, sit: Sit, page: str) -> None:
    for agency, role in (("POL-northshire", "investigator"), ("CPS-midshire", "prosecutor")):
        found = sit(agency, role).get(f"/case/{story.case}/{page}/")
        assert found.status == 200, found.said


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_case_without_any_record_says_what_to_do(sit: Sit, page: str) -> None:
    police = sit("POL", "handler")
    case_id = police.takes_a_call()
    found = police.get(f"/case/{case_id}/{page}/")
    assert found.status == 200, found.said
    assert "no concerns" not in found.said.lower()
