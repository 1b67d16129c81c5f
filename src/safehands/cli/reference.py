"""The pages of ``docs/reference``, made from the code: ``python -m safehands.cli.reference [--check]``.

Without ``--check`` the pages are written; with it nothing is, and the exit code is 1 where a page is stale.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import typer

from safehands import codec, service
from safehands.cli.errors import DOES_NOT_HOLD, EXIT_CODES, INTERRUPTED
from safehands.cli.main import app
from safehands.cli.settings import SETTINGS
from safehands.core.case import ClockStatus, OfferStatus, Status, TaskStatus
from safehands.core.commands import COMMAND_CLASSES
from safehands.core.concerns import CONDITIONS
from safehands.core.events import EVENT_CLASSES
from safehands.core.pathway import FailSafe, Hit, QuestionKind, Unit
from safehands.core.records.commands import REGISTER_COMMANDS
from safehands.core.rules import RULES
from safehands.core.vocabulary import Ground, HappenedSource, OfferKind, Provenance
from safehands.core.wire import wire_name
from safehands.pathways.load import load, shipped

#: Where the pages lie, seen from this file inside a checkout.
PAGES: Final = Path(__file__).parents[3] / "docs" / "reference"

#: The enumerations that are told on the page of states.
_STATES: Final[Sequence[type[StrEnum]]] = (
    Status, OfferStatus, TaskStatus, ClockStatus, OfferKind, Ground, Provenance, HappenedSource,
    FailSafe, Unit, Hit, QuestionKind,
)  # fmt: skip


def events() -> str:
    """Every event: wire name, version, fields."""
    told = "What the ledger holds. Each event has a wire name and a version; its envelope says who, when and why."
    return _page("Events", told, (_class(f"{wire_name(each)} {_version(each)}", each) for each in EVENT_CLASSES))


def commands() -> str:
    """Every command and its fields."""
    told = (
        "What may be asked of a case. Each goes through `service.handle` and comes to events or a refusal. Those from "
        "`DeclareRegister` on are asked of an agency's own register of records, through `service.registers.enter`."
    )
    classes = (*COMMAND_CLASSES, *REGISTER_COMMANDS)
    return _page("Commands", told, (_class(each.__name__, each) for each in classes))


def rules() -> str:
    """Every rule that can refuse a command, with the sentence that the caseworker reads."""
    told = "Why a command is refused: the id of the rule and the sentence that is read. Words in braces are filled in."
    parts = [_table(("rule", "sentence"), ((f"`{rule}`", sentence) for rule, sentence in RULES.items()))]
    elsewhere = sorted(_rules_of_the_service())
    parts.append("Besides these, the service refuses by these rules, each where it says so:")
    parts.append(_table(("rule", "module"), ((f"`{rule}`", f"`{module}`") for rule, module in elsewhere)))
    return _page("Rules", told, parts)


def states() -> str:
    """Every enumeration of the core."""
    told = "The words for states and kinds, as they stand in events, pictures and pathways."
    return _page(
        "States",
        told,
        (
            f"## {each.__name__}\n\n{inspect.getdoc(each)}\n\n" + "\n".join(f"- `{member.value}`" for member in each)
            for each in _STATES
        ),
    )


def concerns() -> str:
    """Every registered concern, and what each shipped pathway says of it."""
    told = "Integrity rules that can be true of a case. A pathway declares which it watches; grade 1 is the worst."
    parts = []
    for name, condition in CONDITIONS.items():
        says = [
            (pathway.ref.pathway, spec.grade, spec.says)
            for pathway in map(load, shipped())
            for spec in pathway.concerns
            if spec.id == name
        ]
        doc = inspect.getdoc(condition)
        parts.append(f"## {name}\n\n" + (f"{doc}\n\n" if doc else "") + _table(("pathway", "grade", "says"), says))
    return _page("Concerns", told, parts)


def settings() -> str:
    """Every environment variable."""
    told = "Environment variables. There is no configuration file."
    return _page(
        "Settings",
        told,
        [_table(("variable", "what it does"), ((f"`{name}`", says) for name, says in SETTINGS.items()))],
    )


def cli() -> str:
    """Every command of the program, its options, and the exit codes."""
    told = (
        "`safehands COMMAND`. With `--json` standard output holds one JSON object and nothing else, errors included; "
        "progress goes to standard error. Every command makes what it lacks in `SAFEHANDS_HOME`, starts the embedded "
        "database where it needs one, and stops it."
    )
    parts = list(_commands(typer.main.get_command(app), "safehands"))
    codes = [("0", "done, and everything that was checked holds")]
    codes.append((str(DOES_NOT_HOLD), "something that was checked does not hold"))
    codes += [(str(code), f"{kind.__name__}: {_first(kind)}") for kind, code in EXIT_CODES.items()]
    codes.append((str(INTERRUPTED), "stopped by Ctrl-C"))
    parts.append("## Exit codes\n\n" + _table(("code", "meaning"), codes))
    return _page("Command line", told, parts)


#: Every page by its file name.
MAKERS: Final[Mapping[str, Callable[[], str]]] = {
    "events.md": events,
    "commands.md": commands,
    "rules.md": rules,
    "states.md": states,
    "concerns.md": concerns,
    "settings.md": settings,
    "cli.md": cli,
}


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` name those that are stale; the exit code."""
    stale = [name for name, make in MAKERS.items() if _read(PAGES / name) != make()]
    if "--check" in arguments:
        for name in stale:
            print(f"docs/reference/{name} is stale: run make reference", file=sys.stderr)
        return 1 if stale else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (PAGES / name).write_text(MAKERS[name](), "utf-8")
    return 0


