"""The replay's case at a desk (evidence-review sheet, section 4; everybody in it is invented): Northshire Police hold
AB/1, a video interview on a sealed tape, and AB/1A, the written record that was made from it. The prosecutors ask for
everything. Played through the service, as the desk plays it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from safehands.cli.home import ensure_adopted
from safehands.core.commands import TakeContact
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.vocabulary import Actor, Contact
from safehands.service.handle import Request, Service
from safehands.service.registers import RegisterRequest, enter

POL, CPS = "POL-northshire", "CPS-midshire"
NSP = Actor("supervisor.pol-northshire", "supervisor", POL)
PROSECUTOR = Actor("supervisor.cps-midshire", "supervisor", CPS)
MADE = v.When(datetime(2005, 1, 20, 9, tzinfo=UTC), v.Precision.DAY)
WRITTEN = v.When(datetime(2005, 1, 27, 9, tzinfo=UTC), v.Precision.DAY)
SECRET = "complainant of the Northshire case, forty-eight minutes"


@dataclass
class Northshire:
    """The case, and the ids of what is in it."""

    service: Service
    case_id: str
    reference: str
    tape: str
    written: str
    master: str
    secret: str
    request: str = ""

    def enters(self, *commands: r.RegisterCommand) -> None:
        """Northshire Police write to their register."""
        for command in commands:
            enter(self.service, RegisterRequest(str(uuid4()), command, NSP))

    def does(self, by: Actor, command: Any) -> Any:
        """Somebody does something in the case."""
        return self.service.handle(Request(str(uuid4()), self.case_id, command, by))

    @property
    def material(self) -> Any:
        """What the case has learned."""
        return self.service.material(self.case_id, agency=None).material


def seats() -> None:
    """Somebody at each of the two agencies, to sit down as."""
    from safehands.desk.models import Agency, Membership, Person

    for code, name in ((POL, "Northshire Police"), (CPS, "CPS Midshire")):
        agency, _ = Agency.objects.get_or_create(code=code, defaults={"name": name})
        for role in ("supervisor", "auditor"):
            actor = f"{role}.{code.lower()}"
            person = Person.objects.filter(actor=actor).first() or Person.objects.create_user(actor)
            Membership.objects.get_or_create(person=person, agency=agency, role=role, desk=None)


def begun(service: Service, *, asks: bool = True) -> Northshire:
    """The case with the tape and what was written from it, and the prosecutors' request for everything."""
    ensure_adopted(service, "evidence-review")
    case_id = str(uuid4())
    now = service.clock.now()
    contact = Contact(str(uuid4()), "email", now, POL, "police")
    reference = service.clock.new_reference()
    service.handle(Request(case_id, case_id, TakeContact(reference, contact, ()), NSP, pathway="evidence-review"))
    stream = (f"case/{case_id}",)
    tape, written, master, secret = (str(uuid4()) for _ in range(4))
    north = Northshire(service, case_id, reference, tape, written, master, secret)
    north.enters(
        r.DeclareRegister(
            v.RegisterStatus.LIVE,
            (v.Store("Property store B", now), v.Store("Off-site archive", None, "closed for repairs")),
        ),
        r.RegisterRecord(
            tape, "AB/1", v.RecordKind.VIDEO_INTERVIEW, f"Video interview of the {SECRET}", MADE, "ab", cases=stream,
            relevance=v.Relevance.MAY_BE_RELEVANT,
        ),
        r.RegisterRecord(
            written, "AB/1A", v.RecordKind.RECORD_OF_INTERVIEW, "Written record made at the time, 11 pages", WRITTEN,
            "ab", cases=stream,
        ),
        r.RegisterCopy(
            master, tape, v.CopyRole.MASTER, v.Medium.VHS, seal="S100", held_by=POL, location="property store B"
        ),
        r.RecordDerivation(str(uuid4()), written, tape, v.Method.RECORD_OF_INTERVIEW, WRITTEN, "ab"),
        r.RegisterRecord(
            secret, "PL/9", v.RecordKind.POLICY_LOG, "How an informant was looked after", MADE, cases=stream,
            sensitivity=v.Sensitivity.HIGHLY_SENSITIVE,
        ),
    )  # fmt: skip
    if asks:
        north.does(NSP, r.ShareRecord(written, CPS, v.Channel.CASE_FILE_INTERFACE, f"s-{written}"))
        north.request = str(uuid4())
        scope = v.Scope(everything=True)
        north.does(
            PROSECUTOR,
            r.RequestMaterial(POL, v.RequestPurpose.CASE_REVIEW, scope, north.request, within_days=10),
        )
    return north
