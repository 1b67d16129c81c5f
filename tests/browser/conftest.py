"""A real browser on a running desk: Debian's Chromium, else one that Playwright brought. None: every test here says
so."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from safehands.service.handle import Service
from safehands.site.configuration import Configuration
from safehands.site.serving import listening, ticking

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs a loop in the thread of the tests; the desk has its own
ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "src" / "safehands" / "desk" / "build" / "desk.css"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

playwright = pytest.importorskip("playwright.sync_api", reason="NOT RUN: Playwright is not installed")
if not BUILT.exists():
    pytest.skip("NOT RUN: the frontend is not built (scripts/build_frontend.py)", allow_module_level=True)


@pytest.fixture(scope="session")
def address(desk: Service) -> Iterator[str]:
    """Where the running desk is."""
    configuration = Configuration(Path(), demo=True)
    with ticking(desk), listening(configuration, port=0) as (server, port):
        threading.Thread(target=server.run, name="desk", daemon=True).start()
        yield f"http://localhost:{port}"


@pytest.fixture(scope="session")
def chromium(address: str) -> Iterator[Any]:
    """The browser; started after the desk."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with playwright.sync_playwright() as running:
        try:
            browser = running.chromium.launch(executable_path=found, args=ARGUMENTS)
        except playwright.Error as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"NOT RUN: no browser could be started: {missing}")
        yield browser
        browser.close()


Sit = Callable[[str], Any]


@pytest.fixture
def sit(chromium: Any, address: str) -> Iterator[Sit]:
    """A browser of its own for somebody who sits down: ``sit("Call handler, POL")``. No page may complain in the
    console."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def down(seat: str, **given: Any) -> Any:
        context = chromium.new_context(viewport={"width": 1366, "height": 768}, **given)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{address}/entrance/")
        page.get_by_role("button", name=f"Sit down as {seat}", exact=True).click()
        return page

    yield down
    for context in contexts:
        context.close()
    refused = [each for each in complaints if "status of 4" not in each]  # a refusal is an answer
    assert not refused, refused


def axe(page: Any) -> None:
    """No violation of WCAG 2.2 A or AA that axe can find on this page."""
    # Debian's Chromium keeps the page's own policy; the script comes in as the tester's, not the page's.
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    told = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found["violations"]]
    assert not told, f"{page.url}\n" + "\n".join(told)
