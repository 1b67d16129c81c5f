"""What may stand in a cell of a file that somebody opens in a spreadsheet.

A cell that begins like a formula is run by the program that opens it, with the reader's rights (OWASP, "CSV
Injection"). So an apostrophe is put before it, which spreadsheets take as "this is text", and taken away again when
we read the file back. A cell that begins with apostrophes and then like a formula gets one more, so that nothing that
anybody wrote is lost on the way there and back.
"""

from __future__ import annotations

import re
from typing import Final

#: What a spreadsheet takes for the beginning of a formula or of a command, white space before it or not.
_RISKY: Final = re.compile(r"'*\s*[=+\-@\t\r\n|%\uff1d\uff0b\uff0d\uff20]")
_NEUTRALISED: Final = re.compile(r"'+\s*[=+\-@\t\r\n|%\uff1d\uff0b\uff0d\uff20]")


def neutral(cell: str) -> str:
    """The cell as text that no spreadsheet runs."""
    # Nearly every cell begins with a letter or a digit, and needs no closer look.
    return f"'{cell}" if not cell[:1].isalnum() and _RISKY.match(cell) else cell


def as_written(cell: str) -> str:
    """The cell as it was before ``neutral``."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell
