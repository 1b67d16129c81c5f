"""The fictional case of the evidence-review sheet, section 4, played through the kernel: a recording of an interview,
the written record made from it, and two agencies that did not know what one another had. All names are invented."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from safehands.cli import home as homes
from safehands.core import commands as c
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.vocabulary import Actor, Contact, HappenedSource
from safehands.service.handle import Request, Service
from safehands.service.registers import RegisterRequest, enter

#: Agencies and the roles that can be sat down as: code, name, roles.
AGENCIES = (
    ("POL-northshire", "Northshire Police", ("investigator", "disclosure_officer", "supervisor")),
    ("CPS-midshire", "CPS Midshire", ("prosecutor", "reviewer", "supervisor")),
    ("INS-inspectors", "Inspectorate", ("auditor",)),
)

POLICE = Actor("investigator.pol-northshire", "investigator", "POL-northshire")
DISCLOSURE = Actor("disclosure-officer.pol-northshire", "disclosure_officer", "POL-northshire")
PROSECUTOR = Actor("prosecutor.cps-midshire", "prosecutor", "CPS-midshire")
REVIEWER = Actor("reviewer.cps-midshire", "reviewer", "CPS-midshire")
SHA = "ab" * 32


def day(written: str) -> datetime:
    """An instant of the story."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def seats() -> None:
    """The agencies, people and seats of the story, unless they are there."""
    from safehands.desk.models import Agency, Desk, Membership, Person

    for code, name, roles in AGENCIES:
        agency, _ = Agency.objects.get_or_create(code=code, defaults={"name": name})
        desk, _ = Desk.objects.get_or_create(agency=agency, code="desk", defaults={"name": "Evidence"})
        for role in roles:
            actor = f"{role.replace('_', '-')}.{code.lower()}"
            person = Person.objects.filter(actor=actor).first() or Person.objects.create_user(actor)
            Membership.objects.get_or_create(
                person=person, agency=agency, desk=desk, role=role, defaults={"administers": role == "supervisor"}
            )


class Northshire:
    """One case of its own, with ids of its own, step by step."""

    def __init__(self, service: Service) -> None:
        seats()
        homes.ensure_adopted(service, "evidence-review")
        self.service = service
        self.case = service.clock.new_id()
        self.tag = uuid4().hex[:6]
        contact = Contact(self.name("c"), "999", service.clock.now(), POLICE.agency, "police")
        self.does(POLICE, c.TakeContact(f"NS-{self.tag.upper()}", contact, ()), pathway="evidence-review")

    def name(self, plain: str) -> str:
        """An id of this case."""
        return f"{plain}-{self.tag}"

    def does(self, by: Actor, command: Any, **more: Any) -> None:
        """A command to the case."""
        self.service.handle(Request(self.service.clock.new_id(), self.case, command, by, **more))

    def late(self, by: Actor, command: Any) -> None:
        """One that is entered late."""
        self.does(by, command, source=HappenedSource.LATE)

    def enters(self, by: Actor, command: Any) -> None:
        """A command to the sender's own register."""
        enter(self.service, RegisterRequest(self.service.clock.new_id(), command, by, case_id=self.case))

    def registers(self, record: str, kind: v.RecordKind, description: str, made: str, **more: Any) -> str:
        """The police register a record of this case; its id."""
        named = self.name(record.replace("/", ""))
        self.enters(
            POLICE,
            r.RegisterRecord(
                named, record, kind, description, v.When(day(made), v.Precision.DAY),
                relevance=v.Relevance.RELEVANT, cases=(f"case/{self.case}",), **more,
            ),
        )  # fmt: skip
        return named

    # --- the steps

    def written_record(self) -> str:
        """AB/1A is registered and shared; nothing says from what it was made."""
        stores = (v.Store("Property store B"), v.Store("Records system", day("2019-03-01")))
        self.enters(POLICE, r.DeclareRegister(v.RegisterStatus.LIVE, stores))
        record = self.registers(
            "AB/1A", v.RecordKind.RECORD_OF_INTERVIEW, "Written record of the interview of 20 January 2005",
            "2005-01-27", use=v.Use.EVIDENCE,
        )  # fmt: skip
        copy = self.name("AB1Acopy")
        self.enters(POLICE, r.RegisterCopy(copy, record, v.CopyRole.MASTER, v.Medium.FILE, sha256=SHA, size=9,
                                           held_by=POLICE.agency, location="Records system"))  # fmt: skip
        share = self.name("s1")
        self.does(POLICE, r.ShareRecord(record, PROSECUTOR.agency, v.Channel.EMAIL, share=share, copy=copy,
                                        sha256_sent=SHA))  # fmt: skip
        self.does(PROSECUTOR, r.ReceiveShare(share, sha256_received=SHA))
        return record

    def decision(self, name: str, made_at: str, decider: str, record: str, reviews: str | None = None) -> str:
        """A decision that was made before this register, on the written record alone."""
        named = self.name(name)
        self.late(
            PROSECUTOR,
            r.DecideOnMaterial(
                v.DecisionKind.NFA_CPS, v.Test.FULL_CODE, v.Stage.EVIDENTIAL, "no further action",
                "The account alone is not enough.", decision=named, made_at=day(made_at), decider=decider,
                reviews=reviews, considered=(v.Considered(record, v.Mode.READ_FULL),), legacy=True,
            ),
        )  # fmt: skip
        return named

    def recording(self, derived: str) -> str:
        """AB/1 comes onto the register twenty years later, with the edge to the record made from it."""
        record = self.registers(
            "AB/1", v.RecordKind.VIDEO_INTERVIEW, "Video of the interview of 20 January 2005", "2005-01-20",
            use=v.Use.EVIDENCE,
        )  # fmt: skip
        self.enters(POLICE, r.RegisterCopy(self.name("AB1vhs"), record, v.CopyRole.MASTER, v.Medium.VHS,
                                           held_by=POLICE.agency, location="Property store B",
                                           label="AB/1"))  # fmt: skip
        self.enters(POLICE, r.RecordDerivation(self.name("e1"), derived, record, v.Method.RECORD_OF_INTERVIEW,
                                               v.When(day("2005-01-27")), made_by="Interviewing officer"))  # fmt: skip
        return record

    def asks(self) -> str:
        """The prosecutors ask for everything."""
        request = self.name("q")
        self.does(PROSECUTOR, r.RequestMaterial(POLICE.agency, v.RequestPurpose.CASE_REVIEW,
                                                v.Scope(everything=True), request, within_days=10))  # fmt: skip
        return request

    def standing(self) -> None:
        """The victim's mother may be told."""
        self.does(POLICE, r.RecordStanding("mother", v.Standing.PARENT_GUARDIAN, "parent of a victim under 18"))

    def letter(self, record: str) -> str:
        """The police wrote that the recording is not held."""
        letter = self.name("L1")
        self.late(POLICE, r.LogLetter(True, POLICE.agency, "the family", "post", SHA, letter=letter,
                                      sent_at=day("2019-06-13"),
                                      claims=(v.LetterClaim(v.ClaimCode.NOT_HELD, record),), legacy=True))  # fmt: skip
        return letter

    def whole(self) -> dict[str, str]:
        """As it happened, up to the day on which the recording came onto the register. The ids by their plain names."""
        found = {"AB1A": self.written_record()}
        found["D1"] = self.decision("D1", "2019-06-10", "P1", found["AB1A"])
        found["D2"] = self.decision("D2", "2023-07-14", "P2", found["AB1A"], reviews=found["D1"])
        found["AB1"] = self.recording(found["AB1A"])
        found["L1"] = self.letter(found["AB1"])
        found["Q"] = self.asks()
        self.standing()
        return found
