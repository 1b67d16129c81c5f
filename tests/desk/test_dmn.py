"""The tables as DMN: valid by the OMG's own schema, understood by another's engine, read back as they were."""

from __future__ import annotations

import importlib.resources
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from safehands.core.pathway import Hit, Pathway
from safehands.core.tables import compile_tables, deciding_rows, in_order_of_decision
from safehands.errors import PathwayFault
from safehands.pathways.dmn import LATER, NAMESPACE, read_dmn, tables_digest, tables_of, write_dmn
from safehands.pathways.load import load, parse, parse_and_prove, shipped
from safehands.pathways.replacing import with_tables

SPACE = f"{{{NAMESPACE}}}"


@pytest.fixture(scope="module", params=shipped())
def pathway(request: pytest.FixtureRequest) -> Pathway:
    return load(request.param)


@pytest.fixture(scope="module")
def small() -> Pathway:
    return load("right-care")


def test_the_omgs_schema_accepts_what_we_write(pathway: Pathway) -> None:
    etree = pytest.importorskip("lxml.etree", reason="not run: lxml is not installed")
    spiff = pytest.importorskip("SpiffWorkflow", reason="not run: the OMG's schema comes with SpiffWorkflow")
    schema = Path(spiff.__file__).parent / "dmn" / "parser" / "schema" / "DMN13.xsd"
    validator = etree.XMLSchema(etree.parse(str(schema)))
    written = etree.fromstring(write_dmn(pathway).encode())
    assert validator.validate(written), validator.error_log


def test_ids_are_unique_and_every_reference_leads_somewhere(pathway: Pathway) -> None:
    root = ET.fromstring(write_dmn(pathway))
    ids = [each.get("id") for each in root.iter() if each.get("id") is not None]
    assert len(ids) == len(set(ids))
    for each in root.iter(f"{SPACE}requiredInput"):
        assert (each.get("href") or "")[1:] in ids


def test_what_is_written_is_read_back_with_the_same_digest(pathway: Pathway) -> None:
    own = tables_of(pathway)
    read = read_dmn(write_dmn(pathway))
    assert read == own
    assert tables_digest(read) == tables_digest(own)
    later = write_dmn(pathway).replace(NAMESPACE, LATER[0])
    assert tables_digest(read_dmn(later)) == tables_digest(own)


def test_the_digest_sees_every_change(small: Pathway) -> None:
    own = tables_of(small)
    table = own.tables[0]
    row = table.rows[0]
    changed = [
        replace(row, outcome=row.outcome + 1), replace(row, says="Other."), replace(row, verified=not row.verified),
        replace(row, when={}),
        replace(row, id="Z1"), replace(row, holder="POL2"),
    ]  # fmt: skip
    digests = {tables_digest(own), tables_digest(replace(own, tables=own.tables[1:]))}
    for each in changed:
        tables = (replace(table, rows=(each, *table.rows[1:])), *own.tables[1:])
        digests.add(tables_digest(replace(own, tables=tables)))
    digests.add(tables_digest(replace(own, tables=(replace(table, rows=table.rows[::-1]), *own.tables[1:]))))
    assert len(digests) == 3 + len(changed)


def zen_tables(text: str) -> Callable[[dict[str, str]], tuple[int | None, str | None]]:
    """Another reader: it takes the XML as it stands, hands each table with its cells, word for word, to zen-engine, and
    reads the answers as DMN says (RULE ORDER: all of them, in the order of the rules)."""
    zen = pytest.importorskip("zen", reason="not run: zen-engine is not installed")
    root = ET.fromstring(text)
    asked = []
    for decision in root.iter(f"{SPACE}decision"):
        table = decision.find(f"{SPACE}decisionTable")
        assert table is not None
        asked.append((table.get("hitPolicy"), zen.ZenEngine().create_decision(json.dumps(jdm(table)))))

    def ask(given: dict[str, str]) -> tuple[int | None, str | None]:
        for policy, decision in asked:
            result = decision.evaluate(given)["result"]
            rows: list[Any] = [each for each in (result if isinstance(result, list) else [result]) if each]
            if not rows:
                continue
            if policy == "RULE ORDER":
                return max(row["class"] for row in rows), None
            return rows[0]["class"], rows[0]["rule"]
        return None, None

    return ask


