"""The desk's own tables: agencies, desks, people and their seats; who looked. Nothing of a case.

A person acts under ``actor``, a pseudonymous account name that goes into the ledger; the display name never does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

#: Roles that a seat can have, in the words of the page. Those of ``service.permissions`` act; the others read.
ROLES: tuple[tuple[str, Any], ...] = (
    ("handler", _("Call handler")),
    ("dispatcher", _("Dispatcher")),
    ("desk", _("Partner desk")),
    ("officer", _("Officer")),
    ("responder", _("Responder")),
    ("supervisor", _("Supervisor")),
    ("inspector", _("Inspector")),
    ("duty_manager", _("Duty manager")),
    ("clinical_lead", _("Clinical lead")),
    ("navigator", _("Navigator")),
    ("analyst", _("Analyst")),
    ("auditor", _("Auditor")),
    ("investigator", _("Investigator")),
    ("disclosure_officer", _("Disclosure officer")),
    ("exhibits_officer", _("Exhibits officer")),
    ("prosecutor", _("Prosecutor")),
    ("reviewer", _("Reviewer")),
    ("victim_liaison", _("Victim liaison")),
)

CODE = RegexValidator(r"^[A-Z]{2,5}(-[a-z0-9]{1,20})?$", _("Write the role's code, then a name: POL, or AMB-east."))


class Agency(models.Model):
    """An organisation that can hold a case. ``on_system`` says that it has people here."""

    code: models.CharField[str, str] = models.CharField(max_length=26, primary_key=True, validators=[CODE])
    name: models.CharField[str, str] = models.CharField(max_length=120)
    on_system: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    objects: ClassVar[models.Manager[Agency]] = models.Manager()

    class Meta:
        """What Django has to know of the table."""

        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Desk(models.Model):
    """A desk inside an agency: offers may name it, and a case may be kept by it."""

    agency: models.ForeignKey[Agency, Agency] = models.ForeignKey(Agency, models.PROTECT, related_name="desks")
    code: models.SlugField[str, str] = models.SlugField(max_length=40)
    name: models.CharField[str, str] = models.CharField(max_length=120)
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    objects: ClassVar[models.Manager[Desk]] = models.Manager()

    class Meta:
        """What Django has to know of the table."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "code"], name="one_desk_a_code")]
        ordering: ClassVar = ["agency", "code"]

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    """Makes accounts; a password is optional, since many sign in with their agency's own account."""

    def create_user(self, actor: str, password: str | None = None, **fields: Any) -> Person:
        """An account. ``actor`` is its pseudonym."""
        person = self.model(actor=actor, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """An account. ``actor`` goes into the ledger, so it names nobody."""

    actor: models.CharField[str, str] = models.CharField(
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+([.-][a-z0-9]+)*$", _("Small letters, digits, dots and hyphens only."))],
    )
    display_name: models.CharField[str, str] = models.CharField(max_length=120, blank=True)
    email: models.EmailField[str, str] = models.EmailField(blank=True)
    is_active: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    objects: ClassVar[People] = People()

    USERNAME_FIELD = "actor"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.actor


class Membership(models.Model):
    """A seat: a person at a desk of an agency, in a role. ``administers`` lets them look after their agency's
    people."""

    person: models.ForeignKey[Person, Person] = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    agency: models.ForeignKey[Agency, Agency] = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    desk: models.ForeignKey[Desk | None, Desk | None] = models.ForeignKey(
        Desk, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role: models.CharField[str, str] = models.CharField(max_length=20, choices=ROLES)
    administers: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    objects: ClassVar[models.Manager[Membership]] = models.Manager()

    class Meta:
        """What Django has to know of the table."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "agency", "desk", "role"],
                condition=models.Q(ended_at=None),
                name="one_seat_a_role",
                nulls_distinct=False,
            )
        ]
        ordering: ClassVar = ["agency", "role", "id"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.agency_id}"  # type: ignore[attr-defined]  # Django adds the two ids


class Look(models.Model):
    """One line of the log of looking: who opened which case, and why. Written once: the database refuses to change
    it."""

    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(db_index=True)
    actor: models.CharField[str, str] = models.CharField(max_length=60)
    role: models.CharField[str, str] = models.CharField(max_length=20)
    agency: models.CharField[str, str] = models.CharField(max_length=26)
    case_id: models.UUIDField[Any, Any] = models.UUIDField(db_index=True)
    page: models.CharField[str, str] = models.CharField(max_length=20)
    reason: models.TextField[str, str] = models.TextField(blank=True)
    broke_glass: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    objects: ClassVar[models.Manager[Look]] = models.Manager()

    class Meta:
        """What Django has to know of the table."""

        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.actor} {self.page}"


class Proposal(models.Model):
    """A pathway text that one person proposes for adoption, until a second person adopts it."""

    pathway: models.CharField[str, str] = models.CharField(max_length=60)
    text: models.TextField[str, str] = models.TextField()
    proposed_by: models.CharField[str, str] = models.CharField(max_length=60)
    proposed_role: models.CharField[str, str] = models.CharField(max_length=20)
    proposed_agency: models.CharField[str, str] = models.CharField(max_length=26)
    proposed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    objects: ClassVar[models.Manager[Proposal]] = models.Manager()

    class Meta:
        """What Django has to know of the table."""

        ordering: ClassVar = ["-proposed_at"]

    def __str__(self) -> str:
        return self.pathway


class Invitation(models.Model):
    """A code that lets somebody set their own password, once and for a short time: nobody else ever knows it."""

    person: models.ForeignKey[Person, Person] = models.ForeignKey(Person, models.CASCADE, related_name="invitations")
    code: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    expires_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    used_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    objects: ClassVar[models.Manager[Invitation]] = models.Manager()

    class Meta:
        """What Django has to know of the table."""

        ordering: ClassVar = ["-expires_at"]

    def __str__(self) -> str:
        return f"{self.person_id}"  # type: ignore[attr-defined]  # Django adds the id


class Administered(models.Model):
    """One line of the administration log: who changed what about an agency's people, desks and pages. Written once: the
    database refuses to change it. ``about`` is an account, a desk's or an agency's code; nobody's name."""

    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(db_index=True)
    actor: models.CharField[str, str] = models.CharField(max_length=60)
    role: models.CharField[str, str] = models.CharField(max_length=20)
    agency: models.CharField[str, str] = models.CharField(max_length=26, db_index=True)
    act: models.CharField[str, str] = models.CharField(max_length=30)
    about: models.CharField[str, str] = models.CharField(max_length=80)
    detail: models.TextField[str, str] = models.TextField(blank=True)
    objects: ClassVar[models.Manager[Administered]] = models.Manager()

    class Meta:
        """What Django has to know of the table."""

        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.actor} {self.act} {self.about}"


class SignOff(models.Model):
    """An agency's word that its persons' own pages may be used: said by one, confirmed by another. What is legally
    needed is named by its reference; what families read of evidence needs ``anonymity`` and ``reporting_limits`` too.
    ``ended_at``: taken back."""

    agency: models.CharField[str, str] = models.CharField(max_length=26)
    impact_assessment: models.CharField[str, str] = models.CharField(max_length=200)
    safeguarding: models.CharField[str, str] = models.CharField(max_length=200)
    lawful_basis: models.CharField[str, str] = models.CharField(max_length=200)
    names_officers: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    anonymity: models.CharField[str, str] = models.CharField(max_length=200, blank=True, default="")
    reporting_limits: models.CharField[str, str] = models.CharField(max_length=200, blank=True, default="")
    said_by: models.CharField[str, str] = models.CharField(max_length=60)
    said_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    confirmed_by: models.CharField[str, str] = models.CharField(max_length=60, blank=True)
    confirmed_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    objects: ClassVar[models.Manager[SignOff]] = models.Manager()

    class Meta:
        """What Django has to know of the table."""

        ordering: ClassVar = ["-said_at", "-id"]

    def __str__(self) -> str:
        return self.agency


class OwnPage(models.Model):
    """How the page of one person is reached: keyed marks of its link, code and word, and the safe route, sealed. That
    it was given and taken back is told by the case's ledger; this row says nothing of the case's content."""

    page: models.UUIDField[Any, Any] = models.UUIDField(primary_key=True)
    agency: models.CharField[str, str] = models.CharField(max_length=26)
    case_id: models.UUIDField[Any, Any] = models.UUIDField()
    contact: models.CharField[str, str] = models.CharField(max_length=60)
    link: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    sealed_link: models.TextField[str, str] = models.TextField(blank=True)
    word: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    channel: models.CharField[str, str] = models.CharField(max_length=10)
    sealed_route: models.TextField[str, str] = models.TextField()
    sealed_party: models.TextField[str, str] = models.TextField(blank=True, default="")
    expires_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    code: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    code_until: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    tries: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)
    locked: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    objects: ClassVar[models.Manager[OwnPage]] = models.Manager()

    def __str__(self) -> str:
        return str(self.page)


