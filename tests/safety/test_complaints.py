"""The twenty complaints of the evidence-review sheet's section 8, each with the tests that answer it.

A complaint without a test fails here, and so does a test that is named and not there.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
_FAMILY, _CLOCKS, _REPLAY = (
    "unit/test_family_page.py",
    "spec/test_clocks_of_evidence.py",
    "spec/test_evidence_replay.py",
)
_HANDS, _SCHEDULES, _FILES = (
    "spec/test_records_change_hands.py",
    "unit/exports/test_schedules.py",
    "unit/files/test_receiving.py",
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Who says what, and by which tests (``file::test``) it is answered."""

    who: str
    says: str
    answered_by: tuple[str, ...]


COMPLAINTS: Mapping[int, Complaint] = {
    1: Complaint("family", "the recording was said to be gone, and was there all along", (
        f"{_FAMILY}::test_a_letter_that_the_register_does_not_bear_out_is_told_beside_it",
        f"{_REPLAY}::test_acceptance_3_at_its_late_registration_exactly_the_eleven_and_the_late_entry",
    )),
    2: Complaint("family", "stopped the day before the trial, and never a formal reason", (
        f"{_FAMILY}::test_each_decision_says_what_it_was_made_without",
        f"{_FAMILY}::test_no_right_is_never_nothing_to_do",
    )),
    3: Complaint("prosecutor", "we asked for everything and the recording was not shared", (
        f"{_REPLAY}::test_acceptance_1_the_missing_recording_is_asked_for_with_no_feed_from_the_police",
        f"{_REPLAY}::test_acceptance_2_the_answer_that_leaves_out_the_recording_is_seen_as_it_is_given",
    )),
    4: Complaint("police", "the footage was available in both reviews", (
        f"{_REPLAY}::test_available_and_not_shared_are_both_true",
    )),
    5: Complaint("victims", "evidence is missing or cannot be played, and the case ends", (
        f"{_FAMILY}::test_unknown_not_searched_missing_and_destroyed_are_four_things",
        f"{_FILES}::test_a_hash_that_differs_is_written_and_the_file_kept",
        "unit/retention/test_may_dispose.py::test_a_date_alone_frees_nothing",
    )),
    6: Complaint("victims", "letters are late, wrong and hard to read", (
        f"{_FAMILY}::test_advice_on_how_to_write_it",
        f"{_FAMILY}::test_the_letter_after_the_third_decision_says_what_the_first_two_lacked",
        f"{_FAMILY}::test_somebody_of_twelve_can_read_it_and_nothing_is_fetched_to_find_that_out",
    )),
    7: Complaint("victims", "a review finds the decision wrong when it is too late", (
        f"{_CLOCKS}::test_the_tables_stop_before_a_case_is_ended_on_a_copy_alone",
        f"{_CLOCKS}::test_when_each_period_ends",
    )),
    8: Complaint("victims", "more than half are not kept informed", (
        f"{_CLOCKS}::test_a_victim_with_enhanced_rights_is_told_within_one_working_day",
        f"{_CLOCKS}::test_until_somebody_asks_the_shorter_time_counts_and_then_the_right_one",
    )),
    9: Complaint("inspectors", "schedules are inadequate and endorsed without reasons", (
        f"{_SCHEDULES}::test_a_description_that_is_no_description_is_a_gap",
        f"{_SCHEDULES}::test_doubled_and_missing_numbers_are_told",
    )),
    10: Complaint("inspectors", "the two sides do not see one another's work", (
        f"{_HANDS}::test_what_one_agency_holds_another_knows_to_exist_and_no_more",
        f"{_HANDS}::test_a_record_that_is_tied_later_brings_everything_that_was_learned_of_it",
    )),
    11: Complaint("inspectors", "discs carry no label, and what was sent is asked for again", (
        f"{_HANDS}::test_a_record_from_its_making_to_the_decision_that_rests_on_it",
    )),
    12: Complaint("police", "too much to key in twice", (
        f"{_HANDS}::test_sent_twice_entered_once",
        f"{_SCHEDULES}::test_things_of_one_kind_stand_as_one_block_and_each_is_named_in_it",
    )),
    13: Complaint("police", "files are too large to send", (
        f"{_FILES}::test_memory_does_not_grow_with_the_file",
    )),
    14: Complaint("disclosure officers", "lists without meaning", (
        f"{_SCHEDULES}::test_a_description_without_content_is_told",
        f"{_SCHEDULES}::test_short_forms_are_told_and_the_common_ones_are_not",
    )),
    15: Complaint("prosecutors", "charging decisions are late", (
        f"{_CLOCKS}::test_a_charging_target_that_nobody_set_is_the_shortest",
    )),
    16: Complaint("reviewers", "closed cases were ended with lines not followed", (
        "cli/test_scan.py::test_the_template_is_scanned_with_one_answer_for_scripts",
        "unit/scanning/test_scan.py::test_a_transcript_alone_asks_where_the_recording_is",
    )),
    17: Complaint("bereaved", "institutions defend themselves", (
        f"{_FAMILY}::test_family_without_standing_gets_a_way_on_and_no_material",
        f"{_FAMILY}::test_what_may_not_be_read_is_told_to_exist",
    )),
    18: Complaint("linguists", "written records of interviews are not the interview", (
        f"{_REPLAY}::test_acceptance_4_nothing_disappears_when_the_recording_is_seen_at_last",
    )),
    19: Complaint("auditors", "who looked is used for what it may not be", (
        f"{_FAMILY}::test_nothing_on_it_comes_from_the_log_of_looking",
    )),
    20: Complaint("defence", "what helps us comes late or never", (
        f"{_SCHEDULES}::test_a_continuation_goes_on_from_the_last_number",
        f"{_CLOCKS}::test_continuing_disclosure_is_looked_at_again_until_the_case_ends",
    )),
}  # fmt: skip


