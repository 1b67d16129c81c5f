"""How the event loop's memory is laid out, and what its marks mean. Times are minutes from the start of a run.

Records and not columns: what happens to a contact touches one line of memory.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Rows: TypeAlias = npt.NDArray[np.uint16]

HOURS_OF_WEEK: Final = 168
LEVELS: Final = 4  # queues of a pool, the most urgent first
CONTACTS: Final = 3  # contacts about one matter that are told apart, as the tables do (first, second, third or more)

# What happened to a contact, as bits of ``Result.marks``.
RAISED: Final = 1  # no supervisor in time
DEPLOYED: Final = 2  # crews were asked for
CREW_CAME: Final = 4
OFFERED: Final = 8
ACCEPTED: Final = 16
DECLINED: Final = 32
LAPSED: Final = 64
PARTNER_CAME: Final = 128
AGAIN: Final = 256  # nobody attended and the caller rang again
SEEN: Final = 512  # the contact took place (the place of a second or third contact may stay empty)
DECIDED: Final = 1024
TRIAGED: Final = 2048
SETTLED: Final = 4096

#: One contact. Times are minutes and mean something only where ``marks`` says that it happened.
CONTACT: Final = np.dtype(
    [
        ("arrived", "f8"),
        ("triaged", "f8"),
        ("decided", "f8"),
        ("crew_asked", "f8"),
        ("crew_sent", "f8"),
        ("crew_there", "f8"),
        ("crew_free", "f8"),
        ("offered", "f8"),
        ("answered", "f8"),
        ("following", "i4", (3,)),  # by strand: the job behind in the queue, plus one
        ("marks", "i4"),
        ("row", "u2"),
        ("version", "u1"),
        ("standing", "u1", (3,)),
        ("_", "u2"),  # fills up the last word
    ]
)

#: One pool. ``before``, ``reach`` and ``work`` are numbers of distributions by level, -1 for none: the delay before
#: the queue, the travel or the time to answer, the time at the scene or on the matter. ``busy`` are the minutes of
#: occupied places by hour of the week inside the measured window, ``asked`` the contacts that came to the pool in
#: it.
POOL: Final = np.dtype(
    [
        ("places", "i8", (HOURS_OF_WEEK,)),
        ("before", "i8", (LEVELS,)),
        ("reach", "i8", (LEVELS,)),
        ("work", "i8", (LEVELS,)),
        ("accepts", "f8"),
        ("attends", "f8"),
        ("busy", "f8", (HOURS_OF_WEEK,)),
        ("asked", "i8", (HOURS_OF_WEEK,)),
        ("head", "i8", (LEVELS,)),  # a job's number plus one, so that nothing is zero
        ("tail", "i8", (LEVELS,)),
        ("here", "i8"),  # places in this hour
        ("in_use", "i8"),
    ]
)

#: What a row of a version of the policy means. ``chance`` is that crews go: one where the row says so, less for a
#: policy that sends them to a share of what the tables would not. ``due`` are the minutes that an offer stays open.
PROGRAM: Final = np.dtype(
    [
        ("guarded", "i8"),
        ("crew", "i8"),
        ("partner", "i8"),
        ("level", "i8"),
        ("chance", "f8"),
        ("due", "f8"),
    ]
)

#: What holds for the whole run. Pools are numbers, -1 for none; times are minutes.
RULES: Final = np.dtype(
    [
        ("control_room", "i8"),
        ("supervisors", "i8"),
        ("limit", "f8"),  # a supervisor's time to decide
        ("deploys", "f8"),  # the chance that one decides to send crews
        ("after_refusal", "f8"),  # the chance that crews go after a declined or lapsed offer
        ("rings_again", "f8"),  # the chance that a caller to whom nobody came rings again
        ("pause", "f8"),  # the mean time until then
        ("switch", "f8"),  # from here on the second version holds
        ("first_hour", "i8"),  # hour of the week at the start
        ("warm_up", "f8"),
        ("horizon", "f8"),
        ("key", "u8"),
        ("events", "i8"),
        ("heap", "i8"),
        ("waiting", "i8"),
    ]
)

EVENT: Final = np.dtype([("when", "f8"), ("what", "i8")])


class Model(NamedTuple):
    """What does not change from one replication to the next.

    ``pools`` is an array of ``POOL``, ``programs`` one of ``PROGRAM`` by version (two of them) and row, ``rules``
    one ``RULES``. ``tables`` are the distributions: values at even steps of probability; one whose first value is
    -1 is exponential with the second as its mean.
    """

    pools: npt.NDArray[np.void]
    programs: npt.NDArray[np.void]
    rules: npt.NDArray[np.void]
    tables: Floats


class Result(NamedTuple):
    """One replication: ``contacts`` (first contacts in order, then second, then third ones), ``pools`` with their
    load, events.
    """

    contacts: npt.NDArray[np.void]
    pools: npt.NDArray[np.void]
    events: int


def took_place(result: Result) -> npt.NDArray[np.bool_]:
    """Whether each contact took place (shape 3, first contacts); what stands in the others has no meaning."""
    marks = result.contacts.reshape(CONTACTS, -1)["marks"]
    there: npt.NDArray[np.bool_] = (marks & SEEN) != 0
    for later in range(1, CONTACTS):
        there[later] &= there[later - 1] & ((marks[later - 1] & AGAIN) != 0)
    return there


class Room(NamedTuple):
    """Memory for one replication at a time, to be used again: the contacts of the one before are then gone."""

    contacts: npt.NDArray[np.void]
    heap: npt.NDArray[np.void]


def room_for(contacts: int) -> Room:
    """Memory for this many first contacts. One has at most six events ahead: two strands, two limits, a second
    call, a delay.
    """
    return Room(np.zeros(contacts * CONTACTS, dtype=CONTACT), np.zeros(6 * contacts + 64, dtype=EVENT))
