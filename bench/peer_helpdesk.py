"""django-helpdesk as the peer of a lifecycle: create, reassign, close through its own form and its own
``update_ticket``.

Those two are what its staff pages call after they have read the request; its pages, sessions and templates of pages are
not part of what is timed. Each of the three steps is one transaction (``atomic``), so that it waits for the disk three
times and not once a query: kinder to it than Django's default. Mail goes to a backend that drops it.
"""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

#: What a request of a signed-in member of staff passes, as Django's own project template has it.
_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]


def set_up(conninfo: str, *, pages: bool = False) -> None:
    """Configure Django for the empty database behind ``conninfo`` and create helpdesk's tables in it. Once a
    process. With ``pages`` its pages answer too."""
    where = conninfo_to_dict(conninfo)
    settings.configure(
        SECRET_KEY="bench",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": where["dbname"],
                "USER": where.get("user", ""),
                "PASSWORD": where.get("password", ""),
                "HOST": where.get("host", ""),
                "PORT": str(where.get("port", "")),
                "CONN_MAX_AGE": None,
            }
        },
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.humanize",
            "django.contrib.messages",
            "django.contrib.sessions",
            "django.contrib.sites",
            "django.contrib.staticfiles",
            "rest_framework",
            "helpdesk",
        ],
        MIDDLEWARE=_MIDDLEWARE if pages else [],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": _PROCESSORS if pages else []},
            }
        ],
        STATIC_URL="/static/",
        ALLOWED_HOSTS=["testserver"],
        LOGIN_URL="/login/",
        SITE_ID=1,
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        LOGGING_CONFIG=None,
        HELPDESK_TEAMS_MODE_ENABLED=False,
        ROOT_URLCONF="bench.peer_helpdesk_urls",
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


class Helpdesk:
    """A queue and two members of staff: one takes the ticket in, the other gets it."""

    def __init__(self) -> None:
        from django.contrib.auth import get_user_model
        from helpdesk.models import Queue

        users: Any = get_user_model().objects
        self.first = users.create_user("first", password=None, is_staff=True)
        self.second = users.create_user("second", password=None, is_staff=True)
        self.queue = Queue.objects.create(title="Bench", slug="bench")

    def lifecycle(self) -> None:
        """One ticket: created by the first, reassigned to the second, closed by the second."""
        from django.db import transaction
        from helpdesk.forms import TicketForm
        from helpdesk.models import Ticket
        from helpdesk.update_ticket import update_ticket

        with transaction.atomic():
            form = TicketForm(
                queue_choices=[(self.queue.id, self.queue.title)],
                data={
                    "queue": str(self.queue.id),
                    "title": "Concern for a person",
                    "body": "A caller rings about a person.",
                    "priority": "3",
                    "assigned_to": str(self.first.id),
                },
            )
            if not form.is_valid():
                raise AssertionError(form.errors)
            number = form.save(user=self.first).id
        with transaction.atomic():
            ticket = Ticket.objects.get(id=number)
            update_ticket(self.first, ticket, owner=self.second.id, comment="please take this")
        with transaction.atomic():
            ticket = Ticket.objects.get(id=number)
            update_ticket(self.second, ticket, new_status=Ticket.CLOSED_STATUS, comment="not a health matter")

    def open_tickets(self, tickets: int) -> None:
        """So many open tickets at once, half of them somebody's, and the server's statistics."""
        from helpdesk.models import Ticket

        Ticket.objects.bulk_create(
            Ticket(
                title=f"Concern for a person {number}",
                queue=self.queue,
                status=Ticket.OPEN_STATUS,
                priority=1 + number % 5,
                assigned_to=self.first if number % 2 else None,
                submitter_email="desk@control.example",
            )
            for number in range(tickets)
        )
        self.analyze()

    def analyze(self) -> None:
        """Let the server gather its statistics."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("analyze")

    def check(self, tickets: int) -> None:
        """That all of it is there: closed tickets of the second member, three follow-ups each."""
        from helpdesk.models import FollowUp, Ticket

        closed = Ticket.objects.filter(status=Ticket.CLOSED_STATUS, assigned_to=self.second).count()
        if (closed, FollowUp.objects.count()) != (tickets, 3 * tickets):
            raise AssertionError(f"{closed} closed tickets and {FollowUp.objects.count()} follow-ups, not {tickets}")
