"""Write docs/safety/asvs.md: each L1 and L2 requirement of OWASP ASVS 5.0.0 with its test, its reason, or "open".

    python scripts/describe_asvs.py [--check]

Ids and levels are OWASP's (CC BY-SA 4.0) and lie beside it; the texts are theirs and are not repeated here.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAFETY = ROOT / "docs" / "safety"
PAGE = SAFETY / "asvs.md"

HEAD = """# How the desk stands to OWASP ASVS 5.0.0

Each requirement of level 1 and 2, with the test that shows it, the reason why it holds or does not apply, or "open":
nobody has shown it yet. Made by `scripts/describe_asvs.py` from `asvs.toml`; ids and levels are those of the
Application Security Verification Standard by the OWASP Foundation (CC BY-SA 4.0), which holds the texts.

"""


def required() -> list[tuple[str, str]]:
    """Every requirement of level 1 and 2: its id and its level."""
    with (SAFETY / "asvs-5.0.0-ids.csv").open(encoding="utf-8") as file:
        return [(row["id"], row["level"]) for row in csv.DictReader(file) if row["level"] in {"1", "2"}]


def answers() -> Mapping[str, str]:
    """What ``asvs.toml`` says, by requirement, section or chapter."""
    found: dict[str, str] = tomllib.loads((SAFETY / "asvs.toml").read_text("utf-8"))["answers"]
    return found


def answer_of(requirement: str, given: Mapping[str, str]) -> str:
    """The nearest answer: the requirement's own, its section's, its chapter's; ``open`` where there is none."""
    parts = requirement.split(".")
    return next((given[name] for n in (3, 2, 1) if (name := ".".join(parts[:n])) in given), "open")


def page() -> str:
    """The whole page."""
    given = answers()
    rows = [(name, level, answer_of(name, given)) for name, level in required()]
    unanswered = sum(answer == "open" for _, _, answer in rows)
    count = f"{len(rows)} requirements, {len(rows) - unanswered} answered, {unanswered} open.\n\n"
    return HEAD + count + "\n".join(_lines(rows)) + "\n"


def _lines(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    yield "| id | level | answer |"
    yield "|---|---|---|"
    for name, level, answer in rows:
        yield f"| {name} | {level} | {f'`{answer}`' if '::' in answer else answer} |"


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(
            0 if PAGE.read_text("utf-8") == page() else "docs/safety/asvs.md is stale: run scripts/describe_asvs.py"
        )
    PAGE.write_text(page(), "utf-8")
