"""A pathway as the core sees it: questions, inputs, triage tables, clocks, routes, packs, forms, concerns.

Nothing here is read from a file: ``safehands.pathways`` turns TOML into these values and ``core.prove`` proves the
tables before a pathway may be used. A pathway is plain data; the only "language" in it is equality and set membership.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from safehands.core.vocabulary import OfferKind, PathwayRef


class QuestionKind(StrEnum):
    """What an answer may look like: one code, several codes, a whole number, an instant, or free text."""

    CHOICE = "choice"
    MULTI = "multi"
    NUMBER = "number"
    INSTANT = "instant"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a question: its code, the label on the form, and other spellings that are read as this code."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """Whole numbers from ``low`` to ``high`` (both included, ``None`` = no bound) become ``code``."""

    code: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is asked or read from a register. ``unknown``, ``declined`` and ``not_asked`` are always allowed
    besides.

    ``id`` and the short ``name`` both name the question in a record of answers. ``verified`` is false where the source
    sheet marks the question or its values as our own default. ``cut`` names the cut of published figures that the
    answer feeds (``sex``, ``age_band``); ``cut_bands`` turns numbers into its codes. A cut question need not be an
    input of any table.
    """

    id: str
    name: str
    text: str
    kind: QuestionKind
    choices: tuple[Choice, ...] = ()
    must_ask: bool = False
    register: bool = False
    source: str = ""
    help: str = ""
    verified: bool = False
    cut: str = ""
    cut_bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """A column of the triage tables: a finite domain, worked out from one question's answer.

    ``domain`` lists every code the tables can see, ``unknown`` among them. ``risk`` lists codes in ascending order of
    risk; empty means that the input has no order of risk. ``mapping`` sends answer codes to domain codes (a code that
    is not listed keeps its name); ``bands`` does so for numbers. A multiple answer takes the last domain code that
    ``mapping`` gives to one of its codes; if it gives none, the codes in ``count_of`` are counted and the count goes
    through ``bands``. ``labels`` gives domain codes their words where no choice of the question carries them.

    One question feeds one input: the proof treats inputs as free of each other, and two readings of one answer are not.
    """

    name: str
    question: str
    domain: tuple[str, ...]
    risk: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    bands: tuple[Band, ...] = ()
    count_of: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


class Hit(StrEnum):
    """A table's hit policy: the highest class of all rows that match (ties: the first row), the first match, or exactly
    one.
    """

    HIGHEST = "highest"
    FIRST = "first"
    UNIQUE = "unique"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: a permanent id, the policy it comes from, a conjunction of conditions, and what follows.

    ``when`` gives for each named input the codes that match; inputs not named match anything. ``holder`` is the agency
    role that should hold the case on this outcome (``receiver``, ``reporter`` or an agency role). ``routes`` and
    ``clocks`` name declarations of the same pathway; ``flags`` are coded notes (``missing_person_policy``); ``says`` is
    the sentence that a call handler reads. ``verified`` is false where the rule is a default that its clinical and
    legal owners have not signed off.
    """

    id: str
    when: Mapping[str, frozenset[str]]
    outcome: int
    says: str
    policy: str
    holder: str
    routes: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    source: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A triage table. Tables of a pathway are asked in their order; the first that has a matching row answers."""

    name: str
    hit: Hit
    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeClass:
    """A class of outcome in ascending urgency: its number, code, label, whether it sends somebody, and its response
    clock.
    """

    number: int
    code: str
    label: str
    deploys: bool
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts or stops a clock: an event's wire name, and fields of that event that must have one of the listed
    values.

    ``counts_from`` names the field of the event from whose instant the clock counts (the day on which a letter came,
    not the day on which somebody wrote that down); empty: from when the event happened.
    """

    event: str
    where: Mapping[str, frozenset[str | int | bool]] = field(default_factory=dict)
    counts_from: str = ""


class Unit(StrEnum):
    """How a clock counts: elapsed time, or civil days, working days or months of a named calendar."""

    ELAPSED = "elapsed"
    CIVIL_DAYS = "civil_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class FailSafe(StrEnum):
    """What happens by itself when a clock runs out. Every one of them leads towards help (law 4)."""

    CONCERN = "concern"
    RAISE = "raise"
    TRIAGE = "triage"
    ASSUME = "assume"
    LAPSE = "lapse"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Step:
    """A named step of a clock's ladder, ``after`` its start. ``every`` repeats it until the next step or the stop."""

    name: str
    after: timedelta
    every: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """How a clock may be given more time: at most ``longest``, once, before it runs out, only for ``reasons``, with
    ``evidence``.

    ``approval_at`` names kinds of place where the evidence must also hold ``approved_by`` (a police station needs a
    superintendent).
    """

    longest: timedelta
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]
    approval_at: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Length:
    """Another length of a clock, in days, where inputs of the tables have one of the listed codes."""

    when: Mapping[str, frozenset[str]]
    days: int


