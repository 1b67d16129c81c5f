"""Whether a running desk answers: sit down as a browser would, and open each page that needs no case."""

from __future__ import annotations

import re
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from typing import Any, Final
from urllib.parse import urlencode

#: Pages that everybody with a seat may open, and what each says.
PAGES: Final = {
    "": "What waits for us",
    "board/": "Who holds what",
    "pathways/": "By which rules",
    "pathways/right-care/": "Proved for all",
    "ledger/": "Is the record whole",
    "contact/": "How did it reach us",
}


def answers(server: Any, address: str) -> bool:
    """Serve in a thread, open the pages at ``address``, say which do not answer; whether all do."""
    threading.Thread(target=server.run, name="server", daemon=True).start()
    wrong = list(_wrong(address))
    said = "The desk's pages answer." if not wrong else f"The desk's pages that do not answer: {', '.join(wrong)}"
    sys.stderr.write(f"{said}\n")
    return not wrong


def _wrong(address: str) -> Iterator[str]:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    try:
        entrance = _read(browser, f"{address}entrance/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', entrance)
        seat = re.search(r'action="/(entrance/\d+/)"', entrance)
        if token is None or seat is None:
            yield "entrance/"
            return
        _read(browser, f"{address}{seat[1]}", {"csrfmiddlewaretoken": token[1]})
    except (urllib.error.URLError, OSError):
        yield "entrance/"
        return
    for page, says in PAGES.items():
        try:
            found = says in _read(browser, f"{address}{page}")
        except (urllib.error.URLError, OSError):
            found = False
        if not found:
            yield page or "worklist"


def _read(browser: urllib.request.OpenerDirector, address: str, form: dict[str, str] | None = None) -> str:
    sent = urlencode(form).encode() if form is not None else None
    with browser.open(address, sent, timeout=60) as answer:
        return str(answer.read().decode())
