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

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from safehands.sim.compiled import compiled_without_allocation
from safehands.sim.draws import PURPOSES, uniform
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

_DESK, _SUPERVISED, _SUPERVISOR_LATE, _CREW_READY, _ANSWERED, _LAPSE, _PARTNER_FREE, _CREW_FREE, _AGAIN = range(9)
_SPAN: Final = 1 << 40

_AT_REACH, _AT_WORK, _AT_DELAY = 0, 3, 6  # purposes of a draw, plus the strand
_AT_DEPLOY, _AT_ACCEPT, _AT_ATTEND, _AT_REFUSED, _AT_AGAIN, _AT_PAUSE = 10, 11, 12, 13, 14, 15

_IDLE, _WAITING, _GONE = 0, 1, 2
_CREW, _SUPERVISOR, _PARTNER = 0, 1, 2  # strands of a contact; the control room uses the first before crews can


class _World(NamedTuple):
    contacts: npt.NDArray[np.void]
    pools: npt.NDArray[np.void]
    programs: npt.NDArray[np.void]
    rules: npt.NDArray[np.void]
    tables: Floats
    heap: npt.NDArray[np.void]


@compiled_without_allocation
def _push(w: _World, when: float, kind: int, who: int) -> None:
    heap, rules = w.heap, w.rules[0]
    place = rules.heap
    rules.heap += 1
    while place > 0:
        above = (place - 1) >> 1
        if heap[above].when <= when:
            break
        heap[place].when, heap[place].what = heap[above].when, heap[above].what
        place = above
    heap[place].when, heap[place].what = when, kind * _SPAN + who


@compiled_without_allocation
def _pop(w: _World) -> int:
    heap, rules = w.heap, w.rules[0]
    first = heap[0].what
    rules.heap -= 1
    size = rules.heap
    when, what = heap[size].when, heap[size].what
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and heap[below + 1].when < heap[below].when:
            below += 1
        if heap[below].when >= when:
            break
        heap[place].when, heap[place].what = heap[below].when, heap[below].what
        place = below
    heap[place].when, heap[place].what = when, what
    return int(first)


@compiled_without_allocation
def _luck(w: _World, who: int, purpose: int) -> float:
    return uniform(w.rules[0].key, who * PURPOSES + purpose)


@compiled_without_allocation
def _draw(w: _World, which: int, who: int, purpose: int) -> float:
    if which < 0:
        return 0.0
    luck = _luck(w, who, purpose)
    table = w.tables[which]
    if table[0] < 0.0:
        return float(-np.log(luck) * table[1])
    step = luck * (len(table) - 1)
    low = int(step)
    return float(table[low] + (step - low) * (table[low + 1] - table[low]))


