"""The tree itself: what must hold of every file, whoever wrote it.

Each check is a function from a tree (path → text, of all that git tracks) to sentences, one a fault. ``PLANTED`` holds
faults for each check, so that a check which has stopped seeing anything fails here too.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parent.parent

Tree = Mapping[str, str]
Check = Callable[[Tree], list[str]]

LONG_MODULES: Mapping[str, str] = {
    "src/safehands/core/commands.py": "a catalogue: every command in one place, each a few lines of fields",
    "src/safehands/core/events.py": "a catalogue: every event in one place, each a few lines of fields",
    "src/safehands/core/records/commands.py": "a catalogue: every command about records, each a few lines of fields",
    "src/safehands/core/records/events.py": "a catalogue: every event about records, each a few lines of fields",
    "src/safehands/core/records/vocabulary.py": "a catalogue: every code of records, each list read as a whole",
    "src/safehands/core/case.py": "a catalogue: every value of a folded case, each a few lines of fields",
    "src/safehands/core/evolve.py": "one match over every event; what folds one event stands in one arm",
    "src/safehands/core/pathway.py": "a catalogue: every row that a pathway declares, each a few lines of fields",
    "src/safehands/scanning/closed.py": "what one case of the template may say, and every fault of it at once",
    "src/safehands/store/memory.py": "the oracle of the port: one class that answers all of it, and no database",
    "src/safehands/store/ports.py": "the columns of every row and the one port: read together, or not at all",
}
"""Modules of the package over 400 lines, each with the reason that its reviewer accepted."""

PUBLISHED_NUMBERS: Mapping[str, str] = {}
"""Telephone numbers (digits only) of public services that the tree must name, each with where it is published."""

PURE: Mapping[str, frozenset[str]] = {
    "src/safehands/core/": frozenset(),
    "src/safehands/rulebook/": frozenset(),
    "src/safehands/ledger/": frozenset({"cryptography"}),
    "src/safehands/codec": frozenset({"msgspec"}),
}
"""What is only functions and values, and what each may import besides the standard library and Safehands."""

IMPURE = frozenset(
    {"asyncio", "ctypes", "ftplib", "http", "multiprocessing", "os", "random", "secrets", "select", "shutil", "signal"}
    | {"smtplib", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "urllib"}
)
"""Modules of the standard library through which a pure package would reach a clock, chance or the world."""

ADR_SECTIONS = ("Context", "Decision", "The alternative that lost", "Consequences")


def lines(tree: Tree, *, under: str = "", ending: str = "") -> Iterator[tuple[str, int, str]]:
    """(path, line number, line) of each line of the files whose path begins and ends so."""
    for path, text in tree.items():
        if path.startswith(under) and path.endswith(ending):
            for number, line in enumerate(text.splitlines(), start=1):
                yield path, number, line


def locks_hold_hashes_and_no_addresses(tree: Tree) -> list[str]:
    faults = [
        f"{path}:{number}: an address"
        for path, number, line in lines(tree, under="requirements/")
        if re.search(r"://|^\s*-{1,2}(i|f|index-url|extra-index-url|find-links)\b|\s@\s", line)
    ]
    for path, text in tree.items():
        if path.startswith("requirements/"):
            for entry in re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", text).strip()):
                if not re.match(r"[\w.-]+==\S+", entry):
                    faults.append(f"{path}: {entry.splitlines()[0]!r} is not pinned")
                elif not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry):
                    faults.append(f"{path}: {entry.splitlines()[0]!r} has no hash")
    return faults


def locks_contain_one_another(tree: Tree) -> list[str]:
    pins = {
        name: set(re.findall(r"(?m)^([\w.-]+==\S+)", tree.get(f"requirements/{name}.lock", "")))
        for name in ("demo", "test", "bench")
    }
    faults = [f"requirements/{name}.lock: missing or empty" for name, found in pins.items() if not found]
    for smaller, larger in (("demo", "test"), ("test", "bench")):
        lost = sorted(pins[smaller] - pins[larger])
        faults += [f"requirements/{larger}.lock: lacks {pin} of {smaller}.lock" for pin in lost]
    return faults


def no_module_is_a_drawer(tree: Tree) -> list[str]:
    drawers = {"utils", "util", "helpers", "helper", "misc", "common", "shared", "managers", "stuff"}
    return [
        f"{path}: name what is in it"
        for path in tree
        if path.endswith(".py") and drawers & {PurePosixPath(path).stem, *PurePosixPath(path).parent.parts}
    ]


def long_modules_have_a_reason(tree: Tree) -> list[str]:
    modules = {path: text for path, text in tree.items() if path.endswith(".py") and not path.startswith("tests/")}
    length = {path: len(text.splitlines()) for path, text in modules.items()}
    faults = [f"{path}: {n} lines, no reason" for path, n in length.items() if n > 400 and path not in LONG_MODULES]
    idle = [path for path in LONG_MODULES if length.get(path, 401) <= 400]
    return faults + [f"{path}: in LONG_MODULES, and short" for path in idle]


def decisions_are_numbered_and_whole(tree: Tree) -> list[str]:
    """Numbers come in blocks of ten, one a subject; within a block none is missing and none is used twice."""
    records = {path: text for path, text in tree.items() if path.startswith("docs/adr/") and path.endswith(".md")}
    faults = []
    numbers: Counter[int] = Counter()
    for path, text in records.items():
        named = re.fullmatch(r"docs/adr/(\d{4})-[a-z0-9-]+\.md", path)
        if not named:
            faults.append(f"{path}: is not called NNNN-some-words.md")
            continue
        numbers[int(named[1])] += 1
        headings = {heading.strip().lower() for heading in re.findall(r"(?m)^## (.+)$", text)}
        faults += [f"{path}: no section {section!r}" for section in ADR_SECTIONS if section.lower() not in headings]
    faults += [f"docs/adr: {number:04} is used twice" for number, times in numbers.items() if times > 1]
    for number in numbers:
        if number % 10 and number != 1 and number - 1 not in numbers:
            faults.append(f"docs/adr: {number:04} without {number - 1:04}")
    return faults


def no_path_of_one_machine(tree: Tree) -> list[str]:
    one_machine = re.compile(r"(?<![\w.~/<>$}*-])(/(work|home|root|Users)/\w|[A-Z]:\\Users)")
    return [f"{path}:{number}: {line.strip()}" for path, number, line in lines(tree) if one_machine.search(line)]


NEVER_GIVEN_OUT = re.compile(
    r"01632960\d{3}|011[3-8]4960\d{3}|01[2-6]14960\d{3}|01914980\d{3}|02079460\d{3}|02896496\d{3}|02920180\d{3}"
    r"|03069990\d{3}|07700900\d{3}|08081570\d{3}|09098790\d{3}"
)
"""What Ofcom keeps for drama and gives to nobody (Ofcom, "Telephone numbers for use in TV and radio drama")."""


def no_telephone_number_that_may_ring(tree: Tree) -> list[str]:
    shape = re.compile(r"(?<![\w.+-])(?:\+44[ -]?(?:\(0\)[ -]?)?|0)[1-9](?:[ -]?\d){8,9}(?![\w-]|\.\d)")
    faults = []
    for path, number, line in lines(tree):
        for found in shape.findall(line) if not path.startswith("requirements/") else ():
            digits = re.sub(r"^(\+?44)?(\(0\))?0?", "0", re.sub(r"[ -]", "", found))
            if not NEVER_GIVEN_OUT.fullmatch(digits) and digits not in PUBLISHED_NUMBERS:
                faults.append(f"{path}:{number}: {found} may be somebody's")
    return faults


def no_nhs_number_of_a_person(tree: Tree) -> list[str]:
    """Ten digits that pass the modulus 11 check, in a range that is given to people. 999 is kept for tests and never
    is (NHS Data Dictionary, NHS NUMBER: 400 000 000 to 499 999 999 and 600 000 000 to 799 999 999, without the check
    digit, in England, Wales and the Isle of Man)."""
    faults = []
    for path, number, line in lines(tree):
        for found in re.findall(r"(?<![\w.+-])[467]\d{2}[ -]?\d{3}[ -]?\d{4}(?![\w-]|\.\d)", line):
            digits = [int(digit) for digit in found if digit.isdigit()]
            check = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
            if check % 11 == digits[9] and not path.startswith("requirements/"):
                faults.append(f"{path}:{number}: {found} may be a person's: use one that begins with 999")
    return faults


def changes_are_told(tree: Tree) -> list[str]:
    text = tree.get("CHANGELOG.md", "")
    return [] if re.search(r"(?m)^## Unreleased$", text) else ["CHANGELOG.md: missing, or has no '## Unreleased'"]


def files_end_and_break_as_they_should(tree: Tree) -> list[str]:
    faults = [f"{path}: does not end with one newline" for path, text in tree.items() if text and not _ends_well(text)]
    faults += [f"{path}: has carriage returns" for path, text in tree.items() if "\r" in text]
    faults += [
        f"{path}:{number}: an unfinished merge"
        for path, number, line in lines(tree)
        if re.match(r"(<{7}|>{7}|\|{7}) |={7}$", line)
    ]
    return faults


def _ends_well(text: str) -> bool:
    return text.endswith("\n") and not text.endswith("\n\n")


def nothing_is_left_for_later(tree: Tree) -> list[str]:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\bNotImplementedError\b")
    found = lines(tree, under="src/")
    return [f"{path}:{number}: {line.strip()}" for path, number, line in found if later.search(line)]


def silenced_checks_say_why(tree: Tree) -> list[str]:
    """``# noqa: S603 - the command is ours``: code, then a reason (three words at least), here or in the line above."""
    silencer = re.compile(r"#\s*(?:type:\s*ignore|noqa|pragma:\s*no\s+(?:cover|branch))(.*)$")
    faults = []
    above = ""
    for path, number, line in lines(tree, ending=".py"):
        if found := silencer.search(line):
            reason = re.sub(r"^(\[[\w, -]*\]|:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)", "", found[1])
            if len(re.findall(r"[A-Za-z']{2,}", f"{above} {reason}")) < 3:
                faults.append(f"{path}:{number}: silences a check and does not say why")
        above = line.strip() if line.strip().startswith("#") else ""
    return faults


