"""Other tables in the text of a pathway: its questions, clocks, packs and routes stay word for word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from safehands.core.pathway import Pathway, Table
from safehands.errors import PathwayFault
from safehands.pathways.dmn import DmnTables, tables_digest, tables_of
from safehands.pathways.load import parse


def with_tables(pathway: Pathway, read: DmnTables, version: str) -> str:
    """The text of ``pathway`` with other tables and another version, to be proposed like any text.

    Raises ``PathwayFault`` where the inputs are not those of the pathway: questions and answers are not DMN's matter.
    """
    own = tables_of(pathway)
    faults = []
    if read.name != own.name:
        faults.append(f"The file is of the pathway {read.name}, not of {own.name}.")
    theirs, ours = ({column.name: column for column in each.columns} for each in (read, own))
    faults += [f"The pathway has no input {name}." for name in theirs if name not in ours]
    faults += [f"The file lacks the input {name}." for name in ours if name not in theirs]
    faults += [
        f"The codes of {name} are not those of the pathway, in their order."
        for name, column in theirs.items()
        if name in ours and column != ours[name]
    ]
    classes = {each.number: each.code for each in pathway.classes}
    faults += [
        f"Row {row.id}: there is no class {row.outcome}."
        for table in read.tables
        for row in table.rows
        if row.outcome not in classes
    ]
    if faults:
        raise PathwayFault(faults)
    kept = _without_tables(pathway.text)
    kept, changed = re.subn(r'(?m)^version = "[^"\n]*"$', lambda _: f"version = {json.dumps(version)}", kept, count=1)
    text = kept.rstrip("\n") + "\n" + "".join(_toml(table, classes) for table in read.tables)
    if not changed or tables_digest(tables_of(parse(text))) != tables_digest(read):
        raise PathwayFault(["The tables could not be put into the pathway's text. Put them there by hand."])
    return text


def _without_tables(text: str) -> str:
    """The text without its ``[[table]]`` and ``[[table.row]]``; what follows them stays. Whether it came out right is
    seen afterwards, by reading the whole."""
    kept, inside = [], False
    for line in text.splitlines(keepends=True):
        if re.match(r"\[\[table[\].]", line):
            inside = True
        elif line.startswith("["):
            inside = False
        if not inside:
            kept.append(line)
    return "".join(kept)


def _toml(table: Table, classes: Mapping[int, str]) -> str:
    lines = ["", "[[table]]", f"name = {_string(table.name)}", f"hit = {_string(table.hit.value)}"]
    if table.title:
        lines.append(f"title = {_string(table.title)}")
    for row in table.rows:
        when = ", ".join(f"{name} = {_strings(sorted(codes))}" for name, codes in row.when.items())
        lines += [
            "",
            "[[table.row]]",
            f"id = {_string(row.id)}",
            f"when = {{ {when} }}",
            f"outcome = {_string(classes[row.outcome])}",
            f"holder = {_string(row.holder)}",
            f"says = {_string(row.says)}",
            f"policy = {_string(row.policy)}",
        ]
        named = (("routes", row.routes), ("clocks", row.clocks), ("flags", row.flags))
        lines += [f"{name} = {_strings(words)}" for name, words in named if words]
        lines += [f"source = {_string(row.source)}"] if row.source else []
        lines.append(f"verified = {'true' if row.verified else 'false'}")
    return "\n".join(lines) + "\n"


def _string(words: str) -> str:
    """A basic string of TOML: JSON's escapes are TOML's too, but for the delete character, which JSON leaves."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007F")


def _strings(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_string, words))}]"
