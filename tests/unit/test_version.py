"""One version, said in two places."""

import tomllib
from pathlib import Path

import safehands


def test_the_version_changed_in_one_place_only() -> None:
    declared = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text())
    assert declared["project"]["version"] == safehands.__version__