def pure_packages_import_only_what_is_pure(tree: Tree) -> list[str]:
    faults = []
    for path, text in tree.items():
        for package, besides in PURE.items():
            if path.startswith(package) and path.endswith(".py"):
                named = _imported(text) - {"safehands"} - besides
                faults += [f"{path}: imports {name}" for name in sorted(named - (sys.stdlib_module_names - IMPURE))]
    return faults


def _imported(text: str) -> set[str]:
    """The first names of all modules that this source imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:  # with a level it is a neighbour
            names.add((node.module or "").partition(".")[0])
    return names


LOCKED = f"a==1 \\\n    --hash=sha256:{'0' * 64}\n"
WHOLE = "# T\n" + "".join(f"\n## {section}\n\nWords.\n" for section in ADR_SECTIONS)
PLANTED: Mapping[Check, tuple[Tree, ...]] = {
    locks_hold_hashes_and_no_addresses: (
        {"requirements/demo.lock": "--index-url " + "https://packages.invalid/simple\n" + LOCKED},
        {"requirements/demo.lock": LOCKED + "b @ " + "https://packages.invalid/b.whl\n"},
        {"requirements/demo.lock": "b==2\n" + LOCKED},
        {"requirements/demo.lock": LOCKED + "b>=2\n"},
    ),
    locks_contain_one_another: (
        {},
        {"requirements/demo.lock": "a==1", "requirements/test.lock": "a==2", "requirements/bench.lock": "a==2"},
    ),
    no_module_is_a_drawer: ({"src/safehands/core/utils.py": ""}, {"src/safehands/helpers/time.py": ""}),
    long_modules_have_a_reason: ({"src/safehands/core/holder.py": "x = 1\n" * 401},),
    decisions_are_numbered_and_whole: (
        {"docs/adr/1-one.md": WHOLE},
        {"docs/adr/0020-one.md": WHOLE, "docs/adr/0020-two.md": WHOLE},
        {"docs/adr/0020-one.md": WHOLE, "docs/adr/0022-two.md": WHOLE},
        {"docs/adr/0020-one.md": WHOLE.replace("## Consequences", "## Later")},
    ),
    no_path_of_one_machine: ({"src/a.py": "HERE = '" + "/ho" + "me/somebody/safehands'\n"},),
    no_telephone_number_that_may_ring: (
        {"tests/a.py": "'0161 " + "234 5678'\n"},
        {"tests/a.py": "'07911" + "123456'\n"},
        {"tests/a.py": "'+44 7911 " + "123 456'\n"},
    ),
    no_nhs_number_of_a_person: ({"tests/a.py": "'401 " + "023 2137'\n"}, {"tests/a.py": "'4010" + "232137'\n"}),
    changes_are_told: ({}, {"CHANGELOG.md": "# Changelog\n"}),
    files_end_and_break_as_they_should: (
        {"a.md": "no newline"},
        {"a.md": "too many\n\n"},
        {"a.md": "one\r\n"},
        {"a.md": "<<<<<<" + "< ours\n"},
    ),
    nothing_is_left_for_later: ({"src/a.py": "# TO" + "DO: this\n"},),
    silenced_checks_say_why: (
        {"src/a.py": "import os  # no" + "qa: F401\n"},
        {"src/a.py": "x = y()  # type: " + "ignore[no-untyped-call]\n"},
        {"src/a.py": "if x:  # pragma: " + "no cover\n"},
    ),
    pure_packages_import_only_what_is_pure: (
        {"src/safehands/core/a.py": "import time\n"},
        {"src/safehands/core/a.py": "def f():\n    from os.path import join\n"},
        {"src/safehands/core/decide/a.py": "import cryptography\n"},
        {"src/safehands/codec.py": "from django.db import models\n"},
    ),
}
ALLOWED: Mapping[Check, Tree] = {
    locks_hold_hashes_and_no_addresses: {"requirements/demo.lock": "# a comment\n" + LOCKED + "    # via b\n" + LOCKED},
    decisions_are_numbered_and_whole: {"docs/adr/0001-a.md": WHOLE, "docs/adr/0020-b.md": WHOLE},
    no_path_of_one_machine: {"a.py": "'https://example.org/home/page', '~/work/x', '$root/root/x', '/srv/safehands'\n"},
    no_telephone_number_that_may_ring: {"a.py": "'07700 900123', '+44 7700 900123', '020 7946 0018', 999, '116 123'\n"},
    no_nhs_number_of_a_person: {"a.py": "'999 000 0018', '401 023 2138', 1700000000, 0.4010232137\n"},
    long_modules_have_a_reason: {"tests/spec/test_handover.py": "x = 1\n" * 401},
    silenced_checks_say_why: {
        "src/a.py": "import os  # no" + "qa: S404 - the command line is ours\n",
        "src/b.py": "# The wheel has no types.\nimport b  # type: " + "ignore[import-untyped]\n",
    },
    pure_packages_import_only_what_is_pure: {
        "src/safehands/ledger/tree.py": "import hashlib, cryptography, safehands\nfrom .note import sign\n"
    },
}


@pytest.fixture(scope="module")
def tree() -> Tree:
    """Every text file that git tracks, as it lies in the work tree."""
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    found: dict[str, str] = {}
    for path in filter(None, listing.split("\0")):
        try:
            found[path] = (ROOT / path).read_bytes().decode()
        except UnicodeDecodeError:
            continue  # a picture
        except FileNotFoundError:
            continue  # deleted, not yet committed
    assert "tests/test_repo.py" in found
    return found


@pytest.mark.parametrize("check", PLANTED, ids=lambda check: check.__name__)
def test_nobody_has_broken_a_rule_of_the_tree(check: Check, tree: Tree) -> None:
    assert check(tree) == []


@pytest.mark.parametrize(
    ("check", "faulty"),
    [
        pytest.param(check, faulty, id=f"{check.__name__}-{number}")
        for check, trees in PLANTED.items()
        for number, faulty in enumerate(trees, start=1)
    ],
)
def test_a_planted_fault_is_found(check: Check, faulty: Tree) -> None:
    assert check(faulty)


@pytest.mark.parametrize("check", ALLOWED, ids=lambda check: check.__name__)
def test_what_is_allowed_is_left_alone(check: Check) -> None:
    assert check(ALLOWED[check]) == []
