"""Who rings: kinds of contact, and what they answer to the questions of the tables.

Answers are either shares by kind (drawn one by one) or whole recorded contacts (drawn with all their answers, which
keeps what belongs together). A question without a share is unknown in every contact, as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from safehands.core.answers import code_of, read_answers
from safehands.core.pathway import Input, Pathway
from safehands.core.vocabulary import UNKNOWN, Value
from safehands.errors import BadInput
from safehands.sim.compiled import compiled
from safehands.sim.draws import PURPOSES, uniform

#: Codes by input: for each contact the position in the input's domain.
Columns = dict[str, npt.NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of contact: its share of all, and for each input the share of each code (what is left over is unknown)."""

    name: str
    share: float
    answers: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Mix:
    """The kinds together, or ``recorded`` contacts (input name to code) to draw from."""

    kinds: tuple[Kind, ...] = ()
    recorded: tuple[Mapping[str, str], ...] = ()


def check_mix(mix: Mix, pathway: Pathway) -> None:
    """Raises ``BadInput`` naming every input and code that the pathway lacks, and every share that is none."""
    domains = {column.name: column.domain for column in pathway.inputs}
    faults = [] if mix.kinds or mix.recorded else ["there are neither kinds of contact nor recorded contacts"]
    if mix.kinds and not sum(max(kind.share, 0.0) for kind in mix.kinds):
        faults.append("the shares of the kinds of contact must add up to more than 0")
    for kind in mix.kinds:
        faults += [f"{kind.name}: the share must be 0 or more"] if not kind.share >= 0 else []
        for name, shares in kind.answers.items():
            unheard = set(shares) - set(domains.get(name, ()))
            if name not in domains:
                faults.append(f"{kind.name}: {pathway.ref.pathway} has no input {name!r}")
            elif unheard:
                faults.append(f"{kind.name}, {name}: no such code as {', '.join(sorted(unheard))}")
            if any(not share >= 0 for share in shares.values()) or sum(shares.values()) > 1 + 1e-9:
                faults.append(f"{kind.name}, {name}: shares must be 0 or more and 1 together at most")
    for number, contact in enumerate(mix.recorded, 1):
        faults += [
            f"recorded contact {number}, {name}: no such code as {code!r}"
            for name, code in contact.items()
            if code not in domains.get(name, ())
        ]
    if faults:
        raise BadInput(faults)


def recorded(pathway: Pathway, records: Sequence[Mapping[str, Value]]) -> Mix:
    """A mix of real contacts from their answers (by question), for instance those of a replay."""
    contacts = []
    for answers in records:
        read = read_answers(pathway, answers)
        contacts.append({c.name: code_of(c, read.get(c.question, UNKNOWN)) for c in pathway.inputs})
    return Mix(recorded=tuple(contacts))


@compiled
def _choose(steps: npt.NDArray[np.float64], count: int, key: np.uint64) -> npt.NDArray[np.int64]:
    """For each contact the first step that its luck does not exceed."""
    chosen = np.empty(count, dtype=np.int64)
    for who in range(count):
        chosen[who] = np.searchsorted(steps, uniform(key, who * PURPOSES))
    return chosen


@compiled
def _codes(
    steps: npt.NDArray[np.float64], kinds: npt.NDArray[np.int64], purpose: int, key: np.uint64
) -> npt.NDArray[np.uint8]:
    """For each contact the code of one input, by its kind's steps (shape kinds, codes)."""
    codes = np.empty(len(kinds), dtype=np.uint8)
    for who in range(len(kinds)):
        luck = uniform(key, who * PURPOSES + purpose)
        code = 0
        while luck > steps[kinds[who], code]:
            code += 1
        codes[who] = code
    return codes


def draw_contacts(mix: Mix, pathway: Pathway, count: int, key: np.uint64) -> Columns:
    """The answers of ``count`` contacts, as columns for ``stats.population``. Check the mix first."""
    if mix.recorded:
        which = _choose(np.linspace(0, 1, len(mix.recorded) + 1)[1:], count, key)
        return {column.name: _recorded_codes(mix, column)[which] for column in pathway.inputs}
    shares = np.cumsum([kind.share for kind in mix.kinds])
    kinds = _choose(shares / shares[-1], count, key)
    return {
        column.name: _codes(_steps(mix, column), kinds, purpose, key)
        for purpose, column in enumerate(pathway.inputs, 1)
        if any(column.name in kind.answers for kind in mix.kinds)
    }


def _recorded_codes(mix: Mix, column: Input) -> npt.NDArray[np.uint8]:
    codes = [column.domain.index(contact.get(column.name, UNKNOWN)) for contact in mix.recorded]
    return np.array(codes, dtype=np.uint8)


def _steps(mix: Mix, column: Input) -> npt.NDArray[np.float64]:
    """Cumulated shares by kind and code. The share that nobody claimed is unknown."""
    shares = np.zeros((len(mix.kinds), len(column.domain)))
    for line, kind in zip(shares, mix.kinds, strict=True):
        given = kind.answers.get(column.name, {})
        for code, share in given.items():
            line[column.domain.index(code)] = share
        line[column.domain.index(UNKNOWN)] += max(0.0, 1.0 - sum(given.values()))
    steps: npt.NDArray[np.float64] = np.cumsum(shares, axis=1)
    steps[:, -1] = 1.0  # rounding must not leave luck without a code
    return steps


def in_words_of(columns: Columns, theirs: Pathway, ours: Pathway) -> Columns:
    """The columns drawn for pathway ``theirs`` with the positions of ``ours``; inputs that ``ours`` lacks fall away.

    Raises ``BadInput`` where ``ours`` does not know a code: then nobody can say what its tables would answer.
    """
    domains = {column.name: column.domain for column in ours.inputs}
    faults, translated = [], {}
    for column in theirs.inputs:
        if column.name not in columns or column.name not in domains:
            continue
        unheard = [code for code in column.domain if code not in domains[column.name]]
        if unheard:
            faults.append(f"{column.name}: version {ours.ref.version} has no code {', '.join(unheard)}")
            continue
        positions = np.array([domains[column.name].index(code) for code in column.domain], dtype=np.uint8)
        translated[column.name] = positions[columns[column.name]]
    if faults:
        raise BadInput(faults)
    return translated
