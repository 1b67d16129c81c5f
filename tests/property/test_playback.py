"""What of a recording was played, against the slow way: the set of its milliseconds."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from safehands.core.records.vocabulary import Mode
from safehands.files.playback import FASTEST, SLACK, Beat, Span, coverage, merged, mode_of, percent, played

SPANS = st.lists(st.builds(Span, st.integers(-20, 400), st.integers(-20, 400)), max_size=12)


def milliseconds(spans: list[Span]) -> set[int]:
    return {at for span in spans for at in range(max(span.start, 0), span.end)}


@given(SPANS)
def test_merging_keeps_every_millisecond_and_adds_none(spans: list[Span]) -> None:
    found = list(merged(spans))
    assert milliseconds(found) == milliseconds(spans)
    assert all(one.end < other.start for one, other in pairwise(found))
    assert list(merged(found)) == found


@given(SPANS, st.randoms())
def test_the_order_of_watching_does_not_matter(spans: list[Span], chance: object) -> None:
    shuffled = sorted(spans, key=lambda _: chance.random())  # type: ignore[attr-defined] # hypothesis' own random
    assert merged(shuffled) == merged(spans)


@given(SPANS, SPANS, st.integers(1, 400))
def test_watching_more_is_never_less(spans: list[Span], more: list[Span], length: int) -> None:
    assert percent(spans, length) <= percent(spans + more, length)


@given(SPANS, st.integers(1, 400))
def test_the_share_is_never_rounded_up(spans: list[Span], length: int) -> None:
    seen = len({at for at in milliseconds(spans) if at < length})
    said = percent(spans, length)
    assert said in (0, 1, 100) or said <= seen * 100 / length
    assert (said == 0) == (seen == 0)
    assert (said == 100) == (seen > 0 and length - seen <= min(SLACK, length // 20))


@given(st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 3_600_000)), min_size=2, max_size=20))
def test_no_beat_counts_more_than_there_was_time_for(beats: list[tuple[int, int]]) -> None:
    clock, sent = 0, []
    for passed, position in beats:
        clock += passed
        sent.append(Beat(clock, position))
    total = sum(span.end - span.start for span in played(sent))
    assert total <= clock * FASTEST + SLACK * len(sent)


def test_a_jump_to_the_end_is_not_watching() -> None:
    assert played([Beat(0, 0), Beat(1_000, 1_000), Beat(2_000, 2_400_000), Beat(3_000, 2_401_000)]) == (
        Span(0, 1_000),
        Span(2_400_000, 2_401_000),
    )


def test_standing_still_and_going_back_add_nothing() -> None:
    assert played([Beat(0, 5_000), Beat(60_000, 5_000), Beat(61_000, 0)]) == ()


def test_a_second_here_and_there_is_not_the_whole() -> None:
    every_other = [Span(at, at + 1_000) for at in range(0, 600_000, 2_000)]
    assert percent(every_other, 600_000) == 50


def test_all_but_the_last_half_second_is_the_whole() -> None:
    spans = played([Beat(at, at) for at in range(0, 60_001, 5_000)])
    found = coverage(spans, 60_400)
    assert found is not None
    assert (found.start, found.end, found.percent) == (0, 60, 100)
    assert mode_of(found) is Mode.VIEWED_FULL
    assert mode_of(found, sound_only=True) is Mode.LISTENED_FULL


def test_one_moment_is_a_part_and_nothing_is_not_seen() -> None:
    found = coverage([Span(10_000, 10_500)], 3_600_000)
    assert found is not None
    assert (found.start, found.end, found.percent) == (10, 11, 1)
    assert mode_of(found) is Mode.VIEWED_PART
    assert coverage([Span(7, 7)], 1_000) is None
    assert mode_of(None) is Mode.NOT_SEEN
    assert percent([Span(0, 10)], 0) == 0
