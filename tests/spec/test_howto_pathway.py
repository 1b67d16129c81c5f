"""The how-to about writing a pathway does what it says: its two files are read from the page, proved, tried, adopted
and played."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from safehands.cli import home
from safehands.cli.main import app
from safehands.core import commands as c
from safehands.core.pathway import Pathway
from safehands.errors import PathwayFault
from safehands.pathways.examples import rows_without_example, run_examples
from safehands.pathways.load import load, parse_and_prove
from safehands.store.memory import MemoryStore
from scenario import Story, in_use, person

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "write-a-pathway.md"
PATHWAY, EXAMPLES = re.findall(r"(?ms)^```toml\n(.*?)^```$", PAGE.read_text("utf-8"))
CARE, AMBULANCE, FIRE = person("HOM-north"), person("AMB"), person("FRS")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the reader made."""
    made = tmp_path / "missed-visit"
    made.mkdir()
    (made / "pathway.toml").write_text(PATHWAY, "utf-8")
    (made / "examples.toml").write_text(EXAMPLES, "utf-8")
    monkeypatch.chdir(tmp_path)
    return made


@pytest.fixture
def missed_visit(folder: Path) -> Pathway:
    return load(folder)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def without_row(row: str) -> str:
    text, cut = re.subn(rf'\[\[table\.row\]\]\nid = "{row}"\n(?:(?!\[\[|# ).*\n)*', "", PATHWAY)
    assert cut == 1
    return text


def test_every_worked_case_on_the_page_is_right_and_every_row_has_one(missed_visit: Pathway) -> None:
    results = run_examples(missed_visit, EXAMPLES)
    assert [fault for each in results for fault in each.faults] == []
    assert rows_without_example(missed_visit, results) == ()


def test_the_commands_on_the_page(folder: Path) -> None:
    commands = re.findall(r"(?m)^    safehands (.+)$", PAGE.read_text("utf-8"))
    assert [command.split()[:2] for command in commands] == [
        ["pathway", "check"],
        ["decide", "missed-visit"],
        ["pathway", "diff"],
        ["pathway", "adopt"],
    ]
    second = folder.parent / "missed-visit-2"
    second.mkdir()
    kinder = PATHWAY.replace('version = "1"', 'version = "2"')
    row = 'when = { signs = ["unknown", "worrying"] }\noutcome = '
    assert f'{row}"find_out"' in kinder
    text = kinder.replace(f'{row}"find_out"', f'{row}"go"')
    (second / "pathway.toml").write_text(text, "utf-8")
    checked, decided, compared = (run(*command.split(), "--json") for command in commands[:3])
    assert json.loads(checked.stdout)["proved"] is True
    assert json.loads(checked.stdout)["wrong"] == []
    assert json.loads(checked.stdout)["rows_without_example"] == []
    assert json.loads(decided.stdout)["row"] == "V3"
    assert json.loads(compared.stdout)["changed"] > 0


def test_two_people_adopt_it_and_a_text_under_a_version_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = MemoryStore()

    @contextmanager
    def in_memory(place: Path, environ: Mapping[str, str]) -> Iterator[MemoryStore]:
        yield kept

    monkeypatch.setattr(home, "store_of", in_memory)
    (adopting,) = re.findall(r"(?m)^    safehands (pathway adopt .+)$", PAGE.read_text("utf-8"))
    assert json.loads(run(*adopting.split(), "--json").stdout)["pathway"] == "missed-visit"
    (folder / "pathway.toml").write_text(PATHWAY.replace("20 min", "15 min"), "utf-8")
    again = run(*adopting.split())
    assert again.exit_code != 0
    assert "another text" in " ".join(again.output.split())


def test_cases_from_another_file(folder: Path) -> None:
    (folder.parent / "my-cases.toml").write_text(EXAMPLES, "utf-8")
    tried = run("pathway", "try", "missed-visit", "my-cases.toml", "--json")
    assert json.loads(tried.stdout) == {"examples": 7, "right": 7, "wrong": []}


def test_a_row_taken_out_leaves_a_gap_that_is_named(folder: Path) -> None:
    with pytest.raises(PathwayFault) as said:
        parse_and_prove(without_row("V4"))
    assert any("seen" in fault or "seen or spoken" in fault for fault in said.value.faults), said.value.faults
    (folder / "pathway.toml").write_text(without_row("V4"), "utf-8")
    assert run("pathway", "check", "missed-visit").exit_code == 7


def test_a_row_that_closes_on_what_nobody_said() -> None:
    careless = PATHWAY.replace('when = { seen = "yes", signs = "nothing", missed = "one" }', "when = {}")
    assert careless != PATHWAY
    with pytest.raises(PathwayFault, match="V9"):
        parse_and_prove(careless)


def test_a_missed_visit_from_the_door_to_the_end(missed_visit: Pathway) -> None:
    """The third visit: the tables send somebody in, the fire service opens the door, the ambulance takes the case."""
    story = in_use(missed_visit)
    story.at("08:00").opens(CARE, said={"seen": "no", "missed": 3})
    story.says(CARE, signs="worrying")
    assert (story.concluded, story.row, story.holder) == (2, "V2", "HOM-north")
    story.decides(CARE, 2, form={})
    story.offers(CARE, "FRS", "entry", task="entry")
    story.accepts(FIRE)
    assert story.holder == "HOM-north", "a task given to others leaves the holder where it is"
    story.at("08:10").offers(CARE, "AMB", "ambulance", pack={"summary": "on the floor, awake", "key": "asked_unknown"})
    story.accepts(AMBULANCE)
    assert story.holder == "AMB"
    story.does(FIRE, c.CompleteTask(story.task("entry").task, "door opened"))
    story.does(AMBULANCE, c.RecordMilestone("person_seen", "awake, taken to hospital"))
    story.closes(AMBULANCE)
    story.check_sound()


def test_nobody_decides_and_the_clock_sends_somebody(missed_visit: Pathway) -> None:
    story: Story = in_use(missed_visit)
    story.at("08:00").opens(CARE, said={"seen": "no", "signs": "nothing", "missed": 1})
    story.says(CARE, seen="no")
    assert story.row == "V4"
    story.at(story.now + timedelta(minutes=21))
    assert story.decided == 2
