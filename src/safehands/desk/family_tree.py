"""What a record was made from and what was made from it, laid out so that a person can read it: boxes in rows, sources
above, and every line of the picture also as a sentence.

Pure: a reading of a material and what the reader may see go in, places in a picture come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _

from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.material import Fact
from safehands.core.records.reading import Reading
from safehands.desk.words_of_evidence import KINDS, METHODS, SOURCES, VERIFIED, said, when_of

BOX_WIDTH: Final = 224
BOX_HEIGHT: Final = 74
GAP: Final = 108
ROW: Final = 164
MARGIN: Final = 16
#: How many records a picture holds; the list holds every one.
MOST: Final = 40
#: About how many letters fit into a box.
LETTERS: Final = 27


class Sight(StrEnum):
    """How much of a record the reader may see."""

    FULL = "full"
    STUB = "stub"
    HIDDEN = "hidden"


class Line(StrEnum):
    """What a line of the picture is."""

    LOSSLESS = "lossless"
    LOSSY = "lossy"
    SAME = "same"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Box:
    """One record, or (``hollow``) a source that nobody registered. ``rows`` are the lines written in it."""

    record: str
    name: str
    rows: tuple[str, ...]
    x: float
    y: float
    hollow: bool = False
    stub: bool = False
    here: bool = False

    @property
    def middle(self) -> float:
        """Where its text is centred."""
        return self.x + BOX_WIDTH / 2

    @property
    def name_y(self) -> float:
        """The line that its name stands on."""
        return self.y + 24

    @property
    def lines(self) -> tuple[tuple[str, float], ...]:
        """What is written in it, and where."""
        return tuple((row, self.y + 44 + 18 * n) for n, row in enumerate(self.rows))


@dataclass(frozen=True, slots=True)
class Edge:
    """One line: from the source (``x1``, ``y1``) to what was made of it, with its words and its sentence."""

    line: Line
    x1: float
    y1: float
    x2: float
    y2: float
    label: str
    mark: str
    sentence: str

    @property
    def at(self) -> tuple[float, float]:
        """Where its words stand: nearer to what was made, where lines from one source have parted."""
        part = 0.5 if self.y1 == self.y2 else 0.66
        return self.x1 + (self.x2 - self.x1) * part, self.y1 + (self.y2 - self.y1) * 0.5

    @property
    def label_y(self) -> float:
        """The line that its words stand on."""
        return self.at[1] - (6 if self.y1 == self.y2 or self.mark else -4)

    @property
    def mark_y(self) -> float:
        """The line that its mark stands on."""
        return self.at[1] + 14


@dataclass(frozen=True, slots=True)
class Tree:
    """The picture. ``left_out`` records are in the family and not drawn."""

    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    width: float
    height: float
    left_out: int = 0

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same content in words."""
        return tuple(edge.sentence for edge in self.edges)


@dataclass(frozen=True, slots=True)
class _Link:
    line: Line
    upper: str
    lower: str
    label: str
    mark: str
    sentence: str


See = Callable[[str], Sight]


def tree_of(reading: Reading, record: str, see: See) -> Tree:
    """The family of ``record``: everything that derivations and records of one event join to it."""
    family = tuple(_family(reading, record, see))
    drawn = family[:MOST]
    links = tuple(_links(reading, drawn, see))
    rows = _rows(drawn, links)
    most = max(len(row) for row in rows)
    width = 2 * MARGIN + most * BOX_WIDTH + (most - 1) * GAP
    boxes: dict[str, Box] = {}
    for depth, row in enumerate(rows):
        ordered = sorted(row, key=lambda name: (_pull(name, links, boxes, width), row.index(name)))
        taken = len(row) * BOX_WIDTH + (len(row) - 1) * GAP
        for n, name in enumerate(ordered):
            x = (width - taken) / 2 + n * (BOX_WIDTH + GAP)
            boxes[name] = _box(reading, name, record, see, x, MARGIN + depth * ROW)
    edges = tuple(_edge(link, boxes[link.upper], boxes[link.lower]) for link in links)
    height = 2 * MARGIN + (len(rows) - 1) * ROW + BOX_HEIGHT
    return Tree(tuple(boxes.values()), edges, width, height, len(family) - len(drawn))


def _family(reading: Reading, record: str, see: See) -> Iterator[str]:
    """The record and all that is joined to it, the nearest first. What may not be seen at all ends a branch."""
    todo, known = [record], {record}
    for here in todo:  # it grows while it is walked
        yield here
        joined = [edge.event.source for edge in _made_from(reading, here)]
        joined += [edge.event.derived for edge in _made_into(reading, here)]
        joined += [_other(fact.event, here) for fact in reading.all(reading.material.same_event, here)]
        for other in dict.fromkeys(joined):
            if other not in known and reading.record(other) is not None and see(other) is not Sight.HIDDEN:
                known.add(other)
                todo.append(other)


def _made_from(reading: Reading, record: str) -> Iterator[Fact[e.DerivationRecorded]]:
    return reading.each(reading.material.derivations, reading.material.made_from.get(record, ()))


def _made_into(reading: Reading, record: str) -> Iterator[Fact[e.DerivationRecorded]]:
    return reading.each(reading.material.derivations, reading.material.made_into.get(record, ()))


def _other(event: e.SameEventRecorded, here: str) -> str:
    return event.other if event.one == here else event.one


