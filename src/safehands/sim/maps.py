"""Maps: how a dispatch export is read. A map is a TOML file that says what each column means, and what makes a row
unbelievable.

Shipped maps lie in ``sim/maps``; anybody can write one for their own export
(``docs/how-to/map-your-own-dispatch-export.md``). What a map does not say, a replay does not know: it stays unknown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from safehands.core.vocabulary import UNKNOWN, Value
from safehands.errors import BadInput, NotFound
from safehands.pathways.section import Section

#: Instants that a replay acts on, in the order in which they come where two of them are at one time.
RECEIVED: Final = "received"
OFFERED: Final = "offered"
ACCEPTED: Final = "accepted"
ARRIVED: Final = "arrived"
SEEN: Final = "seen"
RELEASED: Final = "released"
FIRST_CLOSED: Final = "first_closed"
REOPENED: Final = "reopened"
CLOSED: Final = "closed"

#: How a map writes "RFC 3339 or ISO 8601, as Python reads it" in its list of formats.
ISO: Final = "iso"


@dataclass(frozen=True, slots=True)
class TooLong:
    """No more than ``length`` may lie between two instants of a row."""

    start: str
    end: str
    length: timedelta


@dataclass(frozen=True, slots=True)
class Matter:
    """What a wording in the export says about a person's health or welfare.

    ``like`` are patterns (``*`` stands for anything), compared without regard to case. ``answers`` go by question id; a
    question that is not named stays unknown.
    """

    like: tuple[str, ...]
    answers: Mapping[str, Value]

    def fits(self, wording: str) -> bool:
        """Whether one of the patterns is this wording."""
        return any(fnmatchcase(wording, pattern) for pattern in self.like)


@dataclass(frozen=True, slots=True)
class OnlyWhere:
    """An instant counts only where a column has one of these values."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplayMap:
    """A map, read and checked.

    ``instants`` gives each instant the columns it is taken from, the first that is filled. ``order`` lists pairs of
    which the second may not lie before the first. ``agencies`` sends what stands in ``agency_column`` to an agency's
    code; without a column every row is of ``agency``; without either nobody is offered anything. ``zone`` is the zone
    of times that carry none. ``placeholder`` is how a time ends that stands where nobody recorded one: a row in which
    every time ends so tells no time. ``only_where`` says for an instant when its column can be believed.
    """

    name: str
    title: str
    source: str
    pathway: str
    other_pathway: str
    receiver: str
    zone: ZoneInfo
    formats: tuple[str, ...]
    placeholder: str | None
    id_columns: tuple[str, ...]
    channel_column: str | None
    agency_column: str | None
    agency: str | None
    agencies: Mapping[str, str]
    instants: Mapping[str, tuple[str, ...]]
    only_where: Mapping[str, OnlyWhere]
    order: tuple[tuple[str, str], ...]
    too_long: tuple[TooLong, ...]
    matter_columns: tuple[str, ...]
    everything_matters: bool
    words_go_to: str
    matters: tuple[Matter, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the map reads, each once."""
        named = [
            *self.id_columns,
            *(column for columns in self.instants.values() for column in columns),
            *(column for column in (self.channel_column, self.agency_column) if column is not None),
            *(condition.column for condition in self.only_where.values()),
            *self.matter_columns,
        ]
        return tuple(dict.fromkeys(named))

    @property
    def pathways(self) -> tuple[str, ...]:
        """The pathways that a replay by this map needs."""
        return tuple(dict.fromkeys((self.pathway, self.other_pathway)))

    def meaning(self, wordings: tuple[str, ...]) -> Mapping[str, Value] | None:
        """What a row's wordings say about a person: answers by question id, or None where they are no health or welfare
        matter.

        Each wording is read by the first matter that fits it; where two wordings answer one question, the first of them
        counts.
        """
        answers: dict[str, Value] = {}
        found = self.everything_matters
        for wording in wordings:
            matter = self._matter(wording.strip().upper()) if wording.strip() else None
            if matter is not None:
                found = True
                answers = {**matter.answers, **answers}
        return answers if found else None

    def _matter(self, wording: str) -> Matter | None:
        return next((matter for matter in self.matters if matter.fits(wording)), None)


def shipped() -> tuple[str, ...]:
    """The names of the maps that come with Safehands."""
    folder = resources.files("safehands.sim").joinpath("maps")
    return tuple(sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")))


def load(name_or_path: str | Path) -> ReplayMap:
    """A shipped map by its name, or any by its path. Raises ``NotFound``, or ``BadInput`` that names every fault at
    once."""
    if isinstance(name_or_path, str) and name_or_path in shipped():
        place = resources.files("safehands.sim").joinpath("maps", f"{name_or_path}.toml")
        return parse(place.read_text(encoding="utf-8"), f"{name_or_path}.toml")
    path = Path(name_or_path)
    if not path.is_file():
        known = ", ".join(shipped())
        raise NotFound(
            f"There is no map {str(name_or_path)!r}. The shipped ones are {known}; or give the path of your own."
        )
    return parse(path.read_text(encoding="utf-8"), path.name)


def parse(text: str, file: str) -> ReplayMap:
    """The map that ``text`` declares; ``file`` is what faults call it. Raises ``BadInput`` with every fault."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as bad:
        raise BadInput([f"{file}: this is not TOML: {bad}"]) from None
    faults: list[str] = []
    whole = Section(values, file, faults)
    read = _read(whole)
    if not faults:
        faults.extend(f"{file}: {fault}" for fault in _faults_of(read))
    if faults:
        raise BadInput(faults)
    return read


def _read(whole: Section) -> ReplayMap:
    rows, agency = whole.section("row", "row"), _maybe_section(whole, "agency")
    instants = whole.section("instants", "instants")
    matter = whole.section("matter", "matter")
    pathway = whole.text("pathway")
    read = ReplayMap(
        name=whole.text("map"),
        title=whole.text("title"),
        source=whole.text("source", ""),
        pathway=pathway,
        other_pathway=whole.text("other_pathway", pathway),
        receiver=whole.text("receiver"),
        zone=_zone(whole),
        formats=whole.texts("formats", None),
        placeholder=_maybe_text(whole, "placeholder"),
        id_columns=rows.texts("id", None),
        channel_column=_maybe_text(rows, "channel"),
        agency_column=_maybe_text(agency, "column"),
        agency=_maybe_text(agency, "is"),
        agencies=agency.mapping("codes"),
        instants={name: instants.texts(name) for name in instants.names},
        only_where=dict(_only_where(each) for each in whole.sections("only_where", "instant")),
        order=_order(whole),
        too_long=tuple(_too_long(each) for each in whole.sections("too_long", "to")),
        matter_columns=matter.texts("columns"),
        everything_matters=matter.flag("everything", default=False),
        words_go_to=matter.text("words_go_to"),
        matters=tuple(_matter(each) for each in matter.sections("says", "like")),
    )
    for section in (rows, agency, instants, matter, whole):
        section.finish()
    return read


def _maybe_section(whole: Section, key: str) -> Section:
    return whole.section(key, key) if whole.has(key) else Section({}, f"{whole.place}: {key}", whole.faults)


def _maybe_text(section: Section, key: str) -> str | None:
    return section.text(key) if section.has(key) else None


def _zone(whole: Section) -> ZoneInfo:
    name = whole.text("zone")
    try:
        return _known_zone(name or "UTC")
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError on some builds: see _known_zone
        whole.fault(f"zone: there is no time zone {name!r}")
        return _known_zone("UTC")


@cache
def _known_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except KeyError as unknown:
        raise ValueError(name) from unknown


def _order(whole: Section) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for written in whole.texts("order"):
        names = tuple(name.strip() for name in written.split("<="))
        if len(names) < 2:
            whole.fault(f"order: write {written!r} as 'received <= offered'")
        pairs.extend(pairwise(names))
    return tuple(pairs)


def _too_long(section: Section) -> TooLong:
    read = TooLong(section.text("from"), section.text("to"), section.length("length"))
    section.finish()
    return read


def _only_where(section: Section) -> tuple[str, OnlyWhere]:
    read = OnlyWhere(section.text("column"), section.texts("is", None))
    instant = section.text("instant")
    section.finish()
    return instant, read


def _matter(section: Section) -> Matter:
    read = Matter(
        like=tuple(pattern.upper() for pattern in section.texts("like", None)),
        answers={
            question: _value(section, question, value)
            for question, value in (section.anything("answers") if section.has("answers") else {}).items()
        },
    )
    section.finish()
    return read


def _value(section: Section, question: str, value: object) -> Value:
    if isinstance(value, list) and all(isinstance(code, str) for code in value):
        return tuple(value)
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return value
    section.fault(f"answers: {question} must be a text, a whole number or a list of texts, not {value!r}")
    return UNKNOWN


def _faults_of(read: ReplayMap) -> list[str]:
    """What refers to what: instants that are used have columns, and an acceptance has an offer and somebody to make it
    to."""
    faults = []
    if RECEIVED not in read.instants:
        faults.append(f"instants: {RECEIVED} is missing: a case needs its first second")
    if ACCEPTED in read.instants and OFFERED not in read.instants:
        faults.append(f"instants: {ACCEPTED} needs {OFFERED}: nothing can be accepted that nobody offered")
    if OFFERED in read.instants and read.agency is None and read.agency_column is None:
        faults.append(f"agency: {OFFERED} needs an agency that is offered the case: give its column and codes, or 'is'")
    if read.agency is not None and read.agency_column is not None:
        faults.append("agency: give either 'is' or a column with codes, not both")
    if read.agency_column is not None and not read.agencies:
        faults.append("agency: a column needs codes: what stands in it, and which agency that is")
    if REOPENED in read.instants and FIRST_CLOSED not in read.instants:
        faults.append(f"instants: {REOPENED} needs {FIRST_CLOSED}")
    if not read.id_columns or not read.formats:
        faults.append("row and formats: a map needs the columns of the id, and at least one format of time")
    if not read.everything_matters and not read.matter_columns:
        faults.append("matter: name the columns that say what an incident is about, or say everything = true")
    used = {name for pair in read.order for name in pair} | set(read.only_where)
    used |= {name for each in read.too_long for name in (each.start, each.end)}
    faults.extend(
        f"order, too_long, only_where: there is no instant {name!r}" for name in sorted(used - set(read.instants))
    )
    return faults
