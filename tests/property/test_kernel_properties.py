"""Round trips and folds: every event through the codec, every cut of a history through a snapshot, clocks through the
year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safehands import codec
from safehands.core import commands as c
from safehands.core.calendar import Calendar, add_civil_days, add_working_days
from safehands.core.events import EVENT_CLASSES, Entry, Envelope
from safehands.core.evolve import fold
from safehands.core.vocabulary import Answer, Contact
from scenario import CALM, PACK, Story, alone, person

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds are naive

st.register_type_strategy(str, TEXTS)
st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(int, st.integers(-(2**53), 2**53))


def whole(kind: type) -> st.SearchStrategy[Any]:
    """Values of a frozen class with every field drawn, those with defaults too."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: drawn(hints[field.name]) for field in fields(kind)})


def drawn(hint: Any) -> st.SearchStrategy[Any]:
    """Values of one field; a mapping is a plain dictionary."""
    return st.dictionaries(TEXTS, TEXTS, max_size=3) if get_origin(hint) is Mapping else st.from_type(hint)


for nested in (Answer, Contact):
    st.register_type_strategy(nested, whole(nested))


@pytest.mark.parametrize("kind", EVENT_CLASSES, ids=lambda kind: kind.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_an_entry_reads_back_as_it_was_written(kind: type, data: st.DataObject) -> None:
    entry = Entry(data.draw(whole(Envelope)), data.draw(whole(kind)))
    stored = codec.encode(entry)
    assert codec.decode(stored) == entry
    assert codec.encode(codec.decode(stored)) == stored


def long_story() -> Story:
    """A case through most of what can happen to one."""
    pol, sergeant, amb, frs = (
        person("POL"),
        person("POL", "supervisor"),
        person("AMB", "dispatcher"),
        person("FRS", "desk"),
    )
    story = alone().at("10:00").opens(pol, said=CALM, phone="1")
    story.does(pol, c.Conclude())
    story.does(pol, c.DropContact("case-caller"))
    story.does(pol, c.MakeCallBack("case-caller", reached=True))
    story.at("10:05").joins(pol, "mother", said={"view": "yes", "entry": "forced"}, phone="1")
    story.does(pol, c.IdentifyParty("p1", "subject", phone="07700900001"))
    story.decides(pol, 4)
    story.tells(pol, attending="yes")
    story.offers(pol, "FRS", "entry", task="entry")
    story.accepts(frs)
    story.offers(pol, "AMB", "ambulance", pack={})
    story.does(amb, c.CompletePack(story.offer("AMB").offer, PACK))
    story.at("10:12").accepts(amb)
    story.does(amb, c.SetKeeper("amb-3"))
    story.lowers(pol, 2, sergeant)
    story.at("10:40").does(frs, c.RecordArrival("pump-1", "FRS"))
    story.does(frs, c.CompleteTask(story.task("entry").task, "in through the window"))
    story.does(frs, c.RecordRelease("pump-1"))
    story.sees(amb)
    story.tells(amb, attending="no")
    story.tells(amb, "mother", attending="no")
    story.closes(amb)
    story.at("11:30").joins(pol, "neighbour", said={"harm": "yes"})
    story.at("12:30")
    story.check_sound()
    return story


LONG = long_story()


@given(cut=st.integers(1, len(LONG.engine.entries("case"))))
def test_a_snapshot_and_its_tail_are_the_whole(cut: int) -> None:
    entries = LONG.engine.entries("case")
    snapshot = codec.decode_case(codec.encode_case(fold(entries[:cut])))
    assert fold(entries[cut:], snapshot) == fold(entries) == LONG.case


CALENDAR = Calendar("england", "Europe/London", frozenset({date(2026, 12, 25), date(2026, 12, 28)}), date(2027, 1, 31))
YEAR = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 20), timezones=st.just(UTC))  # noqa: DTZ001  # bounds are naive


@given(start=YEAR, days=st.integers(0, 30))
def test_civil_days_end_at_a_local_midnight(start: datetime, days: int) -> None:
    end = add_civil_days(CALENDAR, start, days)
    assert CALENDAR.local_day(end) == CALENDAR.local_day(start) + timedelta(days=days + 1)
    assert CALENDAR.local_day(end - timedelta(microseconds=1)) == CALENDAR.local_day(start) + timedelta(days=days)


@given(start=YEAR, days=st.integers(1, 30))
def test_working_days_are_counted_one_by_one_or_not_at_all(start: datetime, days: int) -> None:
    end = add_working_days(CALENDAR, start, days)
    first = CALENDAR.local_day(start)
    listed = [first + timedelta(days=n) for n in range(1, 400)]
    working = [day for day in listed if day <= CALENDAR.known_until and CALENDAR.is_working_day(day)]
    if end is None:
        assert len(working) < days
    else:
        assert end == CALENDAR.end_of_day(working[days - 1])
