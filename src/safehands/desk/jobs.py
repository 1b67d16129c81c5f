"""Work that takes longer than a page may: done in a thread beside the requests, one at a time, in a bounded time.

A job is asked for with ``begin``, tells how far it is, can be called off, and keeps what it was asked and what it
found. If the process ends, the job is lost and says so; nothing else depends on it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of
from safehands.desk.models import Job
from safehands.desk.seats import Seat
from safehands.errors import BadInput, SafehandsError
from safehands.service.clock import SystemClock

#: Jobs that wait or run at once in an installation, and the longest that one may run, in seconds. [our default]
MOST: Final = 4
LONGEST: Final = 300.0

#: How long the page that asks waits for the end: what is quick is shown at once. In seconds.
AT_ONCE: Final = 1.5

#: A job that has said nothing for so long is lost: its process has ended.
LOST: Final = timedelta(minutes=20)

#: How often progress is written, in seconds.
_OFTEN: Final = 0.3

OPEN: Final = ("waiting", "running", "stopping")

#: Told how much more was done.
Told = Callable[[int], None]
Work = Callable[[Told], Mapping[str, Any]]

_LOG: Final = logging.getLogger("safehands.jobs")
_one_at_a_time: Final = threading.Lock()


class CalledOff(Exception):
    """Somebody called the job off, or it took too long."""


def begin(kind: str, seat: Seat, asked: Mapping[str, Any], of: int, work: Work) -> Job:
    """Do ``work`` beside the requests. ``of`` is how much there is to do. Raises ``BadInput`` where too much waits."""
    lose_the_lost()
    if Job.objects.filter(state__in=OPEN).count() >= MOST:
        raise BadInput([_("Other work of this kind is still being done. Try again in a minute.")])
    job = Job.objects.create(
        kind=kind,
        agency=seat.agency,
        asked_by=seat.actor.actor,
        asked_at=kernel().clock.now(),
        beat_at=SystemClock().now(),
        of=max(of, 1),
        asked=dict(asked),
    )
    thread = threading.Thread(target=_do, args=(job.pk, work), name=f"job {job.pk}", daemon=True)
    thread.start()
    thread.join(AT_ONCE)
    job.refresh_from_db()
    return job


def stop(job: Job) -> None:
    """Call a job off. One that has ended stays as it is."""
    Job.objects.filter(pk=job.pk, state__in=("waiting", "running")).update(state="stopping")


def lose_the_lost() -> None:
    """Jobs of processes that have ended will not come back."""
    Job.objects.filter(state__in=OPEN, beat_at__lt=SystemClock().now() - LOST).update(state="lost")


def _do(job: int, work: Work) -> None:
    """In the thread: wait for the turn, work, write down what came of it."""
    from django.db import connection

    try:
        with _one_at_a_time:
            begun = Job.objects.filter(pk=job, state="waiting").update(state="running", beat_at=SystemClock().now())
            if begun:
                found = work(_telling(job))
                _end(job, "done", found=dict(found))
            else:
                _end(job, "stopped")
    except CalledOff as why:
        _end(job, "stopped", faults=[str(why)] if str(why) else [])
    except SafehandsError as error:
        _end(job, "failed", faults=[each.sentence for each in faults_of(error)])
    except Exception:  # noqa: BLE001 - whatever it is, the page has to say that the job has ended
        _LOG.exception("job %s", job)
        _end(job, "failed", faults=[_("Something broke that nobody foresaw. Whoever runs this desk finds it logged.")])
    finally:
        connection.close()


def _end(job: int, state: str, **more: Any) -> None:
    Job.objects.filter(pk=job).update(state=state, ended_at=kernel().clock.now(), **more)


def _telling(job: int) -> Told:
    """Adds up progress, writes it now and then, and ends the work where it was called off or takes too long."""
    done, begun, last = 0, time.monotonic(), 0.0

    def told(more: int) -> None:
        nonlocal done, last
        done += more
        now = time.monotonic()
        if now - last < _OFTEN:
            return
        last = now
        Job.objects.filter(pk=job).update(done=done, beat_at=SystemClock().now())
        if Job.objects.filter(pk=job, state="stopping").exists():
            raise CalledOff
        if now - begun > LONGEST:
            raise CalledOff(_("It took longer than it may, and was stopped. Ask for less."))

    return told
