"""The letter to a person as a tagged PDF (PDF/UA-1), set by typst. Words are passed as data, never as markup."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import datetime

    from safehands.desk.pages.statement import Statement

SOURCE: Final = """
#let said = json(bytes(sys.inputs.said))
#set document(title: said.title, author: "Safehands")
#set page(paper: "a4", margin: 25mm, footer: context align(right, text(size: 9pt, counter(page).display())))
#set text(size: 12pt, lang: "en", region: "gb", font: ("Libertinus Serif",))
#set par(leading: 0.8em, spacing: 1.2em)
= #said.title
#for line in said.lead [#line #parbreak()]
#for part in said.parts [
== #part.heading
#for line in part.lines [- #line
]
]
== #said.proof.heading
#said.proof.words
#block(fill: luma(240), inset: 8pt, width: 100%, raw(said.proof.checkpoint))
"""


def letter_of(statement: Statement) -> bytes:
    """The PDF's bytes."""
    return pdf_of(said_in(statement))


def pdf_of(said: str) -> bytes:
    """A letter as PDF/UA-1 of what it says, as JSON: ``title``, ``lead``, ``parts`` (each ``heading`` and ``lines``),
    ``proof``."""
    return bytes(typst.compile(SOURCE.encode(), format="pdf", pdf_standards="ua-1", sys_inputs={"said": said}))


def said_in(statement: Statement) -> str:
    """Everything that the letter says, as JSON."""
    lead = [
        _("Reference: %(reference)s. Say it whenever you contact us about this.") % {"reference": statement.reference}
    ]
    if statement.holder is not None:
        holds = _("%(who)s has had your case since %(when)s, and is answerable for it.")
        lead.append(holds % {"who": statement.holder, "when": moment(statement.since)})
    else:
        lead.append(_("Your case was closed on %(when)s.") % {"when": moment(statement.since)})
    told = [" ".join(filter(None, (text, worse))) for text, worse in statement.told]
    promised = [
        text
        + (_(" By %(when)s.") % {"when": moment(by)} if by is not None else "")
        + (_(" This was done.") if done else "")
        for text, by, done in statement.promises
    ]
    parts = [
        {"heading": _("What you were told"), "lines": told or [_("Nothing is recorded that you were told.")]},
        {"heading": _("What you were promised"), "lines": promised or [_("Nothing was promised.")]},
    ]
    proof = {
        "heading": _("How to check this letter"),
        "words": _(
            "Everything in this letter is recorded in a ledger that cannot be changed without anybody noticing. "
            "These lines, its signed checkpoint of %(when)s, let you or your adviser check that later."
        )
        % {"when": moment(statement.printed_at)},
        "checkpoint": statement.checkpoint,
    }
    title = _("What we told you about your case")
    return json.dumps({"title": title, "lead": lead, "parts": parts, "proof": proof})


def moment(at: datetime) -> str:
    """``3 March 2026 at 09:14``, in the time of London."""
    return f"{timezone.localtime(at):%-d %B %Y at %H:%M}"
