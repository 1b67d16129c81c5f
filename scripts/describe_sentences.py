"""Write ``docs/reference/sentences.md`` anew, the page of every sentence: ``python scripts/describe_sentences.py``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from safehands.desk import sentences

TARGET = Path(__file__).parents[1] / "docs/reference/sentences.md"

_TOLD = """# Every sentence

<!-- Made from the code by `make reference`. Do not edit. -->

Everything that the software can say to the person in front of it, outside the pages' own text. The desk shows the same
at `/sentences/`. Whoever changes a line here reads it aloud once, as to somebody who is tired: short, what happened,
what to do next. Words in braces or between `%(` and `)s` are filled in."""


def page() -> str:
    """The whole page."""
    parts = [
        ("Rules that refuse", "rule", sentences.of_rules()),
        ("What the service refuses", "rule or module", sentences.of_the_service()),
        ("Concerns", "pathway and concern", sentences.of_concerns()),
        ("What the desk says", "module", sentences.of_the_desk()),
    ]
    return "\n\n".join([_TOLD, *(_part(*each) for each in parts)]) + "\n"


def _part(title: str, where: str, found: Iterable[sentences.Sentence]) -> str:
    rows = [f"| `{each.where}` | {_cell(each.text)}{_cell(each.plural and f' / {each.plural}')} |" for each in found]
    return "\n".join([f"## {title}", "", f"| {where} | sentence |", "| --- | --- |", *rows])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split(" "))


if __name__ == "__main__":
    TARGET.write_text(page(), "utf-8")