def unanswered(complaints: Mapping[int, Complaint], tests: Path) -> list[str]:
    """Complaints that no test answers, and tests that are not there."""
    faults = [f"complaint {n} is missing" for n in sorted(set(range(1, 21)) - complaints.keys())]
    for number, complaint in complaints.items():
        if not complaint.answered_by:
            faults.append(f"complaint {number} has no test")
        for named in complaint.answered_by:
            file, _, test = named.partition("::")
            if not (tests / file).is_file() or test not in functions(tests / file):
                faults.append(f"complaint {number}: there is no test {named}")
    return faults


def functions(file: Path) -> set[str]:
    """The functions that a file defines."""
    return {node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_each_complaint_is_answered_by_a_test_that_there_is() -> None:
    assert unanswered(COMPLAINTS, TESTS) == []


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ({n: each for n, each in COMPLAINTS.items() if n != 7}, "complaint 7 is missing"),
        ({**COMPLAINTS, 7: Complaint("victims", "too late", ())}, "complaint 7 has no test"),
        ({**COMPLAINTS, 7: Complaint("x", "y", (f"{_HANDS}::x",))}, f"complaint 7: there is no test {_HANDS}::x"),
        ({**COMPLAINTS, 7: Complaint("x", "y", ("gone.py::test_x",))}, "complaint 7: there is no test gone.py::test_x"),
    ],
)  # fmt: skip
def test_a_complaint_that_nobody_answers_is_found(planted: Mapping[int, Complaint], said: str) -> None:
    assert unanswered(planted, TESTS) == [said]


def test_the_hazard_log_names_the_tests_of_each_complaint() -> None:
    text = (TESTS.parent / "docs" / "safety" / "hazard-log.md").read_text("utf-8")
    rows = {line.split("|")[1].strip(): line for line in text.splitlines() if line.startswith("| E")}
    for number, complaint in COMPLAINTS.items():
        missing = [each for each in complaint.answered_by if f"`{each}`" not in rows.get(f"E{number}", "")]
        assert not missing, f"row E{number} of the hazard log does not name {missing}"
