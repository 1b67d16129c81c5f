"""``safehands simulate``, as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from safehands.cli.simulate import simulate
from safehands.errors import BadInput

app = typer.Typer()
app.command()(simulate)
SHORT = ("right-care", "--weeks", "1", "--replications", "2")


def test_a_person_reads_tables_and_what_they_rest_on(tmp_path: Path) -> None:
    file = tmp_path / "area.toml"
    result = CliRunner().invoke(app, [*SHORT, "--write", str(file)])
    assert result.exit_code == 0
    for words in ("Officer hours", "neither police", "Mental health crisis line", "What this rests on", "default"):
        assert words in result.stdout
    again = CliRunner().invoke(app, [*SHORT, "--area", str(file), "--json"])
    assert json.loads(again.stdout)["figures"]["calls"]["before"]["mean"] > 0


def test_the_day_of_a_withdrawal_is_told() -> None:
    told = json.loads(CliRunner().invoke(app, [*SHORT, "--on", "2026-09-01", "--json"]).stdout)
    assert told["on"] == "2026-09-01"
    assert told["weeks"] == pytest.approx(1 + 6 / 7)  # whole weeks from a Monday; the day is a Tuesday


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--on", "first of September"), "write it as 2026-09-01"),
        (("--fit", "export.csv"), "--fit needs --map"),
        (("--area", "nowhere.toml"), "There are no parameters"),
    ],
)
def test_what_is_wrong_is_said(words: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(app, [*SHORT, *words])
    assert said in str(result.exception)


def test_an_export_without_police_is_refused(tmp_path: Path) -> None:
    header = "Incident,Agency,Problem,Call_Reception,Incident_Start_Time,Incident_Queue_Time,Incident_Dispatch_Time,"
    header += "TimeFirstUnitDispatchAcknowledged,Incident_Arrival_Time,TimeFirstCallCleared,Incident_First_Close_Time,"
    header += "First_Reopen_Time,Final_Closed_Time"
    row = "1,EMS,FALL BLS,Phone,2025-01-07 10:00:00,2025-01-07 10:00:30,2025-01-07 10:01:00,,,,,,"
    file = tmp_path / "export.csv"
    file.write_text(f"{header}\n{row}\n", encoding="utf-8")
    result = CliRunner().invoke(app, [*SHORT, "--fit", str(file), "--map", "dispatch-centre"])
    assert isinstance(result.exception, BadInput)
    assert "no crews to fit" in str(result.exception)


def test_the_command_line_starts_without_the_compiler() -> None:
    said = "import sys, safehands.cli.simulate; print({'numba', 'numpy', 'scipy'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert ran.stdout.strip() == "set()"