def jdm(table: ET.Element) -> dict[str, Any]:
    """A table of DMN in the form that zen-engine reads. No cell is rewritten; a dash is an empty cell there."""
    columns = [each.findtext(f"{SPACE}inputExpression/{SPACE}text") for each in table.findall(f"{SPACE}input")]
    rules = []
    for rule in table.findall(f"{SPACE}rule"):
        cells = [each.findtext(f"{SPACE}text") or "" for each in rule.findall(f"{SPACE}inputEntry")]
        entry = {"_id": rule.get("id")} | {f"i{n}": "" if cell == "-" else cell for n, cell in enumerate(cells)}
        outcome = rule.findtext(f"{SPACE}outputEntry/{SPACE}text")
        rules.append(entry | {"o0": outcome, "o1": json.dumps(rule.get("id"))})
    content = {
        "hitPolicy": "collect" if table.get("hitPolicy") == "RULE ORDER" else "first",
        "inputs": [{"id": f"i{n}", "name": name, "field": name} for n, name in enumerate(columns)],
        "outputs": [{"id": "o0", "name": "class", "field": "class"}, {"id": "o1", "name": "rule", "field": "rule"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "t", "type": "decisionTableNode", "name": "t", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [{"id": "a", "sourceId": "in", "targetId": "t"}, {"id": "b", "sourceId": "t", "targetId": "out"}]
    return {"nodes": nodes, "edges": edges}


def test_an_engine_that_is_not_ours_says_the_same_of_random_answers(pathway: Pathway) -> None:
    ask = zen_tables(write_dmn(pathway))
    luck = random.Random(20)  # the same answers every time
    rows = deciding_rows(pathway)
    for _ in range(300):
        given = {column.name: luck.choice(column.domain) for column in pathway.inputs}
        table, row = next(
            (table, row) for table, row in rows if all(given[name] in codes for name, codes in row.when.items())
        )
        outcome, rule = ask(given)
        assert outcome == row.outcome, (given, row.id)
        if table.hit is not Hit.HIGHEST:
            assert rule == f"row_{row.id}"


def test_our_own_tables_say_what_the_rows_say(pathway: Pathway) -> None:
    """The oracle of the test above is the compiled tables' own."""
    row = in_order_of_decision(pathway.tables[-1])[-1]
    assert compile_tables(pathway).decide({})[0].outcome in {each.outcome for _, each in deciding_rows(pathway)}
    assert row.id in write_dmn(pathway)


REFUSED = (
    ('hitPolicy="RULE ORDER"', 'hitPolicy="COLLECT" aggregation="MAX"', "the attribute aggregation is not read"),
    ('hitPolicy="RULE ORDER"', 'hitPolicy="PRIORITY"', "the hit policy PRIORITY is not read"),
    ("<annotation name=\"policy\" />", "<annotation name=\"owner\" />", "the annotation owner is not read"),
    ("<annotation name=\"policy\" />", "", "the annotation policy is missing"),
    ("FEEL/", "JavaScript", "the expression language"),
    ("</definitions>", "<businessKnowledgeModel/></definitions>", "the element businessKnowledgeModel"),
    ("</definitions>", "<decision name='d'><literalExpression/></decision></definitions>", "literalExpression"),
    ("</definitions>", "<x:y xmlns:x='urn:x'/></definitions>", "the element y is not read here"),
    ("<text>-</text>", "<text>not(\"unknown\")</text>", "is not a list of codes in quotes, nor a dash"),
    ("<text>-</text>", "<text>\"martian\"</text>", "has no code martian"),
    ("<text>-</text>", "<text>\"unknown\",\"unknown\"</text>", "stands there twice"),
    ("<outputEntry>", "<inputEntry><text>-</text></inputEntry><outputEntry>", "input entries, and the table"),
    ("<text>false</text>", "<text>no</text>", "verified is true or false"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), REFUSED)
def test_what_we_do_not_write_is_refused_by_name(old: str, new: str, said: str) -> None:
    text = write_dmn(load("right-care"))
    assert old in text
    with pytest.raises(PathwayFault) as fault:
        read_dmn(text.replace(old, new, 1))
    assert any(said in each for each in fault.value.faults), fault.value.faults


def test_all_faults_are_named_at_once(small: Pathway) -> None:
    text = write_dmn(small).replace("<outputEntry>\n", "<outputEntry>\n", 1)
    text = text.replace('hitPolicy="RULE ORDER"', 'hitPolicy="ANY"').replace('hitPolicy="FIRST"', 'hitPolicy="ANY"')
    text = text.replace("<text>-</text>", "<text>&gt; 5</text>").replace('name="row"', 'name="rule"')
    with pytest.raises(PathwayFault) as fault:
        read_dmn(text, "theirs.dmn")
    assert len(fault.value.faults) > 5
    assert all(each.startswith("theirs.dmn: ") for each in fault.value.faults)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>', "document type"),
        ('<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>', "document type"),
        ('<?xml version="1.0"?><!DOCTYPE d [<!ENTITY % x SYSTEM "http://x/y">%x;]><d/>', "document type"),
        ("<definitions", "not XML"),
        ("", "not XML"),
        ("\ud800", "not XML"),
        ("<definitions/>", "not a file of DMN"),
        (f'<definitions xmlns="{NAMESPACE}" name="x"/>', "no decision"),
        ("x" * 4_000_001, "at most"),
    ],
)
def test_an_enemy_sends_a_file(text: str, said: str) -> None:
    with pytest.raises(PathwayFault, match=said):
        read_dmn(text)


def test_tables_that_were_read_go_into_the_pathways_text_and_nothing_else_changes(pathway: Pathway) -> None:
    read = read_dmn(write_dmn(pathway))
    text = with_tables(pathway, read, "7")
    again = parse_and_prove(text)
    assert again.ref.version == "7"
    assert replace(again, ref=pathway.ref, text="") == replace(pathway, text="")


def test_a_row_that_somebody_changed_elsewhere_comes_back_as_changed(small: Pathway) -> None:
    read = read_dmn(write_dmn(small))
    row = replace(read.tables[0].rows[0], says='Say "this", and\\or that: ’twas \x7f')
    changed = replace(read, tables=(replace(read.tables[0], rows=(row, *read.tables[0].rows[1:])), *read.tables[1:]))
    assert parse(with_tables(small, changed, "2")).tables[0].rows[0].says == row.says


def test_tables_of_another_pathway_are_refused_with_every_reason(small: Pathway) -> None:
    read = read_dmn(write_dmn(small))
    with pytest.raises(PathwayFault) as fault:
        with_tables(load("other-incident"), read, "2")
    said = "\n".join(fault.value.faults)
    assert "of the pathway right-care, not of other-incident" in said
    assert "has no input" in said
    own = read_dmn(write_dmn(small))
    first = own.columns[0]
    shuffled = replace(own, columns=(replace(first, codes=first.codes[::-1]), *own.columns[1:]))
    with pytest.raises(PathwayFault, match="not those of the pathway"):
        with_tables(small, shuffled, "2")
    row = replace(own.tables[0].rows[0], outcome=99)
    strange = replace(own, tables=(replace(own.tables[0], rows=(row, *own.tables[0].rows[1:])), *own.tables[1:]))
    with pytest.raises(PathwayFault, match="no class 99"):
        with_tables(small, strange, "2")


def test_a_file_that_lacks_an_input_is_refused_on_the_way_into_the_text(small: Pathway) -> None:
    own = read_dmn(write_dmn(small))
    with pytest.raises(PathwayFault, match="lacks the input"):
        with_tables(small, replace(own, columns=own.columns[1:]), "2")


def test_spiffworkflows_schema_is_the_one_of_dmn_13() -> None:
    spiff = pytest.importorskip("SpiffWorkflow", reason="not run: SpiffWorkflow is not installed")
    assert spiff.__name__
    schema = importlib.resources.files("SpiffWorkflow.dmn.parser").joinpath("schema", "DMN13.xsd").read_text()
    assert f'targetNamespace="{NAMESPACE}"' in schema
