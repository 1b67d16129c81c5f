"""(i) Fifty desks at once, polling and acting over HTTP for a minute: no error, and no act lost or done twice.

Half of them are the police's: each takes calls, writes an answer down, and offers the case to the ambulance service.
The other half are that service's: each looks at the worklist that all of them share and accepts what it sees first, so
that several reach for one offer. Every desk fetches its worklist as often as the page does. Afterwards the ledger says
what was done: each act that was acknowledged stands there exactly once, none that was refused stands there at all.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode
from uuid import uuid4

from bench.child import child, percentile
from bench.measure import Result, duration

#: As often as the page fetches its live part, in seconds; and how long a person takes from one act to the next.
POLL, ACT = 5.0, (2.0, 6.0)


@dataclass
class Seen:
    """What all desks saw together."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)


class Desk:
    """One browser at one desk."""

    def __init__(self, number: int, port: int, cookie: str, seen: Seen) -> None:
        self._to = HTTPConnection("localhost", port, timeout=60)
        self._cookies = {"session": cookie}
        self._seen, self._chance = seen, random.Random(number)
        self._calls = number % 2 == 0
        self._token = ""

    def work(self, until: float) -> None:
        """Until that instant of the monotonic clock: poll, and now and then act. Whatever goes wrong is kept."""
        poll = act = time.monotonic() + self._chance.uniform(0, POLL)
        try:
            while (now := time.monotonic()) < until:
                if now >= act:
                    self._act()
                    act = time.monotonic() + self._chance.uniform(*ACT)
                elif now >= poll:
                    self._read("/worklist/live/")
                    poll = time.monotonic() + POLL
                time.sleep(max(0.0, min(act, poll, until) - time.monotonic()))
        except Exception as fault:  # noqa: BLE001 - a desk that stops is what this measurement would have found
            with self._seen.lock:
                self._seen.errors.append(repr(fault))

    def _act(self) -> None:
        if self._calls:
            self._take_a_call()
        else:
            self._accept()

    def _take_a_call(self) -> None:
        self._read("/contact/")
        status, where = self._send("/contact/", channel="999")
        if status != 302:
            return
        _, _, case, contact, _ = where.split("/")
        self._send(f"/contact/{case}/{contact}/answer/", **{"a.Q6": "act"})
        self._send(f"/case/{case}/offer/dispatch/", to_agency="AMB-east", asks="She is drowsy: take her")

    def _accept(self) -> None:
        page = self._read("/")
        forms = re.findall(
            r'action="/case/([0-9a-f-]+)/accept/".*?name="offer" value="([^"]+)"'
            r'.*?name="believes_from" value="([^"]+)"',
            page,
            flags=re.DOTALL,
        )
        if forms:
            case, offer, giver = forms[0]
            status, _where = self._send(f"/case/{case}/accept/", offer=unescape(offer), believes_from=giver)
            if status == 302:
                with self._seen.lock:
                    self._seen.accepted.append(case)

    def _read(self, path: str) -> str:
        status, _where, text = self._ask("GET", path)
        if status != 200:
            self._wrong(path, status)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
        self._token = token[1] if token else self._token
        return text

    def _send(self, path: str, **form: str) -> tuple[int, str]:
        command = str(uuid4())
        sent = {"csrfmiddlewaretoken": self._token, "command": command, **form}
        status, where, _text = self._ask("POST", path, urlencode(sent))
        with self._seen.lock:
            if status == 302:
                self._seen.acknowledged.append(command)
            elif status == 409:
                self._seen.refused.append(command)
        if status not in (302, 409):
            self._wrong(path, status)
        return status, where

    def _wrong(self, path: str, status: int) -> None:
        with self._seen.lock:
            self._seen.errors.append(f"{re.sub('[0-9a-f-]{36}', '…', path)}: {status}")

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.monotonic()
        self._to.request(method, path, body, headers)
        answer = self._to.getresponse()
        text = answer.read().decode()
        with self._seen.lock:
            self._seen.seconds.append(time.monotonic() - start)
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), text


def measure(*, quick: bool) -> list[Result]:
    """One line."""
    desks, seconds = (10, 8.0) if quick else (50, 60.0)
    seen = Seen()
    with child("bench.desk_child", "serve", str(desks)) as server:
        port, cookies = server.ready["port"], server.ready["cookies"]
        until = time.monotonic() + seconds
        crowd = [
            threading.Thread(target=Desk(number, port, cookie, seen).work, args=(until,))
            for number, cookie in enumerate(cookies)
        ]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
        ledger = server.told("ledger")
    faults = [*seen.errors, *compared(seen, ledger)]
    shown = "; ".join(f"{fault} ({times} times)" for fault, times in Counter(faults).most_common(5))
    return [
        Result(
            measure="i",
            what=f"{desks} desks poll and act over HTTP for {seconds:.0f} s",
            peer="none",
            peer_figure="",
            our_figure=f"{len(seen.acknowledged):,} acts, {len(faults)} errors or lost acts",
            ratio="-",
            spread=f"{len(seen.seconds):,} requests, 95 of 100 within {duration(percentile(seen.seconds))}",
            bar="no error, every acknowledged act in the ledger exactly once",
            met=not faults,
            note=shown
            or (
                f"{len(seen.refused)} acts came second and were refused with a sentence; {len(seen.accepted)} offers "
                f"accepted, each once; {ledger['entries']:,} entries verified, nobody held a case for "
                f"{ledger['unowned']:g} s"
            ),
        )
    ]


def compared(seen: Seen, ledger: dict[str, object]) -> list[str]:
    """What the ledger says otherwise than the desks were told; nothing where all is well."""
    rows: list[list[str]] = ledger["commands"]  # type: ignore[assignment]  # lists of strings, as the child writes them
    holders: dict[str, str] = ledger["holders"]  # type: ignore[assignment]  # case to agency
    written = Counter(command for command, _stream, count in rows if count)
    faults = [f"an acknowledged act stands {written[each]} times" for each in seen.acknowledged if written[each] != 1]
    faults += ["a refused act stands in the ledger" for each in seen.refused if written[each]]
    twice = [case for case, times in Counter(seen.accepted).items() if times > 1]
    faults += ["an offer was accepted twice" for _ in twice]
    faults += ["who accepted does not hold" for case in seen.accepted if holders.get(case) != "AMB-east"]
    if not ledger["ok"] or ledger["two_holders"] or ledger["unowned"]:
        faults.append(f"the ledger does not hold: {ledger['faults']}")
    return faults
