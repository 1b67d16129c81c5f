"""Every address. An address holds ids and nothing telling."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from safehands.desk import signing
from safehands.desk.pages import (
    acts,
    board,
    case,
    contact,
    erasing,
    glass,
    leaving,
    ledger,
    measures,
    offering,
    pathway_reports,
    pathways,
    people,
    proving,
    simulation,
    statement,
    worklist,
)

handler403 = "safehands.desk.faults.forbidden"
handler404 = "safehands.desk.faults.not_found"
handler500 = "safehands.desk.faults.failed"

_CONTACT = "contact/<uuid:case_id>/<slug:contact>"
_CASE = "case/<uuid:case_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", worklist.worklist, name="worklist"),
    path("worklist/live/", worklist.live, name="worklist_live"),
    path("entrance/", signing.entrance, name="entrance"),
    path("entrance/<int:membership>/", signing.sit_down, name="sit_down"),
    path("entrance/pace/", signing.pace, name="pace"),
    path("seat/", signing.change_seat, name="change_seat"),
    path("log-off/", leaving.log_off, name="log_off"),
    path("log-off/keeping/", leaving.keeping, name="keeping"),
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
    path(f"{_CASE}/erase/", erasing.page, name="erase"),
    path("board/", board.board, name="board"),
    path("board/live/", board.live, name="board_live"),
    path("pathways/", pathways.pathways, name="pathways"),
    path("pathways/<slug:name>/", pathways.pathway, name="pathway"),
    path("pathways/<slug:name>/propose/", pathways.propose, name="propose"),
    path("pathways/<slug:name>/adopt/<int:proposal>/", pathways.adopt, name="adopt"),
    path("pathways/<slug:name>/withdraw/<int:proposal>/", pathways.withdraw_proposal, name="withdraw_proposal"),
    path("pathways/<slug:name>/check/", pathways.check, name="check_pathway"),
    path("pathways/<slug:name>/difference/", pathway_reports.pathway_difference, name="pathway_difference"),
    path("pathways/<slug:name>/shadow/", pathway_reports.pathway_shadow, name="pathway_shadow"),
    path("pathways/<slug:name>/sign-off/", pathway_reports.pathway_sign_off, name="pathway_sign_off"),
    path("pathways/<slug:name>/dmn/", pathway_reports.pathway_dmn, name="pathway_dmn"),
    path("pathways/<slug:name>/dmn/in/", pathway_reports.pathway_dmn_in, name="pathway_dmn_in"),
    path("glass/", glass.glass, name="glass"),
    path("people/", people.people, name="people"),
    path("people/seats/", people.give_seat, name="give_seat"),
    path("people/seats/<int:membership>/end/", people.end_seat, name="end_seat"),
    path("people/desks/", people.add_desk, name="add_desk"),
    path("people/agencies/", people.add_agency, name="add_agency"),
    path("measures/", measures.measures, name="measures"),
    path("measures/figures.csv", measures.measures_file, name="measures_file"),
    path("simulation/", simulation.simulation, name="simulation"),
    path("simulation/run/", simulation.simulate, name="simulate"),
    path("simulation/<int:run>/", simulation.simulation_run, name="simulation_run"),
    path("simulation/<int:run>/live/", simulation.simulation_live, name="simulation_live"),
    path("simulation/<int:run>/stop/", simulation.simulation_stop, name="simulation_stop"),
    path("simulation/<int:run>/again/", simulation.simulation_again, name="simulation_again"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/verify/", ledger.verify, name="verify_ledger"),
    path("ledger/verify/live/", ledger.verify_live, name="verify_ledger_live"),
    path("ledger/verify/stop/", ledger.verify_stop, name="verify_ledger_stop"),
    path("ledger/checkpoint", ledger.checkpoint, name="checkpoint"),
    path("ledger/checkpoints/<int:run>/", ledger.old_checkpoint, name="old_checkpoint"),
    path("ledger/tile/<path:tile>", ledger.tile, name="tile"),
    *(path(f"{_CASE}/{name.replace('_', '-')}/", view, name=name) for name, view in acts.VIEWS.items()),
    path(f"{_CASE}/<slug:section>/", case.section, name="case_section"),
]