def _read(page: Path) -> str | None:
    return page.read_text("utf-8") if page.is_file() else None


def _page(title: str, told: str, parts: Iterable[str]) -> str:
    head = f"# {title}\n\n<!-- Made from the code by `make reference`. Do not edit. -->\n\n{told}"
    return "\n\n".join([head, *(part.rstrip() for part in parts)]) + "\n"


def _class(title: str, each: type[Any]) -> str:
    doc = inspect.getdoc(each) or ""
    rows = [(f"`{field.name}`", f"`{field.type}`", _default(field)) for field in fields(each)]
    return f"## {title}\n\n{doc}" + (f"\n\n{_table(('field', 'type', 'default'), rows)}" if rows else "")


def _default(field: Field[Any]) -> str:
    if field.default is not MISSING:
        return f"`{field.default!r}`"
    return "" if field.default_factory is MISSING else "`{}`"


def _version(event: type[Any]) -> int:
    return codec.VERSIONS.get(wire_name(event), 1)


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "\n".join("| " + " | ".join(_cell(each) for each in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").split())


def _first(kind: type[Any]) -> str:
    return (inspect.getdoc(kind) or "").partition("\n")[0]


def _rules_of_the_service() -> Iterator[tuple[str, str]]:
    """Ids of rules that modules of the service raise by themselves, read from their source."""
    for file in sorted(Path(inspect.getfile(service)).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                rule = node.args[0]
                if isinstance(rule, ast.Constant):
                    yield str(rule.value), f"safehands.service.{file.stem}"


def _commands(command: Any, path: str) -> Iterator[str]:  # Any: Typer keeps the classes of its commands private
    """A command and those below it, each as a section."""
    inner = getattr(command, "commands", None)
    if inner is not None:
        for name in inner:
            yield from _commands(inner[name], f"{path} {name}")
        return
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option"]
    usage = " ".join([path, *(_named(each) for each in arguments), *(["[OPTIONS]"] if options else [])])
    rows = [(f"`{_named(each)}`", each.help or "") for each in arguments]
    rows += [(f"`{', '.join([*each.opts, *each.secondary_opts])}`", each.help or "") for each in options]
    said = " ".join((command.help or "").split())
    listed = _table(("argument or option", "what it is"), rows)
    yield "\n\n".join((f"## {path}", f"```\n{usage}\n```", said, listed, command.epilog or ""))


def _named(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    return name if argument.required else f"[{name}]"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
