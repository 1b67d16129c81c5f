"""A real browser on a running desk (which one: ``scripts/browser.py``). None: every test here says so, and with
``CI=true`` fails."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn
from uuid import uuid4

import pytest

from safehands.service.handle import Service
from safehands.site.configuration import Configuration
from safehands.site.serving import listening, ticking

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs a loop in the thread of the tests; the desk has its own
ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "src" / "safehands" / "desk" / "build" / "desk.css"
MUST_RUN = os.environ.get("CI") == "true"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def not_run(why: str) -> NoReturn:
    """Say that nothing here was tried; where it must be, that is a failure."""
    told = f"NOT RUN, no page was opened in a browser: {why}"
    if MUST_RUN:
        pytest.fail(told, pytrace=False)
    pytest.skip(told)


def script(name: str) -> ModuleType:
    """A module of ``scripts``, which is no package."""
    specification = importlib.util.spec_from_file_location(f"scripts_{name}", ROOT / "scripts" / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What was not tried is said where nobody can overlook it."""
    told = {
        str(each.longrepr[2])
        for each in terminalreporter.stats.get("skipped", [])
        if "NOT RUN, no page" in str(each.longrepr)
    }
    for each in told:
        terminalreporter.write_line(f"*** {each}", red=True, bold=True)


@pytest.fixture(scope="session")
def address(desk: Service) -> Iterator[str]:
    """Where the running desk is."""
    configuration = Configuration(Path(), demo=True)
    with ticking(desk), listening(configuration, port=0) as (server, port):
        threading.Thread(target=server.run, name="desk", daemon=True).start()
        yield f"http://localhost:{port}"


@pytest.fixture(scope="session")
def prepared() -> ModuleType:
    """Playwright's module, where everything is there that a browser's test needs."""
    for needed in (BUILT, AXE):
        if not needed.exists():
            not_run(f"{needed.relative_to(ROOT)} is not there (scripts/build_frontend.py --tests makes it)")
    try:
        return importlib.import_module("playwright.sync_api")
    except ImportError:
        not_run("Playwright is not installed (make test installs it)")


@pytest.fixture(scope="session")
def chromium(prepared: ModuleType, address: str) -> Iterator[Any]:
    """The browser; started after the desk."""
    with prepared.sync_playwright() as running:
        try:
            found = script("browser").find(os.environ.get("SAFEHANDS_BROWSER") or None)
            browser = running.chromium.launch(
                executable_path=found.program,
                args=[*ARGUMENTS, *found.arguments],
                env={**os.environ, **found.environment},
            )
        except (prepared.Error, FileNotFoundError) as missing:
            not_run(str(missing))
        yield browser
        browser.close()


Sit = Callable[..., Any]


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What pages said in the console. Whatever is in it at the end fails the test, refusals aside."""
    said: list[str] = []
    yield said
    wrong = [each for each in said if "status of 4" not in each]  # a refusal is an answer
    assert not wrong, wrong


@pytest.fixture
def opening(chromium: Any, complaints: list[str]) -> Iterator[Callable[..., Any]]:
    """A browser of its own, with an empty page: ``opening(viewport=…)``, closed afterwards."""
    contexts: list[Any] = []

    def opened(**given: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1366, "height": 768}, "locale": "en-GB", **given})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def sit(opening: Callable[..., Any], address: str) -> Sit:
    """A browser of its own for somebody who sits down: ``sit("Call handler, POL")``. No page may complain in the
    console."""

    from django.core.cache import cache

    def down(seat: str, **given: Any) -> Any:
        cache.clear()  # how often somebody came in within the last minute: tests sit down more often than people
        page = opening(**given)
        page.goto(f"{address}/entrance/")
        page.get_by_role("button", name=f"Sit down as {seat}", exact=True).click()
        return page

    return down


def axe(page: Any) -> None:
    """No violation of WCAG 2.2 A or AA that axe can find on this page."""
    # Debian's Chromium keeps the page's own policy; the script comes in as the tester's, not the page's.
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],"
        " rules: {'target-size': {enabled: true}}})"
    )
    told = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found["violations"]]
    assert not told, f"{page.url}\n" + "\n".join(told)


@dataclass(frozen=True, slots=True)
class Matter:
    """A case with something of everything on its pages: ids that addresses are made of."""

    case_id: str
    contact: str
    reference: str
    seat: int


@pytest.fixture(scope="session")
def matter(desk: Service) -> Matter:
    """A case of the police: answers, a decision, an offer to the ambulance service that waits."""
    from django.core.cache import cache
    from django.test import Client

    from safehands.desk.models import Membership

    cache.clear()
    police = Client()
    seat = Membership.objects.get(agency="POL", role="handler")
    police.post(f"/entrance/{seat.pk}/")

    def sent(path: str, **form: str) -> str:
        answer = police.post(path, {"command": str(uuid4()), **form}, follow=True)
        assert answer.status_code == 200, answer.content.decode()
        return str(answer.request["PATH_INFO"])

    _, _, case_id, contact, _ = sent("/contact/", channel="999").split("/")
    on = f"/contact/{case_id}/{contact}"
    sent(f"{on}/answer/", **{"a.Q6": "act", "w.Q6": "I have taken all of them"})
    stands = str(desk.case(case_id, agency="POL").conclusion.outcome)  # type: ignore[union-attr]  # it was asked
    sent(f"{on}/decide/", act="decide", outcome=stands, believes=stands)
    sent(
        f"/case/{case_id}/offer/ambulance/", to_agency="AMB-east", asks="She has taken tablets and is drowsy: take her"
    )
    return Matter(case_id, contact, desk.case(case_id, agency="POL").reference, seat.pk)
