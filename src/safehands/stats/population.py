"""Triage of a whole population at once: what would these tables have said about a year of calls?

The same tables as ``core.tables``, asked by column. Inputs are put together in a few groups; for each group one array
says, for every combination of its codes, which rows are left standing (one bit a row, in the order in which rows
decide). A case is one look-up a group, their ``and``, and the lowest bit left. Cases are taken in chunks that fit a
processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from safehands.core.pathway import Input, Pathway
from safehands.core.tables import deciding_rows
from safehands.core.vocabulary import UNKNOWN
from safehands.errors import BadInput, PathwayFault

#: A column: for each case the position of its code in the input's domain.
Codes: TypeAlias = npt.NDArray[np.integer]

_GROUP: Final = 4096  # combinations in a group: its array of 8-byte words stays in the first cache
_CHUNK: Final = 16_384  # cases in a chunk: their columns stay in the second cache
_WORD: Final = 64
_ALL: Final = np.iinfo(np.uint64).max
_NO_ROW: Final = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class _Group:
    """Inputs looked up together, and for each word of row bits the array by combination."""

    columns: tuple[Input, ...]
    words: tuple[npt.NDArray[np.uint64], ...]


class PopulationTriage:
    """The tables of one proved pathway, ready to be asked by column.

    ``row_ids`` gives the row behind each row index (in the order in which rows decide), ``codes`` the domain that a
    column's numbers are positions of.
    """

    def __init__(self, pathway: Pathway) -> None:
        rows = [row for _, row in deciding_rows(pathway)]
        self.pathway = pathway
        self.row_ids = tuple(row.id for row in rows)
        self.codes: Mapping[str, tuple[str, ...]] = {column.name: column.domain for column in pathway.inputs}
        self._classes = np.array([row.outcome for row in rows], dtype=np.int8)
        self._words = -(-len(rows) // _WORD)
        self._groups = tuple(self._group(columns) for columns in _grouped(pathway.inputs))

    def triage(self, columns: Mapping[str, Codes]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.uint16]]:
        """Class and row index of every case.

        ``columns`` gives, by input name, one array of equal length; an input without a column is unknown in every case.
        Raises ``BadInput`` naming every bad column, ``PathwayFault`` if no row answers some case.
        """
        cases = self._checked(columns)
        rows = np.full(cases, _NO_ROW, dtype=np.uint16)
        for start in range(0, cases, _CHUNK):
            chunk = slice(start, start + _CHUNK)
            self._chunk({name: codes[chunk] for name, codes in columns.items()}, rows[chunk])
        if cases and rows.max() == _NO_ROW:
            raise PathwayFault(
                [f"{self.pathway.ref.pathway}: no row of any table answers some case: the tables are not proved"]
            )
        return self._classes.take(rows), rows

    def _chunk(self, columns: Mapping[str, Codes], rows: npt.NDArray[np.uint16]) -> None:
        """Fill ``rows`` for one chunk of cases."""
        places = [self._places(group, columns, len(rows)) for group in self._groups]
        for word in reversed(range(self._words)):
            standing = np.full(len(rows), _ALL, dtype=np.uint64)
            for group, place in zip(self._groups, places, strict=True):
                np.bitwise_and(standing, group.words[word].take(place), out=standing)
            # The bits below the lowest one that is set: their number is its position.
            below = np.bitwise_count(~standing & (standing - np.uint64(1)))
            np.copyto(rows, below.astype(np.uint16) + np.uint16(word * _WORD), where=standing != 0)

    def _places(self, group: _Group, columns: Mapping[str, Codes], cases: int) -> npt.NDArray[np.uint16]:
        """Where each case lies in the group's arrays."""
        place = np.zeros(cases, dtype=np.uint16)
        for column in group.columns:
            np.multiply(place, np.uint16(len(column.domain)), out=place)
            codes = columns.get(column.name)
            if codes is None:
                np.add(place, np.uint16(column.domain.index(UNKNOWN)), out=place)
            else:
                np.add(place, codes, out=place, casting="unsafe")  # checked before: codes are small
        return place

    def _group(self, columns: tuple[Input, ...]) -> _Group:
        rows = [row for _, row in deciding_rows(self.pathway)]
        words = []
        for word in range(self._words):
            part = rows[word * _WORD : (word + 1) * _WORD]
            standing = np.array([2 ** len(part) - 1], dtype=np.uint64)
            for column in columns:
                by_code = [
                    sum(1 << bit for bit, row in enumerate(part) if code in row.when.get(column.name, (code,)))
                    for code in column.domain
                ]
                standing = (standing[:, None] & np.array(by_code, dtype=np.uint64)[None, :]).reshape(-1)
            words.append(standing)
        return _Group(columns, tuple(words))

    def _checked(self, columns: Mapping[str, Codes]) -> int:
        faults = [f"{name}: the pathway has no input with this name" for name in columns if name not in self.codes]
        lengths = {len(codes) for codes in columns.values()}
        if len(lengths) != 1:
            faults.append(f"columns must have one length, not {sorted(lengths) or 'none at all'}")
        for name, codes in columns.items():
            size = len(self.codes.get(name, ()))
            if codes.dtype.kind not in "iu":
                faults.append(f"{name}: codes must be whole numbers, not {codes.dtype}")
            elif size and codes.size and not (int(codes.min()) >= 0 and int(codes.max()) < size):
                faults.append(f"{name}: codes must be from 0 to {size - 1}, not from {codes.min()} to {codes.max()}")
        if faults:
            raise BadInput(faults)
        return lengths.pop()


def compile_population(pathway: Pathway) -> PopulationTriage:
    """The tables of ``pathway``, ready to be asked by column. Ask a proved pathway: see ``core.prove``."""
    return PopulationTriage(pathway)


def _grouped(columns: tuple[Input, ...]) -> Iterator[tuple[Input, ...]]:
    """Inputs in groups whose combinations stay few."""
    group: list[Input] = []
    size = 1
    for column in columns:
        if group and size * len(column.domain) > _GROUP:
            yield tuple(group)
            group, size = [], 1
        group.append(column)
        size *= len(column.domain)
    yield tuple(group)
