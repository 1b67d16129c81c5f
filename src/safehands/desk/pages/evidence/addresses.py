"""The addresses of these pages, for ``site.urls``. An address holds ids and nothing telling."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from safehands.desk.pages.evidence import answering, entering, files, record, register

_CASE: Final = "case/<uuid:case_id>"

#: Registers, records, requests and files.
RECORDS: Final[list[URLPattern]] = [
    path("register/", register.register, name="register"),
    path("register/new/", register.new_record, name="new_record"),
    path("register/record/<path:record>/", record.own_record, name="own_record"),
    path("register/file/", files.upload_file, name="upload_file"),
    path("register/file/download/", files.download_own, name="download_own"),
    *(path(f"register/enter/{name.replace('_', '-')}/", view, name=name) for name, view in entering.VIEWS.items()),
    path(f"{_CASE}/material/<path:record>/", record.case_record, name="case_record"),
    path(f"{_CASE}/file/download/", files.download_shared, name="download_shared"),
    path(f"{_CASE}/request/<path:asked>/answer/", answering.answer, name="answer_sheet"),
]
