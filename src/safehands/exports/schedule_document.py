"""MG6C, MG6D and MG6E as a tagged PDF (PDF/UA-1), set by typst. Words are passed as data, never as markup.

The layout is our own: the forms themselves are not ours to copy. Everything that they ask for is there.
"""

from __future__ import annotations

import json
from typing import Final

import typst

from safehands.core.records import events as e
from safehands.core.records.material import Material
from safehands.core.records.vocabulary import Form
from safehands.exports.schedules import Line, lines_of

TITLES: Final = {
    Form.MG6C: "Schedule of non-sensitive unused material (MG6C)",
    Form.MG6D: "Schedule of sensitive material (MG6D)",
    Form.MG6E: "Disclosure officer's report (MG6E)",
}
_MARKING: Final = {
    Form.MG6C: "For the prosecution and the defence.",
    Form.MG6D: "Not for disclosure to the defence.",
    Form.MG6E: "For the prosecution.",
}

SOURCE: Final = """
#let said = json(bytes(sys.inputs.said))
#set document(title: said.title, author: "Safehands")
#set page(
  paper: "a4", flipped: true, margin: 18mm,
  footer: context text(size: 9pt)[#said.foot #h(1fr) #counter(page).display()],
)
#set text(size: 11pt, lang: "en", region: "gb", font: ("Libertinus Serif",))
#set par(leading: 0.7em, spacing: 1em)
= #said.title
#for line in said.lead [#line #parbreak()]
#if said.rows.len() > 0 [
#table(
  columns: said.widths.map(width => width * 1fr),
  table.header(..said.columns.map(column => strong(column))),
  ..said.rows.flatten().map(cell => [#cell]),
)
]
#for line in said.tail [#line #parbreak()]
"""


def schedule_pdf(material: Material, schedule: e.ScheduleServed, *, case: str) -> bytes:
    """The PDF of a schedule; ``case`` is the reference that stands at its head."""
    said = json.dumps(_said(material, schedule, case))
    return bytes(typst.compile(SOURCE.encode(), format="pdf", pdf_standards="ua-1", sys_inputs={"said": said}))


def _said(material: Material, schedule: e.ScheduleServed, case: str) -> dict[str, object]:
    """Everything that the document says."""
    lead = [
        f"Case {case}. Schedule {schedule.schedule}, by {schedule.author}, {schedule.at:%-d %B %Y}.",
        _MARKING[schedule.form],
    ]
    if schedule.continues is not None:
        lead.append(f"This continues schedule {schedule.continues}; its numbers go on from there.")
    tail = []
    if schedule.form is Form.MG6E:
        lead += _report(schedule)
    elif schedule.with_certificate:
        tail.append("A disclosure officer's report (MG6E) goes with this schedule.")
    return {
        "title": TITLES[schedule.form],
        "lead": lead,
        "tail": tail,
        "foot": f"{schedule.form} · {case} · {schedule.schedule}",
        **_table(schedule, lines_of(material, schedule)),
    }


def _report(schedule: e.ScheduleServed) -> list[str]:
    numbers = ", ".join(map(str, schedule.refers_to))
    refers = (
        f"These items may undermine the prosecution's case or help the defence: {numbers}."
        if numbers
        else "No item is thought to undermine the prosecution's case or to help the defence."
    )
    return [refers, *([f"Why: {schedule.why}"] if schedule.why else [])]


def _table(schedule: e.ScheduleServed, lines: tuple[Line, ...]) -> dict[str, object]:
    sensitive = schedule.form is Form.MG6D
    columns = ["Item", "Description", "How many", "Where it is"]
    columns += ["Why it is sensitive"] if sensitive else []
    columns += ["Prosecutor's decision", "Reason"]
    rows = [
        [
            str(line.number),
            line.description,
            str(line.quantity),
            line.location or "not said",
            *([line.reason or "not said"] if sensitive else []),
            line.decision or "none yet",
            line.decision_reason,
        ]
        for line in lines
    ]
    return {"columns": columns, "rows": rows, "widths": [1, 6, 1.5, 3, *([3] if sensitive else []), 2, 3]}
