"""Reading and playing a scripted day: every step is a command through ``handle``, and deadlines fire in between.

The form of the file is told at the head of ``demo/day.toml``, the day that ``safehands demo`` plays. What a person
reads off the screen (which offer, who holds, which class) is filled in from the case as it stands, so that a day can be
written without ids.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time
from importlib import resources
from typing import Any, Final

import msgspec

from safehands.core.case import Case
from safehands.core.commands import COMMAND_CLASSES, Command, JoinContact, RecordAnswers, TakeContact
from safehands.core.decide.decisions import history
from safehands.core.vocabulary import Actor, Answer, Contact, Provenance, Value
from safehands.errors import BadInput, Refused
from safehands.service import timers
from safehands.service.clock import SetClock
from safehands.service.handle import Request, Service
from safehands.service.register import normal
from safehands.store.ports import Token

_COMMANDS: Final = {each.__name__: each for each in COMMAND_CLASSES}

#: Commands whose form starts from the day's ``[form]``.
_WITH_FORM: Final = ("Decide", "ProposeLowering")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a day. ``given`` are the command's fields as written, ``answers`` those of a contact."""

    at: datetime
    case: str
    by: Actor
    do: str
    given: Mapping[str, Any]
    answers: Mapping[str, Any] | None
    says: str
    phone: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day: its steps in order of time, what is usually answered, what a form usually says, whose story is
    told."""

    pathway: str
    story: str
    steps: tuple[Step, ...]
    usual: Mapping[str, Any]
    form: Mapping[str, str]
    packs: Mapping[str, Mapping[str, str]]


def read_day(text: str, file: str) -> Day:
    """The day in ``text``. Raises ``BadInput`` naming every faulty step."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as bad:
        raise BadInput([f"{file}: this is not TOML: {bad}"]) from None
    faults: list[str] = []
    people = {name: Actor(**person) for name, person in values.get("people", {}).items()}
    steps = []
    for number, step in enumerate(values.get("step", ()), start=1):
        wrong = [f"{key} is missing" for key in ("at", "case", "by", "do") if key not in step]
        wrong += [f"there is nobody called {step['by']}" for _ in (0,) if "by" in step and step["by"] not in people]
        wrong += [f"there is no command {step['do']}" for _ in (0,) if "do" in step and step["do"] not in _COMMANDS]
        faults += [f"{file}: step {number}: {each}" for each in wrong]
        if not wrong:
            at = datetime.combine(datetime.fromisoformat(values["date"]), time.fromisoformat(step["at"]), UTC)
            steps.append(
                Step(
                    at,
                    step["case"],
                    people[step["by"]],
                    step["do"],
                    step.get("with", {}),
                    step.get("answers"),
                    step.get("says", ""),
                    step.get("phone", ""),
                    step.get("refused", ""),
                )
            )
    if faults:
        raise BadInput(faults)
    ordered = tuple(sorted(steps, key=lambda step: step.at))
    return Day(
        values["pathway"],
        values["story"],
        ordered,
        values.get("usual", {}),
        values.get("form", {}),
        values.get("pack", {}),
    )


def whole_day() -> Day:
    """The day that ``safehands demo`` plays: forty calls, and every way in which a handover can end."""
    return read_day(resources.files("safehands").joinpath("demo/day.toml").read_text("utf-8"), "demo/day.toml")


def play(service: Service, day: Day, tell: Callable[[datetime, str], None]) -> dict[str, str]:
    """Play ``day`` in a clock of its own; the ids of its cases by their names. ``tell`` hears what each step says."""
    clock = SetClock(day.steps[0].at, learned_too=True)
    service = replace(service, clock=clock)
    cases: dict[str, str] = {}
    for step in day.steps:
        _let_pass(service, clock, step.at, frozenset(cases.values()))
        take(service, day, step, cases)
        if step.says:
            tell(step.at, step.says)
    return cases


