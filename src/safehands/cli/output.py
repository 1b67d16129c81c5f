"""Where words go. Standard output holds the answer (with ``--json`` one JSON object and nothing else); the rest is
standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Final

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

#: The option that every command with an answer has.
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, and nothing else.")]

_encoder: Final = msgspec.json.Encoder(enc_hook=str)


def emit(value: Mapping[str, Any]) -> None:
    """One JSON object on one line of standard output."""
    sys.stdout.write(_encoder.encode(value).decode() + "\n")


def say(text: str = "") -> None:
    """Plain words on standard output, wrapped to the terminal where there is one."""
    console(stderr=False).print(text, markup=False, highlight=False, soft_wrap=not sys.stdout.isatty())


def note(text: str) -> None:
    """Plain words on standard error."""
    console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people, on standard output. Cells are shown as they are."""
    shown = Table(title=title, title_justify="left", show_edge=False, pad_edge=False, header_style="bold")
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(_cell(each) for each in row))
    console(stderr=False).print(shown)
    say()


def console(*, stderr: bool) -> Console:
    """A console on the stream as it is now (a test may have put another in its place)."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else 120)


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error while the block lasts, gone afterwards; nothing where standard error is no terminal.

    Gives a function to call with how many more are done.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.advance(task, done)


def forget_stdout() -> None:
    """Whoever read our output has gone: what is still in the buffer must not raise once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text.replace("[", "\\[")
