"""What a finding means for somebody who reads the report of a scan: the sentences of the rules' own catalogue, by rule
and letter, so that a closed case and a live one are told of in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safehands.rulebook.integrity.catalogue import CATALOGUE

#: What each finding says, by rule and letter (``R01a``).
MEANINGS: Final[Mapping[str, str]] = {
    f"{entry.id}{letter}": sentence for entry in CATALOGUE for letter, sentence in entry.says.items()
}
