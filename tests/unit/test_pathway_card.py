"""The paper card says all that the pathway declares, and nothing that it does not."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from safehands.pathways.card import WIDTH, Ask, Note, Rule, as_html, as_text, card_of, length_in_words
from scenario import right_care

PATHWAY = right_care()
CARD = card_of(PATHWAY)


class Reader(HTMLParser):
    """Reads the page as a browser would: its text, its tags, and whatever would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.fetched: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.fetched += [value for name, value in attrs if name in ("src", "href", "srcset")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_nothing_is_missing_from_the_card() -> None:
    flat = " ".join(as_text(CARD).split())
    reader = Reader()
    reader.feed(as_html(CARD))
    page = " ".join(" ".join(reader.text).split())
    named = [
        *(question.text for question in PATHWAY.questions),
        *(choice.label for question in PATHWAY.questions for choice in question.choices),
        *(row.id for table in PATHWAY.tables for row in table.rows),
        *(row.says for table in PATHWAY.tables for row in table.rows),
        *(each.label for each in PATHWAY.classes),
        *(clock.label for clock in PATHWAY.clocks),
        *(field.label for pack in PATHWAY.packs for field in pack.fields),
        *(field.label for field in PATHWAY.decision_form),
    ]
    for words in named:
        # A long sentence goes over several lines of the plain card, with its mark before them.
        assert " ".join(words.split()) in flat, words
        assert " ".join(words.split()) in page, words


def test_the_questions_stand_in_the_order_in_which_they_are_asked() -> None:
    asked = next(section for section in CARD.sections if section.heading.startswith("2."))
    labels = [item.label for item in asked.items if isinstance(item, Ask)]
    assert [label.split()[0] for label in labels] == [question.id for question in PATHWAY.questions]
    assert all(
        ("*" in label.split()[1]) == question.must_ask
        for label, question in zip(labels, PATHWAY.questions, strict=True)
    )


def test_unknown_can_be_ticked_at_every_question() -> None:
    asked = next(section for section in CARD.sections if section.heading.startswith("2."))
    assert all(item.boxes[-3:] == ("Unknown", "Declined", "Not asked") for item in asked.items if isinstance(item, Ask))


def test_each_row_says_when_and_what_then() -> None:
    rows = [row for table in PATHWAY.tables for row in table.rows]
    shown = [
        item
        for section in CARD.sections
        if section.heading.startswith("3.")
        for item in section.items
        if isinstance(item, Rule)
    ]
    assert len(shown) == len(rows)
    for row, rule in zip(rows, shown, strict=True):
        assert len(rule.when) == max(1, len(row.when))
        assert rule.then[0].startswith(f"Class {row.outcome}:")


def test_a_time_that_nobody_signed_off_says_so() -> None:
    clocks = next(section for section in CARD.sections if section.heading.startswith("5."))
    told = [any("default" in each for each in item.then) for item in clocks.items if isinstance(item, Rule)]
    assert told == [not clock.verified for clock in PATHWAY.clocks]


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    reader = Reader()
    reader.feed(as_html(CARD))
    assert reader.fetched == []
    assert reader.open == []
    assert not reader.tags & {"script", "link", "img", "iframe", "object"}
    assert "size: A4" in as_html(CARD)


def test_no_line_runs_off_the_paper() -> None:
    assert max(map(len, as_text(CARD).splitlines())) <= WIDTH + 30  # one row's id and policy may go over
    assert all(len(line) <= WIDTH for line in as_text(CARD).splitlines() if not line.endswith(")"))


def test_the_card_names_its_version() -> None:
    assert PATHWAY.ref.digest[:16] in as_text(CARD)
    assert isinstance(CARD.sections[0].items[0], Note)


@pytest.mark.parametrize(
    ("length", "words"), [(86400, "24 h"), (300, "5 min"), (90, "90 s"), (5400, "90 min"), (0, "0 s")]
)
def test_lengths_as_people_say_them(length: int, words: str) -> None:
    assert length_in_words(timedelta(seconds=length)) == words
