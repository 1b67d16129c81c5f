"""Every address. An address holds ids and nothing telling."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from safehands.desk import signing
from safehands.desk.pages import (
    acts,
    agencies,
    board,
    case,
    contact,
    first,
    giving,
    glass,
    leaving,
    ledger,
    looks,
    offering,
    own,
    pathways,
    people,
    proving,
    sessions,
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

#: Pages of the sign-in library that an account which was given by an agency has no use for.
_CLOSED = (
    "signup/",
    "email/",
    "confirm-email/",
    "confirm-email/<slug:key>/",
    "password/set/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/<slug:key>/",
    "3rdparty/",
    "3rdparty/signup/",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", worklist.worklist, name="worklist"),
    path("worklist/live/", worklist.live, name="worklist_live"),
    path("entrance/", signing.entrance, name="entrance"),
    path("entrance/<int:membership>/", signing.sit_down, name="sit_down"),
    path("entrance/pace/", signing.pace, name="pace"),
    path("seat/", signing.change_seat, name="change_seat"),
    path("log-off/", leaving.log_off, name="log_off"),
    path("sign-in/logout/", leaving.leave, name="leave"),
    *(path(f"sign-in/{closed}", signing.not_here) for closed in _CLOSED),
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
    path("people/seats/<int:membership>/", people.one_seat, name="one_seat"),
    path("people/seats/<int:membership>/move/", people.move_seat, name="move_seat"),
    path("people/seats/<int:membership>/name/", people.rename_person, name="rename_person"),
    path("people/seats/<int:membership>/sign-out/", people.sign_out_person, name="sign_out_person"),
    path("people/seats/<int:membership>/renew/", people.renew_sign_in, name="renew_sign_in"),
    path("people/desks/name/", people.rename_desk, name="rename_desk"),
    path("people/desks/end/", people.end_desk, name="end_desk"),
    path("people/name/", people.rename_agency, name="rename_agency"),
    path("people/log/", people.administration_log, name="administration_log"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/add/", agencies.add_agency, name="add_agency"),
    path("agencies/end/", agencies.end_agency, name="end_agency"),
    path("agencies/<slug:code>/", agencies.book_page, name="book_page"),
    path("agencies/<slug:code>/describe/", agencies.describe, name="describe"),
    path("streams/", agencies.streams, name="streams"),
    path("streams/switch/", agencies.switch_stream, name="switch_stream"),
    path("looks/", looks.looks, name="looks"),
    path("people/own-pages/", giving.own_pages_sign_off, name="own_pages_sign_off"),
    path("people/own-pages/sign-off/", giving.sign_off, name="sign_off"),
    path(f"{_CASE}/own-page/", giving.give_own_page, name="give_own_page"),
    path(f"{_CASE}/own-page/close/", giving.close_own_page, name="close_own_page"),
    path("p/", own.own, name="own"),
    path("p/code/", own.own_code, name="own_code"),
    path("p/leave/", own.own_leave, name="own_leave"),
    path("p/<slug:token>/", own.arrive, name="own_arrive"),
    path("sessions/end/", sessions.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("first/", first.first_password, name="first"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/verify/", ledger.verify, name="verify_ledger"),
    *(path(f"{_CASE}/{name.replace('_', '-')}/", getattr(acts, name), name=name) for name in _ACTS),
]
