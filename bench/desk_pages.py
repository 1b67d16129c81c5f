"""(h) The pages of the desk with thousands of open cases: 95 of 100 answers, against django-helpdesk's ticket list.

Both sides answer whole requests inside their own process (middleware, sessions, queries, templates), each from its own
PostgreSQL. The peer's list is a page and the 25 rows that its table then asks for; ours is one page with 50 cases and
20 offers that wait with their packs. Every open case is held by the agency that looks: it is the worst worklist there
is.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from bench.child import Child, child, percentile
from bench.measure import Result, duration, times

BAR = 0.150
BAR_ANSWER = 0.100


def measure(*, quick: bool) -> list[Result]:
    """Three lines: worklist, board, and an answer written down."""
    cases, rounds, items = (300, 3, 5) if quick else (10_000, 10, 20)
    with child("bench.desk_child", "pages", str(cases)) as ours, child("bench.helpdesk_child", str(cases)) as peer:
        shown = min(ours.ready["cases"], peer.ready["cases"])
        lines = [_beside(ours, peer, page, cases=shown, rounds=rounds, items=items) for page in ("worklist", "board")]
        answers = _rounds(lambda: ours.ask("answer", items), rounds)
    slow = percentile([each for one in answers for each in one])
    lines.append(
        Result(
            measure="h",
            what=f"an answer written down in a call: decided, durable, and the page's side rendered ({shown:,} cases)",
            peer="none",
            peer_figure="",
            our_figure=f"{duration(slow)} (95 of 100)",
            ratio="-",
            spread=f"median {duration(median(each for one in answers for each in one))}, {rounds * items} answers",
            bar=f"95 of 100 within {duration(BAR_ANSWER)}",
            met=slow <= BAR_ANSWER,
        )
    )
    return lines


def _rounds(work: Callable[[], list[float]], rounds: int) -> list[list[float]]:
    """One round to warm up, then those that count."""
    work()
    return [work() for _ in range(rounds)]


def _beside(ours: Child, peer: Child, page: str, *, cases: int, rounds: int, items: int) -> Result:
    pairs = []
    for number in range(rounds + 1):
        if number % 2:
            mine = ours.ask(page, items)
            pairs.append((peer.ask("list", items), mine))
        else:
            theirs = peer.ask("list", items)
            pairs.append((theirs, ours.ask(page, items)))
    del pairs[0]
    theirs_all, mine_all = ([each for pair in pairs for each in pair[side]] for side in (0, 1))
    ratios = [median(theirs) / median(mine) for theirs, mine in pairs]
    slow, peer_slow = percentile(mine_all), percentile(theirs_all)
    rows = percentile(peer.ask("rows", items))
    return Result(
        measure="h",
        what=f"the {page} with {cases:,} open cases",
        peer="django-helpdesk's ticket list with as many",
        peer_figure=f"{duration(peer_slow)} (95 of 100)",
        our_figure=f"{duration(slow)} (95 of 100)",
        ratio=f"{times(median(ratios))} as fast",
        spread=f"{min(ratios):.2f} to {times(max(ratios))}, {rounds} rounds of {items}",
        bar=f"95 of 100 within {duration(BAR)}, and faster",
        met=slow <= BAR and median(ratios) > 1,
        note=f"Of the peer's time its rows alone take {duration(rows)}",
    )