@compiled_without_allocation
def _occupy(w: _World, pool: int, since: float, until: float) -> None:
    """Add an occupied place to the pool's hours of the week, as far as it lies in the measured window."""
    rules = w.rules[0]
    busy = w.pools[pool].busy
    at, end = max(since, rules.warm_up), min(until, rules.horizon)
    while at < end:
        hour = int(at // 60.0)
        stop = min(end, (hour + 1) * 60.0)
        busy[(hour + rules.first_hour) % HOURS_OF_WEEK] += stop - at
        at = stop


@compiled_without_allocation
def _begin(w: _World, now: float, number: int, level: int, job: int) -> None:
    """A free place takes the job."""
    strand, who = job // len(w.contacts), job % len(w.contacts)
    pool, contact = w.pools[number], w.contacts[who]
    pool.in_use += 1
    contact.standing[strand] = _IDLE
    until = now + _draw(w, pool.reach[level], who, _AT_REACH + strand)
    if number == w.rules[0].control_room:
        _push(w, until, _DESK, who)
    elif number == w.rules[0].supervisors:
        _push(w, until, _SUPERVISED, who)
    elif strand == _PARTNER:
        _push(w, until, _ANSWERED, who)
    else:
        contact.crew_sent = now
        contact.crew_there = until
        contact.marks |= CREW_CAME
        until += _draw(w, pool.work[level], who, _AT_WORK + strand)
        contact.crew_free = until
        _push(w, until, _CREW_FREE, who)
    _occupy(w, number, now, until)


@compiled_without_allocation
def _join(w: _World, now: float, number: int, level: int, job: int) -> None:
    """The job comes to a pool: taken at once or queued."""
    pool, rules = w.pools[number], w.rules[0]
    if rules.warm_up <= now < rules.horizon:
        pool.asked[(int(now // 60.0) + rules.first_hour) % HOURS_OF_WEEK] += 1
    if pool.in_use < pool.here:
        _begin(w, now, number, level, job)
        return
    ids = len(w.contacts)
    w.contacts[job % ids].standing[job // ids] = _WAITING
    w.contacts[job % ids].following[job // ids] = 0
    rules.waiting += 1
    if pool.head[level] == 0:
        pool.head[level] = job + 1
    else:
        last = pool.tail[level] - 1
        w.contacts[last % ids].following[last // ids] = job + 1
    pool.tail[level] = job + 1


@compiled_without_allocation
def _take_next(w: _World, now: float, number: int) -> None:
    """Free places take those who wait, the most urgent first."""
    pool, ids = w.pools[number], len(w.contacts)
    for level in range(LEVELS):
        while pool.head[level] != 0 and pool.in_use < pool.here:
            job = pool.head[level] - 1
            contact, strand = w.contacts[job % ids], job // ids
            pool.head[level] = contact.following[strand]
            if contact.standing[strand] == _WAITING:
                w.rules[0].waiting -= 1
                _begin(w, now, number, level, job)


@compiled_without_allocation
def _free(w: _World, now: float, number: int) -> None:
    w.pools[number].in_use -= 1
    _take_next(w, now, number)


@compiled_without_allocation
def _withdraw(w: _World, who: int, strand: int) -> None:
    """Who waits no longer leaves the queue."""
    if w.contacts[who].standing[strand] == _WAITING:
        w.contacts[who].standing[strand] = _GONE
        w.rules[0].waiting -= 1


@compiled_without_allocation
def _settle(w: _World, now: float, who: int) -> None:
    """Nobody is on the way any more. Where nobody came, the caller may ring again."""
    contact, rules = w.contacts[who], w.rules[0]
    if contact.marks & (SETTLED | CREW_CAME | PARTNER_CAME):
        return
    contact.marks |= SETTLED
    later = who + len(w.contacts) // CONTACTS
    if later < len(w.contacts) and _luck(w, who, _AT_AGAIN) < rules.rings_again:
        contact.marks |= AGAIN
        _push(w, now - np.log(_luck(w, who, _AT_PAUSE)) * rules.pause, _AGAIN, later)


@compiled_without_allocation
def _send(w: _World, now: float, who: int) -> None:
    """Crews are asked for, unless they were already."""
    contact = w.contacts[who]
    if contact.marks & DEPLOYED:
        return
    contact.marks |= DEPLOYED
    program = w.programs[contact.version, contact.row]
    delay = _draw(w, w.pools[program.crew].before[program.level], who, _AT_DELAY)
    contact.crew_asked = now
    if delay > 0.0:
        _push(w, now + delay, _CREW_READY, who)
    else:
        _join(w, now, program.crew, program.level, who)


@compiled_without_allocation
def _offer(w: _World, now: float, who: int) -> None:
    contact = w.contacts[who]
    program = w.programs[contact.version, contact.row]
    contact.marks |= OFFERED
    contact.offered = now
    _push(w, now + program.due, _LAPSE, who)
    _join(w, now, program.partner, program.level, _PARTNER * len(w.contacts) + who)


@compiled_without_allocation
def _refused(w: _World, now: float, who: int) -> None:
    """Declined or lapsed: the offering side still holds the case and acts, or does not."""
    if not w.contacts[who].marks & DEPLOYED:
        if _luck(w, who, _AT_REFUSED) < w.rules[0].after_refusal:
            _send(w, now, who)
        else:
            _settle(w, now, who)


@compiled_without_allocation
def _act(w: _World, now: float, who: int, deploy: bool) -> None:
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


@compiled_without_allocation
def _triaged(w: _World, now: float, who: int) -> None:
    contact = w.contacts[who]
    program = w.programs[contact.version, contact.row]
    contact.triaged = now
    contact.marks |= TRIAGED
    if program.guarded:
        _push(w, now + w.rules[0].limit, _SUPERVISOR_LATE, who)
        _join(w, now, w.rules[0].supervisors, 0, _SUPERVISOR * len(w.contacts) + who)
    else:
        _act(w, now, who, _luck(w, who, _AT_DEPLOY) < program.chance)


@compiled_without_allocation
def _arrive(w: _World, rows: Rows, now: float, who: int) -> None:
    contact, rules = w.contacts[who], w.rules[0]
    first = len(w.contacts) // CONTACTS
    contact.arrived = now
    contact.version = 1 if now >= rules.switch else 0
    contact.row = rows[contact.version, who // first, who % first]
    contact.marks |= SEEN
    if rules.control_room >= 0:
        _join(w, now, rules.control_room, 0, who)
    else:
        _triaged(w, now, who)


@compiled_without_allocation
def _supervised(w: _World, now: float, who: int, late: bool) -> None:
    """A supervisor has decided, or the limit has come first."""
    if not late:
        _free(w, now, w.rules[0].supervisors)
    contact = w.contacts[who]
    if contact.marks & DECIDED:
        return
    if late:
        _withdraw(w, who, _SUPERVISOR)
        contact.marks |= RAISED
    _act(w, now, who, late or _luck(w, who, _AT_DEPLOY) < w.rules[0].deploys)


@compiled_without_allocation
def _answered(w: _World, now: float, who: int) -> None:
    """The partner answers. After the offer's time is over the answer changes nothing: somebody else acts already."""
    contact = w.contacts[who]
    program = w.programs[contact.version, contact.row]
    pool = w.pools[program.partner]
    if contact.marks & LAPSED:
        _free(w, now, program.partner)
        return
    contact.answered = now
    if _luck(w, who, _AT_ACCEPT) >= pool.accepts:
        contact.marks |= DECLINED
        _free(w, now, program.partner)
        _refused(w, now, who)
        return
    contact.marks |= ACCEPTED
    until = now + _draw(w, pool.work[program.level], who, _AT_WORK + _PARTNER)
    _occupy(w, program.partner, now, until)
    _push(w, until, _PARTNER_FREE, who)
    if _luck(w, who, _AT_ATTEND) < pool.attends:
        contact.marks |= PARTNER_CAME
    elif not contact.marks & DEPLOYED:
        _settle(w, now, who)


@compiled_without_allocation
def _lapse(w: _World, now: float, who: int) -> None:
    contact = w.contacts[who]
    if contact.marks & (ACCEPTED | DECLINED):
        return
    contact.marks |= LAPSED
    _withdraw(w, who, _PARTNER)
    _refused(w, now, who)


@compiled_without_allocation
def _happen(w: _World, rows: Rows, now: float, kind: int, who: int) -> None:
    program = w.programs[w.contacts[who].version, w.contacts[who].row]
    if kind == _CREW_FREE:
        _free(w, now, program.crew)
    elif kind == _DESK:
        _triaged(w, now, who)
        _free(w, now, w.rules[0].control_room)
    elif kind == _CREW_READY:
        _join(w, now, program.crew, program.level, who)
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
def _turn_of_hour(w: _World, now: float) -> None:
    hour = (int(now // 60.0) + w.rules[0].first_hour) % HOURS_OF_WEEK
    for number in range(len(w.pools)):
        w.pools[number].here = w.pools[number].places[hour]
        _take_next(w, now, number)


@compiled_without_allocation
def _loop(w: _World, rows: Rows, arrivals: Floats, last: float) -> None:
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
            what = _pop(w)
            _happen(w, rows, due, what // _SPAN, what % _SPAN)


def run(model: Model, arrivals: Floats, rows: Rows, key: np.uint64, room: Room | None = None) -> Result:
    """One replication.

    ``arrivals`` are first contacts in ascending order, ``rows`` their rows by version and contact (shape 2, 3,
    contacts). After the last arrival the run goes on until everybody is served, four weeks past the horizon at
    most. With ``room`` the result lies in memory that the next run overwrites.
    """
    first = len(arrivals)
    room = room_for(first) if room is None else room
    contacts, heap = room.contacts[: first * CONTACTS], room.heap
    contacts.fill(0)
    pools, rules = model.pools.copy(), model.rules.copy()
    rules["key"] = key
    last = float(rules["horizon"][0]) + 4 * HOURS_OF_WEEK * 60.0
    _loop(_World(contacts, pools, model.programs, rules, model.tables, heap), rows, arrivals, last)
    return Result(contacts, pools, int(rules["events"][0]))
