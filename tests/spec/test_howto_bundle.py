"""The how-to about verifying a bundle does what it says: with Safehands, and with nothing of it but one copied
folder."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safehands.cli.main import app
from safehands.service.bundles import bundle_of
from safehands.store.memory import MemoryStore
from scenario import CALM, Story, case_id, in_use, person

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "verify-a-bundle.md").read_text("utf-8")
COMMANDS = re.findall(r"(?m)^    (\S.+)$", PAGE)
POLICE, AMBULANCE = person("POL"), person("AMB")


@dataclass(frozen=True, slots=True)
class Agency:
    """The agency whose case it is."""

    story: Story
    store: MemoryStore

    def bundle(self, older: str | None = None) -> bytes:
        stream = f"case/{case_id(self.story.name)}"
        return bundle_of(self.store, stream, at=self.story.now, older=older)


@pytest.fixture
def agency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Agency:
    """A case that was handed over; its bundle lies as ``case.json`` in the folder where the reader works."""
    store = MemoryStore()
    story = in_use(store=store)
    story.at("10:00").opens(POLICE, said=CALM)
    story.offers(POLICE, "AMB", "dispatch")
    story.at("10:04").accepts(AMBULANCE)
    made = Agency(story, store)
    monkeypatch.chdir(tmp_path)
    Path("case.json").write_bytes(made.bundle())
    return made


def command(beginning: str, agency: Agency) -> list[str]:
    """The words of the one command on the page that begins so, with the agency's key in it."""
    (found,) = [each for each in COMMANDS if each.startswith(beginning)]
    return [agency.store.vkey if word == "KEY" else word for word in shlex.split(found)]


def verified(words: list[str]) -> tuple[int, str]:
    assert words[0] == "safehands"
    ran = CliRunner().invoke(app, words[1:])
    return ran.exit_code, ran.stdout.splitlines()[0]


def answers() -> dict[str, int]:
    """The first lines that the page's table promises, with their exit codes."""
    return {line: int(code) for line, code in re.findall(r"(?m)^\| `(.+?)` \| (\d) \|", PAGE)}


def test_with_safehands(agency: Agency) -> None:
    (said,) = [each for each in COMMANDS if each == "safehands verify case.json --vkey KEY"]
    assert verified([agency.store.vkey if word == "KEY" else word for word in said.split()]) == (0, "VERIFIED.")
    assert answers()["VERIFIED."] == 0


def test_with_one_copied_folder_and_nothing_else(agency: Agency, tmp_path: Path) -> None:
    """What pip and venv do is not tried again here: this Python has the package, and must not reach for the rest."""
    copy = command("cp -r ", agency)
    stick = tmp_path / "stick"
    shutil.copytree(ROOT / copy[2], stick / Path(copy[3]).name, ignore=shutil.ignore_patterns("__pycache__"))
    run = command("PYTHONPATH=", agency)
    assert run[:4] == ["PYTHONPATH=/media/stick", "checking/bin/python", "-m", "ledger.verify"]
    packages = {path for path in sys.path if path.endswith("site-packages")}
    environment = {"PYTHONPATH": os.pathsep.join([str(stick), *packages]), "PATH": "/usr/bin:/bin"}
    ran = subprocess.run([sys.executable, *run[2:]], env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("VERIFIED.")
    assert "POL held from" in ran.stdout
    assert "What this bundle cannot show" in ran.stdout


def test_another_key_and_a_changed_letter(agency: Agency) -> None:
    stranger = MemoryStore().vkey
    assert verified(["safehands", "verify", "case.json", "--vkey", stranger])[0] == 1
    bundle = json.loads(Path("case.json").read_bytes())
    salt = bundle["entries"][1]["salt"]
    bundle["entries"][1]["salt"] = ("B" if salt[0] == "A" else "A") + salt[1:]
    Path("changed.json").write_text(json.dumps(bundle), "utf-8")
    code, line = verified(["safehands", "verify", "changed.json", "--vkey", agency.store.vkey])
    assert answers()[line] == code == 1
    assert line.startswith("NOT VERIFIED.")


def test_more_entries_are_known_than_the_bundle_has(agency: Agency) -> None:
    words = next(each for each in COMMANDS if "--versions" in each).split()
    entries = len(agency.store.entries(f"case/{case_id(agency.story.name)}", agency=None))
    filled = [agency.store.vkey if word == "KEY" else str(entries) if word.isdigit() else word for word in words]
    assert verified(filled) == (0, "VERIFIED.")
    filled[-1] = str(entries + 1)
    assert verified(filled)[0] == 1


def test_a_checkpoint_that_was_kept_and_a_later_bundle(agency: Agency) -> None:
    keeping = next(each for each in COMMANDS if each.startswith("python3 -c "))
    words, _, kept = keeping.rpartition(" > ")
    taken = subprocess.run([sys.executable, *shlex.split(words)[1:]], capture_output=True, check=True)
    Path(kept).write_bytes(taken.stdout)
    agency.story.at("10:20").sees(AMBULANCE)
    Path("later.json").write_bytes(agency.bundle(older=Path(kept).read_text("utf-8")))
    words_later = command("safehands verify later.json", agency)
    assert words_later[-1] == kept
    assert verified(words_later) == (0, "VERIFIED.")
    Path("later.json").write_bytes(agency.bundle())
    assert verified(words_later)[0] == 1, "a bundle that does not go on from what was kept proves nothing about it"


def test_something_that_is_no_bundle(agency: Agency) -> None:
    Path("case.json").write_text("{}", "utf-8")
    assert CliRunner().invoke(app, ["verify", "case.json", "--vkey", agency.store.vkey]).exit_code == 2
    assert answers()["This cannot be read:"] == 2
