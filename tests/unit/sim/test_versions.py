"""Two versions on the rows of an export: made-up rows whose truth is known, and real ones (``SAFEHANDS_DATA``)."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from safehands.cli.simulate import simulate
from safehands.core.pathway import Pathway
from safehands.errors import BadInput
from safehands.pathways.load import load, parse
from safehands.sim import maps
from safehands.sim.versions import compare_export

DATA = os.environ.get("SAFEHANDS_DATA")
needs_data = pytest.mark.skipif(DATA is None, reason="SAFEHANDS_DATA is not set: this set may not be packaged")
NOW = datetime(2026, 11, 1, tzinfo=UTC)

MAP = """
map = "tiny"
title = "Three wordings"
pathway = "right-care"
receiver = "POL"
zone = "Europe/London"
formats = ["iso"]
order = ["received <= closed"]
row = { id = "Id", channel = "Channel" }
instants = { received = "Received", closed = "Closed" }

[matter]
columns = ["What"]
words_go_to = "Q6"

[[matter.says]]
like = ["THREAT*"]
answers = { Q6 = "intent", Q4 = "adult" }

[[matter.says]]
like = ["WORRY*"]
answers = { Q6 = "ideation" }
"""

ROWS = """Id,Channel,Received,Closed,What
1,Phone,2026-02-03T10:00:00,2026-02-03T11:00:00,Threat of suicide
2,Phone,2026-02-03T10:05:00,2026-02-03T11:00:00,Worry
3,Phone,2026-02-03T10:10:00,2026-02-03T11:00:00,Worry about a neighbour
4,Phone,2026-02-03T10:15:00,2026-02-03T11:00:00,Car in the way
5,Phone,2026-02-03T10:20:00,2026-02-03T09:00:00,Worry
6,Officer,2026-02-03T10:25:00,2026-02-03T11:00:00,Worry
"""

app = typer.Typer()
app.command()(simulate)


def without_a7_4(pathway: Pathway) -> str:
    """The text of the same pathway where one row about children is gone."""
    start = pathway.text.index('[[table.row]]\nid = "A7.4"')
    return pathway.text[:start] + pathway.text[pathway.text.index("\n[[table", start + 1) + 1 :]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """The export, its map, and a draft without row A7.4."""
    texts = {"export.csv": ROWS, "tiny.toml": MAP, "draft.toml": without_a7_4(load("right-care"))}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {name: str(tmp_path / name) for name in texts}


def asked(files: dict[str, str], *more: str) -> Any:
    words = ["--against", "right-care", "--replay", files["export.csv"], "--map", files["tiny.toml"], *more]
    return CliRunner().invoke(app, [files["draft.toml"], *words])


def test_a_script_gets_every_row_counted_once(files: dict[str, str]) -> None:
    told = json.loads(asked(files, "--without", "officer", "--json").stdout)
    assert (told["rows"], told["in_scope"], told["out_of_scope"], told["refused"], told["left_out"]) == (6, 3, 1, 1, 1)
    assert told["refused_by_reason"] == {"runs_backwards": 1}
    assert told["before"]["digest"] != told["after"]["digest"]
    (change,) = told["changes"]
    assert change["before"] == {"class": 4, "row": "A7.4"}
    assert change["after"]["class"] < 4
    assert change["contacts"] == told["changed"] == 2


def test_a_person_reads_what_changes_and_nothing_is_simulated(files: dict[str, str]) -> None:
    said = " ".join(asked(files, "--without", "officer").stdout.split())
    for words in ("A7.4", "lowered", "2 of 3 health", "1 were refused", "runs_backwards 1", "left out by --without"):
        assert words in said
    assert "Officer hours" not in said


def test_a_version_against_itself_changes_nothing(files: dict[str, str]) -> None:
    words = ["right-care", "--against", "right-care", "--replay", files["export.csv"], "--map", files["tiny.toml"]]
    said = CliRunner().invoke(app, words).stdout
    assert "0 of 4 health and welfare contacts" in said
    assert "urgency" not in said


def test_the_other_way_round_is_a_raise(files: dict[str, str]) -> None:
    words = ["--against", files["draft.toml"], "--replay", files["export.csv"], "--map", files["tiny.toml"]]
    assert "raised" in CliRunner().invoke(app, ["right-care", *words]).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--replay", "x.csv"), ("--replay needs --against", "--replay needs --map")),
        (("--replay", "x.csv", "--map", "mobile-crisis"), ("--replay needs --against",)),
        (("--replay", "x.csv", "--on", "2026-09-01", "--write", "a.toml"), ("--on belongs", "--write belongs")),
    ],
)
def test_half_a_question_is_refused_with_what_is_missing(words: tuple[str, ...], said: tuple[str, ...]) -> None:
    bad = CliRunner().invoke(app, ["right-care", *words]).exception
    assert isinstance(bad, BadInput)
    assert len(bad.faults) == len(said)
    assert all(part in str(bad) for part in said)


def test_a_map_of_another_pathway_answers_nothing(files: dict[str, str]) -> None:
    pathway, other = load("right-care"), load("other-incident")
    with pytest.raises(BadInput, match="not of other-incident"):
        compare_export(Path(files["export.csv"]), maps.load(files["tiny.toml"]), other, pathway, NOW)


def test_a_version_that_lacks_a_question_decides_without_it_and_says_so(files: dict[str, str]) -> None:
    Path(files["tiny.toml"]).write_text(MAP.replace('"ideation"', '"ideation", Q99 = "yes"'), encoding="utf-8")
    told = json.loads(asked(files, "--json").stdout)
    assert told["before"]["questions_lacking"] == told["after"]["questions_lacking"] == ["Q99"]
    assert told["changed"] == 3
    assert "has no question Q99: it decided without them" in " ".join(asked(files).stdout.split())


def test_how_far_it_is_can_be_told(files: dict[str, str]) -> None:
    heard: list[tuple[str, int, int]] = []
    pathway = load("right-care")
    compare_export(
        Path(files["export.csv"]),
        maps.load(files["tiny.toml"]),
        pathway,
        pathway,
        NOW,
        told=lambda stage, done, of: heard.append((stage, done, of)),
    )
    assert heard == [("read", 0, 6), ("compare", 0, 4)]


@needs_data
def test_without_the_row_for_whoever_may_be_a_child_a_whole_service_is_lowered() -> None:
    """That export gives no age and keeps its reasons in words, so every readable request stood on row A7.4 alone."""
    pathway = load("right-care")
    export = Path(DATA or "") / "calls" / "mobile-crisis-2024-2025.csv.gz"
    found = compare_export(export, maps.load("mobile-crisis"), pathway, parse(without_a7_4(pathway)), NOW)
    (change,) = found.changed
    assert (change.before, change.after, change.contacts) == ((4, "A7.4"), (3, "A17.1"), 2341)
    assert (found.rows, found.refused, found.in_scope) == (3139, 798, 2341)
    assert found.reasons["runs_backwards"] == 690