class Erasure(models.Model):
    """A request to erase what is personal in a case, until a second person answers it.

    ``versions`` are the entries it names, with commas between them; empty: everything personal. The answered request
    stays as what two people agreed to; it holds their reason and no content.
    """

    case_id: models.UUIDField[Any, Any] = models.UUIDField(db_index=True)
    versions: models.TextField[str, str] = models.TextField(blank=True)
    reason: models.TextField[str, str] = models.TextField()
    authority: models.TextField[str, str] = models.TextField()
    asked_by: models.CharField[str, str] = models.CharField(max_length=60)
    asked_agency: models.CharField[str, str] = models.CharField(max_length=26)
    asked_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    answered_by: models.CharField[str, str] = models.CharField(max_length=60, blank=True)
    answered_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    agreed: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    objects: ClassVar[models.Manager[Erasure]] = models.Manager()

    class Meta:
        """What Django has to know of the table."""

        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case_id"], condition=models.Q(answered_at=None), name="one_open_erasure_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"erasure of {self.case_id}"

    @property
    def chosen(self) -> tuple[int, ...]:
        """The entries it names."""
        return tuple(int(each) for each in self.versions.split(",") if each)


class Job(models.Model):
    """Work done beside the requests, kept with what it was asked and what came of it: a simulation, a verification."""

    kind: models.CharField[str, str] = models.CharField(max_length=20, db_index=True)
    agency: models.CharField[str, str] = models.CharField(max_length=26)
    asked_by: models.CharField[str, str] = models.CharField(max_length=60)
    asked_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    beat_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    state: models.CharField[str, str] = models.CharField(max_length=10, default="waiting")
    done: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    of: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=1)
    asked: models.JSONField[Any, Any] = models.JSONField(default=dict)
    found: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    faults: models.JSONField[Any, Any] = models.JSONField(default=list)
    objects: ClassVar[models.Manager[Job]] = models.Manager()

    class Meta:
        """What Django has to know of the table."""

        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