@dataclass(frozen=True, slots=True)
class Pause:
    """How a clock may stand still: for ``longest`` at the most and for a declared reason. Then it runs on by itself."""

    longest: timedelta
    reasons: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """A clock as declared: when it starts and stops, its length, its ladder, and what its breach does.

    ``steps`` are the steps before the breach, which comes by itself at ``length``; an ``idle`` clock repeats and has no
    breach. ``days`` counts for the two day units and ``months`` for months; ``beginning_with`` counts the first day
    too. ``lengths`` gives other lengths by what the tables see. ``each`` names a field of the triggers' events: there
    is a clock for each of its values (one for each request), and an event without that field stops them all.
    ``raise_to`` is the class that ``FailSafe.RAISE`` raises to.
    ``restarts`` says that a new start trigger resets a running clock; ``idle`` that the clock counts from the last act
    of a person, so that only silence lets it run out. ``verified`` is false where the sheet marks the figure as a
    default or as unread law: then the product says so wherever the clock is shown.
    """

    id: str
    label: str
    unit: Unit
    length: timedelta
    starts: tuple[Trigger, ...]
    stops: tuple[Trigger, ...]
    steps: tuple[Step, ...] = ()
    days: int = 0
    calendar: str = ""
    fail_safe: FailSafe = FailSafe.CONCERN
    raise_to: int | None = None
    restarts: bool = False
    idle: bool = False
    extension: Extension | None = None
    source: str = ""
    verified: bool = False
    months: int = 0
    beginning_with: bool = False
    each: str = ""
    lengths: tuple[Length, ...] = ()
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class PackField:
    """A field that a handover must carry. A hole blocks the acceptance unless it says ``asked_unknown`` and that is
    allowed.
    """

    id: str
    label: str
    may_be_unknown: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """The fields that a handover along a route must carry."""

    id: str
    label: str
    fields: tuple[PackField, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case can be handed, and how: the kind of offer, the receiving role, how long it may stay open, and its
    pack.

    ``tasks`` reserves kinds of task to this route and others that name them: only who can get in is asked to get in.
    """

    id: str
    label: str
    kind: OfferKind
    to: str
    due: timedelta
    pack: str | None = None
    tasks: tuple[str, ...] = ()
    source: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Power:
    """A legal power under which a person can be held: a kind of status.

    ``by`` is the role that alone may use it (empty: any), ``grounds`` what has to be stated to use it, ``not_at`` the
    kinds of place where it cannot be used.
    """

    id: str
    label: str
    by: str = ""
    grounds: tuple[str, ...] = ()
    not_at: tuple[str, ...] = ()
    source: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of place where a status may be served. ``until`` is the dated legal switch: from that instant it no
    longer may.

    ``adults_only`` refuses it for anybody not known to be an adult; ``grounds`` lists what has to be stated to use it.
    """

    id: str
    label: str
    adults_only: bool = False
    grounds: tuple[str, ...] = ()
    until: datetime | None = None
    source: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class BookingKind:
    """Something that needs several parties at one time, and who they are at the least."""

    id: str
    label: str
    parties: tuple[str, ...]
    source: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class ChallengeLevel:
    """A level of the ladder of challenge: who talks, how long they have, and whether its expiry sends somebody
    meanwhile.
    """

    level: int
    parties: str
    within: timedelta
    raise_to: int | None = None
    source: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class FormField:
    """A mandatory or optional field of a decision form. ``asked_for`` lists the outcomes for which it is mandatory."""

    id: str
    label: str
    required_below: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ConcernSpec:
    """An integrity rule of the pathway: its id names a registered condition of ``core.concerns``; the grade is 1
    (worst) to 4.
    """

    id: str
    grade: int
    says: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Pathway:
    """A pathway at one version, whole. Immutable; an adopted version is never edited.

    ``receiver`` and ``reporter`` are the roles that a row's holder ``receiver`` (the agency that took the contact) and
    ``reporter`` (the reporting professional's own organisation) stand for. ``closing_needs`` names the inputs that must
    have been asked and answered before any row may close a case; ``role_labels`` gives the roles their words.
    """

    ref: PathwayRef
    title: str
    questions: tuple[Question, ...]
    inputs: tuple[Input, ...]
    classes: tuple[OutcomeClass, ...]
    tables: tuple[Table, ...]
    clocks: tuple[ClockSpec, ...]
    routes: tuple[Route, ...]
    packs: tuple[Pack, ...]
    decision_form: tuple[FormField, ...]
    concerns: tuple[ConcernSpec, ...]
    milestones: tuple[str, ...]
    roles: tuple[str, ...]
    guarded_class: int
    reopen_within: timedelta
    text: str = ""
    receiver: str = ""
    reporter: str = ""
    closing_needs: tuple[str, ...] = ()
    powers: tuple[Power, ...] = ()
    places: tuple[Place, ...] = ()
    bookings: tuple[BookingKind, ...] = ()
    challenge_levels: tuple[ChallengeLevel, ...] = ()
    role_labels: Mapping[str, str] = field(default_factory=dict)

    def roles_for(self, task_kind: str) -> tuple[str, ...]:
        """The roles that a kind of task is reserved to; empty where anybody may do it."""
        return tuple(dict.fromkeys(route.to for route in self.routes if task_kind in route.tasks))

    def able(self, task_kind: str, role: str) -> bool:
        """Whether a role may do this kind of task."""
        roles = self.roles_for(task_kind)
        return not roles or role in roles
