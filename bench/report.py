"""The results as a table on the screen, and as the page that is kept beside the code."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from bench.measure import Result

_HEADINGS = ("", "what", "peer", "peer's figure", "ours", "ratio", "bar", "met?")
_VERSIONS = ("safehands", "zen-engine", "django", "django-helpdesk", "psycopg", "numpy", "cryptography", "msgspec")


def plain(results: Sequence[Result]) -> str:
    """A table for a terminal, one line a result and its spread and note below."""
    rows = [_HEADINGS, *(_cells(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = []
    for number, row in enumerate(rows):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number:
            result = results[number - 1]
            lines += [f"     {text}" for text in (result.spread, result.note) if text]
    return "\n".join(lines)


def markdown(results: Sequence[Result]) -> str:
    """``RESULTS.md``: what was measured on which kind of machine, the table, and what falls short."""
    table = ["| " + " | ".join(_HEADINGS) + " | spread |", "|---" * (len(_HEADINGS) + 1) + "|"]
    table += ["| " + " | ".join((*_cells(result), result.spread)) + " |" for result in results]
    short = [
        f"- ({each.measure}) {each.what}, against {each.peer}: {each.ratio}; the bar is {each.bar}. {each.note}"
        for each in results
        if each.met is False
    ]
    notes = [f"- ({each.measure}) {each.what}: {each.note}." for each in results if each.note and each.met is not False]
    return "\n".join(
        [
            "# What was measured",
            "",
            "Written by `make bench`; not edited by hand. Both sides of a ratio take turns in short rounds within one",
            "run; the ratio is the median of the rounds, the spread their lowest and highest. Under 1.5 times is",
            "noise. The times are of one machine and say little about another; the ratios are what is claimed.",
            "",
            f"Measured on {datetime.now(UTC):%-d %B %Y} on {_machine()}.",
            f"Versions: {', '.join(_versions())}.",
            "",
            *table,
            "",
            "## What falls short",
            "",
            *(short or ["Nothing that was measured."]),
            "",
            "## Notes",
            "",
            *(notes or ["None."]),
            "",
        ]
    )


def _cells(result: Result) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: "-"}[result.met]
    return (
        result.measure,
        result.what,
        result.peer,
        result.peer_figure,
        result.our_figure,
        result.ratio,
        result.bar,
        met,
    )


def _machine() -> str:
    return f"a shared machine with {os.cpu_count()} processors ({platform.machine()}, {platform.system()})"


def _versions() -> list[str]:
    found = [f"Python {platform.python_version()}"]
    for name in _VERSIONS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found
