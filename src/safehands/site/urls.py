"""Every address. An address holds ids and nothing telling."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from safehands.desk import signing
from safehands.desk.pages import (
    acts,
    board,
    case,
    contact,
    glass,
    leaving,
    ledger,
    offering,
    pathways,
    people,
    proving,
    sentences,
    statement,
    worklist,
)

handler403 = "safehands.desk.faults.forbidden"
handler404 = "safehands.desk.faults.not_found"
handler500 = "safehands.desk.faults.failed"

_CONTACT = "contact/<uuid:case_id>/<slug:contact>"
_CASE = "case/<uuid:case_id>"

#: One address for each thing that can be done in a case.
_ACTS = (
    "accept",
    "acknowledge",
    "answer_offer",
    "complete_pack",
    "withdraw",
    "by_word",
    "confirm_word",
    "task",
    "add_task",
    "assume",
    "lowering",
    "keeper",
    "milestone",
    "responder",
    "signpost",
    "close",
    "reopen",
    "dropped",
    "called_back",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", worklist.worklist, name="worklist"),
    path("worklist/live/", worklist.live, name="worklist_live"),
    path("entrance/", signing.entrance, name="entrance"),
    path("entrance/<int:membership>/", signing.sit_down, name="sit_down"),
    path("entrance/pace/", signing.pace, name="pace"),
    path("seat/", signing.change_seat, name="change_seat"),
    path("log-off/", leaving.log_off, name="log_off"),
    path("sign-in/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("contact/", contact.begin, name="begin"),
    path(f"{_CONTACT}/", contact.contact, name="contact"),
    path(f"{_CONTACT}/answer/", contact.answer, name="answer"),
    path(f"{_CONTACT}/correct/", contact.correct, name="correct"),
    path(f"{_CONTACT}/decide/", contact.decide, name="decide"),
    path(f"{_CONTACT}/tell/", contact.tell, name="tell"),
    path(f"{_CASE}/", case.case, name="case"),
    path(f"{_CASE}/offer/<slug:route>/", offering.offer, name="offer"),
    path(f"{_CASE}/statement/", statement.statement, name="statement"),
    path(f"{_CASE}/letter/", statement.letter, name="letter"),
    path(f"{_CASE}/bundle/", proving.bundle, name="bundle"),
    path(f"{_CASE}/verify/", proving.verify_case, name="verify_case"),
    path("board/", board.board, name="board"),
    path("board/live/", board.live, name="board_live"),
    path("pathways/", pathways.pathways, name="pathways"),
    path("pathways/<slug:name>/", pathways.pathway, name="pathway"),
    path("pathways/<slug:name>/propose/", pathways.propose, name="propose"),
    path("pathways/<slug:name>/adopt/<int:proposal>/", pathways.adopt, name="adopt"),
    path("glass/", glass.glass, name="glass"),
    path("people/", people.people, name="people"),
    path("people/seats/", people.give_seat, name="give_seat"),
    path("people/seats/<int:membership>/end/", people.end_seat, name="end_seat"),
    path("people/desks/", people.add_desk, name="add_desk"),
    path("people/agencies/", people.add_agency, name="add_agency"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("sentences/", sentences.sentences, name="sentences"),
    path("ledger/verify/", ledger.verify, name="verify_ledger"),
    *(path(f"{_CASE}/{name.replace('_', '-')}/", getattr(acts, name), name=name) for name in _ACTS),
]
