"""The tables of a pathway as DMN 1.3 (OMG formal/2021-02-01), out and in.

``write_dmn`` writes the inputs, with their codes, and each table as a decision: a table of hit policy ``highest`` as
``RULE ORDER`` (every rule that matches answers with its class; the reader takes the highest), ``first`` as ``FIRST``,
``unique`` as ``UNIQUE``. The output is the class. What DMN has no word for (holder, routes, clocks, what the call
handler reads, where the row comes from) stands in annotations of the rule.

``read_dmn`` reads the same subset back. Everything else is refused by name, all of it at once: another expression
language, another cell than a list of codes or a dash, another element. ``tables_digest`` says whether two pathways have
the same tables; ``pathways.replacing`` puts tables that were read into the text of a pathway.

XML that declares a document type is not read at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from safehands.core.pathway import Hit, Pathway, Row, Table
from safehands.errors import PathwayFault

#: The namespace of DMN 1.3; later versions keep its structure under names of their own, which are read too.
NAMESPACE: Final = "https://www.omg.org/spec/DMN/20191111/MODEL/"
LATER: Final = ("https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/")
FEEL: Final = "https://www.omg.org/spec/DMN/20191111/FEEL/"
_OURS: Final = "https://safehands.example/pathway/"

_HITS: Final = {Hit.HIGHEST: "RULE ORDER", Hit.FIRST: "FIRST", Hit.UNIQUE: "UNIQUE"}

#: The annotations of a rule, in their order. Lists are written with a blank between their words.
_ANNOTATIONS: Final = ("row", "says", "policy", "holder", "routes", "clocks", "flags", "source", "verified")

LARGEST: Final = 4_000_000

_CODE: Final = re.compile(r"[A-Za-z0-9_.+-]+")
_LIST: Final = re.compile(r'\s*"[^"]*"(?:\s*,\s*"[^"]*")*\s*')
_QUOTED: Final = re.compile(r'"([^"]*)"')

#: What each element that we read may carry and hold. Anything else is refused by name.
_KNOWN: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    name: (frozenset(attributes.split()), frozenset(children.split()))
    for name, attributes, children in (
        ("definitions", "id name namespace expressionLanguage typeLanguage exporter exporterVersion",
         "description itemDefinition inputData decision"),
        ("itemDefinition", "id name", "description typeRef allowedValues"),
        ("allowedValues", "id", "text"),
        ("inputData", "id name label", "description variable"),
        ("variable", "id name typeRef", ""),
        ("decision", "id name label", "description variable informationRequirement decisionTable"),
        ("informationRequirement", "id", "requiredInput"),
        ("requiredInput", "href", ""),
        ("decisionTable", "id hitPolicy preferredOrientation outputLabel", "input output annotation rule"),
        ("input", "id label", "inputExpression inputValues"),
        ("inputExpression", "id typeRef", "text"),
        ("inputValues", "id", "text"),
        ("output", "id name label typeRef", "outputValues"),
        ("outputValues", "id", "text"),
        ("annotation", "name", ""),
        ("rule", "id", "description inputEntry outputEntry annotationEntry"),
        ("inputEntry", "id", "text"),
        ("outputEntry", "id", "text"),
        ("annotationEntry", "", "text"),
        ("description", "", ""),
        ("text", "", ""),
        ("typeRef", "", ""),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """An input as DMN has it: its name and codes; whether they stand in ascending order of risk."""

    name: str
    codes: tuple[str, ...]
    ascending: bool


@dataclass(frozen=True, slots=True)
class DmnTables:
    """What a file of DMN holds: the inputs, and the tables in the order in which they are asked."""

    name: str
    columns: tuple[Column, ...]
    tables: tuple[Table, ...]


def tables_of(pathway: Pathway) -> DmnTables:
    """What of a pathway goes into DMN."""
    return DmnTables(
        pathway.ref.pathway,
        tuple(Column(each.name, each.domain, bool(each.risk)) for each in pathway.inputs),
        pathway.tables,
    )


def tables_digest(tables: DmnTables) -> str:
    """SHA-256 over inputs and tables, row by row, as 64 hexadecimal digits. The order of rows counts, that of the codes
    in a condition does not."""
    whole = [
        [[column.name, column.codes, column.ascending] for column in tables.columns],
        [[table.name, table.title, table.hit.value, list(map(_plain, table.rows))] for table in tables.tables],
    ]
    return sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def write_dmn(pathway: Pathway) -> str:
    """The tables of ``pathway`` as a file of DMN 1.3."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(
        f"{{{NAMESPACE}}}definitions",
        {
            "id": f"pathway_{_identifier(pathway.ref.pathway)}",
            "name": pathway.ref.pathway,
            "namespace": f"{_OURS}{pathway.ref.pathway}",
            "expressionLanguage": FEEL,
        },
    )
    _add(root, "description").text = f"{pathway.title}. Version {pathway.ref.version}, digest {pathway.ref.digest}."
    texts = {question.id: question.text for question in pathway.questions}
    for column in pathway.inputs:
        item = _add(root, "itemDefinition", id=f"codes_{_identifier(column.name)}", name=f"codes_{column.name}")
        order = "in ascending order of risk" if column.risk else "without an order of risk"
        _add(item, "description").text = f"Codes {order}."
        _add(item, "typeRef").text = "string"
        _text(_add(item, "allowedValues"), _quoted(column.domain))
    for column in pathway.inputs:
        given = _add(root, "inputData", id=f"input_{_identifier(column.name)}", name=column.name)
        _add(given, "description").text = texts[column.question]
        _add(given, "variable", name=column.name, typeRef=f"codes_{column.name}")
    for table in pathway.tables:
        _decision(root, pathway, table)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def read_dmn(text: str, file: str = "tables.dmn") -> DmnTables:
    """The tables in ``text``. Raises ``PathwayFault`` naming everything that is not of the subset that we write."""
    root = _parsed(text, file)
    reader = _Reader(root.tag[1:].partition("}")[0], file)
    reader.check(root)
    if reader.faults:
        raise PathwayFault(reader.faults)
    found = reader.tables(root)
    if reader.faults:
        raise PathwayFault(reader.faults)
    return found


