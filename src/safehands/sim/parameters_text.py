"""Parameters written as TOML, with a word on what each part is, so that they can be edited and read again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from safehands.sim.agencies import DAYS, LEVEL_NAMES, ByLevel, Desk
from safehands.sim.contacts import Kind
from safehands.sim.distributions import Distribution
from safehands.sim.parameters import Parameters

_DIGITS = 6


def write_parameters(parameters: Parameters) -> str:
    """The text that ``read_parameters`` reads back to the same parameters, to six significant digits."""
    return "\n".join(_lines(parameters)) + "\n"


def _lines(p: Parameters) -> Iterator[str]:
    yield "# A simulated area. Times are minutes, chances and shares lie from 0 to 1. Edit what you know better."
    yield f"title = {_text(p.title)}"
    yield ""
    yield "# What each part rests on."
    yield "[provenance]"
    yield from (f"{_text(part)} = {_text(said)}" for part, said in p.provenance.items())
    yield ""
    yield "# Calls an hour, one line a day, Monday first. week_spread: how much whole weeks differ beyond chance."
    yield "[arrivals]"
    yield f"week_spread = {_number(p.arrivals.week_spread)}"
    yield from _week("hours", p.arrivals.hourly)
    for kind in p.mix.kinds:
        yield from _kind(kind)
    if p.control_room is not None:
        yield from _desk("control_room", p.control_room)
    if p.supervisors is not None:
        yield from _desk("supervisors", p.supervisors)
        yield f"limit = {_number(p.limit)}"
        yield f"deploys = {_number(p.deploys)}"
    yield from _desk("crews", p.crews)
    for role, desk in p.partners.items():
        yield from _desk(f"partner.{_text(role)}", desk)
    yield ""
    yield "# rings_again: the chance that a caller to whom nobody came rings again, after pause minutes on average."
    yield "[callers]"
    yield f"rings_again = {_number(p.rings_again)}"
    yield f"pause = {_number(p.pause)}"
    yield ""
    yield "# crews_go: the chance that crews go after an offer was declined or lapsed."
    yield "[refusals]"
    yield f"crews_go = {_number(p.after_refusal)}"
    yield f"keep_minutes = {_number(p.keep_minutes)}"


def _kind(kind: Kind) -> Iterator[str]:
    yield ""
    yield "[[contact]]"
    yield f"name = {_text(kind.name)}"
    yield f"share = {_number(kind.share)}"
    yield "[contact.answers]"
    for column, codes in kind.answers.items():
        shares = ", ".join(f"{_text(code)} = {_number(share)}" for code, share in codes.items())
        yield f"{_text(column)} = {{ {shares} }}"


def _desk(name: str, desk: Desk) -> Iterator[str]:
    yield ""
    yield f"[{name}]"
    yield f"label = {_text(desk.label)}"
    yield f"accepts = {_number(desk.accepts)}"
    yield f"attends = {_number(desk.attends)}"
    yield f"people = {_number(desk.people)}"
    for part, times in (("before", desk.before), ("reach", desk.reach), ("work", desk.work)):
        yield from _times(part, times)
    yield from _week("places", desk.places)


def _times(part: str, times: ByLevel) -> Iterator[str]:
    if len(times) == 1:
        if times[0] is not None:
            yield f"{part} = {_distribution(times[0])}"
        return
    for level, each in zip(LEVEL_NAMES, times, strict=True):
        if each is not None:
            yield f"{part}.{level} = {_distribution(each)}"


def _distribution(times: Distribution) -> str:
    if times.mean is not None:
        return f"{{ mean = {_number(times.mean)} }}"
    if times.quantiles:
        return f"{{ quantiles = [{', '.join(map(_number, times.quantiles))}] }}"
    if len(times.parts) == 1:
        return f"{{ median = {_number(times.parts[0].median)}, spread = {_number(times.parts[0].spread)} }}"
    parts = ", ".join(
        f"{{ share = {_number(p.share)}, median = {_number(p.median)}, spread = {_number(p.spread)} }}"
        for p in times.parts
    )
    return f"{{ parts = [{parts}] }}"


def _week(name: str, hours: Sequence[float]) -> Iterator[str]:
    if len(set(hours)) == 1 and isinstance(hours[0], int):
        yield f"{name} = {hours[0]}"
        return
    yield f"{name} = ["
    for day, label in enumerate(DAYS):
        yield f"  [{', '.join(map(_number, hours[day * 24 : day * 24 + 24]))}], # {label}"
    yield "]"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else repr(float(f"{value:.{_DIGITS}g}"))


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
