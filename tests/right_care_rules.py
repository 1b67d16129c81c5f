"""The rules of the Right Care sheet (section 2.3) read as written, without our law 5: the oracle of the shipped tables.

Values are those of the sheet's appendix A: ``weapon``, ``duty``, ``prof`` and ``enq`` are 0 or 1, ``ind`` counts signs
of risk up to two, ``repeat`` earlier contacts up to two. It knows no unknown for these, nor for ``stream`` and
``need``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from safehands.core.pathway import Pathway, Row

Facts = Mapping[str, Any]

VALUES: Final[dict[str, list[Any]]] = {
    "crime": ["no", "past", "unknown", "in_progress"],
    "weapon": [0, 1],
    "life": ["none", "ideation", "unknown", "intent", "act"],
    "harm": ["no", "unknown", "yes"],
    "resp": ["speaking", "text", "seen", "none", "unknown"],
    "child": ["adult", "unknown", "child"],
    "ooc": ["no", "unknown", "yes"],
    "ind": [0, 1, 2],
    "view": ["no", "unsure", "unknown", "yes"],
    "missing": ["no", "unknown", "yes"],
    "duty": [0, 1],
    "repeat": [0, 1, 2],
    "stream": ["CFW", "WALKOUT", "AWOL", "TRANSPORT", "MEDICAL"],
    "prof": [0, 1],
    "conseq": ["minor", "unknown", "serious", "life"],
    "rave": ["no", "unknown", "yes"],
    "amb": ["accept", "late", "refuse"],
    "need": ["mh", "social", "medical", "none"],
    "enq": [0, 1],
}

#: An adult who speaks, with nothing wrong: the case that closes.
QUIET: Final[dict[str, Any]] = {
    "crime": "no", "weapon": 0, "life": "none", "harm": "no", "resp": "speaking", "child": "adult", "ooc": "no",
    "ind": 0,
    "view": "no", "missing": "no", "duty": 0, "repeat": 0, "stream": "CFW", "prof": 0, "conseq": "minor", "rave": "no",
    "amb": "accept", "need": "none", "enq": 1,
}  # fmt: skip


def young(f: Facts) -> bool:
    return bool(f["child"] != "adult")


def silent_and_odd(f: Facts) -> bool:
    return bool(f["ooc"] == "yes" or f["ind"] > 0)


#: Stage A: every rule that holds counts; the highest class wins, and of equals the lowest rule.
RESPONSE: Final[list[tuple[str, int, Callable[[Facts], bool]]]] = [
    ("A1", 5, lambda f: f["crime"] == "in_progress" or f["weapon"] == 1),
    ("A2", 3, lambda f: f["crime"] == "past"),
    ("A3", 6, lambda f: f["life"] == "act"),
    ("A4", 5, lambda f: f["life"] == "intent"),
    ("A5", 5, lambda f: f["harm"] == "yes"),
    ("A6", 3, lambda f: f["missing"] == "yes"),
    ("A7", 5, lambda f: young(f) and (f["resp"] == "none" or f["missing"] == "yes")),
    ("A7", 4, lambda f: young(f) and (f["ind"] > 0 or f["life"] in {"ideation", "unknown"} or f["view"] == "yes")),
    ("A7", 3, lambda f: young(f) and f["stream"] in {"WALKOUT", "AWOL"}),
    ("A8", 4, lambda f: f["duty"] == 1),
    ("A9", 5, lambda f: f["view"] == "yes" and f["resp"] in {"none", "unknown"} and silent_and_odd(f)),
    ("A10", 4, lambda f: f["resp"] == "none" and f["ind"] == 2),
    ("A10", 3, lambda f: f["resp"] == "none" and silent_and_odd(f)),
    ("A11", 3, lambda f: f["repeat"] == 1),
    ("A11", 4, lambda f: f["repeat"] == 2),
    ("A12", 4, lambda f: f["view"] == "yes" and f["prof"] == 1),
    ("A12", 3, lambda f: f["view"] == "yes"),
    ("A13", 5, lambda f: f["stream"] == "AWOL" and f["ind"] == 2),
    ("A13", 4, lambda f: f["stream"] == "AWOL" and (f["ind"] == 1 or f["rave"] == "yes")),
    ("A13", 3, lambda f: f["stream"] == "AWOL" and (f["life"] == "ideation" or f["rave"] == "unknown")),
    ("A14", 5, lambda f: f["stream"] == "WALKOUT" and f["conseq"] == "life"),
    ("A14", 3, lambda f: f["stream"] == "WALKOUT" and f["conseq"] in {"serious", "unknown"}),
    ("A14", 3, lambda f: f["stream"] == "WALKOUT" and (f["ind"] > 0 or f["life"] == "ideation")),
    ("A15", 3, lambda f: f["need"] == "medical" and f["stream"] != "TRANSPORT"),
    ("A16", 3, lambda f: f["stream"] == "TRANSPORT" and f["rave"] != "no"),
    ("A17", 3, lambda f: "unknown" in {f[name] for name in ("crime", "life", "harm", "resp", "view", "missing")}),
]

#: Stage B: only where no rule of stage A holds; the first that holds.
ROUTING: Final[list[tuple[str, int, Callable[[Facts], bool]]]] = [
    ("B1", 1, lambda f: f["stream"] == "AWOL"),
    ("B2", 1, lambda f: f["stream"] == "WALKOUT"),
    ("B3", 2, lambda f: f["stream"] == "TRANSPORT"),
    ("B4", 2, lambda f: f["need"] == "mh" and f["resp"] in {"speaking", "text"} and not young(f)),
    ("B5", 2, lambda f: f["need"] == "social" and f["life"] == "none"),
    ("B6", 1, lambda f: f["prof"] == 1 and f["enq"] == 0 and no_risk_said(f)),
    ("B7", 0, lambda f: no_risk_said(f) and f["resp"] in {"speaking", "text", "seen"} and f["repeat"] == 0),
    ("B8", 3, lambda _: True),
]


def no_risk_said(f: Facts) -> bool:
    return bool(not young(f) and f["life"] == "none" and f["ind"] == 0 and f["view"] == "no")


def sheet_says(f: Facts) -> tuple[int, str]:
    """Class and rule."""
    held = [(cls, rule) for rule, cls, holds in RESPONSE if holds(f)]
    if held:
        top = max(cls for cls, _ in held)
        return top, next(rule for cls, rule in held if cls == top)
    return next((cls, rule) for rule, cls, holds in ROUTING if holds(f))


def law_5_raises(f: Facts) -> bool:
    """Where we say more than the sheet, on its own values: silence, and nobody knows whether it is out of character.

    The sheet reads that as no. With yes rule A10 would make it guarded, so a class below guarded becomes guarded.
    """
    return bool(f["resp"] == "none" and f["ooc"] == "unknown" and sheet_says(f)[0] < 3)


#: How the sheet's appendix reads an answer that nobody gave, where it has no word for unknown: as the first value.
READ_AS: Final = {"weapon": "no", "duty": "no", "prof": "no", "enq": "no", "ind": "0", "repeat": "0", "ooc": "no"}


def as_the_sheet_reads_it(ours: Pathway) -> Pathway:
    """The shipped tables without law 5: no guards, and an answer that nobody gave read as the sheet reads it."""
    tables = tuple(
        replace(table, rows=tuple(_trusting(row) for row in table.rows if row.policy != "law 5"))
        for table in ours.tables
    )
    return replace(ours, tables=tables)


def _trusting(row: Row) -> Row:
    """The row, where unknown counts as the value that the sheet reads it as."""
    when = {
        name: codes | {"unknown"} if READ_AS.get(name) in codes else codes - ({"unknown"} if name in READ_AS else set())
        for name, codes in row.when.items()
    }
    return replace(row, when=when)