def _links(reading: Reading, drawn: tuple[str, ...], see: See) -> Iterator[_Link]:
    for name in drawn:
        edges = list(_made_from(reading, name))
        for edge in edges:
            if edge.event.source in drawn:
                yield _derived(reading, edge, see)
        if not edges and (hole := _unregistered(reading, name, see)) is not None:
            yield hole
        for fact in reading.all(reading.material.same_event, name):
            other = _other(fact.event, name)
            if fact.event.one == name and other in drawn:
                fields = {"one": called(reading, name, see), "other": called(reading, other, see)}
                sentence = _("%(one)s and %(other)s are records of one event; neither was made from the other.")
                yield _Link(Line.SAME, name, other, _("same event"), "", sentence % fields)


def _derived(reading: Reading, edge: Fact[e.DerivationRecorded], see: See) -> _Link:
    event = edge.event
    lossless = event.method in v.LOSSLESS
    fields = {
        "derived": called(reading, event.derived, see),
        "source": called(reading, event.source, see),
        "method": said(METHODS, event.method),
    }
    loss = (
        _("It keeps the whole content.")
        if lossless
        else _("It is another thing than its source: something may be lost.")
    )
    mark, checked = _checks(reading, edge)
    made = _("%(derived)s was made from %(source)s: %(method)s.") % fields
    line = Line.LOSSLESS if lossless else Line.LOSSY
    return _Link(line, event.source, event.derived, said(METHODS, event.method), mark, f"{made} {loss} {checked}")


def _checks(reading: Reading, edge: Fact[e.DerivationRecorded]) -> tuple[str, str]:
    """The mark beside a line and the sentence for it: who compared the two, other than the maker, with what result."""
    checks = list(reading.checks(edge))
    if not checks:
        return _("not checked"), _("Nobody but its maker has compared the two.")
    last = checks[-1].event
    result = said(VERIFIED, last.result)
    fields = {"who": last.verified_by, "day": when_of(v.When(last.at, v.Precision.DAY)), "result": result}
    sign = "✓" if last.result is v.Verified.CONSISTENT else "!"
    return f"{sign} {result}", _("Compared by %(who)s on %(day)s: %(result)s.") % fields


def _unregistered(reading: Reading, name: str, see: See) -> _Link | None:
    """The source of what is derived by its nature, where no register has one: a hollow box, with what is said of it."""
    fact = reading.record(name)
    if fact is None or fact.event.kind not in v.DERIVED_BY_NATURE:
        return None
    claims = reading.all(reading.material.claimed, name)
    claim = claims[-1].event.claim if claims else v.SourceClaim.NOT_ASKED
    if claim is v.SourceClaim.NEVER_EXISTED:
        return None
    known = said(SOURCES, claim)
    fields = {"name": called(reading, name, see), "known": known}
    sentence = _("The source of %(name)s is not registered: %(known)s.") % fields
    return _Link(Line.GONE, f"source of {name}", name, known, "", sentence)


def _rows(drawn: tuple[str, ...], links: tuple[_Link, ...]) -> list[list[str]]:
    """Every name in its row: below everything that it was made from; records of one event share a row where they
    can."""
    names = list(dict.fromkeys([*drawn, *(link.upper for link in links)]))
    depth = dict.fromkeys(names, 0)
    for _round in names:  # a chain is no longer than there are names; registers refuse circles
        for link in links:
            if link.line is not Line.SAME:
                depth[link.lower] = max(depth[link.lower], min(depth[link.upper] + 1, len(names)))
    below = Counter(depth.values())
    places = {level: n for n, level in enumerate(sorted(below))}
    rows: list[list[str]] = [[] for _level in places]
    for name in names:
        rows[places[depth[name]]].append(name)
    return rows


def _pull(name: str, links: tuple[_Link, ...], boxes: Mapping[str, Box], width: float) -> float:
    """Where the boxes above would have it."""
    above = [boxes[link.upper].middle for link in links if link.lower == name and link.upper in boxes]
    return sum(above) / len(above) if above else width / 2


def _box(reading: Reading, name: str, here: str, see: See, x: float, y: float) -> Box:
    fact = reading.record(name)
    if fact is None:
        return Box(name, _("Not registered"), (_("its source"),), x, y, hollow=True)
    stub = see(name) is Sight.STUB
    kind = said(KINDS, fact.event.kind)
    rows = (_cut(kind), _cut(f"{when_of(fact.event.created)}, {fact.event.agency}"))
    return Box(name, _cut(called(reading, name, see)), rows, x, y, stub=stub, here=name == here)


def called(reading: Reading, name: str, see: See) -> str:
    """What a record is called to this reader: its reference, or that it is withheld."""
    fact = reading.record(name)
    if fact is None:
        return _("a record that is not registered")
    if see(name) is not Sight.FULL:
        return _("a withheld record of %(agency)s") % {"agency": fact.event.agency}
    return ref_of(reading, fact)


def ref_of(reading: Reading, fact: Fact[Any]) -> str:
    """The exhibit's reference as it was last given, else the id."""
    ref = str(fact.event.exhibit_ref)
    for change in reading.all(reading.material.described, fact.event.record):
        ref = change.event.exhibit_ref or ref
    return ref or str(fact.event.record)


def _cut(text: str) -> str:
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"


def _edge(link: _Link, upper: Box, lower: Box) -> Edge:
    if upper.y == lower.y:
        left, right = sorted((upper, lower), key=lambda box: box.x)
        y = left.y + BOX_HEIGHT / 2
        return Edge(link.line, left.x + BOX_WIDTH, y, right.x, y, link.label, link.mark, link.sentence)
    ends = (upper.middle, upper.y + BOX_HEIGHT, lower.middle, lower.y)
    return Edge(link.line, *ends, link.label, link.mark, link.sentence)
