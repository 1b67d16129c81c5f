"""``safehands bench`` and ``replay``, over the store in memory."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from cli.conftest import Run


def test_bench_measures_each_beside_the_bare_work(run: Run) -> None:
    rows = run("bench", "--seconds", "0.1", "--json").json["measured"]
    assert [row["what"] for row in rows] == ["decisions", "durable commands", "entries verified"]
    assert all(row["ratio"] > 0 for row in rows)
    assert "fsync" in run("bench", "--seconds", "0.1").out


def test_a_replay_adds_up_and_verifies(run: Run) -> None:
    file = str(resources.files("safehands.sim").joinpath("data", "seattle-911-2016-03-25.csv.gz"))
    told = run("replay", file, "--map", "seattle-911", "--json").json
    assert told["rows"] == told["refused"] + told["contacts"] == 706
    assert (told["handovers"], told["unowned_seconds"], told["two_holders"]) == (0, 0, 0)
    assert told["entries"] > told["rows"]
    assert run("verify", "--json").json["cases"] == told["contacts"]
    assert run("status", "--json").json["purpose"] == "replay"


def test_a_map_or_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("a,b\n1,2\n")
    assert run("replay", "calls.csv", "--map", "nowhere", "--json").code == 5
    assert run("replay", "nowhere.csv", "--map", "seattle-911", "--json").code in (2, 5)
    assert run("replay", "calls.csv", "--map", "seattle-911", "--json").code == 2
