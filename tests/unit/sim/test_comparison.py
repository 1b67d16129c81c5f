"""Two policies on the same callers, parameters as files, the command."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from safehands.cli.simulate import record, setting_for, simulated
from safehands.core.pathway import Pathway
from safehands.errors import BadInput, NotFound
from safehands.pathways.load import load, parse
from safehands.sim.contacts import in_words_of
from safehands.sim.experiment import Area, Plan, Setting, compare, simulate_plan
from safehands.sim.parameters import Parameters, load_parameters, read_parameters
from safehands.sim.parameters_text import write_parameters
from safehands.sim.policies import Policy, compare_on_replay

SHORT = Setting(weeks=2, warm_up=1, replications=3, seed=7)


@pytest.fixture(scope="module")
def pathway() -> Pathway:
    return load("right-care")


@pytest.fixture(scope="module")
def parameters() -> Parameters:
    given = load_parameters("right-care")
    return replace(given, arrivals=given.arrivals.scaled_to(40_000))


def without_row(pathway: Pathway, row: str) -> Pathway:
    """The same pathway where one row is gone."""
    start = pathway.text.index(f'[[table.row]]\nid = "{row}"')
    end = pathway.text.index("\n[[table", start + 1)
    return parse(pathway.text[:start] + pathway.text[end + 1 :])


def test_the_same_seed_gives_the_same_digits(parameters: Parameters, pathway: Pathway) -> None:
    plan = Plan(Policy("right-care", pathway))
    assert simulate_plan(parameters, plan, SHORT).replications == simulate_plan(parameters, plan, SHORT).replications
    other = simulate_plan(parameters, plan, replace(SHORT, seed=8)).replications
    assert other != simulate_plan(parameters, plan, SHORT).replications


def test_a_policy_compared_with_itself_changes_nothing(parameters: Parameters, pathway: Pathway) -> None:
    comparison = compare(parameters, Policy("a", pathway), Policy("a", pathway), SHORT)
    assert {(each.low, each.high) for each in comparison.differences.values() if each.replications} == {(0.0, 0.0)}
    assert comparison.after.label == "a (new)"


def test_sending_crews_to_everything_leaves_nobody_unattended(parameters: Parameters, pathway: Pathway) -> None:
    outcome = simulate_plan(parameters, Plan(Policy("all", pathway, 1.0)), SHORT)
    assert outcome.estimates["neither"].mean == 0.0
    assert outcome.estimates["sent_share"].mean == 100.0
    assert outcome.estimates["rang_again"].mean == 0.0


def test_withdrawing_from_a_day_on_costs_those_who_ring_after_it(parameters: Parameters, pathway: Pathway) -> None:
    setting = setting_for(4, 3, 1, date(2026, 9, 1))
    assert setting.switch == pytest.approx(4 + 1 / 7)  # the first of September 2026 is a Tuesday
    comparison = compare(parameters, Policy("all", pathway, 1.0), Policy("right-care", pathway), setting)
    assert comparison.differences["officer_hours"].high < 0
    assert comparison.differences["neither"].low > 0
    assert comparison.differences["matters"].mean == 0.0


def test_the_load_of_each_partner_has_its_interval_by_hour_of_week(parameters: Parameters, pathway: Pathway) -> None:
    outcome = simulate_plan(parameters, Plan(Policy("p", pathway)), SHORT)
    crisis_line = next(load for load in outcome.loads if load.label == "Mental health crisis line")
    for low, mean, high in zip(crisis_line.low, crisis_line.in_use, crisis_line.high, strict=True):
        assert low <= mean <= high
    assert sum(crisis_line.asked) > 0


def test_before_the_day_nothing_differs(parameters: Parameters, pathway: Pathway) -> None:
    setting = Setting(weeks=3, warm_up=0, switch=2.0, replications=1)
    stays = Area(parameters, Plan(Policy("all", pathway, 1.0)), setting).simulated(0).contacts
    goes = Area(parameters, Plan(Policy("all", pathway, 1.0), Policy("new", pathway)), setting).simulated(0).contacts
    first = len(stays) // 3
    before = (stays["arrived"][:first] < setting.since - 24 * 60).nonzero()[0]
    for name in ("arrived", "row", "crew_sent", "crew_free"):
        assert (stays[name][before] == goes[name][before]).all()


def test_a_policy_without_a_row_sends_fewer(parameters: Parameters, pathway: Pathway) -> None:
    fewer = without_row(pathway, "A12.1")
    comparison = compare(parameters, Policy("whole", pathway), Policy("without A12.1", fewer), SHORT)
    assert comparison.differences["crews_sent"].high < 0


def test_two_versions_on_recorded_answers(pathway: Pathway) -> None:
    records = [{"Q6": "intent"}, {"Q6": "intent"}, {"Q14": "yes"}]
    changes = compare_on_replay(pathway, without_row(pathway, "A4"), records)
    assert sum(change.contacts for change in changes) == 3
    assert changes[0].before == (5, "A4")
    assert changes[0].after[0] < 5
    assert changes[1].before == changes[1].after


def test_a_version_that_lacks_a_code_cannot_be_compared(pathway: Pathway) -> None:
    lacking = replace(
        pathway,
        inputs=tuple(
            replace(column, domain=tuple(code for code in column.domain if code != "act")) for column in pathway.inputs
        ),
    )
    columns = {"life": np.zeros(3, dtype=np.uint8)}
    with pytest.raises(BadInput, match="life: version 1 has no code act"):
        in_words_of(columns, pathway, lacking)


def test_more_risk_never_sends_fewer_crews(parameters: Parameters, pathway: Pathway) -> None:
    """Law 6, seen from the street: the same callers, each of them with a threat to life."""
    riskier = tuple(replace(kind, answers={**kind.answers, "life": {"intent": 1.0}}) for kind in parameters.mix.kinds)
    calm = simulate_plan(parameters, Plan(Policy("p", pathway)), SHORT)
    threatened = replace(parameters, mix=replace(parameters.mix, kinds=riskier))
    worse = simulate_plan(threatened, Plan(Policy("p", pathway)), SHORT)
    assert worse.estimates["crews_sent"].mean > calm.estimates["crews_sent"].mean
    assert worse.estimates["sent_share"].mean == 100.0


def test_a_run_names_everything_that_is_wrong() -> None:
    with pytest.raises(BadInput) as bad:
        Setting(weeks=0, switch=-1.0)
    assert len(bad.value.faults) == 2


def test_a_share_above_everything_is_refused(pathway: Pathway) -> None:
    with pytest.raises(BadInput, match="from 0 to 1"):
        Policy("p", pathway, 1.5)


def test_parameters_written_are_read_back() -> None:
    once = read_parameters(write_parameters(load_parameters("right-care")))
    assert read_parameters(write_parameters(once)) == once
    assert once.partners.keys() == load_parameters("right-care").partners.keys()


def test_parameters_name_everything_that_is_wrong() -> None:
    text = """
