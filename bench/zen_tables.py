"""A pathway's tables as a decision graph of zen-engine (GoRules' JDM), so that the peer decides on the very same rows.

A ``highest`` table becomes a table that collects every row that matches, a ``first`` table one that stops at its first.
A switch asks the next table only if the one before gave nothing. The peer is spared our reading of answers: it is given
codes of the inputs, ready made.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

from safehands.core.answers import code_of, read_answers
from safehands.core.pathway import Hit, Input, Pathway, Question, QuestionKind, Table
from safehands.core.vocabulary import UNKNOWN

Json = dict[str, Any]


def graph_of(pathway: Pathway) -> str:
    """The decision graph, as JSON, of what right-care has: every row of one table, then the first row of another."""
    every, first = pathway.tables
    if every.hit is not Hit.HIGHEST or first.hit is not Hit.FIRST:
        raise ValueError("this graph is drawn for a table of the highest row, then a table of the first row")
    nodes = [
        _node("in", "inputNode", {"schema": ""}),
        _table("every", every, pathway, "collect"),
        _node(
            "switch",
            "switchNode",
            {
                "hitPolicy": "first",
                "statements": [{"id": "some", "condition": "len(every) > 0"}, {"id": "none", "condition": ""}],
            },
        ),
        _table("first", first, pathway, "first"),
        _node("out", "outputNode", {"schema": ""}),
    ]
    edges = [
        _edge("in", "every"),
        _edge("every", "switch"),
        _edge("switch", "out", "some"),
        _edge("switch", "first", "none"),
        _edge("first", "out"),
    ]
    return json.dumps({"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges})


def codes_of(pathway: Pathway, answers: Mapping[str, object]) -> dict[str, str]:
    """The code of every input: what the peer is given."""
    read = read_answers(pathway, answers)
    return {column.name: code_of(column, read.get(column.question, UNKNOWN)) for column in pathway.inputs}


def class_and_rows(result: Mapping[str, Any]) -> tuple[int, str, tuple[str, ...]]:
    """Class, deciding row and rows that fired, from the peer's answer: the same three that ours gives."""
    fired: Sequence[Mapping[str, Any]] = result.get("every") or ()
    if fired:
        best = max(fired, key=lambda row: row["outcome"])
        return int(best["outcome"]), str(best["row"]), tuple(str(row["row"]) for row in fired)
    one = result["first"]
    return int(one["outcome"]), str(one["row"]), (str(one["row"]),)


def random_answers(pathway: Pathway, chance: random.Random) -> dict[str, object]:
    """Answers to every question that the tables read, as a form sends them; some of them unknown, declined or left out.

    Calm answers come more often than worrying ones, so that every table and most rows are reached.
    """
    questions = {question.id: question for question in pathway.questions}
    calm = chance.random()
    answers: dict[str, object] = {}
    for column in pathway.inputs:
        question = questions[column.question]
        luck = chance.random()
        if luck < 0.04:
            continue
        answers[question.name] = (
            chance.choice(("unknown", "declined", "not_asked"))
            if luck < 0.10
            else _answer(question, column, chance, calm=calm)
        )
    return answers


def _answer(question: Question, column: Input, chance: random.Random, *, calm: float) -> object:
    quiet = chance.random() < calm
    match question.kind:
        case QuestionKind.NUMBER:
            if column.bands and column.bands[-1].high is None:
                return 0 if quiet else chance.randrange(4)
            return chance.randrange(18, 95) if quiet else chance.randrange(0, 95)
        case QuestionKind.MULTI:
            codes = [choice.code for choice in question.choices]
            if quiet or len(codes) < 3:
                return [codes[0]]
            return chance.sample(codes[1:], chance.randrange(1, 3))
        case _:
            codes = [choice.code for choice in question.choices]
            return codes[0] if quiet and column.risk else chance.choice(codes)


def _table(name: str, table: Table, pathway: Pathway, policy: str) -> Json:
    used = [column for column in pathway.inputs if any(column.name in row.when for row in table.rows)]
    rules = []
    for row in table.rows:
        cells = {
            column.name: ", ".join(f"'{code}'" for code in sorted(row.when.get(column.name, ()))) for column in used
        }
        rules.append({"_id": row.id, **cells, "o1": f"'{row.id}'", "o2": str(row.outcome)})
    return _node(
        name,
        "decisionTableNode",
        {
            "hitPolicy": policy,
            "inputs": [
                {"id": column.name, "name": column.name, "type": "expression", "field": column.name} for column in used
            ],
            "outputs": [
                {"id": "o1", "name": "row", "type": "expression", "field": "row"},
                {"id": "o2", "name": "outcome", "type": "expression", "field": "outcome"},
            ],
            "rules": rules,
            "inputField": None,
            "outputPath": name,
            "executionMode": "single",
            "passThrough": True,
        },
    )


def _node(name: str, kind: str, content: Json) -> Json:
    return {"id": name, "name": name, "type": kind, "content": content, "position": {"x": 0, "y": 0}}


def _edge(source: str, target: str, handle: str | None = None) -> Json:
    edge: Json = {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
    return edge | {"sourceHandle": handle} if handle else edge
