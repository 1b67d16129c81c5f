"""The calendars that come with Safehands, by name: working days of England and Wales.

Two lists make one calendar: the Ministry of Justice's own (``govuk-bank-holidays``, as published) from 2012 on, and for
older years one that the library ``holidays`` worked out. Nothing is fetched: a newer list comes with a newer release.
Before the first and after the last listed day a due date is unknown.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from safehands.core.calendar import Calendar

#: Working days of England and Wales.
ENGLAND_AND_WALES: Final = "england-and-wales"

_NEWER: Final = ("govuk-0.19.json", "govuk-bank-holidays 0.19")
_OLDER: Final = "england-and-wales-1975-2011.toml"


@cache
def shipped_calendars() -> Mapping[str, Calendar]:
    """Every calendar that comes with Safehands, by the name under which pathways speak of it."""
    return MappingProxyType({ENGLAND_AND_WALES: _england_and_wales()})


def _england_and_wales() -> Calendar:
    older = tomllib.loads(_text(_OLDER))
    newer = json.loads(_text(_NEWER[0]))[ENGLAND_AND_WALES]["events"]
    listed = {date.fromisoformat(event["date"]) for event in newer}
    return Calendar(
        name=ENGLAND_AND_WALES,
        zone="Europe/London",
        holidays=frozenset(listed | set(older["days"])),
        known_until=max(listed),
        known_from=older["known_from"],
        version=f"{older['version']}, {_NEWER[1]}",
    )


def _text(file: str) -> str:
    return resources.files("safehands.pathways").joinpath("bank_holidays", file).read_text("utf-8")
