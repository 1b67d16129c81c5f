"""The rules in pyproject.toml, each broken on purpose: a rule that has stopped biting fails here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent

READS_A_CLOCK = "import datetime as dt\n\nSTARTED = dt.datetime.now(dt.UTC)\n"
MAKES_AN_ID = "import uuid\n\nNAME = uuid.uuid4()\n"
READS_SECONDS = "import time\n\nSTARTED = time.time()\n"


def banned(source: str, path: str) -> bool:
    """Whether ruff, under the project's rules, refuses this source at this path as a banned name."""
    done = subprocess.run(
        [TOOLS / "ruff", "check", "--no-cache", "--stdin-filename", path, "-"],
        cwd=ROOT, input=source, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return "TID251" in done.stdout


@pytest.mark.parametrize("source", [READS_A_CLOCK, READS_SECONDS, MAKES_AN_ID])
def test_a_clock_or_a_random_id_where_it_must_not_be(source: str) -> None:
    assert banned(source, "src/safehands/core/case.py")
    assert banned(source, "src/safehands/service/handle.py")


@pytest.mark.parametrize("source", [READS_A_CLOCK, READS_SECONDS, MAKES_AN_ID])
def test_the_one_module_that_may_read_the_clock(source: str) -> None:
    assert not banned(source, "src/safehands/service/clock.py")


def contracts(tree: Path) -> str:
    """What import-linter says of the package under ``tree``, or nothing where every contract is kept."""
    done = subprocess.run(
        [TOOLS / "lint-imports", "--no-logo", "--no-cache", "--config", tree / "pyproject.toml"],
        cwd=tree / "src", capture_output=True, text=True, check=False, env={"PYTHONPATH": str(tree / "src")},
    )  # fmt: skip
    return done.stdout + done.stderr if done.returncode else ""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its rules, to be broken."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.slow
def test_contracts_hold_before_anything_is_planted(copy: Path) -> None:
    assert contracts(copy) == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "source", "said"),
    [
        ("core/planted.py", "import safehands.store\n", "safehands.core is not allowed to import safehands.store"),
        ("core/planted.py", "import safehands.ledger\n", "safehands.core is not allowed to import safehands.ledger"),
        ("service/planted.py", "import safehands.cli\n", "safehands.service is not allowed to import safehands.cli"),
        ("errors.py", "import safehands.core\n", "safehands.errors is not allowed to import safehands.core"),
        ("core/planted.py", "import django\n", "safehands.core is not allowed to import django"),
        ("core/planted.py", "import time\n", "safehands.core is not allowed to import time"),
        ("store/planted.py", "import http.client\n", "safehands.store is not allowed to import http"),
        ("drawer/__init__.py", '"""A package that no layer names."""\n', "safehands.drawer"),
    ],
)
def test_an_import_that_points_up_or_out(copy: Path, module: str, source: str, said: str) -> None:
    planted = copy / "src" / "safehands" / module
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(source)
    assert said in " ".join(contracts(copy).split())
