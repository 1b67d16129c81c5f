"""The simulation page: bounded, beside the requests, kept, and the same digits when it is run again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from safehands.errors import BadInput
from safehands.service.handle import Service

from .conftest import Page, Sit, Somebody


def form(page: Page, **given: str) -> dict[str, str]:
    """The form as it stands on the page, as small as it may be, with ``given`` written over it."""
    import re

    digests = re.findall(r'<option value="([0-9a-f]{64})"', page.text)
    usual = {name: page.field(name) for name in ("before_sends", "after_sends", "before_crews", "after_crews",
                                                "before_partners", "after_partners", "seed")}  # fmt: skip
    return {**usual, "before": digests[0], "after": digests[0], "weeks": "1", "replications": "2", **given}


def ended(somebody: Somebody, page: Page) -> Page:
    """The run's page once it has ended (the first run of a process compiles for a while)."""
    begun = time.monotonic()
    while "It waits" in page.said or " done." in page.said or "being stopped" in page.said:
        assert time.monotonic() - begun < 120
        time.sleep(0.2)
        page = somebody.get(page.address)
    return page


def test_two_policies_side_by_side_with_intervals_and_what_they_rest_on(sit: Sit) -> None:
    police = sit("POL", "supervisor")
    asked = form(police.get("/simulation/"), before_sends="50", after_crews="80", seed="7")
    page = ended(police, police.post("/simulation/run/", asked))
    assert page.status == 200
    for said in ("crews also to 50 % of the rest", "80 % of the crews", "Officer hours", "95 % interval", "Seed 7",
                 "How partners behave is a placeholder", "Weeks: 1. Replications: 2."):  # fmt: skip
        assert said in page.said, said
    assert page.text.count('role="img"') == 6
    assert " style=" not in page.text
    again = ended(police, police.post(f"{page.address}again/"))
    assert "The same digits as run" in again.said
    other = ended(police, police.post("/simulation/run/", {**asked, "seed": "8"}))
    digest = page.said.split("Digest of the figures: ")[1][:64]
    assert digest in again.said
    assert digest not in other.said
    assert "crews also to 50 %" in police.get("/simulation/").said


def test_everything_that_is_wrong_with_the_form_is_named_at_once(sit: Sit) -> None:
    police = sit("POL", "supervisor")
    asked = form(police.get("/simulation/"), before="x", weeks="5200", replications="1e9", seed="-1", after_crews="")
    page = police.post("/simulation/run/", asked)
    assert page.status == 422
    for said in ("The first policy: choose", "weeks: write", "replications: write", "seed: write"):
        assert said in page.said
    assert 'value="5200"' in page.text


def test_another_agencys_run_is_not_there(sit: Sit) -> None:
    police = sit("POL", "supervisor")
    page = ended(police, police.post("/simulation/run/", form(police.get("/simulation/"))))
    stranger = sit("FRS", "dispatcher")
    assert stranger.get(page.address).status == 404
    assert stranger.get(f"{page.address}live/").status == 404
    assert stranger.post(f"{page.address}again/").status == 404
    assert stranger.post(f"{page.address}stop/").status == 404
    assert page.address not in stranger.get("/simulation/").text


Told = Callable[[int], None]
Begin = Callable[[Callable[[Told], dict[str, Any]]], Any]


@pytest.fixture
def begin(desk: Service, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """Begin work of one's own without waiting for it."""
    from safehands.core.vocabulary import Actor
    from safehands.desk import jobs
    from safehands.desk.seats import Seat

    monkeypatch.setattr(jobs, "AT_ONCE", 0.05)
    seat = Seat(1, Actor("somebody", "supervisor", "POL"), "", "", None, "", "", False)
    return lambda work: jobs.begin("simulation", seat, {"seed": 1}, 10, work)


def end_of(job: Any) -> Any:
    from safehands.desk import jobs

    for _ in range(200):
        job.refresh_from_db()
        if job.state not in jobs.OPEN:
            return job
        time.sleep(0.05)
    raise AssertionError(job.state)


def endless(told: Told) -> dict[str, Any]:
    while True:
        time.sleep(0.02)
        told(1)


def test_a_run_can_be_called_off_and_the_next_one_has_waited_for_it(begin: Begin, sit: Sit) -> None:
    first, second = begin(endless), begin(lambda told: {"digest": ""})
    second.refresh_from_db()
    assert second.state == "waiting"
    page = sit("POL", "supervisor").get(f"/simulation/{first.pk}/")
    assert "Stop it" in page.said
    assert f"/simulation/{first.pk}/live/" in page.text
    sit("POL", "supervisor").post(f"/simulation/{first.pk}/stop/")
    assert end_of(first).state == "stopped"
    assert end_of(second).state == "done"
    assert "It was stopped" in sit("POL", "supervisor").get(f"/simulation/{first.pk}/").said
    live = sit("POL", "supervisor").client.get(f"/simulation/{first.pk}/live/")
    assert live.status_code == 286


def test_a_run_that_takes_too_long_is_stopped_and_says_so(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safehands.desk.jobs.LONGEST", 0.1)
    job = end_of(begin(endless))
    assert job.state == "stopped"
    assert "longer than it may" in job.faults[0]


def test_somebody_asks_for_more_and_more(begin: Begin) -> None:
    from safehands.desk import jobs

    running = [begin(endless) for _ in range(jobs.MOST)]
    with pytest.raises(BadInput, match="Try again in a minute"):
        begin(endless)
    for job in running:
        jobs.stop(job)
    assert {end_of(job).state for job in running} == {"stopped"}


def test_what_nobody_foresaw_ends_the_run_and_tells_nothing(begin: Begin) -> None:
    def breaks(told: Told) -> dict[str, Any]:
        raise ZeroDivisionError("secret")

    def refuses(told: Told) -> dict[str, Any]:
        raise BadInput(["the two do not share their words"])

    broken, refused = end_of(begin(breaks)), end_of(begin(refuses))
    assert (broken.state, refused.state) == ("failed", "failed")
    assert "secret" not in str(broken.faults)
    assert refused.faults == ["the two do not share their words"]


def test_a_run_whose_process_ended_is_said_to_be_lost(begin: Begin, sit: Sit) -> None:
    from safehands.desk.models import Job

    job = begin(lambda told: {"digest": ""})
    Job.objects.filter(pk=job.pk).update(state="running", beat_at=job.beat_at - timedelta(hours=1))
    sit("POL", "supervisor").get("/simulation/")
    assert "It was lost" in sit("POL", "supervisor").get(f"/simulation/{job.pk}/").said
    assert not [each for each in threading.enumerate() if each.name == f"job {job.pk}"]
