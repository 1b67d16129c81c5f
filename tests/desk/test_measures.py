"""The measures page: each figure carries what it must, and counts only the cases that its agency has a part in."""

from __future__ import annotations

import csv
import re
from io import StringIO
from xml.etree import ElementTree as ET

import pytest

from safehands.service.handle import Service
from safehands.stats.frame import CUTS
from safehands.stats.measures.catalogue import MEASURES

from .conftest import INTENT, Sit


@pytest.fixture
def counted(desk: Service, sit: Sit) -> str:
    """A case of the police that was decided and sealed."""
    case_id = sit("POL", "handler").takes_a_call(INTENT)
    desk.store.seal(at=desk.clock.now())
    return case_id


def test_every_measure_opens_with_its_base_unit_and_vintage(sit: Sit, counted: str, desk: Service) -> None:
    police = sit("POL", "supervisor")
    for number, measure in MEASURES.items():
        page = police.get("/measures/", data={"measure": number})
        assert page.status == 200, page.said
        assert measure.base in page.said
        assert measure.definition[:40] in page.said
        assert desk.store.head().root.hex() in page.said


def test_a_chart_says_in_words_what_it_draws_and_needs_no_exception_from_the_policy(sit: Sit, counted: str) -> None:
    page = sit("POL", "supervisor").get("/measures/", data={"measure": 5, "cut": "hour"})
    drawn = re.findall(r"<svg.*?</svg>", page.text)
    assert drawn
    for each in drawn:
        chart = ET.fromstring(each)
        assert chart.get("role") == "img"
        assert chart[0].tag.endswith("title")
        assert chart[0].text
        assert chart[1].tag.endswith("desc")
        assert chart[1].text
        assert chart.get("aria-labelledby") == f"{chart[0].get('id')} {chart[1].get('id')}"
        assert "style=" not in each
    assert " style=" not in page.text


def test_an_agency_counts_no_case_of_a_stranger(sit: Sit, counted: str) -> None:
    def opened(agency: str, role: str) -> int:
        rows = list(csv.DictReader(StringIO(sit(agency, role).get("/measures/figures.csv", data={"measure": 1}).text)))
        return int(rows[0]["base"] or 0)

    before = opened("POL", "supervisor"), opened("FRS", "dispatcher")
    assert before[0] >= 1
    assert before[1] == 0
    assert "nothing to count yet" in sit("FRS", "dispatcher").get("/measures/", data={"measure": 1}).said


def test_the_file_carries_what_the_page_says(sit: Sit, counted: str, desk: Service) -> None:
    police = sit("POL", "supervisor")
    asked = {"measure": "27", "first": "2020-01-01", "last": "2099-12-31"}
    answer = police.client.get("/measures/figures.csv", asked)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="right-care-27.csv"'
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert rows
    for row in rows:
        assert (row["first_day"], row["last_day"], row["agency"]) == ("2020-01-01", "2099-12-31", "POL")
        assert row["root"] == desk.store.head().root.hex()
        assert row["unit"]
        assert row["definition_version"] == MEASURES[27].version


def test_a_tired_person_asks_for_what_there_is_not(sit: Sit) -> None:
    police = sit("POL", "supervisor")
    page = police.get("/measures/", data={"measure": "999", "first": "yesterday", "last": "2026-13-01"})
    assert page.status == 422
    for said in ("no such measure", "'yesterday' is not a day", "'2026-13-01' is not a day"):
        assert said in page.said
    backwards = police.get("/measures/", data={"first": "2026-02-02", "last": "2026-02-01"})
    assert backwards.status == 422
    assert "before it begins" in backwards.said
    assert police.get("/measures/", data={"measure": "23", "cut": "sex"}).status == 422
    assert police.get("/measures/figures.csv", data={"measure": "x"}).status == 422


def test_figures_can_be_shown_by_every_cut(sit: Sit, counted: str) -> None:
    police = sit("POL", "supervisor")
    for cut in CUTS:
        assert police.get("/measures/", data={"measure": 9, "cut": cut}).status == 200
    page = police.get("/measures/", data={"measure": 1})
    for cut in CUTS:
        assert f'value="{cut}"' in page.text


def test_the_page_says_for_whom_its_figures_are(sit: Sit, counted: str) -> None:
    said = sit("POL", "supervisor").get("/measures/").said
    assert "cases in which Wexmoor Police has a part" in said
    assert "Do not publish them from here" in said
