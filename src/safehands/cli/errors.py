"""Which error ends the program with which exit code, and how an error is said. The one table of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import typer
from typer.core import TyperCommand

from safehands.cli import output
from safehands.errors import (
    BadInput,
    LedgerFault,
    NotFound,
    NotPermitted,
    PathwayFault,
    Refused,
    SafehandsError,
    Stale,
)

#: Something was checked and does not hold (``verify``, ``rebuild --check``, ``pathway try``, a bad line of a batch).
DOES_NOT_HOLD: Final = 1

#: The exit code of each class of error; a subclass has its parent's.
EXIT_CODES: Final[Mapping[type[SafehandsError], int]] = {
    BadInput: 2,
    Refused: 3,
    NotPermitted: 4,
    NotFound: 5,
    Stale: 6,
    PathwayFault: 7,
    LedgerFault: 8,
    SafehandsError: 9,
}

#: What a shell expects of a program that Ctrl-C ended: 128 and the number of the signal.
INTERRUPTED: Final = 130


def exit_code(error: SafehandsError) -> int:
    """The exit code of an error."""
    return next(code for kind, code in EXIT_CODES.items() if isinstance(error, kind))


def described(error: SafehandsError) -> dict[str, Any]:
    """An error as the JSON object that a script reads: its kind, its sentence, and whatever it carries."""
    told: dict[str, Any] = {"kind": _kind(error), "sentence": str(error), "exit_code": exit_code(error)}
    if isinstance(error, (BadInput, PathwayFault)):
        told["faults"] = list(error.faults)
    if isinstance(error, Refused):
        told |= {"rule": error.rule, "sentence": error.sentence}
    if isinstance(error, (Refused, Stale)):
        told["facts"] = dict(error.facts)
    return {"error": told}


def say(error: SafehandsError) -> None:
    """An error in plain words on standard error, one fault a line."""
    if isinstance(error, (BadInput, PathwayFault)) and len(error.faults) > 1:
        output.note(f"{len(error.faults)} things are wrong:")
        for fault in error.faults:
            output.note(f"  - {fault}")
    else:
        output.note(error.sentence if isinstance(error, Refused) else str(error))


def _kind(error: SafehandsError) -> str:
    return next(kind for kind in EXIT_CODES if isinstance(error, kind)).__name__


class Command(TyperCommand):
    """A command that ends every error of ours in its exit code: in words, or with ``--json`` as one JSON object."""

    def invoke(self, ctx: Any) -> Any:  # Any: the class of a context lies in a private module of Typer's
        """Run the command. What it had started is stopped by the time an error or Ctrl-C arrives here."""
        try:
            return super().invoke(ctx)
        except SafehandsError as error:
            if ctx.params.get("as_json"):
                output.emit(described(error))
            else:
                say(error)
            raise typer.Exit(exit_code(error)) from None
        except KeyboardInterrupt:
            output.note("Stopped. Everything that was started is stopped as well.")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            output.forget_stdout()
            raise typer.Exit(0) from None
