"""The catalogue of translations: bring it up to date with what the desk says, or compile it for the running desk.

    python scripts/catalogue.py update      every sentence has its entry, what nobody says any more is gone
    python scripts/catalogue.py compile     django.mo beside each django.po; git ignores it

Extraction is the walk of ``safehands.desk.sentences``, so it needs no GNU gettext; Babel reads and writes the files.
What is marked fuzzy was translated by somebody who has to be checked; ``compile`` takes it in all the same, so that
the reviewer sees it where it stands. See ``docs/how-to/translate-the-desk.md``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LOCALE = Path(__file__).resolve().parent.parent / "src" / "safehands" / "desk" / "locale"

HEADER = """Every sentence of the desk's pages. Written by `make reference`; translations are edited by hand.
Entries marked fuzzy are nobody's last word: a Welsh translator of the trade has to read each before it is used."""


def catalogues() -> list[Path]:
    """The catalogues that were started."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """One of them."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def wanted() -> Catalog:
    """Every sentence that can be translated, without translations."""
    from safehands.desk import sentences

    template = Catalog(header_comment="", fuzzy=False)
    for each in (*sentences.of_the_desk(), *sentences.of_templates()):
        ids = (each.text, each.plural) if each.plural else each.text
        flags = ("python-format",) if "%(" in each.text else ()
        template.add(ids, locations=[(each.where, 0)], flags=flags)
    return template


def update(path: Path) -> None:
    """The sentences of now with the translations that were there; a changed sentence begins anew."""
    old = read(path)
    told = "\n".join(f"# {line}" for line in HEADER.splitlines())
    new = Catalog(locale=path.parts[-3], project="Safehands", fuzzy=False, header_comment=told)
    # Plurals are counted as in Django's own Welsh catalogue, not as Babel would.
    new.mime_headers = [("Plural-Forms", f"nplurals={old.num_plurals}; plural={old.plural_expr};")]
    for message in wanted():
        if not message.id:
            continue
        before = old.get(message.id)
        # An empty translation has as many parts as the language has plurals.
        empty = ("",) * new.num_plurals if message.pluralizable else ""
        same = before is not None and type(before.string) is type(empty)
        new.add(
            message.id,
            before.string if before is not None and same else empty,
            locations=message.locations,
            flags=message.flags | ({"fuzzy"} & before.flags if before is not None else set()),
        )
    with path.open("wb") as file:
        write_po(file, new, width=110, omit_header=False, sort_output=True, include_lineno=False)
    # What changes at every run says nothing.
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(_CHANGING)]
    path.write_text("".join(kept).rstrip() + "\n", "utf-8")


_CHANGING = tuple(f'"{name}' for name in ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team"))
_CHANGING += ('"Generated-By', '"Report-Msgid', '"Project-Id')


def compile_all() -> None:
    """What the running desk reads."""
    for path in catalogues():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path), use_fuzzy=True)


def main(arguments: list[str]) -> int:
    """Do what the one argument names."""
    match arguments:
        case ["update"]:
            for path in catalogues():
                update(path)
        case ["compile"]:
            pass
        case _:
            print("Say update or compile.", file=sys.stderr)
            return 2
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
