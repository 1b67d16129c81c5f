"""Every sentence that people read, found where it is written: rules, refusals, concerns, messages and pages.

It reads this program's own source and templates, so nothing that is said can be missing from the list: the page of
sentences, its snapshot in ``docs/reference`` and the catalogue of translations are made from the same walk.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split

from safehands import service
from safehands.core.concerns import CONDITIONS
from safehands.core.rules import RULES
from safehands.pathways.load import load, shipped

DESK: Final = Path(__file__).resolve().parent

#: Functions whose literal argument is translated, and which arguments those are.
TRANSLATING: Final = {
    "_": (0,),
    "gettext": (0,),
    "gettext_lazy": (0,),
    "lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0, 1),
    "act": (1,),
}

#: What refuses with a sentence of its own where ``core.rules`` has none for it.
REFUSING: Final = frozenset({"Refused", "NotPermitted", "NotFound", "BadInput", "Stale", "stale"})


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """One sentence: where it stands (a rule's id, or a file), its words with fields in braces or as ``%(name)s``, and
    its plural where it has one."""

    where: str
    text: str
    plural: str = ""


@cache
def of_rules() -> tuple[Sentence, ...]:
    """What a refused command says."""
    return tuple(Sentence(rule, text) for rule, text in RULES.items())


@cache
def of_the_service() -> tuple[Sentence, ...]:
    """What the service itself refuses with; the id of the rule where there is one, else the module."""
    folder = Path(inspect.getfile(service)).parent
    found = [
        each
        for file in sorted(folder.rglob("*.py"))
        for each in _refusals(f"service/{file.stem}", ast.parse(file.read_text("utf-8")))
    ]
    return tuple(dict.fromkeys(found))


@cache
def of_concerns() -> tuple[Sentence, ...]:
    """What each shipped pathway says of a concern, as ``pathway: concern``."""
    return tuple(
        Sentence(f"{pathway.ref.pathway}: {spec.id}", spec.says)
        for pathway in map(load, shipped())
        for spec in pathway.concerns
        if spec.id in CONDITIONS
    )


@cache
def of_the_desk() -> tuple[Sentence, ...]:
    """What the desk's own code says: messages, labels, refusals."""
    found = [
        each
        for file in sorted(DESK.rglob("*.py"))
        for each in translated(str(file.relative_to(DESK)), file.read_text("utf-8"))
    ]
    return tuple(dict.fromkeys(found))


@cache
def of_templates() -> tuple[Sentence, ...]:
    """What stands in the pages themselves."""
    folder = DESK / "templates"
    found = [
        each
        for file in sorted(folder.rglob("*.html"))
        for each in in_template(str(file.relative_to(folder)), file.read_text("utf-8"))
    ]
    return tuple(dict.fromkeys(found))


def translated(where: str, source: str) -> Iterator[Sentence]:
    """The literals that a module gives to gettext."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATING:
            wanted = TRANSLATING[node.func.id]
            given = [node.args[n] for n in wanted if n < len(node.args)]
            texts = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if texts and len(texts) == len(wanted):
                yield Sentence(where, *texts)


def _refusals(where: str, tree: ast.AST) -> Iterator[Sentence]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSING:
            texts = list(_texts(node.args))
            if node.func.id == "Refused" and len(texts) > 1:
                yield Sentence(texts[0], " ".join(texts[1:]))
            elif node.func.id != "Refused":
                yield from (Sentence(where, text) for text in texts)


def _texts(arguments: Iterable[ast.expr]) -> Iterator[str]:
    for each in arguments:
        match each:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=values):
                yield "".join(map(_part, values))
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                yield from _texts(elements)
            case _:
                pass


def _part(of: ast.expr) -> str:
    """One part of an f-string: its words, or what is filled in by its name, where it has one."""
    match of:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=ast.Name() | ast.Attribute() as named):
            return f"{{{ast.unparse(named)}}}"
        case _:
            return "{…}"


def in_template(where: str, source: str) -> Iterator[Sentence]:
    """The sentences of a template: ``translate`` and ``blocktranslate`` with its plural."""
    singular: list[str] | None = None
    plural: list[str] | None = None
    for token in Lexer(source).tokenize():
        words = list(smart_split(token.contents)) if token.token_type == TokenType.BLOCK else []
        match words[:1]:
            case ["translate" | "trans"]:
                yield Sentence(where, words[1][1:-1])
            case ["blocktranslate" | "blocktrans"]:
                singular, plural = [], None
            case ["plural"]:
                plural = []
            case ["endblocktranslate" | "endblocktrans"] if singular is not None:
                yield Sentence(where, "".join(singular), "".join(plural or ()))
                singular = plural = None
            case _ if singular is not None:
                (singular if plural is None else plural).append(_in_block(token))


def _in_block(token: Token) -> str:
    """As Django looks it up: a variable as ``%(name)s``, a percent sign twice."""
    if token.token_type == TokenType.VAR:
        return f"%({token.contents.strip()})s"
    return token.contents.replace("%", "%%")
