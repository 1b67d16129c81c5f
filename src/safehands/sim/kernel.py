"""The event loop: contacts pass through desks of finite capacity. Compiled; times are minutes from the start of the
run.

A *pool* is a desk or a set of crews of one agency, with a number of places for each hour of the week. A *program*
says what a row of the tables means here: a supervisor first, crews of which pool and how urgently, an offer to
which pool and for how long.

What happens to a contact:

1. The control room takes it (if the model has one) and the row of the policy then in force decides.
2. A guarded contact waits for a supervisor. If none has begun and ended by the limit, it counts as raised and
   crews go (law 4).
3. Crews go after their delay, when one is free, the most urgent first.
4. An offer waits at the partner's desk until it is answered or its time is over. Declined or lapsed, it stays
   with the offering side, which sends crews with the chance ``after_refusal``.
5. If in the end nobody attended, the caller may ring again; the third contact is the last that is simulated.

Every draw belongs to a contact and a purpose (``draws``), so two policies can be compared contact by contact.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from safehands.sim.compiled import compiled_without_allocation, within
from safehands.sim.layout import (
    ACCEPTED,
    AGAIN,
    CONTACTS,
    CREW_CAME,
    DECIDED,
    DECLINED,
    DEPLOYED,
    HOURS_OF_WEEK,
    LAPSED,
    LEVELS,
    OFFERED,
    PARTNER_CAME,
    RAISED,
    SEEN,
    SETTLED,
    TRIAGED,
    Floats,
    Model,
    Result,
    Room,
    Rows,
    room_for,
)
from safehands.sim.machinery import SHIFT, SPAN, World, draw, luck, occupy, pop, push

_DESK, _SUPERVISED, _SUPERVISOR_LATE, _CREW_READY, _ANSWERED, _LAPSE, _PARTNER_FREE, _CREW_FREE, _AGAIN = range(9)

_AT_REACH, _AT_WORK, _AT_DELAY, _AT_DESK = 0, 3, 6, 9  # purposes of a draw, plus the strand
_AT_DEPLOY, _AT_ACCEPT, _AT_ATTEND, _AT_REFUSED, _AT_AGAIN, _AT_PAUSE = 10, 11, 12, 13, 14, 15

_IDLE, _WAITING, _GONE = 0, 1, 2
# A job is a contact and one of its strands in a number: the contact times four, plus the strand.
_STRANDS: Final = 3
_CREW, _SUPERVISOR, _PARTNER = 0, 1, 2  # strands of a contact; the control room uses the first before crews can


@within
def _begin(w: World, now: float, number: int, level: int, job: int) -> None:
    """A free place takes the job."""
    strand, who = job & 3, job >> 2
    pool, contact = w.pools[number], w.contacts[who]
    pool.in_use += 1
    contact.standing[strand] = _IDLE
    at_desk = number == w.rules[0].control_room
    until = now + draw(w, pool.reach[level], who, _AT_DESK if at_desk else _AT_REACH + strand)
    if at_desk:
        push(w, until, _DESK, who)
    elif number == w.rules[0].supervisors:
        push(w, until, _SUPERVISED, who)
    elif strand == _PARTNER:
        push(w, until, _ANSWERED, who)
    else:
        contact.crew_sent = now
        contact.crew_there = until
        contact.marks |= CREW_CAME
        until += draw(w, pool.work[level], who, _AT_WORK + strand)
        contact.crew_free = until
        push(w, until, _CREW_FREE, who)
    occupy(w, number, now, until)


@compiled_without_allocation
def _join(w: World, now: float, number: int, level: int, job: int) -> None:
    """The job comes to a pool: taken at once or queued."""
    pool, rules = w.pools[number], w.rules[0]
    if rules.warm_up <= now < rules.horizon:
        pool.asked[(int(now / 60.0) + rules.first_hour) % HOURS_OF_WEEK] += 1
    if pool.in_use < pool.here:
        _begin(w, now, number, level, job)
        return
    contact = w.contacts[job >> 2]
    contact.standing[job & 3] = _WAITING
    contact.following[job & 3] = 0
    rules.waiting += 1
    if pool.head[level] == 0:
        pool.head[level] = job + 1
    else:
        last = pool.tail[level] - 1
        w.contacts[last >> 2].following[last & 3] = job + 1
    pool.tail[level] = job + 1


@compiled_without_allocation
def _take_next(w: World, now: float, number: int) -> None:
    """Free places take those who wait, the most urgent first."""
    pool = w.pools[number]
    for level in range(LEVELS):
        while pool.head[level] != 0 and pool.in_use < pool.here:
            job = pool.head[level] - 1
            contact, strand = w.contacts[job >> 2], job & 3
            pool.head[level] = contact.following[strand]
            if contact.standing[strand] == _WAITING:
                w.rules[0].waiting -= 1
                _begin(w, now, number, level, job)


@within
def _free(w: World, now: float, number: int) -> None:
    w.pools[number].in_use -= 1
    _take_next(w, now, number)


@within
def _withdraw(w: World, who: int, strand: int) -> None:
    """Who waits no longer leaves the queue."""
    if w.contacts[who].standing[strand] == _WAITING:
        w.contacts[who].standing[strand] = _GONE
        w.rules[0].waiting -= 1


@within
def _settle(w: World, now: float, who: int) -> None:
    """Nobody is on the way any more. Where nobody came, the caller may ring again."""
    contact, rules = w.contacts[who], w.rules[0]
    if contact.marks & (SETTLED | CREW_CAME | PARTNER_CAME):
        return
    contact.marks |= SETTLED
    later = who + len(w.contacts) // CONTACTS
    if later < len(w.contacts) and luck(w, who, _AT_AGAIN) < rules.rings_again:
        contact.marks |= AGAIN
        w.contacts[later].marks = 0
        push(w, now - np.log(luck(w, who, _AT_PAUSE)) * rules.pause, _AGAIN, later)


@within
def _send(w: World, now: float, who: int) -> None:
    """Crews are asked for, unless they were already."""
    contact = w.contacts[who]
    if contact.marks & DEPLOYED:
        return
    contact.marks |= DEPLOYED
    program = w.programs[contact.version, contact.row]
    delay = draw(w, w.pools[program.crew].before[program.level], who, _AT_DELAY)
    contact.crew_asked = now
    if delay > 0.0:
        push(w, now + delay, _CREW_READY, who)
    else:
        _join(w, now, program.crew, program.level, who << 2 | _CREW)


@within
def _offer(w: World, now: float, who: int) -> None:
    contact = w.contacts[who]
    program = w.programs[contact.version, contact.row]
    contact.marks |= OFFERED
    contact.offered = now
    push(w, now + program.due, _LAPSE, who)
    _join(w, now, program.partner, program.level, who << 2 | _PARTNER)


@within
def _refused(w: World, now: float, who: int) -> None:
    """Declined or lapsed: the offering side still holds the case and acts, or does not."""
    if not w.contacts[who].marks & DEPLOYED:
        if luck(w, who, _AT_REFUSED) < w.rules[0].after_refusal:
            _send(w, now, who)
        else:
            _settle(w, now, who)


@within
def _act(w: World, now: float, who: int, deploy: bool) -> None:
    contact = w.contacts[who]
    program = w.programs[contact.version, contact.row]
    contact.decided = now
    contact.marks |= DECIDED
    if deploy:
        _send(w, now, who)
    if program.partner >= 0 and (not deploy or not program.guarded):
        _offer(w, now, who)
    elif not deploy:
        _settle(w, now, who)


@within
def _triaged(w: World, now: float, who: int) -> None:
    contact = w.contacts[who]
    program = w.programs[contact.version, contact.row]
    contact.triaged = now
    contact.marks |= TRIAGED
    if program.guarded:
        push(w, now + w.rules[0].limit, _SUPERVISOR_LATE, who)
        _join(w, now, w.rules[0].supervisors, 0, who << 2 | _SUPERVISOR)
    else:
        _act(w, now, who, luck(w, who, _AT_DEPLOY) < program.chance)


@within
def _arrive(w: World, rows: Rows, now: float, who: int) -> None:
    contact, rules = w.contacts[who], w.rules[0]
    first = len(w.contacts) // CONTACTS
    contact.arrived = now
    contact.version = 1 if now >= rules.switch else 0
    contact.row = rows[contact.version, who // first, who % first]
    contact.marks = SEEN
    for strand in range(_STRANDS):
        contact.standing[strand] = _IDLE
    if rules.control_room >= 0:
        _join(w, now, rules.control_room, 0, who << 2 | _CREW)
    else:
        _triaged(w, now, who)


@within
def _supervised(w: World, now: float, who: int, late: bool) -> None:
    """A supervisor has decided, or the limit has come first."""
    if not late:
        _free(w, now, w.rules[0].supervisors)
    contact = w.contacts[who]
    if contact.marks & DECIDED:
        return
    if late:
        _withdraw(w, who, _SUPERVISOR)
        contact.marks |= RAISED
    _act(w, now, who, late or luck(w, who, _AT_DEPLOY) < w.rules[0].deploys)


@within
def _answered(w: World, now: float, who: int) -> None:
    """The partner answers. After the offer's time is over the answer changes nothing: somebody else acts already."""
    contact = w.contacts[who]
    program = w.programs[contact.version, contact.row]
    pool = w.pools[program.partner]
    if contact.marks & LAPSED:
        _free(w, now, program.partner)
        return
    contact.answered = now
    if luck(w, who, _AT_ACCEPT) >= pool.accepts:
        contact.marks |= DECLINED
        _free(w, now, program.partner)
        _refused(w, now, who)
        return
    contact.marks |= ACCEPTED
    until = now + draw(w, pool.work[program.level], who, _AT_WORK + _PARTNER)
    occupy(w, program.partner, now, until)
    push(w, until, _PARTNER_FREE, who)
    if luck(w, who, _AT_ATTEND) < pool.attends:
        contact.marks |= PARTNER_CAME
    elif not contact.marks & DEPLOYED:
        _settle(w, now, who)


