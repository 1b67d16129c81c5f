"""The pages of a case as its navigation shows them, with how much is open on each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from safehands.core.case import Case
from safehands.core.records.findings import RULES
from safehands.desk.scene import Scene
from safehands.desk.subjects.sections import EVIDENCE, EVIDENCE_FIRST, SECTIONS, Section, about_records


def navigation(scene: Scene, chosen: Section | None) -> list[dict[str, Any]]:
    """The pages of a case, those about records under one entry."""
    first = {"url": reverse("case", args=[scene.case.case_id]), "text": _("Now"), "here": chosen is None}
    rest = [_link(scene, each, chosen) for each in SECTIONS if each.group != EVIDENCE]
    if about_records(scene):
        here = chosen is not None and chosen.group == EVIDENCE
        url = reverse("case_section", args=[scene.case.case_id, EVIDENCE_FIRST])
        rest.append({"url": url, "text": _("Evidence"), "here": here, "count": 0})
    return [first, *rest]


def further(scene: Scene, chosen: Section | None) -> list[dict[str, Any]]:
    """The pages about records, while one of them is open."""
    if chosen is None or chosen.group != EVIDENCE:
        return []
    return [_link(scene, each, chosen) for each in SECTIONS if each.group == EVIDENCE]


def _link(scene: Scene, section: Section, chosen: Section | None) -> dict[str, Any]:
    return {
        "url": reverse("case_section", args=[scene.case.case_id, section.name]),
        "text": section.title,
        "here": section is chosen,
        "count": _counts(scene.case).get(section.name, 0),
    }


def _counts(case: Case) -> Mapping[str, int]:
    """How much is open on a page: shown beside its name."""
    return {
        "handovers": len(case.open_offers()),
        "work": len(case.open_tasks()),
        "disputes": len(case.open_challenges()),
        "decisions": int(case.lowering is not None),
        "concerns": sum(each.rule in RULES and not each.set_aside for each in case.open_concerns()),
    }