def _let_pass(service: Service, clock: SetClock, until: datetime, cases: frozenset[str]) -> None:
    """Move the clock to ``until``, stopping at every deadline of these cases on the way."""
    while waiting := [due for due in service.store.due(until) if due.case_id in cases]:
        clock.move_to(waiting[0].at)
        if not timers.send(service, waiting[0]):
            break
    clock.move_to(until)


def take(service: Service, day: Day, step: Step, cases: dict[str, str]) -> None:
    """Do one step. ``cases`` holds the ids of the day's cases by their names, and gets new ones."""
    known = step.case in cases
    case_id = cases.setdefault(step.case, service.clock.new_id())
    case = service.case(case_id, agency=None) if known else None
    command = _command(service, day, step, case)
    tokens = (Token("phone", normal("phone", step.phone)),) if step.phone else ()
    request = Request(service.clock.new_id(), case_id, command, step.by, pathway=day.pathway, tokens=tokens)
    if not step.refused:
        service.handle(request)
        return
    try:
        service.handle(request)
    except Refused as said:
        if said.rule == step.refused:
            return
        raise
    raise AssertionError(f"nobody refused what {step.case} at {step.at:%H:%M:%S} tries; {step.refused} should have")


def _command(service: Service, day: Day, step: Step, case: Case | None) -> Command:
    if step.do in ("TakeContact", "JoinContact"):
        contact = Contact(
            contact=service.clock.new_id(), received_at=step.at, taken_by=step.by.agency, **dict(step.given)
        )
        answers = _answers(day, step) if step.answers else ()
        if step.do == "JoinContact":
            return JoinContact(contact, answers)
        return TakeContact(service.clock.new_reference(), contact, answers)
    assert case is not None, "a day's case begins with a contact"
    given = {**_on_screen(case, step), **step.given}
    if isinstance(given.get("pack"), str):
        given["pack"] = {**day.packs[given["pack"]], **given.pop("but", {})}
    if step.do in _WITH_FORM:
        given["form"] = {**day.form, **step.given.get("form", {})}
    if step.do == "RecordAnswers":
        return RecordAnswers(given["contact"], _answers(day, step), given["conclude"])
    made: Command = msgspec.convert(given, _COMMANDS[step.do])
    return made


def _on_screen(case: Case, step: Step) -> dict[str, Any]:
    """What the person's screen shows, for those fields of the command that are read off it."""
    offers = [offer for offer in case.offers.values() if step.by.agency in (offer.to_agency, offer.from_agency)]
    tasks = [task for task in case.open_tasks() if task.assignee == step.by.agency]
    shown = {
        "contact": tuple(case.contacts)[-1],
        "offer": offers[-1].offer if offers else None,
        "task": tasks[-1].task if tasks else None,
        "believes_from": case.holder,
        "believes_holder": case.holder,
        "believes": case.conclusion.outcome if case.conclusion is not None else None,
        "proposal": case.lowering.proposal if case.lowering is not None else None,
        "history_shown": history(case),
        "status": next((each.status for each in case.statuses.values() if each.ended_at is None), None),
        "challenge": next((each.challenge for each in case.open_challenges()), None),
        "booking": next((each.booking for each in case.bookings.values() if each.state == "planning"), None),
        "promise_task": tasks[-1].task if tasks and "promise" in step.given else None,
    }
    wanted = {each.name for each in fields(_COMMANDS[step.do])}
    return {name: value for name, value in shown.items() if name in wanted and value is not None}


def _answers(day: Day, step: Step) -> tuple[Answer, ...]:
    """The usual answers with those of the step instead; a step's are told with their words."""
    given = {**day.usual, **(step.answers or {})}
    return tuple(_answer(question, value, step) for question, value in given.items())


def _answer(question: str, written: Any, step: Step) -> Answer:
    words = written["words"] if isinstance(written, dict) else None
    value = written["value"] if isinstance(written, dict) else written
    read: Value = tuple(value) if isinstance(value, list) else value
    return Answer(question, read, Provenance.ASKED, step.at, step.by.actor, words)