surprise = 1
[arrivals]
hours = [[1, 2], [3]]
[[contact]]
name = "x"
[contact.answers]
life = "none"
[crews]
places = "many"
reach = { median = 3 }
work = { mean = -1 }
accepts = 2
colour = "red"
[partner]
MHT = 3
[callers]
rings_again = 7
"""
    with pytest.raises(BadInput) as bad:
        read_parameters(text, "mine.toml")
    said = str(bad.value)
    for part in (
        "surprise", "arrivals.hours", "contact x, life", "crews.places", "crews.reach", "crews.work", "crews.accepts",
        "crews.colour", "partner.MHT", "callers.rings_again",
    ):  # fmt: skip
        assert part in said
    assert said.count("mine.toml") == len(bad.value.faults)


def test_parameters_that_are_no_toml() -> None:
    with pytest.raises(BadInput, match="not TOML"):
        read_parameters("[")
    with pytest.raises(NotFound, match="no parameters"):
        load_parameters("nowhere")


def test_what_a_script_reads_has_every_figure_and_no_nan(parameters: Parameters) -> None:
    import json

    setting = Setting(weeks=1, warm_up=0, replications=1)
    comparison = simulated("right-care", None, 0.5, parameters, setting)
    told = record(comparison, setting, "2026-09-01")
    assert "NaN" not in json.dumps(told)
    assert told["figures"]["officer_hours"]["difference"]["low"] is None  # one replication has no interval
    assert len(told["load"]["after"][0]["in_use"]) == 168
    assert told["load"]["after"][0]["low"][0] is None
    assert set(told["provenance"]) >= {"arrivals", "contacts", "desks"}
