"""``safehands measures`` and ``safehands pathway card`` as somebody types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from safehands.cli import home
from safehands.cli.cards import card
from safehands.cli.measures import app
from safehands.core import commands as c
from scenario import CALM, InUse, in_use, person

POL = person("POL")
CARD = typer.Typer()
CARD.command("card")(card)


@pytest.fixture
def installation(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An installation in memory with one declined case."""
    story = in_use().at("10:00").opens(POL, said=CALM)
    story.does(POL, c.Conclude())
    story.decides(POL, 0)
    engine = story.engine
    assert isinstance(engine, InUse)

    @contextmanager
    def opened() -> Iterator[Any]:
        yield engine.service

    monkeypatch.setattr(home, "opened", opened)
    return engine.service


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_every_number_carries_base_interval_and_vintage(installation: Any) -> None:
    said = json.loads(run("right-care", "--json"))
    assert said["vintage"] == {
        "entries": installation.store.head().sealed,
        "root": installation.store.head().root.hex(),
    }
    assert {each["measure"] for each in said["results"]} >= set(range(1, 29)) - {16, 17}
    harm = next(each for each in said["results"] if each["part"] == "9.24h")
    assert (harm["value"], harm["base"], harm["unknown"], harm["interval"]) == ("0.0000", 1, 1, ["0.0000", "1.0000"])
    gap = next(each for each in said["results"] if each["part"] == "26")
    assert (gap["value"], gap["base"]) == ("0.000000", 0)


def test_the_differentiators_come_first(installation: Any) -> None:
    numbers = [each["measure"] for each in json.loads(run("right-care", "--json"))["results"]]
    assert list(dict.fromkeys(numbers))[:5] == [9, 10, 27, 28, 26]


def test_people_get_tables(installation: Any) -> None:
    said = run("right-care", "1", "2", "--from", "2026-02-01", "--to", "2026-02-28", "--cut", "agency")
    assert "Deployment rate" in said
    assert "POL" in said
    assert "no input for baseline_deployments" in " ".join(said.split())


def test_declared_figures_come_from_a_file(installation: Any, tmp_path: Path) -> None:
    file = tmp_path / "inputs.csv"
    head = run("template").splitlines()[0]
    file.write_text(f"{head}\ncrisis_line_contacts,MHT,2026-02-01,2026-02-28,,41,data set,\n", "utf-8")
    assert json.loads(run("right-care", "23", "--inputs", str(file), "--json"))["results"][0]["value"] == "41"


def test_what_a_measure_means() -> None:
    assert "Neither attended" in run("define", "10")
    assert json.loads(run("define", "27", "--json"))["parts"][0]["id"] == "27.p50"


def test_the_card_goes_to_the_printer() -> None:
    runner = CliRunner()
    plain = runner.invoke(CARD, ["right-care"], catch_exceptions=False).stdout
    page = runner.invoke(CARD, ["right-care", "--html"], catch_exceptions=False).stdout
    told = json.loads(runner.invoke(CARD, ["right-care", "--json"], catch_exceptions=False).stdout)
    assert plain.startswith("RIGHT CARE")
    assert page.startswith("<!doctype html>")
    assert told["card"] == plain
