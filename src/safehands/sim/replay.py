"""Replaying a real dispatch export: every incident through the same ``decide`` and the same append as a live call, at
its own times.

``replay`` reads the file, refuses the rows that make no sense, plays the others in order of time (all incidents
interleaved, deadlines firing in between), seals the ledger, and has the ledger's auditor work out from the stored
entries who held what. A command that a rule refuses is reported with its line; the rest goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Final
from uuid import UUID

from safehands.core.decide import triage
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import Actor, Answer, Provenance
from safehands.errors import BadInput, NotFound, Refused, Stale
from safehands.pathways.load import load as load_pathway
from safehands.service.batch import Batch
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SetClock
from safehands.service.handle import Service
from safehands.sim import maps
from safehands.sim.audit import audit
from safehands.sim.export import Incident, Reader, RefusedRow, check_columns, read_rows
from safehands.sim.maps import ReplayMap
from safehands.sim.play import Moment, Player, Step, moments, remarks
from safehands.sim.report import ReplayReport
from safehands.sim.tally import RefusedCommand, Tally, refused_command

#: Told what is being done, how much of it is done, and how much there is (None where nobody knows yet).
Progress = Callable[[str, int, int | None], None]

#: Two accounts that adopt a pathway which an empty ledger lacks, so that a replay can begin.
_ADOPTERS: Final = (Actor("setup-proposer", "supervisor", "SETUP"), Actor("setup-confirmer", "supervisor", "SETUP"))

#: An answer needs a time; those of a map are only checked, never given.
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

#: How often progress is told, in rows and moments.
_OFTEN: Final = 500


def replay(
    path: str | Path, chart: str | Path | ReplayMap, service: Service, progress: Progress | None = None
) -> ReplayReport:
    """Replay the export at ``path`` as ``chart`` (a map, its shipped name or its file) says, into the store of
    ``service``.

    Each replay makes cases of its own: the same file can be replayed twice. Pathways that the map needs and the store
    lacks are adopted first. Raises ``NotFound`` or ``BadInput`` before anything is written.
    """
    told = progress or _untold
    path = Path(path)
    started = perf_counter()
    chart = chart if isinstance(chart, ReplayMap) else maps.load(chart)
    incidents, refused, rows = _read(path, chart, service, told)
    check_answers(chart, _adopted(service.catalogue, chart, service))
    start = service.store.head().size
    player = Player(chart, UUID(service.clock.new_id()), service.clock.new_reference())
    tally, refused_commands = _play(incidents, player, service, told)
    service.store.seal(at=service.clock.recorded_at())
    seconds = perf_counter() - started
    streams = [f"case/{player.case_id(incident)}" for incident in incidents]
    custody = audit(service.store, streams, start, lambda read: told("audit", read, tally.entries))
    return ReplayReport(
        file=path.name,
        chart=chart,
        rows=rows,
        refused=tuple(refused),
        in_scope=sum(incident.answers is not None for incident in incidents),
        contacts=len(incidents),
        tally=tally,
        refused_commands=tuple(refused_commands),
        custody=custody,
        remarks=Counter(remark for incident in incidents for remark in remarks(incident)),
        seconds=seconds,
    )


def check_answers(chart: ReplayMap, pathway: Pathway) -> None:
    """Raise ``BadInput`` where the map gives answers that the pathway has no question or no code for."""
    answers = [
        Answer(question, value, Provenance.REGISTER, _NEVER, "map")
        for matter in chart.matters
        for question, value in matter.answers.items()
    ]
    faults = triage.faults_of(pathway, answers)
    if chart.words_go_to not in {question.id for question in pathway.questions}:
        faults.append(f"words_go_to: the pathway {pathway.ref.pathway} has no question {chart.words_go_to!r}")
    if faults:
        raise BadInput(f"map {chart.name}: {fault}" for fault in dict.fromkeys(faults))


def _read(
    path: Path, chart: ReplayMap, service: Service, told: Progress
) -> tuple[list[Incident], list[RefusedRow], int]:
    export = read_rows(path)
    check_columns(export, chart, path.name)
    reader = Reader(chart, export.header, service.clock.recorded_at())
    incidents: list[Incident] = []
    refused: list[RefusedRow] = []
    for n, row in enumerate(export.rows):
        if n % _OFTEN == 0:
            told("read", n, len(export.rows))
        found = reader.read(row)
        if isinstance(found, Incident):
            incidents.append(found)
        else:
            refused.append(found)
    return incidents, refused, len(export.rows)


def _adopted(catalogue: Catalogue, chart: ReplayMap, service: Service) -> Pathway:
    """The pathway of health and welfare matters, with every pathway of the map adopted."""
    for name in chart.pathways:
        try:
            catalogue.current(name)
        except NotFound:
            catalogue.adopt(load_pathway(name), service.clock, *_ADOPTERS)
    return catalogue.current(chart.pathway)


def _play(
    incidents: list[Incident], player: Player, service: Service, told: Progress
) -> tuple[Tally, list[RefusedCommand]]:
    tally, refused = Tally(), list[RefusedCommand]()
    by_line = {incident.line: incident for incident in incidents}
    ordered = sorted(moment for incident in incidents for moment in moments(incident, player.chart.receiver))
    if not ordered:
        return tally, refused
    clock = SetClock(ordered[0].at)
    with Batch(service, clock, watch=tally.see) as batch:
        for n, moment in enumerate(ordered):
            if n % _OFTEN == 0:
                told("replay", n, len(ordered))
            _play_one(batch, player, moment, by_line[moment.line], refused)
    told("replay", len(ordered), len(ordered))
    return tally, refused


def _play_one(batch: Batch, player: Player, moment: Moment, incident: Incident, refused: list[RefusedCommand]) -> None:
    if moment.step is Step.LET_GO:
        batch.let_go(player.case_id(incident))
        return
    case = None if moment.step is Step.TAKE else batch.case(player.case_id(incident))
    request = player.request(moment, incident, case)
    try:
        batch.send(request)
    except (Refused, Stale) as error:
        refused.append(refused_command(incident.line, type(request.command).__name__, error))


def _untold(_stage: str, _done: int, _of: int | None) -> None:
    """Nobody wants to know."""
