"""What a scan leaves: a report of every case, and the rows that were refused, each with why. Cells are neutral."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, TextIO

from safehands.errors import BadInput
from safehands.exports.cells import neutral
from safehands.scanning.shapes import Told
from safehands.scanning.sheets import NOT_READ

REPORTED: Final = (
    "case_ref",
    "grade",
    "rule",
    "letter",
    "decision",
    "records",
    "first_true",
    "because",
    "what_it_means",
)
GRADES: Final = {1: "critical", 2: "high", 3: "medium", 4: "recorded"}
NOTHING: Final = "No rule that was scanned is true of what the table says."


class Files:
    """The two files of a scan. The second is made with the first refused row."""

    def __init__(self, report: Path, refused: Path, header: Sequence[str], meaning: Mapping[str, str]) -> None:
        self.refused_at = refused
        self._meaning = meaning
        self._header = tuple(column for column in header if column not in NOT_READ)
        self._kept = [place for place, column in enumerate(header) if column not in NOT_READ]
        self._open = ExitStack()
        self._report = csv.writer(self._new(report))
        self._report.writerow(REPORTED)
        self._refused: Any = None

    def _new(self, path: Path) -> TextIO:
        try:
            path.touch(mode=0o600, exist_ok=False)
            return self._open.enter_context(path.open("w", encoding="utf-8", errors="surrogateescape", newline=""))
        except FileExistsError:
            raise BadInput([f"{path} is there already. Move it away, or name another file."]) from None
        except OSError as fault:
            raise BadInput([f"{path}: {fault.strerror}"]) from None

    def close(self) -> None:
        """Write out what is still held back."""
        self._open.close()

    def tell(self, case: str, told: Sequence[Told]) -> None:
        """The case's lines in the report, worst first; one line where there is nothing."""
        if not told:
            self._report.writerow((neutral(case), "", "", "", "", "", "", "", NOTHING))
            return
        ref = neutral(case)
        # What the rules' own words and codes say begins with a letter or a digit and needs no look.
        self._report.writerows(
            [
                (
                    ref,
                    GRADES[each.grade],
                    each.rule,
                    each.letter,
                    neutral(each.decision),
                    neutral("; ".join(each.records)),
                    "" if each.first_true is None else each.first_true.isoformat(),
                    neutral("; ".join(each.because)),
                    self._meaning.get(each.rule + each.letter, ""),
                )
                for each in told
            ]
        )

    def refuse(self, number: int, cells: Sequence[str], faults: Sequence[str]) -> None:
        """A refused row as it was, after its line number and every fault in it."""
        if self._refused is None:
            self._refused = csv.writer(self._new(self.refused_at))
            self._refused.writerow((*NOT_READ, *self._header))
        width = len(self._kept) + len(NOT_READ)
        kept = [cells[place] for place in self._kept if place < len(cells)] + list(cells[width:])
        self._refused.writerow(map(neutral, (str(number), "; ".join(faults), *kept)))


@contextmanager
def files(report: Path, refused: Path, header: Sequence[str], meaning: Mapping[str, str]) -> Iterator[Files]:
    """The files of one scan, closed at the end. Raises ``BadInput`` where one of them is there already."""
    if refused.exists():
        raise BadInput([f"{refused} is there already. Move it away, or name another file."])
    made = Files(report, refused, header, meaning)
    try:
        yield made
    finally:
        made.close()
