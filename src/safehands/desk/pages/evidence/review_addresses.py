"""The addresses of decisions, concerns, schedules and letters on records. An address holds ids and nothing telling."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from safehands.desk.pages.evidence import documents, listing

_CASE: Final = "case/<uuid:case_id>"

#: What is beside the pages of a case, which stand under their section's name.
REVIEWS: Final[list[URLPattern]] = [
    path("concerns/", listing.concerns, name="concerns"),
    path(f"{_CASE}/schedules/<int:seq>/<slug:form>/", documents.schedule, name="schedule_file"),
    path(f"{_CASE}/letters/<int:seq>/receipt/", documents.receipt, name="letter_receipt"),
    path(f"{_CASE}/export/<slug:form>/", documents.export, name="evidence_export"),
    path(f"{_CASE}/family/letter/", documents.family_letter, name="family_letter"),
]
