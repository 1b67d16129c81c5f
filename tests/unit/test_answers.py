"""What people write into a form, and what the tables may make of it."""

from __future__ import annotations

import pytest

from plain_triage import column
from safehands.core.answers import code_of, read_answer, read_answers
from safehands.core.pathway import Band, Choice, Input, Pathway, Question, QuestionKind
from safehands.errors import BadInput
from safehands.pathways.load import load

LIFE = Question(
    "Q6", "life", "Is life at risk?", QuestionKind.CHOICE, (Choice("none", "None"), Choice("act", "Acting", ("now",)))
)
WEAPON = Question(
    "Q5w", "weapon", "A weapon?", QuestionKind.CHOICE, (Choice("no", "No", ("0",)), Choice("yes", "Yes", ("1",)))
)
AGE = Question("Q4", "child", "How old?", QuestionKind.NUMBER, (Choice("adult", "Adult"),))
COUNT = Question("Q20", "repeat", "How many?", QuestionKind.NUMBER)
SIGNS = Question(
    "Q11",
    "ind",
    "Which?",
    QuestionKind.MULTI,
    (Choice("none", "None"), Choice("pet", "A pet"), Choice("gas", "Gas", ("smell",))),
)
SEEN = Question("Q9", "last", "When?", QuestionKind.INSTANT)
WORDS = Question("Q99", "words", "What?", QuestionKind.TEXT)


@pytest.fixture(scope="module")
def right_care() -> Pathway:
    return load("right-care")


@pytest.mark.parametrize("question", [LIFE, WEAPON, AGE, COUNT, SIGNS, SEEN, WORDS])
def test_nobody_answered(question: Question) -> None:
    assert [read_answer(question, raw) for raw in ("unknown", "declined", "refused", "not_asked", None)] == [
        "unknown", "declined", "declined", "not_asked", "not_asked",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "raw", "read"),
    [
        (LIFE, "act", "act"),
        (LIFE, " now ", "act"),
        (WEAPON, True, "yes"),
        (WEAPON, 0, "no"),
        (WEAPON, "1", "yes"),
        (AGE, 17, 17),
        (AGE, "17", 17),
        (AGE, "adult", "adult"),
        (COUNT, True, 1),
        (SIGNS, [], ()),
        (SIGNS, ["smell", "gas", "pet"], ("gas", "pet")),
        (SIGNS, {"pet", "gas"}, ("gas", "pet")),
        (SIGNS, "pet", ("pet",)),
        (SIGNS, 2, 2),
        (SIGNS, "2", 2),
        (SIGNS, ["refused"], "declined"),
        (SEEN, "2026-01-31T15:46:00+00:00", "2026-01-31T15:46:00+00:00"),
        (WORDS, "I need to jump", "I need to jump"),
    ],
)
def test_ways_to_write_one_answer(question: Question, raw: object, read: object) -> None:
    assert read_answer(question, raw) == read


@pytest.mark.parametrize(
    ("question", "raw", "said"),
    [
        (LIFE, "maybe", "Q6 (life): 'maybe' is not an answer; give one of: none, act, unknown, declined, not_asked"),
        (LIFE, ["act"], "give one of"),
        (LIFE, 3.5, "give one of"),
        (AGE, True, "give a whole number, or give one of: adult"),
        (COUNT, "often", "give a whole number"),
        (COUNT, -1.5, "give a whole number"),
        (SIGNS, ["pet", "ghost"], "'ghost' is not an answer"),
        (SIGNS, ["pet", "unknown"], "'unknown' is not an answer"),
        (SIGNS, -1, "give a list of codes, or how many apply"),
        (SIGNS, "often", "give a list of codes, or how many apply"),
        (SEEN, 5, "give a date and time with its offset"),
        (SEEN, "yesterday", "give a date and time with its offset"),
        (SEEN, "2026-01-31T15:46:00", "give a date and time with its offset"),
        (WORDS, 5, "give it as text"),
        (LIFE, "x" * 200, "..."),
    ],
)
def test_what_cannot_be_read_is_said_and_never_guessed(question: Question, raw: object, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_answer(question, raw)
    assert said in caught.value.faults[0]
    assert len(caught.value.faults[0]) < 250


def test_a_tired_person_gets_every_answer_wrong_at_once(right_care: Pathway) -> None:
    answers = {"Q6": "perhaps", "life": "act", "Q77": 1, "child": 400, "Q20": -2, "harm": "yes", "Q7": "no"}
    with pytest.raises(BadInput) as caught:
        read_answers(right_care, answers)
    assert caught.value.faults == (
        "Q6 (life): 'perhaps' is not an answer; give one of: none, ideation, intent, act, unknown, declined, not_asked",
        "Q77: the pathway right-care has no question with this id or name",
        "Q4 (child): 400 is outside what can be right; give a whole number from 0 to 130",
        "Q20 (repeat): -2 is outside what can be right; give a whole number from 0 to any",
        "Q7 (harm): answered twice in one record; send one answer",
    )


def test_answers_that_no_table_reads_are_read_all_the_same(right_care: Pathway) -> None:
    assert read_answers(right_care, {"Q1": "999", "amb": "late"}) == {"Q1": "999", "Q21": "late"}


def test_the_worst_code_of_several_counts() -> None:
    rave = Input(
        "rave", "Q18", ("no", "unknown", "yes"), mapping={"no": "no", "violence": "yes"}, bands=(Band("no", 0, 0),)
    )
    assert code_of(rave, ("no", "violence")) == "yes"
    assert code_of(rave, ()) == "no"
    assert code_of(rave, "declined") == "unknown"


def test_a_number_where_there_are_no_bands_or_open_ones() -> None:
    with pytest.raises(BadInput, match="this question takes no number"):
        code_of(column("life", "none", "act", "unknown"), 3)
    below = Input("x", "Q1", ("low", "unknown"), bands=(Band("low", None, 3),))
    assert code_of(below, -50) == "low"
    with pytest.raises(BadInput, match="from any to 3"):
        code_of(below, 4)
