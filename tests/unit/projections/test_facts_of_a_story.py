"""What a played case leaves behind for statistics: told through the service on a store, read back as facts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from safehands.core import commands as c
from safehands.projections import cuts
from safehands.service.rebuild import rebuild
from safehands.stats.frame import InMemory
from safehands.stats.measures.catalogue import results
from safehands.stats.measures.declared import Vintage
from safehands.store.ports import FACT_COLUMNS
from scenario import CALM, FORM, PACK, Story, in_use, instant, person, transfer_taken

POL, POL2, SERGEANT = person("POL"), person("POL", n=2), person("POL", "supervisor")
AMB, MHT = person("AMB", "dispatcher"), person("MHT", "desk")


def store(story: Story) -> Any:
    return story.engine.store  # type: ignore[attr-defined]  # these stories play on a store


def facts(story: Story, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = store(story).facts(kind=kind)
    return found


def declined() -> Story:
    story = (
        in_use()
        .at("10:00")
        .opens(POL, said={**CALM, "sex": "female", "ethnicity": "unknown"}, reporter_type="family_friend")
    )
    story.does(POL, c.Conclude())
    story.decides(POL, 0, form=FORM | {"advice_from": "tactical adviser"})
    return story


def test_every_fact_has_every_column_and_its_civil_time() -> None:
    story = declined()
    for row in store(story).facts():
        assert set(row) == {"position", *FACT_COLUMNS}
        assert (row["day"], row["hour"]) == ("2026-02-03", 10)


def test_an_evening_call_in_summer_counts_on_its_london_day() -> None:
    story = in_use()
    story.now = instant("0:00") + timedelta(days=150)
    story.at(story.now.replace(hour=23, minute=30)).opens(POL)
    assert [(row["day"], row["hour"]) for row in facts(story, "opened")] == [("2026-07-04", 0)]


def test_the_answers_that_figures_are_cut_by() -> None:
    story = declined()
    known = {row["name"]: (row["code"], row["provenance"]) for row in facts(story, "known")}
    assert known == {
        "age_band": ("40_to_59", "asked"),
        "stream": ("CFW", "asked"),
        "sex": ("female", "asked"),
        "ethnicity": ("unknown", "asked"),
    }
    asked = facts(story, "asked")
    assert asked[0]["count"] == len(CALM) + 2
    assert "Q12" in asked[0]["code"].split()


def test_a_second_caller_who_does_not_know_takes_nothing_away() -> None:
    story = declined()
    story.at("10:05").joins(POL, "sister", said={"sex": "declined", "ethnicity": "black"})
    known = [(row["name"], row["code"]) for row in facts(story, "known")]
    assert known[-2:] == [("sex", "female"), ("ethnicity", "black")]


def test_a_corrected_answer_is_what_stands() -> None:
    story = declined()
    answer = story.answers(POL, {"sex": "male"})[0]
    story.at("10:06").does(POL, c.CorrectAnswer("case-caller", answer, "misheard"))
    assert [row["code"] for row in facts(story, "known") if row["name"] == "sex"] == ["female", "male"]


def test_no_column_holds_what_anybody_said_or_where_anybody_was() -> None:
    story = declined()
    story.does(POL, c.RecordArrival("PC-1", "POL", "12 Acacia Road"))
    story.at("10:30").does(POL, c.RecordRelease("PC-1"))
    story.does(POL, c.RecordMilestone("person_seen", "in the kitchen of 12 Acacia Road"))
    said = " ".join(str(value) for row in store(story).facts() for value in row.values())
    assert "Acacia" not in said
    assert "considered" not in said  # the words of the form


def test_a_decision_says_whether_advice_and_history_were_used() -> None:
    story = declined()
    story.at("10:05").joins(POL, "sister", said=CALM)
    story.at("10:06").decides(POL2, 4, form=FORM, history_shown=("case-caller",), rests_on=("case-caller",))
    assert [(row["code"], row["name"]) for row in facts(story, "decided")] == [
        ("advice_sought", "not_deploys"),
        ("not_said", "deploys"),
    ]
    assert [row["code"] for row in facts(story, "history")] == ["used"]


def test_an_offer_its_answer_and_what_came_afterwards() -> None:
    story = declined()
    transfer_taken(story.at("10:10"), POL, AMB, "ambulance", PACK)
    offered, accepted = facts(story, "offered")[0], facts(story, "accepted")[0]
    assert offered["about"] == accepted["about"]
    assert (accepted["seconds"], accepted["name"], accepted["provenance"]) == (0.0, "in_time", "on_system")
    story.at("11:00").does(AMB, c.RecordOutcome("self_harm", "serious", instant("10:45"), "emergency department"))
    story.does(POL, c.LinkComplaint("CO/7", instant("10:50")))
    found = list(results(InMemory(store(story).facts()), Vintage(1), numbers=[8, 9]))
    assert [each.numerator for each in found] == [1, 1, 1, 1]


def test_two_people_and_a_clock_change_what_stands() -> None:
    story = in_use().at("10:00").opens(POL, said={**CALM, "life": "intent"})
    story.does(POL, c.Conclude())
    story.decides(POL, 5)
    story.lowers(POL, 2, SERGEANT)
    assert [(row["name"], row["code"]) for row in facts(story, "lowered")] == [("not_deploys", "by_person")]
    story.does(POL, c.Raise(4, "a second call"))
    assert [(row["name"], row["code"], row["agency"]) for row in facts(story, "raised")] == [
        ("deploys", "by_person", "POL")
    ]


def test_a_lost_line_and_its_call_back() -> None:
    story = in_use().at("10:00").opens(POL)
    story.at("10:01").does(POL, c.DropContact("case-caller"))
    story.at("10:04").does(POL, c.MakeCallBack("case-caller", reached=False))
    assert facts(story, "dropped")[0]["seconds"] == 60
    assert facts(story, "called_back")[0]["code"] == "not_reached"


def test_the_hour_runs_from_the_arrival() -> None:
    grounds = {"consulted": "crisis team", "found_at": "in the street"}
    story = in_use().at("01:00").opens(POL, said=CALM)
    story.does(POL, c.Conclude())
    story.does(POL, c.BeginStatus("s136_removed", "on_the_way", grounds))
    story.does(POL, c.RecordArrival("PC-1", "POL"))
    status = next(iter(story.case.statuses))
    story.at("02:00").does(POL, c.MoveStatus(status, "mental_health_suite", "arrived"))
    story.does(POL, c.RecordMilestone("arrival_at_place_of_safety"))
    pack = next(each for each in story.pathway.packs if each.id == "s136")
    route = next(each.id for each in story.pathway.routes if each.pack == "s136" and each.to == "MHT")
    transfer_taken(story.at("03:20"), POL, MHT, route, dict.fromkeys((each.id for each in pack.fields), "said"))
    story.does(POL, c.RecordRelease("PC-1"))
    handed = facts(story, "handed_over")[0]
    assert (handed["seconds"], handed["name"], handed["code"]) == (4800.0, "mental_health_suite", "s136_removed")
    presence = facts(story, "presence")[0]
    assert (presence["seconds"], presence["name"]) == (8400.0, "s136_removed")
    hour = list(results(InMemory(store(story).facts()), Vintage(1), numbers=[19]))
    assert [(each.category, each.numerator, each.base) for each in hour] == [("mental_health_suite", 0, 1)]


def test_rebuilt_facts_are_the_live_ones() -> None:
    story = declined()
    story.at("10:05").joins(POL, "sister", said={"sex": "declined", "ethnicity": "black"})
    story.does(POL, c.RecordOutcome("none_found", "none", instant("10:05"), "the sister"))
    assert rebuild(store(story)).differences == ()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (17, "under18"),
        (18, "18_to_25"),
        (75, "75_and_over"),
        ("adult", "adult"),
        ("declined", "declined"),
        ("odd", "unknown"),
        (-1, "unknown"),
        (("a",), "unknown"),
    ],
)
def test_an_age_becomes_its_band(value: Any, code: str) -> None:
    question = next(each for each in declined().pathway.questions if each.cut == "age_band")
    assert cuts.code_of(question, value) == code
