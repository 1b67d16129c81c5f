"""The page on ASVS: every id is there, every test that it names exists, and the ids are OWASP's own."""

from __future__ import annotations

import csv
import importlib.util
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_spec = importlib.util.spec_from_file_location("describe_asvs", ROOT / "scripts" / "describe_asvs.py")
assert _spec is not None
assert _spec.loader is not None
asvs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(asvs)


def test_the_page_is_what_the_script_writes() -> None:
    assert asvs.PAGE.read_text("utf-8") == asvs.page()


def test_every_requirement_of_both_levels_has_its_line() -> None:
    shown = re.findall(r"(?m)^\| (V[\d.]+) \| ([12]) \| \S", asvs.PAGE.read_text("utf-8"))
    assert shown == asvs.required()


def test_every_test_that_is_named_exists() -> None:
    for name, answer in asvs.answers().items():
        if "::" in answer:
            file, _, test = answer.partition("::")
            assert f"def {test}(" in (ROOT / file).read_text("utf-8"), f"{name}: {answer}"


def test_an_answer_names_a_requirement_that_there_is() -> None:
    known = {name for name, _ in asvs.required()}
    for name in asvs.answers():
        assert any(each == name or each.startswith(f"{name}.") for each in known), name


def test_the_ids_are_owasps() -> None:
    folder = os.environ.get("SAFEHANDS_DATA")
    if folder is None:
        pytest.skip("NOT RUN: SAFEHANDS_DATA does not name the folder with the standard")
    with (Path(folder) / "asvs" / "asvs-5.0.0-en.csv").open(encoding="utf-8-sig") as file:
        theirs = [(row["req_id"], row["L"]) for row in csv.DictReader(file) if row["L"] in {"1", "2"}]
    assert theirs == asvs.required()