def _decision(root: ET.Element, pathway: Pathway, table: Table) -> None:
    name = _identifier(table.name)
    decision = _add(root, "decision", id=f"table_{name}", name=table.name)
    if table.title:
        decision.set("label", table.title)
    _add(decision, "variable", name=table.name, typeRef="number")
    for column in pathway.inputs:
        needs = _add(decision, "informationRequirement", id=f"{name}_needs_{_identifier(column.name)}")
        _add(needs, "requiredInput", href=f"#input_{_identifier(column.name)}")
    written = _add(decision, "decisionTable", id=f"{name}_table", hitPolicy=_HITS[table.hit])
    for column in pathway.inputs:
        clause = _add(written, "input", id=f"{name}_{_identifier(column.name)}", label=column.name)
        _text(_add(clause, "inputExpression", typeRef="string"), column.name)
        _text(_add(clause, "inputValues"), _quoted(column.domain))
    _add(written, "output", id=f"{name}_class", name="class", typeRef="number")
    for annotation in _ANNOTATIONS:
        _add(written, "annotation", name=annotation)
    for row in table.rows:
        rule = _add(written, "rule", id=f"row_{_identifier(row.id)}")
        for column in pathway.inputs:
            codes = row.when.get(column.name)
            named = [code for code in column.domain if codes is not None and code in codes]
            _text(_add(rule, "inputEntry"), _quoted(named) if codes is not None else "-")
        _text(_add(rule, "outputEntry"), str(row.outcome))
        for said in _annotations(row):
            _text(_add(rule, "annotationEntry"), said)


def _annotations(row: Row) -> Iterator[str]:
    yield from (row.id, row.says, row.policy, row.holder)
    yield from (" ".join(words) for words in (row.routes, row.clocks, row.flags))
    yield from (row.source, "true" if row.verified else "false")


def _add(parent: ET.Element, element: str, /, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{NAMESPACE}}}{element}", attributes)


def _text(parent: ET.Element, words: str) -> None:
    _add(parent, "text").text = words


def _quoted(codes: Iterable[str]) -> str:
    return ",".join(f'"{code}"' for code in codes)


