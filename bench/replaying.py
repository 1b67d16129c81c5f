"""(d) Replaying a dispatch export: entries a second with everything that an entry brings, against a raw COPY of what
it left.

Ours reads the export, decides every command, encrypts, writes entries, vault, keys, snapshots, pictures, facts and
outbox, and grows and signs the tree. The peer gets all rows that this left, ready made in PostgreSQL's binary form,
and copies them into the same tables, with the same indexes and constraints, of a second database on the same server.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from psycopg import Connection

from bench.ground import check_durable, ground
from bench.measure import Result, compare, rate, timed
from safehands.sim.replay import replay

BAR_ENTRIES = 5_000
BAR_SHARE = 0.1

#: The rows of entries from position %(first)s to before %(end)s, table by table. Generated columns are left out.
_ROWS = {
    "stream": "name = any (%(streams)s)",
    "entry": "position >= %(first)s and position < %(end)s",
    "vault": "position >= %(first)s and position < %(end)s",
    "vault_key": "stream = any (%(streams)s)",
    "snapshot": "stream = any (%(streams)s)",
    "command": "stream = any (%(streams)s)",
    "node": "idx >= %(first)s >> level and idx < %(end)s >> level",
    "blind_index": "stream = any (%(streams)s)",
    "fact": "position >= %(first)s and position < %(end)s",
    "outbox": "position >= %(first)s and position < %(end)s",
} | dict.fromkeys(
    (
        "case_picture",
        "holding_picture",
        "offer_picture",
        "task_picture",
        "clock_picture",
        "concern_picture",
        "standing_picture",
        "contact_picture",
        "link_picture",
        "presence_picture",
    ),
    "case_id = any (%(cases)s)",
)


def columns_of(connection: Connection, table: str) -> str:
    """The columns of a table that a COPY may write."""
    rows = connection.execute(
        "select quote_ident(attname) from pg_attribute where attrelid = ('safehands.' || %s)::regclass "
        "and attnum > 0 and not attisdropped and attgenerated = '' order by attnum",
        (table,),
    ).fetchall()
    return ", ".join(name for (name,) in rows)


def left_by(connection: Connection, first: int, end: int) -> Iterator[tuple[str, bytes]]:
    """For each table the COPY statement and the bytes of the rows that the entries of these positions left."""
    streams = [
        name
        for (name,) in connection.execute(
            "select distinct stream from safehands.entry where position >= %s and position < %s", (first, end)
        )
    ]
    cases = [name.removeprefix("case/") for name in streams if name.startswith("case/")]
    for table, where in _ROWS.items():
        columns = columns_of(connection, table)
        with connection.cursor() as cursor:
            query = f"copy (select {columns} from safehands.{table} where {where}) to stdout (format binary)"
            buffer = io.BytesIO()
            with cursor.copy(query.encode(), {"first": first, "end": end, "streams": streams, "cases": cases}) as copy:
                for part in copy:
                    buffer.write(part)
        yield f"copy safehands.{table} ({columns}) from stdin (format binary)", buffer.getvalue()


def parts(export: Path, rows: int, folder: Path) -> Iterator[Path]:
    """The export in files of ``rows`` rows each, in its own order."""
    with gzip.open(export, "rt", encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text)
        header = next(reader)
        number, held = 0, []
        for row in reader:
            held.append(row)
            if len(held) == rows:
                path = folder / f"part-{number}.csv"
                with path.open("w", encoding="utf-8", newline="") as part:
                    csv.writer(part).writerows([header, *held])
                yield path
                number, held = number + 1, []


def measure(*, quick: bool) -> list[Result]:
    """One line. Needs the dispatch centre's export, which may not be packaged: found through ``SAFEHANDS_DATA``."""
    data = os.environ.get("SAFEHANDS_DATA")
    export = Path(data or "nowhere") / "calls" / "dispatch-centre-2025.csv.gz"
    if not export.exists():
        return [
            Result(
                measure="d",
                what="replaying a dispatch export, with tree, vault and pictures",
                peer="raw COPY of the same rows into the same tables",
                peer_figure="-",
                our_figure="-",
                ratio="-",
                spread="",
                bar=f"{BAR_ENTRIES:,}/s or a tenth of COPY, whichever is less",
                met=None,
                note="not run: SAFEHANDS_DATA does not lead to the dispatch centre's export",
            )
        ]
    rows, rounds = (300, 2) if quick else (1_400, 9)
    with TemporaryDirectory() as folder, ground() as place, ground(beside=place) as other:
        check_durable(place.server)
        files = parts(export, rows, Path(folder))
        administrator, target = place.administrator(), other.administrator()
        waiting: list[tuple[int, int]] = []

        def ours() -> float:
            first = place.store.head().size
            report = replay(next(files), "dispatch-centre", place.service)
            waiting.append((first, place.store.head().size))
            return 1 / report.entries_per_second

        def peer() -> float:
            first, end = waiting.pop(0)
            ready = list(left_by(administrator, first, end))

            def copy_all() -> None:
                with target.transaction(), target.cursor() as cursor:
                    for statement, content in ready:
                        with cursor.copy(statement.encode()) as copy:
                            copy.write(content)

            return timed(copy_all, end - first)

        ours()
        compared = compare(peer, ours, rounds=rounds)
    bar = min(BAR_ENTRIES, BAR_SHARE / compared.peer)
    return [
        Result(
            measure="d",
            what="replaying a dispatch export, with tree, vault and pictures",
            peer="raw COPY of the same rows into the same tables",
            peer_figure=f"{rate(compared.peer)} entries",
            our_figure=f"{rate(compared.ours)} entries",
            ratio=f"{compared.ratio:.2f} of its rate",
            spread=f"{compared.lowest:.2f} to {compared.highest:.2f}, {rounds} rounds",
            bar=f"{bar:,.0f}/s: {BAR_ENTRIES:,}/s or a tenth of COPY, whichever is less",
            met=1 / compared.ours >= bar,
        )
    ]