@within
def _lapse(w: World, now: float, who: int) -> None:
    contact = w.contacts[who]
    if contact.marks & (ACCEPTED | DECLINED):
        return
    contact.marks |= LAPSED
    _withdraw(w, who, _PARTNER)
    _refused(w, now, who)


@within
def _happen(w: World, rows: Rows, now: float, kind: int, who: int) -> None:
    program = w.programs[w.contacts[who].version, w.contacts[who].row]
    if kind == _CREW_FREE:
        _free(w, now, program.crew)
    elif kind == _DESK:
        _triaged(w, now, who)
        _free(w, now, w.rules[0].control_room)
    elif kind == _CREW_READY:
        _join(w, now, program.crew, program.level, who << 2 | _CREW)
    elif kind == _ANSWERED:
        _answered(w, now, who)
    elif kind == _LAPSE:
        _lapse(w, now, who)
    elif kind == _PARTNER_FREE:
        _free(w, now, program.partner)
    elif kind == _AGAIN:
        _arrive(w, rows, now, who)
    else:
        _supervised(w, now, who, kind == _SUPERVISOR_LATE)


@compiled_without_allocation
def _turn_of_hour(w: World, now: float) -> None:
    hour = (int(now / 60.0) + w.rules[0].first_hour) % HOURS_OF_WEEK
    for number in range(len(w.pools)):
        w.pools[number].here = w.pools[number].places[hour]
        _take_next(w, now, number)


