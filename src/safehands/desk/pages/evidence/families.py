"""What a victim or a family reads: the text for a person of the case, whether it may go out, and as a letter.

The text is ``service.family``'s; here it is decided who it is made for and whether the agency has signed it off.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from safehands.core.records.material import Material
from safehands.desk import sealing
from safehands.desk.apps import kernel
from safehands.desk.letter import moment, pdf_of
from safehands.desk.models import Agency, OwnPage
from safehands.desk.own_pages import family_signed_off
from safehands.desk.subjects.evidence.matter import Matter
from safehands.service.family import Reader, Section, page_for
from safehands.service.words_of_records import STANDINGS, words

#: The calendar by which the days of victims are counted.
CALENDAR: Final = "england-and-wales"


def signed_off_agencies() -> frozenset[str]:
    """The agencies that have signed off what victims and families read: own pages, and beside those by name anonymity
    and reporting limits."""
    codes = Agency.objects.values_list("code", flat=True)
    return frozenset(code for code in codes if family_signed_off(code))


def text_for(material: Material, party: str, publisher: str, at: datetime, *, preview: bool) -> tuple[Section, ...]:
    """What this person may read. A preview is for staff, who have to see what they are asked to sign off."""
    names: Mapping[str, str] = dict(Agency.objects.values_list("code", "name"))
    signed = signed_off_agencies()
    signed = signed | {publisher} if preview else signed
    return page_for(material, Reader(party, at, publisher, signed, kernel().calendars[CALENDAR], names))


def family_text(row: OwnPage) -> tuple[Section, ...]:
    """What the person of this page may read of the evidence of their case: nothing where the page was not given to
    somebody with standing, or while anonymity and reporting limits are not signed off."""
    if not row.sealed_party or not family_signed_off(row.agency):
        return ()
    party, stream = sealing.opened(row.sealed_party), f"case/{row.case_id}"
    return text_for(kernel().known(stream).material, party, row.agency, kernel().clock.now(), preview=False)


def preview(matter: Matter, party: str) -> dict[str, Any]:
    """The staff's view of the page of one person, and whether anybody outside can read it."""
    publisher = matter.scene.seat.agency
    people = [
        (name, words(STANDINGS, facts[-1].event.standing), facts[-1].event.discretionary)
        for name, facts in sorted(matter.material.standing.items())
    ]
    chosen = party or (people[0][0] if people else "")
    sections = text_for(matter.material, chosen, publisher, matter.scene.now, preview=True)
    return {
        "people": people,
        "chosen": chosen,
        "sections": sections,
        "is_on": publisher in signed_off_agencies(),
    }


def letter_for(reference: str, sections: tuple[Section, ...], at: datetime, checkpoint: str) -> bytes:
    """The page as a letter that a screen reader can read, with the checkpoint under which it can be checked."""
    said = {
        "title": _("Your case: what exists, who has it, and what you can ask for"),
        "lead": [_("Reference: %(reference)s. Say it whenever you contact us about this.") % {"reference": reference}],
        "parts": [{"heading": each.title, "lines": list(each.paragraphs)} for each in sections],
        "proof": {
            "heading": _("How to check this letter"),
            "words": _(
                "Everything in this letter is recorded in a ledger that cannot be changed without anybody noticing. "
                "These lines, its signed checkpoint of %(when)s, let you or your adviser check that later."
            )
            % {"when": moment(at)},
            "checkpoint": checkpoint,
        },
    }
    return pdf_of(json.dumps(said))
