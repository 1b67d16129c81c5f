"""What was learned later reads as plain sentences."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from safehands.core import events as e
from safehands.service.sentences_between import afterwards

AT = datetime(2026, 2, 3, 10, tzinfo=UTC)
SAMPLE = e.SampleDrawn("right-care", "2026-02-01", "2026-02-02", "0.5", "seed", 2, (e.SampledDecision("c", "d", AT),))


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (
            e.OutcomeRecorded("o", "none_found", "none", AT, "the GP"),
            "Somebody looked: until 3 February 2026 10:00:00 nothing",
        ),
        (
            e.OutcomeRecorded("o", "self_harm", "serious", AT, "the ward"),
            "self harm (serious) at 3 February 2026 10:00:00. Said by the ward.",
        ),
        (e.ComplaintLinked("CO/1", AT), "The complaint CO/1, received 3 February 2026 10:00:00, is about this case."),
        (e.ComplaintLinked("CO/1", AT, "d"), "about the decision d."),
        (
            SAMPLE,
            "1 of 2 decisions of 2026-02-01 to 2026-02-02 were drawn, at a rate of 0.5 with the seed seed.",
        ),
    ],
)
def test_a_family_reads_what_became_of_it(
    event: e.OutcomeRecorded | e.ComplaintLinked | e.SampleDrawn, words: str
) -> None:
    assert words in afterwards(event)
