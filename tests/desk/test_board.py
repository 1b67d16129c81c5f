"""The board and the worklist: they count all, ask a fixed number of questions, and say what needs an act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from safehands.core.case import Case
from safehands.desk.forms import plain
from safehands.service.handle import Service
from safehands.store.ports import Within
from safehands.store.postgres.store import PostgresStore

from .conftest import INTENT, Sit
from .test_every_act import act
from .test_handover import offered

Look = Callable[[str], Case]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every question that was put to the store's pictures."""
    found: list[str] = []
    for name in ("pictures", "count_pictures", "load", "entries"):
        real = getattr(PostgresStore, name)

        def noted(self: PostgresStore, *given: Any, real: Any = real, name: str = name, **named: Any) -> Any:
            found.append(name)
            return real(self, *given, **named)

        monkeypatch.setattr(PostgresStore, name, noted)
    return found


def test_the_board_asks_as_much_of_one_case_as_of_many(sit: Sit, case_of: Look, asked: list[str]) -> None:
    from safehands.desk.pages import board

    police = sit("POL", "supervisor")
    offered(police, case_of)
    asked.clear()
    board._KEPT.clear()
    police.get("/board/live/")
    few = len(asked)
    for _ in range(4):
        offered(police, case_of)
    asked.clear()
    board._KEPT.clear()
    police.get("/board/live/")
    assert len(asked) == few <= 20


def test_late_counts_every_case_and_not_the_first_hundred(
    desk: Service, sit: Sit, case_of: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test.utils import override_settings

    from safehands.desk.pages import board

    police = sit("POL", "supervisor")
    for _ in range(3):
        police.takes_a_call(INTENT)
    later = desk.clock.now() + timedelta(days=2)
    late = desk.store.count_pictures(
        "case_picture", agency="POL", where={"status": "open"}, within=Within("next_due_at", until=later)
    )
    assert late > 2
    monkeypatch.setattr(board, "ROWS", 2)
    monkeypatch.setattr(type(desk.clock), "now", lambda _clock: later)
    with override_settings(DESK_SESSION_IDLE=7 * 86_400, DESK_SESSION_LONGEST=7 * 86_400):  # same clock
        page = police.get("/board/")
    assert f"{late} past their clock" in page.said
    assert "The 2 that hurt next are shown" in page.said


def test_the_board_says_what_is_disputed_and_who_is_at_a_place_of_safety(sit: Sit, case_of: Look) -> None:
    police = sit("POL", "supervisor")
    case_id = offered(police, case_of)
    act(police, case_id, "challenge-raise", against="AMB-east", position="She is ill", asserts_risk="yes")
    grounds = {"g__consulted": "the crisis line", "g__found_at": "a bridge"}
    act(police, case_id, "status-begin", kind="s136_removed", place="mental_health_suite", **grounds)
    act(police, case_id, "milestone", milestone="arrival_at_place_of_safety", note="the crew")
    act(police, case_id, "responder", act="arrive", responder="PC-77", place="the suite")
    said = police.get("/board/").said
    assert "open dispute" in said
    assert "PC-77" in said
    assert "at a place of safety" in said
    assert "disputed" in said.split("Last act")[1]


def test_ten_year_old_concerns_of_an_export_do_not_drown_what_can_be_acted_on(desk: Service) -> None:
    from safehands.desk.pages import board

    now = desk.clock.now()
    long_ago, today = now - timedelta(days=3_630), now - timedelta(hours=1)
    concerns = [("closed", long_ago), ("still-open", long_ago), ("new", today)]

    class Seen(board.Asked):
        def rows(self, table: str, *, within: Within | None = None, **where: Any) -> list[board.Row]:
            if table == "case_picture":
                return [{"case_id": "still-open"}] if where["status"] == "open" else []
            assert within is not None
            assert (where["grade"], where["cleared_at"]) == (1, None)
            since, until = within.since, within.until
            kept = [each for each in concerns if (since or each[1]) <= each[1] and (until is None or each[1] < until)]
            return [{"case_id": case, "raised_at": at} for case, at in kept]

    found, in_all = board.worst_of(Seen("POL"), now)
    assert ([row["case_id"] for row in found], in_all) == (["still-open", "new"], 2)


def test_a_worklist_counts_every_task_and_offer(sit: Sit, case_of: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    from safehands.desk.pages import worklist

    police = sit("POL", "handler")
    case_id = police.takes_a_call(INTENT)
    for n in range(3):
        act(police, case_id, "add-task", kind=f"task_{n}", text="do it")
    monkeypatch.setattr(worklist, "TASKS", 2)
    page = police.get("/")
    assert "tasks are yours" in page.said
    assert not page.said.count(" 2 tasks are yours")
    assert plain("clock_breached") not in page.said.split("You hold")[0]


def test_what_hurts_next_of_all_kinds_stands_first(sit: Sit, case_of: Look) -> None:
    case_id = offered(sit("POL", "handler"), case_of)
    said = sit("AMB-east", "dispatcher").get("/").said
    assert said.index("What hurts next") < said.index(case_of(case_id).reference)


def test_whoever_leaves_hands_each_case_to_a_colleague_on_one_page(sit: Sit, case_of: Look) -> None:
    police = sit("POL", "dispatcher")
    case_id = police.takes_a_call()
    act(police, case_id, "keeper", keeper="dispatcher.pol")
    page = police.post("/log-off/")
    assert page.status == 409
    assert "Hand it to a colleague" in page.said or "Name the keeper" in page.said
    form = {"keeper": "supervisor.pol", "back": "keeping", "seen": "1"}
    page = police.post(f"/case/{case_id}/keeper/", form)
    assert page.address == "/log-off/keeping/"
    assert case_of(case_id).keeper == "supervisor.pol"
    assert police.post("/log-off/").address == "/entrance/"
