"""Every sentence that people read is found, listed, and given to gettext; the lists in the tree are those of now."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.template.base import Lexer, TokenType

from safehands.desk import sentences

ROOT = Path(__file__).resolve().parents[2]
DESK = ROOT / "src/safehands/desk"

#: Words on pages that are the same in every language, or name the language itself.
NAMES = {"Safehands", "English", "Cymraeg"}
ATTRIBUTES = re.compile(r'\b(?:aria-label|placeholder|title|alt|data-pause|data-resume)="([^"]*)"')
#: What makes a sentence that a person reads, and so takes no bare literal.
SPEAKING = {"BadInput", "NotPermitted", "NotFound", "Refused", "Stale", "success", "error", "warning", "info", "Fault"}


def script(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"scripts_{name}", ROOT / "scripts" / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


def bare(template: str) -> Iterator[str]:
    """Text of a template that no tag translates."""
    inside, kept = False, []
    classes = r"{% block wide %}[ a-z-]*{% endblock %}"  # filled into an attribute of the page's frame
    for token in Lexer(re.sub(classes, "", template)).tokenize():
        words = token.contents.split()[:1] if token.token_type == TokenType.BLOCK else []
        if words and words[0].startswith(("blocktrans", "endblocktrans")):
            inside = not words[0].startswith("end")
        elif token.token_type == TokenType.TEXT and not inside:
            kept.append(token.contents)
        else:
            kept.append("\N{OBJECT REPLACEMENT CHARACTER}")
    text = "".join(kept)
    texts = list(ATTRIBUTES.findall(text))
    texts += re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>", "\n", text, flags=re.DOTALL).split("\n")
    for each in texts:
        words = re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", each))
        if [word for word in words if word not in NAMES]:
            yield each.strip()


def literals(source: str) -> Iterator[str]:
    """Sentences that a module says without gettext."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "_LOG":
            continue  # read by whoever runs the installation, in the language of the program
        if name in SPEAKING:
            for each in (
                inner for given in node.args for inner in (given.elts if isinstance(given, ast.List) else [given])
            ):
                written = (
                    each.value
                    if isinstance(each, ast.Constant)
                    else ast.unparse(each)
                    if isinstance(each, ast.JoinedStr)
                    else ""
                )
                if isinstance(written, str) and " " in written:
                    yield written


@pytest.mark.parametrize("path", sorted(DESK.rglob("*.html")), ids=lambda path: str(path.relative_to(DESK)))
def test_a_text_in_a_template_that_nobody_can_translate(path: Path) -> None:
    assert not list(bare(path.read_text("utf-8")))


@pytest.mark.parametrize("path", sorted(DESK.rglob("*.py")), ids=lambda path: str(path.relative_to(DESK)))
def test_a_sentence_in_the_code_that_nobody_can_translate(path: Path) -> None:
    assert not list(literals(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "planted",
    ["<p>Hello there</p>", '<nav aria-label="Back"></nav>', "<p>{{ x }} and more</p>", "{% if a %}Told{% endif %}"],
)
def test_a_planted_text_is_found(planted: str) -> None:
    assert list(bare(planted))


@pytest.mark.parametrize(
    "planted",
    ['raise NotFound("There is none.")', 'messages.success(request, f"Case {ref} done")', 'BadInput(["Say why."])'],
)
def test_a_planted_literal_is_found(planted: str) -> None:
    assert list(literals(planted))


def test_a_line_of_a_log_is_no_sentence_of_a_page() -> None:
    assert not list(literals('_LOG.warning("refused: %s may not", who)'))


def test_what_is_translated_is_not_called_bare() -> None:
    page = '<p>{% translate "Told" %} {% blocktranslate with n=a %}You {{ n }}{% endblocktranslate %} – Safehands</p>'
    assert not list(bare(page))
    assert [each.text for each in sentences.in_template("x", page)] == ["Told", "You %(n)s"]


def test_a_plural_and_a_percent_sign_are_looked_up_as_django_does() -> None:
    page = "{% blocktranslate count n=x %}{{ n }} % done{% plural %}{{ n }} of them{% endblocktranslate %}"
    assert list(sentences.in_template("x", page)) == [sentences.Sentence("x", "%(n)s %% done", "%(n)s of them")]


def test_a_reference_page_of_sentences_that_nobody_made_again() -> None:
    page = ROOT / "docs/reference/sentences.md"
    assert page.read_text("utf-8") == script("describe_sentences").page(), "run: make reference"


def test_a_catalogue_that_misses_a_sentence_or_keeps_one_that_nobody_says() -> None:
    catalogue = script("catalogue")
    said = {_key(message.id) for message in catalogue.wanted() if message.id}
    assert catalogue.catalogues()
    for path in catalogue.catalogues():
        held = {_key(message.id) for message in catalogue.read(path) if message.id}
        assert held == said, f"run: make reference ({path.name}: {sorted(held ^ said)[:5]})"


def test_a_translation_that_lost_what_is_filled_in() -> None:
    catalogue = script("catalogue")
    for path in catalogue.catalogues():
        for message in catalogue.read(path):
            wanted = set(re.findall(r"%\(\w+\)s", str(message.id[0] if message.pluralizable else message.id)))
            for text in message.string if message.pluralizable else (message.string,):
                if text and message.id:
                    assert set(re.findall(r"%\(\w+\)s", text)) == wanted, text


def _key(of: str | tuple[str, ...]) -> str:
    return of if isinstance(of, str) else of[0]


def test_every_rule_is_on_the_page() -> None:
    from safehands.core.rules import RULES

    assert {each.where for each in sentences.of_rules()} == set(RULES)
    assert any(each.where == "logoff.keeps_cases" for each in sentences.of_the_service())
    assert any("silence_after_acceptance" in each.where for each in sentences.of_concerns())
    assert any(each.text.startswith("Accepted. Case") for each in sentences.of_the_desk())
