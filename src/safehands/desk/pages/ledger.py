"""The ledger: its head, its signed checkpoints, its tiles, and whether it holds, checked beside the requests and kept.

Nothing here is personal: sizes, times, hashes, signatures. Tiles and checkpoints are for whoever has a seat, the
auditor's among them; why not for everybody stands in docs/adr/0160.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safehands.desk import jobs
from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.models import Job
from safehands.desk.seats import Seat, Seated
from safehands.errors import BadInput, NotFound, SafehandsError
from safehands.ledger.checkpoint import read_checkpoint
from safehands.ledger.faults import Malformed
from safehands.ledger.note import read_vkey
from safehands.ledger.tiles import WIDTH, Tile, read_path, tile_nodes, write_entries
from safehands.service.verification import verify_ledger
from safehands.store.ports import Head, Signed, Store

KIND: Final = "verification"

#: How many checkpoints the page lists, and how many faults and notes of a verification are kept.
_LISTED: Final = 25
_KEPT: Final = 50

#: A full tile never changes; a partial one of this width never does either. Only for the reader's own cache.
_FOR_EVER: Final = "private, max-age=31536000, immutable"


@require_GET
@signed_in
def ledger(request: Seated, seat: Seat) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """The page: nothing personal, sizes and signatures only."""
    return render(request, "desk/ledger.html", _context())


@require_POST
@signed_in
def verify(request: Seated, seat: Seat) -> HttpResponse:
    """Everything, from the stored bytes up to the signed checkpoint, beside the requests."""
    from safehands.desk.faults import faults_of, status_of

    store, now = kernel().store, kernel().clock.now()
    try:
        if Job.objects.filter(kind=KIND, state__in=jobs.OPEN).exists():
            raise BadInput([_("The ledger is being verified already: see below.")])
        head = store.seal(at=now)
        # Said before it begins: a verification of thousands of entries decrypts each of them.
        jobs.begin(KIND, seat, {"entries": head.size, "root": head.root.hex()}, head.size, _verifying(store))
    except SafehandsError as error:
        context = {**_context(), "faults": faults_of(error)}
        return render(request, "desk/ledger.html", context, status=status_of(error))
    return redirect("ledger")


@require_GET
@signed_in
def verify_live(request: Seated, seat: Seat) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """The part that is fetched until the verification has ended."""
    context = _context()
    # 286 tells htmx to ask no more; what came with it is shown.
    return render(request, "desk/parts/verification.html", context, status=200 if context["open"] else 286)


@require_POST
@signed_in
def verify_stop(request: Seated, seat: Seat) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """Call the verification off."""
    for job in Job.objects.filter(kind=KIND, agency=seat.agency, state__in=jobs.OPEN):
        jobs.stop(job)
    return redirect("ledger")


@require_GET
@signed_in
def checkpoint(request: Seated, seat: Seat) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """The last signed checkpoint, as C2SP tlog-tiles has it."""
    return _note(kernel().store.head().checkpoint)


@require_GET
@signed_in
def old_checkpoint(request: Seated, seat: Seat, run: int) -> HttpResponse:  # noqa: ARG001 - Django names them
    """The signed note of the checkpoint of so many entries."""
    kept = [each for each in kernel().store.checkpoints(limit=_LISTED) if each.size == run]
    return _note(kept[0].note if kept else None)


@require_GET
@signed_in
def tile(request: Seated, seat: Seat, tile: str) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """A tile of hashes, or the leaves of a tile, of the sealed log: C2SP tlog-tiles."""
    try:
        wanted, entries = read_path(f"tile/{tile}")
    except Malformed as malformed:
        raise NotFound(str(malformed)) from None
    octets = _leaves(wanted) if entries else _hashes(wanted)
    return HttpResponse(octets, content_type="application/octet-stream", headers={"Cache-Control": _FOR_EVER})


def _hashes(wanted: Tile) -> bytes:
    nodes = tile_nodes(wanted)
    found = kernel().store.nodes(nodes)
    if len(found) < wanted.width:
        raise NotFound(_("The sealed log does not have this tile."))
    return b"".join(found[node] for node in nodes)


def _leaves(wanted: Tile) -> bytes:
    start = wanted.index * WIDTH
    return write_entries(kernel().store.commitments(start, start + wanted.width))


def _note(signed: str | None) -> HttpResponse:
    if signed is None:
        raise NotFound(_("There is no such checkpoint."))
    return HttpResponse(
        signed.encode(), content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


def _verifying(store: Store) -> jobs.Work:
    def work(told: jobs.Told) -> Mapping[str, Any]:
        report = verify_ledger(store, told)
        return {
            "ok": report.ok,
            "entries": report.entries,
            "sealed": report.sealed,
            "cases": report.cases,
            "erased": report.erased,
            "unowned_seconds": report.unowned_seconds,
            "two_holders": report.two_holders,
            "faults": list(report.faults[:_KEPT]),
            "faults_in_all": len(report.faults),
            "notes": list(report.notes[:_KEPT]),
        }

    return work


def _context() -> dict[str, Any]:
    jobs.lose_the_lost()
    store = kernel().store
    head = store.head()
    kept = store.checkpoints(limit=_LISTED)
    verifications = list(Job.objects.filter(kind=KIND)[:6])
    return {
        "head": head,
        "vkey": store.vkey,
        "checkpoints": [_signed(store, each) for each in kept],
        "witnesses": _witnesses(store, head),
        "job": verifications[0] if verifications else None,
        "open": bool(verifications) and verifications[0].state in jobs.OPEN,
        "earlier": verifications[1:],
    }


def _signed(store: Store, each: Signed) -> dict[str, Any]:
    return {"size": each.size, "at": each.at, "witnesses": _others(store, each.note)}


def _witnesses(store: Store, head: Head) -> list[str]:
    return _others(store, head.checkpoint) if head.checkpoint is not None else []


def _others(store: Store, signed: str) -> list[str]:
    """The names beside the log's own under a checkpoint. Whether they hold is for whoever has the witnesses' keys."""
    own = read_vkey(store.vkey)
    _checkpoint, note = read_checkpoint(signed)
    return [each.name for each in note.signatures if (each.name, each.key_id) != (own.name, own.key_id)]
