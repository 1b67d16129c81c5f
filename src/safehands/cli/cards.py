"""``safehands pathway card``: a pathway on paper, for when the system is down."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from safehands.cli import output
from safehands.cli.output import Json


def card(
    name: Annotated[
        str, typer.Argument(help="A shipped pathway's name (right-care), or the path of a file or folder.")
    ],
    *,
    html: Annotated[bool, typer.Option("--html", help="A page for A4 rather than plain text.")] = False,
    as_json: Json = False,
) -> None:
    """The printable card of a pathway: its questions, tables, clocks, packs and forms. Print it before you need it."""
    from safehands.pathways.card import as_html, as_text, card_of
    from safehands.pathways.load import load

    pathway = load(name)
    written = as_html(card_of(pathway)) if html else as_text(card_of(pathway))
    if as_json:
        ref = pathway.ref
        output.emit({"pathway": ref.pathway, "version": ref.version, "digest": ref.digest, "card": written})
        return
    sys.stdout.write(written)
