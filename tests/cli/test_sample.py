"""``sample draw``, ``list`` and ``review``: the invented day, drawn once, read by somebody else than who decided."""

from __future__ import annotations

import pytest

from cli.conftest import SHORT_DAY, Run
from safehands.cli import demo_day, home
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SystemClock
from safehands.service.handle import Service
from safehands.store.memory import MemoryStore

DAYS = ("--from", "2026-03-03", "--to", "2026-03-03")
DRAW = ("sample", "draw", "right-care", *DAYS, "--rate", "1", "--by", "sergeant.kit")


@pytest.fixture(autouse=True)
def day(store: MemoryStore) -> None:
    """The invented day, played: Tuesday 3 March 2026."""
    service = Service(store, Catalogue(store), SystemClock())
    home.ensure_adopted(service, home.FIRST_PATHWAY)
    demo_day.play(service, demo_day.read_day(SHORT_DAY.read_text("utf-8"), SHORT_DAY.name), lambda at, sentence: None)


def test_drawn_listed_read_and_verified(run: Run) -> None:
    drawn = run(*DRAW, "--json").json
    assert drawn["among"] == len(drawn["decisions"]) > 1
    first = drawn["decisions"][0]
    words = ("sample", "review", first["reference"], first["decision"], "--by", "sergeant.kit", "--role", "inspector")
    told = run(*words, "--result", "pass", "--notes", "right, and whole", "--json").json
    assert told == {key: first[key] for key in ("case", "reference", "decision")} | {"result": "pass"}
    listed = run("sample", "list", "right-care", *DAYS, "--json").json
    assert listed["seed"] == drawn["seed"]
    assert [each["result"] for each in listed["decisions"]].count("pass") == 1
    unread = run("sample", "list", "right-care", "--unread", "--json").json["decisions"]
    assert len(unread) == drawn["among"] - 1
    assert first["decision"] not in {each["decision"] for each in unread}
    assert run("verify", "--json").json["verified"] is True
    quality = run("measures", "right-care", "11", "--json").json["results"][0]
    assert (quality["numerator"], quality["base"]) == ("1", drawn["among"])


def test_a_person_reads_what_was_drawn_and_what_to_read(run: Run) -> None:
    said = " ".join(run(*DRAW).out.split())
    assert "decisions were drawn (seed " in said
    assert "not read" in said
    assert "with the seed" in " ".join(run("sample", "list", "right-care", *DAYS).out.split())
    first = run("sample", "list", "right-care", "--json").json["decisions"][0]
    words = ("--result", "fail", "--notes", "no reason was written down", "--by", "sergeant.kit")
    assert ": fail." in run("sample", "review", first["case"], first["decision"], *words).out


def test_whoever_does_not_like_the_draw_draws_again(run: Run) -> None:
    assert run(*DRAW).code == 0
    again = run(*DRAW, "--json")
    assert (again.code, again.json["error"]["rule"]) == (3, "sample.drawn")
    assert run(*DRAW, "--role", "handler").code == 4


def test_nobody_marks_their_own_decision_and_nobody_reads_one_that_was_not_drawn(run: Run, store: MemoryStore) -> None:
    made = store.facts(kind="decided")[0]
    case, decision = str(made["case_id"]), str(made["about"])
    words = ("sample", "review", case, decision, "--result", "pass", "--notes", "fine", "--by")
    assert run(*words, "sergeant.kit").code == 5
    run(*DRAW)
    assert run(*words, "sergeant.kit", "--role", "handler").code == 4
    decider = Service(store, Catalogue(store), SystemClock()).case(case, agency=None).deciders[decision]
    assert run(*words, decider, "--json").json["error"]["rule"] == "review.own"
    assert run(*words, "sergeant.kit").code == 0
    assert run(*words, "sergeant.kit", "--json").json["error"]["rule"] == "review.done"


def test_half_a_period_and_a_period_that_nobody_drew(run: Run) -> None:
    assert run("sample", "list", "right-care", "--from", "2026-03-03").code == 2
    assert run("sample", "list", "right-care", *DAYS).code == 5
    assert "nothing to read" in run("sample", "list", "right-care").out
    assert run("sample", "draw", "right-care", *DAYS, "--rate", "2", "--by", "sergeant.kit").code == 2
