"""Write ``docs/explanation/what-is-verified.md`` anew from the shipped pathway: ``python
scripts/describe_verified.py``.
"""

from __future__ import annotations

from pathlib import Path

from safehands.pathways.load import load
from safehands.pathways.verified import page_of

TARGET = Path(__file__).parents[1] / "docs/explanation/what-is-verified.md"

if __name__ == "__main__":
    TARGET.write_text(page_of(load("right-care")), "utf-8")
