"""Measures of what was decided, each against facts that can be counted on paper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from safehands.errors import BadInput
from safehands.stats.measures.catalogue import CUTS, MEASURES
from safehands.stats.measures.declared import Period
from unit.stats.given_facts import Facts, by_category, computed, one


def test_a_clock_that_sends_police_counts_as_a_deployment() -> None:
    facts = Facts().opened("a", "b", "c", "d")
    facts.add("decided", "a", agency="POL", name="deploys").declined("b").declined("c").declined("d")
    facts.add("raised", "b", 1, agency="POL-north", code="by_clock", name="deploys")
    facts.add("arrived", "c", 2, agency="POL")
    facts.add("arrived", "d", 2, agency="AMB")
    found = one(facts, 1)
    assert (found.value, found.numerator, found.base) == (Decimal("0.7500"), 3, 4)


def test_police_who_came_twice_are_one_deployment() -> None:
    facts = Facts().opened("a").add("arrived", "a", agency="POL").add("arrived", "a", agency="POL")
    assert one(facts, 1).numerator == 1


def test_a_case_of_another_pathway_is_not_counted() -> None:
    facts = Facts().opened("a").opened("b", pathway="other-incident")
    assert one(facts, 1).base == 1


def test_reporters_who_are_nobody_knows_whom_stay_in_the_base() -> None:
    facts = Facts().opened("a")
    for kind in ("health", "family_friend", "unknown", "other"):
        facts.add("contact", "a", name=kind)
    partners = one(facts, 5, "5.partners")
    assert (partners.value, partners.numerator, partners.base, partners.unknown) == (Decimal("0.2500"), 1, 4, 2)
    mix = by_category(facts, 5, "5.mix")
    assert mix["unknown"] == (Decimal("0.2500"), 1, 4)
    assert sum(share for share, _, _ in mix.values() if share is not None) == 1


def test_a_form_that_does_not_say_is_not_no_advice() -> None:
    facts = Facts().opened("a")
    for code in ("advice_sought", "advice_not_sought", "not_said"):
        facts.add("decided", "a", about=code, code=code, name="deploys", agency="POL")
    found = one(facts, 6)
    assert (found.value, found.base, found.unknown) == (Decimal("0.3333"), 3, 1)
    assert found.interval is not None
    assert found.interval[1] > Decimal("0.9")  # had the silent one been asked, it would be two of three


def test_a_dispute_before_the_decision_is_no_escalation_of_it() -> None:
    facts = Facts().opened("a", "b").declined("a", 1).declined("b", 1)
    facts.add("challenged", "a", 0, about="x").add("challenged", "b", 2, about="y")
    facts.add("challenge_settled", "b", 3, about="y", code="changed")
    escalated, overturned = one(facts, 7, "7.escalated"), one(facts, 7, "7.overturned")
    assert (escalated.numerator, escalated.base) == (1, 2)
    assert (overturned.numerator, overturned.base, overturned.unknown) == (1, 2, 1)


def test_a_complaint_about_another_decision_is_not_about_this_one() -> None:
    facts = Facts().opened("a").declined("a", 0, "d1").declined("a", 1, "d2").add("complaint", "a", 5, about="d2")
    assert (one(facts, 8).numerator, one(facts, 8).base) == (1, 2)
    facts.add("complaint", "a", 6, about=None)
    assert one(facts, 8).numerator == 2


@pytest.mark.parametrize(
    ("hours", "within"),
    [(0, {"24h", "72h", "7d"}), (24, {"24h", "72h", "7d"}), (24.01, {"72h", "7d"}), (168, {"7d"}), (169, set())],
)
def test_harm_at_the_very_end_of_its_time(hours: float, within: set[str]) -> None:
    facts = Facts().opened("a").declined("a").add("outcome", "a", hours, code="death", name="fatal")
    found = {each.part.removeprefix("9."): each.numerator for each in computed(facts, 9)}
    assert {name for name, hits in found.items() if hits == 1} == within


def test_nobody_looked_so_nobody_knows_whether_harm_came() -> None:
    facts = Facts().opened("a", "b", "c", "d")
    for case in "abcd":
        facts.declined(case)
    facts.add("outcome", "a", 3, code="self_harm", name="serious")
    facts.add("outcome", "b", 24, code="none_found", name="none")  # looked after a day: the next two are not known
    facts.add("outcome", "c", 23, code="none_found", name="none")  # looked too early
    day, three_days = one(facts, 9, "9.24h"), one(facts, 9, "9.72h")
    assert (day.value, day.numerator, day.base, day.unknown) == (Decimal("0.2500"), 1, 4, 2)
    assert (three_days.numerator, three_days.unknown) == (1, 3)
    assert day.interval == (Decimal("0.0456"), Decimal("0.9544"))  # from one of four to three of four


def test_harm_before_the_decision_is_not_harm_after_it() -> None:
    facts = Facts().opened("a").declined("a", 5).add("outcome", "a", 4, code="death", name="fatal")
    assert one(facts, 9, "9.7d").numerator == 0


def test_harm_whose_degree_nobody_knows_is_unknown() -> None:
    facts = Facts().opened("a").declined("a").add("outcome", "a", 1, code="injury", name="unknown")
    facts.add("outcome", "a", 30, code="none_found", name="none")
    assert one(facts, 9, "9.24h").unknown == 1


def test_minor_harm_does_not_hide_behind_a_later_all_clear() -> None:
    facts = Facts().opened("a").declined("a").add("outcome", "a", 1, code="injury", name="serious")
    facts.add("outcome", "a", 30, code="none_found", name="none")
    assert one(facts, 9, "9.24h").numerator == 1


def test_nobody_came_and_the_case_is_closed() -> None:
    facts = Facts().opened(*"abcde")
    for case in "abcde":
        facts.declined(case)
    facts.add("closed", "a", 2)
    facts.add("closed", "b", 2).add("arrived", "b", 1, agency="AMB-east")
    facts.add("closed", "c", 2).add("reopened", "c", 3)  # open again: not known yet
    facts.add("closed", "d", 2).add("arrived", "d", 1, agency="VCS")  # a charity's visit is no attendance
    facts.add("milestone", "e", 1, code="seen_by_mental_health")
    found = one(facts, 10)
    assert (found.numerator, found.base, found.unknown) == (2, 5, 1)


def test_a_drawn_decision_that_nobody_read() -> None:
    facts = Facts().opened("a")
    for decision in ("p", "f", "unread"):
        facts.add("sampled", "a", about=decision)
    facts.add("sampled", "a", about="p")  # drawn in two samples: still one decision
    facts.add("reviewed", "a", about="p", code="pass").add("reviewed", "a", about="f", code="fail")
    facts.add("reviewed", "a", about="not-drawn", code="pass")
    found = one(facts, 11)
    assert (found.numerator, found.base, found.unknown) == (1, 3, 1)


def test_history_on_the_screen_that_nobody_used() -> None:
    facts = Facts().opened("a")
    for code in ("used", "shown", "not_shown"):
        facts.add("history", "a", about=code, code=code)
    assert (one(facts, 12).numerator, one(facts, 12).base) == (1, 3)


def test_the_second_agency_asks_again() -> None:
    facts = Facts().opened("a", "b", "c")
    for case in "abc":
        facts.add("asked", case, agency="POL", code="Q4 Q5 Q6")
    facts.add("accepted", "a", 1, code="transfer").add("asked", "a", 2, agency="MHT", code="Q5 Q6 Q7")
    facts.add("accepted", "b", 1, code="transfer").add("asked", "b", 2, agency="MHT", code="Q7")
    facts.add("accepted", "c", 1, code="support").add("asked", "c", 2, agency="AMB", code="Q4")  # nothing moved
    share, questions = one(facts, 28), one(facts, 28, "28.questions")
    assert (share.numerator, share.base) == (1, 2)
    assert questions.value == 2


def test_the_same_agency_asks_twice() -> None:
    facts = Facts().opened("a").add("assumed", "a", 1, code="decided")
    facts.add("asked", "a", agency="POL", code="Q4").add("asked", "a", 2, agency="POL", code="Q4")
    assert one(facts, 28).numerator == 0


def test_crime_by_day_keeps_what_nobody_said() -> None:
    facts = Facts().opened("a", "b", "c").known("a", crime_related="yes").known("b", crime_related="no")
    facts.add("contact", "a").add("contact", "b").add("contact", "c").add("contact", "a", 24)
    found = {each.category: (each.numerator, each.base, each.unknown) for each in computed(facts, 29)}
    assert found == {"2026-02-03": (1, 3, 1), "2026-02-04": (1, 1, 0)}


def test_a_case_nobody_asked_about_is_a_category_of_its_own() -> None:
    facts = Facts().opened("a", "b", "c").known("a", sex="female").known("b", sex="declined")
    found = {each.cut_value: each.base for each in computed(facts, 1, cut="sex")}
    assert found == {"female": 1, "declined": 1, "not_asked": 1}


def test_what_is_known_later_stands() -> None:
    facts = Facts().opened("a").known("a", sex="unknown").known("a", sex="male")
    assert [each.cut_value for each in computed(facts, 1, cut="sex")] == ["male"]


def test_a_day_outside_the_period() -> None:
    facts = Facts().opened("a").opened("b", at=24).opened("c", at=48)
    assert one(facts, 1, period=Period("2026-02-04", "2026-02-04")).base == 1


def test_a_measure_that_there_is_not() -> None:
    with pytest.raises(BadInput, match="no measure 99"):
        computed(Facts(), 99)
    with pytest.raises(BadInput, match="no cut shoe_size"):
        computed(Facts(), 1, cut="shoe_size")


def test_an_empty_ledger_divides_by_nothing() -> None:
    for number in MEASURES:
        for each in computed(Facts(), number):
            assert each.value in (None, 0), each
            assert each.interval is None


def test_all_29_are_declared_with_what_they_must_carry() -> None:
    assert sorted(MEASURES) == list(range(1, 30))
    for measure in MEASURES.values():
        assert measure.title
        assert measure.definition.endswith(".")
        assert measure.numerator
        assert measure.base
        assert measure.sources
        assert measure.version
        assert set(measure.cuts) <= set(CUTS)
