"""Measures of offers, detentions and custody, each against facts that can be counted on paper."""

from __future__ import annotations

from decimal import Decimal

from safehands.ledger.custody import CustodyReport, Hold
from safehands.ledger.spans import Span
from safehands.stats.measures.custody import unowned
from safehands.stats.measures.declared import Vintage
from unit.stats.given_facts import Facts, by_category, computed, one


def offered(facts: Facts, offer: str, at: float = 0, kind: str = "transfer") -> Facts:
    return facts.add("offered", "a", at, about=offer, code=kind, other_agency="MHT")


def ended(facts: Facts, offer: str, how: str, seconds: float, name: str | None = None) -> Facts:
    return facts.add(how, "a", seconds / 3600, about=offer, code="transfer", seconds=seconds, name=name)


def test_waits_are_ranks_and_never_in_between() -> None:
    facts = Facts().opened("a")
    for n, seconds in enumerate((10.0, 20.0, 30.0, 1000.0)):
        ended(offered(facts, f"o{n}"), f"o{n}", "accepted", seconds, "in_time")
    assert one(facts, 27, "27.p50").value == Decimal("20.0")
    assert one(facts, 27, "27.p95").value == Decimal("1000.0")


def test_an_offer_that_lapsed_and_was_accepted_late_is_both() -> None:
    facts = Facts().opened("a")
    ended(ended(offered(facts, "late"), "late", "lapsed", 300), "late", "accepted", 400, "late")
    ended(offered(facts, "no"), "no", "declined", 60)
    ended(offered(facts, "silence"), "silence", "lapsed", 300)
    offered(facts, "open")
    found = {part: one(facts, 27, part) for part in ("27.accepted", "27.expired", "27.rejected")}
    assert {part: (each.numerator, each.base, each.unknown) for part, each in found.items()} == {
        "27.accepted": (1, 4, 1),
        "27.expired": (2, 4, 1),
        "27.rejected": (1, 4, 1),
    }
    assert one(facts, 27, "27.p50").value == Decimal("400.0")


def test_kinds_of_offer_are_not_mixed() -> None:
    facts = Facts().opened("a")
    offered(offered(facts, "one"), "two", kind="support")
    assert set(by_category(facts, 27, "27.accepted")) == {"transfer", "support"}


def detained(facts: Facts, case: str, place: str = "mental_health_suite", power: str = "s136_removed") -> Facts:
    return facts.add("status_began", case, about=f"{case}.s", code=power, name=place, agency="POL")


def test_detentions_and_their_first_places() -> None:
    facts = Facts().opened("a", "b", "c", "d")
    detained(detained(detained(facts, "a"), "b"), "c", "emergency_department")
    detained(facts, "d", power="s135_1").add(
        "status_moved", "a", 3, about="a.s", code="s136_removed", name="police_station"
    )
    assert one(facts, 15).value == 3
    assert by_category(facts, 16, "16") == {
        "emergency_department": (Decimal("0.3333"), 1, 3),
        "mental_health_suite": (Decimal("0.6667"), 2, 3),
    }
    assert (one(facts, 18).numerator, one(facts, 18).base) == (1, 3)


def test_somebody_of_unknown_age_at_a_police_station_is_treated_as_a_child() -> None:
    facts = Facts().opened("a", "b", "c").known("a", age_band="26_to_39").known("b", age_band="under18")
    for case in "abc":
        detained(facts, case, "police_station")
    assert one(facts, 18, "18.children").value == 2


def test_nobody_wrote_down_how_they_travelled() -> None:
    facts = (
        Facts().opened("a", "b", "c").known("a", transport_mode="police_vehicle", why_police_vehicle="over_30_minutes")
    )
    facts.known("b", transport_mode="police_vehicle")
    for case in "abc":
        detained(facts, case)
    assert by_category(facts, 17, "17.mode") == {
        "not_asked": (Decimal("0.3333"), 1, 3),
        "police_vehicle": (Decimal("0.6667"), 2, 3),
    }
    assert set(by_category(facts, 17, "17.why")) == {"over_30_minutes", "unknown"}


def test_the_hour_is_kept_apart_for_each_kind_of_place() -> None:
    facts = Facts().opened("a")
    for seconds, name, taker, power in (
        (3600.0, "mental_health_suite", "MHT", "s136_removed"),
        (3600.5, "mental_health_suite", "MHT", "s136_removed"),
        (60.0, "emergency_department_no_suite", "ACU-east", "s136_kept"),
        (None, "emergency_department", "ACU", "s135_1"),
        (5.0, "emergency_department", "POL", "s136_removed"),
        (5.0, "emergency_department", "ACU", "s5_2"),
    ):
        facts.add("handed_over", "a", name=name, other_agency=taker, code=power, seconds=seconds)
    found = {each.category: (each.numerator, each.base, each.unknown) for each in computed(facts, 19)}
    assert found == {"mental_health_suite": (1, 2, 0), "emergency_department": (1, 2, 1)}


def test_two_officers_for_eighty_minutes_are_160_officer_minutes() -> None:
    facts = detained(Facts().opened("a", "b"), "a")
    detained(facts, "b")
    for officer in ("one", "two"):
        facts.add("presence", "a", about=officer, agency="POL", name="s136_removed", seconds=4800.0)
    facts.add("presence", "a", about="crew", agency="AMB", name="s136_removed", seconds=4800.0)
    facts.add("presence", "a", about="one", agency="POL", name=None, seconds=600.0)  # before the power was used
    median = one(facts, 20, "20.p50")
    assert (median.value, median.base, median.unknown) == (Decimal("9600.0"), 2, 1)
    assert one(facts, 20, "20.total").value == Decimal("9600.0")


def test_breaches_and_extensions_of_the_detention_clock_only() -> None:
    facts = Facts().opened("a")
    facts.add("breached", "a", code="detention").add("breached", "a", code="triage")
    facts.add("extended", "a", code="detention", name="condition").add("extended", "a", code="other", name="x")
    assert one(facts, 21, "21.breaches").value == 1
    assert by_category(facts, 21, "21.extensions") == {"condition": (1, 1, 1)}


def test_absences_that_nobody_closed_are_unknown() -> None:
    facts = Facts().opened("a", "b", "c", "d")
    for case, stream in (("a", "AWOL"), ("b", "AWOL"), ("c", "AWOL"), ("d", "CFW")):
        facts.known(case, stream=stream)
    facts.add("milestone", "a", 2, code="returned_to_ward", seconds=7200.0).add("closed", "b", 3)
    found = {
        each.category: (each.numerator, each.base, each.unknown)
        for each in computed(facts, 24)
        if each.part == "24.returned"
    }
    assert found == {"AWOL": (1, 3, 1)}
    assert one(facts, 24, "24.p50").value == Decimal("7200.0")


def test_a_planted_gap_is_found_and_a_second_holder_too() -> None:
    second = 1_000_000
    holds = (
        Hold("POL", 0, 10 * second, True),
        Hold("MHT", 12 * second, None, True),
        Hold("ASC", 15 * second, None, True),
    )
    report = CustodyReport(
        holds, (Span(10 * second, 12 * second),), (Span(15 * second, 20 * second),), 20 * second, 4, 0, (), ()
    )
    nobody, several = unowned([report], Vintage(4, "ab"))
    assert (nobody.value, nobody.base, nobody.unknown) == (2, 20, 0)
    assert several.value == 5
    assert nobody.vintage.root == "ab"
