"""(j) Scanning closed cases: cases a second with every rule that is scanned, against reading the same CSV.

Ours reads the table, groups and checks every row, asks the rulebook, and writes the report of every case. The peer is
the standard library's ``csv.reader`` over the same file, which does nothing with what it reads. Half of the cases have
a concern, as in a force's old files where sources were never registered. A second line tells what a table ten times as
long takes in memory.
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.measure import Result, compare, rate, spread, timed
from safehands.rulebook.integrity import INTEGRITY
from safehands.scanning.columns import NAMES
from safehands.scanning.days import ordinal
from safehands.scanning.meanings import MEANINGS
from safehands.scanning.scan import scan

BAR_CASES: Final = 20_000
BAR_SHARE: Final = 0.2
#: How much more memory a table ten times as long may take, in megabytes: the references that were there before.
BAR_MEGABYTES: Final = 64
_TODAY: Final = ordinal("2026-11-22")


def closed_cases(path: Path, cases: int) -> None:
    """An invented table: one to three rows a case, many days and names, few shapes."""
    chance = random.Random(2026)

    def day(first: int, last: int) -> str:
        return f"{chance.randint(first, last)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"

    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, NAMES, restval="")
        writer.writeheader()
        for number in range(cases):
            case = {"case_ref": f"NS/{number:07}"}
            registered = chance.random() < 0.5
            if registered:
                recording = {"record_ref": "AB/1", "record_kind": "video_interview", "held_by": "POL-northshire"}
                writer.writerow(case | recording | {"record_date": day(2010, 2011)})
            written = {
                "record_ref": "AB/1A",
                "record_kind": chance.choice(("record_of_interview", "transcript_full", "witness_statement")),
                "record_date": day(2010, 2011),
                "made_by": f"officer {chance.randint(1, 900)}",
                "decision_ref": "D1",
                "decision_kind": "nfa_police",
                "decision_date": day(2012, 2014),
                "decider": f"sergeant {chance.randint(1, 400)}",
                "seen": chance.choice(("read_full", "read_part")),
                "basis_known": chance.choice(("", "", "", "no")),
            }
            if registered:
                written |= {"source_ref": "AB/1", "method": "transcript_full"}
            writer.writerow(case | written)
            if chance.random() < 0.25:
                review = {"record_ref": "AB/1A", "decision_ref": "D2", "decision_kind": "case_review", "reviews": "D1"}
                again = {"decision_date": day(2016, 2018), "decider": f"sergeant {chance.randint(1, 400)}"}
                writer.writerow(case | review | again | {"seen": "read_full"})


def scanned(table: Path) -> int:
    """How many cases the table has, once it is scanned and the report written."""
    report, refused = table.with_suffix(".report"), table.with_suffix(".refused")
    report.unlink(missing_ok=True)
    refused.unlink(missing_ok=True)
    return scan(table, INTEGRITY, today=_TODAY, report=report, refused=refused, meaning=MEANINGS).cases


def read(table: Path) -> None:
    """Read every row, and nothing else."""
    with table.open(encoding="utf-8", newline="") as text:
        for _ in csv.reader(text):
            pass


def peak_megabytes(table: Path) -> int:
    """The largest resident size of a process that scans the table."""
    program = (
        "import sys, resource; from pathlib import Path; from bench.scanning import scanned; "
        "scanned(Path(sys.argv[1])); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(table)], capture_output=True, text=True, check=True)
    return int(ran.stdout)


def measure(*, quick: bool) -> list[Result]:
    """Two lines: speed and memory."""
    few, many, rounds = (2_000, 20_000, 2) if quick else (100_000, 1_000_000, 5)
    with TemporaryDirectory(prefix="safehands-bench-") as folder:
        short, long = Path(folder) / "short.csv", Path(folder) / "long.csv"
        closed_cases(short, few)
        compared = compare(
            lambda: timed(lambda: read(short), few), lambda: timed(lambda: scanned(short), few), rounds=rounds
        )
        closed_cases(long, many)
        small, large = peak_megabytes(short), peak_megabytes(long)
    ours, reading = 1 / compared.ours, 1 / compared.peer
    return [
        Result(
            measure="j",
            what=f"scanning {few:,} closed cases",
            peer="csv.reader over the same file",
            peer_figure=rate(compared.peer),
            our_figure=rate(compared.ours),
            ratio=f"{compared.ratio:.3f} of reading",
            spread=spread(compared),
            bar=f"{BAR_CASES:,}/s or {BAR_SHARE:g} of reading, whichever is less",
            met=ours >= min(BAR_CASES, BAR_SHARE * reading),
            note="half of the cases have a concern; the report of every case is written",
        ),
        Result(
            measure="j",
            what=f"memory for {many:,} closed cases",
            peer=f"{few:,} cases",
            peer_figure=f"{small} MB",
            our_figure=f"{large} MB",
            ratio=f"{large - small} MB more",
            spread="",
            bar=f"at most {BAR_MEGABYTES} MB more",
            met=large - small <= BAR_MEGABYTES,
            note="largest resident size of the process",
        ),
    ]
