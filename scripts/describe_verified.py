"""Write ``docs/explanation/what-is-verified.md`` anew from the shipped pathways: ``python
scripts/describe_verified.py``.
"""

from __future__ import annotations

from pathlib import Path

from safehands.pathways.load import load
from safehands.pathways.verified import page_of

TARGET = Path(__file__).parents[1] / "docs/explanation/what-is-verified.md"
#: The pathways whose declarations people rely on, in the order of the page.
PATHWAYS = ("right-care", "evidence-review")

if __name__ == "__main__":
    TARGET.write_text(page_of(*(load(name) for name in PATHWAYS)), "utf-8")
