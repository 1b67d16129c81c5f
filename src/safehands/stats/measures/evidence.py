"""Measures of evidence and review: whether requests are answered in time, which derivatives have no source, whether
concerns are looked at or waved through, whether letters go out on time. Numbers begin at 101, so that no figure of
another pathway is mistaken for one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

import ibis
import ibis.expr.types as ir

from safehands.errors import BadInput
from safehands.stats.frame import Engine, of_kind
from safehands.stats.measures.declared import Asked, Measure, Part, Period, Result, Shape, Vintage, compute

PATHWAY: Final = "evidence-review"

#: Of which cuts these can be shown: nobody asks a record for its age.
CUTS: Final = ("agency",)

#: A rule whose concerns are acknowledged without a reason more often than this is looked at again (sheet 2, hygiene 6).
RETUNE_ABOVE: Final = Decimal("0.20")

#: The grade of what is only recorded: accounted for, or made good later.
_RECORDED: Final = 4


def answered_in_time() -> ir.Table:
    """Each request with a due date, on the day it fell due: 1 where a complete answer came by then, 0 where none had
    (it came later, or R06 says that it is overdue), empty while nobody knows. Withdrawn ones are left out."""
    due = of_kind("request_due").select("case_id", "day", "about", category="agency", due_at="happened_at")
    gone = of_kind("request_withdrawn").select("about").distinct()
    asked = due.anti_join(gone, "about")
    answers = of_kind("request_answered")
    complete = answers.filter(answers.code == "complete")
    first = complete.group_by("about").aggregate(answered_at=complete.happened_at.min())
    found = of_kind("concern")
    overdue = found.filter(found.code == "R06").select(overdue=found.about).distinct()
    joined = asked.left_join(first, "about").drop("about_right")
    joined = joined.mutate(concern=ibis.literal("R06/") + joined.about)
    held = joined.left_join(overdue, joined.concern == overdue.overdue)
    hit = ibis.cases(
        (held.answered_at <= held.due_at, 1),
        (held.answered_at > held.due_at, 0),
        (held.overdue.notnull(), 0),
        else_=ibis.null("int64"),
    )
    return held.select("case_id", "day", "category", hit=hit)


def orphans_open() -> ir.Table:
    """Each derivative that was found without a source, on the day it was found: a hit while nobody has said where its
    source is."""
    raised = of_kind("concern")
    orphans = raised.filter(raised.code == "R02")
    changed = of_kind("concern", "concern_regraded", "concern_cleared")
    order = changed.mutate(grade=(changed.kind == "concern_cleared").ifelse(_RECORDED, changed.outcome))
    window = ibis.window(group_by=[order.case_id, order.about], order_by=order.position.desc())
    last = order.mutate(nth=ibis.row_number().over(window))
    last = last.filter(last.nth == 0).select("case_id", "about", "grade")
    joined = orphans.select("case_id", "day", "about").distinct().join(last, ["case_id", "about"])
    return joined.select("case_id", "day", hit=(joined.grade < _RECORDED).ifelse(1, 0))


def waved_through() -> ir.Table:
    """Each acknowledgement of a concern, by rule: a hit where its reason says nothing."""
    seen = of_kind("concern_acknowledged")
    return seen.select("case_id", "day", category=seen.code, hit=(seen.name == "no_reason").ifelse(1, 0))


def letters_on_time() -> ir.Table:
    """Each letter that was owed, by its clock: 1 where it went before the clock ran out, 0 where not, empty while the
    clock runs."""
    owed = of_kind("letter_owed").select("case_id", "day", "about", category="code")
    late = of_kind("letter_late").select("about").distinct().mutate(late=ibis.literal(1))
    sent = of_kind("letter_sent").select("about").distinct().mutate(sent=ibis.literal(1))
    joined = owed.left_join(late, "about").drop("about_right").left_join(sent, "about").drop("about_right")
    hit = ibis.cases((joined.late == 1, 0), (joined.sent == 1, 1), else_=ibis.null("int64"))
    return joined.select("case_id", "day", "category", hit=hit)


MEASURES: Final[dict[int, Measure]] = {
    measure.number: measure
    for measure in (
        Measure(
            101,
            "Requests for material answered in time",
            "Each request with a due date counts on the day it fell due, by the agency that was asked. An answer "
            "counts when it is complete: every record within what was asked for has a line. A request without an "
            "answer counts as late from when it is overdue; before that it is unknown. Requests that were withdrawn, "
            "and those whose due date nobody could work out, are left out.",
            "requests with a complete answer by the day it was due",
            "requests with a due date that were not withdrawn",
            "evidence-review sheet 1.7, R06; joint inspections on communication between police and prosecutors",
            (Part("101.share", "Answered in time", Shape.SHARE, "share of requests", answered_in_time),),
            cuts=CUTS,
        ),
        Measure(
            102,
            "Derivatives without a source",
            "A record that is by its nature made from another, whose source nobody registered and nobody accounted for "
            "(R02). It counts on the day it was found. It is open until a source is registered or somebody says why "
            "there is none.",
            "such records that are still open",
            "records that were ever found without a source",
            "evidence-review sheet 0.1, R02",
            (
                Part("102.open", "Open", Shape.COUNT, "records", orphans_open),
                Part("102.share", "Open, of all that were found", Shape.SHARE, "share of records", orphans_open),
            ),
            cuts=CUTS,
        ),
        Measure(
            103,
            "Concerns acknowledged without a reason",
            "Each acknowledgement counts on its day, by rule. A reason of fewer than three words gives none. Where the "
            "share is above 0.20 the rule is looked at again: people wave through what tells them nothing.",
            "acknowledgements without a reason",
            "acknowledgements",
            "evidence-review sheet 2, alarm hygiene 6; the count of words is the project's own",
            (Part("103.share", "Without a reason", Shape.SHARE, "share of acknowledgements", waved_through),),
            cuts=CUTS,
        ),
        Measure(
            104,
            "Letters on time",
            "Each letter that is owed under the Victims' Code or a review counts on the day its clock started, by "
            "clock. It is on time where the clock was stopped before it ran out, and unknown while it runs.",
            "letters that went before their clock ran out",
            "letters that were owed",
            "evidence-review sheet 3.1 and 3.2; inspections of letters to victims",
            (Part("104.share", "On time", Shape.SHARE, "share of letters", letters_on_time),),
            cuts=CUTS,
        ),
    )
}


def evidence_results(
    engine: Engine,
    vintage: Vintage,
    *,
    pathway: str = PATHWAY,
    period: Period | None = None,
    cut: str | None = None,
    numbers: Iterable[int] | None = None,
) -> Iterator[Result]:
    """The results of these measures (all, where none are named). Raises ``BadInput`` for a number or a cut that there
    is not."""
    wanted = set(MEASURES if numbers is None else numbers)
    faults = [f"There is no measure {number} of evidence and review." for number in sorted(wanted - set(MEASURES))]
    if cut is not None and cut not in CUTS:
        faults.append(f"These measures are not cut by {cut}. They have: {', '.join(CUTS)}.")
    if faults:
        raise BadInput(faults)
    asked = Asked(engine, vintage, pathway, period if period is not None else Period(), cut)
    for number in sorted(wanted):
        for result in compute(MEASURES[number], asked):
            yield _with_line(result)


def _with_line(result: Result) -> Result:
    """A share of concerns waved through that is above the line says so."""
    if result.measure != 103 or result.value is None or result.value <= RETUNE_ABOVE:
        return result
    note = f"{result.category}: above {RETUNE_ABOVE}. Look at this rule's condition again."
    return replace(result, note=note)