@compiled_without_allocation
def _loop(w: World, rows: Rows, arrivals: Floats, last: float) -> None:
    rules = w.rules[0]
    seen, turn = 0, 0.0
    while True:
        coming = arrivals[seen] if seen < len(arrivals) else np.inf
        due = w.heap[0].when if rules.heap > 0 else np.inf
        soonest = min(coming, due)
        if (soonest == np.inf and rules.waiting == 0) or turn > last:
            return
        if turn <= soonest:
            _turn_of_hour(w, turn)
            turn += 60.0
            continue
        rules.events += 1
        if coming <= due:
            _arrive(w, rows, coming, seen)
            seen += 1
        else:
            what = pop(w)
            _happen(w, rows, due, what >> SHIFT, what & (SPAN - 1))


def run(model: Model, arrivals: Floats, rows: Rows, key: np.uint64, room: Room | None = None) -> Result:
    """One replication.

    ``arrivals`` are first contacts in ascending order, ``rows`` their rows by version and contact (shape 2, 3,
    contacts). After the last arrival the run goes on until everybody is served, four weeks past the horizon at
    most. With ``room`` the result lies in memory that the next run overwrites.
    """
    first = len(arrivals)
    room = room_for(first) if room is None else room
    contacts, heap = room.contacts[: first * CONTACTS], room.heap
    pools, rules = model.pools.copy(), model.rules.copy()
    rules["key"] = key
    last = float(rules["horizon"][0]) + 4 * HOURS_OF_WEEK * 60.0
    _loop(World(contacts, pools, model.programs, rules, model.tables, heap), rows, arrivals, last)
    return Result(contacts, pools, int(rules["events"][0]))
