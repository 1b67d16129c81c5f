"""A printable card of a pathway, for when the system is down: questions, tables, classes, clocks, packs, decision form.

Made from the pathway alone, so that it cannot differ from what the tables do. ``as_text`` for any printer, ``as_html``
for A4: one file, no script, nothing fetched. What is written on it is entered later as late entries, each with its own
time (``docs/how-to/work-from-paper.md``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from textwrap import fill, indent, wrap
from typing import Final, assert_never

from safehands.core.pathway import ClockSpec, FailSafe, Hit, PackField, Pathway, Question, QuestionKind, Row, Unit
from safehands.core.vocabulary import UNKNOWN
from safehands.core.words import label_of

#: Characters in a line of the plain card: A4 upright in a 10 point typewriter face.
WIDTH: Final = 92

#: Empty lines for what happened.
LINES: Final = 12


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence to read."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Something to fill in: what, boxes to tick, and how many empty lines to write on."""

    label: str
    boxes: tuple[str, ...] = ()
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a table or a clock: its id, when it holds, and what follows."""

    id: str
    when: tuple[str, ...]
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the card that stays together under a heading."""

    heading: str
    items: tuple[Note | Ask | Rule, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A whole card."""

    title: str
    version: str
    sections: tuple[Section, ...]


def card_of(pathway: Pathway) -> Card:
    """The card of a pathway at its version."""
    return Card(
        pathway.title,
        f"{pathway.ref.pathway}, version {pathway.ref.version}, digest {pathway.ref.digest[:16]}",
        tuple(_sections(pathway)),
    )


def _sections(pathway: Pathway) -> Iterator[Section]:
    yield Section("1. First", tuple(_first()))
    yield Section("2. Ask, in this order", tuple(_questions(pathway)))
    for table in pathway.tables:
        rule = {
            Hit.HIGHEST: "Read every row. Take the highest class of all rows that match; where two have it, the first.",
            Hit.FIRST: "Only if no row above matched. Read from the top and take the first row that matches.",
            Hit.UNIQUE: "Exactly one row matches.",
        }[table.hit]
        rows = (_row(pathway, row) for row in table.rows)
        yield Section(f"3. Table: {table.title or table.name}", (Note(rule), *rows))
    yield Section("4. Classes, from least to most urgent", tuple(_classes(pathway)))
    yield Section("5. Clocks: write down when each begins", tuple(_clock(clock) for clock in pathway.clocks))
    yield Section("6. Decision form", tuple(_form(pathway)))
    for pack in pathway.packs:
        yield Section(f"7. Handover: {pack.label}", tuple(_pack(pack.fields)))
    yield Section(
        "8. What happened, line by line", (_ENTERED, *(Ask("Time / what / by whom", (), 1) for _ in range(12)))
    )


_ENTERED: Final = Note(
    "One line for each thing that happened, with its own time. When the system is back, enter each line as a late "
    "entry under the time that stands here, and tick it."
)


def _first() -> Iterator[Note | Ask]:
    yield Note(
        "The case exists from its first second, and your agency holds it until somebody accepts it. Nobody can be "
        "given a case, and nobody can put one down. If in doubt, send help: raising is always allowed."
    )
    yield Ask("Date and time of the first contact, to the second", (), 1)
    yield Ask("Taken by (name, role, agency), and how it reached us", (), 1)
    yield Ask("Number or address to ring the reporter back on, and the place", (), 2)
    yield Ask("Reference on paper (agency, date, running number)", (), 1)


def _questions(pathway: Pathway) -> Iterator[Note | Ask]:
    yield Note("Tick one answer. A question marked * has to be asked. Unknown is not no: tick what is true.")
    for question in pathway.questions:
        star = " *" if question.must_ask else ""
        several = " (all that apply)" if question.kind is QuestionKind.MULTI else ""
        boxes = (*(choice.label for choice in question.choices), "Unknown", "Declined", "Not asked")
        yield Ask(f"{question.id}{star} {question.text}{several}", boxes, _lines(question))


def _lines(question: Question) -> int:
    match question.kind:
        case QuestionKind.CHOICE | QuestionKind.MULTI:
            return 0
        case QuestionKind.NUMBER | QuestionKind.INSTANT | QuestionKind.TEXT:
            return 1
        case _ as never:
            assert_never(never)


def _row(pathway: Pathway, row: Row) -> Rule:
    columns = {column.name: column for column in pathway.inputs}
    when = tuple(
        f"{columns[name].question}: "
        + " or ".join(_words(pathway, name, code) for code in _ordered(pathway, name, codes))
        for name, codes in row.when.items()
    )
    outcome = next(each for each in pathway.classes if each.number == row.outcome)
    labels = {clock.id: clock.label for clock in pathway.clocks} | {route.id: route.label for route in pathway.routes}
    then = [
        f"Class {row.outcome}: {outcome.label}.",
        row.says,
        f"Holder: {pathway.role_labels.get(row.holder, row.holder)}.",
    ]
    then += [f"Clocks: {', '.join(labels[each] for each in row.clocks)}."] if row.clocks else []
    then += [f"Offer to: {', '.join(labels[each] for each in row.routes)}."] if row.routes else []
    return Rule(f"{row.id} ({row.policy})", when or ("always",), tuple(then))


def _words(pathway: Pathway, name: str, code: str) -> str:
    column = next(each for each in pathway.inputs if each.name == name)
    return "unknown, declined or not asked" if code == UNKNOWN else label_of(pathway, column, code)


def _ordered(pathway: Pathway, name: str, codes: frozenset[str]) -> list[str]:
    column = next(each for each in pathway.inputs if each.name == name)
    return sorted(codes, key=column.domain.index)


def _classes(pathway: Pathway) -> Iterator[Note]:
    for each in pathway.classes:
        sends = "somebody is sent" if each.deploys else "nobody is sent"
        yield Note(f"{each.number} {each.label}: {sends}.")
    yield Note(
        "Going above what the tables say needs nobody. Going below needs a second, supervising person and a reason: "
        "write down both names."
    )


def _clock(clock: ClockSpec) -> Rule:
    steps = [f"{step.name.replace('_', ' ')} after {length_in_words(step.after)}" for step in clock.steps]
    fail_safe = {
        FailSafe.CONCERN: "tell a supervisor",
        FailSafe.RAISE: f"send help: class {clock.raise_to}",
        FailSafe.TRIAGE: "decide on what is known; unknown counts as unknown",
        FailSafe.ASSUME: "the agency that took the contact takes the case",
        FailSafe.LAPSE: "the offer is over; the giver still holds",
        FailSafe.ESCALATE: "go one level up",
    }[clock.fail_safe]
    default = () if clock.verified else ("This time is a default that nobody has signed off.",)
    begun = f"{clock_in_words(clock)}. Began at: ______"
    return Rule(clock.label, (begun, *steps), (f"When it runs out: {fail_safe}.", *default))


def clock_in_words(clock: ClockSpec) -> str:
    """How long a clock is: ``5 working days``, ``3 months``, and what else it may be."""
    if clock.unit is Unit.ELAPSED:
        return length_in_words(clock.length)
    unit = clock.unit.value.replace("_", " ")
    count = clock.months if clock.unit is Unit.MONTHS else clock.days
    others = "".join(f", or {each.days}" for each in clock.lengths)
    first = ", the first day counted" if clock.beginning_with else ""
    return f"{count}{others} {unit}{first}"


def _form(pathway: Pathway) -> Iterator[Note | Ask]:
    yield Ask("Decided class, by whom, at what time", (), 1)
    labels = {each.number: each.label for each in pathway.classes}
    for field in pathway.decision_form:
        below = field.required_below
        needed = f" (needed below class {below}: {labels[below]})" if below is not None else ""
        yield Ask(f"{field.label}{needed}", (), 1)
    yield Ask("What the caller was told: is somebody coming?", ("Yes", "No", "Not said"), 1)


def _pack(fields: Iterable[PackField]) -> Iterator[Ask | Note]:
    yield Note("Nobody accepts with a hole in it. Write the name, role and time of whoever accepts.")
    for field in fields:
        unknown = ("Asked, unknown",) if field.may_be_unknown else ()
        yield Ask(field.label, unknown, 1)
    yield Ask("Accepted by (name, role, agency), at what time, reference", (), 1)


def length_in_words(length: timedelta) -> str:
    """``24 h``, ``5 min``, ``90 s``: never in days, since a day on which the clocks change is not 24 hours."""
    seconds = int(length.total_seconds())
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


# --------------------------------------------------------------------------------------------------------- as text


def as_text(card: Card) -> str:
    """The card as plain text, ``WIDTH`` characters wide."""
    lines = [card.title.upper(), f"Paper card. {card.version}", ""]
    for section in card.sections:
        lines += ["=" * WIDTH, section.heading, "=" * WIDTH, ""]
        for item in section.items:
            lines += [*_text_of(item), ""]
    return "\n".join(lines).rstrip() + "\n"


def _text_of(item: Note | Ask | Rule) -> list[str]:
    match item:
        case Note():
            return [fill(item.text, WIDTH)]
        case Ask():
            boxes = "  ".join(f"[ ] {box}".replace(" ", "\0") for box in item.boxes)
            ticked = [line.replace("\0", " ") for line in wrap(boxes, WIDTH - 4)]
            return [
                fill(item.label, WIDTH),
                *(f"    {line}" for line in ticked),
                *["    " + "_" * (WIDTH - 4)] * item.lines,
            ]
        case Rule():
            when = "\n".join(fill(f"- {each}", WIDTH - 4, subsequent_indent="  ") for each in item.when)
            then = "\n".join(fill(f"> {each}", WIDTH - 4, subsequent_indent="  ") for each in item.then)
            return [item.id, indent(when, "    "), indent(then, "    ")]
        case _ as never:
            assert_never(never)


# --------------------------------------------------------------------------------------------------------- as HTML

_STYLE: Final = """
@page { size: A4; margin: 12mm; }
body { font: 11pt/1.35 Arial, Helvetica, sans-serif; color: #000; background: #fff; max-width: 186mm; margin: 0 auto; }
h1 { font-size: 16pt; margin: 0 0 2mm; }
h2 { font-size: 13pt; margin: 6mm 0 2mm; border-bottom: 2px solid #000; break-after: avoid; }
h3 { font-size: 11pt; margin: 0; }
.item { break-inside: avoid; margin: 0 0 3mm; }
.item p, .item ul { margin: 0; }
.item ul { padding-left: 5mm; }
.boxes { padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 1mm 5mm; }
.boxes li::before { content: ""; display: inline-block; width: 3.5mm; height: 3.5mm; }
.boxes li::before { border: 1px solid #000; margin-right: 2mm; }
.write { border-bottom: 1px solid #000; height: 8mm; }
.then { font-weight: bold; }
"""


def as_html(card: Card) -> str:
    """The card as one HTML page for A4, with nothing to fetch and no script."""
    head = f"{escape(card.title)}: paper card"
    lines = ["<!doctype html>", '<html lang="en-GB">', "<head>", '<meta charset="utf-8">', f"<title>{head}</title>"]
    lines += [f"<style>{_STYLE}</style>", "</head>", "<body>", f"<h1>{escape(card.title)}</h1>"]
    lines += [f"<p>Paper card. {escape(card.version)}</p>"]
    for section in card.sections:
        lines += ["<section>", f"<h2>{escape(section.heading)}</h2>", *map(_html_of, section.items), "</section>"]
    return "\n".join([*lines, "</body>", "</html>", ""])


def _html_of(item: Note | Ask | Rule) -> str:
    match item:
        case Note():
            return f'<div class="item"><p>{escape(item.text)}</p></div>'
        case Ask():
            boxes = "".join(f"<li>{escape(box)}</li>" for box in item.boxes)
            ticks = f'<ul class="boxes">{boxes}</ul>' if boxes else ""
            lines = '<div class="write"></div>' * item.lines
            return f'<div class="item"><h3>{escape(item.label)}</h3>{ticks}{lines}</div>'
        case Rule():
            when = "".join(f"<li>{escape(each)}</li>" for each in item.when)
            then = "".join(f"<li>{escape(each)}</li>" for each in item.then)
            return f'<div class="item"><h3>{escape(item.id)}</h3><ul>{when}</ul><ul class="then">{then}</ul></div>'
        case _ as never:
            assert_never(never)
