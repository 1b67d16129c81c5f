"""A case told for a page: its lines with the entries behind them, every instant left as a mark that the page turns
into the time of London."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from safehands import codec
from safehands.core import events as e
from safehands.core.events import Entry
from safehands.core.vocabulary import Actor, PathwayRef
from safehands.desk.apps import kernel
from safehands.errors import NotFound
from safehands.service.moments import moments_written
from safehands.service.story import Line, story_of_stored

#: Around an instant in a sentence: two signs that nobody can type by accident.
OPENS, SHUTS = "\ue000", "\ue001"
MARKED: Final = re.compile(f"{OPENS}([^{SHUTS}]*){SHUTS}")

#: An instant as refusals write it.
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)")


@dataclass(frozen=True, slots=True)
class Told:
    """A case's lines in order, and its readable entries by version."""

    lines: tuple[Line, ...]
    entries: Mapping[int, Entry]

    def since(self, version: int) -> tuple[Line, ...]:
        """What was written after ``version``."""
        return tuple(line for line in self.lines if line.version > version)


@dataclass(frozen=True, slots=True)
class Happening:
    """What one command brought about: its first line, and what followed from it."""

    lead: Line
    rest: tuple[Line, ...]


def told_of(case_id: str, *, agency: str | None) -> Told:
    """Every entry of a case as ``agency`` may read it. Raises ``NotFound``."""
    service = kernel()
    stored = service.store.entries(f"case/{case_id}", agency=agency)
    if not stored:
        raise NotFound(_("There is no such case, or your agency has no standing in it."))
    entries = {each.version: codec.decode(each.entry) for each in stored if each.entry is not None}
    under = next((entry.envelope.under for entry in entries.values() if entry.envelope.under is not None), None)
    with moments_written(marked):
        lines = story_of_stored(stored, entries, service.catalogue.by_ref(under) if under is not None else None)
    return Told(lines, entries)


def marked(at: datetime) -> str:
    """An instant between its two marks."""
    return f"{OPENS}{at.isoformat()}{SHUTS}"


def told_together(lines: tuple[Line, ...]) -> tuple[Happening, ...]:
    """Lines that were written together stand together; the newest happening first."""
    groups = [tuple(group) for _, group in groupby(lines, key=lambda line: line.because or line.version)]
    return tuple(Happening(group[0], group[1:]) for group in reversed(groups))


def in_london(sentence: str) -> str:
    """A refusal's sentence with its instants in the time of London."""
    return _ISO.sub(lambda found: f"{timezone.localtime(datetime.fromisoformat(found[0])):%-d %b %H:%M:%S}", sentence)


@dataclass(frozen=True, slots=True)
class Rests:
    """A decision and everything that it rests on, as of its moment.

    ``advice`` is what the tables had said last, ``under`` the version of the pathway that said it. ``told`` is what
    people were told from then until the next decision.
    """

    made: e.DecisionMade | e.DecisionRaised | e.DecisionLowered
    by: Actor
    at: datetime
    learned: datetime
    under: PathwayRef | None
    advice: e.TriageConcluded | None
    told: tuple[e.CallerTold, ...]

    @property
    def form(self) -> Mapping[str, str]:
        """What was filled in."""
        return {} if isinstance(self.made, e.DecisionRaised) else self.made.form

    @property
    def history(self) -> tuple[str, ...]:
        """What of earlier was on the screen."""
        return () if isinstance(self.made, e.DecisionRaised) else self.made.history_shown

    @property
    def how(self) -> str:
        """``decided``, ``raised`` or ``lowered``."""
        match self.made:
            case e.DecisionMade():
                return "decided"
            case e.DecisionRaised():
                return "raised"
            case e.DecisionLowered():
                return "lowered"


def decisions_of(entries: Mapping[int, Entry]) -> tuple[Rests, ...]:
    """Every decision of a case with what it rests on, the newest first."""
    found: list[Rests] = []
    advice: e.TriageConcluded | None = None
    told: list[list[e.CallerTold]] = []
    for _version, entry in sorted(entries.items()):
        match entry.event:
            case e.TriageConcluded() as concluded:
                advice = concluded
            case e.CallerTold() as said if told:
                told[-1].append(said)
            case e.DecisionMade() | e.DecisionRaised() | e.DecisionLowered() as made:
                envelope = entry.envelope
                told.append([])
                found.append(
                    Rests(made, envelope.by, envelope.happened_at, envelope.recorded_at, envelope.under, advice, ())
                )
            case _:
                pass
    return tuple(
        Rests(each.made, each.by, each.at, each.learned, each.under, each.advice, tuple(said))
        for each, said in zip(reversed(found), reversed(told), strict=True)
    )
