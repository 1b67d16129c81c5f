"""All measurements in one run: prints the table and writes ``bench/RESULTS.md``.

    python -m bench.run [--quick] [--only a,b,…] [--no-write]

``--quick`` (or ``BENCH=quick`` in the environment) takes small sizes and short rounds, to see that everything runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bench.measure import Result
from bench.report import markdown, plain

#: What is measured, in the order of the table, and the module that does it.
MEASURES = {
    "a": "bench.one_decision",
    "b": "bench.population",
    "c": "bench.lifecycle",
    "d": "bench.replaying",
    "e": "bench.verifying",
    "f": "bench.worklist",
    "g": "bench.simulation",
    "h": "bench.desk_pages",
    "i": "bench.fifty_desks",
    "j": "bench.scanning",
    "k": "bench.integrity",
    "l": "bench.entering",
}
RESULTS = Path(__file__).with_name("RESULTS.md")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the measurements that ``argv`` names (all of them). 0 if every bar that was measured is met, 1 if not."""
    parser = argparse.ArgumentParser(prog="bench", description="How Safehands compares, measured side by side.")
    parser.add_argument("--quick", action="store_true", help="small sizes, short rounds")
    parser.add_argument("--only", default=",".join(MEASURES), help="which of " + ", ".join(MEASURES))
    parser.add_argument("--no-write", action="store_true", help="leave RESULTS.md as it is")
    chosen = parser.parse_args(argv)
    quick = chosen.quick or os.environ.get("BENCH") == "quick"
    wanted = [name for name in chosen.only.split(",") if name]
    strange = [name for name in wanted if name not in MEASURES]
    if strange:
        parser.error(f"there is no measurement {', '.join(strange)}; choose from {', '.join(MEASURES)}")
    results: list[Result] = []
    for name in wanted:
        module = import_module(MEASURES[name])
        print((module.__doc__ or "").splitlines()[0], file=sys.stderr, flush=True)
        results += module.measure(quick=quick)
    print(plain(results))
    if not (chosen.no_write or quick or len(wanted) < len(MEASURES)):
        RESULTS.write_text(markdown(results), encoding="utf-8")
    return 0 if all(result.met is not False for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
