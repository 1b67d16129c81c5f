"""R17: Nobody can tell what it rested on."""

from __future__ import annotations

from material_builder import CPS, Book
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v


def test_recorded_and_high_while_it_is_under_review() -> None:
    book = Book().decided("D0", basis_known=False).decided("D1")
    assert book.says("R17") == {"D0": "a4"}
    book.add(e.ReviewOpened("W1", "D0", v.ReviewTrigger.INQUIRY, "P4", CPS))
    assert book.says("R17") == {"D0": "b2"}
    book.add(e.ReviewConcluded("W1", v.ReviewOutcome.UPHELD, "reasons"))
    assert book.says("R17") == {"D0": "a4"}


def test_a_review_that_a_victim_asked_for() -> None:
    book = Book().decided("D0", basis_known=False)
    book.add(e.VictimReviewRequested("V1", "D0", v.Scheme.CPS, "victim", book.today, qualifying=False))
    assert book.says("R17") == {"D0": "b2"}
    book.add(e.VictimReviewMoved("V1", "closed"))
    assert book.says("R17") == {"D0": "a4"}