def _identifier(name: str) -> str:
    """A name as an XML id may have it."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name)


class _DocumentType(Exception):
    """The file declares one."""


def _parsed(text: str, file: str) -> ET.Element:
    """The root of ``text``. A document type may hold entities that grow without end or fetch files: not read."""
    if len(text) > LARGEST:
        raise PathwayFault([f"{file}: it has {len(text)} characters, and at most {LARGEST} are read"])
    looking = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise _DocumentType

    looking.StartDoctypeDeclHandler = refuse
    looking.EntityDeclHandler = refuse
    try:
        octets = text.encode()
        looking.Parse(octets, True)
        # The same octets have just been seen to declare no document type.
        return ET.fromstring(octets)  # noqa: S314 - see above
    except _DocumentType:
        raise PathwayFault([f"{file}: it declares a document type (<!DOCTYPE), which is not read"]) from None
    except (expat.ExpatError, ET.ParseError, ValueError) as bad:
        raise PathwayFault([f"{file}: this is not XML: {bad}"]) from None


class _Reader:
    """Reads one file and gathers faults."""

    def __init__(self, namespace: str, file: str) -> None:
        self._namespace = namespace
        self._file = file
        self.faults: list[str] = []

    def fault(self, sentence: str) -> None:
        """Note one thing that is wrong."""
        self.faults.append(f"{self._file}: {sentence}")

    def check(self, root: ET.Element) -> None:
        """Every element and attribute is one that we write."""
        if self._namespace not in (NAMESPACE, *LATER) or _local(root) != "definitions":
            self.fault(f"it is not a file of DMN 1.3 to 1.5: it begins with {root.tag}")
            return
        for element in root.iter():
            self._check_element(element)

    def _check_element(self, element: ET.Element) -> None:
        name = _local(element)
        if name not in _KNOWN:  # its parent has named it
            return
        attributes, children = _KNOWN[name]
        called = element.get("id") or element.get("name") or ""
        where = f"{name} {called}".rstrip()
        for attribute in element.attrib:
            if attribute not in attributes:
                self.fault(f"{where}: the attribute {attribute.rpartition('}')[2]} is not read")
        for child in element:
            if not child.tag.startswith(f"{{{self._namespace}}}") or _local(child) not in children:
                self.fault(f"{where}: the element {child.tag.rpartition('}')[2]} is not read here")
        language = element.get("expressionLanguage")
        if language is not None and not language.rstrip("/").endswith("FEEL"):
            self.fault(f"{where}: the expression language {language} is not read, only FEEL")

    def tables(self, root: ET.Element) -> DmnTables:
        """What the file holds. Faults are noted and reading goes on."""
        orders = {}
        for item in self._all(root, "itemDefinition"):
            said = self._child_text(item, "description")
            orders[item.get("name", "")] = "ascending order of risk" in said
        decisions = self._all(root, "decision")
        if not decisions:
            self.fault("it holds no decision")
        columns: tuple[Column, ...] = ()
        tables = []
        for number, decision in enumerate(decisions):
            written = self._all(decision, "decisionTable")
            name = decision.get("name", "")
            if len(written) != 1:
                self.fault(f"decision {name}: it is no decision table")
                continue
            own = tuple(self._columns(written[0], name, orders))
            if number and own != columns:
                self.fault(f"decision {name}: it has other inputs, or other codes, than the first")
            columns = columns or own
            tables.append(self._table(decision, written[0], own))
        self._check_twice("decision", [table.name for table in tables])
        self._check_twice("row", [row.id for table in tables for row in table.rows])
        return DmnTables(root.get("name", ""), columns, tuple(tables))

    def _columns(self, written: ET.Element, name: str, orders: Mapping[str, bool]) -> Iterator[Column]:
        for clause in self._all(written, "input"):
            expression = self._grandchild(clause, "inputExpression")
            codes = self._codes(self._grandchild(clause, "inputValues"), f"decision {name}: input {expression}")
            if not _CODE.fullmatch(expression):
                self.fault(f"decision {name}: the input expression {expression!r} is not the name of an input")
            yield Column(expression, codes, orders.get(f"codes_{expression}", False))

    def _table(self, decision: ET.Element, written: ET.Element, columns: Sequence[Column]) -> Table:
        name = decision.get("name", "")
        policy = written.get("hitPolicy", "UNIQUE")
        hits = {said: hit for hit, said in _HITS.items()}
        if policy not in hits:
            self.fault(f"decision {name}: the hit policy {policy} is not read; we read {', '.join(hits)}")
        outputs = self._all(written, "output")
        if len(outputs) != 1:
            self.fault(f"decision {name}: it has {len(outputs)} outputs, and must have one, the class")
        annotated = [each.get("name", "") for each in self._all(written, "annotation")]
        for missing in (each for each in _ANNOTATIONS if each not in annotated):
            self.fault(f"decision {name}: the annotation {missing} is missing")
        for strange in (each for each in annotated if each not in _ANNOTATIONS):
            self.fault(f"decision {name}: the annotation {strange} is not read")
        rows = [self._row(rule, name, columns, annotated) for rule in self._all(written, "rule")]
        return Table(name, hits.get(policy, Hit.UNIQUE), tuple(rows), decision.get("label", ""))

    def _row(self, rule: ET.Element, table: str, columns: Sequence[Column], annotated: Sequence[str]) -> Row:
        said = [self._child_text(each, "text") for each in self._all(rule, "annotationEntry")]
        notes = dict(zip(annotated, said, strict=False))
        id_ = notes.get("row", "")
        where = f"decision {table}: rule {id_ or rule.get('id', '')}"
        cells = [self._child_text(each, "text") for each in self._all(rule, "inputEntry")]
        for what, got, must in (("input", len(cells), len(columns)), ("annotation", len(said), len(annotated))):
            if got != must:
                self.fault(f"{where}: it has {got} {what} entries, and the table {must}")
        when = {}
        for column, cell in zip(columns, cells, strict=False):
            if cell.strip() == "-":
                continue
            codes = self._codes(cell, f"{where}: {column.name}")
            for unknown in (code for code in codes if code not in column.codes):
                self.fault(f"{where}: {column.name} has no code {unknown}")
            when[column.name] = frozenset(codes)
        for needed in ("row", "says", "policy", "holder"):
            if needed in annotated and not notes.get(needed):
                self.fault(f"{where}: the annotation {needed} is empty")
        if notes.get("verified", "false") not in ("true", "false"):
            self.fault(f"{where}: the annotation verified is true or false, not {notes['verified']!r}")
        return Row(
            id=id_,
            when=when,
            outcome=self._class(rule, where),
            says=notes.get("says", ""),
            policy=notes.get("policy", ""),
            holder=notes.get("holder", ""),
            routes=tuple(notes.get("routes", "").split()),
            clocks=tuple(notes.get("clocks", "").split()),
            flags=tuple(notes.get("flags", "").split()),
            source=notes.get("source", ""),
            verified=notes.get("verified") == "true",
        )

    def _class(self, rule: ET.Element, where: str) -> int:
        said = [self._child_text(each, "text").strip() for each in self._all(rule, "outputEntry")]
        if len(said) == 1 and re.fullmatch(r"[0-9]{1,3}", said[0]):
            return int(said[0])
        self.fault(f"{where}: the output {', '.join(said) or 'nothing'} is not the number of a class")
        return 0

    def _codes(self, cell: str, where: str) -> tuple[str, ...]:
        codes = tuple(_QUOTED.findall(cell)) if _LIST.fullmatch(cell) else ()
        if not codes or not all(map(_CODE.fullmatch, codes)):
            self.fault(f"{where}: {cell.strip()[:60]!r} is not a list of codes in quotes, nor a dash")
        if len(set(codes)) < len(codes):
            self.fault(f"{where}: a code stands there twice")
        return codes

    def _check_twice(self, what: str, names: Sequence[str]) -> None:
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.fault(f"the {what} {name} stands there twice")

    def _all(self, parent: ET.Element, name: str) -> list[ET.Element]:
        return parent.findall(f"{{{self._namespace}}}{name}")

    def _grandchild(self, parent: ET.Element, name: str) -> str:
        found = self._all(parent, name)
        return self._child_text(found[0], "text").strip() if found else ""

    def _child_text(self, parent: ET.Element, name: str) -> str:
        found = self._all(parent, name)
        return (found[0].text or "") if found else ""


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _plain(row: Row) -> dict[str, object]:
    return {
        "id": row.id,
        "when": {name: sorted(codes) for name, codes in row.when.items()},
        "class": row.outcome,
        **{name: getattr(row, name) for name in ("says", "policy", "holder", "routes", "clocks", "flags", "source")},
        "verified": row.verified,
    }
