"""What a declaration refers to must exist, be named once, and be reachable. The proof (``core.prove``) builds on that.

Each function gives the faults of one kind of declaration as sentences that begin with their place; ``faults_of`` gives
all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import pairwise, product
from typing import Final

from safehands.core.answers import spellings
from safehands.core.clocks import sized
from safehands.core.concerns import CONDITIONS
from safehands.core.pathway import ClockSpec, Input, Pathway, Question, QuestionKind, Row, Trigger, Unit
from safehands.core.records.findings import RULES
from safehands.core.vocabulary import ANY_ROLE, NO_VALUE, UNKNOWN
from safehands.core.wire import EVENT_BY_NAME

#: What a trigger may look at: every event by wire name, with its fields.
EVENT_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(field.name for field in fields(event)) for name, event in EVENT_BY_NAME.items()
}


def faults_of(pathway: Pathway) -> tuple[str, ...]:
    """Every fault of reference in the pathway, each with its place. Empty if there is none."""
    return (
        *_whole(pathway),
        *(f"question {question.id}: {fault}" for question in pathway.questions for fault in _question(question)),
        *(f"input {column.name}: {fault}" for column in pathway.inputs for fault in _input(column, pathway)),
        *(
            f"table {table.name}: row {row.id}: {fault}"
            for table in pathway.tables
            for row in table.rows
            for fault in _row(row, pathway)
        ),
        *(f"clock {clock.id}: {fault}" for clock in pathway.clocks for fault in _clock(clock, pathway)),
        *_others(pathway),
    )


def _whole(pathway: Pathway) -> Iterator[str]:
    yield from _twice("question", [name for q in pathway.questions for name in {q.id, q.name}])
    yield from _twice("input", [column.name for column in pathway.inputs])
    yield from _twice("question that feeds two inputs:", [column.question for column in pathway.inputs])
    yield from _twice("table", [table.name for table in pathway.tables])
    yield from _twice("row", [row.id for table in pathway.tables for row in table.rows])
    yield from _twice("class", [outcome.code for outcome in pathway.classes])
    yield from _twice("clock", [clock.id for clock in pathway.clocks])
    yield from _twice("route", [route.id for route in pathway.routes])
    yield from _twice("pack", [pack.id for pack in pathway.packs])
    yield from _twice("form", [field.id for field in pathway.decision_form])
    yield from _twice("concern", [concern.id for concern in pathway.concerns])
    numbers = [outcome.number for outcome in pathway.classes]
    if numbers != sorted(set(numbers)):
        yield "class: numbers must ascend from class to class, each once"
    columns = {column.name for column in pathway.inputs}
    for name in pathway.closing_needs:
        if name not in columns:
            yield f"closing_needs: there is no input {name}"
    for key, role in (("receiver", pathway.receiver), ("reporter", pathway.reporter)):
        if role and role not in pathway.roles:
            yield f"{key}: there is no role {role}"


def _question(question: Question) -> Iterator[str]:
    ways = Counter(way for choice in question.choices for way in {choice.code, *choice.aliases})
    yield from (f"{way!r} is a way to write two of its choices" for way, count in ways.items() if count > 1)
    for way in sorted(ways.keys() & NO_VALUE):
        yield f"{way!r} is always possible and can't be a choice"
    if question.kind in (QuestionKind.CHOICE, QuestionKind.MULTI) and not question.choices:
        yield "it has no choices"
    if question.kind in (QuestionKind.INSTANT, QuestionKind.TEXT) and question.choices:
        yield f"a question of kind {question.kind} has no choices"


def _input(column: Input, pathway: Pathway) -> Iterator[str]:
    question = next((q for q in pathway.questions if q.id == column.question), None)
    if UNKNOWN not in column.domain:
        yield "its codes must include unknown: a question can always stay without an answer"
    if question is None:
        yield f"there is no question {column.question}"
        return
    domain = frozenset(column.domain)
    for code in sorted({*column.mapping.values(), *(band.code for band in column.bands), *column.labels} - domain):
        yield f"{code} is not among its codes"
    choices = {choice.code for choice in question.choices}
    for code in sorted((column.mapping.keys() | set(column.count_of)) - choices):
        yield f"question {question.id} has no choice {code}"
    yield from _codes_reached(column, question)


def _codes_reached(column: Input, question: Question) -> Iterator[str]:
    """Whether each answer has a code and each code an answer."""
    reached = {UNKNOWN, *column.mapping.values(), *(band.code for band in column.bands)}
    choices = set(spellings(question).values())
    match question.kind:
        case QuestionKind.CHOICE:
            plain = choices - column.mapping.keys()
            yield from (
                f"choice {code} of {question.id} has no code here" for code in sorted(plain - set(column.domain))
            )
            reached |= plain
        case QuestionKind.NUMBER:
            plain = choices - column.mapping.keys()
            yield from (
                f"choice {code} of {question.id} has no code here" for code in sorted(plain - set(column.domain))
            )
            reached |= plain
            yield from _bands(column, needed=0)
        case QuestionKind.MULTI:
            yield from _bands(column, needed=len(column.count_of))
        case QuestionKind.INSTANT | QuestionKind.TEXT:
            yield f"question {question.id} is of kind {question.kind}, which no table can read"
    for code in column.domain:
        if code not in reached:
            yield f"no answer ever gives the code {code}"


def _bands(column: Input, needed: int) -> Iterator[str]:
    """Faults of the bands of numbers: none at all, two for one number, a hole, or a count that has none."""
    if not column.bands:
        yield "it needs bands, which say which numbers give which code"
        return
    bands = sorted(column.bands, key=lambda band: (band.low is not None, band.low or 0))
    for one, other in pairwise(bands):
        if one.high is None or other.low is None or one.high >= other.low:
            yield f"the bands {one.code} and {other.code} overlap"
        elif one.high + 1 < other.low:
            yield f"no band holds the numbers between {one.code} and {other.code}"
    low, high = bands[0].low, bands[-1].high
    if (low is not None and low > 0) or (high is not None and high < needed):
        yield f"the bands must hold every count from 0 to {needed}"


def _row(row: Row, pathway: Pathway) -> Iterator[str]:
    domains = {column.name: column.domain for column in pathway.inputs}
    for name, codes in row.when.items():
        if name not in domains:
            yield f"there is no input {name}"
            continue
        for code in sorted(codes - set(domains[name])):
            yield f"{name} has no code {code}; it has {', '.join(domains[name])}"
        if not codes:
            yield f"{name} lists no code, so the row can never fire"
    if row.outcome not in {outcome.number for outcome in pathway.classes}:
        yield f"there is no class {row.outcome}"
    if row.holder not in {"receiver", "reporter", *pathway.roles}:
        yield f"holder: there is no role {row.holder}"
    for word, role in (("receiver", pathway.receiver), ("reporter", pathway.reporter)):
        if row.holder == word and not role:
            yield f"holder: the pathway does not say which role its {word} has"
    yield from _missing("clock", row.clocks, (clock.id for clock in pathway.clocks))
    yield from _missing("route", row.routes, (route.id for route in pathway.routes))


def _clock(clock: ClockSpec, pathway: Pathway) -> Iterator[str]:
    if not clock.starts:
        yield "nothing starts it"
    if not clock.stops:
        yield "nothing stops it"
    for trigger in (*clock.starts, *clock.stops):
        yield from _trigger(trigger, pathway)
    yield from _counted_from(clock)
    yield from _of_each(clock)
    yield from _lengths(clock, pathway)
    if clock.pause is not None and clock.idle:
        yield "a clock of silence cannot be paused: any act of a person begins it again"
    if clock.pause is not None and clock.lengths:
        yield "a clock of several lengths cannot be paused: a new length counts from its start"
    if clock.fail_safe == "raise" and clock.raise_to is None:
        yield "its fail-safe raises, so it needs raise_to"
    if clock.unit is Unit.ELAPSED:
        after = [step.after for step in clock.steps]
        if after != sorted(set(after)):
            yield "its steps must follow each other in time"
        if not clock.idle and after and after[-1] >= clock.length:
            yield "its steps must come before its length; the breach at its length comes by itself"


def _counted_from(clock: ClockSpec) -> Iterator[str]:
    for trigger in clock.starts:
        name = trigger.counts_from
        if name and trigger.event in EVENT_FIELDS and name not in EVENT_FIELDS[trigger.event]:
            yield f"event {trigger.event} has no field {name} to count from"
    for trigger in clock.stops:
        if trigger.counts_from:
            yield f"event {trigger.event} stops it, and nothing is counted from there"


def _of_each(clock: ClockSpec) -> Iterator[str]:
    """Each event that starts a clock of which there are several must say which."""
    for trigger in clock.starts if clock.each else ():
        if clock.each not in EVENT_FIELDS.get(trigger.event, {clock.each}):
            yield f"there is one for each {clock.each}, and event {trigger.event} has no field {clock.each}"


def _lengths(clock: ClockSpec, pathway: Pathway) -> Iterator[str]:
    """Other lengths name inputs that there are, are counted in days, and never give an unknown answer more time than a
    known one could get (law 5)."""
    if not clock.lengths:
        return
    if clock.unit not in (Unit.CIVIL_DAYS, Unit.WORKING_DAYS):
        yield "only a clock that counts days can have other lengths"
    domains = {column.name: column.domain for column in pathway.inputs}
    strange = [
        f"there is no input {name}" if name not in domains else f"{name} has no code {code}"
        for each in clock.lengths
        for name, codes in each.when.items()
        for code in sorted(codes)
        if code not in domains.get(name, ())
    ]
    yield from strange
    named = tuple(dict.fromkeys(name for each in clock.lengths for name in each.when))
    if strange:
        return
    days = {
        codes: sized(clock, dict(zip(named, codes, strict=True))).days
        for codes in product(*(domains[name] for name in named))
    }
    for codes, length in days.items():
        known = [n for other, n in days.items() if all(a in (UNKNOWN, b) for a, b in zip(codes, other, strict=True))]
        if length > min(known):
            said = ", ".join(f"{name} = {code}" for name, code in zip(named, codes, strict=True))
            yield f"{said} gives {length} days, and an answer could give {min(known)}: unknown must not get more time"


def _trigger(trigger: Trigger, pathway: Pathway) -> Iterator[str]:
    known_fields = EVENT_FIELDS.get(trigger.event)
    if known_fields is None:
        yield f"there is no event {trigger.event}"
        return
    yield from (f"event {trigger.event} has no field {name}" for name in sorted(trigger.where.keys() - known_fields))
    numbers = {outcome.number for outcome in pathway.classes}
    known: dict[str, Iterable[object]] = {
        "milestone": pathway.milestones,
        "to_agency": pathway.roles,
        "outcome": numbers,
        "table": [table.name for table in pathway.tables],
        "row": [row.id for table in pathway.tables for row in table.rows],
    }
    for name, wanted in trigger.where.items():
        if name in known:
            for value in sorted(wanted - set(known[name]), key=str):
                yield f"event {trigger.event}: there is no {name} {value}"


def _others(pathway: Pathway) -> Iterator[str]:
    packs = [pack.id for pack in pathway.packs]
    for route in pathway.routes:
        if route.to not in (*pathway.roles, ANY_ROLE):
            yield f"route {route.id}: there is no role {route.to}"
        if route.pack is not None:
            yield from (f"route {route.id}: {fault}" for fault in _missing("pack", [route.pack], packs))
    yield from _twice("power", [power.id for power in pathway.powers])
    for power in pathway.powers:
        if power.by and power.by not in pathway.roles:
            yield f"power {power.id}: there is no role {power.by}"
        places = [place.id for place in pathway.places]
        yield from (f"power {power.id}: {fault}" for fault in _missing("place", power.not_at, places))
    yield from _twice("place", [place.id for place in pathway.places])
    yield from _twice("booking", [booking.id for booking in pathway.bookings])
    yield from _twice("challenge level", [str(level.level) for level in pathway.challenge_levels])
    for pack in pathway.packs:
        yield from (f"pack {pack.id}: {fault}" for fault in _twice("field", [field.id for field in pack.fields]))
    for concern in pathway.concerns:
        if concern.id not in CONDITIONS and concern.id not in RULES:
            yield f"concern {concern.id}: no condition of this name is registered in core.concerns"
        if not 1 <= concern.grade <= 4:
            yield f"concern {concern.id}: grade must be from 1 (worst) to 4"


def _twice(called: str, names: Iterable[str]) -> Iterator[str]:
    return (f"{called} {name}: named more than once" for name, count in Counter(names).items() if count > 1)


def _missing(called: str, wanted: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    there = set(known)
    return (f"there is no {called} {name}" for name in wanted if name not in there)
